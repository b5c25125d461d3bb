"""Counts what SSDA903 folders hold, from the files alone: the csv module, the standard library and nothing of ours.

Written apart from `exchange`, the slow and plain way, so that the two can be held against each other: every pair of
episodes is compared, and what is counted is beginnings.
"""

import csv
from collections import Counter, defaultdict
from datetime import date
from pathlib import Path

FAR_AWAY = date(9999, 1, 1)


def day(text):
    """A day as the sample files write it; None where there is none."""
    text = text.strip()
    if not text:
        return None
    if "-" in text:
        return date.fromisoformat(text)
    number, month, year = text.split("/")
    return date(int(year), int(month), int(number))


def rows(folder, name):
    """The rows of a sample folder's table."""
    with (Path(folder) / name).open(newline="", encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


def counts(folders, *, on):
    """Children, periods of care, placements, stays, legal statuses, reviews, overlaps, placements not confirmed.

    `folders` oldest year first; nothing after the day `on` has happened.
    """
    years = [
        (rows(folder, "header.csv"), rows(folder, "episodes.csv"), rows(folder, "reviews.csv")) for folder in folders
    ]
    children = {row["CHILD"] for header, _, _ in years for row in header}
    reviews = {(row["CHILD"], row["REVIEW"]) for _, _, year in years for row in year if day(row["REVIEW"]) <= on}
    by_child = defaultdict(list)
    for number, (_, episodes, _) in enumerate(years):
        for row in sorted(episodes, key=lambda row: day(row["DECOM"])):
            by_child[row["CHILD"]].append((number, row))
    total = Counter(
        children=len(children), reviews=len(reviews), rows=sum(len(table) for year in years for table in year)
    )
    for told in by_child.values():
        total += of_one_child(told, last_year=len(folders) - 1)
    return total


def of_one_child(told, *, last_year):
    """The same counts for one child's episodes: pairs of the year's number and the row, in the order of years and days."""
    taken, aside, total = {}, {}, Counter()
    for number, row in told:
        start = row["DECOM"]
        others = [other for key, (_, other) in taken.items() if key != start]
        if any(_overlap(row, other) for other in others):
            aside[start] = number
            total["overlaps"] += 1
        else:
            taken[start] = (number, row)
    episodes = sorted(taken.values(), key=lambda pair: day(pair[1]["DECOM"]))
    return total + _of_episodes(episodes, last_year)


def _overlap(one, other):
    return day(one["DECOM"]) < (day(other["DEC"]) or FAR_AWAY) and day(other["DECOM"]) < (day(one["DEC"]) or FAR_AWAY)


def _where(row):
    return row["PLACE"], row["PLACE_PROVIDER"], row["PL_POST"], row["URN"]


def _of_episodes(episodes, last_year):
    total = Counter()
    usual = before = legal = None  # the row that says where the usual placement is; the row before; its legal status
    away = False
    for number, row in episodes:
        temporary = row["PLACE"].startswith("T")
        care_begins = before is None or row["RNE"] == "S" or before["REC"] != "X1"
        follows = before is not None and not care_begins and before["DEC"] == row["DECOM"]
        in_usual_place = usual is not None and not usual["PLACE"].startswith("T")
        if care_begins:
            total["care_periods"] += 1
        if care_begins or legal != row["LS"]:
            total["legal_statuses"] += 1
        legal = row["LS"]
        if follows and temporary and in_usual_place:
            total["stays"] += not (away and row["RNE"] == "L")
            away = True
        elif follows and away and _where(row) == _where(usual):
            away = False
        elif follows and not away and row["RNE"] == "L" and temporary != in_usual_place:
            usual = row
        else:
            total["placements"] += 1
            usual, away = row, False
        before, last_number = row, number
    if before is not None and not before["DEC"] and last_number < last_year:
        total["not_confirmed"] += 1
    return total
