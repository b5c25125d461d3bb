"""The four who discussed the case agree that its record is accurate: S0 2.4, C-33."""

from itertools import permutations

import pytest

from accounts.roles import Role
from approvals.models import RecordVersion
from approvals.states import Act, State
from casework.models import Event
from casework.steps import NotYet, NotYou
from tests.approvals.steps import FOUR, LATER, agree_all, take
from tests.factories import NOW, a, chain_at, with_unapproved_relative


@pytest.fixture
def discussion(world):
    return chain_at(State.TO_AGREE, with_unapproved_relative(world.own_child))


@pytest.mark.parametrize("order", list(permutations(FOUR))[::5])
def test_with_the_fourth_the_record_is_agreed_in_whatever_order(world, discussion, order):
    for role in order[:3]:
        discussion = take(discussion, "agree", by=world.person(role))
        assert discussion.state == State.TO_AGREE
    assert discussion.yet_to_agree == [order[3]]
    assert take(discussion, "agree", by=world.person(order[3])).state == State.AGREED


def test_a_signature_says_who_in_which_role_when_and_of_what(world, discussion):
    discussion = take(discussion, "agree", by=world.legal, at=LATER)
    signature = discussion.version.signatures.get()
    assert (signature.act, signature.role, signature.by, signature.at) == (Act.AGREE, Role.LEGAL, world.legal, LATER)
    assert signature.digest == discussion.version.digest
    assert Event.objects.get(act="agree").details == {"role": "legal"}


def test_nobody_agrees_twice(world, discussion):
    discussion = take(discussion, "agree", by=world.legal)
    with pytest.raises(NotYou, match="who has not agreed the record yet"):
        take(discussion, "agree", by=world.legal)


def test_whoever_read_another_version_agrees_nothing(world, discussion):
    read = discussion.version.digest
    discussion = take(discussion, "record", by=world.dhos)
    with pytest.raises(NotYet, match=r"The record has changed since you opened it\. Read it as it now stands"):
        take(discussion, "agree", by=world.legal, digest=read)
    assert not discussion.signatures_now.exists()


def test_a_record_that_was_changed_in_the_database_is_signed_by_nobody(world, discussion, monkeypatch):
    """The table refuses a change (see the guards); here the digest is what tells."""
    monkeypatch.setattr(RecordVersion, "seal", lambda version: "0" * 64)
    with pytest.raises(NotYet, match="was changed outside Hearth: it does not fit its digest"):
        take(discussion, "agree", by=world.legal)


def test_an_acting_team_manager_agrees_for_the_absent_one(world, discussion):
    acting = a(Role.TEAM_MANAGER, team=world.team, since=NOW, acting_for=world.team_manager)
    discussion = take(discussion, "agree", by=acting)
    signature = discussion.version.signatures.get()
    assert (signature.by, signature.role) == (acting, Role.TEAM_MANAGER)
    with pytest.raises(NotYou):
        take(discussion, "agree", by=world.team_manager, at=LATER)
    others = [role for role in FOUR if role != Role.TEAM_MANAGER]
    assert agree_all(world, discussion, roles=others).state == State.AGREED
