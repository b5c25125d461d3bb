"""The rules in force: dated rows, never edited; an authority's own number takes the place of what a source leaves open."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from approvals.states import State
from casework import diary, procedures
from casework.limits import Days, Hours, WorkingDays
from casework.models import Duty, RuleValue
from casework.procedures import (
    MaySet,
    OwnValue,
    Rule,
    RulesInForce,
    UnknownRule,
    declare,
    declared,
    rules_as_declared,
)
from casework.rule_values import A_SWITCH
from casework.rules_in_force import rules_in_force
from casework.wording import source
from tests.factories import NOW, chain_at, days_before, with_relative_of_unknown_approval, with_unapproved_relative

CHANGED_ON = date(2026, 4, 1)
OLD = Rule("T-01", "The form is sent.", ("Source, 1",), Days(10), until=CHANGED_ON)
NEW = Rule("T-01", "The form is sent.", ("Source, 2",), Days(7), since=CHANGED_ON)
ENDED = Rule("T-02", "Nobody asks for this any more.", ("Source, 3",), Days(1), until=CHANGED_ON)
UNCOUNTED = Rule("T-03", "No limit is stated.", ("Source, 4",))
OPEN_ENDED = Rule("T-05", "Nobody says how soon.", ("Decision",), Days(10), local_default=True)
SWITCHED = Rule("T-06", "An adviser counts.", ("Decision",), local_default=True, sets=MaySet.SWITCH)
BOOK = {"T-01": (OLD, NEW), "T-02": (ENDED,), "T-03": (UNCOUNTED,), "T-05": (OPEN_ENDED,), "T-06": (SWITCHED,)}
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


def test_a_rule_without_a_number_has_no_limit():
    with pytest.raises(UnknownRule):
        RulesInForce(BOOK).limit("T-03", CHANGED_ON)


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


@pytest.mark.parametrize(("code", "kept"), [("T-01", False), ("T-05", True)])
def test_with_the_row_of_a_statute_ends_what_was_set_for_it(code, kept):
    """Stricter than the old law may be laxer than the new; where no source states the number, it stays."""
    own = {code: (OwnValue(code, Days(9), CHANGED_ON - 5 * DAY),)}
    rules = RulesInForce(BOOK, own)
    assert rules.limit(code, CHANGED_ON - DAY) == Days(9)
    assert rules.limit(code, CHANGED_ON) == (Days(9) if kept else Days(7))


@pytest.mark.parametrize(("day", "holds"), [(-1, True), (0, False), (6, False), (7, True)])
def test_what_is_switched_off_does_not_hold_from_its_day_until_it_is_switched_on_again(day, holds):
    off = OwnValue("T-06", None, CHANGED_ON, is_on=False)
    rules = RulesInForce(BOOK, {"T-06": (off, OwnValue("T-06", None, CHANGED_ON + 7 * DAY, is_on=True))})
    if holds:
        assert rules.rule("T-06", CHANGED_ON + day * DAY).says == SWITCHED.says
    else:
        with pytest.raises(UnknownRule):
            rules.rule("T-06", CHANGED_ON + day * DAY)


def test_the_sentence_says_whose_number_it_is_and_since_when():
    own = RulesInForce(BOOK, {"T-05": (OwnValue("T-05", Days(3), date(2026, 5, 4)),)})
    assert source(own.rule("T-05", date(2026, 5, 3))) == "Decision; the limit is a local default, no source."
    says = "Decision; the limit is this authority’s own, in force since 4 May 2026."
    assert source(own.rule("T-05", date(2026, 5, 4))) == says


# What runs already

ALONG = OwnValue("T-05", Days(3), CHANGED_ON, takes_running_along=True)


@pytest.mark.parametrize(
    ("started", "asked_for_what_ran_on", "days"),
    [
        (CHANGED_ON - DAY, None, 10),
        (CHANGED_ON - DAY, CHANGED_ON - DAY, 10),
        (CHANGED_ON - DAY, CHANGED_ON, 3),
        (CHANGED_ON - DAY, CHANGED_ON + DAY, 3),
        (CHANGED_ON, None, 3),
    ],
)
def test_a_value_that_takes_along_reaches_what_still_ran_on_its_first_day(started, asked_for_what_ran_on, days):
    rules = RulesInForce(BOOK, {"T-05": (ALONG,)}, asked_for_what_ran_on)
    assert rules.limit("T-05", started) == Days(days)


def test_a_later_value_that_takes_nothing_along_does_not_reach_back():
    own = {"T-05": (ALONG, OwnValue("T-05", Days(1), CHANGED_ON + DAY))}
    rules = RulesInForce(BOOK, own).reaching_back_from(CHANGED_ON + 9 * DAY)
    assert rules.limit("T-05", CHANGED_ON - DAY) == Days(3)
    assert rules.limit("T-05", CHANGED_ON + DAY) == Days(1)


@pytest.mark.parametrize(("until", "days"), [(-1, []), (0, [0]), (3, [0]), (4, [0, 4])])
def test_only_days_that_have_come_take_along(until, days):
    own = {"T-05": (replace(ALONG, since=CHANGED_ON + 4 * DAY), ALONG, OwnValue("T-05", Days(1), CHANGED_ON + DAY))}
    found = RulesInForce(BOOK, own).days_that_take_along(until=CHANGED_ON + until * DAY)
    assert found == [CHANGED_ON + day * DAY for day in days]


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
    declare([OPEN_ENDED, SWITCHED])
    person = get_user_model().objects.create(username="decides")
    for count, since in ((9, date(2026, 1, 1)), (4, date(2026, 6, 1))):
        own_value(person, count=count, since=since, decided_at=datetime(2025, 12, 31, tzinfo=UTC))
    own_value(person, code="T-06", **A_SWITCH, is_on=False)
    with django_assert_num_queries(1):
        rules = rules_in_force()
    assert rules.limit("T-05", date(2025, 12, 31)) == Days(10)
    assert rules.limit("T-05", date(2026, 5, 31)) == WorkingDays(9)
    assert rules.limit("T-05", date(2026, 6, 1)) == WorkingDays(4)
    with pytest.raises(UnknownRule):
        rules.rule("T-06", CHANGED_ON)


# An authority's own value: what stands in the table once stands there for good


def own_value(person, **but):
    said = {
        "code": "T-05",
        "count": 4,
        "unit": "working_days",
        "since": CHANGED_ON,
        "decided_by": person,
        "decided_at": datetime(2026, 3, 9, 10, tzinfo=UTC),
        "because": "Agreed by the leadership team.",
    }
    return RuleValue.objects.create(**said | but)


@pytest.fixture
def leader(empty_book):
    within_hours = Rule("T-04", "Within hours.", ("Source, 5",), Hours(72), local_default=True)
    declare([OLD, NEW, OPEN_ENDED, SWITCHED, within_hours])
    return get_user_model().objects.create(username="decides")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("but", "says"),
    [
        ({"code": "T-1"}, "No rule has the code T-1."),
        ({"count": 1001}, "A limit is at most 1,000 of its unit: say it in a larger one."),
        ({"unit": "hours"}, "T-05 ends with a day, so its number cannot be one of hours."),
        ({"since": date(2026, 3, 9)}, "It holds from the day after the decision at the earliest."),
        ({"because": ""}, "This field cannot be blank."),
        ({"unit": "moons"}, "Value 'moons' is not a valid choice."),
        (
            {"code": "T-01", "unit": "days", "count": 8},
            "T-01 may be set shorter than 7 days, never longer: 8 days counted from 1 April 2026 would end later.",
        ),
    ],
)
def test_a_value_that_no_rule_can_count_with_is_refused_with_a_sentence(leader, but, says):
    with pytest.raises(ValidationError) as refused:
        own_value(leader, **but)
    assert refused.value.messages == [says]
    assert not RuleValue.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "but",
    [
        {"count": 1000},
        {"since": date(2026, 3, 10)},
        {"code": "T-04", "unit": "hours"},
        {"code": "T-04", "unit": "days"},
        {"code": "T-01", "unit": "days", "count": 7},
    ],
)
def test_the_nearest_that_can_be_counted_with_is_taken(leader, but):
    assert own_value(leader, **but).limit.after(NOW)


@pytest.mark.django_db
def test_two_values_of_a_rule_from_one_day_are_refused_with_a_sentence(leader):
    own_value(leader)
    with pytest.raises(ValidationError, match="a number of its own from that day on already"):
        own_value(leader, count=5)


@pytest.mark.django_db
def test_the_database_refuses_what_goes_past_the_model(leader):
    row = RuleValue(code="T-05", count=1001, unit="days", since=CHANGED_ON, decided_by=leader, decided_at=NOW)
    with pytest.raises(IntegrityError, match="own_number_that_can_be_counted"):
        RuleValue.objects.bulk_create([row])


def test_deadlines_that_run_already_keep_the_rule_under_which_they_started(world):
    """Every limit that can be set becomes one day from tomorrow on: nothing that runs moves, what starts is shorter."""
    with_unapproved_relative(world.own_child, since=days_before(6))
    chain_at(State.AGREED, with_unapproved_relative(world.teams_child))
    with_relative_of_unknown_approval(world.second_teams_child, since=days_before(2))
    files = [child.case_file_id for child in world.children]
    diary.refresh(files, at=NOW)
    before = {(duty.case_file_id, duty.key): duty.due_at for duty in Duty.objects.open()}
    assert {"S", "D-00", "D-08"} <= {key.partition(":")[0] for _, key in before}
    for code, rows in declared().items():
        if rows[-1].limit and rows[-1].may_set not in (MaySet.NOTHING, MaySet.LONGER):
            unit = "hours" if isinstance(rows[-1].limit, Hours) else "days"
            own_value(world.service_director, code=code, count=1, unit=unit, since=date(2026, 3, 10), decided_at=NOW)
    for later in (timedelta(0), DAY, 3 * DAY):
        diary.refresh(files, at=NOW + later)
        now = {(duty.case_file_id, duty.key): duty.due_at for duty in Duty.objects.open()}
        assert {which: due_at for which, due_at in now.items() if which in before} == before
    placement = with_unapproved_relative(world.other_areas_child, since=NOW + 2 * DAY)
    diary.refresh([placement.case_file_id], at=NOW + 2 * DAY)
    first_visit = Duty.objects.open().get(case_file=placement.case_file_id, key__startswith="S:")
    assert first_visit.due_at == Days(1).after(NOW + 2 * DAY)
