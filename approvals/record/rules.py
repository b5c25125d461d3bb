"""What stands against the content of the record of a case discussion. No writes, no clock, no web."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from approvals.record.parts import RECORD, is_in_present_form
from casework.sections import rules
from casework.sections.rules import Bounds


def objections_to_content(content: Mapping[str, Any], *, held_on: date, today: date) -> list[str]:
    """Why a record cannot read so; a record that was typed in the first form reads as it was typed."""
    if not is_in_present_form(content):
        return []
    return rules.objections_to_content(content, RECORD, Bounds(today, held_on))
