"""The rules of statutory visits: what each asks for, how soon, and who says so.

RULES lists every rule with its source and its limit. INTERVALS says which of them holds on a day: read it from top to
bottom, the first row that applies is taken. A row has two columns, as the regulations have: the rule until the first
review since the placement began is held, and the rule from then on (C-40). Each column names a rule of its own, so that
an authority can set each interval; the duty shows the row's code. A row whose rule is not in force on a day is passed
over on that day.

The limits on top (a full care order made at home, a regulator's notice) are rules as well; of two that fall on one day,
the one that stands first in LIMITS_ON_TOP is shown.

Source: Care Planning, Placement and Case Review (England) Regulations 2010, reg 28 and 29, as `timescales.md` section 7
restates them; decisions C-35, C-38, C-40, C-41. The regulations are in force since 1 April 2011; a rule without a first day
is also used for older placements of imported files.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from accounts.roles import Role
from casework.limits import Days, Limit, Months, Weeks
from casework.procedures import MaySet, Rule, declare
from children.states import LegalCode
from placements.states import Setting
from visits.clocks.facts import FOSTER_HOMES

FIRST_YEAR: Final = Months(12)
"""Reg 28(2)(b) speaks of the first year of the placement; the day of the anniversary lies after it."""

AMENDED_2015: Final = date(2015, 4, 1)
"""SI 2015/495: longer intervals for a child who agrees, in long-term foster care."""


def regulation(paragraph: str) -> tuple[str, ...]:
    """A paragraph of the care planning regulations, as the pages cite it."""
    return (f"Care Planning Regulations, reg {paragraph}",)


TEMPORARY = "Visits while the carer is temporarily approved, or under an interim care order at home with a parent"
UNAPPROVED = "Visits while a connected person cares for the child without any approval"
BEFORE_ASSESSMENT = "Visits to a child placed with a parent before the assessment is complete"

VISITORS: Final = (Role.SOCIAL_WORKER,)
FROM_EACH_VISIT: Final = "From each visit at which the child was seen, to the next."
BEFORE_REVIEW: Final = f"{FROM_EACH_VISIT} Until the first review since the placement began is held."
AFTER_REVIEW: Final = f"{FROM_EACH_VISIT} Once the first review since the placement began is held."
LAW_ASKS_FOR: Final = "The law asks for a visit at least every 6 weeks (L-02)."


def visit(code: str, says: str, cites: tuple[str, ...], limit: Limit, acts: str, **more: Any) -> Rule:
    """A rule that makes a visit due."""
    return Rule(code, says, cites, limit, owed_by=VISITORS, acts=acts, **more)


RULES: Final = (
    visit("L-01", "First visit after a move", regulation("28(2)(a)"), Weeks(1), "From the day of every move."),
    visit("L-02", "Visits in the first year of a placement", regulation("28(2)(b)"), Weeks(6), FROM_EACH_VISIT),
    visit("L-03", "Visits after the first year of a placement", regulation("28(2)(c)"), Weeks(6), FROM_EACH_VISIT),
    visit(
        "L-03-long-term",
        "Visits after the first year of a placement that is meant to last until 18",
        regulation("28(2)(c)"),
        Months(3),
        FROM_EACH_VISIT,
        duties="L-03",
    ),
    visit(
        "L-04",
        "Visits after the first year in a foster home, where the child agrees to fewer",
        regulation("28(3A)"),
        Months(6),
        FROM_EACH_VISIT,
        since=AMENDED_2015,
    ),
    visit("L-05", f"{BEFORE_ASSESSMENT}, until the first review", regulation("28(3)"), Weeks(1), BEFORE_REVIEW),
    visit(
        "L-05-after-review",
        f"{BEFORE_ASSESSMENT}, after the first review",
        regulation("28(3)"),
        Weeks(6),
        AFTER_REVIEW,
        duties="L-05",
    ),
    visit("L-06", f"{TEMPORARY}, until the first review", regulation("28(4)"), Weeks(1), BEFORE_REVIEW),
    visit(
        "L-06-after-review",
        f"{TEMPORARY}, after the first review",
        regulation("28(4)"),
        Weeks(4),
        AFTER_REVIEW,
        duties="L-06",
    ),
    visit(
        "L-07",
        "Visits under a full care order at home with a parent",
        regulation("28(5)"),
        Weeks(6),
        FROM_EACH_VISIT,
    ),
    visit(
        "L-07-order",
        "Visit after a full care order made while at home with a parent",
        regulation("28(5)"),
        Weeks(1),
        "From the day of the order, until a visit is made.",
        duties="L-07",
    ),
    visit(
        "L-08",
        "Visit after a regulator’s notice of concern about the home",
        regulation("28(6) to (8)"),
        Weeks(1),
        "From the day of the notice, for every child who lives there, until a visit is made.",
    ),
    visit(
        "L-08-request",
        "Visit asked for by the child, a parent, the carer or the IRO",
        regulation("28(6) to (8)"),
        Days(7),
        "From the request, where no other day was agreed; met by the next visit at which the child is seen.",
        local_default=True,
    ),
    Rule(
        "L-08b",
        "The child is seen alone at each visit, or the reason why not is recorded",
        regulation("29"),
        acts="The page on which a visit is recorded asks for it. It makes nothing due.",
    ),
    Rule(
        "C-35",
        "A visit at which the child is not seen is recorded; the visit stays due",
        ("Decision C-35",),
        acts="Every clock of visits: such a visit meets none.",
    ),
    visit(
        "C-38",
        f"{UNAPPROVED}, until the first review",
        ("Decision C-38",),
        Days(7),
        BEFORE_REVIEW,
        local_default=True,
        at_most=Weeks(6),
        at_most_because=LAW_ASKS_FOR,
    ),
    visit(
        "C-38-after-review",
        f"{UNAPPROVED}, after the first review",
        ("Decision C-38",),
        Days(28),
        AFTER_REVIEW,
        duties="C-38",
        local_default=True,
        at_most=Weeks(6),
        at_most_because=LAW_ASKS_FOR,
    ),
    Rule(
        "C-41",
        "A Personal Adviser’s visit counts as the social worker’s",
        ("Decision C-41",),
        local_default=True,
        sets=MaySet.SWITCH,
        acts="Every clock of visits: where it does not hold, a Personal Adviser’s visit is recorded and meets none.",
    ),
)


@dataclass(frozen=True, slots=True)
class Basis:
    """What is in force on a day, as far as the interval of statutory visits hangs on it."""

    setting: str
    legal_status: str
    temporary_approval: bool
    carer_approved: bool
    reg19: bool
    meant_to_last_to_18: bool
    fewer_visits_agreed: bool
    started_on: date
    """The day on which the placement began."""
    first_year_until: date
    """The first day after the first year of the placement."""
    review_held_on: date | None
    """The day of the first review held later than the day the placement began (C-40); None while none was."""

    @property
    def with_parent(self) -> bool:
        """Does the child live with a parent?"""
        return self.setting == Setting.PARENT


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the table of intervals: on what basis, and how far apart the visits are."""

    code: str
    until_review: str
    """The rule whose limit holds until the first review since the placement began is held."""
    after_review: str
    """The rule whose limit holds from the day of that review on."""
    applies: Callable[[Basis, date], bool]
    """Asked with the facts in force and the day of the last visit (which alone decides the first year)."""

    def rule(self, basis: Basis) -> str:
        """The rule of the column that holds."""
        return self.after_review if basis.review_held_on else self.until_review


def temporary_approval_or_interim_order_at_home(basis: Basis, last_visit: date) -> bool:
    """Row 1: reg 24/25, or an interim care order while living with a parent."""
    return basis.temporary_approval or (basis.legal_status == LegalCode.C1 and basis.with_parent)


def connected_person_without_approval(basis: Basis, last_visit: date) -> bool:
    """Row 2: temporary approval is row 1, so what is left is no approval at all."""
    return basis.setting == Setting.CONNECTED_PERSON and not basis.carer_approved


def parent_before_assessment(basis: Basis, last_visit: date) -> bool:
    """Row 3: reg 19."""
    return basis.reg19


def full_order_at_home(basis: Basis, last_visit: date) -> bool:
    """Row 4: a full care order while living with a parent."""
    return basis.legal_status == LegalCode.C2 and basis.with_parent


def first_year(basis: Basis, last_visit: date) -> bool:
    """Row 5: the last visit was made in the first year of the placement."""
    return last_visit < basis.first_year_until


def foster_home_with_fewer_visits(basis: Basis, last_visit: date) -> bool:
    """Row 6: a foster home, connected persons included, and the child agrees to fewer visits."""
    return basis.setting in FOSTER_HOMES and basis.fewer_visits_agreed


def meant_to_last(basis: Basis, last_visit: date) -> bool:
    """Row 7: the placement is meant to last until 18."""
    return basis.meant_to_last_to_18


def otherwise(basis: Basis, last_visit: date) -> bool:
    """Row 8: every other placement after its first year."""
    return True


INTERVALS: Final = (
    Row("L-06", "L-06", "L-06-after-review", temporary_approval_or_interim_order_at_home),
    Row("C-38", "C-38", "C-38-after-review", connected_person_without_approval),
    Row("L-05", "L-05", "L-05-after-review", parent_before_assessment),
    Row("L-07", "L-07", "L-07", full_order_at_home),
    Row("L-02", "L-02", "L-02", first_year),
    Row("L-04", "L-04", "L-04", foster_home_with_fewer_visits),
    Row("L-03", "L-03-long-term", "L-03-long-term", meant_to_last),
    Row("L-03", "L-03", "L-03", otherwise),
)


@dataclass(frozen=True, slots=True)
class LimitOnTop:
    """Something that asks for a visit soon, whatever the interval."""

    code: str
    rule: str
    says: str
    """What happened, as the sentence names it: "within 1 week of ... on 4 March 2026"."""
    fact: str
    """What happened, as the list of facts names it."""


NOTICE_OF_CONCERN: Final = LimitOnTop(
    "L-08", "L-08", "the regulator’s notice of concern about the home", "Notice of concern about the home"
)
CARE_ORDER_AT_HOME: Final = LimitOnTop(
    "L-07", "L-07-order", "the full care order made while living with a parent", "Full care order"
)
LIMITS_ON_TOP: Final = (NOTICE_OF_CONCERN, CARE_ORDER_AT_HOME)

FIRST_VISIT: Final = "L-01"
ASKED_FOR: Final = "L-08-request"
ADVISER_COUNTS: Final = "C-41"

declare(RULES, about="Visits to the child")
