"""Finds the relatives and friends whom the gallery shows, each at one point of the way."""

from typing import Any

from django.db.models import Q

from approvals.connected.states import Pathway
from approvals.models import ConnectedPerson
from approvals.states import DecisionState
from casework.limits import local_day
from placements.states import ApprovalKind


def with_viability_to_confirm(user: Any, at: Any) -> int:
    """The viability assessment is written up."""
    return _first(_seen(user, at).filter(decisions__kind="viability", decisions__state=DecisionState.PUT))


def approved_now(user: Any, at: Any) -> int:
    """The temporary approval is running, and was never extended."""
    day = local_day(at)
    holds = {"carer__approvals__from_on__lte": day, "carer__approvals__to_on__gt": day}
    found = _seen(user, at).filter(carer__approvals__kind=ApprovalKind.TEMPORARY, **holds)
    return _first(found.filter(state=Pathway.LOOKED_INTO))


def extended(user: Any, at: Any) -> int:
    """It was extended once."""
    return _first(_seen(user, at).filter(decisions__kind="extension", decisions__state=DecisionState.GRANTED))


def ran_out(user: Any, at: Any) -> int:
    """It has run out, and nothing followed."""
    day = local_day(at)
    holds = Q(carer__approvals__to_on=None) | Q(carer__approvals__to_on__gt=day)
    over = _seen(user, at).filter(carer__approvals__to_on__lte=day, state=Pathway.LOOKED_INTO)
    return _first(over.exclude(pk__in=_seen(user, at).filter(holds, carer__approvals__isnull=False)))


def member(user: Any, at: Any) -> tuple[int, int]:
    """Somebody of the household of whom something is known."""
    person = with_viability_to_confirm(user, at)
    found = ConnectedPerson.objects.get(pk=person).household.filter(police_found="something")
    return person, found.values_list("pk", flat=True)[0]


def child(user: Any, at: Any) -> int:
    """The child for whom somebody is looked into."""
    pk: int = ConnectedPerson.objects.get(pk=with_viability_to_confirm(user, at)).child_id
    return pk


def carer(user: Any, at: Any) -> int:
    """The family of somebody who is approved for a time."""
    pk: int = ConnectedPerson.objects.get(pk=approved_now(user, at)).carer_id
    return pk


def _seen(user: Any, at: Any) -> Any:
    return ConnectedPerson.objects.visible_to(user, at=at).filter(child__restrictions=None)


def _first(found: Any) -> int:
    pk: int = found.order_by("pk").values_list("pk", flat=True)[0]
    return pk
