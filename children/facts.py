"""The dated facts that hang on one child, read by one statement: every page about the child shows some of them."""

from collections.abc import Sequence
from typing import Any, Final

from accounts.models import Team, User
from casework.together import Rows, Together
from children.models import Allocation, CarePeriod, Child, ChildName, LegalStatus, LookedAfterReview, TeamHolding

OF_CHILD: Final = "r.child_id = %(child)s"
READ: Final = Together(
    Rows(ChildName, OF_CHILD),
    Rows(LegalStatus, OF_CHILD, ("from_on",)),
    Rows(CarePeriod, OF_CHILD, ("started_on",)),
    Rows(LookedAfterReview, OF_CHILD, ("scheduled_on",)),
    Rows(Allocation, OF_CHILD, ("starts_at",)),
    Rows(User, "r.id IN (SELECT person_id FROM allocation)"),
    Rows(TeamHolding, OF_CHILD, ("starts_at",)),
    Rows(Team, "r.id IN (SELECT team_id FROM teamholding)"),
)


def with_facts(child: Child) -> Child:
    """The child with names, legal statuses, care, reviews, who is and was allocated and which teams hold the case."""
    found = READ.read(child=child.pk)
    people, teams = found.one_by_one(User), found.one_by_one(Team)
    for allocation in found.all(Allocation):
        allocation.person = people[allocation.person_id]
    for holding in found.all(TeamHolding):
        holding.team = teams[holding.team_id]
    for name, model in (
        ("names", ChildName),
        ("legal_statuses", LegalStatus),
        ("care_periods", CarePeriod),
        ("reviews", LookedAfterReview),
        ("allocations", Allocation),
        ("holdings", TeamHolding),
    ):
        _keep(child, name, found.all(model))
    return child


def _keep(child: Child, name: str, rows: Sequence[Any]) -> None:
    """Keep rows where Django keeps what it has prefetched."""
    kept = getattr(child, name).all()
    kept._result_cache = list(rows)
    child.__dict__.setdefault("_prefetched_objects_cache", {})[name] = kept
