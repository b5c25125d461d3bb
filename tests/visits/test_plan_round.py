"""One day's round: what is planned and what is due, by the outward half of the postcode; mine, or my team's."""

from datetime import date, time, timedelta

import pytest
from django.urls import reverse

from accounts.roles import Role
from casework import diary
from children.access import SIGHTS, Extent
from placements.models import Carer
from placements.states import Setting
from tests.factories import NOW, TODAY, a_home, days_before, in_childrens_home, placed, planned, visited
from visits.permissions import VISITING

pytestmark = pytest.mark.django_db
ROUND = "/visits/round/"


@pytest.fixture
def worker(world, signed_in):
    return signed_in(world.social_worker)


def at(child, postcode, *, name="Carer"):
    """The child, who came to this postcode three days ago: the first visit is due by Friday 13 March 2026."""
    carer = Carer(name=name, address="1 Invented Lane\nMerrow", postcode=postcode)
    home = placed(child, Setting.CONNECTED_PERSON, since=days_before(3), carer=carer, relationship="Aunt")
    diary.refresh([child.case_file_id], at=NOW)
    return home


def asked_for(day, **more):
    return {"on_day": day.day, "on_month": day.month, "on_year": day.year, **more}


def text_of(answer):
    return " ".join(answer.content.decode().split())


def parts_of(answer):
    return [(part.name, [call.child for call in part.calls]) for part in answer.context["parts"]]


def test_what_is_due_stands_by_the_part_of_the_country(worker, world):
    other = world.a_child(worker=world.social_worker)
    third = world.a_child(worker=world.social_worker)
    at(world.own_child, "ME14 1XX")
    at(other, "ct1 2ab")
    at(third, "")
    answer = worker.get(ROUND)
    assert parts_of(answer) == [
        ("CT1", [other.name]),
        ("ME14", [world.own_child.name]),
        ("No postcode on record", [third.name]),
    ]
    page = text_of(answer)
    for said in ("Round of Monday 9 March 2026", "Carer, 1 Invented Lane, Merrow, ME14 1XX", "Visit: due in 4 days"):
        assert said in page


def test_what_is_planned_for_the_day_is_on_it_with_its_time(worker, world):
    home = at(world.own_child, "ME14 1XX")
    visited(home, NOW - timedelta(hours=1))
    diary.refresh([world.own_child.case_file_id], at=NOW)
    far = date(2026, 6, 1)
    assert "No visit on this day" in text_of(worker.get(ROUND, asked_for(TODAY - timedelta(days=1))))
    planned(home, far, planned_time=time(14, 0))
    assert "Planned: 14:00" in text_of(worker.get(ROUND, asked_for(far)))


@pytest.mark.parametrize(("days", "is_on"), [(-4, True), (-3, True), (0, True)])
def test_what_is_due_within_the_week_after_is_on_the_round(worker, world, days, is_on):
    """Due by Friday 13 March 2026: on the rounds from 6 March on."""
    at(world.own_child, "ME14 1XX")
    answer = worker.get(ROUND, asked_for(date(2026, 3, 13) + timedelta(days=days)))
    assert bool(parts_of(answer)) is is_on


def test_what_is_due_later_than_a_week_after_is_not(worker, world):
    at(world.own_child, "ME14 1XX")
    assert parts_of(worker.get(ROUND, asked_for(date(2026, 3, 5)))) == []
    assert len(parts_of(worker.get(ROUND, asked_for(date(2026, 3, 6))))) == 1


def test_my_round_is_mine_and_the_managers_is_the_teams(world, signed_in):
    at(world.own_child, "ME14 1XX")
    at(world.teams_child, "ME14 2XX")
    at(world.second_teams_child, "ME14 3XX")
    assert parts_of(signed_in(world.social_worker).get(ROUND)) == [("ME14", [world.own_child.name])]
    manager = signed_in(world.team_manager)
    answer = manager.get(ROUND, {"whose": "team"})
    assert parts_of(answer) == [("ME14", [world.own_child.name, world.teams_child.name])]
    assert world.colleague.name in text_of(answer)
    assert parts_of(manager.get(ROUND)) == []


def test_whoever_leads_no_team_is_given_the_own_round(worker, world):
    at(world.teams_child, "ME14 2XX")
    answer = worker.get(ROUND, {"whose": "team"})
    assert parts_of(answer) == []
    assert "My team" not in text_of(answer)


def test_a_restricted_child_is_on_no_round_of_others(world, signed_in):
    at(world.restricted_child, "ME14 2XX")
    assert parts_of(signed_in(world.team_manager).get(ROUND, {"whose": "team"})) == []
    assert parts_of(signed_in(world.colleague).get(ROUND)) == [("ME14", [world.restricted_child.name])]


def test_children_of_one_home_stand_together(worker, world):
    house = a_home(postcode="ME14 1XX")
    other = world.a_child(worker=world.social_worker)
    for child in (world.own_child, other):
        in_childrens_home(child, home=house, since=days_before(3))
    diary.refresh([world.own_child.case_file_id, other.case_file_id], at=NOW)
    (part,) = parts_of(worker.get(ROUND))
    assert part[0] == "ME14"
    assert sorted(part[1]) == sorted([world.own_child.name, other.name])


def test_each_call_leads_to_the_record_and_to_a_plan_and_to_no_map(worker, world):
    home = at(world.own_child, "ME14 1XX")
    page = text_of(worker.get(ROUND))
    assert reverse("visits:record", args=[home.pk]) in page
    assert reverse("visits:plan", args=[home.pk]) in page
    assert "maps" not in page


def test_a_day_that_cannot_be_read_comes_back_with_a_sentence(worker):
    answer = worker.get(ROUND, {"on_day": "31", "on_month": "2", "on_year": "2026"})
    assert answer.status_code == 422
    assert "Error: " in text_of(answer)


@pytest.mark.parametrize("year", ["0001", "1", "9999", "2199"])
def test_a_day_at_the_end_of_time_is_answered(worker, year):
    assert worker.get(ROUND, {"on_day": "31", "on_month": "12", "on_year": year}).status_code in (200, 422)


@pytest.mark.parametrize("role", VISITING)
def test_whoever_visits_may_know_addresses(role):
    """So that the round asks for the role alone."""
    assert SIGHTS[role].address == Extent.YES


def test_the_round_asks_as_much_for_one_child_as_for_many(worker, world, asked):
    def count():
        worker.get(ROUND)
        with asked() as queries:
            worker.get(ROUND)
        return len(queries)

    at(world.own_child, "ME14 1XX")
    once = count()
    for number in range(12):
        home = at(world.a_child(worker=world.social_worker), f"ME{number + 1} 1XX")
        planned(home, TODAY)
    assert len(parts_of(worker.get(ROUND))) >= 12
    assert count() == once <= 12
    assert Role.SOCIAL_WORKER in VISITING
