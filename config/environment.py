"""What this installation is told from outside, by environment variables.

On a machine without servers of its own the development and test settings fill in what is missing.
"""

import os
from collections import ChainMap

import environ

env = environ.Env()


def fill_in(**defaults):
    """Answers for variables that the environment does not set."""
    env.ENVIRON = ChainMap(os.environ, {name: value for name, value in defaults.items() if name not in os.environ})
