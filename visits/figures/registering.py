"""Where the figures of visits are found: in the menu, on a team's page, and among the procedures."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from casework import panels
from casework.context import add_place
from visits.figures.whose import READERS


def register() -> None:
    """Add the ways here. Adding them again changes nothing."""
    add_place("Visits", "visits:figures", order=22, shown_to=lambda user, at: user.holds(*READERS, at=at))
    panels.add("team.actions", of_team, order=10)
    panels.add("procedures", what_is_counted, order=15)


def of_team(request: HttpRequest, team: Any, sight: Any) -> Iterator[dict[str, Any]]:
    """The way from a team's page to its visits."""
    yield {"label": "Visits of the team", "url": f"{reverse('visits:figures')}?of=team-{team.pk}", "secondary": True}


def what_is_counted(request: HttpRequest, record: Any, sight: Any) -> Iterator[dict[str, str]]:
    """The way from the procedures to what each figure means, for whoever reads figures."""
    if request.user.holds(*READERS, at=request.at):  # type: ignore[union-attr,attr-defined]
        url = f"{reverse('visits:figures')}#meaning"
        yield {"label": "Figures of visits", "url": url, "says": "what counts as made, as late and as seen alone"}
