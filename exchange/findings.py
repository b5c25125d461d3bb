"""What an import says about a file, a row or a cell, in one sentence each.

A finding names the place (file, row, column, value) and one row of REASONS; the reason's level says what became of the
row. Rows are numbered as a spreadsheet shows them: the line of column names is row 1. Findings about a whole file have
no row. "loaded": taken as it stands. "linked": joined with a row known before. "warned": taken or kept, and somebody
should look. "refused": kept as it came, and no record was made of it.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from exchange.reasons import Level
from exchange.ssd import reasons as of_visits
from exchange.ssda903 import reasons as of_return

LONGEST_SHOWN: Final = 200
"""How much of a long value a finding shows; the row keeps all of it."""
REASONS: Final = {reason.code: reason for reason in (*of_return.REASONS, *of_visits.REASONS)}
"""Each reason by its code, whatever the files are."""
FROM_THE_RECORD: Final = of_return.FROM_THE_RECORD | of_visits.FROM_THE_RECORD
"""What whoever holds the files, these and earlier ones, could not say: it shows what was recorded here."""
PARTICULARS_KEPT: Final = frozenset({"rows", "table", "year", "row", "file", "codes", "by", "columns"})
"""The facts that say nothing about a child: a sentence keeps them whoever reads it."""
WITHHELD: Final = "…"


class _Withholding(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return WITHHELD


@dataclass(frozen=True, slots=True)
class Finding:
    """One decision: where, what stood there, and why it was decided so."""

    code: str
    file: str
    row: int | None = None
    column: str = ""
    value: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    table: str = ""
    child: str = ""
    """The child's code, where it is about one."""

    @property
    def level(self) -> Level:
        """What became of the row."""
        return REASONS[self.code].level

    @property
    def reason(self) -> str:
        """The sentence."""
        return REASONS[self.code].says.format_map(dict(self.facts))

    @property
    def reason_without_particulars(self) -> str:
        """The sentence with "…" in place of what it says about a child."""
        kept = {name: fact for name, fact in self.facts if name in PARTICULARS_KEPT}
        return REASONS[self.code].says.format_map(_Withholding(kept))

    def as_record(self) -> dict[str, str | int | None]:
        """The finding as it is printed: level, file, row, column, value, reason and the reason's code."""
        return {
            "level": self.level.value,
            "file": self.file,
            "row": self.row,
            "column": self.column[:LONGEST_SHOWN],
            "value": self.value[:LONGEST_SHOWN],
            "reason": self.reason,
            "code": self.code,
        }


@dataclass(slots=True)
class Tally:
    """How many findings of each kind, however many there are; and the first of each, to show."""

    shown: int = 5
    counts: Counter[str] = field(default_factory=Counter)
    first: dict[str, list[Finding]] = field(default_factory=dict)

    def add(self, findings: Iterable[Finding]) -> None:
        """Count these as well."""
        for finding in findings:
            self.counts[finding.code] += 1
            kept = self.first.setdefault(finding.code, [])
            if len(kept) < self.shown:
                kept.append(finding)

    def of(self, level: Level) -> int:
        """How many findings of a level."""
        return sum(count for code, count in self.counts.items() if REASONS[code].level == level)
