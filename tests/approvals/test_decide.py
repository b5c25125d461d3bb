"""The Head of Service approves as permanence or as interim, sends back or refuses: S0 2.5a, C-31."""

import pytest

from approvals.models import CaseDiscussion
from approvals.states import Act, ApprovedAs, State
from casework.models import Event
from casework.steps import NotYet, NotYou
from placements.models import Authorisation
from tests.approvals.steps import LATER, agree_all, convene, take
from tests.factories import NOW, chain_at, days_before, ended, with_unapproved_relative


@pytest.fixture
def placement(world):
    return with_unapproved_relative(world.own_child)


@pytest.fixture
def agreed(placement):
    return chain_at(State.AGREED, placement)


@pytest.mark.parametrize("approved_as", ApprovedAs)
def test_the_head_of_service_says_as_what(world, agreed, approved_as):
    discussion = take(agreed, "approve", by=world.hos, approved_as=approved_as)
    assert (discussion.state, discussion.approved_as) == (State.APPROVED, approved_as)
    assert discussion.signatures_now.get(act=Act.APPROVE).by == world.hos
    assert Event.objects.get(act="approve").details == {"approved_as": approved_as.label}
    assert not Authorisation.objects.exists(), "it has no oversight until the Director signs"


def test_whoever_read_another_version_approves_nothing(world, agreed):
    read = agreed.version.digest
    discussion = agree_all(world, take(agreed, "record", by=world.dhos))
    with pytest.raises(NotYet, match="The record has changed since you opened it"):
        take(discussion, "approve", by=world.hos, digest=read)


def test_what_is_not_agreed_by_all_four_cannot_be_decided(world, placement):
    discussion = agree_all(world, chain_at(State.TO_AGREE, placement), roles=("legal", "dhos", "social_worker"))
    for step in ("approve", "send_back", "refuse"):
        with pytest.raises(NotYet, match="this stands at “Record to be agreed”"):
            take(discussion, step, by=world.hos)


def test_an_arrangement_that_has_ended_is_not_approved(world, placement, agreed):
    ended(placement, on=days_before(1))
    with pytest.raises(NotYet, match="The arrangement ended on 8 March 2026"):
        take(CaseDiscussion.objects.get(pk=agreed.pk), "approve", by=world.hos)


def test_sent_back_it_is_typed_anew_and_agreed_again(world, agreed):
    discussion = take(agreed, "send_back", by=world.hos, because="Describe the alternatives.")
    assert discussion.state == State.SENT_BACK
    assert Event.objects.get(act="send_back").because == "Describe the alternatives."
    with pytest.raises(NotYou, match="who has not agreed the record yet"):
        take(discussion, "agree", by=world.legal)
    discussion = agree_all(world, take(discussion, "record", by=world.dhos))
    assert take(discussion, "approve", by=world.hos).state == State.APPROVED


def test_sent_back_with_nothing_changed_it_does_not_go_round_again(world, agreed):
    discussion = take(agreed, "send_back", by=world.hos)
    with pytest.raises(NotYet, match="there is nothing new in it"):
        take(discussion, "record", by=world.dhos, content=discussion.version.content)


def test_refused_is_the_end_and_the_next_discussion_is_another(world, placement, agreed):
    discussion = take(agreed, "refuse", by=world.hos, because="The risk is too high.")
    assert discussion.state == State.REFUSED
    for step in ("record", "approve", "withdraw"):
        with pytest.raises(NotYet):
            take(discussion, step, by=world.hos if step == "approve" else world.dhos)
    again = convene(world, placement, at=LATER)
    assert again.pk != discussion.pk
    assert again.version is None


def test_what_was_signed_off_before_holds_no_longer_once_a_later_discussion_is_refused(world, placement):
    chain_at(State.FILED, placement)
    assert Authorisation.objects.in_force(NOW).count() == 1
    again = agree_all(world, take(convene(world, placement), "record", by=world.dhos))
    take(again, "refuse", by=world.hos, at=LATER)
    assert not Authorisation.objects.in_force(LATER).exists()
    assert Authorisation.objects.get().ends_at == LATER
