"""The rules of what follows from a visit and of what stands around reviews: who owes what, how soon, and who says so.

Where the source names the act but no time, the number is a local default, and the authority may set another.

Source: Kent's guidance on placements (S3), the Care Planning Regulations, reg 33 and 36; `timescales.md` sections 1 to 3
and 7; decisions C-34 and C-37.
"""

from typing import Final

from accounts.roles import Role
from casework.limits import Hours, Weeks, WorkingDays
from casework.procedures import MaySet, Rule, declare

SW: Final = Role.SOCIAL_WORKER
IRO: Final = Role.IRO

ACTION: Final = "K-02-done"
REMINDER: Final = "K-02-chase"
ESCALATION: Final = "K-02-raise"
READ_FIRST: Final = "K-03"
READ_LATER: Final = "K-03-later"
CONSIDER: Final = "K-04"
MISSING: Final = "K-05-form"
MANAGER_READS: Final = "K-24-read"
RAISE: Final = "C-34-raise"
EARLY_REVIEW: Final = "L-24"
CONVERSATION: Final = "L-38"
AHEAD: Final = "L-38-ahead"
HEALTH: Final = "K-14"
TOLD_IN: Final = "K-20"
ACCOUNT: Final = "K-20-text"
REPORT: Final = "K-26"
CONTRACT: Final = "K-28"

LINE_MANAGER: Final = {
    Role.SOCIAL_WORKER: Role.TEAM_MANAGER,
    Role.PERSONAL_ADVISER: Role.TEAM_MANAGER,
    Role.TEAM_MANAGER: Role.SERVICE_MANAGER,
    Role.IRO: Role.SERVICE_MANAGER,
    Role.COMMISSIONING: Role.SERVICE_MANAGER,
    Role.SERVICE_MANAGER: Role.DHOS,
}
"""Who reads a form whose author takes it higher: the manager of the child's case, above the author's own level."""


def kent(lines: str) -> str:
    """Lines of Kent's guidance (S3), as the pages cite it."""
    return f"Kent placement procedure, lines {lines}"


CHASING: Final = (kent("131 to 231"),)

RULES: Final = (
    Rule(
        ACTION,
        "What the provider is to do after a visit is done by the day agreed",
        CHASING,
        sets=MaySet.NOTHING,
        acts="From the day of the form to the day agreed with the provider. It stays with the role of the form’s author.",
        owed_by=(SW, IRO),
    ),
    Rule(
        REMINDER,
        "The provider is reminded of what was not done by the day agreed",
        CHASING,
        WorkingDays(2),
        local_default=True,
        acts="From the day agreed, where it was not done. Taking it higher at once meets it too.",
        owed_by=(SW, IRO),
    ),
    Rule(
        ESCALATION,
        "What is not done after a reminder is taken higher",
        CHASING,
        WorkingDays(5),
        local_default=True,
        acts="From the first reminder since the day agreed.",
        owed_by=(SW, IRO),
    ),
    Rule(
        READ_FIRST,
        "The reviewing officer reads the first purposeful form before the first review",
        (kent("139 to 145"), "C-37"),
        sets=MaySet.NOTHING,
        acts="From the form to the day of the first review after the move. It meets K-19 too.",
        owed_by=(IRO,),
    ),
    Rule(
        READ_LATER,
        "The reviewing officer reads every purposeful form of the social worker",
        (kent("384 to 387"),),
        WorkingDays(10),
        local_default=True,
        acts="From the form, and from every further version of it; not for the first, which K-03 names.",
        owed_by=(IRO,),
        duties=READ_FIRST,
    ),
    Rule(
        "K-19",
        "After a planned move without concerns, reading the first form is enough until the IRO’s own visit is due",
        (kent("432"), "C-37"),
        local_default=True,
        acts="K-03. It makes nothing due itself.",
    ),
    Rule(
        CONSIDER,
        "The first review after a move looks at everybody’s visits, and asks for more where they are needed",
        (kent("147 to 150"),),
        sets=MaySet.NOTHING,
        acts="Up to the day of the review; L-38 says from when on.",
        owed_by=(IRO,),
    ),
    Rule(
        MISSING,
        "Where the social worker’s purposeful form is missing, the reviewing officer decides what is done",
        (kent("164"),),
        WorkingDays(2),
        local_default=True,
        acts="From the moment at which the form is overdue; again from the day until which the IRO said to wait.",
        owed_by=(IRO,),
    ),
    Rule(
        MANAGER_READS,
        "A form that its author takes higher is read and answered by the manager",
        (kent("388"),),
        WorkingDays(1),
        local_default=True,
        acts="From the form.",
        owed_by=(Role.TEAM_MANAGER, Role.SERVICE_MANAGER, Role.DHOS),
    ),
    Rule(
        RAISE,
        "What the reviewing officer escalates formally is raised with the managers",
        (kent("384 to 388"), "C-34"),
        WorkingDays(1),
        local_default=True,
        acts="From the IRO’s reading of the form. Only the IRO can meet it.",
        owed_by=(IRO,),
    ),
    Rule(
        EARLY_REVIEW,
        "An earlier review is arranged where the reviewing officer asks for it",
        ("Care Planning Regulations, reg 33(3)", kent("386")),
        WorkingDays(5),
        local_default=True,
        acts="From the IRO’s reading of a form, until a review is arranged, moved or held.",
        owed_by=(IRO,),
    ),
    Rule(
        CONVERSATION,
        "The reviewing officer speaks to the child privately before each review",
        ("Care Planning Regulations, reg 36",),
        sets=MaySet.NOTHING,
        acts="By the day of the review. A review that was held without it leaves it owed.",
        owed_by=(IRO,),
    ),
    Rule(
        AHEAD,
        "What the reviewing officer does before a review is on the list this long ahead",
        ("Care Planning Regulations, reg 36",),
        Weeks(4),
        local_default=True,
        acts="From when on L-38 and K-04 are shown as due.",
    ),
    Rule(
        HEALTH,
        "A health professional fills in the placement assurance tool as the reviewing officer suggests",
        (kent("111"), kent("203 to 206")),
        sets=MaySet.NOTHING,
        acts="From the IRO’s suggestion to the day that it names.",
        owed_by=(Role.HEALTH,),
    ),
    Rule(
        TOLD_IN,
        "The provider tells the authority of an incident, with a written account",
        (kent("270"),),
        Hours(24),
        acts="From the incident. What is told later is shown and counted as told late.",
    ),
    Rule(
        ACCOUNT,
        "The provider is asked for the written account of an incident that did not come in time",
        (kent("270"),),
        WorkingDays(1),
        local_default=True,
        acts="From the end of the time that K-20 gives the provider, until the account is there.",
        owed_by=(SW,),
    ),
    Rule(
        REPORT,
        "The provider reports on the child’s development, as often as agreed",
        (kent("249"),),
        sets=MaySet.NOTHING,
        acts="From the day agreed, or the last report. The social worker asks for one that does not come.",
        owed_by=(SW,),
    ),
    Rule(
        CONTRACT,
        "Commissioning answers where a contract needs changing",
        (kent("103"),),
        WorkingDays(5),
        local_default=True,
        acts="From the day on which it is raised.",
        owed_by=(Role.COMMISSIONING,),
    ),
)

declare(RULES, about="After a visit and around reviews")
