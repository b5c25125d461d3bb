"""Two people who may bring files of the return, the browser of the first, and files that were brought."""

import pytest

from accounts.roles import Role
from tests.exchange.bringing import brought, small_return
from tests.factories import a


@pytest.fixture
def jess(db):
    """Somebody who makes the return."""
    return a(Role.PERFORMANCE, name="jess-brook")


@pytest.fixture
def colleague(db):
    """Somebody else who makes the return."""
    return a(Role.PERFORMANCE, name="ola-field")


@pytest.fixture
def client(jess, signed_in):
    """The browser of somebody who makes the return."""
    return signed_in(jess)


@pytest.fixture
def delivery(client, tmp_path):
    """Looked through, and waiting for a decision."""
    return brought(client, *small_return(tmp_path / "2017"))
