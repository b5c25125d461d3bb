"""What a page's script asks while somebody types, and the button that throws away what was typed."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.middleware.csrf import get_token
from django.views.decorators.http import require_POST

from casework import drafts, for_scripts
from casework.once import TYPIST, answer_to
from casework.pages import Holds, page
from casework.wording import said_time


@page(Holds.NOTHING_PERSONAL)
def session(request: HttpRequest) -> HttpResponse:
    """Who is signed in, and the token that this person's forms need now. Whoever is not gets 401 before it comes here."""
    return JsonResponse({"person": str(request.user.pk), "token": get_token(request)})


@require_POST
@page(Holds.NOTHING_PERSONAL)
def save_draft(request: HttpRequest) -> HttpResponse:
    """Save what is being typed, under the address that the form's own token names. Answers with the time of the commit."""
    try:
        typist, form = drafts.typist_of(request)
        if typist != request.user.pk:
            return for_scripts.somebody_else()
        if answer_to(request.POST, form=form, by=request.user):
            return JsonResponse({"recorded": True})
        draft = drafts.save(request.user, form, request.POST, at=request.at)
    except drafts.TypedElsewhere as elsewhere:
        return for_scripts.both(elsewhere)
    except drafts.NotKept as not_kept:
        return JsonResponse({"error": str(not_kept)}, status=400)
    return JsonResponse({"saved_at": said_time(draft.saved_at), "based_on": draft.saved_at.isoformat()})


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
