"""Parts that several stories share."""

from datetime import timedelta

from bench.plan import ApprovalPlan, ChildPlan, PlacementPlan
from bench.telling import Teller
from placements.states import ApprovalKind, Setting

SIXTEEN_WEEKS, EIGHT_WEEKS = timedelta(weeks=16), timedelta(weeks=8)


def nearly_grown_up(tell: Teller) -> ChildPlan:
    """Somebody of 16 or 17 who came into care some time ago and lived with foster carers first."""
    child = tell.child(tell.between(1200, 300), born_on=tell.birthday(16, tell.rng.randint(190, 690)))
    tell.with_foster_carer(child, child.care_from)
    return child


def moves_before(tell: Teller, child: ChildPlan, moves: int, stays=None):
    """Some homes one after another since coming into care; gives back the day on which the present stay began."""
    if not moves:
        return child.care_from
    stays = stays or child.care_from + (tell.today - child.care_from) * tell.rng.uniform(0.35, 0.8)
    each = (stays - child.care_from) / moves
    for number in range(moves):
        since = child.care_from + each * number
        tell.with_foster_carer(child, since, agency=tell.rng.random() < 0.3)
    return stays


def first_days(tell: Teller, child: ChildPlan) -> PlacementPlan:
    """A few days with a foster carer before the court decided."""
    home = child.placements[0]
    other = tell.carer()
    other.approvals.append(ApprovalPlan(ApprovalKind.APPROVED, child.care_from - timedelta(days=900)))
    return PlacementPlan(
        Setting.IN_HOUSE_FOSTER,
        tell.at(child.care_from, 19),
        home.starts_at,
        carer=other,
        why_ended="Interim order made",
    )
