"""What a senior decision makes due while it is under way: to check it, to decide it, to write it up anew. A-10, A-11.

Whoever is consulted in Hearth owes a word of what they think (A-14).

Each stay in a state is one duty, from the act that led there to the act that led on. Pure: acts in, entries out.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from accounts.roles import Role
from approvals.chain import NOBODY_CAN
from approvals.states import TO_PUT, DecisionState
from casework.forms import in_a_sentence
from casework.ledger import Closed, Entry
from casework.limits import local_day
from casework.procedures import RulesInForce
from casework.wording import said_day, said_moment, source

IN_TIME: Final = "A-10"
SAID_BEFORE: Final = "A-11"
TO_SAY: Final = "A-14"
TO_TAKE_BACK: Final = "A-15"


@dataclass(frozen=True, slots=True)
class DecisionAct:
    """One step taken."""

    name: str
    to_state: DecisionState
    at: datetime
    needed_by: datetime | None = None
    """The moment before which what was put has to be decided, where what is written has one."""
    consulted: tuple[str, ...] = ()
    """Of those consulted, whose view stands in what was put."""


@dataclass(frozen=True, slots=True)
class ToConsult:
    """Somebody who is consulted, and can answer in Hearth."""

    name: str
    role: Role
    said_at: datetime | None = None
    """When he or she first said something."""


@dataclass(frozen=True, slots=True)
class DecisionFacts:
    """One decision, as far as duties hang on it."""

    record: str
    """The record, "approvals.decision:5"."""
    title: str
    """What is decided."""
    acts: tuple[DecisionAct, ...]
    """In the order in which they were taken, at least one: the first puts it."""
    prepares: Role
    checks: Role | None
    decides: Role
    holder_id: int | None = None
    """Who can take the step that it waits for now; None where the role's holder is to be found, or nobody can."""
    said_at: datetime | None = None
    """When whoever decides said so by telephone, of what was put last."""
    in_time: str = IN_TIME
    """The rule that says how soon it is checked and decided."""
    put_under: str = ""
    """The rule whose duty covers the writing; empty where the writing has a limit from when it is begun."""
    consults: tuple[ToConsult, ...] = ()

    @property
    def is_under_way(self) -> bool:
        """Is it not decided upon yet?"""
        return self.acts[-1].to_state in TO_PUT


@dataclass(frozen=True, slots=True)
class Owed:
    """What is owed in a state, by whom."""

    role: Role
    says: str


def owed_in(state: DecisionState, facts: DecisionFacts) -> Owed | None:
    """What is owed while it stands in a state; None when it is over."""
    about = in_a_sentence(facts.title)
    if state == DecisionState.PREPARED:
        return Owed(facts.prepares, f"write up and put forward the {about}")
    if state == DecisionState.TO_CHECK and facts.checks:
        return Owed(facts.checks, f"check what is put forward about the {about}")
    if state == DecisionState.PUT:
        return Owed(facts.decides, f"decide about the {about}")
    if state == DecisionState.HANDED_BACK:
        return Owed(facts.prepares, f"write up anew what was handed back about the {about}")
    return None


def _owed_now(state: DecisionState, owed: Owed, facts: DecisionFacts) -> Owed:
    """What is owed; where everybody who holds the role has another part in it, it says so."""
    if facts.holder_id is None and state in (DecisionState.TO_CHECK, DecisionState.PUT):
        return replace(owed, says=f"{owed.says}; {NOBODY_CAN}")
    return owed


def decision_entries(
    facts: DecisionFacts, about: str, ends_at: datetime | None, rules: RulesInForce
) -> Iterator[Entry]:
    """Every duty of a decision. `ends_at` is the moment at which what it is about was over, if it is."""
    needed_by = None
    for number, (act, led_on) in enumerate(zip(facts.acts, (*facts.acts[1:], None), strict=True)):
        needed_by = act.needed_by if act.name == "put" else needed_by
        owed = owed_in(act.to_state, facts)
        is_covered = act.to_state == DecisionState.PREPARED and facts.put_under
        if owed and not is_covered:
            owing = owed if led_on else _owed_now(act.to_state, owed, facts)
            entry = _sooner(_entry(number, act, owing, facts, about, rules), needed_by)
            entry = entry if led_on else replace(entry, owner_id=facts.holder_id)
            yield _close(entry, act, led_on, ends_at, facts.record)
    for consulted in facts.consults:
        yield _to_say(consulted, facts, about, ends_at, rules)
    if ends_at is not None:
        yield from _to_take_back(facts, about, ends_at, rules)


def _to_say(
    consulted: ToConsult, facts: DecisionFacts, about: str, ends_at: datetime | None, rules: RulesInForce
) -> Entry:
    """Met by an answer in Hearth, or by a record that says what was answered; over with the decision."""
    begun_at, last = facts.acts[0].at, facts.acts[-1]
    day = local_day(begun_at)
    rule, limit = rules.rule(TO_SAY, day), rules.limit(TO_SAY, day)
    entry = Entry(
        kind=TO_SAY,
        key=f"{TO_SAY}:{facts.record}:{consulted.name}",
        role=consulted.role,
        about=about,
        opened_at=begun_at,
        due_at=limit.after(begun_at),
        says=f"{consulted.role.label}: say what you think about the {in_a_sentence(facts.title)}, within {limit} of "
        f"{said_moment(begun_at)}. {source(rule)}",
        facts=(("Counted from", said_moment(begun_at)), ("Limit", str(limit))),
    )
    written = (act.at for act in facts.acts if consulted.name in act.consulted)
    met_at = min((at for at in (consulted.said_at, next(written, None)) if at), default=None)
    over_at = min((at for at in (ends_at, None if facts.is_under_way else last.at) if at), default=None)
    if met_at and (over_at is None or met_at <= over_at):
        return replace(entry, closed_at=met_at, closed_as=Closed.MET, evidence=facts.record)
    return entry if over_at is None else _over(entry, over_at)


def _to_take_back(facts: DecisionFacts, about: str, ends_at: datetime, rules: RulesInForce) -> Iterator[Entry]:
    """What was under way when the arrangement was over is taken back: none is left hanging."""
    last = facts.acts[-1]
    if not facts.is_under_way and last.at <= ends_at:
        return
    opens_at = max(ends_at, facts.acts[0].at)
    day = local_day(opens_at)
    rule, limit = rules.rule(TO_TAKE_BACK, day), rules.limit(TO_TAKE_BACK, day)
    entry = Entry(
        kind=TO_TAKE_BACK,
        key=f"{TO_TAKE_BACK}:{facts.record}",
        role=facts.prepares,
        about=about,
        opened_at=opens_at,
        due_at=limit.after(opens_at),
        says=f"{facts.prepares.label}: take back what is put about the {in_a_sentence(facts.title)}: what it is about is "
        f"over since {said_moment(ends_at)}. {source(rule)}",
        facts=(("Over since", said_moment(ends_at)), ("Limit", str(limit))),
    )
    if facts.is_under_way:
        yield entry
    else:
        yield replace(entry, closed_at=last.at, closed_as=Closed.MET, evidence=facts.record)


def _entry(number: int, act: DecisionAct, owed: Owed, facts: DecisionFacts, about: str, rules: RulesInForce) -> Entry:
    puts_after = any(later.name == "put" for later in facts.acts[number + 1 :])
    said_at = facts.said_at if act.to_state == DecisionState.PUT and not puts_after else None
    counted_from = said_at or act.at
    day = local_day(counted_from)
    code = SAID_BEFORE if said_at else facts.in_time
    rule, limit = rules.rule(code, day), rules.limit(code, day)
    return Entry(
        kind=code,
        key=f"{code}:{facts.record}:{number}",
        role=owed.role,
        about=about,
        opened_at=act.at,
        due_at=limit.after(counted_from),
        says=f"{owed.role.label}: {owed.says}, within {limit} of {said_moment(counted_from)}. {source(rule)}",
        facts=(("Counted from", said_moment(counted_from)), ("Limit", str(limit))),
    )


def _sooner(entry: Entry, needed_by: datetime | None) -> Entry:
    """The duty, due before the moment by which it is needed, where its limit would end later."""
    if needed_by is None or entry.due_at <= needed_by:
        return entry
    facts = (*entry.facts, ("Needed before", said_day(needed_by)))
    says = f"{entry.says} It is needed before {said_day(needed_by)}."
    return replace(entry, due_at=max(needed_by, entry.opened_at), says=says, facts=facts)


def _close(entry: Entry, act: DecisionAct, led_on: DecisionAct | None, ends_at: datetime | None, record: str) -> Entry:
    """The duty as the act that led on left it; typing it anew before it was read, or the end of it all, closes it unmet."""
    is_anew = led_on and led_on.name == "put" and act.to_state in (DecisionState.TO_CHECK, DecisionState.PUT)
    if led_on and led_on.name != "take_back" and not is_anew:
        return replace(entry, closed_at=led_on.at, closed_as=Closed.MET, evidence=record)
    over_at = led_on.at if led_on else ends_at
    if over_at is None:
        return entry
    return _over(entry, over_at)


def _over(entry: Entry, at: datetime) -> Entry:
    """What was over before it was done: no longer due, or missed where it was overdue by then."""
    at = max(at, entry.opened_at)
    return replace(entry, closed_at=at, closed_as=Closed.MISSED if entry.due_at <= at else Closed.NO_LONGER_DUE)
