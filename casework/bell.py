"""The bell: asks a worker to come. The broker remembers nothing that the database does not know.

Whatever must happen is a row before the bell rings, and the timetable finds what nobody rang for. So a broker that is
down delays, and stops no page: the bell never raises.
"""

import time

import structlog
from celery import current_app
from django.db import transaction

log = structlog.get_logger(__name__)

SECONDS_OF_QUIET = 30
"""How long a process does not try again after the broker did not answer: no page waits for it twice."""

_quiet_until = 0.0


def ring(task: str, *numbers: int) -> bool:
    """Ask a worker for a task, now. False where the broker does not answer, and then nothing is lost."""
    global _quiet_until
    if time.monotonic() < _quiet_until:
        return False
    try:
        current_app.send_task(task, args=numbers)
    except Exception as error:  # noqa: BLE001 - whatever is wrong with the broker, the page goes on
        _quiet_until = time.monotonic() + SECONDS_OF_QUIET
        log.warning("broker_does_not_answer", task=task, error=type(error).__name__)
        return False
    return True


def ring_on_commit(task: str, *numbers: int) -> None:
    """Ask a worker for a task once the rows that it will look for are there."""
    transaction.on_commit(lambda: ring(task, *numbers))
