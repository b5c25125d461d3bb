"""A value comes into force on its day, not before; by the looks of the jobs; with what runs where it takes that along."""

from datetime import UTC, date, datetime, timedelta

import pytest

from accounts.roles import Role
from approvals.states import State
from casework import diary, jobs, watch
from casework.ledger import Closed
from casework.limits import Days, end_of, start_of
from casework.models import CaseFile, Duty, JobRun, RuleValue
from casework.procedures import OwnValue, declared, rules_as_declared
from casework.rule_values import A_SWITCH
from placements.states import Setting
from tests.factories import (
    NOW,
    TODAY,
    allocated_to,
    chain_at,
    days_before,
    ended,
    placed,
    visited,
    with_relative_of_unknown_approval,
    with_unapproved_relative,
)

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
THIRD = TODAY + 3 * DAY
"""Thursday 12 March 2026: the first day of the value decided today."""
START = start_of(THIRD)


def decided(world, code, *, along=False, since=THIRD, **value):
    said = value or {"count": 2, "unit": "working_days"}
    return RuleValue.objects.create(
        code=code,
        **said,
        since=since,
        takes_running_along=along,
        decided_by=world.service_director,
        decided_as=Role.SERVICE_DIRECTOR,
        decided_at=NOW,
        because="Agreed.",
    )


def duty(kind, of, **which):
    return Duty.objects.open().get(case_file=of.case_file_id, kind=kind, **which)


@pytest.fixture
def unknown(world):
    """Since two days it is known that nobody recorded the carer's approval: D-08, due on Monday 16 March at the latest."""
    placement = with_relative_of_unknown_approval(world.own_child, since=NOW)
    diary.refresh([placement.case_file_id], at=NOW)
    assert duty("D-08", placement).due_at == end_of(date(2026, 3, 16))
    return placement


# From its day on, by the looks of the jobs


@pytest.fixture
def looked(world):
    """The jobs looked last a minute before midnight of the day before the first."""
    at = START - timedelta(minutes=1)
    JobRun.objects.create(job="look_each_hour", slot=at, started_at=at, finished_at=at)


@pytest.mark.parametrize(("at", "due_on"), [(-1, date(2026, 3, 16)), (0, date(2026, 3, 11)), (600, date(2026, 3, 11))])
def test_what_is_taken_along_moves_on_the_first_day_and_not_a_minute_before(world, unknown, looked, at, due_on):
    """Decided today with two working days, in force in three days. Two working days from Monday are Wednesday."""
    decided(world, "D-08", along=True)
    CaseFile.objects.update(look_again_at=None)
    watch.look(START + timedelta(minutes=at))
    assert duty("D-08", unknown).due_at == end_of(due_on)


def test_the_nightly_job_hands_out_every_file_that_owes_something(world, unknown, looked):
    decided(world, "D-08", along=True)
    CaseFile.objects.update(look_again_at=None)
    assert watch.hand_out(START + timedelta(minutes=10)) == 1
    waiting = CaseFile.objects.due_a_look(START + timedelta(minutes=10))
    assert set(waiting.values_list("pk", flat=True)) == set(Duty.objects.open().values_list("case_file", flat=True))


def test_once_looked_at_nobody_is_marked_again(world, unknown, looked):
    decided(world, "D-08")
    assert watch.mark_new_values(START - DAY, START) == 1
    CaseFile.objects.update(look_again_at=None)
    assert watch.mark_new_values(START + timedelta(minutes=10), START + timedelta(hours=1)) == 0
    assert watch.mark_new_values(START + timedelta(minutes=10), START + 5 * DAY) == 0


def test_where_the_jobs_stood_still_the_next_look_finds_what_began(world, unknown):
    decided(world, "D-08", along=True)
    at = NOW + timedelta(hours=1)
    JobRun.objects.create(job="look_at_night", slot=at, started_at=at, finished_at=at)
    CaseFile.objects.update(look_again_at=None)
    assert jobs.last_started(*watch.LOOKS, by=START + 9 * DAY) == at
    watch.look(START + 9 * DAY)
    assert duty("D-08", unknown).due_at == end_of(date(2026, 3, 11))


def test_the_sentence_of_the_duty_says_whose_number_it_is(world, unknown):
    decided(world, "D-08", along=True)
    diary.refresh([unknown.case_file_id], at=START)
    says = duty("D-08", unknown).says
    assert "within 2 working days of 9 March 2026" in says
    assert says.endswith("the limit is this authority’s own, in force since 12 March 2026 also for what ran already.")


# Deadlines that run


def test_without_taking_along_what_runs_keeps_its_day_and_what_starts_has_the_new_one(world, unknown):
    decided(world, "D-08")
    diary.refresh([unknown.case_file_id], at=START)
    assert duty("D-08", unknown).due_at == end_of(date(2026, 3, 16))
    later = with_relative_of_unknown_approval(world.teams_child, since=START + timedelta(hours=10))
    diary.refresh([later.case_file_id], at=START + timedelta(hours=11))
    found = duty("D-08", later)
    assert found.due_at == end_of(date(2026, 3, 16)), "two working days from Thursday are Monday"
    assert found.says.endswith("the limit is this authority’s own, in force since 12 March 2026.")


@pytest.mark.parametrize("along", [False, True])
@pytest.mark.parametrize(
    ("starts", "due_on"),
    [(START - timedelta(minutes=1), date(2026, 3, 18)), (START, date(2026, 3, 16))],
)
def test_the_first_minute_of_the_day_divides_what_ran_from_what_starts(world, starts, due_on, along):
    """Five working days from Wednesday 11 March are Wednesday 18; two from Thursday 12 are Monday 16."""
    decided(world, "D-08", along=along)
    placement = with_relative_of_unknown_approval(world.own_child, since=starts)
    diary.refresh([placement.case_file_id], at=START + DAY)
    expected = date(2026, 3, 13) if along and starts < START else due_on
    assert duty("D-08", placement).due_at == end_of(expected)


@pytest.mark.parametrize(
    ("ends", "as_"), [(START - timedelta(minutes=1), Closed.NO_LONGER_DUE), (START, Closed.MISSED)]
)
def test_what_ended_before_the_first_day_ended_as_it_did(world, unknown, ends, as_):
    """The arrangement ends a minute before the value or with it: only then was it late by the new number."""
    decided(world, "D-08", along=True)
    ended(unknown, on=ends)
    diary.refresh([unknown.case_file_id], at=START + DAY)
    found = Duty.objects.get(case_file=unknown.case_file_id, kind="D-08")
    assert (found.closed_at, found.closed_as) == (ends, as_)


def test_a_visit_made_before_the_first_day_was_as_late_as_it_was_then(world):
    """Visits every six weeks; from 12 March every two, also for what runs. What was met before stays met as it was."""
    placement = placed(world.own_child, Setting.CHILDRENS_HOME, since=days_before(60))
    visited(placement, days_before(55))
    visited(placement, days_before(20))
    files = [placement.case_file_id]
    diary.refresh(files, at=NOW)
    before = {d.key: (d.due_at, d.closed_as) for d in Duty.objects.filter(source="visits").exclude(closed_at=None)}
    decided(world, "L-02", count=2, unit="weeks", along=True)
    diary.refresh(files, at=START)
    after = {d.key: (d.due_at, d.closed_as) for d in Duty.objects.filter(source="visits").exclude(closed_at=None)}
    assert after == before
    assert duty("L-02", placement).due_at == end_of(TODAY - 6 * DAY)
    assert duty("L-02", placement).is_overdue(START)


def test_a_chain_under_way_is_taken_along(world):
    placement = with_unapproved_relative(world.own_child, since=days_before(20))
    chain_at(State.AGREED, placement, held_at=days_before(6))
    file = [placement.case_file_id]
    diary.refresh(file, at=NOW)
    owed = Duty.objects.open().get(kind="D-03")
    before = owed.due_at
    decided(world, "D-03", count=1, unit="working_days", along=True)
    diary.refresh(file, at=START - timedelta(minutes=1))
    owed.refresh_from_db()
    assert owed.due_at == before
    diary.refresh(file, at=START)
    owed.refresh_from_db()
    assert owed.due_at < before


def test_looking_twice_changes_nothing(world, unknown):
    decided(world, "D-08", along=True)
    diary.refresh([unknown.case_file_id], at=START)
    again = diary.refresh([unknown.case_file_id], at=START)
    assert (again.opened, again.closed, again.changed) == (0, 0, 0)


def test_of_two_values_that_take_along_each_reaches_what_ran_on_its_own_day(world, unknown):
    """Five working days become two from Thursday on, and twenty from the Thursday after: both for what runs."""
    decided(world, "D-08", along=True)
    decided(world, "D-08", along=True, since=THIRD + 7 * DAY, count=20, unit="working_days")
    diary.refresh([unknown.case_file_id], at=START + 6 * DAY)
    assert duty("D-08", unknown).due_at == end_of(date(2026, 3, 11))
    diary.refresh([unknown.case_file_id], at=START + 7 * DAY)
    assert duty("D-08", unknown).due_at == end_of(date(2026, 4, 8)), "over Good Friday and Easter Monday"


def test_facts_are_read_once_however_many_values_take_along(world, unknown, asked):
    def refresh():
        with asked() as queries:
            diary.refresh([unknown.case_file_id], at=START + 30 * DAY)
        return len(queries)

    refresh()
    without = refresh()
    for day in range(5):
        decided(world, "D-08", along=True, since=THIRD + day * DAY, count=2 + day, unit="days")
    refresh()
    assert refresh() == without


# The switch


def test_from_the_day_on_which_it_is_switched_off_an_advisers_visit_meets_nothing(world):
    child = allocated_to(world.own_child, world.personal_adviser, role=Role.PERSONAL_ADVISER, since=days_before(100))
    placement = placed(child, Setting.CHILDRENS_HOME, since=days_before(60))
    visited(placement, days_before(58))
    decided(world, "C-41", **A_SWITCH, is_on=False)
    by_adviser = {"by": world.personal_adviser, "role": Role.PERSONAL_ADVISER}
    visited(placement, START - timedelta(minutes=1), **by_adviser)
    diary.refresh([placement.case_file_id], at=START)
    met = duty("L-02", placement).key
    assert met.endswith("after:2026-03-11"), "the day before it still counts"
    visited(placement, datetime(2026, 3, 12, 9, tzinfo=UTC), **by_adviser)
    diary.refresh([placement.case_file_id], at=START + DAY)
    assert duty("L-02", placement).key == met


def test_switching_it_off_does_not_undo_what_was_met_before():
    off = OwnValue("C-41", None, THIRD, is_on=False)
    rules = rules_as_declared().with_own(off)
    assert rules.rule("C-41", THIRD - DAY) in declared()["C-41"]
    assert rules.with_own(OwnValue("D-08", Days(3), THIRD)).limit("D-08", THIRD) == Days(3)
