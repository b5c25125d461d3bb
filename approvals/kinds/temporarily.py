"""The fact that a decision leaves about a carer: an approval for a time, from a day up to a day. Reg 24, 25.

Each child has decisions of its own. The approval is the carer's: where the same is decided for a brother or sister, the
decision joins the time that runs already, and neither begins it anew nor lengthens it.
"""

from datetime import date, datetime
from typing import Any

from casework.limits import local_day, start_of
from casework.rules_in_force import rules_in_force
from placements.arrangement import NEXT_DAY, Approval
from placements.models import CarerApproval
from placements.states import ApprovalKind
from placements.temporary import TemporaryTime, last_day_allowed, temporary_time_on


def approvals_of(carer: Any) -> list[Approval]:
    """What is on record of a carer's approval, as the rules take it."""
    return [Approval(row.from_on, row.to_on, ApprovalKind(row.kind)) for row in carer.approvals.all()]


def temporary_time_of(person: Any, at: datetime) -> TemporaryTime | None:
    """The temporary approval of a connected person that holds at a moment."""
    return temporary_time_on(local_day(at), approvals_of(person.carer), rules_in_force())


def named_day(content: Any) -> date | None:
    """The last day that the record names; None where it leaves the full time that the law allows."""
    return date.fromisoformat(content["until"]) if content.get("until") else None


def said_yes_on(decision: Any, at: datetime) -> date:
    """The day from which a decision counts: that of the telephone call, or of the signature where nobody called."""
    return local_day(decision.said_at or at)


def joined(time: TemporaryTime) -> datetime | None:
    """The moment at which a time that runs already is over; None while it waits for a review."""
    return start_of(time.to_on) if time.to_on else None


def approve(decision: Any, kind: ApprovalKind, from_on: date, last_on: date | None, by: Any, at: datetime) -> Any:
    """Write the approval; the moment from which it holds no longer, None while it waits for a review.

    Of an arrangement whose approval an import had left open it is now known.
    """
    carer = decision.connected_person.carer
    last_on = last_on or last_day_allowed(kind, from_on, rules_in_force())
    to_on = last_on + NEXT_DAY if last_on else None
    CarerApproval.objects.create(carer=carer, kind=kind, from_on=from_on, to_on=to_on, decided_by=str(by))
    decision.child.placements.filter(carer=carer, approval_recorded=False).update(
        approval_recorded=True, approval_recorded_at=at
    )
    return start_of(to_on) if to_on else None
