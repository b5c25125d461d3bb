"""The visits page of a team: what is due, overdue, made, seen alone, late and missed in a month; each figure opens its list.

C-35 (a visit at which the child was not seen meets nothing), C-36 (late is late), roles: last table; quality: team page.
"""

import re
from datetime import datetime

import pytest
from django.urls import reverse

from accounts.models import ServiceArea
from accounts.roles import Role
from casework.limits import LONDON
from placements.states import RegistrationStatus
from tests.factories import TODAY, a, a_child, in_childrens_home, in_foster_care, restricted_to, visited
from tests.visits.a_month_of_visits import day, lay_out, look
from visits.figures.table import BY_CODE, FIGURES, KINDS, OF_IRO

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]
PAGE, LIST = "visits:figures", "visits:figure_list"


@pytest.fixture
def children(world):
    return lay_out(world)


def shown(client, **query):
    answer = client.get(reverse(PAGE), query)
    assert answer.status_code == 200
    return answer.context


def numbers(client, **query):
    """The figures of a page, by their words."""
    page = shown(client, **query)
    groups = ("standing", "ended", "made", *(("of_iro",) if page["own"] else ()))
    return {figure["label"]: figure["number"] for group in groups for figure in page[group]}


def listed(client, **query):
    answer = client.get(reverse(LIST), query)
    assert answer.status_code == 200
    return answer.context


def names(client, **query):
    return sorted(row[0]["says"].split()[0] for row in listed(client, **query)["rows"])


def every_link(page):
    """Every figure of a page that opens a list: its number, and the address."""
    found = [
        (each["number"], each["url"])
        for group in ("own", "of_iro", "standing", "ended", "made")
        for each in page[group]
    ]
    cells = [cell for table in page["tables"] for row in table["rows"] for cell in row[1:]]
    cells += [row[1] for reason in page["reasons"] for row in reason["rows"]]
    found += [(int(cell["says"].replace(",", "")), cell["url"]) for cell in cells if isinstance(cell, dict)]
    return [(number, url) for number, url in found if url]


# What is counted


def test_the_figures_of_the_running_month(world, signed_in, children):
    assert numbers(signed_in(world.team_manager)) == {
        "children looked after": 8,
        "visits overdue": 1,
        "due in the next 7 days": 2,
        "visits due in all": 5,
        "met in time": 2,
        "met late": 1,
        "missed": 1,
        "visits made": 3,
        "child seen alone": 2,
        "seen, not alone": 1,
        "child not seen": 1,
    }


@pytest.mark.parametrize(
    ("figure", "whose"),
    [
        ("overdue", ["Overdue"]),
        ("soon", ["Moved", "Soon"]),
        ("due", ["Late", "Moved", "Refused", "Seen", "Soon"]),
        ("in_time", ["Refused", "Seen"]),
        ("late", ["Late"]),
        ("missed", ["Moved"]),
        ("made", ["Late", "Refused", "Seen"]),
        ("alone", ["Late", "Seen"]),
        ("not_alone", ["Refused"]),
        ("not_seen", ["Overdue"]),
    ],
)
def test_a_figure_opens_the_list_of_those_behind_it(world, signed_in, children, figure, whose):
    assert names(signed_in(world.team_manager), figure=figure) == whose


def test_a_past_month_is_counted_as_it_stood_at_its_end(world, signed_in, children):
    client = signed_in(world.team_manager)
    found = numbers(client, month="2026-02")
    assert (found["visits made"], found["child not seen"], found["met in time"]) == (1, 1, 1)
    assert names(client, month="2026-02", figure="overdue") == ["Late", "Moved"]
    assert names(client, month="2026-02", figure="soon") == ["Overdue", "Refused"]


def test_the_last_day_of_a_duty_is_in_time_and_the_day_after_it_late(world, signed_in):
    for name, made in (("Last", day(3, 2)), ("After", day(3, 3))):
        home = in_foster_care(world.a_child(worker=world.colleague, forename=name), since=day(2, 23))
        visited(home, made)
    look()
    client = signed_in(world.team_manager)
    assert names(client, figure="in_time") == ["Last"]
    assert names(client, figure="late") == ["After"]
    assert [row[-2] for row in listed(client, figure="late")["rows"]] == [1]


def test_a_visit_at_the_last_minute_of_a_month_belongs_to_it(world, signed_in):
    home = in_foster_care(world.own_child, since=day(1, 20))
    visited(home, datetime(2026, 2, 28, 23, 59, tzinfo=LONDON))
    look()
    client = signed_in(world.team_manager)
    assert numbers(client, month="2026-02")["visits made"] == 1
    assert numbers(client, month="2026-03")["visits made"] == 0


def test_how_late_is_said_in_days(world, signed_in, children):
    home = in_foster_care(world.own_child, since=day(2, 17))
    visited(home, day(3, 6))  # Due on Tuesday 24 February: 10 days late
    look()
    client = signed_in(world.team_manager)
    lateness = shown(client)["lateness"]
    assert (lateness.median, lateness.worst) == (8, 10)
    assert [row[-2] for row in listed(client, figure="late", sort="-late")["rows"]] == [10, 8]


def test_shares_are_of_what_was_owed_and_of_what_was_made(world, signed_in, children):
    page = shown(signed_in(world.team_manager))
    assert page["in_time"] == {"part": 2, "whole": 4, "per_cent": 50}
    assert page["alone"] == {"part": 2, "whole": 3, "per_cent": 67}


def test_a_month_without_visits_says_so_and_divides_by_nothing(world, signed_in):
    page = signed_in(world.team_manager).get(reverse(PAGE), {"month": "2024-01"})
    assert page.context["alone"] is None
    assert "No visit is on record for this month" in page.text


# Why


def test_what_is_missing_of_an_overdue_visit(world, signed_in, children):
    in_foster_care(world.own_child, since=day(2, 20))
    nobodys = world.a_child(forename="Nobodys")
    in_foster_care(nobodys, since=day(2, 20))
    look()
    client = signed_in(world.team_manager)
    found = {row[0]["says"].split()[0]: row[-1] for row in listed(client, figure="overdue")["rows"]}
    assert found["Overdue"] == "Somebody went, and the child was not seen"
    assert found[world.own_child.forename] == "No visit is recorded or planned"
    assert found["Nobodys"] == "Nobody holds the role; somebody stands in"
    assert names(client, figure="overdue", why="nobody") == ["Nobodys"]


def test_a_purposeful_visit_waits_for_its_form(world, signed_in):
    child = world.a_child(worker=world.colleague, forename="Formless")
    home = in_childrens_home(child, since=day(2, 10), registered=RegistrationStatus.UNREGISTERED)
    visited(home, day(2, 11))
    look()
    client = signed_in(world.team_manager)
    rows = listed(client, figure="overdue", role=Role.SOCIAL_WORKER, rule="K-11")["rows"]
    assert [row[-1] for row in rows] == ["The child was seen; the form is not complete"]


def test_the_visits_of_both_clocks_count():
    assert set(KINDS) >= {
        "L-01",
        "L-02",
        "L-08",
        "C-38",
        "K-01",
        "K-02",
        "K-05",
        "K-11",
        "K-13",
        "K-15",
        "K-16",
        "K-18",
    }
    assert not set(KINDS) & {"K-03", "K-26", "L-38"}


def test_why_a_visit_was_late_and_why_a_child_was_not_alone(world, signed_in, children):
    client = signed_in(world.team_manager)
    assert listed(client, figure="late")["rows"][0][-1] == "Somebody went in time, and the child was not seen"
    assert listed(client, figure="not_alone")["rows"][0][-1] == "The child did not want to"
    assert names(client, figure="not_alone", why="unable") == []


# Every figure opens its list


@pytest.mark.parametrize("role", [Role.TEAM_MANAGER, Role.HOS, Role.SERVICE_DIRECTOR, Role.IRO, Role.PERFORMANCE])
@pytest.mark.parametrize("month", ["2026-03", "2026-02"])
def test_behind_every_figure_are_as_many_rows_as_it_says(world, signed_in, children, role, month):
    client = signed_in(world.person(role))
    links = every_link(shown(client, month=month))
    assert len(links) > 15
    for number, url in links:
        page = client.get(url).context
        assert page["page"].paginator.count == number, url


def test_every_figure_says_what_it_means(world, signed_in):
    page = signed_in(world.team_manager).get(reverse(PAGE)).text
    text = re.sub(r"\s+", " ", page)
    for figure in FIGURES:
        assert figure.says
        assert (figure.says in text) is (figure.code not in OF_IRO)


# Whose


def test_a_restricted_child_counts_only_for_people_named(world, signed_in, children):
    in_foster_care(world.restricted_child, since=day(2, 20))
    look()
    assert numbers(signed_in(world.team_manager))["visits overdue"] == 1
    assert numbers(signed_in(world.performance))["visits overdue"] == 1
    assert numbers(signed_in(world.dhos))["visits overdue"] == 2
    restricted_to(world.restricted_child, world.team_manager)
    assert numbers(signed_in(world.team_manager))["visits overdue"] == 2


def test_another_teams_children_count_there(world, signed_in, children):
    in_foster_care(world.second_teams_child, since=day(2, 20))
    in_foster_care(world.other_areas_child, since=day(2, 20))
    look()
    assert numbers(signed_in(world.team_manager))["visits overdue"] == 1
    hos = signed_in(world.hos)
    assert numbers(hos)["visits overdue"] == 2
    assert numbers(hos, of=f"team-{world.second_team.pk}")["visits overdue"] == 1
    assert numbers(signed_in(world.service_director))["visits overdue"] == 3
    assert numbers(signed_in(world.elsewhere(Role.HOS)))["visits overdue"] == 1


def test_nobody_asks_about_a_team_that_is_not_theirs(world, signed_in):
    for person, value in (
        (world.team_manager, f"team-{world.second_team.pk}"),
        (world.team_manager, "all"),
        (world.team_manager, "mine"),
        (world.hos, f"team-{world.other_areas_team.pk}"),
        (world.performance, "all"),
        (world.iro, "counts"),
    ):
        client = signed_in(person)
        assert client.get(reverse(PAGE), {"of": value}).status_code == 404
        assert client.get(reverse(LIST), {"of": value}).status_code == 404


def test_whoever_leads_an_area_without_teams_is_told_so(world, signed_in):
    head = a(Role.HOS, area=ServiceArea.objects.create(name="Nowhere yet"))
    answer = signed_in(head).get(reverse(PAGE))
    assert answer.status_code == 409
    assert "There is no team in your area yet" in answer.text


def test_teams_stand_beside_each_other_for_whoever_leads_several(world, signed_in, children):
    tables = {table["id"]: table for table in shown(signed_in(world.hos))["tables"]}
    assert "person" not in tables
    assert [row[0]["says"] for row in tables["team"]["rows"]] == ["Alder team", "Birch team"]
    assert tables["team"]["rows"][0][1]["says"] == "1"


def test_people_stand_beside_each_other_in_a_team(world, signed_in, children):
    tables = {table["id"]: table for table in shown(signed_in(world.team_manager))["tables"]}
    found = {row[0]["says"]: [cell["says"] if cell else "0" for cell in row[1:]] for row in tables["person"]["rows"]}
    assert found[world.colleague.name] == ["1", "0", "1", "1", "0", "2", "1"]
    assert found[world.social_worker.name] == ["0", "2", "1", "0", "0", "1", "1"]
    assert found["Nobody on record"] == ["0", "0", "0", "0", "1", "0", "0"]


def test_an_iro_finds_the_children_reviewed_and_own_visits(world, signed_in, children):
    other = a(Role.IRO)
    a_child(team=world.team, by=world.team_manager, reviewed_by=other)
    home = in_childrens_home(world.own_child, since=day(1, 5))
    visited(home, day(3, 6), role=Role.IRO)
    look()
    client = signed_in(world.iro)
    page = shown(client)
    assert {figure["label"]: figure["number"] for figure in page["own"]}["visits made"] == 1
    assert names(client, figure="made", role="iro") == [world.own_child.forename]
    assert numbers(client)["visits made"] == 4
    assert other.name not in client.get(reverse(PAGE)).text


# Without names


def test_performance_gets_rows_without_names(world, signed_in, children):
    client = signed_in(world.performance)
    for figure in BY_CODE:
        page = client.get(reverse(LIST), {"figure": figure}).text
        links = (reverse("children:child", args=[child.pk]) for child in children.values())
        for name in ("Canarycount", world.colleague.name, world.social_worker.name, *links):
            assert name not in page, (figure, name)
    assert (
        "who"
        not in client.get(reverse(LIST), {"figure": "overdue", "who": f"social_worker:{world.colleague.pk}"}).text[:0]
    )


# Lists


def test_a_list_is_narrowed_and_sorted(world, signed_in, children):
    client = signed_in(world.team_manager)
    who = f"social_worker:{world.colleague.pk}"
    assert names(client, figure="due", who=who) == ["Late", "Refused"]
    by_name = [row[0]["says"] for row in listed(client, figure="due", sort="-name")["rows"]]
    assert by_name == sorted(by_name, reverse=True)
    page = client.get(reverse(LIST), {"figure": "due", "role": "iro", "month": "2026-03"}).text
    assert '<input type="hidden" name="figure" value="due">' in page
    assert "Take away the filter" in page


@pytest.mark.parametrize(
    "query",
    [
        {"figure": "x"},
        {"month": "2026-99"},
        {"rule": "'"},
        {"who": "iro:99999999999999999999"},
        {"why": "?"},
        {"sort": "x"},
        {"page": "x"},
    ],
)
def test_an_address_that_makes_no_sense_is_answered(world, signed_in, children, query):
    client = signed_in(world.team_manager)
    assert client.get(reverse(LIST), query).status_code == 200
    assert client.get(reverse(PAGE), query).status_code == 200


def test_children_are_listed_with_when_they_were_last_seen(world, signed_in, children):
    rows = listed(signed_in(world.team_manager), figure="children", sort="name")["rows"]
    found = {row[0]["says"].split()[0]: row[1:] for row in rows}
    assert found["Refused"][0] == {"says": "3 March 2026", "note": "6 days ago"}
    assert found["Refused"][1] == "Not on record"
    assert found["Soon"][2] == {"says": "10 March 2026", "note": "due tomorrow"}


# What it asks of the database


def test_the_page_asks_as_much_for_sixty_children_as_for_five(world, signed_in, asked, children):
    client = signed_in(world.team_manager)
    address = reverse(PAGE)
    lists = [f"{reverse(LIST)}?figure={figure}" for figure in ("children", "due", "made")]
    client.get(address)

    def queries(url):
        with asked() as found:
            assert client.get(url).status_code == 200
        return len(found)

    before = [queries(url) for url in (address, *lists)]
    for number in range(55):
        home = in_foster_care(
            world.a_child(worker=world.colleague, surname=f"More{number}"), since=TODAY.replace(day=2)
        )
        visited(home, day(3, 5))
    look()
    assert [queries(url) for url in (address, *lists)] == before
    assert before[0] <= 16
