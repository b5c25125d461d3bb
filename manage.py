#!/usr/bin/env python
"""Hearth's commands. The embedded database, where there is one, runs for as long as the command does."""

import contextlib
import os
import signal
import sys

# These change tables, or load what web and worker could not write; all others run with the application's rights.
AS_OWNER = {
    "dbshell",
    "flush",
    "load_invented_authority",
    "makemigrations",
    "migrate",
    "pgtrigger",
    "showmigrations",
    "sqlflush",
    "sqlmigrate",
    "test",
}
WITHOUT_DATABASE = {"check", "collectstatic", "compilemessages", "findstatic", "help", "makemessages", "version"}


def main():
    """Runs one command."""
    command = next((word for word in sys.argv[1:] if not word.startswith("-")), "help")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
    if command in AS_OWNER:
        os.environ.setdefault("HEARTH_DATABASE_AS", "owner")

    from django.conf import settings
    from django.core.management import execute_from_command_line

    from config.embedded import CannotStart

    # A command that is told to stop still gives the database back.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        database = None if command in WITHOUT_DATABASE else settings.EMBEDDED_DATABASE
        with database.in_use() if database else contextlib.nullcontext():
            execute_from_command_line(sys.argv)
    except CannotStart as problem:
        sys.exit(str(problem))


if __name__ == "__main__":
    main()
