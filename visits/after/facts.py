"""What stands on record of one child after visits and around reviews, as far as something is due because of it.

Pure: whoever gathers it (`visits.after.gathering`) gives everything on record. Moments are aware, days local.
"""

from dataclasses import dataclass
from datetime import date, datetime

from visits.clocks.facts import PlacementFacts


@dataclass(frozen=True, slots=True)
class DayAgreed:
    """A day by which the provider does something, and since when that was the day."""

    due_on: date
    since: datetime


@dataclass(frozen=True, slots=True)
class Action:
    """One thing that a provider is to do."""

    record: str
    role: str
    """The author's role, with which it stays."""
    placement: str
    """The placement in whose home it is to be done; empty where the child has not moved there."""
    days: tuple[DayAgreed, ...]
    reminded: tuple[datetime, ...] = ()
    escalated: tuple[datetime, ...] = ()
    done_at: datetime | None = None
    dropped_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ReadingMade:
    """Somebody read a form, in a role, and concluded something."""

    record: str
    at: datetime
    role: str
    concludes: str
    """A value of visits.states.Reading."""


@dataclass(frozen=True, slots=True)
class FormMade:
    """A complete form."""

    record: str
    kind: str
    role: str
    placement: str
    """The placement that it is about; empty before the child has moved."""
    versions: tuple[datetime, ...]
    """When each of its versions was sealed."""
    to_line_manager: bool = False
    readings: tuple[ReadingMade, ...] = ()


@dataclass(frozen=True, slots=True)
class ReviewOnRecord:
    """A looked-after review."""

    record: str
    scheduled_on: date
    held_on: date | None = None

    @property
    def on(self) -> date:
        """The earlier of the day for which it was scheduled and the day on which it was held."""
        return min(self.scheduled_on, self.held_on or self.scheduled_on)


@dataclass(frozen=True, slots=True)
class AtReview:
    """What the IRO wrote down around a review."""

    review: str
    at: datetime
    record: str


@dataclass(frozen=True, slots=True)
class Raised:
    """What the IRO did about a missing form, or about a form that was read."""

    record: str
    at: datetime
    placement: str = ""
    reading: str = ""
    awaited_until: date | None = None


@dataclass(frozen=True, slots=True)
class ToldOf:
    """An incident of which the provider told."""

    record: str
    placement: str
    happened_at: datetime
    told_at: datetime
    account_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class IntervalAgreed:
    """How often the provider reports, from a day on."""

    placement: str
    from_on: date
    days: int
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class ReportReceived:
    """A report that came."""

    record: str
    placement: str
    on: date
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class ContractRaised:
    """A question about a contract."""

    record: str
    placement: str
    at: datetime
    answered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ToolAsked:
    """The IRO asked a health professional for the placement assurance tool."""

    record: str
    placement: str
    professional: int
    at: datetime
    wanted_by: date | None
    done_at: datetime | None = None
    form: str = ""


@dataclass(frozen=True, slots=True)
class AfterFacts:
    """One child."""

    child: str
    over_on: date | None = None
    """The first day on which the child is looked after no longer, or is of age."""
    known_from: date | None = None
    """The first day from which it is known what was done; None where all of it is on record."""
    placements: tuple[PlacementFacts, ...] = ()
    reviews: tuple[ReviewOnRecord, ...] = ()
    arranged: tuple[datetime, ...] = ()
    """When a review was arranged, moved or held, as recorded."""
    forms: tuple[FormMade, ...] = ()
    actions: tuple[Action, ...] = ()
    conversations: tuple[AtReview, ...] = ()
    considered: tuple[AtReview, ...] = ()
    raised: tuple[Raised, ...] = ()
    incidents: tuple[ToldOf, ...] = ()
    intervals: tuple[IntervalAgreed, ...] = ()
    reports: tuple[ReportReceived, ...] = ()
    contracts: tuple[ContractRaised, ...] = ()
    tools: tuple[ToolAsked, ...] = ()

    def placement(self, about: str) -> PlacementFacts | None:
        """The placement of a label; None before the move, or of a stay that is not visited."""
        return next((each for each in self.placements if each.about == about), None)

    def over(self, about: str) -> date | None:
        """The first day on which something about a placement is owed no longer."""
        placement = self.placement(about)
        return min((day for day in (self.over_on, placement and placement.ends_on) if day), default=None)
