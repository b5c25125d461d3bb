"""What templates ask for by name: the wording of days, lengths and numbers (`casework.wording`), and parts of a page.

Filters that compare with the present take it as their argument (`due_at|due:at`), so that one page has one present; only
a page that passes none is measured against the clock.
"""

from datetime import datetime

from django import template
from django.utils import timezone

from casework import wording
from casework.limits import LONDON

register = template.Library()

register.filter("day", wording.said_day)
register.filter("moment", wording.said_moment)
register.filter("due_on", wording.due_on)
register.filter("counted", wording.counted)


@register.filter
def due(due_at, at=None):
    """How long a duty has left or is late."""
    return wording.due(due_at, at or timezone.now())


@register.filter
def urgency(due_at, at=None):
    """How a duty stands."""
    return wording.urgency(due_at, at or timezone.now())


@register.filter
def lasting(start, end=None):
    """How long something has gone on between two days."""
    return wording.lasting(start, end or timezone.now())


@register.filter
def going_on(start, at=None):
    """How long something has stood since a moment."""
    return wording.going_on(start, at or timezone.now())


@register.filter
def iso(value):
    """A day or moment as <time datetime> wants it."""
    if isinstance(value, datetime):
        return value.astimezone(LONDON).isoformat(timespec="minutes")
    return value.isoformat() if value else ""


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
