"""The alarm of an unapproved live arrangement, as the diary keeps it: D-00 (S0 3.1), beside it D-01 to D-05; C-46."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.models import Appointment
from accounts.roles import Role
from approvals.models import CaseDiscussion
from approvals.states import State
from casework import diary
from casework.ledger import Closed
from casework.models import Duty
from casework.steps import NotYet
from children.permissions import may_see
from placements.states import ApprovalKind, Setting
from tests.approvals.steps import LATER, agree_all, convene, take
from tests.factories import (
    NOW,
    a,
    allocated_to,
    appointed,
    approved_from,
    chain_at,
    day,
    days_before,
    ended,
    in_a_hotel,
    note,
    placed,
    restricted_to,
    with_approved_relative,
    with_relative_of_unknown_approval,
    with_temporary_approval,
    with_unapproved_relative,
)

UNDER_WAY = {
    State.CONVENED: ("dhos", "Deputy Head of Service: type up the record of the discussion"),
    State.TO_AGREE: ("dhos", "Social worker, Team manager, Legal, Deputy Head of Service: agree the record"),
    State.AGREED: ("hos", "Head of Service: decide on the record"),
    State.SENT_BACK: ("dhos", "Deputy Head of Service: type up the record of the discussion"),
    State.APPROVED: ("service_director", "Service Director: give final sign-off or dissent"),
    State.DISSENTED: ("hos", "Head of Service: agree actions with the Service Director and feed them back"),
}


def look(record, at=NOW):
    """The diary looks; answers with the duties of sign-off that are open, the alarm first."""
    diary.refresh([record.case_file_id], at=at)
    return list(open_duties(record))


def open_duties(record):
    """Those of the alarm, and of what leads the chain on; case note and confirmations are owed beside it."""
    owed = Duty.objects.open().filter(case_file=record.case_file_id, kind__startswith="D-")
    return owed.exclude(key__endswith=":note").exclude(key__contains=":known:").order_by("kind", "pk")


def the_alarm(record, at=NOW):
    look(record, at)
    return Duty.objects.filter(case_file=record.case_file_id, kind="D-00").order_by("opened_at").last()


@pytest.fixture
def placement(world):
    return with_unapproved_relative(world.own_child)


# When it opens, and until when it stays


def test_it_opens_at_the_minute_at_which_the_facts_say_so(world):
    started = NOW - timedelta(minutes=17)
    placement = with_unapproved_relative(world.own_child, since=started)
    assert look(placement, at=started - timedelta(seconds=1)) == []
    alarm, convening = look(placement, at=started)
    assert (alarm.kind, alarm.opened_at, alarm.due_at) == ("D-00", started, started)
    assert alarm.is_overdue(started)
    assert (convening.kind, convening.owner) == ("D-01", world.dhos)


def test_it_opens_with_the_event_itself(world, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        placement = with_unapproved_relative(world.own_child, since=days_before(1))
    assert [duty.kind for duty in open_duties(placement)] == ["D-00", "D-01"]


@pytest.mark.parametrize(
    "situation", [with_approved_relative, with_temporary_approval, with_relative_of_unknown_approval]
)
def test_a_regulated_home_and_one_of_which_nothing_is_known_raise_none(world, situation):
    """What nobody recorded is another duty (D-08) and no alarm yet."""
    placement = situation(world.own_child)
    assert not any(duty.kind in ("D-00", "D-01") for duty in look(placement))


@pytest.mark.parametrize("state", UNDER_WAY)
def test_it_stays_while_the_chain_runs_and_names_the_next_holder_and_since_when(world, placement, state):
    discussion = chain_at(state, placement)
    alarm = the_alarm(placement)
    role, says = UNDER_WAY[state]
    assert alarm.closed_at is None
    assert (alarm.role, alarm.owner) == (role, world.person(Role(role)))
    assert f"Next: {says}; waiting since " in alarm.says
    waiting_since = discussion.stands_since
    assert f"{waiting_since.day} {waiting_since:%B %Y at %H:%M}" in alarm.says


@pytest.mark.parametrize("state", [State.SIGNED_OFF, State.COMMUNICATED, State.FILED])
def test_final_sign_off_ends_it(world, placement, state):
    discussion = chain_at(state, placement)
    alarm = the_alarm(placement)
    assert (alarm.closed_as, alarm.evidence) == (Closed.MET, f"approvals.casediscussion:{discussion.pk}")
    signed = discussion.version.signatures.get(act="sign_off")
    assert alarm.closed_at == signed.at


@pytest.mark.parametrize("state", [State.REFUSED, State.WITHDRAWN])
def test_a_chain_that_fell_through_leaves_it_and_asks_for_another(world, placement, state):
    discussion = chain_at(state, placement)
    alarm, convening = look(placement)
    assert (alarm.opened_at, alarm.role) == (placement.started_at, Role.DHOS)
    assert (convening.kind, convening.opened_at) == ("D-01", discussion.stands_since)
    again = convene(world, placement, at=LATER)
    alarm, typing = look(placement, at=LATER)
    assert (typing.kind, typing.about) == ("D-02", f"placements.placement:{placement.pk}")
    assert "type up the record" in typing.says
    assert Duty.objects.get(pk=convening.pk).evidence == f"approvals.casediscussion:{again.pk}"


def test_the_end_of_the_arrangement_ends_it_and_what_the_chain_owed(world, placement):
    chain_at(State.AGREED, placement)
    ended(placement, on=days_before(3))
    assert [duty.kind for duty in look(placement)] == ["D-09"]
    closed = Duty.objects.filter(about=f"placements.placement:{placement.pk}", closed_at=days_before(3))
    assert {duty.kind: duty.closed_as for duty in closed} == {"D-00": "no_longer_due", "D-03": "no_longer_due"}


@pytest.mark.parametrize(
    "state", [State.CONVENED, State.TO_AGREE, State.AGREED, State.APPROVED, State.SENT_BACK, State.DISSENTED]
)
def test_no_chain_is_left_hanging_when_the_arrangement_ends(world, placement, state):
    """Somebody owes its withdrawal; with that Legal is a stranger again, and nothing more is owed."""
    discussion = chain_at(state, placement)
    ended(placement, on=days_before(3))
    (duty,) = look(placement)
    assert (duty.kind, duty.owner, duty.opened_at) == ("D-09", world.dhos, days_before(3))
    assert "withdraw the case discussion" in duty.says
    take(CaseDiscussion.objects.get(pk=discussion.pk), "withdraw", by=world.dhos)
    assert look(placement) == []
    assert Duty.objects.get(kind="D-09").closed_as == Closed.MET
    assert not may_see(world.own_child, world.legal, NOW)


def test_a_chain_begun_before_the_approval_lapses_is_not_withdrawn(world):
    """Regulated for some days more: the chain is ahead of its time, and nothing is over."""
    placement = with_unapproved_relative(world.own_child, since=days_before(90))
    approved_from(
        placement, since=day(days_before(90)), kind=ApprovalKind.TEMPORARY, until=day(NOW + timedelta(days=5))
    )
    convene(world, placement)
    assert [duty.kind for duty in look(placement)] == ["D-02"]


@pytest.mark.parametrize(
    ("state", "kind", "holder", "office"),
    [(State.AGREED, "D-03", "hos", Role.HOS), (State.APPROVED, "D-04", "service_director", Role.SERVICE_DIRECTOR)],
)
def test_whoever_cannot_decide_holds_no_decision_while_somebody_else_can(world, placement, state, kind, holder, office):
    """The Deputy Head who typed the record is promoted: she holds the office, and not this chain."""
    chain_at(state, placement)
    where = {"area": world.area} if office == Role.HOS else {}
    Appointment.objects.filter(user=world.person(Role(holder))).update(ends_at=NOW)
    appointed(world.dhos, office, since=NOW, **where)
    duties = [duty for duty in look(placement) if duty.kind in ("D-00", kind)]
    assert len(duties) == 2
    assert all("somebody with no other part in the chain must be appointed to act" in duty.says for duty in duties)
    acting = a(office, since=NOW, acting_for=world.dhos, **where)
    duties = [duty for duty in look(placement) if duty.kind in ("D-00", kind)]
    assert [duty.owner for duty in duties] == [acting, acting]
    assert not any("appointed to act" in duty.says for duty in duties)


def test_sign_off_of_a_relatives_home_is_none_of_a_hotel(world, placement):
    """Corrected afterwards: the child never lived with the relative but in a hotel, which nobody authorised."""
    chain_at(State.FILED, placement)
    assert look(placement) == []
    placement.setting = Setting.HOTEL
    note(placement, act="correct", child=world.own_child)
    assert "D-00" in [duty.kind for duty in look(placement)]


def test_what_is_signed_is_communicated_and_filed_though_the_child_moved(world, placement):
    chain_at(State.SIGNED_OFF, placement)
    ended(placement, on=days_before(1))
    assert [duty.kind for duty in look(placement)] == ["D-05"]


def test_a_short_stay_elsewhere_is_covered_by_the_sign_off_of_the_usual_home(world, placement, signed_in):
    """Judged like the usual home, so signed off like it: nobody is asked for a sign-off that cannot be given for a stay."""
    chain_at(State.SIGNED_OFF, placement)
    stay = placed(world.own_child, Setting.TEMPORARY, since=days_before(1))
    assert [duty.kind for duty in look(stay)] == ["D-05"]
    page = signed_in(world.social_worker).get(reverse("placements:placement", args=[stay.pk]))
    assert [part["says"] for part in page.context["standing"]][1:] == [
        "Not lawful",
        "Signed off as interim arrangement until 1 April 2026",
    ]


def test_a_short_stay_from_a_home_that_nobody_signed_off_keeps_the_alarm(world, placement):
    stay = placed(world.own_child, Setting.TEMPORARY, since=days_before(1))
    (alarm,) = look(stay)
    assert (alarm.kind, alarm.role) == ("D-00", Role.DHOS)
    assert "when the child is back there" in alarm.says


def test_an_arrangement_that_was_struck_out_is_signed_off_by_nobody(world, placement):
    discussion = chain_at(State.AGREED, placement)
    placement.struck_out = True
    note(placement, act="strike_out", child=world.own_child, because="Recorded for the wrong sister.")
    assert [duty.kind for duty in look(placement)] == ["D-09"]
    with pytest.raises(NotYet, match="struck out"):
        take(discussion, "approve", by=world.hos)
    take(discussion, "withdraw", by=world.dhos)
    assert look(placement) == []


def test_approval_of_the_carer_ends_it(world, placement):
    discussion = chain_at(State.CONVENED, placement)
    approved_from(placement, since=day(days_before(3)))
    assert [duty.kind for duty in look(placement)] == ["D-09"]
    take(discussion, "withdraw", by=world.dhos)
    assert look(placement) == []


def test_once_regulated_in_between_the_old_signature_is_not_enough(world):
    """Signed off, then temporarily approved, and the approval ran out: that is another arrangement in regulation."""
    placement = with_unapproved_relative(world.own_child, since=days_before(90))
    chain_at(State.FILED, placement)
    approved_from(
        placement, since=day(days_before(60)), kind=ApprovalKind.TEMPORARY, until=day(days_before(60) + timedelta(56))
    )
    assert look(placement, at=days_before(10)) == []
    alarm, convening = look(placement)
    assert day(alarm.opened_at) == day(convening.opened_at) == day(days_before(4))


def test_convened_ahead_of_the_lapse_there_is_nothing_left_to_convene(world):
    placement = with_temporary_approval(world.own_child, since=days_before(30), until=day(days_before(2)))
    chain_at(State.AGREED, placement, held_at=days_before(9))
    alarm, deciding = look(placement)
    assert day(alarm.opened_at) == day(days_before(2))
    assert (alarm.role, deciding.kind) == ("hos", "D-03")


def test_signed_off_ahead_of_the_lapse_no_alarm_begins(world):
    placement = with_temporary_approval(world.own_child, since=days_before(30), until=day(days_before(2)))
    chain_at(State.FILED, placement, held_at=days_before(20))
    assert look(placement) == []


def test_refusal_of_a_later_discussion_raises_it_again(world, placement):
    chain_at(State.FILED, placement)
    assert look(placement) == []
    again = agree_all(world, take(convene(world, placement), "record", by=world.dhos))
    take(again, "refuse", by=world.hos, at=LATER)
    alarm, convening = look(placement, at=LATER + timedelta(minutes=1))
    assert alarm.opened_at == convening.opened_at == LATER
    assert "sign-off lapsed on 9 March 2026" in alarm.says


def test_an_unregistered_setting_waits_for_the_director_and_for_no_discussion(world):
    placement = in_a_hotel(world.own_child)
    (alarm,) = look(placement)
    assert (alarm.role, alarm.owner) == ("service_director", world.service_director)
    assert "Next: the Service Director authorises it for now, or the child moves." in alarm.says


def test_looking_again_changes_nothing(world, placement):
    chain_at(State.DISSENTED, placement)
    look(placement)
    found = diary.refresh([placement.case_file_id], at=NOW)
    assert (found.opened, found.closed, found.changed) == (0, 0, 0)


def test_a_look_back_before_it_was_convened_is_no_fault(world, placement):
    chain_at(State.CONVENED, placement)
    assert [duty.kind for duty in look(placement, at=placement.started_at + timedelta(hours=1))] == ["D-00", "D-01"]


# Who


def test_each_of_the_four_owes_the_own_agreement(world, placement):
    chain_at(State.TO_AGREE, placement)
    agreements = {duty.role: duty.owner for duty in look(placement) if duty.kind == "D-02"}
    assert agreements == {role: world.person(Role(role)) for role in ("social_worker", "team_manager", "legal", "dhos")}


def test_whoever_acts_for_one_of_them_owes_it_meanwhile(world, placement):
    chain_at(State.TO_AGREE, placement)
    acting = a(Role.TEAM_MANAGER, team=world.team, since=days_before(1), acting_for=world.team_manager)
    look(placement)
    assert Duty.objects.open().get(kind="D-02", role="team_manager").owner == acting


def test_the_deputy_who_convened_types_although_the_area_has_another(world, placement):
    second = a(Role.DHOS, area=world.area, since=days_before(2000))
    chain_at(State.CONVENED, placement, people=world.chain_people)
    alarm, typing = look(placement)
    assert alarm.owner == typing.owner == world.dhos != second


def test_after_a_replacement_the_successor_is_asked(world, placement):
    chain_at(State.TO_AGREE, placement)
    Appointment.objects.filter(user=world.dhos).update(ends_at=days_before(1))
    successor = a(Role.DHOS, area=world.area, since=days_before(1))
    alarm, *agreements = look(placement)
    assert alarm.owner == successor
    by_role = {(duty.role, duty.owner) for duty in agreements}
    assert ("dhos", successor) in by_role
    stuck = next(duty for duty in agreements if duty.role == "dhos")
    assert "withdraw and convene anew: the Deputy Head of Service named cannot agree the record any more" in stuck.says


def test_where_nobody_holds_the_role_the_line_manager_is_asked_and_it_is_said(world, placement):
    Appointment.objects.filter(user=world.dhos).update(ends_at=days_before(1))
    alarm, convening = look(placement)
    assert alarm.owner == convening.owner == world.hos
    assert "nobody holds the role" in convening.stands_in


def test_of_a_restricted_child_those_named_are_asked_and_else_the_privacy_officer(world):
    placement = with_unapproved_relative(world.restricted_child)
    alarm, convening = look(placement)
    assert alarm.owner == convening.owner == world.dhos
    chain_people = {"social_worker": world.colleague}
    restricted_to(world.restricted_child, world.team_manager, world.legal, by=world.service_manager)
    discussion = take(convene(world, placement, **chain_people), "record", by=world.dhos)
    for person in (world.colleague, world.team_manager, world.legal, world.dhos):
        discussion = take(discussion, "agree", by=person)
    alarm, deciding = look(placement)
    assert alarm.owner == deciding.owner == world.privacy_officer, "no Head of Service is named"


def test_the_worker_to_whom_the_child_is_allocated_files(world, placement):
    chain_at(State.COMMUNICATED, placement)
    allocated_to(world.own_child, world.colleague, since=days_before(1))
    (filing,) = look(placement)
    assert (filing.kind, filing.owner) == ("D-05", world.colleague)


def test_the_number_of_queries_does_not_grow_with_the_history(world, placement, asked):
    def queries():
        with asked() as asked_for:
            diary.refresh([placement.case_file_id], at=LATER)
        return len(asked_for)

    chain_at(State.WITHDRAWN, placement)
    look(placement, at=LATER)
    one = queries()
    for hour in range(4):
        at = NOW + timedelta(minutes=hour)
        discussion = take(convene(world, placement, at=at), "record", by=world.dhos, at=at)
        take(discussion, "withdraw", by=world.dhos, at=at)
    assert CaseDiscussion.objects.count() == 5
    look(placement, at=LATER)
    assert queries() == one
