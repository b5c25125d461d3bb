"""The facts that can be recorded about a child, each with its form, its words and who may record it.

Read CHANGES as the menu "Record a change" on the child's page: in this order, and to each person only what that person may.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from casework.links import link_to
from casework.recording import RecordingForm
from children import forms, permissions
from children.allocators import MOVES

TEAM_ONLY = "Only the allocated worker and the workers and manager of the child’s team can record this."
MANAGERS_ONLY = (
    "Only the manager of the child’s team and the service manager of its area can record this; "
    "a director where no team holds the case, and for the reviewing officer."
)
MOVERS_ONLY = f"Only {MOVES['one'].who} can record this."


@dataclass(frozen=True, slots=True)
class Change:
    """One kind of fact: how it is asked, what it is called, and who may record it."""

    name: str
    """Of its address."""
    act: str
    label: str
    form: type[RecordingForm]
    done: str
    may: Callable[[Any, Any, datetime], bool] = permissions.may_record
    who: str = TEAM_ONLY
    lede: str = ""
    button: str = "Record"


NEW_CHILD = Change(
    "new",
    "open",
    "A child becomes looked after",
    forms.NewChildForm,
    "The child’s file is open. Next, record where the child lives.",
    may=permissions.may_open,
    who="A file is opened by the workers of the team that will hold the case.",
    lede="Use the child’s name as it is on the birth certificate.",
    button="Open the file",
)

CHANGES = (
    Change(
        "legal-status",
        "change_legal_status",
        "The legal status changed",
        forms.LegalStatusForm,
        "The legal status is recorded.",
        lede="The status before ends by itself.",
    ),
    Change(
        "review-scheduled",
        "schedule_review",
        "A review is arranged or moved",
        forms.ReviewScheduledForm,
        "The day of the review is recorded.",
        may=permissions.may_record_review,
        who=f"{TEAM_ONLY} So can the child’s reviewing officer.",
    ),
    Change(
        "review-held",
        "hold_review",
        "A review was held",
        forms.ReviewHeldForm,
        "The review is recorded.",
        may=permissions.may_record_review,
        who=f"{TEAM_ONLY} So can the child’s reviewing officer.",
    ),
    Change(
        "allocation",
        "allocate",
        "Another worker is allocated",
        forms.AllocationForm,
        "The allocation is recorded.",
        may=permissions.may_allocate,
        who=MANAGERS_ONLY,
        lede="Whoever was allocated in the same role before no longer is.",
    ),
    Change(
        "team",
        "change_team",
        "Another team takes the case",
        forms.TeamForm,
        "The change of team is recorded.",
        may=permissions.may_move,
        who=MOVERS_ONLY,
        lede="From then on the new team sees the record, and the old team does not.",
    ),
    Change(
        "name",
        "change_name",
        "The name changed",
        forms.NameForm,
        "The name is recorded. Search still finds the child by the name before.",
    ),
)


def changes_for(child: Any, request: Any) -> list[dict[str, str]]:
    """What this person may record about this child; who may is asked once for all changes of the same people."""
    allowed = {may: may(child, request.user, request.at) for may in {change.may for change in CHANGES}}
    return [
        {"label": change.label, "url": link_to(f"children:{change.act}", child.pk)}
        for change in CHANGES
        if allowed[change.may]
    ]
