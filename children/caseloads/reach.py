"""Which children somebody leads, may allocate or may move, each as one question to the database.

The answers are those of `children.permissions`, which is asked again for each child when anything is written.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import Team
from accounts.roles import Role
from casework.limits import local_day
from children.allocators import ALLOCATION, MOVES, OVER_ALL
from children.models import Allocation, CarePeriod, Child, TeamHolding
from children.work import LEADERS

SEE_TEAMS = LEADERS | OVER_ALL
"""Who has a team's page: whoever leads a team or an area, and the directors."""


def teams_led(user: Any, at: datetime, roles: Iterable[Role] = LEADERS, over_all: Iterable[Role] = OVER_ALL) -> Any:
    """The teams in which, or in whose area, this person holds one of these roles; all teams for the directors."""
    teams = Team.objects.select_related("area").order_by("area__name", "name")
    if user.holds(*over_all, at=at):
        return teams
    held = [a for a in user.appointments_at(at) if Role(a.role) in set(roles)]
    of_team, of_area = [a.team_id for a in held if a.team_id], [a.area_id for a in held if a.area_id]
    return teams.filter(Q(pk__in=of_team) | Q(area__in=of_area))


def teams_to_move_between(user: Any, at: datetime) -> Any:
    """The teams from and to which this person moves many cases at once."""
    return teams_led(user, at, MOVES["many"].here, MOVES["many"].over_all)


def roles_to_hand_over(user: Any, at: datetime) -> list[Role]:
    """In which roles this person allocates some child; the directors all, for children whom no team holds."""
    held = user.roles_at(at)
    return [
        role
        for role, row in ALLOCATION.items()
        if held & (row.here | row.over_all) or (held & OVER_ALL and not row.from_the_team)
    ]


def carried(user: Any, at: datetime) -> QuerySet[Child]:
    """The children in this person's sight who count: looked after now, or somebody is still allocated."""
    still = Exists(Allocation.objects.in_force(at).filter(child=OuterRef("pk")))
    seen: QuerySet[Child] = Child.objects.visible_to(user, at=at)
    return seen.filter(looked_after(at) | Q(still))


def looked_after(at: datetime) -> Q:
    """The condition on children who are looked after on the day."""
    not_ended = Q(ended_on__isnull=True) | Q(ended_on__gt=local_day(at))
    return Q(Exists(CarePeriod.objects.filter(not_ended, child=OuterRef("pk"), started_on__lte=local_day(at))))


def held_by(teams: Any, at: datetime) -> Q:
    """The condition on children whose case one of these teams holds."""
    return Q(pk__in=TeamHolding.objects.in_force(at).filter(team__in=teams).values("child"))


def held_by_none(at: datetime) -> Q:
    """The condition on children whose case no team holds."""
    return ~Q(Exists(TeamHolding.objects.in_force(at).filter(child=OuterRef("pk"))))


def whom_may_allocate(user: Any, role: Role, at: datetime) -> Q:
    """The condition on children in sight for whom this person says who is allocated in a role."""
    row = ALLOCATION[role]
    of_none = held_by_none(at) if user.holds(*OVER_ALL, at=at) else Q(pk__in=[])
    if user.holds(*row.over_all, at=at):
        return of_none | ~held_by_none(at)
    return of_none | held_by(teams_led(user, at, row.here, over_all=()).order_by().values("pk"), at)


def whom_may_move(user: Any, at: datetime) -> Q:
    """The condition on children in sight whom this person moves from team to team with others."""
    if user.holds(*MOVES["many"].over_all, at=at):
        return ~Q(pk__in=[])
    return held_by(teams_to_move_between(user, at).order_by().values("pk"), at)
