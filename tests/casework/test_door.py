"""The door (architecture, mechanism 1): who may, then what stands against it; one transaction; then the diary looks."""

import threading
import time
from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, connection, transaction

from accounts.roles import Role
from approvals.models import CaseDiscussion, Signature
from approvals.states import State
from casework import diary, holders
from casework.diary import Ledger
from casework.events import digest_of, label_of
from casework.ledger import Entry
from casework.limits import Days
from casework.models import CaseFile, Duty, Event
from casework.steps import NotYet, NotYou, carry_out, steps_of, write_down
from children.models import Allocation, Child
from tests.factories import NOW, chain_at, days_before, ended, holding, note, with_unapproved_relative

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def discussion(world):
    """A case discussion whose record all four have agreed: the Head of Service decides next."""
    return chain_at(State.AGREED, with_unapproved_relative(world.own_child))


@pytest.fixture
def only_source(monkeypatch):
    """The diary with one source for children, so that a test stands on its own; answers with what it has seen."""
    looked = []

    def first_visit(batch):
        looked.extend(batch.files)
        return {
            pk: Ledger(
                (
                    Entry(
                        kind="T-01",
                        key="T-01",
                        role=Role.SOCIAL_WORKER,
                        about=f"casework.casefile:{pk}",
                        opened_at=NOW,
                        due_at=Days(7).after(NOW),
                        says="A visit within a week.",
                    ),
                ),
                look_again_at=NOW + timedelta(days=3),
            )
            for pk in batch.files
        }

    monkeypatch.setattr(diary, "_sources", {"child": {"test": first_visit}})
    monkeypatch.setattr(diary, "_derivations", {})
    monkeypatch.setattr(diary, "_dependents", {})
    return looked


def file_of(record):
    return CaseFile.objects.get(pk=record.case_file_id)


def everything_about(record):
    """What a refused step must leave as it was."""
    file = file_of(record)
    return (
        list(type(record).objects.filter(pk=record.pk).values()),
        Event.objects.filter(case_file=file).count(),
        Signature.objects.count(),
        file.last_number,
        file.last_digest,
        file.look_again_at,
    )


# Who may, then what stands against it


@pytest.mark.parametrize("actor", [None, AnonymousUser()], ids=["nobody", "not signed in"])
def test_no_actor_is_refused(discussion, actor):
    before = everything_about(discussion)
    with pytest.raises(NotYou):
        carry_out(discussion.send_back, by=actor, at=NOW, because="More is needed.")
    with pytest.raises(NotYou):
        write_down(discussion, act="note", about=discussion, may=lambda *_: True, by=actor, at=NOW)
    assert everything_about(discussion) == before


def test_somebody_who_has_left_is_refused(world, discussion):
    world.hos.is_active = False
    world.hos.save()
    with pytest.raises(NotYou):
        carry_out(discussion.send_back, by=world.hos, at=NOW, because="More is needed.")


def test_the_right_role_for_the_wrong_child_is_refused(world, discussion):
    with pytest.raises(NotYou, match="Only the Head of Service for this area"):
        carry_out(discussion.send_back, by=world.elsewhere(Role.HOS), at=NOW)


def test_the_person_is_asked_about_before_the_record(world):
    unread = chain_at(State.TO_AGREE, with_unapproved_relative(world.own_child))
    with pytest.raises(NotYou):
        carry_out(unread.approve, by=world.performance, at=NOW, digest="", approved_as="interim")
    with pytest.raises(
        NotYet, match="“Approve the arrangement” cannot be done now: this stands at “Record to be agreed”"
    ):
        carry_out(unread.approve, by=world.hos, at=NOW, digest="", approved_as="interim")


def test_objections_come_as_sentences(world, discussion):
    ended(discussion.placement, on=NOW)
    with pytest.raises(NotYet) as refused:
        carry_out(discussion.approve, by=world.hos, at=LATER, digest="any", approved_as="interim")
    assert refused.value.sentences == ["The arrangement ended on 9 March 2026: there is nothing left to approve."]


def test_the_steps_of_a_record_say_who_may_and_what_is_missing(world, discussion):
    by_name = {step.name: step for step in steps_of(discussion, by=world.hos, at=NOW)}
    assert by_name["approve"].is_open
    assert by_name["record"].allowed is False
    assert "sign_off" not in by_name, "not a step from here"
    assert not any(step.allowed for step in steps_of(discussion, by=None, at=NOW))


# One transaction


def test_the_event_says_who_when_from_to_and_why(world, discussion):
    before = file_of(discussion)
    returned = carry_out(discussion.send_back, by=world.hos, at=NOW, because="Describe the alternatives.")
    event = Event.objects.filter(case_file=before).order_by("number").last()
    assert returned.state == State.SENT_BACK
    assert (event.act, event.record) == ("send_back", label_of(discussion))
    assert (event.from_state, event.to_state) == (State.AGREED, State.SENT_BACK)
    assert (event.by, event.at, event.because) == (world.hos, NOW, "Describe the alternatives.")
    assert event.number == before.last_number + 1
    assert event.previous_digest == before.last_digest
    assert event.digest == digest_of(event)
    after = file_of(discussion)
    assert (after.last_number, after.last_digest) == (event.number, event.digest)


def test_the_step_is_taken_on_the_record_as_it_stands_and_not_as_the_page_showed_it(world, discussion):
    as_shown = CaseDiscussion.objects.get(pk=discussion.pk)
    carry_out(discussion.send_back, by=world.hos, at=NOW, because="Describe the alternatives.")
    with pytest.raises(NotYet, match="this stands at “Sent back for more work”"):
        carry_out(as_shown.refuse, by=world.hos, at=LATER, because="Too risky.")


def test_a_step_that_fails_half_way_leaves_nothing(world):
    discussion = chain_at(State.TO_AGREE, with_unapproved_relative(world.own_child))
    discussion = CaseDiscussion.objects.get(pk=discussion.pk)
    before = everything_about(discussion)
    with pytest.raises(NotYet, match="The record has changed since you opened it"):
        carry_out(discussion.agree, by=world.dhos, at=NOW, digest="of another version")
    assert everything_about(discussion) == before


def test_a_fact_that_the_database_refuses_leaves_nothing(world):
    child, before = world.own_child, everything_about(world.own_child)
    facts = [
        Allocation(child=child, role=Role.PERSONAL_ADVISER, person=world.personal_adviser, starts_at=NOW),
        Allocation(child=child, role=Role.SOCIAL_WORKER, person=world.colleague, starts_at=NOW),
    ]
    may = holding(Role.TEAM_MANAGER)
    with pytest.raises(IntegrityError, match="one_allocated_person_per_role"), transaction.atomic():
        write_down(*facts, act="allocate", about=child, may=may, by=world.team_manager, at=NOW)
    assert everything_about(child) == before
    assert not child.allocations.filter(role=Role.PERSONAL_ADVISER).exists()


def test_whoever_may_not_write_a_fact_down_leaves_nothing(world):
    child, before = world.own_child, everything_about(world.own_child)
    fact = Allocation(child=child, role=Role.PERSONAL_ADVISER, person=world.personal_adviser, starts_at=NOW)
    with pytest.raises(NotYou, match="You may not record this here"):
        write_down(fact, act="allocate", about=child, may=holding(Role.TEAM_MANAGER), by=world.social_worker, at=NOW)
    assert everything_about(child) == before


def test_a_fact_written_down_names_the_first_record_and_what_was_said(world):
    child = world.own_child
    fact = Allocation(child=child, role=Role.PERSONAL_ADVISER, person=world.personal_adviser, starts_at=NOW)
    write_down(
        fact,
        act="allocate",
        about=child,
        may=holding(Role.TEAM_MANAGER),
        by=world.team_manager,
        at=NOW,
        because="Turns sixteen.",
        details={"role": Role.PERSONAL_ADVISER},
    )
    event = Event.objects.filter(case_file=child.case_file_id).last()
    assert (event.act, event.record, event.because) == ("allocate", label_of(fact), "Turns sixteen.")
    assert event.details == {"role": "personal_adviser"}
    assert event.digest == digest_of(event)


# Several at the same moment


@pytest.mark.django_db(transaction=True)
def test_four_clicks_at_the_same_moment_are_one_step(world):
    discussion = chain_at(State.AGREED, with_unapproved_relative(world.own_child))
    number = file_of(discussion).last_number
    ready, answers = threading.Barrier(4), []

    def click():
        try:
            seen = CaseDiscussion.objects.get(pk=discussion.pk)
            ready.wait(timeout=10)
            carry_out(seen.send_back, by=world.hos, at=NOW, because="Describe the alternatives.")
            answers.append("done")
        except NotYet:
            answers.append("not yet")
        finally:
            connection.close()

    clicks = [threading.Thread(target=click) for _ in range(4)]
    for each in clicks:
        each.start()
    for each in clicks:
        each.join(timeout=30)
    assert sorted(answers) == ["done", "not yet", "not yet", "not yet"]
    assert file_of(discussion).last_number == number + 1
    assert Event.objects.filter(record=label_of(discussion), act="send_back").count() == 1


@pytest.mark.django_db(transaction=True)
def test_acts_on_two_children_who_touch_each_other_do_not_wait_for_each_other(world, monkeypatch):
    """Brothers with the same carers: each one's file is marked by what happens to the other."""
    brothers = [world.own_child, world.teams_child]
    files = [child.case_file_id for child in brothers]
    monkeypatch.setattr(diary, "_dependents", {Child: lambda case_file: [pk for pk in files if pk != case_file]})
    monkeypatch.setattr(diary, "_sources", {})
    monkeypatch.setattr(diary, "_derivations", {})
    ready, done = threading.Barrier(2), []

    def act(child):
        for number in range(15):
            ready.wait(timeout=20)
            note(child, act=f"note {number}", child=child, by=world.team_manager)
            done.append(child.pk)
        connection.close()

    workers = [threading.Thread(target=act, args=[child]) for child in brothers]
    for each in workers:
        each.start()
    for each in workers:
        each.join(timeout=60)
    assert len(done) == 30


def test_whoever_lived_together_before_the_act_is_touched_as_well(world, only_source, monkeypatch):
    before = [world.teams_child.case_file_id]
    asked = []
    monkeypatch.setattr(
        diary, "_dependents", {Child: lambda pk: asked.append(pk) or (before if len(asked) < 2 else [])}
    )
    CaseFile.objects.update(look_again_at=None)
    note(world.own_child, act="move", child=world.own_child)
    marked = CaseFile.objects.due_a_look(NOW).values_list("pk", flat=True)
    assert set(marked) == {world.own_child.case_file_id, world.teams_child.case_file_id}


@pytest.mark.django_db(transaction=True)
def test_an_act_does_not_wait_for_a_file_that_it_has_only_now_touched(world, only_source, monkeypatch):
    """Two who move in with each other's families at once would wait for each other for good."""
    held = world.teams_child.case_file_id
    asked = []
    monkeypatch.setattr(
        diary, "_dependents", {Child: lambda pk: asked.append(pk) or ([held] if len(asked) == 2 else [])}
    )
    CaseFile.objects.update(look_again_at=None)

    def act():
        note(world.own_child, act="move", child=world.own_child)
        connection.close()

    acting = threading.Thread(target=act)
    with transaction.atomic():
        CaseFile.objects.select_for_update().get(pk=held)
        acting.start()
        number = wait_for_events(world.own_child)
        assert number
    acting.join(timeout=30)
    assert held in only_source, "looked at once whoever held it had let go"


def wait_for_events(child):
    """The number of a file's last event, once somebody else has committed another."""
    before = file_of(child).last_number
    for _ in range(200):
        if file_of(child).last_number > before:
            return file_of(child).last_number
        time.sleep(0.02)
    return None


# Then the diary looks


def test_once_committed_the_diary_looks_at_the_file(world, only_source, django_capture_on_commit_callbacks):
    child = world.own_child
    fact = Allocation(child=child, role=Role.PERSONAL_ADVISER, person=world.personal_adviser, starts_at=NOW)
    with django_capture_on_commit_callbacks(execute=True):
        write_down(fact, act="allocate", about=child, may=holding(Role.TEAM_MANAGER), by=world.team_manager, at=NOW)
        assert only_source == [], "not before the commit"
    assert only_source == [child.case_file_id]
    duty = Duty.objects.get(case_file=child.case_file_id, key="T-01")
    assert duty.owner == world.social_worker
    assert file_of(child).look_again_at == NOW + timedelta(days=3)


def test_files_whose_facts_the_act_changes_are_looked_at_too(
    world, only_source, monkeypatch, django_capture_on_commit_callbacks
):
    siblings = [world.own_child.case_file_id, world.teams_child.case_file_id]
    monkeypatch.setattr(diary, "_dependents", {Allocation: lambda case_file: siblings})
    fact = Allocation(child=world.own_child, role=Role.PERSONAL_ADVISER, person=world.personal_adviser, starts_at=NOW)
    may = holding(Role.TEAM_MANAGER)
    with django_capture_on_commit_callbacks(execute=True):
        write_down(fact, act="allocate", about=world.own_child, may=may, by=world.team_manager, at=NOW)
        assert CaseFile.objects.filter(pk__in=siblings, look_again_at=NOW).count() == 2
    assert sorted(only_source) == sorted(siblings)


def test_a_child_who_moved_in_at_the_same_moment_is_looked_at_too(
    world, only_source, monkeypatch, django_capture_on_commit_callbacks
):
    """While the act ran, nobody else could see that the child lives there; once both are committed, somebody must."""
    newcomer, living_there = world.teams_child.case_file_id, []
    monkeypatch.setattr(diary, "_dependents", {Child: lambda case_file: living_there})
    with django_capture_on_commit_callbacks(execute=True):
        note(world.own_child, act="lose approval", child=world.own_child)
        living_there.append(newcomer)
    assert newcomer in only_source


def test_a_crash_between_commit_and_look_loses_nothing(world, only_source):
    """Nothing is run on commit here, as if the process had been killed: the mark was written with the act."""
    child = world.own_child
    CaseFile.objects.update(look_again_at=None)
    fact = Allocation(child=child, role=Role.PERSONAL_ADVISER, person=world.personal_adviser, starts_at=NOW)
    write_down(fact, act="allocate", about=child, may=holding(Role.TEAM_MANAGER), by=world.team_manager, at=NOW)
    assert list(CaseFile.objects.due_a_look(NOW).values_list("pk", flat=True)) == [child.case_file_id]
    found = diary.refresh_due(at=NOW)
    assert (found.files, found.opened) == (1, 1)
    assert not CaseFile.objects.due_a_look(NOW).exists()


def test_a_look_that_fails_does_not_fail_the_act_and_is_made_good(
    world, monkeypatch, django_capture_on_commit_callbacks, caplog
):
    def broken(batch):
        raise ValueError("a source has a fault")

    monkeypatch.setattr(diary, "_sources", {"child": {"test": broken}})
    discussion = chain_at(State.AGREED, with_unapproved_relative(world.own_child, since=days_before(20)))
    with django_capture_on_commit_callbacks(execute=True):
        carry_out(discussion.send_back, by=world.hos, at=NOW, because="Describe the alternatives.")
    assert CaseDiscussion.objects.get(pk=discussion.pk).state == State.SENT_BACK
    assert file_of(discussion).look_again_at == NOW
    assert "look_failed" in caplog.text


def test_nobody_is_asked_for_holders_where_nothing_is_due(monkeypatch, world):
    asked = []
    monkeypatch.setattr(diary, "_sources", {})
    monkeypatch.setattr(diary, "_derivations", {})
    monkeypatch.setattr(holders, "_finders", {"child": lambda pairs, at: asked.append(pairs) or {}})
    diary.refresh([world.own_child.case_file_id], at=NOW)
    assert asked == []
