"""The web process as it is served, one worker over loopback, and a visitor who asks it like a browser."""

import contextlib
import gzip
import http.client
import os
import subprocess
import sys
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import tinyhtml5
from cssselect2 import ElementWrapper

from bench.authority import PASSWORD
from bench.installation import free_port
from bench.speed.pages import filled
from config import alive
from config.checkout import ROOT, CannotStart
from config.embedded import dies_with_parent

SECONDS_TO_START = 60


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    body: bytes
    seconds: float

    @property
    def page(self) -> ElementWrapper:
        """The page, to be asked by CSS selectors."""
        html = tinyhtml5.parse(self.body.decode(), namespace_html_elements=False)
        return ElementWrapper.from_html_root(html)


@dataclass(frozen=True, slots=True)
class Asked:
    """One request: an address, and what is sent to it; without, it is only read."""

    path: str
    sent: Mapping[str, str] | None = None


class Visitor(ABC):
    """Somebody who is signed in. How a visitor asks, the subclasses say."""

    host = "localhost"

    def __init__(self, username: str):
        self.username = username
        self.cookies: SimpleCookie = SimpleCookie()
        self._sign_in("/accounts/login/", {"login": username, "password": PASSWORD})

    @abstractmethod
    def ask(self, asked: Asked) -> Answer:
        """Ask, and measure how long the answer took."""

    def read(self, path: str) -> ElementWrapper:
        """A page that must be there."""
        answer = self.ask(Asked(path))
        if answer.status != HTTPStatus.OK:
            raise CannotStart(f"{path} answers {answer.status} to {self.username}.")
        return answer.page

    def confirm(self) -> None:
        """Give the password again, as before a signature."""
        self._sign_in("/accounts/reauthenticate/", {"password": PASSWORD})

    def _sign_in(self, path: str, answers: Mapping[str, str]) -> None:
        form = filled(self.read(path).query(f'form[action^="{path}"], main form'))
        answer = self.ask(Asked(path, {**form, **answers}))
        if answer.status != HTTPStatus.FOUND:
            raise CannotStart(f"{self.username} cannot sign in: {path} answers {answer.status}.")


class Browser(Visitor):
    """Asks over loopback: a new connection for each request, compressed answers, cookies."""

    def __init__(self, address: str, username: str):
        self.port = urlsplit(address).port or 80
        super().__init__(username)

    def ask(self, asked: Asked) -> Answer:
        """Ask, and measure from the first byte sent to the last one read."""
        headers = {
            "Host": f"{self.host}:{self.port}",
            "Accept-Encoding": "gzip",
            "Cookie": "; ".join(f"{cookie.key}={cookie.value}" for cookie in self.cookies.values()),
        }
        body = None
        if asked.sent is not None:
            body = urlencode(asked.sent)
            headers |= {
                "Content-Type": "application/x-www-form-urlencoded",
                "Origin": f"http://{self.host}:{self.port}",
            }
        started = time.perf_counter()
        with contextlib.closing(http.client.HTTPConnection(self.host, self.port, timeout=120)) as line:
            line.request("GET" if body is None else "POST", asked.path, body, headers)
            response = line.getresponse()
            content = response.read()
        seconds = time.perf_counter() - started
        for header in response.headers.get_all("Set-Cookie", ()):
            self.cookies.load(header)
        if response.headers.get("Content-Encoding") == "gzip":
            content = gzip.decompress(content)
        return Answer(response.status, content, seconds)


class Web:
    """One gunicorn worker that serves Hearth."""

    def __init__(self, environment: Mapping[str, str], logs: Path):
        self.environment = {**os.environ, **environment}
        self.logs = logs
        self.port = free_port()
        self._process: subprocess.Popen | None = None

    @property
    def address(self) -> str:
        """Where it answers."""
        return f"http://localhost:{self.port}"

    @contextlib.contextmanager
    def running(self) -> Iterator["Web"]:
        """Serves inside the block."""
        command = [
            sys.executable,
            "-m",
            "gunicorn",
            "config.wsgi",
            "--bind",
            f"127.0.0.1:{self.port}",
            "--workers",
            "1",
        ]
        with open(self.logs, "wb") as log:
            self._process = subprocess.Popen(
                dies_with_parent([*command, "--no-control-socket"]),
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        try:
            self._wait()
            yield self
        finally:
            self._process.terminate()
            self._process.wait()

    def megabytes(self) -> float:
        """The memory that the worker holds, with what it shares."""
        pid = self._process.pid if self._process else 0
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        return max(resident(int(pid)) for pid in children)

    def _wait(self) -> None:
        give_up_at = time.monotonic() + SECONDS_TO_START
        while time.monotonic() < give_up_at:
            if alive.answers(self.port):
                return
            time.sleep(0.05)
        raise CannotStart(f"The web process does not answer:\n{self.logs.read_text(errors='replace')[-2000:]}")


def resident(pid: int) -> float:
    """The megabytes of memory that a process holds."""
    status = Path(f"/proc/{pid}/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS:")) / 1024
