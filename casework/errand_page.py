"""The page of an errand: how far it is while it goes on, and the way to its result once it has ended."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from casework import errands
from casework.models import Errand
from casework.pages import Holds, page

STOPS_ASKING = 286
"""The status at which htmx asks no more."""


@page(Holds.NOTHING_PERSONAL)
def errand(request: HttpRequest, pk: int) -> HttpResponse:
    """How far it is, for whoever asked; the part that changes alone, where the page asks for it every two seconds."""
    found = get_object_or_404(Errand.objects.asked_by(request.user), pk=pk)
    kind = errands.kind_of(found)
    context = {"errand": found, "title": kind.title, "result": kind.result(found) if found.ended_at else ""}
    if request.htmx:
        return render(request, "errand_so_far.html", context, status=STOPS_ASKING if found.ended_at else 200)
    return render(request, "errand.html", context)
