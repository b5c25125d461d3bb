"""How a form is begun: from a visit on record, before the child moves in, or on a look at the home without a visit."""

from datetime import datetime
from typing import Any

from django import forms
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from accounts.roles import Role
from casework.forms import NOTHING_CHOSEN, TYPED_INTO, MomentField
from casework.pages import Holds, page
from casework.recording import Page, RecordingForm, record
from casework.steps import NotYet, NotYou, write_down
from casework.wording import said_moment
from children.access import sight_of
from children.permissions import loaded_in_scope
from children.views import around, child_or_404
from placements.models import Carer, Home, Placement
from placements.permissions import may_see_homes
from placements.where import with_whom
from visits.models import Visit, VisitingForm
from visits.permissions import may_complete, may_fill_in
from visits.states import FormState
from visits.visiting_forms.kinds import BY_CODE, Kind

BEGUN = "The form is begun. What you type is kept section by section."
WHO = "{} is filled in by: {}."
KEPT_IN_EACH = "What you write is kept in the file of each child whom you tick: name no child in it."


class BeginForm(RecordingForm):
    """Begin a form: nothing is asked that a visit says already."""


class WhenForm(RecordingForm):
    """A look at a home without a visit on record: when it was."""

    made_at = MomentField(label="When were you there?")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["made_at"].initial = self.at

    def clean_made_at(self):
        """It has happened."""
        made_at = self.cleaned_data["made_at"]
        if made_at > self.at:
            raise forms.ValidationError("You must have been there: begin the form when you have.")
        return made_at


class BeforeMoveForm(WhenForm):
    """A look at a home to which the child may move."""

    place = forms.ChoiceField(
        label="Which home did you look at?",
        help_text="It has to be on record. The placement service can enter one that is not.",
        widget=forms.Select(attrs=TYPED_INTO),
    )
    field_order = ("place", "made_at")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["place"].choices = SimpleLazyObject(lambda: [*NOTHING_CHOSEN, *_places_for(self.about)])

    def place_chosen(self) -> dict[str, Any]:
        """The home or the carers, by the name of the column."""
        name, _, pk = self.cleaned_data["place"].partition(":")
        return {f"{name}_id": int(pk)}


class AtHomeForm(WhenForm):
    """A look at a home where a child lives, and for which of the children there."""

    children = forms.MultipleChoiceField(
        label="For which children who live here?",
        help_text=KEPT_IN_EACH,
        widget=forms.CheckboxSelectMultiple,
    )
    field_order = ("made_at", "children")

    def __init__(self, *args: Any, here: Any, asks_for: bool, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.here = {str(placement.pk): placement for placement in here}
        if not asks_for:
            del self.fields["children"]
            return
        self.fields["children"].choices = [(pk, placement.child.name) for pk, placement in self.here.items()]
        self.fields["children"].initial = list(self.here)

    def clean_made_at(self):
        """Each of the children lived there then."""
        made_at = super().clean_made_at()
        if made_at < self.about.started_at.replace(second=0, microsecond=0):
            raise forms.ValidationError(f"The child has lived here since {said_moment(self.about.started_at)}.")
        return max(made_at, self.about.started_at)

    @property
    def chosen(self) -> list[Placement]:
        """The placements for which the form is made, that of the page first where it is one of them."""
        chosen = [self.here[pk] for pk in self.cleaned_data.get("children", [str(self.about.pk)])]
        return sorted(chosen, key=lambda placement: placement.pk != self.about.pk)


@page(Holds.ONE_CHILD)
def begin_from_visit(request, kind, visit):
    """Begin a form from a visit; where it was begun already, go on with it."""
    of_kind = _kind_or_404(kind)
    made = Visit.objects.visible_to(request.user, at=request.at).select_related(
        "placement__child__case_file", "visitor"
    )
    visited = get_object_or_404(made, pk=visit)
    child = loaded_in_scope(visited.placement.child, request.user, request.at)
    begun = VisitingForm.objects.filter(visit=visited, kind=of_kind.code).exclude(state=FormState.WITHDRAWN).first()
    if begun and request.method != "POST":
        return HttpResponseRedirect(where_to_go_on(begun, request))
    begins = new_from(visited, of_kind, request.at)
    if begins is None or not may_complete(begins, request.user, request.at):
        raise NotYou("A form is filled in by whoever made the visit, or is in that role for the child now.")

    def act(form):
        return _write(request, [new_from(visited, of_kind, request.at)])

    return _begin(request, of_kind, BeginForm, visited.placement, child, act)


@page(Holds.ONE_CHILD)
def begin_before_move(request, kind, pk):
    """Begin a form on a look at a home to which a child may move (K-01, K-11)."""
    of_kind = _kind_or_404(kind)
    child = child_or_404(request, pk)
    if not of_kind.before_move:
        raise Http404
    role = _role_in(request, of_kind.before_move)
    if role is None or not may_see_homes(request.user, request.at):
        raise NotYou(WHO.format(of_kind.code.label, _named(of_kind.before_move)))

    def act(form):
        begun = _new(of_kind, request, child, role, form.cleaned_data["made_at"], **form.place_chosen())
        return _write(request, [begun])

    return _begin(request, of_kind, BeforeMoveForm, child, child, act)


@page(Holds.ONE_CHILD)
def begin_at_home(request, kind, placement):
    """Begin a form on a look at a home that asks for no visit to the child on record (K-14, K-15)."""
    of_kind = _kind_or_404(kind)
    if of_kind.sees_child:
        raise Http404
    visible = Placement.objects.visible_to(request.user, at=request.at).select_related(
        "child__case_file", "home", "carer"
    )
    home = get_object_or_404(visible, pk=placement)
    child = loaded_in_scope(home.child, request.user, request.at)
    role = _role_in(request, of_kind.roles)
    if role is None:
        raise NotYou(WHO.format(of_kind.code.label, _named(of_kind.roles)))
    if home.ended_at and home.ended_at <= request.at:
        raise NotYet("The child has left this home.")
    several = of_kind.whole_home and home.home_id is not None
    here = list(visible.live(request.at).filter(home=home.home_id).order_by("child__pk")) if several else [home]

    def form_class(*args, **kwargs):
        return AtHomeForm(*args, here=here, asks_for=len(here) > 1, **kwargs)

    def act(form):
        made_at = form.cleaned_data["made_at"]
        lead, *others = form.chosen
        for each in others:
            loaded_in_scope(each.child, request.user, request.at)
        first = _new(of_kind, request, lead.child, role, made_at, placement=lead)
        rest = [_new(of_kind, request, each.child, role, made_at, placement=each, begun_with=first) for each in others]
        return _write(request, [first, *rest])

    return _begin(request, of_kind, form_class, home, child, act)


def new_from(visit: Any, of_kind: Kind, at: datetime) -> VisitingForm | None:
    """A form of a kind as it would be begun from a visit; None where no such form is filled in on it."""
    if visit.visitor is None or not of_kind.sees_child or Role(visit.role) not in of_kind.roles:
        return None
    return VisitingForm(
        kind=of_kind.code,
        child=visit.placement.child,
        placement=visit.placement,
        visit=visit,
        author=visit.visitor,
        role=visit.role,
        made_at=visit.made_at,
        begun_at=at,
    )


def where_to_go_on(form, request):
    """Where somebody goes on with a form: to typing it, or to reading it."""
    goes_on = form.state == FormState.BEGUN and not form.begun_with_id and may_complete(form, request.user, request.at)
    return reverse("visits:fill" if goes_on else "visits:form", args=[form.pk])


def _begin(request, of_kind, form_class, about, child, act):
    title = of_kind.code.label
    where = SimpleLazyObject(lambda: _where(request, about, child))
    return record(
        request,
        form_class,
        about=about,
        page=Page(title, button="Begin the form", template="visits/forms/begin.html"),
        act=act,
        done=BEGUN,
        context={**around(request, child), "where": where, "of_kind": of_kind},
    )


def _where(request, about, child):
    return with_whom(about, sight_of(request.user, child, request.at)) if isinstance(about, Placement) else ""


def _write(request, begun):
    """Write down that forms are begun, each in the file of its child."""
    for form in begun:
        told = {"form": form.get_kind_display(), "made_at": said_moment(form.made_at)}
        by = {"by": request.user, "at": request.at, "may": _may_begin}
        write_down(form, act="begin_form", about=form, details=told, **by)
    return reverse("visits:fill", args=[begun[0].pk])


def _may_begin(form, user, at):
    return may_complete(form, user, at) or may_fill_in(form.child, form.of_kind, user, at)


def _new(of_kind, request, child, role, made_at, **about):
    return VisitingForm(
        kind=of_kind.code,
        child=child,
        author=request.user,
        role=role,
        made_at=made_at,
        begun_at=request.at,
        **about,
    )


def _role_in(request, roles):
    held = request.user.roles_at(request.at)
    return next((role for role in roles if role in held), None)


def _kind_or_404(code):
    if code not in BY_CODE:
        raise Http404
    return BY_CODE[code]


def _named(roles):
    return ", ".join(role.label for role in roles)


def _places_for(child):
    """Every home on record, and first what was proposed for this child."""
    proposed = [each.home or each.carer for each in child.proposed_homes.select_related("home", "carer")]
    first = {_value(place): f"{place.name} (proposed)" for place in proposed if place}
    homes = {_value(home): home.name for home in Home.objects.order_by("name").only("name")}
    return [*first.items(), *((value, name) for value, name in homes.items() if value not in first)]


def _value(place):
    return f"{'carer' if isinstance(place, Carer) else 'home'}:{place.pk}"
