"""A case discussion as the pages of the chain show it: loaded for whoever may see the child, read as that person may."""

from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from approvals.models import CaseDiscussion
from approvals.reading import approval_as_read
from approvals.record.parts import ACTIONS
from approvals.rulebook import FOUR
from casework.meetings.panels import actions_beside
from children.access import sight_of
from children.identity import identity_bar
from children.permissions import loaded_in_scope

SHOWN = ("placement__child__case_file", "placement__carer", "placement__home", "placement__standing", "meeting", *FOUR)


def in_sight(request: HttpRequest, pk: int) -> CaseDiscussion:
    """The discussion, with all that a page shows of it; whoever sends a form mostly sees another page next."""
    shown = SHOWN if request.method != "POST" else ("placement__child",)
    return in_full_sight(request, pk, shown)


def in_full_sight(request: HttpRequest, pk: int, shown: tuple[str, ...] = SHOWN) -> CaseDiscussion:
    """The discussion, with all that a page shows of it, also where a form is sent."""
    visible = CaseDiscussion.objects.visible_to(request.user, at=request.at)
    discussion = get_object_or_404(visible.select_related(*shown), pk=pk)
    loaded_in_scope(discussion.placement.child, request.user, request.at)
    return discussion


def with_identity(request: HttpRequest, discussion: CaseDiscussion) -> dict[str, Any]:
    """What a page shows, under the bar that says whom it is about."""
    child = discussion.placement.child
    bar = identity_bar(request, child, sight_of(request.user, child, request.at))
    return {**record_read(request, discussion), "identity": bar}


def record_read(request: HttpRequest, discussion: CaseDiscussion, *, number: int | None = None) -> dict[str, Any]:
    """What page and document show; `number` asks for an earlier version."""
    sight = sight_of(request.user, discussion.placement.child, request.at)
    return approval_as_read(discussion, sight, at=request.at, by=request.user, number=number)


def with_actions(request: HttpRequest, discussion: CaseDiscussion, read: dict[str, Any]) -> dict[str, Any]:
    """What was agreed to be done, once: an action of the record stands in it, with what came of it; others beside it.

    `owed` is each row of the record's actions with the action that is owed for it. While the record can be typed, an action
    is added there.
    """
    if not discussion.meeting_id:
        return {}
    met = actions_beside(request, discussion.meeting, read["child"])
    rows = next((part.rows for part in read["parts"] if part.name == ACTIONS), ())
    owed = {row["says"]: row for row in reversed(met["agreed"])}
    in_record = {cells[0] for cells in rows}
    return {
        **met,
        "owed": [(cells, owed.get(cells[0])) for cells in rows],
        "agreed": [row for row in met["agreed"] if row["says"] not in in_record],
    }
