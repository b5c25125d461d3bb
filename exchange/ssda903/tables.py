"""What an SSDA903 return is made of: its tables and their columns in order.

A collection year is named by the year in which it ends: 2018 is the year from 1 April 2017 to 31 March 2018. A column
or table is there from the collection year `since` on; writing uses `Table.columns_in`, which leaves out what is not.

Facts from the open implementations of the official specification, as in `codes`.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from exchange.ssda903.codes import (
    ACCOM,
    ACTIV,
    CIN,
    ETHNIC,
    IN_TOUCH,
    LS,
    LS_ADOPTR,
    MISSING,
    NB_ADOPTR,
    PLACE,
    PLACE_PROVIDER,
    PREV_PERM,
    REASON_PLACE_CHANGE,
    REASON_PLACED_CEASED,
    REC,
    REVIEW_CODE,
    RNE,
    SDQ_REASON,
    SEX,
    SEX_ADOPTR,
    SW_REASON,
    CodeList,
)

FIRST_MONTH: Final = 4


def year_ended(year: int) -> date:
    """The last day of a collection year: 2018 gives 31 March 2018."""
    return date(year, 3, 31)


def year_of(day: date) -> int:
    """The collection year in which a day falls: 1 April 2017 and 31 March 2018 both give 2018."""
    return day.year + (day.month >= FIRST_MONTH)


class Kind(StrEnum):
    """What a column's cells hold."""

    CHILD = "child"
    TEXT = "text"
    DATE = "date"
    CODE = "code"
    FLAG = "flag"
    SCORE = "score"
    POSTCODE = "postcode"
    URN = "urn"
    UPN = "upn"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table."""

    name: str
    kind: Kind
    codes: CodeList | None = None
    since: int | None = None
    """First collection year that has the column, inclusive; None where it has always been there."""


@dataclass(frozen=True, slots=True)
class Table:
    """One table of the return: a file of its own."""

    key: str
    columns: tuple[Column, ...]
    """In the order in which they are written."""
    known_by: frozenset[str]
    """The columns by which a file is recognised, and without which its rows say nothing."""
    file_name: str
    """The name under which the table is written; a file that is read may have any name."""
    cites: tuple[str, ...] = ("V config.py",)
    since: int | None = None
    """First collection year that has the table, inclusive; None where it has always been there."""

    @property
    def names(self) -> tuple[str, ...]:
        """The columns' names, in the order in which they are written."""
        return tuple(column.name for column in self.columns)

    def columns_in(self, year: int) -> tuple[str, ...]:
        """The names of the columns that a file of this collection year has, in order; none before the table's time."""
        if self.since is not None and year < self.since:
            return ()
        return tuple(column.name for column in self.columns if column.since is None or column.since <= year)


_CHILD = Column("CHILD", Kind.CHILD)
_DOB = Column("DOB", Kind.DATE)


def _date(name: str) -> Column:
    return Column(name, Kind.DATE)


def _code(name: str, codes: CodeList) -> Column:
    return Column(name, Kind.CODE, codes)


def _flag(name: str) -> Column:
    return Column(name, Kind.FLAG)


HEADER: Final = Table(
    "header",
    (
        _CHILD,
        _code("SEX", SEX),
        _DOB,
        _code("ETHNIC", ETHNIC),
        Column("UPN", Kind.UPN),
        _flag("MOTHER"),
        _date("MC_DOB"),
    ),
    known_by=frozenset({"CHILD", "DOB", "ETHNIC"}),
    file_name="header.csv",
)
EPISODES: Final = Table(
    "episodes",
    (
        _CHILD,
        _date("DECOM"),
        _code("RNE", RNE),
        _code("LS", LS),
        _code("CIN", CIN),
        _code("PLACE", PLACE),
        _code("PLACE_PROVIDER", PLACE_PROVIDER),
        _date("DEC"),
        _code("REC", REC),
        _code("REASON_PLACE_CHANGE", REASON_PLACE_CHANGE),
        Column("HOME_POST", Kind.POSTCODE),
        Column("PL_POST", Kind.POSTCODE),
        Column("URN", Kind.URN),
    ),
    known_by=frozenset({"CHILD", "DECOM", "RNE", "LS", "PLACE", "DEC", "REC"}),
    file_name="episodes.csv",
)
REVIEWS: Final = Table(
    "reviews",
    (_CHILD, _DOB, _date("REVIEW"), _code("REVIEW_CODE", REVIEW_CODE)),
    known_by=frozenset({"CHILD", "REVIEW", "REVIEW_CODE"}),
    file_name="reviews.csv",
)
UASC: Final = Table(
    "uasc",
    (_CHILD, _code("SEX", SEX), _DOB, _date("DUC")),
    known_by=frozenset({"CHILD", "DUC"}),
    file_name="uasc.csv",
)
OC2: Final = Table(
    "oc2",
    (
        _CHILD,
        _DOB,
        Column("SDQ_SCORE", Kind.SCORE),
        _code("SDQ_REASON", SDQ_REASON),
        _flag("CONVICTED"),
        _flag("HEALTH_CHECK"),
        _flag("IMMUNISATIONS"),
        _flag("TEETH_CHECK"),
        _flag("HEALTH_ASSESSMENT"),
        _flag("SUBSTANCE_MISUSE"),
        _flag("INTERVENTION_RECEIVED"),
        _flag("INTERVENTION_OFFERED"),
    ),
    known_by=frozenset({"CHILD", "SDQ_SCORE", "HEALTH_ASSESSMENT"}),
    file_name="oc2.csv",
)
OC3: Final = Table(
    "oc3",
    (_CHILD, _DOB, _code("IN_TOUCH", IN_TOUCH), _code("ACTIV", ACTIV), _code("ACCOM", ACCOM)),
    known_by=frozenset({"CHILD", "IN_TOUCH", "ACTIV", "ACCOM"}),
    file_name="oc3.csv",
)
AD1: Final = Table(
    "ad1",
    (
        _CHILD,
        _DOB,
        _date("DATE_INT"),
        _date("DATE_MATCH"),
        _flag("FOSTER_CARE"),
        _code("NB_ADOPTR", NB_ADOPTR),
        _code("SEX_ADOPTR", SEX_ADOPTR),
        _code("LS_ADOPTR", LS_ADOPTR),
    ),
    known_by=frozenset({"CHILD", "DATE_INT", "DATE_MATCH"}),
    file_name="ad1.csv",
)
PLACED_FOR_ADOPTION: Final = Table(
    "placed_for_adoption",
    (
        _CHILD,
        _DOB,
        _date("DATE_PLACED"),
        _date("DATE_PLACED_CEASED"),
        _code("REASON_PLACED_CEASED", REASON_PLACED_CEASED),
    ),
    known_by=frozenset({"CHILD", "DATE_PLACED"}),
    file_name="placed_for_adoption.csv",
)
PREVIOUS_PERMANENCE: Final = Table(
    "previous_permanence",
    (
        _CHILD,
        _DOB,
        _code("PREV_PERM", PREV_PERM),
        Column("LA_PERM", Kind.TEXT),
        # Not a date: where day or month are not known, z stands for them (V rule 632).
        Column("DATE_PERM", Kind.TEXT),
    ),
    known_by=frozenset({"CHILD", "PREV_PERM"}),
    file_name="previous_permanence.csv",
)
MISSING_PERIODS: Final = Table(
    "missing",
    (_CHILD, _DOB, _code("MISSING", MISSING), _date("MIS_START"), _date("MIS_END")),
    known_by=frozenset({"CHILD", "MISSING", "MIS_START"}),
    file_name="missing.csv",
)
SW_EPISODES: Final = Table(
    "sw_episodes",
    (
        _CHILD,
        _DOB,
        Column("SW_ID", Kind.TEXT),
        _date("SW_DECOM"),
        _date("SW_DEC"),
        _code("SW_REASON", SW_REASON),
    ),
    known_by=frozenset({"CHILD", "SW_ID", "SW_DECOM"}),
    file_name="sw_episodes.csv",
    since=2024,
)
DOLO: Final = Table(
    "dolo",
    (_CHILD, _DOB, _date("DOLO_START"), _date("DOLO_END")),
    known_by=frozenset({"CHILD", "DOLO_START"}),
    file_name="dolo.csv",
    since=2027,
)

TABLES: Final = (
    HEADER,
    EPISODES,
    REVIEWS,
    UASC,
    OC2,
    OC3,
    AD1,
    PLACED_FOR_ADOPTION,
    PREVIOUS_PERMANENCE,
    MISSING_PERIODS,
    SW_EPISODES,
    DOLO,
)
TABLE: Final = {table.key: table for table in TABLES}
"""Each table by its key."""
LINKED_TABLES: Final = frozenset({HEADER.key, EPISODES.key, REVIEWS.key})
"""The tables whose rows become a child's history; the rows of the others are kept as they came."""
