"""What the provider is to do: by the day agreed, with a reminder where it was not done, and taken higher after that.

The action itself stays owed until it is done, is not needed any more, or another day is agreed; beside it runs, once the
day is missed, the next thing to do about it. All of it stays with the role of the form's author (S3, L131).
"""

from collections.abc import Iterator
from datetime import date, datetime
from itertools import zip_longest
from typing import Any

from casework.limits import end_of, start_of
from casework.procedures import RulesInForce
from casework.wording import said_day
from visits.after.facts import Action, AfterFacts, DayAgreed
from visits.after.owed import Owed
from visits.after.rulebook import ACTION, ESCALATION, REMINDER
from visits.after.wording import owed


def actions_owed(facts: AfterFacts, rules: RulesInForce) -> Iterator[Owed]:
    """What is owed because of every action, under every day that was agreed for it."""
    for action in facts.actions:
        over_on = facts.over(action.placement)
        for number, (agreed, following) in enumerate(zip_longest(action.days, action.days[1:])):
            ends = [following.since if following else action.dropped_at, start_of(over_on) if over_on else None]
            over_at = min((moment for moment in ends if moment), default=None)
            yield from _by_the_day(action, number, agreed, None if following else action.done_at, over_at, rules)


def _by_the_day(
    action: Action,
    number: int,
    agreed: DayAgreed,
    done_at: datetime | None,
    over_at: datetime | None,
    rules: RulesInForce,
) -> Iterator[Owed]:
    about: dict[str, Any] = {"role": action.role, "about": action.record, "facts": _facts_of(action, agreed.due_on)}
    ends_at = min((moment for moment in (done_at, over_at) if moment), default=None)
    yield owed(
        ACTION,
        rules,
        key=f"{action.record}:{number}:done",
        opened_at=agreed.since,
        due_at=end_of(agreed.due_on),
        because=f"Agreed with the provider on {said_day(agreed.since)}: see that it is done",
        met_at=done_at,
        evidence=action.record if done_at else "",
        over_at=over_at,
        **about,
    )
    missed_at = end_of(agreed.due_on)
    if ends_at and ends_at < missed_at:
        return
    until = ends_at or datetime.max.replace(tzinfo=missed_at.tzinfo)
    reminded_at = _first(action.reminded, missed_at, until)
    escalated_at = _first(action.escalated, missed_at, until)
    yield owed(
        REMINDER,
        rules,
        key=f"{action.record}:{number}:remind",
        opened_at=missed_at,
        due_at=rules.limit(REMINDER, agreed.due_on).after(start_of(agreed.due_on)),
        because=f"Not done by {said_day(agreed.due_on)}, the day agreed: remind the provider",
        met_at=min((moment for moment in (reminded_at, escalated_at) if moment), default=None),
        evidence=action.record if reminded_at or escalated_at else "",
        over_at=ends_at,
        **about,
    )
    if reminded_at is None or (escalated_at and escalated_at <= reminded_at):
        return
    yield owed(
        ESCALATION,
        rules,
        key=f"{action.record}:{number}:escalate",
        opened_at=reminded_at,
        due_at=rules.limit(ESCALATION, agreed.due_on).after(reminded_at),
        because=f"The provider was reminded on {said_day(reminded_at)}: take it higher if it is still not done",
        met_at=escalated_at,
        evidence=action.record if escalated_at else "",
        over_at=ends_at,
        **about,
    )


def _first(moments: tuple[datetime, ...], after: datetime, until: datetime) -> datetime | None:
    return min((moment for moment in moments if after <= moment <= until), default=None)


def _facts_of(action: Action, due_on: date) -> tuple[tuple[str, str], ...]:
    return (("Agreed with the provider", said_day(action.days[0].since)), ("Day agreed", said_day(due_on)))
