"""One at a time, whoever comes: a lock that the database takes back the moment the process dies that holds it.

So nobody ever waits until work could no longer be under way, and what a killed worker left is free at once. A lock is two
numbers: what kind of thing it is about (each user of this module has its own), and which of them.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Final

from django.db import OperationalError, connection, transaction

LOCK_NOT_AVAILABLE: Final = "55P03"
NO_TIME: Final = timedelta(0)


@contextmanager
def alone(
    kind: int, number: int, *, wait: timedelta = NO_TIME, on_wait: Callable[[], None] | None = None
) -> Iterator[bool]:
    """Hold a lock inside the block; false where somebody else does.

    `wait` is for how long whoever holds it is waited for; `on_wait` is called before that.
    """
    is_ours = _try(kind, number)
    if not is_ours and wait:
        if on_wait:
            on_wait()
        is_ours = _wait(kind, number, wait)
    try:
        yield is_ours
    finally:
        if is_ours and connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [kind, number])


def _try(kind: int, number: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [kind, number])
        return bool(cursor.fetchone()[0])


def _wait(kind: int, number: int, longest: timedelta) -> bool:
    """Wait until whoever holds the lock lets go, or dies; false where that takes longer."""
    milliseconds = max(1, round(longest / timedelta(milliseconds=1)))
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', %s, true)", [f"{milliseconds}ms"])
            cursor.execute("SELECT pg_advisory_lock(%s, %s)", [kind, number])
    except OperationalError as error:
        if getattr(error.__cause__, "pgcode", None) != LOCK_NOT_AVAILABLE:
            raise
        return False
    return True
