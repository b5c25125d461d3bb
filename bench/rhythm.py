"""When reviews are held and visits made in a history that keeps its times: each a little earlier than the rules ask.

The intervals are those of the statutory visits (visit-clocks.md, clock S) and of looked-after reviews (L-22, L-23). They
are written here once more, roughly, because a history made by the rules it is to show would prove nothing.
"""

from datetime import date, timedelta
from random import Random

from bench.plan import ChildPlan, PlacementPlan, ReviewPlan
from casework.working_days import is_working_day, working_days_after
from placements.states import ApprovalKind, FactKind, Setting

FIRST_VISIT = 7
WEEKLY, FOUR_WEEKLY, SIX_WEEKLY, QUARTERLY, HALF_YEARLY = 7, 28, 42, 89, 181


def working_day_by(day: date) -> date:
    """The day itself, or the last working day before it."""
    while not is_working_day(day):
        day -= timedelta(days=1)
    return day


def working_day_from(day: date) -> date:
    """The day itself, or the first working day after it."""
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


def working_days_before(day: date, count: int) -> date:
    """The `count`-th working day before a day."""
    for _ in range(count):
        day = working_day_by(day - timedelta(days=1))
    return day


def reviews(child: ChildPlan, today: date, rng: Random) -> list[ReviewPlan]:
    """The first review within 20 working days of coming into care, the next within 3 months, then every 6 months.

    Those that lie ahead are scheduled: one, unless care has ended.
    """
    held: list[ReviewPlan] = []
    due = working_days_after(child.care_from, 20)
    while True:
        day = working_day_by(due - timedelta(days=rng.randint(0, 4 if not held else 9)))
        if child.care_to and day >= child.care_to:
            return held
        if day >= today:
            return [*held, ReviewPlan(working_day_from(max(day, today + timedelta(days=1))))]
        held.append(ReviewPlan(day, day, _participation(child, day, rng)))
        due = day + timedelta(days=QUARTERLY if len(held) == 1 else HALF_YEARLY)


def visits(child: ChildPlan, placement: PlacementPlan, until: date, rng: Random) -> list[date]:
    """The days of visits in one placement, up to but not on a day, all in time."""
    start = placement.starts_at.date()
    end = min(placement.ends_at.date() if placement.ends_at else until, until)
    days: list[date] = []
    gap, last = FIRST_VISIT, start
    while True:
        slack = rng.randint(0, max(1, gap // 6))
        day = working_day_by(last + timedelta(days=gap - slack))
        if day <= last:
            day = last + timedelta(days=1)
        if day >= end:
            return days
        days.append(day)
        gap, last = gap_after(child, placement, day), day


def gap_after(child: ChildPlan, placement: PlacementPlan, day: date) -> int:
    """At most how many days after a visit the next one is due."""
    first_review = next(
        (r.held_on for r in child.reviews if r.held_on and r.held_on > placement.starts_at.date()), None
    )
    kinds = {kind for kind, since in placement.facts if since <= day}
    if FactKind.REG19 in kinds or _is_watched_closely(child, placement, day):
        return FOUR_WEEKLY if first_review and first_review <= day else WEEKLY
    if day < placement.starts_at.date() + timedelta(days=365):
        return SIX_WEEKLY
    if FactKind.FEWER_VISITS_AGREED in kinds:
        return HALF_YEARLY
    return QUARTERLY if FactKind.MEANT_TO_LAST_TO_18 in kinds else SIX_WEEKLY


def _is_watched_closely(child: ChildPlan, placement: PlacementPlan, day: date) -> bool:
    """A connected person who is not fully approved, or a parent under an interim order."""
    if placement.setting == Setting.CONNECTED_PERSON:
        carer = placement.carer
        return not carer or carer.approved_as_on(day) != ApprovalKind.APPROVED
    return placement.setting == Setting.PARENT and child.legal_on(day) == "C1"


def _participation(child: ChildPlan, day: date, rng: Random) -> str:
    if day < child.born_on.replace(year=child.born_on.year + 4, day=min(child.born_on.day, 28)):
        return "PN0"
    return rng.choice(("PN1", "PN1", "PN1", "PN2", "PN4", "PN5", "PN6", "PN7"))
