"""Brings back the database that `make run` brings: `manage.py restore FOLDER`, with Hearth stopped."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config import backup
from config.management.commands.back_up import ANOTHER_SERVER


class Command(BaseCommand):
    """Makes the database anew out of the newest backup in a folder. Refuses where there still is one."""

    help = "Bring the embedded database back from a folder that back_up filled."

    def add_arguments(self, parser):
        """Where from."""
        parser.add_argument("folder", type=Path)

    def handle(self, *args, folder, **options):
        """Restore, and say what to do next."""
        if not settings.EMBEDDED_DATABASE:
            raise CommandError(ANOTHER_SERVER)
        self.stdout.write(backup.restore(settings.EMBEDDED_DATABASE, folder.resolve()))
