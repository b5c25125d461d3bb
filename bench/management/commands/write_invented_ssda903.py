"""Writes the invented authority as files of the statutory return, to try the import with."""

from pathlib import Path

from django.core.management.base import BaseCommand
from django.utils import timezone

from bench import names
from bench.generator import CHILDREN, SEED, make_plan
from bench.ssda903_files import write_years


class Command(BaseCommand):
    """Every collection year that has ended, each in a folder of its own."""

    help = "Write files of the SSDA903 return about children who do not exist."

    def add_arguments(self, parser):
        """Where to, which years, how many children."""
        parser.add_argument("folder", type=Path)
        parser.add_argument(
            "years", type=int, nargs="*", help="2025 is the year to 31 March 2025; all if none is named"
        )
        parser.add_argument("--children", type=int, default=CHILDREN)
        parser.add_argument("--seed", type=int, default=SEED)

    def handle(self, *, folder, years, children, seed, **options):
        """Write, and say where."""
        plan = make_plan(timezone.now(), seed=seed, children=children)
        for written in write_years(folder, plan, years):
            self.stdout.write(f"{written}: the files of {names.AUTHORITY} ({names.AUTHORITY_CODE})")
