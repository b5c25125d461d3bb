"""The list of people, and what waits for a second administrator."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.urls import reverse

from accounts.granting import lapses_at
from accounts.models import Appointment, GrantRequest, ServiceArea, Team, User
from accounts.roles import Role
from casework.people import acts, said
from casework.people.forms import HERE

COLUMNS = [{"label": "Name"}, {"label": "User name"}, {"label": "Roles held now"}]


def find(words: str, *, role: str = "", team: Any = None, here: str = "", at: datetime) -> QuerySet[User]:
    """People by parts of their name or user name, every part found somewhere; narrowed by role, team, here or left."""
    people = User.objects.order_by("last_name", "first_name", "pk")
    for word in words.split():
        people = people.filter(
            Q(first_name__icontains=word) | Q(last_name__icontains=word) | Q(username__icontains=word)
        )
    if role or team:
        held = Appointment.objects.in_force(at)
        held = held.filter(role=role) if role else held
        people = people.filter(pk__in=(held.filter(team=team) if team else held).values("user"))
    return people.filter(is_active=here == HERE) if here else people


def rows(people: QuerySet[User], at: datetime) -> list[list[Any]]:
    """The lines of the list: who, and in which roles now."""
    now = Appointment.objects.in_force(at).select_related("team", "area", "acting_for")
    return [_row(person) for person in people.prefetch_related(Prefetch("appointments", now, to_attr="held_now"))]


def _row(person: Any) -> list[Any]:
    held = "; ".join(said.post(each) for each in person.held_now) or "None"
    return [
        {"says": person.name, "url": reverse("people:person", args=[person.pk])},
        person.username,
        held if person.is_active else {"says": "Left", "tone": "quiet"},
    ]


@dataclass(frozen=True, slots=True)
class Waiting:
    """A request that another administrator can decide."""

    url: str
    says: str
    asked: str
    at: datetime
    lapses_at: datetime


def waiting(at: datetime, **which: Any) -> list[Waiting]:
    """The requests that wait, the oldest first."""
    requests = GrantRequest.objects.waiting(at).filter(**which).select_related(*acts.READ_WITH)
    return [
        Waiting(
            reverse("people:request", args=[request.pk]),
            f"{request.person.name} is to {said.wanted(request)}",
            request.asked_by.name,
            request.asked_at,
            lapses_at(request.asked_at),
        )
        for request in requests
    ]


def is_only_administrator(at: datetime) -> bool:
    """Is there nobody who could confirm what the one administrator asks?"""
    return User.objects.holding(Role.ADMINISTRATOR, at=at).count() < 2


def teams_by_area(at: datetime) -> list[dict[str, Any]]:
    """The service areas with their teams, for a page."""
    areas = ServiceArea.objects.prefetch_related(Prefetch("teams", Team.objects.order_by("name")))
    return [
        {
            "area": area,
            "url": reverse("people:area", args=[area.pk]),
            "closed": said_closed(area, at),
            "teams": [
                {"name": team.name, "url": reverse("people:team", args=[team.pk]), "closed": said_closed(team, at)}
                for team in area.teams.all()
            ],
        }
        for area in areas
    ]


def said_closed(place: Any, at: datetime) -> str:
    """Since when, or from when, a place is closed; nothing while no end is set."""
    if place.closed_at is None:
        return ""
    if place.is_closed(at):
        return f"Closed: last day {said.last_day(place.closed_at)}"
    return f"Closes: last day {said.last_day(place.closed_at)}"
