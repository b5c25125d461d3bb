"""Worked cases for the visit clocks: our own, those that the project shares where they are at hand, and bad files.

Nothing here asks for the database: the cases are reckoned from the file alone.
"""

import io
import json
import os
from pathlib import Path

import pytest
from django.core.management import call_command

from casework.procedures import rules_as_declared
from visits.clocks.cases import CLOCKS, BadCase, cases_in, open_duties

OWN = Path(__file__).with_name("worked_cases.json")
SHARED = Path(__file__).resolve().parents[3] / "shared/cases/visit_clocks.json"


def rows_in(path):
    """The cases of a file as they are written, each with what is expected; none where the file is not at hand."""
    return json.loads(path.read_text()) if path.exists() else []


@pytest.mark.parametrize("row", [pytest.param(row, id=row["id"]) for row in rows_in(OWN) + rows_in(SHARED)])
def test_a_worked_case_comes_out_as_expected(row):
    (case,) = cases_in(json.dumps([row]))
    letters = {letter for letter, _ in CLOCKS}
    expected = [duty for duty in row["expect"] if duty["clock"] in letters]
    assert in_any_order(open_duties(case, rules_as_declared())) == in_any_order(expected)


def in_any_order(duties):
    """The order of the duties of a case is free."""
    return sorted(duties, key=lambda duty: (duty["clock"], duty["role"], duty["rule"]))


@pytest.mark.skipif(os.environ.get("CI") != "true", reason="the shared cases must be at hand where CI=true")
def test_the_shared_cases_are_at_hand():
    assert len(rows_in(SHARED)) >= 170


def tried(path):
    """What the command prints for a file that is right, and what it complains of."""
    out, complaint = io.StringIO(), io.StringIO()
    call_command("try_visit_rules", str(path), stdout=out, stderr=complaint)
    return out.getvalue(), complaint.getvalue()


def complaint_about(path):
    """The one line of complaint with which the command ends, having printed nothing."""
    out, complaint = io.StringIO(), io.StringIO()
    with pytest.raises(SystemExit) as stop:
        call_command("try_visit_rules", str(path), stdout=out, stderr=complaint)
    assert (stop.value.code, out.getvalue()) == (1, "")
    assert complaint.getvalue().count("\n") == 1
    return complaint.getvalue().strip()


def test_the_command_prints_the_duties_of_each_case_in_the_order_of_the_file():
    printed, complaint = tried(OWN)
    answers = json.loads(printed)
    assert [answer["id"] for answer in answers] == [row["id"] for row in rows_in(OWN)]
    assert answers[0]["duties"] == [{"clock": "S", "role": "SW", "rule": "L-01", "due": "2026-04-07", "overdue": True}]
    assert complaint == ""


def case(**changed):
    """A small case that is right, with something changed; None takes a key away."""
    row = {
        "id": "small",
        "as_of": "2026-01-16T12:00",
        "care_started_on": "2026-01-09",
        "placement": {"start_at": "2026-01-09T16:00", "setting": "in_house_foster"},
        "legal": [{"from": "2026-01-09", "code": "V2"}],
        "reviews": [{"scheduled_on": "2026-02-06"}],
        "visits": [{"at": "2026-01-14T10:00", "role": "SW", "seen": True, "alone": True, "form": None}],
    } | changed
    return json.dumps([{key: value for key, value in row.items() if value is not None}])


def test_the_small_case_is_right():
    ((duty,),) = [open_duties(each, rules_as_declared()) for each in cases_in(case())]
    assert duty["due"] == "2026-02-25"


VISIT = {"at": "2026-01-14T10:00", "role": "SW", "seen": True, "alone": True, "form": None}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[{", "The file is not JSON: Expecting property name"),
        ("", "The file is not JSON: Expecting value"),
        ("[" * 100_000, "The file is not JSON: "),
        ('{"id": "small"}', "The file does not hold a list of cases."),
        ("[7]", "Case number 1 is not an object with keys."),
        ('[{"as_of": "2026-01-16T12:00"}]', "Case number 1 has no 'id'."),
        (case(as_of=None), "Case 'small': 'as_of' is missing."),
        (case(care_started_on=None), "Case 'small': 'care_started_on' is missing."),
        (case(placement=None), "Case 'small': 'placement' is missing."),
        (case(placement={"setting": "parent"}), "Case 'small': 'placement.start_at' is missing."),
        (case(placement={"start_at": "2026-01-09T16:00"}), "Case 'small': 'placement.setting' is missing."),
        (case(legal=None), "Case 'small': 'legal' is missing."),
        (case(reviews=None), "Case 'small': 'reviews' is missing."),
        (case(visits=None), "Case 'small': 'visits' is missing."),
        (case(legal=[{"code": "V2"}]), "Case 'small': 'legal[0].from' is missing."),
        (case(visits=[VISIT, {"at": "2026-01-14T10:00"}]), "Case 'small': 'visits[1].role' is missing."),
        (case(care_started_on="2026-02-29"), "'care_started_on' is \"2026-02-29\", not a day such as 2026-01-09."),
        (case(care_started_on=20260109), "'care_started_on' is 20260109, not a day such as 2026-01-09."),
        (case(care_started_on="0026-01-09"), "'care_started_on' is \"0026-01-09\", a year that cannot be meant."),
        (case(as_of="2026-01-16"), "'as_of' is \"2026-01-16\", not a day and time such as 2026-01-09T16:00."),
        (case(as_of="2026-01-16T25:00"), "'as_of' is \"2026-01-16T25:00\", not a day and time"),
        (case(notices=["2026-03-04", "2026-02-30"]), "Case 'small': 'notices[1]' is \"2026-02-30\", not a day"),
        (case(notices="2026-03-04"), "'notices' is \"2026-03-04\", not a list."),
        (case(reviews=[{"scheduled_on": "2026-02-06", "held_on": "soon"}]), "'reviews[0].held_on' is \"soon\", not"),
        (case(reg19=[{"from": "2026-01-09", "to": "2026-13-01"}]), "'reg19[0].to' is \"2026-13-01\", not a day"),
        (case(legal=["V2"]), "Case 'small': 'legal[0]' is \"V2\", not an object with keys."),
        (case(legal=[{"from": "2026-01-09", "code": 2}]), "'legal[0].code' is 2, not a text."),
        (case(visits=[VISIT | {"role": "COOK"}]), "'visits[0].role' is \"COOK\", not one of SW, PA, IRO, SM, COMM."),
        (case(visits=[VISIT | {"seen": "yes"}]), "'visits[0].seen' is \"yes\", neither true nor false."),
        (case(visits=[VISIT | {"form": "lost"}]), "'visits[0].form' is \"lost\", not one of complete, draft."),
        (case(variations=[{"from": "2026-01-09", "days": 0}]), "'variations[0].days' is 0, not a number of days."),
        (case(registration=[{"from": "2026-01-09", "status": "so so"}]), "'registration[0].status' is \"so so\", not"),
        (
            case(placement={"start_at": "2026-01-09T16:00", "setting": "castle"}),
            "Case 'small': 'placement.setting' is \"castle\", not one of in_house_foster,",
        ),
    ],
)  # fmt: skip
def test_a_bad_file_gets_one_sentence_that_names_case_and_key(tmp_path, text, sentence):
    with pytest.raises(BadCase) as refused:
        cases_in(text)
    assert sentence in str(refused.value)
    (tmp_path / "cases.json").write_text(text)
    assert complaint_about(tmp_path / "cases.json") == str(refused.value)


def test_a_file_that_cannot_be_read_gets_one_sentence(tmp_path):
    missing, latin = tmp_path / "missing.json", tmp_path / "latin.json"
    assert complaint_about(missing) == f"The file {missing} cannot be opened: No such file or directory."
    latin.write_bytes(b'[{"id": "caf\xe9"}]')
    assert complaint_about(latin) == f"The file {latin} is not text in UTF-8."


def test_keys_that_the_clocks_do_not_read_are_passed_over():
    assert cases_in(case(note="seen at school")) == cases_in(case())
