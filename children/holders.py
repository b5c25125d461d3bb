"""Who owes a child's duties: the allocated worker, or whoever is appointed to the child's team, area or authority.

An acting appointment comes before the one that it covers. Where nobody holds a role, the duty falls to the line manager
of whoever held it last (for a worker's role the team manager of the child's team), then to the administrators, and says
so (C-46). A restricted child's duties are held by people named on the restriction only; where none of them holds the
role, the privacy officer is asked to have somebody named.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Exists, OuterRef, Q
from django.utils.functional import SimpleLazyObject

from accounts.models import Appointment, Team
from accounts.roles import Role
from casework.holders import NOBODY, Holder
from casework.together import Found, Rows, Together
from children.access import NAMED
from children.models import Allocation, Child, ChildUserObjectPermission, Restriction, TeamHolding
from children.states import ALLOCATED_ROLES

Pair = tuple[int, str]
NOBODY_NAMED = "A restricted record has nobody named who can do this: have somebody named."
ABOUT_THE_RECORD = frozenset({Role.PRIVACY_OFFICER, Role.AUDITOR})
"""Who looks after records and not after children: their duties hang on restricted records too."""

STAND_IN = (Role.TEAM_MANAGER, Role.PRIVACY_OFFICER)
"""Whom a duty falls to where nobody holds its role, or may hold it."""

OF_CHILD = """r.child_id IN (SELECT id FROM child)
    AND r.starts_at <= %(at)s AND (r.ends_at IS NULL OR r.ends_at > %(at)s)"""
STILL_IN_ROLE = """EXISTS (SELECT FROM accounts_appointment a JOIN accounts_user u ON u.id = a.user_id
    WHERE u.id = r.person_id AND u.is_active AND a.role = r.role
    AND a.starts_at <= %(at)s AND (a.ends_at IS NULL OR a.ends_at > %(at)s))"""
IN_POST = """r.role = ANY(%(roles)s) AND r.starts_at <= %(at)s AND (r.ends_at IS NULL OR r.ends_at > %(at)s)
    AND (r.team_id IN (SELECT id FROM team) OR r.area_id IN (SELECT area_id FROM team)
        OR r.team_id IS NULL AND r.area_id IS NULL)
    AND EXISTS (SELECT FROM accounts_user u WHERE u.id = r.user_id AND u.is_active)"""
READ = Together(
    Rows(Child, "r.case_file_id = ANY(%(files)s)"),
    Rows(Restriction, OF_CHILD),
    Rows(TeamHolding, OF_CHILD),
    Rows(Team, "r.id IN (SELECT team_id FROM teamholding)"),
    Rows(Allocation, f"{OF_CHILD} AND {STILL_IN_ROLE}"),
    Rows(Appointment, IN_POST, ("starts_at", "id")),
)
"""Who is allocated, and who is appointed where these cases are held, at a moment."""


@dataclass(slots=True)
class Posts:
    """Who is appointed to a role: in each team, in each area, in the whole authority; the one to ask first."""

    by_place: dict[tuple[str, str, int | None], Appointment] = field(default_factory=dict)

    def add(self, appointment: Appointment) -> None:
        """The first appointment of a place counts, an acting one before all others."""
        place = self.place(appointment)
        present = self.by_place.get(place)
        if present is None or (appointment.acting_for_id and not present.acting_for_id):
            self.by_place[place] = appointment

    def holder(self, role: str, team: int | None, area: int | None) -> Appointment | None:
        """Who holds a role for a child of this team and area: the nearest place first."""
        for place in ((role, "team", team), (role, "area", area), (role, "authority", None)):
            if place in self.by_place:
                return self.by_place[place]
        return None

    @staticmethod
    def place(appointment: Appointment) -> tuple[str, str, int | None]:
        """Where an appointment holds."""
        if appointment.team_id:
            return appointment.role, "team", appointment.team_id
        if appointment.area_id:
            return appointment.role, "area", appointment.area_id
        return appointment.role, "authority", None


def find_holders(pairs: Iterable[Pair], at: datetime) -> Mapping[Pair, Holder]:
    """Who owes a duty of a role, by case file and role. At most four queries, however many pairs."""
    wanted = set(pairs)
    roles = {*(role for _, role in wanted), *STAND_IN}
    here = READ.read(files=list({pk for pk, _ in wanted}), roles=list(roles), at=at)
    case_files = {child.pk: child.case_file_id for child in here.all(Child)}
    allocated = {(case_files[row.child_id], row.role): row.person_id for row in here.all(Allocation)}
    places = _places(here, case_files)
    present = _posts(here.all(Appointment))
    former = SimpleLazyObject(lambda: _posts(_ended(roles, places.values(), at)))
    found: dict[Pair, Holder] = {}
    for pk, role in wanted:
        if role in ALLOCATED_ROLES and (pk, role) in allocated:
            found[pk, role] = Holder(allocated[pk, role])
            continue
        team, area = places.get(pk, (None, None))
        post = None if role in ALLOCATED_ROLES else present.holder(role, team, area)
        found[pk, role] = Holder(post.user_id) if post else _stand_in(role, team, area, present, former)
    restricted = {case_files[row.child_id] for row in here.all(Restriction)}
    if restricted:
        _only_people_named(found, restricted, present, at)
    return found


def _places(here: Found, case_files: Mapping[int, int]) -> Mapping[int, tuple[int, int]]:
    """By case file: the team that holds the case, and its area."""
    area_of = {team.pk: team.area_id for team in here.all(Team)}
    return {case_files[held.child_id]: (held.team_id, area_of[held.team_id]) for held in here.all(TeamHolding)}


def still_in_role(at: datetime) -> Exists:
    """Allocated in a role that is held no longer is not allocated, as for who may see the child (`children.access`)."""
    return Exists(Appointment.objects.in_force(at).filter(user=OuterRef("person"), role=OuterRef("role")))


def teams_holding(files: Iterable[int], at: datetime) -> Mapping[int, int]:
    """Which team holds each of these cases."""
    held = TeamHolding.objects.in_force(at).filter(child__case_file__in=set(files))
    return dict(held.values_list("child__case_file", "team"))


def _ended(roles: Iterable[str], places: Iterable[tuple[int, int]], at: datetime) -> Iterable[Appointment]:
    """Appointments here that are over, or whose holder left, the latest first; each with a line manager who is still here."""
    teams, areas = {team for team, _ in places}, {area for _, area in places}
    here = Q(team__in=teams) | Q(area__in=areas) | Q(team=None, area=None)
    over = Q(ends_at__lte=at) | Q(user__is_active=False)
    ended = Appointment.objects.filter(here, over, role__in=roles, starts_at__lte=at, line_manager__is_active=True)
    return ended.order_by("-ends_at", "pk")


def _posts(appointments: Iterable[Appointment]) -> Posts:
    posts = Posts()
    for appointment in appointments:
        posts.add(appointment)
    return posts


def _stand_in(role: str, team: int | None, area: int | None, present: Posts, former: Posts) -> Holder:
    title = Role(role).label
    if role in ALLOCATED_ROLES:
        manager = present.holder(Role.TEAM_MANAGER, team, None)
        if manager and team:
            return Holder(manager.user_id, f"{title}: nobody is allocated; falls to the team manager.")
        return NOBODY
    last = former.holder(role, team, area)
    if last and last.line_manager_id:
        return Holder(last.line_manager_id, f"{title}: nobody holds the role; falls to the last holder’s line manager.")
    return NOBODY


def _only_people_named(found: dict[Pair, Holder], restricted: set[int], present: Posts, at: datetime) -> None:
    named: dict[int, list[int]] = defaultdict(list)
    exceptions = ChildUserObjectPermission.objects.in_force(at).filter(
        content_object__case_file__in=restricted, permission__codename=NAMED, user__is_active=True
    )
    for pk, person in exceptions.order_by("pk").values_list("content_object__case_file", "user"):
        named[pk].append(person)
    people = {person for persons in named.values() for person in persons}
    roles: dict[int, set[str]] = defaultdict(set)
    for person, role in Appointment.objects.in_force(at).filter(user__in=people).values_list("user", "role"):
        roles[person].add(role)
    officer = present.holder(Role.PRIVACY_OFFICER, None, None)
    for (pk, role), holder in list(found.items()):
        if pk not in restricted or role in ABOUT_THE_RECORD or holder.person_id in named[pk]:
            continue
        able = next((person for person in named[pk] if role in roles[person]), None)
        found[pk, role] = Holder(able) if able else Holder(officer.user_id if officer else None, NOBODY_NAMED)


def files_with_new_holders(after: datetime, until: datetime) -> set[int]:
    """The files of children whose worker, team, restriction or named people began or ended between two moments."""
    changed = Q(starts_at__gt=after, starts_at__lte=until) | Q(ends_at__gt=after, ends_at__lte=until)
    files: set[int] = set()
    for rows in (Allocation.objects, TeamHolding.objects, Restriction.objects):
        files.update(rows.filter(changed).values_list("child__case_file", flat=True))
    named = ChildUserObjectPermission.objects.filter(changed, permission__codename=NAMED)
    return files | set(named.values_list("content_object__case_file", flat=True))
