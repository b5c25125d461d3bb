"""The temporary approval of a connected person, counted: how long it may last, and how much of it is left.

Pure: approvals, days and the rules in force in, answers out. An approval of weeks counts its first day: 16 weeks are over
on day 112, 24 with an extension on day 168. The rule is that of the day on which the approval or the extension began, so
that an approval begun between 24 April and 25 September 2020 lasts as long as the law of those months allowed.

Source: Care Planning Regulations, reg 24 and 25; L-18 to L-20.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from casework.limits import local_day, start_of
from casework.procedures import RulesInForce
from placements.arrangement import NEXT_DAY, Approval
from placements.states import ApprovalKind

LONGEST: Final = {
    ApprovalKind.TEMPORARY: "L-18",
    ApprovalKind.EXTENDED: "L-19",
}
"""The rule that says how long an approval of this kind can last, whatever end is recorded."""

TEMPORARY: Final = (ApprovalKind.TEMPORARY, ApprovalKind.EXTENDED, ApprovalKind.EXTENDED_FOR_REVIEW)


@dataclass(frozen=True, slots=True)
class TemporaryTime:
    """The unbroken time in which a carer is approved temporarily: the approval, and what extended it."""

    from_on: date
    to_on: date | None
    """The first day without; None while it waits for an independent review."""
    kinds: tuple[ApprovalKind, ...]

    @property
    def last_on(self) -> date | None:
        """The last day on which it holds; None while it waits for an independent review."""
        return self.to_on - NEXT_DAY if self.to_on else None

    @property
    def is_extended(self) -> bool:
        """Was it extended once, as reg 25(2) allows?"""
        return ApprovalKind.EXTENDED in self.kinds

    def covers(self, day: date) -> bool:
        """Does it hold on a day?"""
        return self.from_on <= day and (self.to_on is None or day < self.to_on)

    def days_left(self, day: date) -> int | None:
        """The days after this one on which it still holds, 0 on its last; None while it waits for a review."""
        return (self.to_on - day).days - 1 if self.to_on else None


def last_day_allowed(kind: ApprovalKind, from_on: date, rules: RulesInForce) -> date | None:
    """The last day that the law allows to an approval that begins on a day; None where it sets none.

    The first day counts. Raises UnknownRule where the limit that is needed is not declared.
    """
    code = LONGEST.get(kind)
    return local_day(rules.limit(code, on=from_on).after(start_of(from_on))) - 2 * NEXT_DAY if code else None


def end_of(approval: Approval, rules: RulesInForce) -> date | None:
    """The first day on which an approval no longer holds: as recorded, but never later than the law allows."""
    last = last_day_allowed(approval.kind, approval.from_on, rules)
    if last is None:
        return approval.to_on
    end = last + NEXT_DAY
    return min(end, approval.to_on) if approval.to_on else end


def temporary_times(approvals: Iterable[Approval], rules: RulesInForce) -> list[TemporaryTime]:
    """The unbroken times of temporary approval, oldest first: what follows on without a gap belongs together."""
    times: list[TemporaryTime] = []
    for row in sorted((row for row in approvals if row.kind in TEMPORARY), key=lambda row: row.from_on):
        end, last = end_of(row, rules), times[-1] if times else None
        if last and (last.to_on is None or row.from_on <= last.to_on):
            to_on = None if end is None or last.to_on is None else max(end, last.to_on)
            times[-1] = replace(last, to_on=to_on, kinds=(*last.kinds, row.kind))
        else:
            times.append(TemporaryTime(row.from_on, end, (row.kind,)))
    return times


def temporary_time_on(day: date, approvals: Iterable[Approval], rules: RulesInForce) -> TemporaryTime | None:
    """The temporary approval that holds on a day; None where none does."""
    return next((time for time in temporary_times(approvals, rules) if time.covers(day)), None)
