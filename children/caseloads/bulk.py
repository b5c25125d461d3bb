"""Many children at once: given to other workers, or to another team; all of them or, where one has changed, none.

Two kinds of change, `Allocating` and `Moving`, know whom they concern, who may be chosen and what is written. What is
common to both is below them: the lines that a manager checks, what stands against one, and the one transaction. Each
child has an event of its own, as if it were done on the child's page.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from django.db import transaction
from django.db.models import Count, Model, Q, QuerySet

from accounts.models import Appointment, Team
from accounts.roles import Role
from casework import bell, diary
from casework.limits import local_day
from casework.models import CaseFile
from casework.steps import NotYet, write_down
from casework.wording import counted, said_day, said_moment
from children import permissions
from children.allocators import ALLOCATION
from children.caseloads.reach import (
    carried,
    held_by,
    held_by_none,
    teams_to_move_between,
    whom_may_allocate,
    whom_may_move,
)
from children.holders import still_in_role
from children.models import Allocation, Child, TeamHolding
from children.permissions import loaded_in_scope
from children.record import details_of_change

MOST_AT_ONCE = 200
"""Children changed in one go: what one can still check line by line."""
MOST_SENTENCES = 10
"""Children named in a refusal; of the rest it says how many."""
NOTHING_CHANGED = "Nothing has been changed. Look at what follows, and send it again"


@dataclass(frozen=True, slots=True)
class Target:
    """Somebody, or a team, who can be chosen."""

    value: str
    name: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Allocating:
    """Other workers are allocated in one role; of the children of one team, or of all whom one allocates."""

    user: Any
    at: datetime
    role: Role
    team: Team | None = None
    act = "allocate"

    def children(self) -> QuerySet[Child]:
        """Whom it can concern: in sight, carried, and this person's to allocate."""
        mine = carried(self.user, self.at).filter(whom_may_allocate(self.user, self.role, self.at))
        return mine.filter(held_by([self.team.pk], self.at)) if self.team else mine

    def rows(self) -> QuerySet[Allocation]:
        """Every row that says who is allocated in the role, at any time."""
        return Allocation.objects.filter(role=self.role).select_related("person")

    def targets(self, at: datetime) -> list[Target]:
        """Who holds the role at a moment: in the team, where it is a team's role; with how many children in sight."""
        held = Appointment.objects.in_force(at).filter(role=self.role, user__is_active=True)
        if ALLOCATION[self.role].from_the_team:
            if self.team is None:
                return []
            of_area_or_all = Q(team=None) & (Q(area=None) | Q(area=self.team.area_id))
            held = held.filter(Q(team=self.team) | of_area_or_all)
        people = {a.user_id: a.user for a in held.select_related("user")}
        have = _number_by(Allocation.objects.in_force(self.at).filter(role=self.role), "person", self.user, self.at)
        in_order = sorted(people.values(), key=lambda person: (person.last_name, person.first_name, person.pk))
        return [Target(str(p.pk), p.name, f"{counted(have[p.pk], 'child')} now") for p in in_order]

    def target_of(self, row: Any) -> str:
        """Whom a row names."""
        return str(row.person_id)

    def said(self, row: Any) -> str:
        """The same in words."""
        return row.person.name if row else "Nobody"

    def successor(self, child: Child, target: str, starts_at: datetime) -> Model:
        """The row that will hold."""
        return Allocation(child=child, role=self.role, person_id=int(target), starts_at=starts_at)

    def may(self, child: Any, by: Any, at: datetime) -> bool:
        """Asked of each child by the door."""
        return permissions.may_allocate(child, by, at, (self.role,))

    def gone_before(self, rows: Iterable[Any], moment: datetime) -> int:
        """How many of these rows name somebody who is gone before a moment ahead: until then nobody is allocated."""
        gone = Allocation.objects.filter(pk__in=[row.pk for row in rows]).exclude(
            still_in_role(moment) & Q(person__is_active=True)
        )
        return gone.count()


@dataclass(frozen=True, slots=True)
class Moving:
    """Another team takes the cases: of one team, or of none as after an import."""

    user: Any
    at: datetime
    team: Team | None = None
    act = "change_team"
    role = None

    def children(self) -> QuerySet[Child]:
        """Whom it can concern: in sight, carried, and this person's to move."""
        mine = carried(self.user, self.at).filter(whom_may_move(self.user, self.at))
        return mine.filter(held_by([self.team.pk], self.at) if self.team else held_by_none(self.at))

    def rows(self) -> QuerySet[TeamHolding]:
        """Every row that says which team holds a case, at any time."""
        return TeamHolding.objects.select_related("team")

    def targets(self, at: datetime) -> list[Target]:
        """The other teams that this person answers for; with how many children in sight."""
        teams = [
            team for team in teams_to_move_between(self.user, self.at) if team != self.team and not team.is_closed(at)
        ]
        have = _number_by(TeamHolding.objects.in_force(self.at), "team", self.user, self.at)
        return [Target(str(t.pk), t.name, f"{t.area.name}, {counted(have[t.pk], 'child')} now") for t in teams]

    def target_of(self, row: Any) -> str:
        """Which team a row names."""
        return str(row.team_id)

    def said(self, row: Any) -> str:
        """The same in words."""
        return row.team.name if row else "No team"

    def successor(self, child: Child, target: str, starts_at: datetime) -> Model:
        """The row that will hold."""
        return TeamHolding(child=child, team_id=int(target), starts_at=starts_at)

    def may(self, child: Any, by: Any, at: datetime) -> bool:
        """Asked of each child by the door."""
        return permissions.may_move_many(child, by, at)

    def gone_before(self, rows: Iterable[Any], moment: datetime) -> int:
        """A team does not leave."""
        return 0


Kind = Allocating | Moving


@dataclass(slots=True)
class Line:
    """One child of a change in bulk: what stands from the moment on which it shall hold, and to whom it goes."""

    child: Child
    now: Any
    """The row that holds at that moment; None where there is none."""
    later: Any
    """The first row that begins after it."""
    to: str = ""
    """Empty: left as it is."""
    problem: str = ""

    @property
    def was(self) -> str:
        """What the page carries, to notice whether somebody else changed it meanwhile."""
        return f"{self.now.pk if self.now else 0}-{self.later.pk if self.later else 0}"


def lines_of(kind: Kind, children: Iterable[int], starts_at: datetime, to: Mapping[int, str]) -> list[Line]:
    """The lines of these children, by name, as things stand; without those whom the change cannot concern."""
    pks = list(children)
    rows = kind.rows().filter(Q(ends_at=None) | Q(ends_at__gt=starts_at), child__in=pks).order_by("child", "starts_at")
    standing = {child: list(found) for child, found in groupby(rows, key=lambda row: row.child_id)}
    lines = []
    for child in kind.children().filter(pk__in=pks).select_related("case_file"):
        found = standing.get(child.pk, [])
        now = next((row for row in found if row.starts_at <= starts_at), None)
        later = next((row for row in found if row.starts_at > starts_at), None)
        lines.append(Line(child, now, later, to.get(child.pk, "")))
    return lines


def changes_in(kind: Kind, lines: Iterable[Line]) -> list[Line]:
    """The lines that change anything: not those left as they are, nor those that stay where they are."""
    return [line for line in lines if line.to and not (line.now and kind.target_of(line.now) == line.to)]


@dataclass(slots=True)
class Plan:
    """What a manager wants, held against what stands: the lines, whom one can choose, and what stands against it."""

    kind: Kind
    starts_at: datetime
    lines: list[Line]
    targets: list[Target]
    objections: list[str]

    @property
    def changes(self) -> list[Line]:
        """The lines that change anything."""
        return changes_in(self.kind, self.lines)

    def name_of(self, target: str) -> str:
        """Whom a line names."""
        return next(each.name for each in self.targets if each.value == target)


def plan_of(kind: Kind, to: Mapping[int, str], was: Mapping[int, str], starts_at: datetime) -> Plan:
    """The plan as things stand now. Somebody can be chosen who holds the role now, and still does when it begins."""
    lines = lines_of(kind, to, starts_at, to)
    then = {target.value for target in kind.targets(max(starts_at, kind.at))}
    plan = Plan(kind, starts_at, lines, [target for target in kind.targets(kind.at) if target.value in then], [])
    gone = {child for child, target in to.items() if target} - {line.child.pk for line in lines}
    if gone:
        plan.objections.append(f"{counted(len(gone), 'child')} can no longer be changed here: see who is left below")
    elif not plan.changes:
        plan.objections.append("Choose for at least one child: as it stands, nothing would change")
    able = {target.value for target in plan.targets}
    for line in plan.changes:
        line.problem = _problem(kind, line, starts_at, was.get(line.child.pk), able)
        if line.problem:
            plan.objections.append(f"{line.child.name}: {line.problem}")
    return plan


def _problem(kind: Kind, line: Line, starts_at: datetime, was: str | None, able: Collection[str]) -> str:
    if was != line.was:
        since = f", since {said_moment(line.now.starts_at)}" if line.now else ""
        then = f"; from {said_moment(line.later.starts_at)}: {kind.said(line.later)}" if line.later else ""
        return f"this was changed while you looked at it. Now: {kind.said(line.now)}{since}{then}"
    if line.to not in able:
        return "choose somebody from the list: whoever was chosen does not hold the role now, or not from that day on"
    if local_day(starts_at) < line.child.date_of_birth:
        return f"born on {said_day(line.child.date_of_birth)}, after the day that you chose"
    if line.later:
        return f"{kind.said(line.later)} comes on {said_day(line.later.starts_at)} already: choose a later day"
    if line.now and line.now.starts_at == starts_at:
        return f"{kind.said(line.now)} began at that very moment: choose a later day"
    return ""


def split(lines: Sequence[Line], targets: Sequence[str]) -> None:
    """Give each target an even part, in the order of names, so that brothers and sisters mostly stay together."""
    part, more = divmod(len(lines), len(targets) or 1)
    rest = iter(lines)
    for place, target in enumerate(targets):
        for _ in range(part + (place < more)):
            next(rest).to = target


def carry_out(kind: Kind, to: Mapping[int, str], was: Mapping[int, str], *, starts_at: datetime, because: str) -> int:
    """Write every change, each as an event of its child, and let the diary look once. Gives back how many.

    Raises NotYet with the children's names where one has changed since it was looked at; then nothing is written.
    """
    with diary.one_look_at_the_end():
        _lock(kind.children().filter(pk__in=to))
        plan = plan_of(kind, to, was, starts_at)
        if plan.objections:
            raise NotYet(*shortened(plan.objections))
        changes = plan.changes
        for line in changes:
            _write(plan, line, because)
    files = [line.child.case_file_id for line in changes]
    transaction.on_commit(lambda: bell.ring("casework.tasks.tell", *files))
    return len(changes)


def shortened(sentences: Sequence[str]) -> list[str]:
    """A refusal of the whole: that nothing has changed, the first few sentences, and how many more there are."""
    more = len(sentences) - MOST_SENTENCES
    return [
        NOTHING_CHANGED,
        *sentences[:MOST_SENTENCES],
        *([f"And {counted(more, 'other child')}."] if more > 0 else []),
    ]


def _write(plan: Plan, line: Line, because: str) -> None:
    kind, starts_at = plan.kind, plan.starts_at
    child = loaded_in_scope(line.child, kind.user, kind.at)
    facts = [kind.successor(child, line.to, starts_at)]
    if line.now:
        line.now.ends_at = starts_at
        facts.insert(0, line.now)
    before = kind.said(line.now) if line.now else ""
    details = details_of_change(to=plan.name_of(line.to), before=before, starts_at=starts_at, role=kind.role)
    by = {"may": kind.may, "by": kind.user, "at": kind.at}
    write_down(*facts, act=kind.act, about=child, because=because, details=details, **by)


def _lock(children: QuerySet[Child]) -> None:
    """Lock all files that the acts will touch, in the one order in which every act takes them."""
    files = CaseFile.objects.filter(pk__in=children.order_by().values("case_file"))
    touched = {pk for file in files for pk in diary.files_touched_by(file)}
    list(CaseFile.objects.select_for_update().filter(pk__in=touched).order_by("pk").values_list("pk"))


def _number_by(rows: QuerySet[Any], whose: str, user: Any, at: datetime) -> Counter[int]:
    """How many children in sight each has."""
    ours = rows.filter(child__in=carried(user, at).order_by().values("pk"))
    return Counter(dict(ours.order_by().values_list(whose).annotate(number=Count("pk"))))
