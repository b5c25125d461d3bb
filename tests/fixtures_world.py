"""Fixtures of the small authority that most tests start from."""

import pytest
from django.utils import timezone

from tests.factories import World


@pytest.fixture
def world(db):
    """Two areas, three teams, one person per role and five children, as it stands at `factories.NOW`."""
    return World()


@pytest.fixture
def world_today(db):
    """The same authority at the real present: for pages, which read the clock at the edge."""
    return World(at=timezone.now())
