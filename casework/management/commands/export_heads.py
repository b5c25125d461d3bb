"""Exports the heads of the event record by hand, as the nightly job does."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from casework import heads


class Command(BaseCommand):
    """Writes one file of sealed JSON lines into HEARTH_HEADS_DIR."""

    help = "Export the heads of the event record’s chains, so that a cut shows."

    def handle(self, *args: object, **options: object) -> None:
        """Export, and say where to."""
        try:
            self.stdout.write(str(heads.export(timezone.now())))
        except (heads.BadExport, OSError) as problem:
            raise CommandError(str(problem)) from problem
