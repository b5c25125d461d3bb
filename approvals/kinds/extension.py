"""The nominated officer extends a temporary approval: once by at most eight weeks, or until a review is decided. Reg 25.

Before either: is it still the most appropriate home, what does the panel say, and is the IRO informed (reg 25(4))?
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from accounts.roles import Role
from approvals.connected.household import PART as HOUSEHOLD
from approvals.connected.rules import (
    objections_to_extending,
    objections_to_extension,
    objections_to_extension_for_review,
    objections_to_joining,
    objections_to_last_day,
    objections_to_need,
    objections_to_preconditions,
)
from approvals.kinds.kind import WORKERS, Kind
from approvals.kinds.temporarily import approve, joined, named_day, temporary_time_of
from approvals.kinds.viability import seals
from casework.limits import local_day
from casework.rules_in_force import rules_in_force
from casework.sections.parts import YES_OR_NO, Asks, Part
from casework.wording import said_day
from placements.states import ApprovalKind
from placements.temporary import TemporaryTime, last_day_allowed

ONCE: Final = ApprovalKind.EXTENDED
FOR_REVIEW: Final = ApprovalKind.EXTENDED_FOR_REVIEW

PRECONDITIONS: Final = (
    Part("still", "Is this still the most appropriate home for the child?", asks=Asks.CHOICE, choices=YES_OR_NO),
    Part("why_still", "Why"),
    HOUSEHOLD,
    Part("panel_on", "When did the fostering panel give its views?", asks=Asks.DAY),
    Part("panel_says", "What the panel says"),
    Part("iro_on", "When was the IRO informed?", asks=Asks.DAY),
    Part("iro_says", "What the IRO says", required=False),
)


def objections(decision: Any) -> list[str]:
    """It waits for a full assessment that is not complete."""
    return objections_to_extension(decision.connected_person)


def objections_for_review(decision: Any) -> list[str]:
    """It waits for the independent review of a refusal."""
    return objections_to_extension_for_review(decision.connected_person)


def objections_to_record(decision: Any, content: Mapping[str, str], at: datetime) -> list[str]:
    """A temporary approval holds, was not extended, and what comes before is done; not longer than the law allows."""
    person = decision.connected_person
    time = temporary_time_of(person, at)
    against = objections_to_extending(time, is_extended=person.extension is not None)
    if against or time is None:
        return against
    day, rules = local_day(at), rules_in_force()
    against = objections_to_preconditions(content, time, day)
    if _is_joined(time):
        against += objections_to_joining(named_day(content), time)
    elif time.to_on:
        against += objections_to_need(date.fromisoformat(content["assess_by"]), time)
        against += objections_to_last_day(named_day(content), ONCE, time.to_on, day, rules)
    longest = named_day(content) or _longest(time)
    if longest and date.fromisoformat(content["assess_by"]) > longest:
        against.append(f"The extension ends on {said_day(longest)}: the full assessment has to be complete by then.")
    return against


def objections_to_record_for_review(decision: Any, content: Mapping[str, str], at: datetime) -> list[str]:
    """A temporary approval holds, and what comes before is done."""
    person = decision.connected_person
    time = temporary_time_of(person, at)
    is_extended = person.extension_for_review is not None and time is not None and time.to_on is None
    against = objections_to_extending(time, is_extended=is_extended)
    return against or objections_to_preconditions(content, time, local_day(at))


def _is_joined(time: TemporaryTime) -> bool:
    """Was the carer's approval extended for a brother or sister, so that for this child it goes on with it?"""
    return time.is_extended or time.to_on is None


def _longest(time: TemporaryTime) -> date | None:
    """The last day on which it would hold at the most; None while it waits for a review."""
    if _is_joined(time) or time.to_on is None:
        return time.last_on
    return last_day_allowed(ONCE, time.to_on, rules_in_force())


def tells(decision: Any, at: datetime) -> list[dict[str, str]]:
    """Until when the approval holds now, and would hold; nothing any more once it is decided."""
    time = temporary_time_of(decision.connected_person, at)
    if decision.is_decided or time is None or time.to_on is None:
        return []
    return [*_holds_now(time), {"label": "Longest extension", "says": f"Until {said_day(_longest(time))}"}]


def tells_for_review(decision: Any, at: datetime) -> list[dict[str, str]]:
    """Until when the approval holds now, and since when the review is asked for."""
    person = decision.connected_person
    asked = {"label": "Review asked for", "says": said_day(person.review_asked_on) if person else ""}
    time = temporary_time_of(person, at) if person else None
    return [*(_holds_now(time) if time and not decision.is_decided else []), asked]


def _holds_now(time: TemporaryTime) -> list[dict[str, str]]:
    until = said_day(time.last_on) if time.last_on else "the end of an independent review"
    return [{"label": "Approved now", "says": f"{said_day(time.from_on)} to {until}"}]


def extend(decision: Any, by: Any, at: datetime) -> datetime | None:
    """It goes on from the day on which it would have ended."""
    time = temporary_time_of(decision.connected_person, at)
    if time and _is_joined(time):
        return joined(time)
    moment: datetime | None = approve(
        decision,
        ONCE,
        time.to_on if time and time.to_on else local_day(at),
        named_day(decision.version.content),
        by,
        at,
    )
    return moment


def extend_for_review(decision: Any, by: Any, at: datetime) -> datetime | None:
    """It goes on from the day on which it would have ended, until the review is decided."""
    time = temporary_time_of(decision.connected_person, at)
    if time and time.to_on is None:
        return None
    moment: datetime | None = approve(
        decision, FOR_REVIEW, time.to_on if time and time.to_on else local_day(at), None, by, at
    )
    return moment


def approval_of(decision: Any) -> Any:
    """The temporary approval that it extends."""
    return decision.connected_person.temporary_approval if decision.connected_person else None


WHO: Final[dict[str, Any]] = {
    "prepares": (*WORKERS, Role.TEAM_MANAGER),
    "checks": Role.TEAM_MANAGER,
    "decides": Role.DECISION_MAKER,
    "hears": "The fostering panel, which gives its views, and the IRO, who is informed: both before it is decided",
    "verb": "Extend",
    "done": "Extended",
    "by_telephone": False,
    "is_about_placement": False,
    "makes_lawful": True,
    "rests_on": approval_of,
    "seals": seals,
}

KIND: Final = Kind(
    code="extension",
    title="Extension of a temporary approval",
    rule="L-19",
    holds="for {L-19} at the longest, once",
    objections=objections,
    objections_to_record=objections_to_record,
    tells=tells,
    grants=extend,
    source="Care Planning Regulations, reg 25(2) and (4)",
    parts=(
        *PRECONDITIONS,
        Part("why_not_in_time", "Why the full assessment is not complete in time"),
        Part("assess_by", "The full assessment is complete by", asks=Asks.DAY),
        Part(
            "until",
            "Extend up to and including",
            "Leave this empty for the full time that the law allows.",
            required=False,
            asks=Asks.DAY,
            left_empty="The full time that the law allows",
        ),
    ),
    **WHO,
)

KIND_FOR_REVIEW: Final = Kind(
    code="extension_for_review",
    title="Extension until an independent review is decided",
    rule="L-20",
    holds="until the independent review is decided",
    objections=objections_for_review,
    objections_to_record=objections_to_record_for_review,
    tells=tells_for_review,
    grants=extend_for_review,
    source="Care Planning Regulations, reg 25(3) and (4)",
    parts=PRECONDITIONS,
    **WHO,
)
