"""Two people press at the same moment: of every step of every noun exactly one holds, and the other reads a sentence.

Each row is a pair of clicks that cannot both be true. Which of the two came first is for the database to say.
"""

from datetime import timedelta

import pytest

from accounts.roles import Role
from approvals.models import ConnectedPerson, Decision, DecisionSignature, Signature
from approvals.states import State
from casework.events import faults_in_chains, label_of
from casework.meetings.models import Action, Meeting
from casework.models import Event
from casework.steps import carry_out
from placements.models import Carer, ProposedHome
from placements.states import Setting
from tests.approvals.connected_steps import asked_about
from tests.approvals.matters import MATTERS
from tests.approvals.of_decisions import begun, put
from tests.approvals.racing import click, one_holds
from tests.approvals.steps import usually_said
from tests.factories import NOW, a, chain_at, days_before, placed, with_unapproved_relative
from tests.meetings.story import DISRUPTION, Story

pytestmark = pytest.mark.django_db(transaction=True)

# Case discussions

DHOS, HOS, DIRECTOR, TM, SW = "dhos", "hos", "service_director", "team_manager", "social_worker"
OF_A_CHAIN = [
    (State.CONVENED, ("record", DHOS), ("record", "acting_dhos")),
    (State.CONVENED, ("withdraw", DHOS), ("withdraw", TM)),
    (State.TO_AGREE, ("record", DHOS), ("record", "acting_dhos")),
    (State.TO_AGREE, ("agree", DHOS), ("agree", "acting_dhos")),
    (State.AGREED, ("approve", HOS), ("approve", "acting_hos")),
    (State.AGREED, ("approve", HOS), ("refuse", "acting_hos")),
    (State.AGREED, ("approve", HOS), ("send_back", "acting_hos")),
    (State.AGREED, ("refuse", HOS), ("record", DHOS)),
    (State.APPROVED, ("sign_off", DIRECTOR), ("dissent", "acting_service_director")),
    (State.APPROVED, ("sign_off", DIRECTOR), ("withdraw", TM)),
    (State.APPROVED, ("dissent", DIRECTOR), ("dissent", "acting_service_director")),
    (State.DISSENTED, ("feed_back", HOS), ("feed_back", "acting_hos")),
    (State.CONVENED, ("note", DHOS), ("note", "acting_dhos")),
    (State.SIGNED_OFF, ("communicate", HOS), ("communicate", "acting_hos")),
    (State.SIGNED_OFF, ("renew", HOS), ("renew", "acting_hos")),
    (State.COMMUNICATED, ("know", TM), ("know", "acting_team_manager")),
    (State.COMMUNICATED, ("file", SW), ("file", SW)),
]


def test_of_a_case_discussion_every_step_is_taken_once(world):
    people = {role.value: world.person(role) for role in Role}
    for role, where in (
        (Role.TEAM_MANAGER, {"team": world.team}),
        (Role.DHOS, {"area": world.area}),
        (Role.HOS, {"area": world.area}),
        (Role.SERVICE_DIRECTOR, {}),
    ):
        people[f"acting_{role.value}"] = a(role, acting_for=world.person(role), since=days_before(30), **where)
    failed = {}
    for row in OF_A_CHAIN:
        state, *both = row
        discussion = chain_at(state, with_unapproved_relative(world.a_child(worker=world.social_worker)))
        clicks = [_click(discussion, step, people[who], who) for step, who in both]
        failed[row] = one_holds(*clicks) or _signed_twice(discussion)
    assert {row: why for row, why in failed.items() if why} == {}
    assert list(faults_in_chains()) == []


def _click(discussion, step, person, who):
    said = dict(usually_said(discussion, step))
    if step == "record":
        said["content"] = {**said["content"], "discussion": f"As {who} types it."}
    return click(discussion, step, person, **said)


def _signed_twice(discussion):
    """Nothing is signed twice in one role under one version."""
    signed = list(Signature.objects.filter(version__discussion=discussion).values_list("version", "role"))
    return "" if len(set(signed)) == len(signed) else f"signed twice: {signed}"


# Other senior decisions

OFFICERS = ("decision_maker", "second_officer")
OF_A_DECISION = [
    ("begun", ("put", SW), ("put", TM)),
    ("checking", ("put", SW), ("put", TM)),
    ("checking", ("confirm", TM), ("confirm", "second_manager")),
    ("checking", ("confirm", TM), ("hand_back", "second_manager")),
    ("checking", ("hand_back", TM), ("hand_back", "second_manager")),
    ("deciding", ("decide", OFFICERS[0]), ("decide", OFFICERS[1])),
    ("deciding", ("decide", OFFICERS[0]), ("decline", OFFICERS[1])),
    ("deciding", ("decide", OFFICERS[0]), ("hand_back", OFFICERS[1])),
    ("deciding", ("decide", OFFICERS[0]), ("put", SW)),
    ("deciding", ("decide", OFFICERS[0]), ("take_back", SW)),
    ("deciding", ("decline", OFFICERS[0]), ("decline", OFFICERS[1])),
    ("deciding", ("hand_back", OFFICERS[0]), ("hand_back", OFFICERS[1])),
]
MATTER = MATTERS["end of care"]


def decision_at(world, stage):
    child = world.a_child(worker=world.social_worker, age=12)
    if stage == "begun":
        return begun(world, MATTER.kind, child)
    decision = put(world, MATTER.kind, child, **MATTER.said)
    if stage == "deciding":
        decision = carry_out(decision.confirm, by=world.team_manager, at=NOW, digest=decision.version.digest)
    return decision


def said_of_decision(decision, step, who):
    digest = decision.version.digest if decision.version else ""
    match step:
        case "put":
            return {"content": MATTER.content(f"as the {who} has it"), "digest": digest}
        case "confirm" | "decide":
            return {"digest": digest}
    return {}


def test_of_a_decision_every_step_is_taken_once(world):
    people = {role.value: world.person(role) for role in Role}
    people["second_manager"] = a(Role.TEAM_MANAGER, team=world.team)
    people["second_officer"] = a(Role.DECISION_MAKER)
    failed = {}
    for row in OF_A_DECISION:
        stage, *both = row
        decision = decision_at(world, stage)
        clicks = [click(decision, step, people[who], **said_of_decision(decision, step, who)) for step, who in both]
        failed[row] = one_holds(*clicks) or _agreed_once(decision)
    assert {row: why for row, why in failed.items() if why} == {}
    assert list(faults_in_chains()) == []


def _agreed_once(decision):
    """What follows from a decision follows once, and from a signature."""
    signed = DecisionSignature.objects.filter(version__decision=decision, act="decide").count()
    agreed = decision.child.agreed_ceasings.count()
    return "" if signed == agreed <= 1 else f"{signed} signatures, {agreed} agreed"


def test_two_begin_the_same_and_one_is_begun(world):
    child = world.a_child(worker=world.social_worker, age=12)
    people = (world.social_worker, world.team_manager)
    assert not one_holds(*(click(Decision(kind=MATTER.kind, child=child), "prepare", person) for person in people))
    assert child.decisions.count() == 1


def test_two_say_that_the_child_moved_and_it_takes_effect_once(world):
    child, home = world.own_child, Carer.objects.create(name="The father")
    proposed = ProposedHome(child=child, setting=Setting.PARENT, carer=home, relationship="Father", proposed_at=NOW)
    decision = put(world, "with_parents", child, proposed=proposed)
    digest = decision.version.digest
    decision = carry_out(decision.confirm, by=world.team_manager, at=NOW, digest=digest)
    decision = carry_out(decision.decide, by=world.decision_maker, at=NOW, digest=digest)
    placement = placed(child, Setting.PARENT, since=NOW + timedelta(hours=1), carer=home, relationship="Father")
    people, later = (world.social_worker, world.team_manager), NOW + timedelta(hours=2)
    assert not one_holds(*(click(decision, "take_effect", person, at=later) for person in people))
    assert placement.authorisations.count() == 1


# Relatives and friends


def test_of_a_relative_or_friend_every_step_is_taken_once(world):
    carer, people = Carer.objects.create(name="Ada Aunt"), (world.social_worker, world.team_manager)
    asked = {"carer": carer, "relationship": "Aunt", "asked_on": NOW.date()}
    enquiries = (click(ConnectedPerson(child=world.own_child), "enquire", person, **asked) for person in people)
    assert not one_holds(*enquiries)
    assert world.own_child.connected_persons.count() == 1

    decided = {"decided_on": NOW.date()}
    refuse = ("refuse_in_full", {**decided, "why_not": "care"})
    leave = ("take_no_further", {"ended_on": NOW.date(), "how_ended": "withdrew", "why_not": "their_choice"})
    approve = ("approve_in_full", {**decided, "decided_by": "Panel"})
    failed = {}
    for one, other in ((refuse, refuse), (refuse, leave), (leave, leave), (approve, approve), (approve, leave)):
        person = asked_about(world, child=world.a_child(worker=world.social_worker))
        acts = zip((one, other), people, strict=True)
        failed[one[0], other[0]] = one_holds(*(click(person, step, by, **said) for (step, said), by in acts))
    assert {row: why for row, why in failed.items() if why} == {}


def test_a_review_is_asked_for_and_decided_once(world):
    people = (world.social_worker, world.team_manager)
    person = asked_about(world)
    told = {"decided_on": NOW.date(), "why_not": "care"}
    person = carry_out(person.refuse_in_full, by=world.social_worker, at=NOW, because="Risks.", **told)
    assert not one_holds(*(click(person, "ask_for_review", by, asked_on=NOW.date()) for by in people))
    assert not one_holds(*(click(person, "uphold_refusal", by, decided_on=NOW.date()) for by in people))


# Meetings


@pytest.fixture
def story(world):
    from casework.meetings import kind as kinds

    kinds.declare((DISRUPTION,))
    yield Story(world)
    del kinds._kinds[DISRUPTION.code]


def test_of_a_meeting_every_step_is_taken_once(world, story):
    people = (world.service_manager, world.team_manager)
    at = days_before(5)
    meeting = story.arranged()
    came = {"ended_at": meeting.ends_at, "came": story.came()}
    failed = {"hold": one_holds(*(click(meeting, "hold", by, at=at, **came) for by in people))}
    texts = ({"cause": f"Said by {by.username}.", "learning": "-", "legal_advice": "-"} for by in people)
    minutes = [
        click(meeting, "minute", by, at=at, content=text, digest="") for by, text in zip(people, texts, strict=True)
    ]
    failed["minute"] = one_holds(*minutes)
    meeting = Meeting.objects.get(pk=meeting.pk)
    owner = story.invitation(world.social_worker)
    told = {"says": "Bring the bicycle.", "owner": owner, "due_on": NOW.date()}
    for one, other in (("finish", "finish"), ("finish", "drop"), ("drop", "drop")):
        action = carry_out(Action(meeting=meeting).agree, by=world.team_manager, at=at, **told)
        said = {"finish": {"outcome": "It is there."}, "drop": {}}
        acts = zip((one, other), (world.service_manager, world.service_manager), strict=True)
        failed[one, other] = one_holds(*(click(action, step, by, **said[step]) for step, by in acts))
        assert Event.objects.filter(record=label_of(action)).count() == 2
    assert {row: why for row, why in failed.items() if why} == {}


def test_a_meeting_is_called_off_or_held(world, story):
    meeting = story.arranged()
    called_off = click(meeting, "call_off", world.service_manager, at=days_before(5))
    held = click(meeting, "hold", world.service_manager, at=days_before(5), ended_at=meeting.ends_at, came=story.came())
    assert not one_holds(called_off, held)
