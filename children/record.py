"""The dated facts of a child's file as its page lists them: newest first, the latest few in full."""

from collections.abc import Iterable
from datetime import datetime

from accounts.roles import Role
from casework.limits import local_day
from casework.wording import counted, said_day
from children.models import Allocation, CarePeriod, Child, ChildName, LegalStatus, LookedAfterReview, TeamHolding
from children.states import CareEnded, Participation

LATEST = 4


def facts_of(child: Child, at: datetime) -> list[dict[str, str]]:
    """Rows of `components/summary_list.html`."""
    others = [name for name in child.names.all() if name.kind != ChildName.Kind.PRESENT]
    rows = (
        ("Looked after", [_period(period) for period in reversed(child.care_periods.all())]),
        ("Legal status", [_status(status) for status in reversed(child.legal_statuses.all())]),
        ("Looked-after reviews", [_review(review) for review in reversed(child.reviews.all())]),
        ("Allocated before", [_allocation(allocation) for allocation in child.allocations_before(at)]),
        ("Teams before", [_holding(holding) for holding in child.holdings_before(at)]),
        ("Other names", [f"{name.name} ({name.get_kind_display().lower()})" for name in others]),
    )
    return [{"label": label, "says": _latest(says)} for label, says in rows]


def details_of_change(*, to: str, before: str, starts_at: datetime, role: Role | None = None) -> dict[str, str]:
    """What the event says when somebody is allocated in a role, or a team takes the case: to whom, from when, who before."""
    said = {"to": to, "before": before, "from_on": said_day(local_day(starts_at))}
    return {"role": role.label, **said} if role else said


def _latest(says: Iterable[str]) -> str:
    lines = list(says)
    rest = len(lines) - LATEST
    return "\n".join([*lines[:LATEST], f"and {counted(rest, 'earlier one')}"] if rest > 0 else lines)


def _period(period: CarePeriod) -> str:
    if period.ended_on is None:
        return f"Since {said_day(period.started_on)}"
    how = CareEnded(period.how_ended).label if period.how_ended in CareEnded.values else period.how_ended
    ended = f"{said_day(period.started_on)} to {said_day(period.ended_on)}"
    return f"{ended}: {how}" if how else ended


def _status(status: LegalStatus) -> str:
    return f"{status.get_code_display()}, from {said_day(status.from_on)}"


def _review(review: LookedAfterReview) -> str:
    if review.held_on is None:
        return f"Arranged for {said_day(review.scheduled_on)}"
    how = review.participation
    held = f"Held on {said_day(review.held_on)}"
    return f"{held}. The child: {Participation(how).label.lower()}" if how in Participation.values else held


def _allocation(allocation: Allocation) -> str:
    until = said_day(local_day(allocation.ends_at))
    return f"{allocation.person.name}, {Role(allocation.role).label.lower()}, until {until}"


def _holding(holding: TeamHolding) -> str:
    return f"{holding.team.name}, until {said_day(local_day(holding.ends_at))}"
