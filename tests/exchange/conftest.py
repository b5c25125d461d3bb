"""Two people who may bring files of the return."""

import pytest

from accounts.roles import Role
from tests.factories import a


@pytest.fixture
def jess(db):
    """Somebody who makes the return."""
    return a(Role.PERFORMANCE, name="jess-brook")


@pytest.fixture
def colleague(db):
    """Somebody else who makes the return."""
    return a(Role.PERFORMANCE, name="ola-field")
