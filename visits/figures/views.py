"""The visits page of a team, an area, the authority or an IRO: figures of a month, and the list behind each."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.models import User
from accounts.roles import Role
from casework import lists
from casework.pages import Holds, page
from casework.steps import NotYet
from visits.figures import listed, said
from visits.figures.asking import Asked, address_of
from visits.figures.counting import count
from visits.figures.forms import NarrowForm, WhichForm
from visits.figures.page import OF_RULE, Parts
from visits.figures.table import ENDED, FIGURES, MADE, OF_IRO, STANDING
from visits.figures.whose import MINE, READERS, Whose, open_to

ROWS_A_PAGE = 50
NO_TEAM = "There is no team in your area yet, so there are no visits to count. An administrator opens teams."


@require_safe
@page(Holds.THOSE_IN_SIGHT, roles=READERS)
def figures(request: HttpRequest) -> HttpResponse:
    """What the visits of a month come to."""
    choices = open_to(request.user, request.at)
    asked = asked_of(request, choices)
    whose, month = asked.whose, asked.month
    is_mine = whose.value == MINE
    children = whose.children(request.user, request.at)
    counts = count(children, month, by_team=whose.compares_teams, as_iro=is_mine)
    parts = Parts(asked, counts)
    context = {
        "whose": whose,
        "month": month,
        "which_form": WhichForm(whose=choices, asked=asked),
        "before_url": parts.url_of_month(month.before),
        "after_url": "" if month.is_running else parts.url_of_month(month.following),
        "own": parts.own_figures(Role.IRO) if is_mine else [],
        "of_iro": parts.figures(*OF_IRO) if is_mine else [],
        "standing": parts.figures(*STANDING),
        "ended": parts.figures(*ENDED),
        "made": parts.figures(*MADE),
        "in_time": parts.share("in_time", *ENDED),
        "alone": parts.share("alone", "made"),
        "lateness": counts.lateness,
        "latest_url": parts.url_of_list("late", sort="-late"),
        "reasons": parts.reasons(),
        "reason_columns": [{"label": "Reason"}, {"label": "Number", "numeric": True}],
        "tables": _tables(parts),
        "definitions": [figure for figure in FIGURES if is_mine or figure.code not in OF_IRO],
        "export_url": f"{reverse('exchange:visit_figures_csv')}?{address_of(asked)}",
    }
    return render(request, "visits/figures/figures.html", context)


def _tables(parts: Parts) -> list[dict[str, object]]:
    """The numbers by role, rule, and person or team."""
    whose = parts.asked.whose
    found = [("role", "By role", parts.columns("Role"), parts.by_role())]
    if whose.compares_teams:
        found.append(("team", "By team", parts.columns("Team"), parts.by_team()))
    elif whose.has_names:
        found.append(("person", "By person", parts.columns("Person"), parts.by_person()))
    found.append(("rule", "By rule", parts.columns("Rule", OF_RULE), parts.by_rule()))
    return [{"id": code, "title": title, "columns": columns, "rows": rows} for code, title, columns, rows in found]


@require_safe
@page(Holds.THOSE_IN_SIGHT, roles=READERS)
def figure_list(request: HttpRequest) -> HttpResponse:
    """The rows behind a figure."""
    asked = asked_of(request, open_to(request.user, request.at))
    form = NarrowForm(asked, request.GET)
    ways = listed.sorts(asked.figure)
    order = lists.order_of(request, ways) or "when"
    found = listed.shown(asked, asked.whose.children(request.user, request.at)).order_by(*ways[order])
    shown = lists.page_of(request, found, ROWS_A_PAGE)
    context = {
        "asked": asked,
        "who": _name_of(asked),
        "everybody_url": lists.address(request, without="who"),
        "filter_form": form,
        "kept": [(name, request.GET[name]) for name in KEPT if request.GET.get(name)],
        "applied": lists.applied(request, form.in_words()),
        "columns": [
            lists.column(request, each.label, each.sort, order, numeric=each.numeric) for each in said.columns_of(asked)
        ],
        "rows": said.said(shown, asked),
        "page": shown,
        "back_url": f"{reverse('visits:figures')}?{address_of(asked)}",
        "back_label": "Figures",
        "export_url": lists.address(request, to=reverse("exchange:visit_list_csv")),
    }
    return render(request, "visits/figures/list.html", context)


KEPT = ("of", "month", "figure", "who", "sort")
"""What goes along when the list is narrowed."""


def asked_of(request: HttpRequest, choices: list[Whose]) -> Asked:
    """What the address asks; of whose visits this person may not ask, nothing is said."""
    if not choices:
        raise NotYet(NO_TEAM)
    value = request.GET.get("of", "")
    whose = next((each for each in choices if value in ("", each.value)), None)
    if whose is None:
        raise Http404
    return Asked.of(request.GET, whose, request.at)


def _name_of(asked: Asked) -> str:
    """The person to whom the list is narrowed; empty where it is not."""
    if not asked.who:
        return ""
    person = User.objects.filter(pk=asked.person).first()
    return person.name if person else said.NOBODY_ON_RECORD
