"""The start page, the child's page, search, and one page for each fact that can be recorded about a child."""

from django.core.paginator import Page
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from casework import panels, recording, timeline
from casework.duty_lines import lines_of
from casework.links import link_to
from casework.lists import page_of
from casework.models import CaseFile
from casework.pages import Holds, page
from casework.steps import NotYou, write_down
from casework.wording import said_day
from children import permissions, recent_searches, search, work
from children.access import MAY_BREAK_GLASS, sight_of
from children.changes import NEW_CHILD, Change, changes_for
from children.facts import with_facts
from children.forms import LONGEST_SEARCH, SearchForm
from children.identity import identity_bar
from children.models import Child
from children.record import facts_of

MY_DUTIES_A_PAGE, TEAMS_DUTIES_A_PAGE, EVENTS_A_PAGE = 50, 150, 25
LATEST_EVENTS = 8
ALL_AND_ONE = 2
"""With one kind of work only there is nothing to filter."""


@page(Holds.THOSE_IN_SIGHT)
def my_work(request: HttpRequest) -> HttpResponse:
    """What I owe, soonest first."""
    kinds = work.kinds_of(work.mine(request.user), request.at)
    shown = _page_of_duties(request, work.mine(request.user), kinds, MY_DUTIES_A_PAGE)
    context = {
        "lists": _lists(request, mine=kinds[0].count),
        "kinds": _filters(request, kinds),
        "overdue": kinds[0].overdue,
        "duties": shown,
        "lines": work.lines_for(shown, request.user, request.at),
        "roles_to_fill": work.roles_to_fill(request.user, request.at),
        "links": panels.added_to("my_work", request, None, None),
        "at": request.at,
    }
    return render(request, "children/my_work.html", context)


@page(Holds.THOSE_IN_SIGHT, roles=work.LEADERS)
def team_overdue(request: HttpRequest) -> HttpResponse:
    """What is overdue in my team or area, the longest first."""
    duties = work.overdue_of_those_led_by(request.user, request.at)
    kinds = work.kinds_of(duties, request.at)
    shown = _page_of_duties(request, duties, kinds, TEAMS_DUTIES_A_PAGE)
    context = {
        "lists": _lists(request, teams=kinds[0].count),
        "kinds": _filters(request, kinds),
        "duties": shown,
        "lines": work.lines_for(shown, request.user, request.at),
        "at": request.at,
    }
    return render(request, "children/team_overdue.html", context)


@page(Holds.ONE_CHILD)
def child_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything about one child that this person may see."""
    child = child_or_404(request, pk)
    sight = sight_of(request.user, child, request.at)
    events = timeline.events_of(child.case_file_id, child.case_file.last_number, size=LATEST_EVENTS)
    context = {
        "child": child,
        "identity": identity_bar(request, child, sight, own_page=True),
        "standing": panels.added_to("child.standing", request, child, sight),
        "lines": lines_of(child.case_file.open_duties),
        "changes": [*changes_for(child, request), *panels.added_to("child.changes", request, child, sight)],
        "facts": facts_of(child, request.at),
        "panels": panels.panels_of("child", request, child, sight),
        "events": timeline.told(events, with_text=bool(sight.narrative)),
        "is_more_to_tell": child.case_file.last_number > LATEST_EVENTS,
        "at": request.at,
    }
    return render(request, "children/child.html", context)


@page(Holds.ONE_CHILD)
def child_timeline(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything that happened, newest first."""
    child = child_or_404(request, pk)
    sight = sight_of(request.user, child, request.at)
    last = child.case_file.last_number
    shown = page_of(request, range(last), EVENTS_A_PAGE, number=last)
    events = timeline.events_of(child.case_file_id, last, page=shown.number, size=EVENTS_A_PAGE)
    context = {
        **around(request, child),
        "events": timeline.told(events, with_text=bool(sight.narrative)),
        "page": shown,
    }
    return render(request, "children/timeline.html", context)


@page(Holds.THOSE_IN_SIGHT)
def find_child(request: HttpRequest) -> HttpResponse:
    """Children by any part of a name. What was searched for is sent, never put into an address."""
    key = request.GET.get("found", "")
    words, page_number = recent_searches.words_of(request, key), 1
    form = SearchForm(request.POST or ({"q": words} if words else None))
    if request.method == "POST":
        words = form.cleaned_data["q"] if form.is_valid() else ""
        key = recent_searches.keep(request, words) if words else ""
    else:
        page_number = recent_searches.page_number(request)
    found = search.find(words, request.user, request.at, page=page_number)
    says_how = any(found.found_by.values())
    context = {
        "form": form,
        "found": found,
        "rows": [_row(child, found.found_by.get(child.pk, ())) for child in found.children],
        "columns": COLUMNS if says_how else COLUMNS[:-1],
        "says_how": says_how,
        "searched_for": request.POST.get("q", words)[:LONGEST_SEARCH],
        "may_break_glass": request.user.holds(*MAY_BREAK_GLASS, at=request.at),
        **recent_searches.pages(key, page_number, found.number, len(found.children)),
    }
    return render(request, "children/search.html", context)


@page(Holds.THOSE_IN_SIGHT, roles=permissions.WORKERS)
def new_child(request: HttpRequest) -> HttpResponse:
    """A child becomes looked after: open the file."""
    if not permissions.may_open(None, request.user, request.at):
        raise NotYou("A file is opened by the workers of the team that will hold the case.")

    def act(form):
        child = form.child_of(CaseFile.objects.create(kind=CaseFile.Kind.CHILD, opened_at=request.at))
        by = {"may": permissions.may_open, "by": request.user, "at": request.at}
        write_down(child, *form.facts(child), act=NEW_CHILD.act, about=child, **by)
        return reverse("children:child", args=[child.pk])

    page_shown = recording.Page(NEW_CHILD.label, lede=NEW_CHILD.lede, button=NEW_CHILD.button)
    context = {"back_url": reverse("children:my_work"), "back_label": "My work"}
    return recording.record(
        request, NEW_CHILD.form, about=None, page=page_shown, act=act, done=NEW_CHILD.done, context=context
    )


def recording_of(change: Change):
    """The page on which one kind of fact about a child is recorded."""

    @page(Holds.ONE_CHILD)
    def record_change(request: HttpRequest, pk: int) -> HttpResponse:
        child = child_or_404(request, pk)
        if not change.may(child, request.user, request.at):
            raise NotYou(change.who)

        def act(form):
            by = {"may": change.may, "by": request.user, "at": request.at}
            write_down(*form.facts(), act=change.act, about=child, details=form.details(), **by)
            return _where_next(request, child)

        return recording.record(
            request,
            change.form,
            about=child,
            page=recording.Page(change.label, lede=change.lede, button=change.button),
            act=act,
            done=change.done,
            context=around(request, child),
        )

    return record_change


def child_or_404(request: HttpRequest, pk: int) -> Child:
    """The child, if this person may see it; a stranger learns nothing."""
    seen = Child.objects.visible_to(request.user, at=request.at).select_related("case_file")
    child = with_facts(get_object_or_404(seen, pk=pk))
    return permissions.loaded_in_scope(child, request.user, request.at)


def around(request: HttpRequest, child: Child) -> dict:
    """What stands around a form about a child."""
    sight = sight_of(request.user, child, request.at)
    return {
        "child": child,
        "identity": identity_bar(request, child, sight),
        **way_back(child),
    }


def way_back(child: Child) -> dict[str, str]:
    """The link to the child's page, at the head of every other page about the child."""
    return {"back_url": reverse("children:child", args=[child.pk]), "back_label": "Back to the child’s page"}


def _where_next(request: HttpRequest, child: Child) -> str:
    """The child's page; whoever has just given the case away goes to the own work."""
    still = permissions.is_in_sight(child.pk, request.user, request.at)
    return reverse("children:child", args=[child.pk]) if still else reverse("children:my_work")


COLUMNS = ("Name", "Date of birth", "Number", "Found by")


def _row(child, found_by):
    return {
        "name": child.name,
        "url": link_to("children:child", child.pk),
        "born": said_day(child.date_of_birth),
        "number": child.reference,
        "found_by": "; ".join(found_by) or "Name",
    }


def _page_of_duties(request, duties, kinds, size) -> Page:
    value = request.GET.get("kind", "")
    number = next((kind.count for kind in kinds if kind.value == value), 0 if value else kinds[0].count)
    rows = work.of_kind(duties, value).soonest_first().select_related("owner", "case_file")
    return page_of(request, rows, size, number=number)


def _filters(request, kinds):
    value = request.GET.get("kind", "")
    if len(kinds) <= ALL_AND_ONE and not value:
        return []
    return [
        {
            "label": kind.label,
            "url": f"{request.path}?kind={kind.value}" if kind.value else request.path,
            "current": kind.value == value,
            "count": kind.count,
        }
        for kind in kinds
    ]


def _lists(request, *, mine=None, teams=None):
    """The two lists of somebody who leads a team or an area; nobody else has a choice."""
    if not work.leads(request.user, request.at):
        return []
    mine = work.mine(request.user).count() if mine is None else mine
    teams = work.overdue_of_those_led_by(request.user, request.at).count() if teams is None else teams
    lists = (("My work", "my_work", mine), ("Overdue in my team or area", "team_overdue", teams))
    return [
        {"label": label, "url": (url := reverse(f"children:{name}")), "current": url == request.path, "count": count}
        for label, name, count in lists
    ]
