"""Sign-ins to try an installation with: one for each role that nobody holds.

Made on demand only. Their passwords are drawn at random and shown once; nothing else knows them.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts.models import Appointment, ServiceArea, Team, User
from accounts.roles import HELD_IN, Place, Role

BYTES_OF_A_PASSWORD = 12


@dataclass(frozen=True, slots=True)
class SignIn:
    """A sign-in that was made."""

    username: str
    password: str
    role: Role


@transaction.atomic
def make_demo_users(*, at: datetime) -> list[SignIn]:
    """A sign-in for each role that nobody holds at a moment, appointed from then on."""
    held = set(Appointment.objects.in_force(at).filter(user__is_active=True).values_list("role", flat=True))
    return [_make(role, at) for role in Role if role not in held]


def _make(role: Role, at: datetime) -> SignIn:
    password = secrets.token_urlsafe(BYTES_OF_A_PASSWORD)
    user = User(username=_free_username(role), first_name="Demonstration", last_name=role.label)
    user.set_password(password)
    user.save()
    Appointment.objects.create(user=user, role=role, starts_at=at, **_place(role))
    return SignIn(user.username, password, role)


def _free_username(role: Role) -> str:
    name = role.value.replace("_", "-")
    taken = set(User.objects.filter(username__startswith=name).values_list("username", flat=True))
    return next(
        free for free in (name, *(f"{name}-{number}" for number in range(2, len(taken) + 3))) if free not in taken
    )


def _place(role: Role) -> dict[str, Team | ServiceArea]:
    """Where the role is held: in the whole authority where it can be, else in the first team or its area."""
    if Place.AUTHORITY in HELD_IN[role]:
        return {}
    team = Team.objects.select_related("area").order_by("pk").first()
    if team is None:
        area = ServiceArea.objects.order_by("pk").first() or ServiceArea.objects.create(name="First area")
        team = Team.objects.create(name="First team", area=area)
    return {"team": team} if Place.TEAM in HELD_IN[role] else {"area": team.area}
