"""What becomes due on the way of a connected person: the enquiry is answered, the time is watched, the end is settled.

How long an approval may last, the law says: L-18 to L-20 stand with what is lawful (`placements.rulebook`). What no source
states is the authority's own to set ("local default, no source").
"""

from typing import Final

from accounts.roles import Role
from casework.limits import Weeks, WorkingDays
from casework.procedures import Rule, declare

ANSWERED: Final = "A-23"
SETTLED_BEFORE: Final = "A-24"
SETTLED_AFTER: Final = "A-25"
ASSESSED: Final = "A-26"
CHECKED: Final = "A-27"
RAN_OUT: Final = "L-21"
PAPERS: Final = "L-35"

RULES: Final = (
    Rule(
        code=ANSWERED,
        says="Whoever is asked about gets an answer: a confirmed viability assessment, or the reason why it goes no further.",
        cites=("S0 2.2", "Care Planning Regulations, reg 24 and Schedule 4"),
        limit=WorkingDays(10),
        local_default=True,
        owed_by=(Role.SOCIAL_WORKER,),
        acts="From the day of the enquiry about a relative or friend.",
    ),
    Rule(
        code=SETTLED_BEFORE,
        says="So long before a temporary approval runs out it is settled what comes next: approval, an extension, or a move.",
        cites=("Care Planning Regulations, reg 25",),
        limit=Weeks(4),
        local_default=True,
        owed_by=(Role.TEAM_MANAGER,),
        acts="From the first day of the approval; due this long before its last day.",
    ),
    Rule(
        code=SETTLED_AFTER,
        says="Where the full assessment ends without approval, it is settled where the child will live.",
        cites=("Care Planning Regulations, reg 25",),
        limit=WorkingDays(5),
        local_default=True,
        owed_by=(Role.TEAM_MANAGER,),
        acts="From the refusal, or from the day on which it goes no further, while a temporary approval holds.",
    ),
    Rule(
        code=ASSESSED,
        says="The full assessment is complete by the day that the nominated officer was told.",
        cites=("Care Planning Regulations, reg 24",),
        owed_by=(Role.SOCIAL_WORKER,),
        acts="From the temporary approval, or its extension, until it is on record what came of the assessment.",
    ),
    Rule(
        code=PAPERS,
        says="Where a carer asks for an independent review, the fostering service sends the panel its papers.",
        cites=("Fostering Services Regulations 2011, reg 29",),
        limit=WorkingDays(10),
        owed_by=(Role.TEAM_MANAGER,),
        acts="From the day on which the review was asked for; the team manager sees to it.",
    ),
    Rule(
        code=CHECKED,
        says="Everybody of 18 or older who lives with a relative or friend who is being looked into is checked.",
        cites=("Care Planning Regulations, reg 24 and Schedule 4",),
        limit=WorkingDays(5),
        local_default=True,
        owed_by=(Role.SOCIAL_WORKER,),
        acts="From the enquiry, from the day on which somebody moves in, or from an 18th birthday there.",
    ),
)
declare(RULES, about="Temporary approval of connected persons")
