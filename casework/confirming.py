"""What weighs much is confirmed by its own password, or second factor: one confirmation, one signature or opened record."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account import app_settings
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.core.exceptions import ReauthenticationRequired
from allauth.mfa.utils import is_mfa_enabled
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from casework.steps import NotYet

NOTHING_TO_CONFIRM_WITH = (
    "This is confirmed by a password or a second factor, and you have neither here: you come in by the authority’s "
    "directory. Set up a second factor under your account, then do it again."
)

View = Callable[..., HttpResponse]


def confirmed_once(view: View) -> View:
    """What is sent to this view acts only once its sender has just given the password again, and uses that up.

    Whoever is asked first gets what was sent taken up afterwards, as it was sent.
    """

    @wraps(view)
    def confirmed(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "POST" and not _has_just_confirmed(request):
            if not (request.user.has_usable_password() or is_mfa_enabled(request.user)):
                raise NotYet(NOTHING_TO_CONFIRM_WITH)
            raise ReauthenticationRequired
        answer = view(request, *args, **kwargs)
        if isinstance(answer, HttpResponseRedirect):
            ways_in = request.session.get(AUTHENTICATION_METHODS_SESSION_KEY, [])
            request.session[AUTHENTICATION_METHODS_SESSION_KEY] = [w for w in ways_in if not w.get("reauthenticated")]
        return answer

    return confirmed


def _has_just_confirmed(request: HttpRequest) -> bool:
    """Signing in is no confirmation."""
    ways_in = request.session.get(AUTHENTICATION_METHODS_SESSION_KEY, [])
    given_at = max((way["at"] for way in ways_in if way.get("reauthenticated")), default=0)
    return time.time() - given_at < app_settings.REAUTHENTICATION_TIMEOUT
