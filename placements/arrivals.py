"""What follows where it is on record that a child has come to a home: in the same act, each higher app does its part."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from placements.models import Placement

Follows = Callable[..., None]
_follow: dict[str, Follows] = {}


def register(name: str, follow: Follows) -> None:
    """`follow(placement, by=, at=)` does what an app has to do. Registering it again changes nothing."""
    _follow[name] = follow


def arrived(placement: Placement, *, by: Any, at: datetime) -> None:
    """A child has come to a home, or it was found out which home it is."""
    for follow in _follow.values():
        follow(placement, by=by, at=at)
