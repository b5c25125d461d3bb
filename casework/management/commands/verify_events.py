"""Holds every chain of the event record against its digests, its case file and the last export of the heads."""

import sys
from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from casework import events, heads
from casework.models import CaseFile


class Command(BaseCommand):
    """Exit code 1, and a line for every fault with its case file, where an event was changed, removed or slipped in."""

    help = "Find any edit, deletion, insertion, swap or cut in the event record."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The latest export is held against the record unless another is named."""
        parser.add_argument("--heads", type=Path, help="exported heads to hold against it instead of the latest")

    def handle(self, *args: object, **options: Path | None) -> None:
        """Read everything, name what is wrong."""
        export = options["heads"] or heads.latest_export()
        faults = 0
        for pk, fault in events.faults_in_chains(read(export) if export else None):
            self.stdout.write(f"{_named(pk)}: {fault}.")
            faults += 1
        if faults:
            self.stderr.write(f"{faults} faults in the event record.")
            sys.exit(1)
        held = f"held against {export.name}" if export else "no exported heads to hold against: a cut may not show"
        self.stdout.write(f"{CaseFile.objects.count()} case files: every chain is whole ({held}).")


def read(path: Path) -> dict[int, heads.Head]:
    """The heads of an export, or a sentence that says why not."""
    try:
        return heads.read(path)
    except (heads.BadExport, OSError) as problem:
        raise CommandError(str(problem)) from problem


def _named(pk: int) -> str:
    """A case file as a person can find it: its kind and its number."""
    return str(CaseFile.objects.filter(pk=pk).first() or f"Case file {pk}")
