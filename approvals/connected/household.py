"""Who lives in the home of a relative or friend, as the records that are signed say it, with their checks. Schedule 4.

What was known when a record was put forward is written into it, and its digest covers it: nobody signs upon checks that
read otherwise afterwards.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any, Final

from approvals.connected.states import CheckFound
from casework.sections.parts import Asks, Part
from casework.wording import said_day

PART: Final = Part(
    "household",
    "Who lives there, and their checks",
    "Hearth writes down what is on record when this is put forward.",
    required=False,
    asks=Asks.KNOWN,
    left_empty="Nobody was recorded.",
)


def said_household(members: Iterable[Any], day: date) -> str:
    """Everybody who lives there on a day: who, how old, and of those of 18 or older the checks, with what is known."""
    return "\n\n".join(_said(member, day) for member in members if member.lives_there_on(day))


def _said(member: Any, day: date) -> str:
    says = [f"{member.name}, {member.is_who}, born on {said_day(member.born_on)}."]
    if member.is_adult_on(day):
        says.append(_said_check("Police check", "came back", member.police_checked_on, member.police_found))
        says.append(
            _said_check(
                "The authority’s own records", "looked through", member.authority_checked_on, member.authority_found
            )
        )
    else:
        says.append("Under 18: no check is asked for.")
    return "\n".join([" ".join(says), *([member.says] if member.says else [])])


def _said_check(what: str, done: str, on: date | None, found: str) -> str:
    if not found:
        return f"{what}: not back."
    return f"{what}: {done} on {said_day(on)}. {CheckFound(found).label}."
