"""How long somebody may see a record that is out of their sight, and who looks at it afterwards; who agrees that care ends.

Read RULES from top to bottom. No source states these numbers: each is the authority's own to set. The law states that of
CEASING.
"""

from typing import Final

from accounts.roles import Role
from casework.limits import Hours, WorkingDays
from casework.procedures import MaySet, Rule, declare

CITES = ("UK GDPR Article 5(1)(f)",)
OPEN_FOR: Final = (1, 4, 8)
"""Hours that somebody who breaks the glass can choose, as far as A-01 lets them."""
FAILED_A_DAY: Final = 5
"""Attempts of one person that may open nothing before A-03 says no more for that day."""

RULES = (
    Rule(
        code="A-01",
        says="A record opened by break-glass closes by itself: after one, four or eight hours, and never later than this.",
        cites=CITES,
        limit=Hours(8),
        local_default=True,
        at_most=Hours(24),
        at_most_because="Whoever needs a record for longer is allocated to the child, or named on the record.",
        acts="The page on which a record is opened by break-glass. It makes nothing due.",
    ),
    Rule(
        code="A-02",
        says="Somebody else reviews each use of break-glass: the privacy officer, or the auditor where the officer used it.",
        cites=CITES,
        limit=WorkingDays(5),
        local_default=True,
        owed_by=(Role.PRIVACY_OFFICER, Role.AUDITOR),
        acts="From the moment at which a record is opened by break-glass.",
    ),
    Rule(
        code="A-03",
        says="Whoever has tried five times in a day without opening a record tries no more that day; the privacy officer "
        "is told.",
        cites=CITES,
        local_default=True,
        acts="The page on which a record is opened by break-glass. It makes nothing due.",
    ),
)
declare(RULES, about="Restricted records")

CEASING: Final = (
    Rule(
        code="L-26",
        says="The authority ends care only when a nominated officer has agreed, once a child has been looked after for this "
        "long; at 16 and 17, for a child who is not in care, always when the Director of Children’s Services has.",
        cites=("Care Planning Regulations, reg 39",),
        limit=WorkingDays(20),
        owed_by=(Role.TEAM_MANAGER,),
        sets=MaySet.NOTHING,
        acts="Who agrees. Where an end of care is recorded that nobody agreed to, it is due at once to put it forward.",
    ),
)
declare(CEASING, about="The end of care")
