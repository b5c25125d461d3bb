"""The dated facts of one arrangement: everything that regulation and lawfulness hang on.

Whoever gathers them leaves nothing out that is on record and known by now; ends that lie ahead (a temporary approval
granted until June) are facts too. Oversight is no fact here: a signature never changes what is lawful (C-00), and
neither does an order that restricts liberty (eligibility §2 row 11).

Days are local (Europe/London), moments aware. A period holds from `from_on`, inclusive, up to but not on `to_on`;
without `to_on` it has no recorded end. What has no end of its own holds until the next one of its kind.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from casework.limits import local_day
from placements.states import ApprovalKind, ListedSetting, RegistrationStatus, Regulator, Setting

NEXT_DAY: Final = timedelta(days=1)

REGULATOR_OF: Final = {
    Setting.CHILDRENS_HOME: Regulator.OFSTED,
    Setting.SECURE_HOME: Regulator.OFSTED,
    Setting.SUPPORTED_ACCOMMODATION: Regulator.OFSTED,
    Setting.FAMILY_CENTRE: Regulator.OFSTED,
    Setting.CARE_HOME: Regulator.CQC,
}
"""The regulator that a type needs where the home's record names none (C-42)."""


@dataclass(frozen=True, slots=True)
class Span:
    """Days between which something is in force."""

    from_on: date
    to_on: date | None = None

    def covers(self, day: date) -> bool:
        """Is it in force on this day?"""
        return self.from_on <= day and (self.to_on is None or day < self.to_on)


@dataclass(frozen=True, slots=True)
class LegalBasis:
    """The child's legal status (code of the statutory return) from a day until the next one."""

    from_on: date
    code: str


@dataclass(frozen=True, slots=True)
class Approval(Span):
    """A period in which the carer is approved for this child, and on what footing."""

    kind: ApprovalKind = ApprovalKind.APPROVED


@dataclass(frozen=True, slots=True)
class Registration:
    """Where the home stands with a regulator, from a day until the next one."""

    from_on: date
    status: RegistrationStatus
    regulator: Regulator = Regulator.OFSTED
    accepted_on: date | None = None
    """The day on which the regulator accepted the application, where that is recorded."""


@dataclass(frozen=True, slots=True)
class BeforeAssessment(Span):
    """A stay with a parent under reg 19: begun before the assessment was complete, until the decision (`to_on`)."""

    assessed_on: date | None = None


@dataclass(frozen=True, slots=True)
class ArrangementFacts:
    """Everything about one arrangement that regulation and lawfulness hang on."""

    born_on: date
    setting: Setting
    started_at: datetime
    ended_at: datetime | None = None
    legal: tuple[LegalBasis, ...] = ()
    approvals: tuple[Approval, ...] | None = None
    """What is on record of the carer's approval: () where there is none, None where nobody has recorded it (D-08)."""
    registrations: tuple[Registration, ...] = ()
    regulator: Regulator | None = None
    """The regulator that the home's type needs; None for the usual one of its setting (REGULATOR_OF)."""
    listed_as: ListedSetting | None = None
    """Set where the place is on the law's lists without being a setting of its own."""
    with_parent_decided_on: date | None = None
    """The day from which a nominated officer's decision to place with the parent holds (reg 18, or 19 at its end)."""
    before_assessment: tuple[BeforeAssessment, ...] = ()
    outside_terms: tuple[Span, ...] = ()
    """When the child is here in an emergency that the terms of the carer's approval do not cover (reg 23)."""
    with_looked_after_parent: tuple[Span, ...] = ()
    """When the child lives here with a parent of 16 or 17 who is looked after (reg 27B)."""
    secure_authority: tuple[Span, ...] = ()
    """When an order, a remand or another authority for secure accommodation is recorded."""
    secretary_of_state_approved_on: date | None = None
    """The day on which the Secretary of State approved secure accommodation for a child younger than 13."""
    usual: "ArrangementFacts | None" = None
    """For a short stay elsewhere (Setting.TEMPORARY): the usual home, which still stands for the child."""

    @property
    def started_on(self) -> date:
        """The local day on which it began."""
        return local_day(self.started_at)

    @property
    def ended_on(self) -> date | None:
        """The first day without it; at the earliest the day after it began. None while no end is known."""
        return max(local_day(self.ended_at), self.started_on + NEXT_DAY) if self.ended_at else None
