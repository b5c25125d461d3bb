"""Where people can be appointed, and when a team or a service area can be closed. Each lists sentences, none where it can.

A closed place takes nobody and nothing new; who and what is there already stays until it is moved.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from accounts.roles import HELD_IN, Place, Role


def objections_to_place(role: Role, place: Place) -> list[str]:
    """Why a role cannot be held in a place of this kind."""
    where = HELD_IN[role]
    if place in where:
        return []
    return [f"{role.label} is a role in {' or '.join(kind.value for kind in where)}, not in {place.value}."]


def objections_to_closing(place: Any, *, teams: Iterable[Any], closed_at: datetime) -> list[str]:
    """Why a team or area cannot be closed from a moment on; `teams` are an area's own."""
    if place.closed_at is not None:
        return [f"{place.name} is closed already. Open it again first."]
    still_open = [team.name for team in teams if not team.is_closed(closed_at)]
    if still_open:
        return [f"Close the teams of {place.name} first, or move them to another area: {', '.join(still_open)}."]
    return []
