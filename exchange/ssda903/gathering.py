"""The rows of many files, brought together child by child, however large the files are.

Rows go as they come into a temporary SQLite database on disk (a heap to sort, no more) and come back ordered by child,
file and row, so memory holds one child's rows at a time. Files are added in the order in which their rows are to be
read: older batches first, within a batch Header first (as `reading.open_folder` gives them).
"""

import json
import sqlite3
from collections.abc import Iterator
from itertools import groupby
from operator import attrgetter
from typing import Final, Self

from exchange.ssda903.reading import Opened, RawRow, ReadRow

ROWS_AT_ONCE: Final = 5000
MOST_OF_A_CHILD: Final = 10_000
"""Rows under one code: a child has some fifty in a year, and whoever links the rows of a child holds all of them."""
OF_A_CHILD: Final = """SELECT file, number, cells FROM heap
    WHERE child <> '' AND child NOT IN (SELECT child FROM beyond) ORDER BY child, file, number"""
OF_NO_CHILD: Final = "SELECT file, number, cells FROM heap WHERE child = '' ORDER BY file, number"
OF_TOO_MANY: Final = """SELECT file, number, cells FROM heap
    WHERE child IN (SELECT child FROM beyond) ORDER BY child, file, number"""
SORT: Final = """
    CREATE INDEX by_child ON heap (child, file, number);
    CREATE TABLE beyond AS SELECT child FROM heap WHERE child <> '' GROUP BY child HAVING COUNT(*) > {};
"""


class Gathering:
    """Rows put in by file, taken out by child. Use it in a `with` block: the end of the block removes what it held."""

    def __init__(self) -> None:
        # An empty name is a private database in a temporary file, gone when it is closed.
        self._heap = sqlite3.connect("", isolation_level=None)
        self._heap.executescript(
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA temp_store = FILE;"
            "CREATE TABLE heap (child TEXT, file INTEGER, number INTEGER, cells TEXT);"
        )
        self._files: list[tuple[str, str, int]] = []
        self._years: dict[int, int] = {}
        self._waiting: list[tuple[str, int, int, str]] = []
        self._is_sorted = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._heap.close()

    def add_file(self, file: Opened, batch: int) -> int:
        """A file whose rows follow; gives the number by which `add` knows it. Raises ValueError for no table."""
        if file.table is None:
            raise ValueError(f"{file.name} is no table of the return")
        self._files.append((file.name, file.table.key, batch))
        return len(self._files) - 1

    def set_year(self, batch: int, year: int) -> None:
        """The collection year of a batch: known once its files are read."""
        self._years[batch] = year

    def add(self, file: int, row: ReadRow) -> None:
        """One row of a file."""
        child = row.cells.get("CHILD", "").strip()
        self._waiting.append((child, file, row.row, json.dumps(row.cells, ensure_ascii=False)))
        if len(self._waiting) >= ROWS_AT_ONCE:
            self._put()

    def how_many_children(self) -> int:
        """How many codes there are."""
        self._put()
        number: int = self._heap.execute("SELECT COUNT(DISTINCT child) FROM heap WHERE child <> ''").fetchone()[0]
        return number

    def by_child(self) -> Iterator[tuple[str, list[RawRow]]]:
        """Each child's code, in the order of codes, with the child's rows in the order of files and rows.

        A code under which more rows stand than any child has is left out: see `of_too_many`.
        """
        for child, rows in groupby(self._rows(OF_A_CHILD), key=attrgetter("child")):
            yield child, list(rows)

    def without_child(self) -> Iterator[RawRow]:
        """The rows that do not say which child they are about."""
        yield from self._rows(OF_NO_CHILD)

    def of_too_many(self) -> Iterator[RawRow]:
        """The rows under codes that have more of them than any child."""
        yield from self._rows(OF_TOO_MANY)

    def _rows(self, statement: str) -> Iterator[RawRow]:
        self._put()
        if not self._is_sorted:
            self._heap.executescript(SORT.format(MOST_OF_A_CHILD))
            self._is_sorted = True
        for file, number, cells in self._heap.execute(statement):
            name, table, batch = self._files[file]
            yield RawRow(name, table, batch, self._years[batch], number, json.loads(cells))

    def _put(self) -> None:
        if self._waiting:
            self._heap.execute("BEGIN")
            self._heap.executemany("INSERT INTO heap VALUES (?, ?, ?, ?)", self._waiting)
            self._heap.execute("COMMIT")
            self._waiting.clear()
