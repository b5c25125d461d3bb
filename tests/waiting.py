"""Waiting for what other processes and threads do."""

import threading
import time

from config.celery import app

SECONDS = 30


def soon(question):
    """Wait until the answer is yes; a worker is at it."""
    give_up_at = time.monotonic() + SECONDS
    while not question():
        assert time.monotonic() < give_up_at, "it did not come about"
        time.sleep(0.05)


def nothing_to_do():
    """Whether no task waits at the broker and none is under way.

    A task that was just fetched is in neither list for a moment. The worker answers a call only between two tasks.
    """
    return _no_task() and bool(app.control.inspect(timeout=2, limit=1).ping()) and _no_task()


def _no_task():
    with app.connection_for_read() as connection:
        broker = connection.default_channel.client
        return not broker.llen("celery") and not broker.hlen("unacked")


def no_page_under_way():
    """Whether every thread of the live server has answered its browser and ended."""
    return not any("process_request_thread" in thread.name for thread in threading.enumerate())
