"""Loads SSDA903 files: `python manage.py import_ssda903 FOLDER... --authority E09000001`."""

import os
import re
import sys
from json import dumps
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from accounts.models import User
from casework.wording import counted
from exchange.loading import CannotLoad, load
from exchange.sign_ins import make_demo_users

ONS_CODE = re.compile(r"E\d{8}", re.ASCII)
YEARS = range(1990, 2100)
"""Collection years that --year takes: far enough either way."""
FOLDER_LEFT_OUT = 3
"""The exit status where a folder was left out."""
LEFT_OUT = ("year-not-known", "no-table")
"""The reasons for which nothing of a folder is loaded."""


class Command(BaseCommand):
    """One or several years of a return into this installation."""

    help = (
        "Loads one or several years of SSDA903 files, one folder a year, and reports what became of every row. "
        "Exit status: 0 with a report; 1 where there is none, and a sentence says why; 3 with a report that says of a "
        "folder that nothing of it was loaded, as where no episode says which year it is (then give --year)."
    )

    def add_arguments(self, parser):
        parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER")
        parser.add_argument("--authority", required=True, help="the authority's ONS code, for instance E06000015")
        parser.add_argument("--dry-run", action="store_true", help="say what would be done, and change nothing")
        parser.add_argument(
            "--json", action="store_true", help="print the report as one JSON object, all findings in it"
        )
        parser.add_argument(
            "--year",
            action="append",
            type=int,
            default=[],
            help="the year in which the collection year of a folder ends, for each folder in order; "
            "without it, the year in which most of its episodes ended",
        )
        parser.add_argument("--by", metavar="USER_NAME", help="under whose name the import stands in the event record")
        parser.add_argument(
            "--demo-users", action="store_true", help="make and print a sign-in for each role that nobody holds"
        )

    def handle(self, *, json, **options):
        try:
            self._load(json=json, **options)
        except CommandError as problem:
            if json and problem.returncode != FOLDER_LEFT_OUT:
                self.stdout.write(dumps({"error": str(problem)}, ensure_ascii=False))
            raise
        except BrokenPipeError:
            # Whoever reads the report has read enough: what is loaded is loaded.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())

    def _load(self, *, folders, authority, dry_run, json, year, by, demo_users, **options):
        at = timezone.now()
        if not ONS_CODE.fullmatch(authority):
            raise CommandError(f"“{authority}” is not the ONS code of an English authority: E and eight digits.")
        if len(year) > len(folders):
            raise CommandError("There are more years than folders.")
        if impossible := [each for each in year if each not in YEARS]:
            raise CommandError(f"{impossible[0]} is no collection year: from {YEARS.start} to {YEARS.stop - 1}.")
        _refuse_database_without_tables()
        try:
            report = load(folders, authority=authority, at=at, by=_person(by), is_dry_run=dry_run, years=year)
        except CannotLoad as problem:
            raise CommandError(str(problem)) from problem
        except OSError as problem:
            raise CommandError(
                f"A file or folder cannot be read ({problem}). Load the same folders again once it can: "
                "what was loaded until now stays."
            ) from problem
        with report:
            try:
                (report.print_json if json else report.print_text)(self.stdout)
            finally:
                if demo_users and not dry_run:
                    self._print_demo_users(at)
            left_out = sum(report.tally.counts[code] for code in LEFT_OUT)
        if left_out:
            raise CommandError(
                f"Nothing was loaded of {counted(left_out, 'folder')}: the report says why.",
                returncode=FOLDER_LEFT_OUT,
            )

    def _print_demo_users(self, at):
        """On standard error, so that a JSON report stays one JSON object."""
        made = make_demo_users(at=at)
        self.stderr.write(
            "Sign-ins made (user name, password, role):" if made else "Every role is held: no sign-in made."
        )
        for sign_in in made:
            self.stderr.write(f"  {sign_in.username}  {sign_in.password}  {sign_in.role.label}")


def _refuse_database_without_tables():
    try:
        executor = MigrationExecutor(connection)
        is_behind = bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    except OperationalError as problem:
        raise CommandError("The database does not answer: is DATABASE_URL right, and does its server run?") from problem
    if is_behind:
        raise CommandError("The database has not all of its tables yet: run `manage.py migrate` first.")


def _person(username):
    if username is None:
        return None
    person = User.objects.filter(username=username, is_active=True).first()
    if person is None:
        raise CommandError(f"Nobody signs in as “{username}”.")
    return person
