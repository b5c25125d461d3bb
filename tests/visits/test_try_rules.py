"""Try the rules: a history that somebody makes up, answered by the function that the diary runs; nothing is kept."""

import re
from datetime import date, timedelta

import pytest
from django.urls import reverse

from casework.models import Duty, Event, RuleValue
from tests.factories import NOW
from visits.models import Visit

pytestmark = pytest.mark.django_db
PAGE = "visits:try_rules"


def boxes(name, day):
    return {f"{name}_day": day.day, f"{name}_month": day.month, f"{name}_year": day.year}


def tried(client, **but):
    history = {
        "setting": "childrens_home",
        **boxes("started_on", date(2026, 1, 5)),
        "legal_status": "C2",
        "reviews": "",
        "visits": "9 January 2026\n2026-02-20",
        **boxes("on", date(2026, 3, 9)),
    }
    answer = client.post(reverse(PAGE), history | but)
    rows = re.findall(r"<tr class=\"govuk-table__row\">(.*?)</tr>", answer.content.decode(), re.DOTALL)[1:]
    return answer, [re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", row)).strip() for row in rows]


def test_what_would_be_due_stands_with_its_reason_latest_first(world, signed_in):
    answer, rows = tried(signed_in(world.health))
    assert answer.status_code == 200
    running, second, first = rows
    assert running.startswith("3 April 2026 L-02 Visits in the first year of a placement, at most 6 weeks apart")
    assert "last seen 20 February 2026" in running
    assert running.endswith("Due")
    assert second.endswith("Met On 20 February 2026")
    assert first.startswith("12 January 2026 L-01 First visit within 1 week of the move on 5 January 2026")
    assert {model: model.objects.count() for model in (Duty, Visit)} == {Duty: 0, Visit: 0}
    assert not Event.objects.filter(act="record_visit").exists()


def test_who_says_so_stands_once_for_each_rule(world, signed_in):
    _, rows = tried(signed_in(world.health), visits="9 January 2026\n20 February 2026")
    running, second, first = rows
    assert [row.count("Care Planning Regulations, reg 28(2)(b)") for row in (running, second)] == [1, 0]
    assert "Care Planning Regulations, reg 28(2)(a)" in first


def test_who_was_seen_by_whom_counts_as_it_does_for_a_child(world, signed_in):
    client = signed_in(world.health)
    for visits, stands in (
        ("9 January 2026", "Overdue"),
        ("9 January 2026\n20 February 2026 (not seen)", "Overdue"),
        ("9 January 2026\n20 February 2026, adviser", "Due"),
        ("9 January 2026\n21.2.2026", "Due"),
    ):
        _, rows = tried(client, visits=visits)
        assert rows[0].endswith(stands), visits


def test_the_authoritys_own_values_are_tried_too(world, signed_in):
    decided = {"decided_by": world.dcs, "decided_at": NOW - timedelta(days=90), "because": "-"}
    RuleValue.objects.create(code="L-02", count=2, unit="weeks", since=date(2026, 1, 1), **decided)
    _, rows = tried(signed_in(world.health))
    assert rows[0].startswith("6 March 2026 L-02")
    assert "this authority’s own, in force since 1 January 2026" in rows[0]


def test_what_cannot_be_read_is_said_and_stays(world, signed_in):
    client = signed_in(world.health)
    for but, says in (
        ({"visits": "soon"}, "“soon” is not a day like 5 March 2026"),
        ({"visits": "31 February 2026"}, "“31 February 2026” must be a real date"),
        ({"reviews": "1 1 26"}, "must have a year with 4 numbers"),
        ({"visits": "1 March 2026\n" * 61}, "At most 60 lines can be tried at once."),
        ({"setting": "temporary"}, "Select one of the answers listed"),
        ({"started_on_day": ""}, "must include a day"),
    ):
        answer, _ = tried(client, **but)
        assert answer.status_code == 422, says
        assert says in answer.content.decode()


def test_before_the_child_lived_there_nothing_would_be_due(world, signed_in):
    answer, rows = tried(signed_in(world.health), **boxes("on", date(2026, 1, 4)))
    assert rows == []
    assert "Nothing would be due" in answer.content.decode()


def test_the_page_of_procedures_leads_there(world, signed_in):
    assert reverse(PAGE) in signed_in(world.health).get(reverse("casework:procedures")).content.decode()
