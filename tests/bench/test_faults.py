"""The fault runs, shortly: an installation of its own, started as `make run` starts it, while parts are killed and hung.

`make soak` does the same for twenty minutes (docs/faults.md). Here everything waits for what must come about, never for a
time to pass; the limits are those of a loaded machine, not those that are promised.
"""

import contextlib
import json
import os
import shutil
import subprocess
import tempfile
import threading
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.db import connection
from django.utils import timezone

from accounts.models import User
from bench.installation import free_port
from bench.names import PASSWORD
from bench.soak import scenes
from bench.soak.faults import Killer
from bench.soak.installation import DATABASE_PARTS, PARTS, Installation
from bench.soak.journal import read
from bench.soak.judgement import judge
from bench.soak.load import Client
from casework.timetable import JOBS
from config.checkout import STATE
from config.embedded import OWNER, Postgres
from placements.models import Placement
from tests.factories import World, days_before, settled

pytestmark = pytest.mark.django_db

SECONDS = 60
"""The longest that anything may take to come about."""


@pytest.fixture
def folder():
    made = Path(tempfile.mkdtemp(prefix="hearth-faults-"))
    made.chmod(0o755)
    (made / "clients").mkdir()
    yield made
    shutil.rmtree((made / "database/server").resolve(), ignore_errors=True)
    shutil.rmtree(made, ignore_errors=True)


@pytest.fixture
def installation(folder, transactional_db):
    """A Hearth of its own with a small authority of today, whose rows are taken over from the tests' own database."""
    database = Postgres(folder / "database")
    with database.in_use():
        (folder / "clients/cast.json").write_text(json.dumps({"visits-0": a_small_authority()}))
        take_over_all_rows(database)
    keys = {"SECRET_KEY": settings.SECRET_KEY, "EVENT_KEY": settings.EVENT_KEY}
    running = Installation(folder, free_port(), DEMO="no", STATIC_ROOT=str(STATE / "static"), **keys)
    try:
        running.start()
        yield running
    finally:
        running.stop()


def a_small_authority():
    """People with the password of the demonstration, and two children whom the social worker visits."""
    world = World(at=timezone.now())
    for child in (world.own_child, world.teams_child):
        settled(child, since=days_before(20, at=world.at))
    password = Argon2PasswordHasher().encode(PASSWORD, "of the fault runs")
    User.objects.update(password=password, email="somebody@council.example")
    homes = Placement.objects.filter(child__in=[world.own_child, world.teams_child])
    return [{"placement": home.pk, "child": home.child_id, "by": "social-worker"} for home in homes]


def take_over_all_rows(database):
    at = connection.settings_dict
    address = {"PGHOST": at["HOST"], "PGUSER": at["USER"], "PGPASSWORD": at["PASSWORD"], "PGPORT": str(at["PORT"])}
    told = os.environ | {name: value for name, value in address.items() if value}
    rows = subprocess.run(
        [database.programs / "pg_dump", "--no-owner", at["NAME"]], check=True, env=told, capture_output=True
    )
    load = [database.programs / "psql", "-q", "-v", "ON_ERROR_STOP=1", "-h", database.socket_folder, "-U", OWNER]
    told = os.environ | {"PGPASSWORD": database.passwords[OWNER]}
    subprocess.run([*load, "hearth"], check=True, env=told, input=rows.stdout, stdout=subprocess.DEVNULL)


@contextlib.contextmanager
def somebody_records_visits(installation):
    """One after the other, as long as the block lasts."""
    over = installation.folder / "clients/over"
    over.unlink(missing_ok=True)
    client = Client("visits-0", installation.port, installation.folder / "clients")
    working = threading.Thread(target=client.work)
    working.start()
    try:
        yield
    finally:
        over.touch()
        working.join()


def acknowledged(installation):
    return sum(line["state"] == "acknowledged" for line in read(installation.folder / "clients"))


def soon(question):
    assert scenes.within(SECONDS, question) is not None, "it did not come about"


def test_whatever_is_killed_hung_doubled_or_sent_five_times_all_is_recorded_once(installation):
    """One story, since an installation takes longer to start than anything that is done to it."""
    since = time.time()
    with somebody_records_visits(installation):
        each_part_is_killed(installation)
        the_database_hangs_for_a_moment(installation)
    a_task_is_delivered_five_times(installation)
    two_beats_start(installation)
    assert [check for check in judge(installation, installation.folder / "clients", since) if not check.holds] == []


def each_part_is_killed(installation):
    """Each comes back without a hand, and somebody goes on recording."""
    killer = Killer(installation, seed=903)
    for part in (*PARTS, *DATABASE_PARTS):
        before = acknowledged(installation)
        soon(lambda part=part: killer.kill(part))
        soon(lambda part=part: installation.numbers_of(part))
        soon(lambda before=before: acknowledged(installation) > before + 1)
    assert set(killer.counted()) == {*PARTS, *DATABASE_PARTS}


def the_database_hangs_for_a_moment(installation):
    scene = scenes.hung_database(installation, "team-manager", seconds=3, people=2, web_back=SECONDS, bound=SECONDS)
    assert scene.holds, scene.reached


def a_task_is_delivered_five_times(installation):
    scene = scenes.delivered_five_times(installation, mails=5)
    assert scene.holds, scene.reached


def two_beats_start(installation):
    """Both catch up as they start, so every job is rung for twice."""
    soon(lambda: installation.numbers_of("beat"))
    with scenes.second_beat(installation) as second:
        installation.ask("DELETE FROM casework_jobrun")
        Killer(installation, seed=903).kill("beat")
        ended = "SELECT count(DISTINCT job) FROM casework_jobrun WHERE finished_at IS NOT NULL"
        soon(lambda: installation.one(ended) == len(JOBS))
        soon(lambda: installation.waits_at_broker() == 0)
        assert second.poll() is None
