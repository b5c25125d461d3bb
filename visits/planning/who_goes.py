"""Who goes to see a child: what others plan and where they were, what is due, and what stands beside a duty."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import QuerySet

from accounts.roles import Role
from casework.duty_links import Note
from casework.events import label_of
from casework.limits import LONDON, local_day, start_of
from casework.links import link_to
from casework.models import Duty
from casework.wording import due_day, said_day, said_time
from placements.models import Placement
from visits.models import PlannedVisit, Visit
from visits.models.visit import FROM_FORMER_SYSTEM
from visits.permissions import roles_to_visit_in
from visits.planning.spreading import Going, said_of_time

LOOKED_BACK = timedelta(days=7)
ONE_FOR_ANOTHER = frozenset({Role.SOCIAL_WORKER, Role.PERSONAL_ADVISER})
"""Either meets what is due from the other (C-41)."""
PLACEMENT = "placements.placement:"
MIDNIGHT = time.min
TO_BE_RECORDED = timedelta(days=60)
"""For how long a plan that passed stands beside a duty."""


def others_going(children: Iterable[int], user: Any, at: datetime) -> tuple[Going, ...]:
    """What other people plan, from today on, and where they were in the last days, for these children.

    Asked for children whom the person may see: who they are and in which role they go is then no secret.
    """
    children, today = list(children), local_day(at)
    since = today - LOOKED_BACK
    plans = PlannedVisit.objects.standing().filter(child__in=children, planned_on__gte=since).exclude(visitor=user.pk)
    made = Visit.objects.filter(placement__child__in=children, made_at__gte=start_of(since)).exclude(visitor=user.pk)
    went = {
        (visit.visitor_id, local_day(visit.made_at)): Going(
            local_day(visit.made_at),
            said_time(visit.made_at),
            visit.visitor.name if visit.visitor else FROM_FORMER_SYSTEM,
            visit.get_role_display(),
            was_there=True,
        )
        for visit in made.select_related("visitor").defer("account", "concerns")
    }
    going = [
        Going(plan.planned_on, said_of_time(plan.planned_time), plan.visitor.name, plan.get_role_display())
        for plan in plans.select_related("visitor")
        if (plan.visitor_id, plan.planned_on) not in went and plan.planned_on >= today
    ]
    return tuple(sorted({*went.values(), *going}))


def visits_due(placements: Iterable[Placement]) -> QuerySet[Duty]:
    """The visits that are due in these homes, the soonest first."""
    about = [label_of(placement) for placement in placements]
    return Duty.objects.open().filter(source="visits", about__in=about).soonest_first()


def first_due(duties: Iterable[Duty], role: str) -> date | None:
    """The day by which somebody in a role has to visit; None where nothing is due from the role."""
    roles = roles_that_meet(role)
    return min((due_day(duty.due_at) for duty in duties if duty.role in roles), default=None)


def roles_that_meet(role: str) -> Collection[str]:
    """The roles whose visit does what one of this role does."""
    return ONE_FOR_ANOTHER if role in ONE_FOR_ANOTHER else {role}


def siblings_at_home(placement: Placement, user: Any, at: datetime) -> list[Placement]:
    """Where other children live in the same home, or with the same family, as far as the person sees them."""
    if placement.home_id is None and placement.carer_id is None:
        return []
    same = {"home": placement.home_id} if placement.home_id else {"carer": placement.carer_id}
    others = Placement.objects.live(at).visible_to(user, at=at).filter(**same).exclude(child=placement.child_id)
    return list(others.select_related("child").order_by("child__forename", "child__surname", "pk"))


def home_of_duty(duty: Duty) -> int | None:
    """The placement in which a visit is due, by its primary key; None for a duty of another kind."""
    number = duty.about.removeprefix(PLACEMENT)
    return int(number) if duty.source == "visits" and number.isdigit() else None


def beside_duties(duties: Iterable[Duty], user: Any, at: datetime) -> Mapping[int, Note]:
    """What is planned, beside each duty to visit: "Planned for 5 March 2026"; else, for whoever visits, the way to plan it.

    One question for a whole list. Of several plans the owner's come first, then those ahead, then the soonest. Asked for
    duties of children whom the reader may see.
    """
    due = [(duty, home) for duty in duties if (home := home_of_duty(duty))]
    if not due:
        return {}
    today, may_plan = local_day(at), bool(roles_to_visit_in(user, at))
    planned: dict[int, list[PlannedVisit]] = {}
    here = {"placement__in": {home for _, home in due}, "planned_on__gte": today - TO_BE_RECORDED}
    for plan in PlannedVisit.objects.still_to_make().filter(**here).select_related("visitor"):
        planned.setdefault(plan.placement_id, []).append(plan)
    notes = {}
    for duty, home in due:
        fitting = [plan for plan in planned.get(home, ()) if plan.role in roles_that_meet(duty.role)]
        if fitting:
            first = min(fitting, key=lambda p: (p.visitor_id != duty.owner_id, p.planned_on < today, p.planned_on))
            notes[duty.pk] = Note(_said(first, duty, at), link_to("visits:planned_visit", first.pk))
        elif may_plan:
            notes[duty.pk] = Note("Plan this visit", link_to("visits:plan", home), is_said=False)
    return notes


def _said(plan: PlannedVisit, duty: Duty, at: datetime) -> str:
    clock = f" at {said_of_time(plan.planned_time)}" if plan.planned_time else ""
    who = "" if plan.visitor_id == duty.owner_id else f" by {plan.visitor.name}"
    said = f"Planned for {said_day(plan.planned_on)}{clock}{who}"
    if plan.planned_on < local_day(at):
        return f"{said}: no visit is on record"
    starts = datetime.combine(plan.planned_on, plan.planned_time or MIDNIGHT, tzinfo=LONDON)
    return f"{said}: after the visit is due" if starts >= duty.due_at > at else said
