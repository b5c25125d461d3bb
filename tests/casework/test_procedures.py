"""The rules in force: dated rows, never edited; an authority's own number takes the place of what a source leaves open."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.auth import get_user_model

from casework import procedures
from casework.limits import Days, WorkingDays
from casework.models import RuleValue
from casework.procedures import OwnValue, Rule, RulesInForce, UnknownRule, declare, declared, rules_as_declared
from casework.rules_in_force import rules_in_force

CHANGED_ON = date(2026, 4, 1)
OLD = Rule("T-01", "The form is sent.", ("Source, 1",), Days(10), until=CHANGED_ON)
NEW = Rule("T-01", "The form is sent.", ("Source, 2",), Days(7), since=CHANGED_ON)
ENDED = Rule("T-02", "Nobody asks for this any more.", ("Source, 3",), Days(1), until=CHANGED_ON)
UNCOUNTED = Rule("T-03", "No limit is stated.", ("Source, 4",))
BOOK = {"T-01": (OLD, NEW), "T-02": (ENDED,), "T-03": (UNCOUNTED,)}
DAY = timedelta(days=1)


@pytest.fixture
def empty_book(monkeypatch):
    monkeypatch.setattr(procedures, "_declared", {})


@pytest.mark.parametrize(
    ("day", "holds"), [(CHANGED_ON - DAY, OLD), (CHANGED_ON, NEW), (CHANGED_ON + DAY, NEW), (date(1990, 1, 1), OLD)]
)
def test_the_old_row_holds_until_the_day_on_which_the_new_one_starts(day, holds):
    assert RulesInForce(BOOK).rule("T-01", day) is holds
    assert RulesInForce(BOOK).limit("T-01", day) == holds.limit


@pytest.mark.parametrize(("code", "day"), [("T-02", CHANGED_ON), ("T-99", CHANGED_ON)])
def test_a_rule_that_does_not_hold_is_refused_and_not_guessed(code, day):
    with pytest.raises(UnknownRule):
        RulesInForce(BOOK).rule(code, day)
    with pytest.raises(UnknownRule):
        RulesInForce(BOOK).limit(code, day)


def test_a_rule_without_a_number_has_no_limit_until_the_authority_sets_one():
    with pytest.raises(UnknownRule):
        RulesInForce(BOOK).limit("T-03", CHANGED_ON)
    own = {"T-03": (OwnValue("T-03", WorkingDays(2), CHANGED_ON),)}
    assert RulesInForce(BOOK, own).limit("T-03", CHANGED_ON) == WorkingDays(2)


def test_an_authoritys_own_number_holds_from_its_day_until_the_next_one():
    own = {"T-01": (OwnValue("T-01", Days(5), CHANGED_ON + 2 * DAY), OwnValue("T-01", Days(3), CHANGED_ON + 9 * DAY))}
    rules = RulesInForce(BOOK, own)
    limits = [rules.limit("T-01", CHANGED_ON + n * DAY).count for n in (1, 2, 8, 9, 100)]
    assert limits == [7, 5, 5, 3, 3]


def test_an_own_number_does_not_keep_a_rule_alive_that_has_ended():
    own = {"T-02": (OwnValue("T-02", Days(5), CHANGED_ON - DAY),)}
    assert RulesInForce(BOOK, own).limit("T-02", CHANGED_ON - DAY) == Days(5)
    with pytest.raises(UnknownRule):
        RulesInForce(BOOK, own).limit("T-02", CHANGED_ON)


def test_declaring_a_rule_again_changes_nothing(empty_book):
    declare([OLD, NEW])
    declare([OLD, NEW])
    assert declared() == {"T-01": (OLD, NEW)}
    assert rules_as_declared().rule("T-01", CHANGED_ON) is NEW


def test_the_book_that_was_handed_out_does_not_change_with_the_next_declaration(empty_book):
    declare([OLD])
    before = declared()
    declare([NEW])
    assert before == {"T-01": (OLD,)}


@pytest.mark.django_db
def test_the_rules_in_force_hold_the_authoritys_own_rows_in_one_query(empty_book, django_assert_num_queries):
    declare([OLD, NEW])
    person = get_user_model().objects.create(username="decides")
    for count, since in ((9, date(2026, 1, 1)), (4, date(2026, 6, 1))):
        RuleValue.objects.create(
            code="T-01",
            count=count,
            unit="working_days",
            since=since,
            decided_by=person,
            decided_at=datetime(2026, 1, 1, tzinfo=UTC),
            because="Agreed by the leadership team.",
        )
    with django_assert_num_queries(1):
        rules = rules_in_force()
    assert rules.limit("T-01", date(2025, 12, 31)) == Days(10)
    assert rules.limit("T-01", date(2026, 5, 31)) == WorkingDays(9)
    assert rules.limit("T-01", date(2026, 6, 1)) == WorkingDays(4)
