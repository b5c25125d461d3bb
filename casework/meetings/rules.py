"""What stands against a step of a meeting or of an action: sentences about the record, never about the person.

Each function takes the record, or what is said of it, and lists why not. No writes, no clock, no web.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

from accounts.roles import Role
from casework.forms import in_a_sentence
from casework.limits import local_day
from casework.meetings.states import WAS_HELD, Came
from casework.wording import said_day, said_moment


def objections_to_arranging(meeting: Any) -> list[str]:
    """Why it cannot be arranged: what its kind asks of the case first."""
    objections: list[str] = meeting.of_kind.objections(meeting)
    return objections


def objections_to_rearranging(meeting: Any, seen: int) -> list[str]:
    """Why the plan cannot be changed from what was read: somebody changed it since. `seen` counts the changes before."""
    if seen == meeting.times_changed:
        return []
    place = f", {meeting.place}" if meeting.place else ""
    return [f"Somebody has changed the plan since you opened it: it is now on {said_moment(meeting.starts_at)}{place}."]


def objections_to_holding(meeting: Any) -> list[str]:
    """Why it is not recorded here who came: another record says so."""
    if meeting.of_kind.held_elsewhere is None:
        return []
    what, _ = meeting.of_kind.held_elsewhere(meeting)
    return [f"Who came is recorded with what was discussed: {in_a_sentence(what)}."]


def objections_to_minutes(meeting: Any) -> list[str]:
    """Why there are no minutes: another record takes their place."""
    if meeting.of_kind.minutes:
        return []
    return [f"A {in_a_sentence(meeting.of_kind.title)} has a record of its own in place of minutes."]


def objections_to_agreeing(action: Any) -> list[str]:
    """Why nothing can have been agreed: the meeting has not been held."""
    return [] if action.meeting.state in WAS_HELD else ["Nothing was agreed yet: the meeting has not been held."]


def objections_to_escalating(action: Any) -> list[str]:
    """Why an action cannot be taken higher: it was not asked for first."""
    return [] if action.chased_at else ["Ask for it first: nobody has asked whoever owes it."]


def objections_to_people(people: Iterable[tuple[Role, Any]], kind: Any) -> list[str]:
    """Why these people cannot be invited: each comes in one role, and whoever must come is among them."""
    named = list(people)
    pks = [person.pk for _, person in named]
    twice = {person for _, person in named if pks.count(person.pk) > 1}
    objections = [f"{person} is named twice: each comes in one role." for person in sorted(twice, key=str)]
    invited = {role for role, _ in named}
    missing = [role for role in kind.must_come if role not in invited]
    return [*objections, *(f"{role.label}: somebody must be invited." for role in missing)]


def objections_to_outsiders(outsiders: Iterable[tuple[str, str]], kind: Any) -> list[str]:
    """Why these people from outside cannot be invited: some kinds of meeting are held without them."""
    return [
        f"{name}: a {word} is never invited to this meeting."
        for name, capacity in outsiders
        for word in kind.never
        if word in capacity.lower()
    ]


def roles_missing(kind: Any, came: Mapping[str, str]) -> list[Role]:
    """The roles that must come and did not; `came` says of each role invited whether somebody came in it."""
    return [role for role in kind.must_come if came.get(role) != Came.YES]


def objections_to_day(due_on: date, meeting: Any) -> list[str]:
    """Why this cannot be the day of an action: it lies before the meeting."""
    held_on = local_day(meeting.ends_at)
    if due_on >= held_on:
        return []
    return [f"The day cannot lie before the meeting, which was on {said_day(held_on)}."]


def objections_to_recipients(recipients: Collection[Any]) -> list[str]:
    """Why the minutes cannot be sent round: to nobody."""
    return [] if recipients else ["Choose at least one person who gets the minutes."]
