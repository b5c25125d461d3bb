"""How jobs run: once for each time of the timetable, recorded, shown as stale where they did not, and caught up.

Two beats ring twice, a worker that is killed leaves its task to another, a broker that is down rings not at all. So a
run is a row (`JobRun`), and the database admits one per job and time. Whoever runs it holds a lock (`casework.alone`): a
task given out five times runs once, and what a killed worker left is free at once. What was missed is rung for again when
a worker or beat starts, and every minute.
"""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import uuid4

from django.db import InterfaceError, OperationalError, connection
from django.db.models import Max, Q
from django.utils import timezone

from casework import bell
from casework.alone import alone
from casework.models import JobRun
from casework.timetable import JOBS, Job

JOB = {job.name: job for job in JOBS}
RUNS_KEPT = timedelta(days=30)

TRY_AGAIN_AFTER = timedelta(minutes=30)
"""A run that failed is rung for again after so long; one that was killed, at once."""
LOCK: Final = 312
"""The kind of the lock on a run (`casework.alone`); its number is the run's own."""

WRITE = """
INSERT INTO casework_jobrun (job, slot, run_by, started_at, outcome) VALUES (%(job)s, %(slot)s, %(by)s, %(at)s, '')
ON CONFLICT (job, slot) DO NOTHING
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

    `by` is the number of the task, kept for whoever reads the record of runs.
    """
    moment, started = at or timezone.now(), time.monotonic()
    with _latest_run(JOB[name], by or uuid4().hex, moment) as pk:
        if pk is None:
            yield None
            return
        ours = Run(pk, moment)
        try:
            yield ours
        except BaseException as error:
            with suppress(OperationalError, InterfaceError):  # where it failed because the database went away
                JobRun.objects.filter(pk=pk).update(run_by="", outcome=f"Failed: {type(error).__name__}")
            raise
        finished = moment + timedelta(seconds=time.monotonic() - started)
        JobRun.objects.filter(pk=pk).update(finished_at=finished, outcome=ours.outcome)


@contextmanager
def _latest_run(job: Job, by: str, at: datetime) -> Iterator[int | None]:
    """Hold the lock of the latest run of a job; None where that one is done, or somebody else holds it."""
    slot = job.runs.latest(at)
    with connection.cursor() as cursor:
        cursor.execute(WRITE, {"job": job.name, "slot": slot, "by": by, "at": at})
    pk = JobRun.objects.values_list("pk", flat=True).get(job=job.name, slot=slot)
    with alone(LOCK, pk) as is_ours:
        to_do = JobRun.objects.filter(pk=pk, finished_at=None)
        yield pk if is_ours and to_do.update(run_by=by, started_at=at, outcome="") else None


@dataclass(frozen=True, slots=True)
class Stale:
    """A job that should have run and did not."""

    job: Job
    last_finished_at: datetime | None
    """None where no run ever finished."""


LAST_FINISHED = """
SELECT jobs.name, run.finished_at FROM unnest(%s::text[]) AS jobs(name) CROSS JOIN LATERAL (
    SELECT finished_at FROM casework_jobrun WHERE job = jobs.name AND finished_at <= %s ORDER BY slot DESC LIMIT 1
) AS run
"""


def stale_jobs(at: datetime) -> list[Stale]:
    """The jobs without a finished run for longer than the timetable allows, in its order; one query."""
    with connection.cursor() as cursor:
        cursor.execute(LAST_FINISHED, [[job.name for job in JOBS], at])
        return stale_among(dict(cursor.fetchall()), at)


def stale_among(finished: Mapping[str, datetime | None], at: datetime) -> list[Stale]:
    """The same, where it is known when each job last finished."""
    latest = [(job, finished.get(job.name)) for job in JOBS]
    return [Stale(job, last) for job, last in latest if last is None or last < at - job.stale_after]


def catch_up(at: datetime | None = None) -> list[Job]:
    """Ring for every job that was missed; which they are."""
    missed = missed_jobs(at or timezone.now())
    for job in missed:
        bell.ring(job.task)
    return missed


def missed_jobs(at: datetime) -> list[Job]:
    """The jobs whose latest time has no finished run, in the timetable's order; one query.

    One under way is among them: whoever hears the bell finds it taken, or, where its worker was killed, takes it up.
    """
    latest = {job.name: job.runs.latest(at) for job in JOBS}
    of_these = Q(pk__in=[])
    for name, slot in latest.items():
        of_these |= Q(job=name, slot=slot)
    has_just_failed = Q(run_by="", started_at__gt=at - TRY_AGAIN_AFTER)
    left = JobRun.objects.filter(of_these, has_just_failed | Q(finished_at__isnull=False))
    done = set(left.values_list("job", flat=True))
    return [job for job in JOBS if job.name not in done]


def last_started(*names: str, by: datetime) -> datetime | None:
    """When the latest finished run of one of these jobs had started by a moment; None where none ever finished."""
    runs = JobRun.objects.filter(job__in=names, finished_at__isnull=False, started_at__lte=by)
    started: datetime | None = runs.aggregate(Max("started_at"))["started_at__max"]
    return started


def forget_old_runs(at: datetime) -> int:
    """Delete the runs of more than thirty days ago; how many they were."""
    deleted, _ = JobRun.objects.filter(slot__lt=at - RUNS_KEPT).delete()
    return deleted
