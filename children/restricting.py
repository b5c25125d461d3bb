"""Restricting a record to people named on it: who may, who is named, and which steps nobody named can take (C-46).

Read WHO_RESTRICTS as one row per role: whoever holds the role where the child's case is held, and sees the child. On a
record that is restricted already, only somebody named on it may change anything, whatever the role: a relative of the
child may hold it, and break-glass is for seeing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import Count, F, Min
from django.urls import reverse

from accounts.models import Appointment, User
from accounts.roles import Role
from casework import outbox
from casework.models import Duty
from casework.steps import NotYet, write_down
from children import access
from children.allocators import OVER_ALL
from children.holders import NOBODY_NAMED, find_holders
from children.models import Restriction
from children.permissions import may_see
from children.states import WhyRestricted

WHO_RESTRICTS: Final[Mapping[Role, str]] = {
    Role.SERVICE_MANAGER: "leads the area, and stands outside the team in which a relative may work",
    Role.HOS: "leads the area, and decides on the arrangements in it",
    Role.SERVICE_DIRECTOR: "answers for every child of the authority",
    Role.ASSISTANT_DIRECTOR: "answers for every child of the authority",
    Role.DCS: "answers for every child of the authority",
}
"""Who restricts a record, and why that role. The sources name nobody: the reasons are this product's own."""
WHO = "Only the service manager and the Head of Service of the child’s area, and the directors, can do this"
WHO_OF_RESTRICTED = f"{WHO}; and they must be named on the record."

FOR_EVERY_CHILD: Final = (Role.SOCIAL_WORKER, Role.TEAM_MANAGER, Role.IRO)
FOR_THE_CHAIN: Final = (
    Role.SOCIAL_WORKER,
    Role.TEAM_MANAGER,
    Role.LEGAL,
    Role.DHOS,
    Role.HOS,
    Role.SERVICE_DIRECTOR,
)
"""Who signs an unregulated arrangement, where one is going on. S0 2.3-2.5b."""
ALARM = "D-00"

RESTRICTED_ALREADY = "This record is restricted already."
NOT_RESTRICTED = "This record is not restricted."
LAST_ONE = "Nobody else is named who can open the record. Name another person first, or lift the restriction."


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody named on a restricted record: who, in which roles, since when, why."""

    person: Any
    titles: str
    since: datetime
    because: str
    can_name: bool
    """May this person name others?"""


def may_restrict(child: Any, user: Any, at: datetime) -> bool:
    """Somebody of WHO_RESTRICTS for this child; on a restricted record, only one who is named."""
    if not may_see(child, user, at):
        return False
    if access.way_to(child, user, at).is_restricted:
        return user.holds(*WHO_RESTRICTS, at=at) and user.pk in access.people_named(child, at)
    return user.holds(*OVER_ALL, at=at) or _leads_the_area(child, user, at)


def _leads_the_area(child: Any, user: Any, at: datetime) -> bool:
    held = child.holding_at(at)
    areas = {a.area_id for a in user.appointments_at(at) if a.role in WHO_RESTRICTS and a.area_id}
    return held is not None and held.team.area_id in areas


def restriction_of(child: Any, at: datetime) -> Restriction | None:
    """The restriction in force; None where every role sees the record as usual."""
    found: Restriction | None = Restriction.objects.in_force(at).filter(child=child).first()
    return found


def named_on(child_pk: int, at: datetime) -> list[Named]:
    """Who is named and can still open the record, the first named first; two queries."""
    rows = list(access.namings(child_pk, at).filter(user__is_active=True))
    held = posts_of((row.user_id for row in rows), at)
    found = {row.user_id: row for row in reversed(rows) if row.user_id in held}
    return [
        Named(
            person=row.user,
            titles=said_posts(held[row.user_id]),
            since=row.starts_at,
            because=row.because,
            can_name=any(appointment.role in WHO_RESTRICTS for appointment in held[row.user_id]),
        )
        for row in reversed(found.values())
    ]


def posts_of(people: Iterable[int], at: datetime) -> Mapping[int, list[Appointment]]:
    """The appointments of these people at a moment, by person; nothing for whoever has none. One query."""
    held: dict[int, list[Appointment]] = {}
    appointed = Appointment.objects.in_force(at).filter(user__in=list(people))
    for appointment in appointed.select_related("team", "area"):
        held.setdefault(appointment.user_id, []).append(appointment)
    return held


def said_posts(appointments: Iterable[Appointment]) -> str:
    """What somebody is, as lists of people say it: "Team manager, Larkfield"."""
    return "; ".join(
        f"{each.get_role_display()}, {each.team or each.area}"
        if each.team_id or each.area_id
        else each.get_role_display()
        for each in appointments
    )


def roles_without_anybody(child: Any, people: Iterable[int], at: datetime) -> list[Role]:
    """The roles with steps to take for this child that none of these people holds; also who could change the names."""
    duties = Duty.objects.open().filter(case_file=child.case_file_id).values_list("role", "kind")
    wanted = {*FOR_EVERY_CHILD, *(Role(role) for role, _ in duties)}
    if any(kind == ALARM for _, kind in duties):
        wanted |= set(FOR_THE_CHAIN)
    held = set(
        Appointment.objects.in_force(at).filter(user__in=people, user__is_active=True).values_list("role", flat=True)
    )
    return [role for role in Role if role in wanted - {Role.PRIVACY_OFFICER, Role.AUDITOR} and role not in held]


def nobody_can_change(people: Iterable[int], at: datetime) -> bool:
    """Does none of these people hold a role that could name others or lift the restriction?"""
    able = Appointment.objects.in_force(at).filter(user__in=people, user__is_active=True, role__in=WHO_RESTRICTS)
    return not able.exists()


def warnings_about(child: Any, people: Iterable[int], at: datetime) -> list[str]:
    """What will wait if only these people are named, as sentences; empty where nothing will."""
    people = list(people)
    warnings = []
    missing = roles_without_anybody(child, people, at)
    if missing:
        said = ", ".join(role.label for role in missing)
        warnings.append(
            f"Nobody named holds these roles: {said}. What they have to do for this child will wait until somebody is named."
        )
    if nobody_can_change(people, at):
        warnings.append(
            "Nobody named can name others or lift the restriction. The privacy officer would have to step in."
        )
    return warnings


def people_of_the_case(child: Any, at: datetime) -> list[Any]:
    """Whoever is allocated or would have a step to take: those to think of first when people are named."""
    file = child.case_file_id
    roles = {*FOR_EVERY_CHILD, *FOR_THE_CHAIN, Role.SERVICE_MANAGER}
    found = {holder.person_id for holder in find_holders([(file, role) for role in roles], at).values()}
    found |= {allocation.person_id for allocation in child.allocations_at(at)}
    return list(User.objects.filter(pk__in=found - {None}, is_active=True).order_by("last_name", "first_name"))


# The acts


def restrict(child: Any, people: Iterable[Any], *, why: str, because: str, by: Any, at: datetime) -> None:
    """From now on only these people see the record; what was opened by break-glass closes.

    Raises NotYou; NotYet where it is restricted already.
    """
    people = list(people)
    restriction = Restriction(child=child, why=why, because=because, starts_at=at, by=by)
    rows = [access.naming(person.pk, child.pk, at=at, because=because) for person in people]
    rows += [_ended(glass, at) for glass in access.glasses(child.pk, at)]

    def may(about: Any, user: Any, moment: datetime) -> bool:
        if restriction_of(child, moment):
            raise NotYet(RESTRICTED_ALREADY)
        return may_restrict(about, user, moment)

    details = {"why": WhyRestricted(why).label, "people": [person.name for person in people]}
    write_down(restriction, *rows, act="restrict", about=child, may=may, by=by, at=at, because=because, details=details)
    _tell_named(restriction, [person for person in people if person != by], at)


def name_person(child: Any, person: Any, *, because: str, by: Any, at: datetime) -> None:
    """One more person sees the restricted record. Raises NotYou; NotYet where it is not restricted."""
    restriction = _require_restriction(child, at)
    row = access.naming(person.pk, child.pk, at=at, because=because)
    details = {"people": [person.name]}
    write_down(row, act="name_person", about=child, may=may_restrict, by=by, at=at, because=because, details=details)
    _tell_named(restriction, [person], at)


def take_off(child: Any, person: Any, *, because: str, by: Any, at: datetime) -> None:
    """A person sees the restricted record no longer. Raises NotYou; NotYet for the last one who could open it."""
    _require_restriction(child, at)
    rows = list(access.namings(child.pk, at).filter(user=person))
    if not rows:
        raise NotYet(f"{person.name} is not named on this record.")

    def may(about: Any, user: Any, moment: datetime) -> bool:
        if all(named.person == person for named in named_on(child.pk, moment)):
            raise NotYet(LAST_ONE)
        return may_restrict(about, user, moment)

    details = {"people": [person.name]}
    ended = [_ended(row, at) for row in rows]
    write_down(*ended, act="take_off", about=child, may=may, by=by, at=at, because=because, details=details)


def lift(child: Any, *, because: str, by: Any, at: datetime) -> None:
    """The record is seen by role again; nobody stays named. Raises NotYou, NotYet."""
    restriction = _require_restriction(child, at)
    ended = [_ended(row, at) for row in (restriction, *access.namings(child.pk, at))]
    write_down(*ended, act="lift_restriction", about=child, may=may_restrict, by=by, at=at, because=because)


def _require_restriction(child: Any, at: datetime) -> Restriction:
    restriction = restriction_of(child, at)
    if restriction is None:
        raise NotYet(NOT_RESTRICTED)
    return restriction


def _ended(row: Any, at: datetime) -> Any:
    row.ends_at = at
    return row


# What the privacy officer does, who does not see the child (C-46)


def may_have_named(about: Any, user: Any, at: datetime) -> bool:
    """The privacy officer, for a restricted record on which something waits."""
    return user.holds(Role.PRIVACY_OFFICER, at=at) and bool(roles_waiting(about, at))


def without_child(at: datetime) -> Any:
    """The restrictions in force, each with the number of its case file: no child is loaded with them."""
    return Restriction.objects.in_force(at).annotate(case_file_id=F("child__case_file")).order_by("starts_at", "pk")


def waiting_for_a_name(at: datetime) -> list[dict[str, Any]]:
    """The restricted records on which steps wait because nobody named can take them, with the roles; two queries."""
    waiting: dict[int, list[dict[str, Any]]] = {}
    for row in _waiting(at):
        waiting.setdefault(row["case_file"], []).append(row)
    return [
        {"restriction": restriction, "roles": waiting[restriction.case_file_id]}
        for restriction in without_child(at)
        if restriction.case_file_id in waiting
    ]


def roles_waiting(restriction: Any, at: datetime) -> list[dict[str, Any]]:
    """The roles whose steps wait on one restricted record: role, how many steps, the soonest."""
    return list(_waiting(at).filter(case_file=restriction.case_file_id))


def _waiting(at: datetime) -> Any:
    duties = Duty.objects.open().filter(
        stands_in=NOBODY_NAMED, case_file__in=access.case_files_of_restricted_children(at)
    )
    counted = duties.order_by().values("case_file", "role").annotate(number=Count("pk"), soonest=Min("due_at"))
    return counted.order_by("soonest", "role")


def ask_to_name(restriction: Any, person: Any, role: str, *, by: Any, at: datetime) -> None:
    """The privacy officer asks somebody named, who may name others, to name somebody in a role. Raises NotYou."""
    label = Role(role).label
    details = {"people": [person.name], "role": label}
    write_down(restriction, act="ask_to_name", about=restriction, may=may_have_named, by=by, at=at, details=details)
    text = ASKED.format(role=label, address=_address(restriction))
    outbox.write([(person, "Hearth: somebody is to be named on a restricted record", text)], at=at)


def name_by_role(restriction: Any, person: Any, role: str, *, because: str, by: Any, at: datetime) -> None:
    """The privacy officer names somebody who holds a role that is missing. Raises NotYou."""
    row = access.naming(person.pk, restriction.child_id, at=at, because=because)

    def may(about: Any, user: Any, moment: datetime) -> bool:
        return user != person and may_have_named(about, user, moment)

    details = {"people": [person.name], "role": Role(role).label}
    write_down(row, act="name_person", about=restriction, may=may, by=by, at=at, because=because, details=details)
    _tell_named(restriction, [person], at)


def _tell_named(restriction: Restriction, people: Iterable[Any], at: datetime) -> None:
    text = NAMED.format(address=_address(restriction))
    subject = "Hearth: you are named on a restricted record"
    outbox.write([(person, subject, text) for person in people], at=at)


def _address(restriction: Restriction) -> str:
    return outbox.address_of(reverse("children:restricted_record", args=[restriction.key]))


NAMED: Final = """\
You are one of the people who see a restricted record in Hearth. To open it, sign in:
{address}

Tell nobody whose record it is. This message names nobody on purpose, so please add no names if you forward it.
"""
ASKED: Final = """\
The privacy officer asks you to name somebody on a restricted record in Hearth. Nobody named on it holds this role:
{role}

The privacy officer does not see the record; you do. To name somebody, sign in:
{address}

This message names nobody on purpose, so please add no names if you forward it.
"""
