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

from accounts.models import Appointment
from accounts.roles import Role
from casework.holders import NOBODY, Holder
from children.access import NAMED
from children.models import Allocation, ChildUserObjectPermission, Restriction, TeamHolding
from children.states import ALLOCATED_ROLES

Pair = tuple[int, str]


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
    allocated = {
        (pk, role): person
        for pk, role, person in Allocation.objects.in_force(at)
        .filter(_still_in_role(at), child__case_file__in=files, person__is_active=True)
        .values_list("child__case_file", "role", "person")
    }
    places = {
        pk: (team, area)
        for pk, team, area in TeamHolding.objects.in_force(at)
        .filter(child__case_file__in=files)
        .values_list("child__case_file", "team", "team__area")
    }
    present = SimpleLazyObject(lambda: _posts(Appointment.objects.in_force(at).filter(user__is_active=True)))
    former = SimpleLazyObject(lambda: _posts(_ended(at)))
    restricted = set(
        Restriction.objects.in_force(at).filter(child__case_file__in=files).values_list("child__case_file", flat=True)
    )
    found: dict[Pair, Holder] = {}
    for pk, role in wanted:
        team, area = places.get(pk, (None, None))
        person = allocated.get((pk, role))
        if person is None and role not in ALLOCATED_ROLES:
            post = present.holder(role, team, area)
            person = post.user_id if post else None
        if person is not None:
            found[pk, role] = Holder(person)
            continue
        found[pk, role] = _stand_in(role, team, area, present, former)
    if restricted:
        _only_people_named(found, restricted, present, at)
    return found


def _still_in_role(at: datetime) -> Exists:
    """Allocated in a role that is held no longer is not allocated, as for who may see the child (`children.access`)."""
    return Exists(Appointment.objects.in_force(at).filter(user=OuterRef("person"), role=OuterRef("role")))


def _ended(at: datetime) -> Iterable[Appointment]:
    """Appointments that are over, or whose holder has left, the latest first; each with a line manager who is still here."""
    over = Q(ends_at__lte=at) | Q(user__is_active=False)
    return Appointment.objects.filter(over, starts_at__lte=at, line_manager__is_active=True).order_by("-ends_at", "pk")


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
        if pk not in restricted or holder.person_id in named[pk]:
            continue
        able = next((person for person in named[pk] if role in roles[person]), None)
        found[pk, role] = (
            Holder(able)
            if able
            else Holder(
                officer.user_id if officer else None,
                "A restricted record has nobody named who can do this: have somebody named.",
            )
        )


def files_with_new_holders(after: datetime, until: datetime) -> set[int]:
    """The files of children whose worker, team, restriction or named people began or ended between two moments."""
    changed = Q(starts_at__gt=after, starts_at__lte=until) | Q(ends_at__gt=after, ends_at__lte=until)
    files: set[int] = set()
    for rows in (Allocation.objects, TeamHolding.objects, Restriction.objects):
        files.update(rows.filter(changed).values_list("child__case_file", flat=True))
    named = ChildUserObjectPermission.objects.filter(changed, permission__codename=NAMED)
    return files | set(named.values_list("content_object__case_file", flat=True))
