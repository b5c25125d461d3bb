"""How gunicorn serves: its own lines go the way of all logs, and it keeps nothing on a disk."""

import os
import tempfile

from config.logs import json_formatter

worker_tmp_dir = "/dev/shm"  # noqa: S108 - in memory: a busy disk must not make a worker look dead
control_socket_disable = True
preload_app = os.environ.get("DEBUG") != "yes"  # a killed worker is back at once; with DEBUG changed code is read anew
graceful_timeout = 30
max_requests = 10_000
max_requests_jitter = 1_000
logconfig_dict = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": json_formatter}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {"gunicorn.error": {"level": "INFO"}, "gunicorn.access": {"level": "CRITICAL"}},
}


# What the web processes count for Prometheus, they count together.
if os.environ.get("METRICS", "no").lower() in {"1", "yes", "true", "on"}:
    os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", tempfile.mkdtemp(prefix="hearth-metrics-"))


def post_worker_init(worker):
    """A long answer goes out in pieces: with each the worker tells the master that it is at work, and does not hang."""
    from casework.reading import InPieces

    InPieces.at_work = staticmethod(worker.notify)


def child_exit(server, worker):
    """Closes the books of a process that has ended; what it counted stays counted."""
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        from prometheus_client import multiprocess

        multiprocess.mark_process_dead(worker.pid)
