"""What an import did, told: how much of each kind, and every finding with its place and sentence.

Findings go to a temporary file as they come, so that a report of millions of them takes no memory.
"""

import json
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Self, TextIO

from casework.wording import counted
from exchange.findings import REASONS, Finding, Level, Tally
from exchange.models import ImportRun
from exchange.ssda903.history import ChildHistory, Counts
from exchange.ssda903.reading import Opened

SHOWN = 3
"""How many findings of each kind the written report shows."""
TITLES = {
    Level.LOADED: "Loaded",
    Level.LINKED: "Linked",
    Level.WARNED: "Warned",
    Level.REFUSED: "Refused",
}


class Report:
    """What an import tells of itself: its counts. Where the findings go, the kinds of it say."""

    find: Callable[[Iterable[Finding]], None]
    """Take note of findings."""

    def __init__(self, *, authority: str, is_dry_run: bool) -> None:
        self.authority = authority
        self.is_dry_run = is_dry_run
        self.files: list[dict[str, object]] = []
        self.made: Counter[str] = Counter()
        self.tally = Tally(shown=SHOWN)
        self.counts = Counts()

    def say_how_far(self, done: int, of: int | None, says: str) -> None:
        """Take note of how far it is; not inside a transaction that goes on."""

    def begin(self, run: ImportRun) -> None:
        """Take note that files are being loaded; in the transaction in which that is written down."""

    def keep(self) -> None:
        """Whatever was noted until now stands; in the transaction of the records that it is about."""

    def count_file(self, file: Opened, *, year: int, rows: int, is_new: bool) -> None:
        """Take note of a file that is a table."""
        table = file.table.key if file.table else ""
        self.files.append({"file": file.name, "table": table, "year": year, "rows": rows, "is_new": is_new})

    def tell(self, histories: Iterable[ChildHistory], made: Mapping[str, int]) -> None:
        """Count the histories that the files tell, and the records that were made of them."""
        self.counts.add(histories)
        self.made.update(made)

    @property
    def has_new_files(self) -> bool:
        """Was there anything that had not been loaded before?"""
        return any(file["is_new"] for file in self.files)

    def summary(self) -> dict[str, object]:
        """Everything but the findings."""
        counts = self.counts
        return {
            "authority": self.authority,
            "dry_run": self.is_dry_run,
            "files": self.files,
            "histories": {
                "children": counts.children,
                "periods of care": counts.care_periods,
                "placements": counts.placements,
                "temporary stays": counts.temporary_stays,
                "legal statuses": counts.legal_statuses,
                "reviews": counts.reviews,
                "placements not confirmed": counts.not_confirmed,
            },
            "made": dict(self.made),
            "levels": {level.value: self.tally.of(level) for level in Level},
            "reasons": dict(self.tally.counts),
        }


class PrintedReport(Report):
    """The report that the command prints. Use it in a `with` block: the end of the block removes the findings' file."""

    def __init__(self, *, authority: str, is_dry_run: bool) -> None:
        super().__init__(authority=authority, is_dry_run=is_dry_run)
        self._findings = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """Remove the file of findings."""
        self._findings.close()

    def find(self, findings: Iterable[Finding]) -> None:
        """Take note of findings."""
        for finding in findings:
            self.tally.add([finding])
            self._findings.write(json.dumps(finding.as_record(), ensure_ascii=False) + "\n")

    def findings(self) -> Iterator[dict[str, object]]:
        """Every finding, in the order found."""
        self._findings.seek(0)
        yield from map(json.loads, self._findings)

    def print_json(self, out: TextIO) -> None:
        """One JSON object: the summary, and under "findings" every finding."""
        out.write(json.dumps(self.summary(), ensure_ascii=False, indent=1).removesuffix("\n}"))
        out.write(',\n "findings": [')
        separator = "\n  "
        for finding in self.findings():
            out.write(separator + json.dumps(finding, ensure_ascii=False))
            separator = ",\n  "
        out.write("\n ]\n}\n")

    def print_text(self, out: TextIO) -> None:
        """The report in words, with the first findings of each kind."""
        for line in self._lines():
            out.write(line + "\n")

    def _lines(self) -> Iterator[str]:
        counts = self.counts
        if self.has_new_files:
            told = (
                counted(counts.children, "child"),
                counted(counts.care_periods, "period of care"),
                counted(counts.placements, "placement"),
                counted(counts.legal_statuses, "legal status"),
                counted(counts.reviews, "review"),
            )
            yield f"{', '.join(told)} in the files’ histories."
            made = ", ".join(f"{name}: {count:,}" for name, count in self.made.items() if count)
            yield f"{'Would be written' if self.is_dry_run else 'Written'}: {made or 'nothing'}."
        elif self.files:
            yield "Nothing new: nothing changed."
        else:
            yield "No file of the return was found: nothing is loaded."
        for level, title in TITLES.items():
            yield from self._lines_of(level, title)

    def _lines_of(self, level: Level, title: str) -> Iterator[str]:
        yield ""
        yield f"{title}: {self.tally.of(level):,}"
        for code, reason in REASONS.items():
            count = self.tally.counts[code]
            if reason.level != level or not count:
                continue
            first = self.tally.first[code]
            for finding in first:
                yield "  " + said(finding)
            if count > len(first):
                yield f"    and {count - len(first):,} more like this"


def said(finding: Finding) -> str:
    """One finding on one line: where, what stood there, the sentence; a sign that nobody can read as a question mark."""
    record = finding.as_record()
    place = [str(record["file"])]
    if finding.row is not None:
        place.append(f"row {finding.row}")
    if finding.column or finding.value:
        place.append(f"{record['column']} “{record['value']}”".strip())
    line = f"{', '.join(place)}: {finding.reason}"
    return "".join(sign if sign.isprintable() else "?" for sign in line)
