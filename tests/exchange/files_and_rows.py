"""What the tests of the statutory return start from: files written for one test, and rows without files."""

from datetime import date
from pathlib import Path

from exchange.ssda903.reading import RawRow
from exchange.ssda903.tables import TABLE

SAMPLES = Path(__file__).resolve().parents[3] / "shared/data/ssda903"
"""The sample files that the project shares: at hand where CI=true, elsewhere perhaps."""
ON = date(2026, 3, 9)
"""Monday 9 March 2026: the day on which a test reads, unless it says otherwise."""


def a_file(folder, table, *records, name=None, encoding="utf-8", headings=None, before=b""):
    """Write a file of a table: each record a mapping of columns, blank where it has none."""
    columns = headings or TABLE[table].names
    lines = [",".join(columns), *(",".join(record.get(column, "") for column in columns) for record in records)]
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / (name or f"{table}.csv")
    path.write_bytes(before + "\r\n".join([*lines, ""]).encode(encoding))
    return path


def header(child="1001", dob="14/02/2012", **cells):
    """A row of Header."""
    return {"CHILD": child, "SEX": "1", "DOB": dob, "ETHNIC": "WBRI", "UPN": "UN1"} | cells


def episode(decom, dec="", *, child="1001", rne="S", rec=None, **cells):
    """A row of Episodes: a foster home of an agency under a care order, unless the test says otherwise."""
    rec = ("X1" if dec else "") if rec is None else rec
    known = {
        "CHILD": child,
        "DECOM": decom,
        "RNE": rne,
        "LS": "C2",
        "CIN": "N1",
        "PLACE": "U6",
        "PLACE_PROVIDER": "PR4",
    }
    return known | {"DEC": dec, "REC": rec, "HOME_POST": "BL9 0EG", "PL_POST": "BL8 1UJ", "URN": "SC123456"} | cells


def review(day, *, child="1001", dob="14/02/2012", code="PN1"):
    """A row of Reviews."""
    return {"CHILD": child, "DOB": dob, "REVIEW": day, "REVIEW_CODE": code}


def rows_of(table, *records, year=2018, batch=None, is_new=True):
    """Records as rows read from a file of one collection year."""
    return [
        RawRow(f"{year}/{table}.csv", table, year if batch is None else batch, year, number, record, is_new=is_new)
        for number, record in enumerate(records, start=2)
    ]
