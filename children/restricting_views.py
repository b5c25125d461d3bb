"""The pages on which a record is restricted and people are named; and those of the privacy officer, who sees no child."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from casework import recording
from casework.pages import Holds, page
from casework.steps import NotYet, NotYou
from casework.wording import counted, due, said_moment
from children import access, restricting, restricting_forms as forms
from children.models import Child, Restriction
from children.permissions import is_in_sight
from children.views import around, child_or_404

OFFICERS = frozenset({Role.PRIVACY_OFFICER})
COLUMNS = [{"label": "Who"}, {"label": "Role"}, {"label": "Named since"}, {"label": "Why"}]
WAITING = [{"label": "Role that nobody named holds"}, {"label": "Waiting"}, {"label": "The first"}]


def what_to_do(request: HttpRequest, child: Child, sight: access.Sight) -> list[dict[str, str]]:
    """What the child's page offers: to restrict the record, or to see who is named."""
    if access.way_to(child, request.user, request.at).is_restricted:
        return [
            {"label": "Who may see this restricted record", "url": reverse("children:restriction", args=[child.pk])}
        ]
    if restricting.may_restrict(child, request.user, request.at):
        return [{"label": "Restrict the record to people named", "url": reverse("children:restrict", args=[child.pk])}]
    return []


@page(Holds.ONE_CHILD)
def restriction(request: HttpRequest, pk: int) -> HttpResponse:
    """Who sees a restricted record, why, and what waits because nobody named can do it."""
    child = child_or_404(request, pk)
    found = restricting.restriction_of(child, request.at)
    if found is None:
        raise NotYet(restricting.NOT_RESTRICTED)
    named = restricting.named_on(child.pk, request.at)
    context = {
        **around(request, child),
        "rows_of_restriction": [
            {"label": "Restricted since", "says": f"{said_moment(found.starts_at)}, by {found.by.name}"},
            {"label": "Reason", "says": f"{found.get_why_display()}\n{found.because}".strip()},
        ],
        "columns": COLUMNS,
        "rows": [
            [each.person.name, each.titles, said_moment(each.since), _why_named(each.because, found)] for each in named
        ],
        "warnings": restricting.warnings_about(child, [each.person.pk for each in named], request.at),
        "may_change": restricting.may_restrict(child, request.user, request.at),
        "who": restricting.WHO_OF_RESTRICTED,
    }
    return render(request, "children/restriction.html", context)


@page(Holds.ONE_CHILD)
def restrict(request: HttpRequest, pk: int) -> HttpResponse:
    """From now on only people named see the record."""
    child = _changeable(request, pk)
    if request.method != "POST" and access.way_to(child, request.user, request.at).is_restricted:
        raise NotYet(restricting.RESTRICTED_ALREADY)

    def act(form):
        said = form.cleaned_data
        by = {"by": request.user, "at": request.at}
        restricting.restrict(child, form.who_is_named(), why=said["why"], because=said["because"], **by)
        return _where_next(request, child)

    lede = "Everybody else finds nothing at all from their next click on: no record, no name, no count."
    page_shown = recording.Page("Restrict the record to people named", lede=lede, button="Restrict the record")
    return _ask(request, forms.RestrictForm, child, page_shown, act, "The record is restricted.")


@page(Holds.ONE_CHILD)
def name_person(request: HttpRequest, pk: int) -> HttpResponse:
    """One more person sees the restricted record."""
    child = _changeable(request, pk)

    def act(form):
        person = User.objects.get(pk=form.cleaned_data["person"])
        restricting.name_person(child, person, because=form.cleaned_data["because"], by=request.user, at=request.at)
        return reverse("children:restriction", args=[child.pk])

    page_shown = recording.Page(
        "Name another person", lede="The person is told by mail, without the child’s name.", button="Name this person"
    )
    return _ask_of_restricted(request, forms.NamePersonForm, child, page_shown, act, "The person is named.")


@page(Holds.ONE_CHILD)
def take_off(request: HttpRequest, pk: int) -> HttpResponse:
    """A person sees the restricted record no longer."""
    child = _changeable(request, pk)

    def act(form):
        person = User.objects.get(pk=form.cleaned_data["person"])
        restricting.take_off(child, person, because=form.cleaned_data["because"], by=request.user, at=request.at)
        return _where_next(request, child)

    page_shown = recording.Page(
        "Take a name off", lede="The person sees nothing of it from the next click on.", button="Take this name off"
    )
    return _ask_of_restricted(request, forms.TakeOffForm, child, page_shown, act, "The name is taken off.")


@page(Holds.ONE_CHILD)
def lift(request: HttpRequest, pk: int) -> HttpResponse:
    """The record is seen by role again."""
    child = _changeable(request, pk)

    def act(form):
        restricting.lift(child, because=form.cleaned_data["because"], by=request.user, at=request.at)
        return _where_next(request, child)

    lede = "Everybody whose role reaches the child sees the record again. Nobody stays named."
    page_shown = recording.Page("Lift the restriction", lede=lede, button="Lift the restriction")
    return _ask_of_restricted(request, forms.LiftForm, child, page_shown, act, "The restriction is lifted.")


@page(Holds.ONE_CHILD)
def restricted_record(request: HttpRequest, key) -> HttpResponse:
    """Where a mail about a restricted record leads: to the record, for whoever is named; to nothing for anybody else."""
    found = get_object_or_404(Restriction, key=key)
    if not is_in_sight(found.child_id, request.user, request.at):
        raise Http404
    is_over = found.ends_at and found.ends_at <= request.at
    return HttpResponseRedirect(reverse("children:child" if is_over else "children:restriction", args=[found.child_id]))


# The privacy officer


@page(Holds.NOTHING_PERSONAL, roles=OFFICERS)
def names_wanted(request: HttpRequest) -> HttpResponse:
    """Restricted records on which steps wait because nobody named can take them; without the children."""
    rows = [
        [
            {
                "says": said_key(found["restriction"]),
                "url": reverse("children:name_wanted", args=[found["restriction"].key]),
            },
            ", ".join(Role(row["role"]).label for row in found["roles"]),
            due(found["roles"][0]["soonest"], request.at),
        ]
        for found in restricting.waiting_for_a_name(request.at)
    ]
    columns = [{"label": "Record"}, {"label": "Roles that nobody named holds"}, {"label": "The first is"}]
    return render(request, "children/names_wanted.html", {"rows": rows, "columns": columns})


@page(Holds.NOTHING_PERSONAL, roles=OFFICERS)
def name_wanted(request: HttpRequest, key) -> HttpResponse:
    """What waits on one restricted record, who is named, and what the privacy officer can do about it."""
    found = _wanted(request, key)
    roles = restricting.roles_waiting(found, request.at)
    named = restricting.named_on(found.child_id, request.at)
    context = {
        "title": said_key(found),
        "key": found.key,
        "waiting_columns": WAITING,
        "waiting": [
            [Role(row["role"]).label, counted(row["number"], "duty"), due(row["soonest"], request.at)] for row in roles
        ],
        "columns": COLUMNS[:3],
        "rows": [[each.person.name, each.titles, said_moment(each.since)] for each in named],
        "can_ask": any(each.can_name for each in named),
        "back_url": reverse("children:names_wanted"),
        "back_label": "Names wanted",
    }
    return render(request, "children/name_wanted.html", context)


@page(Holds.NOTHING_PERSONAL, roles=OFFICERS)
def ask_to_name(request: HttpRequest, key) -> HttpResponse:
    """Ask somebody already named to name somebody."""
    found = _wanted(request, key)

    def act(form):
        person = User.objects.get(pk=form.cleaned_data["person"])
        restricting.ask_to_name(found, person, form.cleaned_data["role"], by=request.user, at=request.at)
        return reverse("children:name_wanted", args=[key])

    page_shown = recording.Page(
        "Ask somebody named", lede="The person gets a mail that names no child.", button="Ask this person"
    )
    return _ask_officer(request, forms.AskToNameForm, found, page_shown, act, "The person is asked by mail.")


@page(Holds.NOTHING_PERSONAL, roles=OFFICERS)
def name_by_role(request: HttpRequest, key) -> HttpResponse:
    """Name somebody who holds a role that is missing."""
    found = _wanted(request, key)

    def act(form):
        role, person = form.cleaned_data["who"].split(":")
        told = {"because": form.cleaned_data["because"], "by": request.user, "at": request.at}
        restricting.name_by_role(found, User.objects.get(pk=person), role, **told)
        return reverse("children:names_wanted")

    page_shown = recording.Page(
        "Name somebody by role", lede="You will not see the record, and the person will.", button="Name this person"
    )
    return _ask_officer(request, forms.NameByRoleForm, found, page_shown, act, "The person is named, and told by mail.")


def _why_named(because: str, found: Restriction) -> str:
    """The reason for naming somebody; whoever was named as the record was restricted shares the reason above."""
    return "Named when the record was restricted" if because == found.because else because


def said_key(found: Restriction) -> str:
    """How a restricted record is called where nobody may learn whose it is."""
    return f"Restricted record {str(found.key)[:8]}"


def _changeable(request: HttpRequest, pk: int) -> Child:
    child = child_or_404(request, pk)
    if not restricting.may_restrict(child, request.user, request.at):
        is_restricted = access.way_to(child, request.user, request.at).is_restricted
        raise NotYou(restricting.WHO_OF_RESTRICTED if is_restricted else f"{restricting.WHO}.")
    return child


def _wanted(request: HttpRequest, key) -> Restriction:
    return get_object_or_404(restricting.without_child(request.at), key=key)


def _ask(request, form_class, child, page_shown, act, done):
    context = around(request, child)
    return recording.record(request, form_class, about=child, page=page_shown, act=act, done=done, context=context)


def _ask_of_restricted(request, form_class, child, page_shown, act, done):
    if request.method != "POST" and not access.way_to(child, request.user, request.at).is_restricted:
        raise NotYet(restricting.NOT_RESTRICTED)
    return _ask(request, form_class, child, page_shown, act, done)


def _ask_officer(request, form_class, found, page_shown, act, done):
    if request.method != "POST" and not restricting.roles_waiting(found, request.at):
        raise NotYet("Nothing waits for a name on this record.")
    context = {"back_url": reverse("children:name_wanted", args=[found.key]), "back_label": said_key(found)}
    return recording.record(request, form_class, about=found, page=page_shown, act=act, done=done, context=context)


def _where_next(request: HttpRequest, child: Child) -> str:
    """The restricted record, or the child's page; whoever does not see the record any more goes to the own work."""
    if not is_in_sight(child.pk, request.user, request.at):
        return reverse("children:my_work")
    is_restricted = restricting.restriction_of(child, request.at) is not None
    return reverse("children:restriction" if is_restricted else "children:child", args=[child.pk])
