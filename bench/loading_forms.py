"""Takes visiting forms through the door: begun, completed, read by the IRO, and acted on; and planned visits."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import Any

from accounts.models import User
from accounts.roles import Role
from bench.plan import FormPlan, VisitPlan
from bench.visiting import planned_on
from casework.limits import local_day
from casework.sections.parts import OF, SAID, Asks, Part
from casework.steps import carry_out, write_down
from casework.wording import said_day
from placements.models import Placement
from visits.models import FormReading, PlannedVisit, Visit, VisitingForm
from visits.states import FormKind, Reading
from visits.visiting_forms.rules import parts_asked

TYPED_AFTER, READ_AFTER, DONE_AFTER, DUE_AFTER = (timedelta(hours=3), *(timedelta(days=n) for n in (4, 12, 14)))
PLANNED_BEFORE = timedelta(hours=3)
ANSWERS = {
    "bedroom": "Warm and tidy, with the child’s own things on the walls. The window locks.",
    "facilities": "Clean. The kitchen is open to the young people in the afternoon.",
    "how_child_is": "Well, in clothes that fit, and at ease with the adults at home.",
    "child_wishes": "Would like a later bedtime at the weekend, and to see an older brother more often.",
    "plan_says": "School and contact are as the plan says; the notes of the last weeks bear it out.",
    "conclusion": "The child is safe here and well looked after.",
    "worried": "no",
    "fits": "yes",
    "theme": "School",
    "child": "Likes the new class and has a friend there.",
    "logs": "No absence in the last weeks.",
    "staff": "The key worker says the same.",
}
"""What forms say, by the name of the part; other questions get the first of their answers, or IN_ORDER."""
DOES_NOT_FIT = {
    "theme": "Food",
    "child": "We hardly ever eat together. I cook noodles in the evening.",
    "logs": "A family meal at six every day.",
    "staff": "We all sit down together at six.",
    "fits": "no",
    "what_not": "The log has a meal on evenings on which, by the rota, nobody was there to cook.",
}
"""What a form of a visit that raised concerns says besides."""
LOOKED_AT = 3
"""How many of the records that a home keeps are looked at on a visit."""
IN_ORDER = "As it should be."
Do = Callable[[], Any]


@dataclass(slots=True)
class Filled:
    """One form on its way into the record."""

    plan: FormPlan
    visited: VisitPlan
    visit: Visit | None
    """None for a look at the home alone."""
    placement: Placement
    people: dict[str, User]
    reader: str
    form: Any = None

    def deeds(self, now: datetime) -> Iterator[tuple[datetime, Do]]:
        """What has happened with it by now, each at its time."""
        typed_at = self.visited.at + TYPED_AFTER
        yield typed_at, partial(self._type, typed_at)
        if not self.plan.is_complete:
            return
        read_at, done_at = typed_at + READ_AFTER, typed_at + DONE_AFTER
        if self.plan.is_read and self.reader and self.visited.role != Role.IRO and self.visit and read_at < now:
            yield read_at, partial(self._read, read_at)
        if self.plan.action and self.plan.is_read and done_at < now:
            yield done_at, partial(self._finish_action, done_at)

    def _type(self, at: datetime) -> None:
        by = self.people[self.visited.by]
        kind = FormKind.PURPOSEFUL if self.visit else FormKind.COMMISSIONING
        about = {"child": self.placement.child, "placement": self.placement, "visit": self.visit}
        self.form = VisitingForm(
            kind=kind, author=by, role=self.visited.role, made_at=self.visited.at, begun_at=at, **about
        )
        write_down(self.form, act="begin_form", about=self.form, may=_whoever_went, by=by, at=at)
        if self.plan.is_complete:
            carry_out(self.form.complete, by=by, at=at, content=self._content(), digest="")

    def _content(self) -> dict[str, Any]:
        said = dict(ANSWERS, purpose=self.plan.purpose)
        if self.visited.concerns:
            said |= {"worried": "yes", "concerns": self.visited.concerns, "to_manager": "yes"}
            said["concerns_done"] = "Told the team manager on the same day."
            said |= DOES_NOT_FIT
        content: dict[str, Any] = {}
        for part in parts_asked(self.form):
            is_told = part.required or part.asks == Asks.GIVEN
            content[part.name] = _answer(part, said) if is_told and part.is_asked(content) else _nothing(part)
        if self.plan.action:
            what, owner = self.plan.action
            due_on = local_day(self.visited.at) + DUE_AFTER
            content["actions"] = [{"what": what, "owner": owner, "due_on": due_on.isoformat()}]
        return content

    def _read(self, at: datetime) -> None:
        by = self.people[self.reader]
        said = {"concludes": Reading.SAFE, "says": "Read with the plan of the last review; nothing to add."}
        reading = FormReading(version=self.form.version, by=by, role=Role.IRO, at=at, **said)
        write_down(reading, act="read_form", about=self.form, may=_whoever_went, by=by, at=at)

    def _finish_action(self, at: datetime) -> None:
        by = self.people[self.visited.by]
        for action in self.form.actions.open():
            carry_out(action.finish, by=by, at=at, outcome="The home sent a photograph of it.")


def plans_of(file: Any) -> Iterator[dict[str, Any]]:
    """The visit that the social worker has planned next, for some children; as a deed of the file."""
    day = planned_on(file.plan, file.child, Random(f"{file.plan.seed} {file.child.reference} plans"))
    home, at = file.child.home_now, file.plan.at - PLANNED_BEFORE
    by = file.child.worker_at(at)
    if day is None or not by or not file.plan.people[by].is_active or home.starts_at >= at:
        return
    told = {"visitor": file.people[by], "role": Role.SOCIAL_WORKER, "planned_on": day, "planned_at": at}

    def facts() -> list[PlannedVisit]:
        return [PlannedVisit(child=file.record, placement=file.placements[home], **told)]

    details = {"planned_on": said_day(day)}
    yield {"at": at, "act": "plan_visit", "by": by, "facts": facts, "may": _whoever_went, "details": details}


def _answer(part: Part, said: dict[str, str]) -> Any:
    if part.asks == Asks.GIVEN:
        looked_at = [part.columns[0].choices[1][0] if number < LOOKED_AT else "" for number in range(len(part.given))]
        empty = dict.fromkeys((column.name for column in part.columns), "")
        return [
            {OF: row.code, SAID: row.says, **empty, part.columns[0].name: stands}
            for row, stands in zip(part.given, looked_at, strict=True)
        ]
    if part.asks == Asks.ROWS:
        row: dict[str, Any] = {}
        for column in part.columns:
            row[column.name] = _answer(column, said) if column.is_asked(row) else ""
        return [row]
    if part.asks == Asks.CHOICE:
        return said.get(part.name) or part.choices[0][0]
    return said.get(part.name, IN_ORDER)


def _nothing(part: Part) -> Any:
    return [] if part.columns else ""


def _whoever_went(about: Any, user: User, at: datetime) -> bool:
    """Whoever made the visit, or reads what was written of it: the story says who that is."""
    return bool(user.roles_at(at))
