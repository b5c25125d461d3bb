"""A meeting as an entry for a calendar: when it is and where to read more; nobody's name, no place, no case."""

from datetime import datetime
from typing import Any, Final

from casework import outbox
from casework.calendars import Entry, calendar_of
from casework.links import link_to
from casework.meetings.states import MeetingState

SAYS: Final = "Meeting (see Hearth)"
TOLD: Final = "What it is about, where it is and who comes is in Hearth."


def entry_of(meeting: Any, at: datetime) -> bytes:
    """The entry, as of a moment."""
    called_off = meeting.state == MeetingState.CALLED_OFF
    entry = Entry(
        name=f"meeting-{meeting.pk}",
        says=SAYS,
        told=TOLD,
        starts=meeting.starts_at,
        ends=meeting.ends_at,
        as_of=at,
        url=outbox.address_of(link_to("meetings:meeting", meeting.pk)),
        times_changed=meeting.times_changed,
        called_off=called_off,
    )
    return calendar_of([entry], product="Meetings", method="CANCEL" if called_off else "PUBLISH")
