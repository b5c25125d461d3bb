"""A record in sections as one person reads it: each part, and how it read in the version before where that differs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from casework.sections.comparing import SAME, RowChange, Run, rows_between, runs_between
from casework.sections.parts import Answer, Part


class Withheld(str):
    """What stands in place of an answer that is for others to read."""


Reads = Callable[[Part, Answer], Answer]
"""An answer as far as somebody may read it; `Withheld`, and why, where not at all."""


@dataclass(frozen=True, slots=True)
class PartAsRead:
    """One part of the record as one person may read it, and how it read in the version before where that differs."""

    label: str
    text: str
    before: str | None = None
    columns: tuple[str, ...] = ()
    """Of a part that is made of rows: what its columns are called."""
    rows: Sequence[Sequence[str]] = ()
    rows_before: Sequence[Sequence[str]] = ()
    name: str = ""
    is_withheld: bool = False
    """Is it for others to read?"""

    @property
    def changes(self) -> list[Run]:
        """The text, word by word, against how it read before."""
        return runs_between(self.before or "", self.text)

    @property
    def row_changes(self) -> list[RowChange]:
        """The rows that differ from those before."""
        return [row for row in rows_between(self.rows_before, self.rows) if row.how != SAME]


def up_to(versions: Sequence[Any], number: int | None) -> tuple[Sequence[Any], Any]:
    """The versions up to a number, and the one that took its place; all of them where none is asked for."""
    if number is None:
        return versions, None
    later = next((version for version in versions if version.number > number), None)
    return [version for version in versions if version.number <= number], later


def read_last(versions: Sequence[Any], reads: Reads) -> list[PartAsRead]:
    """The parts of the last of these versions, held against the one before it."""
    if not versions:
        return []
    return compared(versions[-2] if len(versions) > 1 else None, versions[-1], reads)


def compared(before: Any, after: Any, reads: Reads) -> list[PartAsRead]:
    """The parts of one version, held against those of another; what only that one asked comes last, as left empty."""
    parts = [_part_as_read(part, answer, before, reads) for part, answer in after.parts]
    asked = {part.name for part, _ in after.parts}
    gone = [(part, answer) for part, answer in before.parts if part.name not in asked and answer] if before else ()
    return [*parts, *(_part_as_read(part, [] if part.columns else "", before, reads) for part, _ in gone)]


def _part_as_read(part: Part, answer: Answer, before: Any, reads: Reads) -> PartAsRead:
    now, was = reads(part, answer), None
    if isinstance(now, Withheld):
        return PartAsRead(part.label, now, name=part.name, is_withheld=True)
    if before:
        old = before.content.get(part.name, "")
        was = reads(part, old) if old != answer and (old or answer) else None
    told: dict[str, Any] = {"name": part.name}
    if part.columns:
        told |= {"columns": part.heads, "rows": part.cells_of(now), "rows_before": part.cells_of(was or [])}
    return PartAsRead(part.label, part.says(now), None if was is None else part.says(was), **told)
