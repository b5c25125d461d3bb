"""A page is composed of panels: the page belongs to the lower app, each higher app registers what it adds.

So a child's page shows visits and approvals without `children` knowing either. Where a page draws the parts itself, a
higher app adds what they say (`add`): the places are

    "child.identity"   lines of the identity bar: label, says, url; matters, where a phone shows it at once
    "child.standing"   how things stand side by side, regulation and law before oversight: the parts of
                       `components/standing.html`: label, says, tone, because, since, cites, url, link
    "child.changes"    what this person may record: label, url
    "procedures"       what one can do with the rules, on their page: label, url, says; no record, no sight
    "placement.standing", "placement.changes", "home.changes"   the same on those pages
    "visit.next"       what one does after a visit, as the buttons of its page: label, url, secondary
    "my_work"          at its head: label, url; no record, no sight
    "team.actions"     what else one can look at of a team: label, url, secondary
    "person.holds"     what falls to a person, as numbers for administrators: label, says
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

Fill = Callable[..., dict[str, Any] | None]
"""`fill(request, record, sight)` gives the context of the panel's template; None where there is nothing to show."""


@dataclass(frozen=True, slots=True)
class Panel:
    """One part of a page: its title, its template and where it stands."""

    title: str
    template: str
    fill: Fill
    order: int


@dataclass(frozen=True, slots=True)
class Filled:
    """A panel with what it shows to this person."""

    title: str
    template: str
    shows: dict[str, Any] = field(default_factory=dict)


_panels: dict[str, dict[str, Panel]] = {}


def register(page: str, title: str, template: str, fill: Fill, *, order: int) -> None:
    """Add a panel to a page, "child", "placement" or "home". Registering it again changes nothing."""
    _panels.setdefault(page, {})[template] = Panel(title, template, fill, order)


def panels_of(page: str, request: Any, record: Any, sight: Any) -> Iterator[Filled]:
    """The panels of a page that have something to show, in their order."""
    for panel in sorted(_panels.get(page, {}).values(), key=lambda panel: panel.order):
        shows = panel.fill(request, record, sight)
        if shows is not None:
            yield Filled(panel.title, panel.template, shows)


Says = Callable[..., Iterable[dict[str, Any]]]
"""`says(request, record, sight)` gives what an app adds to a place of a page, as the page's own template shows it."""

_additions: dict[str, dict[tuple[str, str], tuple[int, Says]]] = {}


def add(place: str, says: Says, *, order: int) -> None:
    """Add lines to a place of a page. Adding the same again changes nothing."""
    _additions.setdefault(place, {})[says.__module__, says.__qualname__] = (order, says)


def added_to(place: str, request: Any, record: Any, sight: Any) -> list[dict[str, Any]]:
    """What the apps add to a place of a page, in their order."""
    additions = sorted(_additions.get(place, {}).values(), key=lambda addition: addition[0])
    return [line for _, says in additions for line in says(request, record, sight)]
