"""What planning adds to the pages of the child and of the placement, and to My work."""

from typing import Any

from django.urls import reverse

from casework.limits import local_day
from casework.links import link_to
from children.models import Child
from placements.models import Placement
from visits.models import PlannedVisit
from visits.permissions import may_record_visit, roles_to_visit_in
from visits.planning.company import who_went_along
from visits.planning.views import how_it_stands, said_when

SHOWN = 5


def planned_for_child(request: Any, child: Child, placement: Placement | None) -> dict[str, Any]:
    """The next visits to a child, whoever makes them; and the ways to plan one."""
    may = placement is not None and may_record_visit(placement, request.user, request.at)
    may_go_along = bool(roles_to_visit_in(request.user, request.at)) and not child.left_care_on(local_day(request.at))
    return {
        "planned": _planned(PlannedVisit.objects.filter(child=child.pk), request),
        "plan_url": reverse("visits:plan", args=[placement.pk]) if may else "",
        "company_url": reverse("visits:plan_company", args=[child.pk]) if may_go_along else "",
    }


def planned_at_home(request: Any, placement: Placement) -> dict[str, Any]:
    """The next visits in one home, and who went there with the child."""
    may = placement.is_live(request.at) and may_record_visit(placement, request.user, request.at)
    return {
        "planned": _planned(PlannedVisit.objects.filter(placement=placement.pk), request),
        "plan_url": reverse("visits:plan", args=[placement.pk]) if may else "",
        "went_along": who_went_along(placement),
    }


def links_of_my_work(request: Any, record: Any, sight: Any) -> list[dict[str, str]]:
    """At the head of My work: what somebody who visits plans; and for everybody the way into a calendar."""
    calendar = {"label": "Dates in your calendar", "url": reverse("visits:calendar")}
    if not roles_to_visit_in(request.user, request.at):
        return [calendar]
    planned = {"label": "Planned visits", "url": reverse("visits:planned")}
    return [planned, {"label": "Day’s round", "url": reverse("visits:round")}, calendar]


def _planned(plans: Any, request: Any) -> list[dict[str, str]]:
    today = local_day(request.at)
    return [
        {
            "says": said_when(plan),
            "url": link_to("visits:planned_visit", plan.pk),
            "who": f"{plan.visitor.name}, {plan.get_role_display()}",
            "stands": "" if plan.planned_on >= today else how_it_stands(plan, today),
        }
        for plan in plans.still_to_make().select_related("visitor")[:SHOWN]
    ]
