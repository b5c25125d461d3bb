"""What happened, as a page tells it: the events of a case file, newest first, each in the words of its kind.

Every app says its acts with `tell`; what an act's details say beyond its title, a small template of its own shows,
`templates/events/<app>/<act>.html`, or one for all other acts of the app, `otherwise.html`. An act that nobody has said is
told by its name.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.template import TemplateDoesNotExist
from django.template.loader import select_template

from casework.models import CaseFile, Event

_titles: dict[tuple[str, str], str] = {}


@dataclass(frozen=True, slots=True)
class Told:
    """One event as `components/timeline.html` shows it."""

    title: str
    at: datetime
    by: str
    because: str
    template: str
    details: dict[str, Any]
    record: str


def tell(app: str, **titles: str) -> None:
    """The titles of an app's acts, in the past tense: `tell("placements", place="The child moved")`."""
    _titles.update({(app, act): title for act, title in titles.items()})


def title_of(app: str, act: str) -> str:
    """What an act is called on a page."""
    return _titles.get((app, act)) or act.replace("_", " ").capitalize()


def told(events: Iterable[Event], *, with_text: bool) -> list[Told]:
    """The events as a page shows them; `with_text=False` leaves out what workers wrote. `by` must be loaded."""
    return [_told(event, with_text) for event in events]


def events_of(case_file: CaseFile | int, last: int, *, page: int = 1, size: int) -> list[Event]:
    """One page of a file's events, newest first; `last` is the number of the file's last event, counted from 1."""
    newest = last - (page - 1) * size
    events = Event.objects.filter(case_file=case_file, number__lte=newest, number__gt=newest - size)
    return list(events.select_related("by").order_by("-number"))


def _told(event: Event, with_text: bool) -> Told:
    app = event.record.partition(".")[0]
    return Told(
        title=title_of(app, event.act),
        at=event.at,
        by=event.by.name,
        because=event.because if with_text else "",
        template=_template_of(app, event.act),
        details=event.details if with_text else {},
        record=event.record,
    )


@cache
def _template_of(app: str, act: str) -> str:
    """The act's own small template, or its app's for all others; empty where there is neither."""
    try:
        return select_template([f"events/{app}/{act}.html", f"events/{app}/otherwise.html"]).template.name
    except TemplateDoesNotExist:
        return ""
