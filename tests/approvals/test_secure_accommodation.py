"""Secure accommodation: the Service Director agrees first, for 72 hours or with the court's order; under 13 others first.

C-43, L-31. How the hours, orders and reviews count is in tests/placements/test_secure.py.
"""

from datetime import UTC, datetime, timedelta

import pytest

from accounts.roles import Role
from approvals.kinds import KINDS
from approvals.models import Decision
from approvals.states import DecisionState
from casework import diary
from casework.models import Duty
from casework.steps import NotYet, NotYou, carry_out
from placements.arrivals import arrived
from placements.models import ProposedHome, SecureAuthority
from placements.states import AuthorisationKind, SecureBasis, Setting
from tests.approvals.test_decisions import take
from tests.factories import NOW, World, a_home, days_before, in_childrens_home, note, placed, under

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
LATER = NOW + 2 * HOUR
CONTENT = {
    "footing": "72_hours",
    "grounds": "absconds",
    "why": "She has run away eleven times since January.",
    "alternatives": "Two homes with more staff were tried.",
    "health": "A nurse sees her daily.",
    "views": "She wants to be nearer to her sister.",
    "legal_advice": "The court can hear it on Thursday.",
    "plan": "She leaves as soon as a home with two staff is found.",
}


@pytest.fixture
def world():
    return World()


def in_secure_home(child, *, since):
    return placed(child, Setting.SECURE_HOME, since=since, home=a_home(Setting.SECURE_HOME))


@pytest.fixture
def child(world):
    return world.a_child(worker=world.social_worker, age=14)


@pytest.fixture
def placement(child):
    return in_secure_home(child, since=NOW - 10 * HOUR)


def given(child, *, at, kind=SecureBasis.ORDER, to_on=None):
    return note(
        SecureAuthority(child=child, kind=kind, given_at=at, to_on=to_on, given_by="Family court"),
        act="allow_secure",
        child=child,
        at=at,
    )


def put(world, placement, *, at=NOW, **content):
    decision = Decision(kind="secure_accommodation", child=placement.child, placement=placement)
    decision = carry_out(decision.prepare, by=world.social_worker, at=at)
    return carry_out(decision.put, by=world.social_worker, at=at, content={**CONTENT, **content})


def decided(world, placement, **content):
    decision = take(put(world, placement, **content), "confirm", by=world.team_manager, at=NOW + HOUR)
    return take(decision, "decide", by=world.person(Role.SERVICE_DIRECTOR), at=LATER)


def owed(child, kind, at=NOW):
    diary.refresh([child.case_file_id], at=at)
    return Duty.objects.filter(kind=kind).order_by("opened_at")


def told(decision, at=NOW):
    return {row["label"]: row["says"] for row in KINDS["secure_accommodation"].tells(decision, at)}


def test_from_the_first_minute_it_is_to_be_put_and_the_hours_run(world, placement):
    duty = owed(placement.child, "C-43").get()
    assert (duty.due_at, duty.owner, duty.closed_at) == (placement.started_at, world.social_worker, None)
    hours = owed(placement.child, "L-31").get()
    assert (hours.due_at, hours.owner) == (placement.started_at + 72 * HOUR, world.team_manager)


def test_agreed_to_without_an_order_it_holds_until_the_hours_are_used_up(world, placement):
    decision = decided(world, placement)
    assert decision.state == DecisionState.GRANTED
    assert decision.holds_until == placement.started_at + 72 * HOUR
    authorised = placement.authorisations.get()
    assert (authorised.kind, authorised.ends_at) == (AuthorisationKind.SECURE, decision.holds_until)
    assert owed(placement.child, "C-43", at=LATER).get().closed_as == "met"


def test_the_hours_run_on_whoever_agreed_and_then_it_is_put_anew(world, placement):
    decided(world, placement)
    over_at = placement.started_at + 72 * HOUR
    assert owed(placement.child, "L-31", at=over_at + HOUR).get().closed_at is None
    again = owed(placement.child, "C-43", at=over_at + HOUR).last()
    assert (again.opened_at, again.closed_at) == (over_at, None)


def test_with_an_order_it_holds_as_long_as_the_child_is_kept(world, placement):
    given(placement.child, at=NOW)
    decision = decided(world, placement, footing="order", court="Family court, today")
    assert decision.holds_until is None
    assert placement.authorisations.get().ends_at is None
    assert owed(placement.child, "C-43", at=NOW + timedelta(days=60)).filter(closed_at=None).count() == 0
    assert owed(placement.child, "L-31", at=NOW + HOUR).get().closed_as == "met"


def test_no_hours_are_left_to_agree_to_once_they_are_used_up(world, child):
    in_secure_home(child, since=days_before(10))
    in_childrens_home(child, since=days_before(7))
    placement = in_secure_home(child, since=NOW - HOUR)
    with pytest.raises(NotYet, match="used up on 9 March 2026 at 09:00: only an order"):
        put(world, placement)


def test_what_is_used_up_and_when_the_hours_end_is_told_to_whoever_decides(world, child):
    in_secure_home(child, since=days_before(10))
    in_childrens_home(child, since=days_before(9))
    placement = in_secure_home(child, since=NOW - HOUR)
    says = told(put(world, placement))["72 hours without an order"]
    assert "24 hours were used up in the 28 days before" in says
    assert "11 March 2026 at 09:00" in says


def test_younger_than_13_the_secretary_of_state_comes_first(world):
    child = world.a_child(worker=world.social_worker, age=12)
    placement = in_secure_home(child, since=NOW - HOUR)
    assert owed(child, "L-31f").get().owner == world.person(Role.SERVICE_DIRECTOR)
    with pytest.raises(NotYet, match="younger than 13"):
        put(world, placement)
    given(child, at=NOW, kind=SecureBasis.SECRETARY_OF_STATE)
    begun = Decision.objects.get()
    put_now = carry_out(begun.put, by=world.social_worker, at=NOW + HOUR, content=CONTENT)
    assert put_now.state == DecisionState.TO_CHECK
    assert owed(child, "L-31f", at=NOW + HOUR).get().closed_as == "met"


def test_a_child_whom_a_criminal_court_keeps_is_not_put(world, child):
    under(child, "J1", since=NOW - timedelta(days=2))
    in_secure_home(child, since=NOW - HOUR)
    assert not owed(child, "C-43").exists()
    assert not owed(child, "L-31").exists()


def test_agreed_to_before_the_child_comes_nothing_is_owed_but_the_hours(world, child):
    home = a_home(Setting.SECURE_HOME)
    proposal = ProposedHome(child=child, setting=Setting.SECURE_HOME, home=home, proposed_at=NOW)
    decision = Decision(kind="secure_accommodation", child=child)
    decision = carry_out(decision.prepare, by=world.social_worker, at=NOW, proposed=proposal)
    decision = carry_out(decision.put, by=world.social_worker, at=NOW, content=CONTENT)
    decision = take(decision, "confirm", by=world.team_manager, at=NOW + HOUR)
    decision = take(decision, "decide", by=world.person(Role.SERVICE_DIRECTOR), at=LATER)
    placement = placed(child, Setting.SECURE_HOME, since=LATER + HOUR, home=home)
    arrived(placement, by=world.social_worker, at=LATER + 2 * HOUR)
    assert Decision.objects.get().holds_until == placement.started_at + 72 * HOUR
    assert not owed(child, "C-43", at=LATER + 3 * HOUR).exists()
    assert owed(child, "L-31", at=LATER + 3 * HOUR).get().closed_at is None


def test_it_is_for_secure_homes_only(world, child):
    placement = in_childrens_home(child, since=days_before(1))
    decision = Decision(kind="secure_accommodation", child=child, placement=placement)
    with pytest.raises(NotYet, match="lives in another kind of home"):
        carry_out(decision.prepare, by=world.social_worker, at=NOW)


@pytest.mark.parametrize("role", [Role.TEAM_MANAGER, Role.HOS, Role.ASSISTANT_DIRECTOR, Role.DCS])
def test_nobody_but_the_service_director_agrees(world, placement, role):
    decision = take(put(world, placement), "confirm", by=world.team_manager, at=NOW + HOUR)
    with pytest.raises(NotYou):
        take(decision, "decide", by=world.person(role), at=LATER)


def test_what_must_stand_behind_it_is_shown_as_missing_until_it_is_on_record(world, placement):
    diary.refresh([placement.case_file_id], at=NOW)
    placement.standing.refresh_from_db()
    assert placement.standing.missing == [
        "the court’s order, the remand or the other authority for secure accommodation"
    ]
    given(placement.child, at=NOW)
    diary.refresh([placement.case_file_id], at=NOW)
    placement.standing.refresh_from_db()
    assert placement.standing.missing == []


def test_as_an_order_runs_out_the_hours_begin_by_time_alone(world, placement):
    given(placement.child, at=NOW, to_on=datetime(2026, 3, 19, tzinfo=UTC).date())
    diary.refresh([placement.case_file_id], at=NOW)
    placement.child.case_file.refresh_from_db()
    runs_out = datetime(2026, 3, 19, tzinfo=UTC)
    assert placement.child.case_file.look_again_at == runs_out
    diary.refresh_due(at=runs_out)
    hours = Duty.objects.get(kind="L-31", closed_at=None)
    assert hours.due_at == runs_out + 62 * HOUR
