"""The pages on which a visit is planned, read, put on another day and called off; and the list of all that one plans."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse, reverse_lazy
from django.utils.functional import SimpleLazyObject
from django.views.decorators.http import require_safe

from casework import recording, taking
from casework.duty_lines import lines_of
from casework.limits import local_day
from casework.links import link_to
from casework.lists import page_of
from casework.pages import Holds, page
from casework.steps import NotYet, NotYou, steps_of, write_down
from casework.wording import counted, said_day
from children.access import sight_of
from children.permissions import loaded_in_scope
from children.views import around, child_or_404
from placements.models import Placement
from placements.where import with_whom
from visits.models import PlannedVisit
from visits.permissions import VISITING, may_record_visit, roles_to_visit_in
from visits.planning.forms import CallOffForm, CompanyForm, PlanForm, RearrangeForm, WasMadeForm
from visits.planning.spreading import Going, days_in_hand, in_the_week_of, said_of_time
from visits.planning.who_goes import first_due, others_going, siblings_at_home, visits_due
from visits.states import PlanState

PLANS_A_PAGE = 50
WHO_VISITS: Final = "Visits are planned by whoever visits for the authority."
LEFT: Final = "The child has left this home. Plan the visit on the page of the home where the child lives."
FROM_MY_WORK: Final = {"back_url": reverse_lazy("children:my_work"), "back_label": "My work"}
GOING_COLUMNS = [{"label": "Day"}, {"label": "Who"}, {"label": "What"}]
PLAN_COLUMNS = [{"label": "Day"}, {"label": "Child"}, {"label": "How it stands"}]
STEPS: Final = {
    "rearrange": (RearrangeForm, "The visit is planned for the new day."),
    "was_made": (WasMadeForm, "The visit is recorded as the one that was planned."),
    "call_off": (CallOffForm, "The visit is called off."),
}
"""By step: its form, and what the page says after it."""


@page(Holds.ONE_CHILD)
def plan_visit(request: HttpRequest, placement: int) -> HttpResponse:
    """Plan a visit to a child, and to others in the same home."""
    homes = Placement.objects.visible_to(request.user, at=request.at).select_related(
        "child__case_file", "home", "carer"
    )
    home = get_object_or_404(homes, pk=placement)
    child = loaded_in_scope(home.child, request.user, request.at)
    if not may_record_visit(home, request.user, request.at):
        raise NotYou(WHO_VISITS)
    if not home.is_live(request.at):
        raise NotYet(LEFT)
    siblings = siblings_at_home(home, request.user, request.at)

    def act(form):
        plans = form.plans()
        for plan in sorted(plans, key=lambda plan: plan.case_file_id):  # files are locked in one order
            loaded_in_scope(plan.child, request.user, request.at)
            _write(plan, plan.placement, may_record_visit, request)
        return _address(plans[0])

    return recording.record(
        request,
        lambda *args, **told: PlanForm(*args, siblings=siblings, **told),
        about=home,
        page=recording.Page("Plan a visit", button="Plan this visit", template="visits/planning/plan.html"),
        act=act,
        done=_said_of_plans,
        initial={"planned_on": _day_asked_for(request)},
        context={
            **around(request, child),
            "where": with_whom(home, sight_of(request.user, child, request.at)),
            "beside": SimpleLazyObject(lambda: _beside(request, home)),
            "at": request.at,
        },
    )


@page(Holds.ONE_CHILD)
def plan_company(request: HttpRequest, pk: int) -> HttpResponse:
    """Plan to go with a child to the new home."""
    child = child_or_404(request, pk)
    if not _may_go_along(child, request.user, request.at):
        raise NotYou(WHO_VISITS)

    def act(form):
        plan = form.plan()
        _write(plan, child, _may_go_along, request)
        return _address(plan)

    title = "Go with the child to the new home"
    lede = "The home is found by itself, once the move is recorded."
    return recording.record(
        request,
        CompanyForm,
        about=child,
        page=recording.Page(title, lede=lede, button="Plan this"),
        act=act,
        done="It is planned.",
        context=around(request, child),
    )


@require_safe
@page(Holds.ONE_CHILD)
def planned_visit(request: HttpRequest, pk: int) -> HttpResponse:
    """One planned visit: when, what is to be looked at, and who else goes in that week."""
    plan = _in_sight(request, pk)
    sight = sight_of(request.user, plan.child, request.at)
    today = local_day(request.at)
    going = others_going([plan.child_id], plan.visitor, request.at)
    context = {
        **around(request, plan.child),
        "plan": plan,
        "title": "Going with the child to a new home" if plan.accompanies else "Planned visit",
        "stands": how_it_stands(plan, today),
        "where": with_whom(plan.placement, sight) if plan.placement else "The new home, once the move is recorded",
        "when": said_when(plan),
        "shows_says": bool(sight.narrative) or plan.visitor_id == request.user.pk,
        "week": _rows_of(in_the_week_of(plan.planned_on, going)),
        "columns": GOING_COLUMNS,
        "too_late": _too_late(plan, today),
        "record_url": _where_to_record(plan, request),
        "visit_url": link_to("visits:visit", plan.made_as) if plan.made_as else "",
        "steps": _steps_now(plan, request),
    }
    return render(request, "visits/planning/planned_visit.html", context)


def step_of(name: str):
    """The page of one step of a planned visit."""
    form_class, done = STEPS[name]

    @page(Holds.ONE_CHILD)
    def take_step(request: HttpRequest, pk: int) -> HttpResponse:
        plan = _in_sight(request, pk)
        return taking.take(
            request,
            plan,
            name,
            form_class=form_class,
            done=done,
            template="visits/planning/step.html",
            address_of=_address,
            context={**around(request, plan.child), "plan": plan, "when": said_when(plan), "plan_url": _address(plan)},
            initial={"planned_on": plan.planned_on, "planned_time": plan.planned_time},
        )

    return take_step


@require_safe
@page(Holds.THOSE_IN_SIGHT, roles=frozenset(VISITING))
def planned(request: HttpRequest) -> HttpResponse:
    """The visits that I plan: those that passed without one on record first, then those ahead."""
    own = PlannedVisit.objects.visible_to(request.user, at=request.at).filter(visitor=request.user.pk).still_to_make()
    today = local_day(request.at)
    shown = page_of(request, own.select_related("child").order_by("planned_on", "planned_time", "pk"), PLANS_A_PAGE)
    context = {
        **FROM_MY_WORK,
        "places": places_of_planning(request),
        "columns": PLAN_COLUMNS,
        "rows": [row_of(plan, today) for plan in shown],
        "page": shown,
        "passed": own.filter(planned_on__lt=today).count(),
    }
    return render(request, "visits/planning/planned.html", context)


# What pages say of planned visits


def how_it_stands(plan: PlannedVisit, today: date) -> str:
    """How a planned visit stands, in words; `made_as` was asked for with it."""
    if plan.state == PlanState.CALLED_OFF:
        return "Called off"
    if plan.made_as:
        return "Made, and recorded"
    return "Planned" if plan.planned_on >= today else "Planned, not recorded"


def said_when(plan: PlannedVisit) -> str:
    """The day of a plan, with its time where one is known."""
    at = said_of_time(plan.planned_time)
    return f"{said_day(plan.planned_on)} at {at}" if at else said_day(plan.planned_on)


def row_of(plan: PlannedVisit, today: date) -> list[Any]:
    """A planned visit as a row of a list; `child` must be loaded with it."""
    stands = how_it_stands(plan, today)
    passed = {"tone": "watch", "says": stands} if plan.planned_on < today else stands
    return [
        {"says": said_when(plan), "url": link_to("visits:planned_visit", plan.pk)},
        {"says": plan.child.name, "url": link_to("children:child", plan.child_id)},
        passed,
    ]


def places_of_planning(request: HttpRequest) -> list[dict[str, Any]]:
    """The pages of somebody who visits, one beside the other."""
    places = (("Planned", "visits:planned"), ("Day’s round", "visits:round"), ("Calendar", "visits:calendar"))
    return [
        {"label": label, "url": (url := reverse(name)), "current": url == request.path, "count": None}
        for label, name in places
    ]


# Parts


def _beside(request: HttpRequest, home: Placement) -> dict[str, Any]:
    """What stands beside the form: what is due, who else goes, and which days are left."""
    due = list(visits_due([home]).select_related("owner"))
    going = others_going([home.child_id], request.user, request.at)
    today = local_day(request.at)
    due_on = first_due(due, roles_to_visit_in(request.user, request.at)[0])
    return {
        "due": lines_of(due),
        "columns": GOING_COLUMNS,
        "going": _rows_of(going),
        "days": [
            {"says": f"{day:%A} {said_day(day)}", "url": f"{request.path}?on={day.isoformat()}#id_planned_on_day"}
            for day in days_in_hand(going, today=today, due_on=due_on)
        ],
    }


def _rows_of(going: Iterable[Going]) -> list[list[str]]:
    return [
        [
            f"{said_day(each.on)} at {each.at}" if each.at else said_day(each.on),
            f"{each.who}, {each.role}",
            "Was there" if each.was_there else "Plans to go",
        ]
        for each in going
    ]


def _too_late(plan: PlannedVisit, today: date) -> date | None:
    """The day by which a visit is due that is planned for later; None where it is in time, or late in any case."""
    if plan.placement is None or plan.made_as or plan.state != PlanState.PLANNED:
        return None
    due_on = first_due(visits_due([plan.placement]), plan.role)
    return due_on if due_on and today <= due_on < plan.planned_on else None


def _steps_now(plan: PlannedVisit, request: HttpRequest) -> list[dict[str, str]]:
    """What this person can do with the plan now."""
    return [
        {"label": step.label, "url": reverse(f"visits:{step.name}", args=[plan.pk])}
        for step in sorted(
            steps_of(plan, by=request.user, at=request.at), key=lambda step: list(STEPS).index(step.name)
        )
        if step.is_open
    ]


def _where_to_record(plan: PlannedVisit, request: HttpRequest) -> str:
    """The page on which the planned visit is recorded: for whoever planned it, from its day on."""
    has_come = plan.planned_on <= local_day(request.at)
    is_own = plan.visitor_id == request.user.pk and plan.state == PlanState.PLANNED
    if not (has_come and is_own and plan.placement and plan.made_as is None):
        return ""
    return reverse("visits:record", args=[plan.placement_id])


def _in_sight(request: HttpRequest, pk: int) -> PlannedVisit:
    seen = PlannedVisit.objects.visible_to(request.user, at=request.at).with_visits()
    related = ("child__case_file", "placement__home", "placement__carer", "visitor")
    plan = get_object_or_404(seen.select_related(*related), pk=pk)
    loaded_in_scope(plan.child, request.user, request.at)
    if plan.placement:
        plan.placement.child = plan.child
    return plan


def _may_go_along(about: Any, user: Any, at: Any) -> bool:
    """Whoever visits for the authority; about a child whom the person may see."""
    return bool(roles_to_visit_in(user, at))


def _write(plan: PlannedVisit, about: Any, may: Any, request: HttpRequest) -> None:
    by = {"may": may, "by": request.user, "at": request.at}
    write_down(plan, act="plan_visit", about=about, details={"planned_on": said_when(plan)}, **by)


def _day_asked_for(request: HttpRequest) -> date | None:
    """The day that was chosen from those in hand."""
    asked = request.GET.get("on", "")
    try:
        return date.fromisoformat(asked) if asked else None
    except ValueError:
        raise Http404 from None


def _said_of_plans(form: PlanForm) -> str:
    number = len(form.homes())
    return "The visit is planned." if number == 1 else f"The visits to {counted(number, 'child')} are planned."


def _address(plan: PlannedVisit) -> str:
    return reverse("visits:planned_visit", args=[plan.pk])
