"""The rule of two administrators and the places of roles, without a database: each sentence, and both sides of each limit."""

from datetime import datetime, timedelta
from random import Random
from types import SimpleNamespace

import pytest

from accounts import granting
from accounts.models import GrantRequest
from accounts.places import objections_to_closing, objections_to_place
from accounts.roles import GUARDED, HELD_IN, SIGNING, Place, Role
from bench.authority import appoint_people
from bench.plan import Plan
from casework.limits import LONDON
from children.access import SIGHTS, Scope

ASKED = datetime(2026, 3, 9, 10, tzinfo=LONDON)
"""A Monday."""
ASKER, PERSON, OTHER = (SimpleNamespace(pk=pk, name=f"Person {pk}", is_active=True) for pk in (1, 2, 3))
CLOSED = SimpleNamespace(name="Alder team", closed_at=ASKED, is_closed=lambda at: at >= ASKED)


def request(**traits):
    asked = {
        "kind": GrantRequest.Kind.APPOINTMENT,
        "Kind": GrantRequest.Kind,
        "person_id": PERSON.pk,
        "person": PERSON,
        "asked_by_id": ASKER.pk,
        "asked_at": ASKED,
        "decision": "",
        "decided_by": None,
        "starts_at": ASKED,
        "ends_at": None,
        "team": None,
        "area": None,
    }
    return SimpleNamespace(**{**asked, **traits})


def test_every_role_that_signs_administers_or_guards_the_read_log_needs_a_second_administrator():
    assert {*SIGNING, Role.ADMINISTRATOR, Role.PRIVACY_OFFICER} == GUARDED
    assert {role for role in Role if granting.needs_second(role=role)} == GUARDED


@pytest.mark.parametrize("role", Role)
def test_a_way_in_is_guarded_as_the_roles_behind_it_are(role):
    assert granting.needs_second(roles_of_person={role, Role.IRO}) is (role in GUARDED)
    assert not granting.needs_second(roles_of_person=())


def test_nobody_decides_what_they_asked_for_nor_what_is_about_them():
    assert granting.not_theirs_to_confirm(request(), OTHER) == []
    assert "You asked for this yourself" in granting.not_theirs_to_confirm(request(), ASKER)[0]
    assert "This is about you" in granting.not_theirs_to_confirm(request(), PERSON)[0]


def test_only_whoever_asked_withdraws():
    assert granting.not_theirs_to_withdraw(request(), ASKER) == []
    assert "Only whoever asked" in granting.not_theirs_to_withdraw(request(), OTHER)[0]


def test_a_request_lapses_after_thirty_days_to_the_moment():
    last = ASKED + timedelta(days=30) - timedelta(microseconds=1)
    assert granting.objections_to_deciding(request(), last) == []
    assert "older than 30 days" in granting.objections_to_deciding(request(), ASKED + timedelta(days=30))[0]


def test_what_was_decided_is_not_decided_again():
    decided = request(decision="refused", decided_by="Jo", get_decision_display=lambda: "Refused")
    assert granting.objections_to_deciding(decided, ASKED) == ["This was decided before: refused by Jo."]


@pytest.mark.parametrize(
    ("traits", "says"),
    [
        ({"person": SimpleNamespace(name="Sam", is_active=False)}, "has left since"),
        ({"ends_at": ASKED + timedelta(hours=1)}, "would be over already"),
        ({"team": CLOSED}, "Alder team is closed"),
        ({"kind": GrantRequest.Kind.RETURN}, "is here already"),
    ],
)
def test_what_no_longer_makes_sense_is_not_confirmed(traits, says):
    (sentence,) = granting.objections_to_confirming(request(**traits), ASKED + timedelta(hours=1))
    assert says in sentence


def test_what_still_makes_sense_is_confirmed():
    later = request(ends_at=ASKED + timedelta(hours=2))
    assert granting.objections_to_confirming(later, ASKED + timedelta(hours=1)) == []


def test_nothing_is_asked_for_whoever_has_left_but_to_come_back():
    gone = SimpleNamespace(name="Sam", is_active=False)
    ask = granting.objections_to_asking
    assert "Sam has left" in ask(person=gone, asks_the_same=False, returns=False)[0]
    assert ask(person=gone, asks_the_same=False, returns=True) == []
    assert "is here" in ask(person=PERSON, asks_the_same=False, returns=True)[0]
    assert "asked for already" in ask(person=PERSON, asks_the_same=True, returns=False)[0]


def test_every_role_has_its_places_and_one_that_sees_a_team_or_an_area_is_held_there():
    assert set(HELD_IN) == set(Role)
    assert {role for role in Role if HELD_IN[role] == (Place.TEAM,)} == {
        r for r in Role if SIGHTS[r].scope == Scope.TEAM
    }
    assert {role for role in Role if Place.AREA in HELD_IN[role]} == {r for r in Role if SIGHTS[r].scope == Scope.AREA}


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("place", Place)
def test_a_role_is_held_only_where_it_makes_sense(role, place):
    assert (objections_to_place(role, place) == []) is (place in HELD_IN[role])


def test_the_sentence_says_where_a_role_is_held():
    assert objections_to_place(Role.HOS, Place.TEAM) == ["Head of Service is a role in a service area, not in a team."]


def test_an_area_is_closed_after_its_teams():
    area = SimpleNamespace(name="East", closed_at=None)
    running = SimpleNamespace(name="Birch team", is_closed=lambda at: False)
    assert "Close the teams of East first" in objections_to_closing(area, teams=[running, CLOSED], closed_at=ASKED)[0]
    assert objections_to_closing(area, teams=[CLOSED], closed_at=ASKED) == []
    assert "closed already" in objections_to_closing(CLOSED, teams=[], closed_at=ASKED)[0]


def test_the_invented_authority_appoints_everybody_where_the_role_makes_sense():
    plan = Plan(seed=1, at=ASKED, went_live_at=ASKED)
    appoint_people(plan, Random(1))
    for person in plan.people.values():
        for held in person.appointments:
            kind = Place.TEAM if held.team else Place.AREA if held.area else Place.AUTHORITY
            assert objections_to_place(held.role, kind) == [], (person.username, held)
