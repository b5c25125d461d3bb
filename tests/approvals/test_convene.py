"""The Deputy Head convenes the case discussion with the social worker, the team manager and Legal: S0 2.3, C-33."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.roles import Role
from approvals.models import CaseDiscussion
from approvals.states import SIGNED, State
from casework.models import Event
from casework.steps import NotYet, carry_out
from children.models import Child
from tests.approvals.steps import convene, take
from tests.factories import NOW, a, chain_at, ended, in_childrens_home, restricted_to, with_unapproved_relative


@pytest.fixture
def placement(world):
    return with_unapproved_relative(world.own_child)


def sees(person, child, at=NOW):
    return Child.objects.visible_to(person, at=at).filter(pk=child.pk).exists()


def test_convening_says_who_was_there_and_when_it_ended(world, placement):
    held_at = NOW - timedelta(hours=2)
    discussion = convene(world, placement, held_at=held_at)
    assert discussion.state == State.CONVENED
    assert list(discussion.four_people.values()) == [world.social_worker, world.team_manager, world.legal, world.dhos]
    assert (discussion.held_at, discussion.convened_at, discussion.stands_since) == (held_at, NOW, NOW)


def test_the_event_is_the_case_note_that_the_meeting_took_place(world, placement):
    """S0 2.4: the Deputy Head makes a case note entry that the meeting has taken place."""
    convene(world, placement, held_at=NOW - timedelta(hours=2))
    event = Event.objects.get(act="convene")
    assert event.details == {
        "held": "9 March 2026 at 08:00",
        "people": [
            ["Social worker", world.social_worker.name],
            ["Team manager", world.team_manager.name],
            ["Legal", world.legal.name],
            ["Deputy Head of Service", world.dhos.name],
        ],
    }
    assert (event.by, event.at, event.to_state) == (world.dhos, NOW, State.CONVENED)


def test_legal_sees_the_child_while_the_matter_is_open_and_no_longer(world, placement):
    assert not sees(world.legal, world.own_child)
    discussion = convene(world, placement)
    assert sees(world.legal, world.own_child)
    assert not sees(world.legal, world.teams_child), "another child of the team"
    take(discussion, "withdraw", by=world.dhos)
    assert not sees(world.legal, world.own_child)


@pytest.mark.parametrize("state", [State.FILED, State.REFUSED, State.WITHDRAWN])
def test_legal_is_a_stranger_again_however_the_matter_ends(world, placement, state):
    chain_at(state, placement)
    assert not sees(world.legal, world.own_child)


@pytest.mark.parametrize(
    "state", [State.TO_AGREE, State.APPROVED, State.DISSENTED, State.SIGNED_OFF, State.COMMUNICATED]
)
def test_legal_is_invited_until_the_record_is_filed(world, placement, state):
    chain_at(state, placement)
    assert sees(world.legal, world.own_child)


def test_four_different_people_are_needed(world, placement):
    both = world.team_manager
    with pytest.raises(NotYet, match="Four different people agree the record: nobody can be named twice"):
        convene(world, placement, social_worker=both)
    with pytest.raises(NotYet, match="nobody can be named twice"):
        convene(world, placement, team_manager=world.dhos)
    with pytest.raises(NotYet, match="Legal is not named"):
        convene(world, placement, legal=None)
    assert not CaseDiscussion.objects.exists()
    assert not sees(world.legal, world.own_child)


def test_somebody_who_could_not_see_the_record_is_not_named(world, placement):
    stranger = world.second_teams_manager
    with pytest.raises(NotYet, match=f"{stranger} may not see this child’s record"):
        convene(world, placement, team_manager=stranger)


def test_of_a_restricted_child_all_four_are_named_on_the_record(world):
    child = world.restricted_child
    placement = with_unapproved_relative(child)
    with pytest.raises(NotYet) as refused:
        convene(world, placement, social_worker=world.colleague)
    assert refused.value.sentences == [
        f"{person} may not see this child’s record, and could not agree it."
        for person in (world.team_manager, world.legal)
    ]
    restricted_to(child, world.team_manager, world.legal, by=world.service_manager)
    assert convene(world, placement, social_worker=world.colleague).state == State.CONVENED


def test_one_case_discussion_at_a_time(world, placement):
    convene(world, placement)
    with pytest.raises(IntegrityError, match="one_running_chain_per_placement"), transaction.atomic():
        convene(world, placement)


@pytest.mark.parametrize("over", [*SIGNED, State.REFUSED, State.WITHDRAWN])
def test_after_one_is_signed_off_or_fell_through_another_can_be_convened(world, placement, over):
    chain_at(over, placement)
    assert convene(world, placement).state == State.CONVENED


def test_the_one_before_is_filed_while_another_is_under_way_and_legal_goes_on_seeing_it(world, placement):
    before = chain_at(State.COMMUNICATED, placement)
    convene(world, placement)
    carry_out(before.file, by=world.social_worker, at=NOW, reference="DOC-1")
    assert sees(world.legal, placement.child)


def test_it_is_for_connected_people_only(world):
    """Unregistered settings wait for the Director's authorisation instead (K-10)."""
    with pytest.raises(NotYet, match="for children who live with a connected person only"):
        convene(world, in_childrens_home(world.own_child))


def test_it_is_for_arrangements_that_go_on(world, placement):
    ended(placement, on=NOW - timedelta(days=1))
    with pytest.raises(NotYet, match="The arrangement ended on 8 March 2026: there is nothing left to approve"):
        convene(world, placement)


def test_an_acting_deputy_convenes_in_her_own_name(world, placement):
    acting = a(Role.DHOS, area=world.area, since=NOW - timedelta(days=1), acting_for=world.dhos)
    assert convene(world, placement, by=acting).dhos == acting
