"""The rows of files of visits, brought together child by child, however large the files are.

As `exchange.ssda903.gathering`: a heap on disk, in SQLite, that sorts. It also knows of each row where the number of its
visit stands before.
"""

import json
import sqlite3
from collections.abc import Iterator
from itertools import groupby
from operator import attrgetter
from typing import Final, Self

from exchange.ssd.linking import Row
from exchange.ssda903.gathering import MOST_OF_A_CHILD, ROWS_AT_ONCE
from exchange.ssda903.reading import ReadRow

SORT: Final = """
    CREATE INDEX by_child ON heap (child, place);
    CREATE INDEX by_visit ON heap (visit, place);
    CREATE TABLE beyond AS SELECT child FROM heap WHERE child <> '' GROUP BY child HAVING COUNT(*) > {};
"""
ROWS: Final = """SELECT h.file, h.number, h.cells, f.file, f.number, f.cells FROM heap h
    LEFT JOIN heap f ON f.place < h.place
        AND f.place = (SELECT MIN(e.place) FROM heap e WHERE e.visit = h.visit AND h.visit <> '')
    WHERE {} ORDER BY h.child, h.place"""
OF_CHILDREN: Final = ROWS.format("h.child <> '' AND h.child NOT IN (SELECT child FROM beyond)")
OF_NOBODY: Final = ROWS.format("h.child = ''")
OF_TOO_MANY: Final = ROWS.format("h.child IN (SELECT child FROM beyond)")


class Heap:
    """Rows put in by file, taken out by child. Use it in a `with` block: the end of the block removes what it held."""

    def __init__(self) -> None:
        # An empty name is a private database in a temporary file, gone when it is closed.
        self._heap = sqlite3.connect("", isolation_level=None)
        self._heap.executescript(
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA temp_store = FILE;"
            "CREATE TABLE heap (place INTEGER PRIMARY KEY, child TEXT, visit TEXT, file TEXT, number INTEGER, cells TEXT);"
        )
        self._waiting: list[tuple[str, str, str, int, str]] = []
        self._is_sorted = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._heap.close()

    def add(self, file: str, row: ReadRow) -> None:
        """One row of a file."""
        told = Row(file, row.row, row.cells)
        cells = json.dumps(row.cells, ensure_ascii=False)
        self._waiting.append((told.person, told.visit_id, file, row.row, cells))
        if len(self._waiting) >= ROWS_AT_ONCE:
            self._put()

    def how_many_children(self) -> int:
        """How many children's numbers there are."""
        self._put()
        number: int = self._heap.execute("SELECT COUNT(DISTINCT child) FROM heap WHERE child <> ''").fetchone()[0]
        return number

    def by_child(self) -> Iterator[tuple[str, list[Row]]]:
        """Each child's number with the child's rows, in the order of files and rows.

        A number under which more rows stand than any child has is left out: see `of_too_many`.
        """
        for child, rows in groupby(self._rows(OF_CHILDREN), key=attrgetter("person")):
            yield child, list(rows)

    def without_child(self) -> Iterator[Row]:
        """The rows that do not say which child they are about."""
        yield from self._rows(OF_NOBODY)

    def of_too_many(self) -> Iterator[Row]:
        """The rows under numbers that have more of them than any child."""
        yield from self._rows(OF_TOO_MANY)

    def _rows(self, statement: str) -> Iterator[Row]:
        self._put()
        if not self._is_sorted:
            self._heap.executescript(SORT.format(MOST_OF_A_CHILD))
            self._is_sorted = True
        for file, number, cells, first_file, first_number, first_cells in self._heap.execute(statement):
            first = (first_file, first_number) if first_file else None
            yield Row(file, number, json.loads(cells), first, cells == first_cells)

    def _put(self) -> None:
        if self._waiting:
            self._heap.execute("BEGIN")
            self._heap.executemany(
                "INSERT INTO heap (child, visit, file, number, cells) VALUES (?, ?, ?, ?, ?)", self._waiting
            )
            self._heap.execute("COMMIT")
            self._waiting.clear()
