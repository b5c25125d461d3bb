"""The facts of an arrangement on one day, under the rules in force: the questions that the decision table asks.

Every question is about the day; an answer in days is a local day (Europe/London), and "last" days are inclusive.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from casework.limits import WorkingDays, local_day, start_of
from casework.procedures import RulesInForce
from children.ages import birthday
from placements.arrangement import (
    NEXT_DAY,
    REGULATOR_OF,
    Approval,
    ArrangementFacts,
    BeforeAssessment,
    LegalBasis,
    Registration,
    Span,
)
from placements.secure import REMANDED
from placements.states import ApprovalKind, ListedSetting, RegistrationStatus, Regulator
from placements.temporary import TEMPORARY, end_of

APPROVED: Final = (ApprovalKind.APPROVED,)

ONLY_FROM_16: Final = (ListedSetting.FURTHER_EDUCATION, ListedSetting.ACADEMY_16_TO_19)

NO_STATUS: Final = LegalBasis(date.min, "")


@dataclass(frozen=True, slots=True)
class Situation:
    """One arrangement on one day."""

    facts: ArrangementFacts
    day: date
    rules: RulesInForce

    # The rules

    def is_in_force(self, code: str, on: date | None = None) -> bool:
        """Does a rule of this code hold on a day, the day asked about unless another is given?"""
        return any(rule.holds_on(on or self.day) for rule in self.rules.rules.get(code, ()))

    def last_day(self, code: str, counted_from: date, started_on: date | None = None) -> date:
        """The last day of a rule's limit; `counted_from` is day 0. The rule is the one in force at the start."""
        limit = self.rules.limit(code, on=started_on or counted_from)
        return local_day(limit.after(start_of(counted_from))) - NEXT_DAY

    def last_day_of_period(self, code: str, from_on: date) -> date:
        """The last day of a period that begins on a day and is as long as a rule's limit.

        A period of weeks counts its first day (`processes.md` §2: 16 weeks are over on day 112); working days do not.
        """
        last = self.last_day(code, from_on)
        return last if isinstance(self.rules.limit(code, on=from_on), WorkingDays) else last - NEXT_DAY

    # The child's age

    def is_younger_than(self, years: int) -> bool:
        """Has the child not yet reached this age?"""
        return self.day < birthday(self.facts.born_on, years)

    def is_adult(self) -> bool:
        """18, from the first minute of the birthday."""
        return not self.is_younger_than(18)

    def counts_as_under_16(self) -> bool:
        """Does the list for children under 16 bind? It does not for a child who is here with a looked-after parent."""
        return self.is_younger_than(16) and not any_covers(self.facts.with_looked_after_parent, self.day)

    def list_binds(self) -> bool:
        """Is there, on this day, a closed list of other arrangements for a child of this age?"""
        return self.is_in_force("E-07" if self.counts_as_under_16() else "E-08")

    def list_does_not_bind_yet(self) -> bool:
        """Is this before the closed list for the child's age?"""
        return not self.list_binds()

    def list_for_under_16_binds(self) -> bool:
        """Under 16, since the closed list for under 16."""
        return self.counts_as_under_16() and self.list_binds()

    # Living with a parent

    def legal_code(self) -> str:
        """The code of the legal status; empty where none is recorded."""
        return max((row for row in self.facts.legal if row.from_on <= self.day), key=_from_on, default=NO_STATUS).code

    def is_accommodated(self) -> bool:
        """Section 20: nobody can be placed with the parent from whom the authority accommodates them (C-20)."""
        return self.legal_code() in ("V2", "V3", "V4")

    def has_no_legal_status(self) -> bool:
        """No legal status is recorded."""
        return not self.legal_code()

    def is_not_in_care(self) -> bool:
        """Any other status than a care order: police protection, an emergency order, remand, a placement order."""
        return self.legal_code() not in ("C1", "C2")

    def is_decided(self) -> bool:
        """Has the nominated officer's decision to place with the parent taken effect, also by the end of a reg 19 stay?"""
        decided_on = (self.facts.with_parent_decided_on, *(stay.to_on for stay in self.facts.before_assessment))
        return any(day is not None and day <= self.day for day in decided_on)

    def stay_before_assessment(self) -> BeforeAssessment | None:
        """The stay under reg 19 that is still waiting for its decision."""
        if self.is_decided():
            return None
        return next((stay for stay in self.facts.before_assessment if stay.covers(self.day)), None)

    def waits_for_decision(self) -> bool:
        """Placed before the assessment (reg 19), the decision still to come."""
        return self.stay_before_assessment() is not None

    def assessment_due_on(self) -> date | None:
        """The last day for the assessment in a stay under reg 19; None where there is no such stay."""
        stay = self.stay_before_assessment()
        return self.last_day("L-16", stay.from_on) if stay else None

    def assessed_on(self) -> date | None:
        """The day on which the assessment in a stay under reg 19 was complete; None where that is not recorded."""
        stay = self.stay_before_assessment()
        return stay.assessed_on if stay else None

    def decision_due_on(self) -> date | None:
        """The last day for the decision on a stay under reg 19; None where there is no such stay."""
        stay = self.stay_before_assessment()
        return self.last_day_of_stay(stay) if stay else None

    def decision_is_late(self) -> bool:
        """Has the last day for the decision on a stay under reg 19 passed?"""
        due_on = self.decision_due_on()
        return due_on is not None and due_on < self.day

    def last_day_of_stay(self, stay: BeforeAssessment) -> date:
        """10 working days for the assessment, and 10 from its completion for the decision (L-16).

        An assessment that came late, or is not recorded, counts from the last day on which it could be complete.
        """
        assess_by = self.last_day("L-16", stay.from_on)
        return self.last_day("L-16b", min(stay.assessed_on or assess_by, assess_by), stay.from_on)

    # The carer's approval

    def approval_is_not_recorded(self) -> bool:
        """Nobody has recorded whether the carer is approved."""
        return self.facts.approvals is None

    def end_of(self, approval: Approval) -> date | None:
        """The first day on which an approval no longer holds: as recorded, but never later than the law allows."""
        return end_of(approval, self.rules)

    def live(self, kinds: tuple[ApprovalKind, ...]) -> Approval | None:
        """An approval of these kinds that holds."""
        for approval in self.facts.approvals or ():
            if approval.kind in kinds and approval.from_on <= self.day and not self._is_over(approval):
                return approval
        return None

    def _is_over(self, approval: Approval) -> bool:
        end = self.end_of(approval)
        return end is not None and end <= self.day

    def last_day_with(self, kinds: tuple[ApprovalKind, ...]) -> date | None:
        """The last day of the unbroken time with approvals of these kinds; None where no end is known."""
        approval = self.live(kinds)
        if approval is None:
            return None
        end = self.end_of(approval)
        spans = [(row.from_on, self.end_of(row)) for row in self.facts.approvals or () if row.kind in kinds]
        for from_on, next_end in sorted(spans, key=lambda span: span[0]):
            if end is not None and from_on <= end:
                end = None if next_end is None else max(end, next_end)
        return end - NEXT_DAY if end else None

    def is_approved_until_a_day(self) -> bool:
        """The carer is an approved foster carer, and the day on which that ends is known."""
        return self.last_approved_day() is not None

    def is_approved(self) -> bool:
        """The carer is an approved foster carer."""
        return self.live(APPROVED) is not None

    def last_approved_day(self) -> date | None:
        """The last day on which the carer is approved as a foster carer."""
        return self.last_day_with(APPROVED)

    def is_temporarily_approved(self) -> bool:
        """Reg 24 or 25 approval is live."""
        return self.live(TEMPORARY) is not None

    def last_temporary_day(self) -> date | None:
        """The last day of the temporary approval with its recorded extensions."""
        return self.last_day_with(TEMPORARY)

    def is_extended_for_review(self) -> bool:
        """Temporary approval goes on until the independent review is decided, on a day not known yet (reg 25(3))."""
        return self.is_temporarily_approved() and self.last_temporary_day() is None

    def is_approved_as_anybody_could_be(self) -> bool:
        """Temporary approval with a known end that began while no connection with the child was asked for."""
        approval = self.live((ApprovalKind.TEMPORARY,)) if self.last_temporary_day() else None
        return approval is not None and self.is_in_force("L-18-anyone", on=approval.from_on)

    def temporary_approval_ran_out(self) -> bool:
        """Temporary approval ended in the course of the arrangement, and was the carer's last approval (reg 25(6))."""
        return self.temporary_approval_ran_out_on() is not None

    def temporary_approval_ran_out_on(self) -> date | None:
        """The last day of the temporary approval, where it ended in the course of the arrangement and none followed."""
        over = [(end, row.kind) for row in self.facts.approvals or () if (end := self.end_of(row)) and end <= self.day]
        end, kind = max(over, default=(date.min, None), key=lambda row: row[0])
        return end - NEXT_DAY if kind in TEMPORARY and self.facts.started_on < end else None

    def stay_outside_terms(self) -> Span | None:
        """The emergency in which an approved foster carer has a child whom the terms do not cover (reg 23)."""
        if not self.is_approved():
            return None
        return next((stay for stay in self.facts.outside_terms if stay.covers(self.day)), None)

    def is_outside_terms(self) -> bool:
        """The terms of the carer's approval do not cover this arrangement, within the emergency's limit or past it."""
        return self.stay_outside_terms() is not None

    def last_emergency_day(self) -> date | None:
        """The last day on which an emergency outside the carer's terms may go on; None where there is none."""
        stay = self.stay_outside_terms()
        return self.last_day_of_period("L-17", stay.from_on) if stay else None

    def is_outside_terms_too_long(self) -> bool:
        """Is the time for an emergency outside the carer's terms over, and the child still here?"""
        last = self.last_emergency_day()
        return last is not None and last < self.day

    # The home

    def is_listed_place(self) -> bool:
        """A place on the law's lists that no setting names."""
        return self.facts.listed_as is not None

    def is_listed_for_older(self) -> bool:
        """Under 16, since the closed list, in a place that is listed for 16 and 17 only."""
        return self.facts.listed_as in ONLY_FROM_16 and self.list_for_under_16_binds()

    def registration(self) -> Registration | None:
        """Where the home stands with a regulator; None where nothing is recorded."""
        rows = (row for row in self.facts.registrations if row.from_on <= self.day)
        return max(rows, key=_from_on, default=None)

    def registration_is_not_recorded(self) -> bool:
        """Nothing is recorded of the home's registration."""
        return self.registration() is None

    def is_registered(self) -> bool:
        """Fully registered with the regulator that its type needs (C-42)."""
        row = self.registration()
        needed = self.facts.regulator or REGULATOR_OF.get(self.facts.setting, Regulator.OFSTED)
        return row is not None and row.status == RegistrationStatus.REGISTERED and row.regulator == needed

    def is_under_16_and_registered(self) -> bool:
        """Under 16, and here all the same as the child of a looked-after parent, in a registered place."""
        return self.is_younger_than(16) and self.is_registered()

    def has_applied(self) -> bool:
        """The home has applied, and is not registered yet."""
        row = self.registration()
        return row is not None and row.status in (RegistrationStatus.APPLIED, RegistrationStatus.TRANSITIONAL)

    def was_accepted_in_time(self) -> bool:
        """Accepted by the day on which registration became compulsory (E-08), and not decided yet."""
        row = self.registration()
        if row is None or row.accepted_on is None or not self.has_applied():
            return False
        compulsory_from = min((rule.since for rule in self.rules.rules.get("E-08", ()) if rule.since), default=None)
        return compulsory_from is not None and row.accepted_on <= compulsory_from

    def is_transitional_without_date(self) -> bool:
        """Said to have applied in time, but the day of acceptance is not recorded."""
        row = self.registration()
        return row is not None and row.status == RegistrationStatus.TRANSITIONAL and row.accepted_on is None

    def is_not_registered(self) -> bool:
        """Recorded as not registered, or as registered with another regulator than its type needs."""
        return not self.registration_is_not_recorded() and not self.is_registered()

    def is_recorded_as_unregistered(self) -> bool:
        """Recorded as not registered with anybody."""
        row = self.registration()
        return row is not None and row.status == RegistrationStatus.UNREGISTERED

    # What is missing to be sure, in plain words

    def decision_if_missing(self) -> tuple[str, ...]:
        """The decision that comes before a child in care goes to a parent."""
        return () if self.is_decided() else ("the nominated officer’s decision to place with the parent, and its day",)

    def secure_authority_if_missing(self) -> tuple[str, ...]:
        """What must stand behind keeping a child in secure accommodation; shown, never counted against the home."""
        approved_on = self.facts.secretary_of_state_approved_on
        is_asked = self.is_younger_than(13) and self.legal_code() not in REMANDED
        is_approved = not is_asked or (approved_on is not None and approved_on <= self.day)
        covered = any_covers(self.facts.secure_authority, self.day)
        order = "the court’s order, the remand or the other authority for secure accommodation"
        approval = "the Secretary of State’s approval (under 13)"
        return (*(() if covered else (order,)), *(() if is_approved else (approval,)))


def any_covers(spans: Iterable[Span], day: date) -> bool:
    """Is one of these in force on this day?"""
    return any(span.covers(day) for span in spans)


def _from_on(row: LegalBasis | Registration) -> date:
    return row.from_on
