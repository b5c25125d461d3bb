"""A child stops being looked after: who agrees first. Regulation 39, L-26; C-20, C-45."""

from datetime import date, timedelta

import pytest

from accounts.roles import Role
from casework import diary
from casework.events import label_of
from casework.models import Duty
from casework.steps import NotYet, NotYou, carry_out
from children.states import LegalCode
from tests.approvals.of_decisions import LATER, begun, decided, put
from tests.factories import NOW, TODAY, World, a_child, birthday, days_before, left_care, note, under

pytestmark = pytest.mark.django_db
CODE = "ceasing"
IN_APRIL = "2026-04-20"


@pytest.fixture
def world():
    return World()


def aged(world, years, legal=LegalCode.V2, **about):
    """A child of the world's own team and worker."""
    return a_child(
        team=world.team, worker=world.social_worker, born=birthday(years), legal=legal, by=world.team_manager, **about
    )


def care_ended(child, *, on=TODAY, how="E4A", at=NOW):
    period = child.care_periods.get(ended_on=None)
    period.ended_on, period.how_ended, period.end_recorded_at = on, how, at
    note(period, act="cease_care", child=child, at=at)
    return child


def due(child, at=LATER):
    diary.refresh([child.case_file_id], at=at)
    return Duty.objects.filter(kind="L-26", about=label_of(child)).first()


@pytest.mark.parametrize(
    ("years", "legal", "role"),
    [
        (15, LegalCode.V2, Role.DECISION_MAKER),
        (16, LegalCode.V2, Role.DCS),
        (17, LegalCode.V2, Role.DCS),
        (16, LegalCode.C2, Role.DECISION_MAKER),
        (17, LegalCode.C1, Role.DECISION_MAKER),
        (16, LegalCode.J1, Role.DCS),
    ],
)
def test_at_16_and_17_and_not_in_care_the_director_decides(world, years, legal, role):
    assert put(world, CODE, aged(world, years, legal), ceases_on=IN_APRIL).decider == role


def test_whoever_turns_16_by_the_last_day_is_for_the_director(world):
    child = a_child(
        team=world.team,
        worker=world.social_worker,
        born=date(2010, 4, 20),
        legal=LegalCode.V2,
        by=world.team_manager,
    )
    on_the_birthday = put(world, CODE, child, ceases_on="2026-04-20")
    assert on_the_birthday.decider == Role.DCS
    told = {"content": {**on_the_birthday.version.content, "ceases_on": "2026-04-19"}}
    told["digest"] = on_the_birthday.version.digest
    assert carry_out(on_the_birthday.put, by=world.social_worker, at=LATER, **told).decider == Role.DECISION_MAKER


def test_what_was_agreed_is_a_row_of_the_child(world):
    child = aged(world, 16)
    decision = decided(world, put(world, CODE, child, ceases_on=IN_APRIL, how="E4A"))
    agreed = child.agreed_ceasings.get()
    assert (agreed.ceases_on, agreed.how, agreed.role) == (date(2026, 4, 20), "E4A", Role.DCS)
    assert (agreed.by, agreed.record) == (world.person(Role.DCS), label_of(decision))
    assert child.care_periods.get().ended_on is None


@pytest.mark.parametrize("role", [Role.DECISION_MAKER, Role.HOS, Role.SERVICE_DIRECTOR, Role.TEAM_MANAGER])
def test_nobody_decides_for_the_director(world, role):
    decision = put(world, CODE, aged(world, 16), ceases_on=IN_APRIL)
    digest = decision.version.digest
    decision = carry_out(decision.confirm, by=world.team_manager, at=LATER, digest=digest)
    with pytest.raises(NotYou):
        carry_out(decision.decide, by=world.person(role), at=LATER, digest=digest)


def test_a_care_order_that_ends_meanwhile_brings_it_to_the_director(world):
    child = aged(world, 16, LegalCode.C2)
    decision = put(world, CODE, child, ceases_on=IN_APRIL)
    digest = decision.version.digest
    decision = carry_out(decision.confirm, by=world.team_manager, at=LATER, digest=digest)
    under(child, LegalCode.V2, since=days_before(1))
    with pytest.raises(NotYet, match="for the Director of Children’s Services to decide now"):
        carry_out(decision.decide, by=world.person(Role.DECISION_MAKER), at=LATER, digest=digest)


@pytest.mark.parametrize("name", ["child_says", "relatives_on", "iro_on", "iro_says", "assessed", "support"])
def test_wishes_relatives_and_iro_are_heard_first(world, name):
    with pytest.raises(NotYet, match="is not answered"):
        put(world, CODE, aged(world, 15), ceases_on=IN_APRIL, **{name: ""})


def test_nobody_agrees_to_an_end_at_18(world):
    child = aged(world, 17)
    eighteen = child.date_of_birth.replace(year=child.date_of_birth.year + 18)
    with pytest.raises(NotYet, match="care ends by itself"):
        put(world, CODE, child, ceases_on=eighteen.isoformat())


def test_it_is_not_agreed_twice(world):
    child = aged(world, 15)
    decided(world, put(world, CODE, child, ceases_on=IN_APRIL))
    with pytest.raises(NotYet, match="agreed already that care ends on 20 April 2026"):
        put(world, CODE, child, ceases_on="2026-04-21", at=LATER)


def test_an_end_that_was_agreed_makes_nothing_due(world):
    child = aged(world, 15)
    decided(world, put(world, CODE, child, ceases_on="2026-03-09"))
    care_ended(child, at=LATER + timedelta(hours=1))
    assert due(child, at=LATER + timedelta(hours=2)) is None


def test_an_end_that_nobody_agreed_to_is_recorded_and_then_put_forward(world):
    child = care_ended(aged(world, 15), on=TODAY - timedelta(days=1))
    duty = due(child)
    assert (duty.owner, duty.due_at, duty.closed_at) == (world.team_manager, NOW, None)
    decided(world, put(world, CODE, child, ceases_on="2026-03-08", at=LATER), at=LATER + timedelta(hours=1))
    assert due(child, at=LATER + timedelta(hours=2)).closed_as == "met"
    with pytest.raises(NotYet, match="nothing left to decide"):
        begun(world, CODE, child, at=LATER + timedelta(hours=2))


@pytest.mark.parametrize("how", ["E41", "E11", "E4B", "E14", "E2"])
def test_an_end_that_the_authority_did_not_decide_asks_for_nobody(world, how):
    assert due(care_ended(aged(world, 15), how=how)) is None


@pytest.mark.parametrize(("care_since", "asked"), [(date(2026, 2, 9), True), (date(2026, 2, 10), False)])
def test_the_nominated_officer_is_asked_from_the_twentieth_working_day(world, care_since, asked):
    """Monday 9 February and twenty working days are Monday 9 March."""
    child = care_ended(aged(world, 15, care_since=care_since))
    assert (due(child) is not None) == asked


def test_at_16_the_director_is_asked_however_short_the_time(world):
    child = care_ended(aged(world, 16, care_since=date(2026, 3, 6)))
    assert "Director of Children’s Services had not agreed" in due(child).says


def test_what_a_return_says_of_the_past_makes_nothing_due(world):
    assert due(left_care(aged(world, 15), on=days_before(3))) is None
