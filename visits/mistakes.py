"""A visit that was recorded by mistake is struck out: it stays to be read, with the reason, and meets nothing any more."""

from django.shortcuts import get_object_or_404
from django.urls import reverse

from casework.pages import Holds, page
from casework.recording import Page, RecordingForm, record
from casework.steps import NotYet, NotYou, write_down
from children.permissions import loaded_in_scope
from children.views import around
from placements.forms.mistakes import BecauseField
from visits.models import Visit
from visits.permissions import may_strike_out

WHO = "A visit is struck out by whoever made it, or by the team manager."
BEFORE = "This visit was struck out before."


class StrikeOutForm(RecordingForm):
    """What was wrong with a visit on record."""

    because = BecauseField()


@page(Holds.ONE_CHILD)
def strike_out(request, pk):
    """Strike out a visit: to another child, on another day, or one that was never made."""
    visits = Visit.with_struck_out.visible_to(request.user, at=request.at)
    visit = get_object_or_404(visits.select_related("placement__child__case_file"), pk=pk)
    child = loaded_in_scope(visit.placement.child, request.user, request.at)
    if not may_strike_out(visit, request.user, request.at):
        raise NotYou(WHO)

    def act(form):
        held = Visit.with_struck_out.select_for_update(no_key=True).get(pk=visit.pk)
        if held.struck_out:
            raise NotYet(BEFORE)
        held.struck_out = True
        by = {"may": lambda about, user, at: may_strike_out(visit, user, at), "by": request.user, "at": request.at}
        because = form.cleaned_data["because"]
        write_down(held, act="strike_out_visit", about=visit.placement, details=visit.told(), because=because, **by)
        return reverse("visits:visit", args=[visit.pk])

    if visit.struck_out and request.method != "POST":
        raise NotYet(BEFORE)
    return record(
        request,
        StrikeOutForm,
        about=visit,
        page=Page(
            "This visit was recorded by mistake",
            lede="It stays in the record, with your reason, and no longer counts: a visit that it met is due again. "
            "Record the visit as it was after that, on the page of the right child or for the right day.",
            button="Strike it out",
        ),
        act=act,
        done="The visit is struck out.",
        context=around(request, child),
    )
