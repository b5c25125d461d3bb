"""A setting that should be registered and is not: put before it is used, authorised for a time, and again. K-10, C-47."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import InternalError, transaction

from accounts.roles import Role
from approvals.kinds import KINDS
from approvals.kinds.unregistered_setting import relevant_director
from approvals.models import Decision
from approvals.states import DecisionState
from casework import diary
from casework.events import label_of
from casework.models import CaseFile, Duty
from casework.steps import NotYet, NotYou, carry_out
from casework.wording import due_day
from placements.arrivals import arrived
from placements.models import Authorisation, ProposedHome
from placements.states import AuthorisationKind, RegistrationStatus
from tests.approvals.test_decisions import CONTENT, LATER, about, begun, decided, put, take
from tests.factories import NOW, World, a_home, days_before, ended, in_childrens_home, registration

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def world():
    return World()


@pytest.fixture
def placement(world):
    return in_childrens_home(world.own_child, since=days_before(1), registered=RegistrationStatus.UNREGISTERED)


def owed(placement, kind, at=NOW):
    diary.refresh([placement.case_file_id], at=at)
    return Duty.objects.filter(kind=kind).order_by("opened_at")


def test_from_the_first_minute_the_worker_owes_that_it_is_put_forward(world, placement):
    duty = owed(placement, "K-10").get()
    assert (duty.opened_at, duty.due_at, duty.owner) == (
        placement.started_at,
        placement.started_at,
        world.social_worker,
    )


def test_it_is_owed_until_it_is_put_and_not_only_begun(world, placement):
    begun(world, placement)
    assert owed(placement, "K-10").get().closed_at is None
    assert not owed(placement, "A-10").exists()
    decision = carry_out(Decision.objects.get().put, by=world.social_worker, at=NOW + HOUR, content=CONTENT)
    duty = owed(placement, "K-10", at=NOW + HOUR).get()
    assert (duty.closed_at, duty.closed_as, duty.evidence) == (NOW + HOUR, "met", f"approvals.decision:{decision.pk}")


def test_checking_and_deciding_take_a_day_and_not_a_week(world, placement):
    take(put(world, placement), "confirm", by=world.team_manager, at=NOW + HOUR)
    dues = [(duty.opened_at, duty.due_at) for duty in owed(placement, "A-12", at=NOW + HOUR)]
    assert dues == [(NOW, NOW + 24 * HOUR), (NOW + HOUR, NOW + 25 * HOUR)]


def test_after_a_no_it_is_owed_again_and_says_so(world, placement):
    decision = take(put(world, placement), "confirm", by=world.team_manager)
    take(decision, "decline", by=world.person(Role.SERVICE_DIRECTOR), at=NOW + 3 * HOUR)
    latest = owed(placement, "K-10", at=NOW + 3 * HOUR).last()
    assert latest.opened_at == NOW + 3 * HOUR
    assert "said no: move the child" in latest.says


def test_taken_back_it_is_owed_again(world, placement):
    take(put(world, placement), "take_back", by=world.social_worker, at=NOW + 3 * HOUR)
    assert owed(placement, "K-10", at=NOW + 3 * HOUR).last().opened_at == NOW + 3 * HOUR


def test_where_the_child_left_before_it_was_put_the_setting_was_used_without_it(world, placement):
    ended(placement, on=NOW)
    assert owed(placement, "K-10", at=NOW + HOUR).get().closed_as == "missed"


def test_authorised_it_is_asked_for_anew_a_week_before_it_runs_out(world, placement):
    decided(world, placement)
    duty = owed(placement, "C-47b", at=NOW + 2 * HOUR).get()
    assert (duty.closed_at, due_day(duty.due_at), duty.owner) == (None, date(2026, 3, 16), world.social_worker)
    assert "23 March 2026" in duty.says


def test_what_holds_for_a_few_days_is_asked_for_anew_at_half_its_time(world, placement):
    decision = take(put(world, placement, until="2026-03-13"), "confirm", by=world.team_manager)
    take(decision, "decide", by=world.person(Role.SERVICE_DIRECTOR))
    assert due_day(owed(placement, "C-47b", at=NOW + 2 * HOUR).get().due_at) == date(2026, 3, 11)


def authorised_again(world, placement, *, at, until):
    anew = carry_out(about(placement).prepare, by=world.social_worker, at=at)
    anew = carry_out(anew.put, by=world.social_worker, at=at, content={**CONTENT, "until": until})
    anew = take(anew, "confirm", by=world.team_manager, at=at + HOUR)
    return take(anew, "decide", by=world.person(Role.SERVICE_DIRECTOR), at=at + 2 * HOUR)


def test_put_anew_in_time_the_alarm_does_not_open_again(world, placement):
    decided(world, placement)
    at = NOW + timedelta(days=6)
    authorised_again(world, placement, at=at, until="2026-04-05")
    first, second = owed(placement, "C-47b", at=at + 2 * HOUR)
    assert (first.closed_at, first.closed_as, due_day(first.due_at)) == (at, "met", date(2026, 3, 16))
    assert second.closed_at is None
    assert owed(placement, "D-00", at=NOW + timedelta(days=20)).filter(closed_at=None).count() == 0


def test_not_put_anew_the_alarm_and_the_duty_to_put_it_open_again_as_it_lapses(world, placement):
    decided(world, placement)
    at = NOW + timedelta(days=15)
    lapsed = owed(placement, "K-10", at=at).last()
    assert (lapsed.opened_at.date(), lapsed.closed_at) == (date(2026, 3, 24), None)
    assert owed(placement, "C-47b", at=at).get().closed_as == "missed"
    assert owed(placement, "D-00", at=at).filter(closed_at=None).count() == 1


def test_nobody_need_do_anything_for_the_alarm_to_open_as_it_lapses(world, placement):
    decision = decided(world, placement)
    diary.refresh([placement.case_file_id], at=NOW + 2 * HOUR)
    assert CaseFile.objects.get(pk=placement.case_file_id).look_again_at == decision.holds_until
    diary.refresh_due(at=decision.holds_until)
    assert Duty.objects.filter(kind="D-00", closed_at=None).count() == 1


def test_how_often_it_was_authorised_is_counted_for_whoever_decides(world, placement):
    def told(decision, at):
        return {row["label"]: row["says"] for row in KINDS["unregistered_setting"].tells(decision, at)}

    first = decided(world, placement)
    at = NOW + timedelta(days=6)
    again = authorised_again(world, placement, at=at, until="2026-04-05")
    assert told(first, at)["Authorised before"] == "Never"
    assert told(again, at + HOUR)["Authorised before"] == "1 time, first on 9 March 2026"


@pytest.mark.parametrize(
    ("until", "says"),
    [("2026-03-08", "that day has passed"), ("2026-04-07", "28 days at the longest, until 6 April 2026")],
)
def test_it_is_authorised_for_days_to_come_and_28_at_most(world, placement, until, says):
    with pytest.raises(NotYet, match=says):
        put(world, placement, until=until)


def test_the_last_of_28_days_can_still_be_named(world, placement):
    assert put(world, placement, until="2026-04-06").state == DecisionState.TO_CHECK


def test_what_was_right_when_it_was_put_is_asked_again_when_it_is_decided(world, placement):
    decision = take(put(world, placement, until="2026-03-10"), "confirm", by=world.team_manager)
    with pytest.raises(NotYet, match="that day has passed"):
        take(decision, "decide", by=world.person(Role.SERVICE_DIRECTOR), at=NOW + timedelta(days=2))


def test_registered_meanwhile_it_is_taken_back(world, placement):
    decision = put(world, placement)
    registration(placement.home, RegistrationStatus.REGISTERED, since=date(2026, 3, 11))
    at = NOW + timedelta(days=3)
    assert owed(placement, "A-15", at=at).get().closed_at is None
    assert not owed(placement, "A-12", at=at).filter(closed_at=None).exists()
    take(decision, "take_back", by=world.social_worker, at=at)
    assert owed(placement, "A-15", at=at).get().closed_as == "met"


def test_another_director_authorises_it_where_the_authority_says_so(world, placement, settings):
    settings.AUTHORITY = settings.AUTHORITY | {"relevant_director": "dcs"}
    assert owed(placement, "D-00").get().owner == world.person(Role.DCS)
    decision = take(put(world, placement), "confirm", by=world.team_manager)
    with pytest.raises(NotYou, match="Only the Director of Children’s Services"):
        take(decision, "decide", by=world.person(Role.SERVICE_DIRECTOR))
    assert take(decision, "decide", by=world.person(Role.DCS)).state == DecisionState.GRANTED
    settings.AUTHORITY = settings.AUTHORITY | {"relevant_director": "social_worker"}
    with pytest.raises(ImproperlyConfigured, match="AUTHORITY_RELEVANT_DIRECTOR is one of"):
        relevant_director()


@pytest.mark.parametrize("role", [Role.SOCIAL_WORKER, Role.TEAM_MANAGER, Role.SERVICE_MANAGER, Role.DHOS])
def test_at_night_whoever_is_on_call_can_put_it(world, placement, role):
    assert begun(world, placement, by=world.person(role)).state == DecisionState.PREPARED


def proposed_home(world, child):
    home = a_home(registered=RegistrationStatus.UNREGISTERED)
    proposal = ProposedHome(child=child, setting=home.setting, home=home, proposed_at=NOW)
    begun_before = Decision(kind="unregistered_setting", child=child)
    decision = carry_out(begun_before.prepare, by=world.social_worker, at=NOW, proposed=proposal)
    decision = carry_out(decision.put, by=world.social_worker, at=NOW, content=CONTENT)
    decision = take(decision, "confirm", by=world.team_manager)
    return home, decision


def test_authorised_before_the_child_moves_in_it_never_raises_the_alarm(world):
    child = world.own_child
    home, decision = proposed_home(world, child)
    decision = take(decision, "decide", by=world.person(Role.SERVICE_DIRECTOR))
    moved_at = LATER + HOUR
    placement = in_childrens_home(child, since=moved_at, home=home)
    arrived(placement, by=world.social_worker, at=moved_at + 5 * HOUR)
    assert placement.authorisations.get().starts_at == moved_at
    assert not owed(placement, "D-00", at=moved_at + 6 * HOUR).exists()
    assert not owed(placement, "K-10", at=moved_at + 6 * HOUR).exists()


def test_put_before_the_child_moves_in_it_is_not_asked_for_twice(world):
    child = world.own_child
    home, _ = proposed_home(world, child)
    placement = in_childrens_home(child, since=LATER + HOUR, home=home)
    assert not owed(placement, "K-10", at=LATER + 2 * HOUR).exists()
    assert owed(placement, "D-00", at=LATER + 2 * HOUR).get().owner == world.person(Role.SERVICE_DIRECTOR)


def test_the_days_that_were_authorised_are_over_when_the_child_moves_in_late(world):
    child = world.own_child
    home, decision = proposed_home(world, child)
    take(decision, "decide", by=world.person(Role.SERVICE_DIRECTOR))
    moved_at = NOW + timedelta(days=30)
    placement = in_childrens_home(child, since=moved_at, home=home)
    arrived(placement, by=world.social_worker, at=moved_at)
    assert not placement.authorisations.exists()
    assert owed(placement, "K-10", at=moved_at).get().closed_at is None


def test_a_registered_home_needs_no_authorisation(world):
    home = a_home()
    proposal = ProposedHome(child=world.own_child, setting=home.setting, home=home, proposed_at=NOW)
    begun_before = Decision(kind="unregistered_setting", child=world.own_child)
    decision = carry_out(begun_before.prepare, by=world.social_worker, at=NOW, proposed=proposal)
    with pytest.raises(NotYet, match="is registered"):
        carry_out(decision.put, by=world.social_worker, at=NOW, content=CONTENT)


@pytest.mark.parametrize("kind", [AuthorisationKind.UNREGISTERED_SETTING, AuthorisationKind.SECURE])
def test_the_database_takes_no_authorisation_that_nobody_signed(world, placement, kind):
    decision = take(put(world, placement), "confirm", by=world.team_manager)
    director = world.person(Role.SERVICE_DIRECTOR)
    told = {"placement": placement, "kind": kind, "starts_at": NOW, "by": director, "record": label_of(decision)}
    with pytest.raises(InternalError, match="nothing is authorised without the signature"), transaction.atomic():
        Authorisation.objects.create(**told)
