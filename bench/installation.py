"""An installation of its own: state folder, database, broker and port; started by `config.run`, as `make run` is."""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from config import alive
from config.checkout import ROOT
from config.embedded import Postgres

SECONDS_TO_START = 240
SECONDS_TO_STOP = 60
NOT_HANDED_ON = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE", "HEARTH_DATABASE_AS")


class Installation:
    """One Hearth, running apart from every other of this checkout."""

    def __init__(self, folder, port, **environment):
        self.folder, self.port = Path(folder), port
        self.database = Postgres(self.folder / "database")
        self._environment = environment
        self._supervisor = None

    @property
    def environment(self):
        """What its processes are told."""
        kept = {name: value for name, value in os.environ.items() if name not in NOT_HANDED_ON}
        told = {"HEARTH_STATE": str(self.folder), "PORT": str(self.port), "DEBUG": "no", "DEMO": "yes"}
        return kept | told | self._environment

    def start(self):
        """Start it, and wait until it answers."""
        with open(self.folder / "said", "ab") as said:
            self._supervisor = subprocess.Popen(
                [sys.executable, "-m", "config.run"],
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                start_new_session=True,
            )
        give_up_at = time.monotonic() + SECONDS_TO_START
        while not self.answers():
            if self._supervisor.poll() is not None or time.monotonic() > give_up_at:
                raise RuntimeError(f"It does not start: {self.said()[-2000:]}")
            time.sleep(0.1)

    def stop(self):
        """Stop it in order."""
        if self._supervisor is None or self._supervisor.poll() is not None:
            return
        self._supervisor.terminate()
        try:
            self._supervisor.wait(timeout=SECONDS_TO_STOP)
        except subprocess.TimeoutExpired:
            self._supervisor.kill()
            subprocess.run([sys.executable, "-m", "config.run", "stop"], cwd=ROOT, env=self.environment, check=False)

    def said(self):
        """What its supervisor told the person at the keyboard."""
        return (self.folder / "said").read_text(errors="replace")

    def answers(self):
        """Does the web part answer?"""
        return alive.answers(self.port)


@contextlib.contextmanager
def running(name, **environment) -> Iterator[Installation]:
    """A new installation in a temporary folder, which is put away at the end of the block."""
    folder = Path(tempfile.mkdtemp(prefix=f"hearth-{name}-"))
    folder.chmod(0o755)
    installation = Installation(folder, free_port(), **environment)
    try:
        installation.start()
        yield installation
    finally:
        installation.stop()
        shutil.rmtree(folder, ignore_errors=True)


def free_port():
    """A port that nobody has."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return trial.getsockname()[1]
