"""What is only ever added to: the database refuses an edit, a deletion and an emptying, to its owner by a trigger, to the
role of web and worker by rights as well (decision 0003)."""

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction

from accounts.append_only import append_only_tables
from casework.grants import APPLICATION

TABLES = sorted(append_only_tables(apps.get_models()))
CHANGES = {
    "edit": "UPDATE {} SET id = id",
    "delete": "DELETE FROM {}",
    "empty": "TRUNCATE {} CASCADE",
}
INSUFFICIENT_PRIVILEGE = "42501"

pytestmark = pytest.mark.django_db


def refusal_of(statement):
    """Why the database refuses a statement."""
    with pytest.raises(DatabaseError) as refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert refused.value.__cause__.pgcode == INSUFFICIENT_PRIVILEGE
    return str(refused.value)


@pytest.fixture
def as_the_application():
    """The rights of web and worker."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {APPLICATION}")
        yield cursor
        cursor.execute("RESET ROLE")


@pytest.fixture
def as_in_production():
    """Only the flush between tests may empty these tables."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL hearth.allow_truncate = off")


def test_events_readings_signatures_versions_own_rules_and_the_history_of_people_are_only_added_to():
    assert {
        "accounts_appointmentevent",
        "accounts_serviceareaevent",
        "accounts_teamevent",
        "accounts_userevent",
        "casework_event",
        "casework_reading",
        "casework_rulevalue",
        "approvals_signature",
        "approvals_recordversion",
    } <= set(TABLES)


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("change", CHANGES)
def test_the_owner_is_refused_by_the_trigger(as_in_production, table, change):
    assert f"rows of {table} are never changed or removed" in refusal_of(CHANGES[change].format(table))


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("change", CHANGES)
def test_web_and_worker_have_no_right_to(as_the_application, table, change):
    assert f"permission denied for table {table}" in refusal_of(CHANGES[change].format(table))


@pytest.mark.parametrize("table", TABLES)
def test_web_and_worker_cannot_take_the_guards_away(as_the_application, table):
    for statement in (
        f"ALTER TABLE {table} DISABLE TRIGGER ALL",
        f"DROP TABLE {table}",
        f"CREATE OR REPLACE TRIGGER mine BEFORE INSERT ON {table} EXECUTE FUNCTION suppress_redundant_updates_trigger()",
        "SET session_replication_role = replica",
    ):
        refused = refusal_of(statement)
        assert "must be owner" in refused or "permission denied" in refused


@pytest.mark.parametrize("table", TABLES)
def test_web_and_worker_cannot_grant_themselves_more(as_the_application, table):
    as_the_application.execute(f"GRANT ALL ON {table} TO {APPLICATION}")  # warns, and grants nothing
    as_the_application.execute("SELECT has_table_privilege(current_user, %s, 'UPDATE, DELETE, TRUNCATE')", [table])
    assert as_the_application.fetchone() == (False,)


def test_web_and_worker_cannot_empty_a_table_by_the_setting_of_the_tests(as_the_application):
    as_the_application.execute("SET LOCAL hearth.allow_truncate = on")
    assert "permission denied" in refusal_of("TRUNCATE casework_event CASCADE")


@pytest.mark.parametrize("table", TABLES)
def test_web_and_worker_may_read_and_add(as_the_application, table):
    as_the_application.execute(
        "SELECT has_table_privilege(current_user, %s, 'SELECT'), has_table_privilege(current_user, %s, 'INSERT')",
        [table, table],
    )
    assert as_the_application.fetchone() == (True, True)


def test_an_update_that_would_touch_no_row_is_refused_too(as_in_production):
    assert "never changed" in refusal_of("UPDATE casework_event SET act = act WHERE false")
