"""What a home outside the area makes due, from facts alone: L-12, L-13, both sides of every boundary."""

from datetime import date, datetime

import pytest

from casework.limits import LONDON
from casework.procedures import rules_as_declared
from placements.outside_area import Approved, OutsideFacts, last_emergency_day, outside_entries
from placements.states import Setting

RULES = rules_as_declared()
THURSDAY = datetime(2026, 4, 2, 15, tzinfo=LONDON)
"""Before Easter: Good Friday is 3 April 2026, Easter Monday the 6th."""
WEDNESDAY_AFTER = datetime(2026, 4, 15, 9, tzinfo=LONDON)


def entries(now=WEDNESDAY_AFTER, **facts):
    about = OutsideFacts(**{"setting": Setting.CHILDRENS_HOME, "started_at": THURSDAY, **facts})
    return {entry.kind: entry for entry in outside_entries(about, RULES, about="placements.placement:1", now=now)}


def at(day, hour=9):
    return datetime(2026, 4, day, hour, tzinfo=LONDON)


def test_five_working_days_pass_over_easter():
    assert last_emergency_day(THURSDAY.date(), RULES) == date(2026, 4, 13)


def test_without_any_approval_both_are_overdue_from_the_first_minute():
    due = entries()
    assert due.keys() == {"L-12", "L-13"}
    assert all(entry.due_at == THURSDAY and entry.is_open for entry in due.values())


@pytest.mark.parametrize("approved_at", [at(1), THURSDAY])
def test_approved_and_told_before_the_move_nothing_is_due(approved_at):
    assert entries(approved=(Approved(approved_at),), host_told_on=THURSDAY.date()) == {}


def test_approved_after_the_move_it_is_met_late():
    entry = entries(approved=(Approved(at(2, 16)),))["L-13"]
    assert (entry.closed_as, entry.was_late) == ("met", True)


def test_an_emergency_is_met_by_an_approval_in_full():
    emergency = Approved(THURSDAY, at(14, 0))
    assert entries(approved=(emergency,))["L-13"].is_open
    in_full = entries(approved=(emergency, Approved(at(13), None, "approvals.decision:9")))["L-13"]
    assert (in_full.closed_as, in_full.was_late, in_full.evidence) == ("met", False, "approvals.decision:9")


@pytest.mark.parametrize(("told_on", "late"), [(date(2026, 4, 13), False), (date(2026, 4, 14), True)])
def test_in_an_emergency_the_authority_there_is_told_by_the_fifth_working_day(told_on, late):
    entry = entries(approved=(Approved(THURSDAY, at(14, 0)),), host_told_on=told_on)["L-12"]
    assert (entry.closed_as, entry.was_late) == ("met", late)


@pytest.mark.parametrize(
    "setting", [Setting.CONNECTED_PERSON, Setting.IN_HOUSE_FOSTER, Setting.PARENT, Setting.ADOPTIVE]
)
def test_where_no_approval_is_asked_for_the_authority_there_is_told(setting):
    assert entries(setting=setting).keys() == {"L-12"}


@pytest.mark.parametrize(("ended_at", "left"), [(at(10), "missed"), (None, None)])
def test_whoever_leaves_first_leaves_it_missed(ended_at, left):
    entry = entries(ended_at=ended_at)["L-13"]
    assert entry.closed_as == left


def test_in_time_whoever_leaves_first_leaves_nothing_due():
    entry = entries(approved=(Approved(THURSDAY, at(14, 0)),), ended_at=at(10))["L-13"]
    assert entry.closed_as == "no_longer_due"


def test_nothing_is_due_before_the_move():
    assert entries(now=at(2, 14)) == {}
