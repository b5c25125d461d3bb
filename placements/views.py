"""The pages of a placement, a home and a provider, and one page for each fact that can be recorded about them."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse, reverse_lazy

from casework import panels, recording, timeline
from casework.events import label_of
from casework.limits import local_day
from casework.lists import page_of
from casework.models import Event
from casework.pages import Holds, page
from casework.rules_in_force import rules_in_force
from casework.steps import NotYet, NotYou, write_down
from children.access import children_not_hidden_from, sight_of
from children.ceasing import agreed_for_now, said_of_agreement
from children.models import Child
from children.permissions import loaded_in_scope
from children.views import around, child_or_404
from placements import permissions
from placements.arrivals import arrived
from placements.changes import WORKERS_AND_PLACEMENT_SERVICE, Change, changes_for_home
from placements.forms import homes as home_forms, moving
from placements.histories import histories_of
from placements.models import Home, Placement, ProposedHome, Provider
from placements.opening import with_file
from placements.panels import row_of_list, rows_of
from placements.telling import (
    basis_of,
    facts_of,
    facts_of_home,
    lives_here,
    periods_of,
    row_of_home,
    rows_of_home,
    standing_of_home,
)
from placements.where import named, with_history

HOMES_A_PAGE = 50
HOME_COLUMNS = [{"label": "Home"}, {"label": "Kind"}, {"label": "Registration"}]
PERIOD_COLUMNS = [{"label": "When"}, {"label": "Regulation"}, {"label": "Lawfulness"}, {"label": "Why"}]
EVENTS_OF_A_HOME = 10
AMONG_HOMES = {"back_url": reverse_lazy("placements:homes"), "back_label": "Homes"}
FOUND_OUT_LATE = (
    "A move of the past that was never recorded goes here too: it takes its place between the homes on record."
)


@page(Holds.ONE_CHILD)
def placement_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Where a child lives or lived: with whom, on what basis, and how it stood on every day; or that it is struck out."""
    placement = _placement_or_404(request, pk, among=Placement.with_struck_out)
    child = placement.child
    sight = sight_of(request.user, child, request.at)
    if placement.struck_out:
        return _struck_out(request, placement, sight)
    history = histories_of([child.case_file_id])[child.case_file_id]
    context = {
        "placement": placement,
        **around(request, child),
        "where": named(placement, sight),
        "caption": "Where the child lived" if placement.ended_at else "Where the child lives",
        "standing": panels.added_to("placement.standing", request, placement, sight),
        "rows": [*rows_of(placement, sight), *basis_of(history, placement)],
        "period_columns": PERIOD_COLUMNS,
        "periods": periods_of(history, placement, request.at),
        "facts": facts_of(placement),
        "changes": panels.added_to("placement.changes", request, placement, sight),
        "panels": panels.panels_of("placement", request, placement, sight),
        "home": placement.home if sight.address and permissions.may_see_homes(request.user, request.at) else None,
        "at": request.at,
    }
    return render(request, "placements/placement.html", context)


def _struck_out(request: HttpRequest, placement: Placement, sight) -> HttpResponse:
    """Whoever comes by an old link reads who struck it out and why; nothing can be done here any more."""
    struck_out = Event.objects.filter(case_file=placement.case_file_id, record=label_of(placement), act="strike_out")
    context = {
        **around(request, placement.child),
        "where": named(placement, sight),
        "rows": rows_of(placement, sight),
        "events": timeline.told(struck_out.select_related("by"), with_text=bool(sight.narrative)),
    }
    return render(request, "placements/struck_out.html", context)


@page(Holds.ONE_CHILD)
def homes_of_child(request: HttpRequest, pk: int) -> HttpResponse:
    """Every home that the child has had here, the latest first."""
    child = child_or_404(request, pk)
    sight = sight_of(request.user, child, request.at)
    lived = child.placements.select_related("home", "carer").order_by("-started_at")
    shown = page_of(request, lived, HOMES_A_PAGE)
    context = {
        **around(request, child),
        "homes": [row_of_list(each, sight) for each in shown],
        "page": shown,
    }
    return render(request, "placements/homes_of_child.html", context)


@page(Holds.NOTHING_PERSONAL, roles=permissions.SEE_HOMES)
def homes(request: HttpRequest) -> HttpResponse:
    """The homes on record, by a part of the name."""
    form = home_forms.HomesForm(request.GET or {"q": ""})
    found = form.found().select_related("provider").prefetch_related("registrations")
    shown = page_of(request, found, HOMES_A_PAGE)
    context = {
        "form": form,
        "page": shown,
        "columns": [*HOME_COLUMNS, {"label": "Provider"}],
        "rows": [[*row_of_home(home), home.provider.name if home.provider else ""] for home in shown],
    }
    return render(request, "placements/homes_found.html", context)


@page(Holds.THOSE_IN_SIGHT, roles=permissions.SEE_HOMES)
def home_page(request: HttpRequest, pk: int) -> HttpResponse:
    """A home: its registration, its inspections, and who lives there, as far as the reader may know."""
    home = get_object_or_404(Home.objects.select_related("provider", "case_file"), pk=pk)
    living = Placement.objects.live(request.at).filter(home=home)
    seen = living.visible_to(request.user, at=request.at).select_related("child")
    context = {
        **AMONG_HOMES,
        "home": home,
        "stands": standing_of_home(home),
        "rows": rows_of_home(home),
        "number": living.filter(
            child__in=Child.objects.filter(children_not_hidden_from(request.user, request.at))
        ).count(),
        "living": [lives_here(placement) for placement in seen.order_by("child__surname", "child__forename")],
        "facts": facts_of_home(home),
        "changes": [*changes_for_home(request, home), *panels.added_to("home.changes", request, home, None)],
        "panels": panels.panels_of("home", request, home, None),
        "events": timeline.told(
            _latest_events(home), with_text=permissions.may_keep_home(home, request.user, request.at)
        ),
    }
    return render(request, "placements/home.html", context)


@page(Holds.NOTHING_PERSONAL, roles=permissions.SEE_HOMES)
def provider_page(request: HttpRequest, pk: int) -> HttpResponse:
    """A provider and its homes."""
    provider = get_object_or_404(Provider, pk=pk)
    shown = page_of(request, provider.homes.prefetch_related("registrations"), HOMES_A_PAGE)
    context = {
        **AMONG_HOMES,
        "provider": provider,
        "page": shown,
        "rows": [row_of_home(home) for home in shown],
        "columns": HOME_COLUMNS,
        "panels": panels.panels_of("provider", request, provider, None),
    }
    return render(request, "placements/provider.html", context)


@page(Holds.ONE_CHILD)
def moved(request: HttpRequest, pk: int) -> HttpResponse:
    """The child lives somewhere else now; the home before ends in the same act."""
    child = child_or_404(request, pk)
    _require(permissions.may_record_move(child, request.user, request.at), WORKERS_AND_PLACEMENT_SERVICE)

    def act(form):
        by = {"may": permissions.may_record_move, "by": request.user, "at": request.at}
        until, before = form.until(), form.before()
        if before:
            write_down(before, act="end_placement", about=child, details={"why": before.why_ended}, **by)
        home, carer = with_file(form.home(), by=request.user, at=request.at), form.carer()
        if carer and carer.pk is None:
            carer.save()
        placement = form.placement(home, carer, until)
        write_down(placement, act="place", about=child, details={"setting": placement.get_setting_display()}, **by)
        arrived(placement, by=request.user, at=request.at)
        is_on_record = carer is not None and carer.approvals.exists()
        if form.cleaned_data["approved"] == "yes" and not is_on_record:
            return reverse("placements:approve_carer", args=[placement.pk])
        return reverse("placements:placement", args=[placement.pk])

    return recording.record(
        request,
        moving.MovedForm,
        about=child,
        page=recording.Page("The child moved", lede=FOUND_OUT_LATE),
        initial=moving.answers_of(proposed) if (proposed := _proposed(request, child)) else None,
        act=act,
        done="The move is recorded.",
        context=around(request, child),
    )


@page(Holds.ONE_CHILD)
def care_ended(request: HttpRequest, pk: int) -> HttpResponse:
    """The child is no longer looked after."""
    child = child_or_404(request, pk)
    _require(permissions.may_record_move(child, request.user, request.at), WORKERS_AND_PLACEMENT_SERVICE)
    if not child.care_periods.filter(ended_on=None).exists():
        raise NotYet("No period of care is running, so none can end.")
    said = said_of_agreement(child, local_day(request.at), rules_in_force())
    agreed = agreed_for_now(child)

    def act(form):
        by = {"may": permissions.may_record_move, "by": request.user, "at": request.at}
        write_down(*form.facts(), act="cease_care", about=child, **by)
        return reverse("children:child", args=[child.pk])

    return recording.record(
        request,
        moving.CareEndedForm,
        about=child,
        page=recording.Page("Care ended", lede=f"The home on record ends with it. {said}".rstrip()),
        initial={"ended_on": agreed.ceases_on, "how": agreed.how} if agreed else None,
        act=act,
        done="The end of care is recorded.",
        context=around(request, child),
    )


def fact_of(change: Change):
    """The page on which one kind of dated fact about a placement is recorded."""

    @page(Holds.ONE_CHILD)
    def record_fact(request: HttpRequest, pk: int) -> HttpResponse:
        placement = _placement_or_404(request, pk)
        _require(change.may(placement, request.user, request.at), change.who)
        if not change.makes_sense(placement):
            raise NotYet(change.otherwise)

        def act(form):
            _write(change, form, placement, request)
            if change.act == "name_home":
                arrived(placement, by=request.user, at=request.at)
            gone = placement.struck_out
            return reverse("children:child", args=[placement.child_id]) if gone else url

        url = reverse("placements:placement", args=[placement.pk])
        return recording.record(
            request,
            change.form,
            about=placement,
            page=recording.Page(change.label, lede=change.lede),
            act=act,
            done=change.done,
            context={**around(request, placement.child), "back_url": url, "back_label": "Back to this home"},
        )

    return record_fact


def fact_of_home(change: Change):
    """The page on which one kind of fact about a home is recorded."""

    @page(Holds.NOTHING_PERSONAL, roles=permissions.SEE_HOMES)
    def record_fact(request: HttpRequest, pk: int) -> HttpResponse:
        home = get_object_or_404(Home, pk=pk)
        _require(change.may(home, request.user, request.at), change.who)
        if not change.makes_sense(home):
            raise NotYet(change.otherwise)
        url = reverse("placements:home", args=[home.pk])

        def act(form):
            _write(change, form, home, request)
            return url

        return recording.record(
            request,
            change.form,
            about=home,
            page=recording.Page(f"{change.label}: {home.name}", lede=change.lede),
            act=act,
            done=change.done,
            context={"back_url": url, "back_label": home.name},
        )

    return record_fact


def _write(change: Change, form, about: Placement | Home, request: HttpRequest) -> None:
    write_down(
        *(with_file(fact, by=request.user, at=request.at) for fact in form.facts()),
        act=change.act,
        about=about,
        because=form.because(),
        details=form.details(),
        may=change.may,
        by=request.user,
        at=request.at,
    )


def _proposed(request: HttpRequest, child: Child) -> ProposedHome | None:
    """The home that was proposed for the child, where the way here led from it."""
    number = request.GET.get("proposed", "")
    proposed = child.proposed_homes.select_related("home", "carer")
    return proposed.filter(pk=number).first() if number.isdecimal() else None


def _require(may: bool, who: str) -> None:
    if not may:
        raise NotYou(who)


def _placement_or_404(request: HttpRequest, pk: int, among=Placement.objects) -> Placement:
    placement = get_object_or_404(with_history(among.visible_to(request.user, at=request.at)), pk=pk)
    loaded_in_scope(placement.child, request.user, request.at)
    return placement


def _latest_events(home: Home):
    return timeline.events_of(home.case_file_id, home.case_file.last_number, size=EVENTS_OF_A_HOME)
