"""The read log: every answer that holds a child's data is preceded by a committed row.

Whatever a request loads from the database is noted by the model itself (`note`), so no page can forget it. The row is
written, and committed, before the answer leaves; if it cannot be written, the answer is 503.
"""

import contextlib
from collections.abc import Callable, Iterable, Iterator
from contextvars import ContextVar
from typing import Any

from django.db import DatabaseError, transaction
from django.http import StreamingHttpResponse
from django.shortcuts import render

from casework.drafts import A_WORD
from casework.models import Reading
from casework.once import KEY, UNSENT

TYPED = "application/x-www-form-urlencoded"
_noted: ContextVar[set[int] | None] = ContextVar("noted", default=None)


def note(case_file_id: int) -> None:
    """A child's row was loaded: remember it for the request that is running, if one is."""
    noted = _noted.get()
    if noted is not None:
        noted.add(case_file_id)


@contextlib.contextmanager
def noting():
    """Collects the case files loaded inside the block."""
    noted: set[int] = set()
    token = _noted.set(noted)
    try:
        yield noted
    finally:
        _noted.reset(token)


def unreachable(request):
    """The answer where the database does not answer, or cannot write: 503, with everything that was typed.

    A form that acts once comes along whole, to be sent again under its own key: whether the first sending reached the
    database, nobody can tell, and a page opened anew would have another key.
    """
    acts_once = request.content_type == TYPED and KEY in request.POST  # of files the page could carry none
    answers = [(name, value) for name, values in request.POST.lists() for value in values] if acts_once else []
    typed = [value for name, value in answers if name not in UNSENT and len(value) > A_WORD]
    return render(request, "503.html", {"answers": answers, "typed": typed}, status=503)


class InPieces(StreamingHttpResponse):
    """An answer too long for one piece. Whoever makes it has noted every child in it: it loads none any more.

    While pieces leave, the web worker is at work, and says so: else its master would take it for one that hangs.
    """

    at_work: Callable[[], None] = staticmethod(lambda: None)
    """Tells the web server so; the server's own configuration puts it here."""

    def __init__(self, pieces: Iterable[bytes], **told: Any) -> None:
        super().__init__(self._each(pieces), **told)

    @classmethod
    def _each(cls, pieces: Iterable[bytes]) -> Iterator[bytes]:
        for piece in pieces:
            cls.at_work()
            yield piece


class ReadLogMiddleware:
    """Writes one row per request that loaded children, before the answer leaves."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        with noting() as case_files:
            response = self.get_response(request)
        if response.streaming and not isinstance(response, InPieces):
            raise RuntimeError("A streamed answer would load children after its row is written: answer in one piece.")
        is_redirect = 300 <= response.status_code < 400  # It shows nothing; the page that it leads to has its own row.
        if not case_files or is_redirect or self.write(request, case_files):
            return response
        return unreachable(request)

    def write(self, request, case_files):
        """Commit the row. False where nobody is signed in, or the database would not take it."""
        if not request.user.is_authenticated:
            return False
        try:
            with transaction.atomic():
                Reading.objects.create(
                    user=request.user,
                    case_files=sorted(case_files),
                    page=request.path[:200],
                    at=request.at,
                )
        except DatabaseError:
            return False
        return True
