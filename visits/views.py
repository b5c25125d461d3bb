"""The pages of visits: record one, read one, and the list of all that were made to a child."""

from dataclasses import replace

from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.views.decorators.http import require_safe

from casework import panels, timeline
from casework.duty_lines import line_of
from casework.events import label_of
from casework.limits import local_day
from casework.links import link_to
from casework.lists import applied, page_of
from casework.models import Duty, Event
from casework.pages import Holds, page
from casework.recording import Page, record
from casework.steps import NotYou, write_down
from casework.wording import said_day
from children.access import sight_of
from children.permissions import loaded_in_scope
from children.views import around, child_or_404, way_back
from placements.models import Placement
from placements.where import home_of, with_whom
from visits.forms import VisitForm, VisitsFilter
from visits.met import met_by
from visits.models import Visit
from visits.panels import COLUMNS_IN_FULL, photographs_of, rows_in_full, with_what_hangs_on
from visits.permissions import may_add_photograph, may_read_account, may_record_visit, may_strike_out
from visits.siblings import seen_together
from visits.visiting_forms.panels import visit_without_form

READ_WITH_A_VISIT = ("placement__home", "placement__carer", "visitor", "shared")
VISITS_A_PAGE = 50
ALL_RECORDED = "The visit is recorded, for each of the children in the child’s own record."


@page(Holds.ONE_CHILD)
def record_visit(request, placement):
    """Record a visit to a child, on one page."""
    homes = Placement.objects.visible_to(request.user, at=request.at)
    home = get_object_or_404(homes.select_related("child", "home", "carer"), pk=placement)
    loaded_in_scope(home.child, request.user, request.at)
    if not may_record_visit(home, request.user, request.at):
        raise NotYou("Visits are recorded by whoever visits for the authority.")

    def act(form):
        made = form.visits()
        if made[0].shared:
            made[0].shared.save()
        by = {"may": may_record_visit, "by": request.user, "at": request.at}
        # Files are locked in one order, so that no two who visit the same children wait for each other.
        for each in sorted(made, key=lambda visit: visit.case_file_id):
            write_down(each, act="record_visit", about=each.placement, details=each.told(), **by)
        return reverse("visits:visit", args=[made[0].pk])

    return record(
        request,
        VisitForm,
        about=home,
        page=Page("Record a visit", button="Record this visit", template="visits/record.html"),
        act=act,
        done=lambda form: ALL_RECORDED if form.cleaned_data.get("also") else "The visit is recorded.",
        context={
            **way_back(home.child),
            "child": home.child,
            "placement": home,
            # Asked when the form is shown, and not when it is sent.
            "where": SimpleLazyObject(lambda: with_whom(home, sight_of(request.user, home.child, request.at))),
            "due": SimpleLazyObject(lambda: _next_visit(home, request.user)),
            "lives_now": SimpleLazyObject(lambda: home_of(home.child, request.at) if home.ended_at else None),
            "without_form": SimpleLazyObject(lambda: visit_without_form(home, request.user, request.at)),
            "at": request.at,
        },
    )


@require_safe
@page(Holds.ONE_CHILD)
def visit(request, pk):
    """One visit as it was recorded, for what it counts, and when the next is due; or that it is struck out."""
    visible = Visit.with_struck_out.visible_to(request.user, at=request.at)
    made = get_object_or_404(visible.select_related("placement__child", *READ_WITH_A_VISIT), pk=pk)
    child = loaded_in_scope(made.placement.child, request.user, request.at)
    sight = sight_of(request.user, child, request.at)
    shows_account = may_read_account(made, sight, request.user)
    context = {
        **way_back(child),
        "title": f"Visit of {said_day(local_day(made.made_at))}",
        "visit": made,
        "child": child,
        "where": with_whom(made.placement, sight),
        "shows_account": shows_account,
        "together": seen_together(made, request.user, request.at),
        "at": request.at,
    }
    if made.struck_out:
        return render(request, "visits/struck_out.html", {**context, "events": _how_struck_out(made, sight)})
    context |= {
        "met": met_by(made),
        "due": _next_visit(made.placement, made.visitor),
        "actions": _next_steps(request, made, sight),
        "may_strike_out": may_strike_out(made, request.user, request.at),
        "photos": photographs_of(made) if shows_account else (),
        "panels": panels.panels_of("visit", request, made, sight),
    }
    return render(request, "visits/visit.html", context)


def _next_steps(request, made, sight):
    """What one does after a visit: what other apps and parts offer, and a photograph."""
    steps = panels.added_to("visit.next", request, made, sight)
    if may_add_photograph(made, request.user, request.at):
        steps.append({"label": "Add a photograph", "url": link_to("visits:add_photograph", made.pk), "secondary": True})
    return steps


def _how_struck_out(made, sight):
    """Who struck it out, when and why."""
    acts = Event.objects.filter(case_file=made.case_file_id, record=label_of(made), act="strike_out_visit")
    return timeline.told(acts.select_related("by"), with_text=bool(sight.narrative))


@require_safe
@page(Holds.ONE_CHILD)
def visits_of_child(request, pk):
    """Every visit to a child, in whichever home, the latest first; those struck out too, as such."""
    child = child_or_404(request, pk)
    narrowed_by = VisitsFilter(request.GET)
    made = narrowed_by.narrowed(Visit.with_struck_out.filter(placement__child=child)).order_by("-made_at")
    shown = page_of(request, with_what_hangs_on(made.select_related("visitor")), VISITS_A_PAGE, number=made.count())
    context = {
        **around(request, child),
        "columns": COLUMNS_IN_FULL,
        "rows": rows_in_full(shown),
        "page": shown,
        "filter_form": narrowed_by,
        "applied": applied(request, narrowed_by.in_words()),
    }
    return render(request, "visits/visits_of_child.html", context)


def _next_visit(placement, person):
    """The visit that is due next in this placement: this person's own first, else whoever's; None where none is."""
    due = Duty.objects.open().filter(source="visits", about=label_of(placement)).select_related("owner")
    soonest = sorted(due.soonest_first(), key=lambda duty: person is None or duty.owner_id != person.pk)
    return replace(line_of(soonest[0]), title="Next visit", url="") if soonest else None
