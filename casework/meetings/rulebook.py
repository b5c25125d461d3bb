"""What a meeting makes due: that it is held, minuted and sent round, and that what was agreed in it is done.

Each kind of meeting (`kind.MeetingKind`) names the rules it goes by; these hold where it names none of its own. What was
agreed is owed by its own day, which the meeting sets; whoever chaired asks for what is late, then takes it higher.
"""

from accounts.roles import Role
from casework.limits import Days, WorkingDays
from casework.procedures import Rule, declare

HELD = "M-01"
CHASE = "M-05"
ESCALATE = "M-06"
SETTLE = "M-07"
LET_IN = "M-08"

CHAIRS = "Placement planning and disruption meetings, sections 1 and 2"
AGREED = "S0 2.3"
CHASED = "Kent placement procedure, lines 383 to 388"
WHO_CHAIRS = (Role.TEAM_MANAGER, Role.SERVICE_MANAGER, Role.DHOS)

RULES = (
    Rule(
        code=HELD,
        says="Once a meeting has been held it is recorded who came, or it is called off.",
        cites=(CHAIRS,),
        limit=WorkingDays(1),
        local_default=True,
        owed_by=WHO_CHAIRS,
        acts="From the moment for which the meeting is arranged.",
    ),
    Rule(
        code="M-02",
        says="Whoever takes the minutes types them.",
        cites=(CHAIRS,),
        limit=WorkingDays(5),
        local_default=True,
        owed_by=(Role.SOCIAL_WORKER, *WHO_CHAIRS),
        acts="From the end of the meeting.",
    ),
    Rule(
        code="M-03",
        says="Whoever chaired sends the minutes round.",
        cites=(CHAIRS,),
        limit=WorkingDays(2),
        local_default=True,
        owed_by=WHO_CHAIRS,
        acts="From the moment at which the minutes are typed, and again when they are changed.",
    ),
    Rule(
        code="M-04",
        says="What was agreed in a meeting is done by the day that was agreed.",
        cites=(AGREED, CHAIRS),
        owed_by=(Role.SOCIAL_WORKER, *WHO_CHAIRS),
        acts="For each action by its own day; for somebody from outside whoever chaired sees to it.",
    ),
    Rule(
        code=CHASE,
        says="Whoever chaired asks for what was agreed and is not done by its day.",
        cites=(CHASED,),
        limit=WorkingDays(2),
        local_default=True,
        owed_by=WHO_CHAIRS,
        acts="From the end of the day by which the action was to be done.",
    ),
    Rule(
        code=ESCALATE,
        says="What was asked for and is still not done is taken higher.",
        cites=(CHASED,),
        limit=WorkingDays(5),
        local_default=True,
        owed_by=WHO_CHAIRS,
        acts="From the moment at which a late action was asked for.",
    ),
    Rule(
        code=SETTLE,
        says="Whoever an action was taken to sees that it is done, agrees another day, or decides that it need not be.",
        cites=(CHASED,),
        limit=WorkingDays(5),
        local_default=True,
        owed_by=(Role.SERVICE_MANAGER, Role.HOS),
        acts="From the moment at which a late action was taken higher; where the chair owes it, from the end of its day.",
    ),
    Rule(
        code=LET_IN,
        says="Whoever sees a record only because of an invitation reads it for a while after the meeting’s last action.",
        cites=(CHAIRS,),
        limit=Days(28),
        local_default=True,
        acts="It makes nothing due. From the day on which the minutes are round and no action is open.",
    ),
)
declare(RULES, about="Meetings")
