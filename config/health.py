"""What a supervisor and a load balancer ask: does this process answer (`/healthy`), and can it do its work (`/health`)?

Both are answered before anything else looks at the request: without a session, a redirect or a name of the host. The
database is asked over a connection of its own, so that one that hangs is known within a deadline. Where it cannot be
reached the answer is 503, since no page can be shown then; whatever else is wrong only delays, and is said with 200.
"""

import contextlib
import select
import shutil
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg2
import redis
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from psycopg2.extensions import POLL_OK, POLL_READ

from casework import jobs

SECONDS_FOR_DATABASE = 1.2
SECONDS_FOR_BROKER = 0.4
WORKER_IS_SEEN_WITHIN = timedelta(minutes=12)
"""A mail round ends every five minutes where a worker is at work."""
LEAST_FREE = 0.05
"""Of a disk."""

ASKED = """
SELECT
    (SELECT json_object_agg(job, finished) FROM (
        SELECT job, extract(epoch FROM max(finished_at)) AS finished FROM casework_jobrun
        WHERE slot > now() - interval '4 days' AND finished_at <= now() GROUP BY job) AS latest),
    (SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep' AND state_change < now() - interval '10 seconds')
"""


@dataclass(frozen=True, slots=True)
class Part:
    """How one part of the installation is; the sentence names nobody."""

    ok: bool
    says: str


@login_not_required
@require_safe
@never_cache
def healthy(request):
    """Tells a supervisor that this process answers."""
    return HttpResponse("ok", content_type="text/plain")


@login_not_required
@require_safe
@never_cache
def health(request):
    """Tells a load balancer whether pages can be shown, and whoever is on call what is wrong."""
    parts = parts_at(timezone.now())
    is_up = parts["database"].ok
    status = "down" if not is_up else "ok" if all(part.ok for part in parts.values()) else "degraded"
    said = {name: {"ok": part.ok, "says": part.says} for name, part in parts.items()}
    return JsonResponse({"status": status, "parts": said}, status=200 if is_up else 503)


class ForLoadBalancers:
    """Answers the two addresses before everything else."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        view = {"/healthy": healthy, "/health": health}.get(request.path)
        return view(request) if view else self.get_response(request)


def parts_at(at):
    """How each part is at a moment, by its name."""
    parts = {"broker": _broker(), "disk": _disk()}
    try:
        finished, waiting = _answer(ASKED, time.monotonic() + SECONDS_FOR_DATABASE)
    except (psycopg2.Error, TimeoutError):
        return {"database": Part(False, "The database cannot be reached."), **parts}
    latest = {job: datetime.fromtimestamp(moment, UTC) for job, moment in (finished or {}).items()}
    return {
        "database": Part(True, "The database answers."),
        "archive": _archive(waiting),
        "worker": _worker(latest, at),
        "jobs": _jobs(latest, at),
        **parts,
    }


def _broker():
    with contextlib.suppress(redis.RedisError, OSError):
        deadlines = {"socket_connect_timeout": SECONDS_FOR_BROKER, "socket_timeout": SECONDS_FOR_BROKER}
        with contextlib.closing(redis.Redis.from_url(settings.REDIS_URL, **deadlines)) as broker:
            broker.ping()
            return Part(True, "The broker answers.")
    return Part(False, "The broker does not answer: what is rung for now comes later, and nothing is lost.")


def _archive(waiting):
    if waiting:
        return Part(False, f"{waiting} changes wait to be archived: see to the archive, or its disk.")
    return Part(True, "No change waits to be archived.")


def _worker(finished, at):
    last = max(finished.values(), default=None)
    if last and at - last <= WORKER_IS_SEEN_WITHIN:
        return Part(True, f"A worker last finished a job at {last:%H:%M} UTC.")
    since = f"since {last:%Y-%m-%d %H:%M} UTC" if last else "for days"
    return Part(False, f"No worker has finished a job {since}.")


def _jobs(finished, at):
    stale = [late.job.name for late in jobs.stale_among(finished, at)]
    return Part(not stale, f"Late: {', '.join(stale)}." if stale else "Every job ran when it should.")


def _disk():
    folder = Path(settings.HEARTH_HEADS_DIR)
    while not folder.exists():
        folder = folder.parent
    disk = shutil.disk_usage(folder)
    free = disk.free / disk.total
    return Part(free >= LEAST_FREE, f"{free:.0%} of the disk is free.")


def _answer(question, give_up_at):
    """The row that the database answers with. Raises TimeoutError at the deadline, psycopg2.Error where it refuses."""
    login = connection.get_connection_params() | {"async_": True}
    login.pop("cursor_factory", None)
    with contextlib.closing(psycopg2.connect(**login)) as ours:
        _wait(ours, give_up_at)
        cursor = ours.cursor()
        cursor.execute(question)
        _wait(ours, give_up_at)
        return cursor.fetchone()


def _wait(ours, give_up_at):
    while (state := ours.poll()) != POLL_OK:
        left = give_up_at - time.monotonic()
        to_read, to_write = ([ours], []) if state == POLL_READ else ([], [ours])
        if left <= 0 or not any(select.select(to_read, to_write, [], left)):
            raise TimeoutError
