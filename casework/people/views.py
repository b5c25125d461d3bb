"""The pages of administrators: people, what waits for a second administrator, teams and service areas. No child is named."""

from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts import granting
from accounts.models import GrantRequest, ServiceArea, Team, User
from casework import lists, panels
from casework.confirming import confirmed_once
from casework.pages import Holds, page
from casework.people import acts, changes, history, listing, person as persons
from casework.people.changes import Change, Subject, menu
from casework.people.forms import FindForm, PeopleFilter, PersonForm
from casework.recording import Page, record
from casework.steps import NotYet, NotYou

PEOPLE_A_PAGE, TOLD_A_PAGE, LATEST_TOLD = 50, 50, 8
View = Callable[..., HttpResponse]
for_administrators = page(Holds.NOTHING_PERSONAL, roles=acts.ADMINISTRATORS)
for_whoever_decides = page(Holds.NOTHING_PERSONAL, roles=acts.DECIDE)


@for_administrators
def people(request: HttpRequest) -> HttpResponse:
    """What waits for a second administrator, and everybody who has an account."""
    filters = PeopleFilter(request.GET)
    finding = FindForm(request.POST if request.method == "POST" else None)
    words = finding.cleaned_data["q"] if finding.is_bound and finding.is_valid() else ""
    found = listing.find(words, at=request.at, **filters.chosen)
    shown = lists.page_of(request, found, PEOPLE_A_PAGE)
    context = {
        "sections": _sections(request),
        "waiting": listing.waiting(request.at),
        "is_only_administrator": listing.is_only_administrator(request.at),
        "form": finding,
        "searched": words,
        "filter_form": filters,
        "applied": lists.applied(request, filters.in_words()),
        "columns": listing.COLUMNS,
        "rows": listing.rows(shown.object_list, request.at),
        "page": shown,
    }
    return render(request, "people/people.html", context)


@require_safe
@for_administrators
def person_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything about one person's account and appointments."""
    person = get_object_or_404(User, pk=pk)
    told = history.of_person(person)
    context = {
        "person": person,
        "facts": persons.facts(person),
        "waiting": listing.waiting(request.at, person=person),
        "posts": persons.posts(person, request.at),
        "holds": _falls_to(person, request),
        "changes": [] if person == request.user else menu(changes.OF_PERSON, "person", person, request.at),
        "is_own": person == request.user,
        "told": told[:LATEST_TOLD],
        "is_more_to_tell": len(told) > LATEST_TOLD,
        "breadcrumbs": [("People", reverse("people:people"))],
    }
    return render(request, "people/person.html", context)


@require_safe
@for_administrators
def person_history(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything that was changed about a person, newest first."""
    person = get_object_or_404(User, pk=pk)
    shown = lists.page_of(request, history.of_person(person), TOLD_A_PAGE)
    return render(request, "people/history.html", {"person": person, "told": shown, "page": shown, **_back_to(person)})


@require_safe
@for_whoever_decides
def request_page(request: HttpRequest, pk: int) -> HttpResponse:
    """What is asked for, by whom and why; and, for whoever can decide it, the way there."""
    wanted = get_object_or_404(GrantRequest.objects.select_related(*acts.READ_WITH), pk=pk)
    objections = granting.objections_to_deciding(wanted, request.at)
    deciders = wanted.deciders(request.at)
    not_you = _not_theirs_to_decide(wanted, request)
    is_administrator = request.user.holds(*acts.ADMINISTRATORS, at=request.at)
    if not_you and not is_administrator and request.user != wanted.decided_by:
        raise NotYou(*not_you)
    by_asker = not granting.not_theirs_to_withdraw(wanted, request.user)
    decide, withdraw = (reverse(f"people:request_{name}", args=[pk]) for name in ("decide", "withdraw"))
    context = {
        "wanted": wanted,
        "rows": persons.request_facts(wanted, deciders),
        "person_url": reverse("people:person", args=[wanted.person_id]) if is_administrator else "",
        "objections": [] if wanted.decided_by else objections,
        "not_you": [] if objections else not_you,
        "decide_url": "" if objections or not_you else decide,
        "withdraw_url": withdraw if by_asker and not objections else "",
        "breadcrumbs": [("People", reverse("people:people"))] if is_administrator else [],
    }
    return render(request, "people/request.html", context)


@for_administrators
def add_person(request: HttpRequest) -> HttpResponse:
    """Somebody new is to sign in."""

    def act(form: Any) -> str:
        person = acts.add_person(form.person(), by=request.user, at=request.at)
        return reverse("people:person", args=[person.pk])

    about = Page(
        "Add a person",
        lede="No password is typed here: the person gets a link by mail. Then appoint the person to a role.",
        button="Add the person",
    )
    context = {"back_url": reverse("people:people"), "back_label": "People"}
    done = "The person is added, and a mail is on its way."
    return record(request, PersonForm, about=None, page=about, act=act, done=done, context=context)


# Teams and service areas


@require_safe
@for_administrators
def places(request: HttpRequest) -> HttpResponse:
    """The service areas and their teams."""
    context = {"sections": _sections(request), "areas": listing.teams_by_area(request.at)}
    return render(request, "people/places.html", context)


@require_safe
@for_administrators
def team_page(request: HttpRequest, pk: int) -> HttpResponse:
    """A team: its area, its people now, and what was changed about it."""
    team = get_object_or_404(Team.objects.select_related("area"), pk=pk)
    return _place_page(request, team, "team", changes.OF_TEAM, [{"label": "Service area", "says": team.area.name}])


@require_safe
@for_administrators
def area_page(request: HttpRequest, pk: int) -> HttpResponse:
    """A service area: its teams, its people now, and what was changed about it."""
    area = get_object_or_404(ServiceArea, pk=pk)
    teams = "\n".join(area.teams.values_list("name", flat=True)) or "None"
    return _place_page(request, area, "area", changes.OF_AREA, [{"label": "Teams", "says": teams}])


def _place_page(
    request: HttpRequest, place: Any, kind: str, to_do: tuple[Change, ...], facts: list[Any]
) -> HttpResponse:
    context = {
        "place": place,
        "kind": kind,
        "rows": [*facts, {"label": "Open", "says": listing.said_closed(place, request.at) or "Yes"}],
        "people": place.appointments.in_force(request.at).select_related("user", "acting_for").order_by("role", "pk"),
        "changes": menu(to_do, kind, place, request.at),
        "told": history.of_place(place),
        "breadcrumbs": [("People", reverse("people:people")), ("Teams and areas", reverse("people:places"))],
    }
    return render(request, "people/place.html", context)


def adding(change: Change) -> View:
    """The page on which a team or an area is added."""

    @for_administrators
    def add(request: HttpRequest) -> HttpResponse:
        def act(form: Any) -> str:
            change.do(form, None, request.user, request.at)
            return reverse("people:places")

        context = {"back_url": reverse("people:places"), "back_label": "Teams and areas"}
        return _form_page(request, change, None, act, context)

    return add


# Changes, by the tables


def changing(subject: Subject, change: Change) -> View:
    """The page of one kind of change of one kind of row."""

    def show(request: HttpRequest, pk: int) -> HttpResponse:
        row = get_object_or_404(subject.rows(), pk=pk)
        back_url, back_label = subject.back(row)
        if request.method != "POST":
            _require_fit(request, subject, change, row)

        def act(form: Any) -> str:
            form.waits = change.do(form, row, request.user, request.at) is False
            return back_url

        context = {"back_url": back_url, "back_label": back_label, "about": subject.says(row)}
        if subject.kind == "request":
            context["rows"] = persons.request_facts(row, row.deciders(request.at))
        elif change.shows_what_falls:
            context["rows"] = _falls_to(row, request)
        return _form_page(request, change, row, act, context)

    return for_whoever_decides(confirmed_once(show)) if change.name == "decide" else for_administrators(show)


def _not_theirs_to_decide(wanted: GrantRequest, request: HttpRequest) -> list[str]:
    return granting.not_theirs_to_confirm(wanted, request.user) or granting.not_a_decider(
        request.user, wanted.deciders(request.at)
    )


def _require_fit(request: HttpRequest, subject: Subject, change: Change, row: Any) -> None:
    """Say before anything is typed why it cannot be done."""
    if subject.kind == "request":
        is_withdrawn = change.name == "withdraw"
        theirs = (
            granting.not_theirs_to_withdraw(row, request.user) if is_withdrawn else _not_theirs_to_decide(row, request)
        )
        _raise(NotYou, theirs)
        _raise(NotYet, granting.objections_to_deciding(row, request.at))
        return
    if getattr(row, "user_id", row.pk if subject.kind == "person" else None) == request.user.pk:
        raise NotYou(granting.NOT_FOR_YOURSELF)
    if not change.fits(row, request.at):
        raise NotYet(f"“{change.label}” cannot be done, as things stand now: {subject.says(row)}")


def _raise(refused: type[NotYou] | type[NotYet], sentences: list[str]) -> None:
    if sentences:
        raise refused(*sentences)


def _form_page(
    request: HttpRequest, change: Change, row: Any, act: Callable[[Any], str], context: Mapping[str, Any]
) -> HttpResponse:
    shown = Page(change.title or change.label, lede=change.lede, button=change.button, template="people/record.html")
    return record(
        request, change.form, about=row, page=shown, act=act, done=change.says_done, context={"about": "", **context}
    )


def _falls_to(person: User, request: HttpRequest) -> list[dict[str, str]]:
    """What somebody else will have to do once a person does it no longer, in numbers."""
    return [
        *persons.duties(person, request.user, request.at),
        *panels.added_to("person.holds", request, person, None),
    ]


def _back_to(person: User) -> dict[str, str]:
    return {"back_url": reverse("people:person", args=[person.pk]), "back_label": person.name}


def _sections(request: HttpRequest) -> list[dict[str, Any]]:
    return [
        {"label": label, "url": (url := reverse(f"people:{name}")), "current": url == request.path}
        for label, name in (("People", "people"), ("Teams and areas", "places"))
    ]
