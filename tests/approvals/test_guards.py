"""What the database itself refuses, whatever goes past the door: a step skipped, a signature doubled, moved or removed."""

import pytest
from django.db import Error, IntegrityError, connection, transaction

from accounts.roles import Role
from approvals.models import CaseDiscussion, RecordVersion, Signature
from approvals.states import Act, State
from casework.events import label_of
from placements.models import Authorisation
from placements.states import AuthorisationKind
from tests.approvals.steps import agree_all, take
from tests.factories import NOW, a, appointed, chain_at, with_unapproved_relative


@pytest.fixture
def discussion(world):
    return chain_at(State.TO_AGREE, with_unapproved_relative(world.own_child))


def insert(version, act, role, by, digest=None):
    """A signature written past the door."""
    with transaction.atomic():
        return Signature.objects.create(
            version=version, act=act, role=role, by=by, at=NOW, digest=digest or version.digest
        )


def test_a_signature_out_of_order_is_refused(world, discussion):
    version = discussion.version
    with pytest.raises(Error, match="four people agree the record before it is approved"):
        insert(version, Act.APPROVE, Role.HOS, world.hos)
    with pytest.raises(Error, match="four people agree the record before it is approved"):
        insert(version, Act.SIGN_OFF, Role.SERVICE_DIRECTOR, world.service_director)
    for role in (Role.SOCIAL_WORKER, Role.TEAM_MANAGER, Role.LEGAL):
        insert(version, Act.AGREE, role, world.person(role))
    with pytest.raises(Error, match="four people agree the record before it is approved"):
        insert(version, Act.APPROVE, Role.HOS, world.hos)
    insert(version, Act.AGREE, Role.DHOS, world.dhos)
    with pytest.raises(Error, match="the Head of Service approves before final sign-off"):
        insert(version, Act.SIGN_OFF, Role.SERVICE_DIRECTOR, world.service_director)


def test_a_signature_without_the_digest_of_its_version_is_refused(world, discussion):
    with pytest.raises(Error, match="bound to the version that it signs"):
        insert(discussion.version, Act.AGREE, Role.LEGAL, world.legal, digest="0" * 64)


def test_a_signature_under_a_void_version_is_refused(world, discussion):
    void = discussion.version
    take(discussion, "record", by=world.dhos)
    with pytest.raises(Error, match="a version that was typed anew is not signed any more"):
        insert(void, Act.AGREE, Role.LEGAL, world.legal)


def test_a_second_signature_of_a_role_or_of_a_person_is_refused(world, discussion):
    insert(discussion.version, Act.AGREE, Role.LEGAL, world.legal)
    with pytest.raises(IntegrityError, match="one_signature_per_role_and_version"):
        insert(discussion.version, Act.AGREE, Role.LEGAL, a(Role.LEGAL, acting_for=world.legal))
    with pytest.raises(Error, match="nobody signs two steps of one chain"):
        insert(discussion.version, Act.AGREE, Role.DHOS, world.legal)


def test_a_second_role_in_a_later_version_is_refused(world, discussion):
    insert(discussion.version, Act.AGREE, Role.LEGAL, world.legal)
    discussion = take(discussion, "record", by=world.dhos)
    with pytest.raises(Error, match="nobody signs two steps of one chain"):
        insert(discussion.version, Act.AGREE, Role.DHOS, world.legal)
    insert(discussion.version, Act.AGREE, Role.LEGAL, world.legal)


@pytest.mark.parametrize(("act", "role"), [(Act.AGREE, Role.HOS), (Act.AGREE, Role.IRO), (Act.APPROVE, Role.DHOS)])
def test_a_role_that_does_not_belong_to_the_act_is_refused(world, discussion, act, role):
    if act == Act.APPROVE:
        discussion = take_all_four(world, discussion)
    with pytest.raises(Error, match=r"each_signs_in_the_role_of_the_act|agrees as one of the four|discussed or typed"):
        insert(discussion.version, act, role, world.person(role))


def take_all_four(world, discussion):
    for role in (Role.SOCIAL_WORKER, Role.TEAM_MANAGER, Role.LEGAL, Role.DHOS):
        discussion = take(discussion, "agree", by=world.person(role))
    return discussion


@pytest.mark.parametrize("model", [Signature, RecordVersion])
@pytest.mark.parametrize("change", ["update", "delete"])
def test_signatures_and_versions_are_never_changed_or_removed(world, discussion, model, change):
    take(discussion, "agree", by=world.legal)
    rows = model.objects.all()
    with pytest.raises(Error, match=r"rows of .* are never changed or removed"), transaction.atomic():
        rows.update(digest="0" * 64) if change == "update" else rows._raw_delete(using="default")
    assert rows.count() == 1


@pytest.mark.parametrize("state", [State.AGREED, State.APPROVED, State.SIGNED_OFF, State.COMMUNICATED, State.FILED])
def test_a_chain_that_skips_is_refused(discussion, state):
    with (
        pytest.raises(Error, match="nothing is agreed, approved or signed off without the signatures"),
        transaction.atomic(),
    ):
        CaseDiscussion.objects.filter(pk=discussion.pk).update(state=state)
    by_hand = "UPDATE approvals_casediscussion SET state = %s WHERE id = %s"
    refused = pytest.raises(Error, match="nothing is agreed, approved or signed off without the signatures")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(by_hand, [state, discussion.pk])


@pytest.mark.parametrize("state", [State.TO_AGREE, State.SENT_BACK, State.WITHDRAWN])
def test_one_that_does_not_begin_with_the_case_discussion_is_refused(world, state):
    placement = with_unapproved_relative(world.teams_child)
    with pytest.raises(Error, match="a chain goes one step at a time"), transaction.atomic():
        CaseDiscussion.objects.bulk_create([CaseDiscussion(placement=placement, state=state)])


@pytest.mark.parametrize(
    ("stands", "to"),
    [
        (State.SIGNED_OFF, State.FILED),
        (State.FILED, State.SIGNED_OFF),
        (State.SIGNED_OFF, State.WITHDRAWN),
        (State.TO_AGREE, State.REFUSED),
        (State.REFUSED, State.CONVENED),
    ],
)
def test_a_move_that_is_no_step_is_refused(world, stands, to):
    discussion = chain_at(stands, with_unapproved_relative(world.own_child))
    with pytest.raises(Error, match="a chain goes one step at a time"), transaction.atomic():
        CaseDiscussion.objects.filter(pk=discussion.pk).update(state=to)


@pytest.mark.parametrize("state", [State.SIGNED_OFF, State.FILED, State.REFUSED, State.WITHDRAWN, State.DISSENTED])
def test_what_was_signed_or_is_over_is_not_typed_anew(world, state):
    """A newer version would make every signature void without a word."""
    discussion = chain_at(state, with_unapproved_relative(world.own_child))
    with pytest.raises(Error, match="a record is typed while its chain is under way"), transaction.atomic():
        RecordVersion.objects.create(discussion=discussion, number=9, content={}, typed_by=world.dhos, typed_at=NOW)


def test_a_signature_before_its_turn_or_after_the_end_is_refused(world):
    discussion = chain_at(State.AGREED, with_unapproved_relative(world.own_child))
    discussion = take(discussion, "send_back", by=world.hos)
    with pytest.raises(Error, match="each signs when the chain has come to him or her"):
        insert(discussion.version, Act.APPROVE, Role.HOS, world.hos)


def test_oversight_that_nobody_signed_is_refused(world, discussion):
    """Else one row would silence the alarm."""
    oversight = {"kind": AuthorisationKind.CONNECTED_PERSON, "starts_at": NOW, "by": world.service_director}
    other = chain_at(State.FILED, with_unapproved_relative(world.teams_child))
    for record in ("", label_of(discussion), label_of(other)):
        with pytest.raises(Error, match="there is no oversight without final sign-off"), transaction.atomic():
            Authorisation.objects.create(placement=discussion.placement, record=record, **oversight)


def test_signed_before_a_change_is_not_signed_now(world):
    discussion = chain_at(State.APPROVED, with_unapproved_relative(world.own_child))
    discussion = take(discussion, "record", by=world.dhos)
    with (
        pytest.raises(Error, match="nothing is agreed, approved or signed off without the signatures"),
        transaction.atomic(),
    ):
        CaseDiscussion.objects.filter(pk=discussion.pk).update(state=State.APPROVED)


def test_two_chains_at_once_for_one_home_are_refused(discussion):
    running = CaseDiscussion(placement=discussion.placement, state=State.CONVENED)
    with pytest.raises(IntegrityError, match="one_running_chain_per_placement"), transaction.atomic():
        CaseDiscussion.objects.bulk_create([running])


def test_an_agreement_by_nobody_of_the_four_is_refused(world, discussion):
    """Nor by whoever acts for somebody else, or acted for one of them until yesterday."""
    for other in (a(Role.LEGAL), a(Role.LEGAL, acting_for=a(Role.LEGAL))):
        with pytest.raises(Error, match="agrees as one of the four"):
            insert(discussion.version, Act.AGREE, Role.LEGAL, other)
    former = a(Role.LEGAL, until=NOW, acting_for=world.legal)
    with pytest.raises(Error, match="agrees as one of the four"):
        insert(discussion.version, Act.AGREE, Role.LEGAL, former)


def test_an_approval_in_a_role_that_is_not_held_is_refused(world):
    discussion = chain_at(State.AGREED, with_unapproved_relative(world.own_child))
    with pytest.raises(Error, match="in a role that he or she holds"):
        insert(discussion.version, Act.APPROVE, Role.HOS, world.service_manager)


def test_an_approval_by_who_discussed_or_typed_it_is_refused_in_whatever_role(world):
    discussion = chain_at(State.SENT_BACK, with_unapproved_relative(world.own_child))
    acting = a(Role.DHOS, area=world.area, acting_for=world.dhos)
    discussion = agree_all(world, take(discussion, "record", by=acting))
    for author in (acting, world.dhos, world.legal):
        with pytest.raises(Error, match=r"discussed or typed|two steps of one chain"):
            insert(discussion.version, Act.APPROVE, Role.HOS, appointed(author, Role.HOS, area=world.area))
