"""What one cell of a statutory file may hold. Data standards §1.3, §3.5 and §5."""

from datetime import date

import pytest

from exchange.ssda903.cells import read_cell, read_date, read_postcode, upn_is_consistent
from exchange.ssda903.tables import EPISODES, HEADER, MISSING_PERIODS, OC2, TABLE

ON = date(2026, 3, 9)


def column(table, name):
    return next(column for column in table.columns if column.name == name)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("01/02/2018", date(2018, 2, 1)),
        ("1/2/2018", date(2018, 2, 1)),
        (" 01/02/2018 ", date(2018, 2, 1)),
        ("01-02-2018", date(2018, 2, 1)),
        ("01/02/18", date(2018, 2, 1)),
        ("01/02/99", date(1999, 2, 1)),
        ("01/02/46", date(2046, 2, 1)),  # twenty years ahead: a baby of today turns 18
        ("01/02/47", date(1947, 2, 1)),
        ("2018-02-01", date(2018, 2, 1)),
        ("2018-02-01 00:00:00", date(2018, 2, 1)),
        ("2018-02-01T00:00:00", date(2018, 2, 1)),
        ("01/02/2018 00:00", date(2018, 2, 1)),
        ("29/02/2016", date(2016, 2, 29)),
        ("29/02/2018", None),
        ("31/04/2018", None),
        ("12/25/2018", None),
        ("00/01/2018", None),
        ("01/01/0000", None),
        ("43101", None),
        ("z/z/2010", None),
        ("١/٢/٢٠١٨", None),
        ("2018-02-01 12:30:00", None),
    ],
)
def test_dates_are_read_in_every_form_that_authorities_write(text, day):
    assert read_date(text, on=ON) == day


@pytest.mark.parametrize(
    ("text", "postcode"),
    [
        ("BL9 0EG", "BL9 0EG"),
        ("bl90eg", "BL9 0EG"),
        (" m11ae ", "M1 1AE"),
        ("EC1A 1BB", "EC1A 1BB"),
        ("W13 7MJ", None),  # the last two letters are never C I K M O V
        ("ABC 1", None),
        ("28 8HA", None),
    ],
)
def test_postcodes_get_their_space_back(text, postcode):
    assert read_postcode(text) == postcode


@pytest.mark.parametrize(
    ("upn", "fits"),
    [
        # Letter by hand: 801200001001 times 2..13 is 16+0+4+10+0+0+0+0+10+0+0+13 = 53, 53 mod 23 = 7: H.
        ("H801200001001", True),
        ("A801200001001", False),
        # The same with a final B, worth 1, as a temporary number has it.
        ("H80120000100B", True),
        ("G80120000100B", False),
    ],
)
def test_the_check_letter_of_a_pupil_number_is_reckoned(upn, fits):
    assert upn_is_consistent(upn) is fits


@pytest.mark.parametrize(
    ("table", "name", "text", "year", "value", "wrong"),
    [
        (HEADER, "SEX", "1", 2018, "1", None),
        (HEADER, "SEX", "1.0", 2018, "1", None),
        (HEADER, "SEX", "f", 2025, "F", None),
        (HEADER, "SEX", "1", 2025, "1", "code-not-in-year"),
        (HEADER, "SEX", "M", 2024, "M", "code-not-in-year"),
        (HEADER, "SEX", "X", 2025, "X", "unknown-code"),
        (HEADER, "ETHNIC", "wbri", 2018, "WBRI", None),
        (HEADER, "ETHNIC", "UNKN", 2018, "UNKN", "unknown-code"),
        (HEADER, "UPN", "un3", 2018, "UN3", None),
        (HEADER, "UPN", "H801200001001", 2018, "H801200001001", None),
        (HEADER, "UPN", "A801200001001", 2018, "A801200001001", "upn-check-letter"),
        (HEADER, "UPN", "I801200001001", 2018, "I801200001001", "not-a-upn"),
        (HEADER, "MOTHER", "1.0", 2018, "1", None),
        (HEADER, "MOTHER", "yes", 2018, "YES", "not-a-flag"),
        (HEADER, "CHILD", "NORULE_BAD1", 2018, "NORULE_BAD1", "long-child"),
        (EPISODES, "PLACE", "u4", 2018, "U4", None),
        (EPISODES, "PLACE", "H5", 2025, "H5", None),
        (EPISODES, "PLACE", "H5", 2026, "H5", "code-not-in-year"),
        (EPISODES, "PLACE", "K3", 2024, "K3", "code-not-in-year"),
        (EPISODES, "PLACE", "K3", 2025, "K3", None),
        (EPISODES, "PLACE", "Z1", 2025, "Z1", None),
        (EPISODES, "PLACE", "Z12", 2026, "Z12", None),
        (EPISODES, "PLACE", "Q1", 2018, "Q1", "unknown-code"),
        (EPISODES, "REASON_PLACE_CHANGE", "CUSTOD", 2018, "CUSTOD", "code-not-in-year"),
        (EPISODES, "REASON_PLACE_CHANGE", "CUSTOD", 2019, "CUSTOD", None),
        (EPISODES, "REC", "E43", 2018, "E43", None),
        (EPISODES, "REC", "E43", 2019, "E43", "code-not-in-year"),
        (EPISODES, "URN", "sc123456", 2018, "SC123456", None),
        (EPISODES, "URN", "1234567", 2018, "1234567", None),
        (EPISODES, "URN", "XXXXXXX", 2018, "XXXXXXX", None),
        (EPISODES, "URN", "12345678", 2018, "12345678", "not-a-urn"),
        (EPISODES, "DECOM", "31/02/2018", 2018, None, "not-a-date"),
        (EPISODES, "DEC", "", 2018, None, None),
        (EPISODES, "DEC", "   ", 2018, None, None),
        (EPISODES, "PL_POST", "fgh 3", 2018, "FGH 3", "not-a-postcode"),
        (OC2, "SDQ_SCORE", "40", 2018, "40", None),
        (OC2, "SDQ_SCORE", "41", 2018, "41", "not-a-score"),
        (OC2, "SDQ_SCORE", "9" * 5000, 2018, "9" * 5000, "not-a-score"),
        (MISSING_PERIODS, "MISSING", "a", 2018, "A", None),
    ],
)
def test_a_cell_says_a_value_and_what_is_wrong_with_it(table, name, text, year, value, wrong):
    assert read_cell(column(table, name), text, year=year, on=ON) == (value, wrong)


def test_every_code_list_has_a_source_and_no_empty_meaning():
    lists = {column.codes for table in TABLE.values() for column in table.columns if column.codes}
    assert all(codes.cites and all(code.means for code in codes) for codes in lists)
