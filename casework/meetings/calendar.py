"""A meeting as an entry for a calendar (RFC 5545): when it is and where to read more; nobody's name, no place, no case.

Calendars are shared with assistants and shown on telephones: what the meeting is about stays in Hearth.
"""

from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlsplit

from casework import outbox
from casework.links import link_to
from casework.meetings.states import MeetingState

LONGEST_LINE: Final = 75
"""Octets; longer lines are folded."""
SAYS: Final = "Meeting (see Hearth)"
TOLD: Final = "What it is about, where it is and who comes is in Hearth."


def entry_of(meeting: Any, at: datetime) -> bytes:
    """The entry, as of a moment."""
    address = outbox.address_of(link_to("meetings:meeting", meeting.pk))
    called_off = meeting.state == MeetingState.CALLED_OFF
    lines = (
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Hearth//Meetings//EN",
        f"METHOD:{'CANCEL' if called_off else 'PUBLISH'}",
        "BEGIN:VEVENT",
        f"UID:meeting-{meeting.pk}@{urlsplit(address).hostname}",
        f"DTSTAMP:{_stamp(at)}",
        f"DTSTART:{_stamp(meeting.starts_at)}",
        f"DTEND:{_stamp(meeting.ends_at)}",
        f"SEQUENCE:{meeting.times_changed}",
        f"STATUS:{'CANCELLED' if called_off else 'CONFIRMED'}",
        f"SUMMARY:{SAYS}",
        f"DESCRIPTION:{TOLD.replace(',', chr(92) + ',')}",
        f"URL:{address}",
        "CLASS:PRIVATE",
        "END:VEVENT",
        "END:VCALENDAR",
    )
    return "".join(f"{_folded(line)}\r\n" for line in lines).encode()


def _stamp(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _folded(line: str) -> str:
    """The line as calendars read it: what is longer goes on in the next one, after a space."""
    pieces = [line[:LONGEST_LINE]]
    rest = line[LONGEST_LINE:]
    while rest:
        pieces.append(rest[: LONGEST_LINE - 1])
        rest = rest[LONGEST_LINE - 1 :]
    return "\r\n ".join(pieces)
