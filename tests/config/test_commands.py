"""A command finds the tables up to date, also in a checkout where `make run` never ran."""

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

from manage import are_behind

pytestmark = pytest.mark.django_db


def test_tables_as_the_code_wants_them_are_left_alone():
    assert not are_behind()


def test_tables_older_than_the_code_are_noticed():
    (last,) = MigrationExecutor(connection).loader.graph.leaf_nodes("visits")
    MigrationRecorder(connection).record_unapplied(*last)
    assert are_behind()
