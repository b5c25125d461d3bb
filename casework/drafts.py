"""What somebody typed and has not sent: kept on the server, under the form's address, for that person alone.

The page saves as one types. What the server refuses is kept as well, and so is a form that is sent after the session has
expired: once the same person signs in again it is a draft like any other, and the form comes back filled. Each form says
who types it, at which address, in a signed token; nothing is kept under another name or address.
"""

import contextlib
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.core import signing
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.utils import timezone

from casework.models import AnsweredPost, Draft
from casework.once import KEY, TYPIST, digest_of

SALT, IN_SESSION = "casework.drafts", "typed_while_signed_out"
NOT_TYPED = ("csrfmiddlewaretoken", TYPIST)
LONGEST = 1_000_000
"""Characters of one draft; a form holds far less."""
A_WORD = 40
"""Characters: answers up to this are quickly typed again."""


class NotKept(Exception):
    """This cannot be a draft; the sentence says why."""


def typist_token(user: Any, form: str) -> str:
    """Says, in the form itself, who is typing and where: what is typed goes back to that person only."""
    return signing.dumps([user.pk, form], salt=SALT)


def read_typist(token: str) -> tuple[int, str]:
    """Who typed, into the form at which address. Raises NotKept where the token is none of ours."""
    try:
        typist, form = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        raise NotKept("What you typed cannot be saved: copy it, and open this page again.") from None
    return typist, form


def save(user: Any, form: str, typed: QueryDict, *, at: datetime) -> Draft:
    """Keep what was typed into the form at this address; the later save counts. Raises NotKept."""
    return _keep(user.pk, form, _content(typed), at)


def draft_of(user: Any, form: str) -> Draft | None:
    """What this person typed into the form at this address before and has not sent; None where there is nothing.

    A save that set out before the form was sent, or holds just what was sent, is no draft; what was typed on after
    that is one, to be sent under a key of its own.
    """
    draft = Draft.objects.filter(user=user, form=form).first()
    sent = draft and _sent_with(draft)
    if not sent:
        return draft
    if draft.saved_at < sent.at or sent.content_digest == digest_of(form, typed_into(draft)):
        return None
    del draft.content[KEY]
    return draft


def typed_into(draft: Draft) -> QueryDict:
    """What was typed, under the names of the form's controls."""
    typed = QueryDict(mutable=True)
    for name, values in draft.content.items():
        typed.setlist(name, values)
    return typed


def discard(user: Any, form: str) -> None:
    """The form was sent: there is no draft any more. Call it in the transaction of what the form did."""
    Draft.objects.filter(user=user, form=form).delete()


def keep_refused(request: HttpRequest) -> bool:
    """Keep what somebody sent and the page refuses, under the sender's own token; was there anything to keep?"""
    if request.method != "POST" or TYPIST not in request.POST:
        return False
    with contextlib.suppress(NotKept):
        typist, form = read_typist(request.POST[TYPIST])
        if typist == request.user.pk and is_anything_typed(request.POST):
            save(request.user, form, request.POST, at=request.at)
            return True
    return False


def is_anything_typed(typed: QueryDict) -> bool:
    """Was anything answered at all? A form that was sent empty is no draft."""
    return any(value.strip() for name, values in _content(typed).items() if name != KEY for value in values)


def texts_of(typed: QueryDict) -> list[str]:
    """The longer answers among what was typed: what somebody would miss."""
    content = _content(typed)
    return [value for name, values in content.items() if name != KEY for value in values if len(value) > A_WORD]


class SignInFirstMiddleware(LoginRequiredMiddleware):
    """Asks for sign-in before every page that is not public, and keeps a form that was sent after the session expired."""

    def handle_no_permission(self, request: HttpRequest, view_func: Any) -> HttpResponse:
        """Scripts get 401; a form with a typist is kept in the new session; then the sign-in page, and back."""
        if request.headers.get("X-Requested-With") == "fetch":
            return JsonResponse({"error": "You have been signed out."}, status=401)
        if request.method == "POST" and TYPIST in request.POST:
            with contextlib.suppress(NotKept):
                typist, form = read_typist(request.POST[TYPIST])
                request.session[IN_SESSION] = [typist, form, _content(request.POST), request.at.isoformat()]
        return super().handle_no_permission(request, view_func)


def take_up_after_sign_in(sender: Any, request: HttpRequest, user: Any, **kwargs: Any) -> None:
    """What was typed while signed out becomes a draft of the person who typed it; of nobody else."""
    kept = request.session.pop(IN_SESSION, None)
    if not kept:
        return
    typist, form, content, sent_at = kept
    at = datetime.fromisoformat(sent_at)
    if typist == user.pk and not Draft.objects.filter(user=user, form=form, saved_at__gt=at).exists():
        _keep(user.pk, form, content, getattr(request, "at", None) or timezone.now())


def _keep(typist: int, form: str, content: dict[str, list[str]], at: datetime) -> Draft:
    draft, _ = Draft.objects.update_or_create(user_id=typist, form=form, defaults={"content": content, "saved_at": at})
    return draft


def _content(typed: QueryDict) -> dict[str, list[str]]:
    """What is kept: no tokens, and no character that the database cannot hold."""
    content = {
        name.replace("\0", ""): [value.replace("\0", "") for value in values]
        for name, values in typed.lists()
        if name not in NOT_TYPED
    }
    if sum(len(value) for values in content.values() for value in values) > LONGEST:
        raise NotKept("This is too long to be saved. It stays on this page: copy it before you leave.")
    return content


def _sent_with(draft: Draft) -> AnsweredPost | None:
    """The sending that used up the draft's key, if one did."""
    with contextlib.suppress(ValueError):
        key = UUID(draft.content.get(KEY, [""])[-1])
        return AnsweredPost.objects.filter(pk=key).first()
    return None
