"""What secure accommodation makes due of senior managers: that it is put to the Service Director before it begins (C-43).

What the law makes due of the keeping itself (the 72 hours, orders, reviews) is told in `placements.secure`. A child whom a
criminal court remanded or detained is kept by that court: nobody here decides on it. Pure.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from approvals.decisions.duties import DecisionFacts
from approvals.decisions.to_put import Call, Wanting, to_put_entries
from casework.ledger import Entry
from casework.procedures import RulesInForce
from placements.secure import SecureFacts, Time, less, remand_times

AGREED_TO: Final = Call(
    "C-43",
    put_it="put the keeping in secure accommodation to the Service Director",
    after_a_no="the Service Director said no: the child leaves secure accommodation, or put it forward anew",
)


def agreed_to_entries(
    facts: SecureFacts,
    agreed: Sequence[Time],
    decisions: Sequence[DecisionFacts],
    rules: RulesInForce,
    *,
    about: str,
    now: datetime,
) -> Iterator[Entry]:
    """The duties to put it forward. `agreed` are the times for which the Service Director has agreed, without an end where
    the decision has none of its own: it then holds as long as the child is kept without a break.
    """
    for spell in facts.spells:
        held = [Time(time.from_at, time.to_at or spell.to_at) for time in agreed if _began_for(time, spell)]
        wanting = (
            Wanting(
                time.from_at, _come(time.to_at, now), about, f"{about}:{time.from_at.isoformat(timespec='minutes')}"
            )
            for time in less(spell, sorted((*held, *remand_times(facts)), key=lambda time: time.from_at))
            if time.from_at <= now
        )
        yield from to_put_entries(wanting, AGREED_TO, decisions, rules)


def _come(moment: datetime | None, now: datetime) -> datetime | None:
    """A moment that has come; None where it lies ahead, or there is none."""
    return moment if moment and moment <= now else None


def _began_for(time: Time, spell: Time) -> bool:
    """Was it agreed to while the child was kept, or for the coming of the child?"""
    return time.from_at >= spell.from_at and (spell.to_at is None or time.from_at < spell.to_at)
