"""After an act the diary asks the sources that read what was written; where anything else waits, all of them."""

from datetime import timedelta

import pytest

from accounts.roles import Role
from approvals.states import State
from bench.chains import ROUTES, Chain, to_convene
from casework import diary
from casework.diary import Ledger
from casework.ledger import Entry
from casework.models import CaseFile, Duty
from casework.steps import write_down
from children.models import Allocation
from placements.models import CarerApproval
from tests.factories import NOW, days_before, holding, people_around, visited, with_unapproved_relative

pytestmark = pytest.mark.usefixtures("now")
SOON, LATER = NOW + timedelta(days=2), NOW + timedelta(days=5)


@pytest.fixture
def asked(monkeypatch):
    """Two sources, of which only one reads allocations; answers with the names of those that were asked."""
    names = []

    def source(name, again):
        def answer(batch):
            names.append(name)
            entry = {"role": Role.SOCIAL_WORKER, "opened_at": NOW, "due_at": LATER, "says": "Something is due."}
            return {
                pk: Ledger((Entry(kind=name, key=name, about=f"casework.casefile:{pk}", **entry),), look_again_at=again)
                for pk in batch.files
            }

        return answer

    monkeypatch.setattr(diary, "_sources", {"child": {"one": source("one", LATER), "other": source("other", SOON)}})
    monkeypatch.setattr(diary, "_derivations", {"child": {"derived": lambda batch: names.append("derived") or {}}})
    monkeypatch.setattr(diary, "_dependents", {})
    monkeypatch.setattr(diary, "_readers", {})
    diary.register_readers(Allocation, "one")
    return names


@pytest.fixture
def looked_at(world, asked):
    """The file of a child at which the diary has looked."""
    diary.refresh([world.own_child.case_file_id], at=NOW)
    asked.clear()
    return world.own_child.case_file_id


@pytest.fixture
def allocate(world):
    """Allocates a personal adviser; whatever else is given is written with it."""

    def act(*more):
        fact = Allocation(
            child=world.own_child, role=Role.PERSONAL_ADVISER, person=world.personal_adviser, starts_at=NOW
        )
        told = {"may": holding(Role.TEAM_MANAGER), "by": world.team_manager, "at": NOW}
        write_down(fact, *more, act="allocate", about=world.own_child, **told)

    return act


def again_at(file):
    return CaseFile.objects.get(pk=file).look_again_at


def test_only_the_source_that_reads_what_was_written_is_asked(
    looked_at, asked, allocate, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        allocate()
    assert asked == ["one"]


def test_what_is_said_of_one_act_goes_before_what_is_said_of_any(
    looked_at, asked, allocate, django_capture_on_commit_callbacks
):
    diary.register_readers(Allocation, "other", after=["allocate"])
    with django_capture_on_commit_callbacks(execute=True):
        allocate()
    assert asked == ["other"]


def test_what_is_said_of_another_act_counts_for_that_alone(
    looked_at, asked, allocate, django_capture_on_commit_callbacks
):
    diary.register_readers(Allocation, "other", after=["end_allocation"])
    with django_capture_on_commit_callbacks(execute=True):
        allocate()
    assert asked == ["one"]


def test_what_the_others_made_due_stays_and_so_does_their_next_moment(
    looked_at, asked, allocate, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        allocate()
    assert set(Duty.objects.open().filter(case_file=looked_at).values_list("key", flat=True)) == {"one", "other"}
    assert again_at(looked_at) == SOON


def test_a_file_that_waits_for_a_look_gets_a_whole_one(looked_at, asked, allocate, django_capture_on_commit_callbacks):
    CaseFile.objects.filter(pk=looked_at).update(look_again_at=NOW - timedelta(minutes=1))
    with django_capture_on_commit_callbacks(execute=True):
        allocate()
    assert asked == ["derived", "one", "other"]


def test_a_file_that_was_marked_since_the_act_gets_a_whole_look(
    looked_at, asked, allocate, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        allocate()
        CaseFile.objects.filter(pk=looked_at).update(look_again_at=NOW - timedelta(minutes=1))
    assert asked == ["derived", "one", "other"]


def test_a_file_to_which_something_was_written_since_gets_a_whole_look(
    looked_at, asked, allocate, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        allocate()
        CaseFile.objects.filter(pk=looked_at).update(last_number=99)
    assert asked == ["derived", "one", "other"]


def test_of_facts_with_several_readers_every_source_is_asked(
    world, looked_at, asked, allocate, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        allocate(world.own_child)
    assert asked == ["derived", "one", "other"]


def test_an_act_that_concerns_its_own_file_alone_asks_nobody_whose_facts_change(
    world, looked_at, asked, allocate, monkeypatch, django_capture_on_commit_callbacks
):
    concerned = []
    monkeypatch.setattr(diary, "_dependents", {CarerApproval: lambda case_file: concerned.append(case_file) or ()})
    with django_capture_on_commit_callbacks(execute=True):
        allocate()
    assert concerned == []


# What the sources say of themselves holds


def nothing_is_left_to_change(case_file):
    found = diary.refresh([case_file], at=NOW)
    return (found.opened, found.closed, found.changed) == (0, 0, 0)


def test_a_visit_changes_only_what_the_visit_clocks_make_due(world, django_capture_on_commit_callbacks):
    placement = with_unapproved_relative(world.own_child, since=days_before(20))
    diary.refresh([world.own_child.case_file_id], at=NOW)
    with django_capture_on_commit_callbacks(execute=True):
        visited(placement, NOW - timedelta(hours=2))
    assert nothing_is_left_to_change(world.own_child.case_file_id)


def test_no_step_of_a_chain_changes_what_is_due_beside_the_chain(world, django_capture_on_commit_callbacks):
    placement = with_unapproved_relative(world.own_child, since=days_before(20))
    held_at = days_before(10)
    chain = Chain(to_convene(placement), people_around(world.own_child, at=held_at), held_at)
    diary.refresh([world.own_child.case_file_id], at=NOW)
    for taken in ROUTES[State.FILED]:
        with django_capture_on_commit_callbacks(execute=True):
            chain.take(taken, at=chain.held_at + taken.after)
        assert nothing_is_left_to_change(world.own_child.case_file_id), taken.step
