"""A home outside the authority's area: who approves it, and what an emergency leaves for later. Reg 11, 13; L-12, L-13."""

from datetime import date, timedelta

import pytest

from accounts.roles import Role
from casework import diary
from casework.limits import local_day
from casework.models import Duty
from casework.steps import NotYet, carry_out
from placements.models import ProposedHome
from placements.states import AuthorisationKind, FactKind, Setting
from tests.approvals.of_decisions import LATER, begun, decided, put
from tests.factories import (
    NOW,
    World,
    a_home,
    days_before,
    in_childrens_home,
    in_foster_care,
    placed,
    with_approved_relative,
    with_parent,
)

pytestmark = pytest.mark.django_db
CODE = "out_of_area"
NEXT_TO_IT = {"distance": "next_to_it", "at_once": "no"}
AT_A_DISTANCE = {"distance": "at_a_distance", "at_once": "no"}
EMERGENCY = {"distance": "next_to_it", "at_once": "yes"}


@pytest.fixture
def world():
    return World()


@pytest.fixture
def placement(world):
    return in_childrens_home(world.own_child, since=NOW)


def due(placement, kind, at=LATER):
    diary.refresh([placement.case_file_id], at=at)
    return Duty.objects.filter(kind=kind, about=f"placements.placement:{placement.pk}").first()


def last_day_of(duty):
    return local_day(duty.due_at - timedelta.resolution)


@pytest.mark.parametrize(
    ("where", "role"), [(NEXT_TO_IT, Role.DECISION_MAKER), (AT_A_DISTANCE, Role.DCS), (EMERGENCY, Role.DECISION_MAKER)]
)
def test_the_director_approves_what_is_at_a_distance(world, placement, where, role):
    assert put(world, CODE, placement.child, placement=placement, **where).decider == role


def test_who_decides_follows_the_record_when_it_is_written_anew(world, placement):
    decision = put(world, CODE, placement.child, placement=placement, **NEXT_TO_IT)
    content = {**decision.version.content, "distance": "at_a_distance"}
    told = {"content": content, "digest": decision.version.digest}
    assert carry_out(decision.put, by=world.social_worker, at=LATER, **told).decider == Role.DCS


def test_agreed_before_the_move_nothing_is_due_after_it(world):
    child = world.own_child
    home = a_home()
    proposed = ProposedHome(child=child, setting=Setting.CHILDRENS_HOME, home=home, proposed_at=NOW)
    decision = decided(world, put(world, CODE, child, proposed=proposed, **NEXT_TO_IT))
    moved_at = NOW + timedelta(days=2)
    placement = placed(child, Setting.CHILDRENS_HOME, since=moved_at, home=home)
    carry_out(decision.take_effect, by=world.social_worker, at=moved_at + timedelta(days=1))
    assert {fact.kind for fact in placement.facts.all()} == {FactKind.OUTSIDE_AREA, FactKind.HOST_TOLD}
    assert placement.authorisations.get().kind == AuthorisationKind.OUT_OF_AREA
    assert placement.authorisations.get().starts_at == moved_at
    assert due(placement, "L-13", at=moved_at + timedelta(days=2)) is None
    assert due(placement, "L-12", at=moved_at + timedelta(days=2)) is None


def test_in_an_emergency_the_rest_is_due_in_five_working_days(world, placement):
    """Monday 9 March: five working days end on Monday 16 March."""
    decision = decided(world, put(world, CODE, placement.child, placement=placement, **EMERGENCY))
    assert local_day(decision.holds_until - timedelta.resolution) == date(2026, 3, 16)
    for kind in ("L-12", "L-13"):
        assert last_day_of(due(placement, kind)) == date(2026, 3, 16)
    assert due(placement, "L-13").owner == world.team_manager
    assert due(placement, "L-12").owner == world.social_worker


def test_put_forward_in_full_the_emergency_is_over(world, placement):
    decided(world, put(world, CODE, placement.child, placement=placement, **EMERGENCY))
    later = NOW + timedelta(days=3)
    decided(world, put(world, CODE, placement.child, placement=placement, at=later, **NEXT_TO_IT), at=later)
    after = later + timedelta(hours=1)
    assert due(placement, "L-13", at=after).closed_as == "met"
    assert due(placement, "L-12", at=after) is None
    with pytest.raises(NotYet, match="approved already"):
        begun(world, CODE, placement.child, placement=placement, at=after)


def test_an_emergency_is_none_any_more_after_its_time(world, placement):
    with pytest.raises(NotYet, match="was over on 16 March 2026"):
        put(world, CODE, placement.child, placement=placement, at=NOW + timedelta(days=8), **EMERGENCY)


@pytest.mark.parametrize("missing", ["host_on", "host_says"])
def test_at_a_distance_the_authority_there_is_consulted_first(world, placement, missing):
    with pytest.raises(NotYet, match="the authority of the area"):
        put(world, CODE, placement.child, placement=placement, **AT_A_DISTANCE, **{missing: ""})


@pytest.mark.parametrize("missing", ["host_on", "host_says"])
def test_next_to_our_own_area_the_authority_there_is_told_and_need_not_be_consulted(world, placement, missing):
    assert put(world, CODE, placement.child, placement=placement, **NEXT_TO_IT, **{missing: ""}).version


@pytest.mark.parametrize("missing", ["relatives_on", "iro_on", "iro_says", "host_told_on", "child_says"])
def test_everybody_is_asked_first_but_in_an_emergency(world, placement, missing):
    with pytest.raises(NotYet, match="is not answered"):
        put(world, CODE, placement.child, placement=placement, **NEXT_TO_IT, **{missing: ""})


@pytest.mark.parametrize("lives", [with_approved_relative, in_foster_care, with_parent])
def test_connected_persons_parents_and_own_foster_carers_are_exempt(world, lives):
    placement = lives(world.own_child, since=days_before(1))
    with pytest.raises(NotYet, match="Regulation 11 asks for no approval"):
        begun(world, CODE, placement.child, placement=placement)
