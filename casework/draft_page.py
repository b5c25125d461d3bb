"""What a page's script asks while somebody types, and the button that throws away what was typed."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.views.decorators.http import require_POST

from casework import drafts
from casework.once import TYPIST
from casework.pages import Holds, page
from casework.wording import said_time


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
