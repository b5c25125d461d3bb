"""The bell: asks a worker to come. The broker remembers nothing that the database does not know.

Whatever must happen is a row before the bell rings, and the timetable finds what nobody rang for. So a broker that is
down delays, and stops no page: the bell never raises.
"""

import structlog
from celery import current_app
from django.db import transaction

from casework.quiet import Quiet

log = structlog.get_logger(__name__)

quiet = Quiet(seconds=30)
"""No page waits twice for a broker that does not answer."""


def ring(task: str, *numbers: int) -> bool:
    """Ask a worker for a task, now. False where the broker does not answer, and then nothing is lost."""
    if quiet.lasts:
        return False
    try:
        current_app.send_task(task, args=numbers)
    except Exception as error:  # noqa: BLE001 - whatever is wrong with the broker, the page goes on
        quiet.begin()
        log.warning("broker_does_not_answer", task=task, error=type(error).__name__)
        return False
    return True


def ring_on_commit(task: str, *numbers: int) -> None:
    """Ask a worker for a task once the rows that it will look for are there."""
    transaction.on_commit(lambda: ring(task, *numbers))
