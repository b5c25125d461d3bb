"""Other senior decisions: put, checked, decided by one person with no other part in it. Kent L87-91; C-47, C-33."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, InternalError, transaction

from accounts.roles import Role
from approvals.kinds import unregistered_setting
from approvals.models import Decision, DecisionSignature
from approvals.states import Act, DecisionState
from casework import diary
from casework.models import Duty, Event
from casework.steps import NotYet, NotYou, carry_out
from placements.states import AuthorisationKind, RegistrationStatus
from tests.factories import NOW, World, a, days_before, in_childrens_home

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=2)
CONTENT = {
    "why": "The home that was planned refused on the day.",
    "sought": "Eleven homes were asked; none had a place.",
    "applied": "no",
    "risks": "Two staff at all times.",
    "checks": "References and vetting were seen.",
    "views": "She wants to be nearer to her school.",
    "legal_advice": "It is not lawful; the court is to be told.",
    "plan": "A place is held from the 23rd.",
    "until": "2026-03-23",
}


@pytest.fixture
def world():
    return World()


@pytest.fixture
def placement(world):
    return in_childrens_home(world.own_child, since=days_before(1), registered=RegistrationStatus.UNREGISTERED)


def about(placement):
    return Decision(kind=unregistered_setting.KIND.code, child=placement.child, placement=placement)


def begun(world, placement, *, by=None):
    return carry_out(about(placement).prepare, by=by or world.social_worker, at=NOW)


def put(world, placement, *, by=None, at=NOW, said_at=None, said_by=None, **content):
    decision = begun(world, placement, by=by)
    told = {"content": {**CONTENT, **content}, "said_at": said_at, "said_by": said_by}
    return carry_out(decision.put, by=by or world.social_worker, at=at, **told)


def take(decision, step, *, by, at=LATER, **said):
    if step in ("confirm", "decide"):
        said = {"digest": decision.version.digest, **said}
    return carry_out(getattr(decision, step), by=by, at=at, because="Because it is so.", **said)


def decided(world, placement):
    decision = take(put(world, placement), "confirm", by=world.team_manager)
    return take(decision, "decide", by=world.person(Role.SERVICE_DIRECTOR))


def alarm_of(placement, at=LATER):
    diary.refresh([placement.case_file_id], at=at)
    return Duty.objects.get(kind="D-00", about=f"placements.placement:{placement.pk}")


def test_put_checked_and_decided_it_ends_the_alarm_until_the_day_it_names(world, placement):
    assert alarm_of(placement).closed_at is None
    decision = decided(world, placement)
    assert decision.state == DecisionState.GRANTED
    authorised = placement.authorisations.get()
    assert authorised.kind == AuthorisationKind.UNREGISTERED_SETTING
    assert authorised.ends_at == decision.holds_until
    assert alarm_of(placement).closed_at == LATER


def test_it_is_no_more_lawful_for_being_authorised(world, placement):
    alarm_of(placement)
    before = placement.standing.lawfulness
    decided(world, placement)
    alarm_of(placement)
    placement.standing.refresh_from_db()
    assert placement.standing.lawfulness == before == "not_lawful"


def test_the_alarm_names_whoever_holds_the_next_step(world, placement):
    decision = put(world, placement)
    assert alarm_of(placement).owner == world.team_manager
    take(decision, "confirm", by=world.team_manager)
    assert alarm_of(placement).owner == world.person(Role.SERVICE_DIRECTOR)


@pytest.mark.parametrize("missing", ["why", "applied", "until"])
def test_what_the_record_does_not_say_is_named(world, placement, missing):
    with pytest.raises(NotYet, match="is not answered"):
        put(world, placement, **{missing: ""})
    assert Decision.objects.get().version is None


def test_what_is_asked_only_with_an_answer_is_missing_only_then(world, placement):
    decision = begun(world, placement)
    told = {"by": world.social_worker, "at": NOW}
    with pytest.raises(NotYet, match="When did the provider apply"):
        carry_out(decision.put, content={**CONTENT, "applied": "yes"}, **told)
    carry_out(decision.put, content={**CONTENT, "applied": "yes", "applied_on": "2026-03-01"}, **told)


@pytest.mark.parametrize(
    "role", [Role.IRO, Role.LEGAL, Role.SERVICE_DIRECTOR, Role.ADMINISTRATOR, Role.PERSONAL_ADVISER]
)
def test_others_do_not_put_it(world, placement, role):
    with pytest.raises(NotYou):
        begun(world, placement, by=world.person(role))


def test_whoever_wrote_it_neither_confirms_nor_decides_it(world, placement):
    decision = put(world, placement, by=world.team_manager)
    with pytest.raises(NotYou, match="did not write it"):
        take(decision, "confirm", by=world.team_manager)


def test_nobody_decides_before_it_is_confirmed(world, placement):
    with pytest.raises(NotYet, match="cannot be done now"):
        take(put(world, placement), "decide", by=world.person(Role.SERVICE_DIRECTOR))


@pytest.mark.parametrize("role", [Role.SOCIAL_WORKER, Role.TEAM_MANAGER, Role.HOS, Role.DCS, Role.ASSISTANT_DIRECTOR])
def test_others_do_not_decide_it(world, placement, role):
    decision = take(put(world, placement), "confirm", by=world.team_manager)
    with pytest.raises(NotYou, match="Only the Service Director"):
        take(decision, "decide", by=world.person(role))


def test_a_changed_record_is_confirmed_and_decided_anew(world, placement):
    decision = take(put(world, placement), "confirm", by=world.team_manager)
    read = decision.version.digest
    decision = take(decision, "put", by=world.social_worker, content={**CONTENT, "risks": "None."}, digest=read)
    assert decision.state == DecisionState.TO_CHECK
    with pytest.raises(NotYet):
        take(decision, "confirm", by=world.team_manager, digest=read)


def test_the_database_refuses_a_decision_without_its_signature(world, placement):
    decision = take(put(world, placement), "confirm", by=world.team_manager)
    with pytest.raises(InternalError, match="without the signature"), transaction.atomic():
        Decision.objects.filter(pk=decision.pk).update(state=DecisionState.GRANTED)


def test_the_database_refuses_the_signature_of_whoever_wrote_it(world, placement):
    decision = take(put(world, placement), "confirm", by=world.team_manager)
    version = decision.version
    with pytest.raises((InternalError, IntegrityError)), transaction.atomic():
        DecisionSignature.objects.create(
            version=version,
            act=Act.DECIDE,
            role=Role.SERVICE_DIRECTOR,
            by=world.social_worker,
            at=LATER,
            digest=version.digest,
        )


def test_declined_it_leaves_the_alarm_with_the_director(world, placement):
    decision = take(put(world, placement), "confirm", by=world.team_manager)
    take(decision, "decline", by=world.person(Role.SERVICE_DIRECTOR))
    assert alarm_of(placement).closed_at is None
    assert alarm_of(placement).owner == world.person(Role.SERVICE_DIRECTOR)


def test_what_was_said_by_telephone_is_to_be_signed_in_a_day_and_not_checked_first(world, placement):
    said_at = NOW - timedelta(hours=9)
    director = world.person(Role.SERVICE_DIRECTOR)
    decision = put(world, placement, said_at=said_at, said_by=director)
    assert decision.state == DecisionState.PUT
    assert alarm_of(placement).closed_at is None
    duty = Duty.objects.get(kind="A-11")
    assert (duty.due_at, duty.owner) == (said_at + timedelta(hours=24), director)
    take(decision, "decide", by=director)
    assert alarm_of(placement).closed_at == LATER
    assert Duty.objects.get(kind="A-11").closed_as == "met"


def test_nobody_but_whoever_decides_can_have_said_yes_by_telephone(world, placement):
    with pytest.raises(NotYet, match="only whoever decides can say yes"):
        put(world, placement, said_at=NOW - timedelta(hours=1), said_by=world.person(Role.HOS))
    with pytest.raises(NotYet, match="both who said yes by telephone, and when"):
        carry_out(Decision.objects.get().put, by=world.social_worker, at=NOW, content=CONTENT, said_at=NOW)
    told = {"said_at": LATER, "said_by": world.person(Role.SERVICE_DIRECTOR)}
    with pytest.raises(NotYet, match="cannot lie ahead"):
        carry_out(Decision.objects.get().put, by=world.social_worker, at=NOW, content=CONTENT, **told)


def test_each_step_leaves_an_event_that_says_nothing_of_the_record(world, placement):
    decided(world, placement)
    told = Event.objects.filter(record__startswith="approvals.decision:").values_list("act", "details")
    assert [act for act, _ in told] == ["prepare", "put", "confirm", "decide"]
    assert not [value for _, details in told for value in details.values() if value in CONTENT.values()]


def test_the_duty_to_check_is_somebody_elses_than_whose_who_wrote_it(world, placement):
    decision = put(world, placement, by=world.team_manager)
    to_check = Duty.objects.open().filter(key__contains=f":approvals.decision:{decision.pk}:", role=Role.TEAM_MANAGER)
    alarm_of(placement)
    nobody = to_check.get()
    assert "somebody with no other part in the chain must be appointed to act" in nobody.says
    second = a(Role.TEAM_MANAGER, team=world.team)
    alarm_of(placement)
    assert to_check.get().owner == second


def test_what_nobody_checks_cannot_be_confirmed(world):
    decision = Decision(kind="viability", child=world.own_child)
    with pytest.raises(NotYou, match="somebody who checks it first, whom this kind of decision does not have"):
        carry_out(decision.confirm, by=world.team_manager, at=NOW, digest="")
