"""Whom a case file is about, for lists that hold files of several kinds: each kind's app gives names and pages.

Only what the person may see is given: a file without a subject is listed without saying whose it is.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Subject:
    """The child, home or provider of a case file, as a list names it."""

    name: str
    url: str


Finder = Callable[[Iterable[int], Any, datetime], Mapping[int, Subject]]

_finders: dict[str, Finder] = {}


def register(kind: str, finder: Finder) -> None:
    """`finder(case_files, user, at)` gives the subjects of those files of a kind that a person may see at a moment."""
    _finders[kind] = finder


def subjects_of(files: Iterable[tuple[int, str]], user: Any, at: datetime) -> Mapping[int, Subject]:
    """Subjects by case file, of files given with their kind; one question per kind."""
    by_kind: dict[str, set[int]] = {}
    for pk, kind in files:
        by_kind.setdefault(kind, set()).add(pk)
    found: dict[int, Subject] = {}
    for kind, pks in by_kind.items():
        if kind in _finders:
            found.update(_finders[kind](sorted(pks), user, at))
    return found
