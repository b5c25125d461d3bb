"""What is due after visits and around reviews: the whole ledger of one child, and the source that gives it to the diary.

Beside the visit clocks and not among them: recording a visit changes nothing here, and nothing here is asked for it.
"""

from collections.abc import Mapping
from datetime import datetime

from casework.diary import Batch, Ledger
from casework.procedures import RulesInForce
from visits.after.actions_owed import actions_owed
from visits.after.facts import AfterFacts
from visits.after.gathering import after_facts
from visits.after.owed import ledger_of
from visits.after.provider_owed import provider_owed
from visits.after.readings_owed import missing_owed, readings_owed
from visits.after.reviews_owed import reviews_owed
from visits.clocks.purposeful import purposeful_ledger


def after_duties(facts: AfterFacts, rules: RulesInForce, at: datetime) -> Ledger:
    """Every duty of one child up to a moment, and the next moment at which time alone changes them."""
    forms_due = tuple(entry for placement in facts.placements for entry in purposeful_ledger(placement, rules, at))
    owed = [
        *actions_owed(facts, rules),
        *readings_owed(facts, rules),
        *missing_owed(facts, forms_due, rules),
        *reviews_owed(facts, rules),
        *provider_owed(facts, rules),
    ]
    return ledger_of(owed, at)


def duties_after_visits(batch: Batch) -> Mapping[int, Ledger]:
    """The ledgers of a batch, by case file."""
    return {pk: after_duties(facts, batch.rules, batch.at) for pk, facts in batch.load(after_facts).items()}
