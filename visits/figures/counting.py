"""The numbers of the page, grouped by the database: as many questions for five children as for 5,000.

Set-based: every question groups in the database, and none is asked for each child.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import (
    Aggregate,
    Count,
    DateTimeField,
    DurationField,
    ExpressionWrapper,
    F,
    Max,
    OuterRef,
    QuerySet,
    Subquery,
)
from django.db.models.functions import TruncDate

from casework.limits import LONDON
from children.models import Child, TeamHolding
from visits.figures.table import BY_CODE, ENDED, MADE, OF_IRO, STANDING, Month, Of, around, divided, rows, whom

DUTIES: Final = tuple(code for code in (*STANDING, *ENDED) if BY_CODE[code].of is Of.DUTIES)
COUNTED_OF_EACH: Final = (*DUTIES, *MADE)
DIVIDED: Final = ("overdue", "late", "not_alone")
"""The figures whose reasons the page shows."""
A_DAY: Final = timedelta(days=1)

DAYS_LATE: Final = ExpressionWrapper(
    TruncDate("closed_at", tzinfo=LONDON)
    - TruncDate(ExpressionWrapper(F("due_at") - timedelta.resolution, DateTimeField()), tzinfo=LONDON),
    DurationField(),
)
"""From the last day on which it was in time to the day on which it was met or closed."""


class Median(Aggregate):
    """The value that half of the rows do not go beyond."""

    template = "percentile_disc(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = DurationField()


@dataclass(frozen=True, slots=True)
class Lateness:
    """By how many days visits were late: half of them by at most so many, and the latest."""

    median: int
    worst: int


@dataclass(frozen=True, slots=True)
class Counts:
    """What a month of visits comes to."""

    total: Mapping[str, int]
    of_role: Mapping[str, Counter[str]]
    of_rule: Mapping[str, Counter[str]]
    of_whom: Mapping[tuple[str, int | None], Counter[str]]
    """By role and person."""
    of_team: Mapping[int | None, Counter[str]]
    reasons: Mapping[str, Mapping[str, int]]
    """By figure and reason."""
    lateness: Lateness | None


def count(children: "QuerySet[Child]", month: Month, *, by_team: bool = False, as_iro: bool = False) -> Counts:
    """Everything that the page says; by person, or for several teams by team."""
    by = "team" if by_team else "person"
    duties = _grouped(Of.DUTIES, DUTIES, children, month, ("role", "kind", by))
    visits = _grouped(Of.VISITS, MADE, children, month, ("role", by))
    total = _added(duties, visits, key=lambda row: "").get("", Counter())
    for code in ("children", *(OF_IRO if as_iro else ())):
        total[code] = rows(BY_CODE[code].of, children).filter(BY_CODE[code].condition(month)).count()
    return Counts(
        total=total,
        of_role=_added(duties, visits, key=lambda row: row["role"]),
        of_rule=_added(duties, key=lambda row: row["kind"]),
        of_whom={} if by_team else _added(duties, visits, key=lambda row: (row["role"], row[by])),
        of_team=_added(duties, visits, key=lambda row: row[by]) if by_team else {},
        reasons={code: _reasons(code, children, month) if total[code] else {} for code in DIVIDED},
        lateness=_lateness(children, month) if total["late"] else None,
    )


def _grouped(
    of: Of, codes: Iterable[str], children: "QuerySet[Child]", month: Month, by: tuple[str, ...]
) -> list[dict[str, Any]]:
    """How many rows of each figure there are, by role, rule and person or team; one query."""
    counts_for = _team(of, month.at) if "team" in by else whom(of)
    within = rows(of, children).filter(around(of, month)).annotate(**{by[-1]: counts_for})
    counted = {code: Count("pk", filter=BY_CODE[code].condition(month)) for code in codes}
    return list(within.order_by().values(*by).annotate(**counted))


def _team(of: Of, at: datetime) -> Subquery:
    """The team that holds the case of each row's child now."""
    child = {"child__case_file": OuterRef("case_file")} if of is Of.DUTIES else {"child": OuterRef("placement__child")}
    return Subquery(TeamHolding.objects.in_force(at).filter(**child).values("team")[:1])


def _added(*grouped: list[dict[str, Any]], key: Any) -> dict[Any, Counter[str]]:
    """The groups added up by what `key` tells them apart by."""
    found: dict[Any, Counter[str]] = {}
    for rows_of_kind in grouped:
        for row in rows_of_kind:
            found.setdefault(key(row), Counter()).update({code: row[code] for code in COUNTED_OF_EACH if code in row})
    return found


def _reasons(code: str, children: "QuerySet[Child]", month: Month) -> dict[str, int]:
    figure = BY_CODE[code]
    found = divided(rows(figure.of, children).filter(figure.condition(month)), figure, month)
    counted = dict(found.order_by().values_list("reason").annotate(Count("pk")))
    return {why.code: counted[why.code] for why in figure.why if why.code in counted}


def _lateness(children: "QuerySet[Child]", month: Month) -> Lateness:
    late = rows(Of.DUTIES, children).filter(BY_CODE["late"].condition(month))
    found = late.aggregate(median=Median(DAYS_LATE), worst=Max(DAYS_LATE))
    return Lateness(found["median"] // A_DAY, found["worst"] // A_DAY)
