"""The visits that lie ahead: what follows if each visit is made on its due day and nothing else changes. Pure.

A visit for clock P has its form; one for clock S alone has none, so that each clock keeps its own pace. A visit that is
overdue is made on the day asked about. Facts that are dated ahead (an approval that runs out, an end) come in on their day.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from typing import Final

from casework.ledger import Entry
from casework.limits import LONDON, Months, local_day
from casework.procedures import RulesInForce
from visits.clocks import purposeful as purposeful_clock, statutory as statutory_clock
from visits.clocks.facts import COMPLETE, PlacementFacts, VisitMade

NOON: Final = time(12)
MOST: Final = 200
"""Visits that are looked ahead at most: an authority may set a limit of hours where a week stands."""
Ledger = Callable[[PlacementFacts, RulesInForce, datetime], tuple[Entry, ...]]
BOTH_CLOCKS: Final[tuple[Ledger, ...]] = (statutory_clock.statutory_ledger, purposeful_clock.purposeful_ledger)


@dataclass(frozen=True, slots=True)
class Ahead:
    """A visit that lies ahead: on which day it is made, and the duty that it meets."""

    on: date
    entry: Entry


def is_purposeful(entry: Entry) -> bool:
    """Is it a duty of clock P?"""
    return entry.key.startswith(purposeful_clock.LETTER)


def ledger_of(facts: PlacementFacts, rules: RulesInForce, at: datetime) -> tuple[Entry, ...]:
    """The ledger of both clocks."""
    return tuple(entry for clock in BOTH_CLOCKS for entry in clock(facts, rules, at))


def open_duties(facts: PlacementFacts, rules: RulesInForce, at: datetime) -> list[Entry]:
    """What is open of both clocks, soonest first."""
    return sorted((entry for entry in ledger_of(facts, rules, at) if entry.is_open), key=_soonest)


def visits_ahead(facts: PlacementFacts, rules: RulesInForce, at: datetime, until: date) -> Iterator[Ahead]:
    """Every visit that will be made from `at` (aware) up to and with a day, in order."""
    passed: set[str] = set()
    numbers = count(1)
    while (number := next(numbers)) <= MOST:
        waiting = [entry for entry in open_duties(facts, rules, at) if entry.key not in passed]
        made_at = _made_at(waiting[0], at) if waiting else None
        change = _next_change(facts, at)
        if change and (made_at is None or change <= made_at):
            if local_day(change) > until:
                return
            at = change
            continue
        if made_at is None or local_day(made_at) > until:
            return
        entry = waiting[0]
        yield Ahead(local_day(made_at), entry)
        facts, at = replace(facts, visits=(*facts.visits, _visit(entry, made_at, number))), made_at
        if any(still.key == entry.key for still in open_duties(facts, rules, at)):
            passed.add(entry.key)  # made too soon to meet it (K-05): it would be tried for ever


def _soonest(entry: Entry) -> tuple[datetime, bool, str]:
    """Of two on one day the purposeful one goes first: its visit meets both."""
    return entry.due_at, not is_purposeful(entry), entry.key


def _made_at(entry: Entry, at: datetime) -> datetime:
    """Noon of the due day, or sooner for a limit in hours; at once where it is overdue."""
    noon = datetime.combine(entry.due_on, NOON, tzinfo=LONDON).astimezone(UTC)
    return max(min(noon, entry.due_at - timedelta.resolution), at)


def _next_change(facts: PlacementFacts, at: datetime) -> datetime | None:
    changes = (clock.next_change(facts, at) for clock in (statutory_clock, purposeful_clock))
    return min((change for change in changes if change), default=None)


def _visit(entry: Entry, at: datetime, number: int) -> VisitMade:
    form = COMPLETE if is_purposeful(entry) else None
    return VisitMade(at, entry.role, seen=True, alone=True, form=form, record=f"ahead:{number}")


# Two histories side by side


@dataclass(frozen=True, slots=True)
class Compared:
    """One duty as it is, and as it would be; None where there is none."""

    as_is: Entry | None
    would_be: Entry | None

    @property
    def entry(self) -> Entry:
        """The one that would be; where there is none, the one that is."""
        entry = self.would_be or self.as_is
        if entry is None:
            raise ValueError("Nothing is compared with nothing.")
        return entry

    @property
    def difference(self) -> str:
        """What would be different, in words; empty where nothing is."""
        if self.as_is is None:
            return "New"
        if self.would_be is None:
            return "Not due any more"
        days = (self.would_be.due_on - self.as_is.due_on).days
        if days:
            return f"{_days(abs(days))} {'later' if days > 0 else 'sooner'}"
        return "" if self.as_is.kind == self.would_be.kind else "Another rule"


def compared(as_is: Iterable[Entry], would_be: Iterable[Entry]) -> list[Compared]:
    """Open duties of two histories: of each clock and each role there is at most one in either."""
    before, after = ({(is_purposeful(e), e.role): e for e in entries} for entries in (as_is, would_be))
    pairs = [Compared(before.get(whose), after.get(whose)) for whose in before | after]
    return sorted(pairs, key=lambda pair: _soonest(pair.entry))


@dataclass(frozen=True, slots=True)
class AheadCompared:
    """A visit that lies ahead in two histories, or in one of them."""

    ahead: Ahead
    is_now: bool
    would_be: bool


def ahead_compared(as_is: Iterable[Ahead], would_be: Iterable[Ahead]) -> list[AheadCompared]:
    """The visits that lie ahead in two histories, day by day: one of the same clock and role on a day stands once."""
    before, after = ({_who_when(ahead): ahead for ahead in visits} for visits in (as_is, would_be))
    together = {**before, **after}
    return [AheadCompared(together[key], key in before, key in after) for key in sorted(together)]


def _who_when(ahead: Ahead) -> tuple[date, bool, str]:
    return ahead.on, is_purposeful(ahead.entry), ahead.entry.role


def _days(number: int) -> str:
    return "1 day" if number == 1 else f"{number} days"


def a_year_from(day: date) -> date:
    """The day twelve months after a day."""
    return Months(12).on(day)
