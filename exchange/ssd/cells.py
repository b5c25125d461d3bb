"""What stands in one cell of a table of visits: when it was, and yes or no. None of this raises.

Times are London's. Where nothing but the day is known, a database writes midnight: so midnight stands for "some time that
day", and a visit that was made at midnight says so with its distance from Greenwich, as does one in the first of the two
hours that autumn has twice. Without it, an hour that comes twice is the second one, as PostgreSQL reads it too.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Final

from casework.limits import LONDON
from exchange.spreadsheet import GUARDED
from exchange.ssda903.cells import read_date

FIRST_YEAR: Final = 1900
"""No visit on record is older; databases write 1753 or 1899 where they know no day."""
_WHEN: Final = re.compile(
    r"(\S+?)(?:(?:T| +)(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)? ?(Z|[+\-]\d{2}(?::?\d{2})?)?)?", re.ASCII
)
_NUMBER: Final = re.compile(r"\d{4,5}(?:[.,]\d+)?", re.ASCII)
_OFFSET: Final = re.compile(r"([+\-])(\d{2}):?(\d{2})?", re.ASCII)
_YES_OR_NO: Final = {
    **dict.fromkeys(("Y", "YES", "TRUE", "1"), True),
    **dict.fromkeys(("N", "NO", "FALSE", "0"), False),
}


@dataclass(frozen=True, slots=True)
class When:
    """When a visit was made."""

    day: date
    at: datetime | None
    """None where only the day is told."""


def plain(cell: str) -> str:
    """A cell without the blanks around it, and without the apostrophe that keeps a spreadsheet from reckoning with it."""
    cell = cell.strip()
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(GUARDED) else cell


def read_when(text: str, *, on: date) -> tuple[When | None, str | None]:
    """When a visit was made, or the code of the reason why that cannot be read.

    `on` is the day of the reading: it settles the century of a year of two digits.
    """
    if not text:
        return None, "no-visit-day"
    if _NUMBER.fullmatch(text):
        return None, "day-as-number"
    found = _WHEN.fullmatch(text)
    day = read_date(found[1], on=on) if found else None
    if found is None or day is None or day.year < FIRST_YEAR:
        return None, "not-a-visit-day"
    if found[2] is None:
        return When(day, None), None
    moment = _moment(day, *found.groups()[1:])
    if moment is None:
        return None, "not-a-visit-day"
    is_midnight = moment.tzinfo is LONDON and moment.time() == time.min
    return When(day, None if is_midnight else moment.astimezone(UTC)), None


def read_yes_or_no(text: str) -> bool | None:
    """What a flag says; None where it is neither yes nor no."""
    return _YES_OR_NO.get(text.upper())


def _moment(
    day: date, hour: str, minute: str, second: str | None, fraction: str | None, offset: str | None
) -> datetime | None:
    micros = int((fraction or "")[:6].ljust(6, "0"))
    try:
        at = time(int(hour), int(minute), int(second or 0), micros, fold=1)
        return datetime.combine(day, at, tzinfo=_zone(offset) if offset else LONDON)
    except ValueError:
        return None


def _zone(offset: str) -> timezone:
    """Raises ValueError where nowhere on earth is so far from Greenwich."""
    found = _OFFSET.fullmatch(offset)
    if found is None:
        return UTC
    distance = timedelta(hours=int(found[2]), minutes=int(found[3] or 0))
    return timezone(-distance if found[1] == "-" else distance)
