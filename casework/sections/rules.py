"""What stands against the content of a record: sentences about what it says, never about who says it.

The form asks this of each box, and the door once more of the whole. No writes, no clock, no web.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from casework.recording import IN_THE_FUTURE
from casework.sections.parts import SAID, Asks, Lies, Part, missing_from
from casework.wording import said_day


@dataclass(frozen=True, slots=True)
class Bounds:
    """Between which days the answers of a record can lie."""

    today: date
    met_on: date
    """The day of what the record is about."""
    met: str = "the case discussion"
    """What that was, inside a sentence."""


def objections_to_day(part: Part, day: date, bounds: Bounds, *, subject: str) -> list[str]:
    """Why this cannot be the day of an answer: it has not come, or lies before what the record is about."""
    if part.lies == Lies.IN_THE_PAST and day > bounds.today:
        return [IN_THE_FUTURE.format(subject)]
    if part.lies == Lies.FROM_THE_MEETING and day < bounds.met_on:
        return [f"{subject} cannot lie before {bounds.met}, which was on {said_day(bounds.met_on)}"]
    return []


def objections_to_content(content: Mapping[str, Any], parts: Sequence[Part], bounds: Bounds) -> list[str]:
    """Why a record cannot read so: a part that must be answered is not, a row is not whole, or a day cannot be."""
    objections = missing_from(content, parts)
    for part in parts:
        for subject, column, answer, is_asked in _answers(part, content.get(part.name, "")):
            if part.columns and column.required and is_asked and not answer:
                objections.append(f"{subject} is not answered.")
            if column.asks == Asks.DAY and answer.strip():
                against = objections_to_day(column, date.fromisoformat(answer), bounds, subject=subject)
                objections += [f"{sentence}." for sentence in against]
    return objections


def _answers(part: Part, answer: Any) -> Iterator[tuple[str, Part, str, bool]]:
    """Each answer of a part: how a sentence names it, what was asked, what was answered, and whether it had to be."""
    if part.asks in (Asks.ROWS, Asks.GIVEN):
        for number, row in enumerate(answer or (), start=1):
            named = row[SAID] if part.asks == Asks.GIVEN else f"{part.row} {number}"
            is_begun = part.asks == Asks.ROWS or any(row.get(column.name) for column in part.columns)
            for column in part.columns:
                yield f"{named}: “{column.label}”", column, row.get(column.name, ""), is_begun and column.is_asked(row)
    elif not part.columns:
        yield f"“{part.label}”", part, answer, True
