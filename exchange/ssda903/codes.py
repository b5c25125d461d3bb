"""The codes that the columns of an SSDA903 return may hold, and what each means.

A code is used from the collection year `since` (inclusive) to `until` (exclusive). Importing keeps a code also in a year
in which it is not used, and says so; writing uses `CodeList.codes_in`, which leaves it out.

Facts from the open implementations of the official specification: the sector's validator (csc-validator-be-903 0.1.17,
here "V"; its rule numbers are DfE's) and the London pipeline's schemas ("L").
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final


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
