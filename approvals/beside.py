"""What page and document show of a case discussion beside its record: how long the approval holds and how it was renewed,
the case note, who was told and knows, what was agreed after a dissent, and the footprint on file.
"""

from typing import Any

from django.http import HttpRequest

from approvals.after_dissent import AFTER_DISSENT
from approvals.footprint_read import facts_of, footprint_read, owed_about, papers_of, says_why_not
from approvals.models import CaseDiscussion
from approvals.renewals import RENEWALS
from approvals.states import SIGNED, ApprovedAs
from approvals.telling import tellings
from casework.events import label_of
from casework.meetings.models import Meeting
from casework.meetings.panels import actions_beside
from casework.wording import due_on
from children.access import Extent, sight_of

WITHHELD = "Withheld: your role does not see what workers wrote."
TOLD_OF = {
    "feed_back": "What was agreed after the dissent",
    "communicate": "What was decided",
    "renew": "That the approval was renewed",
}


def beside(request: HttpRequest, discussion: CaseDiscussion, read: dict[str, Any]) -> dict[str, Any]:
    """Everything beside the record, as this person may read it. `read` is the record as read (`approvals.reading`)."""
    sight = sight_of(request.user, discussion.placement.child, request.at)
    narrative = sight.narrative != Extent.NO
    owed = owed_about(discussion.placement)
    return {
        "owed_now": owed,
        "holds": holds_of(discussion, request.at),
        "renewals": _renewals(discussion, narrative=narrative),
        "note": _note(discussion, narrative=narrative),
        "told": [_told(telling) for telling in tellings(discussion.taken)],
        "after_dissent": _after_dissent(request, discussion),
        "footprint": _footprint(discussion, read, owed, request.at),
    }


def holds_of(discussion: CaseDiscussion, at: Any) -> dict[str, Any] | None:
    """Until when an interim approval holds, and how often it was renewed; None where it has no end."""
    if discussion.state not in SIGNED or discussion.approved_as != ApprovedAs.INTERIM:
        return None
    given = discussion.placement.authorisations.filter(record=label_of(discussion)).order_by("starts_at")
    *renewed, last = given.values_list("ends_at", flat=True)
    return {"until": due_on(last), "is_over": last <= at, "renewed": len(renewed), "times": RENEWALS}


def _renewals(discussion: CaseDiscussion, *, narrative: bool) -> list[dict[str, Any]]:
    if discussion.state not in SIGNED or discussion.approved_as != ApprovedAs.INTERIM:
        return []
    return [
        {
            "number": renewal.number,
            "by": renewal.typed_by,
            "at": renewal.typed_at,
            "until": due_on(renewal.holds_until),
            "parts": [(part.label, text if narrative else WITHHELD) for part, text in renewal.parts],
            "is_intact": renewal.is_intact,
        }
        for renewal in discussion.renewals.select_related("typed_by")
    ]


def _note(discussion: CaseDiscussion, *, narrative: bool) -> dict[str, Any] | None:
    note = next((step for step in discussion.taken if step.name == "note"), None)
    if note is None:
        return None
    return {"by": note.by, "at": note.at, "because": note.because if narrative else WITHHELD}


def _told(telling: Any) -> dict[str, Any]:
    known = telling.known_by
    return {
        "what": TOLD_OF[telling.of.name],
        "role": telling.role.label,
        "told_at": telling.of.at,
        "by": known.by if known else None,
        "at": known.at if known else None,
    }


def _after_dissent(request: HttpRequest, discussion: CaseDiscussion) -> list[dict[str, Any]]:
    """What the two agreed after each dissent, the latest first."""
    if not any(step.name == "feed_back" for step in discussion.taken):
        return []
    met = Meeting.objects.filter(kind=AFTER_DISSENT.code, about=label_of(discussion)).select_related("case_file")
    return [actions_beside(request, meeting, discussion.placement.child) for meeting in met.order_by("-pk")]


def _footprint(discussion: CaseDiscussion, read: dict[str, Any], owed: Any, at: Any) -> dict[str, Any]:
    version = read["version"]
    why_not = says_why_not(version)
    facts = facts_of(
        discussion,
        signatures=version.signatures.all() if version else (),
        steps=discussion.taken,
        papers=() if why_not else papers_of([discussion.placement])[discussion.placement_id],
        says_why_not=why_not,
    )
    return footprint_read(facts, owed, at=at)
