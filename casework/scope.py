"""Who may see which case files: each kind's answer comes from the app that knows the kind.

`children` registers the scope of child files, `placements` those of homes and providers. What nobody registered,
nobody sees.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from django.contrib.auth.models import AnonymousUser
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


def case_files_told_to_all(at: datetime) -> Q:
    """The condition on case files that a count may hold which everybody who counts will read.

    Nobody is named on a restriction here, whoever counts: so those whose existence is not told are out.
    """
    kept_back = [kind for kind, counted in _counted.items() if counted is not _scopes[kind]]
    told = ~Q(kind__in=kept_back)
    for kind in kept_back:
        told |= Q(kind=kind, pk__in=_counted[kind](AnonymousUser(), at))
    return told


def _within(scopes: dict[str, Scope], user: Any, at: datetime) -> Q:
    seen = Q(pk__in=[])
    if user is None or not user.is_authenticated or not user.is_active:
        return seen
    for kind, scope in scopes.items():
        seen |= Q(kind=kind, pk__in=scope(user, at))
    return seen


class ScopedQuerySet(QuerySet[Any]):
    """Rows that hang on a case file are seen, and counted, by whoever sees or counts the file."""

    def visible_to(self, user: Any, *, at: datetime) -> Any:
        """Those whose case file this person may see at a moment."""
        return self.filter(case_file__in=self._files.visible_to(user, at=at))

    def counted_for(self, user: Any, *, at: datetime) -> Any:
        """Those that this person may count: of every file, but for those whose existence is not told."""
        return self.filter(case_file__in=self._files.counted_for(user, at=at))

    def told_to_all(self, *, at: datetime) -> Any:
        """Those that a count may hold which is kept for others to read."""
        return self.filter(case_file__in=self._files.filter(case_files_told_to_all(at)))

    @property
    def _files(self) -> Any:
        return self.model._meta.get_field("case_file").related_model.objects
