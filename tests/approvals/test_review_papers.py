"""The independent panel gets its papers within ten working days of the day on which the review was asked for. L-35."""

from datetime import date, timedelta

import pytest

from approvals.connected.states import WhyNot
from casework import diary
from casework.models import Duty
from casework.steps import NotYet, carry_out
from tests.approvals.connected_steps import looked_into
from tests.factories import NOW, World

pytestmark = pytest.mark.django_db
MONDAY = NOW.date()


@pytest.fixture
def world():
    return World()


@pytest.fixture
def person(world):
    """Refused, and a review is asked for on Monday 9 March 2026."""
    found = looked_into(world)
    step(world, found, "refuse_in_full", decided_on=MONDAY, why_not=WhyNot.CARE)
    return step(world, found, "ask_for_review", asked_on=MONDAY)


def step(world, person, name, *, at=NOW, **said):
    return carry_out(getattr(person, name), by=world.social_worker, at=at, because="So it is.", **said)


def duty(person, at):
    diary.refresh([person.case_file_id], at=at)
    return Duty.objects.get(kind="L-35")


def test_they_are_due_ten_working_days_after_the_review_was_asked_for(world, person):
    open_now = duty(person, NOW)
    assert (open_now.due_at.date(), open_now.owner) == (date(2026, 3, 24), world.team_manager), (
        "to the end of Monday 23"
    )
    assert open_now.closed_at is None


def test_sending_them_in_time_meets_it(world, person):
    later = NOW + timedelta(days=14)
    step(world, person, "send_papers", at=later, sent_on=later.date())
    met = duty(person, later)
    assert met.closed_as == "met"


def test_they_are_sent_once(world, person):
    person = step(world, person, "send_papers", sent_on=MONDAY)
    with pytest.raises(NotYet, match="They were sent on 9 March 2026"):
        step(world, person, "send_papers", sent_on=MONDAY)


@pytest.mark.parametrize(("days", "closed"), [(3, "no_longer_due"), (30, "missed")])
def test_a_review_decided_without_them_ends_it(world, person, days, closed):
    at = NOW + timedelta(days=days)
    step(world, person, "uphold_refusal", at=at, decided_on=at.date())
    assert duty(person, at).closed_as == closed


def test_a_review_that_was_never_asked_for_owes_nothing(world, person):
    assert duty(person, NOW).closed_at is None
    step(world, person, "put_right")
    assert duty(person, NOW).closed_as == "no_longer_due"
