"""Writes a plan as files of the statutory return (SSDA903): one folder per collection year, as an authority sends them.

Years written from one plan are linked as real ones are: the same child under the same number, an episode that was open
on 31 March closed in the next year's file, and a code that is no longer used replaced by the one that took its place.
Header, episodes, reviews and social workers are filled; the other tables of the year hold their headings only.
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from accounts.roles import Role
from bench.plan import ChildPlan, PlacementPlan, Plan
from casework.limits import local_day
from exchange.ssda903.codes import SEX
from exchange.ssda903.tables import EPISODES, HEADER, REVIEWS, SW_EPISODES, TABLES, Table, year_ended, year_of
from placements.states import FactKind, Setting

Row = dict[str, str]

FIRST_K3 = 2025
"""The first collection year with a code of its own for registered supported accommodation."""
LAST_Z1 = 2025
CODES_ALONE = {
    Setting.ADOPTIVE: "A3",
    Setting.CUSTODY: "R5",
    Setting.HOSPITAL: "R2",
    Setting.TEMPORARY: "T4",
}
"""The kinds of place that one code says in every year."""


@dataclass(frozen=True, slots=True)
class Episode:
    """A stretch of care in which neither the legal status nor the home changed."""

    placement: PlacementPlan
    legal: str
    starts_on: date
    ends_on: date | None
    new_because: str
    ended_because: str
    moved_because: str


def write_ssda903(folder: Path, plan: Plan, year: int) -> Path:
    """The files of one collection year (2025 is the year to 31 March 2025), in a folder that is made if need be."""
    folder.mkdir(parents=True, exist_ok=True)
    until = min(year_ended(year), local_day(plan.at))
    children = [child for child in plan.children if any(_in_year(child, year, until))]
    rows = {
        HEADER.key: [_header(child, year) for child in children],
        EPISODES.key: [row for child in children for row in _episode_rows(child, year, until)],
        REVIEWS.key: [row for child in children for row in _review_rows(child, year, until)],
        SW_EPISODES.key: [row for child in children for row in _worker_rows(plan, child, year, until)],
    }
    for table in TABLES:
        if table.columns_in(year):
            _write(folder, table, year, rows.get(table.key, ()))
    return folder


def write_years(folder: Path, plan: Plan, years: Sequence[int] = ()) -> list[Path]:
    """A folder of files for each of these years, or for every year in which a child of the plan was in care."""
    return [write_ssda903(folder / str(year), plan, year) for year in years or years_of(plan)]


def years_of(plan: Plan) -> list[int]:
    """The collection years that have ended by the plan's moment, from the first child's care on."""
    first = min(year_of(child.care_from) for child in plan.children)
    return list(range(first, year_of(local_day(plan.at))))


def episodes_of(child: ChildPlan) -> list[Episode]:
    """The whole care of a child, cut wherever the home or the legal status changes."""
    moves = {local_day(placement.starts_at): placement for placement in child.placements}
    orders = dict(child.legal)
    days = sorted(day for day in moves.keys() | orders.keys() if child.care_to is None or day < child.care_to)
    placement, found = child.placements[0], []
    for place, day in enumerate(days):
        placement = moves.get(day, placement)
        following = days[place + 1] if place + 1 < len(days) else None
        found.append(
            Episode(
                placement=placement,
                legal=child.legal_on(day),
                starts_on=day,
                ends_on=following or child.care_to,
                new_because="S" if place == 0 else _new_because(day in moves, day in orders),
                ended_because="X1" if following else child.how_ended,
                moved_because=placement.reason_code if following in moves else "",
            )
        )
    return found


def _new_because(moved: bool, ordered: bool) -> str:
    if moved and ordered:
        return "B"
    return "P" if moved else "L"


def _in_year(child: ChildPlan, year: int, until: date) -> Iterator[Episode]:
    first = year_ended(year - 1) + timedelta(days=1)
    for episode in episodes_of(child):
        if episode.starts_on <= until and (episode.ends_on is None or episode.ends_on >= first):
            yield episode


def _header(child: ChildPlan, year: int) -> Row:
    return {
        "CHILD": child.reference,
        "SEX": _sex(child, year),
        "DOB": _day(child.born_on),
        "ETHNIC": child.ethnicity,
        "UPN": child.upn,
        "MOTHER": "0" if child.sex == "F" else "",
        "MC_DOB": "",
    }


def _sex(child: ChildPlan, year: int) -> str:
    if child.sex in SEX.codes_in(year):
        return child.sex
    return "1" if child.sex == "M" else "2"


def _episode_rows(child: ChildPlan, year: int, until: date) -> Iterator[Row]:
    for episode in _in_year(child, year, until):
        has_ended = episode.ends_on is not None and episode.ends_on <= until
        place, provider, urn = _codes(episode.placement, year)
        yield {
            "CHILD": child.reference,
            "DECOM": _day(episode.starts_on),
            "RNE": episode.new_because,
            "LS": episode.legal,
            "CIN": child.need,
            "PLACE": place,
            "PLACE_PROVIDER": provider,
            "DEC": _day(episode.ends_on) if has_ended else "",
            "REC": episode.ended_because if has_ended else "",
            "REASON_PLACE_CHANGE": episode.moved_because if has_ended else "",
            "HOME_POST": child.home_postcode,
            "PL_POST": _postcode(child, episode.placement),
            "URN": urn,
        }


def _codes(placement: PlacementPlan, year: int) -> tuple[str, str, str]:
    """Kind of place, provider and URN, as the return of a year says them."""
    carer, home = placement.carer, placement.home
    lasting = any(kind == FactKind.MEANT_TO_LAST_TO_18 for kind, _ in placement.facts)
    match placement.setting:
        case Setting.IN_HOUSE_FOSTER | Setting.IFA_FOSTER:
            provider = "PR4" if placement.setting == Setting.IFA_FOSTER else "PR1"
            return "U4" if lasting else "U6", provider, (carer.urn if carer else "") or "SC998001"
        case Setting.CONNECTED_PERSON:
            return "U1" if lasting else "U3", "PR1", "SC998001"
        case Setting.PARENT:
            return "P1", "PR0", ""
        case Setting.CHILDRENS_HOME:
            return "K2", "PR1" if home and home.run_by_authority else "PR4", home.urn if home else ""
        case Setting.SUPPORTED_ACCOMMODATION:
            return "K3" if year >= FIRST_K3 else "H5", "PR4", home.urn if home else ""
        case Setting() as setting if setting in CODES_ALONE:
            return CODES_ALONE[setting], "PR0" if setting == Setting.ADOPTIVE else "PR4", ""
        case _:
            return "Z1" if year <= LAST_Z1 else "Z11", "", ""


def _postcode(child: ChildPlan, placement: PlacementPlan) -> str:
    if placement.home:
        return placement.home.postcode
    return placement.carer.postcode if placement.carer else child.home_postcode


def _review_rows(child: ChildPlan, year: int, until: date) -> Iterator[Row]:
    for review in child.reviews:
        if review.held_on and year_of(review.held_on) == year and review.held_on <= until:
            yield {
                "CHILD": child.reference,
                "DOB": _day(child.born_on),
                "REVIEW": _day(review.held_on),
                "REVIEW_CODE": review.participation,
            }


def _worker_rows(plan: Plan, child: ChildPlan, year: int, until: date) -> Iterator[Row]:
    """Who was the child's social worker in the year."""
    first = year_ended(year - 1) + timedelta(days=1)
    numbers = {name: f"SW{100 + number}" for number, name in enumerate(plan.people)}
    for allocation in child.allocations:
        starts = max(local_day(allocation.starts_at), child.care_from)
        ends = local_day(allocation.ends_at) if allocation.ends_at else None
        if allocation.role == Role.SOCIAL_WORKER and starts <= until and (ends is None or ends >= first):
            has_ended = ends is not None and ends <= until
            yield {
                "CHILD": child.reference,
                "DOB": _day(child.born_on),
                "SW_ID": numbers[allocation.by],
                "SW_DECOM": _day(starts),
                "SW_DEC": _day(ends) if ends and has_ended else "",
                "SW_REASON": "FCONTA" if starts == child.care_from else "LEFTRL",
            }


def _write(folder: Path, table: Table, year: int, rows: Iterable[Row]) -> None:
    with open(folder / table.file_name, "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=table.columns_in(year))
        writer.writeheader()
        writer.writerows(rows)


def _day(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else ""
