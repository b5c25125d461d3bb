"""Limits of time: hours are elapsed and exact, everything else ends with a day in London (`visit-clocks.md`, Time)."""

from datetime import UTC, date, datetime, timedelta

import pytest

from casework.limits import (
    LONDON,
    DayLimit,
    Days,
    Hours,
    Months,
    Weeks,
    WorkingDays,
    Years,
    end_of,
    local_day,
    start_of,
    type_of_unit,
)


def london(said):
    return datetime.fromisoformat(said).replace(tzinfo=LONDON)


@pytest.mark.parametrize(
    ("limit", "since", "ends", "because"),
    [
        (Hours(24), "2026-03-09T16:05", "2026-03-10T16:05", "to the minute"),
        (Hours(72), "2026-03-06T16:00", "2026-03-09T16:00", "through a weekend"),
        (Hours(24), "2026-03-28T12:00", "2026-03-29T13:00", "clocks go forward on Sunday 29 March 2026"),
        (Hours(24), "2026-10-24T12:00", "2026-10-25T11:00", "clocks go back on Sunday 25 October 2026"),
        (Hours(24), "2028-02-28T09:00", "2028-02-29T09:00", "onto a leap day"),
        (Days(7), "2026-03-02T10:00", "2026-03-10T00:00", "due on Monday 9 March, overdue from the 10th"),
        (Days(7), "2026-03-02T00:00", "2026-03-10T00:00", "the first minute of a day belongs to it"),
        (Days(7), "2026-03-02T23:59", "2026-03-10T00:00", "so does the last"),
        (Days(0), "2026-03-02T23:59", "2026-03-03T00:00", "due on the day itself"),
        (Days(1), "2026-03-28T10:00", "2026-03-30T00:00", "due on the Sunday of 23 hours"),
        (Days(1), "2026-10-24T10:00", "2026-10-26T00:00", "due on the Sunday of 25 hours"),
        (Weeks(6), "2026-03-09T10:00", "2026-04-21T00:00", "due on Monday 20 April, clocks changed in between"),
        (Months(1), "2026-01-31T10:00", "2026-03-01T00:00", "clipped to 28 February"),
        (Months(1), "2028-01-31T10:00", "2028-03-01T00:00", "clipped to 29 February"),
        (Months(1), "2026-01-28T10:00", "2026-03-01T00:00", "28 January and one month is 28 February too"),
        (Months(1), "2026-03-31T10:00", "2026-05-01T00:00", "clipped to 30 April"),
        (Months(3), "2026-11-30T10:00", "2027-03-01T00:00", "over the end of the year"),
        (Months(12), "2028-02-29T10:00", "2029-03-01T00:00", "a year after a leap day"),
        (Months(1), "2026-12-15T10:00", "2027-01-16T00:00", "from December to January"),
        (Months(11), "2026-01-15T10:00", "2026-12-16T00:00", "to December of the same year"),
        (Years(1), "2028-02-29T10:00", "2029-03-01T00:00", "29 February and one year is 28 February"),
        (Years(4), "2028-02-29T10:00", "2032-03-01T00:00", "four years later there is a 29 February"),
        (WorkingDays(5), "2026-03-27T10:00", "2026-04-08T00:00", "due on Tuesday 7 April, over Easter"),
        (WorkingDays(1), "2026-03-06T23:59", "2026-03-10T00:00", "Friday's last minute: due on Monday"),
    ],
)
def test_a_limit_ends(limit, since, ends, because):
    assert limit.after(london(since)) == london(ends), because


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2026-06-30T22:59:59+00:00", "2026-06-30"),
        ("2026-06-30T23:00:00+00:00", "2026-07-01"),
        ("2026-01-31T23:59:59+00:00", "2026-01-31"),
        ("2026-02-01T00:00:00+00:00", "2026-02-01"),
    ],
)
def test_a_day_is_londons(moment, day):
    assert local_day(datetime.fromisoformat(moment)) == date.fromisoformat(day)


def test_a_limit_in_days_counts_from_the_day_in_london():
    late_in_june = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)
    assert Days(7).after(late_in_june) == london("2026-07-09T00:00")


def test_every_day_follows_the_one_before_without_gap_or_overlap():
    for number in range(366):
        day = date(2026, 1, 1) + timedelta(days=number)
        assert end_of(day) == start_of(day + timedelta(days=1))
        assert local_day(start_of(day)) == day
        assert local_day(end_of(day) - timedelta.resolution) == day


@pytest.mark.parametrize("limit", [Days(3), Weeks(2), Months(2), Years(1), WorkingDays(4)])
def test_every_limit_in_days_ends_at_midnight_in_london(limit):
    for number in range(0, 366, 5):
        since = start_of(date(2026, 1, 1) + timedelta(days=number)) + timedelta(hours=13)
        ends = limit.after(since).astimezone(LONDON)
        assert (ends.hour, ends.minute, ends.second) == (0, 0, 0)
        assert limit.after(since) == end_of(limit.on(local_day(since)))


@pytest.mark.parametrize(
    ("limit", "said"),
    [
        (Hours(1), "1 hour"),
        (Hours(72), "72 hours"),
        (Days(1), "1 day"),
        (Weeks(16), "16 weeks"),
        (WorkingDays(1), "1 working day"),
        (WorkingDays(5), "5 working days"),
        (Months(3), "3 months"),
        (Years(1), "1 year"),
    ],
)
def test_a_limit_says_itself(limit, said):
    assert str(limit) == said


def test_a_limit_in_days_that_does_not_say_how_it_counts_counts_nothing():
    with pytest.raises(TypeError, match="does not say how it counts"):
        DayLimit(3).on(date(2026, 3, 9))


def test_every_unit_that_an_authority_may_choose_is_a_limit():
    assert {unit: str(limit(2)) for unit, limit in type_of_unit.items()} == {
        "hours": "2 hours",
        "days": "2 days",
        "weeks": "2 weeks",
        "working_days": "2 working days",
        "months": "2 months",
        "years": "2 years",
    }
