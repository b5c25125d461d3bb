"""Waiting for what other processes do."""

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
    """Whether no task waits at the broker and none is under way."""
    with app.connection_for_read() as connection:
        broker = connection.default_channel.client
        return not broker.llen("celery") and not broker.hlen("unacked")
