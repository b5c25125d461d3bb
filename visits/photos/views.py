"""Photographs of a visit: add one after the visit is recorded, and see one, with the rights of whoever reads the visit."""

import hashlib
from functools import partial
from typing import Any

from csp.constants import NONE
from csp.decorators import csp
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_safe

from casework.events import label_of
from casework.pages import Holds, page
from casework.recording import Page, record
from casework.steps import NotYou, write_down
from children.access import sight_of
from children.permissions import loaded_in_scope
from children.views import around
from visits.models import RoomPhoto, Visit
from visits.permissions import may_add_photograph, may_read_account
from visits.photos.forms import PhotographForm

WHO_ADDS = "Photographs are added by whoever made the visit."
WHO_SEES = "Your role does not see what was written about visits, nor their photographs."
HEADERS = {
    "Content-Disposition": 'inline; filename="photograph.jpg"',
    "Cross-Origin-Resource-Policy": "same-origin",
}


@page(Holds.ONE_CHILD)
def add_photograph(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a photograph to a visit that is on record."""
    visits = Visit.objects.visible_to(request.user, at=request.at).select_related("placement__child__case_file")
    visit = get_object_or_404(visits, pk=pk)
    child = loaded_in_scope(visit.placement.child, request.user, request.at)
    if not may_add_photograph(visit, request.user, request.at):
        raise NotYou(WHO_ADDS)

    def act(form: PhotographForm) -> str:
        photo = form.photograph()
        by = {"may": lambda about, user, at: may_add_photograph(visit, user, at), "by": request.user, "at": request.at}
        details = {"visit": label_of(visit), "says": photo.says}
        write_down(photo, act="add_photograph", about=visit.placement, details=details, **by)
        return reverse("visits:visit", args=[visit.pk])

    return record(
        request,
        _form_of(request),
        about=visit,
        page=Page("Add a photograph", button="Add the photograph", template="visits/add_photograph.html"),
        act=act,
        done="The photograph is added. You can add another.",
        context={**around(request, child), "visit": visit},
    )


def _form_of(request: HttpRequest) -> Any:
    """The form with what was sent. The same key with another photograph is another sending."""
    if request.method != "POST":
        return PhotographForm
    sent = request.POST.copy()
    sent.setlist("digests", [_digest_of(file) for file in request.FILES.getlist("file")])
    request.POST = sent  # type: ignore[assignment]
    is_too_large = getattr(request, "files_are_too_large", False)
    return partial(PhotographForm, files=request.FILES, is_too_large=is_too_large)


def _digest_of(file: Any) -> str:
    digest = hashlib.sha256()
    for part in file.chunks():
        digest.update(part)
    return digest.hexdigest()


@require_safe
@page(Holds.ONE_CHILD)
@csp({"default-src": [NONE], "frame-ancestors": [NONE], "sandbox": True})
def photograph(request: HttpRequest, pk: int) -> HttpResponse:
    """One photograph; it stays in no cache, and its reading is logged like every other."""
    photos = RoomPhoto.objects.visible_to(request.user, at=request.at).select_related("visit__placement__child")
    photo = get_object_or_404(photos, pk=pk)
    child = loaded_in_scope(photo.visit.placement.child, request.user, request.at)
    if not may_read_account(photo.visit, sight_of(request.user, child, request.at), request.user):
        raise NotYou(WHO_SEES)
    return HttpResponse(bytes(photo.image), content_type="image/jpeg", headers=HEADERS)
