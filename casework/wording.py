"""How days, moments, lengths of time, numbers and sources are said: 5 March 2026, due in 3 days, 2 children, Decision C-38.

Everything here is said in the same words on pages, in sentences, in mails and in documents. What is measured against the
present takes it as its last argument.
"""

import re
from calendar import month_name
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import groupby
from typing import Final

from casework.limits import LONDON, local_day
from casework.procedures import OwnValue, Rule

HOURS_ARE_SAID_BELOW: Final = timedelta(hours=48)
SOON: Final = timedelta(days=7)
SPELLED_OUT: Final = (("S0 ", "Unregulated placements procedure "), ("C-", "Decision C-"))
"""How the keys that rule tables cite begin, and how people read them."""
PLACE: Final = re.compile(r"(.*(?:procedure|Decision|reg|section)) (\S+)")
"""A source that is one place in a document."""


# Days and moments


def said_day(value: date | datetime | None) -> str:
    """A day, or the day here of a moment: 5 March 2026. Nothing for nothing."""
    return _said(_day_of(value)) if value else ""


def said_moment(value: datetime | None) -> str:
    """A moment here, to the minute: 5 March 2026 at 14:03. Nothing for nothing."""
    return f"{said_day(value)} at {said_time(value)}" if value else ""


def said_start(value: datetime | None) -> str:
    """When something began: the day alone for what began with its day, else the moment. Nothing for nothing."""
    return said_day(value) if value and _ends_with_a_day(value) else said_moment(value)


def said_time(value: datetime | None) -> str:
    """The time of day here of a moment: 14:03."""
    return f"{value.astimezone(LONDON):%H:%M}" if value else ""


@lru_cache(maxsize=10_000)  # a night says the same days again and again
def _said(day: date) -> str:
    return f"{day.day} {month_name[day.month]} {day.year}"


def _day_of(value: date | datetime) -> date:
    return local_day(value) if isinstance(value, datetime) else value


# When something is due. A duty's `due_at` is the first moment at which it is overdue.


def due_day(due_at: datetime | None) -> date | None:
    """The last day on which a duty is in time."""
    return _last_day(due_at) if due_at else None


def due_on(due_at: datetime | None) -> str:
    """When a duty is due: 10 March 2026, or for a limit in hours 10 March 2026 at 14:03. Nothing for nothing."""
    if not due_at:
        return ""
    return said_day(_last_day(due_at)) if _ends_with_a_day(due_at) else said_moment(due_at)


def due(due_at: datetime | None, at: datetime) -> str:
    """How long a duty has left or is late: due in 3 days, due today, 4 days overdue, 2 hours overdue."""
    if not due_at:
        return ""
    if not _ends_with_a_day(due_at):
        left = due_at - at
        return f"due in {_largest_unit(left)}" if left > timedelta(0) else f"{_largest_unit(-left)} overdue"
    days = (_last_day(due_at) - local_day(at)).days
    if days < 0:
        return f"{counted(-days, 'day')} overdue"
    return {0: "due today", 1: "due tomorrow"}.get(days, f"due in {counted(days, 'day')}")


def urgency(due_at: datetime | None, at: datetime) -> str:
    """How a duty stands: overdue, today, soon (the next seven days), later; none where it has no time."""
    if not due_at:
        return "none"
    if due_at <= at:
        return "overdue"
    if _last_day(due_at) == local_day(at):
        return "today"
    return "soon" if due_at - at <= SOON else "later"


def _last_day(due_at: datetime) -> date:
    return local_day(due_at - timedelta.resolution)


def _ends_with_a_day(due_at: datetime) -> bool:
    """Limits in days end at midnight here; those in hours hardly ever do, and mean the same when they do."""
    return due_at.astimezone(LONDON).time() == time.min


# Lengths of time


def age(born_on: date | None, on: date | datetime) -> str:
    """Age in completed years on a day: 14; below two years in months, below one in days. Born on 29 February: 1 March."""
    if not born_on:
        return ""
    months = _months_between(born_on, _day_of(on))
    if months < 1:
        return counted(max((_day_of(on) - born_on).days, 0), "day")
    return counted(months, "month") if months < 24 else str(months // 12)


def duration(length: timedelta | int) -> str:
    """A length, or a number of days: 45 minutes, 30 hours, 12 days, 6 weeks and 3 days."""
    if isinstance(length, timedelta) and length < HOURS_ARE_SAID_BELOW:
        return _largest_unit(length)
    days = length.days if isinstance(length, timedelta) else length
    weeks, rest = divmod(days, 7)
    if weeks < 4:
        return counted(days, "day")
    return f"{counted(weeks, 'week')} and {counted(rest, 'day')}" if rest else counted(weeks, "week")


def lasting(start: date | datetime | None, end: date | datetime) -> str:
    """How long something has gone on between two days: 12 days, 5 weeks, 7 months, 2 years and 3 months."""
    if not start:
        return ""
    first, last = _day_of(start), _day_of(end)
    months = _months_between(first, last)
    years, rest = divmod(months, 12)
    if years:
        return f"{counted(years, 'year')} and {counted(rest, 'month')}" if rest else counted(years, "year")
    if months >= 3:
        return counted(months, "month")
    days = max((last - first).days, 0)
    return counted(days // 7, "week") if days >= 28 else counted(days, "day")


def going_on(start: datetime | None, at: datetime) -> str:
    """How long something has stood since a moment: 40 minutes, 30 hours, 12 days, 5 weeks, 7 months."""
    if not start:
        return ""
    length = at - start
    return _largest_unit(length) if length < HOURS_ARE_SAID_BELOW else lasting(start, at)


def _largest_unit(length: timedelta) -> str:
    """40 minutes, 30 hours, 3 days."""
    minutes = int(length.total_seconds() // 60)
    if minutes < 60:
        return counted(max(minutes, 1), "minute")
    return counted(minutes // 60, "hour") if length < HOURS_ARE_SAID_BELOW else counted(minutes // 1440, "day")


def _months_between(start: date, end: date) -> int:
    """Completed calendar months."""
    return (end.year - start.year) * 12 + end.month - start.month - (end.day < start.day)


# Numbers


def counted(number: int | float, noun: str) -> str:
    """A number with its noun: 1 day, 4 days, 1 duty, 2 duties, 1 child, 3 children, 2 periods of care."""
    return f"1 {noun}" if int(number) == 1 else f"{int(number):,} {_plural(noun)}"


def _plural(noun: str) -> str:
    noun, of, rest = noun.partition(" of ")
    if noun.endswith("child"):
        several = f"{noun}ren"
    elif noun.endswith("person"):
        several = f"{noun.removesuffix('person')}people"
    elif noun.endswith("y") and noun[-2] not in "aeiou":
        several = f"{noun[:-1]}ies"
    else:
        several = f"{noun}es" if noun.endswith(("s", "x", "ch", "sh")) else f"{noun}s"
    return f"{several}{of}{rest}"


# Sources


def cited(cites: Iterable[str]) -> str:
    """Sources, with the keys that stand for documents spelled out; several places of one document name it once."""
    return _cited(tuple(cites))


@lru_cache(maxsize=1_000)
def _cited(cites: tuple[str, ...]) -> str:
    sources = (_spelled_out(cite) for cite in cites)
    return "; ".join(_places(document, list(found)) for document, found in groupby(sources, key=_document_of))


def _document_of(source: str) -> str:
    place = PLACE.fullmatch(source)
    return place[1] if place else source


def _places(document: str, sources: Sequence[str]) -> str:
    """Care Planning Regulations, reg 24; of several places: reg 24, 25 and 25A."""
    first, *others = sources
    *between, last = [first, *(source.removeprefix(document).strip() for source in others)]
    return f"{', '.join(between)} and {last}" if between else last


def without_source(says: str, rule: Rule) -> str:
    """A duty's sentence without its end, which says who says so: for pages that tell that beside it."""
    return says.partition(f" {cited(rule.cites)}")[0]


def source(rule: Rule) -> str:
    """Who says so, as the end of a duty's sentence."""
    cites = cited(rule.cites)
    if rule.own:
        return f"{cites}; {whose(rule.own)}."
    return f"{cites}; the limit is a local default, no source." if rule.local_default else f"{cites}."


def whose(own: OwnValue) -> str:
    """Whose number counts, and since when; inside a sentence."""
    said = f"the limit is this authority’s own, in force since {said_day(own.since)}"
    return f"{said} also for what ran already" if own.takes_running_along else said


def _spelled_out(cite: str) -> str:
    return next((words + cite.removeprefix(key) for key, words in SPELLED_OUT if cite.startswith(key)), cite)
