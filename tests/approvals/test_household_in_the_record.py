"""Who lives there and their checks stand in what is signed; a yes by telephone counts from its day. Reg 24, Schedule 4."""

from datetime import timedelta

import pytest

from accounts.roles import Role
from approvals.connected.reading import person_as_read
from approvals.connected.states import CheckFound
from approvals.models import Decision
from casework.steps import NotYet, carry_out
from children.access import SIGHTS
from tests.approvals.connected_steps import (
    FOR_A_TIME,
    approved_for_a_time,
    asked_about,
    day_of,
    decided,
    extended,
    found_viable,
    lives_there,
    looked_into,
    put,
    take,
)
from tests.factories import NOW, World

pytestmark = pytest.mark.django_db
TODAY = NOW.date()
LATER = NOW + timedelta(days=2)


@pytest.fixture
def world():
    return World()


@pytest.fixture
def person(world):
    """An aunt who was found viable, with her son of eleven."""
    found = asked_about(world)
    lives_there(world, found, name="Sam Son", is_who="son", born_on=TODAY.replace(year=2015), checked=False)
    return found_viable(world, found)


def for_a_time(at):
    return {**FOR_A_TIME, "assess_by": day_of(at + timedelta(weeks=8))}


def by_telephone(world, person, *, said_at, at, **content):
    """The nominated officer said yes on the telephone, and it is written up afterwards."""
    decision = Decision(kind="temporary_approval", child=person.child, connected_person=person)
    decision = carry_out(decision.prepare, by=world.social_worker, at=at)
    said = {"said_at": said_at, "said_by": world.person(Role.DECISION_MAKER)}
    decision = carry_out(decision.put, by=world.social_worker, at=at, content={**for_a_time(at), **content}, **said)
    return take(decision, "decide", by=world.person(Role.DECISION_MAKER), at=at)


def times_of(person):
    return list(person.carer.approvals.values_list("from_on", "to_on"))


@pytest.mark.parametrize("kind", ["viability", "temporary_approval", "extension"])
def test_everybody_who_lives_there_stands_in_what_is_signed_with_their_checks(world, person, kind):
    if kind != "viability":
        approved_for_a_time(world, person)
    if kind == "extension":
        extended(world, person, at=NOW + timedelta(weeks=14))
    version = person.decisions.get(kind=kind).version
    assert version.content["household"] == (
        "Ada Aunt, carer, born on 9 March 1986. Police check: came back on 9 March 2026. Nothing is known. "
        "The authority’s own records: looked through on 9 March 2026. Nothing is known."
        "\n\nSam Son, son, born on 9 March 2015. Under 18: no check is asked for."
    )
    assert version.is_intact
    version.content["household"] = "Nobody else."
    assert not version.is_intact, "the digest covers it"


def test_whoever_puts_it_forward_does_not_write_the_checks(world, person):
    said = {**for_a_time(NOW), "household": "Everybody is checked, believe me."}
    decision = put(world, person, "temporary_approval", content=said)
    assert "believe me" not in decision.version.content["household"]


def test_nobody_signs_upon_checks_that_read_otherwise_by_now(world, person):
    decision = put(world, person, "temporary_approval", content=for_a_time(NOW))
    take(decision, "confirm", by=world.team_manager, at=NOW)
    member = person.household.get(name="Ada Aunt")
    member.police_found, member.says = CheckFound.SOMETHING, "A caution for theft in 1999; weighed, no risk."
    member.save()
    with pytest.raises(NotYet, match="“Who lives there, and their checks” has changed since this was put forward"):
        take(Decision.objects.get(pk=decision.pk), "decide", by=world.person(Role.DECISION_MAKER), at=LATER)
    decision = carry_out(
        Decision.objects.get(pk=decision.pk).put, by=world.social_worker, at=LATER, content=for_a_time(LATER)
    )
    assert "A caution for theft" in decision.version.content["household"]
    assert decided(world, decision, at=LATER).is_decided


def test_whoever_left_is_not_in_it(world, person):
    person.household.filter(name="Sam Son").update(left_on=TODAY)
    assert "Sam Son" not in approved_for_a_time(world, person).version.content["household"]


def test_a_yes_by_telephone_counts_from_its_day(world, person):
    decision = by_telephone(world, person, said_at=NOW + timedelta(hours=1), at=LATER)
    assert times_of(person) == [(TODAY, TODAY + timedelta(days=112))]
    assert decision.holds_until.date() == (TODAY + timedelta(days=111))


def test_no_longer_time_is_named_than_counts_from_the_call(world, person):
    last = TODAY + timedelta(days=112)
    with pytest.raises(NotYet, match="lasts at most 16 weeks: until 28 June 2026"):
        by_telephone(world, person, said_at=NOW + timedelta(hours=1), at=LATER, until=last.isoformat())


def test_nobody_says_yes_by_telephone_before_it_was_found_viable(world, person):
    with pytest.raises(NotYet, match="a yes by telephone counts only after it"):
        by_telephone(world, person, said_at=NOW - timedelta(hours=1), at=LATER)


def test_what_was_said_so_long_ago_that_it_is_over_is_not_signed(world, person):
    with pytest.raises(NotYet, match="Counted from 9 March 2026 it was over on 28 June 2026"):
        by_telephone(world, person, said_at=NOW, at=NOW + timedelta(days=112))


def test_nothing_is_extended_for_an_assessment_that_is_complete_in_time(world):
    person = looked_into(world)
    approved_for_a_time(world, person)
    with pytest.raises(NotYet, match="nothing needs to be extended"):
        extended(world, person, at=NOW + timedelta(weeks=10), assess_by="2026-06-28")


# Brothers and sisters with the same carers


def test_for_a_brother_or_sister_it_is_not_asked_again_who_lives_there(world, person):
    sister = world.a_child(worker=world.social_worker)
    second = asked_about(world, child=sister, carer=person.carer, household=False, at=LATER)
    assert [(each.name, each.police_found) for each in second.household.all()] == [
        (each.name, each.police_found) for each in person.household.all()
    ]
    assert {each.person_id for each in second.household.all()} == {second.pk}


def test_nothing_is_taken_over_from_a_child_out_of_sight(world, person):
    type(person).objects.filter(pk=person.pk).update(child=world.restricted_child)
    second = asked_about(world, child=world.a_child(worker=world.social_worker), carer=person.carer, household=False)
    assert list(second.household.all()) == []


def test_who_moved_in_by_the_record_of_a_brother_or_sister_is_missed_here(world, person):
    sister = world.a_child(worker=world.social_worker)
    second = asked_about(world, child=sister, carer=person.carer, household=False)
    lives_there(world, person, name="Pat Partner", is_who="partner", at=LATER)
    says = person_as_read(second, SIGHTS[Role.SOCIAL_WORKER], user=world.social_worker, at=LATER)["unknown"]
    assert says == ["Pat Partner, partner, lives there by the record of another child: add them here too."]
