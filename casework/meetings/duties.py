"""What meetings make due: that who came is recorded, the minutes are typed and sent round, and the actions are done.

Pure: facts and the rules in force in, the whole ledger out. An action is owed by its own day; once that is over whoever
chaired asks for it, takes it higher, and whoever it was taken to settles it. Another day agreed starts this anew.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from accounts.roles import Role
from casework.forms import in_a_sentence
from casework.ledger import Closed, Entry
from casework.limits import end_of, local_day
from casework.meetings.kind import MeetingKind
from casework.meetings.rulebook import CHASE, ESCALATE, SETTLE
from casework.procedures import RulesInForce
from casework.wording import said_day, said_moment, source

SETTLED: Final = ("finish", "drop")


@dataclass(frozen=True, slots=True)
class ActionAct:
    """One step taken about an action."""

    name: str
    at: datetime
    due_on: date | None = None
    """The day agreed, where the step agreed one."""


@dataclass(frozen=True, slots=True)
class ActionFacts:
    """One action, as far as duties hang on it."""

    record: str
    """The record, "meetings.action:7"."""
    acts: tuple[ActionAct, ...]
    """In the order in which they were taken, at least one: the first agrees it."""
    owner: str
    """Who owes it, as a sentence names such a person: a role, or "Grandmother"."""
    role: Role
    """Who owes the duty: the owner's role; the chair's, where the owner is from outside."""
    holder_id: int | None
    """Who can do it now; None where the role's holder is to be found."""
    is_outside: bool = False
    is_chairs_own: bool = False
    """Does whoever chaired owe it? Nobody asks themselves: whoever stands above settles it once it is late."""


@dataclass(frozen=True, slots=True)
class MeetingFacts:
    """One meeting, as far as duties hang on it."""

    record: str
    kind: MeetingKind
    arranged_at: datetime
    starts_at: datetime
    ends_at: datetime
    chair_role: Role
    chair_id: int | None = None
    """Who chairs, where that person still can."""
    taker_role: Role | None = None
    """In which role somebody other than the chair takes the minutes."""
    taker_id: int | None = None
    recorded_at: datetime | None = None
    """When it was recorded who came, or that it was called off."""
    called_off: bool = False
    typed: tuple[datetime, ...] = ()
    """When each version of the minutes was typed."""
    sent: Mapping[int, datetime] | None = None
    """When each version, counted from 1, was first sent round."""
    actions: Sequence[ActionFacts] = ()

    @property
    def says(self) -> str:
        """How a sentence names it."""
        return f"{in_a_sentence(self.kind.title)} of {said_day(local_day(self.starts_at))}"


def meeting_entries(facts: MeetingFacts, at: datetime, rules: RulesInForce) -> Iterator[Entry]:
    """Every duty of a meeting and of what was agreed in it, as of a moment."""
    if facts.recorded_at != facts.arranged_at:
        yield _holding(facts, rules)
    if facts.recorded_at and not facts.called_off and facts.kind.minutes:
        yield _minutes(facts, rules)
        yield from _sending(facts, rules)
    for action in facts.actions:
        yield from action_entries(action, facts, at, rules)


def looks_again_at(facts: MeetingFacts, at: datetime) -> datetime | None:
    """The next moment at which time alone makes something due: the end of the day of an action that is open."""
    ends = [end_of(stay.due_on) for action in facts.actions for stay in _stays(action) if stay.left_by is None]
    return min((end for end in ends if end > at), default=None)


def _holding(facts: MeetingFacts, rules: RulesInForce) -> Entry:
    owes = f"record who came to the {facts.says}, or call it off"
    entry = _entry(facts.kind.held, f"{facts.record}:held", facts, facts.arranged_at, facts.starts_at, owes, rules)
    return _closed(entry, facts.recorded_at, facts.record, met=not facts.called_off)


def _minutes(facts: MeetingFacts, rules: RulesInForce) -> Entry:
    owes = f"type the minutes of the {facts.says}"
    key = f"{facts.record}:minutes"
    opened_at = facts.recorded_at or facts.ends_at
    entry = _entry(facts.kind.minutes, key, facts, opened_at, facts.ends_at, owes, rules)
    if facts.taker_role:
        entry = replace(entry, role=facts.taker_role, owner_id=facts.taker_id)
    return _closed(entry, facts.typed[0] if facts.typed else None, facts.record)


def _sending(facts: MeetingFacts, rules: RulesInForce) -> Iterator[Entry]:
    """Each time that minutes were typed which nobody had been sent: from the first version since the last sending."""
    sent = facts.sent or {}
    waits_since: tuple[int, datetime] | None = None
    for number, typed_at in enumerate(facts.typed, start=1):
        waits_since = waits_since or (number, typed_at)
        if number in sent:
            yield _sent(facts, *waits_since, sent[number], rules)
            waits_since = None
    if waits_since:
        yield _sent(facts, *waits_since, None, rules)


def _sent(facts: MeetingFacts, number: int, since: datetime, at: datetime | None, rules: RulesInForce) -> Entry:
    owes = f"send the minutes of the {facts.says} round"
    key = f"{facts.record}:sent:{number}"
    return _closed(_entry(facts.kind.circulation, key, facts, since, since, owes, rules), at, facts.record)


def _entry(
    code: str,
    key: str,
    facts: MeetingFacts,
    opened_at: datetime,
    counted_from: datetime,
    owes: str,
    rules: RulesInForce,
) -> Entry:
    """A duty of whoever chairs, by the limit of a rule."""
    day = local_day(counted_from)
    rule, limit = rules.rule(code, day), rules.limit(code, day)
    return Entry(
        kind=code,
        key=f"{code}:{key}",
        role=facts.chair_role,
        about=facts.record,
        opened_at=opened_at,
        due_at=limit.after(counted_from),
        says=f"{facts.chair_role.label}: {owes}, within {limit} of {said_moment(counted_from)}. {source(rule)}",
        facts=(("Counted from", said_moment(counted_from)), ("Limit", str(limit))),
        owner_id=facts.chair_id,
    )


# What was agreed


@dataclass(frozen=True, slots=True)
class Stay:
    """The time in which an action was owed by one day."""

    number: int
    since: datetime
    due_on: date
    acts: tuple[ActionAct, ...] = ()
    """What was done in it without ending it."""
    left_by: ActionAct | None = None
    """The act that ended it: it was done, dropped, or another day agreed."""

    def first(self, name: str, after: datetime) -> ActionAct | None:
        """The first act of a name from a moment on."""
        return next((act for act in self.acts if act.name == name and act.at >= after), None)


def _stays(action: ActionFacts) -> Iterator[Stay]:
    stay: Stay | None = None
    for act in action.acts:
        if stay and act.due_on is None and act.name not in SETTLED:
            stay = replace(stay, acts=(*stay.acts, act))
            continue
        if stay:
            yield replace(stay, left_by=act)
        number = stay.number + 1 if stay else 0
        stay = Stay(number, act.at, act.due_on) if act.due_on else None
    if stay:
        yield stay


def action_entries(action: ActionFacts, meeting: MeetingFacts, at: datetime, rules: RulesInForce) -> Iterator[Entry]:
    """Every duty that an action makes, as of a moment."""
    for stay in _stays(action):
        late_from = max(end_of(stay.due_on), stay.since)
        yield _doing(stay, action, meeting, rules)
        if late_from > at or (stay.left_by and stay.left_by.at < late_from):
            continue
        yield from _asking(stay, action, meeting, late_from, rules)


def _doing(stay: Stay, action: ActionFacts, meeting: MeetingFacts, rules: RulesInForce) -> Entry:
    rule = rules.rule(meeting.kind.actions, local_day(stay.since))
    does = f"see that {in_a_sentence(action.owner)} does" if action.is_outside else "do"
    owes = f"{does} what was agreed in the {meeting.says}, by {said_day(stay.due_on)}"
    entry = Entry(
        kind=rule.code,
        key=f"{rule.code}:{action.record}:{stay.number}",
        role=action.role,
        about=action.record,
        opened_at=stay.since,
        due_at=end_of(stay.due_on),
        says=f"{action.role.label}: {owes}. {source(rule)}",
        facts=(("Agreed", said_moment(stay.since)), ("Owed by", action.owner)),
        owner_id=action.holder_id,
    )
    left = stay.left_by
    return _closed(entry, left.at if left else None, action.record, met=left is not None and left.name == "finish")


def _asking(
    stay: Stay, action: ActionFacts, meeting: MeetingFacts, late_from: datetime, rules: RulesInForce
) -> Iterator[Entry]:
    """A day is over: whoever chaired asks, then takes it higher; whoever it was taken to settles it."""
    what = f"what was agreed in the {meeting.says} and was to be done by {said_day(stay.due_on)}"
    about = replace(meeting, record=action.record)
    asked, raised = stay.first("chase", late_from), stay.first("escalate", stay.since)
    key = f"{action.record}:{stay.number}"
    if action.is_chairs_own:
        yield _settling(stay, action, about, late_from, what, rules)
        return
    chasing = _entry(CHASE, key, about, late_from, late_from, f"ask for {what}", rules)
    yield _answered(chasing, asked or raised, stay, action)
    if asked:
        raising = _entry(ESCALATE, key, about, asked.at, asked.at, f"take higher {what}", rules)
        yield _answered(raising, raised, stay, action)
    if raised:
        yield _settling(stay, action, about, raised.at, what, rules)


def _settling(
    stay: Stay, action: ActionFacts, about: MeetingFacts, since: datetime, what: str, rules: RulesInForce
) -> Entry:
    entry = _entry(SETTLE, f"{action.record}:{stay.number}", about, since, since, f"settle {what}", rules)
    role = about.kind.escalates_to
    says = entry.says.replace(about.chair_role.label, role.label, 1)
    return _answered(replace(entry, role=role, owner_id=None, says=says), stay.left_by, stay, action)


def _answered(entry: Entry, act: ActionAct | None, stay: Stay, action: ActionFacts) -> Entry:
    """The duty as the act met it, or as the end of the stay left it."""
    if act:
        return _closed(entry, max(act.at, entry.opened_at), action.record)
    return _closed(entry, stay.left_by.at if stay.left_by else None, action.record, met=False)


def _closed(entry: Entry, at: datetime | None, evidence: str, *, met: bool = True) -> Entry:
    if at is None:
        return entry
    if met:
        return replace(entry, closed_at=at, closed_as=Closed.MET, evidence=evidence)
    closed_as = Closed.MISSED if entry.due_at <= at else Closed.NO_LONGER_DUE
    return replace(entry, closed_at=at, closed_as=closed_as)
