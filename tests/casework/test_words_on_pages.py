"""How days, moments and lengths of time are said on a page, and the ink on an authority's colour."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.paginator import Paginator

from casework import context, wording
from casework.limits import end_of
from casework.templatetags import hearth

SUNDAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 10, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("days", "says", "urgency"),
    [
        (-4, "4 days overdue", "overdue"),
        (-1, "1 day overdue", "overdue"),
        (0, "due today", "today"),
        (1, "due tomorrow", "soon"),
        (3, "due in 3 days", "soon"),
        (6, "due in 6 days", "soon"),
        (7, "due in 7 days", "later"),
        (1000, "due in 1,000 days", "later"),
    ],
)
def test_a_limit_in_days_is_said_in_days(days, says, urgency):
    due_at = end_of(SUNDAY + timedelta(days=days))
    assert wording.due(due_at, NOW) == says
    assert wording.urgency(due_at, NOW) == urgency


@pytest.mark.parametrize(
    ("left", "says", "urgency"),
    [
        (timedelta(hours=-50), "2 days overdue", "overdue"),
        (timedelta(hours=-2), "2 hours overdue", "overdue"),
        (timedelta(minutes=-59), "59 minutes overdue", "overdue"),
        (timedelta(0), "1 minute overdue", "overdue"),
        (timedelta(seconds=20), "due in 1 minute", "today"),
        (timedelta(minutes=90), "due in 1 hour", "today"),
        (timedelta(hours=47), "due in 47 hours", "soon"),
        (timedelta(hours=71), "due in 2 days", "soon"),
    ],
)
def test_a_limit_in_hours_is_said_in_hours(left, says, urgency):
    assert wording.due(NOW + left, NOW) == says
    assert wording.urgency(NOW + left, NOW) == urgency


def test_a_day_ends_at_midnight_here_also_in_summer():
    due_at = datetime(2026, 7, 10, 23, 0, tzinfo=UTC)
    assert wording.due_on(due_at) == "10 July 2026"
    assert wording.due(due_at, datetime(2026, 7, 10, 22, 59, tzinfo=UTC)) == "due today"
    assert wording.due(due_at, datetime(2026, 7, 10, 23, 0, tzinfo=UTC)) == "1 day overdue"


def test_a_limit_in_hours_says_its_time():
    assert wording.due_on(datetime(2026, 7, 10, 13, 3, tzinfo=UTC)) == "10 July 2026 at 14:03"


def test_days_and_moments():
    moment = datetime(2026, 7, 31, 23, 30, tzinfo=UTC)
    assert wording.said_day(date(2026, 3, 5)) == "5 March 2026"
    assert wording.said_day(moment) == "1 August 2026"
    assert wording.said_moment(moment) == "1 August 2026 at 00:30"
    assert hearth.iso(moment) == "2026-08-01T00:30+01:00"
    assert hearth.iso(date(2026, 3, 5)) == "2026-03-05"


def test_what_began_with_its_day_is_said_without_midnight():
    assert wording.said_start(datetime(2026, 7, 31, 23, 0, tzinfo=UTC)) == "1 August 2026"
    assert wording.said_start(datetime(2026, 7, 31, 23, 1, tzinfo=UTC)) == "1 August 2026 at 00:01"
    assert wording.said_start(None) == ""


@pytest.mark.parametrize(
    ("cites", "says"),
    [
        (("S0 2.6", "S0 2.7", "C-30"), "Unregulated placements procedure 2.6 and 2.7; Decision C-30"),
        (
            ("Care Planning Regulations, reg 24", "Care Planning Regulations, reg 25", "L-18"),
            "Care Planning Regulations, reg 24 and 25; L-18",
        ),
        (("C-26", "C-30", "C-31"), "Decision C-26, C-30 and C-31"),
        (
            ("Care Planning Regulations, reg 23", "SI 2020/445 (pandemic), reg 2 and 8"),
            "Care Planning Regulations, reg 23; SI 2020/445 (pandemic), reg 2 and 8",
        ),
        ((), ""),
    ],
)
def test_several_places_of_one_document_name_it_once(cites, says):
    assert wording.cited(cites) == says


@pytest.mark.parametrize(
    "said",
    [wording.said_day, wording.said_moment, wording.due_on, hearth.due, hearth.lasting, hearth.going_on, hearth.iso],
)
def test_nothing_is_said_of_nothing(said):
    assert said(None) == ""
    assert said("") == ""


@pytest.mark.parametrize(
    ("born_on", "on", "age"),
    [
        (date(2012, 11, 22), date(2026, 11, 21), "13"),
        (date(2012, 11, 22), date(2026, 11, 22), "14"),
        (date(2012, 2, 29), date(2026, 2, 28), "13"),
        (date(2012, 2, 29), date(2026, 3, 1), "14"),
        (date(2026, 4, 30), date(2026, 11, 22), "6 months"),
        (date(2026, 11, 22), date(2026, 11, 22), "0 days"),
        (date(2026, 10, 23), date(2026, 11, 22), "30 days"),
        (date(2026, 10, 22), date(2026, 11, 22), "1 month"),
        (date(2024, 11, 23), date(2026, 11, 22), "23 months"),
        (date(2024, 11, 22), date(2026, 11, 22), "2"),
    ],
)
def test_age_in_years_of_the_young_in_months_and_of_the_youngest_in_days(born_on, on, age):
    assert wording.age(born_on, on) == age


@pytest.mark.parametrize(
    ("length", "says"),
    [
        (timedelta(minutes=45), "45 minutes"),
        (timedelta(hours=30), "30 hours"),
        (timedelta(hours=72), "3 days"),
        (1, "1 day"),
        (27, "27 days"),
        (28, "4 weeks"),
        (45, "6 weeks and 3 days"),
        (0, "0 days"),
    ],
)
def test_lengths_of_time(length, says):
    assert wording.duration(length) == says


@pytest.mark.parametrize(
    ("start", "says"),
    [
        (date(2026, 11, 22), "0 days"),
        (date(2026, 11, 21), "1 day"),
        (date(2026, 10, 14), "5 weeks"),
        (date(2026, 4, 22), "7 months"),
        (date(2024, 8, 1), "2 years and 3 months"),
        (date(2025, 11, 22), "1 year"),
        (None, ""),
    ],
)
def test_how_long_something_has_gone_on(start, says):
    assert wording.lasting(start, SUNDAY) == says


@pytest.mark.parametrize(
    ("number", "noun", "says"),
    [(1, "duty", "1 duty"), (2, "duty", "2 duties"), (1500, "child", "1,500 children"), (2, "person", "2 people"),
     (0, "day", "0 days"), (2, "address", "2 addresses"), (3, "period of care", "3 periods of care")],
)  # fmt: skip
def test_numbers_with_their_nouns(number, noun, says):
    assert wording.counted(number, noun) == says


def test_pages_are_shown_with_gaps():
    page = Paginator(range(400), 10).page(20)
    assert [str(number) for number in hearth.page_numbers(page)] == ["1", "…", "19", "20", "21", "…", "40"]


@pytest.mark.parametrize(
    ("colour", "ink"), [("#000000", "#ffffff"), ("#26383c", "#ffffff"), ("#ffffff", "#0b0c0c"), ("#f4a259", "#0b0c0c")]
)
def test_the_ink_on_an_authoritys_colour_can_be_read(colour, ink):
    assert context.ink_on(colour) == ink
