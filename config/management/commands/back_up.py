"""Takes a base backup of the database that `make run` brings: `manage.py back_up FOLDER`."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config import backup

ANOTHER_SERVER = "The database is a server of its own: docs/operations.md says how it is archived and brought back."


class Command(BaseCommand):
    """Writes everything that the database holds at this moment into a folder, and checks it."""

    help = "Back up the embedded database into a folder, best one on another disk."

    def add_arguments(self, parser):
        """Where to."""
        parser.add_argument("folder", type=Path)

    def handle(self, *args, folder, **options):
        """Back up, and say where it lies."""
        if not settings.EMBEDDED_DATABASE:
            raise CommandError(ANOTHER_SERVER)
        self.stdout.write(backup.back_up(settings.EMBEDDED_DATABASE, folder.resolve()))
