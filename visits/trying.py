"""Try the rules: make up the history of one home, and see which visits would be due, by the function that the diary runs.

Nothing that is typed here is kept, and no child is asked about.
"""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.roles import Role
from casework.forms import DayField, Form, Unreadable, read_day
from casework.ledger import Closed, Entry
from casework.limits import LONDON, end_of, local_day, start_of
from casework.links import link_to_rule
from casework.pages import Holds, page
from casework.procedures import RulesInForce, row_on
from casework.rules_in_force import rules_in_force
from casework.wording import said_day, without_source
from children.states import LegalCode
from placements.states import Setting
from visits.facts import LegalStatus, Period, PlacementFacts, Review, VisitMade
from visits.statutory_clock import statutory_ledger

COLUMNS: Final = [{"label": "Due"}, {"label": "Rule"}, {"label": "Why"}, {"label": "How it stands"}]
MOST_LINES: Final = 60
LONGEST: Final = 4_000
NOT_SEEN, ADVISER = "not seen", "adviser"
SETTINGS: Final = [choice for choice in Setting.choices if choice[0] != Setting.TEMPORARY]
A_DAY: Final = "One a line, like 5 March 2026."


class TryForm(Form):
    """The history of one home, made up."""

    setting = forms.ChoiceField(label="Where does the child live?", choices=SETTINGS)
    started_on = DayField(label="Since when?")
    legal_status = forms.ChoiceField(label="Legal status", choices=LegalCode.choices, initial=LegalCode.C2)
    approved_on = DayField(
        label="Approved as a foster carer since", help_text="For a connected person.", required=False
    )
    temporary_on = DayField(label="Approved for a time (regulation 24) since", required=False)
    lasts = forms.BooleanField(label="The home is meant to last until 18", required=False)
    fewer_on = DayField(label="The child agrees to fewer visits since", required=False)
    reviews = forms.CharField(
        label="Looked-after reviews held",
        help_text=A_DAY,
        max_length=LONGEST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    visits = forms.CharField(
        label="Visits made",
        help_text=f"{A_DAY} Add “not seen” where the child was not seen, “adviser” for a Personal Adviser’s visit.",
        max_length=LONGEST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    on = DayField(label="What is due on")

    def clean_reviews(self) -> tuple[Review, ...]:
        """The reviews, each held on its day."""
        return tuple(Review(day, day) for day, _ in _lines_of(self.cleaned_data["reviews"], ()))

    def clean_visits(self) -> tuple[VisitMade, ...]:
        """The visits, each made at noon."""
        lines = _lines_of(self.cleaned_data["visits"], (NOT_SEEN, ADVISER))
        return tuple(
            VisitMade(
                at=datetime.combine(day, time(12), tzinfo=LONDON).astimezone(UTC),
                role=(Role.PERSONAL_ADVISER if ADVISER in words else Role.SOCIAL_WORKER).value,
                seen=NOT_SEEN not in words,
                record=f"visit:{number}",
            )
            for number, (day, words) in enumerate(lines, start=1)
        )

    def facts(self) -> PlacementFacts:
        """What was typed, as the clock reads it."""
        told = self.cleaned_data
        start = told["started_on"]
        return PlacementFacts(
            about="made up",
            start_at=start_of(start),
            setting=told["setting"],
            care_started_on=start,
            legal=(LegalStatus(start, told["legal_status"]),),
            temporary_approval=_since(told["temporary_on"]),
            carer_approved=_since(told["approved_on"]),
            meant_to_last_to_18=_since(start if told["lasts"] else None),
            fewer_visits_agreed=_since(told["fewer_on"]),
            reviews=told["reviews"],
            visits=told["visits"],
        )


@require_http_methods(["GET", "HEAD", "POST"])
@page(Holds.NOTHING_PERSONAL)
def try_rules(request: HttpRequest) -> HttpResponse:
    """The form, and what would be due."""
    today = local_day(request.at)  # type: ignore[attr-defined]
    form = TryForm(request.POST) if request.method == "POST" else TryForm(initial={"on": today})
    rows = rows_of(form.facts(), rules_in_force(), form.cleaned_data["on"]) if form.is_bound and form.is_valid() else []
    context = {
        "form": form,
        "columns": COLUMNS,
        "rows": rows,
        "is_answered": form.is_bound and form.is_valid(),
        "breadcrumbs": [("Procedures", reverse("casework:procedures"))],
    }
    return render(request, "visits/try_rules.html", context, status=422 if form.is_bound and form.errors else 200)


def link(request: HttpRequest, record: Any, sight: Any) -> Iterator[dict[str, str]]:
    """The way here from the page of procedures."""
    yield {
        "label": "Try the rules of visits",
        "url": reverse("visits:try_rules"),
        "says": "make up a history and see what would be due, and why",
    }


def rows_of(facts: PlacementFacts, rules: RulesInForce, on: date) -> list[list[Any]]:
    """Every visit that is or was due by the end of a day, the latest first: rows of a table.

    Who says so stands once for each rule, at its latest visit.
    """
    at = end_of(on) - timedelta.resolution
    entries = statutory_ledger(facts, rules, at)[::-1]
    latest = {entry.kind: entry.key for entry in reversed(entries)}
    return [_row(entry, at, says_source=latest[entry.kind] == entry.key) for entry in entries]


def _row(entry: Entry, at: datetime, *, says_source: bool) -> list[Any]:
    rule = row_on(entry.kind, local_day(entry.opened_at))
    says = entry.says if says_source or rule is None else without_source(entry.says, rule)
    return [said_day(entry.due_on), {"says": entry.kind, "url": link_to_rule(entry.kind)}, says, _stands(entry, at)]


def _stands(entry: Entry, at: datetime) -> dict[str, str]:
    if entry.closed_at is None:
        return {"says": "Overdue", "tone": "alarm"} if entry.due_at <= at else {"says": "Due", "tone": "watch"}
    note = {"note": f"On {said_day(local_day(entry.closed_at))}"}
    if entry.closed_as == Closed.MET:
        return (
            {"says": "Met late", "tone": "watch", **note} if entry.was_late else {"says": "Met", "tone": "good", **note}
        )
    return {"says": str(Closed(entry.closed_as or "").label), "tone": "quiet", **note}


def _since(day: date | None) -> tuple[Period, ...]:
    return (Period(day),) if day else ()


def _lines_of(text: str, known: tuple[str, ...]) -> list[tuple[date, set[str]]]:
    """The days of a text, one a line, each with the words known that stand with it."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > MOST_LINES:
        raise forms.ValidationError(f"At most {MOST_LINES} lines can be tried at once.")
    return [_line_of(line, known) for line in lines]


def _line_of(line: str, known: tuple[str, ...]) -> tuple[date, set[str]]:
    rest = line.lower()
    words = {word for word in known if word in rest}
    for word in words:
        rest = rest.replace(word, "")
    parts = re.split(r"[\s,/.-]+", rest.strip(" ,.()"))
    try:
        day, month, year = parts if not re.fullmatch(r"\d{4}", parts[0]) else reversed(parts)
        return read_day(day, month, year), words
    except Unreadable as unreadable:
        raise forms.ValidationError(f"“{line}” {unreadable}") from None
    except ValueError:
        raise forms.ValidationError(f"“{line}” is not a day like 5 March 2026") from None
