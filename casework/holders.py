"""Who holds a duty, and which team the case: for each kind of case file, the app that knows the kind says it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Holder:
    """The person who owes a duty; `stands_in` says why it is not a holder of the role (C-46)."""

    person_id: int | None
    stands_in: str = ""


NOBODY = Holder(None, "Nobody holds this role: the administrators are asked to fill it.")
Finder = Callable[[Iterable[tuple[int, str]], datetime], Mapping[tuple[int, str], Holder]]

Teams = Callable[[Iterable[int], datetime], Mapping[int, int]]
Changes = Callable[[datetime, datetime], Iterable[int]]

_finders: dict[str, Finder] = {}
_changes: dict[str, Changes] = {}
_teams: dict[str, Teams] = {}


def register(kind: str, finder: Finder, changes: Changes | None = None) -> None:
    """`finder(pairs, at)` gives, for pairs of case file and role, who holds the role there at a moment.

    `changes(after, until)` names the files where that may have changed between two moments because a dated row of the
    app's own, an allocation for instance, began or ended. Appointments are watched for everybody (`casework.watch`).
    """
    _finders[kind] = finder
    if changes:
        _changes[kind] = changes


def register_teams(kind: str, teams: Teams) -> None:
    """`teams(files, at)` gives the primary key of the team that holds the case, for the files where one does."""
    _teams[kind] = teams


def teams_of(kind: str, files: Iterable[int], at: datetime) -> Mapping[int, int]:
    """The team that holds each case, for files of one kind."""
    return _teams[kind](files, at) if kind in _teams else {}


def find(kind: str, pairs: Iterable[tuple[int, str]], at: datetime) -> Mapping[tuple[int, str], Holder]:
    """Holders by case file and role, for files of one kind; NOBODY where no finder knows better."""
    wanted = set(pairs)
    finder = _finders.get(kind)
    found = finder(wanted, at) if finder and wanted else {}
    return {pair: found.get(pair, NOBODY) for pair in wanted}


def files_changed_between(after: datetime, until: datetime) -> Iterable[int]:
    """The files of every kind whose holders may have changed because a dated row began or ended, `until` included."""
    return (pk for changes in _changes.values() for pk in changes(after, until))
