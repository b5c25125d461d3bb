"""Lists as files that a spreadsheet opens: CSV in a stream, and workbooks. Nothing in them can act as a formula.

Spreadsheets take a cell that begins with one of GUARDED for a formula, whatever wrote it there. Such a cell gets an
apostrophe before it, which spreadsheets show as text; everything else stands as it is.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from tempfile import TemporaryFile
from typing import Any, BinaryIO, Final

GUARDED: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""The last four are full-width signs, which some spreadsheets read as the plain ones."""
NOT_IN_A_WORKBOOK: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
LINES_AT_ONCE: Final = 500
NARROWEST, WIDEST = 8, 80
"""The width of a column in signs."""


def guarded(value: Any) -> Any:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(GUARDED) else value


class _Echo:
    """Gives back what is written to it."""

    def write(self, text: str) -> str:
        return text


def as_csv(headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """The lines of a CSV file in pieces, for Excel in UTF-8."""
    writer = csv.writer(_Echo())
    piece = ["\N{ZERO WIDTH NO-BREAK SPACE}", writer.writerow([guarded(heading) for heading in headings])]
    for row in rows:
        piece.append(writer.writerow([guarded(value) for value in row]))
        if len(piece) >= LINES_AT_ONCE:
            yield "".join(piece).encode()
            piece = []
    yield "".join(piece).encode()


def as_workbook(title: str, headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> BinaryIO:
    """A workbook with one sheet, in a temporary file that is gone when it is closed."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    rows = iter(rows)
    first = list(islice(rows, LINES_AT_ONCE))
    for number, column in enumerate(zip(headings, *first, strict=True), start=1):
        longest = max(len(str(value)) for value in column)
        sheet.column_dimensions[get_column_letter(number)].width = min(max(longest + 2, NARROWEST), WIDEST)
    sheet.freeze_panes = "A2"
    titles = [WriteOnlyCell(sheet, heading) for heading in headings]
    for each in titles:
        each.font = Font(bold=True)
    sheet.append(titles)
    for row in chain(first, rows):
        sheet.append([NOT_IN_A_WORKBOOK.sub("?", guarded(value)) if isinstance(value, str) else value for value in row])
    file = TemporaryFile()  # noqa: SIM115 - whoever reads it closes it
    book.save(file)
    file.seek(0)
    return file
