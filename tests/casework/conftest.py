"""Children of whom something is owed."""

import pytest

from casework import diary
from tests.factories import NOW, with_relative_of_unknown_approval


@pytest.fixture
def owed(world):
    """Children about whom the team manager finds something out: in the first team two, one restricted; one elsewhere."""
    for child in (world.own_child, world.restricted_child, world.other_areas_child):
        with_relative_of_unknown_approval(child, since=NOW)
    diary.refresh([child.case_file_id for child in world.children], at=NOW)
    return world
