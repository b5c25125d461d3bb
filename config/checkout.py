"""This checkout: where it lies, what it keeps while it runs, and whose it is."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STATE = Path(os.environ.get("HEARTH_STATE", ROOT / ".hearth"))
"""Everything a running checkout keeps; git ignores it. Another folder is another installation of the same checkout."""


class CannotStart(Exception):
    """Something cannot start; the message is a sentence for the person at the keyboard."""


def make_state_folder():
    """Makes the folder, and refuses a checkout that somebody else set up: each would lock the other out of files."""
    try:
        STATE.mkdir(exist_ok=True)
    except PermissionError:
        whose = owner_of(ROOT)
    else:
        if STATE.stat().st_uid == os.geteuid():
            return
        whose = owner_of(STATE)
    raise CannotStart(f"{ROOT} was set up by {whose}: run this as {whose}, or make a clone of your own.")


def owner_of(path):
    """The name of whoever owns it, or their number where they have no name."""
    try:
        return path.owner()
    except KeyError:
        return f"user {path.stat().st_uid}"
