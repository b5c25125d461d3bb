"""Where an arrangement stands on any day: in regulation, in law, why, by which source, and what is missing to be sure.

Pure: facts, days and the rules in force in, answers out. The facts are those known now (`placements.arrangement`), the
law is that of the day asked about, and the reasons are rows of `placements.decision_table`. Nothing here is stopped or
forbidden: where a child is, is always recorded (C-45), and what is not lawful raises the alarm.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from casework.limits import local_day, start_of
from casework.procedures import RulesInForce
from casework.wording import said_day
from children.ages import birthday
from placements.arrangement import NEXT_DAY, ArrangementFacts, Span
from placements.decision_table import (
    ACCEPTANCE_NOT_RECORDED,
    ACCOMMODATED_WITH_PARENT,
    APPROVAL_NOT_RECORDED,
    DECISION_DUE,
    DECISION_LATE,
    EMERGENCY,
    EMERGENCY_OVER,
    REGISTRATION_NOT_RECORDED,
    ROWS_OF,
    WITH_PARENT,
    Row,
)
from placements.situation import Situation
from placements.states import Lawfulness, Regulation, Setting

DATED_LAW: Final = ("E-07", "E-08")
"""The rules that change where an arrangement stands on the day on which they start or end."""

ALARMS: Final = frozenset(
    {
        Regulation.UNREGULATED_CONNECTED,
        Regulation.UNREGISTERED_SETTING,
        Regulation.UNREGISTERED_APPLIED,
        Regulation.NOT_PERMITTED,
    }
)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an arrangement stands on a day."""

    regulation: str
    """A value of Regulation."""
    lawfulness: str
    """A value of Lawfulness."""
    until_on: date | None
    """The last day on which it is lawful as things are recorded, inclusive; None unless it is lawful until a date."""
    reason: str
    """One or two sentences in plain English."""
    cites: tuple[str, ...]
    row: str
    """The row of the decision table that gave the answer."""
    missing: tuple[str, ...] = ()
    """What is missing to be sure, in plain words."""


@dataclass(frozen=True, slots=True)
class StandingPeriod:
    """An unbroken time in which the standing is the same."""

    from_on: date
    to_on: date | None
    """The first day on which it is no longer so; None while it goes on."""
    standing: Standing


def standing_on(facts: ArrangementFacts, day: date, rules: RulesInForce) -> Standing:
    """Where the arrangement stands on a day under the law of that day. Source: eligibility §2 and §4.

    Whether the child lives there on the day is not asked: the question can be put for a plan as well. A short stay
    elsewhere is answered for the usual home. Raises UnknownRule where a limit that is needed is not declared.
    """
    if facts.setting == Setting.TEMPORARY and facts.usual is not None:
        usual = standing_on(facts.usual, day, rules)
        return replace(usual, reason=f"A short stay elsewhere is judged like the usual home. {usual.reason}")
    situation = Situation(facts, day, rules)
    return _answer(next(row for row in ROWS_OF[facts.setting] if row.applies(situation)), situation)


def _answer(row: Row, situation: Situation) -> Standing:
    named_on = row.day(situation)
    return Standing(
        regulation=row.regulation,
        lawfulness=row.lawfulness,
        until_on=named_on if row.lawfulness == Lawfulness.LAWFUL_UNTIL else None,
        reason=row.says.format(
            day=said_day(named_on) if named_on else "", home=Setting(situation.facts.setting).label.lower()
        ),
        cites=row.cites,
        row=row.code,
        missing=row.missing(situation),
    )


def standings_over(facts: ArrangementFacts, rules: RulesInForce, until: date) -> tuple[StandingPeriod, ...]:
    """The life of the arrangement from its first day up to and with `until`, cut where its standing changes.

    Periods follow each other without gaps, and the first begins on the first day. The last one's `to_on` is the day on
    which the arrangement ended, or None where it goes on after `until`. Empty where it begins after `until`. An
    arrangement that began and ended on one day has that day.
    """
    if facts.started_on > until:
        return ()
    ended_on = facts.ended_on if facts.ended_on is not None and facts.ended_on <= until else None
    last = ended_on - NEXT_DAY if ended_on else until
    cuts = sorted(day for day in turning_days(facts, rules) if facts.started_on < day <= last)
    periods: list[StandingPeriod] = []
    from_on, standing = facts.started_on, standing_on(facts, facts.started_on, rules)
    for day in cuts:
        changed = standing_on(facts, day, rules)
        if changed != standing:
            periods.append(StandingPeriod(from_on, day, standing))
            from_on, standing = day, changed
    return (*periods, StandingPeriod(from_on, ended_on, standing))


def turning_days(facts: ArrangementFacts, rules: RulesInForce) -> set[date]:
    """Every day on which the standing can change: birthdays, starts and ends of the facts, starts and ends of rules."""
    situation = Situation(facts, facts.started_on, rules)
    days: set[date | None] = {birthday(facts.born_on, years) for years in (13, 16, 18)}
    days.update(day for code in DATED_LAW for rule in rules.rules.get(code, ()) for day in (rule.since, rule.until))
    days.update(row.from_on for row in facts.legal)
    days.update(row.from_on for row in facts.registrations)
    for approval in facts.approvals or ():
        days.update((approval.from_on, approval.to_on, situation.end_of(approval)))
    for stay in facts.before_assessment:
        days.update((stay.from_on, stay.to_on, situation.last_day_of_stay(stay) + NEXT_DAY))
    days.update(situation.last_day_of_period("L-17", stay.from_on) + NEXT_DAY for stay in facts.outside_terms)
    spans: tuple[Span, ...] = (*facts.outside_terms, *facts.with_looked_after_parent, *facts.secure_authority)
    days.update(day for span in spans for day in (span.from_on, span.to_on))
    days |= {facts.with_parent_decided_on, facts.secretary_of_state_approved_on}
    if facts.setting == Setting.TEMPORARY and facts.usual is not None:
        days.update(turning_days(facts.usual, rules))
    return {day for day in days if day is not None}


def next_change(facts: ArrangementFacts, rules: RulesInForce, now: datetime) -> datetime | None:
    """The next local midnight at which time alone changes the standing; None where nothing lies ahead.

    That is a birthday, a rule's first day, or the recorded start or end of a fact. The day on which the arrangement
    itself begins, or ends where a later day is recorded, counts too.
    """
    today = local_day(now)
    if facts.ended_on is not None and facts.ended_on <= today:
        return None
    if today < facts.started_on:
        return start_of(facts.started_on)
    present = standing_on(facts, today, rules)
    for day in sorted(day for day in turning_days(facts, rules) if today < day):
        if facts.ended_on is not None and facts.ended_on <= day:
            break
        if standing_on(facts, day, rules) != present:
            return start_of(day)
    return start_of(facts.ended_on) if facts.ended_on else None


def is_alarm(standing: Standing) -> bool:
    """Does this standing need oversight from the first minute (D-00)?"""
    return standing.regulation in ALARMS


def lacks_approval_record(standing: Standing) -> bool:
    """Is the standing not known because nobody recorded whether the carer is approved (D-08)?"""
    return standing.row == APPROVAL_NOT_RECORDED


def lacks_registration_record(standing: Standing) -> bool:
    """Is the standing not known because nobody recorded where the home stands with its regulator?"""
    return standing.row in (REGISTRATION_NOT_RECORDED, ACCEPTANCE_NOT_RECORDED)


def lacks_something_else(standing: Standing) -> bool:
    """Is the standing not known for another reason than a missing approval (C-26)?"""
    return standing.regulation == Regulation.NOT_KNOWN and not lacks_approval_record(standing)


def is_before_assessment(standing: Standing) -> bool:
    """Is the child with a parent before the assessment, the decision still to come, in time or late (L-16)?"""
    return standing.row in (DECISION_DUE, DECISION_LATE)


def is_outside_terms(standing: Standing) -> bool:
    """Is the child with carers whose terms do not cover it, in time or too long (L-17)?"""
    return standing.row in (EMERGENCY, EMERGENCY_OVER)


def lacks_decision(standing: Standing) -> bool:
    """Does a child in care live with a parent though nobody is on record as having decided on it (L-15)?"""
    return standing.row == WITH_PARENT and bool(standing.missing)


def is_accommodated_with_parent(standing: Standing) -> bool:
    """Does a child whom the authority accommodated live with a parent, and so is not looked after (C-20)?"""
    return standing.row == ACCOMMODATED_WITH_PARENT
