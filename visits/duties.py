"""What the visits app makes due: the visits of both clocks, and those that somebody asked for."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from casework.diary import Batch, Ledger
from casework.ledger import Entry
from casework.procedures import RulesInForce
from visits.clocks import asked_for, purposeful as purposeful_clock, statutory as statutory_clock
from visits.clocks.facts import PlacementFacts
from visits.clocks.gathering import placements_to_visit
from visits.clocks.purposeful_rulebook import RULES

Clock = Callable[[PlacementFacts, RulesInForce, datetime], tuple[Entry, ...]]
NextChange = Callable[[PlacementFacts, datetime], datetime | None]
CLOCKS: Final[tuple[tuple[Clock, NextChange], ...]] = (
    (statutory_clock.statutory_ledger, statutory_clock.next_change),
    (purposeful_clock.purposeful_ledger, purposeful_clock.next_change),
    (asked_for.asked_for_ledger, asked_for.next_change),
)
"""Each tells the whole ledger of one placement, and when time alone changes it next."""


PURPOSEFUL: Final = frozenset(rule.kind for rule in RULES)
"""The codes under which the duties of the purposeful clock stand."""


def what_to_do(duty: Any) -> str:
    """What one does to meet a duty of visits, as the words of its link."""
    return "Record a purposeful visit" if duty.kind in PURPOSEFUL else "Record a visit"


def visit_duties(batch: Batch) -> Mapping[int, Ledger]:
    """The ledger of visits, by case file."""
    return {
        pk: Ledger(
            entries=tuple(entry for facts in placements for entry in _entries(facts, batch)),
            look_again_at=min((look for facts in placements for look in _looks(facts, batch)), default=None),
        )
        for pk, placements in batch.load(placements_to_visit).items()
    }


def _entries(facts: PlacementFacts, batch: Batch) -> Iterator[Entry]:
    for ledger, _ in CLOCKS:
        yield from ledger(facts, batch.rules, batch.at)


def _looks(facts: PlacementFacts, batch: Batch) -> Iterator[datetime]:
    for _, next_change in CLOCKS:
        if look := next_change(facts, batch.at):
            yield look
