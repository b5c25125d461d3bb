"""Room for the calls of one request, asked of the machine once.

Python keeps the frames of calls in pieces of 16 KiB, asks the system for a piece as it is needed and gives it back as soon
as the call that needed it returns. Where such an edge lies just where a template draws its parts, that is thousands of
times for one page, and half of its time. A frame that needs much more gets a piece to measure, in which all further
calls have their place too.
"""

from collections.abc import Callable
from typing import Any

SLOTS = 70_000
"""What the frame says it needs, in words of 8 bytes: more than half a megabyte, so that the piece is a whole one."""


def with_room(application: Callable[..., Any]) -> Callable[..., Any]:
    """The same WSGI application, called from a frame that leaves room for about a thousand calls inside one another."""

    def answer(environ: Any, start_response: Any) -> Any:
        return application(environ, start_response)

    answer.__code__ = answer.__code__.replace(co_stacksize=SLOTS)
    return answer
