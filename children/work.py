"""What is mine to do, what my team owes, and what nobody owes because a role is empty: the lists of the start page.

A duty on a record that its owner may not see is listed without the child (C-46): the privacy officer learns that somebody
must be named, the administrators which role is to be filled.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Min, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from casework import duty_links, subjects
from casework.duty_lines import DutyLine, line_of
from casework.duty_links import page_of
from casework.links import link_to
from casework.models import Duty
from casework.subjects import Subject
from children.access import case_files_of_restricted_children
from children.duties import REVIEW
from children.models import Child, TeamHolding

LEADERS = frozenset({Role.TEAM_MANAGER, Role.SERVICE_MANAGER, Role.DHOS, Role.HOS})
"""Who answers for what a team or a service area owes."""
WITH_NAME, WITHOUT_NAME = "components/duty_row.html", "children/duty_without_name.html"


@dataclass(frozen=True, slots=True)
class Kind:
    """One filter of a list, with how many duties it leaves."""

    label: str
    value: str
    count: int
    overdue: int


@dataclass(frozen=True, slots=True)
class Unnamed:
    """A duty on a record that its owner may not see: what to do and where, by when, and nothing of the record."""

    title: str
    says: str
    due_at: datetime
    url: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A duty of a list, and the template that draws it."""

    duty: DutyLine | Unnamed
    template: str


def mine(user: Any) -> QuerySet[Duty]:
    """What this person owes."""
    return Duty.objects.owed_by(user)


def overdue_of_those_led_by(user: Any, at: datetime) -> QuerySet[Duty]:
    """What is overdue for the children of this person's teams and areas, among those whom the person may see."""
    appointments = [a for a in user.appointments_at(at) if Role(a.role) in LEADERS]
    teams, areas = [a.team_id for a in appointments if a.team_id], [a.area_id for a in appointments if a.area_id]
    held = TeamHolding.objects.in_force(at).filter(Q(team__in=teams) | Q(team__area__in=areas))
    children = Child.objects.visible_to(user, at=at).filter(pk__in=held.values("child"))
    return Duty.objects.overdue(at).filter(case_file__in=children.values("case_file"))


def leads(user: Any, at: datetime) -> bool:
    """Does this person answer for a team or a service area?"""
    return user.holds(*LEADERS, at=at)


def kinds_of(duties: QuerySet[Duty], at: datetime) -> list[Kind]:
    """The filters of a list of duties, "All" first; one query."""
    counted = {
        row["source"]: (row["number"], row["overdue"])
        for row in duties.order_by()
        .values("source")
        .annotate(number=Count("pk"), overdue=Count("pk", filter=Q(due_at__lte=at)))
    }
    kinds = [Kind("All", "", *_sums(counted.values()))]
    for value, (label, sources) in duty_links.kinds().items():
        number, overdue = _sums(counted[source] for source in sources if source in counted)
        if number:
            kinds.append(Kind(label, value, number, overdue))
    return kinds


def of_kind(duties: QuerySet[Duty], value: str) -> QuerySet[Duty]:
    """The duties that a filter leaves; all of them for a filter that nobody knows."""
    kind = duty_links.kinds().get(value)
    return duties.filter(source__in=kind[1]) if kind else duties


def lines_for(duties: Iterable[Duty], user: Any, at: datetime) -> list[Line]:
    """The duties of a page, in their order, each with whose it is where the person may know that."""
    shown = list(duties)
    found = subjects.subjects_of({(duty.case_file_id, duty.case_file.kind) for duty in shown}, user, at)
    notes = duty_links.notes_beside([duty for duty in shown if duty.case_file_id in found], user, at)
    return [
        Line(line_of(duty, found[duty.case_file_id], notes.get(duty.pk)), WITH_NAME)
        if duty.case_file_id in found
        else Line(_unnamed(duty, user, at), WITHOUT_NAME)
        for duty in shown
    ]


def roles_to_fill(user: Any, at: datetime) -> list[dict[str, Any]]:
    """For administrators: the roles that nobody holds although duties wait for them, by service area.

    Restricted records do not count. The privacy officer, who has people named on them, is missed whether or not one waits.
    """
    if not user.holds(Role.ADMINISTRATOR, at=at):
        return []
    area = TeamHolding.objects.in_force(at).filter(child__case_file=OuterRef("case_file")).values("team__area__name")
    known = ~Q(case_file__in=case_files_of_restricted_children(at))
    waiting = Duty.objects.open().filter(known, owner=None).annotate(area=Subquery(area[:1])).order_by()
    counted = waiting.values("role", "area").annotate(number=Count("pk"), soonest=Min("due_at")).order_by("soonest")
    found = [{**row, "role": Role(row["role"]).label} for row in counted]
    officer = Role.PRIVACY_OFFICER
    if not User.objects.holding(officer, at=at).exists() and all(row["role"] != officer.label for row in found):
        found.append({"role": officer.label, "area": None, "number": 0, "soonest": None})
    return found


def subjects_of_children(case_files: Iterable[int], user: Any, at: datetime) -> dict[int, Subject]:
    """The children of these files whom the person may see, for lists."""
    children = Child.objects.visible_to(user, at=at).filter(case_file__in=case_files)
    named = children.only("case_file", "forename", "surname", "reference")
    return {child.case_file_id: Subject(child.name, link_to("children:child", child.pk)) for child in named}


def _unnamed(duty: Duty, user: Any, at: datetime) -> Unnamed:
    role = Role(duty.role).label
    if duty.kind == REVIEW:
        return Unnamed("Review a use of break-glass", duty.says, duty.due_at, page_of(duty) or "")
    if user.holds(Role.PRIVACY_OFFICER, at=at):
        says = f"A restricted record has nobody named who can do this: {role}. Ask somebody named, or name somebody."
        return Unnamed("Have somebody named", says, duty.due_at, reverse("children:names_wanted"))
    says = f"It falls to you as {role}. Ask the privacy officer."
    return Unnamed("Something is due on a record that you may not open", says, duty.due_at)


def _sums(pairs: Iterable[tuple[int, int]]) -> tuple[int, int]:
    pairs = list(pairs)
    return sum(number for number, _ in pairs), sum(overdue for _, overdue in pairs)
