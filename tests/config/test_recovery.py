"""The rehearsed recovery: the database's files are destroyed while somebody writes, and nothing acknowledged is lost.

The scripts are those that docker-compose.yml runs, the server is the one of the tests' wheel.
"""

import contextlib
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import unquote, urlsplit

import psycopg2
import pytest
from django.conf import settings
from django.db import connection

from config.backup import back_up, restore, said, scripts
from config.checkout import CannotStart
from config.embedded import OWNER, WEB, Postgres, make_private_folder, unprivileged_user
from tests.factories import World

ROOT = Path(__file__).resolve().parents[2]

WRITE_FOR_EVER = """
import sys
import django
django.setup()
from datetime import timedelta
from accounts.models import User
from children.models import Child
from tests.factories import TODAY, review
child, worker = Child.objects.get(pk=sys.argv[1]), User.objects.get(pk=sys.argv[2])
for number in range(100_000):
    held = review(child, TODAY - timedelta(days=number % 3000), by=worker)
    print(held.pk, flush=True)
"""


@pytest.fixture
def database(folder):
    return Postgres(folder / "database")


@pytest.fixture
def archive(folder):
    make_private_folder(folder / "archive", unprivileged_user())
    return folder / "archive"


def answer(database, question, login=OWNER):
    url = urlsplit(database.url(login))
    login = {
        "host": database.socket_folder,
        "dbname": "hearth",
        "user": url.username,
        "password": unquote(url.password),
    }
    with contextlib.closing(psycopg2.connect(**login)) as ours, ours.cursor() as cursor:
        ours.autocommit = True
        cursor.execute(question)
        return cursor.fetchone()[0] if cursor.description else None


def environment_of(database):
    """As web and worker are told."""
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "config.settings.base",
        "SECRET_KEY": settings.SECRET_KEY,
        "EVENT_KEY": settings.EVENT_KEY,
        "ALLOWED_HOSTS": "localhost",
        "EMAIL_URL": "smtp://nobody",
        "REDIS_URL": f"unix://{database.folder}/no-broker",
        "DATABASE_URL": database.url(WEB),
        "HEARTH_DATABASE_AS": "application",
        "HEARTH_HEADS_DIR": str(database.folder / "heads"),
        "PYTHONPATH": str(ROOT),
    }


def take_over_tables(database):
    """The tables of the tests, as they stand."""
    test = connection.get_connection_params()
    login = {
        "PGHOST": test["host"],
        "PGUSER": test["user"],
        "PGPASSWORD": test["password"],
        "PGDATABASE": test["dbname"],
    }
    dump = subprocess.run(
        [database.programs / "pg_dump"], env=os.environ | login, capture_output=True, text=True, check=True
    )
    ours = {"PGHOST": str(database.socket_folder), "PGUSER": OWNER, "PGPASSWORD": database.passwords[OWNER]}
    psql = [
        database.programs / "psql",
        "--quiet",
        "--single-transaction",
        "--set",
        "ON_ERROR_STOP=1",
        "--dbname",
        "hearth",
    ]
    subprocess.run(psql, env=os.environ | ours, input=dump.stdout, capture_output=True, text=True, check=True)


@contextlib.contextmanager
def archiving(script, archive):
    """Everything that changes is written into the archive, and the server waits for it."""
    told = {"ARCHIVE": archive, "PGUSER": "hearth_archive"}
    with subprocess.Popen(**script("archive.sh", **told)) as process:
        try:
            give_up_at = time.monotonic() + 20
            while subprocess.run(**script("is_archived.sh", **told)).returncode:
                assert process.poll() is None, "the archive gave up"
                assert time.monotonic() < give_up_at, "the archive is not written"
                time.sleep(0.05)
            yield process
        finally:
            process.kill()


@contextlib.contextmanager
def writing(database, world):
    """Somebody who writes through the door all the time, and says each number once it is acknowledged."""
    command = [sys.executable, "-c", WRITE_FOR_EVER, str(world.own_child.pk), str(world.social_worker.pk)]
    how = {"env": environment_of(database), "cwd": ROOT, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, **how) as process:
        try:
            yield process
        finally:
            process.kill()


def destroy(database):
    """Kills the server and deletes everything that it kept."""
    os.kill(database._postmaster(), signal.SIGKILL)
    shutil.rmtree(database.data)


@pytest.mark.django_db(transaction=True)
def test_nothing_acknowledged_is_lost_when_the_database_is_destroyed(database, archive):
    world = World()
    with database.in_use(), scripts(database) as script:
        passwords = {"WEB_PASSWORD_FILE": WEB, "ARCHIVE_PASSWORD_FILE": OWNER}
        files = {name: database.folder / f"{login}-password" for name, login in passwords.items()}
        for name, login in passwords.items():
            files[name].write_text(database.passwords[login])
            files[name].chmod(0o644)
        told = {"POSTGRES_USER": OWNER, "PGPASSWORD": database.passwords[OWNER], "PGDATA": database.data}
        said(script("logins.sh", **told, **files))
        answer(database, "SELECT pg_reload_conf()")
        with archiving(script, archive):
            take_over_tables(database)
            assert "is whole" in said(script("back_up.sh", ARCHIVE=archive, PGUSER="hearth_archive"))
            with writing(database, world) as writer:
                acknowledged = [int(writer.stdout.readline()) for _ in range(20)]
                moment = answer(database, "SELECT now()")
                acknowledged += [int(writer.stdout.readline()) for _ in range(5)]
                time.sleep(random.uniform(0, 0.5))
                destroy(database)
                acknowledged += [int(line) for line in writer.stdout]

        assert "is of" in restore(database, archive)
        database.keep_running()
        count = f"SELECT count(*) FROM children_lookedafterreview WHERE id IN ({', '.join(map(str, acknowledged))})"
        assert answer(database, count) == len(acknowledged)
        verified = subprocess.run(
            [sys.executable, "manage.py", "verify_events"], env=environment_of(database), cwd=ROOT,
            capture_output=True, text=True,
        )  # fmt: skip
        assert "every chain is whole" in verified.stdout, verified.stdout + verified.stderr

        with archiving(script, archive):
            answer(database, "CREATE TABLE life_goes_on (number int)")
        first, second = sorted(life.name for life in archive.iterdir())
        assert (first[-2:], second[-2:]) == ("-1", "-2"), "the new life is archived in a folder of its own"

        destroy(database)
        restore(database, archive, UNTIL=moment, LIFE=first)
        database.keep_running()
        there = answer(database, f"SELECT array_agg(id) FROM ({count.replace('count(*)', 'id')}) AS kept")
        assert set(acknowledged[:20]) <= set(there) < set(acknowledged), "a moment before the end can be gone back to"
        assert any(life.name.startswith("before-") for life in archive.iterdir()), "the life between is kept"


def test_a_backup_by_hand_brings_back_the_moment_at_which_it_was_taken(database, archive):
    with database.in_use():
        answer(database, "CREATE TABLE kept AS SELECT 7 AS number")
        back_up(database, archive)
    with pytest.raises(CannotStart, match="There is a database here"):
        restore(database, archive)
    shutil.rmtree(database.data)
    restore(database, archive)
    with database.in_use():
        assert answer(database, "SELECT number FROM kept") == 7


def test_an_archive_without_a_backup_is_refused_in_a_sentence(database, archive):
    (archive / "7000-1/wal").mkdir(parents=True)
    database.url(OWNER)
    with pytest.raises(CannotStart, match="holds no base backup"):
        restore(database, archive)
