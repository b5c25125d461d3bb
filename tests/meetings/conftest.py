"""The kind of meeting of these tests, and how a test takes a step."""

import pytest

from casework.meetings import kind as kinds
from casework.meetings.kind import declare
from casework.steps import carry_out
from tests.factories import NOW
from tests.meetings.story import DISRUPTION, Story


@pytest.fixture(autouse=True)
def disruption():
    """The kind is declared for one test."""
    declare((DISRUPTION,))
    yield DISRUPTION
    del kinds._kinds[DISRUPTION.code]


@pytest.fixture
def story(world):
    """The world's own child, and a disruption meeting about it that nobody has arranged yet."""
    return Story(world)


@pytest.fixture
def do():
    """`do(action, "finish", by=..., at=..., outcome=...)` takes a step of an action."""

    def doing(action, step, *, by, at=NOW, because="", **said):
        return carry_out(getattr(action, step), by=by, at=at, because=because, **said)

    return doing
