"""How visits are spread (S3, line 237): who goes that week, what speaks against a day, which days are left."""

from datetime import date

import pytest

from tests.visits.placed import day
from visits.planning.rounds import in_order, outward
from visits.planning.spreading import Going, days_in_hand, in_the_week_of, speaks_against

MONDAY = day("Mon 2026-03-09")


def going(words, who="Dana Jones", role="Independent reviewing officer", at="", **more):
    return Going(day(words), at, who, role, **more)


def against(words, *others, due=None, today=MONDAY):
    return speaks_against(day(words), others, today=today, due_on=day(due) if due else None)


def left(*others, due=None, today="Mon 2026-03-09"):
    return [f"{each:%a} {each}" for each in days_in_hand(others, today=day(today), due_on=day(due) if due else None)]


@pytest.mark.parametrize(
    ("words", "is_beside"),
    [
        ("Sun 2026-03-08", False),
        ("Mon 2026-03-09", True),
        ("Thu 2026-03-12", True),
        ("Sun 2026-03-15", True),
        ("Mon 2026-03-16", False),
    ],
)
def test_a_week_goes_from_monday_to_sunday(words, is_beside):
    found = in_the_week_of(day("Wed 2026-03-11"), [going(words)])
    assert bool(found) is is_beside


def test_who_goes_that_week_stands_in_order_of_time():
    late, early = going("Fri 2026-03-13"), going("Tue 2026-03-10")
    assert in_the_week_of(MONDAY, [late, early]) == (early, late)


def test_a_day_on_which_somebody_else_goes_is_warned_about():
    assert against("Wed 2026-03-11", going("Wed 2026-03-11")) == (
        "Dana Jones (Independent reviewing officer) plans to go on the same day.",
    )
    assert against("Wed 2026-03-11", going("Tue 2026-03-10"), going("Thu 2026-03-12")) == ()


def test_whoever_was_there_that_day_is_named_as_having_been_there():
    assert against("Mon 2026-03-09", going("Mon 2026-03-09", was_there=True)) == (
        "Dana Jones (Independent reviewing officer) went on the same day.",
    )


@pytest.mark.parametrize(
    ("words", "late"),
    [("Thu 2026-03-12", ""), ("Fri 2026-03-13", "1 day too late"), ("Mon 2026-03-16", "4 days too late")],
)
def test_a_day_after_the_due_day_says_so(words, late):
    """Due on Thursday 12 March 2026: that day is in time."""
    found = against(words, due="Thu 2026-03-12")
    assert found == ((f"The visit is due by 12 March 2026: this is {late}.",) if late else ())


def test_where_the_visit_is_overdue_no_day_is_warned_about_for_that():
    assert against("Tue 2026-03-10", due="Sun 2026-03-08") == ()
    assert against("Tue 2026-03-10", due="Mon 2026-03-09") == (
        "The visit is due by 9 March 2026: this is 1 day too late.",
    )


def test_days_in_hand_run_from_today_to_the_due_day():
    assert left(due="Wed 2026-03-11") == ["Mon 2026-03-09", "Tue 2026-03-10", "Wed 2026-03-11"]


def test_nobody_is_sent_on_a_weekend_or_a_holiday():
    """Good Friday 3 April 2026, Easter Monday 6 April."""
    assert left(today="Thu 2026-04-02", due="Tue 2026-04-07") == ["Thu 2026-04-02", "Tue 2026-04-07"]


def test_weeks_in_which_nobody_else_goes_come_first():
    assert left(going("Wed 2026-03-11"), due="Tue 2026-03-17") == ["Mon 2026-03-16", "Tue 2026-03-17"]


def test_where_every_week_is_taken_days_without_others_are_left():
    assert left(going("Tue 2026-03-10"), due="Wed 2026-03-11") == ["Mon 2026-03-09", "Wed 2026-03-11"]


def test_where_every_day_is_taken_none_is_offered():
    assert left(going("Mon 2026-03-09"), due="Mon 2026-03-09") == []


@pytest.mark.parametrize("due", [None, "Thu 2026-03-05"])
def test_where_nothing_is_due_or_it_is_overdue_the_next_days_are_offered(due):
    assert left(due=due) == ["Mon 2026-03-09", "Tue 2026-03-10", "Wed 2026-03-11", "Thu 2026-03-12", "Fri 2026-03-13"]


def test_a_due_day_that_lies_years_ahead_is_not_counted_through():
    assert len(days_in_hand((), today=MONDAY, due_on=date(9999, 12, 31))) == 5


@pytest.mark.parametrize(
    ("typed", "part"),
    [
        ("ME14 1XX", "ME14"),
        ("me141xx", "ME14"),
        (" M1 1AE ", "M1"),
        ("W1A 0AX", "W1A"),
        ("EC1A 1BB", "EC1A"),
        ("ME14", "ME14"),
        ("1XX", "1XX"),
        ("", ""),
    ],
)
def test_the_outward_half_of_a_postcode_is_read_however_it_was_typed(typed, part):
    assert outward(typed) == part


def test_parts_of_the_country_stand_in_the_order_of_their_numbers():
    parts = ["ME15", "W1A", "ME5", "CT1", "W2", "W10"]
    assert sorted(parts, key=in_order) == ["CT1", "ME5", "ME15", "W1A", "W2", "W10"]
