"""Worked cases for the visit clocks: one JSON file in, the open duties of each case out.

A case holds the facts of one placement and the moment asked about. Days are written 2026-01-09, moments
2026-01-09T16:00 in local time (Europe/London), periods "from" (inclusive) and "to" (exclusive, may be missing). Keys
that the clocks do not read are passed over; a key that they need and that is missing, or a value that cannot be, is
refused with the case and the key named.
"""

import json
import textwrap
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final

from accounts.roles import Role
from casework.ledger import Entry
from casework.limits import LONDON, Hours, local_day
from casework.procedures import RulesInForce
from placements.states import RegistrationStatus, Setting
from visits.clocks.facts import (
    COMPLETE,
    DRAFT,
    LegalStatus,
    Period,
    PlacementFacts,
    Registration,
    Review,
    Variation,
    VisitMade,
)
from visits.clocks.purposeful import purposeful_ledger
from visits.clocks.statutory import statutory_ledger

CLOCKS: Final[tuple[tuple[str, Callable[[PlacementFacts, RulesInForce, datetime], tuple[Entry, ...]]], ...]] = (
    ("S", statutory_ledger),
    ("P", purposeful_ledger),
)
"""Each clock under the letter that the cases give it."""

ROLES: Final = {
    "SW": Role.SOCIAL_WORKER.value,
    "PA": Role.PERSONAL_ADVISER.value,
    "IRO": Role.IRO.value,
    "SM": Role.SERVICE_MANAGER.value,
    "COMM": Role.COMMISSIONING.value,
}
LETTERS: Final = {role: letters for letters, role in ROLES.items()}
FORMS: Final = (COMPLETE, DRAFT)
STATUSES: Final = (RegistrationStatus.REGISTERED, RegistrationStatus.APPLIED, RegistrationStatus.UNREGISTERED)
YEARS: Final = range(1900, 2200)
"""A day outside these years is a slip of the pen."""


class BadCase(ValueError):
    """The file cannot be read as cases; the message is a sentence that says where and why."""


@dataclass(frozen=True, slots=True)
class Case:
    """One worked case."""

    id: str | int
    as_of: datetime
    facts: PlacementFacts


def cases_in(text: str) -> list[Case]:
    """The cases of a JSON text, in order. Raises BadCase for the first thing that is wrong."""
    try:
        rows = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadCase(f"The file is not JSON: {error}.") from error
    if not isinstance(rows, list):
        raise BadCase("The file does not hold a list of cases.")
    return [_case(row, place) for place, row in enumerate(rows, start=1)]


def open_duties(case: Case, rules: RulesInForce) -> list[dict[str, object]]:
    """The duties open at the moment asked about, as the cases write them."""
    return [
        {
            "clock": clock,
            "role": LETTERS[entry.role],
            "rule": entry.kind,
            "due": _due(entry, rules),
            "overdue": entry.due_at <= case.as_of,
        }
        for clock, ledger in CLOCKS
        for entry in ledger(case.facts, rules, case.as_of)
        if entry.is_open
    ]


def _due(entry: Entry, rules: RulesInForce) -> str:
    """The due day; for a limit in hours the minute."""
    limit = rules.rule(entry.kind, local_day(entry.opened_at)).limit
    if isinstance(limit, Hours) and entry.due_at == limit.after(entry.opened_at):
        return entry.due_at.astimezone(LONDON).strftime("%Y-%m-%dT%H:%M")
    return entry.due_on.isoformat()


def _case(row: object, place: int) -> Case:
    if not isinstance(row, dict):
        raise BadCase(f"Case number {place} is not an object with keys.")
    if not isinstance(row.get("id"), str | int):
        raise BadCase(f"Case number {place} has no 'id'.")
    case = Reader(f"Case '{row['id']}'", "", row)
    return Case(id=row["id"], as_of=case.moment("as_of"), facts=_facts(case, f"cases.case:{row['id']}"))


def _facts(case: "Reader", about: str) -> PlacementFacts:
    placement = case.part("placement")
    return PlacementFacts(
        about=about,
        start_at=placement.moment("start_at"),
        setting=placement.one_of("setting", Setting.values),
        care_started_on=case.day("care_started_on"),
        ended_on=placement.day_if_any("ended_on"),
        care_ended_on=case.day_if_any("care_ended_on"),
        born_on=case.day_if_any("born_on"),
        legal=tuple(LegalStatus(row.day("from"), row.text("code")) for row in case.parts("legal")),
        temporary_approval=_periods(case, "temporary_approval"),
        carer_approved=_periods(case, "carer_approved"),
        reg19=_periods(case, "reg19"),
        reviews=tuple(Review(row.day("scheduled_on"), row.day_if_any("held_on")) for row in case.parts("reviews")),
        notices=case.days_if_any("notices"),
        visits=tuple(_visit(row) for row in case.parts("visits")),
        meant_to_last_to_18=_from_a_day_on(placement, "meant_to_last_to_18_from"),
        fewer_visits_agreed=_from_a_day_on(placement, "fewer_visits_agreed_from"),
        concern_at_start=placement.yes_or_no_if_any("concern_at_start"),
        registration=tuple(
            Registration(row.day("from"), row.one_of("status", STATUSES)) for row in case.parts_if_any("registration")
        ),
        variations=tuple(Variation(row.day("from"), row.count("days")) for row in case.parts_if_any("variations")),
    )


def _periods(case: "Reader", key: str) -> tuple[Period, ...]:
    return tuple(Period(row.day("from"), row.day_if_any("to")) for row in case.parts_if_any(key))


def _from_a_day_on(placement: "Reader", key: str) -> tuple[Period, ...]:
    from_on = placement.day_if_any(key)
    return (Period(from_on),) if from_on else ()


def _visit(row: "Reader") -> VisitMade:
    return VisitMade(
        at=row.moment("at"),
        role=ROLES[row.one_of("role", ROLES)],
        seen=row.yes_or_no("seen"),
        alone=row.yes_or_no("alone"),
        form=row.one_of_or_none("form", FORMS),
        record=row.path.rstrip("."),
    )


@dataclass(frozen=True, slots=True)
class Reader:
    """One object of a case, asked for its keys; every refusal names the case and the key."""

    case: str
    path: str
    row: dict[str, Any]

    def refuse(self, key: str, because: str) -> BadCase:
        """The sentence that says where and why."""
        return BadCase(f"{self.case}: '{self.path}{key}' {because}.")

    def value(self, key: str) -> Any:
        """What stands under the key, which must be there."""
        if key not in self.row:
            raise self.refuse(key, "is missing")
        return self.row[key]

    def text(self, key: str) -> str:
        """Some characters."""
        value = self.value(key)
        if not isinstance(value, str):
            raise self.refuse(key, f"is {_shown(value)}, not a text")
        return value

    def count(self, key: str) -> int:
        """A whole number from 1 on."""
        value = self.value(key)
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            raise self.refuse(key, f"is {_shown(value)}, not a number of days")
        return value

    def yes_or_no(self, key: str) -> bool:
        """True or false."""
        value = self.value(key)
        if not isinstance(value, bool):
            raise self.refuse(key, f"is {_shown(value)}, neither true nor false")
        return value

    def yes_or_no_if_any(self, key: str) -> bool:
        """True or false; a missing key is false."""
        return self.row.get(key) is not None and self.yes_or_no(key)

    def one_of(self, key: str, choices: Collection[str]) -> str:
        """One of the words that the cases use here."""
        value = self.value(key)
        if not isinstance(value, str) or value not in choices:
            raise self.refuse(key, f"is {_shown(value)}, not one of {', '.join(choices)}")
        return value

    def one_of_or_none(self, key: str, choices: Collection[str]) -> str | None:
        """One of the words that the cases use here, or null."""
        return None if self.value(key) is None else self.one_of(key, choices)

    def day(self, key: str) -> date:
        """A day."""
        return self._day(key, self.value(key))

    def day_if_any(self, key: str) -> date | None:
        """A day; None where the key is missing or null."""
        return None if self.row.get(key) is None else self.day(key)

    def days_if_any(self, key: str) -> tuple[date, ...]:
        """A list of days; empty where the key is missing or null."""
        return tuple(self._day(f"{key}[{place}]", value) for place, value in enumerate(self._list_if_any(key)))

    def moment(self, key: str) -> datetime:
        """A day and time, local unless it says otherwise."""
        value = self.value(key)
        try:
            moment = datetime.fromisoformat(value)
        except (TypeError, ValueError):
            raise self.refuse(key, f"is {_shown(value)}, not a day and time such as 2026-01-09T16:00") from None
        if "T" not in value or moment.year not in YEARS:
            raise self.refuse(key, f"is {_shown(value)}, not a day and time such as 2026-01-09T16:00")
        # In UTC, since moments that share a zone are compared by the wall clock, which an hour repeats in October.
        return (moment if moment.tzinfo else moment.replace(tzinfo=LONDON)).astimezone(UTC)

    def part(self, key: str) -> "Reader":
        """An object with keys of its own."""
        return self._reader(key, self.value(key))

    def parts(self, key: str) -> Iterator["Reader"]:
        """A list of objects."""
        self.value(key)
        return self.parts_if_any(key)

    def parts_if_any(self, key: str) -> Iterator["Reader"]:
        """A list of objects; empty where the key is missing or null."""
        return (self._reader(f"{key}[{place}]", value) for place, value in enumerate(self._list_if_any(key)))

    def _list_if_any(self, key: str) -> list[object]:
        value = self.row.get(key)
        if value is not None and not isinstance(value, list):
            raise self.refuse(key, f"is {_shown(value)}, not a list")
        return value or []

    def _reader(self, key: str, value: object) -> "Reader":
        if not isinstance(value, dict):
            raise self.refuse(key, f"is {_shown(value)}, not an object with keys")
        return Reader(self.case, f"{self.path}{key}.", value)

    def _day(self, key: str, value: object) -> date:
        try:
            day = date.fromisoformat(str(value))
        except ValueError:
            day = None
        if day is None or day.isoformat() != value:
            raise self.refuse(key, f"is {_shown(value)}, not a day such as 2026-01-09")
        if day.year not in YEARS:
            raise self.refuse(key, f"is {_shown(value)}, a year that cannot be meant")
        return day


def _shown(value: object) -> str:
    """A value as it stands in the file, cut where it is long."""
    return textwrap.shorten(json.dumps(value), width=60, placeholder=" ...")
