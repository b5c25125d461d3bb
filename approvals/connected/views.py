"""The pages about relatives and friends who may care for a child: each one's way, the carers' page, and the report."""

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.views.decorators.http import require_safe

from approvals.connected import permissions, report
from approvals.connected.forms import CORRECTIONS, STEPS, EnquireForm, HouseholdForm
from approvals.connected.reading import WAY, named, person_as_read, time_of_carer
from approvals.connected.states import Pathway
from approvals.kinds import KINDS
from approvals.kinds.temporarily import temporary_time_of
from approvals.models import ConnectedPerson, Decision, HouseholdMember
from casework import lists, recording, taking
from casework.pages import Holds, page
from casework.steps import NotYet, NotYou, steps_of, write_down
from casework.taking import StepForm
from children.access import sight_of
from children.permissions import loaded_in_scope
from children.views import around, child_or_404
from placements.models import Carer
from placements.permissions import may_record_move, may_see_homes
from placements.telling import said_period
from placements.where import dates_of

PEOPLE_A_PAGE = 50
PLACE_OF_HOUSEHOLD = "#household"


@page(Holds.ONE_CHILD)
def enquire(request, child):
    """Open an enquiry about a relative or friend."""
    found = child_or_404(request, child)
    return taking.take(
        request,
        ConnectedPerson(child=found),
        "enquire",
        form_class=EnquireForm,
        done="The enquiry is open. Next, record who lives in their home.",
        template="record.html",
        address_of=_address_of,
        context=SimpleLazyObject(
            lambda: {**around(request, found), "back_url": reverse("children:child", args=[found.pk])}
        ),
        initial=None,
    )


@require_safe
@page(Holds.ONE_CHILD)
def connected_person(request, pk):
    """The way of one relative or friend: what was found, what is decided, what is left of it, and what comes next."""
    person = _in_sight(request, pk)
    sight = sight_of(request.user, person.child, request.at)
    read = person_as_read(person, sight, user=request.user, at=request.at)
    steps = [
        {"step": step, "url": reverse("approvals:take_about_person", args=[pk, step.name]), "who": step.who.rstrip(",")}
        for step in steps_of(person, by=request.user, at=request.at)
    ]
    move_url = _where_to_record_the_move(request, person)
    carer_url = reverse("approvals:carer", args=[person.carer_id]) if sight.address else ""
    context = {
        **around(request, person.child),
        **read,
        "steps": [row for row in steps if row["step"].name not in CORRECTIONS],
        "corrections": [row for row in steps if row["step"].name in CORRECTIONS and row["step"].allowed],
        "carer_url": carer_url,
        "move_url": move_url,
        "at": request.at,
    }
    return render(request, "approvals/connected/person.html", context)


@page(Holds.ONE_CHILD)
def take_about_person(request, pk, step):
    """One step: what came of the full assessment, or of its review."""
    if step not in STEPS:
        raise Http404
    person = _in_sight(request, pk)
    form_class, done = STEPS[step]
    return taking.take(
        request,
        person,
        step,
        form_class=form_class,
        done=done,
        template="record.html",
        address_of=_address_of,
        context=_around(request, person),
        initial=None,
        button="Record",
    )


@page(Holds.ONE_CHILD)
def begin_about_person(request, pk, kind):
    """Begin to write up a decision on the way."""
    if kind not in WAY:
        raise Http404
    person = _in_sight(request, pk)
    decision = Decision(kind=kind, child=person.child, connected_person=person, placement=person.lives_with_child)
    return taking.take(
        request,
        decision,
        "prepare",
        form_class=StepForm,
        done="Begun: write it up, then put it forward.",
        template="approvals/begin.html",
        address_of=lambda begun: reverse("approvals:take_decision", args=[begun.pk, "put"]),
        context=SimpleLazyObject(
            lambda: {**around(request, person.child), "decision": decision, "kind": KINDS[kind], "person": person}
        ),
        initial=None,
    )


@page(Holds.ONE_CHILD)
def add_to_household(request, pk):
    """Somebody else who lives there."""
    person = _in_sight(request, pk)
    first = {} if person.household.exists() else {"name": person.carer.name, "is_who": "carer"}
    return _keep_household(request, person, HouseholdMember(person=person), first)


@page(Holds.ONE_CHILD)
def household_member(request, pk, member):
    """What is known of somebody who lives there: checks that came back, or that they left."""
    person = _in_sight(request, pk)
    found = get_object_or_404(person.household, pk=member)
    found.person = person
    known = {field.name: getattr(found, field.name) for field in found._meta.fields}
    return _keep_household(request, person, found, known)


@require_safe
@page(Holds.ONE_CHILD)
def carer(request, pk):
    """A family that cares for children: its approvals, and those children whom the reader may see."""
    found = get_object_or_404(Carer, pk=pk)
    lived = found.placements.visible_to(request.user, at=request.at).select_related("child").order_by("-started_at")
    asked = ConnectedPerson.objects.visible_to(request.user, at=request.at).filter(carer=found).order_by("-pk")
    placements, people = list(lived[:PEOPLE_A_PAGE]), list(asked.select_related("child")[:PEOPLE_A_PAGE])
    if not placements and not people:
        raise Http404
    if not may_see_homes(request.user, request.at):
        raise NotYou("This page is for roles that may know where children live.")
    context = {
        "carer": found,
        "at": request.at,
        "standing": time_of_carer(found, request.at),
        "rows": [
            {"label": "Address", "says": "\n".join(part for part in (found.address, found.postcode) if part)},
            {
                "label": "Approvals",
                "says": "\n".join(said_period(row, row.decided_by) for row in found.approvals.all()),
            },
        ],
        "columns": [{"label": "Child"}, {"label": "Lives here"}],
        "placements": [
            [_link(each.child.name, "placements:placement", each.pk), dates_of(each)] for each in placements
        ],
        "people_columns": [{"label": "Child"}, {"label": "How connected"}, {"label": "Where it stands"}],
        "people": [
            [
                _link(each.child.name, "approvals:connected_person", each.pk),
                each.relationship,
                each.get_state_display(),
            ]
            for each in people
        ],
    }
    return render(request, "approvals/connected/carer.html", context)


@require_safe
@page(Holds.THOSE_IN_SIGHT, roles=report.READERS)
def connected_persons(request):
    """What came of the relatives and friends who were asked about: how many did not become foster carers, and why."""
    form = report.PeriodForm(request.GET or None, at=request.at)
    counted = report.within(ConnectedPerson.objects.counted_for(request.user, at=request.at), form)
    seen = report.within(ConnectedPerson.objects.visible_to(request.user, at=request.at), form)
    listed = (
        report.narrowed(seen, request.GET, request.at).select_related("child", "carer").order_by("-asked_on", "-pk")
    )
    shown = lists.page_of(request, listed, PEOPLE_A_PAGE)
    context = {
        "form": form,
        "figures": report.figures(counted, request.GET, request.at),
        "figure_columns": [{"label": "What came of it"}, {"label": "People", "numeric": True}],
        "reasons": report.reasons(counted, request.GET),
        "reason_columns": [{"label": "The main reason"}, {"label": "People", "numeric": True}],
        "narrowed_to": report.said_narrowed(request.GET),
        "all_url": f"{request.path}?{report.without_narrowing(request.GET)}",
        "columns": [
            {"label": "Child"},
            {"label": "Relative or friend"},
            {"label": "Asked about"},
            {"label": "What came of it"},
        ],
        "rows": [_row(request, person) for person in shown],
        "page": shown,
        "export_url": lists.address(request, to=reverse("exchange:connected_csv")) if shown else "",
        "figures_url": lists.address(request, to=reverse("exchange:connected_figures_csv")),
    }
    return render(request, "approvals/connected/report.html", context)


def _row(request, person):
    sight = sight_of(request.user, person.child, request.at)
    who = named(person, sight) if sight.address else person.relationship
    return [
        _link(person.child.name, "children:child", person.child_id),
        {**_link(who, "approvals:connected_person", person.pk), "note": person.relationship if sight.address else ""},
        report.said_on(person.asked_on),
        {"says": report.said_outcome(person), "note": person.get_why_not_display()},
    ]


def _link(says, name, pk):
    return {"says": says, "url": reverse(name, args=[pk])}


def _keep_household(request, person, member, initial):
    if not permissions.may_ask(person, request.user, request.at):
        raise NotYou(f"Only {permissions.who_works_with_child(person).rstrip(',')} can record this.")
    if not person.is_running and request.method != "POST":
        raise NotYet("This is over: what was known of the household stays as it was.")

    def act(form):
        kept = form.member()
        by = {"may": permissions.may_ask, "by": request.user, "at": request.at}
        write_down(kept, act="keep_household", about=person, because=form.because(), **by)
        return f"{_address_of(person)}{PLACE_OF_HOUSEHOLD}"

    return recording.record(
        request,
        HouseholdForm,
        about=member,
        page=recording.Page("Somebody who lives there"),
        act=act,
        done="Recorded.",
        context=_around(request, person),
        initial=initial,
    )


def _where_to_record_the_move(request, person):
    """For whoever may record where the child lives, while somebody is approved with whom it does not live."""
    proposed = person.proposed_home
    if proposed is None or person.lives_with_child or not may_record_move(person.child, request.user, request.at):
        return ""
    if person.state != Pathway.APPROVED and temporary_time_of(person, request.at) is None:
        return ""
    return f"{reverse('placements:moved', args=[person.child_id])}?proposed={proposed.pk}"


def _in_sight(request, pk):
    visible = ConnectedPerson.objects.visible_to(request.user, at=request.at)
    person = get_object_or_404(visible.select_related("child__case_file", "carer"), pk=pk)
    loaded_in_scope(person.child, request.user, request.at)
    return person


def _around(request, person):
    return SimpleLazyObject(lambda: {**around(request, person.child), "back_url": _address_of(person)})


def _address_of(person):
    return reverse("approvals:connected_person", args=[person.pk])
