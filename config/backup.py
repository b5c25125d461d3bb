"""Backing up and restoring the embedded database, by the very scripts that a real installation uses (config/database).

A real installation's archive holds every change as it is made (docs/operations.md); here a base backup holds one moment.
"""

import contextlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from config.checkout import ROOT, CannotStart
from config.embedded import DATABASE, OWNER, make_private_folder, run_as, unprivileged_user

SCRIPTS = ROOT / "config/database"


def back_up(postgres, archive):
    """Takes a base backup of the running server into the archive, and says which."""
    archive.mkdir(parents=True, exist_ok=True)
    make_private_folder(archive, unprivileged_user())
    with scripts(postgres) as script:
        return said(script("back_up.sh", ARCHIVE=archive))


def restore(postgres, archive, **told):
    """Brings the database back out of the archive for a server that has no files, and says how far."""
    postgres.url(OWNER)
    if postgres.data.exists():
        raise CannotStart(f"There is a database here: stop Hearth, and move {postgres.data} away first.")
    with tempfile.TemporaryDirectory(dir=postgres.data.parent) as made, scripts(postgres) as script:
        make_private_folder(Path(made), unprivileged_user())
        says = said(script("restore.sh", ARCHIVE=archive, PGDATA=Path(made) / "data", **told))
        (Path(made) / "data").rename(postgres.data)
    return says


@contextlib.contextmanager
def scripts(postgres):
    """`script(name, **told)` gives what `subprocess` needs to run a script as the server's user, with its programs."""
    with tempfile.TemporaryDirectory() as made:
        folder, user = Path(made), unprivileged_user()
        shutil.copytree(SCRIPTS, folder / "database")
        (folder / "password").write_text(postgres.passwords[OWNER])
        if user:
            for path in (folder, *folder.rglob("*")):
                os.chown(path, *user)
        told_to_all = {
            "PATH": f"{postgres.programs}:{os.environ['PATH']}",
            "LC_ALL": "C.UTF-8",
            "PGHOST": postgres.socket_folder,
            "PGUSER": OWNER,
            "PGPASSWORD_FILE": folder / "password",
            "POSTGRES_DB": DATABASE,
        }

        def script(name, **told):
            environment = {name: str(value) for name, value in {**told_to_all, **told}.items()}
            return {"args": ["sh", folder / "database" / name], "env": environment, "cwd": "/", **run_as(user)}

        yield script


def said(how):
    """Runs a script, and gives what it says; CannotStart where it fails."""
    done = subprocess.run(**how, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode:
        raise CannotStart(done.stderr.strip() or done.stdout.strip())
    return done.stdout.strip()
