"""What every page has: its moment, its policy, and an answer to a door that stays shut.

A view states with `page` whom it is for and whether it holds children's data; a test walks every address as every role,
and one without a policy fails it. Which children a person sees is never asked here: views start at `visible_to(user)`.
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.views.defaults import server_error

from accounts.roles import Role
from casework import drafts, for_scripts
from casework.once import answered_before
from casework.reading import unreachable
from casework.steps import NotYou, Refused


class Holds(Enum):
    """What kind of data a page holds, which decides what a stranger to it gets."""

    NOTHING_PERSONAL = "no child's data"
    ONE_CHILD = "one child's data: 404 for whoever may not see the child"
    WHAT_FILES_SAY = "codes of children and what files say of them, to whoever loads the return"
    THOSE_IN_SIGHT = "a list of those children whom the person may see"


@dataclass(frozen=True, slots=True)
class Policy:
    """Whom a page is for. No roles: everybody who is signed in."""

    holds: Holds
    roles: frozenset[Role] = frozenset()
    is_public: bool = False

    def admits(self, user: Any, at: Any) -> bool:
        """May this person open pages of this kind at a moment?"""
        return self.is_public or not self.roles or user.holds(*self.roles, at=at)


View = Callable[..., HttpResponse]


def page(holds: Holds, *, roles: frozenset[Role] = frozenset(), is_public: bool = False) -> Callable[[View], View]:
    """State a view's policy and keep it. A refused step that the view does not answer itself gets its sentences.

    What needs signing in stays in no cache of the browser. What somebody typed and may not send (any more) is kept. A
    form that is sent again after it was answered gets its answer again, whatever has changed since.
    """
    policy = Policy(holds, roles, is_public)

    def stated(view: View) -> View:
        @wraps(view)
        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            try:
                response = _answer(policy, view, request, *args, **kwargs)
            except Http404:
                again = answered_before(request)
                if not again:
                    drafts.keep_refused(request)
                    raise
                response = HttpResponseRedirect(again)
            if not is_public:
                add_never_cache_headers(response)
            return response

        answer.policy = policy
        return login_not_required(answer) if is_public else answer

    return stated


def _answer(policy: Policy, view: View, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    try:
        if not policy.admits(request.user, request.at):
            raise NotYou(f"This page is for: {_named(policy.roles)}.")
        return view(request, *args, **kwargs)
    except Refused as refused:
        again = answered_before(request)
        return HttpResponseRedirect(again) if again else refusal(request, refused)


def refusal(request: HttpRequest, refused: Refused) -> HttpResponse:
    """The door's sentences as a page: "not you" is 403, "not yet" is 409. What was typed is kept, and shown to its author."""
    status = 403 if isinstance(refused, NotYou) else 409
    if for_scripts.asks(request):
        return for_scripts.refused(request, refused.sentences, status)
    kept = drafts.keep_refused(request)
    context = {
        "sentences": refused.sentences,
        "not_you": status == 403,
        "typed": drafts.texts_of(request.POST) if kept else [],
    }
    return render(request, "refused.html", context, status=status)


def failed(request: HttpRequest) -> HttpResponse:
    """The answer to what went wrong here: 503 where the database cannot be reached, else 500. It asks nothing of it."""
    is_unreachable = isinstance(sys.exc_info()[1], OperationalError | InterfaceError)
    return unreachable(request) if is_unreachable else server_error(request)


class MomentMiddleware:
    """Reads the clock once: everything that a request asks and does happens at `request.at`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.at = timezone.now()
        return self.get_response(request)


def _named(roles: frozenset[Role]) -> str:
    return ", ".join(sorted(role.label for role in roles))
