"""What a duty source answers: the whole ledger of duties that the facts and the rules in force make.

A source is pure: dated facts in, entries out. The diary (`casework.diary`) holds the entries against the duty table and
writes only differences, so an entry is known by its `key`: the same duty keeps its key however the facts change.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import TextChoices

from casework.limits import local_day


class Closed(TextChoices):
    """How a duty ended."""

    MET = "met", "Met"
    MISSED = "missed", "Missed"
    NO_LONGER_DUE = "no_longer_due", "No longer due"


@dataclass(frozen=True, slots=True)
class Entry:
    """One duty: something that somebody must do by a time, because of a rule."""

    kind: str
    """The code of the rule, for instance L-02."""
    key: str
    """Tells this duty from every other of its case file; the same however the facts change later."""
    role: str
    """Who owes it: a value of accounts.roles.Role."""
    about: str
    """The record that it concerns, "placements.placement:17"."""
    opened_at: datetime
    due_at: datetime
    """The first moment at which it is overdue: the end of its due day, or the minute of a limit in hours."""
    says: str
    """The sentence that answers "why this date?"."""
    facts: tuple[tuple[str, str], ...] = ()
    """The facts used, each with its name: ("Last seen", "3 March 2026")."""
    closed_at: datetime | None = None
    closed_as: Closed | None = None
    evidence: str = ""
    """The record that met it, "visits.visit:9"."""
    owner_id: int | None = None
    """The person who owes it, where the facts name one; otherwise the diary finds the holder of the role."""

    @property
    def is_open(self) -> bool:
        """Is it still owed?"""
        return self.closed_at is None

    @property
    def due_on(self) -> date:
        """The last local day on which it is in time; for a limit in hours the day on which the limit ends."""
        return local_day(self.due_at - timedelta.resolution)

    @property
    def was_late(self) -> bool:
        """Was it met, but after its time?"""
        return self.closed_as == Closed.MET and self.closed_at is not None and self.closed_at >= self.due_at
