"""The figures of visits as files: the rows behind a figure and the counts of a month, guarded against formulas.

Roles, last table (Performance: lists without names); experience: each table exports to a spreadsheet.
"""

import csv
import io

import pytest
from django.urls import reverse

from casework.models import Reading
from tests.visits.a_month_of_visits import lay_out

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]
ROWS, COUNTS = "exchange:visit_list_csv", "exchange:visit_figures_csv"


def lines(client, name, **query):
    answer = client.get(reverse(name), query)
    assert answer.status_code == 200
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_the_file_holds_the_rows_of_the_list(world, signed_in):
    children = lay_out(world)
    client = signed_in(world.team_manager)
    heading, *rows = lines(client, ROWS, figure="overdue")
    assert heading[0] == "Child"
    assert heading[-1] == "Why overdue"
    assert [(row[0], row[-1]) for row in rows] == [("Overdue Canarycount", "Somebody went, and the child was not seen")]
    assert children["Overdue"].case_file_id in Reading.objects.latest("pk").case_files
    page = client.get(reverse("visits:figure_list"), {"figure": "overdue", "role": "social_worker"}).text
    assert f"{reverse(ROWS)}?figure=overdue&amp;role=social_worker" in page
    assert lines(client, ROWS, figure="overdue", role="iro") == [heading]


def test_a_name_that_begins_like_a_formula_is_no_formula(world, signed_in):
    child = lay_out(world)["Overdue"]
    type(child).objects.filter(pk=child.pk).update(forename="=2+5")
    assert lines(signed_in(world.team_manager), ROWS, figure="overdue")[1][0] == "'=2+5 Canarycount"


def test_performance_gets_rows_without_names(world, signed_in):
    lay_out(world)
    heading, *rows = lines(signed_in(world.performance), ROWS, figure="late")
    assert heading == ["Visit", "Role", "Last day", "How it stands", "Days late", "Why late"]
    assert len(rows) == 1
    assert "Canarycount" not in str(rows)


def test_the_counts_are_those_of_the_page(world, signed_in):
    lay_out(world)
    _, *counts = lines(signed_in(world.team_manager), COUNTS, month="2026-03")
    found = {(what, of): number for what, of, number in counts}
    assert found["met late", "All"] == found["met late", "Social worker"] == found["met late", "L-01"] == "1"
    assert found["visits made", "All"] == "3"
    assert ("forms to read", "All") not in found
