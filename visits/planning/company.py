"""Who goes with a child to a new home (K-27): planned before the move, found on the page of the home after it."""

from datetime import datetime
from typing import Any

from casework.limits import local_day
from casework.steps import write_down
from casework.wording import said_day
from placements.models import Placement
from placements.permissions import may_record_move
from visits.models import PlannedVisit, Visit

RULE = "Kent placement procedure, line 102"


def find_home(placement: Placement, *, by: Any, at: datetime) -> None:
    """The child has come to a home: it is the one to which somebody planned to go with the child."""
    going = PlannedVisit.objects.standing().filter(child=placement.child_id, placement=None)
    for plan in going.select_related("child__case_file"):
        plan.placement = placement
        write_down(plan, act="find_home_of_plan", about=placement, may=may_record_move, by=by, at=at)


def who_went_along(placement: Placement) -> str:
    """Who went with the child on the day of the move, as a sentence; who meant to; that nobody is on record.

    A visit on the day of the move is company, also where nobody planned it.
    """
    moved_on = local_day(placement.started_at)
    went = Visit.objects.filter(placement=placement, made_at__date=moved_on).select_related("visitor")
    names = [f"{visit.visited_by}" for visit in went.defer("account", "concerns").order_by("made_at")]
    if names:
        return f"{'; '.join(dict.fromkeys(names))}: with the child on the day of the move, {said_day(moved_on)}"
    meant = PlannedVisit.objects.standing().filter(placement=placement, accompanies=True).select_related("visitor")
    names = [f"{plan.visitor.name}, {plan.get_role_display()}" for plan in meant]
    if names:
        return f"{'; '.join(names)}: planned, and no visit is on record for the day of the move"
    return "Nobody is on record as having gone with the child to this home"
