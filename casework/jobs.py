"""How jobs run: once for each time of the timetable, recorded, shown as stale where they did not, and caught up.

Two beats ring twice, a worker that is killed leaves its task to another, a broker that is down rings not at all. So a
run is a row (`JobRun`), and the database admits one per job and time: whoever writes it runs the job. What was missed is
rung for again when a worker or beat starts, and every half hour.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from django.conf import settings
from django.db import connection
from django.db.models import Max, Q
from django.utils import timezone

from casework import bell
from casework.models import JobRun
from casework.timetable import JOBS, Job

JOB = {job.name: job for job in JOBS}
RUNS_KEPT = timedelta(days=90)

CLAIM = """
INSERT INTO casework_jobrun AS run (job, slot, run_by, started_at, outcome) VALUES (%s, %s, %s, %s, '')
ON CONFLICT (job, slot) DO UPDATE SET run_by = EXCLUDED.run_by, started_at = EXCLUDED.started_at, outcome = ''
WHERE run.finished_at IS NULL AND (run.run_by IN ('', EXCLUDED.run_by) OR run.started_at <= %s)
RETURNING run.id
"""


@dataclass(slots=True)
class Run:
    """A run that is under way; what it says at its end is kept."""

    pk: int
    at: datetime
    outcome: str = ""


@contextmanager
def run(name: str, *, by: str = "", at: datetime | None = None) -> Iterator[Run | None]:
    """A run of a job for the latest time of its timetable; None where that one is done, or somebody else is at it.

    `by` is the number of the task. The same task, given out again because its worker was killed, takes its run up
    again; another task does once the first has failed, or could no longer be running.
    """
    moment, started = at or timezone.now(), time.monotonic()
    pk = _claim(JOB[name], by or uuid4().hex, moment)
    if pk is None:
        yield None
        return
    ours = Run(pk, moment)
    try:
        yield ours
    except BaseException as error:
        JobRun.objects.filter(pk=pk).update(run_by="", outcome=f"Failed: {type(error).__name__}")
        raise
    finished = moment + timedelta(seconds=time.monotonic() - started)
    JobRun.objects.filter(pk=pk).update(finished_at=finished, outcome=ours.outcome)


def _claim(job: Job, by: str, at: datetime) -> int | None:
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, [job.name, job.runs.latest(at), by, at, _killed_by(at)])
        row = cursor.fetchone()
    return row[0] if row else None


def _killed_by(at: datetime) -> datetime:
    """A run that started by then is over, one way or the other: Celery kills whatever takes longer."""
    return at - timedelta(seconds=settings.CELERY_TASK_TIME_LIMIT)


@dataclass(frozen=True, slots=True)
class Stale:
    """A job that should have run and did not."""

    job: Job
    last_finished_at: datetime | None
    """None where no run ever finished."""


def stale_jobs(at: datetime) -> list[Stale]:
    """The jobs without a finished run for longer than the timetable allows, in its order; one query."""
    finished = dict(
        JobRun.objects.filter(finished_at__lte=at).values_list("job").annotate(Max("finished_at")).order_by()
    )
    return [
        Stale(job, finished.get(job.name))
        for job in JOBS
        if finished.get(job.name) is None or finished[job.name] < at - job.stale_after
    ]


def catch_up(at: datetime | None = None) -> list[Job]:
    """Ring for every job that was missed; which they are."""
    missed = missed_jobs(at or timezone.now())
    for job in missed:
        bell.ring(job.task)
    return missed


def missed_jobs(at: datetime) -> list[Job]:
    """The jobs whose latest time has neither a finished run nor one under way, in the timetable's order; one query."""
    latest = {job.name: job.runs.latest(at) for job in JOBS}
    of_these = Q(pk__in=[])
    for name, slot in latest.items():
        of_these |= Q(job=name, slot=slot)
    under_way = ~Q(run_by="") & Q(started_at__gt=_killed_by(at))
    done = set(JobRun.objects.filter(of_these, under_way | Q(finished_at__isnull=False)).values_list("job", flat=True))
    return [job for job in JOBS if job.name not in done]


def last_started(*names: str, by: datetime) -> datetime | None:
    """When the latest finished run of one of these jobs had started by a moment; None where none ever finished."""
    runs = JobRun.objects.filter(job__in=names, finished_at__isnull=False, started_at__lte=by)
    started: datetime | None = runs.aggregate(Max("started_at"))["started_at__max"]
    return started


def forget_old_runs(at: datetime) -> int:
    """Delete the runs of more than ninety days ago; how many they were."""
    deleted, _ = JobRun.objects.filter(slot__lt=at - RUNS_KEPT).delete()
    return deleted
