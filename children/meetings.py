"""Meetings about a child: who may be invited, who reads what, and which kinds are held whatever the child lives in.

What a network meeting is made of, no source says (S4, appendix 1, only names it): chair, seats and agenda are local defaults.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django.db.models import Q

from accounts.models import Appointment, User
from accounts.roles import Role
from casework.meetings.kind import Item, MeetingKind, Seat
from casework.meetings.states import Kept
from casework.meetings.whose import Whose
from children import access
from children.access import SIGHTS, Scope, people_named, sight_of
from children.identity import identity_bar
from children.models import Child
from children.permissions import holds_for, is_in_sight
from children.states import ALLOCATED_ROLES

KINDS: Final = (
    MeetingKind(
        code="network",
        title="Network meeting about risk",
        file="child",
        chairs=(Role.TEAM_MANAGER,),
        arranges=(Role.SOCIAL_WORKER, Role.PERSONAL_ADVISER),
        seats=(
            Seat(Role.SOCIAL_WORKER, must=True),
            Seat(Role.PERSONAL_ADVISER),
            Seat(Role.IRO),
            Seat(Role.SUPERVISING_SOCIAL_WORKER),
            Seat(Role.HEALTH),
            Seat(Role.LEGAL),
        ),
        outsiders=("Parent", "Carer", "School", "Police", "Advocate"),
        agenda=(
            Item("risks", "What we are worried about", "What has happened, what might happen, and how likely it is."),
            Item("working_well", "What keeps the child safe already"),
            Item("views", "What the child and the family say"),
            Item("plan", "What has to happen, and what we do if it does not"),
            Item("legal_advice", "Legal advice", legal_advice=True),
        ),
        copies=(Role.SERVICE_MANAGER,),
        escalates_to=Role.SERVICE_MANAGER,
        cites=("Placement planning and disruption meetings, appendix 1",),
    ),
)
"""Kinds of meeting about a child."""


def reads_of(child: Child, user: Any, at: datetime) -> frozenset[Kept]:
    """What a person who sees the child may read of a meeting about him or her: the carer is among those from outside."""
    sight = sight_of(user, child, at)
    allowed = {Kept.WRITTEN: sight.narrative, Kept.LEGAL_ADVICE: sight.legal_advice, Kept.NAMES: sight.address}
    return frozenset(kept for kept, extent in allowed.items() if extent)


def holders_for(child: Child, role: Role, at: datetime) -> list[User]:
    """Who can be invited in a role: whoever is allocated in it, or appointed to it in the team, the area, the authority.

    To a meeting about a child whose record is restricted only people named on it can be.
    """
    held = Appointment.objects.in_force(at).filter(role=role)
    if child.restrictions.in_force(at).exists():
        held = held.filter(user__in=people_named(child, at))
    elif role in ALLOCATED_ROLES:
        allocated = [a.person_id for a in child.allocations_at(at) if a.role == role]
        held = held.filter(user__in=allocated)
    else:
        holding = child.holding_at(at)
        here = Q(team=None, area=None)
        if holding:
            here |= Q(team=holding.team_id) | Q(area=holding.team.area_id)
        held = held.filter(here)
    people = User.objects.filter(pk__in=held.values("user"), is_active=True)
    return list(people.order_by("last_name", "first_name", "pk"))


def _load(case_file: int) -> Child:
    child: Child = Child.objects.select_related("case_file").get(case_file=case_file)
    return child


def _sees(child: Child, user: Any, at: datetime) -> bool:
    return is_in_sight(child.pk, user, at)


def _identity(request: Any, child: Child) -> Mapping[str, Any]:
    return identity_bar(request, child, sight_of(request.user, child, request.at))


OF_CHILDREN: Final = Whose(
    load=_load,
    sees=_sees,
    reads=reads_of,
    holds=holds_for,
    holders=holders_for,
    invite=access.invite,
    end_invitations=access.end_invitations,
    by_invitation=frozenset(role for role, sight in SIGHTS.items() if sight.scope == Scope.INVITED),
    identity=_identity,
)
"""What meetings ask about a child."""
