"""The pages of senior decisions: one as a whole, each step of it, and the signed record as a document."""

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.views.decorators.http import require_safe

from approvals.decisions.forms import NOTHING_TO_TYPE, STEPS, WITH_PASSWORD
from approvals.decisions.reading import decision_as_read
from approvals.documents import decision_as_document
from approvals.forms import StepForm
from approvals.kinds import KINDS
from approvals.models import Decision
from casework import taking
from casework.confirming import confirmed_once
from casework.document_page import version_asked
from casework.pages import Holds, page
from casework.sections.parts import Asks
from casework.steps import steps_of
from children.access import Extent, sight_of
from children.identity import identity_bar
from children.permissions import is_in_sight, loaded_in_scope
from placements.models import Placement
from placements.permissions import may_record_move

PLACES = ("placement__carer", "placement__home", "placement__standing", "proposed__home", "proposed__carer")
OWED = ("put", "say", "confirm", "decide", "take_effect")
"""Steps that somebody waits for."""
SHOWN = ("child__case_file", "connected_person__carer", *PLACES)


@page(Holds.ONE_CHILD)
def begin(request, kind, placement):
    """Begin to write up a decision about an arrangement."""
    if kind not in KINDS:
        raise Http404
    visible = Placement.objects.visible_to(request.user, at=request.at).select_related(
        "child__case_file", "carer", "home"
    )
    arrangement = get_object_or_404(visible, pk=placement)
    decision = Decision(kind=kind, child=arrangement.child, placement=arrangement)
    return taking.take(
        request,
        decision,
        "prepare",
        form_class=StepForm,
        done="Begun: write it up, then put it forward.",
        template="approvals/begin.html",
        address_of=lambda begun: reverse("approvals:take_decision", args=[begun.pk, "put"]),
        context=SimpleLazyObject(lambda: _around(request, decision)),
        initial=None,
    )


@require_safe
@page(Holds.ONE_CHILD)
def decision(request, pk):
    """Everything about one decision: what is put, who has checked and decided, and what comes next."""
    found, is_kept = _to_read(request, pk)
    if is_kept:
        return render(request, "approvals/decision.html", _read_again(request, found))
    read = {**_around(request, found), **_read(request, found)}
    steps = [
        _step_row(request, found, read["version"], step)
        for step in steps_of(found, by=request.user, at=request.at)
        if _is_shown(step.name, found)
    ]
    here = [row["step"].name for row in steps if "form" in row]
    asks_password = any(name in WITH_PASSWORD for name in here)
    move_url = _where_to_record_the_move(request, found)
    can_act = any(row["step"].is_open for row in steps)
    around = {"steps": steps, "asks_password": asks_password, "can_act": can_act, "move_url": move_url}
    return render(request, "approvals/decision.html", {**read, **around})


def _step_row(request, found, version, step):
    """A step with the address of its page, or, where nothing is to be typed, with the form that takes it here."""
    row = {
        "step": step,
        "url": reverse("approvals:take_decision", args=[found.pk, step.name]),
        "who": step.who.rstrip(","),
        "is_owed": step.name in OWED and step.is_open and not (step.name == "say" and found.last_said),
    }
    if step.is_open and step.name in NOTHING_TO_TYPE:
        told = {"about": found, "by": request.user, "at": request.at, "auto_id": False}
        row["form"] = STEPS[step.name][0](initial={"digest": version.digest}, **told)
        row["buttons"] = ({"label": step.label},)
    return row


def _is_shown(name, found):
    """Is a step one for this decision: somebody is consulted in Hearth, the child has yet to move?"""
    if name == "say":
        return bool(found.of_kind.asks_in_hearth)
    return name != "take_effect" or found.waits_for_move


@page(Holds.ONE_CHILD)
def take_decision(request, pk, step):
    """One step: what it asks, below everything that there is to read."""
    if step not in STEPS:
        raise Http404
    return (_take_confirmed if step in WITH_PASSWORD else _take)(request, _in_sight(request, pk), step)


@require_safe
@page(Holds.ONE_CHILD)
def decision_document(request, pk):
    """The record as a tagged PDF, made for the person who asks for it; or an earlier version of it."""
    found, is_kept = _to_read(request, pk)
    read = (_read_again if is_kept else _read)(request, found, number=version_asked(request))
    if read["version"] is None:
        raise Http404
    return decision_as_document(request, read)


def _take(request, found, name):
    form_class, done = STEPS[name]
    return taking.take(
        request,
        found,
        name,
        form_class=form_class,
        done=done,
        template="approvals/decision_step.html",
        address_of=lambda taken: _where_next(request, taken),
        context=SimpleLazyObject(
            lambda: {**_around(request, found), **_read(request, found), "is_writing": name == "put"}
        ),
        initial=None if request.method == "POST" else _to_start_from(request, found),
    )


def _where_next(request, taken):
    """The decision's page; whoever may not read it any more goes back to the own work."""
    kept = Decision.objects.kept_by(request.user, at=request.at).filter(pk=taken.pk)
    still = is_in_sight(taken.child_id, request.user, request.at) or kept.exists()
    return reverse("approvals:decision", args=[taken.pk]) if still else reverse("children:my_work")


_take_confirmed = confirmed_once(_take)


def _to_start_from(request, found):
    """What stands in the boxes: the record as it reads; before it is typed, what is known, and what the last one of its
    kind said of texts.
    """
    version = found.version
    if version:
        answers = {part.name: part.value_of(answer) for part, answer in version.parts}
        return {"digest": version.digest, "said_by": found.said_by_id, "said_at": found.said_at, **answers}
    before = found.before
    sees_advice = sight_of(request.user, found.child, request.at).legal_advice != Extent.NO
    said = {
        part.name: text
        for part, text in (before.version.parts if before else ())
        if part.asks != Asks.DAY and (sees_advice or not part.legal_advice)
    }
    known = {found.of_kind.tells_apart: found.subject} if found.of_kind.tells_apart else {}
    return {**said, **known, **_names_of_those_consulted(found, request.at), **found.of_kind.knows(found)}


def _names_of_those_consulted(found, at):
    """Who is to be consulted, by name, where that is somebody allocated to the child."""
    allocated = {each.role: str(each.person) for each in found.child.allocations_at(at)}
    asked = found.of_kind.asks_in_hearth
    return {each.names[0]: allocated[each.role] for each in asked if each.role in allocated}


def _where_to_record_the_move(request, found):
    """For whoever may record where the child lives, until the child is on record at the home that was agreed to."""
    if not found.waits_for_move or found.home_moved_to() or not may_record_move(found.child, request.user, request.at):
        return ""
    return f"{reverse('placements:moved', args=[found.child_id])}?proposed={found.proposed_id}"


def _in_sight(request, pk):
    """The decision, with all that a page shows of it."""
    visible = Decision.objects.visible_to(request.user, at=request.at).select_related(*SHOWN)
    found = get_object_or_404(visible, pk=pk)
    loaded_in_scope(found.child, request.user, request.at)
    return found


def _to_read(request, pk):
    """The decision, and whether it alone is open: to whoever decided it and sees only what is put to him or her."""
    found = Decision.objects.visible_to(request.user, at=request.at).select_related(*SHOWN).filter(pk=pk).first()
    if found:
        loaded_in_scope(found.child, request.user, request.at)
        return found, False
    kept = Decision.objects.kept_by(request.user, at=request.at).select_related(*SHOWN)
    return get_object_or_404(kept, pk=pk), True


def _read_again(request, found, *, number=None):
    """What was put and what came of it, and nothing of how the child stands now."""
    return {**_read(request, found, number=number), "standing": None, "told": [], "is_kept": True}


def _around(request, found):
    sight = sight_of(request.user, found.child, request.at)
    return {
        "decision": found,
        "kind": found.of_kind,
        "placement": found.placement,
        "identity": identity_bar(request, found.child, sight),
    }


def _read(request, found, *, number=None):
    sight = sight_of(request.user, found.child, request.at)
    return decision_as_read(found, sight, at=request.at, by=request.user, number=number)
