"""What was added to a text and what was taken out of it, word by word; and the same of rows.

Lines that are the same are set aside first. Where very much of a text is new, it is shown as taken out and written anew:
to compare it word by word would take long, and nobody could read it.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby, islice, takewhile
from typing import Final

SAME, ADDED, TAKEN_OUT, CHANGED = "same", "added", "taken_out", "changed"
SAYS: Final = {SAME: "As before", ADDED: "Added", TAKEN_OUT: "Taken out", CHANGED: "Changed"}
MOST: Final = 30_000
"""How often a line, or a word, of the one may be found in the other: where it is more, it would take too long."""
LINES: Final = re.compile(r"[^\n]*\n|[^\n]+")
WORDS: Final = re.compile(r"\s*\S+|\s+")

Cells = Sequence[str]


@dataclass(frozen=True, slots=True)
class Run:
    """Words that stayed, were added, or were taken out together."""

    how: str
    text: str


@dataclass(frozen=True, slots=True)
class RowChange:
    """One row: what became of it, and what stands in each column."""

    how: str
    cells: tuple[tuple[Run, ...], ...]

    @property
    def says(self) -> str:
        """What became of the row, in a word."""
        return SAYS[self.how]


def runs_between(before: str, after: str) -> list[Run]:
    """A text, held against how it read before."""
    return list(_joined(_by_lines(before, after)))


def rows_between(before: Sequence[Cells], after: Sequence[Cells]) -> list[RowChange]:
    """Rows, held against those before: it is the same row that begins alike. What was taken out comes last."""
    was = [tuple(row) for row in before]
    changes = []
    for row in map(tuple, after):
        old = row if row in was else next((each for each in was if each[:1] == row[:1]), None)
        if old is None:
            changes.append(_whole_row(row, ADDED))
            continue
        was.remove(old)
        cells = tuple(tuple(runs_between(*both)) for both in zip(old, row, strict=True))
        changes.append(RowChange(SAME if old == row else CHANGED, cells))
    return [*changes, *(_whole_row(row, TAKEN_OUT) for row in was)]


def _whole_row(row: Cells, how: str) -> RowChange:
    return RowChange(how, tuple((Run(how, cell),) if cell else () for cell in row))


def _by_lines(before: str, after: str) -> Iterator[Run]:
    for is_same, was, now in _blocks(LINES.findall(before), LINES.findall(after)):
        yield from (Run(SAME, now),) if is_same else _by_words(was, now)


def _by_words(before: str, after: str) -> Iterator[Run]:
    for is_same, was, now in _blocks(WORDS.findall(before), WORDS.findall(after)):
        yield from (Run(SAME, now),) if is_same else (Run(TAKEN_OUT, was), Run(ADDED, now))


def _blocks(before: list[str], after: list[str]) -> Iterator[tuple[bool, str, str]]:
    """What is the same in both, and what stands in the one in place of the other; in one block where it is too much."""
    ahead = _alike(zip(before, after, strict=False))
    rest = min(len(before), len(after)) - ahead
    behind = _alike(islice(zip(reversed(before), reversed(after), strict=False), rest))
    was, now = before[ahead : len(before) - behind], after[ahead : len(after) - behind]
    yield True, "", "".join(after[:ahead])
    if _times_found(was, now) > MOST:
        yield False, "".join(was), "".join(now)
    else:
        for what, a, b, c, d in SequenceMatcher(None, was, now, autojunk=False).get_opcodes():
            yield what == "equal", "".join(was[a:b]), "".join(now[c:d])
    yield True, "", "".join(after[len(after) - behind :])


def _alike(pairs: Iterable[tuple[str, str]]) -> int:
    """How many are alike from the beginning."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _times_found(before: list[str], after: list[str]) -> int:
    there = Counter(after)
    return sum(there[each] for each in before)


def _joined(runs: Iterator[Run]) -> Iterator[Run]:
    """Runs of the same kind as one, without those that say nothing."""
    for how, together in groupby((run for run in runs if run.text), key=lambda run: run.how):
        yield Run(how, "".join(run.text for run in together))
