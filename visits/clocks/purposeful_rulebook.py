"""The rules of purposeful visits: who visits, how soon, and who says so.

RULES lists every rule with its source and its limit. SCHEDULE says which of them a role owes on a day: read it from top to
bottom; the first row of the regime and the role that applies is taken, and where none applies the role owes nothing. A row
names one rule or several: the visit is due on the earliest day of all, under the first named where days are equal.

The registered regime is counted from the day on which the placement began, the unregistered one from that day too, or from
the later one on which the home lost its registration; only visits since then count.

Source: Kent's guidance on placements (S3), visiting timescales, lines 113 to 235 and 432; decisions C-04, C-05, C-12, C-13,
C-27, C-39, C-49; for the days of looked-after reviews the Care Planning Regulations, reg 33.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Any, Final

from accounts.roles import Role
from casework.limits import Days, Hours, Limit, Months, Weeks, WorkingDays, Years
from casework.procedures import MaySet, Rule, declare
from placements.states import Setting
from visits.clocks.reviews import FIRST_REVIEW, LATER_REVIEW, SECOND_REVIEW, ReviewsAfter

WITHOUT_PURPOSEFUL_VISITS: Final = frozenset({Setting.IN_HOUSE_FOSTER, Setting.CONNECTED_PERSON, Setting.PARENT})
"""C-27: in-house foster homes (S3); as a local reading connected persons, approved or not, and parents."""

SW: Final = Role.SOCIAL_WORKER
IRO: Final = Role.IRO
SM: Final = Role.SERVICE_MANAGER
COMMISSIONING: Final = Role.COMMISSIONING

BEFORE_THE_MOVE: Final = "K-01-before-the-move"
WEEKLY_FOR: Final = "K-12-weeks"


def kent(lines: str) -> str:
    """Lines of Kent's guidance (S3), as the pages cite it."""
    return f"Kent placement procedure, {'lines' if ' ' in lines else 'line'} {lines}"


FROM_THE_MOVE: Final = "From the day of the move."
FROM_EACH: Final = "From each purposeful visit of this role, to the next."
FROM_THE_REGIME: Final = "From the day of the move, or the day on which the home lost its registration."


def visit(
    code: str, says: str, cites: tuple[str, ...], limit: Limit | None, *, by: Role, acts: str, **more: Any
) -> Rule:
    """A rule that makes a purposeful visit due."""
    return Rule(code, says, cites, limit, owed_by=(by,), acts=acts, **more)


RULES: Final = (
    Rule(
        "C-27",
        "Every home has purposeful visits but foster homes of the authority, connected persons and parents",
        (kent("106 to 110"), "C-27"),
        local_default=True,
        acts="Which placements the clock of purposeful visits runs for.",
    ),
    Rule(
        "C-13",
        "A home that has applied and is not registered yet is visited as one that is not registered",
        (kent("175"), "C-13"),
        acts="Which schedule of purposeful visits holds for a home.",
    ),
    Rule(
        "C-12",
        "Years, quarters and months run from the last visit; twice a year means at most 26 weeks apart",
        ("C-12",),
        local_default=True,
        acts="K-06, K-13, K-16 and K-17. It makes nothing due itself.",
    ),
    Rule(
        "C-04",
        "Of two weeks and the first review, the IRO’s first form has the earlier day",
        ("C-04",),
        local_default=True,
        acts="K-17 and K-18. It makes nothing due itself.",
    ),
    visit(
        "K-01", "First purposeful visit to a registered home", (kent("115 to 131"),), None, by=SW, acts=FROM_THE_MOVE
    ),
    visit(
        "C-39",
        "First purposeful visit to a registered home, where the first review is later",
        ("C-39",),
        WorkingDays(20),
        by=SW,
        acts=FROM_THE_MOVE,
        duties="K-01",
        local_default=True,
    ),
    visit("K-02", "Purposeful visits to a registered home", (kent("133 to 137"),), Weeks(12), by=SW, acts=FROM_EACH),
    visit("K-05", "Visit of the IRO before the second review", (kent("152 to 164"),), None, by=IRO, acts=FROM_THE_MOVE),
    visit(
        "C-49",
        "Visit of the IRO, where the second review is later",
        ("C-49",),
        Days(182),
        by=IRO,
        acts=FROM_THE_MOVE,
        duties="K-05",
        local_default=True,
    ),
    visit(
        "K-06",
        "Visits of the IRO to a registered home, twice a year",
        (kent("166 to 171"), "C-12"),
        Days(182),
        by=IRO,
        acts=FROM_EACH,
    ),
    visit(
        "K-11",
        "First purposeful visit to a home that is not registered",
        (kent("182 to 200"),),
        Hours(24),
        by=SW,
        acts="From the minute of the move.",
    ),
    visit(
        "K-11-after-loss",
        "First purposeful visit to a home that lost its registration",
        (kent("182 to 200"),),
        Days(1),
        by=SW,
        acts="From the day on which the home lost its registration.",
        duties="K-11",
    ),
    visit(
        "K-12",
        "Weekly purposeful visits to a home that is not registered",
        (kent("189"),),
        Weeks(1),
        by=SW,
        acts=FROM_EACH,
    ),
    Rule(
        WEEKLY_FOR,
        "Purposeful visits are weekly for this long, and until one was made for each of these weeks after the first visit",
        (kent("189"),),
        Weeks(6),
        sets=MaySet.LONGER,
        acts=f"{FROM_THE_REGIME} It says how long K-12 holds.",
    ),
    visit(
        "K-13",
        "Monthly purposeful visits to a home that is not registered",
        (kent("190"), "C-12"),
        Months(1),
        by=SW,
        acts=f"{FROM_EACH} Where another interval was agreed with the IRO, that one.",
    ),
    visit(
        "K-15",
        "Commissioning’s visit to a home that is not registered",
        (kent("207 to 210"), "C-05"),
        Days(10),
        by=COMMISSIONING,
        acts=f"{FROM_THE_REGIME} Once.",
    ),
    visit(
        "K-16",
        "Visit of the service manager to a home that is not registered",
        (kent("212 to 216"),),
        Months(1),
        by=SM,
        acts=FROM_THE_REGIME,
    ),
    visit(
        "K-16-yearly",
        "Yearly visit of the service manager to a home that is not registered",
        (kent("212 to 216"), "C-12"),
        Years(1),
        by=SM,
        acts=FROM_EACH,
        duties="K-16",
    ),
    visit(
        "K-17",
        "Visit of the IRO to a home that is not registered, or about which there was a concern",
        (kent("218 to 231"), "C-04"),
        None,
        by=IRO,
        acts=f"{FROM_THE_REGIME} By the first review, where that comes before K-18.",
    ),
    visit(
        "K-17-quarterly",
        "Quarterly visits of the IRO to a home that is not registered",
        (kent("218 to 231"), "C-12"),
        Months(3),
        by=IRO,
        acts=FROM_EACH,
        duties="K-17",
    ),
    visit(
        "K-18",
        "Form of the IRO about a home that is not registered, or about which there was a concern",
        (kent("432"), "C-04"),
        Days(14),
        by=IRO,
        acts=f"{FROM_THE_REGIME} In a registered home, where a concern stood at the move.",
    ),
    Rule(
        BEFORE_THE_MOVE,
        "A purposeful form about the home counts for the move that follows within this time",
        (kent("115 to 131"), kent("182 to 200")),
        Weeks(4),
        local_default=True,
        acts="K-01 and K-11: a form made before the move meets them.",
    ),
    *(
        Rule(
            code,
            says,
            ("Care Planning Regulations, reg 33",),
            limit,
            sets=MaySet.NOTHING,
            acts="The day of a review that nobody has scheduled yet, for K-01, K-05, K-17 and K-18.",
        )
        for code, says, limit in (
            (FIRST_REVIEW, "The first review is held within this time of becoming looked after", WorkingDays(20)),
            (SECOND_REVIEW, "The second review is held within this time of the first", Months(3)),
            (LATER_REVIEW, "Every later review is held within this time of the one before", Months(6)),
        )
    ),
)


class Regime(Enum):
    """Which schedule holds: it hangs on whether the home has the full approval of the regulator that its type needs."""

    REGISTERED = "registered"
    UNREGISTERED = "not registered"


class CountedFrom(Enum):
    """What a limit of the schedule is counted from; a review is no limit: the visit is due on its day."""

    REGIME = "the day on which the regime began"
    LAST_VISIT = "the last visit of the role"
    FIRST_REVIEW = "the first review after the regime began"
    SECOND_REVIEW = "the second review after the regime began"


@dataclass(frozen=True, slots=True)
class Standing:
    """What holds for one role on a day, as far as the schedule hangs on it."""

    regime: Regime
    since: date
    """The day from which the regime is counted."""
    after_loss: bool
    """Did it begin later than the placement, when the home lost its registration?"""
    concern_at_start: bool
    reviews: ReviewsAfter
    """The first and the second review after `since`."""
    visits: int
    """How many days with a visit of the role there were since then."""
    last_visit: date | None
    weekly_until: date
    """The first day on which a visit can end the weekly visits (K-12)."""

    @property
    def visits_in_weekly_time(self) -> int:
        """How many visits after the first are weekly at least: one for each week."""
        return (self.weekly_until - self.since).days // 7


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the schedule: what a role owes, under a regime, where it applies."""

    regime: Regime
    role: Role
    applies: Callable[[Standing], bool]
    due: tuple[tuple[str, CountedFrom], ...]
    """Each rule with what it is counted from; the earliest day counts."""
    only_after_first_review: bool = False
    """Is the visit satisfied only by one that is made later than the first review?"""


def no_visit_yet(standing: Standing) -> bool:
    """The role has not visited since the regime began."""
    return standing.last_visit is None


def no_visit_since_the_loss(standing: Standing) -> bool:
    """The home lost its registration while the child lived there, and the role has not visited since."""
    return standing.after_loss and standing.last_visit is None


def no_form_for_the_concern_yet(standing: Standing) -> bool:
    """A concern stood when the child moved in, and the role has not visited since."""
    return standing.concern_at_start and standing.last_visit is None


def not_later_than_first_review(standing: Standing) -> bool:
    """The last visit, if there was one, was on or before the first review."""
    return standing.last_visit is None or standing.last_visit <= standing.reviews.first.on


def in_weekly_time(standing: Standing) -> bool:
    """The weekly visits after the first are not all made, or were made too soon for the weeks to be over."""
    if standing.last_visit is None:
        return False
    return standing.visits - 1 < standing.visits_in_weekly_time or standing.last_visit < standing.weekly_until


def otherwise(standing: Standing) -> bool:
    """Every other time."""
    return True


REGISTERED, UNREGISTERED = Regime.REGISTERED, Regime.UNREGISTERED
OF_REGIME, LAST_VISIT = CountedFrom.REGIME, CountedFrom.LAST_VISIT
REVIEW_1, REVIEW_2 = CountedFrom.FIRST_REVIEW, CountedFrom.SECOND_REVIEW
FORM_OF_IRO: Final = (("K-18", OF_REGIME), ("K-17", REVIEW_1))

SCHEDULE: Final = (
    Row(REGISTERED, SW, no_visit_yet, (("K-01", REVIEW_1), ("C-39", OF_REGIME))),
    Row(REGISTERED, SW, otherwise, (("K-02", LAST_VISIT),)),
    Row(REGISTERED, IRO, no_form_for_the_concern_yet, FORM_OF_IRO),
    Row(REGISTERED, IRO, not_later_than_first_review, (("K-05", REVIEW_2), ("C-49", OF_REGIME)), True),
    Row(REGISTERED, IRO, otherwise, (("K-06", LAST_VISIT),)),
    Row(UNREGISTERED, SW, no_visit_since_the_loss, (("K-11-after-loss", OF_REGIME),)),
    Row(UNREGISTERED, SW, no_visit_yet, (("K-11", OF_REGIME),)),
    Row(UNREGISTERED, SW, in_weekly_time, (("K-12", LAST_VISIT),)),
    Row(UNREGISTERED, SW, otherwise, (("K-13", LAST_VISIT),)),
    Row(UNREGISTERED, IRO, no_visit_yet, FORM_OF_IRO),
    Row(UNREGISTERED, IRO, otherwise, (("K-17-quarterly", LAST_VISIT),)),
    Row(UNREGISTERED, SM, no_visit_yet, (("K-16", OF_REGIME),)),
    Row(UNREGISTERED, SM, otherwise, (("K-16-yearly", LAST_VISIT),)),
    Row(UNREGISTERED, COMMISSIONING, no_visit_yet, (("K-15", OF_REGIME),)),
)
"""Commissioning visits once, and neither Commissioning nor the service manager owes a visit to a registered home."""

ROLES: Final = (SW, IRO, SM, COMMISSIONING)
ROWS: Final = {
    (regime, role): tuple(row for row in SCHEDULE if row.regime is regime and row.role is role)
    for regime in Regime
    for role in ROLES
}
"""The rows of each role under each regime."""
VARIED: Final = "K-13"
"""The rule in whose place another interval can be agreed with the IRO."""
FORM_ALONE: Final = frozenset({COMMISSIONING})
"""Roles whose form is about the home alone: the child need not be seen."""

declare(RULES, about="Purposeful visits")
