"""Django's migrate, which no page waits for: a table that is in use is asked for again, rather than queued for."""

import time

from django.core.management.base import CommandError
from django.core.management.commands import migrate
from django.db import OperationalError, connections
from psycopg2.errors import DeadlockDetected, LockNotAvailable

WAITED_FOR_A_LOCK = "4s"
"""Everybody who wants the table meanwhile queues behind us for so long."""
SECONDS_BETWEEN = 2
ATTEMPTS = 15


class Command(migrate.Command):
    """What is migrated stays so: each attempt goes on where the one before stopped."""

    def handle(self, *args, **options):
        """Migrate; where a table is in use, wait and try again."""
        connection = connections[options["database"]]
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = %s", [WAITED_FOR_A_LOCK])
        try:
            self._migrate(args, options)
        finally:
            if connection.is_usable():
                with connection.cursor() as cursor:
                    cursor.execute("RESET lock_timeout")

    def _migrate(self, args, options):
        for attempts_left in reversed(range(ATTEMPTS)):
            try:
                return super().handle(*args, **options)
            except OperationalError as error:
                if not isinstance(error.__cause__, LockNotAvailable | DeadlockDetected):
                    raise
                if not attempts_left:
                    raise CommandError(
                        "A table is in use all the time. Nothing is broken: what was migrated stays so; run it again."
                    ) from error
                self.stderr.write("A table is in use; it is tried again.")
                time.sleep(SECONDS_BETWEEN)
        return None
