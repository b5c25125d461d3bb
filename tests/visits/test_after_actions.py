"""What the provider is to do after a visit: owed by its day, reminded, taken higher, and never lost. S3 L131, K-02."""

from dataclasses import replace
from datetime import timedelta

import pytest

from accounts.roles import Role
from casework.ledger import Closed
from casework.procedures import rules_as_declared
from tests.visits.placed import ABOUT, day, moment, placed
from visits.after.duties import after_duties
from visits.after.facts import Action, AfterFacts, DayAgreed

RULES = rules_as_declared()
RECORD = "visits.provideraction:4"
AGREED = moment("Mon 2026-03-02 15:00")
DUE = day("Tue 2026-03-10")


def an_action(*, due_on=DUE, **more):
    return Action(RECORD, Role.SOCIAL_WORKER.value, ABOUT, (DayAgreed(due_on, AGREED),), **more)


def child_with(action, **home):
    return AfterFacts(
        "children.child:1", placements=(placed("Fri 2026-01-09 16:00", "in_house_foster", **home),), actions=(action,)
    )


def ledger(action, now, **home):
    return after_duties(child_with(action, **home), RULES, moment(now)).entries


def owed(action, now, **home):
    return [(entry.kind, entry.due_on) for entry in ledger(action, now, **home) if entry.is_open]


def test_an_action_is_due_on_the_day_agreed():
    assert owed(an_action(), "Mon 2026-03-09 10:00") == [("K-02-done", DUE)]


def test_once_the_day_is_missed_the_provider_is_reminded_within_two_working_days_and_the_action_stays():
    found = owed(an_action(), "Wed 2026-03-11 00:00")
    assert found == [("K-02-done", DUE), ("K-02-chase", day("Thu 2026-03-12"))]


def test_five_working_days_after_the_reminder_it_is_taken_higher():
    found = owed(an_action(reminded=(moment("Wed 2026-03-11 09:00"),)), "Wed 2026-03-11 10:00")
    assert found == [("K-02-done", DUE), ("K-02-raise", day("Wed 2026-03-18"))]


def test_a_second_reminder_puts_nothing_off():
    reminded = (moment("Wed 2026-03-11 09:00"), moment("Tue 2026-03-17 09:00"))
    assert owed(an_action(reminded=reminded), "Tue 2026-03-17 10:00")[1] == ("K-02-raise", day("Wed 2026-03-18"))


def test_what_was_taken_higher_and_is_still_not_done_stays_overdue_for_as_long_as_it_takes():
    action = an_action(reminded=(moment("Wed 2026-03-11 09:00"),), escalated=(moment("Wed 2026-03-18 09:00"),))
    assert owed(action, "Wed 2026-09-16 10:00") == [("K-02-done", DUE)]


def test_taking_it_higher_at_once_meets_the_reminder_too():
    action = an_action(escalated=(moment("Wed 2026-03-11 09:00"),))
    assert owed(action, "Thu 2026-03-12 10:00") == [("K-02-done", DUE)]
    reminder = next(entry for entry in ledger(action, "Thu 2026-03-12 10:00") if entry.kind == "K-02-chase")
    assert reminder.closed_as == Closed.MET


def test_a_reminder_before_the_day_is_a_courtesy_and_meets_nothing():
    action = an_action(reminded=(moment("Mon 2026-03-09 09:00"),))
    assert owed(action, "Wed 2026-03-11 10:00")[1] == ("K-02-chase", day("Thu 2026-03-12"))


def test_what_is_done_in_time_leaves_nothing_owed_and_counts_as_met():
    [entry] = ledger(an_action(done_at=moment("Tue 2026-03-10 23:59")), "Fri 2026-03-13 10:00")
    assert (entry.closed_as, entry.was_late, entry.evidence) == (Closed.MET, False, RECORD)


def test_what_is_done_late_counts_as_late():
    entry = ledger(an_action(done_at=moment("Thu 2026-03-12 10:00")), "Fri 2026-03-13 10:00")[0]
    assert entry.was_late


def test_another_day_agreed_in_time_moves_it_without_a_mark():
    days = (DayAgreed(DUE, AGREED), DayAgreed(day("Fri 2026-03-20"), moment("Mon 2026-03-09 09:00")))
    first, second = ledger(replace(an_action(), days=days), "Thu 2026-03-12 10:00")
    assert first.closed_as == Closed.NO_LONGER_DUE
    assert (second.is_open, second.due_on) == (True, day("Fri 2026-03-20"))


def test_another_day_agreed_too_late_leaves_the_first_as_missed():
    days = (DayAgreed(DUE, AGREED), DayAgreed(day("Fri 2026-03-20"), moment("Thu 2026-03-12 09:00")))
    found = ledger(replace(an_action(), days=days), "Thu 2026-03-12 10:00")
    assert [(entry.kind, entry.closed_as) for entry in found] == [
        ("K-02-done", Closed.MISSED),
        ("K-02-chase", Closed.NO_LONGER_DUE),
        ("K-02-done", None),
    ]


def test_what_is_not_needed_any_more_is_no_longer_due():
    [entry] = ledger(an_action(dropped_at=moment("Mon 2026-03-09 10:00")), "Fri 2026-03-13 10:00")
    assert entry.closed_as == Closed.NO_LONGER_DUE


@pytest.mark.parametrize(
    ("ended", "as_"), [("Mon 2026-03-09", Closed.NO_LONGER_DUE), ("Thu 2026-03-12", Closed.MISSED)]
)
def test_what_is_unfinished_when_the_child_has_moved_is_owed_no_longer(ended, as_):
    found = ledger(an_action(), "Fri 2026-03-13 10:00", ended_on=day(ended))
    assert found[0].closed_as == as_
    assert not any(entry.is_open for entry in found)


def test_it_stays_with_the_role_of_the_author_and_names_nobody():
    action = replace(an_action(), role=Role.IRO.value)
    [entry] = ledger(action, "Mon 2026-03-09 10:00")
    assert (entry.role, entry.owner_id) == (Role.IRO, None)


def test_time_alone_opens_the_reminder_so_the_diary_looks_again_then():
    look = after_duties(child_with(an_action()), RULES, moment("Mon 2026-03-09 10:00")).look_again_at
    assert look == moment("Wed 2026-03-11 00:00")


def test_nothing_changes_between_a_look_and_the_next_but_how_late_it_is():
    facts, now = child_with(an_action()), moment("Mon 2026-03-09 10:00")
    look = after_duties(facts, RULES, now).look_again_at
    before = after_duties(facts, RULES, look - timedelta.resolution).entries
    assert after_duties(facts, RULES, now).entries == before
