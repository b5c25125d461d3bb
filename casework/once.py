"""A form that is sent twice acts once: its key is stored, for good, in the transaction of what it did.

A repeat gets the first answer; the same key with other content is refused. Two at the same moment: the second waits for
the first to commit.
"""

import contextlib
import hashlib
import json
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.db import connection, transaction
from django.http import HttpRequest, QueryDict

from casework.models import AnsweredPost
from casework.steps import NotYet

KEY, TYPIST = "key", "typist"
TYPED_IN, BASED_ON, FORM = "typed_in", "based_on", "form_at"
"""What scripts say of a form: in which opening of its page it is typed, the draft that it took up, and its address."""
UNSENT = ("csrfmiddlewaretoken", KEY, TYPIST, TYPED_IN, BASED_ON, FORM)
"""What a form carries that is no answer of the person's; it may differ from one sending to the next."""


class KeyField(forms.UUIDField):
    """The key made with the form; hidden."""

    widget = forms.HiddenInput

    def __init__(self, **kwargs: Any):
        super().__init__(initial=uuid4, error_messages={"required": MISSING, "invalid": MISSING}, **kwargs)


MISSING = "This page was opened in a way that cannot be sent. Open it again."
OTHER_CONTENT = (
    "This form was sent before, with other content, and that is recorded: look there first. "
    "To record what stands here now as well, send it again."
)


class SentBefore(NotYet):
    """The key of this form was used for something else. What is sent deliberately after that needs a key of its own."""

    def __init__(self):
        super().__init__(OTHER_CONTENT)


def once(key: UUID, sent: QueryDict, *, form: str, by: Any, at: datetime, act: Callable[[], str]) -> str:
    """Do what the form at an address asks, once: `act` acts and answers with the address to go to. A repeat gets that.

    Raises SentBefore where the key was used for other content, at another form or by somebody else; whatever `act`
    raises undoes the key too.
    """
    digest = digest_of(form, sent)
    with transaction.atomic():
        user_id, content_digest, answer = _take(key, by.pk, digest, at)
        if (user_id, content_digest) != (by.pk, digest):
            raise SentBefore
        if not answer:
            answer = act()
            AnsweredPost.objects.filter(pk=key).update(answer=answer)
        return answer


TAKE = """
INSERT INTO casework_answeredpost AS post (key, user_id, content_digest, answer, at) VALUES (%s, %s, %s, '', %s)
ON CONFLICT (key) DO UPDATE SET key = EXCLUDED.key RETURNING post.user_id, post.content_digest, post.answer
"""


def _take(key: UUID, by: int, digest: str, at: datetime) -> tuple[int, str, str]:
    """The key, now ours and locked, or as it was used before: by whom, for what, and what it was answered."""
    with connection.cursor() as cursor:
        cursor.execute(TAKE, [key, by, digest, at])
        return cursor.fetchone()


def answered_before(request: HttpRequest) -> str:
    """The answer that this very sending got before; empty where it is new.

    Ask it where a sending is about to be refused: what it did may be why it cannot be done again.
    """
    return answer_to(request.POST, form=request.path, by=request.user)


def answer_to(sent: QueryDict, *, form: str, by: Any) -> str:
    """The answer that a person got for sending this to the form at an address; empty where it was not sent."""
    with contextlib.suppress(ValueError):
        same = AnsweredPost.objects.filter(pk=UUID(sent.get(KEY, "")), user=by.pk, content_digest=digest_of(form, sent))
        return same.values_list("answer", flat=True).first() or ""
    return ""


def digest_of(form: str, sent: QueryDict) -> str:
    """What was sent to the form at an address, but for the tokens of the page, as one digest.

    Browsers end lines in one way when they send a form, and in another when a script reads it.
    """
    content = {
        name: [value.replace("\r\n", "\n") for value in values]
        for name, values in sorted(sent.lists())
        if name not in UNSENT
    }
    return hashlib.sha256(json.dumps([form, content]).encode()).hexdigest()
