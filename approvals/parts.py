"""The parts of which a record is made that senior managers sign: what each asks, and how its answer reads.

A record is kept as text by the name of its part, so that its digest covers exactly what was read: a day as 2026-03-05, a
choice by its code. `says` turns it back into words.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum

from casework.wording import said_day


class Asks(Enum):
    """What kind of answer a part takes."""

    TEXT = "text"
    LINE = "line"
    DAY = "day"
    CHOICE = "choice"


YES_OR_NO = (("yes", "Yes"), ("no", "No"))


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a record."""

    name: str
    label: str
    hint: str = ""
    required: bool = True
    legal_advice: bool = False
    """Seen only by those who may see legal advice."""
    asks: Asks = Asks.TEXT
    choices: tuple[tuple[str, str], ...] = ()
    """The answers to choose from, each with its words."""
    only_if: tuple[str, str] | None = None
    """Asked only where another part has this answer."""
    left_empty: str = ""
    """How it reads where it is left empty."""

    def is_asked(self, content: Mapping[str, str]) -> bool:
        """Is it asked, with these answers to the other parts?"""
        return self.only_if is None or content.get(self.only_if[0]) == self.only_if[1]

    def value_of(self, answer: str) -> str | date | None:
        """An answer as its field takes it."""
        if self.asks == Asks.DAY:
            return date.fromisoformat(answer) if answer else None
        return answer

    def says(self, answer: str) -> str:
        """An answer as people read it."""
        if self.asks == Asks.DAY and answer:
            return said_day(date.fromisoformat(answer))
        return dict(self.choices).get(answer, answer) or self.left_empty


def missing_from(content: Mapping[str, str], parts: Sequence[Part]) -> list[str]:
    """What a record does not say though it must: a sentence for each part."""
    return [
        f"“{part.label}” is not answered."
        for part in parts
        if part.required and part.is_asked(content) and not content.get(part.name, "").strip()
    ]
