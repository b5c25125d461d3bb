"""Minutes as a document: for whoever signs in, as that person may read them; for somebody from outside, as a copy."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from casework.document_page import answer_with
from casework.documents import Mark
from casework.meetings.states import MeetingState
from casework.wording import said_moment


def minutes_as_document(request: HttpRequest, context: dict[str, Any], name: str) -> HttpResponse:
    """The minutes with who came, what was agreed and the digest, as the reader named in `context` may have them."""
    shown = {**context, "mark": mark_of_minutes(context["meeting"], context["version"])}
    return answer_with(request, "meetings/pdf/minutes.html", shown, name)


def mark_of_minutes(meeting: Any, version: Any) -> Mark | None:
    """Why these are not the minutes as they stand; None for those that were sent round last."""
    latest = meeting.version
    if version.number < latest.number:
        return Mark("Void", f"Version {latest.number} took its place on {said_moment(latest.typed_at)}.")
    if meeting.state == MeetingState.MINUTED:
        return Mark("Draft", "Not sent round yet.")
    return None
