"""Files for calendars, as the standard wants them (RFC 5545): read back by a reader of our own that forgives nothing."""

from datetime import UTC, date, datetime

from casework.calendars import Entry, calendar_of, escaped, folded
from tests.calendars import read

AT = datetime(2026, 3, 9, 10, 0, tzinfo=UTC)
ADDRESS = "https://hearth.example.org/"


def an_entry(**more):
    return Entry(**{"name": "duty-7", "says": "Due", "starts": date(2026, 3, 12), "as_of": AT, "url": ADDRESS} | more)


def read_of(*entries):
    return read(calendar_of(entries, product="Tests"))["VEVENT"]


def test_a_whole_day_ends_before_the_next_one():
    """29 March 2026 has 23 hours in London: a day is a day all the same."""
    (entry,) = read_of(an_entry(starts=date(2026, 3, 29)))
    assert entry["DTSTART;VALUE=DATE"] == "20260329"
    assert entry["DTEND;VALUE=DATE"] == "20260330"


def test_moments_are_said_in_universal_time():
    starts, ends = datetime(2026, 7, 1, 13, 0, tzinfo=UTC), datetime(2026, 7, 1, 14, 0, tzinfo=UTC)
    (entry,) = read_of(an_entry(starts=starts, ends=ends))
    assert (entry["DTSTART"], entry["DTEND"]) == ("20260701T130000Z", "20260701T140000Z")


def test_a_moment_without_a_length_has_no_end():
    (entry,) = read_of(an_entry(starts=AT))
    assert "DTEND" not in entry


def test_an_entry_keeps_its_name_while_it_changes():
    before, after = read_of(an_entry()), read_of(an_entry(starts=date(2026, 4, 1), times_changed=1))
    assert before[0]["UID"] == after[0]["UID"] == "duty-7@hearth.example.org"
    assert after[0]["SEQUENCE"] == "1"


def test_what_is_due_takes_nobodys_day():
    (due,), (planned,) = read_of(an_entry(takes_time=False)), read_of(an_entry())
    assert (due["TRANSP"], planned["TRANSP"]) == ("TRANSPARENT", "OPAQUE")


def test_signs_of_the_format_are_escaped():
    assert escaped("a,b;c\\d\r\ne") == "a\\,b\\;c\\\\d\\ne"
    (entry,) = read_of(an_entry(says="One, two; three\nfour\\five"))
    assert entry["SUMMARY"] == "One, two; three\nfour\\five"


def test_long_lines_are_folded_at_75_octets_and_no_letter_is_cut():
    line = "SUMMARY:" + "é" * 100
    lines = folded(line).split(b"\r\n")
    assert max(len(each) for each in lines) <= 75
    assert [each[:1] for each in lines[1:]] == [b" "] * (len(lines) - 1)
    assert b"".join([lines[0], *(each[1:] for each in lines[1:])]).decode() == line


def test_a_line_of_75_octets_is_not_folded():
    assert folded("x" * 75) == b"x" * 75
    assert folded("x" * 76) == b"x" * 75 + b"\r\n x"


def test_a_calendar_without_entries_is_a_calendar():
    """The standard wants at least one component."""
    found = read(calendar_of([], product="Tests"))
    assert found["VEVENT"] == []
    assert found["VTIMEZONE"]
