"""The embedded database belongs to whoever uses it: first in starts it, last out stops it, whatever gets killed."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import environ
import psycopg2
import pytest

from config.checkout import CannotStart
from config.embedded import OWNER, WEB, Postgres, make_private_folder

ROOT = Path(__file__).resolve().parents[2]

USE_FOR_EVER = """
import sys, time
from config.embedded import Postgres
with Postgres(sys.argv[1], durable=False).in_use():
    print("in use", flush=True)
    time.sleep(600)
"""


@pytest.fixture
def database(folder):
    return Postgres(folder / "database", durable=False)


def connected(database, login):
    """A connection, as settings make it from the address."""
    found = environ.Env.db_url_config(database.url(login))
    names = {"HOST": "host", "NAME": "dbname", "USER": "user", "PASSWORD": "password"}
    connection = psycopg2.connect(**{names[key]: value for key, value in found.items() if key in names and value})
    connection.autocommit = True
    return contextlib.closing(connection)


def answer(database, question, login=OWNER):
    with connected(database, login) as connection, connection.cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchone() if cursor.description else None


def test_the_last_one_out_stops_it_and_the_data_stay(database):
    other = Postgres(database.folder, durable=False)
    with database.in_use():
        answer(database, "CREATE TABLE kept AS SELECT 7 AS number")
        with other.in_use():
            pass
        assert answer(database, "SELECT number FROM kept") == (7,)
    with pytest.raises(psycopg2.OperationalError):
        answer(database, "SELECT 1")
    with other.in_use():
        assert answer(other, "SELECT number FROM kept") == (7,)


def test_it_starts_again_after_its_process_was_killed_and_what_was_committed_is_there(folder):
    database = Postgres(folder / "database")
    with database.in_use():
        answer(database, "CREATE TABLE kept AS SELECT 7 AS number")
        os.kill(database._postmaster(), signal.SIGKILL)
        give_up_at = time.monotonic() + 10
        while database._postmaster() and time.monotonic() < give_up_at:
            time.sleep(0.01)
        database.keep_running()
        assert answer(database, "SELECT number FROM kept") == (7,)


def test_a_killed_user_does_not_keep_it_running_for_ever(database):
    command = [sys.executable, "-c", USE_FOR_EVER, database.folder]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as user:
        user.stdout.readline()
        user.kill()
    assert answer(database, "SELECT 1") == (1,)
    with database.in_use():
        pass
    with pytest.raises(psycopg2.OperationalError):
        answer(database, "SELECT 1")


def test_a_first_start_that_was_interrupted_is_made_anew(database):
    database.url(OWNER)
    unfinished = database.folder / "server/data.unfinished"
    unfinished.mkdir()
    (unfinished / "PG_VERSION").write_text("half of a fi")
    with database.in_use():
        assert answer(database, "SELECT 1") == (1,)


def test_another_process_with_the_old_number_does_not_pass_for_the_server(database):
    with database.in_use():
        pass
    (database.folder / "server/data/postmaster.pid").write_text(f"{os.getpid()}\n")
    with database.in_use():
        assert answer(database, "SELECT 1") == (1,)


def test_a_path_too_long_for_a_socket_gets_a_short_one(folder):
    deep = folder / ("a" * 60) / ("b" * 60)
    database = Postgres(deep / "database", durable=False)
    with database.in_use():
        assert answer(database, "SELECT 1") == (1,)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root's folders are closed to the server's user")
def test_a_checkout_closed_to_the_servers_user_keeps_its_data_elsewhere(folder):
    folder.chmod(0o700)
    database = Postgres(folder / "state/database", durable=False)
    with database.in_use():
        assert answer(database, "SELECT 1") == (1,)
    elsewhere = (database.folder / "server").resolve()
    assert not elsewhere.is_relative_to(folder)
    shutil.rmtree(elsewhere)
    with pytest.raises(CannotStart, match="are gone"), database.in_use():
        pass


def test_web_and_worker_may_not_change_tables(database):
    with database.in_use():
        who = "SELECT rolsuper, rolcreaterole, pg_has_role('hearth_app', 'member') FROM pg_roles WHERE rolname = user"
        assert answer(database, who, WEB) == (False, False, True)
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            answer(database, "CREATE TABLE mine (number int)", WEB)


def test_a_folder_of_somebody_else_is_refused(folder):
    theirs = folder / "theirs"
    theirs.symlink_to("/")
    with pytest.raises(CannotStart, match="belongs to somebody else"):
        make_private_folder(theirs, None)
