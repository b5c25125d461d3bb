"""Finds the senior decisions that pictures are of, and where others begin."""

from typing import Any

from approvals.models import Decision
from bench.pictures.records import Finds, first_of
from children.models import Child
from placements.models import Placement
from placements.states import RegistrationStatus

WORKER, REVIEWER, DIRECTOR, DEPUTY = "social-worker", "iro", "service-director", "dhos"


def decision(kind: str, *states: str) -> Finds:
    """A decision of a kind at one of these states."""
    return lambda user, at: first_of(Decision.objects.visible_to(user, at=at).filter(kind=kind, state__in=states))


def to_begin(kind: str) -> Finds:
    """A child of one's own about whom one of this kind can begin."""

    def find(user: Any, at: Any) -> Any:
        own = Child.objects.visible_to(user, at=at).filter(allocations__person=user, allocations__ends_at=None)
        return kind, first_of(own.filter(care_periods__ended_on=None, decisions=None))

    return find


def setting_to_begin(user: Any, at: Any) -> Any:
    """A home that should be registered and is not, about which nothing is put forward."""
    seen = Placement.objects.visible_to(user, at=at).filter(ended_at=None, decisions=None)
    lost = seen.filter(home__registrations__status=RegistrationStatus.UNREGISTERED)
    return "unregistered_setting", first_of(lost.filter(child__allocations__person=user))
