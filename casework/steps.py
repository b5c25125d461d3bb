"""The door: the only way for a record to change state, and for a fact to enter a case file.

`carry_out` takes a step (a transition of the record), `write_down` a fact without a state of its own. Each, in one
transaction: locks the case file and the record, asks whether this person may and whether the record can yet, acts,
saves, writes the event. On commit the diary looks at every file whose duties may have changed.

`may_<step>(record, user, at)` is about the person, `objections_to_<step>(record)` about the record: "not you" and
"not yet" are different answers, and both are sentences.
"""

from collections.abc import Callable, Iterator, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from types import MethodType
from typing import Any

import structlog
from django.db import transaction
from django.db.models import Model
from django_fsm import TransitionNotAllowed

from casework import bell, diary, events
from casework.models import CaseFile

log = structlog.get_logger(__name__)

Objections = Callable[[Any], list[str]]
Permission = Callable[[Any, Any, datetime], bool]

_under_way: ContextVar[CaseFile | None] = ContextVar("file_of_the_step_under_way", default=None)


class Refused(Exception):
    """The door stays shut; `sentences` say why."""

    def __init__(self, *sentences: str):
        super().__init__(" ".join(sentences))
        self.sentences = list(sentences)


class NotYou(Refused):
    """This person may not take this step."""


class NotYet(Refused):
    """The record is not ready for this step."""


class Clear:
    """A condition of a transition: no objections. It keeps the sentences that a bare false would lose."""

    def __init__(self, objections: Objections):
        self.objections = objections

    def __call__(self, record: Any) -> bool:
        """Asked by the library as the step is taken; where it is refused, the door asks for the sentences."""
        return not self.objections(record)


@dataclass(frozen=True)
class Step:
    """A step that a record declares, as a page shows it to one person."""

    name: str
    label: str
    who: str
    allowed: bool
    """May this person take it?"""
    objections: tuple[str, ...]
    """Why it cannot be taken yet; empty where it can."""

    @property
    def is_open(self) -> bool:
        """Can this person take it now?"""
        return self.allowed and not self.objections


def carry_out(step: MethodType, *, by: Any, at: datetime, because: str = "", **said: Any) -> Any:
    """Take a step of a record, as this person, at this moment. Gives back the record as it now stands.

    Raises NotYou or NotYet, each with sentences, and then nothing has changed.
    """
    record: Any = step.__self__
    name = step.__name__
    with transaction.atomic():
        case_file, touched = _lock_files(record.case_file_id, record)
        record = _lock_record(record)
        transition = _require(record, name, by, at)
        open_file = _under_way.set(case_file)
        try:
            event = _taken(record, name, transition, by, at, because, said)
        finally:
            _under_way.reset(open_file)
        _append(case_file, touched, (record,), **event)
    return record


def follow(step: MethodType, *, by: Any, at: datetime, because: str = "", **said: Any) -> Any:
    """Take a step of another record of the same file as a part of the step that is under way, which calls this.

    It has an event of its own. Who may is not asked again: whoever may take the one takes the other with it.
    """
    case_file = _under_way.get()
    record = _lock_record(step.__self__)
    if case_file is None or record.case_file_id != case_file.pk:
        raise RuntimeError("A step follows from another of the same file.")
    transition = getattr(type(record), step.__name__)._django_fsm.get_transition(record.state)
    event = _taken(record, step.__name__, transition, by, at, because, said)
    events.append(case_file, **event).save()
    return record


def _taken(
    record: Any, name: str, transition: Any, by: Any, at: datetime, because: str, said: dict[str, Any]
) -> dict[str, Any]:
    """Take the step; gives back its event. Raises NotYet."""
    before = record.state
    try:
        getattr(record, name)(by=by, at=at, because=because, **said)
    except TransitionNotAllowed as refused:
        raise NotYet(*(_objections(record, transition) if transition else ())) from refused
    record.save()
    return {
        "act": name,
        "record": record,
        "by": by,
        "at": at,
        "because": because,
        "from_state": before,
        "to_state": record.state,
        "details": record.told_of(name, said) if hasattr(record, "told_of") else {},
    }


def write_down(
    *facts: Model, act: str, about: Any, may: Permission, by: Any, at: datetime, because: str = "", details: Any = None
) -> None:
    """Write facts into a case file. `about` is the record that holds the file (a child, home, provider or placement).

    A fact is never stopped by a rule (C-45); only who may write it is asked. Raises NotYou.
    """
    with transaction.atomic():
        case_file, touched = _lock_files(about.case_file_id, *facts)
        if not _is_known(by) or not may(about, by, at):
            raise NotYou("You may not record this here.")
        for fact in facts:
            fact.save()
        _append(case_file, touched, facts, act=act, record=facts[0], by=by, at=at, because=because, details=details)


def steps_of(record: Any, *, by: Any, at: datetime) -> list[Step]:
    """Every step declared for the record's present state, with what this person may do and what stands against it."""

    @cache
    def may(permission: Permission) -> bool:
        return _is_known(by) and permission(record, by, at)

    return [
        Step(
            name=name,
            label=said_of(transition, "label", record),
            who=said_of(transition, "who", record),
            allowed=may(transition.permission),
            objections=tuple(_objections(record, transition)),
        )
        for name, transition in _transitions(record)
        if transition is not None
    ]


def said_of(transition: Any, name: str, record: Any) -> str:
    """What a step says of itself, "label" or "who": words, or what the record makes of them."""
    words = transition.custom[name]
    said: str = words(record) if callable(words) else words
    return said


def _transitions(record: Any) -> Iterator[tuple[str, Any]]:
    for name in dir(type(record)):
        declared = getattr(getattr(type(record), name, None), "_django_fsm", None)
        if declared:
            yield name, declared.get_transition(record.state)


def _require(record: Any, name: str, by: Any, at: datetime) -> Any:
    """The transition from here, whose conditions the library asks as the step is taken.

    The person is asked about first: whoever may not take a step learns nothing of how far the record is.
    """
    declared = getattr(type(record), name)._django_fsm
    from_here = declared.get_transition(record.state)
    transition = from_here or next(iter(declared.transitions.values()))
    if not _is_known(by) or not transition.permission(record, by, at):
        raise NotYou(f"Only {said_of(transition, 'who', record)} can do this.")
    if from_here is None:
        label = said_of(transition, "label", record)
        raise NotYet(f"“{label}” cannot be done now: this stands at “{record.get_state_display()}”.")
    return from_here


def _objections(record: Any, transition: Any) -> list[str]:
    return [sentence for condition in transition.conditions for sentence in condition.objections(record)]


def _is_known(person: Any) -> bool:
    return person is not None and person.is_authenticated and person.is_active


def _lock_files(case_file_id: int, *written: Model) -> tuple[CaseFile, set[int]]:
    """The file; and with it, locked in one order so that no two acts wait for each other, all whose facts it changes."""
    touched = diary.files_touched_by(case_file_id, *written)
    in_order = CaseFile.objects.select_for_update().filter(pk__in=touched).order_by("pk")
    return {file.pk: file for file in in_order}[case_file_id], touched


def _lock_record(record: Any) -> Any:
    """The record as it stands now, locked, with what its model says is read with it; a new one has only its file to lock."""
    if record.pk is None:
        return record
    locked = type(record).objects.select_for_update(of=("self",))
    return locked.select_related(*getattr(record, "read_with", (None,))).get(pk=record.pk)


def _append(case_file: CaseFile, touched: set[int], written: Sequence[Model], **event: Any) -> None:
    """Write the event. `touched` are the files whose facts the act changes as seen before it; it may have added some.

    All are marked in the same transaction, so that a crash before the look loses nothing: the next look finds them.
    For one that the act has added and somebody else holds, nobody waits: the look after the commit will.
    """
    before = case_file.look_again_at
    events.append(case_file, **event).save()
    case_file.look_again_at = event["at"]
    case_file.save(update_fields=["last_number", "last_digest", "look_again_at"])
    files = touched.union(diary.files_touched_by(case_file, *written))
    if diary.puts_off(files):
        return
    others = files - {case_file.pk}
    if others:
        free = CaseFile.objects.select_for_update(skip_locked=True).filter(pk__in=others)
        CaseFile.objects.filter(pk__in=free.values("pk")).update(look_again_at=event["at"])
    transaction.on_commit(lambda: _look(case_file, files, written, event["act"], before))


def _look(case_file: CaseFile, touched: set[int], written: Sequence[Model], act: str, before: datetime | None) -> None:
    """Look at the files and ring for whoever is to be told. The act is committed: nothing here fails it any more.

    Which files it touches is asked once more: of a child who moved in at the same moment, only now anything shows.
    """
    try:
        files = sorted(touched.union(diary.files_touched_by(case_file, *written)))
        sources = diary.sources_that_read(*written, act=act)
        if sources and files == [case_file.pk]:
            differences = diary.refresh_after(case_file, sources, before=before)
        else:
            differences = diary.refresh(files)
    except Exception:
        log.exception("look_failed", case_files=sorted(touched))
        return
    if differences.opened or differences.changed:
        bell.ring("casework.tasks.tell", *files)
