"""The tracking dashboard: every unregulated and unregistered arrangement at a glance."""

from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.roles import Role
from casework import lists
from casework.jobs import stale_jobs
from casework.pages import Holds, page
from children.access import SIGHTS, Scope
from placements.permissions import may_see_homes
from tracking.arrangements import arrangements, arrangements_counted, counts, counts_and_order, read_page
from tracking.filters import ArrangementFilter
from tracking.rows import COLUMNS, NUMERIC, row_of

A_PAGE = 25
SEE = frozenset(role for role, sight in SIGHTS.items() if sight.scope > Scope.NONE)
OVERSEERS = SEE | {Role.PERFORMANCE}
"""Whoever sees children's records, and whoever counts them."""

LOOKS = ("look_at_night", "look_each_hour")
"""The jobs that keep what is shown here up to date."""

FIGURES = (
    ("unsigned", "not signed off", "alarm", "?oversight=unsigned"),
    ("signed", "signed off", "plain", "?oversight=signed"),
    ("not_lawful", "not lawful", "watch", "?lawfulness=not_lawful"),
    ("overdue_visit", "with a visit overdue", "alarm", "?visits=overdue"),
)
"""The counts, each with the filter that opens the list behind it."""

SORTS = {
    "": ("-is_unsigned", "-has_overdue_visit", "since_on", "pk"),
    "-days": ("since_on", "pk"),
    "days": ("-since_on", "-pk"),
    "name": ("child__surname", "child__forename", "pk"),
    "-name": ("-child__surname", "-child__forename", "-pk"),
}
"""How the list is sorted, by the word in the address; without one, the most urgent first."""


@require_safe
@page(Holds.THOSE_IN_SIGHT, roles=OVERSEERS)
def dashboard(request):
    """The list, most urgent first, with counts that open it; to whoever only counts, the counts."""
    stale = stale_jobs(request.at)
    context = {"at": request.at, "stale": stale, "may_be_out_of_date": any(run.job.name in LOOKS for run in stale)}
    if request.user.holds(*SEE, at=request.at):
        context |= _list(request)
    else:
        context |= _figures(counts(arrangements_counted(request.user, request.at)), opens=False)
    return render(request, "tracking/dashboard.html", context)


def _list(request):
    seen = arrangements(request.user, request.at)
    narrowed = ArrangementFilter(request.GET, queryset=seen, request=request)
    order = lists.order_of(request, SORTS)
    counted, listed = counts_and_order(seen, SORTS[order], narrowed.qs if narrowed.form.chosen else None)
    shown = lists.page_of(request, listed, A_PAGE)
    knows = may_see_homes(request.user, request.at)
    return {
        **_figures(counted, opens=True),
        "shows_list": True,
        "filter_form": narrowed.form,
        "applied": lists.applied(request, narrowed.form.in_words()),
        "clear_url": reverse("tracking:dashboard"),
        "urgent_url": lists.address(request, without="sort") if order else "",
        "columns": [lists.column(request, label, sort, order, numeric=label in NUMERIC) for label, sort in COLUMNS],
        "rows": [row_of(each, request.at, knows_addresses=knows) for each in read_page(shown.object_list, request.at)],
        "page": shown,
    }


def _figures(counted, *, opens):
    figures = [
        {
            "number": counted[name],
            "label": label,
            "tone": tone if counted[name] else "plain",
            "url": f"{reverse('tracking:dashboard')}{address}" if opens else "",
        }
        for name, label, tone, address in FIGURES
    ]
    return {"figures": figures, "total": counted["all"]}
