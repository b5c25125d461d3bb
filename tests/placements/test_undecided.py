"""A child lives with a parent and nobody decided on it: L-15, C-20, from facts alone."""

from datetime import date, datetime, timedelta

import pytest

from casework.limits import LONDON, local_day
from casework.procedures import rules_as_declared
from placements.arrangement import ArrangementFacts, BeforeAssessment, LegalBasis
from placements.lawfulness import standings_over
from placements.states import Setting
from placements.undecided import undecided_entries

RULES = rules_as_declared()
MONDAY = datetime(2026, 3, 2, 10, tzinfo=LONDON)
NOW = datetime(2026, 3, 20, 10, tzinfo=LONDON)


def entries(now=NOW, known_from=None, code="C2", **facts):
    legal = (LegalBasis(date(2025, 1, 1), code),)
    about = ArrangementFacts(born_on=date(2015, 5, 5), setting=Setting.PARENT, started_at=MONDAY, legal=legal, **facts)
    periods = standings_over(about, RULES, until=local_day(now))
    return list(undecided_entries(about, periods, RULES, about="p:1", now=now, known_from=known_from))


def test_it_is_put_forward_within_five_working_days_of_the_move():
    (entry,) = entries()
    assert (entry.due_on, entry.is_open) == (date(2026, 3, 9), True)


def test_what_an_import_brings_counts_from_the_import():
    (entry,) = entries(known_from=datetime(2026, 3, 13, 9, tzinfo=LONDON))
    assert entry.due_on == date(2026, 3, 20)


@pytest.mark.parametrize("decided_on", [MONDAY.date(), MONDAY.date() - timedelta(days=9)])
def test_decided_by_the_day_of_the_move_nothing_is_due(decided_on):
    assert entries(with_parent_decided_on=decided_on) == []


@pytest.mark.parametrize(("decided_on", "late"), [(date(2026, 3, 9), False), (date(2026, 3, 11), True)])
def test_it_is_met_by_the_decision(decided_on, late):
    (entry,) = entries(with_parent_decided_on=decided_on)
    assert (entry.closed_as, entry.was_late) == ("met", late)


def test_before_the_assessment_its_own_times_run():
    assert entries(before_assessment=(BeforeAssessment(MONDAY.date()),)) == []


@pytest.mark.parametrize("code", ["V3", "V4", "L1", "E1"])
def test_it_is_for_children_in_care(code):
    assert entries(code=code) == []


def test_who_was_accommodated_and_lives_with_a_parent_is_looked_after_no_longer():
    (entry,) = entries(code="V2")
    assert (entry.kind, entry.due_on, entry.is_open) == ("C-20", date(2026, 3, 9), True)


def test_whoever_left_first_leaves_it_missed():
    (entry,) = entries(ended_at=datetime(2026, 3, 12, 9, tzinfo=LONDON))
    assert entry.closed_as == "missed"
