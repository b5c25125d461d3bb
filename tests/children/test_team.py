"""The team's page: who carries what, who has left, who has nobody, and what changed. Experience: Team.

Quality, speed: as many questions to the database for 150 children as for 15.
"""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.roles import Role
from casework import diary
from casework.models import CaseFile, Duty
from children.models import TeamHolding
from tests.children.handing_over import WHY, hand_over
from tests.factories import NOW, a, allocated_to, appointed, days_before, left_care, restricted_to, settled

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]

TEAM = reverse("children:team")


def look():
    diary.refresh(CaseFile.objects.values_list("pk", flat=True), at=NOW)


def figures(answer):
    return {figure["label"]: figure["number"] for figure in answer.context["figures"]}


def names(answer):
    return [row[0]["says"] for row in answer.context["rows"]]


def carries(answer, person, role=Role.SOCIAL_WORKER):
    """How many children, duties and overdue duties the page gives somebody."""
    row = next(
        row
        for row in answer.context["workers"]
        if (row[0]["says"] if isinstance(row[0], dict) else row[0]) == person.name and row[1] == role.label
    )
    return tuple(int(cell["says"] if isinstance(cell, dict) else cell) for cell in row[2:])


def left(answer):
    return [person["says"] for person in answer.context["left"]]


def test_the_page_says_who_carries_how_many_children_and_what_is_owed(world, signed_in):
    settled(world.own_child, since=days_before(40))
    settled(world.teams_child, since=days_before(3))
    look()
    page = signed_in(world.team_manager).get(TEAM)
    assert carries(page, world.social_worker) == (1, 1, 1)
    assert carries(page, world.colleague) == (1, 1, 0)
    assert carries(page, world.personal_adviser, Role.PERSONAL_ADVISER) == (0, 0, 0)
    assert carries(page, world.iro, Role.IRO)[0] == 2
    assert figures(page) == {"children": 2, "without a social worker": 0, "to hand over": 0, "duties overdue": 1}


def test_children_without_a_social_worker_are_counted_and_can_be_listed(world, signed_in):
    alone = world.a_child(forename="Alone", surname="Child")
    behind = world.a_child(worker=a(Role.SOCIAL_WORKER, team=world.team, until=days_before(1)))
    client = signed_in(world.team_manager)
    page = client.get(TEAM)
    assert figures(page)["without a social worker"] == 2
    assert set(names(client.get(TEAM, {"worker": "none"}))) == {alone.name, behind.name}
    assert names(client.get(TEAM, {"worker": "left"})) == [behind.name]


def test_who_has_left_or_leaves_soon_is_said_in_words_with_the_day(world, signed_in):
    gone, ahead = days_before(5), NOW + timedelta(days=21)
    expected = {}
    for name, ends, stays_as, says in (
        ("Ann", gone, None, "left on 4 March 2026"),
        ("Ben", gone, Role.PLACEMENT_SERVICE, "is no longer social worker: that ended on 4 March 2026"),
        ("Cat", ahead, None, "leaves on 30 March 2026"),
        ("Dan", ahead, Role.PLACEMENT_SERVICE, "stops being social worker on 30 March 2026"),
    ):
        worker = a(Role.SOCIAL_WORKER, name=f"{name.lower()}-bell", team=world.team, until=ends)
        if stays_as:
            appointed(worker, stays_as)
        day = ends.date() if ends > NOW else NOW.date()
        expected[f"{name} Bell {says}: 1 child to hand over"] = (world.a_child(worker=worker).pk, day)
    client = signed_in(world.team_manager)
    page = client.get(TEAM)
    assert sorted(left(page)) == sorted(expected)
    for person in page.context["left"]:
        child, day = expected[person["says"]]
        shown = client.get(person["url"])
        assert [(row["value"], row["ticked"]) for row in shown.context["rows"]] == [(str(child), True)]
        assert shown.context["form"]["from_on"].value() == day
        assert person["says"] in page.text


def test_who_can_no_longer_sign_in_has_left(world, signed_in):
    world.colleague.is_active = False
    world.colleague.save()
    assert left(signed_in(world.team_manager).get(TEAM)) == [f"{world.colleague.name} has left: 1 child to hand over"]


def test_who_leaves_in_a_year_or_stays_on_is_not_said_to_leave(world, signed_in):
    later = a(Role.SOCIAL_WORKER, team=world.team, until=NOW + timedelta(days=400))
    stays = a(Role.SOCIAL_WORKER, team=world.team, until=NOW + timedelta(days=10))
    appointed(stays, Role.SOCIAL_WORKER, team=world.team, since=NOW + timedelta(days=10))
    called_off = a(Role.SOCIAL_WORKER, team=world.team)
    tomorrow = NOW + timedelta(days=1)
    called_off.appointments.create(role=Role.SOCIAL_WORKER, team=world.team, starts_at=tomorrow, ends_at=tomorrow)
    for worker in (later, stays, called_off):
        world.a_child(worker=worker)
    assert left(signed_in(world.team_manager).get(TEAM)) == []


def test_a_child_who_left_care_counts_only_while_somebody_is_allocated(world, signed_in):
    gone = left_care(world.a_child(reviewed_by=None), on=days_before(9))
    with_adviser = left_care(world.a_child(worker=world.personal_adviser, reviewed_by=None), on=days_before(9))
    page = signed_in(world.team_manager).get(TEAM)
    assert gone.name not in page.text
    assert with_adviser.name in page.text
    assert figures(page)["without a social worker"] == 0


def test_a_restricted_child_is_neither_listed_nor_counted_but_for_people_named(world, signed_in):
    before = signed_in(world.team_manager).get(TEAM)
    restricted_to(world.teams_child, world.dhos, by=world.service_manager)
    settled(world.teams_child, since=days_before(40), by=world.dhos)
    look()
    page = signed_in(world.team_manager).get(TEAM)
    assert figures(page)["children"] == figures(before)["children"] - 1
    assert figures(page)["duties overdue"] == 0
    assert carries(page, world.colleague) == (0, 0, 0)
    assert world.teams_child.name not in page.text
    named = signed_in(world.dhos).get(reverse("children:one_team", args=[world.team.pk]))
    assert world.teams_child.name in named.text
    assert carries(named, world.colleague)[0] == 2


def test_the_list_sorts_and_filters(world, signed_in):
    older = world.a_child(worker=world.social_worker, age=16, forename="Zoe", surname="Aardvark")
    client = signed_in(world.team_manager)
    assert names(client.get(TEAM))[0] == older.name
    assert names(client.get(TEAM, {"sort": "-name"}))[-1] == older.name
    assert names(client.get(TEAM, {"sort": "-age"}))[0] == older.name
    mine = client.get(TEAM, {"worker": f"social_worker:{world.social_worker.pk}"})
    assert set(names(mine)) == {older.name, world.own_child.name}
    assert "Take away the filter" in mine.text
    assert len(names(client.get(TEAM, {"worker": "social_worker:0", "sort": "nonsense", "page": "99"}))) == 3


def test_one_who_leads_several_teams_finds_them_beside_each_other(world, signed_in):
    page = signed_in(world.service_manager).get(TEAM)
    assert "Alder team" in page.text
    assert "Birch team" in page.text
    assert "Cedar team" not in page.text
    ((_, rows),) = page.context["areas"]
    assert [row[1] for row in rows] == [2, 1]
    assert "Cedar team" in signed_in(world.dcs).get(TEAM).text


def test_the_navigation_shows_the_team_to_whoever_leads_one(world, signed_in):
    for person, shown in (
        (world.team_manager, True),
        (world.service_manager, True),
        (world.hos, True),
        (world.dcs, True),
        (world.social_worker, False),
        (world.administrator, False),
    ):
        labels = [place["label"] for place in signed_in(person).get("/").context["navigation"]]
        assert ("Team" in labels) is shown


# What changed


def test_the_changes_of_a_month_say_who_did_what_and_why(world, signed_in):
    hand_over(signed_in(world.team_manager), [world.own_child], [world.colleague], team=world.team.pk)
    client = signed_in(world.team_manager)
    page = client.get(reverse("children:team_changes", args=[world.team.pk]))
    change = page.context["changes"][0]
    assert (change.child, change.event.title, change.event.because) == (
        world.own_child.name,
        "A worker was allocated",
        WHY,
    )
    assert f"Social worker: {world.colleague.name}, from 9 March 2026. Before: {world.social_worker.name}." in page.text
    assert f"by {world.team_manager.name}" in page.text
    before = client.get(reverse("children:team_changes", args=[world.team.pk]), {"month": "2026-02"})
    assert before.context["changes"] == []
    assert before.context["after_url"] == "?month=2026-03"


def test_the_changes_hold_no_restricted_child_and_none_of_another_team(world, signed_in):
    for child, manager in (
        (world.restricted_child, world.team_manager),
        (world.second_teams_child, world.second_teams_manager),
    ):
        allocated_to(child, world.social_worker, since=NOW - timedelta(hours=1), by=manager)
    page = signed_in(world.team_manager).get(reverse("children:team_changes", args=[world.team.pk]))
    assert page.context["changes"] == []


def test_a_month_that_is_none_is_this_month(world, signed_in):
    client, address = signed_in(world.team_manager), reverse("children:team_changes", args=[world.team.pk])
    for month in ("", "nonsense", "2026-13", "0001-01", "9999-12", "2026-03-01"):
        assert client.get(address, {"month": month}).context["first"].isoformat() == "2026-03-01", month


def test_the_childs_page_says_who_was_allocated_and_which_team_held_the_case(world, signed_in, send):
    client = signed_in(world.service_manager)
    child = world.own_child
    today = NOW.date()
    who = f"social_worker:{world.colleague.pk}"
    send(client, reverse("children:allocate", args=[child.pk]), who=who, from_on=today)
    send(client, reverse("children:change_team", args=[child.pk]), team=world.second_team.pk, from_on=today)
    page = client.get(reverse("children:child", args=[child.pk])).text
    assert f"Social worker: {world.colleague.name}, from 9 March 2026. Before: {world.social_worker.name}." in page
    assert "Birch team, from 9 March 2026. Before: Alder team." in page
    assert "Teams before" in page
    assert "Alder team, until 9 March 2026" in page


# How much is asked


def test_as_much_is_asked_of_the_database_for_many_children_as_for_few(world, signed_in, asked):
    settled(world.own_child, since=days_before(40))
    look()
    client = signed_in(world.team_manager)
    counted = []
    for _ in range(2):
        with asked() as queries:
            assert client.get(TEAM).status_code == 200
        counted.append(len(queries))
        for _ in range(6):
            settled(world.a_child(worker=world.colleague, reviewed_by=world.iro), since=days_before(40))
        look()
    assert counted[0] == counted[1]
    assert counted[0] <= 13
    assert Duty.objects.exists()


def test_the_other_pages_ask_no_more_for_more_children(world, signed_in, asked):
    allocated_to(world.own_child, world.colleague, since=days_before(1))
    addresses = (
        (world.service_director, TEAM),
        (world.team_manager, reverse("children:caseloads")),
        (world.service_manager, reverse("children:move_caseloads")),
        (world.team_manager, reverse("children:team_changes", args=[world.team.pk])),
    )
    counted = []
    for _ in range(2):
        counted.append([])
        for person, address in addresses:
            client = signed_in(person)
            with asked() as queries:
                assert client.get(address).status_code == 200
            counted[-1].append(len(queries))
        for _ in range(4):
            child = world.a_child(worker=world.colleague, reviewed_by=world.iro)
            allocated_to(child, world.social_worker, since=days_before(1))
    assert counted[0] == counted[1]
    assert max(counted[0]) <= 20


def test_a_team_that_nobody_has_yet_is_an_empty_page(world, signed_in):
    TeamHolding.objects.filter(team=world.team).delete()
    page = signed_in(world.team_manager).get(TEAM)
    assert "No child here" in page.text
