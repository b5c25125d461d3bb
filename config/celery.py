"""Jobs: the Celery application. What runs when stands in the timetable (`casework.timetable`)."""

import logging.config
import os
from pathlib import Path

from celery import Celery
from celery.signals import beat_init, heartbeat_sent, setup_logging, worker_ready
from django_structlog.celery.steps import DjangoStructLogInitStep

from casework.timetable import JOBS

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.base")

app = Celery("hearth")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.beat_schedule = {job.name: {"task": job.task, "schedule": job.runs.crontab()} for job in JOBS}
app.steps["worker"].add(DjangoStructLogInitStep)


@setup_logging.connect
def use_our_logging(**kwargs):
    """Keeps Celery from setting up logs of its own, which would hold arguments."""
    from django.conf import settings

    from config.logs import configure_structlog

    logging.config.dictConfig(settings.LOGGING)
    configure_structlog()


@worker_ready.connect
@beat_init.connect
def catch_up_at_start(**kwargs):
    """Rings for every job that was missed, and every errand that was left, while nothing ran."""
    from django.db import connections

    from casework import errands, jobs

    try:
        jobs.catch_up()
        errands.take_up()
    finally:
        connections.close_all()


if "HEARTBEAT" in os.environ:

    @heartbeat_sent.connect
    def show_life(**kwargs):
        """Touches a file, by which a supervisor sees that the worker hears the broker (`config.alive`)."""
        Path(os.environ["HEARTBEAT"]).touch()
