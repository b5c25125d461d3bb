"""What the cells of a table of visits say. Source: data-standards §3.1 and §5."""

from datetime import UTC, date, datetime

import pytest

from casework.limits import LONDON
from exchange.ssd.cells import plain, read_when, read_yes_or_no

ON = date(2026, 3, 9)
"""Monday 9 March 2026."""


def london(*when, fold=0):
    return datetime(*when, tzinfo=LONDON, fold=fold).astimezone(UTC)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-03-05 14:30:00", london(2026, 3, 5, 14, 30)),
        ("2026-03-05T14:30", london(2026, 3, 5, 14, 30)),
        ("05/03/2026 14:30", london(2026, 3, 5, 14, 30)),
        ("5/3/26 9:05", london(2026, 3, 5, 9, 5)),
        ("2026-03-05 14:30:00.1230000", london(2026, 3, 5, 14, 30, 0, 123000)),
        ("2026-03-05 14:30:00Z", london(2026, 3, 5, 14, 30)),
        # Summer began on Sunday 29 March 2026: 14:30 in London is 13:30 at Greenwich.
        ("2025-07-01 14:30:00", london(2025, 7, 1, 14, 30)),
        ("2025-07-01 13:30:00+00", london(2025, 7, 1, 14, 30)),
        ("2025-07-01 15:30:00+0200", london(2025, 7, 1, 14, 30)),
        # Sunday 26 October 2025 has the hour from one to two twice: plain, it is the second one.
        ("2025-10-26 01:30:00", london(2025, 10, 26, 1, 30, fold=1)),
        ("2025-10-26 01:30:00+01", london(2025, 10, 26, 1, 30, fold=0)),
        ("2026-03-05 00:00:00+00", london(2026, 3, 5)),
    ],
)
def test_times_are_londons_however_they_are_written(text, moment):
    when, wrong = read_when(text, on=ON)
    assert wrong is None
    assert when.at == moment


@pytest.mark.parametrize("text", ["2026-03-05", "05/03/2026", "05/03/26", "5.3.2026", "2026-03-05 00:00:00.000"])
def test_a_day_alone_and_a_midnight_tell_no_time(text):
    when, wrong = read_when(text, on=ON)
    assert (when.day, when.at, wrong) == (date(2026, 3, 5), None, None)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "no-visit-day"),
        ("soon", "not-a-visit-day"),
        ("31/02/2026", "not-a-visit-day"),
        ("2026-03-05 25:00", "not-a-visit-day"),
        ("2026-03-05 14:30+99", "not-a-visit-day"),
        ("05/03/2026 2pm", "not-a-visit-day"),
        ("0001-01-01 00:00:00+14", "not-a-visit-day"),
        ("1753-01-01", "not-a-visit-day"),
        ("46086", "day-as-number"),
        ("46086.604166", "day-as-number"),
        ("46086,5", "day-as-number"),
    ],
)
def test_what_is_no_day_is_told_by_its_reason(text, reason):
    assert read_when(text, on=ON) == (None, reason)


def test_yes_and_no_are_read_in_every_usual_form_and_nothing_else_is():
    assert [read_yes_or_no(text) for text in ("Y", "y", "Yes", "TRUE", "1")] == [True] * 5
    assert [read_yes_or_no(text) for text in ("N", "no", "false", "0")] == [False] * 4
    assert [read_yes_or_no(text) for text in ("", "U", "Not known", "2")] == [None] * 4


def test_the_apostrophe_that_guards_a_cell_is_taken_off_and_no_other():
    assert [plain(cell) for cell in (" '=1", "'-7 ", "'abc", "O'Neill", "'")] == ["=1", "-7", "'abc", "O'Neill", "'"]
