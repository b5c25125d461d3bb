"""What stands against a form, and what its answers come to. No writes, no clock."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from casework.limits import local_day
from casework.sections import rules
from casework.sections.parts import OF, SAID, Part, Row
from casework.sections.rules import Bounds
from visits.visiting_forms.asked import EARLIER, TO_MANAGER, WORRIED, YES
from visits.visiting_forms.purposeful import FITS, MISMATCH, THEMES_SAID

WANTING: Final = frozenset({"outdated", "not_shown", "partly", "not_kept", "not_good"})
"""The answers about a row that say that something is not as it should be."""
ABOUT_RECORDS: Final = frozenset({"records", "home_records", "provider", "house", "support", "moving_in"})
ABOUT_HOMES: Final = frozenset({"building", "papers", "health"})


def bounds_of(form: Any, at: datetime) -> Bounds:
    """Between which days the answers lie: what was agreed, from the visit on."""
    return Bounds(local_day(at), local_day(form.made_at), "the visit")


def parts_asked(form: Any) -> tuple[Part, ...]:
    """What is asked of this form now."""
    return tuple(part for section in form.of_kind.sections_of(form) for part in section.parts)


def objections_to_form(form: Any, content: Mapping[str, Any], at: datetime) -> list[str]:
    """Why a form cannot read so."""
    return rules.objections_to_content(content, parts_asked(form), bounds_of(form, at))


def is_worried(content: Mapping[str, Any]) -> bool:
    """Does anything worry the visitor?"""
    return content.get(WORRIED) == YES


def is_for_manager(content: Mapping[str, Any]) -> bool:
    """Is the line manager asked to look at it?"""
    return is_worried(content) and content.get(TO_MANAGER) == YES


def mismatches(content: Mapping[str, Any]) -> list[Row]:
    """The themes in which what is said does not fit together."""
    return [row for row in content.get(THEMES_SAID, ()) if row.get(FITS) == MISMATCH]


def wanting(content: Mapping[str, Any], parts: Sequence[Part]) -> Iterator[tuple[str, str, str]]:
    """What was looked at and found wanting, or worries the visitor: what it is, how it stands, and what is said of it."""
    for part in parts:
        if not part.columns or part.name not in ABOUT_RECORDS | ABOUT_HOMES:
            continue
        says = {column.name: column for column in part.columns}
        for row in content.get(part.name, ()):
            if row.get("stands") in WANTING or row.get("concern"):
                yield row[SAID], says["stands"].says(row["stands"]), row.get("concern", "")


def earlier_answers(content: Mapping[str, Any]) -> dict[int, Row]:
    """What is said of the actions that earlier visits left open, by their numbers; those left open are left out."""
    return {int(row[OF]): row for row in content.get(EARLIER, ()) if row.get("stands")}
