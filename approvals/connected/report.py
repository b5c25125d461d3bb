"""How many relatives and friends who were asked about did not become foster carers, and why. S0 2.2.

The figures count every child whom the reader may count; the list below them shows those in sight. Each figure leads to
the list behind it. Somebody belongs to the year in which they were asked about.
"""

from datetime import date, datetime
from typing import Any, Final
from urllib.parse import urlencode

from django import forms
from django.db.models import Count, Exists, OuterRef, Q

from accounts.roles import Role
from approvals.connected.states import HowEnded, Pathway, WhyNot
from casework.limits import local_day
from casework.lists import FilterForm
from casework.wording import said_day
from placements.models import CarerApproval
from placements.temporary import TEMPORARY

READERS: Final = frozenset(
    {
        Role.TEAM_MANAGER,
        Role.SERVICE_MANAGER,
        Role.DHOS,
        Role.HOS,
        Role.SERVICE_DIRECTOR,
        Role.ASSISTANT_DIRECTOR,
        Role.DCS,
        Role.PERFORMANCE,
    }
)
FIRST_YEAR: Final = 2010
"""The regulations came into force in April 2011."""

OUTCOMES: Final = {
    "approved": ("Became foster carers", Q(state=Pathway.APPROVED)),
    **{how.value: (how.label, Q(how_ended=how) & ~Q(state=Pathway.APPROVED)) for how in HowEnded},
    "running": ("Still being looked into", Q(state=Pathway.LOOKED_INTO)),
}
"""What came of somebody: the words, and the condition. Everybody who was asked about is in exactly one of them."""

RAN_OUT: Final = "ran_out"


class PeriodForm(FilterForm):
    """The year in which they were asked about."""

    year = forms.ChoiceField(label="Asked about in the year", required=False)

    def __init__(self, *args: Any, at: datetime, **kwargs: Any):
        super().__init__(*args, **kwargs)
        years = [(str(year), f"April {year} to March {year + 1}") for year in range(_year_of(at), FIRST_YEAR, -1)]
        self.fields["year"].choices = [("", "All years"), *years]


def within(people: Any, form: PeriodForm) -> Any:
    """Those asked about in the year chosen, from 1 April up to 31 March, inclusive; nobody who was by mistake."""
    people = people.on_record()
    chosen = form.chosen.get("year") if form.is_bound else ""
    if not chosen:
        return people
    year = int(chosen)
    return people.filter(asked_on__gte=date(year, 4, 1), asked_on__lt=date(year + 1, 4, 1))


def narrowed(people: Any, asked: Any, at: datetime) -> Any:
    """Those behind a figure, where one is asked for."""
    outcome, why = asked.get("outcome", ""), asked.get("why", "")
    if outcome == RAN_OUT:
        people = _run_out(people, local_day(at))
    elif outcome in OUTCOMES:
        people = people.filter(OUTCOMES[outcome][1])
    return people.filter(why_not=why).exclude(state=Pathway.APPROVED) if why in WhyNot.values else people


def figures(people: Any, asked: Any, at: datetime) -> list[list[Any]]:
    """A row for each outcome; each figure leads to the list behind it."""
    counts = people.aggregate(**{code: Count("pk", filter=condition) for code, (_, condition) in OUTCOMES.items()})
    rows = [_figure(asked, "outcome", code, says, counts[code]) for code, (says, _) in OUTCOMES.items()]
    run_out = _run_out(people, local_day(at)).count()
    rows.append(_figure(asked, "outcome", RAN_OUT, "Among these, the temporary approval has run out", run_out))
    return [["Asked about", {"says": str(sum(counts.values()))}], *rows]


def reasons(people: Any, asked: Any) -> list[list[Any]]:
    """A row for each main reason of those who did not become foster carers, the most frequent first."""
    without = people.exclude(state=Pathway.APPROVED).exclude(why_not="")
    found = without.values_list("why_not").annotate(count=Count("pk")).order_by("-count", "why_not")
    return [_figure(asked, "why", code, WhyNot(code).label, count) for code, count in found]


def said_narrowed(asked: Any) -> str:
    """To what the list is narrowed; empty where it is not."""
    outcome, why = asked.get("outcome", ""), asked.get("why", "")
    if why in WhyNot.values:
        return str(WhyNot(why).label)
    return "Temporary approval has run out" if outcome == RAN_OUT else OUTCOMES.get(outcome, ("",))[0]


def without_narrowing(asked: Any) -> str:
    """The part of an address that keeps the year alone."""
    return urlencode({"year": asked["year"]}) if asked.get("year") else ""


def said_outcome(person: Any) -> str:
    """What came of somebody, in the words of the report, with its day."""
    says = person.get_how_ended_display() or person.get_state_display()
    if person.state in (Pathway.APPROVED, Pathway.IN_REVIEW):
        says = person.get_state_display()
    return f"{says}, {said_on(person.ended_on)}" if person.ended_on else str(says)


def said_on(day: date | None) -> str:
    """A day of the report."""
    return said_day(day)


def _run_out(people: Any, day: date) -> Any:
    """Those still looked into whose temporary approval has run out, and whom no approval covers now."""
    rows = CarerApproval.objects.filter(carer=OuterRef("carer"))
    over = rows.filter(kind__in=TEMPORARY, to_on__lte=day)
    holds = rows.filter(Q(to_on=None) | Q(to_on__gt=day), from_on__lte=day)
    return people.filter(Exists(over), ~Exists(holds), state=Pathway.LOOKED_INTO)


def _figure(asked: Any, name: str, code: str, says: str, count: int) -> list[Any]:
    query = urlencode({**({"year": asked["year"]} if asked.get("year") else {}), name: code})
    cell = {"says": str(count), "url": f"?{query}#list"} if count else {"says": "0"}
    return [says, cell]


def _year_of(at: datetime) -> int:
    """The year that runs from April, by the year in which it began."""
    day = local_day(at)
    return day.year if day.month >= 4 else day.year - 1
