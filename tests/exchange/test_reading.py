"""What reading a folder of the statutory return survives, and what it says of it. Data standards §5."""

import shutil
from datetime import date

import pytest

from exchange.ssda903 import reading
from exchange.ssda903.gathering import Gathering
from exchange.ssda903.reading import OnDisk, YearVotes, open_file, open_folder, read_rows, recognise, values_of
from exchange.ssda903.tables import TABLES
from tests.exchange.files_and_rows import ON, a_file, episode, header, review, rows_of


def opened(path):
    return open_file(OnDisk(path), name=path.name)


def codes(findings):
    return [finding.code for finding in findings]


@pytest.mark.parametrize("table", [pytest.param(table, id=table.key) for table in TABLES])
def test_a_file_is_known_by_its_columns_in_any_order_and_case(tmp_path, table):
    path = a_file(tmp_path, table.key, name="x.csv", headings=[f" {name.lower()}" for name in reversed(table.names)])
    assert opened(path).table == table


def test_no_two_tables_are_taken_for_each_other():
    assert all(recognise(table.names) == table for table in TABLES)


def test_a_file_of_no_table_is_refused(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("CHILD,NAME\n1,Robin\n")
    assert codes(opened(path).findings) == ["not-a-table"]


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b"\r\n\r\n", b" , \n"])
def test_an_empty_file_is_said_to_be_empty(tmp_path, content):
    path = tmp_path / "header.csv"
    path.write_bytes(content)
    file = opened(path)
    assert file.table is None
    assert codes(file.findings) == ["empty"]
    assert list(read_rows(file)) == []


def test_rows_without_a_line_of_column_names_are_refused(tmp_path):
    path = tmp_path / "header.csv"
    path.write_text("1001,1,14/02/2012,WBRI,UN1,,\n")
    assert codes(opened(path).findings) == ["not-a-table"]


def test_a_file_with_column_names_only_has_no_rows(tmp_path):
    file = opened(a_file(tmp_path, "header"))
    assert file.table is not None
    assert list(read_rows(file)) == []


@pytest.mark.parametrize(("before", "encoding"), [(b"\xef\xbb\xbf", "utf-8"), (b"", "utf-8"), (b"", "cp1252")])
def test_marks_before_the_text_and_windows_text_are_read(tmp_path, before, encoding):
    file = opened(a_file(tmp_path, "header", header(MC_DOB="Zoë"), before=before, encoding=encoding))
    (row,) = read_rows(file)
    assert row.cells["CHILD"] == "1001"
    assert row.cells["MC_DOB"] == "Zoë"
    assert codes(file.findings) == (["not-utf-8"] if encoding == "cp1252" else [])


def test_bytes_that_no_encoding_has_are_still_read(tmp_path):
    path = a_file(tmp_path, "header", header())
    path.write_bytes(path.read_bytes().replace(b"WBRI", b"WB\x81\x00"))
    (row,) = read_rows(opened(path))
    assert row.cells["ETHNIC"] == "WB\N{REPLACEMENT CHARACTER}\N{REPLACEMENT CHARACTER}"


def test_rows_are_numbered_as_a_spreadsheet_shows_them(tmp_path):
    path = tmp_path / "reviews.csv"
    path.write_text('CHILD,DOB,REVIEW,REVIEW_CODE\n1,,01/05/2017,PN1\n\n2,"two\nlines",01/06/2017,PN1\n ,,,\n3,,,\n')
    assert [(row.row, row.cells["CHILD"]) for row in read_rows(opened(path))] == [(2, "1"), (4, "2"), (6, "3")]


def test_extra_missing_and_repeated_columns_are_told_and_kept(tmp_path):
    path = tmp_path / "reviews.csv"
    path.write_text("CHILD,REVIEW,REVIEW_CODE,YEAR,REVIEW\n1,01/05/2017,PN1,2017,x\n")
    file = opened(path)
    told = {(finding.code, finding.column) for finding in file.findings}
    assert told == {("extra-column", "YEAR"), ("repeated-column", "REVIEW"), ("missing-column", "DOB")}
    (row,) = read_rows(file)
    assert row.cells == {
        "CHILD": "1",
        "REVIEW": "01/05/2017",
        "REVIEW_CODE": "PN1",
        "YEAR": "2017",
        "REVIEW (column 5)": "x",
    }


def test_rows_that_are_too_long_or_too_short_are_told_and_kept(tmp_path):
    path = tmp_path / "reviews.csv"
    path.write_text("CHILD,DOB,REVIEW,REVIEW_CODE\n1,,01/05/2017,PN1,more\n2\n3,,01/05/2017,PN1,,\n")
    long, short, padded = read_rows(opened(path))
    assert list(long.cells.values()) == ["1", "", "01/05/2017", "PN1", "more"]
    assert (codes(long.findings), codes(short.findings), codes(padded.findings)) == (
        ["too-many-cells"],
        ["too-few-cells"],
        [],
    )
    assert list(short.cells.values()) == ["2"]


def test_a_row_that_cannot_be_read_does_not_stop_the_file(tmp_path):
    path = tmp_path / "reviews.csv"
    path.write_text(f"CHILD,DOB,REVIEW,REVIEW_CODE\n{'9' * 2_000_000},,,\n2,,01/05/2017,PN1\n")
    unreadable, row = read_rows(opened(path))
    assert codes(unreadable.findings) == ["unreadable"]
    assert row.cells["CHILD"] == "2"


def test_other_files_and_folders_are_said_not_to_be_read(tmp_path):
    (tmp_path / "extra").mkdir()
    (tmp_path / "notes.xlsx").write_bytes(b"PK")
    a_file(tmp_path, "reviews")
    a_file(tmp_path, "header", name="z.csv")
    files = open_folder(tmp_path)
    assert [file.table.key if file.table else codes(file.findings) for file in files] == [
        "header",
        "reviews",
        ["folder-inside"],
        ["not-csv"],
    ]


def test_the_same_bytes_have_the_same_digest_under_any_name(tmp_path):
    one = a_file(tmp_path, "header", header())
    other = shutil.copy(one, tmp_path / "other.csv")
    assert opened(one).digest == opened(other).digest


@pytest.mark.parametrize(
    ("dates", "year"),
    [
        # Two of three ended in the year to 31 March 2018; one on the day after it.
        ([("10/04/2016", "06/04/2017"), ("01/05/2017", "31/03/2018"), ("01/05/2017", "01/04/2018")], 2018),
        # As many in either: the later.
        ([("01/05/2017", "31/03/2018"), ("01/05/2017", "01/04/2018")], 2019),
        # None ended: the latest beginning.
        ([("10/04/2016", ""), ("31/03/2018", "")], 2018),
        # A slip of the pen in one date decides nothing, nor does a day that has not come.
        ([("10/04/2016", "06/04/2017"), ("01/05/2017", "31/03/2018"), ("01/05/2017", "31/03/2081")], 2018),
        ([("10/04/2016", "6 April"), ("31/02/2018", "")], 2017),
        ([("", "")], None),
    ],
)
def test_the_collection_year_is_the_one_in_which_episodes_ended(dates, year):
    votes = YearVotes(on=ON)
    for decom, dec in dates:
        votes.count("episodes", episode(decom, dec))
        votes.count("reviews", review("01/01/2031"))
    found = votes.year()
    assert (found[0] if found else None) == year


def test_rows_come_back_child_by_child_in_the_order_of_files(tmp_path):
    with Gathering() as gathering:
        for batch, year in ((1, 2018), (2, 2019)):
            gathering.set_year(batch, year)
            folder = tmp_path / str(year)
            a_file(folder, "header", header("b"), header("a"), header(""))
            a_file(folder, "episodes", episode("01/05/2017", child=" a "), episode("01/06/2017", child="b"))
            for file in open_folder(folder):
                number = gathering.add_file(file, batch)
                for row in read_rows(file):
                    gathering.add(number, row)
        found = {child: [(row.year, row.table, row.row) for row in rows] for child, rows in gathering.by_child()}
        assert list(found) == ["a", "b"]
        assert found["a"] == [(2018, "header", 3), (2018, "episodes", 2), (2019, "header", 3), (2019, "episodes", 2)]
        assert [(row.year, row.row) for row in gathering.without_child()] == [(2018, 4), (2019, 4)]


def test_a_finding_says_file_row_column_value_and_reason():
    (row,) = rows_of("episodes", episode("31/02/2018"))
    (finding,) = values_of(row, on=date(2026, 3, 9))[1]
    assert finding.as_record() == {
        "level": "warned",
        "file": "2018/episodes.csv",
        "row": 2,
        "column": "DECOM",
        "value": "31/02/2018",
        "reason": "This is not a date: kept as it came, read as blank.",
        "code": "not-a-date",
    }


BEYOND_MEASURE = {
    "a line without an end": b"x" * 30_000,
    "a line of commas": b"," * 30_000,
    "a row of many lines": b'"\n",' * 3_000,
}


@pytest.mark.parametrize("row", BEYOND_MEASURE.values(), ids=BEYOND_MEASURE)
def test_a_row_beyond_measure_is_broken_off_and_the_file_goes_on(tmp_path, monkeypatch, row):
    """Whoever reads a row holds it whole: of the largest file that can be brought, it took gigabytes."""
    monkeypatch.setattr(reading, "LONGEST_RECORD", 10_000)
    path = a_file(tmp_path, "reviews", review("01/05/2017"))
    path.write_bytes(path.read_bytes() + row + b'"\r\n1001,,01/09/2017,PN1\r\n')
    rows = list(read_rows(opened(path)))
    assert rows[0].cells["REVIEW"] == "01/05/2017"
    assert "row longer than 10,000 characters" in {found.value for row in rows for found in row.findings}
    assert rows[-1].cells["REVIEW"] == "01/09/2017"


def test_a_row_of_more_cells_than_any_table_has_columns_is_not_read(tmp_path):
    path = a_file(tmp_path, "reviews", review("01/05/2017"))
    path.write_bytes(path.read_bytes() + b"," * 2000 + b"x\r\n")
    *_, row = read_rows(opened(path))
    assert codes(row.findings) == ["unreadable"]
    assert row.findings[0].value == "2,001 cells"
    assert row.cells == {}
