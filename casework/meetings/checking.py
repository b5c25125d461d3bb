"""What the digest under minutes tells: which meeting they are of, and whether they still stand so."""

from datetime import datetime
from typing import Any

from casework.digests import Told
from casework.links import link_to
from casework.meetings.documents import mark_of_minutes
from casework.meetings.models import Meeting


def tell_of_minutes(version: int, user: Any, at: datetime) -> Told | None:
    """What a person may know of one version of the minutes of a meeting."""
    meeting = Meeting.objects.visible_to(user, at=at).filter(minutes=version).select_related("case_file").first()
    if meeting is None:
        return None
    minutes = meeting.minutes.select_related("typed_by").get(pk=version)
    return Told(
        title=f"Minutes of meeting {meeting.pk}: {meeting.of_kind.title}",
        about=str(meeting.case),
        url=link_to("meetings:meeting", meeting.pk),
        version=minutes,
        mark=mark_of_minutes(meeting, minutes),
        stands=meeting.get_state_display(),
    )
