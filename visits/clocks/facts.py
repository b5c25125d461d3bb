"""The dated facts of one placement, as far as the two visit clocks hang on them.

Whoever gathers them (the app from its tables, `visits.clocks.cases` from a file) gives everything on record: what has not
happened by the moment asked about is left aside by the clocks. Days are local (Europe/London), moments aware.
A period holds from `from_on`, inclusive, up to but not on `to_on`; without `to_on` it has no end yet.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from casework.limits import local_day
from children.ages import birthday
from placements.states import Setting

FOSTER_HOMES: Final = frozenset({Setting.IN_HOUSE_FOSTER, Setting.IFA_FOSTER, Setting.CONNECTED_PERSON})
OF_AGE: Final = 18

COMPLETE: Final = "complete"
DRAFT: Final = "draft"


@dataclass(frozen=True, slots=True)
class Period:
    """Days between which something is in force: an approval, reg 19."""

    from_on: date
    to_on: date | None = None

    def covers(self, day: date) -> bool:
        """Is it in force on this day?"""
        return self.from_on <= day and (self.to_on is None or day < self.to_on)


@dataclass(frozen=True, slots=True)
class LegalStatus:
    """The legal status from a day on, until the next one; a code of children.states.LegalCode."""

    from_on: date
    code: str


@dataclass(frozen=True, slots=True)
class Review:
    """One looked-after review, with its first scheduled date; a cancelled and rebooked review is the same one."""

    scheduled_on: date
    held_on: date | None = None


@dataclass(frozen=True, slots=True)
class Registration:
    """Where the home stands with the regulator that its type needs, from a day on, until the next one."""

    from_on: date
    status: str
    """A value of placements.states.RegistrationStatus."""


@dataclass(frozen=True, slots=True)
class Variation:
    """The days between purposeful visits that were agreed with the IRO, from a day on (K-13)."""

    from_on: date
    days: int


@dataclass(frozen=True, slots=True)
class VisitMade:
    """One visit on record, to this child in this placement, or about it before it began."""

    at: datetime
    role: str
    """The visitor's role: a value of accounts.roles.Role."""
    seen: bool
    alone: bool = False
    form: str | None = None
    """The purposeful form: "complete", "draft", or None where there is none."""
    record: str = ""
    """The record itself, "visits.visit:9"."""


@dataclass(frozen=True, slots=True)
class AskedFor:
    """A visit that somebody asked for, about this placement."""

    at: datetime
    by: str
    """Who asked: a value of visits.states.AskedBy."""
    record: str
    """The record itself, "visits.visitaskedfor:4"."""
    agreed_for: date | None = None
    """Another day that was agreed with whoever asked."""
    taken_back_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PlacementFacts:
    """Everything about one placement that the visit clocks read."""

    about: str
    """The record, "placements.placement:17"."""
    start_at: datetime
    setting: str
    """A value of placements.states.Setting."""
    care_started_on: date
    ended_on: date | None = None
    care_ended_on: date | None = None
    born_on: date | None = None
    legal: tuple[LegalStatus, ...] = ()
    temporary_approval: tuple[Period, ...] = ()
    """Temporary approval of a connected person under reg 24, with its extensions under reg 25."""
    carer_approved: tuple[Period, ...] = ()
    """Periods in which a connected person is an approved foster carer."""
    reg19: tuple[Period, ...] = ()
    """Immediate placement with a parent before the assessment is complete."""
    meant_to_last_to_18: tuple[Period, ...] = ()
    fewer_visits_agreed: tuple[Period, ...] = ()
    """The child agrees to fewer visits, until taken back."""
    reviews: tuple[Review, ...] = ()
    notices: tuple[date, ...] = ()
    """Days of a regulator's notice of concern about the home."""
    visits: tuple[VisitMade, ...] = ()
    concern_at_start: bool = False
    registration: tuple[Registration, ...] = ()
    variations: tuple[Variation, ...] = ()
    asked_for: tuple[AskedFor, ...] = ()
    known_from: date | None = None
    """The first day from which visits are on record (the import's day); None where they are all on record."""
    visits_known_from: date | None = None
    """An earlier day from which every visit was brought from another system, though none of its forms."""

    @property
    def visits_on_record_from(self) -> date | None:
        """The first day from which every visit is on record, with its form or without; None where all are."""
        if self.known_from is None or self.visits_known_from is None:
            return self.known_from
        return min(self.known_from, self.visits_known_from)

    @property
    def start(self) -> date:
        """The local day on which the placement began."""
        return local_day(self.start_at)

    @property
    def ends_on(self) -> date | None:
        """The first day without duties: the placement or care ends or the child turns 18; None where none is known."""
        of_age_on = birthday(self.born_on, OF_AGE) if self.born_on else None
        return min((day for day in (self.ended_on, self.care_ended_on, of_age_on) if day), default=None)

    def is_over(self, on: date) -> bool:
        """Has the placement, the care or the childhood ended by this day, inclusive?"""
        return self.ends_on is not None and self.ends_on <= on


def any_covers(periods: Iterable[Period], day: date) -> bool:
    """Is one of these periods in force on this day?"""
    return any(period.covers(day) for period in periods)
