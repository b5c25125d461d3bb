"""The nominated officer approves a connected person for at most 16 weeks, before the full assessment. Reg 24; L-18."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from accounts.roles import Role
from approvals.connected.household import PART as HOUSEHOLD
from approvals.connected.rules import (
    objections_of_household,
    objections_to_call,
    objections_to_joining,
    objections_to_last_day,
    objections_to_temporary_approval,
)
from approvals.kinds.kind import WORKERS, Kind
from approvals.kinds.temporarily import approve, joined, named_day, said_yes_on, temporary_time_of
from approvals.kinds.viability import seals
from casework.limits import local_day
from casework.rules_in_force import rules_in_force
from casework.sections.parts import Asks, Part
from casework.wording import counted, said_day
from placements.states import ApprovalKind
from placements.temporary import TemporaryTime, last_day_allowed

TEMPORARY: Final = ApprovalKind.TEMPORARY


def objections(decision: Any) -> list[str]:
    """It stands on a viability assessment that a manager confirmed."""
    return objections_to_temporary_approval(decision.connected_person)


def objections_to_record(decision: Any, content: Mapping[str, str], at: datetime) -> list[str]:
    """Not twice at a time, nobody unchecked in the household, and not longer than the law of the day allows."""
    person, day, rules = decision.connected_person, local_day(at), rules_in_force()
    from_on = said_yes_on(decision, at)
    running = temporary_time_of(person, at)
    if running and person.temporary_approval:
        until = f"until {said_day(running.last_on)}" if running.last_on else "until a review is decided"
        return [f"They are approved temporarily already, {until}. What comes next is an extension."]
    against = objections_of_household(person.household.all(), day)
    if running:
        against += objections_to_joining(named_day(content), running)
    else:
        against += objections_to_call(person.viability_confirmed_at, decision.said_at)
        against += objections_to_last_day(named_day(content), TEMPORARY, from_on, day, rules)
    longest = named_day(content) or _longest(running, from_on)
    if longest and date.fromisoformat(content["assess_by"]) > longest:
        against.append(
            f"The approval ends on {said_day(longest)}: the full assessment has to be complete by then, and decided."
        )
    return against


def tells(decision: Any, at: datetime) -> list[dict[str, str]]:
    """Until when it would hold, and who lives there; nothing any more once it is decided."""
    if decision.is_decided:
        return []
    day = local_day(at)
    rows = [_time(temporary_time_of(decision.connected_person, at), said_yes_on(decision, at), day)]
    members = [each for each in decision.connected_person.household.all() if each.lives_there_on(day)]
    grown_up = sum(each.is_adult_on(day) for each in members)
    waiting = sum(bool(each.checks_missing_on(day)) for each in members)
    checks = f"the checks of {counted(waiting, 'person')} are not all back" if waiting else "every check is back"
    says = f"{counted(len(members), 'person')}, of whom {grown_up} of 18 or older; {checks}"
    return [*rows, {"label": "Household", "says": says}]


def _longest(running: TemporaryTime | None, from_on: date) -> date | None:
    """The last day on which it would hold at the most: that of a brother's or sister's approval, or the law's."""
    return running.last_on if running else last_day_allowed(TEMPORARY, from_on, rules_in_force())


def _time(running: TemporaryTime | None, from_on: date, day: date) -> dict[str, str]:
    if running and running.last_on is None:
        return {"label": "Approved for another child", "says": "Until an independent review is decided"}
    longest = said_day(_longest(running, from_on))
    if running:
        return {"label": "Approved for another child", "says": f"Until {longest}; this child’s time is that one"}
    counted_from = "decided today" if from_on == day else f"said yes by telephone on {said_day(from_on)}"
    limit = rules_in_force().limit("L-18", on=from_on)
    return {"label": "Longest time", "says": f"{limit}: {counted_from}, until {longest}"}


def viability_of(decision: Any) -> Any:
    """The viability assessment that a manager confirmed."""
    return decision.connected_person.viability if decision.connected_person else None


def approve_for_a_time(decision: Any, by: Any, at: datetime) -> datetime | None:
    """Approved from the day of the yes, up to and including the day named; for the full time where none is."""
    running = temporary_time_of(decision.connected_person, at)
    if running:
        return joined(running)
    from_on = said_yes_on(decision, at)
    moment: datetime | None = approve(decision, TEMPORARY, from_on, named_day(decision.version.content), by, at)
    return moment


KIND: Final = Kind(
    code="temporary_approval",
    title="Temporary approval of a connected person",
    verb="Approve for this time",
    done="Approved",
    rule="L-18",
    holds="for {L-18} at the longest",
    prepares=(*WORKERS, Role.TEAM_MANAGER),
    checks=Role.TEAM_MANAGER,
    decides=Role.DECISION_MAKER,
    hears="The child, the parents and the IRO: what they say stands in the record",
    objections=objections,
    objections_to_record=objections_to_record,
    tells=tells,
    seals=seals,
    grants=approve_for_a_time,
    makes_lawful=True,
    rests_on=viability_of,
    source="Care Planning Regulations, reg 24 and Schedule 4",
    is_about_placement=False,
    parts=(
        Part("suits", "Why this is the most appropriate home for the child, before the full assessment"),
        Part("now", "Why the child has to live there before the full assessment is complete"),
        Part("views", "What the child, the parents and the IRO say"),
        HOUSEHOLD,
        Part("risks", "Risks, and what is done about them", "Include pets and where they are kept."),
        Part("support", "Support for the carer and the child, with money"),
        Part("conditions", "Conditions", "For example: who must not be there with the child.", required=False),
        Part("assessor", "Who makes the full assessment", asks=Asks.LINE),
        Part("assess_by", "The full assessment is complete by", asks=Asks.DAY),
        Part(
            "until",
            "Approve up to and including",
            "Leave this empty for the full time that the law allows.",
            required=False,
            asks=Asks.DAY,
            left_empty="The full time that the law allows",
        ),
    ),
)
