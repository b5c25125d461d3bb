"""What went well and badly with visits; most of these change the visits of a history that is laid out already."""

from datetime import timedelta

from accounts.roles import Role
from bench.authority import FIRST_TEAM, FORMER, JUST_LEFT
from bench.plan import AllocationPlan
from bench.rhythm import working_day_by, working_days_before
from bench.telling import Teller
from placements.states import FactKind
from visits.models import WhyNotAlone


def first_visit_is_overdue(tell: Teller) -> None:
    """Moved ten days ago, and nobody has been to see the child."""
    child = tell.child(tell.between(500, 200), (5, 15))
    tell.with_foster_carer(child, child.care_from)
    tell.with_foster_carer(child, tell.day(10), agency=True)


def nobody_was_in(tell: Teller) -> None:
    """Visits at which the child was not there: recorded, and they meet nothing."""
    (child,) = tell.told
    home = child.placements[-1]
    for seen in home.visits[1::2]:
        missed = tell.a_visit(child, working_days_before(seen.at.date(), 2), account="Nobody was in.", why_not_alone="")
        missed.seen = False
        home.visits.append(missed)
    home.visits.sort(key=lambda visit: visit.at)


def nobody_has_been(tell: Teller) -> None:
    """No visit has been made to the present home."""
    tell.told[0].placements[-1].visits = []


def seen_before_the_order(tell: Teller) -> None:
    """Seen a few days before the care order was made, and not since."""
    (child,) = tell.told
    home = child.placements[-1]
    last = working_day_by(tell.day(6))
    home.visits = [visit for visit in home.visits if visit.at.date() < last - timedelta(days=7)]
    home.visits.append(tell.a_visit(child, last))


def nobody_took_over(tell: Teller) -> None:
    """The social worker has left, nobody else was allocated, and since then nobody has been."""
    _was_with(tell, *FORMER[0])


def left_last_week(tell: Teller) -> None:
    """The social worker left last week, and the whole caseload waits to be handed over."""
    _was_with(tell, *JUST_LEFT)


def _was_with(tell: Teller, name: str, days: int) -> None:
    (child,) = tell.told
    left = tell.at(tell.day(days), 0)
    others = [each for each in child.allocations if each.role != Role.SOCIAL_WORKER]
    child.allocations = [AllocationPlan(Role.SOCIAL_WORKER, name, child.allocations[0].starts_at), *others]
    child.team = FIRST_TEAM
    for placement in child.placements:
        placement.visits = [visit for visit in placement.visits if visit.at < left]
        for visit in placement.visits:
            visit.by = name


def never_alone(tell: Teller) -> None:
    """Seen at every visit, but not alone, with the reason each time."""
    for visit in tell.told[0].placements[-1].visits:
        visit.why_not_alone = WhyNotAlone.NOT_APPROPRIATE


def worried(tell: Teller) -> None:
    """The last visit found something to worry about."""
    for visit in tell.told[0].placements[-1].visits[-1:]:
        visit.concerns = "A window on the ground floor does not lock, and the night staff changed twice this week."


def very_young(tell: Teller) -> None:
    """A small child with a foster carer."""
    tell.with_foster_carer(tell.child(tell.between(700, 250), (2, 4)), tell.told[0].care_from)


def fewer_visits(tell: Teller) -> None:
    """Long-term foster home; the child agrees to fewer visits."""
    child = tell.child(tell.between(1500, 1000), (13, 16))
    placement = tell.with_foster_carer(child, child.care_from)
    placement.facts.append((FactKind.MEANT_TO_LAST_TO_18, child.care_from + timedelta(days=200)))
    placement.facts.append((FactKind.FEWER_VISITS_AGREED, child.care_from + timedelta(days=400)))
