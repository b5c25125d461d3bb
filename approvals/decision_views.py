"""The pages of senior decisions: one as a whole, each step of it, and the signed record as a document."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.views.decorators.http import require_safe

from approvals.decision_forms import STEPS, WITH_PASSWORD
from approvals.decision_reading import decision_as_read
from approvals.documents import decision_as_pdf
from approvals.forms import StepForm
from approvals.kinds import KINDS
from approvals.models import Decision
from approvals.parts import Asks
from casework import taking
from casework.confirming import confirmed_once
from casework.pages import Holds, page
from casework.steps import steps_of
from children.access import sight_of
from children.identity import identity_bar
from children.permissions import is_in_sight, loaded_in_scope
from placements.models import Placement
from placements.permissions import may_record_move

PLACES = ("placement__carer", "placement__home", "placement__standing", "proposed__home", "proposed__carer")
SHOWN = ("child__case_file", *PLACES)


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
    found = _in_sight(request, pk)
    read = {**_around(request, found), **_read(request, found)}
    steps = [
        {
            "step": step,
            "url": reverse("approvals:take_decision", args=[pk, step.name]),
            "who": step.who.rstrip(","),
            "is_owed": step.name in ("put", "confirm", "decide", "take_effect") and step.is_open,
        }
        for step in steps_of(found, by=request.user, at=request.at)
        if step.name != "take_effect" or found.waits_for_move
    ]
    move_url = _where_to_record_the_move(request, found)
    return render(request, "approvals/decision.html", {**read, "steps": steps, "move_url": move_url})


@page(Holds.ONE_CHILD)
def take_decision(request, pk, step):
    """One step: what it asks, below everything that there is to read."""
    if step not in STEPS:
        raise Http404
    return (_take_confirmed if step in WITH_PASSWORD else _take)(request, _in_sight(request, pk), step)


@require_safe
@page(Holds.ONE_CHILD)
def decision_document(request, pk):
    """The record as a tagged PDF, made for the person who asks for it."""
    found = _in_sight(request, pk)
    if found.version is None:
        raise Http404
    answer = HttpResponse(decision_as_pdf(_read(request, found)), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="decision-{found.pk}.pdf"'
    return answer


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
        initial=None if request.method == "POST" else _to_start_from(found),
    )


def _where_next(request, taken):
    """The decision's page; whoever sees the child only while a matter is open goes back to the own work."""
    still = is_in_sight(taken.child_id, request.user, request.at)
    return reverse("approvals:decision", args=[taken.pk]) if still else reverse("children:my_work")


_take_confirmed = confirmed_once(_take)


def _to_start_from(found):
    """What stands in the boxes: the record as it reads; before it is typed, what the last one of its kind said of texts."""
    version = found.version
    if version:
        answers = {part.name: part.value_of(answer) for part, answer in version.parts}
        return {"digest": version.digest, "said_by": found.said_by_id, "said_at": found.said_at, **answers}
    before = found.before
    said = {part.name: text for part, text in before.version.parts if part.asks != Asks.DAY} if before else {}
    return {**said, **found.of_kind.knows(found)}


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


def _around(request, found):
    sight = sight_of(request.user, found.child, request.at)
    return {
        "decision": found,
        "kind": found.of_kind,
        "placement": found.placement,
        "identity": identity_bar(request, found.child, sight),
    }


def _read(request, found):
    sight = sight_of(request.user, found.child, request.at)
    return decision_as_read(found, sight, at=request.at, by=request.user)
