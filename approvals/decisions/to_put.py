"""What has to be put to senior managers before anybody begins: a time that calls for a decision, and nothing put.

Pure: the times in which a decision was called for and none stood, and the decisions that were begun, in; entries out.
Beforehand is when it should have been put: unless its rule has a limit, it is overdue from the first minute.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from accounts.roles import Role
from approvals.decisions.duties import DecisionFacts
from approvals.states import DecisionState
from casework.ledger import Closed, Entry
from casework.limits import local_day
from casework.procedures import RulesInForce
from casework.wording import said_moment, source

FELL_THROUGH: Final = (DecisionState.DECLINED, DecisionState.TAKEN_BACK)


@dataclass(frozen=True, slots=True)
class Call:
    """What is to be put: under which rule, and in which words."""

    code: str
    put_it: str
    """What is owed: "put the use of this setting to the Service Director"."""
    after_a_no: str
    """What is owed once whoever decides has said no."""


@dataclass(frozen=True, slots=True)
class Wanting:
    """A time in which a decision was called for and none stood; without an end where it goes on."""

    from_at: datetime
    to_at: datetime | None
    about: str
    key: str
    """What tells it from every other of its case file."""


def to_put_entries(
    wanting: Iterable[Wanting], call: Call, decisions: Sequence[DecisionFacts], rules: RulesInForce
) -> Iterator[Entry]:
    """The duties to put it forward: whenever it is wanting with nothing put, and whenever what was put falls through.

    `decisions` are those of the kind about the same, oldest first.
    """
    for time in wanting:
        for opens_at, owes, key in _to_put(time, call, decisions):
            day = local_day(opens_at)
            rule = rules.rule(call.code, day)
            entry = Entry(
                kind=call.code,
                key=f"{call.code}:{key}",
                role=Role.SOCIAL_WORKER,
                about=time.about,
                opened_at=opens_at,
                due_at=rule.limit.after(opens_at) if rule.limit else opens_at,
                says=f"{Role.SOCIAL_WORKER.label}: {owes}. Without a decision since {said_moment(opens_at)}. "
                f"{source(rule)}",
                facts=(("Without a decision since", said_moment(time.from_at)),),
            )
            yield closed_by_putting(entry, decisions, over_at=time.to_at)


def closed_by_putting(entry: Entry, decisions: Sequence[DecisionFacts], *, over_at: datetime | None) -> Entry:
    """Met when it is put after the duty opened; missed or no longer due where it was over before that."""
    puts = [(put, decision.record) for decision in decisions if (put := _first_put(decision, entry.opened_at))]
    put_at, record = min(puts, default=(None, ""))
    if put_at and (over_at is None or put_at <= over_at):
        return replace(entry, closed_at=put_at, closed_as=Closed.MET, evidence=record)
    if over_at is None:
        return entry
    over_at = max(over_at, entry.opened_at)
    return replace(
        entry, closed_at=over_at, closed_as=Closed.MISSED if entry.due_at <= over_at else Closed.NO_LONGER_DUE
    )


def _to_put(time: Wanting, call: Call, decisions: Sequence[DecisionFacts]) -> Iterator[tuple[datetime, str, str]]:
    """Each moment in a time at which it had to be put, what is owed, and what tells it apart."""
    if not any(_is_up(decision, time.from_at) for decision in decisions):
        yield time.from_at, call.put_it, time.key
    for decision in decisions:
        last = decision.acts[-1]
        is_within = time.from_at < last.at and (time.to_at is None or last.at < time.to_at)
        if last.to_state in FELL_THROUGH and _first_put(decision) and is_within:
            said_no = last.to_state == DecisionState.DECLINED
            yield last.at, call.after_a_no if said_no else call.put_it, decision.record


def _first_put(decision: DecisionFacts, after: datetime | None = None) -> datetime | None:
    return next((act.at for act in decision.acts if act.name == "put" and (after is None or act.at >= after)), None)


def _is_up(decision: DecisionFacts, at: datetime) -> bool:
    """Was it put by then, and neither decided nor over?"""
    put_at = _first_put(decision)
    return put_at is not None and put_at <= at and (decision.is_under_way or decision.acts[-1].at > at)
