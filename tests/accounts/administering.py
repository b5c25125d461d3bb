"""What the tests of administration share: two administrators, each in a browser of their own."""

import time

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY

from accounts.roles import Role
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
