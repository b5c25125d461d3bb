"""Going with the child to a new home (K-27; S3, line 102)."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.roles import Role
from casework.models import Event
from placements.arrivals import arrived
from tests.factories import NOW, TODAY, in_childrens_home, in_foster_care, left_care, planned, visited
from visits.models import PlannedVisit

pytestmark = pytest.mark.django_db


@pytest.fixture
def worker(world, signed_in):
    in_foster_care(world.own_child)
    return signed_in(world.social_worker)


def form_of(child):
    return reverse("visits:plan_company", args=[child.pk])


def home_page(placement):
    return reverse("placements:placement", args=[placement.pk])


def moved(world):
    """The child has come to a children's home this morning, as the page of a move records it."""
    home = in_childrens_home(world.own_child, since=NOW - timedelta(hours=1))
    arrived(home, by=world.social_worker, at=NOW)
    return home


def test_company_is_planned_before_the_home_is_on_record(worker, world, send):
    page = reverse("children:child", args=[world.own_child.pk])
    assert form_of(world.own_child) in worker.get(page).content.decode()
    answer = send(worker, form_of(world.own_child), planned_on=TODAY + timedelta(days=2), says="Who pays for the bus?")
    plan = PlannedVisit.objects.get()
    assert (plan.child, plan.placement, plan.accompanies) == (world.own_child, None, True)
    shown = worker.get(answer["Location"]).content.decode()
    for said in (
        "Going with the child to a new home",
        "The new home, once the move is recorded",
        "Who pays for the bus?",
    ):
        assert said in shown


def test_the_home_is_found_when_the_move_is_recorded(worker, world, send):
    send(worker, form_of(world.own_child), planned_on=TODAY)
    home = moved(world)
    assert PlannedVisit.objects.get().placement == home
    event = Event.objects.get(act="find_home_of_plan")
    assert event.case_file_id == world.own_child.case_file_id


def test_a_move_of_another_child_finds_nothing(worker, world, send):
    send(worker, form_of(world.own_child), planned_on=TODAY)
    home = in_childrens_home(world.teams_child, since=NOW - timedelta(hours=1))
    arrived(home, by=world.team_manager, at=NOW)
    assert PlannedVisit.objects.get().placement is None


def test_the_page_of_the_home_says_who_went_along(worker, world, send):
    send(worker, form_of(world.own_child), planned_on=TODAY)
    home = moved(world)
    meant = f"{world.social_worker.name}, Social worker: planned, and no visit is on record for the day of the move."
    assert meant in worker.get(home_page(home)).content.decode()
    visited(home, NOW)
    went = f"{world.social_worker.name}, Social worker: with the child on the day of the move, 9 March 2026."
    assert went in worker.get(home_page(home)).content.decode()


def test_the_page_of_the_home_says_where_nobody_is_on_record(worker, world):
    home = moved(world)
    says = "Nobody is on record as having gone with the child to this home."
    assert says in worker.get(home_page(home)).content.decode()
    planned(home, TODAY)
    assert says in worker.get(home_page(home)).content.decode()


def test_whoever_was_there_on_the_day_of_the_move_went_along_although_nobody_planned_it(worker, world):
    home = moved(world)
    visited(home, NOW, by=world.iro, role=Role.IRO)
    assert (
        f"{world.iro.name}, Independent reviewing officer: with the child"
        in worker.get(home_page(home)).content.decode()
    )


def test_no_company_is_offered_to_a_child_who_has_left_care(worker, world):
    left_care(world.own_child, on=TODAY - timedelta(days=1))
    page = worker.get(reverse("children:child", args=[world.own_child.pk])).content.decode()
    assert form_of(world.own_child) not in page


def test_whoever_does_not_visit_is_told_who_does(world, signed_in, send):
    answer = send(signed_in(world.hos), form_of(world.own_child), planned_on=TODAY)
    assert answer.status_code == 403
    assert "Visits are planned by whoever visits for the authority." in answer.content.decode()
