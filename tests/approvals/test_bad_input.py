"""Every form of approvals, of relatives and friends and of meetings, filled in by careless and hostile hands.

The answer is a page with sentences, what was typed stands in it, and nothing breaks. Each sending is undone.
"""

import re
from datetime import date, datetime, timedelta
from html import unescape

import pytest
from django.db import transaction
from django.urls import reverse

from accounts.roles import Role
from approvals.models import Decision
from approvals.record.parts import SECTIONS
from approvals.states import State
from casework.meetings import kind as kinds
from casework.meetings.models import Action, Meeting
from casework.models import Event
from casework.steps import carry_out
from tests.approvals.connected_steps import asked_about
from tests.approvals.controls import EMOJI, WORD, controls_of, filled, ways_to_send
from tests.approvals.matters import MATTERS
from tests.approvals.steps import give_password
from tests.factories import NOW, chain_at, days_before, with_unapproved_relative
from tests.meetings.story import DISRUPTION, Story

pytestmark = pytest.mark.django_db
SENTENCE = re.compile(r"<(?:li|p)[^>]*>\s*(?:<a[^>]*>)?[A-Z“‘][^<]{8,}")


def answers_soundly(client, url):
    """Send a form in every way. Gives back what was answered otherwise than it should be, by the way it was sent."""
    client.raise_request_exception = False
    page = client.get(url)
    controls = controls_of(page)
    if page.status_code != 200 or not controls:
        return {"opening it": page.status_code}
    wrong = {}
    for way, sent in ways_to_send(controls).items():
        with transaction.atomic():
            answer = client.post(url, sent)
            if answer.status_code == 302 and "reauthenticate" in answer.headers["Location"]:
                give_password(client)
                answer = client.post(url, sent)
            wrong[way] = _what_is_wrong(answer, sent)
            transaction.set_rollback(True)
    return {way: why for way, why in wrong.items() if why}


def _what_is_wrong(answer, sent):
    if answer.status_code == 302:
        return ""
    html = unescape(answer.content.decode())
    if answer.status_code not in (400, 403, 409, 422):
        return f"answered {answer.status_code}"
    if not SENTENCE.search(html.partition("<main")[2]):
        return "no sentence"
    texts = [text for text in sent.values() if isinstance(text, str) and len(text) > 8 and text in (WORD, EMOJI)]
    lost = [text for text in texts[:1] if answer.status_code == 422 and _core(text) not in html]
    return f"lost what was typed: {_core(lost[0])}" if lost else ""


def _core(text):
    """What has to come back of a text, whatever of it no database can hold."""
    return "so <b>bold</b> & {{ so }}" if text == WORD else text


# The chain

STEPS = [
    (State.CONVENED, "note", Role.DHOS),
    (State.CONVENED, "withdraw", Role.TEAM_MANAGER),
    (State.AGREED, "approve", Role.HOS),
    (State.AGREED, "send_back", Role.HOS),
    (State.AGREED, "refuse", Role.HOS),
    (State.APPROVED, "dissent", Role.SERVICE_DIRECTOR),
    (State.DISSENTED, "feed_back", Role.HOS),
    (State.SIGNED_OFF, "renew", Role.HOS),
    (State.COMMUNICATED, "file", Role.SOCIAL_WORKER),
]


@pytest.mark.parametrize(("state", "step", "role"), STEPS, ids=lambda each: str(each))
def test_each_step_of_a_case_discussion(world, signed_in, state, step, role):
    discussion = chain_at(state, with_unapproved_relative(world.own_child))
    assert answers_soundly(signed_in(world.person(role)), reverse("approvals:take", args=[discussion.pk, step])) == {}


def test_the_form_that_convenes(world, signed_in):
    placement = with_unapproved_relative(world.own_child)
    assert answers_soundly(signed_in(world.dhos), reverse("approvals:convene", args=[placement.pk])) == {}


@pytest.mark.parametrize("section", [section.name for section in SECTIONS])
def test_each_section_of_the_record(world, signed_in, section):
    discussion = chain_at(State.CONVENED, with_unapproved_relative(world.own_child))
    url = reverse("approvals:record_section", args=[discussion.pk, section])
    assert answers_soundly(signed_in(world.dhos), url) == {}


# Other senior decisions


@pytest.mark.parametrize("matter", MATTERS)
def test_what_is_written_for_each_kind_of_decision(world, signed_in, matter):
    matter = MATTERS[matter]
    child = world.a_child(worker=world.social_worker, **matter.child)
    decision = Decision(kind=matter.kind, child=child, **matter.situation(world, child))
    decision = carry_out(decision.prepare, by=world.social_worker, at=NOW)
    url = reverse("approvals:take_decision", args=[decision.pk, "put"])
    assert answers_soundly(signed_in(world.social_worker), url) == {}


@pytest.mark.parametrize(
    ("step", "role"),
    [("hand_back", Role.TEAM_MANAGER), ("take_back", Role.SOCIAL_WORKER), ("decline", Role.DECISION_MAKER)],
)
def test_reasons_against_a_decision(world, signed_in, step, role):
    matter = MATTERS["end of care"]
    child = world.a_child(worker=world.social_worker, **matter.child)
    decision = carry_out(Decision(kind=matter.kind, child=child).prepare, by=world.social_worker, at=NOW)
    decision = carry_out(decision.put, by=world.social_worker, at=NOW, content=matter.content())
    if step == "decline":
        decision = carry_out(decision.confirm, by=world.team_manager, at=NOW, digest=decision.version.digest)
    url = reverse("approvals:take_decision", args=[decision.pk, step])
    assert answers_soundly(signed_in(world.person(role)), url) == {}


def test_a_yes_by_telephone_does_not_lie_ahead(world, signed_in):
    matter = MATTERS["unregistered setting"]
    about = matter.situation(world, world.own_child)
    decision = carry_out(
        Decision(kind=matter.kind, child=world.own_child, **about).prepare, by=world.social_worker, at=NOW
    )
    client, url = signed_in(world.social_worker), reverse("approvals:take_decision", args=[decision.pk, "put"])
    sent = filled(controls_of(client.get(url)))
    later = {"said_at_day": "9", "said_at_month": "3", "said_at_year": "2026", "said_at_time": "10:01"}
    answer = client.post(url, {**sent, **later, "said_by": world.service_director.pk})
    assert answer.status_code == 422
    assert "must be today or in the past: record it when it has happened" in answer.content.decode()


# Relatives and friends


def test_an_enquiry_and_who_lives_there(world, signed_in):
    client = signed_in(world.social_worker)
    assert answers_soundly(client, reverse("approvals:enquire", args=[world.own_child.pk])) == {}
    person = asked_about(world)
    assert answers_soundly(client, reverse("approvals:add_to_household", args=[person.pk])) == {}
    member = person.household.get()
    assert answers_soundly(client, reverse("approvals:household_member", args=[person.pk, member.pk])) == {}


@pytest.mark.parametrize("step", ["approve_in_full", "refuse_in_full", "take_no_further"])
def test_what_came_of_an_enquiry(world, signed_in, step):
    url = reverse("approvals:take_about_person", args=[asked_about(world).pk, step])
    assert answers_soundly(signed_in(world.social_worker), url) == {}


# Meetings


@pytest.fixture
def story(world):
    kinds.declare((DISRUPTION,))
    yield Story(world)
    del kinds._kinds[DISRUPTION.code]


def test_arranging_a_meeting_and_what_becomes_of_it(world, story, signed_in):
    client = signed_in(world.service_manager)
    file = story.child.case_file_id
    worker = signed_in(world.social_worker)
    assert answers_soundly(worker, reverse("meetings:arrange", args=[DISRUPTION.code, file])) == {}
    meeting = story.arranged()
    for step in ("rearrange", "call_off", "hold"):
        assert answers_soundly(client, reverse("meetings:take", args=[meeting.pk, step])) == {}, step
    story.held()
    assert answers_soundly(client, reverse("meetings:take", args=[meeting.pk, "minute"])) == {}
    assert answers_soundly(client, reverse("meetings:agree", args=[meeting.pk])) == {}
    story.minuted()
    assert answers_soundly(client, reverse("meetings:take", args=[meeting.pk, "circulate"])) == {}


@pytest.mark.parametrize("step", ["finish", "chase", "change", "drop"])
def test_an_action_of_a_meeting(world, story, signed_in, step):
    action = story.agreed(world.social_worker, NOW.date() + timedelta(days=3))
    url = reverse("meetings:take_action", args=[action.pk, step])
    assert answers_soundly(signed_in(world.service_manager), url) == {}


def test_nobody_attends_in_a_role_that_he_or_she_does_not_hold(world, story, signed_in, send):
    client, url = (
        signed_in(world.social_worker),
        reverse("meetings:arrange", args=[DISRUPTION.code, story.child.case_file_id]),
    )
    controls = controls_of(client.get(url))
    seat = next(each.name for each in controls if "team_manager" in each.name)
    answer = client.post(url, {**filled(controls), seat: world.elsewhere(Role.TEAM_MANAGER).pk})
    assert answer.status_code == 422
    assert "Team manager" in answer.content.decode()
    assert not Meeting.objects.exists()


def test_an_action_is_not_due_before_its_meeting(world, story, signed_in, send):
    story.held()
    client, url = signed_in(world.service_manager), reverse("meetings:agree", args=[story.meeting.pk])
    owner = story.invitation(world.social_worker).pk
    before = (days_before(7)).date()
    answer = send(
        client, url, says="Bring the bicycle.", owner=owner, due_on=date(before.year, before.month, before.day)
    )
    assert answer.status_code == 422
    assert "Bring the bicycle." in answer.content.decode()
    assert not Action.objects.exists()


@pytest.mark.parametrize(
    ("held_at", "says"),
    [(days_before(21), "before the child lived there"), (NOW + timedelta(minutes=1), "must have ended")],
)
def test_a_case_discussion_is_held_neither_before_the_move_nor_in_the_future(world, signed_in, send, held_at, says):
    placement = with_unapproved_relative(world.own_child)
    people = {name: getattr(world, name).pk for name in ("social_worker", "team_manager", "legal")}
    url = reverse("approvals:convene", args=[placement.pk])
    answer = send(signed_in(world.dhos), url, held_at=datetime.fromisoformat(held_at.isoformat()), **people)
    assert answer.status_code == 422
    assert says in unescape(answer.content.decode())
    assert not Event.objects.filter(act="convene").exists()
