"""What stands against a step with a connected person: sentences about the record, never about the reader.

Each function lists why not; an empty list means that nothing stands against it. No writes, no clock, no web. Source:
Care Planning Regulations, reg 24 and 25, Schedule 4; L-18 to L-21.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, Final

from approvals.connected.states import Pathway
from casework.procedures import RulesInForce
from casework.wording import said_day, said_moment, source
from placements.states import ApprovalKind
from placements.temporary import TemporaryTime, last_day_allowed

NO_PERSON: Final = "Nobody was asked about: open an enquiry about the carer first."
WORDS_OF_LIMIT: Final = {
    ApprovalKind.TEMPORARY: ("A temporary approval", "L-18"),
    ApprovalKind.EXTENDED: ("The extension", "L-19"),
}


def objections_to_review(person: Any) -> list[str]:
    """Why a review cannot be asked for: the law knows one."""
    if person.review_decided_on is not None:
        return [f"A review was decided on {said_day(person.review_decided_on)}: there is no second one."]
    return []


def objections_to_striking_out(person: Any) -> list[str]:
    """Why an enquiry cannot have been a mistake: something about it is being decided, or they were approved for a time."""
    objections = [f"{each.of_kind.title}: take it back first." for each in person.decisions.running()]
    if person.temporary_approval:
        objections.append("They were approved for a time upon it. Record what came of it, or that it goes no further.")
    return objections


def objections_to_papers(person: Any) -> list[str]:
    """Why the papers of a review cannot have been sent now: they were sent before."""
    sent_on = person.review_papers_on
    return [f"They were sent on {said_day(sent_on)}."] if sent_on else []


def objections_to_looking_into(person: Any) -> list[str]:
    """Why nothing can be put forward about this person: the enquiry is over, or there is none."""
    if person is None:
        return [NO_PERSON]
    if person.state == Pathway.STRUCK_OUT:
        return ["The enquiry was opened by mistake."]
    if person.state != Pathway.LOOKED_INTO:
        return [f"This is over: {person.get_state_display().lower()}, since {said_day(person.ended_on)}."]
    return []


def objections_to_temporary_approval(person: Any) -> list[str]:
    """Why somebody cannot be approved for a time: a manager must have confirmed that it is viable (Schedule 4)."""
    objections = objections_to_looking_into(person)
    if not objections and person.viability is None:
        objections.append("The viability assessment is not confirmed yet.")
    elif not objections and not person.is_viable:
        objections.append("The viability assessment found that it is not viable. It has to be written up anew first.")
    return objections


def objections_to_extension(person: Any) -> list[str]:
    """Why the eight weeks of reg 25(2) are not for this person: they wait for an assessment that is not complete."""
    if person is None:
        return [NO_PERSON]
    if person.state in (Pathway.REFUSED, Pathway.IN_REVIEW):
        return ["The assessment is complete: they were refused. Only an independent review allows an extension."]
    return objections_to_looking_into(person) or _nothing_to_extend(person)


def objections_to_extension_for_review(person: Any) -> list[str]:
    """Why the extension of reg 25(3) is not for this person: it waits for the review of a refusal."""
    if person is None:
        return [NO_PERSON]
    if person.state != Pathway.IN_REVIEW:
        return ["This is only for somebody who was refused and has asked for an independent review."]
    return _nothing_to_extend(person)


def _nothing_to_extend(person: Any) -> list[str]:
    return [] if person.was_approved_temporarily else ["There is no temporary approval that could be extended."]


def objections_of_household(members: Iterable[Any], day: date) -> list[str]:
    """What is not known of the household: everybody of 18 or older is checked before anybody is approved (Schedule 4)."""
    members = list(members)
    if not any(member.is_adult_on(day) for member in members):
        return ["Nobody of 18 or older is recorded in the household: the carer belongs there too."]
    return [
        f"{member.name}, {member.is_who}: the {' and the '.join(missing)} {'is' if len(missing) == 1 else 'are'} not back."
        for member in members
        if (missing := member.checks_missing_on(day))
    ]


def objections_to_last_day(
    last_on: date | None, kind: ApprovalKind, from_on: date, day: date, rules: RulesInForce
) -> list[str]:
    """Why an approval cannot end on a day: it lies before the first, or later than the law allows. None: the full time."""
    longest = last_day_allowed(kind, from_on, rules)
    if last_on is None:
        is_over = longest is not None and longest < day
        return [f"Counted from {said_day(from_on)} it was over on {said_day(longest)}."] if is_over else []
    if last_on < max(from_on, day):
        return ["The last day lies before the first: the approval would be over before it began."]
    if longest and longest < last_on:
        what, code = WORDS_OF_LIMIT[kind]
        rule = rules.rule(code, on=from_on)
        return [f"{what} lasts at most {rule.limit}: until {said_day(longest)}. {source(rule)}"]
    return []


def objections_to_call(viable_at: datetime | None, said_at: datetime | None) -> list[str]:
    """Why a yes by telephone does not count: it came before a manager had confirmed the viability assessment (reg 24)."""
    if said_at is None or viable_at is None or viable_at <= said_at:
        return []
    return [
        f"The viability assessment was confirmed on {said_moment(viable_at)}: a yes by telephone counts only after it."
    ]


def objections_to_joining(last_on: date | None, time: TemporaryTime) -> list[str]:
    """Why a decision cannot name a day of its own: the same carer is approved for another child, a brother or sister."""
    if last_on is None or last_on == time.last_on:
        return []
    until = f"until {said_day(time.last_on)}" if time.last_on else "until an independent review is decided"
    return [
        f"For another child the same carer is approved {until}, and this child’s time is that one: name no other day."
    ]


def objections_to_extending(time: TemporaryTime | None, *, is_extended: bool) -> list[str]:
    """Why a temporary approval cannot be extended now: none runs any more, or for this child it was extended before."""
    if time is None:
        return ["No temporary approval holds now: what has run out is not extended. The child has to live elsewhere."]
    if is_extended and time.to_on is None:
        return ["It is extended already, until the independent review is decided."]
    if is_extended:
        return [f"It was extended once, until {said_day(time.last_on)}: the law allows no second extension."]
    return []


def objections_to_need(assess_by: date, time: TemporaryTime) -> list[str]:
    """Why no extension is needed: it is for an assessment that cannot be complete before the approval ends (reg 25(1))."""
    if time.last_on is None or assess_by > time.last_on:
        return []
    until = said_day(time.last_on)
    return [f"The approval holds until {until}, when the full assessment is complete: nothing needs to be extended."]


def objections_to_preconditions(content: Any, time: TemporaryTime | None, day: date) -> list[str]:
    """What reg 25(4) asks for before any extension: most appropriate still, the panel's views, the IRO informed."""
    objections = []
    if content.get("still") == "no":
        objections.append("What is no longer the most appropriate home for the child cannot be extended.")
    for name, what in (("panel_on", "The panel gave its views"), ("iro_on", "The IRO was informed")):
        happened_on = date.fromisoformat(content[name])
        if happened_on > day:
            objections.append(f"{what} on a day that lies ahead: first it has to happen.")
        elif time and happened_on < time.from_on:
            objections.append(f"{what} before the temporary approval began on {said_day(time.from_on)}.")
    return objections
