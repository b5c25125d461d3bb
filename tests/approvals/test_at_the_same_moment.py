"""Several people, or one person's several clicks, at the same moment: nothing doubled, nothing skipped (quality.md)."""

import time

import pytest
from django.db import transaction

from accounts.roles import Role
from approvals.models import CaseDiscussion, Signature
from approvals.states import Act, State
from casework.events import faults_in_chains, label_of
from casework.models import AnsweredPost, Event
from casework.steps import carry_out
from placements.models import Authorisation
from tests.approvals.racing import together
from tests.approvals.steps import FOUR, convene, signed_in_with_password, take
from tests.factories import NOW, a, appointed, chain_at, with_unapproved_relative

ROUNDS = 50
SECONDS = 40

pytestmark = pytest.mark.django_db(transaction=True)


def signing(discussion, step, person, **said):
    """A click on a page that was opened before."""
    seen, digest = CaseDiscussion.objects.get(pk=discussion.pk), discussion.version.digest

    def sign():
        carry_out(getattr(seen, step), by=person, at=NOW, digest=digest, **said)

    return sign


def test_four_final_signatures_at_the_same_moment_are_one_in_fifty_rounds(world, monkeypatch):
    """The measured prototype doubled 164 of 200; a row lock doubles none."""
    monkeypatch.setattr("casework.steps._look", lambda *files: None)  # the diary is no part of this race
    directors = [world.service_director, *(a(Role.SERVICE_DIRECTOR) for _ in range(3))]
    placement = with_unapproved_relative(world.own_child)
    spent = 0.0
    for number in range(ROUNDS):
        discussion = _approved(world, placement, f"Round {number}.")
        clicks = [signing(discussion, "sign_off", director) for director in directors]
        begun = time.monotonic()
        went = together(*clicks)
        spent += time.monotonic() - begun
        assert sorted(went) == ["NotYet", "NotYet", "NotYet", "done"]
        assert Signature.objects.filter(version=discussion.version, act=Act.SIGN_OFF).count() == 1
        assert Authorisation.objects.in_force(NOW).filter(record=label_of(discussion)).count() == 1
        assert Event.objects.filter(record=label_of(discussion), act="sign_off").count() == 1
    assert spent < SECONDS
    assert list(faults_in_chains()) == []


def _approved(world, placement, text):
    """A chain that waits for the Director, in a few steps; the one before it is filed."""
    before = CaseDiscussion.objects.running().filter(placement=placement).first()
    if before:
        before = carry_out(before.communicate, by=world.hos, at=NOW)
        carry_out(before.file, by=world.social_worker, at=NOW, reference="DOC-1")
    discussion = convene(world, placement)
    discussion = carry_out(discussion.record, by=world.dhos, at=NOW, content={"discussion": text})
    for role in FOUR:
        discussion = carry_out(discussion.agree, by=world.person(role), at=NOW, digest=discussion.version.digest)
    digest = discussion.version.digest
    return carry_out(discussion.approve, by=world.hos, at=NOW, digest=digest, approved_as="interim")


def test_the_four_agree_at_the_same_moment_and_the_record_is_agreed(world):
    """Without a lock each of the last two sees the other missing, and the fully agreed record is stuck."""
    discussion = chain_at(State.TO_AGREE, with_unapproved_relative(world.own_child))
    for _ in range(10):
        went = together(*(signing(discussion, "agree", world.person(role)) for role in FOUR))
        assert went == ["done"] * 4
        discussion = CaseDiscussion.objects.get(pk=discussion.pk)
        assert discussion.state == State.AGREED
        assert discussion.signatures_now.count() == 4
        discussion = take(discussion, "record", by=world.dhos)


def test_one_person_clicking_four_times_agrees_once(world):
    discussion = chain_at(State.TO_AGREE, with_unapproved_relative(world.own_child))
    went = together(*(signing(discussion, "agree", world.legal) for _ in range(4)))
    assert sorted(went) == ["NotYou", "NotYou", "NotYou", "done"]
    assert discussion.signatures_now.get().by == world.legal


def test_somebody_with_two_roles_signs_in_one_however_fast_the_clicks(world):
    """Named as team manager, Head of Service since: agreeing and approving at once."""
    discussion = chain_at(State.AGREED, with_unapproved_relative(world.own_child))
    appointed(world.hos, Role.SERVICE_DIRECTOR)
    approving = signing(discussion, "approve", world.hos, approved_as="interim")
    went = together(approving, signing(discussion, "sign_off", world.hos))
    assert went[0] == "done"
    assert went[1] in ("NotYet", "NotYou")
    assert discussion.signatures_now.filter(by=world.hos).count() == 1


def test_a_change_of_the_record_and_a_signature_at_the_same_moment(world):
    """Either the signature came first and is void, or the change did and the signer is told."""
    discussion = chain_at(State.APPROVED, with_unapproved_relative(world.own_child))

    def type_anew():
        seen = CaseDiscussion.objects.get(pk=discussion.pk)
        carry_out(seen.record, by=world.dhos, at=NOW, content={"discussion": "Something else."})

    signed, typed = together(signing(discussion, "sign_off", world.service_director), type_anew)
    now = CaseDiscussion.objects.get(pk=discussion.pk)
    assert (signed, typed, now.state) in {
        ("done", "NotYet", State.SIGNED_OFF),
        ("NotYet", "done", State.TO_AGREE),
    }


def test_two_who_convene_at_the_same_moment_convene_one(world):
    placement = with_unapproved_relative(world.own_child)

    def click():
        with transaction.atomic():
            convene(world, placement)

    assert sorted(together(*[click] * 4)) == ["IntegrityError"] * 3 + ["done"]
    assert placement.case_discussions.count() == 1


@pytest.mark.parametrize("step", ["agree", "sign_off"])
def test_one_form_sent_four_times_at_the_same_moment_acts_once_and_answers_four_times(world_today, step):
    world = world_today
    state, person = {"agree": (State.TO_AGREE, world.legal), "sign_off": (State.APPROVED, world.service_director)}[step]
    since = world.at.replace(microsecond=0)
    placement = with_unapproved_relative(world.own_child, since=since)
    discussion = chain_at(state, placement, held_at=since)
    url = f"/approvals/{discussion.pk}/{step}/"
    sent = {"key": "6b0a9d0e-7a0e-4f7e-9a57-5f0c64a0a001", "digest": discussion.version.digest}
    clients = [signed_in_with_password(person) for _ in range(4)]

    def post(client):
        answer = client.post(url, sent)
        return f"{answer.status_code} {answer.headers.get('Location', '')}"

    went = together(*((lambda c=client: post(c)) for client in clients))
    assert went == [f"302 /approvals/{discussion.pk}/"] * 4
    assert discussion.signatures_now.filter(by=person).count() == 1
    assert AnsweredPost.objects.count() == 1
    late = signed_in_with_password(person).post(url, sent)
    assert (late.status_code, late.headers["Location"]) == (302, f"/approvals/{discussion.pk}/")
    other = signed_in_with_password(person).post(url, {**sent, "digest": "of something else"})
    assert other.status_code == 422
    assert "The record has changed since you opened it" in other.content.decode()
