"""What somebody typed and has not sent: kept on the server, under the form's address, for that person alone.

The page saves as one types. What the server refuses is kept as well, and so is a form that is sent after the session has
expired: once the same person signs in again it is a draft like any other, and the form comes back filled. Each form says
who types it, at which address, in a signed token; nothing is kept under another name or address.

A page with scripts also says in which opening of it one types, and which draft it began with. Where the same form was
typed on in another tab or on another device since, nothing is overwritten: both texts are shown, and the person brings
them together.
"""

import contextlib
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.core import signing
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.utils import timezone

from casework.models import AnsweredPost, Draft
from casework.once import BASED_ON, FORM, KEY, TYPED_IN, TYPIST, digest_of

SALT, IN_SESSION = "casework.drafts", "typed_while_signed_out"
NOT_TYPED = ("csrfmiddlewaretoken", TYPIST, TYPED_IN, BASED_ON, FORM)
TYPED_BY, LONGEST_ADDRESS = "X-Typed-By", 200
"""The header in which a script says whose a form is that this browser kept."""
LONGEST = 1_000_000
"""Characters of one draft; a form holds far less."""
A_WORD = 40
"""Characters: answers up to this are quickly typed again."""


class NotKept(Exception):
    """This cannot be a draft; the sentence says why."""


class TypedElsewhere(NotKept):
    """The same form was typed on in another tab or on another device; that draft stays as it is."""

    def __init__(self, draft: Draft):
        self.draft = draft
        super().__init__("You have typed into this form in another place as well. Bring the two together, then go on.")


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
    """Keep what was typed into the form at this address; the later save counts. Raises NotKept, TypedElsewhere."""
    now = {"content": _content(typed), "saved_at": at, "typed_in": _opening_of(typed)}
    with transaction.atomic():
        draft, is_new = Draft.objects.select_for_update().get_or_create(user_id=user.pk, form=form, defaults=now)
        if is_new:
            return draft
        if _is_of_elsewhere(draft, typed):
            raise TypedElsewhere(draft)
        for name, value in now.items():
            setattr(draft, name, value)
        draft.save(update_fields=now)
    return draft


def typed_on_elsewhere(user: Any, form: str, typed: QueryDict) -> Draft | None:
    """What this person typed on elsewhere into the very form that is sent; another form of the same page is no matter."""
    draft = Draft.objects.filter(user=user, form=form).first()
    is_same_form = draft is not None and draft.content.get(KEY) == typed.getlist(KEY)
    return draft if draft and is_same_form and _is_of_elsewhere(draft, typed) else None


def draft_of(user: Any, form: str) -> Draft | None:
    """What this person typed into the form at this address before and has not sent; None where there is nothing.

    A save that set out before the form was sent, or holds just what was sent, is no draft; what was typed on after
    that is one, to be sent under a key of its own.
    """
    return _unless_sent(Draft.objects.filter(user=user, form=form).first())


def _unless_sent(draft: Draft | None) -> Draft | None:
    sent = draft and _sent_with(draft)
    if not draft or not sent:
        return draft
    if draft.saved_at < sent.at or sent.content_digest == digest_of(draft.form, typed_into(draft)):
        return None
    del draft.content[KEY]
    return draft


def typed_into(draft: Draft) -> QueryDict:
    """What was typed, under the names of the form's controls."""
    typed = QueryDict(mutable=True)
    for name, values in draft.content.items():
        typed.setlist(name, values)
    return typed


def discard(user: Any, form: str, sent: QueryDict | None = None) -> None:
    """The form was sent: there is no draft any more. Call it in the transaction of what the form did.

    What was typed on elsewhere meanwhile was not sent: it stays, as a form of its own.
    """
    drafts = Draft.objects.filter(user=user, form=form)
    opening = _opening_of(sent) if sent else ""
    if not sent or not opening:
        drafts.delete()
        return
    if drafts.filter(Q(typed_in=opening) | Q(saved_at=_began_with(sent))).delete()[0]:
        return
    for other in drafts:
        if digest_of(form, typed_into(other)) == digest_of(form, sent):
            other.delete()
        else:
            other.content.pop(KEY, None)
            other.save(update_fields=["content"])


def keep_refused(request: HttpRequest) -> bool:
    """Keep what somebody sent and the page refuses, for the sender alone; was there anything to keep?

    What was typed on elsewhere is not overwritten: then the page that comes back holds what was sent.
    """
    with contextlib.suppress(NotKept):
        try:
            return keep_sent(request)
        except TypedElsewhere:
            return True
    return False


def keep_sent(request: HttpRequest) -> bool:
    """The same, for a script that lets go of its own text once it is kept here. Raises NotKept, TypedElsewhere."""
    if request.method != "POST" or not is_anything_typed(request.POST):
        return False
    typist, form = typist_of(request)
    if typist == request.user.pk:
        save(request.user, form, request.POST, at=request.at)
    return typist == request.user.pk


def typist_of(request: HttpRequest) -> tuple[int, str]:
    """Who typed what is sent, and into which form: by the form's own token. Raises NotKept.

    What was begun without a connection has no token: its script says whose it is, and at which address it would stand.
    """
    said = request.headers.get(TYPED_BY, "")
    if TYPIST not in request.POST and said.isdecimal():
        form: str = request.POST.get(FORM, request.path)
        if not form.startswith("/") or len(form) > LONGEST_ADDRESS:
            raise NotKept("What you typed cannot be saved under this address.")
        return int(said), form
    return read_typist(request.POST.get(TYPIST, ""))


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
                request.session[IN_SESSION] = [
                    typist,
                    form,
                    _content(request.POST),
                    request.at.isoformat(),
                    _opening_of(request.POST),
                ]
        return super().handle_no_permission(request, view_func)


def take_up_after_sign_in(sender: Any, request: HttpRequest, user: Any, **kwargs: Any) -> None:
    """What was typed while signed out becomes a draft of the person who typed it; of nobody else."""
    kept = request.session.pop(IN_SESSION, None)
    if not kept:
        return
    typist, form, content, sent_at, *opening = kept
    at = datetime.fromisoformat(sent_at)
    if typist == user.pk and not Draft.objects.filter(user=user, form=form, saved_at__gt=at).exists():
        now = getattr(request, "at", None) or timezone.now()
        typed = {"content": content, "saved_at": now, "typed_in": "".join(opening)}
        Draft.objects.update_or_create(user_id=typist, form=form, defaults=typed)


def _is_of_elsewhere(draft: Draft, typed: QueryDict) -> bool:
    """Was the draft typed in another opening of the page, and not taken up by this one, and does it hold anything else?"""
    opening = _opening_of(typed)
    if not opening or draft.typed_in == opening or draft.saved_at == _began_with(typed):
        return False
    left = _unless_sent(draft)
    return left is not None and digest_of(left.form, typed_into(left)) != digest_of(left.form, typed)


def _opening_of(typed: QueryDict) -> str:
    opening: str = typed.get(TYPED_IN, "")
    return opening[:36]


def _began_with(typed: QueryDict) -> datetime | None:
    """When the draft was saved that the page began with; None where it began with none."""
    with contextlib.suppress(ValueError):
        moment = datetime.fromisoformat(typed.get(BASED_ON, ""))
        return moment if moment.tzinfo else None
    return None


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
