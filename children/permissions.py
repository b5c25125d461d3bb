"""Who may record facts about a child. Domain facts: roles, last table; C-45: a fact is never stopped by a rule.

Each answers for one person at one moment. Scope comes first: whoever may not see the child may record nothing. A worker
records for the children allocated to him or her and for those of the own team; a right role for another team's child
is no right.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from accounts.models import Team
from accounts.roles import Role
from children.access import is_restricted, people_named, way_to
from children.allocators import ALLOCATION, MOVES, OVER_ALL
from children.models import Child

WORKERS = frozenset({Role.SOCIAL_WORKER, Role.PERSONAL_ADVISER, Role.TEAM_MANAGER})
"""Who works with the children of a team."""


def may_record(child: Any, user: Any, at: datetime) -> bool:
    """The workers allocated to the child, and the workers and the manager of the child's team."""
    return may_see(child, user, at) and (
        _is_allocated(child, user, at, {Role.SOCIAL_WORKER, Role.PERSONAL_ADVISER})
        or _holds_here(child, user, at, WORKERS)
    )


def may_record_review(child: Any, user: Any, at: datetime) -> bool:
    """The same, and the child's independent reviewing officer."""
    return may_record(child, user, at) or (may_see(child, user, at) and _is_allocated(child, user, at, {Role.IRO}))


def may_allocate(child: Any, user: Any, at: datetime, roles: Iterable[Role] = tuple(ALLOCATION)) -> bool:
    """Whoever the table of allocators names for one of these roles; where no team holds the case, a director."""
    return bool(roles_to_allocate(child, user, at) & set(roles))


def roles_to_allocate(child: Any, user: Any, at: datetime) -> set[Role]:
    """In which roles this person says who is allocated to the child."""
    if not may_see(child, user, at):
        return set()
    if child.holding_at(at) is None:
        return set(ALLOCATION) if user.holds(*OVER_ALL, at=at) else set()
    held = user.roles_at(at)
    return {
        role
        for role, allocators in ALLOCATION.items()
        if held & allocators.over_all or _holds_here(child, user, at, allocators.here)
    }


def may_move(child: Any, user: Any, at: datetime) -> bool:
    """Whoever answers for the case gives it to another team; where no team holds it, a director."""
    if not may_see(child, user, at):
        return False
    return _holds_here(child, user, at, MOVES["one"].here) if child.holding_at(at) else user.holds(*OVER_ALL, at=at)


def may_move_many(child: Any, user: Any, at: datetime) -> bool:
    """The same with many cases at once: the service manager of the area, or a director. To where is another question."""
    if not may_see(child, user, at):
        return False
    is_director: bool = user.holds(*MOVES["many"].over_all, at=at)
    return is_director or _holds_here(child, user, at, MOVES["many"].here)


def may_open(child: Any, user: Any, at: datetime) -> bool:
    """Whoever works in a team opens a file for a child whom that team will hold; nobody can see a new file yet."""
    return bool(teams_of(user, at))


def may_see(child: Any, user: Any, at: datetime) -> bool:
    """Is the child in this person's scope? Not asked again of a child that was loaded in it at that moment."""
    if (child.pk, at) in getattr(user, "_has_in_scope", ()):
        return True
    return is_in_sight(child.pk, user, at)


def holds_for(child: Any, role: Role, user: Any, at: datetime) -> bool:
    """Does the person hold this role for the child: in its team, its area or the whole authority?

    The people named on a restricted record hold its duties, wherever they are appointed, and nobody else does (C-46):
    break-glass is for seeing.
    """
    held = [a for a in user.appointments_at(at) if a.role == role]
    is_here = any(_is_for(child, appointment, at) for appointment in held)
    if not held or not (is_here or is_restricted(child, at)) or not may_see(child, user, at):
        return False
    return user.pk in people_named(child, at) if way_to(child, user, at).is_restricted else is_here


def _is_for(child: Any, appointment: Any, at: datetime) -> bool:
    """Is it in the child's team, in its area, or for the whole authority?"""
    place = (appointment.team_id, appointment.area_id)
    holding = child.holding_at(at)
    return place == (None, None) or (holding and place in {(holding.team_id, None), (None, holding.team.area_id)})


def is_allocated_for(child: Any, role: Role, user: Any, at: datetime) -> bool:
    """Is the person allocated to the child in this role, which is still held: in whichever team the person works?

    Of a restricted record the people named hold the duties, and nobody else does (C-46).
    """
    if not _is_allocated(child, user, at, {role}) or not may_see(child, user, at):
        return False
    return not way_to(child, user, at).is_restricted or user.pk in people_named(child, at)


def is_in_sight(child: int, user: Any, at: datetime) -> bool:
    """The same by the child's primary key, asked of the database now: an act may have changed it."""
    found: bool = Child.objects.visible_to(user, at=at).filter(pk=child).exists()
    return found


def loaded_in_scope(child: Child, user: Any, at: datetime) -> Child:
    """The child, which came out of `visible_to` for this person at this moment."""
    user._has_in_scope = {*getattr(user, "_has_in_scope", ()), (child.pk, at)}
    return child


def teams_of(user: Any, at: datetime, roles: frozenset[Role] = WORKERS) -> list[Team]:
    """The open teams in which a person holds one of these roles: a closed one takes no new children."""
    return [a.team for a in user.appointments_at(at) if a.team and Role(a.role) in roles and not a.team.is_closed(at)]


def _holds_here(child: Any, user: Any, at: datetime, roles: frozenset[Role]) -> bool:
    """Does the person hold one of these roles in the child's team, or in its service area?"""
    held = child.holding_at(at)
    if held is None:
        return False
    appointments = [a for a in user.appointments_at(at) if Role(a.role) in roles]
    return any(a.team_id == held.team_id or (a.area_id and a.area_id == held.team.area_id) for a in appointments)


def _is_allocated(child: Any, user: Any, at: datetime, roles: set[Role]) -> bool:
    """Is the person allocated to the child in one of these roles, and still holds it?"""
    held = roles & user.roles_at(at)
    return any(a.person_id == user.pk and a.role in held for a in child.allocations_at(at))
