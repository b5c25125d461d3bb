"""The look of the nightly and hourly jobs, by hand: `python manage.py refresh_duties [--at ISO] [--all] [--json]`."""

import json
from argparse import ArgumentParser
from datetime import datetime

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from casework import watch
from casework.limits import LONDON

YEARS = range(1990, 2200)
"""A moment outside these years is a slip of the pen."""


class Command(BaseCommand):
    """Looks at the files that wait (or all), writes what differs, tells whom it concerns, and says what it did."""

    help = "Look at the case files for which time has changed something, and write which duties that opens and closes."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Nothing is required."""
        parser.add_argument(
            "--at",
            help="look as at this moment: 2026-03-09T16:00 (London’s unless it says otherwise). Of one still to come "
            "people are told as well; the next look puts the duties right, what people were told stays",
        )
        parser.add_argument("--all", action="store_true", help="look at every case file, not only at those that wait")
        parser.add_argument("--json", action="store_true", help="say what was done as JSON")

    def handle(self, *args: object, **options: object) -> None:
        """Look once; doing it again changes nothing."""
        at = moment(str(options["at"])) if options["at"] is not None else timezone.now()
        try:
            found = watch.look_at_everything(at) if options["all"] else watch.look(at)
        except watch.CannotBeLookedAt as failure:
            raise CommandError(f"{failure} All others were.") from failure
        if options["json"]:
            differences = found.differences
            counts = {name: getattr(differences, name) for name in ("files", "opened", "closed", "changed")}
            self.stdout.write(json.dumps({"at": at.isoformat(), **counts, "told": found.told}))
        else:
            self.stdout.write(str(found))


def moment(said: str) -> datetime:
    """A moment as it is typed; a day alone means its first minute. Raises CommandError."""
    try:
        at = datetime.fromisoformat(said)
    except ValueError:
        at = None
    if at is None or at.year not in YEARS:
        raise CommandError(f"“{said}” is not a moment: write it as 2026-03-09 or 2026-03-09T16:00.")
    return at if at.tzinfo else at.replace(tzinfo=LONDON)
