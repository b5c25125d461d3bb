"""The figures of visits as files: the list behind a figure, as its page shows it, and the counts of a month."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from accounts.roles import Role
from casework import lists
from casework.pages import Holds, page
from exchange.spreadsheet import as_csv
from visits.figures import listed, said
from visits.figures.counting import Counts, count
from visits.figures.table import FIGURES
from visits.figures.views import asked_of
from visits.figures.whose import MINE, READERS, open_to

HEADINGS: Final = ("What is counted", "Of", "Number")


@require_safe
@page(Holds.THOSE_IN_SIGHT, roles=READERS)
def rows(request: HttpRequest) -> HttpResponse:
    """The rows behind a figure; without names to whoever only counts."""
    asked = asked_of(request, open_to(request.user, request.at))
    ways = listed.sorts(asked.figure)
    order = lists.order_of(request, ways) or "when"
    found = listed.shown(asked, asked.whose.children(request.user, request.at)).order_by(*ways[order])
    headings = [column.label for column in said.columns_of(asked)]
    return _csv("visits-list", headings, ([said.plainly(cell) for cell in row] for row in said.said(found, asked)))


@require_safe
@page(Holds.THOSE_IN_SIGHT, roles=READERS)
def figures(request: HttpRequest) -> HttpResponse:
    """The counts of a month: in all, by role and by rule."""
    asked = asked_of(request, open_to(request.user, request.at))
    children = asked.whose.children(request.user, request.at)
    counts = count(children, asked.month, as_iro=asked.whose.value == MINE)
    return _csv("visits-counts", HEADINGS, _lines(counts))


def _lines(counts: Counts) -> Iterator[tuple[str, str, int]]:
    for figure in FIGURES:
        if figure.code in counts.total:
            yield figure.label, "All", counts.total[figure.code]
        for role, counted in sorted(counts.of_role.items()):
            if counted[figure.code]:
                yield figure.label, str(Role(role).label), counted[figure.code]
        for kind, counted in sorted(counts.of_rule.items()):
            if counted[figure.code]:
                yield figure.label, kind, counted[figure.code]


def _csv(name: str, headings: Sequence[str], lines: Iterable[Sequence[Any]]) -> HttpResponse:
    answer = HttpResponse(b"".join(as_csv(headings, lines)), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer
