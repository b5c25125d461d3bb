"""Working days in England: not Saturday, Sunday, Good Friday, Christmas Day or a bank holiday.

Day 0 is the day of the event: 1 working day after a Friday is Monday. Source: SI 2010/959 reg 2, as
`timescales.md` restates it.
"""

from datetime import date, timedelta
from functools import cache

import holidays


@cache
def _bank_holidays(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("GB", subdiv="ENG", years=year))


def is_working_day(day: date) -> bool:
    """Is this a day on which limits in working days run?"""
    return day.weekday() < 5 and day not in _bank_holidays(day.year)


def is_public_holiday(day: date) -> bool:
    """Is this Good Friday, Christmas Day or a bank holiday, on whichever day of the week?"""
    return day in _bank_holidays(day.year)


def working_days_after(day: date, count: int) -> date:
    """The `count`-th working day after `day`; `day` itself is day 0 and is not counted. Zero gives `day` itself."""
    for _ in range(count):
        day += timedelta(days=1)
        while not is_working_day(day):
            day += timedelta(days=1)
    return day


def working_days_between(earlier: date, later: date) -> int:
    """How many working days lie after `earlier`, up to and with `later`; 0 where `later` is not after it."""
    days = (later - earlier).days
    return sum(is_working_day(earlier + timedelta(days=n)) for n in range(1, days + 1))
