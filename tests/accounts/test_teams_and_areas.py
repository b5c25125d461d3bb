"""Teams and service areas: added, renamed, moved, closed and opened again; a closed one takes nobody and no child."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse

from accounts.models import ServiceArea, Team
from accounts.roles import Role
from children.forms import teams_by_area
from children.models import Child
from children.permissions import may_open
from tests.factories import NOW

pytestmark = pytest.mark.django_db
WHY = {"because": "The service was reorganised."}


@pytest.fixture
def client(world, signed_in):
    return signed_in(world.administrator)


def act(client, send, page, /, *pks, **typed):
    return send(client, reverse(f"people:{page}", args=pks), **typed)


def test_an_area_and_a_team_in_it_are_added(client, send):
    act(client, send, "add_area", name="North")
    north = ServiceArea.objects.get(name="North")
    act(client, send, "add_team", name="Elder team", area=north.pk)
    assert Team.objects.get(name="Elder team").area == north
    page = client.get(reverse("people:places")).content.decode()
    assert "North" in page
    assert "Elder team" in page


@pytest.mark.parametrize(("name", "typed"), [("add_area", "EAST of the river"), ("add_team", "alder Team")])
def test_a_name_is_one_places(client, send, world, name, typed):
    answer = act(client, send, name, name=typed, area=world.area.pk)
    assert answer.status_code == 422
    assert "of this name already" in answer.content.decode()


def test_a_team_that_moves_takes_its_children_along(client, send, world):
    child = world.own_child
    west = world.elsewhere(Role.DHOS)
    assert not Child.objects.visible_to(west, at=NOW).filter(pk=child.pk).exists()
    act(client, send, "team_change", world.team.pk, name="Alder and Ash", area=world.other_area.pk, **WHY)
    team = Team.objects.get(pk=world.team.pk)
    assert (team.name, team.area) == ("Alder and Ash", world.other_area)
    assert Child.objects.visible_to(west, at=NOW).filter(pk=child.pk).exists()
    assert not Child.objects.visible_to(world.dhos, at=NOW).filter(pk=child.pk).exists()


def test_an_area_is_renamed(client, send, world):
    act(client, send, "area_change", world.area.pk, name="East")
    assert ServiceArea.objects.get(pk=world.area.pk).name == "East"


def close(client, send, name, place, **typed):
    return act(client, send, name, place.pk, **{"when": "now", **WHY, **typed})


def test_a_closed_team_takes_no_new_children_and_keeps_those_it_has(client, send, world):
    assert may_open(None, world.team_manager, NOW)
    close(client, send, "team_close", world.team)
    worker = type(world.team_manager).objects.get(pk=world.team_manager.pk)
    assert not may_open(None, worker, NOW)
    assert Child.objects.visible_to(worker, at=NOW).filter(pk=world.own_child.pk).exists()
    offered = [name for _, teams in teams_by_area(NOW, of=world.second_teams_child) for _, name in teams]
    assert "Alder team" not in offered
    assert "Cedar team" in offered


def test_a_team_closes_after_a_day_that_lies_ahead_and_is_open_until_then(client, send, world):
    close(client, send, "team_close", world.team, when="later", last_on=date(2026, 3, 31))
    team = Team.objects.get(pk=world.team.pk)
    assert team.closed_at == datetime(2026, 3, 31, 23, tzinfo=UTC)
    assert not team.is_closed(team.closed_at - timedelta(microseconds=1))
    assert team.is_closed(team.closed_at)
    page = client.get(reverse("people:team", args=[team.pk])).content.decode()
    assert "Closes: last day 31 March 2026" in page


def test_an_area_closes_after_its_teams(client, send, world):
    answer = close(client, send, "area_close", world.area)
    assert "Close the teams of East of the river first" in answer.content.decode()
    for team in (world.team, world.second_team):
        close(client, send, "team_close", team)
    close(client, send, "area_close", world.area)
    assert ServiceArea.objects.get(pk=world.area.pk).closed_at == NOW


def test_what_is_closed_is_opened_again_the_area_before_its_team(client, send, world):
    for name, place in (("team_close", world.team), ("team_close", world.second_team), ("area_close", world.area)):
        close(client, send, name, place)
    answer = act(client, send, "team_open", world.team.pk, **WHY)
    assert "Open the area first" in answer.content.decode()
    act(client, send, "area_open", world.area.pk, **WHY)
    act(client, send, "team_open", world.team.pk, **WHY)
    assert Team.objects.get(pk=world.team.pk).closed_at is None


def test_what_stands_already_is_said_before_anything_is_typed(client, send, world):
    assert client.get(reverse("people:team_open", args=[world.team.pk])).status_code == 409
    close(client, send, "team_close", world.team)
    assert client.get(reverse("people:team_close", args=[world.team.pk])).status_code == 409
    assert "closed already" in close(client, send, "team_close", world.team).content.decode()


def test_a_closed_area_is_not_offered_to_a_team(client, send, world):
    ServiceArea.objects.filter(pk=world.other_area.pk).update(closed_at=NOW)
    answer = act(client, send, "add_team", name="Elder team", area=world.other_area.pk)
    assert answer.status_code == 422


def test_a_teams_page_lists_who_is_appointed_there_now(client, world):
    page = client.get(reverse("people:team", args=[world.team.pk])).content.decode()
    assert "Social Worker" in page
    assert "Second Teams worker" not in page
