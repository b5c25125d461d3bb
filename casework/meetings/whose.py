"""Whose case a meeting is about: what meetings ask of the app that knows the child, the home or the provider."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.roles import Role
from casework.meetings.states import Kept


@dataclass(frozen=True, slots=True)
class Whose:
    """What an app says about the case of one kind of file. `case` is its own record: the child, the home."""

    load: Callable[[int], Any]
    """`load(case_file)`: the case of a file."""
    sees: Callable[[Any, Any, datetime], bool]
    """`sees(case, user, at)`: may this person see it?"""
    reads: Callable[[Any, Any, datetime], frozenset[Kept]]
    """`reads(case, user, at)`: what a person who sees it may read of a meeting about it."""
    holds: Callable[[Any, Role, Any, datetime], bool]
    """`holds(case, role, user, at)`: does this person hold the role for it, and sees it?"""
    holders: Callable[[Any, Role, datetime], Iterable[Any]]
    """`holders(case, role, at)`: the people who can be invited in a role."""
    invite: Callable[..., None]
    """`invite(user, case, at=, until=, because=)`: let somebody see it who is to come; `until` is exclusive."""
    end_invitations: Callable[..., None]
    """`end_invitations(case, at=, because=)`: whoever was let in for this reason is a stranger again."""
    by_invitation: frozenset[Role]
    """The roles that see a case only while they are invited to it."""
    identity: Callable[[Any, Any], Mapping[str, Any]]
    """`identity(request, case)`: the bar at the head of each page about it."""


_known: dict[str, Whose] = {}


def register(file: str, whose: Whose) -> None:
    """Say whose the files of a kind are. Registering it again changes nothing."""
    _known[file] = whose


def whose(file: str) -> Whose:
    """What is said about the files of a kind. Raises KeyError where nobody says it."""
    return _known[file]
