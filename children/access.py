"""Who may see which child, and how much of the child's record. Domain facts: roles, last table.

Scope is one sub-select over dated allocation, team and role rows. Read the table from top to bottom: a role gives the
widest scope of its row; several roles add up. Guardian holds only the named exceptions, each with an end that the query
checks: named on a restriction, invited, break-glass. A restricted child is seen by the people named, whatever the role.
This is the only module that knows guardian's permissions.

Every page asks for scope. The relations that give it are written as SQL: made of querysets, asking cost more than the answer.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.expressions import RawSQL

from accounts.roles import Role

NO_CHILD = Q(pk__in=[])
NAMED, INVITED, BREAK_GLASS = "be_named_on_restriction", "be_invited", "break_glass"

EXCEPTED = """SELECT r.content_object_id FROM children_childuserobjectpermission r
    JOIN auth_permission p ON p.id = r.permission_id WHERE r.user_id = ANY(%s) AND p.codename = ANY(%s)
    AND r.starts_at <= %s AND (r.ends_at IS NULL OR r.ends_at > %s)"""
PUT_TO_OFFICE = """SELECT r.content_object_id FROM children_childuserobjectpermission r
    JOIN auth_permission p ON p.id = r.permission_id AND p.codename = %s
    JOIN accounts_appointment a ON a.user_id = r.user_id AND a.role = ANY(%s)
        AND a.starts_at <= r.starts_at AND (a.ends_at IS NULL OR a.ends_at > r.starts_at)
    WHERE r.starts_at <= %s AND (r.ends_at IS NULL OR r.ends_at > %s)"""
ALLOCATED = """SELECT r.child_id FROM children_allocation r WHERE r.person_id = %s AND r.role = ANY(%s)
    AND r.starts_at <= %s AND (r.ends_at IS NULL OR r.ends_at > %s)"""
HELD_BY_TEAM = """SELECT r.child_id FROM children_teamholding r WHERE r.team_id = ANY(%s)
    AND r.starts_at <= %s AND (r.ends_at IS NULL OR r.ends_at > %s)"""
HELD_IN_AREA = """SELECT r.child_id FROM children_teamholding r
    JOIN accounts_team t ON t.id = r.team_id WHERE t.area_id = ANY(%s)
    AND r.starts_at <= %s AND (r.ends_at IS NULL OR r.ends_at > %s)"""
RESTRICTED = """SELECT r.child_id FROM children_restriction r
    WHERE r.starts_at <= %s AND (r.ends_at IS NULL OR r.ends_at > %s)"""
WAY = """SELECT EXISTS (SELECT FROM children_restriction r WHERE r.child_id = %s
    AND r.starts_at <= %s AND (r.ends_at IS NULL OR r.ends_at > %s)), (
    SELECT max(r.ends_at) FROM children_childuserobjectpermission r JOIN auth_permission p ON p.id = r.permission_id
    WHERE r.content_object_id = %s AND r.user_id = %s AND p.codename = %s AND r.starts_at <= %s AND r.ends_at > %s)"""

Select = tuple[str, tuple[Any, ...]]
"""SQL that gives primary keys of children, and its parameters."""


class Scope(IntEnum):
    """For which children a role opens the record, narrowest first."""

    NONE = 0
    INVITED = 1
    OWN = 2
    TEAM = 3
    AREA = 4
    ALL = 5


class Extent(IntEnum):
    """Of which children a role sees a part of the record."""

    NO = 0
    OWN = 1
    YES = 2


@dataclass(frozen=True, slots=True)
class Sight:
    """What a role sees: for whom, and of what."""

    scope: Scope
    legal_advice: Extent = Extent.NO
    address: Extent = Extent.NO
    narrative: Extent = Extent.NO
    """What workers wrote about visits and decisions."""


SIGHTS = {
    Role.SOCIAL_WORKER: Sight(Scope.TEAM, Extent.OWN, Extent.YES, Extent.YES),
    Role.PERSONAL_ADVISER: Sight(Scope.TEAM, Extent.OWN, Extent.YES, Extent.YES),
    Role.TEAM_MANAGER: Sight(Scope.TEAM, Extent.YES, Extent.YES, Extent.YES),
    Role.SERVICE_MANAGER: Sight(Scope.AREA, Extent.YES, Extent.YES, Extent.YES),
    Role.DHOS: Sight(Scope.AREA, Extent.YES, Extent.YES, Extent.YES),
    Role.HOS: Sight(Scope.AREA, Extent.YES, Extent.YES, Extent.YES),
    Role.SERVICE_DIRECTOR: Sight(Scope.ALL, Extent.YES, Extent.YES, Extent.YES),
    Role.ASSISTANT_DIRECTOR: Sight(Scope.ALL, Extent.YES, Extent.YES, Extent.YES),
    Role.DCS: Sight(Scope.ALL, Extent.YES, Extent.YES, Extent.YES),
    Role.DECISION_MAKER: Sight(Scope.INVITED, Extent.YES, Extent.YES, Extent.YES),
    Role.LEGAL: Sight(Scope.INVITED, Extent.YES, Extent.YES, Extent.YES),
    Role.IRO: Sight(Scope.OWN, Extent.NO, Extent.YES, Extent.YES),
    Role.PLACEMENT_SERVICE: Sight(Scope.ALL, Extent.NO, Extent.YES, Extent.NO),
    Role.COMMISSIONING: Sight(Scope.ALL, Extent.NO, Extent.YES, Extent.NO),
    Role.LADO: Sight(Scope.INVITED),
    Role.EXIT_TEAM_MANAGER: Sight(Scope.OWN, Extent.NO, Extent.YES, Extent.YES),
    Role.EXIT_WORKER: Sight(Scope.OWN, Extent.NO, Extent.YES, Extent.YES),
    Role.SUPERVISING_SOCIAL_WORKER: Sight(Scope.OWN, Extent.NO, Extent.YES, Extent.NO),
    Role.HEALTH: Sight(Scope.INVITED),
    Role.PERFORMANCE: Sight(Scope.NONE),
    Role.ADMINISTRATOR: Sight(Scope.NONE),
    Role.PRIVACY_OFFICER: Sight(Scope.NONE),
    Role.AUDITOR: Sight(Scope.NONE),
}


OFFICES = frozenset({Role.DECISION_MAKER})
"""Roles to which something is put, and not to a person: who comes to the role later sees what waits there."""

MAY_BREAK_GLASS = frozenset(
    {role for role, sight in SIGHTS.items() if sight.scope != Scope.NONE} | {Role.PRIVACY_OFFICER, Role.AUDITOR}
)
"""Whoever sees children at all, and information governance, which sees a child's record in no other way."""


def children_visible_to(user: Any, at: datetime, child: str = "pk") -> Q:
    """The condition on children; no actor, or one who has left or holds no role, means nobody.

    `child` says how what is asked for leads to its child: a list of placements asks its own rows, not all children.
    """
    if user is None or not user.is_authenticated or not user.is_active:
        return NO_CHILD
    appointments = user.appointments_at(at)
    if not appointments:
        return NO_CHILD
    scopes = {SIGHTS[Role(a.role)].scope for a in appointments}
    named = _excepted([user.pk], at, NAMED, BREAK_GLASS)
    if Scope.ALL in scopes:
        return _among(child, named) | _unrestricted(at, child)
    reached = [] if scopes == {Scope.NONE} else _reached(user, appointments, at)
    return _among(child, _put_together("UNION", named, *_but_restricted(reached, at)))


def children_counted_for(user: Any, at: datetime, child: str = "pk") -> Q:
    """The condition on children whom this person may count: those in sight; for whoever counts, all but the restricted."""
    if user.holds(Role.PERFORMANCE, at=at):
        return _unrestricted(at, child)
    return children_visible_to(user, at, child)


def children_not_hidden_from(user: Any, at: datetime) -> Q:
    """The condition on children whose existence this person may learn: all but those restricted to others.

    For bare counts, where whoever is out of sight counts too: who lives in a home.
    """
    return _unrestricted(at) | children_visible_to(user, at)


def children_held_for(user: Any, role: Role, at: datetime, child: str = "pk") -> Q:
    """The condition on children for whom this person holds a role: what `permissions.holds_for` answers for one child.

    Asked of children in sight. Of a restricted record the people named hold it, wherever they are appointed.
    """
    held = [a for a in user.appointments_at(at) if a.role == role]
    if not held:
        return NO_CHILD
    restricted = (RESTRICTED, (at, at))
    named = _among(child, _put_together("INTERSECT", _excepted([user.pk], at, NAMED), restricted))
    if any(a.team_id is None and a.area_id is None for a in held):
        return named | _unrestricted(at, child)
    teams, areas = [a.team_id for a in held if a.team_id], [a.area_id for a in held if a.area_id]
    here = _but_restricted([(HELD_BY_TEAM, (teams, at, at)), (HELD_IN_AREA, (areas, at, at))], at)
    return named | _among(child, *here)


def children_kept_for(user: Any, at: datetime, child: str = "pk") -> Q:
    """The condition on children of whom somebody reads again what he or she decided, when the matter is over.

    It is for whoever sees only what is put to him or her, and opens that one record, not the child's. Restricted ones
    are seen by those named.
    """
    by_invitation = any(SIGHTS[role].scope == Scope.INVITED for role in user.roles_at(at))
    return _unrestricted(at, child) if by_invitation else NO_CHILD


def case_files_of_restricted_children(at: datetime) -> QuerySet[Any]:
    """The case files that only people named see, by primary key."""
    return _dated("Restriction").in_force(at).values("child__case_file")


def case_files_of_children_visible_to(user: Any, at: datetime) -> QuerySet[Any]:
    """The case files of the children whom this person may see."""
    return apps.get_model("children", "Child").objects.visible_to(user, at=at).values("case_file")


def case_files_of_children_not_hidden_from(user: Any, at: datetime) -> QuerySet[Any]:
    """The case files of the children whose existence this person may learn: for bare counts."""
    return apps.get_model("children", "Child").objects.filter(children_not_hidden_from(user, at)).values("case_file")


def sight_of(user: Any, child: Any, at: datetime) -> Sight:
    """How much of a visible child's record this person sees: the sum of the person's roles.

    Whoever is named on a restriction or holds break-glass sees what the role shows of an own child.
    """
    sights = [SIGHTS[role] for role in user.roles_at(at)]
    own = any(sight.legal_advice == Extent.OWN for sight in sights) and _is_own(user, child, at)
    return Sight(
        scope=max((sight.scope for sight in sights), default=Scope.NONE),
        legal_advice=_extent(own, [sight.legal_advice for sight in sights]),
        address=_extent(own, [sight.address for sight in sights]),
        narrative=_extent(own, [sight.narrative for sight in sights]),
    )


def invite(user: Any, child: Any, *, at: datetime, until: datetime | None, because: str) -> None:
    """Let a person see one child, for a stated reason, until a moment (exclusive; None while the matter is open).

    Each reason has an invitation of its own: the end of one matter ends no other.
    """
    _grant(INVITED, user, child, at, until, because)


def end_invitations(child: Any, *, at: datetime, because: str) -> None:
    """End the invitations that were given for a stated reason."""
    _dated("ChildUserObjectPermission").filter(
        content_object=child, permission__codename=INVITED, because=because
    ).in_force(at).update(ends_at=at)


def name_on_restriction(user: Any, child: Any, *, at: datetime, because: str) -> None:
    """Name a person on the restriction of a child's record."""
    _grant(NAMED, user, child, at, None, because)


def naming(person: int, child: int, *, at: datetime, because: str) -> Any:
    """The row that names a person on a restricted record, to be written down with its event."""
    return _exception(NAMED, person, child, at, None, because)


def breaking_glass(person: int, child: int, *, at: datetime, until: datetime, because: str) -> Any:
    """The row that lets a person see one record until a moment (exclusive), to be written down with its event."""
    return _exception(BREAK_GLASS, person, child, at, until, because)


def glasses(child: int, at: datetime) -> QuerySet[Any]:
    """The rows by which a child's record is open to somebody by break-glass at a moment."""
    exceptions = _dated("ChildUserObjectPermission").in_force(at).filter(permission__codename=BREAK_GLASS)
    return exceptions.filter(content_object=child)


def glass_ends_at() -> Subquery:
    """When what each of some uses of break-glass opened is closed: at its hour, or before."""
    opened = _dated("ChildUserObjectPermission").filter(
        permission__codename=BREAK_GLASS,
        content_object=OuterRef("child"),
        user=OuterRef("by"),
        starts_at=OuterRef("starts_at"),
    )
    return Subquery(opened.order_by("-ends_at").values("ends_at")[:1])


def namings(child: int, at: datetime) -> QuerySet[Any]:
    """The rows that name people on a child's record at a moment, the first named first, each with the person."""
    exceptions = _dated("ChildUserObjectPermission").in_force(at).filter(permission__codename=NAMED)
    return exceptions.filter(content_object=child).select_related("user").order_by("starts_at", "pk")


def people_named(child: Any, at: datetime) -> set[int]:
    """The primary keys of the people who see the record although it is restricted."""
    return set(namings(child.pk, at).values_list("user", flat=True))


def is_restricted(child: Any, at: datetime) -> bool:
    """Is the record restricted at a moment? Read once per moment."""
    read_at, found = child.__dict__.get("_restricted_read", (None, False))
    if read_at != at:
        found = _dated("Restriction").in_force(at).filter(child=child).exists()
        child.__dict__["_restricted_read"] = (at, found)
    return bool(found)


@dataclass(frozen=True, slots=True)
class Way:
    """How a record is open to a person: is it restricted, and until when by break-glass?"""

    is_restricted: bool
    glass_until: datetime | None


def way_to(child: Any, user: Any, at: datetime) -> Way:
    """How this record is open to this person at a moment, read once; one query."""
    read_for, way = child.__dict__.get("_way_read", (None, None))
    if read_for != (user.pk, at):
        with connection.cursor() as cursor:
            cursor.execute(WAY, [child.pk, at, at, child.pk, user.pk, BREAK_GLASS, at, at])
            way = Way(*cursor.fetchone())
        child.__dict__["_way_read"] = ((user.pk, at), way)
    return way


def _among(child: str, children: Select) -> Q:
    return Q(**{f"{child}__in": RawSQL(*children)})  # noqa: S611 - put together of the constants above


def _unrestricted(at: datetime, child: str = "pk") -> Q:
    return ~_among(child, (RESTRICTED, (at, at)))


def _put_together(how: str, *selects: Select) -> Select:
    return f" {how} ".join(f"({sql})" for sql, _ in selects), tuple(told for _, params in selects for told in params)


def _but_restricted(reached: list[Select], at: datetime) -> list[Select]:
    """The children whom relations reach, without those restricted."""
    return [_put_together("EXCEPT", _put_together("UNION", *reached), (RESTRICTED, (at, at)))] if reached else []


def _reached(user: Any, appointments: Any, at: datetime) -> list[Select]:
    """By which relations the person reaches children. United they lead the database to those few; an OR would not."""
    reached = [_invited(user, appointments, at)]
    offices = [a.role for a in appointments if a.role in OFFICES]
    if offices:
        reached.append((PUT_TO_OFFICE, (INVITED, offices, at, at)))
    roles = [a.role for a in appointments if SIGHTS[Role(a.role)].scope in (Scope.OWN, Scope.TEAM)]
    if roles:  # Allocated in a role that is held no longer is not allocated.
        reached.append((ALLOCATED, (user.pk, roles, at, at)))
    teams = [a.team_id for a in appointments if a.team_id and SIGHTS[Role(a.role)].scope >= Scope.TEAM]
    areas = [a.area_id for a in appointments if a.area_id and SIGHTS[Role(a.role)].scope >= Scope.AREA]
    if teams:
        reached.append((HELD_BY_TEAM, (teams, at, at)))
    if areas:
        reached.append((HELD_IN_AREA, (areas, at, at)))
    return reached


def _invited(user: Any, appointments: Any, at: datetime) -> Select:
    """What the person is invited to, or whoever's absence he or she covers in a role that sees by invitation (C-33)."""
    covered = [a.acting_for_id for a in appointments if a.acting_for_id and SIGHTS[Role(a.role)].scope == Scope.INVITED]
    return _excepted([user.pk, *covered], at, INVITED)


def _excepted(people: list[int], at: datetime, *codenames: str) -> Select:
    return EXCEPTED, (people, list(codenames), at, at)


def _is_own(user: Any, child: Any, at: datetime) -> bool:
    """Allocated in a role still held, named on the restriction, or holding break-glass."""
    roles = user.roles_at(at)
    if any(a.person_id == user.pk and a.role in roles for a in child.allocations_at(at)):
        return True
    excepted = _dated("ChildUserObjectPermission").in_force(at).filter(user=user, content_object=child)
    found: bool = excepted.filter(permission__codename__in=(NAMED, BREAK_GLASS)).exists()
    return found


def _grant(codename: str, user: Any, child: Any, at: datetime, until: datetime | None, because: str) -> None:
    """One exception for each reason: where it holds already it holds on, until the end said now."""
    exception = _exception(codename, user.pk, child.pk, at, until, because)
    same = {name: getattr(exception, name) for name in ("user_id", "content_object_id", "permission_id", "because")}
    if not type(exception).objects.in_force(at).filter(**same).update(ends_at=until):
        exception.save()


def _exception(codename: str, person: int, child: int, at: datetime, until: datetime | None, because: str) -> Any:
    permission = apps.get_model("auth", "Permission").objects.get(
        content_type__app_label="children", content_type__model="child", codename=codename
    )
    return apps.get_model("children", "ChildUserObjectPermission")(
        user_id=person,
        content_object_id=child,
        permission=permission,
        because=because,
        starts_at=at,
        ends_at=until,
    )


def _extent(own: bool, extents: list[Extent]) -> Extent:
    widest = max(extents, default=Extent.NO)
    return Extent.YES if widest == Extent.YES or (widest == Extent.OWN and own) else Extent.NO


def _dated(model: str) -> Any:
    return apps.get_model("children", model).objects
