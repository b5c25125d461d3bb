"""Actions are typed once: sealed with the record, and from then on owed by their day. A new version changes what is owed."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.roles import Role
from approvals.models import CaseDiscussion
from approvals.record.parts import PRESENT
from casework import diary
from casework.events import faults_in_chains, label_of
from casework.limits import local_day
from casework.meetings.models import Action
from casework.meetings.states import ActionState, Came
from casework.models import Duty, Event
from casework.steps import NotYet, carry_out, follow
from tests.approvals.recording import type_up
from tests.approvals.steps import convene, page_of, take, text_of
from tests.factories import NOW, days_before, with_unapproved_relative

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=2)


@pytest.fixture
def discussion(world):
    placement = with_unapproved_relative(world.own_child, since=days_before(20))
    return convene(world, placement, at=NOW, held_at=days_before(1))


def row(what, owner=Role.SOCIAL_WORKER, in_days=10):
    role = owner.value if isinstance(owner, Role) else owner
    return {"what": what, "owner": role, "due_on": (local_day(NOW) + timedelta(days=in_days)).isoformat()}


def owed(discussion):
    """What is owed, with the owner, the day and how it stands."""
    actions = Action.objects.filter(meeting=discussion.meeting).order_by("pk")
    return [(action.says, str(action.owner), action.due_on, action.state) for action in actions]


def test_typing_the_record_makes_its_actions_owed_at_once(world, discussion):
    """Not only when all four have agreed: they were agreed in the discussion, and an agreement may come late."""
    type_up(discussion, by=world.dhos, actions=[row("Ask the aunt."), row("Advise.", Role.LEGAL, 3)])
    today = local_day(NOW)
    assert owed(discussion) == [
        ("Ask the aunt.", f"{world.social_worker} (Social worker)", today + timedelta(days=10), "open"),
        ("Advise.", f"{world.legal} (Legal)", today + timedelta(days=3), "open"),
    ]
    diary.refresh([discussion.case_file_id], at=LATER)
    duties = Duty.objects.open().filter(kind="D-06")
    assert {duty.owner for duty in duties} == {world.social_worker, world.legal}


def test_each_action_has_an_event_of_its_own_in_an_unbroken_chain(world, discussion):
    type_up(discussion, by=world.dhos, actions=[row("Ask."), row("Advise.", Role.LEGAL)])
    acts = list(
        Event.objects.filter(case_file=discussion.case_file_id).order_by("number").values_list("act", flat=True)
    )
    assert acts[-3:] == ["agree", "agree", "record"]
    assert list(faults_in_chains()) == []


def test_a_new_version_changes_what_is_owed_by_what_it_changes(world, discussion):
    first = [row("Ask the aunt."), row("Advise.", Role.LEGAL), row("Visit.", Role.TEAM_MANAGER)]
    type_up(discussion, by=world.dhos, actions=first)
    second = [row("Ask the aunt.", in_days=20), row("Advise.", Role.DHOS), row("Write to the school.")]
    type_up(CaseDiscussion.objects.get(), by=world.dhos, at=LATER, actions=second)
    today = local_day(NOW)
    assert owed(discussion) == [
        ("Ask the aunt.", f"{world.social_worker} (Social worker)", today + timedelta(days=20), "open"),
        ("Advise.", f"{world.dhos} (Deputy Head of Service)", today + timedelta(days=10), "open"),
        ("Visit.", f"{world.team_manager} (Team manager)", today + timedelta(days=10), "dropped"),
        ("Write to the school.", f"{world.social_worker} (Social worker)", today + timedelta(days=10), "open"),
    ]
    assert Action.objects.get(says="Visit.").outcome == "Version 2 of the record does not have it any more."
    changed = Event.objects.filter(act="change").latest("number")
    assert changed.because == "Changed with version 2 of the record."


def test_what_did_not_change_is_left_as_it_stands(world, discussion):
    type_up(discussion, by=world.dhos, actions=[row("Ask."), row("Advise.", Role.LEGAL)])
    done = Action.objects.get(says="Ask.")
    carry_out(done.finish, by=world.social_worker, at=NOW, outcome="She said no.")
    chased = Action.objects.get(says="Advise.")
    carry_out(chased.chase, by=world.dhos, at=NOW, because="Rang.")
    before = Event.objects.filter(record__startswith="meetings.action").count()
    same = [row("Ask."), row("Advise.", Role.LEGAL)]
    type_up(CaseDiscussion.objects.get(), by=world.dhos, at=LATER, actions=same, risks="Another risk.")
    assert Event.objects.filter(record__startswith="meetings.action").count() == before
    assert Action.objects.get(says="Ask.").state == ActionState.DONE
    assert Action.objects.get(says="Advise.").chased_at == NOW


def test_what_is_done_is_not_undone_by_a_version_without_it(world, discussion):
    type_up(discussion, by=world.dhos, actions=[row("Ask.")])
    carry_out(Action.objects.get().finish, by=world.social_worker, at=NOW, outcome="She said no.")
    type_up(CaseDiscussion.objects.get(), by=world.dhos, at=LATER, actions=[])
    assert Action.objects.get().state == ActionState.DONE


def test_what_comes_back_is_owed_anew(world, discussion):
    type_up(discussion, by=world.dhos, actions=[row("Ask.")])
    type_up(CaseDiscussion.objects.get(), by=world.dhos, actions=[])
    type_up(CaseDiscussion.objects.get(), by=world.dhos, actions=[row("Ask.")])
    assert [state for *_, state in owed(discussion)] == ["dropped", "open"]


def test_somebody_else_who_was_there_can_owe_an_action_and_came(world, discussion):
    others = [{"name": "Amara Okafor", "as_what": "Grandmother"}]
    type_up(discussion, by=world.dhos, others=others, actions=[row("Ring the school.", "Amara Okafor, Grandmother")])
    invited = discussion.meeting.invited.get(person=None)
    assert (invited.described, invited.came) == (("Amara Okafor", "Grandmother"), Came.YES)
    assert Action.objects.get().owner == invited
    diary.refresh([discussion.case_file_id], at=LATER)
    duty = Duty.objects.open().get(kind="D-06")
    assert duty.owner == world.dhos, "the chair sees that somebody from outside does it"


def test_whom_a_new_version_does_not_name_did_not_come_unless_something_is_owed(world, discussion):
    others = [{"name": "A", "as_what": "Aunt"}, {"name": "B", "as_what": "Teacher"}]
    type_up(discussion, by=world.dhos, others=others, actions=[])
    type_up(CaseDiscussion.objects.get(), by=world.dhos, others=others[:1], actions=[])
    came = {each.name: each.came for each in discussion.meeting.invited.filter(person=None)}
    assert came == {"A": Came.YES, "B": Came.NO}


def test_nobody_owes_what_they_did_not_hear(world, discussion):
    with pytest.raises(NotYet, match="“Mr Nobody, uncle” was not there"):
        type_up(discussion, by=world.dhos, actions=[row("Ask.", "Mr Nobody, uncle")])
    assert CaseDiscussion.objects.get().version is None
    assert not Action.objects.exists()


def test_an_action_before_the_case_discussion_is_refused_at_the_door_too(world, discussion):
    with pytest.raises(NotYet, match="Action 1: “By when” cannot lie before the case discussion"):
        type_up(discussion, by=world.dhos, actions=[row("Ask.", in_days=-5)])


def test_the_page_shows_each_action_once_with_how_it_stands(world, discussion, signed_in):
    discussion = type_up(discussion, by=world.dhos, actions=[row("Ask the aunt for her view.")])
    carry_out(Action.objects.get().finish, by=world.social_worker, at=NOW, outcome="She said no.")
    page = text_of(signed_in(world.dhos).get(page_of(discussion)))
    assert page.count("Ask the aunt for her view.") == 1
    assert "Done" in page
    assert "She said no." in page
    assert "Add an action" not in page, "as long as the record can be typed, it is added there"
    meeting = signed_in(world.dhos).get(reverse("meetings:meeting", args=[discussion.meeting_id]))
    assert "Ask the aunt for her view." in text_of(meeting)
    assert not meeting.context["can_agree"]


def test_what_was_agreed_besides_the_record_stands_beside_it(world, discussion, signed_in):
    discussion = type_up(discussion, by=world.dhos, actions=[row("Ask.")])
    owner = discussion.meeting.invited.get(person=world.legal)
    told = {"says": "Something else.", "owner": owner, "due_on": local_day(NOW)}
    carry_out(Action(meeting=discussion.meeting).agree, by=world.dhos, at=NOW, **told)
    page = signed_in(world.dhos).get(page_of(discussion))
    assert [each["says"] for each in page.context["agreed"]] == ["Something else."]


def test_a_discussion_from_before_meetings_gets_its_meeting_with_the_record(world, discussion):
    CaseDiscussion.objects.update(meeting=None)
    discussion = type_up(CaseDiscussion.objects.get(), by=world.dhos, actions=[row("Ask.")])
    assert discussion.meeting is not None
    assert Action.objects.filter(meeting=discussion.meeting).count() == 1


def test_the_first_form_tracks_nothing_by_itself(world, discussion):
    take(discussion, "record", by=world.dhos)
    assert not Action.objects.exists()
    type_up(CaseDiscussion.objects.get(), by=world.dhos, actions=[row("Ask.")])
    assert CaseDiscussion.objects.get().version.content["form"] == PRESENT
    assert Action.objects.count() == 1


def test_a_step_follows_only_from_another_of_the_same_file(world, discussion):
    discussion = type_up(discussion, by=world.dhos, actions=[row("Ask.")])
    action = Action.objects.get()
    with pytest.raises(RuntimeError, match="A step follows from another of the same file"):
        follow(action.drop, by=world.dhos, at=NOW)
    assert label_of(action) in {event.record for event in Event.objects.filter(act="agree")}


def test_what_a_withdrawn_discussion_agreed_is_not_owed_twice(world, discussion):
    """Its text is taken up by the next, and with it what is still to be done."""
    first = type_up(discussion, by=world.dhos, actions=[row("Ask."), row("Visit.", Role.TEAM_MANAGER)])
    take(first, "withdraw", by=world.dhos)
    again = convene(world, discussion.placement, at=LATER, held_at=NOW)
    type_up(again, by=world.dhos, at=LATER, actions=[row("Ask.")])
    still = {(action.says, action.meeting) for action in Action.objects.open()}
    assert still == {("Visit.", first.meeting), ("Ask.", again.meeting)}
    assert "It is owed from the case discussion of" in Action.objects.get(says="Ask.", state="dropped").outcome


def test_the_look_after_the_commit_finds_what_is_owed(world, discussion, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        type_up(discussion, by=world.dhos, actions=[row("Ask.")])
    assert Duty.objects.open().get(kind="D-06").owner == world.social_worker
