"""The Deputy Head types the record; a change voids what was agreed and signed, which is kept: S0 2.4, C-32."""

import pytest

from accounts.roles import Role
from approvals.models import RecordVersion, Signature
from approvals.states import State
from bench.chains import CONTENT
from casework.models import Event
from casework.steps import NotYet
from tests.approvals.steps import LATER, agree_all, convene, take
from tests.factories import NOW, chain_at, with_unapproved_relative


@pytest.fixture
def placement(world):
    return with_unapproved_relative(world.own_child)


def test_the_record_is_sealed_as_it_was_typed(world, placement):
    discussion = take(convene(world, placement), "record", by=world.dhos, content=CONTENT)
    version = discussion.version
    assert (version.number, version.content, version.typed_by, version.typed_at) == (1, CONTENT, world.dhos, NOW)
    assert len(version.digest) == 64
    assert version.is_intact


@pytest.mark.parametrize("change", [{"risks": "A large dog."}, {"risks": CONTENT["risks"] + " "}, {"contingency": ""}])
def test_every_change_of_a_word_gives_another_digest(world, placement, change):
    discussion = take(convene(world, placement), "record", by=world.dhos, content=CONTENT)
    first = discussion.version
    discussion = take(discussion, "record", by=world.dhos, content={**CONTENT, **change})
    assert discussion.version.digest != first.digest


def test_the_same_words_about_another_child_have_another_digest(world, placement):
    other = with_unapproved_relative(world.teams_child)
    first = take(convene(world, placement), "record", by=world.dhos, content=CONTENT)
    second = take(convene(world, other, social_worker=world.colleague), "record", by=world.dhos, content=CONTENT)
    assert first.version.digest != second.version.digest


@pytest.mark.parametrize("state", [State.TO_AGREE, State.AGREED, State.APPROVED])
def test_a_change_voids_what_was_signed_and_keeps_it_readable(world, placement, state):
    discussion = chain_at(state, placement)
    if state == State.TO_AGREE:
        discussion = take(discussion, "agree", by=world.legal)
    void = discussion.version
    signed = void.signatures.count()
    assert signed
    discussion = take(discussion, "record", by=world.dhos, at=LATER)
    assert discussion.state == State.TO_AGREE
    assert discussion.approved_as == ""
    assert not discussion.signatures_now.exists()
    assert len(discussion.yet_to_agree) == 4
    assert Signature.objects.filter(version=void).count() == signed
    assert RecordVersion.objects.get(pk=void.pk).content == CONTENT


def test_typing_the_same_again_is_no_change_and_voids_nothing(world, placement):
    discussion = chain_at(State.APPROVED, placement)
    with pytest.raises(NotYet, match="The record reads as version 1 does: there is nothing new in it"):
        take(discussion, "record", by=world.dhos, content=CONTENT)
    assert discussion.version.signatures.count() == 5


def test_whoever_typed_upon_an_older_version_is_told(world, placement):
    discussion = chain_at(State.TO_AGREE, placement)
    read = discussion.version.digest
    discussion = take(discussion, "record", by=world.dhos)
    with pytest.raises(NotYet, match="The record has changed since you opened it"):
        take(discussion, "record", by=world.dhos, content={"discussion": "Another text."}, digest=read)
    with pytest.raises(NotYet, match="The record has changed since you opened it"):
        take(discussion, "record", by=world.dhos, content={"discussion": "Another text."}, digest="")
    assert discussion.versions.count() == 2


@pytest.mark.parametrize("state", [State.SIGNED_OFF, State.COMMUNICATED, State.FILED, State.REFUSED, State.WITHDRAWN])
def test_what_is_signed_off_or_over_is_typed_no_more(world, placement, state):
    discussion = chain_at(state, placement)
    with pytest.raises(NotYet, match="“Type up the record” cannot be done now"):
        take(discussion, "record", by=world.dhos)


def test_after_a_dissent_the_head_of_service_says_first_what_was_agreed(world, placement):
    with pytest.raises(NotYet, match="this stands at “Service Director dissents”"):
        take(chain_at(State.DISSENTED, placement), "record", by=world.dhos)


def test_after_a_change_all_four_agree_again(world, placement):
    discussion = take(chain_at(State.AGREED, placement), "record", by=world.dhos)
    discussion = agree_all(world, discussion, roles=(Role.DHOS, Role.LEGAL, Role.TEAM_MANAGER))
    assert discussion.state == State.TO_AGREE
    assert agree_all(world, discussion, roles=(Role.SOCIAL_WORKER,)).state == State.AGREED


def test_the_event_names_the_version_and_nothing_that_it_says(world, placement):
    take(convene(world, placement), "record", by=world.dhos, content=CONTENT)
    event = Event.objects.get(act="record")
    assert event.details == {"version": 1}
    assert not any(text in str(event.details) for text in CONTENT.values())


def test_the_text_of_a_withdrawn_record_is_kept_for_the_next(world, placement):
    withdrawn = take(chain_at(State.TO_AGREE, placement), "withdraw", by=world.dhos)
    assert convene(world, placement).withdrawn_before == withdrawn.version
    other = with_unapproved_relative(world.teams_child)
    assert convene(world, other, social_worker=world.colleague).withdrawn_before is None


def test_the_text_of_a_refused_record_is_not(world, placement):
    """After a refusal the case discussion is about moving the child (C-31)."""
    chain_at(State.WITHDRAWN, placement)
    chain_at(State.REFUSED, placement)
    assert convene(world, placement).withdrawn_before is None
