"""What an authority may set of its own, and why not: sentences. Pure: a value, the declared rules and a day in.

A number that a source states may be made stricter, never laxer; which way is stricter, `Rule.may_set` says. A number that
no source states is the authority's to choose, up to `Rule.at_most` where the law stands behind it. What decides whether
an arrangement is lawful is the law's alone. Nobody decides on a deadline of his or her own role.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from accounts.roles import Role
from casework.limits import DayLimit, Hours, Limit, start_of
from casework.procedures import MaySet, OwnValue, Rule, declared, row_on
from casework.wording import said_day

DECIDE: Final = frozenset({Role.HOS, Role.SERVICE_DIRECTOR, Role.ASSISTANT_DIRECTOR, Role.DCS})
"""Who decides on the authority's own values: the service's senior managers."""
ASK: Final = frozenset({Role.ADMINISTRATOR})
"""Who prepares one and asks for the decision: whoever keeps the rules."""
DAYS_COMPARED: Final = 4 * 366
"""Two limits are compared from every day of four years: months, leap days and bank holidays differ."""


def objections_to(own: OwnValue, *, decided_on: date) -> list[str]:
    """Why an authority cannot set a value, decided on a day; empty where it can."""
    if own.code not in declared():
        return [f"No rule has the code {own.code}."]
    objections = []
    rule = row_on(own.code, own.since)
    if rule is None:
        objections.append(f"{own.code} does not hold on {said_day(own.since)}.")
    elif said := _objection_to_value(own, rule):
        objections.append(said)
    if own.since <= decided_on:
        objections.append("It holds from the day after the decision at the earliest.")
    return objections


def why_fixed(rule: Rule) -> str:
    """Why an authority can set nothing here; empty where it can."""
    if rule.may_set is not MaySet.NOTHING:
        return ""
    if rule.limit is None:
        return f"{rule.code} holds as it stands: there is no number to set."
    return f"{rule.code} says what the law allows, and what is lawful no authority can change."


def may_be_set(rule: Rule) -> str:
    """What an authority may set of its own, as a sentence."""
    if fixed := why_fixed(rule):
        return fixed
    return {
        MaySet.SWITCH: "Whether it holds: yes or no.",
        MaySet.SHORTER: f"A shorter limit than {rule.limit}. The source’s is the longest.",
        MaySet.LONGER: f"A longer limit than {rule.limit}. The source’s is the shortest.",
        MaySet.ANY: f"Any limit up to {rule.at_most}. {rule.at_most_because}"
        if rule.at_most
        else "Any limit: no source states one.",
    }[rule.may_set]


def may_decide(roles: Iterable[Role], rule: Rule) -> bool:
    """May somebody who holds these roles decide on this rule? A senior manager whom its deadline does not bind."""
    held = frozenset(roles)
    return not held.isdisjoint(DECIDE) and held.isdisjoint(rule.owed_by)


def _objection_to_value(own: OwnValue, rule: Rule) -> str:
    if fixed := why_fixed(rule):
        return fixed
    if rule.may_set is MaySet.SWITCH:
        if own.is_on is None:
            return f"{rule.code} is answered with yes or no, not with a number."
        return SWITCH_TAKES_NOTHING if own.takes_running_along else ""
    return _objection_to_number(own.limit, own, rule)


SWITCH_TAKES_NOTHING: Final = "What is switched takes nothing along: what was done before that day keeps counting."


def _objection_to_number(limit: Limit | None, own: OwnValue, rule: Rule) -> str:
    if limit is None or own.is_on is not None:
        return f"{rule.code} is set with a number, not with yes or no."
    if limit.count < 1:
        return "A limit is at least 1 of its unit."
    if isinstance(limit, Hours) and isinstance(rule.limit, DayLimit):
        return f"{rule.code} ends with a day, so its number cannot be one of hours."
    return _laxer(limit, own.since, rule)


def _laxer(limit: Limit, since: date, rule: Rule) -> str:
    """What is wrong with a number that asks for less than the source does; empty where it asks for as much or more."""
    if rule.may_set is MaySet.SHORTER and rule.limit and (day := first_day_longer(limit, rule.limit, since)):
        return (
            f"{rule.code} may be set shorter than {rule.limit}, never longer: "
            f"{limit} counted from {said_day(day)} would end later."
        )
    if rule.may_set is MaySet.LONGER and rule.limit and (day := first_day_longer(rule.limit, limit, since)):
        return (
            f"{rule.code} may be set longer than {rule.limit}, never shorter: "
            f"{limit} counted from {said_day(day)} would end sooner."
        )
    if rule.at_most and (day := first_day_longer(limit, rule.at_most, since)):
        return (
            f"{rule.code} may be at most {rule.at_most}. {rule.at_most_because} "
            f"{limit} counted from {said_day(day)} would end later."
        )
    return ""


@lru_cache(maxsize=1_000)
def first_day_longer(one: Limit, other: Limit, since: date) -> date | None:
    """The first day, of four years from `since` on, counted from which `one` ends later than `other`; None where never.

    Counted from the first minute of the day, at which a limit in days is longest against one in hours.
    """
    days = (since + timedelta(days=number) for number in range(DAYS_COMPARED))
    moments = ((day, start_of(day)) for day in days)
    return next((day for day, moment in moments if one.after(moment) > other.after(moment)), None)


def said_value(limit: Limit | None, is_on: bool | None) -> str:
    """A value as pages say it: 5 working days; Yes; No; nothing where nothing is counted."""
    if is_on is not None:
        return "Yes" if is_on else "No"
    return str(limit) if limit else ""
