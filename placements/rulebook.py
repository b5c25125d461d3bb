"""The dated rules of placements: what each asks for, how soon, and who says so.

The law is that of the day asked about. Two bans changed it: the closed list for children under 16 (E-07) and the one
for 16 and 17 (E-08); before a list binds, other arrangements only had to be suitable (reg 27). A limit is the one in
force on the day from which it runs. Which rule decides about an arrangement, `decision_table.py` says.

Source: Care Planning, Placement and Case Review (England) Regulations 2010, as `timescales.md` (L-15 to L-21, D-08) and
`eligibility.md` restate them.
"""

from datetime import date
from typing import Final

from accounts.roles import Role
from casework.limits import Days, Hours, Limit, Months, Weeks, WorkingDays
from casework.procedures import MaySet, Rule, declare

UNDER_16_BAN: Final = date(2021, 9, 9)
BAN_FOR_16_AND_17: Final = date(2023, 10, 28)
PANDEMIC_FROM: Final = date(2020, 4, 24)
PANDEMIC_UNTIL: Final = date(2020, 9, 26)
"""The day after the last one: SI 2020/445 reg 2 ends its period with 25 September 2020."""


def regulation(number: str) -> str:
    """A regulation of SI 2010/959, as the pages cite it."""
    return f"Care Planning Regulations, reg {number}"


PANDEMIC: Final = "SI 2020/445 (pandemic), reg 2 and 8"

EMERGENCY: Final = "A foster carer may take a child outside the terms of approval, in an emergency"
TEMPORARILY: Final = "A connected person may be approved for a time before the full assessment"

WHERE: Final = "Where a child may live"
EMERGENCIES: Final = "Emergencies"
OUTSIDE_AREA: Final = "Homes outside the area"
TO_FIND_OUT: Final = "What is to be found out"
KEPT_SECURE: Final = "Secure accommodation"
LAW: Final = MaySet.NOTHING
"""These numbers decide what is lawful: no authority sets them."""

SECURE: Final = "Secure Accommodation Regulations 1991"
CONFIRM: Final = "to be confirmed by your authority"

SPAN: Final = "Whether an arrangement is lawful, and until when: an approval counts no longer than this."
STANDING: Final = "Whether an arrangement is lawful, on every day on which it holds."


def emergency(limit: Limit, *cites: str, since: date | None = None, until: date | None = None) -> Rule:
    """How long an emergency outside the carer's terms may last (reg 23)."""
    return Rule(
        "L-17",
        EMERGENCY,
        (regulation("23"), *cites),
        limit,
        since=since,
        until=until,
        owed_by=(Role.TEAM_MANAGER,),
        acts="From the first day outside the terms; and whether the arrangement is lawful, and until when.",
        about=EMERGENCIES,
        sets=LAW,
    )


def temporary(limit: Limit, *cites: str, since: date | None = None, until: date | None = None) -> Rule:
    """How long a temporary approval may last (reg 24)."""
    cited = (regulation("24"), *cites)
    return Rule("L-18", TEMPORARILY, cited, limit, since=since, until=until, acts=SPAN, sets=LAW)


RULES: Final = (
    Rule(
        "E-07",
        "Other arrangements for a child under 16 only in the places that the law lists",
        (regulation("27A"), "SI 2021/161"),
        since=UNDER_16_BAN,
        acts=STANDING,
    ),
    Rule(
        "E-08",
        "Other arrangements at 16 and 17 only in registered supported accommodation, with a provider whose application "
        "was accepted by the day on which this began, or in an excepted place",
        (regulation("27C"), "SI 2023/416, reg 36 and 44"),
        since=BAN_FOR_16_AND_17,
        acts=STANDING,
    ),
    Rule(
        "L-12",
        "The authority of the area is told before a child goes to live there; in an emergency within this time",
        (regulation("13"),),
        WorkingDays(5),
        owed_by=(Role.SOCIAL_WORKER,),
        acts="From the first minute in a home outside the area, while it is not on record that its authority was told.",
        about=OUTSIDE_AREA,
    ),
    Rule(
        "L-13",
        "A home outside the authority’s area is approved before the move, at a distance by the Director of Children’s "
        "Services; what an emergency leaves out follows within this time",
        (regulation("11"),),
        WorkingDays(5),
        owed_by=(Role.TEAM_MANAGER,),
        acts="From the first minute in a home outside the area that is not approved in full. Connected persons, parents, "
        "adopters and the authority’s own foster carers are exempt.",
        about=OUTSIDE_AREA,
    ),
    Rule(
        "L-15",
        "A child in care goes to live with a parent after assessment, review and a nominated officer’s decision",
        (regulation("17 and 18"),),
        WorkingDays(5),
        local_default=True,
        owed_by=(Role.TEAM_MANAGER,),
        acts="From the move to the parent, or the import that brings it, while no decision is on record: to put it forward.",
        about=EMERGENCIES,
    ),
    Rule(
        "C-20",
        "A child who was accommodated and lives with a parent is looked after no longer: the end of care is put forward",
        ("Decision C-20", regulation("39")),
        WorkingDays(5),
        local_default=True,
        owed_by=(Role.TEAM_MANAGER,),
        acts="From the move to the parent, or the import that brings it. Short breaks are no such case.",
        about=EMERGENCIES,
    ),
    Rule(
        "L-16",
        "Placed with a parent before the assessment: assessment and review complete",
        (regulation("19"), "working days: to be confirmed by your authority"),
        WorkingDays(10),
        owed_by=(Role.SOCIAL_WORKER,),
        acts="From the day of the move to the parent; and whether the arrangement is lawful, and until when.",
        about=EMERGENCIES,
        sets=LAW,
    ),
    Rule(
        "L-16b",
        "Placed with a parent before the assessment: decision to confirm or to end, counted from the assessment",
        (regulation("19"), "working days: to be confirmed by your authority"),
        WorkingDays(10),
        owed_by=(Role.TEAM_MANAGER,),
        acts="From the day of the assessment, or its last day; and whether the arrangement is lawful, and until when.",
        about=EMERGENCIES,
        sets=LAW,
    ),
    emergency(WorkingDays(6), until=PANDEMIC_FROM),
    emergency(Weeks(24), PANDEMIC, since=PANDEMIC_FROM, until=PANDEMIC_UNTIL),
    emergency(WorkingDays(6), since=PANDEMIC_UNTIL),
    temporary(Weeks(16), until=PANDEMIC_FROM),
    temporary(Weeks(24), PANDEMIC, since=PANDEMIC_FROM, until=PANDEMIC_UNTIL),
    temporary(Weeks(16), since=PANDEMIC_UNTIL),
    Rule(
        "L-18-anyone",
        "Temporary approval also for somebody who is not connected with the child",
        (regulation("24"), PANDEMIC),
        since=PANDEMIC_FROM,
        until=PANDEMIC_UNTIL,
        acts=STANDING,
    ),
    Rule(
        "L-19",
        "A temporary approval may be extended once",
        (regulation("25(2)"),),
        Weeks(8),
        acts=SPAN,
        sets=LAW,
    ),
    Rule(
        "L-20",
        "A temporary approval may be extended until an independent review of a refusal is decided",
        (regulation("25(3)"),),
        acts=STANDING,
    ),
    Rule(
        "L-21",
        "When temporary approval has run out without approval as a foster carer, the placement ends",
        (regulation("25(6)"),),
        owed_by=(Role.TEAM_MANAGER,),
        acts="From the first minute without approval; and whether the arrangement is lawful. The alarm (D-00) opens too.",
    ),
    Rule(
        "L-31",
        "A child is kept in secure accommodation without a court’s order for 72 hours in any 28 days at most",
        (f"{SECURE}, reg 10", "C-43"),
        Hours(72),
        owed_by=(Role.TEAM_MANAGER,),
        acts="From the first minute without an order, counting what was used up before: an order, or the child leaves.",
        about=KEPT_SECURE,
        sets=LAW,
    ),
    Rule(
        "L-31a",
        "The 72 hours without an order are counted in any 28 days",
        (f"{SECURE}, reg 10", CONFIRM),
        Days(28),
        acts="How far back the hours count, whichever secure home it was.",
        about=KEPT_SECURE,
        sets=LAW,
    ),
    Rule(
        "L-31b",
        "The first order of the court for secure accommodation holds for three months at most",
        (f"{SECURE}, reg 11",),
        Months(3),
        owed_by=(Role.SOCIAL_WORKER,),
        acts="How long an order counts, whatever end is recorded: by then the next one, or the child leaves.",
        about=KEPT_SECURE,
        sets=LAW,
    ),
    Rule(
        "L-31c",
        "An order that follows another without a break holds for six months at most",
        (f"{SECURE}, reg 12",),
        Months(6),
        owed_by=(Role.SOCIAL_WORKER,),
        acts="How long such an order counts, whatever end is recorded: by then the next one, or the child leaves.",
        about=KEPT_SECURE,
        sets=LAW,
    ),
    Rule(
        "L-31d",
        "Three people, one of them independent, review the keeping of a child in secure accommodation within a month",
        (f"{SECURE}, reg 15", CONFIRM),
        Months(1),
        owed_by=(Role.TEAM_MANAGER,),
        acts="From the day on which the child came into secure accommodation.",
        about=KEPT_SECURE,
    ),
    Rule(
        "L-31e",
        "After that they review it every three months",
        (f"{SECURE}, reg 15", CONFIRM),
        Months(3),
        owed_by=(Role.TEAM_MANAGER,),
        acts="From each review.",
        about=KEPT_SECURE,
    ),
    Rule(
        "L-31f",
        "A child younger than 13 is kept in secure accommodation only if the Secretary of State approved it before",
        (f"{SECURE}, reg 4",),
        owed_by=(Role.SERVICE_DIRECTOR,),
        acts="From the first minute without the approval, until it is on record, the child leaves, or turns 13.",
        about=KEPT_SECURE,
    ),
    Rule(
        "L-31g",
        "A child whom a review found to be kept without reason leaves secure accommodation",
        (f"{SECURE}, reg 16", CONFIRM),
        WorkingDays(1),
        local_default=True,
        owed_by=(Role.TEAM_MANAGER,),
        acts="From a review which finds that the reasons hold no longer, until the child left or a later one finds that "
        "they do.",
        about=KEPT_SECURE,
    ),
    Rule(
        "L-31h",
        "Hours without an order that end around a Sunday or a public holiday end at noon of the next day that is neither, "
        "where more than this was used up in the 27 days before the child came",
        (f"{SECURE}, reg 10(3)",),
        Hours(48),
        acts="With the 72 hours (L-31): from noon of the day before to noon of the day after.",
        about=KEPT_SECURE,
        sets=LAW,
    ),
    Rule(
        "D-08",
        "Where it is not recorded whether the carer is approved, the team manager finds out",
        ("D-08",),
        WorkingDays(5),
        local_default=True,
        owed_by=(Role.TEAM_MANAGER,),
        acts="From the day on which the arrangement begins, or on which an import brings it.",
        about=TO_FIND_OUT,
    ),
    Rule(
        "C-26",
        "Where it is not known how an arrangement stands, the team manager finds out what is missing; "
        "the placement service, where it is the home’s registration",
        ("Decision C-26",),
        WorkingDays(5),
        local_default=True,
        owed_by=(Role.TEAM_MANAGER, Role.PLACEMENT_SERVICE),
        acts="From the first day of not knowing, or the day on which an import brings the arrangement.",
        about=TO_FIND_OUT,
    ),
)
declare(RULES, about=WHERE)
