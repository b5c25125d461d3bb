"""The senior decisions of a batch of children as facts: what was done in each, and who can take the step it waits for."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, cast

from accounts.models import Appointment, User
from accounts.roles import Role
from approvals.decisions.duties import DecisionAct, DecisionFacts, ToConsult
from approvals.kinds import Kind
from approvals.models import Decision, DecisionVersion
from approvals.permissions import may_confirm, may_prepare, may_take_decision
from approvals.read_together import records
from approvals.states import TO_PUT, DecisionState
from casework.diary import Batch
from casework.events import label_of
from casework.models import Event
from casework.together import Found

SAY: Final = "say"
"""The step of whoever is consulted, which leads nowhere."""
READS = {
    DecisionState.PREPARED: may_prepare,
    DecisionState.TO_CHECK: may_confirm,
    DecisionState.PUT: may_take_decision,
    DecisionState.HANDED_BACK: may_prepare,
}
"""Who can take the step for which each state waits."""


@dataclass(frozen=True, slots=True)
class Known:
    """One decision with its facts."""

    decision: Decision
    facts: DecisionFacts


def decisions_by_file(batch: Batch) -> Mapping[int, list[Known]]:
    """By case file every decision that was begun, oldest first, with its acts from the event record."""
    found = batch.load(records)
    decisions = {label_of(decision): decision for decision in found.all(Decision)}
    if not decisions:
        return {}
    acts: dict[str, list[Event]] = defaultdict(list)
    for event in found.all(Event):
        if event.record in decisions:
            acts[event.record].append(event)
    able = _able(decisions.values(), batch.at)
    needed = _needed(found)
    known: dict[int, list[Known]] = defaultdict(list)
    for label, taken in acts.items():
        decision = decisions[label]
        known[decision.child.case_file_id].append(Known(decision, _facts(label, decision, taken, able, needed)))
    return known


def _needed(found: Found) -> Mapping[tuple[int, int], datetime]:
    """By decision and version, the moment before which what was put had to be decided, where its kind has one."""
    decisions = found.one_by_one(Decision)
    return {
        (each.decision_id, each.number): needed_by(each.content)
        for each in found.all(DecisionVersion)
        if (needed_by := decisions[each.decision_id].of_kind.needed_by)
    }


def _facts(
    label: str,
    decision: Decision,
    taken: list[Event],
    able: Mapping[int, int | None],
    needed: Mapping[tuple[int, int], datetime],
) -> DecisionFacts:
    kind = decision.of_kind
    return DecisionFacts(
        record=label,
        title=kind.title,
        acts=tuple(
            DecisionAct(
                event.act,
                DecisionState(event.to_state),
                event.at,
                needed.get((decision.pk, event.details.get("version", 0))),
                tuple(event.details.get("consulted", ())),
            )
            for event in taken
            if event.act != SAY
        ),
        consults=tuple(_to_consult(kind, taken)),
        prepares=kind.prepares[0],
        checks=kind.checks,
        decides=decision.decider,
        holder_id=able.get(decision.pk),
        said_at=decision.said_at,
        in_time=kind.in_time,
        put_under=kind.put_under,
    )


def _to_consult(kind: Kind, taken: Iterable[Event]) -> Iterator[ToConsult]:
    said_at = {name: event.at for event in reversed(list(taken)) if event.act == SAY for name in event.details["as"]}
    for each in kind.asks_in_hearth:
        yield ToConsult(each.name, cast("Role", each.role), said_at.get(each.name))


def _able(decisions: Iterable[Decision], at: datetime) -> Mapping[int, int | None]:
    """By decision under way, who can take the step that it waits for: whoever said yes by telephone, else whoever acts
    for somebody comes first.
    """
    waiting = [decision for decision in decisions if decision.state in TO_PUT]
    wanted = {decision.pk: _roles(decision) for decision in waiting}
    people: dict[str, list[Any]] = defaultdict(list)
    roles = {role for each in wanted.values() for role in each}
    if roles:
        held = list(Appointment.objects.in_force(at).filter(role__in=roles))
        users = {user.pk: user for user in User.objects.with_appointments({row.user_id for row in held}, at=at)}
        for appointment in sorted(held, key=lambda each: each.acting_for_id is None):
            people[appointment.role].append(users[appointment.user_id])
    return {decision.pk: _first(decision, wanted[decision.pk], people, at) for decision in waiting}


def _first(decision: Decision, roles: Iterable[Role], people: Mapping[str, list[Any]], at: datetime) -> int | None:
    may = READS[DecisionState(decision.state)]
    candidates = [person for role in roles for person in people[role] if person.is_active]
    candidates.sort(key=lambda person: person.pk != decision.said_by_id)
    return next((person.pk for person in candidates if may(decision, person, at)), None)


def _roles(decision: Decision) -> tuple[Role, ...]:
    if decision.state == DecisionState.TO_CHECK and decision.of_kind.checks:
        return (decision.of_kind.checks,)
    return (decision.decider,) if decision.state == DecisionState.PUT else decision.of_kind.prepares
