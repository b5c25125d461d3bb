"""What the tests stand on: a real PostgreSQL, a real broker, a real worker and a real browser.

All processes of all runs share one database server, each with a database of its own; the first starts it, the last
stops it. Given DATABASE_URL or REDIS_URL, the tests use those servers instead.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import settings

from casework import bell
from config.embedded import WEB, dies_with_parent
from tests.waiting import no_page_under_way, nothing_to_do, soon

pytest_plugins = ["tests.fixtures_world", "tests.fixtures_pages"]

settings.register_profile("thorough", max_examples=20 * settings().max_examples)
"""Twenty times as many tries: `pytest --hypothesis-profile=thorough -o faulthandler_timeout=0 -k whatever_people_try`."""

ROOT = Path(__file__).resolve().parent.parent
AXE = ROOT / "node_modules/axe-core/axe.min.js"
WCAG_22_AA = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]
SECONDS_TO_START = 30

# Playwright's synchronous interface runs a loop, in which Django would refuse to ask the database.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "yes")


def pytest_configure(config):
    """Told to end, a run puts its servers away: its first process at once, the others when they miss it."""
    is_worker = hasattr(config, "workerinput")
    signal.signal(signal.SIGTERM, (lambda *_: None) if is_worker else (lambda *_: pytest.exit("Told to end.", 143)))


@pytest.fixture(scope="session")
def database_server():
    """The embedded server, running until the last test of this process; None where DATABASE_URL names another."""
    from django.conf import settings

    if settings.EMBEDDED_DATABASE:
        with settings.EMBEDDED_DATABASE.in_use():
            yield settings.EMBEDDED_DATABASE
    else:
        yield None


@pytest.fixture(scope="session")
def django_db_modify_db_settings(database_server, django_db_modify_db_settings_parallel_suffix):
    """Starts the server before pytest-django makes its database."""


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Ends every other connection when the tests are done, since the database is about to be dropped.

    While the browser's loop runs, Django keeps a second connection in the same thread, which nobody closes after a test
    that did not commit, and which is out of reach once the loop has ended.
    """
    from django.db import connection

    yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid() AND pg_has_role(usesysid, 'MEMBER')"
        )


@pytest.fixture(scope="session")
def broker():
    """A broker of this process's own; its address is in the settings."""
    from django.conf import settings

    if settings.EMBEDDED_BROKER:
        settings.EMBEDDED_BROKER.start()
        yield settings.REDIS_URL
        settings.EMBEDDED_BROKER.stop()
        shutil.rmtree(settings.EMBEDDED_BROKER.folder)
    else:
        yield settings.REDIS_URL


@pytest.fixture(scope="session")
def worker_process(broker, django_db_setup, database_server):
    """A Celery worker in a process of its own, with the rights of the application's role."""
    from django.db import connections

    from config.celery import app

    name = connections["default"].settings_dict["NAME"]
    address = database_server.url(WEB) if database_server else os.environ["DATABASE_URL"]
    environment = os.environ | {
        "DATABASE_URL": f"{address.rpartition('/')[0]}/{name}",
        "REDIS_URL": broker,
        "HEARTH_DATABASE_AS": "application",
    }
    command = [sys.executable, "-m", "celery", "-A", "config.celery", "--quiet", "worker", "--pool", "solo"]
    command += ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    process = subprocess.Popen(
        dies_with_parent(command), cwd=ROOT, env=environment, start_new_session=True, stderr=subprocess.DEVNULL
    )
    try:
        give_up_at = time.monotonic() + SECONDS_TO_START
        while not app.control.inspect(timeout=0.3).ping():
            assert process.poll() is None, "the worker ended"
            assert time.monotonic() < give_up_at, "the worker does not answer"
        yield process
    finally:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=10)
        process.kill()
        process.wait()


@pytest.fixture(autouse=True)
def silent_bell(monkeypatch):
    """No worker hears of what a test does, unless the test asks for one.

    A worker that is still at its task when the tables are emptied and the database wait for each other.
    """
    monkeypatch.setattr(bell.quiet, "until", float("inf"))


@pytest.fixture(autouse=True)
def pages_answered(request):
    """The tables are emptied only when the live server has answered what a closed browser no longer waits for."""
    if "live_server" in request.fixturenames:
        request.getfixturevalue("transactional_db")
        yield
        soon(no_page_under_way)
    else:
        yield


@pytest.fixture
def worker(transactional_db, worker_process, silent_bell, monkeypatch):
    """A worker that hears the bell and sees the rows; nothing is left to do when it is taken away."""
    soon(nothing_to_do)
    monkeypatch.setattr(bell.quiet, "until", 0.0)
    yield worker_process
    soon(nothing_to_do)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    """Debian's Chromium, told not to call home."""
    quiet = ["background-networking", "component-update", "sync", "quic", "gpu"]
    flags = ["--no-first-run", *(f"--disable-{name}" for name in quiet)]
    if os.geteuid() == 0:
        flags.append("--no-sandbox")
    return browser_type_launch_args | {"executable_path": "/usr/bin/chromium", "args": flags}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args, live_server):
    """Pages are addressed from the live server's root, by somebody in England."""
    return browser_context_args | {
        "base_url": live_server.url,
        "locale": "en-GB",
        "timezone_id": "Europe/London",
    }


@pytest.fixture
def axe():
    """Lists where a page breaks WCAG 2.2 AA, in axe's words."""
    source = AXE.read_text()

    def violations(page):
        page.evaluate(source)
        found = page.evaluate("tags => axe.run(document, {runOnly: tags})", WCAG_22_AA)["violations"]
        return [f"{each['id']}: {each['help']}: {node['html']}" for each in found for node in each["nodes"]]

    return violations
