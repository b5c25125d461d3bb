"""How long a page waits for the database: a page that waits for ever is worse than one that says it cannot answer.

A server that is down refuses at once. One that hangs takes the question and says nothing, and neither its own limits nor
those of the network notice: whoever waits must. So the web's connections wait for each answer for a while, then give up,
which the page answers as 503; whoever asks in the seconds after that is not made to wait as well. The server's own limit
is shorter, so that one that is only slow ends what nobody waits for any more. Workers have other limits: Celery's.
"""

import select
import time

from django.db.backends.signals import connection_created
from psycopg2 import DatabaseError, OperationalError, extensions

from casework.quiet import Quiet

SECONDS_TO_CONNECT = 5
SECONDS_TO_ANSWER = 10
LIMIT_IN_THE_SERVER = f"SET statement_timeout = '{SECONDS_TO_ANSWER - 2}s'"

quiet = Quiet(seconds=2)
"""For so long a process refuses at once, after the server did not answer it."""


class DoesNotAnswer(OperationalError):
    """The database took a question and did not answer it in time."""


def lose_patience():
    """From now on no connection of this process waits for ever."""
    extensions.set_wait_callback(wait)
    connection_created.connect(limit_statements, dispatch_uid="patience")


def limit_statements(connection, **kwargs):
    """Tells the server of a new connection how long its answers are waited for."""
    with connection.cursor() as cursor:
        cursor.execute(LIMIT_IN_THE_SERVER)


def wait(connection):
    """Waits until a connection has its answer, as the driver asks; raises DoesNotAnswer where that takes too long."""
    connects = connection.status == extensions.STATUS_SETUP
    if connects and quiet.lasts:
        raise DoesNotAnswer("The database did not answer a moment ago.")
    give_up_at = time.monotonic() + (SECONDS_TO_CONNECT if connects else SECONDS_TO_ANSWER)
    while (state := connection.poll()) != extensions.POLL_OK:
        if not _is_ready(connection.fileno(), state, give_up_at - time.monotonic()):
            quiet.begin()
            raise DoesNotAnswer("The database does not answer.")


def _is_ready(number, state, seconds):
    """Whether the connection can be read or written before the time is over."""
    if state not in (extensions.POLL_READ, extensions.POLL_WRITE):
        raise DatabaseError(f"The driver gave {state} where it should say what it waits for.")
    event = select.POLLIN if state == extensions.POLL_READ else select.POLLOUT
    waiting = select.poll()
    waiting.register(number, event)
    return seconds > 0 and bool(waiting.poll(seconds * 1000))
