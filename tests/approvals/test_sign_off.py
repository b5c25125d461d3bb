"""The Service Director signs finally, or dissents; then it is communicated and filed: S0 2.5b-2.7, C-31."""

from datetime import date, timedelta

import pytest

from approvals.models import CaseDiscussion
from approvals.states import Act, ApprovedAs, State
from casework import diary
from casework.events import label_of
from casework.limits import end_of
from casework.models import Event
from casework.steps import NotYet
from placements.models import Authorisation, PresentStanding
from placements.states import AuthorisationKind, Lawfulness
from tests.approvals.steps import LATER, agree_all, convene, take
from tests.factories import NOW, allocated_to, chain_at, days_before, ended, with_unapproved_relative


@pytest.fixture
def placement(world):
    return with_unapproved_relative(world.own_child)


@pytest.fixture
def approved(placement):
    return chain_at(State.APPROVED, placement)


@pytest.mark.parametrize("approved_as", ApprovedAs)
def test_with_final_sign_off_the_arrangement_has_oversight(world, placement, approved_as):
    discussion = take(
        chain_at(State.APPROVED, placement, approved_as=approved_as), "sign_off", by=world.service_director
    )
    assert discussion.state == State.SIGNED_OFF
    signed = discussion.signatures_now.get(act=Act.SIGN_OFF)
    authorisation = Authorisation.objects.get()
    assert (signed.by, authorisation.by) == (world.service_director, world.service_director)
    assert (authorisation.kind, authorisation.placement) == (AuthorisationKind.CONNECTED_PERSON, placement)
    assert authorisation.as_permanence == (approved_as == ApprovedAs.PERMANENCE)
    holds_until = end_of(date(2026, 4, 6)) if approved_as == ApprovedAs.INTERIM else None
    assert (authorisation.starts_at, authorisation.ends_at) == (NOW, holds_until)
    assert authorisation.record == label_of(discussion)


def test_it_is_no_more_lawful_than_before(world, placement, approved):
    """C-00: oversight and lawfulness are two facts."""
    take(approved, "sign_off", by=world.service_director)
    diary.refresh([placement.case_file_id], at=NOW)
    assert PresentStanding.objects.get(placement=placement).lawfulness == Lawfulness.NOT_LAWFUL


def test_a_later_sign_off_takes_the_place_of_an_earlier_one(world, placement):
    chain_at(State.FILED, placement)
    again = agree_all(world, take(convene(world, placement), "record", by=world.dhos))
    again = take(again, "approve", by=world.hos, approved_as=ApprovedAs.PERMANENCE)
    take(again, "sign_off", by=world.service_director, at=LATER)
    before, now = Authorisation.objects.order_by("starts_at")
    assert before.ends_at == now.starts_at == LATER
    assert (before.as_permanence, now.as_permanence) == (False, True)


def test_whoever_read_another_version_signs_nothing(world, approved):
    read = approved.version.digest
    discussion = agree_all(world, take(approved, "record", by=world.dhos))
    discussion = take(discussion, "approve", by=world.hos)
    with pytest.raises(NotYet, match="The record has changed since you opened it"):
        take(discussion, "sign_off", by=world.service_director, digest=read)
    assert not Authorisation.objects.exists()


def test_an_arrangement_that_has_ended_is_not_signed_off(world, placement, approved):
    ended(placement, on=days_before(1))
    with pytest.raises(NotYet, match="The arrangement ended on 8 March 2026: there is nothing left to approve"):
        take(CaseDiscussion.objects.get(pk=approved.pk), "sign_off", by=world.service_director)


# Dissent: S0 2.7


def test_the_director_dissents_with_reasons(world, approved):
    discussion = take(approved, "dissent", by=world.service_director, because="Not without a plan for assessment.")
    assert discussion.state == State.DISSENTED
    assert Event.objects.get(act="dissent").because == "Not without a plan for assessment."
    assert not Authorisation.objects.exists()
    with pytest.raises(NotYet):
        take(discussion, "sign_off", by=world.service_director)


def test_what_was_agreed_after_the_dissent_is_fed_back_and_the_record_goes_round_again(world, approved):
    discussion = take(approved, "dissent", by=world.service_director)
    actions = "Assessment of the aunt by 30 March (fostering)."
    discussion = take(discussion, "feed_back", by=world.hos, because=actions)
    assert discussion.state == State.SENT_BACK
    assert Event.objects.get(act="feed_back").because == actions
    discussion = agree_all(world, take(discussion, "record", by=world.dhos))
    discussion = take(discussion, "approve", by=world.hos)
    assert take(discussion, "sign_off", by=world.service_director).state == State.SIGNED_OFF


def test_where_the_record_need_not_change_it_goes_to_the_director_again(world, approved):
    """C-31: the record goes round again if changed."""
    discussion = take(approved, "dissent", by=world.service_director)
    discussion = take(discussion, "feed_back", by=world.hos, record_changes=False)
    assert (discussion.state, discussion.approved_as) == (State.APPROVED, ApprovedAs.INTERIM)
    assert discussion.signatures_now.count() == 5
    assert take(discussion, "sign_off", by=world.service_director).state == State.SIGNED_OFF


def test_the_director_may_dissent_again_and_again(world, approved):
    discussion = approved
    for hour in range(3):
        at = NOW + timedelta(hours=hour)
        discussion = take(discussion, "dissent", by=world.service_director, at=at)
        discussion = take(discussion, "feed_back", by=world.hos, at=at, record_changes=False)
    assert discussion.state == State.APPROVED


# Communicated and filed: S0 2.6


def test_the_outcome_is_communicated_and_then_the_record_filed(world, approved):
    discussion = take(approved, "sign_off", by=world.service_director)
    with pytest.raises(NotYet, match="this stands at “Signed off by the Service Director”"):
        take(discussion, "file", by=world.social_worker)
    discussion = take(discussion, "communicate", by=world.hos)
    assert discussion.state == State.COMMUNICATED
    discussion = take(discussion, "file", by=world.social_worker, reference="LL-2026-77")
    assert (discussion.state, discussion.filed_as) == (State.FILED, "LL-2026-77")
    assert Event.objects.get(act="file").details == {"reference": "LL-2026-77"}


def test_the_worker_to_whom_the_child_was_allocated_since_files(world, approved):
    allocated_to(world.own_child, world.colleague, since=NOW)
    discussion = take(approved, "sign_off", by=world.service_director)
    discussion = take(discussion, "communicate", by=world.hos)
    assert take(discussion, "file", by=world.colleague).state == State.FILED
