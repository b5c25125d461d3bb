"""The unbroken times in which standings belong together: days of standing, told in moments.

Pure. A spell begins with the arrangement itself or with the first minute of its first day, and ends with the arrangement
or with the first minute of the day that changes it.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby

from casework.ledger import Closed, Entry
from casework.limits import start_of
from placements.arrangement import ArrangementFacts
from placements.lawfulness import Standing, StandingPeriod


@dataclass(frozen=True, slots=True)
class Spell:
    """An unbroken time in which the standing belongs together, in moments."""

    from_on: date
    starts_at: datetime
    ends_at: datetime | None
    """The first moment after it; None where it goes on at the moment asked about."""
    standing: Standing
    """The latest standing in it."""
    then: Standing | None = None
    """How the arrangement stood after it; None where it goes on, or the child left."""

    def covers(self, moment: datetime) -> bool:
        """Does a moment lie in it?"""
        return self.starts_at <= moment and not is_by(self.ends_at, moment)


def spells_of(
    facts: ArrangementFacts, periods: Sequence[StandingPeriod], belongs: Callable[[Standing], bool], at: datetime
) -> Iterator[Spell]:
    """The unbroken times of standings that belong together and have begun by a moment, oldest first.

    `periods` are those of `standings_over(facts, rules, until=the local day of at)`.
    """
    groups = [(wanted, list(group)) for wanted, group in groupby(periods, key=lambda each: belongs(each.standing))]
    following = [group[0].standing for _, group in groups[1:]]
    for number, (wanted, together) in enumerate(groups):
        first, last = together[0], together[-1]
        starts_at = facts.started_at if first.from_on == facts.started_on else start_of(first.from_on)
        if wanted and starts_at <= at:
            then = following[number] if number < len(following) else None
            yield Spell(first.from_on, starts_at, _end(facts, last.to_on, at), last.standing, then)


def _end(facts: ArrangementFacts, to_on: date | None, at: datetime) -> datetime | None:
    """The moment at which a time up to a day ended; the arrangement's own end where that comes first."""
    ends = [] if to_on is None or to_on == facts.ended_on else [start_of(to_on)]
    if facts.ended_at is not None:
        ends.append(facts.ended_at)
    end = min(ends, default=None)
    return end if is_by(end, at) else None


def is_by(moment: datetime | None, at: datetime) -> bool:
    """Has a moment, if there is one, come by another?"""
    return moment is not None and moment <= at


def closed_with(spell: Spell, entry: Entry, *, met: bool) -> Entry:
    """The duty as the end of its spell leaves it: met, no longer due, or missed where it was overdue by then."""
    if spell.ends_at is None:
        return entry
    left = Closed.MISSED if is_by(entry.due_at, spell.ends_at) else Closed.NO_LONGER_DUE
    return replace(entry, closed_at=spell.ends_at, closed_as=Closed.MET if met else left)
