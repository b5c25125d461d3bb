"""What is deleted at night because nobody needs it any longer. Each app registers its own; the job `tidy_up` calls all."""

from collections.abc import Callable
from datetime import datetime

Forget = Callable[[datetime], int]

_registered: dict[str, Forget] = {}


def register(what: str, forget: Forget) -> None:
    """Make a kind of thing known: `forget(at)` deletes what is too old at a moment, and says how many."""
    _registered[what] = forget


def tidy(at: datetime) -> str:
    """Delete all of it, and say how much it was."""
    return " ".join(f"{forget(at)} {what} deleted." for what, forget in _registered.items())
