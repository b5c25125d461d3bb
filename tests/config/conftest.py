"""A folder in which a database server may lie, that its user can reach."""

import shutil
import tempfile
from pathlib import Path

import pytest

from config.embedded import Postgres


@pytest.fixture
def folder():
    """The server in its folder `database`, if there is one, is stopped at the end."""
    made = Path(tempfile.mkdtemp(prefix="hearth-test-"))
    made.chmod(0o755)
    yield made
    Postgres(made / "database").stop_if_unused()
    shutil.rmtree((made / "database/server").resolve(), ignore_errors=True)
    shutil.rmtree(made)
