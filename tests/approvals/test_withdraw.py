"""A case discussion is withdrawn when its arrangement ended or became regulated, or when the four must meet again."""

import pytest

from approvals.models import CaseDiscussion
from approvals.states import State
from casework.models import Event
from casework.steps import NotYet
from tests.approvals.steps import take
from tests.factories import chain_at, days_before, ended, with_unapproved_relative

UNDER_WAY = (State.CONVENED, State.TO_AGREE, State.AGREED, State.APPROVED, State.SENT_BACK, State.DISSENTED)


@pytest.fixture
def placement(world):
    return with_unapproved_relative(world.own_child)


@pytest.mark.parametrize("state", UNDER_WAY)
def test_until_final_sign_off_it_can_be_withdrawn_with_reasons(world, placement, state):
    discussion = take(chain_at(state, placement), "withdraw", by=world.team_manager, because="The aunt was approved.")
    assert discussion.state == State.WITHDRAWN
    assert not discussion.is_under_way
    event = Event.objects.get(act="withdraw")
    assert (event.from_state, event.because) == (state, "The aunt was approved.")


@pytest.mark.parametrize("state", [State.SIGNED_OFF, State.COMMUNICATED, State.FILED, State.REFUSED, State.WITHDRAWN])
def test_what_is_signed_off_or_over_is_not_withdrawn(world, placement, state):
    with pytest.raises(NotYet, match="“Withdraw the case discussion” cannot be done now"):
        take(chain_at(state, placement), "withdraw", by=world.dhos)


def test_what_was_signed_stays_readable(world, placement):
    discussion = take(chain_at(State.APPROVED, placement), "withdraw", by=world.dhos)
    assert discussion.version.signatures.count() == 5


def test_once_the_arrangement_is_over_withdrawing_is_what_remains(world, placement):
    discussion = chain_at(State.APPROVED, placement)
    ended(placement, on=days_before(1))
    discussion = CaseDiscussion.objects.get(pk=discussion.pk)
    assert take(discussion, "withdraw", by=world.dhos).state == State.WITHDRAWN
