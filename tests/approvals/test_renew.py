"""An interim approval holds for 28 days, and the Head of Service renews it, three times at the most. C-30, C-48."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction

from accounts.models import Appointment, User
from accounts.roles import Role
from approvals.models import CaseDiscussion, Renewal, SignedOversight
from approvals.states import ApprovedAs, State
from casework import diary, notifications
from casework.events import label_of
from casework.limits import end_of
from casework.models import Duty, Event, Notification, OutgoingMail
from casework.rule_values import RuleValue
from casework.steps import NotYet, NotYou
from placements.models import Authorisation
from placements.states import ApprovalKind
from tests.approvals.steps import agree_all, convene, take
from tests.factories import (
    NOW,
    a,
    appointed,
    approved_from,
    chain_at,
    days_before,
    ended,
    with_unapproved_relative,
)

ENDS = end_of(date(2026, 4, 6))
"""28 days after NOW, which is Monday 9 March 2026."""


@pytest.fixture
def placement(world):
    return with_unapproved_relative(world.own_child)


@pytest.fixture
def signed(world, placement):
    return take(chain_at(State.APPROVED, placement), "sign_off", by=world.service_director)


def renewed(discussion, world, *, at):
    return take(discussion, "renew", by=world.hos, at=at)


def look(placement, at):
    diary.refresh([placement.case_file_id], at=at)
    return {duty.kind: duty for duty in Duty.objects.open().filter(case_file=placement.case_file_id)}


def thrice(signed, world):
    for days in (20, 40, 60):
        signed = renewed(signed, world, at=NOW + timedelta(days=days))
    return signed


# How long


def test_an_interim_approval_holds_28_days_and_permanence_without_end(world, placement, signed):
    assert Authorisation.objects.get().ends_at == ENDS
    other = with_unapproved_relative(world.teams_child)
    approved = chain_at(State.APPROVED, other, approved_as=ApprovedAs.PERMANENCE)
    take(approved, "sign_off", by=world.service_director)
    assert Authorisation.objects.get(placement=other).ends_at is None


def test_it_holds_as_long_as_the_authority_says(world, placement):
    told = {
        "decided_by": world.service_director,
        "decided_as": Role.SERVICE_DIRECTOR,
        "decided_at": NOW - timedelta(days=20),
    }
    RuleValue.objects.create(code="C-30", count=14, unit="days", since=days_before(10), because="Agreed.", **told)
    take(chain_at(State.APPROVED, placement), "sign_off", by=world.service_director)
    assert Authorisation.objects.get().ends_at == end_of(date(2026, 3, 23))


def test_the_alarm_opens_again_from_the_minute_at_which_it_lapses_and_says_why(world, placement, signed):
    assert "D-00" not in look(placement, ENDS - timedelta(seconds=1))
    alarm = look(placement, ENDS)["D-00"]
    assert (alarm.opened_at, alarm.due_at) == (ENDS, ENDS)
    assert "sign-off lapsed on 7 April 2026" in alarm.says
    assert "Next: Head of Service: renew the interim approval" in alarm.says
    assert (alarm.role, alarm.owner) == (Role.HOS, world.hos)
    assert look(placement, ENDS)["C-30"].is_overdue(ENDS)
    assert "D-01" not in look(placement, ENDS), "it is renewed, or the child moves: nothing is convened beside"


def test_the_diary_looks_again_at_that_minute(placement, signed):
    look(placement, NOW)
    placement.child.case_file.refresh_from_db()
    assert placement.child.case_file.look_again_at <= ENDS
    diary.refresh_due(at=ENDS, first=0, last=2**31)
    assert Duty.objects.open().filter(kind="D-00", case_file=placement.case_file_id).exists()


# Who owes it, and who is told


def test_the_head_of_service_owes_it_and_is_reminded_at_half_time_on_the_last_day_and_when_it_is_late(
    world, placement, signed
):
    duty = look(placement, NOW)["C-30"]
    assert (duty.owner, duty.due_at) == (world.hos, ENDS)
    for at, threshold in [
        (NOW + timedelta(days=13), None),
        (NOW + timedelta(days=15), "half_time"),
        (ENDS - timedelta(hours=1), "due"),
        (ENDS, "overdue"),
    ]:
        notifications.tell_of([placement.case_file_id], at=at)
        told = Notification.objects.filter(duty=duty, person=world.hos).order_by("pk").last()
        assert (told.threshold if told else None) == threshold


def test_while_the_head_of_service_is_away_whoever_acts_owes_it_and_renews(world, placement, signed):
    acting = appointed(a(Role.SERVICE_MANAGER), Role.HOS, area=world.area, acting_for=world.hos)
    Appointment.objects.filter(user=world.hos).update(ends_at=NOW)
    later = NOW + timedelta(days=10)
    assert look(placement, later)["C-30"].owner == acting
    take(signed, "renew", by=acting, at=later)
    assert Renewal.objects.get().typed_by == acting


def test_the_service_director_is_told_by_mail_and_owes_a_confirmation(world, placement, signed):
    User.objects.filter(pk=world.service_director.pk).update(email="director@merrowshire.example")
    at = NOW + timedelta(days=20)
    renewed(signed, world, at=at)
    mail = OutgoingMail.objects.get(to=world.service_director)
    assert f"/approvals/{signed.pk}/" in mail.body
    assert world.own_child.name not in mail.subject + mail.body
    assert look(placement, at)["C-48"].owner == world.service_director
    take(signed, "know", by=world.service_director, at=at)
    assert "C-48" not in look(placement, at)
    event = Event.objects.get(act="renew")
    assert event.details["people"] == [["Service Director", world.service_director.name]]
    assert (event.from_state, event.to_state) == (State.SIGNED_OFF, State.SIGNED_OFF)


# The renewal


def test_a_renewal_is_counted_sealed_and_lets_oversight_go_on_without_a_gap(world, placement, signed):
    at = NOW + timedelta(days=20)
    renewed(signed, world, at=at)
    first, second = Authorisation.objects.order_by("starts_at")
    assert first.ends_at == second.starts_at == at
    assert second.ends_at == end_of(date(2026, 4, 26))
    renewal = Renewal.objects.get()
    assert (renewal.number, renewal.typed_by, renewal.holds_until) == (1, world.hos, second.ends_at)
    assert renewal.content["search"] == "Three agencies were asked again."
    assert renewal.is_intact
    assert "D-00" not in look(placement, second.ends_at - timedelta(seconds=1))
    assert look(placement, second.ends_at)["D-00"].opened_at == second.ends_at


def test_a_late_renewal_ends_the_alarm_and_the_gap_stays_on_record(world, placement, signed):
    look(placement, ENDS)
    late = ENDS + timedelta(hours=30)
    renewed(signed, world, at=late)
    assert "D-00" not in look(placement, late)
    gap = Duty.objects.filter(kind="D-00", case_file=placement.case_file_id).order_by("opened_at").last()
    assert (gap.opened_at, gap.closed_at, gap.closed_as) == (ENDS, late, "met")
    assert gap.evidence == label_of(signed)
    assert not Duty.objects.filter(kind="D-01", opened_at=ENDS).exists()


@pytest.mark.parametrize("state", [State.SIGNED_OFF, State.COMMUNICATED, State.FILED])
def test_it_is_renewed_wherever_the_chain_stands_after_sign_off(world, placement, state):
    discussion = renewed(chain_at(state, placement), world, at=NOW)
    assert (discussion.state, Renewal.objects.get().number) == (state, 1)


def test_after_the_third_renewal_the_whole_chain_again(world, placement, signed):
    third = NOW + timedelta(days=60)
    thrice(signed, world)
    duties = look(placement, third)
    assert (duties["D-01"].owner, duties["D-01"].opened_at) == (world.dhos, third)
    assert "renewed three times" in duties["D-01"].says
    assert "C-30" not in duties
    with pytest.raises(NotYet, match="It was renewed 3 times: the case is to be discussed, agreed and signed off anew"):
        renewed(signed, world, at=third + timedelta(days=5))
    lapse = Authorisation.objects.latest("starts_at").ends_at
    lapsed = look(placement, lapse)
    assert "Next: Deputy Head of Service: convene" in lapsed["D-00"].says
    assert Duty.objects.filter(kind="D-01", about=label_of(placement)).exclude(closed_as="met").count() == 1


def test_a_new_chain_takes_its_place_and_counts_anew(world, placement):
    filed = thrice(chain_at(State.FILED, placement), world)
    at = NOW + timedelta(days=61)
    again = agree_all(world, take(convene(world, placement, at=at), "record", by=world.dhos, at=at), at=at)
    take(take(again, "approve", by=world.hos, at=at), "sign_off", by=world.service_director, at=at)
    assert {"D-01", "D-00"}.isdisjoint(look(placement, at))
    with pytest.raises(NotYet, match="Another case discussion about this arrangement was decided since"):
        renewed(filed, world, at=at)
    assert take(again, "renew", by=world.hos, at=at + timedelta(days=3)).renewals.get().number == 1


# What cannot be


def test_it_is_renewed_once_a_day_though_two_press_at_once(world, signed):
    later = renewed(signed, world, at=NOW + timedelta(hours=1))
    with pytest.raises(NotYet, match="It was renewed today already"):
        renewed(later, world, at=NOW + timedelta(hours=2))
    assert renewed(later, world, at=NOW + timedelta(days=1)).renewals.count() == 2


def test_permanence_is_not_renewed(world, placement):
    discussion = chain_at(State.FILED, placement, approved_as=ApprovedAs.PERMANENCE)
    with pytest.raises(NotYet, match="that has no end, and is not renewed"):
        renewed(discussion, world, at=NOW)


def test_an_arrangement_that_is_over_is_not_renewed(world, placement, signed):
    ended(placement, on=days_before(1))
    with pytest.raises(NotYet, match="The arrangement ended on 8 March 2026"):
        renewed(CaseDiscussion.objects.get(pk=signed.pk), world, at=NOW)


def test_one_that_became_regulated_is_not_renewed_nor_once_that_has_lapsed(world, placement, signed):
    approved_from(placement, since=date(2026, 3, 10), kind=ApprovalKind.TEMPORARY, until=date(2026, 3, 20))
    tomorrow = NOW + timedelta(days=1)
    look(placement, tomorrow)
    with pytest.raises(NotYet, match="not unregulated any more"):
        renewed(CaseDiscussion.objects.get(pk=signed.pk), world, at=tomorrow)
    later = NOW + timedelta(days=20)
    duties = look(placement, later)
    assert {"D-00", "D-01"} <= duties.keys()
    with pytest.raises(NotYet, match="regulated in between"):
        renewed(CaseDiscussion.objects.get(pk=signed.pk), world, at=later)


@pytest.mark.parametrize("who", ["dhos", "service_director", "team_manager", "social_worker", "legal", "iro"])
def test_nobody_but_the_head_of_service_renews(world, signed, who):
    with pytest.raises(
        NotYou, match="Only the Head of Service for this area, with no other part in this chain, can do"
    ):
        take(signed, "renew", by=world.person(Role(who)))


def test_the_head_of_another_area_does_not(world, signed):
    with pytest.raises(NotYou):
        take(signed, "renew", by=world.elsewhere(Role.HOS))


def test_whoever_agreed_the_record_does_not_renew_it_as_acting_head(world, signed):
    appointed(world.team_manager, Role.HOS, area=world.area, acting_for=world.hos)
    with pytest.raises(NotYou):
        take(signed, "renew", by=world.team_manager)


def test_whoever_read_another_version_renews_nothing(world, signed):
    with pytest.raises(NotYet, match="The record has changed since you opened it"):
        take(signed, "renew", by=world.hos, digest="0" * 64)


# What the database itself refuses


def refused(match, act):
    with pytest.raises(DatabaseError, match=match), transaction.atomic():
        act()


def a_renewal(discussion, person, **more):
    told = {"number": 1, "content": {}, "typed_at": NOW, "holds_until": ENDS, **more}
    return lambda: Renewal.objects.create(discussion=discussion, typed_by=person, **told)


def test_the_database_takes_renewals_in_turn_of_interim_approvals_by_nobody_with_another_part(world, signed):
    refused("renewals are counted", a_renewal(signed, world.hos, number=2))
    refused("nobody renews what they wrote", a_renewal(signed, world.dhos))
    refused("nobody renews what they wrote", a_renewal(signed, world.service_director))
    refused("lets an approval hold on", a_renewal(signed, world.hos, holds_until=NOW))
    other = chain_at(State.FILED, with_unapproved_relative(world.teams_child), approved_as=ApprovedAs.PERMANENCE)
    refused("only an interim approval", a_renewal(other, world.hos))
    under_way = chain_at(State.APPROVED, with_unapproved_relative(world.a_child(worker=world.social_worker)))
    refused("only an interim approval", a_renewal(under_way, world.hos))
    thrice(signed, world)
    refused("renewed_a_few_times_only", a_renewal(signed, world.hos, number=4))
    refused("never changed or removed", lambda: Renewal.objects.update(number=1))


def test_the_database_lets_oversight_go_on_only_by_a_renewal(world, placement, signed):
    row = {"placement": placement, "kind": "connected_person", "by": world.hos, "record": label_of(signed)}
    refused(
        "only by being renewed",
        lambda: SignedOversight.objects.create(starts_at=ENDS, ends_at=ENDS + timedelta(days=1), **row),
    )


def test_the_database_never_makes_oversight_longer(placement, signed):
    held = Authorisation.objects.filter(placement=placement)
    refused("never made longer", lambda: held.update(ends_at=ENDS + timedelta(days=1)))
    refused("never made longer", lambda: held.update(ends_at=None))


def test_the_database_gives_an_interim_approval_its_end_and_permanence_none(world, placement):
    approved = chain_at(State.SIGNED_OFF, placement, approved_as=ApprovedAs.PERMANENCE)
    row = {"placement": placement, "kind": "connected_person", "by": world.service_director, "starts_at": NOW}
    row |= {"record": label_of(approved)}
    refused("has no end", lambda: SignedOversight.objects.create(ends_at=ENDS, as_permanence=True, **row))
    refused("without final sign-off", lambda: SignedOversight.objects.create(as_permanence=False, **row))
