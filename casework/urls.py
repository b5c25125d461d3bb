"""Addresses that every page uses, and the two views behind what is typed and not yet sent."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import include, path
from django.views.decorators.http import require_POST

from casework import drafts
from casework.context import colours
from casework.duty_links import meet
from casework.errand_page import errand
from casework.once import TYPIST
from casework.pages import Holds, page
from casework.procedure_pages import views as procedure_pages
from casework.templatetags.hearth import said_time

app_name = "casework"


@page(Holds.NOTHING_PERSONAL)
def session(request: HttpRequest) -> HttpResponse:
    """Is the session still good? 204 where it is; the sign-in middleware answers 401 where it is not."""
    return HttpResponse(status=204)


@require_POST
@page(Holds.NOTHING_PERSONAL)
def save_draft(request: HttpRequest) -> HttpResponse:
    """Save what is being typed, under the address that the form's own token names. Answers with the time of the commit."""
    try:
        typist, form = drafts.read_typist(request.POST.get(TYPIST, ""))
        if typist != request.user.pk:
            return JsonResponse({"error": "Somebody else has signed in on this browser."}, status=403)
        draft = drafts.save(request.user, form, request.POST, at=request.at)
    except drafts.NotKept as not_kept:
        return JsonResponse({"error": str(not_kept)}, status=400)
    return JsonResponse({"saved_at": said_time(draft.saved_at)})


@require_POST
@page(Holds.NOTHING_PERSONAL)
def discard_draft(request: HttpRequest) -> HttpResponse:
    """Throw away what this person typed into a form, and go back to the form."""
    try:
        typist, form = drafts.read_typist(request.POST.get(TYPIST, ""))
    except drafts.NotKept:
        return HttpResponse(status=400)
    if typist == request.user.pk:
        drafts.discard(request.user, form)
    return HttpResponseRedirect(form)


procedures = [
    path("", procedure_pages.rules, name="procedures"),
    path("what-changed/", procedure_pages.amendments, name="amendments"),
    path("proposals/", procedure_pages.all_proposals, name="proposals"),
    path("proposals/<int:pk>/", procedure_pages.proposal, name="proposal"),
    path("proposals/<int:pk>/duties/", procedure_pages.moved, name="moved"),
    path("proposals/<int:pk>/decide/", procedure_pages.decide_value, name="decide_value"),
    path("proposals/<int:pk>/take-back/", procedure_pages.withdraw_value, name="withdraw_value"),
    path("proposals/<int:pk>/work-out-again/", procedure_pages.look_again, name="look_again"),
    path("rules/<str:code>/", procedure_pages.rule, name="procedure"),
    path("rules/<str:code>/ask/", procedure_pages.ask_value, name="ask_value"),
]

urlpatterns = [
    path("session/", session, name="session"),
    path("drafts/", save_draft, name="save_draft"),
    path("drafts/thrown-away/", discard_draft, name="discard_draft"),
    path("duties/<int:pk>/", meet, name="duty"),
    path("errands/<int:pk>/", errand, name="errand"),
    path("procedures/", include(procedures)),
    path("colours.css", page(Holds.NOTHING_PERSONAL, is_public=True)(colours), name="colours"),
]
