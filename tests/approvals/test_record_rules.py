"""What a record may say, asked at the door as well: every part that must be answered, whole rows, days that can be."""

from datetime import date, timedelta

import pytest

from approvals.record.parts import FORM, RECORD
from approvals.record.rules import objections_to_content
from bench.chains import CONTENT, record_of
from casework.limits import local_day
from tests.factories import NOW

HELD_ON = local_day(NOW)
DAY = timedelta(days=1)


def against(**but):
    content = {**record_of(NOW), **but}
    return objections_to_content(content, held_on=HELD_ON, today=HELD_ON)


def test_nothing_stands_against_a_whole_record():
    assert against() == []


def test_a_record_of_the_first_form_is_asked_nothing():
    assert objections_to_content(CONTENT, held_on=HELD_ON, today=HELD_ON) == []


@pytest.mark.parametrize(
    "part", [part for part in RECORD if part.required and not part.only_if], ids=lambda part: part.name
)
def test_each_part_that_must_be_answered_is(part):
    assert f"“{part.label}” is not answered." in against(**{part.name: " "})


@pytest.mark.parametrize(
    ("why_not", "asked"),
    [
        ("declines", {"declined_on"}),
        ("unlikely", {"assessed_on"}),
        ("refused", {"refused_on"}),
        ("lapsed", {"approved_from", "approved_until"}),
    ],
)
def test_the_dates_fit_the_reason(why_not, asked):
    """S0 2.3: declines, unlikely to succeed, refused, ran out, each with its date."""
    labels = {part.name: part.label for part in RECORD}
    without = against(why_not=why_not, **dict.fromkeys(("declined_on", "assessed_on", "refused_on"), ""))
    assert {sentence.split("”")[0].lstrip("“") for sentence in without} == {labels[name] for name in asked}


def test_pets_are_described_where_there_are_any():
    assert against(pets="no", pet_risks="") == []
    assert len(against(pets="yes", pet_risks="")) == 1


@pytest.mark.parametrize("name", ["declined_on"])
def test_what_was_done_was_not_done_tomorrow(name):
    assert against(**{name: HELD_ON.isoformat()}) == []
    assert "must be today or in the past" in against(**{name: (HELD_ON + DAY).isoformat()})[0]


def test_what_was_agreed_does_not_lie_before_the_case_discussion():
    assert against(review_on=HELD_ON.isoformat()) == []
    assert "cannot lie before the case discussion" in against(review_on=(HELD_ON - DAY).isoformat())[0]
    row = {"what": "Ask.", "owner": "legal", "due_on": (HELD_ON - DAY).isoformat()}
    assert against(actions=[row])[0].startswith("Action 1: “By when” cannot lie before the case discussion")


def test_a_row_is_whole():
    assert against(actions=[{"what": "Ask.", "owner": "", "due_on": date.max.isoformat()}]) == [
        "Action 1: “Who does it” is not answered."
    ]
    assert against(others=[{"name": "A", "as_what": ""}]) == [
        "Person 1: “Role, or relation to the child” is not answered."
    ]
    assert against(**{FORM: "2", "others": [], "alternatives": [], "actions": []}) == []
