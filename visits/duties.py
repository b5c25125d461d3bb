"""What the visits app makes due: the statutory visits of every placement."""

from collections.abc import Mapping

from casework.diary import Batch, Ledger
from visits.gathering import placements_to_visit
from visits.statutory_clock import next_change, statutory_ledger


def visit_duties(batch: Batch) -> Mapping[int, Ledger]:
    """The ledger of visits, by case file."""
    ledgers = {}
    for pk, placements in batch.load(placements_to_visit).items():
        looks = [change for facts in placements if (change := next_change(facts, batch.at))]
        ledgers[pk] = Ledger(
            entries=tuple(entry for facts in placements for entry in statutory_ledger(facts, batch.rules, batch.at)),
            look_again_at=min(looks, default=None),
        )
    return ledgers
