"""What docker-compose.yml starts does start: its own commands, with its own variables, from what the image holds.

The database is the tests' own, the broker the one of the wheel, started by the command of the compose file.
"""

import contextlib
import http.client
import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import quote

import psycopg2
import pytest
import redis
from django.db import connection

from bench.installation import free_port
from config import new_secrets
from config.embedded import OWNER, WEB, Broker, dies_with_parent
from tests.config.installation import ROOT, build_tree, command_of, compose, environment_of, here

SECONDS = 60
SERVICES = compose()["services"]
PROGRAMS = {name: str(Path(sys.executable).parent / name) for name in ("python", "gunicorn", "celery")}


class Installation:
    """The tree of the image, the secrets, and where the servers are here."""

    def __init__(self, folder, database):
        self.folder = folder
        (folder / "image").mkdir()
        self.tree = build_tree(folder / "image")
        (self.tree / "staticfiles").mkdir()
        self.secrets = folder / "secrets"
        new_secrets.make(self.secrets)
        self._keep("web_password", database.passwords[WEB])
        self._keep("owner_password", database.passwords[OWNER])
        self._keep("email_url", "smtp://localhost:1")
        self.broker_port, self.web_port = free_port(), free_port()
        where = quote(str(database.socket_folder).lstrip("/"))
        name = connection.settings_dict["NAME"]
        self.addresses = {
            "DATABASE_URL": f"postgres://{WEB}@//{where}/{name}",
            "REDIS_URL": f"redis://127.0.0.1:{self.broker_port}/0",
        }
        self.owner_address = {"DATABASE_OWNER_URL": f"postgres://{OWNER}@//{where}/{name}"}

    def _keep(self, name, secret):
        (self.secrets / name).unlink()
        (self.secrets / name).write_text(secret)

    def environment(self, name):
        """What the service is told, the addresses being those of the servers here."""
        told = environment_of(SERVICES[name], self.folder, **self.addresses)
        if "DATABASE_OWNER_URL" in told:
            told |= self.owner_address
        heads = {"DJANGO_SETTINGS_MODULE": "config.settings.base", "HEARTH_HEADS_DIR": str(self.folder / "heads")}
        # celery warns of being root, as which no container runs
        return told | heads | {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONWARNINGS": "ignore::UserWarning"}

    def command(self, words, **replaced):
        """A command of the file as it runs here."""
        of_this_machine = {**PROGRAMS, **replaced}
        return [of_this_machine.get(word) or here(word, self.folder) for word in words]

    def run(self, *words, service="web"):
        """Runs something as a service would, to its end."""
        return subprocess.run(
            self.command(words), cwd=self.tree, env=self.environment(service), capture_output=True, text=True
        )

    @contextlib.contextmanager
    def running(self, name, **replaced):
        """A service while it runs; it must not end by itself."""
        command = dies_with_parent(self.command(command_of(SERVICES[name]), **replaced))
        how = {"cwd": self.tree, "env": self.environment(name), "start_new_session": True}
        with (
            open(self.folder / f"{name}.log", "wb") as log,
            subprocess.Popen(command, **how, stdout=log, stderr=log) as it,
        ):
            try:
                yield it
                assert it.poll() is None, (self.folder / f"{name}.log").read_text()
            finally:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(it.pid, signal.SIGKILL)

    @contextlib.contextmanager
    def broker(self):
        """The broker, started by its own line, on a port of this machine."""
        (self.folder / "redis-server").symlink_to(Broker(self.folder / "wheel").command[0])
        _, how, line = command_of(SERVICES["redis"])
        line = here(line.replace("$$", "$"), self.folder)
        command = dies_with_parent(["sh", how, f"{line} --port {self.broker_port} --bind 127.0.0.1"])
        told = {"PATH": f"{self.folder}:{os.environ['PATH']}"}
        with subprocess.Popen(command, env=told, start_new_session=True, stdout=subprocess.DEVNULL) as process:
            yield
            process.kill()

    def is_alive(self, name):
        """What the service's own health check says."""
        _, *words = SERVICES[name]["healthcheck"]["test"]
        return not self.run(*words, *([str(self.web_port)] if name == "web" else []), service=name).returncode

    def asked(self, path):
        """The answer of web to somebody inside, by its address alone."""
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", self.web_port, timeout=20)) as question:
            question.request("GET", path)
            answer = question.getresponse()
            return answer.status, answer.read()


def soon(question):
    give_up_at = time.monotonic() + SECONDS
    while not (answer := question()):
        assert time.monotonic() < give_up_at, "it did not come about"
        time.sleep(0.2)
    return answer


@pytest.fixture
def installation(transactional_db, database_server, tmp_path):
    return Installation(tmp_path, database_server)


def test_the_deployment_check_is_clean_with_the_variables_of_the_compose_file(installation):
    checked = installation.run("python", "manage.py", "check", "--deploy", "--fail-level", "WARNING")
    assert "no issues" in checked.stdout, checked.stderr


def test_every_command_of_the_manual_works_as_the_service_that_it_names(installation):
    manual = (ROOT / "docs/operations.md").read_text()
    told = re.findall(r"docker compose run --rm (\w+) python manage.py ([a-z_]+)((?: [A-Z]+)*)", manual)
    assert {"appoint_administrator", "verify_events", "renew_second_factors"} == {command for _, command, _ in told}
    for service, command, rest in told:
        done = installation.run("python", "manage.py", command, *rest.split(), service=service)
        assert done.returncode == 0, f"{service}: {done.stdout}{done.stderr}"


def test_migrate_works_as_the_owner_and_web_cannot_change_tables(installation, database_server):
    migrated = installation.run(*command_of(SERVICES["migrate"]), service="migrate")
    assert "No migrations to apply" in migrated.stdout, migrated.stderr
    login = connection.get_connection_params() | {"user": WEB, "password": database_server.passwords[WEB]}
    refused = pytest.raises(psycopg2.errors.InsufficientPrivilege)
    with contextlib.closing(psycopg2.connect(**login)) as web, web.cursor() as cursor, refused:
        cursor.execute("ALTER TABLE children_child ADD COLUMN more text")


def test_web_worker_and_beat_start_and_are_alive(installation):
    started = ("web", "worker", "beat")
    with (
        installation.broker(),
        installation.running("web", **{"0.0.0.0:8000": f"127.0.0.1:{installation.web_port}", "4": "1"}),
        installation.running("worker", **{"4": "1"}),
        installation.running("beat"),
    ):
        for name in started:
            soon(lambda name=name: installation.is_alive(name))
        status, said = installation.asked("/health")
        parts = json.loads(said)["parts"]
        assert status == 200
        assert parts["database"]["ok"]
        assert parts["broker"]["ok"]
        soon(lambda: json.loads(installation.asked("/health")[1])["parts"]["worker"]["ok"])
        with pytest.raises(redis.AuthenticationError):
            redis.Redis(port=installation.broker_port).ping()
    lines = [line for name in started for line in (installation.folder / f"{name}.log").read_text().splitlines()]
    assert [line for line in lines if not line.startswith("{")] == [], "every line of the logs is an object"
