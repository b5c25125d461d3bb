"""Who may record where a child lives, and what is known of carers and homes. C-45: no rule ever stops these facts."""

from datetime import datetime
from typing import Any

from accounts.roles import Role
from children import permissions
from children.access import SIGHTS, Extent

KEEPERS_OF_HOMES = frozenset({Role.PLACEMENT_SERVICE, Role.COMMISSIONING})
SEE_HOMES = frozenset(role for role, sight in SIGHTS.items() if sight.address == Extent.YES)
"""Homes and providers are seen by every role that may know an address; who lives there, only as far as one sees them."""


def may_record_move(about: Any, user: Any, at: datetime) -> bool:
    """About a child or a placement: the child's workers and team, and the placement service."""
    child = getattr(about, "child", about)
    return permissions.may_record(child, user, at) or (
        user.holds(Role.PLACEMENT_SERVICE, at=at) and permissions.may_see(child, user, at)
    )


def may_record_approval(about: Any, user: Any, at: datetime) -> bool:
    """The same people, and the supervising social worker of the child's carers."""
    child = getattr(about, "child", about)
    supervises = user.holds(Role.SUPERVISING_SOCIAL_WORKER, at=at) and permissions.may_see(child, user, at)
    return supervises or may_record_move(about, user, at)


def may_open_home(home: Any, user: Any, at: datetime) -> bool:
    """Whoever may record that a child lives there."""
    return user.holds(*KEEPERS_OF_HOMES, *permissions.WORKERS, at=at)


def may_keep_home(home: Any, user: Any, at: datetime) -> bool:
    """The placement service and commissioning: registration, inspections, notices."""
    return user.holds(*KEEPERS_OF_HOMES, at=at)


def keeps_homes(user: Any, at: datetime) -> bool:
    """Does the person work with homes every day?"""
    return user.holds(*KEEPERS_OF_HOMES, at=at)


def may_see_homes(user: Any, at: datetime) -> bool:
    """Does the person hold a role that sees homes?"""
    return user.holds(*SEE_HOMES, at=at)
