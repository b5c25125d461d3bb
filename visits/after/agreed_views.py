"""The pages of what is asked for and agreed about a home: all of it together, and one page to write down each."""

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from casework import recording
from casework.pages import Holds, page
from casework.steps import NotYet, NotYou, write_down
from children.access import sight_of
from children.permissions import loaded_in_scope
from placements.models import Placement
from placements.where import with_whom
from visits.after.agreed import Recorded, changes_after_visits
from visits.after.forms import FactsForm
from visits.after.told import parts_of
from visits.after.views import around


@require_safe
@page(Holds.ONE_CHILD)
def agreed(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything that was asked for and agreed about one home, and what came of it."""
    home = _home_or_404(request, pk)
    sight = sight_of(request.user, home.child, request.at)
    parts = parts_of(home, sight, request.user, request.at)
    context = {
        **around(request, home.child),
        "where": with_whom(home, sight),
        "parts": parts,
        "empty": [part for part in parts if not part.rows],
        "changes": changes_after_visits(request, home, sight),
        "at": request.at,
    }
    return render(request, "visits/after/agreed.html", context)


def recording_of(row: Recorded) -> Callable[..., HttpResponse]:
    """The page on which one of these is written down: about a home, or what came of an earlier one."""

    @page(Holds.ONE_CHILD)
    def write(request: HttpRequest, pk: int) -> HttpResponse:
        about, home = _about_or_404(request, row, pk)
        if not row.may(home, request.user, request.at):
            raise NotYou(row.who)
        if request.method != "POST":
            _require(row.objections(about, request.at))

        def act(form: FactsForm) -> str:
            with transaction.atomic():
                _require(row.objections(_as_it_stands(about), request.at))
                facts = form.facts()
                by = {"may": row.may, "by": request.user, "at": request.at}
                write_down(*facts, act=row.name, about=home, details=form.details(), **by)
                if row.then:
                    row.then(facts[0], request.at)
            return reverse("visits:agreed", args=[home.pk])

        return recording.record(
            request,
            row.form,
            about=about,
            page=recording.Page(row.label, button=row.button, lede=row.lede),
            act=act,
            done=row.done,
            context={
                **around(request, home.child),
                "back_url": reverse("visits:agreed", args=[home.pk]),
                "back_label": "Back to what is asked for and agreed",
            },
        )

    return write


def _as_it_stands(about: Any) -> Any:
    """The record locked, as it stands now: of two who answer at once the second learns that it was answered.

    A placement is no answer of anybody's, and its file is locked first by whoever changes it.
    """
    if isinstance(about, Placement):
        return about
    return type(about).objects.select_for_update(of=("self",)).get(pk=about.pk)


def _require(objections: list[str]) -> None:
    if objections:
        raise NotYet(*objections)


def _about_or_404(request: HttpRequest, row: Recorded, pk: int) -> tuple[Any, Placement]:
    if row.about is Placement:
        home = _home_or_404(request, pk)
        return home, home
    visible = row.about.objects.visible_to(request.user, at=request.at)
    about = get_object_or_404(visible.select_related("placement__child__case_file"), pk=pk)
    loaded_in_scope(about.placement.child, request.user, request.at)
    return about, about.placement


def _home_or_404(request: HttpRequest, pk: int) -> Placement:
    visible = Placement.objects.visible_to(request.user, at=request.at)
    home: Placement = get_object_or_404(visible.select_related("child__case_file", "home", "carer"), pk=pk)
    loaded_in_scope(home.child, request.user, request.at)
    return home
