"""The databases of the bench, on an embedded server of their own: the district, and one for each scale.

Each is kept until the code that makes it changes, or the day does: what is due hangs on the day. A run works in a copy,
which is dropped afterwards, so that what it records and signs is not there the next time.
"""

import contextlib
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import datetime

import psycopg2
from django.db import connection
from django.utils import timezone

from casework.limits import local_day
from config.checkout import ROOT
from config.embedded import OWNER, WEB, Postgres
from config.environment import env

MAKES_DATA = ("accounts", "approvals", "bench", "casework", "children", "placements", "visits")
MEASURES = (
    "answers",
    "checking",
    "databases",
    "measuring",
    "nightly",
    "operations",
    "pages",
    "report",
    "serving",
    "__main__",
)
"""Modules of the bench that change no data."""


class Databases:
    """What stands on the bench's own server."""

    def __init__(self, server: Postgres):
        self.server = server

    def address(self, name: str, login: str = OWNER) -> str:
        """Where to connect to one of them."""
        return f"{self.server.url(login).rpartition('/')[0]}/{name}"

    @contextlib.contextmanager
    def used(self, name: str) -> Iterator[None]:
        """Inside the block, this process asks that database."""
        connection.close()
        connection.settings_dict["NAME"] = name
        try:
            yield
        finally:
            connection.close()

    def made_at(self, name: str) -> datetime | None:
        """As of when a database was made; None where it is not there, or would be made otherwise today."""
        with self._administration() as cursor:
            cursor.execute("SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", [name])
            row = cursor.fetchone()
        told = json.loads(row[0]) if row and row[0] else {}
        if told.get("made_by") != fingerprint() or not told.get("made_at"):
            return None
        made_at = datetime.fromisoformat(told["made_at"])
        return made_at if local_day(made_at) == local_day(timezone.now()) else None

    def make(self, name: str, of: str | None, fill: Callable[[], datetime]) -> datetime:
        """Make a database anew, out of another one or out of nothing; `fill` says as of when it is."""
        self.drop(name)
        if of:
            self.copy(of, name)
        else:
            with self._administration() as cursor:
                cursor.execute(f'CREATE DATABASE "{name}"')
            environment = os.environ | {"DATABASE_URL": self.address(name), "DATABASE_OWNER_URL": self.address(name)}
            subprocess.run(
                [sys.executable, "manage.py", "migrate", "--no-input", "-v", "0"], cwd=ROOT, env=environment, check=True
            )
        with self.used(name):
            made_at = fill()
        told = json.dumps({"made_by": fingerprint(), "made_at": made_at.isoformat()})
        with self._administration() as cursor:
            cursor.execute(f'COMMENT ON DATABASE "{name}" IS %s', [told])
        return made_at

    def copy(self, of: str, name: str) -> None:
        """A database just like another one."""
        self.drop(name)
        with self._administration() as cursor:
            cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{of}" STRATEGY FILE_COPY')

    def drop(self, name: str) -> None:
        """Take a database away, whoever still uses it."""
        with self._administration() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    @contextlib.contextmanager
    def _administration(self):
        where = env.db_url_config(self.address("postgres"))
        server = psycopg2.connect(
            host=where["HOST"], dbname=where["NAME"], user=where["USER"], password=where["PASSWORD"]
        )
        server.autocommit = True
        with contextlib.closing(server), server.cursor() as cursor:
            yield cursor


def fingerprint() -> str:
    """Of everything that the data hang on: models, rules and the bench's own stories."""
    digest = hashlib.sha256()
    for app in MAKES_DATA:
        for file in sorted((ROOT / app).rglob("*.py")):
            if not (file.parent == ROOT / "bench/speed" and file.stem in MEASURES):
                digest.update(str(file.relative_to(ROOT)).encode() + file.read_bytes())
    return digest.hexdigest()


def addresses_for_web(databases: Databases, name: str) -> dict[str, str]:
    """The environment in which the web process asks a database, with the rights that it has."""
    return {"DATABASE_URL": databases.address(name, WEB), "HEARTH_DATABASE_AS": "application"}
