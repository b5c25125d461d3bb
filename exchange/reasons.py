"""What a reason is: one thing that an import may find, and the sentence that says it."""

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """What became of what the finding is about."""

    LOADED = "loaded"
    LINKED = "linked"
    WARNED = "warned"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing an import may find."""

    code: str
    level: Level
    says: str
    """The sentence; names in braces are filled from the finding's facts."""
    cites: tuple[str, ...]
