"""What an SSDA903 return is made of: its tables, their columns in order, and the codes each column may hold.

A collection year is named by the year in which it ends: 2018 is the year from 1 April 2017 to 31 March 2018. A code or
column holds from the collection year `since` (inclusive) to `until` (exclusive). Importing keeps a code also in a year
in which it does not hold, and says so; writing uses `columns_in` and `CodeList.codes_in`, which leave it out.

Facts from the open implementations of the official specification: the sector's validator (csc-validator-be-903 0.1.17,
here "V"; its rule numbers are DfE's) and the London pipeline's schemas ("L").
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

FIRST_MONTH: Final = 4


def year_ended(year: int) -> date:
    """The last day of a collection year: 2018 gives 31 March 2018."""
    return date(year, 3, 31)


def year_of(day: date) -> int:
    """The collection year in which a day falls: 1 April 2017 and 31 March 2018 both give 2018."""
    return day.year + (day.month >= FIRST_MONTH)


@dataclass(frozen=True, slots=True)
class Code:
    """One code, what it means, and the collection years in which it is used."""

    code: str
    means: str
    since: int | None = None
    """First collection year, inclusive; None where it has always been used."""
    until: int | None = None
    """First collection year in which it is used no longer; None while it is."""
    confirmed: bool = True
    """False where no source states the meaning: shown as "to be confirmed"."""

    def is_used_in(self, year: int) -> bool:
        """Is the code used in this collection year?"""
        return (self.since is None or self.since <= year) and (self.until is None or year < self.until)


class CodeList:
    """The codes of one column."""

    __slots__ = ("_by_code", "cites", "name")

    def __init__(self, name: str, *codes: Code, cites: tuple[str, ...]) -> None:
        self.name = name
        self.cites = cites
        self._by_code = {code.code: code for code in codes}

    def __iter__(self) -> Iterator[Code]:
        return iter(self._by_code.values())

    def __contains__(self, code: object) -> bool:
        return code in self._by_code

    def get(self, code: str) -> Code | None:
        """The code as the list has it, in capitals; None where the list has no such code."""
        return self._by_code.get(code)

    def means(self, code: str) -> str:
        """What a code means; the code itself where the list has no such code."""
        known = self._by_code.get(code)
        return known.means if known else code

    def codes_in(self, year: int) -> tuple[str, ...]:
        """The codes used in a collection year, in the list's order."""
        return tuple(code.code for code in self if code.is_used_in(year))


SEX: Final = CodeList(
    "sex",
    Code("1", "Male", until=2025),
    Code("2", "Female", until=2025),
    Code("M", "Male", since=2025),
    Code("F", "Female", since=2025),
    Code("U", "Not known", since=2025),
    cites=("V rule 101",),
)

ETHNIC: Final = CodeList(
    "ethnic origin",
    Code("WBRI", "White British"),
    Code("WIRI", "White Irish"),
    Code("WOTH", "Any other White background"),
    Code("WIRT", "Traveller of Irish heritage"),
    Code("WROM", "Gypsy or Roma"),
    Code("MWBC", "White and Black Caribbean"),
    Code("MWBA", "White and Black African"),
    Code("MWAS", "White and Asian"),
    Code("MOTH", "Any other Mixed background"),
    Code("AIND", "Indian"),
    Code("APKN", "Pakistani"),
    Code("ABAN", "Bangladeshi"),
    Code("AOTH", "Any other Asian background"),
    Code("BCRB", "Caribbean"),
    Code("BAFR", "African"),
    Code("BOTH", "Any other Black background"),
    Code("CHNE", "Chinese"),
    Code("OOTH", "Any other ethnic group"),
    Code("REFU", "Refused"),
    Code("NOBT", "Not yet obtained"),
    cites=("V rule 103",),
)

RNE: Final = CodeList(
    "reason for a new episode",
    Code("S", "Started to be looked after"),
    Code("L", "Change of legal status only"),
    Code("P", "Change of placement and carer"),
    Code("T", "Change of placement, same carer"),
    Code("B", "Change of legal status, placement and carer"),
    Code("U", "Change of legal status and placement, same carer"),
    cites=("V rule 143",),
)
STARTED: Final = "S"
LEGAL_STATUS_ONLY: Final = "L"

LS: Final = CodeList(
    "legal status",
    Code("C1", "Interim care order"),
    Code("C2", "Full care order"),
    Code("D1", "Freeing order"),
    Code("E1", "Placement order"),
    Code("V2", "Single period of accommodation, section 20"),
    Code("V3", "Short-term breaks, each recorded"),
    Code("V4", "Short-term breaks, under an agreement"),
    Code("L1", "Police protection"),
    Code("L2", "Emergency protection order"),
    Code("L3", "Child assessment order"),
    Code("J1", "Remanded to the authority"),
    Code("J2", "Detained under the Police and Criminal Evidence Act"),
    Code("J3", "Youth rehabilitation order with residence or intensive fostering"),
    cites=("V rule 144",),
)

CIN: Final = CodeList(
    "category of need",
    Code("N1", "Abuse or neglect"),
    Code("N2", "Child’s disability"),
    Code("N3", "Parental illness or disability"),
    Code("N4", "Family in acute stress"),
    Code("N5", "Family dysfunction"),
    Code("N6", "Socially unacceptable behaviour"),
    Code("N7", "Low income"),
    Code("N8", "Absent parenting"),
    cites=("V rule 145",),
)

PLACE: Final = CodeList(
    "placement type",
    Code("A3", "Placed for adoption with consent, with the current foster carer"),
    Code("A4", "Placed for adoption with consent, not with the current foster carer"),
    Code("A5", "Placed for adoption under a placement order, with the current foster carer"),
    Code("A6", "Placed for adoption under a placement order, not with the current foster carer"),
    Code("H5", "Semi-independent living, not under the children’s homes regulations", until=2026),
    Code("K1", "Secure children’s home"),
    Code("K2", "Children’s home"),
    Code("K3", "Registered supported accommodation", since=2025),
    Code("P1", "With own parents or others with parental responsibility"),
    Code("P2", "Independent living", until=2026),
    Code("P3", "Residential employment"),
    Code("R1", "Residential care home"),
    Code("R2", "NHS or other medical establishment"),
    Code("R3", "Family centre or mother and baby unit"),
    Code("R5", "Young offender institution"),
    Code("S1", "Residential school"),
    Code("T0", "Temporary, all kinds"),
    Code("T1", "Temporary, in hospital"),
    Code("T2", "Temporary, on holiday"),
    Code("T3", "Temporary, while the foster carer is on holiday"),
    Code("T4", "Temporary, up to seven days for another reason"),
    Code("U1", "Foster home with a relative or friend, long term"),
    Code("U2", "Foster home with a relative or friend who is also an approved adopter"),
    Code("U3", "Foster home with a relative or friend, not long term"),
    Code("U4", "Foster home with another carer, long term"),
    Code("U5", "Foster home with another carer who is also an approved adopter"),
    Code("U6", "Foster home with another carer, not long term"),
    Code("Z1", "Other, listed to DfE", until=2026),
    Code("Z11", "Other, kind 11", since=2026, confirmed=False),
    Code("Z12", "Other, kind 12", since=2026, confirmed=False),
    Code("Z13", "Other, kind 13", since=2026, confirmed=False),
    Code("Z14", "Other, kind 14", since=2026, confirmed=False),
    cites=("V rule 146", "V rule 217t", "V rule 371"),
)
TEMPORARY: Final = frozenset({"T0", "T1", "T2", "T3", "T4"})

PLACE_PROVIDER: Final = CodeList(
    "placement provider",
    Code("PR0", "Parents or others with parental responsibility"),
    Code("PR1", "The authority’s own provision"),
    Code("PR2", "Another local authority"),
    Code("PR3", "Another public body"),
    Code("PR4", "Private provider"),
    Code("PR5", "Voluntary provider"),
    cites=("V rule 178",),
)

REASON_PLACE_CHANGE: Final = CodeList(
    "reason for the change of placement",
    Code("CARPL", "The care plan"),
    Code("CLOSE", "Resignation of the carer or closure of the home"),
    Code("ALLEG", "Allegation, section 47"),
    Code("STAND", "Concern about standards"),
    Code("APPRR", "Approval removed"),
    Code("CREQB", "The carer asked, because of the child’s behaviour"),
    Code("CREQO", "The carer asked, for another reason"),
    Code("CHILD", "The child asked"),
    Code("LAREQ", "The authority asked"),
    Code("PLACE", "Status of the placement only"),
    Code("CUSTOD", "Custody", since=2019),
    Code("OTHER", "Other"),
    cites=("V rule 1009",),
)

REC: Final = CodeList(
    "reason the episode ceased",
    Code("X1", "The next episode starts on the same day"),
    Code("E11", "Adopted, application unopposed"),
    Code("E12", "Adopted, consent dispensed with"),
    Code("E2", "Died"),
    Code("E3", "Care taken over by another local authority"),
    Code("E4A", "Returned home, planned"),
    Code("E4B", "Returned home, not planned"),
    Code("E13", "Left to live with a person without parental responsibility"),
    Code("E41", "Child arrangements or residence order"),
    Code("E43", "Special guardianship order, former foster carer", until=2019),
    Code("E44", "Special guardianship order, other carer", until=2019),
    Code("E45", "Special guardianship order, relative who was the foster carer"),
    Code("E46", "Special guardianship order, other former foster carer"),
    Code("E47", "Special guardianship order, relative who was not the foster carer"),
    Code("E48", "Special guardianship order, other carer"),
    Code("E5", "Independent living, supported"),
    Code("E6", "Independent living, not supported"),
    Code("E7", "Moved to adult social care"),
    Code("E8", "Other"),
    Code("E9", "Sentenced to custody"),
    Code("E14", "Remand ended"),
    Code("E15", "Age assessed as 18 or over"),
    Code("E16", "Moved abroad"),
    Code("E17", "Reached 18 and stayed with the carers"),
    cites=("V rule 149",),
)
NEXT_EPISODE: Final = "X1"

REVIEW_CODE: Final = CodeList(
    "participation in the review",
    Code("PN0", "Under 4 at the time of the review"),
    Code("PN1", "Attended and spoke for themselves"),
    Code("PN2", "Attended, an advocate spoke"),
    Code("PN3", "Attended and conveyed their views by symbols"),
    Code("PN4", "Attended, did not speak or convey views"),
    Code("PN5", "Did not attend, briefed an advocate"),
    Code("PN6", "Did not attend, conveyed views by another medium"),
    Code("PN7", "Did not attend, conveyed no views"),
    cites=("V rule 167",),
)

MISSING: Final = CodeList(
    "kind of absence",
    Code("M", "Missing"),
    Code("A", "Away from placement without authorisation"),
    cites=("V rule 1006",),
)
SDQ_REASON: Final = CodeList(
    "reason for no strengths and difficulties score",
    Code("SDQ1", "Age"),
    Code("SDQ2", "The carer refused"),
    Code("SDQ3", "Disability"),
    Code("SDQ4", "Other"),
    Code("SDQ5", "The child refused"),
    cites=("V rule 196",),
)
IN_TOUCH: Final = CodeList(
    "in touch with the care leaver",
    Code("YES", "In touch"),
    Code("NO", "Not in touch"),
    Code("DIED", "Died"),
    Code("REFU", "Refused contact"),
    Code("NREQ", "No longer needs the service"),
    Code("RHOM", "Returned home"),
    cites=("V rule 131",),
)
ACTIV: Final = CodeList(
    "activity of the care leaver",
    Code("F1", "Higher education, full time"),
    Code("P1", "Higher education, part time"),
    Code("F2", "Other education, full time"),
    Code("P2", "Other education, part time"),
    Code("F3", "Training or employment, full time", until=2022),
    Code("P3", "Training or employment, part time", until=2022),
    Code("F4", "Apprenticeship, full time", since=2022),
    Code("P4", "Apprenticeship, part time", since=2022),
    Code("F5", "Training or employment, full time", since=2022),
    Code("P5", "Training or employment, part time", since=2022),
    Code("G4", "Not in education, employment or training: illness or disability"),
    Code("G5", "Not in education, employment or training: other"),
    Code("G6", "Not in education, employment or training: pregnancy or parenting"),
    Code("0", "Not in touch"),
    cites=("V rule 132",),
)
_KINDS_OF_ACCOMMODATION: Final = {
    "B": "parents or relatives",
    "C": "community home or residential care",
    "D": "semi-independent, transitional",
    "E": "supported lodgings",
    "G": "abroad",
    "H": "deported",
    "K": "ordinary lodgings",
    "R": "not known",
    "S": "no fixed abode",
    "T": "foyer",
    "U": "independent living",
    "V": "emergency accommodation",
    "W": "bed and breakfast",
    "X": "custody",
    "Y": "other",
    "Z": "former foster carer",
}
ACCOM: Final = CodeList(
    "accommodation of the care leaver",
    *(
        Code(letter + digit, f"{means[0].upper()}{means[1:]}, {suits}", confirmed=False)
        for letter, means in _KINDS_OF_ACCOMMODATION.items()
        for digit, suits in (("1", "suitable"), ("2", "not suitable"))
        # Only the unsuitable form of these two is sent (V); L takes both.
        if letter + digit not in {"S1", "X1"}
    ),
    Code("0", "Not in touch"),
    cites=("V rule 133",),
)
SEX_ADOPTR: Final = CodeList(
    "sex of the adopters",
    Code("M1", "One man"),
    Code("F1", "One woman"),
    Code("MM", "Two men"),
    Code("FF", "Two women"),
    Code("MF", "A man and a woman"),
    cites=("V rule 176",),
)
NB_ADOPTR: Final = CodeList("number of adopters", Code("1", "One"), Code("2", "Two"), cites=("V rule 175",))
LS_ADOPTR: Final = CodeList(
    "legal status of the adopters",
    Code("L0", "Single"),
    Code("L11", "Married, different genders"),
    Code("L12", "Married, same gender"),
    Code("L2", "Civil partnership"),
    Code("L3", "Unmarried couple, different genders"),
    Code("L4", "Unmarried couple, same gender"),
    cites=("V rule 177",),
)
REASON_PLACED_CEASED: Final = CodeList(
    "reason the plan for adoption ended",
    Code("RD1", "The child’s needs changed"),
    Code("RD2", "No placement order"),
    Code("RD3", "No adopters"),
    Code("RD4", "Other"),
    cites=("V rule 120",),
)
PREV_PERM: Final = CodeList(
    "previous permanence",
    Code("P1", "Adoption"),
    Code("P2", "Special guardianship order"),
    Code("P3", "Residence or child arrangements order"),
    Code("P4", "Not known"),
    Code("Z1", "None"),
    cites=("V rule 631",),
)
SW_REASON: Final = CodeList(
    "reason for the change of social worker",
    Code("MANAGE", "Decision of a manager"),
    Code("FCONTA", "First contact"),
    Code("LEFTRL", "The worker left the role"),
    Code("ORGRST", "Restructuring"),
    Code("TSPROC", "Transfer within the process"),
    Code("ABSENC", "Absence of the worker"),
    Code("CHCHAN", "The child asked for a change"),
    Code("PCCHAN", "Parents or carers asked for a change"),
    Code("SWDIED", "The worker died"),
    Code("OTHERS", "Other"),
    cites=("V rule SW13STG1",),
)


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


@dataclass(frozen=True, slots=True)
class SettingOfCode:
    """What kind of setting a placement code stands for: a value of placements.states.Setting."""

    setting: str
    places: frozenset[str]
    provider: str | None = None
    """The provider with which it stands for this setting; None: with any, or with none."""
    cites: tuple[str, ...] = ("SSDA903 placement codes",)


SETTINGS: Final = (
    # Read from the top: the first row that fits a placement's codes says its setting.
    SettingOfCode("in_house_foster", frozenset({"U4", "U5", "U6"}), provider="PR1", cites=("S3 L106", "V rule 178")),
    SettingOfCode("ifa_foster", frozenset({"U4", "U5", "U6"})),
    SettingOfCode("connected_person", frozenset({"U1", "U2", "U3"})),
    SettingOfCode("parent", frozenset({"P1"})),
    SettingOfCode("childrens_home", frozenset({"K2"})),
    SettingOfCode("secure_home", frozenset({"K1"})),
    SettingOfCode("supported_accommodation", frozenset({"K3", "H5"}), cites=("V rule 371", "V rule 230")),
    SettingOfCode("residential_school", frozenset({"S1"})),
    SettingOfCode("family_centre", frozenset({"R3"})),
    SettingOfCode("care_home", frozenset({"R1"})),
    SettingOfCode("hospital", frozenset({"R2"})),
    SettingOfCode("custody", frozenset({"R5"})),
    SettingOfCode("independent_living", frozenset({"P2"})),
    SettingOfCode("residential_employment", frozenset({"P3"})),
    SettingOfCode("adoptive", frozenset({"A3", "A4", "A5", "A6"})),
    SettingOfCode("temporary", TEMPORARY, cites=("V rule 383",)),
)
IN_A_HOME: Final = frozenset(
    {"childrens_home", "secure_home", "supported_accommodation", "residential_school", "family_centre"}
)
"""The settings whose URN is a home's own; a foster home's is that of the service."""
OTHER_SETTING: Final = "other"
"""Z1, Z11 to Z14, and every code that no list has."""


def setting_of(place: str, provider: str) -> str:
    """The kind of setting that PLACE and PLACE_PROVIDER stand for (capitals); "other" where no row of SETTINGS fits."""
    for row in SETTINGS:
        if place in row.places and row.provider in (None, provider):
            return row.setting
    return OTHER_SETTING
