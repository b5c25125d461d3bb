"""The tables of the statutory return against the words of the house, and by collection year. Data standards §1."""

from datetime import date
from string import Formatter

import pytest

from exchange.findings import REASONS
from exchange.ssda903.codes import PLACE
from exchange.ssda903.settings import IN_A_HOME, OTHER_SETTING, SETTINGS, setting_of
from exchange.ssda903.tables import DOLO, EPISODES, HEADER, SW_EPISODES, TABLES, year_of
from placements.states import Setting


@pytest.mark.parametrize(
    ("place", "provider", "setting"),
    [
        ("U4", "PR1", Setting.IN_HOUSE_FOSTER),
        ("U6", "PR1", Setting.IN_HOUSE_FOSTER),
        ("U6", "PR4", Setting.IFA_FOSTER),
        ("U5", "", Setting.IFA_FOSTER),
        ("U3", "PR1", Setting.CONNECTED_PERSON),
        ("P1", "PR0", Setting.PARENT),
        ("K2", "PR1", Setting.CHILDRENS_HOME),
        ("K1", "PR3", Setting.SECURE_HOME),
        ("K3", "PR5", Setting.SUPPORTED_ACCOMMODATION),
        ("H5", "PR4", Setting.SUPPORTED_ACCOMMODATION),
        ("S1", "PR4", Setting.RESIDENTIAL_SCHOOL),
        ("R1", "PR4", Setting.CARE_HOME),
        ("R2", "PR3", Setting.HOSPITAL),
        ("R3", "PR4", Setting.FAMILY_CENTRE),
        ("R5", "PR3", Setting.CUSTODY),
        ("P2", "", Setting.INDEPENDENT_LIVING),
        ("P3", "PR4", Setting.RESIDENTIAL_EMPLOYMENT),
        ("A3", "PR1", Setting.ADOPTIVE),
        ("T0", "", Setting.TEMPORARY),
        ("Z1", "", Setting.OTHER),
        ("Z13", "", Setting.OTHER),
        ("Q1", "PR4", Setting.OTHER),
        ("", "", Setting.OTHER),
    ],
)
def test_a_placement_code_stands_for_a_setting(place, provider, setting):
    assert setting_of(place, provider) == setting


def test_settings_are_those_of_the_house():
    assert {row.setting for row in SETTINGS} | IN_A_HOME | {OTHER_SETTING} <= set(Setting.values)


def test_no_code_is_left_without_a_setting_but_the_other_ones():
    left = {code.code for code in PLACE if setting_of(code.code, "") == OTHER_SETTING}
    assert left == {"Z1", "Z11", "Z12", "Z13", "Z14"}


@pytest.mark.parametrize(
    ("day", "year"), [(date(2017, 4, 1), 2018), (date(2018, 3, 31), 2018), (date(2018, 4, 1), 2019)]
)
def test_a_collection_year_runs_from_april_to_march(day, year):
    assert year_of(day) == year


def test_columns_and_codes_are_given_for_a_year_of_writing():
    assert HEADER.columns_in(2018) == ("CHILD", "SEX", "DOB", "ETHNIC", "UPN", "MOTHER", "MC_DOB")
    assert EPISODES.columns_in(2018)[0] == "CHILD"
    assert len(EPISODES.columns_in(2018)) == 13
    assert SW_EPISODES.columns_in(2023) == ()
    assert SW_EPISODES.columns_in(2024)
    assert DOLO.columns_in(2026) == ()
    assert "Z1" in PLACE.codes_in(2025)
    assert {"Z1", "H5", "P2"}.isdisjoint(PLACE.codes_in(2026))
    assert {"Z11", "Z14", "K3"} <= set(PLACE.codes_in(2026))


def test_every_table_and_reason_has_a_source():
    assert all(table.cites and table.known_by <= set(table.names) for table in TABLES)
    assert all(reason.cites and reason.says.endswith(".") for reason in REASONS.values())
    assert all(row.cites for row in SETTINGS)


def test_no_reason_is_written_but_never_given(pytestconfig):
    sources = (pytestconfig.rootpath / "exchange").rglob("*.py")
    text = "".join(path.read_text() for path in sources if path.name != "findings.py")
    assert [code for code in REASONS if f'"{code}"' not in text] == []


def test_reasons_name_what_fills_them():
    names = {name for reason in REASONS.values() for _, name, _, _ in Formatter().parse(reason.says) if name}
    assert all(name.isidentifier() for name in names)
