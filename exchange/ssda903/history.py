"""What the rows of one or more years say about one child: the child, care, placements, legal statuses and reviews.

How rows become this, `linking` says. Days on which something ends are exclusive: the first day after it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final

from exchange.findings import Finding
from exchange.ssda903.codes import NEXT_EPISODE, TEMPORARY

CONNECTED_PERSON: Final = "connected_person"


class Mark(StrEnum):
    """What became of one row."""

    USED = "used"
    """It is part of the child's history."""
    KEPT = "kept"
    """Its table is kept as it came."""
    REPEATED = "repeated"
    """It says what another row says."""
    OVERLAPS = "overlaps"
    """An episode that overlaps another: kept, not made a placement."""
    REFUSED = "refused"
    """No record could be made of it."""


@dataclass(frozen=True, slots=True)
class Person:
    """What the latest Header says about the child."""

    born_on: date
    sex: str = "U"
    """M, F or U."""
    ethnicity: str = ""
    upn: str = ""


@dataclass(frozen=True, slots=True)
class Episode:
    """One row of Episodes, as the latest year has it."""

    started_on: date
    ended_on: date | None
    """The first day after it; None while it is open."""
    reason: str
    legal_status: str
    need: str
    place: str
    provider: str
    how_ended: str
    """REC; empty while it is open."""
    why_moved: str
    """REASON_PLACE_CHANGE."""
    home_postcode: str
    postcode: str
    urn: str
    year: int
    """The latest collection year that has it."""
    file: str
    row: int

    @property
    def is_temporary(self) -> bool:
        """Is it a short time away from the usual placement?"""
        return self.place in TEMPORARY

    @property
    def ends_care(self) -> bool:
        """Did care end with it?"""
        return self.how_ended not in ("", NEXT_EPISODE)


@dataclass(frozen=True, slots=True)
class Stay:
    """A short time away from the usual placement, which goes on meanwhile."""

    started_on: date
    ended_on: date | None
    place: str


@dataclass(frozen=True, slots=True)
class Placement:
    """Where the child lived: one episode, or several that only changed the legal status or were a short time away."""

    started_on: date
    ended_on: date | None
    """The first day after it; None while it is open."""
    setting: str
    """A value of placements.states.Setting."""
    place: str
    provider: str
    postcode: str
    home_postcode: str
    urn: str
    why_moved: str
    how_ended: str
    episodes: tuple[Episode, ...]
    stays: tuple[Stay, ...] = ()
    not_confirmed_since: date | None = None
    """The last day of the last year that mentions it, where it is open and a later year does not."""

    @property
    def approval_is_hidden(self) -> bool:
        """Do the codes leave open whether the carer is approved?"""
        return self.setting == CONNECTED_PERSON


@dataclass(frozen=True, slots=True)
class Care:
    """A period of care."""

    started_on: date
    ended_on: date | None
    """The day on which it ended; None while it goes on."""
    how_ended: str
    """REC; empty while it goes on, or where the files do not say."""
    need: str
    start_is_known: bool
    """False where the first episode of the files is not the one that began care."""


@dataclass(frozen=True, slots=True)
class LegalStatus:
    """The legal basis, from a day until the next one."""

    code: str
    from_on: date


@dataclass(frozen=True, slots=True)
class Review:
    """A review that was held."""

    held_on: date
    participation: str


@dataclass(frozen=True, slots=True)
class ChildHistory:
    """Everything the rows say about one child."""

    child: str
    person: Person | None
    """None where no record of the child can be made; then all else is empty."""
    care: tuple[Care, ...]
    placements: tuple[Placement, ...]
    legal_statuses: tuple[LegalStatus, ...]
    reviews: tuple[Review, ...]
    marks: tuple[Mark, ...]
    """What became of each row, in the order in which the rows were given."""
    because: tuple[str, ...]
    """Of each row why nothing was made of it; empty where something was, or where its table is only kept."""
    findings: tuple[Finding, ...]
    """About new rows only, save that a placement is not confirmed."""


@dataclass(frozen=True, slots=True)
class Occupied:
    """Days on which the child lived somewhere, as a placement recorded by hand says."""

    started_on: date
    ended_on: date | None


@dataclass(slots=True)
class Counts:
    """How much the histories hold."""

    children: int = 0
    care_periods: int = 0
    placements: int = 0
    temporary_stays: int = 0
    legal_statuses: int = 0
    reviews: int = 0
    not_confirmed: int = 0
    marks: dict[str, int] = field(default_factory=dict)

    def add(self, histories: Iterable[ChildHistory]) -> None:
        """Count these as well."""
        for history in histories:
            self.children += history.person is not None
            self.care_periods += len(history.care)
            self.placements += len(history.placements)
            self.temporary_stays += sum(len(placement.stays) for placement in history.placements)
            self.legal_statuses += len(history.legal_statuses)
            self.reviews += len(history.reviews)
            self.not_confirmed += sum(placement.not_confirmed_since is not None for placement in history.placements)
            for mark in history.marks:
                self.marks[mark] = self.marks.get(mark, 0) + 1
