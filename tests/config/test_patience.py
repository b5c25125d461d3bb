"""A page waits for the database for a while, and not for ever (quality.md: down database, an honest 503)."""

import socket
import time

import psycopg2
import pytest
from django.db import connection
from psycopg2 import extensions

from config import patience
from config.patience import DoesNotAnswer


@pytest.fixture
def impatient(monkeypatch):
    """As in the web part, but with less patience."""
    monkeypatch.setattr(patience, "SECONDS_TO_CONNECT", 0.1)
    monkeypatch.setattr(patience, "SECONDS_TO_ANSWER", 0.2)
    monkeypatch.setattr(patience.quiet, "seconds", 60)
    monkeypatch.setattr(patience.quiet, "until", 0.0)
    extensions.set_wait_callback(patience.wait)
    yield
    extensions.set_wait_callback(None)


@pytest.fixture
def silent(tmp_path):
    """A server that takes connections and says nothing."""
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / ".s.PGSQL.5432"))
        server.listen()
        yield {"host": str(tmp_path), "user": "somebody", "password": "-"}


@pytest.fixture
def own(django_db_setup, django_db_blocker):
    """A connection to the tests' own server."""
    with django_db_blocker.unblock():
        told = connection.get_connection_params() | {"dbname": connection.settings_dict["NAME"]}
    made = psycopg2.connect(
        **{name: value for name, value in told.items() if name in ("host", "user", "password", "dbname")}
    )
    yield made
    made.close()


def test_a_question_that_gets_no_answer_is_given_up(impatient, own):
    begun = time.monotonic()
    with own.cursor() as cursor, pytest.raises(DoesNotAnswer):
        cursor.execute("SELECT pg_sleep(30)")
    assert time.monotonic() - begun < 10
    assert own.closed, "nobody asks it again: the answer to the last question may still come"


def test_an_answer_in_time_is_waited_for(impatient, own):
    with own.cursor() as cursor:
        cursor.execute("SELECT generate_series(1, 3)")
        assert cursor.fetchall() == [(1,), (2,), (3,)]


def test_whoever_asks_right_after_is_not_made_to_wait_as_well(impatient, silent, monkeypatch):
    with pytest.raises(DoesNotAnswer, match="does not answer"):
        psycopg2.connect(**silent)
    monkeypatch.setattr(patience, "SECONDS_TO_CONNECT", 60)
    with pytest.raises(DoesNotAnswer, match="a moment ago"):
        psycopg2.connect(**silent)


def test_the_server_itself_gives_up_a_little_sooner(own):
    with own.cursor() as cursor:
        patience.limit_statements(own)
        cursor.execute("SELECT setting::int FROM pg_settings WHERE name = 'statement_timeout'")
        (milliseconds,) = cursor.fetchone()
    assert 0 < milliseconds < patience.SECONDS_TO_ANSWER * 1000
