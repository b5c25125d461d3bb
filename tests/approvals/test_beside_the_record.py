"""What stands beside the record: the case note (S0 2.4), who knows (S0 2.6, 2.7), actions after a dissent (S0 2.7, C-31)."""

from datetime import date, timedelta

import pytest

from accounts.models import Appointment, User
from accounts.roles import Role
from approvals.after_dissent import AFTER_DISSENT
from approvals.models import CaseDiscussion
from approvals.states import State
from casework import diary, notifications
from casework.events import faults_in_chains, label_of
from casework.meetings.models import Action, Meeting
from casework.meetings.states import ActionState
from casework.models import Duty, Event, Notification, OutgoingMail
from casework.steps import NotYet, NotYou, carry_out
from tests.approvals.steps import agree_all, convene, take
from tests.factories import NOW, a, allocated_to, appointed, chain_at, with_unapproved_relative

ASKED = {"what": "Ask the fostering team for a viability visit.", "owner": "social_worker", "due_on": "2026-03-20"}
MONEY = {"what": "Agree the settling-in payment.", "owner": "hos", "due_on": "2026-03-13"}


@pytest.fixture
def placement(world):
    return with_unapproved_relative(world.own_child)


@pytest.fixture
def dissented(world, placement):
    return take(chain_at(State.APPROVED, placement), "dissent", by=world.service_director)


def open_of(placement, kind, at=NOW):
    diary.refresh([placement.case_file_id], at=at)
    return {d.role: d for d in Duty.objects.open().filter(case_file=placement.case_file_id, kind=kind)}


def agreed(world, placement, *filed):
    """A record that the four have agreed, of a meeting about which no case note was written."""
    for discussion in filed:
        take(take(discussion, "communicate", by=world.hos), "file", by=world.social_worker)
    return agree_all(world, take(convene(world, placement), "record", by=world.dhos))


def again(discussion):
    return CaseDiscussion.objects.get(pk=discussion.pk)


# The case note


def test_the_deputy_head_notes_on_the_childs_file_that_people_met_and_what_came_of_it(world, placement):
    discussion = convene(world, placement)
    assert open_of(placement, "D-02").keys() == {"dhos"}
    take(discussion, "note", by=world.dhos, because="We met today. The child stays for four weeks; the aunt is asked.")
    event = Event.objects.get(act="note")
    assert event.because == "We met today. The child stays for four weeks; the aunt is asked."
    assert (event.case_file_id, event.from_state, event.to_state) == (placement.case_file_id, "convened", "convened")
    assert open_of(placement, "D-02").keys() == {"dhos"}, "the record is to be typed"
    assert Duty.objects.get(key=f"D-02:{label_of(discussion)}:note").closed_as == "met"


def test_it_is_written_once(world, placement):
    discussion = take(convene(world, placement), "note", by=world.dhos)
    with pytest.raises(NotYet, match="The case note of this meeting is written already"):
        take(discussion, "note", by=world.dhos)


@pytest.mark.parametrize("who", ["social_worker", "team_manager", "legal", "hos", "service_director"])
def test_nobody_else_writes_it(world, placement, who):
    with pytest.raises(NotYou, match="Only the Deputy Head of Service for this area can do this"):
        take(convene(world, placement), "note", by=world.person(Role(who)))


def test_it_can_still_be_written_after_sign_off_and_after_a_refusal(world, placement):
    approved = take(agreed(world, placement), "approve", by=world.hos)
    signed = take(approved, "sign_off", by=world.service_director)
    assert take(signed, "note", by=world.dhos).state == State.SIGNED_OFF
    again_agreed = agreed(world, placement, signed)
    assert take(take(again_agreed, "refuse", by=world.hos), "note", by=world.dhos).state == State.REFUSED


def test_whoever_wrote_it_does_not_decide_as_acting_head(world, placement):
    deputy = appointed(a(Role.SERVICE_MANAGER), Role.DHOS, area=world.area)
    discussion = agreed(world, placement)
    take(discussion, "note", by=deputy)
    appointed(deputy, Role.HOS, area=world.area, acting_for=world.hos)
    with pytest.raises(NotYou):
        take(again(discussion), "approve", by=User.objects.get(pk=deputy.pk))


# Told, and known


def test_whoever_was_told_is_on_record_gets_a_mail_and_owes_a_confirmation(world, placement):
    signed = chain_at(State.SIGNED_OFF, placement)
    User.objects.filter(pk=world.team_manager.pk).update(email="manager@merrowshire.example")
    take(signed, "communicate", by=world.hos)
    people = [["Deputy Head of Service", world.dhos.name], ["Team manager", world.team_manager.name]]
    assert Event.objects.get(act="communicate").details["people"] == [
        *people,
        ["Social worker", world.social_worker.name],
    ]
    mail = OutgoingMail.objects.get(to=world.team_manager)
    assert f"/approvals/{signed.pk}/" in mail.body
    assert world.own_child.name not in mail.subject + mail.body
    owed = Duty.objects.open().filter(kind="D-05", key__contains=":known:")
    diary.refresh([placement.case_file_id], at=NOW)
    assert {(d.role, d.owner) for d in owed} == {("dhos", world.dhos), ("team_manager", world.team_manager)}
    assert open_of(placement, "D-05")["social_worker"].says.startswith("Social worker: file the signed record")


def test_each_confirms_to_know_by_name_and_date_and_what_is_wanting_stays_owed(world, placement):
    told = take(chain_at(State.SIGNED_OFF, placement), "communicate", by=world.hos)
    told = take(told, "know", by=world.team_manager, at=NOW + timedelta(hours=3))
    event = Event.objects.get(act="know")
    assert (event.by, event.at, event.details) == (
        world.team_manager,
        NOW + timedelta(hours=3),
        {"role": "team_manager"},
    )
    assert told.state == State.COMMUNICATED
    assert again(told).yet_to_know == [Role.DHOS, Role.SOCIAL_WORKER]
    take(again(told), "file", by=world.social_worker)
    assert again(told).yet_to_know == [Role.DHOS], "whoever files it knows"
    take(again(told), "know", by=world.dhos)
    assert open_of(placement, "D-05", NOW + timedelta(hours=3)) == {}


def test_nobody_confirms_for_another_nor_twice(world, placement):
    told = take(chain_at(State.SIGNED_OFF, placement), "communicate", by=world.hos)
    for person in (world.legal, world.hos, world.service_director, world.colleague, world.elsewhere(Role.DHOS)):
        with pytest.raises(NotYou, match="responsible for this child can do this"):
            take(again(told), "know", by=person)
    take(told, "know", by=world.dhos)
    with pytest.raises(NotYou):
        take(again(told), "know", by=world.dhos)


def test_the_worker_to_whom_the_child_was_allocated_since_confirms(world, placement):
    told = take(chain_at(State.SIGNED_OFF, placement), "communicate", by=world.hos)
    allocated_to(world.own_child, world.colleague, since=NOW + timedelta(hours=1))
    later = NOW + timedelta(hours=2)
    with pytest.raises(NotYou):
        take(again(told), "know", by=world.social_worker, at=later)
    take(again(told), "know", by=world.colleague, at=later)
    assert Event.objects.get(act="know").details == {"role": "social_worker"}


# After a dissent


def test_the_two_meet_and_their_actions_are_owed_like_all_others(world, placement, dissented):
    told = take(dissented, "feed_back", by=world.hos, actions=[ASKED, MONEY])
    meeting = Meeting.objects.get(kind=AFTER_DISSENT.code)
    assert (meeting.state, meeting.chair, meeting.about) == ("held", world.hos, label_of(dissented))
    came = {(i.role, i.person, i.came) for i in meeting.invited}
    assert came == {
        ("hos", world.hos, "yes"),
        ("service_director", world.service_director, "yes"),
        ("social_worker", world.social_worker, "no"),
    }
    asked = Action.objects.get(meeting=meeting, owner__role="social_worker")
    assert (asked.state, asked.says, asked.due_on) == (ActionState.OPEN, ASKED["what"], date(2026, 3, 20))
    owed = open_of(placement, "D-06")
    assert {role: duty.owner for role, duty in owed.items()} == {"social_worker": world.social_worker, "hos": world.hos}
    assert told.state == State.SENT_BACK
    assert not list(faults_in_chains())


def test_such_an_action_is_done_by_whoever_owes_it_and_late_ones_go_to_the_service_director(
    world, placement, dissented
):
    take(dissented, "feed_back", by=world.hos, actions=[ASKED])
    action = Action.objects.get(owner__role="social_worker")
    late = NOW + timedelta(days=14)
    assert open_of(placement, "M-05", late)["hos"].owner == world.hos
    carry_out(action.chase, by=world.hos, at=late, because="By telephone.")
    action.refresh_from_db(fields=["chased_at"])
    carry_out(action.escalate, by=world.hos, at=late)
    assert open_of(placement, "M-07", late)["service_director"].owner == world.service_director
    carry_out(action.finish, by=world.social_worker, at=late, outcome="The visit is on Monday.")
    assert open_of(placement, "M-07", late) == {}


def test_after_each_dissent_its_own_discussion(world, placement, dissented):
    once = take(dissented, "feed_back", by=world.hos, record_changes=False, actions=[ASKED])
    twice = take(take(once, "dissent", by=world.service_director), "feed_back", by=world.hos, actions=[MONEY])
    assert Meeting.objects.filter(kind=AFTER_DISSENT.code, about=label_of(twice)).count() == 2


def test_an_action_is_owed_by_somebody_who_knows_the_case_and_not_before_the_discussion(world, placement, dissented):
    with pytest.raises(NotYet, match="owed by one of the two, or by one of the four"):
        take(dissented, "feed_back", by=world.hos, actions=[{**ASKED, "owner": "iro"}])
    with pytest.raises(NotYet, match="day"):
        take(dissented, "feed_back", by=world.hos, actions=[{**ASKED, "due_on": "2026-03-01"}])
    assert not Meeting.objects.filter(kind=AFTER_DISSENT.code).exists(), "nothing of it is left behind"


def test_what_was_agreed_is_fed_back_to_the_three_who_confirm_it(world, placement, dissented):
    told = take(dissented, "feed_back", by=world.hos, record_changes=False, actions=[ASKED])
    assert [role for role, _ in Event.objects.get(act="feed_back").details["people"]] == [
        "Deputy Head of Service",
        "Team manager",
        "Social worker",
    ]
    assert set(again(told).yet_to_know) == {Role.DHOS, Role.TEAM_MANAGER, Role.SOCIAL_WORKER}
    take(again(told), "know", by=world.social_worker)
    diary.refresh([placement.case_file_id], at=NOW)
    open_now = Duty.objects.open().filter(kind="D-05", key__contains=":known:")
    assert {duty.role for duty in open_now} == {"dhos", "team_manager"}


# Reminders, and cover


@pytest.mark.parametrize(
    ("state", "kind", "role"),
    [
        (State.CONVENED, "D-02", "dhos"),
        (State.TO_AGREE, "D-02", "legal"),
        (State.AGREED, "D-03", "hos"),
        (State.APPROVED, "D-04", "service_director"),
        (State.DISSENTED, "D-05", "hos"),
        (State.SIGNED_OFF, "D-05", "hos"),
        (State.COMMUNICATED, "D-05", "social_worker"),
        (State.COMMUNICATED, "D-05", "team_manager"),
    ],
)
def test_each_step_is_asked_for_at_half_time_and_when_it_is_late(world, placement, state, kind, role):
    discussion = chain_at(state, placement)
    duty = open_of(placement, kind, discussion.stands_since)[role]
    assert duty.owner == world.person(Role(role))
    half = duty.opened_at + (duty.due_at - duty.opened_at) / 2

    def told(at):
        notifications.tell_of([placement.case_file_id], at=at)
        found = Notification.objects.filter(duty=duty, person=duty.owner).order_by("pk")
        return [each.threshold for each in found]

    assert told(half - timedelta(minutes=1)) == []
    assert told(half)[0] in ("half_time", "due")
    assert told(duty.due_at)[-1] == "overdue"
    assert told(duty.due_at + timedelta(days=1))[-1] == "overdue", "once for each"


@pytest.mark.parametrize(
    ("state", "kind", "role", "step"),
    [
        (State.AGREED, "D-03", Role.HOS, "approve"),
        (State.APPROVED, "D-04", Role.SERVICE_DIRECTOR, "sign_off"),
        (State.SIGNED_OFF, "D-05", Role.HOS, "communicate"),
        (State.TO_CONVENE, "D-01", Role.DHOS, None),
    ],
)
def test_absence_is_covered_by_a_dated_acting_appointment(world, placement, state, kind, role, step):
    discussion = chain_at(state, placement)
    away = world.person(role)
    area = None if role == Role.SERVICE_DIRECTOR else world.area
    until = NOW + timedelta(days=7)
    acting = appointed(a(Role.SERVICE_MANAGER), role, area=area, acting_for=away, since=NOW, until=until)
    Appointment.objects.filter(user=away, acting_for=None).update(ends_at=NOW)
    assert open_of(placement, kind)[role.value].owner == acting
    if step:
        with pytest.raises(NotYou):
            take(discussion, step, by=User.objects.get(pk=acting.pk), at=until)
        take(again(discussion), step, by=User.objects.get(pk=acting.pk))
