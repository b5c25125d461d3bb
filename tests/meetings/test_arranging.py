"""Meetings are arranged, changed, held or called off. S4 sections 1 and 2; S0 2.3."""

from datetime import timedelta

import pytest

from accounts.roles import Role
from casework.events import faults_in_chains
from casework.meetings.models import Meeting
from casework.meetings.states import Came, MeetingState
from casework.models import CaseFile, Event, OutgoingMail
from casework.steps import NotYet, NotYou
from children.permissions import is_in_sight
from tests.factories import NOW, a, days_before, restricted_to
from tests.meetings.story import CARER

pytestmark = pytest.mark.django_db


def test_a_kind_of_meeting_is_a_row_and_a_meeting_of_it_goes_its_whole_way(story):
    story.sent()
    assert story.meeting.state == MeetingState.CIRCULATED
    acts = Event.objects.filter(record=story.meeting.record).order_by("number").values_list("act", flat=True)
    assert list(acts) == ["arrange", "hold", "minute", "circulate"]
    assert list(faults_in_chains()) == []


def test_people_are_invited_by_role_and_outsiders_by_name(story):
    story.arranged()
    invited = {(each.role, each.person, each.name, each.capacity) for each in story.meeting.invited}
    world = story.world
    assert invited == {
        ("service_manager", world.service_manager, "", ""),
        ("social_worker", world.social_worker, "", ""),
        ("team_manager", world.team_manager, "", ""),
        ("legal", world.legal, "", ""),
        ("", None, *CARER),
    }


def test_the_event_names_nobody_from_outside(story):
    story.arranged()
    event = Event.objects.get(record=story.meeting.record)
    assert "Foster carer" in event.details["people"]
    assert "Okafor" not in str(event.details)


def test_only_whoever_arranges_or_chairs_this_kind_for_this_child_arranges_it(story):
    for role in ("iro", "dhos", "hos", "team_manager", "legal", "second_teams_worker"):
        with pytest.raises(NotYou):
            story.arranged(by=getattr(story.world, role))
    assert not Meeting.objects.exists()
    assert story.arranged(by=story.world.colleague).state == MeetingState.ARRANGED


def test_the_chair_of_another_area_does_not_arrange_it(story):
    with pytest.raises(NotYou):
        story.arranged(by=story.world.elsewhere(Role.SERVICE_MANAGER))


def test_nobody_comes_in_two_roles(story):
    world = story.world
    twice = [(Role.SOCIAL_WORKER, world.social_worker), (Role.TEAM_MANAGER, world.social_worker)]
    with pytest.raises(NotYet, match="named twice"):
        story.arranged(people=twice)


def test_whoever_must_come_is_invited(story):
    with pytest.raises(NotYet, match="Social worker: somebody must be invited"):
        story.arranged(people=[(Role.TEAM_MANAGER, story.world.team_manager)])


def test_who_is_never_invited_is_refused_by_what_that_person_is(story):
    with pytest.raises(NotYet, match="a provider is never invited"):
        story.arranged(outsiders=[("Sam Hill", "Manager of the provider")])


def test_whoever_sees_by_invitation_sees_the_child_while_invited(story):
    legal, child = story.world.legal, story.child
    assert not is_in_sight(child.pk, legal, days_before(8))
    story.arranged()
    assert is_in_sight(child.pk, legal, days_before(8))
    others = [pair for pair in story.plan()["people"] if pair[1] != legal]
    story.take("rearrange", at=days_before(7), seen=0, **story.plan(people=others))
    assert not is_in_sight(child.pk, legal, days_before(7))


def test_calling_it_off_ends_what_it_let_people_see(story):
    story.arranged()
    story.take("call_off", at=days_before(7), because="The child is ill.")
    assert story.meeting.state == MeetingState.CALLED_OFF
    assert not is_in_sight(story.child.pk, story.world.legal, days_before(7))


def test_nobody_is_let_into_a_restricted_record_by_inviting(story):
    world = story.world
    restricted_to(story.child, world.social_worker, world.team_manager, world.service_manager, by=world.service_manager)
    with pytest.raises(NotYet, match="may not see this record"):
        story.arranged()
    without_legal = story.plan()["people"][:2]
    assert story.arranged(people=without_legal).state == MeetingState.ARRANGED


def test_those_invited_are_told_by_mails_that_name_nobody(story):
    for person in story.world._people.values():
        person.email = f"{person.username}@example.org"
        person.save()
    story.arranged()
    mails = OutgoingMail.objects.all()
    assert {mail.to for mail in mails} == {story.world.social_worker, story.world.team_manager, story.world.legal}
    names = [story.child.surname, story.child.forename, "Okafor", "Room 4", "isruption", story.child.reference]
    assert [name for mail in mails for name in names if name in mail.subject + mail.body] == []
    story.take("rearrange", at=days_before(7), seen=0, **story.plan(place="Room 5"))
    assert mails.filter(subject__contains="has changed").count() == 3
    story.take("call_off", at=days_before(7), because="Ill.")
    assert mails.filter(subject__contains="called off").count() == 3


def test_it_is_recorded_who_came_and_who_did_not(story):
    story.held(absent=[story.world.legal])
    came = {str(each): each.came for each in story.meeting.invited}
    assert came["Foster carer"] == Came.YES
    assert story.invitation(story.world.legal).came == Came.NO


def test_it_goes_ahead_without_somebody_who_must_come_only_for_a_reason(story):
    story.arranged()
    with pytest.raises(NotYet, match="Say why it went ahead without: Social worker"):
        story.held(absent=[story.world.social_worker])
    story.held(absent=[story.world.social_worker], because="She was called to court.")
    assert story.meeting.state == MeetingState.HELD


def test_it_is_held_when_it_has_ended(story):
    story.arranged(starts_at=NOW, ends_at=NOW + timedelta(hours=1))
    with pytest.raises(NotYet, match="must have ended"):
        story.held(at=NOW)


def test_a_meeting_that_was_held_early_still_ends_after_it_started(story):
    story.arranged(starts_at=days_before(1), ends_at=days_before(1) + timedelta(hours=1))
    ended = days_before(2)
    story.take("hold", at=days_before(1), ended_at=ended, came=story.came())
    assert story.meeting.ends_at == ended
    assert story.meeting.starts_at == ended - timedelta(hours=1)


def test_the_chair_who_left_the_role_runs_it_no_more_and_whoever_acts_does(story):
    world = story.world
    story.arranged()
    world.service_manager.appointments.update(ends_at=days_before(7))
    acting = a(Role.SERVICE_MANAGER, area=world.area, acting_for=world.service_manager, since=days_before(7))
    with pytest.raises(NotYou):
        story.held()
    story.take("hold", by=acting, at=days_before(5), ended_at=days_before(6), came=story.came())
    assert story.meeting.state == MeetingState.HELD


def test_it_is_seen_by_whoever_sees_the_case_and_by_nobody_else(story):
    story.arranged()
    world = story.world
    sees = {world.social_worker, world.iro, world.service_manager, world.legal, world.dcs}
    others = {world.elsewhere(Role.DHOS), world.second_teams_worker, world.health, world.administrator}
    for person in sees | others:
        visible = Meeting.objects.visible_to(person, at=days_before(8))
        assert visible.exists() == (person in sees), person


def test_two_of_one_kind_may_be_arranged_about_a_child(story):
    story.arranged()
    second = Meeting(kind=story.meeting.kind, case_file=CaseFile.objects.get(pk=story.child.case_file_id))
    story.meeting = second
    story.arranged()
    assert Meeting.objects.count() == 2
