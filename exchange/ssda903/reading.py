"""The rows of a folder's files, as they came: each file recognised by its columns, decoded, and read row by row.

A folder holds the files of one collection year. A file is the table whose `known_by` columns it has, in any order and
case; where two tables fit, the one of which it has more columns. Cells are separated by commas, or else by semicolons or
tabs. Nothing is held in memory but the row at hand.

The collection year is the one in which most of the episodes ended (DEC), because a return holds only episodes that
ended in its year or had not ended; of years with as many, the latest. Where no episode ended, it is the year of the
latest beginning (DECOM). What a folder is called says nothing: some are named by the year's beginning, some by its end.
"""

import codecs
import csv
import hashlib
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import BinaryIO, Final, Protocol

from casework.wording import counted, said_day
from exchange.findings import LONGEST_SHOWN, Finding
from exchange.ssda903.cells import Value, read_cell, read_date
from exchange.ssda903.tables import EPISODES, TABLE, TABLES, Table, year_ended, year_of

CHUNK: Final = 1 << 20
UTF_8: Final = "utf-8-sig"
WINDOWS: Final = "cp1252"
NUL: Final = "\0"
AS_KEPT: Final = "\N{REPLACEMENT CHARACTER}"
"""What stands in the place of a NUL: the database keeps none."""
SEPARATORS: Final = {",": "commas", ";": "semicolons", "\t": "tabs"}
"""What may stand between two cells, the usual one first."""
MOST_COLUMNS: Final = 1000
"""A table of the return has at most thirteen; a line of more names or cells than this is not looked at further."""
LONGEST_RECORD: Final = 2 * CHUNK
"""Characters of a row, over however many lines it runs: whoever reads a row holds it whole."""
csv.field_size_limit(CHUNK)


def said_year(year: int) -> str:
    """A collection year in words: 2018 gives "year ended 31 March 2018"."""
    return f"year ended {said_day(year_ended(year))}"


@dataclass(frozen=True, slots=True)
class RawRow:
    """One row as it came."""

    file: str
    """The file's name with its folder's: "2017/episodes.csv"."""
    table: str
    """The key of its table."""
    batch: int
    """Which folder of which import it came with: rows of a later batch were loaded later."""
    year: int
    """The collection year."""
    row: int
    """As a spreadsheet numbers it: the line of column names is row 1."""
    cells: dict[str, str]
    """Each cell as it stood, by its column (as `column_name` names it), in the file's order."""
    is_new: bool = True
    """False for a row loaded before, read again to join new rows to it."""
    key: int = 0
    """Where it is kept, if it is kept yet."""

    @property
    def child(self) -> str:
        """The child's code, without the blanks around it; empty where the row has none."""
        return self.cells.get("CHILD", "").strip()


def column_name(heading: str) -> str:
    """A column's name in capitals, as the tables have it: " Place provider" gives "PLACE_PROVIDER"."""
    return "_".join(heading.upper().split())


class Source(Protocol):
    """A file, wherever it is kept: it can be read from its beginning as often as need be."""

    @property
    def name(self) -> str:
        """What it is called, without its folder."""

    def open(self) -> BinaryIO:
        """Its bytes. Raises OSError where they cannot be read."""


@dataclass(frozen=True, slots=True)
class OnDisk:
    """A file of a folder on this machine."""

    path: Path

    @property
    def name(self) -> str:
        """Its name, legible though it need not be UTF-8."""
        return self.path.name.encode(errors="backslashreplace").decode()

    def open(self) -> BinaryIO:
        """Its bytes."""
        return self.path.open("rb")


@dataclass(frozen=True, slots=True)
class Opened:
    """A file that was looked at: what it is, and what is to be said of the file as a whole."""

    source: Source
    name: str
    digest: str
    """SHA-256 of its bytes: the same file is known again."""
    table: Table | None
    """None where it is empty or no table of the return."""
    encoding: str
    findings: tuple[Finding, ...]
    headings: tuple[str, ...] = ()
    """The line of column names, as it stands."""
    separator: str = ","


def open_folder(folder: Path) -> list[Opened]:
    """Look at every file of a folder on this machine; folders inside it are not read."""
    return open_files(folder.resolve().name, [OnDisk(path) for path in folder.iterdir()])


def open_files(folder: str, sources: Iterable[Source]) -> list[Opened]:
    """Look at every file of a folder with a name, in the order of their names, Header first."""
    folder = folder.encode(errors="backslashreplace").decode()
    opened = [
        open_file(source, name=f"{folder}/{source.name}") for source in sorted(sources, key=lambda source: source.name)
    ]
    order = {table.key: place for place, table in enumerate(TABLES)}
    return sorted(opened, key=lambda file: order[file.table.key] if file.table else len(order))


def open_file(source: Source, *, name: str, tables: Sequence[Table] = TABLES) -> Opened:
    """Look at one file: its digest, its encoding and, by its column names, which of these tables it is."""
    if wrong := _no_csv_file(source):
        return Opened(source, name, "", None, UTF_8, (Finding(wrong, name),))
    digest, encoding = _digest_and_encoding(source)
    for separator in SEPARATORS:
        row, headings = _headings(_records(source, encoding, separator))
        names = [column_name(heading) for heading in headings[:MOST_COLUMNS]]
        table = recognise(names, tables)
        if table:
            break
    else:
        row, headings = _headings(_records(source, encoding, ","))
        return Opened(source, name, digest, None, encoding, (_no_table(source, name, row, headings),))
    if len(headings) > MOST_COLUMNS:
        finding = Finding("too-many-columns", name, row, facts=(("columns", f"{len(headings):,}"),))
        return Opened(source, name, digest, None, encoding, (finding,))
    findings = list(_about_columns(name, row, names, table))
    if separator != ",":
        findings.insert(0, Finding("separated", name, row, facts=(("by", SEPARATORS[separator]),)))
    if encoding != UTF_8:
        findings.insert(0, Finding("not-utf-8", name))
    return Opened(source, name, digest, table, encoding, tuple(findings), tuple(headings), separator)


def _no_table(source: Source, name: str, row: int, headings: Sequence[str]) -> Finding:
    """What to say of a file that is no table of the return."""
    if _holds_nul(source):
        return Finding("not-text", name)
    names = ", ".join(column_name(heading[:LONGEST_SHOWN]) for heading in headings[:LONGEST_SHOWN])
    return Finding("not-a-table", name, row, value=names) if row else Finding("empty", name)


def _no_csv_file(source: Source) -> str | None:
    """Why this is no CSV file to open: the code of a reason; None where it is one."""
    path = source.path if isinstance(source, OnDisk) else None
    if path and path.is_dir():
        return "folder-inside"
    if not source.name.lower().endswith(".csv"):
        return "not-csv"
    # Anything else, as a pipe, could be waited for without end.
    if path and not path.is_file():
        return "not-a-file"
    try:
        source.open().close()
    except OSError:
        return "not-a-file"
    return None


def _holds_nul(source: Source) -> bool:
    """Does a NUL stand near the beginning, as in workbooks and UTF-16, and in no CSV file?"""
    with source.open() as file:
        return NUL.encode() in file.read(CHUNK)


def recognise(names: Sequence[str], tables: Sequence[Table] = TABLES) -> Table | None:
    """The table that has these columns, named as `column_name` names them, in any order; None where none fits."""
    columns = set(names)
    fitting = [table for table in tables if table.known_by <= columns]
    return max(fitting, key=lambda table: len(columns.intersection(table.names)), default=None)


def _about_columns(file: str, row: int, names: list[str], table: Table) -> Iterator[Finding]:
    about = (("table", table.key),)
    for name, count in Counter(names).items():
        if count > 1:
            yield Finding("repeated-column", file, row, name)
        if name not in table.names:
            yield Finding("extra-column", file, row, name, facts=about)
    yield from (Finding("missing-column", file, row, name, facts=about) for name in table.names if name not in names)


def _digest_and_encoding(source: Source) -> tuple[str, str]:
    """The digest of a file's bytes, and UTF-8 if all of them are, else Windows-1252; in one pass."""
    digest = hashlib.sha256()
    decoder: codecs.IncrementalDecoder | None = codecs.getincrementaldecoder(UTF_8)()
    with source.open() as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
            decoder = decoder and _still_decodes(decoder, chunk)
    if decoder:
        decoder = _still_decodes(decoder, b"", final=True)
    return digest.hexdigest(), UTF_8 if decoder else WINDOWS


def _still_decodes(
    decoder: codecs.IncrementalDecoder, chunk: bytes, *, final: bool = False
) -> codecs.IncrementalDecoder | None:
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError:
        return None
    return decoder


def _records(source: Source, encoding: str, separator: str) -> Iterator[list[str] | csv.Error]:
    """Every line of a file as its cells, blank lines too; an error in place of a line that cannot be read."""
    # Five bytes of Windows-1252 stand for nothing; a file of those is still read.
    with source.open() as raw, io.TextIOWrapper(raw, encoding=encoding, errors="replace", newline="") as text:
        lines = _Lines(text)
        reader = csv.reader(lines, delimiter=separator)
        while True:
            lines.begin_record()
            try:
                record = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                yield error
                continue
            if NUL in "".join(record):
                record = [cell.replace(NUL, AS_KEPT) for cell in record]
            yield record


class _Lines:
    """The lines of a file, for a reader that holds a record whole: one beyond measure is broken off, and the file goes on."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self._text = text
        self._left = LONGEST_RECORD

    def begin_record(self) -> None:
        """What is read next is another record."""
        self._left = LONGEST_RECORD

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._text.readline(self._left + 1)
        if len(line) > self._left:
            while line and line[-1] not in "\r\n":
                line = self._text.readline(CHUNK)
            raise csv.Error(f"row longer than {LONGEST_RECORD:,} characters")
        if not line:
            raise StopIteration
        self._left -= len(line)
        return line


def _headings(records: Iterator[list[str] | csv.Error]) -> tuple[int, list[str]]:
    """The line of column names and its number: the first line that is not blank; number 0 where all are."""
    for row, record in enumerate(records, start=1):
        if isinstance(record, csv.Error):
            return row, []
        if any(cell.strip() for cell in record):
            return row, record
    return 0, []


@dataclass(frozen=True, slots=True)
class ReadRow:
    """A row of a file, before it is known of which year it is."""

    row: int
    cells: dict[str, str]
    findings: tuple[Finding, ...] = ()


def read_rows(file: Opened) -> Iterator[ReadRow]:
    """The rows of a file that is a table, one after the other; blank lines are counted and left out."""
    records = _records(file.source, file.encoding, file.separator)
    row, headings = _headings(records)
    if file.table is None:
        return
    names = names_of(headings)
    for number, record in enumerate(records, start=row + 1):
        if isinstance(record, csv.Error):
            yield ReadRow(number, {}, (Finding("unreadable", file.name, number, value=str(record)),))
        elif len(record) > MOST_COLUMNS:
            said = f"{len(record):,} cells"
            yield ReadRow(number, {}, (Finding("unreadable", file.name, number, value=said),))
        elif any(cell.strip() for cell in record):
            yield ReadRow(number, cells_of(names, record), tuple(_about_width(file.name, number, names, record)))


def names_of(headings: Sequence[str]) -> list[str]:
    """The columns' names, as `column_name` gives them; a repeated or missing one is told apart by its place."""
    names: list[str] = []
    for place, heading in enumerate(headings, start=1):
        name = column_name(heading) or f"(column {place})"
        names.append(name if name not in names else f"{name} (column {place})")
    return names


def cells_of(names: Sequence[str], record: Sequence[str]) -> dict[str, str]:
    """The cells of a row by their columns' names; cells beyond the last column by their place."""
    cells = dict(zip(names, record, strict=False))
    for place in range(len(names), len(record)):
        cells[f"(column {place + 1})"] = record[place]
    return cells


def _about_width(file: str, row: int, names: list[str], record: list[str]) -> Iterator[Finding]:
    if len(record) > len(names) and any(cell.strip() for cell in record[len(names) :]):
        yield Finding("too-many-cells", file, row, value=",".join(record[len(names) :]))
    if len(record) < len(names):
        yield Finding("too-few-cells", file, row)


class YearVotes:
    """In which collection years the episodes of a folder ended and began."""

    def __init__(self, *, on: date) -> None:
        self._on = on
        self._ended: Counter[int] = Counter()
        self._began: Counter[int] = Counter()

    def count(self, table: str, cells: dict[str, str]) -> None:
        """Count a row; only episodes say anything. Days that have not come say nothing."""
        if table != EPISODES.key:
            return
        for votes, name in ((self._ended, "DEC"), (self._began, "DECOM")):
            day = read_date(cells.get(name, ""), on=self._on)
            if day and day <= self._on:
                votes[year_of(day)] += 1

    def year(self) -> tuple[int, str] | None:
        """The collection year and why it is that one; None where no episode says."""
        if self._ended:
            year = max(self._ended, key=lambda year: (self._ended[year], year))
            return year, f"{self._ended[year]:,} of {counted(self._ended.total(), 'DEC date')} fall in it"
        if self._began:
            year = max(self._began)
            return year, "no episode ended, and the latest DECOM falls in it"
        return None


def values_of(row: RawRow, *, on: date) -> tuple[dict[str, Value], list[Finding]]:
    """What the cells of a row say, by the table's column names, and what is wrong with any.

    `on` is the day of the reading.
    """
    values: dict[str, Value] = {}
    findings: list[Finding] = []
    for column in TABLE[row.table].columns:
        text = row.cells.get(column.name, "")
        values[column.name], wrong = read_cell(column, text, year=row.year, on=on)
        if wrong:
            facts = (("codes", column.codes.name if column.codes else ""), ("year", said_year(row.year)))
            findings.append(Finding(wrong, row.file, row.row, column.name, text, facts, row.table, row.child))
    return values, findings
