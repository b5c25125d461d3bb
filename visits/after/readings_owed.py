"""Who reads a form that was filled in on a visit, by when, and what follows from what the IRO concludes.

A further version of a form that nobody has read yet is read in place of the one before, on that one's day: to write more
does not put a reading off. Each version after a reading is read anew.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from accounts.roles import Role
from casework.ledger import Entry
from casework.limits import end_of, local_day, start_of
from casework.procedures import RulesInForce
from casework.wording import said_day
from visits.after.facts import AfterFacts, FormMade, Raised, ReadingMade
from visits.after.owed import Owed
from visits.after.rulebook import (
    EARLY_REVIEW,
    LINE_MANAGER,
    MANAGER_READS,
    MISSING,
    RAISE,
    READ_FIRST,
    READ_LATER,
)
from visits.after.wording import owed
from visits.clocks.reviews import reviews_after
from visits.states import FormKind, Reading

WORKERS: Final = (Role.SOCIAL_WORKER, Role.PERSONAL_ADVISER)


@dataclass(frozen=True, slots=True)
class ToRead:
    """A version that is to be read, and the reading that met it."""

    sealed_at: datetime
    number: int
    reading: ReadingMade | None = None


def readings_owed(facts: AfterFacts, rules: RulesInForce) -> Iterator[Owed]:
    """What the IRO and the line managers read, and what follows."""
    first_of = _first_forms(facts)
    for form in facts.forms:
        over_on = facts.over(form.placement)
        over_at = start_of(over_on) if over_on else None
        if form.kind == FormKind.PURPOSEFUL and form.role in WORKERS:
            is_first = first_of.get(form.placement) == form.record
            yield from _by_the_iro(form, is_first, facts, rules, over_at)
        if form.to_line_manager and (manager := LINE_MANAGER.get(Role(form.role))):
            yield from _by_the_manager(form, manager, rules, over_at)
        for reading in form.readings:
            if reading.role == Role.IRO:
                yield from _following(reading, facts, rules, over_at)


def _first_forms(facts: AfterFacts) -> Mapping[str, str]:
    """The first purposeful form of the worker about each placement."""
    forms = [form for form in facts.forms if form.kind == FormKind.PURPOSEFUL and form.role in WORKERS]
    first: dict[str, str] = {}
    for form in sorted(forms, key=lambda form: form.versions[0]):
        first.setdefault(form.placement, form.record)
    return first


def _to_read(form: FormMade, roles: tuple[str, ...]) -> Iterator[ToRead]:
    """The versions that open a reading, each with the first reading by one of these roles that came after it."""
    readings = sorted((each for each in form.readings if each.role in roles), key=lambda each: each.at)
    read_until: datetime | None = None
    for number, sealed_at in enumerate(form.versions, start=1):
        if number > 1 and (read_until is None or sealed_at <= read_until):
            continue
        reading = next((each for each in readings if each.at >= sealed_at), None)
        yield ToRead(sealed_at, number, reading)
        read_until = reading.at if reading else None


def _by_the_iro(
    form: FormMade, is_first: bool, facts: AfterFacts, rules: RulesInForce, over_at: datetime | None
) -> Iterator[Owed]:
    for version in _to_read(form, (Role.IRO.value,)):
        sealed_on = local_day(version.sealed_at)
        before = _first_review(form, facts, rules, version) if is_first and version.number == 1 else None
        code = READ_FIRST if before else READ_LATER
        yield owed(
            code,
            rules,
            key=f"{form.record}:{version.number}:iro",
            role=Role.IRO,
            about=form.record,
            opened_at=version.sealed_at,
            due_at=before or rules.limit(READ_LATER, sealed_on).after(version.sealed_at),
            because=_form_of(form, version) + (", to be read before the first review" if before else ""),
            met_at=version.reading.at if version.reading else None,
            evidence=version.reading.record if version.reading else "",
            over_at=over_at,
        )


def _first_review(form: FormMade, facts: AfterFacts, rules: RulesInForce, version: ToRead) -> datetime | None:
    """The end of the day of the first review after the move; None where that had passed when the form was made."""
    placement = facts.placement(form.placement)
    if placement is None:
        return None
    known_on = max((review.held_on for review in placement.reviews if review.held_on), default=placement.start)
    first = reviews_after(placement.start, placement, rules, known_on=known_on).first
    return end_of(first.on) if first.on >= local_day(version.sealed_at) else None


def _by_the_manager(form: FormMade, manager: Role, rules: RulesInForce, over_at: datetime | None) -> Iterator[Owed]:
    for version in _to_read(form, (manager.value,)):
        yield owed(
            MANAGER_READS,
            rules,
            key=f"{form.record}:{version.number}:manager",
            role=manager,
            about=form.record,
            opened_at=version.sealed_at,
            due_at=rules.limit(MANAGER_READS, local_day(version.sealed_at)).after(version.sealed_at),
            because=f"{_form_of(form, version)}, which its author takes higher",
            met_at=version.reading.at if version.reading else None,
            evidence=version.reading.record if version.reading else "",
            over_at=over_at,
        )


def _form_of(form: FormMade, version: ToRead) -> str:
    which = "Form" if version.number == 1 else f"Version {version.number} of the form"
    return f"{which} of the {Role(form.role).label} of {said_day(version.sealed_at)}"


def _following(
    reading: ReadingMade, facts: AfterFacts, rules: RulesInForce, over_at: datetime | None
) -> Iterator[Owed]:
    """What the IRO's conclusion asks of the IRO: an earlier review, or to raise it formally."""
    about: dict[str, Any] = {"role": Role.IRO, "about": reading.record, "opened_at": reading.at, "over_at": over_at}
    on = local_day(reading.at)
    if reading.concludes == Reading.EARLY_REVIEW:
        yield owed(
            EARLY_REVIEW,
            rules,
            key=f"{reading.record}:review",
            due_at=rules.limit(EARLY_REVIEW, on).after(reading.at),
            because=f"On {said_day(reading.at)} you concluded from a form that the review comes forward",
            met_at=min((moment for moment in facts.arranged if moment >= reading.at), default=None),
            evidence=facts.child,
            **about,
        )
    if reading.concludes == Reading.FORMAL_ESCALATION:
        raised = next((each for each in facts.raised if each.reading == reading.record), None)
        yield owed(
            RAISE,
            rules,
            key=f"{reading.record}:raise",
            due_at=rules.limit(RAISE, on).after(reading.at),
            because=f"On {said_day(reading.at)} you concluded from a form that it is escalated formally",
            met_at=raised.at if raised else None,
            evidence=raised.record if raised else "",
            **about,
        )


# A form that is missing


def missing_owed(facts: AfterFacts, forms_due: tuple[Entry, ...], rules: RulesInForce) -> Iterator[Owed]:
    """What the IRO decides where the worker's purposeful form did not come in time. `forms_due`: the clock's ledger."""
    for due in forms_due:
        late_until = due.closed_at
        if due.role != Role.SOCIAL_WORKER or (late_until and late_until <= due.due_at):
            continue
        decided = [each for each in facts.raised if each.placement == due.about and each.at >= due.due_at]
        yield from _each_time(due, decided, late_until, rules)


def _each_time(due: Entry, decided: list[Raised], late_until: datetime | None, rules: RulesInForce) -> Iterator[Owed]:
    """Owed from when the form is late; after an answer to wait, again from the day until which the IRO waits."""
    opened_at: datetime | None = due.due_at
    number = 0
    while opened_at and (late_until is None or opened_at < late_until):
        answer = next((each for each in decided if each.at >= opened_at), None)
        yield owed(
            MISSING,
            rules,
            key=f"missing:{due.key}:{number}",
            role=Role.IRO,
            about=due.about,
            opened_at=opened_at,
            due_at=rules.limit(MISSING, local_day(opened_at)).after(opened_at),
            because=f"The social worker’s purposeful form was due by {said_day(due.due_on)} and is missing",
            met_at=answer.at if answer else None,
            evidence=answer.record if answer else "",
            over_at=late_until,
        )
        opened_at = max(end_of(answer.awaited_until), answer.at) if answer and answer.awaited_until else None
        number += 1
