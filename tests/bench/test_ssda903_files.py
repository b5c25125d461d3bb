"""The files of the return that the generator writes: the columns of each year, linked from year to year."""

import csv
from collections import defaultdict
from datetime import UTC, datetime
from io import StringIO
from itertools import pairwise

import pytest

from bench import names
from bench.generator import make_plan
from bench.ssda903_files import episodes_of, write_ssda903, write_years, years_of
from children.models import Child
from exchange.loading import load
from exchange.ssda903.codes import PLACE
from exchange.ssda903.tables import EPISODES, HEADER, REVIEWS, TABLES

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)


@pytest.fixture(scope="module")
def plan():
    """The authority in November 2026."""
    return make_plan(NOW)


@pytest.fixture(scope="module")
def folders(plan, tmp_path_factory):
    """Its files, by collection year."""
    written = write_years(tmp_path_factory.mktemp("return"), plan)
    return {int(folder.name): folder for folder in written}


def rows(folder, table):
    with open(folder / table.file_name, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_years_run_from_the_first_care_to_the_last_year_that_has_ended(plan):
    assert years_of(plan)[-1] == 2026
    assert len(years_of(plan)) >= 4


def test_each_file_has_the_columns_of_its_year(folders):
    for year, folder in folders.items():
        expected = {table.file_name for table in TABLES if table.columns_in(year)}
        assert {path.name for path in folder.iterdir()} == expected
        for table in TABLES:
            if table.columns_in(year):
                header = (folder / table.file_name).read_text().splitlines()[0]
                assert header == ",".join(table.columns_in(year))


def test_every_code_is_one_of_its_year(folders):
    for year, folder in folders.items():
        for row in rows(folder, EPISODES):
            assert row["PLACE"] in PLACE.codes_in(year)
        assert {row["SEX"] for row in rows(folder, HEADER)} <= ({"1", "2"} if year < 2025 else {"M", "F", "U"})


def test_an_episode_that_was_open_at_the_end_of_a_year_is_in_the_next_years_file(folders):
    years = sorted(folders)
    for year, following in pairwise(years):
        still_open = {(row["CHILD"], row["DECOM"]) for row in rows(folders[year], EPISODES) if not row["DEC"]}
        next_year = {(row["CHILD"], row["DECOM"]) for row in rows(folders[following], EPISODES)}
        assert still_open <= next_year


def test_episodes_of_a_child_join_without_gap_or_overlap(plan):
    for child in plan.children:
        episodes = episodes_of(child)
        assert episodes[0].starts_on == child.care_from
        assert episodes[0].new_because == "S"
        for before, after in pairwise(episodes):
            assert before.starts_on < before.ends_on == after.starts_on
            assert before.ended_because == "X1"
        assert episodes[-1].ends_on == child.care_to


def test_a_closed_episode_says_why_and_an_open_one_says_nothing(folders):
    for folder in folders.values():
        for row in rows(folder, EPISODES):
            assert bool(row["DEC"]) == bool(row["REC"])
            assert row["DEC"] or not row["REASON_PLACE_CHANGE"]


def test_every_episode_and_review_belongs_to_a_child_of_the_header(folders):
    for folder in folders.values():
        known = {row["CHILD"] for row in rows(folder, HEADER)}
        assert {row["CHILD"] for table in (EPISODES, REVIEWS) for row in rows(folder, table)} <= known


def test_a_child_keeps_number_and_birthday_over_the_years(folders):
    birthdays = defaultdict(set)
    for folder in folders.values():
        for row in rows(folder, HEADER):
            birthdays[row["CHILD"]].add(row["DOB"])
    assert all(len(found) == 1 for found in birthdays.values())
    assert len(birthdays) > 100


def test_the_import_takes_every_row(plan, folders, db):
    with load(list(folders.values()), authority=names.AUTHORITY_CODE, at=NOW) as report:
        said = StringIO()
        report.print_text(said)
    assert "Refused: 0" in said.getvalue()
    assert set(Child.objects.values_list("reference", flat=True)) == {
        row["CHILD"] for folder in folders.values() for row in rows(folder, HEADER)
    }


def test_thousands_of_children_are_written_as_well(tmp_path):
    folder = write_ssda903(tmp_path / "large", make_plan(NOW, children=3000), 2026)
    assert len(rows(folder, HEADER)) > 2000
