"""The case discussion is a meeting: its four people are who came, its record is in place of minutes. S0 2.3, D-06."""

from datetime import timedelta

import pytest

from accounts.roles import Role
from approvals.meetings import CASE_DISCUSSION
from approvals.models import CaseDiscussion
from approvals.rulebook import FOUR
from approvals.states import State
from casework import diary
from casework.events import faults_in_chains, label_of
from casework.meetings.models import Action, Meeting
from casework.meetings.states import Came, MeetingState
from casework.models import Duty, Event
from casework.steps import NotYet, NotYou, carry_out
from children.permissions import is_in_sight
from tests.factories import NOW, chain_at, days_before, settled, with_unapproved_relative

pytestmark = pytest.mark.django_db


@pytest.fixture
def placement(world):
    return with_unapproved_relative(world.own_child, since=days_before(20))


@pytest.fixture
def arranged(world, placement):
    """The case discussion, arranged nine days before now for the day after."""
    meeting = Meeting(kind=CASE_DISCUSSION.code, case_file_id=placement.child.case_file_id, about=label_of(placement))
    return carry_out(
        meeting.arrange,
        by=world.dhos,
        at=days_before(9),
        starts_at=days_before(8),
        ends_at=days_before(8) + timedelta(hours=1),
        place="Room 4",
        chair=world.dhos,
        chair_role=Role.DHOS,
        minute_taker=None,
        agenda=[],
        people=[(role, world.person(role)) for role in FOUR if role != Role.DHOS],
        outsiders=[],
    )


def convene(world, placement, **but):
    people = {name: getattr(world, name) for name in ("social_worker", "team_manager", "legal")}
    said = {**people, "held_at": days_before(8) + timedelta(hours=1), **but}
    return carry_out(CaseDiscussion(placement=placement).convene, by=world.dhos, at=days_before(7), **said)


def agreed(meeting, person, due_on, *, by):
    owner = meeting.invited.get(person=person)
    return carry_out(
        Action(meeting=meeting).agree, by=by, at=days_before(7), says="Ask the aunt.", owner=owner, due_on=due_on
    )


def test_the_four_are_who_came(world, placement):
    meeting = convene(world, placement).meeting
    came = {each.role: (each.person, each.came) for each in meeting.invited}
    assert came == {role: (world.person(role), Came.YES) for role in FOUR}
    assert (meeting.about, meeting.of_kind, meeting.chair) == (label_of(placement), CASE_DISCUSSION, world.dhos)


def test_it_stands_as_held_with_the_one_event_of_convening(world, placement):
    discussion = convene(world, placement)
    meeting = Meeting.objects.get()
    assert (meeting.state, meeting.ends_at) == (MeetingState.HELD, discussion.held_at)
    assert list(Event.objects.filter(record=label_of(discussion)).values_list("act", flat=True)) == ["convene"]
    assert list(faults_in_chains()) == []


def test_what_was_arranged_is_what_is_held(world, placement, arranged):
    discussion = convene(world, placement)
    assert discussion.meeting == arranged
    assert Meeting.objects.get().state == MeetingState.HELD
    diary.refresh([placement.child.case_file_id], at=NOW)
    assert Duty.objects.get(kind="M-01").closed_as == "met"


def test_whoever_was_invited_and_did_not_come_did_not(world, placement, arranged):
    discussion = convene(world, placement, social_worker=world.social_worker)
    invited = discussion.meeting.invited
    assert set(invited.values_list("came", flat=True)) == {Came.YES}
    assert invited.count() == 4


def test_legal_sees_the_child_from_the_invitation_until_the_chain_is_over(world, placement, arranged):
    child = placement.child
    assert is_in_sight(child.pk, world.legal, days_before(9))
    discussion = convene(world, placement)
    assert is_in_sight(child.pk, world.legal, days_before(7))
    carry_out(discussion.withdraw, by=world.dhos, at=days_before(6), because="The carer is approved.")
    assert not is_in_sight(child.pk, world.legal, days_before(6))


def test_legal_who_still_owes_something_sees_the_child_until_it_is_done(world, placement):
    discussion = convene(world, placement)
    action = agreed(discussion.meeting, world.legal, NOW.date(), by=world.dhos)
    carry_out(discussion.withdraw, by=world.dhos, at=days_before(6), because="The carer is approved.")
    assert is_in_sight(placement.child.pk, world.legal, days_before(6))
    carry_out(action.finish, by=world.legal, at=days_before(5), outcome="Advised.")
    assert not is_in_sight(placement.child.pk, world.legal, days_before(5) + timedelta(days=30))


def test_only_the_deputy_head_arranges_it(world, placement):
    for who in (world.team_manager, world.social_worker, world.hos, world.elsewhere(Role.DHOS)):
        meeting = Meeting(kind=CASE_DISCUSSION.code, case_file_id=placement.child.case_file_id, about="x:1")
        with pytest.raises(NotYou):
            carry_out(meeting.arrange, by=who, at=NOW)


def test_it_is_arranged_about_an_arrangement_of_this_child_that_nobody_discusses_yet(world, placement):
    elsewhere = with_unapproved_relative(world.teams_child)
    fostered = settled(world.second_teams_child)
    for child, about, says in (
        (placement.child, elsewhere, "no such arrangement in this case"),
        (fostered, fostered.placements.get(), "live with a connected person only"),
    ):
        meeting = Meeting(kind=CASE_DISCUSSION.code, case_file_id=child.case_file_id, about=label_of(about))
        with pytest.raises(NotYet, match=says):
            carry_out(meeting.arrange, by=world.dhos, at=NOW)
    convene(world, placement)
    meeting = Meeting(kind=CASE_DISCUSSION.code, case_file_id=placement.case_file_id, about=label_of(placement))
    with pytest.raises(NotYet, match="already under way"):
        carry_out(meeting.arrange, by=world.dhos, at=NOW)


def test_who_came_is_recorded_by_convening_and_minutes_there_are_none(world, placement, arranged):
    with pytest.raises(NotYet, match="recorded with what was discussed"):
        carry_out(arranged.hold, by=world.dhos, at=NOW, ended_at=NOW, came={})
    meeting = convene(world, placement).meeting
    with pytest.raises(NotYet, match="a record of its own in place of minutes"):
        carry_out(meeting.minute, by=world.dhos, at=NOW, content={})


def test_its_actions_are_owed_by_their_own_day(world, placement):
    meeting = convene(world, placement).meeting
    action = agreed(meeting, world.social_worker, days_before(3).date(), by=world.dhos)
    diary.refresh([placement.child.case_file_id], at=days_before(6))
    duty = Duty.objects.get(kind="D-06")
    assert (duty.owner, duty.about) == (world.social_worker, label_of(action))
    diary.refresh([placement.child.case_file_id], at=NOW)
    assert Duty.objects.get(kind="M-05").owner == world.dhos


def test_a_late_action_goes_to_the_head_of_service(world, placement):
    meeting = convene(world, placement).meeting
    action = agreed(meeting, world.team_manager, days_before(5).date(), by=world.dhos)
    carry_out(action.chase, by=world.dhos, at=days_before(3), because="Rang.")
    carry_out(action.escalate, by=world.dhos, at=days_before(2), because="Nothing.")
    diary.refresh([placement.child.case_file_id], at=NOW)
    assert Duty.objects.get(kind="M-07").owner == world.hos


def test_a_second_discussion_about_the_same_home_is_a_meeting_of_its_own(world, placement):
    chain_at(State.WITHDRAWN, placement, held_at=days_before(15))
    convene(world, placement)
    assert Meeting.objects.filter(state=MeetingState.HELD).count() == 2
