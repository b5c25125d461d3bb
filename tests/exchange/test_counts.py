"""The histories of whole files against a count made by other hands, from the files alone (`counted_by_hand`)."""

import os
from collections import Counter
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings, strategies as st

from exchange.ssda903.gathering import Gathering
from exchange.ssda903.history import Counts, Mark
from exchange.ssda903.linking import link
from exchange.ssda903.reading import YearVotes, open_folder, read_rows
from tests.exchange.counted_by_hand import counts, of_one_child
from tests.exchange.files_and_rows import SAMPLES, episode, header, rows_of

ON = date(2026, 11, 22)
RETURNS = [("linked/2017",), ("linked/2018",), ("linked/2017", "linked/2018"), ("random_2018",)]
at_hand = pytest.mark.skipif(not SAMPLES.exists(), reason="the shared sample files are not at hand")


@pytest.mark.skipif(os.environ.get("CI") != "true", reason="the shared samples must be at hand where CI=true")
def test_the_shared_samples_are_at_hand():
    assert (SAMPLES / "random_2018/episodes.csv").exists()


def told(folders):
    """What the histories of these folders hold, under the names of the count by hand."""
    found, years = Counts(), []
    with Gathering() as gathering:
        for batch, folder in enumerate(folders):
            votes = YearVotes(on=ON)
            for file in open_folder(folder):
                if file.table and file.table.key in ("header", "episodes", "reviews"):
                    number = gathering.add_file(file, batch)
                    for row in read_rows(file):
                        gathering.add(number, row)
                        votes.count(file.table.key, row.cells)
            years.append(votes.year()[0])
            gathering.set_year(batch, years[-1])
        for child, rows in gathering.by_child():
            found.add([link(child, rows, on=ON, latest_year=max(years))])
    return years, as_counted(found)


def as_counted(found):
    counted = Counter(
        children=found.children,
        care_periods=found.care_periods,
        placements=found.placements,
        stays=found.temporary_stays,
        legal_statuses=found.legal_statuses,
        reviews=found.reviews,
        overlaps=found.marks.get(Mark.OVERLAPS, 0),
        not_confirmed=found.not_confirmed,
        rows=sum(found.marks.values()),
    )
    return +counted


@at_hand
@pytest.mark.parametrize("folders", RETURNS)
def test_the_histories_hold_what_the_files_hold(folders):
    folders = [SAMPLES / folder for folder in folders]
    _, found = told(folders)
    assert found == +counts(folders, on=ON)


@at_hand
@pytest.mark.parametrize(
    ("folder", "year"), [("linked/2017", 2018), ("linked/2018", 2019), ("random_2018", 2018), ("dirty_2020", 2020)]
)
def test_the_samples_are_of_the_years_that_they_are_of(folder, year):
    assert told([SAMPLES / folder])[0] == [year]


DAYS = st.integers(0, 40).map(lambda days: date(2017, 4, 1) + timedelta(days=days))


@st.composite
def some_episodes(draw):
    """Hostile rows of one year: any order, gaps, overlaps, open ones in between; one row a day."""
    starts = draw(st.lists(DAYS, max_size=8, unique=True))
    return [
        episode(
            f"{start:%d/%m/%Y}",
            draw(
                st.just("")
                | st.integers(1, 12).map(lambda days, start=start: f"{start + timedelta(days=days):%d/%m/%Y}")
            ),
            rne=draw(st.sampled_from("SLLPTBU")),
            rec=draw(st.sampled_from(["X1", "X1", "X1", "E4A"])),
            LS=draw(st.sampled_from(["C1", "C2", "V2"])),
            PLACE=draw(st.sampled_from(["U6", "U6", "K2", "T1", "T4"])),
        )
        for start in starts
    ]


@settings(max_examples=400, deadline=None)
@given(first=some_episodes(), second=some_episodes())
def test_any_two_years_hold_what_a_count_by_hand_finds(first, second):
    # A row that would stretch an episode, or end it where another began, is its own story (test_linking).
    known = {record["DECOM"] for record in first}
    second = [record for record in second if record["DECOM"] not in known]
    rows = [*rows_of("header", header()), *rows_of("episodes", *first), *rows_of("episodes", *second, year=2019)]
    found = Counts()
    found.add([link("1001", rows, on=ON, latest_year=2019)])
    by_day = [sorted(year, key=lambda record: record["DECOM"].split("/")[::-1]) for year in (first, second)]
    by_hand = of_one_child([(number, record) for number, year in enumerate(by_day) for record in year], last_year=1)
    assert as_counted(found) == +(by_hand + Counter(children=1, rows=len(rows)))


@settings(max_examples=200, deadline=None)
@given(years=st.lists(some_episodes(), min_size=1, max_size=4))
def test_placements_never_overlap_and_a_later_year_unmakes_none(years):
    rows = rows_of("header", header())
    before = ()
    for year, records in enumerate(years, start=2018):
        rows = rows + rows_of("episodes", *records, year=year)
        history = link("1001", rows, on=ON, latest_year=year)
        placements = history.placements
        assert all(a.ended_on and a.ended_on <= b.started_on for a, b in pairwise(placements))
        episodes = {episode.started_on for placement in placements for episode in placement.episodes}
        assert {episode.started_on for placement in before for episode in placement.episodes} <= episodes
        before = placements
