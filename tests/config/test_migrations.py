"""Migrations run while the code of the release before still serves: ADR 8."""

import contextlib
import os
import subprocess
import sys
import threading
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import AddConstraintNotValid, AddIndexConcurrently
from django.core.management import CommandError, call_command
from django.db import connection, migrations, models, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ModelState, ProjectState

from config.management.commands import migrate
from config.without_downtime import BASELINE, BIG, objections

OURS = {app for app, _ in BASELINE}


def since_the_baseline():
    """Every migration of ours after the first release, with the state of the project before it."""
    loader = MigrationLoader(None)
    state, found = ProjectState(), []
    for key in _in_order(loader):
        migration = loader.graph.nodes[key]
        if key[0] in OURS and key not in BASELINE:
            found.append(pytest.param(migration, state.clone(), id=".".join(key)))
        state = migration.mutate_state(state, preserve=False)
    return found


def _in_order(loader):
    plan = []
    for leaf in loader.graph.leaf_nodes():
        plan += [key for key in loader.graph.forwards_plan(leaf) if key not in plan]
    return plan


def test_the_baseline_and_the_big_tables_are_there():
    assert set(MigrationLoader(None).graph.nodes) >= BASELINE
    assert {model._meta.label_lower for model in apps.get_models()} >= BIG


@pytest.mark.parametrize(("migration", "state"), since_the_baseline())
def test_a_migration_since_the_first_release_lets_old_code_serve(migration, state):
    assert objections(migration, state) == []


# The rules, each with its near miss


def a_migration(*operations, app="visits", **about):
    made = migrations.Migration("0009_tried", app)
    made.operations = list(operations)
    for name, value in about.items():
        setattr(made, name, value)
    return made


def tried(*operations, app="visits", model="Visit", **about):
    state = ProjectState()
    fields = {
        "id": models.BigAutoField(primary_key=True),
        "said": models.CharField(max_length=20),
        "on": models.DateField(null=True),
    }
    state.add_model(ModelState(app, model, list(fields.items())))
    return objections(a_migration(*operations, app=app, **about), state)


TEXT = models.CharField(max_length=20)
INDEX = models.Index(fields=["said"], name="by_said")
CHECK = models.CheckConstraint(condition=models.Q(said__gt=""), name="says_something")


@pytest.mark.parametrize(
    ("operation", "why"),
    [
        (migrations.RemoveField("visit", "said"), "the old code still asks for it"),
        (migrations.DeleteModel("Visit"), "the old code still asks for it"),
        (migrations.RenameField("visit", "said", "told"), "knows it by the old name"),
        (migrations.RenameModel("Visit", "Call"), "knows it by the old name"),
        (migrations.AlterModelTable("visit", "calls"), "knows it by the old name"),
        (migrations.AddField("visit", "more", TEXT), "does not fill it in"),
        (migrations.AddField("visit", "more", models.IntegerField(default=0)), "does not fill it in"),
        (migrations.AddField("visit", "more", models.IntegerField(null=True, db_index=True)), "locks a big table"),
        (migrations.AddField("visit", "more", models.IntegerField(null=True, unique=True)), "locks a big table"),
        (migrations.AlterField("visit", "on", models.DateField()), "may still leave it empty"),
        (migrations.AlterField("visit", "said", models.IntegerField()), "writes every row anew"),
        (migrations.AlterField("visit", "said", models.CharField(max_length=10)), "may still write longer texts"),
        (migrations.AlterField("visit", "said", models.CharField(max_length=20, db_index=True)), "locks a big table"),
        (migrations.AddIndex("visit", INDEX), "AddIndexConcurrently"),
        (migrations.AddConstraint("visit", CHECK), "AddConstraintNotValid"),
        (migrations.AddConstraint("visit", models.UniqueConstraint(fields=["said"], name="once")), "reads a big table"),
        (migrations.AlterUniqueTogether("visit", {("said", "on")}), "locks a big table"),
        (migrations.RunSQL("SELECT 1"), "cannot be undone"),
        (migrations.RunPython(lambda apps, editor: None), "cannot be undone"),
        (migrations.SeparateDatabaseAndState([migrations.RunSQL("SELECT 1")]), "cannot be undone"),
    ],
)
def test_what_would_stop_or_mislead_old_code_is_refused_with_a_sentence(operation, why):
    (sentence,) = tried(operation)
    assert why in sentence
    assert sentence.startswith("visits.0009_tried: ")


@pytest.mark.parametrize(
    "operation",
    [
        migrations.AddField("visit", "more", models.CharField(max_length=20, null=True)),
        migrations.AddField("visit", "more", models.CharField(max_length=20, db_default="")),
        migrations.AlterField("visit", "said", models.CharField(max_length=40)),
        migrations.AlterField("visit", "said", models.TextField()),
        migrations.AlterField("visit", "said", models.CharField(max_length=20, null=True)),
        migrations.AlterField("visit", "said", models.CharField(max_length=20, choices=[("a", "A")])),
        AddIndexConcurrently("visit", GinIndex(fields=["said"], name="by_said")),
        AddConstraintNotValid("visit", CHECK),
        migrations.RunSQL("SELECT 1", "SELECT 1"),
        migrations.RunPython(lambda apps, editor: None, migrations.RunPython.noop),
    ],
)
def test_what_only_adds_is_let_through(operation):
    assert tried(operation) == []


def test_a_small_table_may_be_locked_for_its_moment():
    assert tried(migrations.AddIndex("authority", INDEX), app="casework", model="Authority") == []
    assert tried(migrations.AddConstraint("authority", CHECK), app="casework", model="Authority") == []


def test_a_table_that_is_made_by_the_migration_is_nobodys_yet():
    made = migrations.CreateModel("Call", [("id", models.BigAutoField(primary_key=True))])
    assert tried(made, migrations.AddField("call", "said", TEXT)) == []


def test_what_nothing_uses_goes_once_the_migration_says_why():
    assert tried(migrations.RemoveField("visit", "said"), contract="Release 2 reads and writes `told` instead.") == []


def test_rows_are_changed_in_a_migration_of_their_own():
    moving = migrations.RunPython(lambda apps, editor: None, migrations.RunPython.noop)
    adding = migrations.AddField("visit", "more", models.CharField(max_length=20, null=True))
    (sentence,) = tried(adding, moving)
    assert "in a migration of their own" in sentence
    assert tried(adding, moving, atomic=False) == []


# A table that is in use


@contextmanager
def somebody_reads(table, *, for_seconds=None):
    """Holds a table as a page does that takes long."""
    reader = connection.copy()
    with contextlib.closing(reader), reader.cursor() as cursor:
        cursor.execute(f"BEGIN; SELECT FROM {table} LIMIT 1")
        page = threading.Timer(for_seconds or 0, lambda: for_seconds and reader.connection.cursor().execute("ROLLBACK"))
        page.start()
        yield
        page.join()


@pytest.fixture
def impatient(monkeypatch):
    """A command that waits for milliseconds, and in the place of its migrations what one would do to a table."""
    monkeypatch.setattr(migrate, "WAITED_FOR_A_LOCK", "20ms")
    monkeypatch.setattr(migrate, "SECONDS_BETWEEN", 0.05)

    def lock_table(self, *args, **options):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("LOCK TABLE casework_draft IN ACCESS EXCLUSIVE MODE")

    monkeypatch.setattr(migrate.migrate.Command, "handle", lock_table)


@pytest.mark.django_db(transaction=True)
def test_migrate_gives_way_to_whoever_uses_the_table_and_tries_again(impatient, monkeypatch, capsys):
    monkeypatch.setattr(migrate, "ATTEMPTS", 1000)
    with somebody_reads("casework_draft", for_seconds=0.1):
        call_command("migrate")
    assert "it is tried again" in capsys.readouterr().err


@pytest.mark.django_db(transaction=True)
def test_migrate_gives_up_in_a_sentence_where_the_table_is_never_free(impatient, monkeypatch):
    monkeypatch.setattr(migrate, "ATTEMPTS", 2)
    with somebody_reads("casework_draft"), pytest.raises(CommandError, match="run it again"):
        call_command("migrate")


# Old code on new tables


@pytest.fixture
def another_database(transactional_db):
    """A new, empty database beside that of the tests; its name."""
    name = f"{connection.settings_dict['NAME']}_old"
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}"')
    yield name
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def test_old_code_reads_and_writes_while_the_tables_are_brought_up_to_date(another_database):
    address = settings.DATABASES["default"]
    told = {
        "DATABASE_URL": f"postgres://{address['USER']}:{quote(address['PASSWORD'])}@//{quote(address['HOST'].lstrip('/'))}",
        "SECRET_KEY": "of the test",
        "EVENT_KEY": settings.EVENT_KEY,
        "ALLOWED_HOSTS": "localhost",
        "REDIS_URL": "redis://nobody",
        "EMAIL_URL": "smtp://nobody",
        "DJANGO_SETTINGS_MODULE": "config.settings.base",
        "PYTHONPATH": str(settings.BASE_DIR),
    }
    told["DATABASE_URL"] += f"/{another_database}"
    command = [sys.executable, Path(__file__).with_name("old_code.py")]
    run = subprocess.run(
        command, cwd=settings.BASE_DIR, env=os.environ | told, capture_output=True, text=True, timeout=300
    )
    assert run.stdout.splitlines()[-1:] == ["The old code went on."], run.stdout + run.stderr
