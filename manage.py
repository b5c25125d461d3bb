#!/usr/bin/env python
"""Hearth's commands. The embedded database, where there is one, runs for as long as the command does."""

import contextlib
import os
import signal
import subprocess
import sys

from config.checkout import CannotStart

# These work on the tables themselves; all others find them up to date.
ABOUT_TABLES = {
    "back_up",
    "dbshell",
    "flush",
    "makemigrations",
    "migrate",
    "pgtrigger",
    "showmigrations",
    "sqlflush",
    "sqlmigrate",
    "test",
}
# These write what web and worker could not; all others run with the application's rights.
AS_OWNER = ABOUT_TABLES | {"appoint_administrator", "load_invented_authority"}
MAKES_SIGN_INS = "--demo-users"
WITHOUT_DATABASE = {
    "check",
    "collectstatic",
    "compilemessages",
    "findstatic",
    "help",
    "makemessages",
    "restore",
    "try_visit_rules",
    "version",
    "write_docs",
}


def main():
    """Runs one command."""
    command = next((word for word in sys.argv[1:] if not word.startswith("-")), "help")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
    if command in AS_OWNER or MAKES_SIGN_INS in sys.argv:
        os.environ.setdefault("HEARTH_DATABASE_AS", "owner")

    from django.conf import settings
    from django.core.management import execute_from_command_line

    # Where the terminal has no sign for a curly quotation mark, another stands in its place.
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")
    # A command that is told to stop still gives the database back.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        database = None if command in WITHOUT_DATABASE else settings.EMBEDDED_DATABASE
        with embedded(database, command) if database else contextlib.nullcontext():
            execute_from_command_line(sys.argv)
    except CannotStart as problem:
        sys.exit(str(problem))


@contextlib.contextmanager
def embedded(database, command):
    """Runs the embedded database for a command, with its tables up to date: it has no administrator who would see to it."""
    with database.in_use():
        if command == "migrate":
            with database.changing_tables():
                yield
        else:
            if command not in ABOUT_TABLES and are_behind():
                migrate = [sys.executable, __file__, "migrate", "--no-input", "-v", "0"]
                if subprocess.run(migrate, env=os.environ | {"HEARTH_DATABASE_AS": "owner"}).returncode:
                    raise CannotStart("The tables cannot be brought up to date; the reason is above.")
            yield


def are_behind():
    """Whether the tables are older than the code, or not there yet."""
    import django
    from django.db import ProgrammingError, connection
    from django.db.migrations.executor import MigrationExecutor

    django.setup()
    try:
        executor = MigrationExecutor(connection)
    except ProgrammingError:  # made by a process that was killed before it gave us the right to look
        return True
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


if __name__ == "__main__":
    main()
