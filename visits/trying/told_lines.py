"""Dated facts as people type them, one a line: "9 January 2026 at 14:30, IRO, form", "5 March 2026 to 1 June 2026".

A line holds a day, perhaps a time, a second day and a number of days, and words of which each field says which it knows.
What a line holds beside that is not passed over: it is said that nobody understands it.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, time
from typing import Final

from django.core.exceptions import ValidationError

from casework.forms import Unreadable, read_day, read_time
from casework.wording import said_day

MOST_LINES: Final = 400
DAY: Final = re.compile(r"(\d{1,4})[\s./-]+([a-z]{3,9}|\d{1,2})[\s,./-]+(\d{1,4})(?!\s*days)")
TIME: Final = re.compile(r"\b\d{1,2}:\d{2}\b")
DAYS: Final = re.compile(r"\b(\d{1,3}) days?\b")
JOINING: Final = re.compile(r"\b(to|until|from|at|on|by|and|every|since)\b|[\s,;.()–-]+")


@dataclass(frozen=True, slots=True)
class ToldLine:
    """What one line says."""

    day: date
    until: date | None
    at: time | None
    days: int | None
    words: frozenset[str]


def read_lines(text: str, words: Collection[str] = (), *, with_days: bool = False) -> list[ToldLine]:
    """The lines of a text. Raises ValidationError with a sentence about the first that cannot be read."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > MOST_LINES:
        raise ValidationError(f"At most {MOST_LINES} lines can be tried at once.")
    return [_read(line, words, with_days) for line in lines]


def _read(line: str, words: Collection[str], with_days: bool) -> ToldLine:
    rest = line.lower()
    try:
        days, rest = _days_of(rest)
        times = [read_time(found) for found in TIME.findall(rest)]
    except Unreadable as unreadable:
        raise ValidationError(f"“{line}” {unreadable}") from None
    if not 1 <= len(days) <= 2 or len(times) > 1:
        raise ValidationError(f"“{line}” is not a day like 5 March 2026")
    numbers = [int(found) for found in DAYS.findall(rest)]
    if with_days and len(numbers) != 1:
        raise ValidationError(f"“{line}” must say how many days, like 5 March 2026, 14 days")
    rest = TIME.sub(" ", DAYS.sub(" ", rest) if with_days else rest)
    known = set()
    for word in sorted(words, key=len, reverse=True):
        rest, found = re.subn(rf"\b{re.escape(word)}\b", " ", rest)
        known |= {word} if found else set()
    if beside := JOINING.sub(" ", rest).strip():
        raise ValidationError(f"“{line}”: “{beside}” is not understood")
    until = days[1] if len(days) > 1 else None
    return ToldLine(days[0], until, times[0] if times else None, numbers[0] if with_days else None, frozenset(known))


def _days_of(text: str) -> tuple[list[date], str]:
    days = []
    for match in DAY.finditer(text):
        first, month, last = match.groups()
        days.append(read_day(last, month, first) if len(first) == 4 else read_day(first, month, last))
    return days, DAY.sub(" ", text)


def said_line(day: date, *more: str, until: date | None = None, joined_by: str = "to") -> str:
    """A line as it is read."""
    first = f"{said_day(day)} {joined_by} {said_day(until)}" if until else said_day(day)
    return ", ".join([first, *(word for word in more if word)])
