"""What a page of approvals asks of the database does not grow with what there is to show: with one row and with sixty."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from accounts.roles import Role
from approvals.models import Decision
from approvals.states import State
from casework import diary
from casework.meetings.models import Action
from casework.steps import carry_out
from tests.approvals.connected_steps import asked_about, lives_there
from tests.approvals.matters import MATTERS
from tests.approvals.steps import take
from tests.factories import NOW, chain_at, with_unapproved_relative

pytestmark = pytest.mark.django_db
MATTER = MATTERS["end of care"]


def put(world, child):
    decision = carry_out(Decision(kind=MATTER.kind, child=child).prepare, by=world.social_worker, at=NOW)
    return carry_out(decision.put, by=world.social_worker, at=NOW, content=MATTER.content(), digest="")


def versions_of_a_decision(world, count):
    decision = put(world, world.a_child(worker=world.social_worker, age=12))
    for number in range(count - 1):
        told = {"content": MATTER.content(f"as said for the {number}. time"), "digest": decision.version.digest}
        decision = carry_out(decision.put, by=world.social_worker, at=NOW, **told)
    return world.team_manager, reverse("approvals:decision", args=[decision.pk])


def decisions_of_a_child(world, count):
    child = world.a_child(worker=world.social_worker, age=12)
    for _ in range(count):
        carry_out(put(world, child).take_back, by=world.social_worker, at=NOW, because="Not now.")
    return world.team_manager, reverse("children:child", args=[child.pk])


def decisions_that_wait(world, count, page="approvals:inbox"):
    put_now = [put(world, world.a_child(worker=world.social_worker, age=12)) for _ in range(count)]
    diary.refresh([decision.case_file_id for decision in put_now], at=NOW)
    return world.team_manager, reverse(page)


def decisions_in_my_work(world, count):
    return decisions_that_wait(world, count, page="children:my_work")


def actions_of_a_discussion(world, count):
    discussion = chain_at(State.TO_AGREE, with_unapproved_relative(world.a_child(worker=world.social_worker)))
    owner = discussion.meeting.invited.get(role=Role.SOCIAL_WORKER)
    for number in range(count):
        told = {"says": f"Action {number}.", "owner": owner, "due_on": NOW.date() + timedelta(days=9)}
        carry_out(Action(meeting=discussion.meeting).agree, by=world.dhos, at=NOW, **told)
    return world.team_manager, reverse("approvals:approval", args=[discussion.pk])


def actions_of_a_meeting(world, count):
    actions_of_a_discussion(world, count)
    return world.team_manager, reverse("meetings:meeting", args=[Action.objects.latest("pk").meeting_id])


def discussions_of_an_arrangement(world, count):
    placement = with_unapproved_relative(world.a_child(worker=world.social_worker))
    for _ in range(count):
        discussion = chain_at(State.CONVENED, placement)
        take(discussion, "withdraw", by=world.dhos)
    return world.team_manager, reverse("placements:placement", args=[placement.pk])


def household(world, count):
    person = asked_about(world, child=world.a_child(worker=world.social_worker))
    for number in range(count - 1):
        lives_there(world, person, name=f"Cousin {number}", is_who="cousin", born_on=date(2001, 1, 1))
    return world.team_manager, reverse("approvals:connected_person", args=[person.pk])


def connected_persons(world, count):
    for _ in range(count):
        person = asked_about(world, child=world.a_child(worker=world.social_worker), household=False)
        told = {"ended_on": NOW.date(), "how_ended": "withdrew", "why_not": "their_choice"}
        carry_out(person.take_no_further, by=world.social_worker, at=NOW, because="They moved.", **told)
    return world.hos, reverse("approvals:connected_persons")


PAGES = (
    versions_of_a_decision,
    decisions_of_a_child,
    decisions_that_wait,
    decisions_in_my_work,
    actions_of_a_discussion,
    actions_of_a_meeting,
    discussions_of_an_arrangement,
    household,
    connected_persons,
)


@pytest.mark.parametrize("rows", PAGES, ids=lambda rows: rows.__name__)
def test_one_row_asks_as_much_as_sixty(world, signed_in, asked, rows):
    counts = {}
    for count in (2, 60):
        person, url = rows(world, count)
        client = signed_in(person)
        client.get(url)
        with asked() as queries:
            assert client.get(url).status_code == 200
        counts[count] = len(queries)
    assert counts[60] <= counts[2], queries
