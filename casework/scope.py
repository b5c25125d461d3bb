"""Who may see which case files: each kind's answer comes from the app that knows the kind.

`children` registers the scope of child files, `placements` those of homes and providers. What nobody registered,
nobody sees.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

Scope = Callable[[Any, datetime], "QuerySet[Any]"]

_scopes: dict[str, Scope] = {}


def register(kind: str, scope: Scope) -> None:
    """`scope(user, at)` gives the primary keys of the case files of a kind that a person may see at a moment."""
    _scopes[kind] = scope


def case_files_visible_to(user: Any, at: datetime) -> Q:
    """The condition on case files: one sub-select per kind; no actor means nothing."""
    seen = Q(pk__in=[])
    if user is None or not user.is_authenticated or not user.is_active:
        return seen
    for kind, scope in _scopes.items():
        seen |= Q(kind=kind, pk__in=scope(user, at))
    return seen
