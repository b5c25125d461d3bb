"""The installation that is hurt: its parts as processes to be killed or hung, its database asked past the product."""

import contextlib
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import environ
import psycopg2

from bench import installation
from config.checkout import ROOT
from config.embedded import OWNER, Broker

PARTS = {
    "web master": ("gunicorn", 1),
    "web worker": ("gunicorn", 2),
    "job master": ("worker", 1),
    "job worker": ("worker", 2),
    "beat": ("beat", 1),
    "broker": ("valkey-server", 1),
}
"""The parts as one kills them: a word of the command, and how far below the supervisor."""
DATABASE_PARTS = ("database", "database connection")
ROLES = ("social_worker", "team_manager", "legal", "dhos", "hos")


class Installation(installation.Installation):
    """One Hearth, with every process of it in reach."""

    def stop(self):
        """Stop it in order; whatever hangs is let go first."""
        if self._supervisor is not None and self._supervisor.poll() is None:
            for number in [*self.database_processes(), *(n for part in PARTS for n in self.numbers_of(part))]:
                send(number, signal.SIGCONT)
        super().stop()

    def command(self, *words):
        """Run one of our commands in it, and give what it said; raises where it failed."""
        return self._run(["manage.py", *words])

    def inside(self, *words, as_owner=False, people=None, placement=None):
        """Run something that needs the product's own code (`bench.soak.inside`), told which people have a part in it."""
        more = {
            "HEARTH_DATABASE_AS": "owner" if as_owner else "application",
            "SOAK_PEOPLE": json.dumps({role: people[role] for role in ROLES}) if people else "",
            "SOAK_PLACEMENT": str(placement or ""),
        }
        return self._run(["-m", "bench.soak.inside", *words], **more)

    def _run(self, words, **more):
        told = self.environment | more
        done = subprocess.run([sys.executable, *words], cwd=ROOT, env=told, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"{words} failed: {done.stdout[-3000:]}{done.stderr[-3000:]}")
        return done.stdout

    # The database, asked past the product

    def ask(self, question, *values):
        """The rows that answer a question, as the owner sees them."""
        address = environ.Env.db_url_config(self.database.url(OWNER))
        names = {"HOST": "host", "NAME": "dbname", "USER": "user", "PASSWORD": "password"}
        connection = psycopg2.connect(**{names[key]: address[key] for key in names}, connect_timeout=10)
        connection.autocommit = True
        with contextlib.closing(connection), connection.cursor() as cursor:
            cursor.execute(question, values)
            return cursor.fetchall() if cursor.description else []

    def one(self, question, *values):
        """The single value that answers a question."""
        return self.ask(question, *values)[0][0]

    def waits_at_broker(self):
        """How many tasks wait at the broker."""
        return self._broker().llen("celery")

    def listen_at_broker(self):
        """How many wait there for a task: the next one is theirs, also of one that was stopped while it waited."""
        return self._broker().info("clients")["blocked_clients"]

    def _broker(self):
        import redis

        return redis.Redis(unix_socket_path=str(Broker(self.folder / "broker").socket))

    # Its processes

    def numbers_of(self, part):
        """The numbers of a part's processes."""
        if part == "database":
            return [number for number in [self._postmaster()] if number]
        if part == "database connection":
            return [number for number in self.database_processes() if b"hearth_web" in command_of(number)]
        word, depth = PARTS[part]
        above = [self._supervisor.pid]
        for _ in range(depth):
            above = [child for child, parent in parents().items() if parent in above and is_called(child, word)]
        return above

    def database_processes(self):
        """The server's first process and all others."""
        first = self._postmaster()
        return [first, *(child for child, parent in parents().items() if parent == first)] if first else []

    def _postmaster(self):
        with contextlib.suppress(OSError, ValueError, IndexError):
            number = int((self.folder / "database/server/data/postmaster.pid").read_text().split()[0])
            return number if b"postgres" in command_of(number) else None
        return None


def parents():
    """Every process of this machine, with its parent."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError, ValueError, IndexError):
            found[int(folder.name)] = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
    return found


def is_called(number, word):
    """Does a process run a command with this word?"""
    words = command_of(number).split(b"\0")
    return any(each.rpartition(b"/")[2] == os.fsencode(word) for each in words[:9])


def command_of(number):
    """A process's command line; empty where it has ended."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{number}/cmdline").read_bytes()
    return b""


def environment_of(number):
    """What a process was told."""
    told = Path(f"/proc/{number}/environ").read_bytes().split(b"\0")
    return dict(os.fsdecode(each).split("=", 1) for each in told if b"=" in each)


def send(number, which):
    """Send a signal; whether somebody was there to get it."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(number, which)
        return True
    return False
