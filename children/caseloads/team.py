"""What a team carries, as whoever leads it sees it: who has how many children, who has left, who has nobody.

Only children in sight count, everywhere on the page: a restricted child is in nobody's number but that of people named.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts.models import Appointment, Team, User
from accounts.roles import Role
from casework.forms import in_a_sentence
from casework.models import Duty
from casework.wording import due_day, said_day
from children.caseloads.reach import looked_after
from children.holders import still_in_role
from children.models import Allocation, Child, TeamHolding
from children.states import ALLOCATED_ROLES

AHEAD = timedelta(weeks=8)
"""How long before an appointment ends it is said that its children are to be handed over."""
IN_THE_TEAM = (Role.TEAM_MANAGER, *ALLOCATED_ROLES)
"""Whose work the page shows, in this order."""


@dataclass(frozen=True, slots=True)
class Post:
    """How somebody stands in a role at a moment."""

    holds: bool = False
    ends_at: datetime | None = None
    """The first moment without the role: past where it is held no longer, soon where it will be; else None."""
    is_leaving: bool = False
    """Does nobody see the person any more then: no other role, or no sign-in?"""

    def said(self, role: Role) -> str:
        """What is worth saying of it; nothing of somebody who holds the role and will."""
        day = f" on {said_day(due_day(self.ends_at))}" if self.ends_at else ""
        if self.holds:
            return (
                ""
                if not day
                else f"leaves{day}"
                if self.is_leaving
                else f"stops being {in_a_sentence(role.label)}{day}"
            )
        if self.is_leaving:
            return f"left{day}" if day else "has left"
        return (
            f"is no longer {in_a_sentence(role.label)}: that ended{day}"
            if day
            else f"is no {in_a_sentence(role.label)}"
        )


@dataclass(frozen=True, slots=True)
class Caseload:
    """One person in one role: how many of these children, what is owed for them, and whether the person is still there."""

    person_id: int
    name: str
    role: Role
    children: int
    open: int
    overdue: int
    post: Post

    @property
    def value(self) -> str:
        """The filter that leaves this person's children."""
        return f"{self.role}:{self.person_id}"

    @property
    def is_to_hand_over(self) -> bool:
        """Are there children whom somebody has left, or will leave soon?"""
        return bool(self.children) and (not self.post.holds or self.post.ends_at is not None)

    @property
    def said(self) -> str:
        """“Jo Bell left on 3 March 2026”."""
        return f"{self.name} {self.post.said(self.role)}"


@dataclass(frozen=True, slots=True)
class Totals:
    """What a set of children comes to."""

    children: int
    without_worker: int


def totals(children: QuerySet[Child], at: datetime) -> Totals:
    """How many there are, and how many of those looked after have no social worker who is still there."""
    nobody = looked_after(at) & ~Q(Exists(held_allocations(at).filter(child=OuterRef("pk"), role=Role.SOCIAL_WORKER)))
    counted = children.order_by().aggregate(children=Count("pk"), without=Count("pk", filter=nobody))
    return Totals(counted["children"], counted["without"])


def held_allocations(at: datetime) -> Any:
    """Allocations in force of people who are still there in the role: whoever owes the duties (`children.holders`)."""
    return Allocation.objects.in_force(at).filter(still_in_role(at), person__is_active=True)


def left_behind(at: datetime) -> Any:
    """Allocations in force of people who have left, or no longer hold the role."""
    return Allocation.objects.in_force(at).exclude(still_in_role(at) & Q(person__is_active=True))


@dataclass(frozen=True, slots=True)
class Work:
    """Who carries a set of children, in the order of the roles, and what is overdue for them in all, whoever owes it."""

    rows: list[Caseload]
    overdue: int


def caseloads(children: QuerySet[Child], at: datetime, team: Team | None = None) -> Work:
    """Who is allocated to these children and who else works in the team. Four queries.

    A duty that somebody owes in another's place, as a team manager where nobody is allocated, is in that person's number.
    """
    ours = children.order_by()
    held = {
        (row["person"], row["role"]): row["number"]
        for row in Allocation.objects.in_force(at)
        .filter(child__in=ours.values("pk"))
        .values("person", "role")
        .annotate(number=Count("pk"))
        .order_by()
    }
    people = people_of({person for person, _ in held}, team)
    here = {
        (person.pk, a.role)
        for person in people.values()
        for a in person.appointments.all()
        if team and a.team_id == team.pk and a.role in IN_THE_TEAM and is_in_force(a, person, at)
    }
    shown = sorted(held.keys() | here, key=lambda key: (IN_THE_TEAM.index(Role(key[1])), people[key[0]].name, key[0]))
    owed, overdue = _owed(ours, shown, at)
    rows = [
        Caseload(
            person,
            people[person].name,
            Role(role),
            held.get((person, role), 0),
            *owed[person, role],
            post_of(people[person], Role(role), at),
        )
        for person, role in shown
    ]
    return Work(rows, overdue)


Key = tuple[int, str]


def _owed(children: QuerySet[Child], shown: list[Key], at: datetime) -> tuple[Mapping[Key, tuple[int, int]], int]:
    """How many open and overdue duties each of these people has for the children; and how many are overdue in all."""
    counted = (
        Duty.objects.open()
        .filter(case_file__in=children.values("case_file"))
        .values("owner", "role")
        .annotate(open=Count("pk"), overdue=Count("pk", filter=Q(due_at__lte=at)))
        .order_by()
    )
    owed = dict.fromkeys(shown, (0, 0))
    first = {person: (person, role) for person, role in reversed(shown)}
    overdue = 0
    for row in counted:
        overdue += row["overdue"]
        own = (row["owner"], row["role"])
        key = own if own in owed else first.get(row["owner"])
        if key:
            owed[key] = (owed[key][0] + row["open"], owed[key][1] + row["overdue"])
    return owed, overdue


def people_of(allocated: Iterable[int], team: Team | None = None) -> Mapping[int, User]:
    """These people, and whoever was ever appointed to the team, with all their appointments. Two queries."""
    whose = Q(pk__in=allocated)
    if team:
        whose |= Q(pk__in=Appointment.objects.filter(team=team, role__in=IN_THE_TEAM).values("user"))
    return {person.pk: person for person in User.objects.filter(whose).prefetch_related("appointments")}


def is_in_force(appointment: Appointment, person: User, at: datetime) -> bool:
    """Does the appointment hold at a moment, of somebody who has not left?"""
    return person.is_active and appointment.holds_at(at)


def post_of(person: User, role: Role, at: datetime) -> Post:
    """How somebody stands in a role; the appointments are read already."""
    appointments = list(person.appointments.all())
    of_role = [a for a in appointments if a.role == role and a.ends_at != a.starts_at]  # Not one that was called off.
    if any(is_in_force(a, person, at) for a in of_role):
        ends = [a.ends_at for a in of_role if a.ends_at is None or a.ends_at > at]
        if None in ends or max(ends) - at > AHEAD:
            return Post(holds=True)
        last = max(ends)
        return Post(holds=True, ends_at=last, is_leaving=not any(is_in_force(a, person, last) for a in appointments))
    ended = [a.ends_at for a in of_role if a.ends_at and a.ends_at <= at]
    here = any(is_in_force(a, person, at) for a in appointments)
    return Post(ends_at=max(ended, default=None), is_leaving=not here)


def to_hand_over(rows: Iterable[Caseload]) -> list[Caseload]:
    """Whoever has left or leaves soon, and still has children."""
    return [row for row in rows if row.is_to_hand_over]


def teams_compared(children: QuerySet[Child], at: datetime) -> Mapping[int, dict[str, int]]:
    """By team: how many of these children it holds, and what stands out. Three queries, however many teams."""
    held = TeamHolding.objects.in_force(at).filter(child__in=children.order_by().values("pk"))
    nobody = ~Q(Exists(held_allocations(at).filter(child=OuterRef("child"), role=Role.SOCIAL_WORKER)))
    in_care = Q(Exists(Child.objects.filter(looked_after(at), pk=OuterRef("child"))))
    left = Q(Exists(left_behind(at).filter(child=OuterRef("child"))))
    counted = held.order_by().values("team")
    found = {
        row["team"]: dict(row)
        for row in counted.annotate(
            children=Count("pk"), without=Count("pk", filter=nobody & in_care), left=Count("pk", filter=left)
        )
    }
    owed = Duty.objects.overdue(at).filter(case_file__child__holdings__in=held).order_by()
    for row in owed.values(team=F("case_file__child__holdings__team")).annotate(overdue=Count("pk")):
        found[row["team"]]["overdue"] = row["overdue"]
    return found


# The list of the team's children

SORTS = {
    "": ("surname", "forename", "pk"),
    "-name": ("-surname", "-forename", "-pk"),
    "age": ("-date_of_birth", "pk"),
    "-age": ("date_of_birth", "pk"),
    "worker": (F("worker_surname").asc(nulls_first=True), "surname", "forename", "pk"),
    "-worker": (F("worker_surname").desc(nulls_last=True), "surname", "forename", "pk"),
    "-overdue": ("-overdue", "surname", "forename", "pk"),
    "overdue": ("overdue", "surname", "forename", "pk"),
}
"""How the list is sorted, by the word in the address; without one, by name."""
WITHOUT, LEFT = "none", "left"
"""Filters: children without a social worker, and children with somebody who has left."""


def listed(children: QuerySet[Child], at: datetime) -> QuerySet[Child]:
    """The children with what the list shows of each and sorts by."""
    worker = Allocation.objects.in_force(at).filter(child=OuterRef("pk"), role=Role.SOCIAL_WORKER)
    duties = Duty.objects.open().filter(case_file=OuterRef("case_file")).order_by().values("case_file")
    return children.annotate(
        worker_surname=Subquery(worker.values("person__last_name")[:1]),
        open=Coalesce(Subquery(duties.annotate(number=Count("pk")).values("number")), 0),
        overdue=Coalesce(Subquery(duties.filter(due_at__lte=at).annotate(number=Count("pk")).values("number")), 0),
    )


def with_worker(
    children: QuerySet[Child], chosen: str, at: datetime, role: Role = Role.SOCIAL_WORKER
) -> QuerySet[Child]:
    """Those that a filter leaves: of one person, "social_worker:7"; without anybody; with somebody who has left."""
    of_child = {"child": OuterRef("pk")}
    if chosen == WITHOUT:
        return children.filter(looked_after(at), ~Exists(held_allocations(at).filter(role=role, **of_child)))
    if chosen == LEFT:
        return children.filter(Exists(left_behind(at).filter(**of_child)))
    of_role, _, person = chosen.partition(":")
    return children.filter(Exists(Allocation.objects.in_force(at).filter(role=of_role, person=person, **of_child)))


def allocated_to_each(children: Iterable[Child], at: datetime) -> Mapping[tuple[int, str], Allocation]:
    """Who is allocated to these children, by child and role. One query."""
    rows = Allocation.objects.in_force(at).filter(child__in=[child.pk for child in children]).select_related("person")
    return {(row.child_id, row.role): row for row in rows}


def choices_of(rows: Iterable[Caseload]) -> Iterator[tuple[str, str]]:
    """What one filters the list by: nobody, somebody who has left, or one of these people."""
    rows = [row for row in rows if row.children]
    yield WITHOUT, "No social worker"
    if any(not row.post.holds for row in rows):
        yield LEFT, "Somebody who has left"
    for row in rows:
        yield row.value, f"{row.name}, {in_a_sentence(row.role.label)} ({row.children})"
