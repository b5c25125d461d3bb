"""`make run`: starts everything Hearth needs on this machine, watches over it, and stops it on Ctrl-C.

Its parts are the embedded database and broker (where no server's address is given), web, worker and beat. A part that
dies is started again. Every process started here carries the path of the state folder in its environment, so that
whatever a killed supervisor left behind is known by it, and strangers are never touched.
"""

import contextlib
import fcntl
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

from config import alive
from config.checkout import ROOT, STATE, CannotStart, make_state_folder
from config.embedded import Postgres, dies_with_parent

MARK = "HEARTH_STARTED_BY"  # in the environment of every process of this checkout
LOGS = STATE / "logs"
SECONDS_TO_ANSWER = 60
SECONDS_TO_STOP = 10
LONGEST_WAIT = 5  # before a part that keeps giving up is started again; one that was killed is started at once
SETTLED = 60  # seconds after which a part counts as well
LOOK_EVERY = 0.2  # seconds
AFTER_PAGES = ("nice", "-n", "5")  # where there is too little of the machine, pages come before jobs
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stop(Exception):
    """Somebody pressed Ctrl-C, or told this process to end."""


class Part:
    """One process that should always run."""

    def __init__(self, name, command):
        self.name = name
        self.command = command
        self.process = None
        self.wait = 1
        self.started_at = self.start_at = 0.0

    def start(self):
        """Starts it in a session of its own, so that the terminal's Ctrl-C reaches the supervisor alone."""
        self.started_at = time.monotonic()
        with open(LOGS / f"{self.name}.log", "ab") as log:
            self.process = subprocess.Popen(
                dies_with_parent(self.command),
                cwd=ROOT,
                env=marked_environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def keep_running(self):
        """Starts it again if it died: at once if it was killed; later and later if it keeps giving up by itself."""
        now = time.monotonic()
        if self.process:
            if self.process.poll() is None:
                if now - self.started_at > SETTLED:
                    self.wait = 1
                return
            self.end_what_is_left()
            wait = 0 if self.was_killed else self.wait
            say(f"{self.name} {self.how_it_ended()}. It is started again {f'in {wait} s' if wait else 'now'}.")
            if not self.was_killed:
                self.wait = min(2 * self.wait, LONGEST_WAIT)
            self.process = None
            self.start_at = now + wait
        if now >= self.start_at:
            self.start()

    def end_what_is_left(self):
        """Ends the children that outlived it: they hold its port, and work for a master that is gone."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)

    @property
    def was_killed(self):
        """Did a signal end it, and not its own doing?"""
        return self.process.returncode < 0

    def how_it_ended(self):
        """What killed it, or where it wrote why it gave up."""
        if self.was_killed:
            return f"was killed by signal {-self.process.returncode}"
        return f"ended; .hearth/logs/{self.name}.log says why"


def main():
    """Starts Hearth, or with the argument `stop` stops what runs from this checkout."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
    try:
        make_state_folder()
        if sys.argv[1:] == ["stop"]:
            stop_everything()
        else:
            run()
    except CannotStart as problem:
        sys.exit(str(problem))


def run():
    """Runs until told to stop."""
    for which in SIGNALS:
        signal.signal(which, stop)
    with contextlib.suppress(Stop), only_one_supervisor():
        end_processes_of_this_checkout()
        port = port_to_serve_on()
        LOGS.mkdir(exist_ok=True)
        for log in LOGS.iterdir():
            log.unlink()

        from django.conf import settings

        database = settings.EMBEDDED_DATABASE
        with database.in_use() if database else contextlib.nullcontext():
            try:
                start_and_watch(port, database, settings.EMBEDDED_BROKER)
            finally:
                end_processes_of_this_checkout()
    say("Stopped.")


def start_and_watch(port, database, broker):
    """Prepares the data, starts the parts, and keeps them all running until stopped."""
    prepare_data()
    parts = ([Part("broker", broker.command)] if broker else []) + application_parts(port)
    for part in parts:
        part.start()
    wait_for_answer(port, parts)
    greet(port)
    with watched(database) if database else contextlib.nullcontext():
        while True:
            time.sleep(LOOK_EVERY)
            for part in parts:
                part.keep_running()


@contextlib.contextmanager
def watched(database):
    """Keeps the database running inside the block. It may take long to start, and no other part waits for that."""
    over = threading.Event()
    watch = threading.Thread(target=watch_database, args=[database, over])
    watch.start()
    try:
        yield
    finally:
        over.set()
        watch.join()


def watch_database(database, over):
    """Starts the database again whenever it died, until it is over. Says once that it does not start, and tries on."""
    is_down = False
    while not over.wait(LOOK_EVERY):
        try:
            if not database.keep_running():
                say("database ended; .hearth/database/server/log says why. It was started again.")
            is_down = False
        except CannotStart as problem:
            if not is_down:
                say(f"{problem}\nIt is tried again; until then pages say that the database is down.")
            is_down = True


def application_parts(port):
    """Web, worker and beat."""
    gunicorn = [sys.executable, "-m", "gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{port}", "--workers", "2"]
    gunicorn += ["--config", "config/gunicorn.py", *(["--reload"] if is_on("DEBUG", "no") else [])]
    celery = [*AFTER_PAGES, sys.executable, "-m", "celery", "-A", "config.celery", "--quiet"]
    return [
        Part("web", gunicorn),
        Part("worker", [*celery, "worker", "--concurrency", "2", "--without-gossip", "--without-mingle"]),
        Part("beat", [*celery, "beat", "--schedule", str(STATE / "beat"), "--pidfile", ""]),
    ]


def prepare_data():
    """Brings the tables up to date and, unless DEMO=no, fills an empty database with the invented authority."""
    say("Preparing the database ...")
    manage("migrate", "--no-input", "-v", "0")
    if not is_on("DEBUG", "no"):
        collect_static_files()
    if is_on("DEMO", "yes"):
        manage("load_invented_authority")


def collect_static_files():
    """Collects and compresses what pages load; takes seconds, so not where nothing has changed since the last time."""
    from django.conf import settings

    collected = Path(settings.STATIC_ROOT) / ".collected"
    sources = [ROOT / "requirements.lock", *(ROOT / "config/settings").glob("*.py"), *(ROOT / "static").rglob("*")]
    if not collected.exists() or collected.stat().st_mtime < max(source.stat().st_ctime for source in sources):
        manage("collectstatic", "--no-input", "-v", "0")
        collected.touch()


def manage(*words):
    """Runs one of our commands and shows what it says."""
    command = dies_with_parent([sys.executable, "manage.py", *words])
    done = subprocess.run(
        command, cwd=ROOT, env=marked_environment(), stdin=subprocess.DEVNULL, start_new_session=True, check=False
    )
    if done.returncode:
        raise CannotStart(
            f"`manage.py {words[0]}` failed; the reason is above. Nothing is lost: mend it, and start again."
        )


def greet(port):
    """Says where Hearth is, and what to do next."""
    say(f"\nHearth is at http://localhost:{port}/   Ctrl-C stops it. Its logs are in .hearth/logs/.")
    if is_on("DEMO", "yes"):
        say("Sign in under one of the names above, open My work, and follow the first line of the list.")
    else:
        say("It starts empty. To load your authority's files, with a sign-in for each role:")
        say("  .venv/bin/python manage.py import_ssda903 FOLDER --authority ONS_CODE --demo-users")
        say("To make a first administrator: .venv/bin/python manage.py appoint_administrator NAME")


def wait_for_answer(port, parts):
    """Waits until the web part answers."""
    give_up_at = time.monotonic() + SECONDS_TO_ANSWER
    while time.monotonic() < give_up_at:
        for part in parts:
            part.keep_running()
        if alive.answers(port):
            return
        time.sleep(0.1)
    end_of_log = (LOGS / "web.log").read_text(errors="replace")[-2000:]
    raise CannotStart(f"{end_of_log}\nThe web part does not answer on port {port}; the end of its log is above.")


def port_to_serve_on():
    """The port to serve on, after trying that nobody else has it."""
    given = os.environ.get("PORT", "8000")
    if not given.isdecimal() or not 0 < int(given) < 65536:
        raise CannotStart(f"PORT={given} is not a port: give a number from 1 to 65535, as in `make run PORT=8080`.")
    port = int(given)
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind(("127.0.0.1", port))
        except PermissionError:
            raise CannotStart(f"Port {port} is only for root: take a higher one, as in `make run PORT=8080`.") from None
        except OSError:
            raise CannotStart(
                f"Port {port} is taken by another program: stop it, or take another port: `make run PORT={port + 1}`."
            ) from None
    return port


@contextlib.contextmanager
def only_one_supervisor():
    """Refuses a second `make run` of the same checkout."""
    with open(STATE / "supervisor", "a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CannotStart(
                "Hearth already runs from this folder: press Ctrl-C where it was started, or run `make stop`."
            ) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


def stop_everything():
    """Asks a running supervisor to stop, then ends what a killed one left."""
    with open(STATE / "supervisor", "a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            number = file.read()
            if not number:
                raise CannotStart("Hearth is just starting: try again in a moment.") from None
            os.kill(int(number), signal.SIGTERM)
            fcntl.flock(file, fcntl.LOCK_EX)
        end_processes_of_this_checkout()
    for database in ("database", "tests"):
        Postgres(STATE / database).stop_if_unused()
    say("Stopped.")


def is_on(variable, default):
    """Whether a yes-or-no variable says yes."""
    return os.environ.get(variable, default).lower() not in {"", "no", "false", "off", "0"}


def marked_environment():
    """The environment for processes of this checkout."""
    debug = "yes" if is_on("DEBUG", "no") else "no"
    return {**os.environ, MARK: str(STATE), "DEBUG": debug, "PYTHONUNBUFFERED": "1"}


def processes_of_this_checkout():
    """The numbers of processes that a supervisor of this checkout started, and their children."""
    mark = os.fsencode(f"{MARK}={STATE}")
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if mark in (folder / "environ").read_bytes().split(b"\0") and int(folder.name) != os.getpid():
                yield int(folder.name)


def end_processes_of_this_checkout():
    """Asks them to end, and insists after a while."""
    for how, seconds in ((signal.SIGTERM, SECONDS_TO_STOP), (signal.SIGKILL, 5)):
        for number in processes_of_this_checkout():
            with contextlib.suppress(ProcessLookupError):
                os.kill(number, how)
        give_up_at = time.monotonic() + seconds
        while time.monotonic() < give_up_at:
            with contextlib.suppress(ChildProcessError):
                while os.waitpid(-1, os.WNOHANG)[0]:
                    pass
            if not any(processes_of_this_checkout()):
                return
            time.sleep(0.05)


def stop(signal_number, frame):
    """Turns a signal into an exception, so that everything is left in order."""
    for which in SIGNALS:
        signal.signal(which, signal.SIG_IGN)
    raise Stop


def say(sentence):
    """Tells the person at the keyboard, who may have gone."""
    with contextlib.suppress(OSError):
        print(sentence, flush=True)


if __name__ == "__main__":
    main()
