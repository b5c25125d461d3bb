"""The parts of the page: figures with the addresses of their lists, shares, reasons, and the tables beside each other."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from casework.links import link_to_rule
from visits.figures.asking import Asked, address_of, who_of
from visits.figures.counting import Counts
from visits.figures.said import NOBODY_ON_RECORD, rule_in_words
from visits.figures.table import BY_CODE, KINDS
from visits.permissions import VISITING

OF_EACH: Final = ("overdue", "soon", "in_time", "late", "missed", "made", "alone")
"""What the tables say of each role, person and team."""
OF_RULE: Final = ("overdue", "soon", "due", "in_time", "late", "missed")
HEADINGS: Final = {
    "overdue": "Overdue",
    "soon": "Due in 7 days",
    "due": "Due in all",
    "in_time": "Met in time",
    "late": "Met late",
    "missed": "Missed",
    "made": "Visits made",
    "alone": "Seen alone",
}


@dataclass(frozen=True)
class Parts:
    """What the page shows of its counts."""

    asked: Asked
    counts: Counts

    def url_of_list(self, code: str, **narrowing: str) -> str:
        """The address of the list behind a figure."""
        return f"{reverse('visits:figure_list')}?{address_of(self.asked, figure=code, **narrowing)}"

    def url_of_month(self, first: date) -> str:
        """The same page for another month."""
        return f"{reverse('visits:figures')}?{address_of(self.asked, month=f'{first:%Y-%m}')}"

    def figures(self, *codes: str) -> list[dict[str, Any]]:
        """Figures, each of which opens its list."""
        return [self._figure(code, self.counts.total[code]) for code in codes]

    def own_figures(self, role: Role) -> list[dict[str, Any]]:
        """The same for what one role owes and makes itself."""
        own = self.counts.of_role.get(role, Counter())
        return [self._figure(code, own[code], role=role) for code in OF_EACH]

    def _figure(self, code: str, number: int, **narrowing: str) -> dict[str, Any]:
        figure = BY_CODE[code]
        tone = figure.tone if number else "plain"
        url = self.url_of_list(code, **narrowing) if number else ""
        return {"number": number, "label": figure.label, "tone": tone, "url": url}

    def share(self, code: str, *of: str) -> dict[str, int] | None:
        """How many of how many, in whole per cent; None where there are none."""
        part, whole = self.counts.total[code], sum(self.counts.total[each] for each in of)
        return {"part": part, "whole": whole, "per_cent": round(100 * part / whole)} if whole else None

    def reasons(self) -> list[dict[str, Any]]:
        """Into what the overdue, the late and those not seen alone divide."""
        return [
            {
                "title": BY_CODE[code].asks,
                "rows": [
                    [why.says, self._cell(code, found[why.code], why=why.code)]
                    for why in BY_CODE[code].why
                    if why.code in found
                ],
            }
            for code, found in self.counts.reasons.items()
            if found
        ]

    # Beside each other

    @staticmethod
    def columns(first: str, codes: tuple[str, ...] = OF_EACH) -> list[dict[str, Any]]:
        """The headings of a table."""
        return [{"label": first}, *({"label": HEADINGS[code], "numeric": True} for code in codes)]

    def by_role(self) -> list[list[Any]]:
        """A row for each role of which there is something to say."""
        roles = [role for role in VISITING if _says_anything(self.counts.of_role.get(role, {}))]
        return [[Role(role).label, *self._cells(self.counts.of_role[role], role=role)] for role in roles]

    def by_rule(self) -> list[list[Any]]:
        """A row for each rule, which leads to its source."""
        return [
            [
                {"says": rule_in_words(kind, self.asked.month.first), "url": link_to_rule(kind)},
                *self._cells(self.counts.of_rule[kind], OF_RULE, rule=kind),
            ]
            for kind in KINDS
            if kind in self.counts.of_rule
        ]

    def by_person(self) -> list[list[Any]]:
        """A row for each person and role: social workers first, by name."""
        names = {user.pk: user.name for user in User.objects.filter(pk__in={pk for _, pk in self.counts.of_whom if pk})}
        order = {role: number for number, role in enumerate(VISITING)}
        found = sorted(
            self.counts.of_whom.items(), key=lambda each: (order[Role(each[0][0])], names.get(each[0][1] or 0, ""))
        )
        return [
            [
                {"says": names.get(pk or 0, NOBODY_ON_RECORD), "note": Role(role).label},
                *self._cells(counted, who=who_of(role, pk)),
            ]
            for (role, pk), counted in found
            if _says_anything(counted)
        ]

    def by_team(self) -> list[list[Any]]:
        """A row for each team, which leads to the same page about it."""
        rows = []
        for team in self.asked.whose.teams:
            counted = self.counts.of_team.get(team.pk, Counter())
            url = f"{reverse('visits:figures')}?{address_of(self.asked, of=f'team-{team.pk}')}"
            rows.append([{"says": team.name, "url": url}, *self._cells(counted, of=f"team-{team.pk}")])
        return rows

    def _cells(self, counted: Mapping[str, int], codes: tuple[str, ...] = OF_EACH, **narrowing: str) -> list[Any]:
        return [self._cell(code, counted[code], **narrowing) for code in codes]

    def _cell(self, code: str, number: int, **narrowing: str) -> Any:
        return {"says": f"{number:,}", "url": self.url_of_list(code, **narrowing)} if number else 0


def _says_anything(counted: Mapping[str, int]) -> bool:
    return any(counted.get(code) for code in OF_EACH)
