"""What was agreed: owed by somebody who was invited, done, asked for, taken higher. S0 2.3; S3 lines 383 to 388."""

from datetime import timedelta

import pytest

from accounts.roles import Role
from casework import diary
from casework.meetings.models import Action
from casework.meetings.states import ActionState
from casework.models import Duty, Event
from casework.steps import NotYet, NotYou
from children.permissions import is_in_sight
from tests.factories import NOW, a, allocated_to, days_before

pytestmark = pytest.mark.django_db
SOON = NOW.date() + timedelta(days=3)
PAST = days_before(2).date()


def test_an_action_has_an_owner_and_a_day(story):
    action = story.agreed(story.world.social_worker, SOON)
    assert (action.state, action.owner.person, action.due_on) == (ActionState.OPEN, story.world.social_worker, SOON)


def test_somebody_from_outside_can_owe_one(story):
    assert story.agreed("Amara Okafor", SOON).owner.capacity == "Foster carer"


def test_nothing_was_agreed_in_a_meeting_that_was_not_held(story):
    story.arranged()
    story.meeting.recorded_at = NOW
    with pytest.raises(NotYet, match="has not been held"):
        story.agreed(story.world.social_worker, SOON)


def test_its_day_does_not_lie_before_the_meeting(story):
    with pytest.raises(NotYet, match="cannot lie before the meeting"):
        story.agreed(story.world.social_worker, days_before(7).date())
    assert story.agreed(story.world.social_worker, days_before(6).date())


def test_only_somebody_who_was_invited_owes_it(story, do):
    action = story.agreed(story.world.social_worker, SOON)
    withdrawn = story.invitation(story.world.legal)
    withdrawn.withdrawn_at = NOW
    with pytest.raises(NotYet, match="Only somebody who was invited"):
        do(action, "change", by=story.world.service_manager, because="Ill.", owner=withdrawn, due_on=SOON)


@pytest.mark.parametrize("who", ["social_worker", "team_manager", "service_manager"])
def test_whoever_owes_it_or_runs_the_meeting_says_that_it_is_done(story, do, who):
    action = story.agreed(story.world.social_worker, SOON)
    done = do(action, "finish", by=getattr(story.world, who), outcome="It is here.")
    assert (done.state, done.outcome, done.settled_at) == (ActionState.DONE, "It is here.", NOW)


def test_nobody_else_does(story, do):
    action = story.agreed(story.world.social_worker, SOON)
    for who in ("legal", "iro", "colleague", "hos", "health"):
        with pytest.raises(NotYou, match="Only whoever owes it"):
            do(action, "finish", by=getattr(story.world, who), outcome="Done.")


def test_whoever_acts_for_the_owner_finishes_it(story, do):
    world = story.world
    action = story.agreed(world.social_worker, SOON)
    acting = a(Role.SOCIAL_WORKER, team=world.team, acting_for=world.social_worker, since=days_before(1))
    assert do(action, "finish", by=acting, outcome="Done.").state == ActionState.DONE


def test_the_cover_that_ended_yesterday_does_not(story, do):
    world = story.world
    action = story.agreed(world.social_worker, SOON)
    ended = a(
        Role.SOCIAL_WORKER,
        team=world.team,
        acting_for=world.social_worker,
        since=days_before(9),
        until=days_before(1),
    )
    with pytest.raises(NotYou):
        do(action, "finish", by=ended, outcome="Done.")


def test_when_the_owner_leaves_the_case_whoever_comes_after_owes_it_and_finishes_it(story, do):
    world = story.world
    action = story.agreed(world.social_worker, SOON)
    file = [story.child.case_file_id]
    diary.refresh(file, at=NOW)
    assert Duty.objects.get(kind="M-04").owner == world.social_worker
    with pytest.raises(NotYou):
        do(action, "finish", by=world.colleague, outcome="Done.")
    world.social_worker.appointments.update(team=world.other_areas_team)
    allocated_to(story.child, world.colleague)
    diary.refresh(file, at=NOW)
    assert Duty.objects.get(kind="M-04").owner == world.colleague
    assert do(action, "finish", by=world.colleague, outcome="Done.").state == ActionState.DONE


def test_nobody_moves_the_day_of_what_they_owe_themselves(story, do):
    action = story.agreed(story.world.social_worker, SOON)
    later = SOON + timedelta(days=7)
    with pytest.raises(NotYou, match="Only the chair"):
        do(action, "change", by=story.world.social_worker, because="Busy.", owner=action.owner, due_on=later)
    changed = do(
        action, "change", by=story.world.service_manager, because="Shop shut.", owner=action.owner, due_on=later
    )
    assert changed.due_on == later


def test_what_the_chair_owes_is_moved_by_whoever_stands_above(story, do):
    world = story.world
    action = story.agreed(world.service_manager, SOON)
    told = {"because": "Busy.", "owner": action.owner, "due_on": SOON + timedelta(days=7)}
    with pytest.raises(NotYou):
        do(action, "change", by=world.service_manager, **told)
    assert do(action, "change", by=world.hos, **told).due_on == SOON + timedelta(days=7)


def test_a_change_changes_something(story, do):
    action = story.agreed(story.world.social_worker, SOON)
    with pytest.raises(NotYet, match="Nothing is changed"):
        do(action, "change", by=story.world.service_manager, because="So.", owner=action.owner, due_on=SOON)


def test_it_is_asked_for_before_it_is_taken_higher(story, do):
    action = story.agreed(story.world.social_worker, PAST)
    with pytest.raises(NotYet, match="Ask for it first"):
        do(action, "escalate", by=story.world.service_manager, because="Still nothing.")
    do(action, "chase", by=story.world.team_manager, because="Rang; no answer.")
    raised = do(action, "escalate", by=story.world.service_manager, because="Still nothing.")
    assert raised.escalated_at == NOW


def test_whoever_it_was_taken_to_settles_it_and_not_before(story, do):
    world = story.world
    action = story.agreed(world.social_worker, PAST)
    with pytest.raises(NotYou):
        do(action, "drop", by=world.hos, because="Overtaken.")
    do(action, "chase", by=world.team_manager, because="Rang.")
    do(action, "escalate", by=world.team_manager, because="Nothing.")
    with pytest.raises(NotYou):
        do(action, "drop", by=world.elsewhere(Role.HOS), because="Overtaken.")
    assert do(action, "drop", by=world.hos, because="Overtaken.").state == ActionState.DROPPED


def test_another_day_starts_asking_anew(story, do):
    world = story.world
    action = story.agreed(world.social_worker, PAST)
    do(action, "chase", by=world.team_manager, because="Rang.")
    do(action, "escalate", by=world.team_manager, because="Nothing.")
    changed = do(action, "change", by=world.hos, because="Fair.", owner=action.owner, due_on=SOON)
    assert (changed.chased_at, changed.escalated_at) == (None, None)


def test_what_is_done_stays_done(story, do):
    action = story.agreed(story.world.social_worker, SOON)
    done = do(action, "finish", by=story.world.social_worker, outcome="Here.")
    with pytest.raises(NotYet, match="stands at “Done”"):
        do(done, "finish", by=story.world.social_worker, outcome="Again.")


def test_whoever_owes_something_sees_the_child_as_long_as_it_is_owed(story, do):
    """A meeting without minutes to send round would otherwise let nobody in for long."""
    legal = story.world.legal
    action = story.agreed(legal, SOON)
    story.sent()
    assert is_in_sight(story.child.pk, legal, NOW + timedelta(days=365))
    do(action, "finish", by=legal, outcome="Sent.")
    assert not is_in_sight(story.child.pk, legal, NOW + timedelta(days=30))


def test_events_say_by_whom_and_by_when_and_not_what(story, do):
    action = story.agreed("Amara Okafor", SOON, says="Tell the police about the uncle.")
    do(action, "finish", by=story.world.team_manager, outcome="The uncle was told.")
    events = Event.objects.filter(record=f"meetings.action:{action.pk}")
    assert [event.details.get("due_on") for event in events.order_by("number")] == [SOON.isoformat(), None]
    assert not any("uncle" in str(event.details) or "Okafor" in str(event.details) for event in events)


def test_actions_are_reached_through_the_case(story):
    story.agreed(story.world.social_worker, SOON)
    assert Action.objects.visible_to(story.world.social_worker, at=NOW).count() == 1
    assert not Action.objects.visible_to(story.world.elsewhere(Role.HOS), at=NOW).exists()
