"""Whose visits are counted: a team's, an area's, the whole authority's, or those of the children whom an IRO reviews.

Children count for the team that holds their case now, also in past months. Only children in sight count, as on the team's
own page: a restricted child is in nobody's number but that of people named. Whoever only counts (Performance) counts every
child whose existence is told, and gets lists without names.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any, Final

from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import Team
from accounts.roles import Role
from children.access import children_counted_for
from children.allocators import OVER_ALL
from children.caseloads.reach import SEE_TEAMS, held_by, teams_led
from children.models import Allocation, Child

READERS: Final = SEE_TEAMS | {Role.IRO, Role.PERFORMANCE}
MINE, ALL, COUNTS = "mine", "all", "counts"


@dataclass(frozen=True, slots=True)
class Whose:
    """Children whose visits are counted together."""

    value: str
    """As the address says it: "team-3", "area-2", "mine"."""
    label: str
    teams: tuple[Team, ...] = ()
    has_names: bool = True
    """May whoever asks know whom the rows are about?"""

    @property
    def is_one_team(self) -> bool:
        """Is it one team, on whose page its people stand beside each other?"""
        return self.value.startswith("team-")

    @property
    def compares_teams(self) -> bool:
        """Are there teams to be shown beside each other?"""
        return len(self.teams) > 1 and self.has_names

    def children(self, user: Any, at: datetime) -> "QuerySet[Child]":
        """The children, as far as this person sees them, or may count them."""
        if self.value == COUNTS:
            return Child.objects.filter(children_counted_for(user, at))
        seen: QuerySet[Child] = Child.objects.visible_to(user, at=at)
        if self.value == MINE:
            reviewed = Allocation.objects.in_force(at).filter(child=OuterRef("pk"), person=user, role=Role.IRO)
            return seen.filter(Exists(reviewed))
        return seen if self.value == ALL else seen.filter(held_by([team.pk for team in self.teams], at))


def open_to(user: Any, at: datetime) -> list[Whose]:
    """Whose visits this person may ask about, what is asked first at the top; one query."""
    found: list[Whose] = []
    if user.holds(Role.IRO, at=at):
        found.append(Whose(MINE, "Children I review"))
    if user.holds(*SEE_TEAMS, at=at):
        found.extend(_of_teams(list(teams_led(user, at)), over_all=user.holds(*OVER_ALL, at=at)))
    if user.holds(Role.PERFORMANCE, at=at):
        found.append(Whose(COUNTS, "The whole authority, in numbers", has_names=False))
    return found


def _of_teams(teams: list[Team], *, over_all: bool) -> Iterator[Whose]:
    if over_all:
        yield Whose(ALL, "The whole authority", tuple(teams))
    for area, held in groupby(teams, key=lambda team: team.area):
        of_area = tuple(held)
        if len(of_area) > 1:
            yield Whose(f"area-{area.pk}", f"All of {area.name}", of_area)
        for team in of_area:
            yield Whose(f"team-{team.pk}", team.name, (team,))
