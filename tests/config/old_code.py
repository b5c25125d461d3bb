"""Brings a database from the first release to the newest tables while the code of the first release reads and writes it.

A program of its own, run by test_migrations on an empty database.
"""

import threading
import time

import django
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from config.without_downtime import BASELINE

FIRST_RELEASE = sorted(dict(sorted(BASELINE)).items())
"""The last migration of each app in it."""


def main():
    """Says at the end whether every page of the old code was answered."""
    django.setup()
    call_command("migrate", verbosity=0)
    fill()
    MigrationExecutor(connection).migrate(FIRST_RELEASE)
    models = MigrationLoader(connection).project_state(FIRST_RELEASE).apps
    stop, answered, failed = threading.Event(), [], []
    pages = threading.Thread(target=serve, args=(models, stop, answered, failed))
    pages.start()
    try:
        wait_for(lambda: answered or failed)
        call_command("migrate", verbosity=0)
        before = len(answered)
        wait_for(lambda: failed or len(answered) > before + 1)
    finally:
        stop.set()
        pages.join()
    print("The old code went on." if not failed else f"The old code failed: {failed}")  # noqa: T201


def fill():
    """Rows in many tables, made by the newest code."""
    from tests.factories import World

    World()


def serve(models, stop, answered, failed):
    """Reads every table by the columns of the first release, and writes where rows may be changed, until told to stop."""
    tables = [model for model in models.get_models() if model._meta.app_label in dict(FIRST_RELEASE)]
    user, errand = models.get_model("accounts", "User"), models.get_model("casework", "Errand")
    file, event = models.get_model("casework", "CaseFile"), models.get_model("casework", "Event")
    try:
        while not stop.is_set():
            for table in tables:
                list(table._base_manager.all()[:20])
            someone = user._base_manager.order_by("pk").first()
            someone.save()
            someone.pk, someone.username = None, f"old-{len(answered)}"
            someone.save(force_insert=True)
            errand._base_manager.create(kind="x", asked_at=someone.date_joined, by=someone)
            opened = file._base_manager.create(kind="child", opened_at=someone.date_joined)
            last = event._base_manager.order_by("pk").first()
            last.pk, last.case_file = None, opened
            last.save(force_insert=True)
            answered.append(opened.pk)
    except Exception as error:  # noqa: BLE001 - whatever it is, a page has failed
        failed.append(error)
    finally:
        connection.close()


def wait_for(question):
    """Until the answer is yes."""
    while not question():
        time.sleep(0.01)


if __name__ == "__main__":
    main()
