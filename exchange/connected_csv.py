"""The report on relatives and friends who were asked about, as files: those in sight line by line, and the counts. S0 2.2."""

from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from accounts.roles import Role
from approvals.connected import report
from approvals.kinds.temporarily import approvals_of
from approvals.models import ConnectedPerson
from casework.events import label_of
from casework.models import Event
from casework.pages import Holds, page
from casework.rules_in_force import rules_in_force
from exchange.spreadsheet import as_csv
from placements.temporary import temporary_times

COLUMNS: Final = (
    "Child",
    "Relative or friend",
    "How connected",
    "Asked about",
    "Where it stands",
    "Decided on",
    "The main reason",
    "The reasons in words",
    "Temporarily approved from",
    "Temporarily approved until",
    "Independent review asked for",
    "Independent review decided",
)
FIGURES: Final = ("What is counted", "People")
REASONED: Final = ("refuse_in_full", "take_no_further")
"""The steps that end without approval, and say why."""
KNOW_CARERS: Final = report.READERS - {Role.PERFORMANCE}
"""Whose role sees names and addresses of carers, and what workers wrote."""


@require_safe
@page(Holds.THOSE_IN_SIGHT, roles=report.READERS)
def people(request: HttpRequest) -> HttpResponse:
    """Those for children in sight, as the page is narrowed."""
    seen = report.within(ConnectedPerson.objects.visible_to(request.user, at=request.at), _period(request))
    listed = report.narrowed(seen, request.GET, request.at).select_related("child", "carer")
    rows = list(listed.prefetch_related("carer__approvals").order_by("-asked_on", "-pk"))
    knows = request.user.holds(*KNOW_CARERS, at=request.at)
    return _csv("relatives-and-friends", COLUMNS, _lines(rows, knows_carers=knows))


@require_safe
@page(Holds.NOTHING_PERSONAL, roles=report.READERS)
def figures(request: HttpRequest) -> HttpResponse:
    """How many came to what, and for which main reasons: of all whom the reader may count."""
    counted = report.within(ConnectedPerson.objects.counted_for(request.user, at=request.at), _period(request))
    outcomes = report.figures(counted, request.GET, request.at)
    reasons = [[f"Reason: {says}", number] for says, number in report.reasons(counted, request.GET)]
    lines = ([says, int(number["says"])] for says, number in (*outcomes, *reasons))
    return _csv("relatives-and-friends-counts", FIGURES, lines)


def _lines(rows: list[Any], *, knows_carers: bool) -> Iterator[list[Any]]:
    told = _reasons_of(rows)
    rules = rules_in_force()
    for person in rows:
        times = temporary_times(approvals_of(person.carer), rules)
        last = times[-1] if times else None
        yield [
            person.child.name,
            person.carer.name if knows_carers else "",
            person.relationship,
            _day(person.asked_on),
            person.get_how_ended_display() or person.get_state_display(),
            _day(person.ended_on),
            person.get_why_not_display(),
            told.get(label_of(person), "") if knows_carers else "",
            _day(last.from_on if last else None),
            _day(last.last_on if last else None),
            _day(person.review_asked_on),
            _day(person.review_decided_on),
        ]


def _reasons_of(rows: list[Any]) -> dict[str, str]:
    """What was said when each ended without approval; of several the latest."""
    files = {person.case_file_id for person in rows}
    ended = Event.objects.filter(case_file__in=files, act__in=REASONED, record__in=[label_of(each) for each in rows])
    return dict(ended.order_by("at", "pk").values_list("record", "because"))


def _period(request: HttpRequest) -> report.PeriodForm:
    return report.PeriodForm(request.GET or None, at=request.at)


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _csv(name: str, headings: Any, lines: Any) -> HttpResponse:
    answer = HttpResponse(b"".join(as_csv(headings, lines)), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer
