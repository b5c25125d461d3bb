"""Files made to do harm, or broken: each gets a sentence, and whatever can be read is read. Data standards §5; quality."""

import io
import random
import stat
import struct
import zipfile

import openpyxl
import pytest

from casework import errands
from casework.models import Errand
from children.models import Child
from exchange import limits, loading, unpacking
from exchange.deliveries import standing_of
from exchange.models import Delivery, SourceRow
from tests.exchange.bringing import brought, decide, found, work, zipped
from tests.exchange.files_and_rows import a_file, episode, header

pytestmark = pytest.mark.django_db
HEADER = b"CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB\r\n1001,1,14/02/2012,WBRI,UN1,,\r\n"


def refusal(client, *files, **answers):
    """Why brought files could not be read at all."""
    delivery = brought(client, *files, **answers)
    assert standing_of(delivery).code == "unreadable"
    return delivery.look.failed


def workbook():
    book, file = openpyxl.Workbook(), io.BytesIO()
    book.active.append(["CHILD", "SEX"])
    book.save(file)
    return file.getvalue()


NO_TABLES = {
    "a workbook called CSV": ("header.csv", workbook(), "not-text"),
    "a workbook": ("header.xlsx", workbook(), "not-csv"),
    "a PDF": ("header.csv", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< >>\n", "not-a-table"),
    "an image": ("header.csv", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "not-text"),
    "UTF-16": ("header.csv", HEADER.decode().encode("utf-16"), "not-text"),
    "nothing but NUL": ("header.csv", b"\0" * 5000, "not-text"),
    "nothing": ("header.csv", b"", "empty"),
    "noise": ("header.csv", random.Random(903).randbytes(100_000), "not-text"),
    "a zip called CSV": ("header.csv", zipped([("header.csv", HEADER)]), "not-text"),
    "ten thousand columns": ("header.csv", HEADER.replace(b"MC_DOB", b",".join([b"X"] * 10_000)), "too-many-columns"),
    "ten thousand nameless columns": ("header.csv", b"," * 10_000, "empty"),
}


@pytest.mark.parametrize(("name", "content", "code"), NO_TABLES.values(), ids=NO_TABLES)
def test_what_is_no_table_gets_a_sentence(client, name, content, code):
    delivery = brought(client, (name, content))
    assert code in found(delivery)
    assert delivery.look.failed == ""


@pytest.mark.parametrize(("separator", "words"), [(";", "semicolons"), ("\t", "tabs")])
def test_semicolons_and_tabs_separate_cells_too(client, separator, words):
    delivery = brought(client, ("header.csv", HEADER.replace(b",", separator.encode())), year="2018")
    assert delivery.told["histories"]["children"] == 1
    assert delivery.findings.get(code="separated").facts == [["by", words]]


def test_a_long_cell_and_a_formula_are_kept_as_they_stand(client, tmp_path):
    noise = "".join(random.Random(903).choices("abcdefgh", k=100_000))
    path = a_file(
        tmp_path,
        "header",
        header(ETHNIC="=1+1"),
        header("1002", UPN=noise),
        header(noise),
        header('"=HYPERLINK(1)"'),
    )
    delivery = brought(client, ("header.csv", path.read_bytes()), year="2018")
    decide(client, delivery, "load")
    work()
    kept = [row.cells for row in SourceRow.objects.order_by("row")]
    assert kept[0][3] == "=1+1"
    assert kept[1][4] == noise
    assert kept[2][0] == noise
    assert kept[3][0] == "=HYPERLINK(1)"
    assert max(map(len, delivery.findings.values_list("value", flat=True))) <= 200


# Zips


def entry(name, **attributes):
    made = zipfile.ZipInfo(name)
    for attribute, value in attributes.items():
        setattr(made, attribute, value)
    return made


LEFT_OUT = {
    "../../outside.csv": "zip-outside",
    "/etc/outside.csv": "zip-outside",
    "C:\\outside.csv": "zip-outside",
    "..\\outside.csv": "zip-outside",
    "2017/inner.zip": "zip-inside",
    "2017/notes.docx": "not-csv",
}


@pytest.mark.parametrize(("name", "code"), LEFT_OUT.items())
def test_a_file_that_must_not_be_read_is_left_out_and_the_rest_is_read(client, name, code):
    delivery = brought(client, ("r.zip", zipped([(name, HEADER), ("2017/header.csv", HEADER)])), year="2018")
    assert code in found(delivery)
    assert delivery.told["histories"]["children"] == 1


def test_a_link_is_not_followed(client):
    link = entry("2017/link.csv", create_system=3, external_attr=(stat.S_IFLNK | 0o777) << 16)
    delivery = brought(client, ("r.zip", zipped([(link, b"/etc/passwd"), ("2017/header.csv", HEADER)])), year="2018")
    assert "zip-link" in found(delivery)
    assert delivery.told["histories"]["children"] == 1


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_of_two_files_with_one_name_the_first_is_read(client):
    twice = zipped([("2017/header.csv", HEADER), ("2017/header.csv", HEADER.replace(b"1001", b"2002"))])
    delivery = brought(client, ("r.zip", twice), year="2018")
    assert found(delivery).count("zip-twice") == 1
    decide(client, delivery, "load")
    work()
    assert list(SourceRow.objects.values_list("code", flat=True)) == ["1001"]


def test_a_locked_a_damaged_and_a_strangely_packed_file_are_left_out(client):
    whole = zipped([("2017/header.csv", HEADER)])
    central = whole.rindex(b"PK\1\2")
    locked = bytearray(whole)
    locked[6] |= 1
    locked[central + 8] |= 1
    damaged = bytearray(whole)
    damaged[whole.index(b"header.csv") + 14] ^= 0xFF
    wrong_sum = bytearray(whole)
    wrong_sum[central + 16] ^= 0xFF
    strange = zipped([("2017/header.csv", HEADER)], method=zipfile.ZIP_LZMA)
    for content, code in (
        (locked, "zip-locked"),
        (damaged, "zip-damaged"),
        (wrong_sum, "zip-damaged"),
        (strange, "zip-damaged"),
    ):
        assert found(brought(client, ("r.zip", bytes(content)), year="2018")) == [code]


def test_what_file_managers_leave_is_passed_over(client):
    files = [("__MACOSX/2017/._header.csv", b"\0"), ("2017/.DS_Store", b"\0"), ("2017/Thumbs.db", b"\0")]
    delivery = brought(client, ("r.zip", zipped([*files, ("2017/header.csv", HEADER)])), year="2018")
    assert found(delivery) == ["no-episodes", "read", "year"]


def test_a_name_of_strange_signs_is_legible(client):
    names = ["2017/\u202ecsv.header.csv", "2017/" + "long" * 100 + ".csv", "2017/Zoë\x07.csv"]
    delivery = brought(client, ("r.zip", zipped([(name, HEADER) for name in names])), year="2018")
    shown = {file["file"] for file in delivery.told["files"]}
    assert "2017/?csv.header.csv" in shown
    assert "2017/Zoë?.csv" in shown
    assert all(name.isprintable() and len(name) < 140 for name in shown)


@pytest.mark.parametrize("cut", [1, 30, 200])
def test_a_zip_that_did_not_arrive_whole_is_refused(client, cut):
    whole = zipped([("2017/header.csv", HEADER)])
    assert "did not arrive whole" in refusal(client, ("r.zip", whole[:-cut]))


def test_a_zip_of_nothing_is_refused(client):
    assert "holds no file" in refusal(client, ("r.zip", zipped([])))


def test_a_bomb_is_refused_by_how_it_swells(client, monkeypatch):
    monkeypatch.setattr(unpacking, "RATIO_COUNTS_FROM", 100_000)
    bomb = zipped([("2017/header.csv", HEADER), ("2017/episodes.csv", b"0" * 2_000_000)])
    assert refusal(client, ("r.zip", bomb)) == limits.RATIO.says


def test_a_bomb_of_many_files_is_refused_by_their_sum(client, monkeypatch):
    monkeypatch.setattr(unpacking, "UNPACKED", limits.Limit(50_000, "Too much.", ""))
    bomb = zipped([(f"2017/{number}.csv", HEADER * 100) for number in range(20)])
    assert refusal(client, ("r.zip", bomb)) == "Too much."


def test_a_zip_with_a_list_of_contents_beyond_measure_is_refused_unread(client, monkeypatch):
    monkeypatch.setattr(unpacking, "ENTRIES", limits.Limit(3, "Too many.", ""))
    many = zipped([(f"2017/{number}.csv", b"") for number in range(5)])
    assert refusal(client, ("r.zip", many)) == "Too many."
    long = zipped([("2017/header.csv", HEADER)])
    claims = bytearray(long)
    claims[-10:-6] = struct.pack("<L", 2**31)
    monkeypatch.setattr(zipfile, "ZipFile", None)
    assert refusal(client, ("r.zip", bytes(claims))) == "Too many."


def test_a_zip_for_files_beyond_4_gigabytes_is_refused(client):
    whole = zipped([("2017/header.csv", HEADER)])
    large = whole[:-22] + b"PK\6\7" + b"\0" * 16 + whole[-22:]
    assert "beyond 4 gigabytes" in refusal(client, ("r.zip", large))


# The whole way


def test_more_rows_than_any_return_has_are_refused_with_a_sentence(client, monkeypatch):
    monkeypatch.setattr("exchange.import_errands.ROWS", limits.Limit(3, "Too many rows.", ""))
    monkeypatch.setattr("exchange.loading.ROWS_AT_ONCE", 2)
    assert (
        refusal(client, ("header.csv", HEADER + HEADER.splitlines(keepends=True)[1] * 5), year="2018")
        == "Too many rows."
    )


def test_files_of_another_authority_are_refused_with_a_sentence(client, tmp_path):
    path = a_file(tmp_path, "episodes", episode("01/05/2017", "01/06/2017"))
    files = [("header.csv", HEADER), ("episodes.csv", path.read_bytes())]
    first = brought(client, *files)
    second = brought(client, *files, authority="E09000001")
    decide(client, first, "load")
    work()
    decide(client, second, "load")
    work()
    second = Delivery.objects.get(pk=second.pk)
    assert standing_of(second).code == "failed"
    assert second.load.failed.endswith("files of E09000001 cannot be loaded here.")


def test_nobody_sees_what_went_wrong_inside(client, monkeypatch):
    def break_down(*args, **kwargs):
        raise ValueError("Robin Testchild")

    monkeypatch.setattr("exchange.import_errands.load_into", break_down)
    for _ in range(errands.MOST_ATTEMPTS):
        with pytest.raises(ValueError, match="Robin"):
            brought(client, ("header.csv", HEADER)) if not Errand.objects.exists() else work()
    delivery = Delivery.objects.get()
    assert "Robin" not in delivery.look.failed
    assert b"Robin" not in client.get(delivery.get_absolute_url()).content


def test_more_rows_under_one_code_than_any_child_has_are_kept_and_make_nothing(client, monkeypatch):
    """Whoever links the rows of a child holds all of them: a file of a million rows may be of one code."""
    monkeypatch.setattr("exchange.ssda903.gathering.MOST_OF_A_CHILD", 5)
    crowd = HEADER + HEADER.splitlines(keepends=True)[1].replace(b"1001", b"2002") * 6
    delivery = brought(client, ("header.csv", crowd), year="2018")
    assert delivery.told["histories"]["children"] == 1
    assert found(delivery).count("too-many-rows") == 6
    decide(client, delivery, "load")
    work()
    assert list(Child.objects.values_list("reference", flat=True)) == ["1001"]
    kept = SourceRow.objects.filter(mark="refused")
    assert (kept.count(), set(kept.values_list("code", "child"))) == (6, {("", None)})
    assert found(Delivery.objects.get()).count("too-many-rows") == 6


def test_children_of_many_rows_are_loaded_fewer_at_a_time(monkeypatch):
    monkeypatch.setattr(loading, "ROWS_OF_CHILDREN_AT_ONCE", 10)
    monkeypatch.setattr(loading, "CHILDREN_AT_ONCE", 3)
    children = [(str(number), [None] * rows) for number, rows in enumerate([1, 1, 1, 1, 9, 12, 1])]
    parts = [[code for code, _ in part] for part in loading.ranges_of_children(children)]
    assert parts == [["0", "1", "2"], ["3", "4"], ["5"], ["6"]]
