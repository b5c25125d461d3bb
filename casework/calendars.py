"""Entries for people's calendars (RFC 5545): when something is and where to read more; nobody's name, no place, no case.

Calendars are shared with assistants, lie with other companies and are shown on telephones: what an entry is about stays
in Hearth.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

LONGEST_LINE: Final = 75
"""Octets, without the line's end; longer lines are folded."""
CONTENT_TYPE: Final = "text/calendar; charset=utf-8"
ESCAPED: Final = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": None})
PLACE_OF_NOTHING: Final = (
    "BEGIN:VTIMEZONE",
    "TZID:Etc/UTC",
    "BEGIN:STANDARD",
    "DTSTART:19700101T000000",
    "TZOFFSETFROM:+0000",
    "TZOFFSETTO:+0000",
    "END:STANDARD",
    "END:VTIMEZONE",
)
"""What stands in a calendar without entries: the standard allows none that is empty."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a calendar: a whole day where `starts` is one, else a moment or the time between two."""

    name: str
    """What tells it from every other entry, and stays the same while it changes: "meeting-7"."""
    says: str
    starts: date | datetime
    as_of: datetime
    """Since when it is as it is."""
    url: str
    ends: datetime | None = None
    """None for a whole day, and for what has a moment and no length."""
    told: str = ""
    times_changed: int = 0
    called_off: bool = False
    takes_time: bool = True
    """False for what is due: somebody's day is not taken by it."""


def calendar_of(entries: Iterable[Entry], *, product: str, method: str = "PUBLISH", **more: str) -> bytes:
    """The calendar as a file. `more` are further lines of the calendar itself, by their name with "_" for "-"."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:-//Hearth//{product}//EN", f"METHOD:{method}"]
    lines += [f"{name.replace('_', '-')}:{value}" for name, value in more.items()]
    of_entries = [line for entry in entries for line in _lines_of(entry)]
    lines += [*(of_entries or PLACE_OF_NOTHING), "END:VCALENDAR"]
    return b"".join(folded(line) + b"\r\n" for line in lines)


def folded(line: str) -> bytes:
    """The line as calendars read it: what is longer goes on in the next one, after a space; no letter is cut in two."""
    pieces, piece = [], b""
    for letter in line:
        octets = letter.encode()
        if len(piece) + len(octets) > LONGEST_LINE:
            pieces.append(piece)
            piece = b" "
        piece += octets
    return b"\r\n".join([*pieces, piece])


def escaped(text: str) -> str:
    """Text as it stands in a value."""
    return text.translate(ESCAPED)


def _lines_of(entry: Entry) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{entry.name}@{urlsplit(entry.url).hostname}"
    yield f"DTSTAMP:{_stamp(entry.as_of)}"
    yield from _when(entry)
    yield f"SEQUENCE:{entry.times_changed}"
    yield f"STATUS:{'CANCELLED' if entry.called_off else 'CONFIRMED'}"
    yield f"TRANSP:{'OPAQUE' if entry.takes_time else 'TRANSPARENT'}"
    yield f"SUMMARY:{escaped(entry.says)}"
    if entry.told:
        yield f"DESCRIPTION:{escaped(entry.told)}"
    yield f"URL:{entry.url}"
    yield "CLASS:PRIVATE"
    yield "END:VEVENT"


def _when(entry: Entry) -> Iterator[str]:
    if not isinstance(entry.starts, datetime):
        yield f"DTSTART;VALUE=DATE:{entry.starts:%Y%m%d}"
        yield f"DTEND;VALUE=DATE:{entry.starts + timedelta(days=1):%Y%m%d}"
        return
    yield f"DTSTART:{_stamp(entry.starts)}"
    if entry.ends:
        yield f"DTEND:{_stamp(entry.ends)}"


def _stamp(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"
