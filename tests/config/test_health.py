"""/healthy says that a process answers, /health what works: for load balancers, without a session, names or redirects."""

import socket
import time
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from casework.models import JobRun
from casework.timetable import JOBS
from config import health

PARTS = {"database", "archive", "worker", "jobs", "broker", "disk"}


@pytest.fixture
def stranger(settings):
    """Somebody who knows neither the name of the host nor TLS."""
    settings.SECURE_SSL_REDIRECT = True
    settings.ALLOWED_HOSTS = ["hearth.example.gov.uk"]
    return Client(SERVER_NAME="10.0.0.7")


@pytest.fixture
def every_job_has_run(transactional_db):
    now = timezone.now()
    JobRun.objects.bulk_create(
        JobRun(job=job.name, slot=job.runs.latest(now), started_at=now, finished_at=now) for job in JOBS
    )


@pytest.fixture
def database_elsewhere(transactional_db):
    """`database_elsewhere(**login)`: the health check looks for the database there, until the tables are emptied."""
    true = connection.get_connection_params()

    def elsewhere(**login):
        there.setattr(connection, "get_connection_params", lambda: true | login)

    with pytest.MonkeyPatch.context() as there:
        yield elsewhere


def parts_of(answer):
    return {name: part["ok"] for name, part in answer.json()["parts"].items()}


def test_all_is_well(stranger, every_job_has_run, broker, asked):
    with asked() as queries:
        answer = stranger.get("/health")
    assert answer.status_code == 200
    assert answer.json()["status"] == "ok", answer.json()
    assert parts_of(answer) == dict.fromkeys(PARTS, True)
    assert queries == [], "it asks over a connection of its own, and once"
    assert not answer.cookies
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.parametrize("address", ["/health", "/healthy"])
def test_neither_asks_who_somebody_is_nor_how_often(address, stranger, transactional_db, settings):
    settings.ACCOUNT_RATE_LIMITS = {"login": "1/m/ip"}
    assert {stranger.get(address).status_code for _ in range(10)} == {200}
    assert stranger.head(address).status_code == 200
    assert stranger.post(address).status_code == 405


def test_a_process_is_alive_without_a_database(stranger):
    assert stranger.get("/healthy").content == b"ok"


def test_a_broker_that_is_down_only_delays(stranger, every_job_has_run, settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    answer = stranger.get("/health")
    assert answer.status_code == 200
    assert answer.json()["status"] == "degraded"
    assert parts_of(answer) == dict.fromkeys(PARTS, True) | {"broker": False}


def test_a_worker_that_was_not_seen_and_jobs_that_are_late_are_said_by_name(stranger, transactional_db, broker):
    long_ago = timezone.now() - timedelta(hours=3)
    JobRun.objects.create(job="send_mail", slot=long_ago, started_at=long_ago, finished_at=long_ago)
    answer = stranger.get("/health")
    assert answer.status_code == 200
    assert parts_of(answer) == dict.fromkeys(PARTS, True) | {"worker": False, "jobs": False}
    assert "send_mail" in answer.json()["parts"]["jobs"]["says"]


def test_changes_that_wait_for_the_archive_are_said():
    assert health._archive(0).ok
    assert not health._archive(3).ok


def test_without_a_database_it_is_503_at_once(stranger, database_elsewhere):
    database_elsewhere(host="127.0.0.1", port=1)
    started = time.monotonic()
    answer = stranger.get("/health")
    assert answer.status_code == 503
    assert answer.json()["status"] == "down"
    assert not parts_of(answer)["database"]
    assert time.monotonic() - started < 2


def test_a_database_that_takes_calls_and_says_nothing_is_503_within_two_seconds(stranger, database_elsewhere):
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        database_elsewhere(host="127.0.0.1", port=silent.getsockname()[1])
        started = time.monotonic()
        assert stranger.get("/health").status_code == 503
        assert time.monotonic() - started < 2


def test_it_names_nobody(stranger, world_today, transactional_db, broker):
    said = stranger.get("/health").content.decode()
    assert world_today.own_child.surname not in said
    assert world_today.social_worker.last_name not in said
