"""How one says whose visits are counted and in which month, and how the list behind a figure is narrowed."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Final

from django import forms
from django.utils.dateformat import format as formatted

from accounts.roles import Role
from casework.limits import local_day
from casework.lists import FilterForm
from visits.figures.asking import Asked
from visits.figures.said import rule_in_words
from visits.figures.table import KINDS, Month, Of
from visits.figures.whose import Whose
from visits.permissions import VISITING

MONTHS_OFFERED: Final = 24
ANY: Final = ("", "Any")


class WhichForm(FilterForm):
    """Whose visits, and in which month."""

    of = forms.ChoiceField(label="Whose visits", required=False)
    month = forms.ChoiceField(label="Month", required=False)

    def __init__(self, *, whose: Iterable[Whose], asked: Asked) -> None:
        super().__init__(initial={"of": asked.whose.value, "month": said_in_address(asked.month.first)})
        self.fields["of"].choices = [(each.value, each.label) for each in whose]
        self.fields["month"].choices = [
            (said_in_address(first), formatted(first, "F Y")) for first in _months(asked.month)
        ]


class NarrowForm(FilterForm):
    """To what the list is narrowed; the rest of its address goes along."""

    def __init__(self, asked: Asked, chosen: Any) -> None:
        super().__init__(chosen)
        figure = asked.figure
        if figure.of in (Of.DUTIES, Of.VISITS):
            self._ask("role", "Role", [(role.value, Role(role).label) for role in VISITING])
        if figure.of is Of.DUTIES:
            self._ask("rule", "Rule", [(kind, rule_in_words(kind, asked.month.first)) for kind in KINDS])
        if figure.why:
            self._ask("why", figure.asks, [(why.code, why.says) for why in figure.why])
        self._say_in_their_words()

    def _ask(self, name: str, label: str, answers: list[tuple[str, str]]) -> None:
        self.fields[name] = forms.ChoiceField(label=label, choices=[ANY, *answers], required=False)


def said_in_address(first: date) -> str:
    """A month as an address says it: 2026-03."""
    return f"{first:%Y-%m}"


def _months(shown: Month) -> list[date]:
    """The months that can be chosen, the latest first; the one that is shown, however old."""
    month = Month(local_day(shown.at).replace(day=1), shown.at)
    found = [month.first]
    while len(found) < MONTHS_OFFERED:
        month = Month(month.before, shown.at)
        found.append(month.first)
    return found if shown.first in found else [*found, shown.first]
