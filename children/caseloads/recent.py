"""What changed in a team in a month: who was allocated to whom, which cases came, who did it and why."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.urls import reverse

from casework.limits import start_of
from casework.models import Event
from casework.timeline import Told, told
from children.models import Child

ACTS = ("allocate", "change_team", "open")
"""The acts by which somebody is allocated, or a team takes a case."""
EARLIEST = date(1990, 1, 1)


@dataclass(frozen=True, slots=True)
class Changed:
    """One event with the child whom it is about."""

    child: str
    url: str
    event: Told


def day_of(text: str) -> date | None:
    """The day that an address names, "2026-03-09"; None where it names none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def month_of(text: str, today: date) -> date:
    """The first day of the month that an address names, "2026-03"; of this month where it names none that has begun."""
    first = day_of(f"{text}-01")
    return (first if first and EARLIEST <= first <= today else today).replace(day=1)


def next_month(first: date) -> date:
    """The first day of the month after."""
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)


def month_before(first: date) -> date:
    """The first day of the month before."""
    return date(first.year - (first.month == 1), (first.month - 2) % 12 + 1, 1)


def events_in(children: QuerySet[Child], first: date) -> QuerySet[Event]:
    """The events of these children in the month of a day, the latest first."""
    return (
        Event.objects.filter(
            case_file__in=children.order_by().values("case_file"),
            act__in=ACTS,
            record__startswith="children.",
            at__gte=start_of(first),
            at__lt=start_of(next_month(first)),
        )
        .select_related("by")
        .order_by("-at", "-pk")
    )


def changed(events: Iterable[Event], children: QuerySet[Child]) -> list[Changed]:
    """The events of a page, each with its child."""
    shown = list(events)
    whose = {child.case_file_id: child for child in children.filter(case_file__in={e.case_file_id for e in shown})}
    return [
        Changed(child.name, reverse("children:child", args=[child.pk]), each)
        for event, each in zip(shown, told(shown, with_text=True), strict=True)
        if (child := whose.get(event.case_file_id))
    ]
