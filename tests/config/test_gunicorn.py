"""What gunicorn's master does when a web worker ends: it goes on, and starts another."""

import os
import subprocess
import sys

from config.checkout import ROOT

WORKER_ENDED = """
import types
from config import gunicorn
gunicorn.child_exit(None, types.SimpleNamespace(pid=1))
"""


def test_a_worker_that_was_killed_does_not_take_the_master_along(tmp_path):
    """The master has not loaded the application, and may have no settings at all."""
    bare = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    for told in ({}, {"PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}):
        done = subprocess.run([sys.executable, "-c", WORKER_ENDED], cwd=ROOT, env=bare | told, capture_output=True)
        assert done.returncode == 0, done.stderr
