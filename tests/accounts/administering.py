"""What the tests of administration share: two administrators, each in a browser of their own; the database's guards."""

import time
from contextlib import contextmanager

import pytest
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from django.db import DatabaseError, connection, transaction

from accounts.roles import Role
from casework.grants import APPLICATION
from tests.factories import a


def second_administrator():
    """Another administrator, who confirms what the first one asks for."""
    return a(Role.ADMINISTRATOR, name="administrator-2")


def has_just_confirmed(client):
    """The password was given again a moment ago in this browser."""
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "password", "at": time.time(), "reauthenticated": True}]
    session.save()
    return client


@contextmanager
def as_the_application():
    """The rights of web and worker."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {APPLICATION}")
        yield
        cursor.execute("RESET ROLE")


def assert_refused(act, says):
    with as_the_application():
        with pytest.raises(DatabaseError, match=says) as refused, transaction.atomic():
            act()
        assert refused.value.__cause__.pgcode == "42501"
