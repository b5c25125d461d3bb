"""Writes the documents that are generated from rule tables and transitions."""

from django.conf import settings
from django.core.management.base import BaseCommand

from casework.written import documents


class Command(BaseCommand):
    help = "Write docs/rules.md, docs/decisions.md and docs/lifecycles/ from the code."

    def handle(self, *args, **options):
        """Write each document."""
        for name, text in documents().items():
            path = settings.BASE_DIR / "docs" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
            self.stdout.write(f"docs/{name}")
