"""What a script is answered that sends a form which this browser kept: recorded, refused, somebody else's, or two texts.

Whoever is signed out got 401 before (`drafts.SignInFirstMiddleware`). Each answer says what became of the text: only once
it is recorded or a draft here does the browser let it go.
"""

from collections.abc import Iterable

from django.http import HttpRequest, JsonResponse

from casework import drafts
from casework.wording import said_time

SOMEBODY_ELSE = "Somebody else has signed in on this browser."


def asks(request: HttpRequest) -> bool:
    """Is it a script that sends, and not a person who sees the page that comes back?"""
    return request.headers.get("X-Requested-With") == "fetch"


def recorded(address: str, says: str) -> JsonResponse:
    """It is on record, at an address."""
    return JsonResponse({"recorded": address, "says": says})


def refused(request: HttpRequest, sentences: Iterable[str], status: int = 422) -> JsonResponse:
    """It cannot be recorded as it stands. It becomes a draft here; where it cannot, `kept` says so."""
    try:
        kept = drafts.keep_sent(request)
    except drafts.TypedElsewhere as elsewhere:
        return both(elsewhere)
    except drafts.NotKept:
        kept = False
    return JsonResponse({"refused": list(sentences), "kept": kept}, status=status)


def somebody_else() -> JsonResponse:
    """The form is not of the person who is signed in: nothing is done under another name."""
    return JsonResponse({"error": SOMEBODY_ELSE}, status=403)


def both(elsewhere: drafts.TypedElsewhere) -> JsonResponse:
    """The same form was typed on elsewhere: the text from there, to be brought together with the one that was sent."""
    draft = elsewhere.draft
    told = {"saved_at": said_time(draft.saved_at), "based_on": draft.saved_at.isoformat()}
    return JsonResponse({"error": str(elsewhere), "other": draft.content, **told}, status=409)


def in_the_way(request: HttpRequest) -> JsonResponse | None:
    """Why what a script sends is not even tried: it is somebody else's, or was typed on elsewhere; None where nothing is."""
    try:
        typist, form = drafts.typist_of(request)
    except drafts.NotKept as not_kept:
        return JsonResponse({"error": str(not_kept)}, status=400)
    if typist != request.user.pk:
        return somebody_else()
    other = drafts.typed_on_elsewhere(request.user, form, request.POST)
    return both(drafts.TypedElsewhere(other)) if other else None
