"""The table of decisions as a document, `docs/decisions.md`, and as a page that everybody can read."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from approvals.kinds.kind import listed
from approvals.kinds.table import Row, RuleOf, rows
from approvals.record.parts import RECORD
from casework.limits import local_day
from casework.pages import Holds, page
from casework.procedures import Rule, UnknownRule, declared
from casework.rules_in_force import rules_in_force

COLUMNS = [
    {"label": "Decision"},
    {"label": "Who prepares"},
    {"label": "Who is consulted"},
    {"label": "Who decides"},
    {"label": "How long"},
    {"label": "Who says so"},
]


@require_safe
@page(Holds.NOTHING_PERSONAL)
def who_decides(request: HttpRequest) -> HttpResponse:
    """Every decision that goes up to senior managers, as a table; below it what each record says, and its limits."""
    kinds = list(rows(_in_force_on(local_day(request.at)), RECORD))
    context = {"columns": COLUMNS, "rows": [_cells(row) for row in kinds], "kinds": kinds}
    return render(request, "approvals/who_decides.html", context)


def link(request: HttpRequest, record: Any, sight: Any) -> Iterator[dict[str, str]]:
    """The way here from the page of procedures."""
    yield {
        "label": "Who decides what",
        "url": reverse("approvals:who_decides"),
        "says": "every decision of a senior manager, with who prepares it, who is consulted and how long it holds",
    }


def document() -> str:
    """The same as a document, with the limits that the sources state or this product sets."""
    lines = [
        "# Who decides what",
        "",
        "Written from the table of kinds (`approvals/kinds/`) by `manage.py write_docs`; do not edit. A kind is a row: who",
        "prepares it, who reads it before it goes up, who is consulted, who decides, upon what, within which limits, and who",
        "says so. Nobody takes two parts in one decision.",
        "",
        "| Decision | Who prepares | Who is consulted | Who decides | How long | Who says so |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    found = list(rows(_last_declared, RECORD))
    lines += [f"| {' | '.join('<br>'.join(cell) for cell in _cells_of(row))} |" for row in found]
    for row in found:
        lines += ["", f"## {row.title}", "", f"Code `{row.code}`. The record says:", ""]
        lines += [f"- {label}" for label in row.evidence]
        lines += ["", "Rules:", ""]
        lines += [f"- {each.code}: {each.says}{f' ({each.limit})' if each.limit else ''}" for each in row.limits]
    return "\n".join(lines) + "\n"


def _cells_of(row: Row) -> tuple[tuple[str, ...], ...]:
    """The cells of a row: what each says, and what is to be added."""
    prepares = (listed(row.prepares), f"Read first by: {row.checks}") if row.checks else (listed(row.prepares),)
    consults = (". ".join(row.consults) or "Nobody else",)
    decides = (row.decides_when or listed(row.decides),)
    soon = f"{row.in_time} to check it, and again to decide it" if row.checks else f"{row.in_time} to decide it"
    long = (soon, f"Holds {row.holds}") if row.holds else (soon,)
    return (row.title,), prepares, consults, decides, long, (row.source,)


def _cells(row: Row) -> list[Any]:
    title, *others = _cells_of(row)
    cells = ({"says": first, "note": ". ".join(more)} for first, *more in others)
    return [{"says": title[0], "url": f"#{row.code}"}, *cells]


def _in_force_on(day: date) -> RuleOf:
    rules = rules_in_force()

    def rule_of(code: str) -> Rule | None:
        try:
            return rules.rule(code, day)
        except UnknownRule:
            return None

    return rule_of


def _last_declared(code: str) -> Rule | None:
    found = declared().get(code, ())
    return found[-1] if found else None
