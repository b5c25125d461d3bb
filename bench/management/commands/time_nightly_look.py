"""Says, as JSON, what the nightly look costs in this database; run by `make bench` in a process of its own."""

import json
from dataclasses import asdict
from datetime import datetime

from django.core.management.base import BaseCommand

from bench.speed.nightly import measure


class Command(BaseCommand):
    """It looks as of the moment at which everything was looked at last, and so changes nothing."""

    help = "Time the nightly look: none due, and every child anew."

    def add_arguments(self, parser):
        """As of when, and by which seed children are taken at random."""
        parser.add_argument("at", type=datetime.fromisoformat)
        parser.add_argument("--seed", type=int, default=0)

    def handle(self, *, at, seed, **options):
        """Look, and say what it cost."""
        self.stdout.write(json.dumps(asdict(measure(at, seed))))
