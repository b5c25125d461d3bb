"""The pages of visits: record one, read one, and the list of all that were made to a child."""

from dataclasses import replace

from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.views.decorators.http import require_safe

from casework.duty_lines import line_of
from casework.events import label_of
from casework.limits import local_day
from casework.lists import page_of
from casework.models import Duty
from casework.pages import Holds, page
from casework.recording import Page, record
from casework.steps import NotYou, write_down
from casework.wording import said_day
from children.access import sight_of
from children.permissions import loaded_in_scope
from children.views import around, child_or_404, way_back
from placements.models import Placement
from placements.where import with_whom
from visits.forms import VisitForm
from visits.models import Visit
from visits.panels import COLUMNS, rows_of
from visits.permissions import may_record_visit

VISITS_A_PAGE = 50


@page(Holds.ONE_CHILD)
def record_visit(request, placement):
    """Record a visit to a child, on one page."""
    homes = Placement.objects.visible_to(request.user, at=request.at)
    home = get_object_or_404(homes.select_related("child", "home", "carer"), pk=placement)
    loaded_in_scope(home.child, request.user, request.at)
    if not may_record_visit(home, request.user, request.at):
        raise NotYou("Visits are recorded by whoever visits for the authority.")

    def act(form):
        made = form.visit()
        by = {"may": may_record_visit, "by": request.user, "at": request.at}
        write_down(made, act="record_visit", about=home, details=made.told(), **by)
        return reverse("visits:visit", args=[made.pk])

    return record(
        request,
        VisitForm,
        about=home,
        page=Page("Record a visit", button="Record this visit", template="visits/record.html"),
        act=act,
        done="The visit is recorded.",
        context={
            **way_back(home.child),
            "child": home.child,
            "placement": home,
            # Asked when the form is shown, and not when it is sent.
            "where": SimpleLazyObject(lambda: with_whom(home, sight_of(request.user, home.child, request.at))),
            "due": SimpleLazyObject(lambda: _next_visit(home, request.user)),
            "at": request.at,
        },
    )


@require_safe
@page(Holds.ONE_CHILD)
def visit(request, pk):
    """One visit as it was recorded, and when the next is due."""
    visible = Visit.objects.visible_to(request.user, at=request.at)
    made = get_object_or_404(
        visible.select_related("placement__child", "placement__home", "placement__carer", "visitor"), pk=pk
    )
    child = loaded_in_scope(made.placement.child, request.user, request.at)
    sight = sight_of(request.user, child, request.at)
    context = {
        **way_back(child),
        "title": f"Visit of {said_day(local_day(made.made_at))}",
        "visit": made,
        "child": child,
        "where": with_whom(made.placement, sight),
        "shows_account": bool(sight.narrative) or made.visitor == request.user,
        "due": _next_visit(made.placement, made.visitor),
        "at": request.at,
    }
    return render(request, "visits/visit.html", context)


@require_safe
@page(Holds.ONE_CHILD)
def visits_of_child(request, pk):
    """Every visit to a child, in whichever home, the latest first."""
    child = child_or_404(request, pk)
    made = Visit.objects.filter(placement__child=child).select_related("visitor").order_by("-made_at")
    shown = page_of(request, made, VISITS_A_PAGE)
    context = {**around(request, child), "columns": COLUMNS, "rows": rows_of(shown), "page": shown}
    return render(request, "visits/visits_of_child.html", context)


def _next_visit(placement, person):
    """The visit that is due next in this placement: this person's own first, else whoever's; None where none is."""
    due = Duty.objects.open().filter(source="visits", about=label_of(placement)).select_related("owner")
    soonest = sorted(due.soonest_first(), key=lambda duty: duty.owner_id != person.pk)
    return replace(line_of(soonest[0]), title="Next visit", url="") if soonest else None
