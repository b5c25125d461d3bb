"""The report: who sees what of it, how it is narrowed, and how it is taken along. Domain facts: roles, last table."""

import csv
import io
import types
from datetime import timedelta

import openpyxl
import pytest
from django.urls import reverse
from hypothesis import given, settings, strategies as st

from accounts.roles import Role
from casework.models import Reading
from casework.reading import InPieces
from children import access
from children.models import Child
from config import gunicorn
from exchange import views
from exchange.findings import FROM_THE_RECORD, REASONS, Finding
from exchange.models import KeptFinding
from exchange.spreadsheet import GUARDED, as_csv, as_workbook, guarded
from tests.exchange.bringing import a_return, brought, decide, small_return, work
from tests.exchange.files_and_rows import episode, header
from tests.factories import NOW, a, restricted_to

pytestmark = pytest.mark.django_db


def body_of(client, delivery, **asked):
    return client.get(delivery.get_absolute_url(), asked).content.decode()


def downloaded(client, delivery, **asked):
    answer = client.get(reverse("exchange:findings_csv", args=[delivery.pk]), asked)
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_each_finding_says_where_it_is_and_what_the_rule_is(client, delivery):
    line = next(row for row in downloaded(client, delivery) if row["Value"] == "nowhere")
    assert line == {
        "What became of it": "Warned",
        "What was found": "This is not a postcode: kept as it came.",
        "File": "episodes.csv",
        "Table": "episodes",
        "Row": "3",
        "Column": "PL_POST",
        "Value": "nowhere",
        "Child": "1001",
    }
    body = body_of(client, delivery)
    assert "This is not a postcode: kept as it came." in body
    assert "nowhere" in body


def test_the_list_is_narrowed_by_what_became_of_it_kind_file_and_table(client, delivery):
    everything = downloaded(client, delivery)
    assert {row["What became of it"] for row in downloaded(client, delivery, level="refused")} == {"Refused"}
    assert {row["Column"] for row in downloaded(client, delivery, kind="not-a-postcode")} == {"PL_POST"}
    assert {row["Table"] for row in downloaded(client, delivery, table="header")} == {"header"}
    files = [downloaded(client, delivery, file=str(number)) for number in (1, 2, 3)]
    assert all(len({row["File"] for row in rows}) == 1 for rows in files)
    assert sum(map(len, files)) == len(everything)
    assert len(downloaded(client, delivery, file="999", kind="nonsense", of="x")) == len(everything)
    assert "What became of it: Refused" in body_of(client, delivery, level="refused")


def test_a_child_is_found_by_the_whole_code_which_never_stands_in_an_address(client, delivery):
    answer = client.post(delivery.get_absolute_url(), {"child": " 1002 "})
    assert answer.status_code == 302
    assert "1002" not in answer["Location"].removeprefix(delivery.get_absolute_url())
    body = client.get(answer["Location"]).content.decode()
    assert "Child: 1002" in body
    assert {row["Child"] for row in downloaded(client, delivery, **query_of(answer))} == {"1002"}
    unknown = client.post(delivery.get_absolute_url(), {"child": "100"})
    assert unknown.status_code == 422
    assert b"No finding is about a child with this code" in unknown.content
    assert b"There is a problem" in unknown.content


def query_of(answer):
    return dict(pair.split("=") for pair in answer["Location"].partition("?")[2].removesuffix("#found").split("&"))


def test_a_file_is_named_by_its_place_because_its_name_may_name_somebody(client, tmp_path):
    (_, content), *rest = small_return(tmp_path / "2017")
    delivery = brought(client, ("Robin Testchild.csv", content), *rest)
    assert "Robin Testchild.csv" in body_of(client, delivery)
    body = body_of(client, delivery, level="warned", file="2")
    assert not [address for address in body.split('href="')[1:] if "Robin" in address.partition('"')[0]]


def test_a_page_asks_as_much_for_many_findings_as_for_few(client, delivery, tmp_path, asked):
    many = [
        episode(f"{day:02}/05/2017", f"{day + 1:02}/05/2017", PL_POST="x", HOME_POST="x", rne="P")
        for day in range(1, 28)
    ]
    larger = brought(client, *a_return(tmp_path / "2016", *many))
    counted = []
    for each in (delivery, larger):
        client.get(each.get_absolute_url())
        with asked() as queries:
            client.get(each.get_absolute_url())
        counted.append(len(queries))
    assert counted[0] == counted[1] <= 22
    assert "Showing 1 to 50 of" in body_of(client, larger)
    assert "Showing 51 to" in body_of(client, larger, page=2)


# Who sees what


def test_only_whoever_makes_the_return_gets_to_the_report(delivery, signed_in):
    for role in (Role.ADMINISTRATOR, Role.SERVICE_DIRECTOR, Role.AUDITOR):
        person = signed_in(a(role))
        for name in ("report", "findings_csv", "findings_workbook", "decide"):
            assert person.get(reverse(f"exchange:{name}", args=[delivery.pk])).status_code == 403


def test_a_colleague_sees_rule_and_place_but_not_what_stands_in_the_cells(client, delivery, colleague, signed_in):
    KeptFinding.objects.filter(code="not-a-postcode").update(
        code="another-child", facts=[["child", "1001"], ["born", "x"]]
    )
    line = next(row for row in downloaded(signed_in(colleague), delivery) if row["Column"] == "PL_POST")
    assert (line["Value"], line["Child"], line["Row"]) == ("", "1001", "3")
    assert line["What was found"].startswith("The child … was born on …; the same code")
    body = body_of(signed_in(colleague), delivery)
    assert "nowhere" not in body
    assert "shown to Jess Brook only" in body


def test_every_sentence_can_be_said_without_particulars():
    said = [Finding(code, "x").reason_without_particulars for code in REASONS]
    assert all(sentence and "{" not in sentence for sentence in said)


def test_of_a_restricted_child_stays_what_the_return_says_and_nothing_that_was_recorded_here(client, jess, tmp_path):
    """Of two children of whom the return says the same, the list says the same, whichever of them is restricted."""
    both = ("1001", "1002")
    first = brought(client, *a_return(tmp_path / "2017", *(episode("01/05/2017", child=child) for child in both)))
    decide(client, first, "load")
    work()
    later = [episode("01/05/2017", "10/06/2018", child=child, rec="E4A", PL_POST="x") for child in both]
    second = brought(client, *a_return(tmp_path / "2018", *later))
    for child in both:
        KeptFinding(
            delivery=second, is_of_reading=False, urgency=1, code="changed-here", facts=[["what", "Care"]], child=child
        ).save()

    def told(child):
        return [row["What was found"] for row in downloaded(client, second) if row["Child"] == child]

    recorded = "Care was changed here since it was loaded: left as it is."
    assert recorded in told("1001")
    assert told("1001") == told("1002")
    hidden = Child.objects.get(reference="1002")
    restricted_to(hidden, a(Role.SOCIAL_WORKER), since=NOW - timedelta(days=1), by=a(Role.HOS))
    assert told("1002") == [says for says in told("1001") if says != recorded]
    assert any(says.startswith("The same episode as in") for says in told("1002"))
    access.name_on_restriction(jess, hidden, at=NOW, because="Makes the return.")
    assert recorded in told("1002")
    assert "2 children of these files have no team" in body_of(client, first)


def test_a_restricted_child_is_not_counted_among_those_without_a_team(client, tmp_path):
    first = brought(client, *a_return(tmp_path / "2017", episode("01/05/2017"), episode("01/05/2017", child="1002")))
    decide(client, first, "load")
    work()
    restricted_to(Child.objects.get(reference="1002"), a(Role.SOCIAL_WORKER), since=NOW, by=a(Role.HOS))
    assert "1 child of these files has no team" in body_of(client, first)


def test_what_shows_the_record_is_known():
    assert set(REASONS) > FROM_THE_RECORD


def test_who_reads_about_children_on_record_is_in_the_read_log(client, delivery):
    body_of(client, delivery)
    assert not Reading.objects.exists(), "nobody is on record yet"
    decide(client, delivery, "load")
    work()
    files = set(Child.objects.values_list("case_file", flat=True))
    for ask in (body_of, downloaded):
        ask(client, delivery)
        assert set(Reading.objects.latest("pk").case_files) == files


# Taken along


def test_a_list_of_any_length_is_read_a_stretch_at_a_time_in_the_order_of_pages(client, delivery, monkeypatch):
    whole = downloaded(client, delivery)
    assert len(whole) > 6
    monkeypatch.setattr("exchange.findings_list.AT_ONCE", 2)
    assert downloaded(client, delivery) == whole
    body = body_of(client, delivery)
    places = [body.index(f">{says}<") for says in dict.fromkeys(row["What was found"] for row in whole)]
    assert places == sorted(places)


def test_while_pieces_leave_the_web_worker_says_that_it_is_at_work(client, delivery, monkeypatch):
    """Else its master ends it after half a minute, in the middle of a long download."""
    said = []
    worker = types.SimpleNamespace(notify=lambda: said.append("at work"))
    monkeypatch.setattr(InPieces, "at_work", InPieces.at_work)
    gunicorn.post_worker_init(worker)
    monkeypatch.setattr("exchange.spreadsheet.LINES_AT_ONCE", 2)
    lines = len(downloaded(client, delivery))
    assert len(said) >= lines // 2


def test_no_cell_of_a_download_can_act_as_a_formula(client, tmp_path):
    rows = [
        episode("01/05/2017", PL_POST=f'"{sign}cmd|x"', child=f"10{number}") for number, sign in enumerate("=+-@\t")
    ]
    delivery = brought(
        client, *a_return(tmp_path / "2017", *rows, headers=[header(f"10{number}") for number in range(5)])
    )
    values = [row["Value"] for row in downloaded(client, delivery, kind="not-a-postcode")]
    assert sorted(values) == sorted(f"'{sign}cmd|x" for sign in "=+-@\t")
    answer = client.get(reverse("exchange:findings_workbook", args=[delivery.pk]), {"kind": "not-a-postcode"})
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    assert [cell.data_type for row in sheet.iter_rows(min_row=2, min_col=7, max_col=7) for cell in row] == ["s"] * 5
    assert sorted(sheet.cell(row, 7).value for row in range(2, 7)) == sorted(values)


@settings(max_examples=40)
@given(st.text(max_size=20))
def test_whatever_stands_in_a_cell_is_harmless_and_legible(text):
    (written,) = csv.reader(
        io.StringIO(b"".join(as_csv([], [[text]])).decode("utf-8-sig").partition("\r\n")[2], newline="")
    )
    assert not written[0].startswith(GUARDED)
    assert written[0].removeprefix("'") == text.removeprefix("'")
    assert guarded(5) == 5


def test_signs_that_no_workbook_holds_are_replaced():
    with as_workbook("Findings", ["Value"], [["a\x00b\x1b"], [7]]) as file:
        sheet = openpyxl.load_workbook(file).active
        assert [row[0] for row in sheet.iter_rows(min_row=2, values_only=True)] == ["a?b?", 7]


def test_a_workbook_opens_with_its_columns_wide_enough_to_read():
    says = "The child was born on 7 January 2013; the same code with another date of birth is another child."
    with as_workbook("Findings", ["What was found", "Row"], [[says, 6]]) as file:
        sheet = openpyxl.load_workbook(file).active
        assert [sheet.column_dimensions[letter].width for letter in "AB"] == [80, 8]
        assert sheet["A1"].font.bold


def test_a_workbook_of_too_many_findings_is_refused_with_a_sentence(client, delivery, monkeypatch):
    monkeypatch.setattr(views, "ROWS_IN_A_WORKBOOK", type(views.ROWS_IN_A_WORKBOOK)(2, "Too many.", ""))
    answer = client.get(reverse("exchange:findings_workbook", args=[delivery.pk]))
    assert (answer.status_code, b"Too many." in answer.content) == (409, True)
    assert "Download as CSV" in body_of(client, delivery)
    assert "Download as a workbook" not in body_of(client, delivery)
