"""What a person sees of a preview: counts for whoever may count, names for children in sight.

A restricted record is in the counts of the people named on it only (`children.access`), so no figure betrays it.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import Count

from accounts.roles import Role
from casework.preview import variants_of
from casework.rule_values import MovedDuty, RuleProposal, Variant


@dataclass(frozen=True, slots=True)
class Figures:
    """How many duties one variant moves, and how: in all, by role, by team and by kind."""

    variant: Variant
    how: Mapping[str, int]
    overdue_at_once: int
    by: Mapping[str, list[tuple[str, str, int, int]]]
    """For "role", "team" and "kind": the word in an address, its label, how many move, how many are overdue at once."""

    @property
    def all(self) -> int:
        """How many duties it moves, opens or ends."""
        return sum(self.how.values())

    def as_kept(self) -> dict[str, Any]:
        """The same as plain values, to be kept with the decision."""
        return {
            "variant": self.variant.value,
            "how": dict(self.how),
            "overdue_at_once": self.overdue_at_once,
            "by": {part: [list(row[1:]) for row in rows] for part, rows in self.by.items()},
        }


PARTS: Final = ("role", "team", "kind")
NO_TEAM: Final = "No team"


def figures(proposal: RuleProposal, user: Any, at: datetime, *, for_all: bool = False) -> list[Figures]:
    """What a person may count of a preview, by variant; one query. `for_all`: of that, what others may read later."""
    moved = MovedDuty.objects.filter(errand=proposal.preview_id).counted_for(user, at=at)
    if for_all:
        moved = moved.told_to_all(at=at)
    columns = ("variant", "how", "is_overdue_at_once", "role", "team", "team__name", "kind")
    rows = list(moved.order_by().values(*columns).annotate(number=Count("pk")))
    return [_figures(variant, [row for row in rows if row["variant"] == variant]) for variant in variants_of(proposal)]


def _figures(variant: Variant, rows: list[dict[str, Any]]) -> Figures:
    how: Counter[str] = Counter()
    for row in rows:
        how[row["how"]] += row["number"]
    return Figures(
        variant,
        how,
        sum(row["number"] for row in rows if row["is_overdue_at_once"]),
        {part: _by(part, rows) for part in PARTS},
    )


def _by(part: str, rows: list[dict[str, Any]]) -> list[tuple[str, str, int, int]]:
    moved: Counter[tuple[str, str]] = Counter()
    overdue: Counter[tuple[str, str]] = Counter()
    for row in rows:
        group = _group(part, row)
        moved[group] += row["number"]
        overdue[group] += row["number"] if row["is_overdue_at_once"] else 0
    return [(*group, number, overdue[group]) for group, number in sorted(moved.items(), key=_most_first)]


def _group(part: str, row: dict[str, Any]) -> tuple[str, str]:
    if part == "role":
        return row["role"], str(Role(row["role"]).label)
    if part == "team":
        return str(row["team"] or "none"), row["team__name"] or NO_TEAM
    return row["kind"], row["kind"]


def _most_first(item: tuple[tuple[str, str], int]) -> tuple[int, str]:
    (_, label), number = item
    return -number, label
