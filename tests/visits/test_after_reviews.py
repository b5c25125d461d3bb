"""What the IRO does around reviews, and what is asked for and agreed about a home. L-38, K-04, K-14, K-20, K-26, K-28."""

from dataclasses import replace
from datetime import timedelta

import pytest

from accounts.roles import Role
from casework.ledger import Closed
from casework.procedures import rules_as_declared
from tests.visits.placed import ABOUT, day, moment, placed
from visits.after.duties import after_duties
from visits.after.facts import (
    AfterFacts,
    AtReview,
    ContractRaised,
    IntervalAgreed,
    ReportReceived,
    ReviewOnRecord,
    ToldOf,
    ToolAsked,
)
from visits.after.reviews_owed import first_day_ahead
from visits.clocks.facts import Review

RULES = rules_as_declared()
REVIEW = "children.lookedafterreview:7"
ON = day("Mon 2026-03-30")


def child(**facts):
    home = placed("Fri 2026-03-06 16:00", "in_house_foster")
    return AfterFacts("children.child:1", **{"placements": (home,)} | facts)


def owed(facts, now, kind=None):
    entries = after_duties(facts, RULES, moment(now)).entries
    return [(e.kind, e.due_on) for e in entries if e.is_open and kind in (None, e.kind)]


def ledger(facts, now, kind):
    return [entry for entry in after_duties(facts, RULES, moment(now)).entries if entry.kind == kind]


def reviewed(**more):
    return child(reviews=(ReviewOnRecord(REVIEW, ON, **more),))


# The private conversation


def test_the_private_conversation_is_on_the_list_four_weeks_ahead_and_due_by_the_day_of_the_review():
    assert owed(reviewed(), "Sun 2026-03-01 23:59") == []
    assert owed(reviewed(), "Mon 2026-03-02 00:00") == [("L-38", ON)]
    look = after_duties(reviewed(), RULES, moment("Sun 2026-03-01 12:00")).look_again_at
    assert look == moment("Mon 2026-03-02 00:00")


def test_a_review_does_not_swallow_the_conversation():
    [entry] = ledger(reviewed(held_on=ON), "Thu 2026-06-04 10:00", "L-38")
    assert (entry.is_open, entry.due_on, entry.role) == (True, ON, Role.IRO)


def test_a_review_held_early_asks_for_the_conversation_by_that_day():
    assert owed(reviewed(held_on=day("Mon 2026-03-23")), "Tue 2026-03-24 10:00") == [("L-38", day("Mon 2026-03-23"))]


def test_a_conversation_meets_it_whether_the_child_spoke_or_did_not_want_to():
    facts = replace(reviewed(), conversations=(AtReview(REVIEW, moment("Mon 2026-03-23 10:00"), "record:1"),))
    [entry] = ledger(facts, "Tue 2026-03-24 10:00", "L-38")
    assert (entry.closed_as, entry.was_late, entry.evidence) == (Closed.MET, False, "record:1")


def test_a_conversation_for_another_review_does_not_meet_it():
    other = AtReview("children.lookedafterreview:8", moment("Mon 2026-03-23 10:00"), "record:1")
    assert owed(replace(reviewed(), conversations=(other,)), "Tue 2026-03-24 10:00") == [("L-38", ON)]


def test_what_was_done_before_everything_is_on_record_is_nobodys_debt():
    assert owed(replace(reviewed(), known_from=day("Tue 2026-03-31")), "Thu 2026-04-02 10:00") == []


def test_it_is_owed_no_longer_once_care_has_ended():
    facts = replace(reviewed(), over_on=day("Mon 2026-03-16"))
    [entry] = ledger(facts, "Tue 2026-03-17 10:00", "L-38")
    assert entry.closed_as == Closed.NO_LONGER_DUE


@pytest.mark.parametrize("code", ["L-38-ahead"])
def test_how_long_ahead_is_counted_backwards_by_the_same_limit(code):
    limit = RULES.limit(code, ON)
    first = first_day_ahead(ON, limit)
    assert limit.on(first) >= ON > limit.on(first - timedelta(days=1))


# Everybody's visits


def in_a_childrens_home(*days_of_reviews):
    home = placed("Fri 2026-03-06 16:00", "childrens_home", reviews=tuple(Review(d) for d in days_of_reviews))
    rows = tuple(ReviewOnRecord(f"children.lookedafterreview:{n}", d) for n, d in enumerate(days_of_reviews, start=1))
    return child(placements=(home,), reviews=rows)


def test_the_first_review_after_a_move_looks_at_everybodys_visits_and_no_later_one_has_to():
    facts = in_a_childrens_home(ON, day("Mon 2026-06-29"))
    assert owed(facts, "Mon 2026-06-29 10:00", "K-04") == [("K-04", ON)]


def test_having_looked_at_them_meets_it():
    facts = in_a_childrens_home(ON)
    done = AtReview("children.lookedafterreview:1", moment("Mon 2026-03-30 15:00"), "record:2")
    assert owed(replace(facts, considered=(done,)), "Tue 2026-03-31 10:00", "K-04") == []


# The provider


INTERVAL = IntervalAgreed(ABOUT, day("Mon 2026-03-09"), 7, moment("Mon 2026-03-09 10:00"))


def test_a_report_is_due_the_agreed_time_after_the_day_agreed():
    assert owed(child(intervals=(INTERVAL,)), "Mon 2026-03-09 12:00") == [("K-26", day("Mon 2026-03-16"))]


def test_each_report_opens_the_next_and_a_late_one_counts_as_late():
    came = ReportReceived("visits.providerreport:1", ABOUT, day("Wed 2026-03-18"), moment("Wed 2026-03-18 09:00"))
    first, second = ledger(child(intervals=(INTERVAL,), reports=(came,)), "Thu 2026-03-19 10:00", "K-26")
    assert (first.closed_as, first.was_late) == (Closed.MET, True)
    assert (second.is_open, second.due_on) == (True, day("Wed 2026-03-25"))


def test_another_interval_takes_the_place_of_the_one_before():
    monthly = IntervalAgreed(ABOUT, day("Fri 2026-03-13"), 28, moment("Fri 2026-03-13 10:00"))
    assert owed(child(intervals=(INTERVAL, monthly)), "Fri 2026-03-13 12:00") == [("K-26", day("Fri 2026-04-10"))]


def told_of(**more):
    return ToldOf("visits.incident:1", ABOUT, moment("Mon 2026-03-09 20:00"), moment("Mon 2026-03-09 22:00"), **more)


def test_the_account_of_an_incident_is_asked_for_once_the_providers_24_hours_are_over():
    facts = child(incidents=(told_of(),))
    assert owed(facts, "Tue 2026-03-10 19:59") == []
    assert owed(facts, "Tue 2026-03-10 20:00") == [("K-20-text", day("Wed 2026-03-11"))]


def test_an_account_in_time_leaves_nothing_to_ask_for():
    facts = child(incidents=(told_of(account_at=moment("Tue 2026-03-10 19:00")),))
    assert after_duties(facts, RULES, moment("Fri 2026-03-13 10:00")).entries == ()


def test_commissioning_answers_about_a_contract_within_five_working_days():
    facts = child(contracts=(ContractRaised("visits.contractquestion:1", ABOUT, moment("Mon 2026-03-09 10:00")),))
    [entry] = ledger(facts, "Tue 2026-03-10 10:00", "K-28")
    assert (entry.role, entry.due_on) == (Role.COMMISSIONING, day("Mon 2026-03-16"))


def test_the_health_professional_who_was_asked_owes_the_tool_in_person():
    asked = ToolAsked("visits.healthasked:1", ABOUT, 42, moment("Mon 2026-03-09 10:00"), day("Mon 2026-03-23"))
    [entry] = ledger(child(tools=(asked,)), "Tue 2026-03-10 10:00", "K-14")
    assert (entry.role, entry.owner_id, entry.due_on) == (Role.HEALTH, 42, day("Mon 2026-03-23"))


def test_everything_about_a_home_ends_when_the_child_leaves_it():
    home = placed("Fri 2026-03-06 16:00", "in_house_foster", ended_on=day("Thu 2026-03-12"))
    facts = child(placements=(home,), intervals=(INTERVAL,), incidents=(told_of(),))
    assert owed(facts, "Fri 2026-03-13 10:00") == []


def test_what_was_not_done_before_a_review_is_missed_once_the_next_was_held_and_owed_for_that_one():
    rows = (
        ReviewOnRecord("review:1", ON, ON),
        ReviewOnRecord("review:2", day("Mon 2026-06-29"), day("Mon 2026-06-29")),
    )
    first, second = ledger(child(reviews=rows), "Tue 2026-06-30 10:00", "L-38")
    assert (first.closed_as, second.is_open) == (Closed.MISSED, True)
