"""Working days in England, held against the government's own list and against Easter reckoned afresh.

Source: SI 2010/959 reg 2, as `timescales.md` restates it: not Saturday, Sunday, Good Friday, Christmas Day, bank holiday.
"""

from datetime import date, timedelta

import pytest

from casework.working_days import is_working_day, working_days_after, working_days_between

GOV_UK = """
2019-01-01 2019-04-19 2019-04-22 2019-05-06 2019-05-27 2019-08-26 2019-12-25 2019-12-26
2020-01-01 2020-04-10 2020-04-13 2020-05-08 2020-05-25 2020-08-31 2020-12-25 2020-12-28
2021-01-01 2021-04-02 2021-04-05 2021-05-03 2021-05-31 2021-08-30 2021-12-27 2021-12-28
2022-01-03 2022-04-15 2022-04-18 2022-05-02 2022-06-02 2022-06-03 2022-08-29 2022-09-19 2022-12-26 2022-12-27
2023-01-02 2023-04-07 2023-04-10 2023-05-01 2023-05-08 2023-05-29 2023-08-28 2023-12-25 2023-12-26
2024-01-01 2024-03-29 2024-04-01 2024-05-06 2024-05-27 2024-08-26 2024-12-25 2024-12-26
2025-01-01 2025-04-18 2025-04-21 2025-05-05 2025-05-26 2025-08-25 2025-12-25 2025-12-26
2026-01-01 2026-04-03 2026-04-06 2026-05-04 2026-05-25 2026-08-31 2026-12-25 2026-12-28
2027-01-01 2027-03-26 2027-03-29 2027-05-03 2027-05-31 2027-08-30 2027-12-27 2027-12-28
2028-01-03 2028-04-14 2028-04-17 2028-05-01 2028-05-29 2028-08-28 2028-12-25 2028-12-26
"""
"""Bank holidays in England and Wales as gov.uk lists them: with the moved days of 2020, 2022 and 2023."""
BANK_HOLIDAYS = {date.fromisoformat(day) for day in GOV_UK.split()}


def days_of(*years):
    return [date(year, 1, 1) + timedelta(days=n) for year in years for n in range(366) if n < 365 or year % 4 == 0]


def easter(year):
    """Easter Sunday by the Gregorian computus (Meeus, Jones, Butcher)."""
    century, in_century = divmod(year, 100)
    golden = year % 19
    leaps, rest = divmod(century, 4)
    moon = (19 * golden + century - leaps - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    weekday = (32 + 2 * rest + 2 * (in_century // 4) - moon - in_century % 4) % 7
    late = (golden + 11 * moon + 22 * weekday) // 451
    month, day = divmod(moon + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)


def test_ten_years_agree_with_the_governments_list():
    ours = {day for day in days_of(*range(2019, 2029)) if day.weekday() < 5 and not is_working_day(day)}
    assert ours == {day for day in BANK_HOLIDAYS if day.weekday() < 5}


@pytest.mark.parametrize("year", range(2000, 2061))
def test_easter_and_christmas_are_never_working_days(year):
    sunday = easter(year)
    for day in (sunday - timedelta(days=2), sunday + timedelta(days=1), date(year, 12, 25), date(year, 1, 1)):
        assert not is_working_day(day)
    assert is_working_day(sunday - timedelta(days=3)), "Maundy Thursday is one"


@pytest.mark.parametrize(
    ("day", "count", "expected", "because"),
    [
        ("2026-03-06", 1, "2026-03-09", "Friday, then Monday"),
        ("2026-03-07", 1, "2026-03-09", "counted from a Saturday"),
        ("2026-03-08", 1, "2026-03-09", "counted from a Sunday"),
        ("2026-03-09", 0, "2026-03-09", "nothing to count"),
        ("2026-03-07", 0, "2026-03-07", "nothing to count, and a Saturday stays one"),
        ("2026-03-09", 5, "2026-03-16", "one week"),
        ("2026-03-09", 20, "2026-04-08", "four weeks, over Good Friday 3 April and Easter Monday 6 April"),
        ("2026-04-02", 1, "2026-04-07", "Maundy Thursday to the Tuesday after Easter"),
        ("2026-04-03", 1, "2026-04-07", "from Good Friday itself"),
        ("2026-05-01", 1, "2026-05-05", "over the early May bank holiday"),
        ("2021-12-24", 1, "2021-12-29", "Christmas Day on a Saturday: Monday and Tuesday instead"),
        ("2022-12-23", 1, "2022-12-28", "Christmas Day on a Sunday: Monday is Boxing Day, Tuesday instead"),
        ("2026-12-24", 1, "2026-12-29", "Boxing Day on a Saturday: Monday instead"),
        ("2021-12-31", 1, "2022-01-04", "New Year's Day on a Saturday, over the end of the year"),
        ("2022-09-16", 1, "2022-09-20", "over the day of the Queen's funeral, declared eight days before"),
        ("2028-02-28", 1, "2028-02-29", "a leap day is a Tuesday like any other"),
        ("2028-02-28", 2, "2028-03-01", "and is counted"),
        ("2027-02-26", 1, "2027-03-01", "no leap day: Friday 26 February, then Monday 1 March"),
    ],
)
def test_day_0_is_the_day_of_the_event(day, count, expected, because):
    assert working_days_after(date.fromisoformat(day), count) == date.fromisoformat(expected), because


@pytest.mark.parametrize("day", days_of(2026)[::9])
def test_counting_there_and_back_agrees(day):
    for count in range(1, 26):
        there = working_days_after(day, count)
        assert is_working_day(there)
        assert working_days_between(day, there) == count
        assert working_days_between(day, there - timedelta(days=1)) == count - 1


def test_nothing_lies_between_a_day_and_one_not_after_it():
    assert working_days_between(date(2026, 3, 9), date(2026, 3, 9)) == 0
    assert working_days_between(date(2026, 3, 9), date(2026, 3, 2)) == 0
