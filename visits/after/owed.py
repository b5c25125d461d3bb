"""One thing that is owed, with what ends it; and the ledger that follows from several of them at a moment."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from casework.diary import Ledger
from casework.ledger import Closed, Entry

NOTHING_OWED: Final = Ledger()


@dataclass(frozen=True, slots=True)
class Owed:
    """A duty that opens at some moment, perhaps still ahead, and what may end it."""

    entry: Entry
    """Open, whatever ended it."""
    met_at: datetime | None = None
    evidence: str = ""
    over_at: datetime | None = None
    """When what it is about is over; what was not met by then is missed if overdue, else no longer due."""

    def ends_at(self) -> datetime | None:
        """The moment at which it ends, met or not; None where nothing ends it yet."""
        return min((moment for moment in (self.met_at, self.over_at) if moment), default=None)

    def as_of(self, now: datetime) -> Entry:
        """The duty as it stands at a moment at which it was opened."""
        ends_at, entry = self.ends_at(), self.entry
        if ends_at is None or ends_at > now:
            return entry
        if ends_at == self.met_at:
            return replace(entry, closed_at=ends_at, closed_as=Closed.MET, evidence=self.evidence)
        missed = ends_at >= entry.due_at
        return replace(entry, closed_at=ends_at, closed_as=Closed.MISSED if missed else Closed.NO_LONGER_DUE)


def ledger_of(owed: Iterable[Owed], now: datetime) -> Ledger:
    """Every duty that was opened by `now`, and the next moment at which time alone opens or ends one.

    What was over before it would have opened was never owed.
    """
    entries: list[Entry] = []
    looks: list[datetime] = []
    for each in owed:
        ends_at = each.ends_at()
        if each.over_at and each.over_at <= each.entry.opened_at:
            continue
        if each.entry.opened_at > now:
            looks.append(each.entry.opened_at)
            continue
        entries.append(each.as_of(now))
        if ends_at and ends_at > now:
            looks.append(ends_at)
    return Ledger(tuple(sorted(entries, key=lambda entry: entry.opened_at)), min(looks, default=None))
