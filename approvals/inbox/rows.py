"""The rows of the approvals inbox: whose, what, how it stands, who has it or what I do, since when, by when."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from django.utils.text import capfirst

from approvals.inbox.piles import DECISIONS, DISCUSSIONS, NOUNS, Noun, Pile, record_of, steps_owed
from approvals.models import Decision
from approvals.states import TO_PUT
from casework import duty_links
from casework.events import label_of
from casework.links import link_to
from casework.models import Duty, Event
from casework.timeline import title_of
from casework.wording import due, due_on, said_day
from children.models import TeamHolding

CASE_DISCUSSION: Final = "Sign-off of an unregulated arrangement"
WITH_SOMEBODY: Final = ("Child", "What it is", "How it stands", "Who has it", "By when")
COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    Pile.WAITING: ("Child", "What it is", "How it stands", "What you do", "By when"),
    Pile.COMING: WITH_SOMEBODY,
    Pile.OTHERS: WITH_SOMEBODY,
    Pile.DONE: ("Child", "What it is", "What you did", "How it stands", "Who has it"),
}
PAGES: Final = {DISCUSSIONS.code: "approvals:approval", DECISIONS.code: "approvals:decision"}
READ_WITH: Final = {DISCUSSIONS.code: "placement__child", DECISIONS.code: "child"}

Cell = dict[str, Any]


@dataclass(slots=True)
class Around:
    """What the rows of a page say besides their records, read at once."""

    teams: Mapping[int, str]
    """By child, the team that holds the case."""
    steps: Mapping[str, list[Duty]] = field(default_factory=dict)
    """By record, the steps that are owed, soonest first."""
    done: Mapping[str, Event] = field(default_factory=dict)
    """By record, the last step that the reader took."""


def rows_of(listed: Iterable[tuple[str, int, datetime]], pile: str, user: Any, at: datetime) -> list[list[Any]]:
    """The rows of a page, in the order given. The same number of queries, however many rows."""
    wanted = [(noun, pk) for noun, pk, _ in listed]
    found = {
        (noun.code, pk): record
        for noun in NOUNS
        for pk, record in _records(noun, [pk for code, pk in wanted if code == noun.code]).items()
    }
    records = [found[noun, pk] for noun, pk in wanted]
    around = _around(records, pile, user, at)
    return [_row(noun, found[noun, pk], pile, around, user, at) for noun, pk in wanted]


def _records(noun: Noun, pks: Sequence[int]) -> Mapping[int, Any]:
    """What lies in a pile of this person, by primary key."""
    return noun.model.objects.select_related(READ_WITH[noun.code]).in_bulk(pks) if pks else {}


def _around(records: Sequence[Any], pile: str, user: Any, at: datetime) -> Around:
    if not records:
        return Around({})
    children = {record.about_child for record in records}
    held = TeamHolding.objects.in_force(at).filter(child__in=children).values_list("child", "team__name")
    steps: dict[str, list[Duty]] = defaultdict(list)
    files = {child.case_file_id for child in children}
    for duty in steps_owed().filter(case_file__in=files).select_related("owner").soonest_first():
        steps[record_of(duty)].append(duty)
    labels = [label_of(record) for record in records]
    done = Event.objects.filter(record__in=labels, by=user).order_by("number") if pile == Pile.DONE else ()
    return Around(dict(held), steps, {event.record: event for event in done})


def _row(noun: str, record: Any, pile: str, around: Around, user: Any, at: datetime) -> list[Any]:
    child = record.about_child
    steps = around.steps.get(label_of(record), [])
    mine = [duty for duty in steps if duty.owner_id == user.pk]
    whose = {"says": child.name, "url": link_to(PAGES[noun], record.pk), "note": around.teams.get(child.pk, "No team")}
    what = record.of_kind.title if isinstance(record, Decision) else CASE_DISCUSSION
    stands = record.says if isinstance(record, Decision) else record.get_state_display()
    if pile == Pile.WAITING:
        return [whose, what, stands, _since(mine, (duty_links.label_of(duty) for duty in mine)), _by_when(mine, at)]
    who = _who_has_it(steps, record, user)
    if pile == Pile.DONE:
        event = around.done[label_of(record)]
        did = {"says": title_of("approvals", event.act), "note": said_day(event.at)}
        return [whose, what, did, {"says": stands, "note": f"Since {said_day(record.stands_since)}"}, who]
    return [whose, what, stands, who, _by_when(steps, at)]


def _who_has_it(steps: Sequence[Duty], record: Any, user: Any) -> Cell | str:
    """Everybody who owes a step of it."""
    if steps:
        return _since(steps, (_holder(duty, user) for duty in steps))
    is_under_way = record.state in TO_PUT if isinstance(record, Decision) else record.is_under_way
    return "Whoever writes it up" if is_under_way else "Nobody: it is over"


def _since(steps: Sequence[Duty], says: Iterable[str]) -> Cell:
    """What is said of these steps, each once, and since when the first is owed."""
    since = min(duty.opened_at for duty in steps)
    return {"says": "; ".join(dict.fromkeys(says)), "note": f"Since {said_day(since)}"}


def _holder(duty: Duty, user: Any) -> str:
    if duty.owner_id == user.pk:
        return "You"
    owner: Any = duty.owner
    role = duty.get_role_display()
    return f"{owner.name}, {role}" if owner else f"Nobody yet: {role}"


def _by_when(steps: Sequence[Duty], at: datetime) -> Cell | str:
    if not steps:
        return ""
    soonest = steps[0]
    says = capfirst(due(soonest.due_at, at))
    by = f"{'Was due' if soonest.is_overdue(at) else 'By'} {due_on(soonest.due_at)}"
    return {"says": says, "tone": "alarm", "note": by} if soonest.is_overdue(at) else {"says": says, "note": by}
