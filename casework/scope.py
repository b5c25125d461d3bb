"""Who may see which case files: each kind's answer comes from the app that knows the kind.

`children` registers the scope of child files, `placements` those of homes and providers. What nobody registered,
nobody sees.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from django.db.models import Q, QuerySet

from accounts.roles import Role

Scope = Callable[[Any, datetime], "QuerySet[Any]"]

COUNT_ALL: Final = frozenset(
    {Role.ADMINISTRATOR, Role.PERFORMANCE, Role.HOS, Role.SERVICE_DIRECTOR, Role.ASSISTANT_DIRECTOR, Role.DCS}
)
"""Who counts over the whole authority: whoever keeps its rules, decides on them, or counts for it."""

_scopes: dict[str, Scope] = {}
_counted: dict[str, Scope] = {}


def register(kind: str, scope: Scope, *, counted: Scope | None = None) -> None:
    """`scope(user, at)` gives the primary keys of the case files of a kind that a person may see at a moment.

    `counted(user, at)` gives those that may be counted for whoever counts over the whole authority: all but those whose
    existence is not told. Without it those in sight are counted.
    """
    _scopes[kind] = scope
    _counted[kind] = counted or scope


def case_files_visible_to(user: Any, at: datetime) -> Q:
    """The condition on case files: one sub-select per kind; no actor means nothing."""
    return _within(_scopes, user, at)


def counts_all(user: Any, at: datetime) -> bool:
    """Does this person count over the whole authority?"""
    return bool(user.holds(*COUNT_ALL, at=at))


def case_files_counted_for(user: Any, at: datetime) -> Q:
    """The condition on case files that this person may count: those in sight, or of the whole authority."""
    is_known = user is not None and user.is_authenticated and user.is_active
    return _within(_counted if is_known and counts_all(user, at) else _scopes, user, at)


def _within(scopes: dict[str, Scope], user: Any, at: datetime) -> Q:
    seen = Q(pk__in=[])
    if user is None or not user.is_authenticated or not user.is_active:
        return seen
    for kind, scope in scopes.items():
        seen |= Q(kind=kind, pk__in=scope(user, at))
    return seen
