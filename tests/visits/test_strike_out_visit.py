"""A visit that was recorded by mistake: it stays to be read, says why, and meets nothing any more."""

import uuid

import pytest
from django.urls import reverse

from accounts.roles import Role
from casework import diary
from casework.models import Duty, Event
from tests.factories import NOW, a, days_before, visited, with_unapproved_relative
from visits.models import Visit

pytestmark = pytest.mark.django_db
WRONG = "It was another child’s visit: the diary of the home says so."


@pytest.fixture
def home(world):
    return with_unapproved_relative(world.own_child)


@pytest.fixture
def visit(home):
    return visited(home, days_before(3), account="She likes the garden.")


def form_of(visit):
    return reverse("visits:strike_out", args=[visit.pk])


def page_of(visit):
    return reverse("visits:visit", args=[visit.pk])


@pytest.fixture
def strike_out(send, django_capture_on_commit_callbacks):
    def striking(client, visit, because=WRONG, key=None):
        with django_capture_on_commit_callbacks(execute=True):
            return send(client, form_of(visit), because=because, key=key)

    return striking


def test_it_stays_to_be_read_with_who_struck_it_out_and_why(world, signed_in, visit, strike_out):
    client = signed_in(world.social_worker)
    answer = strike_out(client, visit)
    assert answer["Location"] == page_of(visit)
    page = client.get(page_of(visit)).content.decode()
    for said in ("recorded by mistake", WRONG, world.social_worker.name, "She likes the garden.", "Seen alone"):
        assert said in page
    assert "This visit was recorded by mistake</a>" not in page, "it is offered once"
    event = Event.objects.get(act="strike_out_visit")
    assert (event.case_file_id, event.because) == (world.own_child.case_file_id, WRONG)


def test_what_it_met_is_due_again(world, signed_in, home, visit, strike_out):
    diary.refresh([world.own_child.case_file_id], at=NOW)
    met = Duty.objects.get(evidence=f"visits.visit:{visit.pk}")
    assert met.closed_at
    strike_out(signed_in(world.social_worker), visit)
    assert not Duty.objects.filter(evidence=f"visits.visit:{visit.pk}").exists()
    due = Duty.objects.open().filter(source="visits", due_at__lt=NOW)
    assert due.exists(), "nobody has visited since the move: overdue"


def test_nothing_counts_it_any_more(world, signed_in, home, visit, strike_out):
    strike_out(signed_in(world.social_worker), visit)
    assert not Visit.objects.exists()
    assert not home.visits.exists()
    assert Visit.with_struck_out.get() == visit


def test_the_timeline_tells_of_both(world, signed_in, visit, strike_out):
    client = signed_in(world.social_worker)
    strike_out(client, visit)
    page = client.get(reverse("children:timeline", args=[world.own_child.pk])).content.decode()
    assert "A visit was recorded" in page
    assert "A visit that was recorded by mistake was struck out" in page
    assert "The visit of 6 March 2026 at 10:00. Seen alone." in page


def test_the_list_of_visits_shows_it_as_such_and_the_panel_no_more(world, signed_in, visit, strike_out):
    client = signed_in(world.social_worker)
    strike_out(client, visit)
    page = client.get(reverse("visits:visits_of_child", args=[world.own_child.pk])).content.decode()
    assert "Recorded by mistake" in page
    assert page_of(visit) in page
    assert page_of(visit) not in client.get(reverse("children:child", args=[world.own_child.pk])).content.decode()


def test_it_is_not_struck_out_without_a_reason(world, signed_in, visit, strike_out):
    answer = strike_out(signed_in(world.social_worker), visit, because=" ")
    assert answer.status_code == 422
    assert "Answer “What was wrong, and how do you know?”" in answer.content.decode()
    assert Visit.objects.exists()


def test_struck_out_once(world, signed_in, visit, strike_out):
    """A repeat gets the first answer; somebody else is told that it is done."""
    key = uuid.uuid4()
    client = signed_in(world.social_worker)
    assert strike_out(client, visit, key=key)["Location"] == strike_out(client, visit, key=key)["Location"]
    second = strike_out(signed_in(world.team_manager), visit)
    assert "This visit was struck out before." in second.content.decode()
    assert signed_in(world.team_manager).get(form_of(visit)).status_code == 409
    assert Event.objects.filter(act="strike_out_visit").count() == 1


def test_the_team_manager_strikes_out_too_and_nobody_else_of_the_team(world, signed_in, visit, strike_out):
    assert strike_out(signed_in(world.colleague), visit).status_code == 403
    assert strike_out(signed_in(world.service_manager), visit).status_code == 403
    assert strike_out(signed_in(world.iro), visit).status_code == 403
    assert Visit.objects.exists()
    assert strike_out(signed_in(world.team_manager), visit).status_code == 302


@pytest.mark.parametrize("who", ["second_teams_manager", "second_teams_worker", "performance"])
def test_whoever_does_not_see_the_child_does_not_find_the_visit(world, signed_in, visit, strike_out, who):
    assert strike_out(signed_in(getattr(world, who)), visit).status_code == 404


def test_whoever_visited_and_sees_the_child_no_more_strikes_nothing_out(world, signed_in, home, strike_out):
    """The right is asked of now, not of the day of the visit."""
    gone = a(Role.SOCIAL_WORKER, team=world.team, until=days_before(1))
    own = visited(home, days_before(3), by=gone)
    assert strike_out(signed_in(gone), own).status_code == 404


def test_only_who_may_is_offered_it(world, signed_in, visit):
    offered = "This visit was recorded by mistake</a>"
    assert offered in signed_in(world.social_worker).get(page_of(visit)).content.decode()
    assert offered in signed_in(world.team_manager).get(page_of(visit)).content.decode()
    assert offered not in signed_in(world.colleague).get(page_of(visit)).content.decode()


def test_whoever_does_not_read_what_workers_wrote_does_not_read_the_reason(world, signed_in, visit, strike_out):
    strike_out(signed_in(world.social_worker), visit)
    page = signed_in(world.placement_service).get(page_of(visit)).content.decode()
    assert "recorded by mistake" in page
    assert WRONG not in page
    assert "She likes the garden." not in page
