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

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.functional import SimpleLazyObject

from accounts.models import Appointment
from accounts.roles import Role
from casework.holders import NOBODY, Holder
from children.access import NAMED
from children.models import Allocation, ChildUserObjectPermission, Restriction, TeamHolding
from children.states import ALLOCATED_ROLES

Pair = tuple[int, str]
NOBODY_NAMED = "A restricted record has nobody named who can do this: have somebody named."
ABOUT_THE_RECORD = frozenset({Role.PRIVACY_OFFICER, Role.AUDITOR})
"""Who looks after records and not after children: their duties hang on restricted records too."""


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
    """Who owes a duty of a role, by case file and role. At most seven queries, however many pairs."""
    wanted = set(pairs)
    files = {pk for pk, _ in wanted}
    allocated = SimpleLazyObject(lambda: _allocated(files, at))
    places = SimpleLazyObject(lambda: _places(files, at))
    here = SimpleLazyObject(lambda: _to_ask({role for _, role in wanted}, places.values()))
    present = SimpleLazyObject(lambda: _posts(here.in_force(at).filter(user__is_active=True)))
    former = SimpleLazyObject(lambda: _posts(_ended(here, at)))
    restricted = set(
        Restriction.objects.in_force(at).filter(child__case_file__in=files).values_list("child__case_file", flat=True)
    )
    found: dict[Pair, Holder] = {}
    for pk, role in wanted:
        if role in ALLOCATED_ROLES and (pk, role) in allocated:
            found[pk, role] = Holder(allocated[pk, role])
            continue
        team, area = places.get(pk, (None, None))
        post = None if role in ALLOCATED_ROLES else present.holder(role, team, area)
        found[pk, role] = Holder(post.user_id) if post else _stand_in(role, team, area, present, former)
    if restricted:
        _only_people_named(found, restricted, present, at)
    return found


def _allocated(files: Iterable[int], at: datetime) -> Mapping[Pair, int]:
    """By case file and role: who is allocated, and still holds the role."""
    allocated = Allocation.objects.in_force(at).filter(still_in_role(at), child__case_file__in=files)
    people = allocated.filter(person__is_active=True).values_list("child__case_file", "role", "person")
    return {(pk, role): person for pk, role, person in people}


def _places(files: Iterable[int], at: datetime) -> Mapping[int, tuple[int, int]]:
    """By case file: the team that holds the case, and its area."""
    held = TeamHolding.objects.in_force(at).filter(child__case_file__in=files)
    return {pk: (team, area) for pk, team, area in held.values_list("child__case_file", "team", "team__area")}


def _to_ask(roles: set[str], places: Iterable[tuple[int, int]]) -> QuerySet[Appointment]:
    """Appointments to one of these roles, or to one that stands in for them, where these cases are held."""
    teams, areas = {team for team, _ in places}, {area for _, area in places}
    here = Q(team__in=teams) | Q(area__in=areas) | Q(team=None, area=None)
    return Appointment.objects.filter(here, role__in={*roles, Role.TEAM_MANAGER, Role.PRIVACY_OFFICER})


def still_in_role(at: datetime) -> Exists:
    """Allocated in a role that is held no longer is not allocated, as for who may see the child (`children.access`)."""
    return Exists(Appointment.objects.in_force(at).filter(user=OuterRef("person"), role=OuterRef("role")))


def teams_holding(files: Iterable[int], at: datetime) -> Mapping[int, int]:
    """Which team holds each of these cases."""
    held = TeamHolding.objects.in_force(at).filter(child__case_file__in=set(files))
    return dict(held.values_list("child__case_file", "team"))


def _ended(among: QuerySet[Appointment], at: datetime) -> Iterable[Appointment]:
    """Appointments that are over, or whose holder has left, the latest first; each with a line manager who is still here."""
    over = Q(ends_at__lte=at) | Q(user__is_active=False)
    return among.filter(over, starts_at__lte=at, line_manager__is_active=True).order_by("-ends_at", "pk")


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
