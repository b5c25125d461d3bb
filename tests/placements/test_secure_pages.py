"""The pages of secure accommodation: the order, the approval, the review by three people, and how the keeping stands."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.roles import Role
from casework import diary
from casework.models import Duty
from placements.models import SecureAuthority, SecureReview
from placements.states import Setting
from tests.approvals.steps import text_of
from tests.factories import NOW, TODAY, a_home, in_foster_care, placed

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
REVIEW = {
    "held_on": TODAY,
    "first_member": "Ada Finch",
    "second_member": "Noor Hale",
    "independent_member": "Tom Birch",
    "finding": "keep",
    "says": "She still runs away.",
}


@pytest.fixture
def child(world):
    return world.a_child(worker=world.social_worker, age=14)


@pytest.fixture
def placement(child):
    placement = placed(child, Setting.SECURE_HOME, since=NOW - 10 * HOUR, home=a_home(Setting.SECURE_HOME))
    diary.refresh([child.case_file_id], at=NOW)
    return placement


def page_of(placement, name):
    return reverse(f"placements:{name}", args=[placement.pk])


def test_how_many_of_the_hours_are_used_up_stands_beside_the_law(world, placement, signed_in):
    client = signed_in(world.social_worker)
    for url in (page_of(placement, "placement"), reverse("children:child", args=[placement.child_id])):
        says = text_of(client.get(url))
        assert "Kept without an order: 10 of 72 hours used up" in says
        assert "12 March 2026 at 00:00: by then an order of the court, or the child leaves" in says


def test_a_child_anywhere_else_is_shown_nothing_of_it(world, signed_in):
    elsewhere = in_foster_care(world.own_child)
    assert "Secure accommodation" not in text_of(signed_in(world.social_worker).get(page_of(elsewhere, "placement")))


def test_an_order_is_recorded_and_stands_there_until_the_law_lets_it(world, placement, signed_in, send):
    client = signed_in(world.social_worker)
    url = page_of(placement, "allow_secure")
    answer = send(client, url, kind="order", given_at=NOW - HOUR, given_by="Family court")
    assert answer.status_code == 302, text_of(answer)
    says = text_of(client.get(page_of(placement, "placement")))
    assert "Kept by an order of the court" in says
    assert "It counts until 9 June 2026" in says
    assert "9 March 2026 at 09:00 (Family court)" in says
    diary.refresh([placement.case_file_id], at=NOW)
    assert Duty.objects.get(kind="L-31").closed_as == "met"


def test_younger_than_13_without_approval_it_stands_out(world, signed_in):
    child = world.a_child(worker=world.social_worker, age=12)
    kept = placed(child, Setting.SECURE_HOME, since=NOW - HOUR, home=a_home(Setting.SECURE_HOME))
    says = text_of(signed_in(world.social_worker).get(page_of(kept, "placement")))
    assert "The Secretary of State’s approval is not on record" in says


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"given_at": NOW + HOUR}, "The date in “When was it given?” must be today or in the past"),
        ({"last_on": TODAY - timedelta(days=2)}, "Last day must not be before it was given"),
        ({"kind": ""}, "What was given?"),
    ],
)
def test_an_order_that_cannot_be_is_answered_with_a_sentence(world, placement, signed_in, send, typed, says):
    told = {"kind": "order", "given_at": NOW - HOUR, "given_by": "Family court", **typed}
    answer = send(signed_in(world.social_worker), page_of(placement, "allow_secure"), **told)
    assert answer.status_code == 422
    assert says in text_of(answer)
    assert not SecureAuthority.objects.exists()


def test_three_people_review_it_and_the_next_is_owed(world, placement, signed_in, send):
    client = signed_in(world.social_worker)
    assert send(client, page_of(placement, "review_secure"), **REVIEW).status_code == 302
    assert SecureReview.objects.get().independent_member == "Tom Birch"
    diary.refresh([placement.case_file_id], at=NOW)
    assert Duty.objects.get(kind="L-31d").closed_as == "met"
    assert Duty.objects.get(kind="L-31e").closed_at is None
    assert "Tom Birch (independent)" in text_of(client.get(page_of(placement, "placement")))


def test_nobody_reviews_it_twice_and_no_day_has_two(world, placement, signed_in, send):
    client, url = signed_in(world.social_worker), page_of(placement, "review_secure")
    twice = send(client, url, **{**REVIEW, "independent_member": " ada  finch "})
    assert "Three different people review it" in text_of(twice)
    send(client, url, **REVIEW)
    again = send(client, url, **{**REVIEW, "first_member": "Lee Rowan"})
    assert "A review of that day is on record already" in text_of(again)


def test_what_was_never_so_is_struck_out_and_the_hours_run_again(world, placement, signed_in, send):
    client = signed_in(world.social_worker)
    send(client, page_of(placement, "allow_secure"), kind="order", given_at=NOW - HOUR, given_by="Family court")
    order = SecureAuthority.objects.get()
    diary.refresh([placement.case_file_id], at=NOW)
    url = page_of(placement, "strike_out")
    struck = send(client, url, which=f"secureauthority-{order.pk}", wrong="It was another child’s order.")
    assert struck.status_code == 302, text_of(struck)
    diary.refresh([placement.case_file_id], at=NOW)
    assert Duty.objects.get(kind="L-31", closed_at=None).due_at == placement.started_at + 72 * HOUR


def test_a_duty_leads_to_where_it_is_met(world, placement, signed_in):
    client = signed_in(world.team_manager)
    duty = Duty.objects.get(kind="L-31")
    assert client.get(reverse("casework:duty", args=[duty.pk])).url == page_of(placement, "allow_secure")


def test_whoever_does_not_record_where_the_child_lives_does_not_record_this(world, placement, signed_in, send):
    answer = send(signed_in(world.person(Role.IRO)), page_of(placement, "review_secure"), **REVIEW)
    assert answer.status_code in (403, 404)
    assert not SecureReview.objects.exists()
