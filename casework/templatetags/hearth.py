"""How days, moments and lengths of time are said on a page: 5 March 2026, 14:03, due in 3 days, 2 hours overdue.

Filters that compare with the present take it as their argument (`due_at|due:at`), so that one page has one present; only
a page that passes none is measured against the clock.
"""

from datetime import date, datetime, time, timedelta

from django import template
from django.utils import timezone

from casework.limits import LONDON, local_day

register = template.Library()

HOURS_ARE_SAID_BELOW = timedelta(hours=48)
SOON = timedelta(days=7)


@register.filter(name="day")
def said_day(value):
    """A day, or the day here of a moment: 5 March 2026. Nothing for nothing."""
    day = _day_of(value)
    return f"{day.day} {day:%B %Y}" if day else ""


@register.filter(name="weekday")
def said_weekday(value):
    """The same with its weekday: Thursday 5 March 2026."""
    day = _day_of(value)
    return f"{day:%A} {day.day} {day:%B %Y}" if day else ""


@register.filter(name="moment")
def said_moment(value):
    """A moment here: 5 March 2026 at 14:03. Nothing for nothing."""
    return f"{said_day(value)} at {said_time(value)}" if value else ""


@register.filter(name="clock")
def said_time(value):
    """The time of day here of a moment: 14:03."""
    return f"{value.astimezone(LONDON):%H:%M}" if value else ""


@register.filter
def iso(value):
    """A day or moment as <time datetime> wants it."""
    return value.astimezone(LONDON).isoformat(timespec="minutes") if isinstance(value, datetime) else _iso_day(value)


def _iso_day(value):
    return value.isoformat() if value else ""


@register.filter
def due_day(due_at):
    """The last day on which a duty is in time: due_at is the first moment at which it is overdue."""
    return local_day(due_at - timedelta(microseconds=1)) if due_at else None


@register.filter
def due_on(due_at):
    """When a duty is due: 10 March 2026, or for a limit in hours 10 March 2026 at 14:03. Nothing for nothing."""
    if not due_at:
        return ""
    return said_day(due_day(due_at)) if _ends_with_a_day(due_at) else said_moment(due_at)


@register.filter
def due(due_at, at=None):
    """How long a duty has left or is late: due in 3 days, due today, 4 days overdue, 2 hours overdue."""
    if not due_at:
        return ""
    now = at or timezone.now()
    if not _ends_with_a_day(due_at):
        left = due_at - now
        return f"due in {_short(left)}" if left > timedelta(0) else f"{_short(-left)} overdue"
    days = (due_day(due_at) - local_day(now)).days
    if days < 0:
        return f"{counted(-days, 'day')} overdue"
    return {0: "due today", 1: "due tomorrow"}.get(days, f"due in {counted(days, 'day')}")


@register.filter
def urgency(due_at, at=None):
    """How a duty stands: overdue, today, soon (the next seven days), later; none where it has no time."""
    if not due_at:
        return "none"
    now = at or timezone.now()
    if due_at <= now:
        return "overdue"
    if due_day(due_at) == local_day(now):
        return "today"
    return "soon" if due_at - now <= SOON else "later"


@register.filter
def age(born_on, on=None):
    """Age in completed years on a day; below two years in months: 14, 7 months. Born on 29 February: 1 March."""
    if not born_on:
        return ""
    on = _day_of(on) or local_day(timezone.now())
    months = _months_between(born_on, on)
    return counted(max(months, 0), "month") if months < 24 else str(months // 12)


@register.filter
def duration(length):
    """A length in words: a timedelta, or a number of days. 45 minutes, 30 hours, 12 days, 6 weeks and 3 days."""
    if length is None or length == "":
        return ""
    if isinstance(length, timedelta) and length < HOURS_ARE_SAID_BELOW:
        return _short(length)
    days = length.days if isinstance(length, timedelta) else int(length)
    weeks, rest = divmod(days, 7)
    if weeks < 4:
        return counted(days, "day")
    return f"{counted(weeks, 'week')} and {counted(rest, 'day')}" if rest else counted(weeks, "week")


@register.filter
def lasting(start, end=None):
    """How long something has gone on between two days: 12 days, 5 weeks, 7 months, 2 years and 3 months."""
    start, end = _day_of(start), _day_of(end) or local_day(timezone.now())
    if start is None:
        return ""
    months = _months_between(start, end)
    years, rest = divmod(months, 12)
    if years:
        return f"{counted(years, 'year')} and {counted(rest, 'month')}" if rest else counted(years, "year")
    if months >= 3:
        return counted(months, "month")
    days = max((end - start).days, 0)
    return counted(days // 7, "week") if days >= 28 else counted(days, "day")


@register.filter
def going_on(start, at=None):
    """How long something has stood since a moment: 40 minutes, 30 hours, 12 days, 5 weeks, 7 months."""
    if not start:
        return ""
    now = at or timezone.now()
    length = now - start
    return _short(length) if length < HOURS_ARE_SAID_BELOW else lasting(start, now)


@register.filter
def days_until(start, end):
    """How many days lie between two days, the later one not counted: on the first day 0."""
    return (_day_of(end) - _day_of(start)).days if start and end else ""


@register.filter
def counted(number, noun):
    """A number with its noun: 1 day, 4 days, 1 duty, 2 duties, 1 child, 3 children."""
    if int(number) == 1:
        return f"1 {noun}"
    return f"{int(number):,} {_plural(noun)}"


@register.simple_tag(takes_context=True)
def forms_in_error(context):
    """The forms of this page with something wrong: `form`, each of `forms`, each of `formset`."""
    forms = [context.get("form"), *(context.get("forms") or ()), *(context.get("formset") or ())]
    return [form for form in forms if getattr(form, "errors", None)]


@register.simple_tag(takes_context=True)
def error_prefix(context):
    """What a page's title starts with when something on it is wrong."""
    return "Error: " if forms_in_error(context) else ""


@register.filter
def paired_with(columns, cells):
    """The columns of a table, each with its cell of one row."""
    return zip(columns, cells, strict=False)


@register.filter
def page_numbers(page):
    """The numbers that pagination shows for a page, with gaps."""
    return list(page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1))


def _day_of(value):
    if not value:
        return None
    return local_day(value) if isinstance(value, datetime) else value


def _ends_with_a_day(due_at):
    """Limits in days end at midnight here; those in hours hardly ever do, and mean the same when they do."""
    return due_at.astimezone(LONDON).time() == time.min


def _short(length):
    """A length of time, its largest whole unit: 40 minutes, 30 hours, 3 days."""
    minutes = int(length.total_seconds() // 60)
    if minutes < 60:
        return counted(max(minutes, 1), "minute")
    return counted(minutes // 60, "hour") if length < HOURS_ARE_SAID_BELOW else counted(minutes // 1440, "day")


def _months_between(start: date, end: date) -> int:
    """Completed calendar months."""
    return (end.year - start.year) * 12 + end.month - start.month - (end.day < start.day)


def _plural(noun):
    if noun.endswith("child"):
        return f"{noun}ren"
    if noun.endswith(("person",)):
        return f"{noun.removesuffix('person')}people"
    if noun.endswith("y") and noun[-2] not in "aeiou":
        return f"{noun[:-1]}ies"
    return f"{noun}es" if noun.endswith(("s", "x", "ch", "sh")) else f"{noun}s"
