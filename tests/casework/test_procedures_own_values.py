"""What an authority may set of its own: stricter than the law, never laxer; and who decides. Decisions C-30, C-38, C-41."""

from datetime import timedelta

import pytest

from accounts.roles import Role
from casework.limits import Days, Hours, Months, Weeks, WorkingDays, Years
from casework.own_values import (
    DECIDE,
    SWITCH_TAKES_NOTHING,
    may_decide,
    objections_to,
    said_value,
)
from casework.procedures import MaySet, OwnValue, Rule, declare, declared, row_on
from placements.lawfulness import standings_over
from tests.factories import TODAY
from visits.clocks.statutory_rulebook import LAW_ASKS_FOR

TOMORROW = TODAY + timedelta(days=1)


def refused(code, limit=None, *, since=TOMORROW, **more):
    return objections_to(OwnValue(code, limit, since, **more), decided_on=TODAY)


@pytest.mark.parametrize(
    ("code", "limit"),
    [
        ("D-01", WorkingDays(60)),  # no source states it
        ("D-03", Days(1)),
        ("D-02", Hours(72)),
        ("D-02", Hours(48)),
        ("D-02", Days(1)),
        ("L-02", Weeks(6)),
        ("L-02", Weeks(4)),
        ("L-02", Days(42)),
        ("L-02", Months(1)),
        ("L-03-long-term", Weeks(12)),
        ("C-38-after-review", Weeks(6)),
        ("C-38", Days(14)),
    ],
)
def test_a_number_that_is_open_or_stricter_may_be_set(code, limit):
    assert refused(code, limit) == []


AT_MOST_6_WEEKS = "may be set shorter than 6 weeks, never longer:"
AT_MOST_3_MONTHS = "may be set shorter than 3 months, never longer:"
AT_MOST_72_HOURS = "may be set shorter than 72 hours, never longer:"
LATER = "would end later."
FROM_TOMORROW = f"counted from 10 March 2026 {LATER}"


@pytest.mark.parametrize(
    ("code", "limit", "says"),
    [
        ("L-02", Days(43), f"L-02 {AT_MOST_6_WEEKS} 43 days {FROM_TOMORROW}"),
        ("L-02", Months(2), f"L-02 {AT_MOST_6_WEEKS} 2 months {FROM_TOMORROW}"),
        # Thirty working days are six weeks where no bank holiday lies between; here lies Easter.
        ("L-02", WorkingDays(30), f"L-02 {AT_MOST_6_WEEKS} 30 working days {FROM_TOMORROW}"),
        # From 31 January to 30 April are 89 days.
        ("L-03-long-term", Days(90), f"L-03-long-term {AT_MOST_3_MONTHS} 90 days counted from 31 January 2027 {LATER}"),
        # Three days end at midnight.
        ("D-02", Days(3), f"D-02 {AT_MOST_72_HOURS} 3 days {FROM_TOMORROW}"),
        ("D-02", Hours(73), f"D-02 {AT_MOST_72_HOURS} 73 hours {FROM_TOMORROW}"),
        # Two end within 72 hours but when the clocks go back.
        ("D-02", Days(2), f"D-02 {AT_MOST_72_HOURS} 2 days counted from 23 October 2026 {LATER}"),
        ("C-38", Days(43), f"C-38 may be at most 6 weeks. {LAW_ASKS_FOR} 43 days {FROM_TOMORROW}"),
        ("L-01", Hours(100), "L-01 ends with a day, so its number cannot be one of hours."),
        ("D-01", WorkingDays(0), "A limit is at least 1 of its unit."),
        ("D-01", None, "D-01 is set with a number, not with yes or no."),
        ("D-00", Days(1), "D-00 holds as it stands: there is no number to set."),
        ("C-35", Days(1), "C-35 holds as it stands: there is no number to set."),
        ("L-18", Weeks(12), "L-18 says what the law allows, and what is lawful no authority can change."),
        ("L-16", WorkingDays(5), "L-16 says what the law allows, and what is lawful no authority can change."),
        ("C-41", Days(3), "C-41 is answered with yes or no, not with a number."),
        ("X-99", Days(3), "No rule has the code X-99."),
    ],
)  # fmt: skip
def test_the_page_says_why_a_number_is_refused(code, limit, says):
    assert refused(code, limit) == [says]


def test_a_minimum_may_be_raised_and_never_lowered(monkeypatch):
    monkeypatch.setattr("casework.procedures._declared", {})
    declare([Rule("T-01", "At least so long.", ("Source",), Weeks(12), sets=MaySet.LONGER)])
    assert refused("T-01", Weeks(13)) == []
    (says,) = refused("T-01", Weeks(11))
    assert says.startswith("T-01 may be set longer than 12 weeks, never shorter: 11 weeks counted from")


def test_a_rule_that_does_not_hold_on_the_first_day_has_no_value():
    assert refused("L-18-anyone", Days(3)) == ["L-18-anyone does not hold on 10 March 2026."]


@pytest.mark.parametrize(("days", "refuses"), [(-1, True), (0, True), (1, False)])
def test_it_holds_from_the_day_after_the_decision_at_the_earliest(days, refuses):
    objections = refused("D-01", Days(3), since=TODAY + timedelta(days=days))
    assert bool(objections) == refuses


def test_a_switch_is_turned_with_yes_or_no_and_takes_nothing_along():
    assert refused("C-41", is_on=False) == []
    assert refused("C-41", is_on=False, takes_running_along=True) == [SWITCH_TAKES_NOTHING]
    assert refused("D-01", Days(3), is_on=True) == ["D-01 is set with a number, not with yes or no."]


def test_no_number_that_says_what_is_lawful_can_be_set():
    """The standing of an arrangement is read once for every variant of the rules: no own value may change it."""
    read = {"L-16", "L-16b", "L-17", "L-18", "L-19"}
    assert standings_over.__module__ == "placements.lawfulness"
    assert {code for code in read if row_on(code, TODAY).may_set is not MaySet.NOTHING} == set()


def test_every_rule_says_where_it_acts_and_what_it_is_about():
    rules = [rule for rows in declared().values() for rule in rows]
    assert [rule.code for rule in rules if not (rule.acts and rule.about)] == []
    counts = [rule for rule in rules if rule.may_set not in (MaySet.NOTHING, MaySet.SWITCH)]
    by_nobody = [rule.code for rule in counts if not rule.owed_by]
    holds_for = ["A-01", "A-13", "C-47", "K-01-before-the-move", "K-12-weeks", "K-20", "L-38-ahead", "M-08"]
    assert sorted(by_nobody) == holds_for, "how long something holds"


@pytest.mark.parametrize("role", Role)
def test_a_senior_manager_decides_but_not_on_a_deadline_of_the_own_role(role):
    for code in ("D-01", "D-03", "D-04", "L-02"):
        rule = row_on(code, TODAY)
        assert may_decide({role}, rule) == (role in DECIDE and role not in rule.owed_by), code
    assert not may_decide({role, Role.HOS}, row_on("D-03", TODAY)), "not even with another role besides"


@pytest.mark.parametrize(
    ("value", "says"),
    [((Years(1), None), "1 year"), ((None, True), "Yes"), ((None, False), "No"), ((None, None), "")],
)
def test_values_are_said_in_words(value, says):
    assert said_value(*value) == says
