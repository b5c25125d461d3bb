"""What the record of a case discussion asks beside its parts: who can owe an action, and what cannot be."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse

from approvals.record.actions import named
from approvals.record.parts import ACTIONS, FORM, PRESENT
from casework.sections import forms
from casework.sections.parts import Section
from casework.wording import said_day


def owners(discussion: Any, others: Sequence[Mapping[str, str]]) -> list[tuple[str, str]]:
    """Who can owe an action: one of the four, or somebody else who was there."""
    four = [(role.value, f"{person} ({role.label})") for role, person in discussion.four_people.items() if person]
    return [*four, *((named(row), f"{row['name']} ({row['as_what']})") for row in others)]


def address_of(discussion: Any, section: Section) -> str:
    """The page of a section."""
    return reverse("approvals:record_section", args=[discussion.pk, section.name])


class SectionForm(forms.SectionForm):
    """One section of the record."""

    differ = frozenset({ACTIONS})

    def clean(self) -> Any:
        """An approval does not end before it begins."""
        cleaned = super().clean()
        start, end = cleaned.get("approved_from"), cleaned.get("approved_until")
        if start and end and end < start:
            self.add_error("approved_until", f"The last day cannot lie before the first, which was {said_day(start)}")
        return cleaned


class RecordForm(forms.WholeForm):
    """The whole record."""

    def content(self) -> dict[str, Any]:
        """What every section says, and the form in which it was typed."""
        return {FORM: PRESENT, **super().content()}
