"""Try the rules: change the history of one home and see which visits would be due, by the functions that the diary runs.

The history is made up from nothing, or begins as a copy of a real placement's facts; then what would follow stands beside
what is. Nothing that is typed here is kept.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.roles import Role
from casework.diary import Batch
from casework.ledger import Closed, Entry
from casework.limits import end_of, local_day
from casework.links import link_to_rule
from casework.pages import Holds, page
from casework.procedures import RulesInForce, row_on
from casework.rules_in_force import rules_in_force
from casework.wording import due_on, said_day, without_source
from children.permissions import loaded_in_scope
from children.views import way_back
from placements.models import Placement
from visits.clocks.facts import PlacementFacts
from visits.clocks.gathering import placements_to_visit
from visits.clocks.schedule import (
    AheadCompared,
    Compared,
    a_year_from,
    ahead_compared,
    compared,
    is_purposeful,
    ledger_of,
    open_duties,
    visits_ahead,
)
from visits.trying.forms import TryForm, as_typed

LEDGER: Final = [{"label": "Due"}, {"label": "Who"}, {"label": "Rule"}, {"label": "Why"}, {"label": "How it stands"}]
BESIDE: Final = [{"label": "Who"}, {"label": "As it is"}, {"label": "With your changes"}, {"label": "What differs"}]
AHEAD: Final = [{"label": "Day"}, {"label": "Who"}, {"label": "Rule"}, {"label": "What differs"}]
NO_ENTRY: Final = "Nothing due"


@require_http_methods(["GET", "HEAD", "POST"])
@page(Holds.NOTHING_PERSONAL)
def try_rules(request: HttpRequest) -> HttpResponse:
    """A history made up from nothing, and what would be due."""
    context = {"breadcrumbs": [("Procedures", reverse("casework:procedures"))], "title": "Try the rules of visits"}
    return _answer(request, context, as_is=None)


@require_http_methods(["GET", "HEAD", "POST"])
@page(Holds.ONE_CHILD)
def try_rules_here(request: HttpRequest, placement: int) -> HttpResponse:
    """A copy of a real placement's facts, and what would be due if they were others."""
    at: datetime = request.at  # type: ignore[attr-defined]
    homes = Placement.objects.visible_to(request.user, at=at)
    home = get_object_or_404(homes.select_related("child"), pk=placement)
    child = loaded_in_scope(home.child, request.user, at)
    gathered = placements_to_visit(Batch((home.case_file_id,), at, rules_in_force()))[home.case_file_id]
    as_is = next((facts for facts in gathered if facts.about == f"placements.placement:{home.pk}"), None)
    context = {**way_back(child), "child": child, "placement": home, "title": "Try the rules with these facts"}
    return _answer(request, context, as_is)


def link(request: HttpRequest, record: Any, sight: Any) -> Iterator[dict[str, str]]:
    """The way here from the page of procedures."""
    yield {
        "label": "Try the rules of visits",
        "url": reverse("visits:try_rules"),
        "says": "make up a history and see what would be due, and why",
    }


def _answer(request: HttpRequest, context: dict[str, Any], as_is: PlacementFacts | None) -> HttpResponse:
    today = local_day(request.at)  # type: ignore[attr-defined]
    typed = {**(as_typed(as_is) if as_is else {}), "on": today}
    form = TryForm(request.POST) if request.method == "POST" else TryForm(initial=typed)
    is_answered = form.is_bound and form.is_valid()
    if is_answered:
        context |= _tables(form.facts(as_is), as_is, rules_in_force(), form.cleaned_data["on"])
    context |= {"form": form, "is_answered": is_answered, "is_copy": as_is is not None}
    return render(request, "visits/try_rules.html", context, status=422 if form.is_bound and form.errors else 200)


def _tables(tried: PlacementFacts, as_is: PlacementFacts | None, rules: RulesInForce, on: date) -> dict[str, Any]:
    """What would follow by the end of a day and in the year after it, beside what is where that is known."""
    at = end_of(on) - timedelta.resolution
    last = a_year_from(on)
    ahead = list(visits_ahead(tried, rules, at, last))
    tables = {
        "rows": rows_of(tried, rules, at),
        "columns": LEDGER,
        "ahead_columns": AHEAD if as_is else AHEAD[:-1],
        "ahead_caption": f"Visits from {said_day(on)} to {said_day(last)}",
        "on": on,
    }
    if as_is is None:
        return {**tables, "ahead": [_ahead(pair)[:-1] for pair in ahead_compared(ahead, ahead)]}
    pairs = ahead_compared(visits_ahead(as_is, rules, at, last), ahead)
    beside = compared(open_duties(as_is, rules, at), open_duties(tried, rules, at))
    differs = any(pair.difference for pair in beside) or not all(pair.is_now and pair.would_be for pair in pairs)
    return {
        **tables,
        "ahead": [_ahead(pair) for pair in pairs],
        "beside": [_beside(pair) for pair in beside],
        "beside_columns": BESIDE,
        "differs": differs,
    }


def rows_of(facts: PlacementFacts, rules: RulesInForce, at: datetime) -> list[list[Any]]:
    """Every visit that is or was due at a moment: rows of a table. What is due stands first, the soonest above.

    Who says so stands once for each rule, at its first row.
    """
    closed = [entry for entry in ledger_of(facts, rules, at) if not entry.is_open]
    before = sorted(closed, key=lambda entry: (entry.opened_at, entry.due_at), reverse=True)
    entries = [*open_duties(facts, rules, at), *before]
    latest = {entry.kind: entry.key for entry in reversed(entries)}
    return [_row(entry, at, says_source=latest[entry.kind] == entry.key) for entry in entries]


def _row(entry: Entry, at: datetime, *, says_source: bool) -> list[Any]:
    rule = row_on(entry.kind, local_day(entry.opened_at))
    says = entry.says if says_source or rule is None else without_source(entry.says, rule)
    return [due_on(entry.due_at), _who(entry), _rule(entry), says, _stands(entry, at)]


def _beside(pair: Compared) -> list[Any]:
    return [_who(pair.entry), _said(pair.as_is), _said(pair.would_be), _differs(pair.difference)]


def _ahead(pair: AheadCompared) -> list[Any]:
    on, entry = pair.ahead.on, pair.ahead.entry
    day = {"says": said_day(on), "note": f"Overdue since {said_day(entry.due_on)}" if entry.due_on < on else ""}
    differs = "" if pair.is_now and pair.would_be else "Only as it is" if pair.is_now else "Only with your changes"
    return [day, _who(entry), _rule(entry), _differs(differs)]


def _said(entry: Entry | None) -> Any:
    if entry is None:
        return NO_ENTRY
    return {"says": due_on(entry.due_at), "note": entry.says}


def _differs(difference: str) -> Any:
    return {"says": difference, "tone": "watch"} if difference else "The same"


def _who(entry: Entry) -> str:
    which = "purposeful" if is_purposeful(entry) else "statutory"
    return f"{Role(entry.role).label}, {which}"


def _rule(entry: Entry) -> dict[str, str]:
    return {"says": entry.kind, "url": link_to_rule(entry.kind)}


def _stands(entry: Entry, at: datetime) -> dict[str, str]:
    if entry.closed_at is None:
        return {"says": "Overdue", "tone": "alarm"} if entry.due_at <= at else {"says": "Due", "tone": "watch"}
    note = {"note": f"On {said_day(local_day(entry.closed_at))}"}
    if entry.closed_as == Closed.MET:
        return (
            {"says": "Met late", "tone": "watch", **note} if entry.was_late else {"says": "Met", "tone": "good", **note}
        )
    return {"says": str(Closed(entry.closed_as or "").label), "tone": "quiet", **note}
