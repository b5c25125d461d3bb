"""The parts of which a record is made: what each asks, and how its answer reads.

A record is kept by the name of its part, so that its digest covers exactly what was read: a day as 2026-03-05, a choice
by its code, and where a part takes rows, a list of them, each kept in the same way. `says` turns it back into words.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Any

from accounts.roles import Role
from casework.wording import said_day

Row = Mapping[str, str]
Answer = str | Sequence[Row]


class Asks(Enum):
    """What kind of answer a part takes."""

    TEXT = "text"
    LINE = "line"
    DAY = "day"
    CHOICE = "choice"
    ROWS = "rows"
    """As many rows as there are, each with an answer in every column."""
    GIVEN = "given"
    """Rows that are there already, each about one thing: any of them can be left open."""
    OWNER = "owner"
    """Somebody who was there: one of the four, by role, or another by name."""
    KNOWN = "known"
    """Nobody is asked: Hearth writes what is on record at the moment at which the record is put forward."""


class Lies(Enum):
    """Where the day of an answer can lie."""

    ANYWHERE = "anywhere"
    IN_THE_PAST = "in the past"
    """It is about something done: today at the latest."""
    FROM_THE_MEETING = "from the meeting"
    """It was agreed there: not before it."""


OF, SAID = "of", "said"
"""In a given row that is kept: which it is, and what it was called when it was answered."""
YES_OR_NO = (("yes", "Yes"), ("no", "No"))


@dataclass(frozen=True, slots=True)
class Given:
    """One row that is there already."""

    code: str
    says: str
    hint: str = ""
    asks_after: tuple[str, ...] = ()
    """Questions that help whoever looks; none of them is to be answered one by one."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a record, or one column of its rows."""

    name: str
    label: str
    hint: str = ""
    required: bool = True
    legal_advice: bool = False
    """Seen only by those who may see legal advice."""
    asks: Asks = Asks.TEXT
    choices: tuple[tuple[str, str], ...] = ()
    """The answers to choose from, each with its words."""
    only_if: tuple[str, ...] = ()
    """Asked only where another part, which comes first here, has one of these answers; of a column, in the same row."""
    left_empty: str = ""
    """How it reads where it is left empty."""
    columns: "tuple[Part, ...]" = ()
    """What each row answers."""
    row: str = ""
    """What one row is called: "Action"."""
    lies: Lies = Lies.ANYWHERE
    longest: int = 500
    """Characters of a line."""
    given: "tuple[Given, ...]" = ()
    """The rows, where they are the same on every record."""
    suggests: tuple[str, ...] = ()
    """What is offered beside a line, which takes other words too."""

    def is_asked(self, content: Mapping[str, Any]) -> bool:
        """Is it asked, with these answers to the other parts?"""
        return not self.only_if or content.get(self.only_if[0], "") in self.only_if[1:]

    @property
    def heads(self) -> tuple[str, ...]:
        """What the columns are called where the rows are read; of given rows, first what each is about."""
        labels = tuple(column.label for column in self.columns)
        return (self.row, *labels) if self.asks == Asks.GIVEN else labels

    def value_of(self, answer: str) -> str | date | None:
        """An answer as its field takes it."""
        if self.asks == Asks.DAY:
            return date.fromisoformat(answer) if answer else None
        return answer

    def says(self, answer: Answer) -> str:
        """An answer as people read it."""
        if not isinstance(answer, str):
            return (
                "\n".join(" – ".join(cell for cell in cells if cell) for cells in self.cells_of(answer))
                or self.left_empty
            )
        if self.asks == Asks.DAY and answer:
            return said_day(date.fromisoformat(answer))
        if self.asks == Asks.OWNER and answer in Role:
            return Role(answer).label
        return dict(self.choices).get(answer, answer) or self.left_empty

    def cells_of(self, rows: Answer) -> list[list[str]]:
        """Rows as people read them: what stands in each column."""
        if isinstance(rows, str):
            return []
        said = [[column.says(row.get(column.name, "")) for column in self.columns] for row in rows]
        if self.asks != Asks.GIVEN:
            return said
        return [[row[SAID], *cells] for row, cells in zip(rows, said, strict=True)]


@dataclass(frozen=True, slots=True)
class Section:
    """Some parts that are typed on one page."""

    name: str
    title: str
    parts: tuple[Part, ...]
    facts: tuple[str, ...] = ()
    """What Hearth knows that is shown beside it, each by its name."""

    @property
    def has_legal_advice(self) -> bool:
        """Is it for those only who may see legal advice?"""
        return any(part.legal_advice for part in self.parts)


def is_answered(answer: Answer) -> bool:
    """Does it say anything?"""
    return bool(answer.strip() if isinstance(answer, str) else answer)


def missing_from(content: Mapping[str, Any], parts: Sequence[Part]) -> list[str]:
    """What a record does not say though it must: a sentence for each part."""
    return [
        f"“{part.label}” is not answered."
        for part in parts
        if part.required and part.is_asked(content) and not is_answered(content.get(part.name, ""))
    ]
