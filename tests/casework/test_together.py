"""Rows of several tables by one statement: each record is the one that Django itself would have read."""

import pytest

from approvals.read_together import RECORDS
from approvals.states import State
from casework.models import Event
from children import holders
from children.models import Child
from placements import histories
from placements.models import Placement, PlacementFact, SecureAuthority, SecureReview
from placements.states import FactKind, RegistrationStatus, SecureBasis, SecureFinding, Setting
from tests.approvals.of_decisions import at_a_parents, begun, put
from tests.factories import (
    NOW,
    a_home,
    chain_at,
    days_before,
    in_a_hotel,
    in_childrens_home,
    in_foster_care,
    left_care,
    note,
    notice_of_concern,
    placed,
    registration,
    restricted_to,
    review,
    with_parent,
    with_temporary_approval,
    with_unapproved_relative,
)

pytestmark = pytest.mark.django_db


def content_of(record):
    return {field.attname: getattr(record, field.attname) for field in record._meta.concrete_fields}


@pytest.fixture
def lived(world):
    """Children who have lived in every kind of place, with everything that can hang on it; their case files."""
    with_temporary_approval(world.a_child(), since=days_before(90))
    chain_at(State.SIGNED_OFF, with_unapproved_relative(world.own_child, since=days_before(40)))
    home = in_childrens_home(world.a_child(), since=days_before(30)).home
    registration(home, RegistrationStatus.TRANSITIONAL, since=days_before(3))
    notice_of_concern(home, on=days_before(2))
    with_parent(world.a_child(), since=days_before(20))
    in_a_hotel(world.a_child(), since=days_before(10))
    gone = in_foster_care(world.a_child(), since=days_before(50))
    review(gone.child, days_before(30), held_on=days_before(29))
    left_care(gone.child, on=days_before(5))
    note(
        PlacementFact(placement=gone, kind=FactKind.MEANT_TO_LAST_TO_18, from_on=days_before(40)),
        act="record_fact",
        child=gone.child,
    )
    kept = placed(world.a_child(), Setting.SECURE_HOME, since=days_before(9), home=a_home(Setting.SECURE_HOME)).child
    order = SecureAuthority(child=kept, kind=SecureBasis.ORDER, given_at=days_before(9), given_by="Family court")
    note(order, act="allow_secure", child=kept)
    members = {"first_member": "Ada Finch", "second_member": "Noor Hale", "independent_member": "Tom Birch"}
    reviewed = SecureReview(
        child=kept, held_on=days_before(2), finding=SecureFinding.KEEP, says="Runs away.", **members
    )
    note(reviewed, act="review_secure", child=kept)
    cared_for = world.a_child(worker=world.social_worker)
    put(world, "contact", cared_for, starts_on="2026-03-20", ends_on="2026-03-23")
    begun(world, "with_parents", cared_for, proposed=at_a_parents(cared_for))
    restricted_to(world.own_child, world.social_worker)
    return list(Child.objects.values_list("case_file_id", flat=True))


@pytest.mark.parametrize(
    ("together", "given"),
    [
        (histories.READ, lambda files: {"case_files": files}),
        (RECORDS, lambda files: {"files": files, "at": NOW, "needed_by_a_day": ["contact"]}),
        (holders.READ, lambda files: {"files": files, "roles": ["social_worker", "team_manager", "dhos"], "at": NOW}),
    ],
    ids=["histories", "chains", "holders"],
)
def test_every_record_is_to_the_last_column_the_one_that_django_reads(lived, together, given):
    found = together.read(**given(lived))
    for table in together.tables:
        read = found.all(table.model)
        stored = table.model._base_manager.in_bulk([record.pk for record in read])
        assert read, f"nothing of {table.model.__name__} was read"
        for record in read:
            assert content_of(record) == content_of(stored[record.pk])
            assert not record._state.adding


def test_each_table_is_asked_for_in_one_statement(lived, django_assert_num_queries):
    with django_assert_num_queries(1):
        histories.READ.read(case_files=lived)


def test_where_nothing_is_found_there_are_no_records(db, django_assert_num_queries):
    found = histories.READ.read(case_files=[])
    assert all(list(found.all(table.model)) == [] for table in histories.READ.tables)
    assert found.by("child_id", Placement)[1] == []


def test_they_come_in_the_order_asked_for(lived):
    events = RECORDS.read(files=lived, at=NOW, needed_by_a_day=[]).all(Event)
    assert [(e.case_file_id, e.number) for e in events] == sorted((e.case_file_id, e.number) for e in events)
    placements = histories.READ.read(case_files=lived).all(Placement)
    assert [p.started_at for p in placements] == sorted(p.started_at for p in placements)


def test_what_was_struck_out_is_not_read(world):
    placement = in_foster_care(world.own_child)
    Placement.objects.filter(pk=placement.pk).update(struck_out=True)
    assert not histories.READ.read(case_files=[world.own_child.case_file_id]).all(Placement)
