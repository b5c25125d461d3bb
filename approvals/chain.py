"""What a sign-off chain makes due, from its acts alone: who owes the next step, and by when. S0 2.3-2.7, C-08, C-30.

The chain's life is a run of stays, each in one state, from the act that led there to the act that led on. Each stay is
owed by the row of `rulebook.CHAIN` for its state; while the record is to be agreed, each of the four owes an agreement
of his or her own. A duty is met by the act that leads on; an act that starts over (the record is typed anew, the
matter is withdrawn) or the end of the arrangement closes it as no longer due, as missed where it was overdue by then.
What follows final sign-off is owed though the arrangement ends; what is not signed off by then is to be withdrawn.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from accounts.roles import Role
from approvals.rulebook import CASE_NOTE, CHAIN, FOUR, WITHDRAWING, Row
from approvals.states import FELL_THROUGH, SETTLED, SIGNED, State
from casework.ledger import Closed, Entry
from casework.limits import local_day
from casework.procedures import RulesInForce
from casework.wording import said_start, source

CONVENING: Final = CHAIN[0]
NOBODY_CAN: Final = "nobody in this role can, so that somebody with no other part in the chain must be appointed to act"
HAS_RECORD: Final = (State.TO_AGREE, State.AGREED, State.APPROVED)
"""States in which there is a record under way; typing it anew starts over."""


@dataclass(frozen=True, slots=True)
class Act:
    """One step taken in a chain."""

    name: str
    to_state: State
    at: datetime
    by_id: int
    role: str = ""
    """As which of the four the person agreed, a value of Role; empty for other steps."""


@dataclass(frozen=True, slots=True)
class Held:
    """A time for which a signature gave oversight."""

    from_at: datetime
    to_at: datetime | None


@dataclass(frozen=True, slots=True)
class ChainFacts:
    """One case discussion, as far as duties hang on it."""

    record: str
    """The record, "approvals.casediscussion:5"."""
    held_at: datetime
    """The end of the discussion, from which the 72 hours run."""
    acts: tuple[Act, ...]
    """In the order in which they were taken, at least one: the first convenes."""
    deputy_id: int | None = None
    """The Deputy Head who convened, or who acts for that person; None where neither can type the record any more."""
    to_agree: Mapping[Role, int] = field(default_factory=dict)
    """Who can agree the record now, of the roles that have yet to; a role is missing where nobody can any more."""
    decider_id: int | None = None
    """Who can decide on the record now, where it waits for a decision."""
    lacks_decider: bool = False
    """Does it wait for a decision that nobody who holds the role can take?"""
    is_interim: bool = False
    """Was it approved as an interim arrangement, which holds for a time only?"""
    held: tuple[Held, ...] = ()
    """The oversight that it gave, oldest first: by final sign-off, then by each renewal."""

    @property
    def convened_at(self) -> datetime:
        """The moment at which it was convened."""
        return self.acts[0].at

    @property
    def settled(self) -> Act | None:
        """The act by which it was signed off or fell through; None while it is under way."""
        return next((act for act in self.acts if act.to_state in SETTLED), None)

    @property
    def settled_at(self) -> datetime | None:
        """The moment at which it was signed off or fell through; None while it is under way."""
        return self.settled.at if self.settled else None

    @property
    def fell_through_at(self) -> datetime | None:
        """The moment at which it was refused or withdrawn; None otherwise."""
        return next((act.at for act in self.acts if act.to_state in FELL_THROUGH), None)

    @property
    def signed_off_at(self) -> datetime | None:
        """The moment of final sign-off; None before it."""
        return next((act.at for act in self.acts if act.name == "sign_off"), None)

    @property
    def renewed(self) -> tuple[Act, ...]:
        """The renewals of its interim approval, in order."""
        return tuple(act for act in self.acts if act.name == "renew")

    @property
    def holds_until(self) -> datetime | None:
        """When the oversight that was signed last is over; None where it has no end, or nobody has signed."""
        return self.held[-1].to_at if self.held else None

    @property
    def lapses(self) -> tuple[datetime, ...]:
        """The moments at which what was signed was over, renewed or not."""
        return tuple(held.to_at for held in self.held if held.to_at)


Chains = Sequence[ChainFacts]


@dataclass(frozen=True, slots=True)
class Stay:
    """The time that a chain spends in one state."""

    number: int
    state: State
    since: datetime
    counted_from: datetime
    """From when the limit runs."""
    acts: tuple[Act, ...] = ()
    """What was done in it; the last act leads on, where there is one."""

    @property
    def led_on_by(self) -> Act | None:
        """The act that ended the stay."""
        last = self.acts[-1] if self.acts else None
        return last if last and (last.to_state != self.state or last.name == "record") else None

    @property
    def yet_to_agree(self) -> tuple[Role, ...]:
        """Those of the four who have not agreed in this stay."""
        return tuple(role for role in FOUR if not self.agreed_as(role))

    def agreed_as(self, role: Role) -> Act | None:
        """The agreement given in one of the four roles."""
        return next((act for act in self.acts if act.name == "agree" and act.role == role), None)


def row_of(state: State) -> Row | None:
    """The row of the chain that is owed in a state; None when the chain is over."""
    return next((row for row in CHAIN if state in row.states), None)


def row_of_now(facts: ChainFacts, row: Row) -> Row:
    """The row that is owed now; where nobody who holds the role can take the step, it says so."""
    return replace(row, owes=f"{row.owes}; {NOBODY_CAN}") if facts.lacks_decider else row


def stays_of(facts: ChainFacts) -> Iterator[Stay]:
    """The stays of a chain, in order.

    The record's 72 hours run from the end of the discussion, however often it is typed anew before all four have
    agreed; in a later round they run from the act that sent the record round again.
    """
    convened, *later = facts.acts
    round_from = facts.held_at
    stay = Stay(0, convened.to_state, convened.at, counted_from=round_from)
    for act in later:
        stay = replace(stay, acts=(*stay.acts, act))
        if stay.led_on_by is None:
            continue
        yield stay
        if _starts_a_round(act, stay):
            round_from = act.at
        row = row_of(act.to_state)
        is_of_record = row is not None and row.rule == "D-02"
        stay = Stay(stay.number + 1, act.to_state, act.at, counted_from=round_from if is_of_record else act.at)
    yield stay


def last_stay(facts: ChainFacts) -> Stay:
    """Where the chain stands now."""
    return list(stays_of(facts))[-1]


def chain_entries(facts: ChainFacts, about: str, ends_at: datetime | None, rules: RulesInForce) -> tuple[Entry, ...]:
    """Every duty of a chain. `ends_at` is the moment at which the arrangement ended or became regulated, if it has."""
    steps = (
        entry if stay.state in SIGNED else _end(entry, ends_at)
        for stay in stays_of(facts)
        for entry in _entries_of(stay, facts, about, rules)
    )
    return (*steps, *_to_withdraw(facts, about, ends_at, rules))


def case_note_entry(facts: ChainFacts, about: str, rules: RulesInForce) -> Entry:
    """The case note is owed though the arrangement ends or is refused: people met. A withdrawn discussion needs none."""
    entry = entry_of(CASE_NOTE, f"{CASE_NOTE.rule}:{facts.record}:note", about, facts.convened_at, facts.held_at, rules)
    written = next((act for act in facts.acts if act.name == "note"), None)
    if written:
        return closed(entry, written.at, Closed.MET, facts.record)
    withdrawn = next((act for act in facts.acts if act.to_state == State.WITHDRAWN), None)
    if withdrawn:
        return closed(entry, withdrawn.at, Closed.NO_LONGER_DUE)
    return replace(entry, owner_id=facts.deputy_id)


def _to_withdraw(facts: ChainFacts, about: str, ends_at: datetime | None, rules: RulesInForce) -> Iterator[Entry]:
    """A chain that was under way when the arrangement ended or became regulated is withdrawn: none is left hanging."""
    settled = facts.settled
    if ends_at is None or (settled and settled.at <= ends_at):
        return
    opens_at = max(ends_at, facts.convened_at)
    entry = entry_of(WITHDRAWING, f"{WITHDRAWING.rule}:{facts.record}", about, opens_at, opens_at, rules)
    if settled is None:
        yield replace(entry, owner_id=facts.deputy_id)
    elif settled.to_state in FELL_THROUGH:
        yield closed(entry, settled.at, Closed.MET, facts.record)
    else:
        yield closed(entry, settled.at, Closed.NO_LONGER_DUE)


def convening_entries(alarms: Iterable[Entry], chains: Chains, rules: RulesInForce) -> Iterator[Entry]:
    """The duties to convene (D-01): whenever the alarm opens with no chain under way, and whenever one falls through.

    `alarms` are the entries of D-00 of one arrangement, `chains` its chains, oldest first.
    """
    for alarm in alarms:
        for key, counted_from, row, later in _to_convene(alarm, chains):
            entry = entry_of(row, f"{row.rule}:{key}", alarm.about, counted_from, counted_from, rules)
            if later and (alarm.closed_at is None or later[0].convened_at <= alarm.closed_at):
                yield closed(entry, later[0].convened_at, Closed.MET, later[0].record)
            else:
                yield _end(entry, alarm.closed_at)


def _to_convene(alarm: Entry, chains: Chains) -> Iterator[tuple[str, datetime, Row, Chains]]:
    """Each time within an alarm at which a case discussion became due: its key, the moment, what is owed, what came.

    A refusal that ends an earlier sign-off opens the alarm itself. An interim approval that lapsed is renewed first.
    """
    opened_at = alarm.opened_at
    if not any(
        _is_under_way(chain, opened_at) or opened_at in (chain.fell_through_at, *chain.lapses) for chain in chains
    ):
        later = [chain for chain in chains if chain.convened_at >= opened_at]
        yield alarm.key.removeprefix(f"{alarm.kind}:"), opened_at, CONVENING, later
    for number, chain in enumerate(chains, start=1):
        fell = chain.fell_through_at
        if fell and opened_at <= fell and (alarm.closed_at is None or fell < alarm.closed_at):
            refused = chain.acts[-1].to_state == State.REFUSED
            owes = "convene a case discussion on moving the child" if refused else CONVENING.owes
            yield chain.record, fell, replace(CONVENING, owes=owes), chains[number:]


def _is_under_way(chain: ChainFacts, at: datetime) -> bool:
    return chain.convened_at < at and (chain.settled_at is None or chain.settled_at > at)


def _entries_of(stay: Stay, facts: ChainFacts, about: str, rules: RulesInForce) -> Iterable[Entry]:
    row = row_of(stay.state)
    if row is None:
        return
    key = f"{row.rule}:{facts.record}:{stay.number}"
    if stay.state != State.TO_AGREE:
        owing = row if stay.led_on_by else row_of_now(facts, row)
        entry = entry_of(owing, key, about, stay.since, stay.counted_from, rules)
        owner_id = facts.deputy_id if row.role == Role.DHOS else facts.decider_id
        yield _led_on(replace(entry, owner_id=owner_id), stay, facts)
        return
    for role in FOUR:
        agreed = stay.agreed_as(role)
        owing = _agreement(row, role, facts, is_open=not agreed and not stay.led_on_by)
        entry = entry_of(owing, f"{key}:{role.value}", about, stay.since, stay.counted_from, rules)
        if agreed:
            yield replace(closed(entry, agreed.at, Closed.MET, facts.record), owner_id=agreed.by_id)
        else:
            yield _led_on(replace(entry, owner_id=facts.to_agree.get(role, facts.deputy_id)), stay, facts)


def _agreement(row: Row, role: Role, facts: ChainFacts, *, is_open: bool) -> Row:
    """What one of the four owes; where nobody can agree in a role any more, the Deputy Head convenes anew."""
    if is_open and role not in facts.to_agree:
        return replace(row, owes=f"withdraw and convene anew: the {role.label} named cannot agree the record any more")
    return replace(row, role=role, owes="agree that the record is accurate, or say what is wrong")


def entry_of(row: Row, key: str, about: str, opened_at: datetime, counted_from: datetime, rules: RulesInForce) -> Entry:
    """What a row makes due, by the limit of its rule from a moment."""
    day = local_day(counted_from)
    rule, limit = rules.rule(row.rule, day), rules.limit(row.rule, day)
    return Entry(
        kind=row.rule,
        key=key,
        role=row.role,
        about=about,
        opened_at=opened_at,
        due_at=limit.after(counted_from),
        says=f"{row.role.label}: {row.owes}, within {limit} of {said_start(counted_from)}. {source(rule)}",
        facts=(("Counted from", said_start(counted_from)), ("Limit", str(limit))),
    )


def _led_on(entry: Entry, stay: Stay, facts: ChainFacts) -> Entry:
    """The entry as the act that ended the stay leaves it. Whoever owed it then is known to the diary, not to us."""
    act = stay.led_on_by
    if act is None:
        return entry
    entry = replace(entry, owner_id=None)
    if act.name == "withdraw" or (act.name == "record" and stay.state in HAS_RECORD):
        return closed(entry, act.at, Closed.NO_LONGER_DUE)
    return closed(entry, act.at, Closed.MET, facts.record)


def _end(entry: Entry, ends_at: datetime | None) -> Entry:
    if not entry.is_open or ends_at is None:
        return entry
    return closed(entry, max(ends_at, entry.opened_at), Closed.NO_LONGER_DUE)


def closed(entry: Entry, at: datetime, how: Closed, evidence: str = "") -> Entry:
    """The duty as something ended it; what was overdue by then and is no longer due was missed."""
    if how == Closed.NO_LONGER_DUE and entry.due_at <= at:
        how = Closed.MISSED
    return replace(entry, closed_at=at, closed_as=how, evidence=evidence)


def _starts_a_round(act: Act, stay: Stay) -> bool:
    """Does the act send a record round again that all four had agreed?"""
    typed_anew = act.name == "record" and stay.state in (State.AGREED, State.APPROVED)
    return typed_anew or act.to_state == State.SENT_BACK
