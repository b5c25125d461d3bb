"""Who signs off an unregulated connected-person placement, and how soon. S0 sections 2.3-2.7, C-30, C-33.

Read CHAIN from top to bottom: each row is one step, taken in this order by the role named; the limit runs from the step
before. A limit that no source states is the authority's own to set ("local default, no source").
"""

from dataclasses import dataclass

from accounts.roles import Role
from approvals.states import State
from casework.limits import Days, Hours, Months, WorkingDays
from casework.procedures import Rule, declare

FOUR = (Role.SOCIAL_WORKER, Role.TEAM_MANAGER, Role.LEGAL, Role.DHOS)
"""Who discusses the case, and agrees its record. S0 2.3, 2.4."""

UNTIL_THE_MOVE = "A-13"
"""How long a decision about a proposed home waits for the move."""

INTERIM = "C-30"
"""How long an interim approval holds."""
RENEWED = "C-48"
"""That it is renewed a few times only, and that the Service Director is told."""
RENEWALS = 3
"""How often it is renewed at the most. No authority sets this for itself: the whole chain again is what C-48 asks."""

RULES = (
    Rule(
        code="D-00",
        says="Nobody stays in an unregulated arrangement unseen: the alarm runs from the first minute until final sign-off.",
        cites=("S0 3.1",),
        owed_by=(Role.DHOS, Role.HOS, Role.SERVICE_DIRECTOR),
        acts="The alarm of every arrangement that nobody signed off. It names whoever holds the next step.",
    ),
    Rule(
        code="D-01",
        says="The Deputy Head of Service holds the case discussion with the social worker, the team manager and Legal.",
        cites=("S0 2.3", "C-30"),
        limit=WorkingDays(5),
        local_default=True,
        owed_by=(Role.DHOS,),
        acts="From the first minute of the alarm, and again when a discussion is refused or withdrawn, or when its interim "
        "approval has been renewed for the third time.",
    ),
    Rule(
        code="D-02",
        says="The four who discussed the case agree that its record is accurate, and the Deputy Head of Service writes a "
        "case note of the meeting and what came of it.",
        cites=("S0 2.4", "C-08"),
        limit=Hours(72),
        owed_by=FOUR,
        acts="From the end of the case discussion: to write the case note, to type the record up, and for each of the four "
        "to agree it.",
    ),
    Rule(
        code="D-03",
        says="The Head of Service decides: approves as permanence or as interim, sends back, or refuses.",
        cites=("S0 2.5a", "C-30"),
        limit=WorkingDays(5),
        local_default=True,
        owed_by=(Role.HOS,),
        acts="From the moment at which all four have agreed the record.",
    ),
    Rule(
        code="D-04",
        says="The Service Director gives final sign-off, or dissents with reasons.",
        cites=("S0 2.5b", "S0 2.7", "C-30"),
        limit=WorkingDays(5),
        local_default=True,
        owed_by=(Role.SERVICE_DIRECTOR,),
        acts="From the approval by the Head of Service.",
    ),
    Rule(
        code="D-05",
        says="The Head of Service tells the Deputy Head, the team manager and the social worker, who each confirm that they "
        "know; the social worker files it.",
        cites=("S0 2.6", "S0 2.7", "C-30"),
        limit=WorkingDays(2),
        local_default=True,
        owed_by=(Role.HOS, Role.DHOS, Role.TEAM_MANAGER, Role.SOCIAL_WORKER),
        acts="From final sign-off: to tell the others; then for each to confirm, and to file the record. After a dissent: to "
        "feed back what was agreed, and for each to confirm.",
    ),
    Rule(
        code="D-06",
        says="What was agreed at the case discussion is done by the day that was agreed.",
        cites=("S0 2.3",),
        owed_by=FOUR,
        acts="For each action by its own day. What is late is asked for (M-05), then taken higher (M-06).",
    ),
    Rule(
        code="D-09",
        says="A case discussion about an arrangement that was over or regulated before final sign-off is withdrawn.",
        cites=("C-30", "C-31"),
        limit=WorkingDays(5),
        local_default=True,
        owed_by=(Role.DHOS,),
        acts="From the end of an arrangement, or from its becoming regulated, while its chain is not settled.",
    ),
    Rule(
        code="K-10",
        says="No unregistered setting is used unless the relevant Director has authorised it beforehand: the Service "
        "Director, or another whom the authority names.",
        cites=("Kent placement procedure, lines 87 to 91 and 175", "C-47"),
        owed_by=(Role.SOCIAL_WORKER,),
        acts="From the first minute without authorisation: to put it to that Director. The alarm (D-00) runs beside it until "
        "it is authorised, or the child has moved.",
    ),
    Rule(
        code="C-47",
        says="The authorisation of an unregistered setting holds for a time, and then has to be given anew.",
        cites=("C-47",),
        limit=Days(28),
        local_default=True,
        acts="Until when it can be authorised at the longest.",
    ),
    Rule(
        code="C-47b",
        says="The use of an unregistered setting is put forward anew before its authorisation runs out.",
        cites=("C-47",),
        limit=Days(7),
        local_default=True,
        owed_by=(Role.SOCIAL_WORKER,),
        acts="This long before the authorisation runs out; at half its time, where it holds for less than twice as long.",
    ),
    Rule(
        code="C-43",
        says="A child is kept in secure accommodation only if the Service Director has agreed to it beforehand.",
        cites=("C-43",),
        owed_by=(Role.SOCIAL_WORKER,),
        acts="From the first minute in a secure home without the decision: to put it to the Service Director. Not asked of "
        "a child whom a criminal court remanded or detained.",
    ),
    Rule(
        code="P-05",
        says="Contact of more than 24 hours, where the plan is not a return home, takes a full viability assessment, which "
        "the Deputy Head of Service approves before it begins.",
        cites=("Contact procedure, amendments of August 2017", "C-44"),
        limit=WorkingDays(5),
        local_default=True,
        owed_by=(Role.TEAM_MANAGER, Role.DHOS),
        acts="From the moment at which it is put to somebody: to check and to decide it, in any case before the contact.",
    ),
    Rule(
        code="A-10",
        says="Whoever has to check or to decide something that is put to senior managers does so in time.",
        cites=("C-30",),
        limit=WorkingDays(5),
        local_default=True,
        owed_by=(
            Role.SOCIAL_WORKER,
            Role.TEAM_MANAGER,
            Role.DECISION_MAKER,
            Role.DHOS,
            Role.SERVICE_DIRECTOR,
            Role.DCS,
        ),
        acts="From the moment at which it is begun, put to somebody, or handed back.",
    ),
    Rule(
        code="A-11",
        says="Whoever decided by telephone signs what was said.",
        cites=("C-30",),
        limit=Hours(24),
        local_default=True,
        owed_by=(Role.SERVICE_DIRECTOR, Role.DECISION_MAKER, Role.DCS),
        acts="From the telephone call, where one came before what was put in writing.",
    ),
    Rule(
        code="A-12",
        says="What concerns a child who lives there already, or cannot go out, is checked and decided without delay.",
        cites=("C-30",),
        limit=Hours(24),
        local_default=True,
        owed_by=(Role.TEAM_MANAGER, Role.SERVICE_DIRECTOR),
        acts="For unregistered settings and secure accommodation: from the moment at which it is put to somebody.",
    ),
    Rule(
        code="A-14",
        says="Whoever is consulted about a senior decision says what they think of it.",
        cites=("Care Planning Regulations, regulations 11, 18 and 39", "C-30"),
        limit=WorkingDays(5),
        local_default=True,
        owed_by=(Role.IRO,),
        acts="From the moment at which somebody begins to write it up, until they answer or the record says what they said.",
    ),
    Rule(
        code="A-15",
        says="What is put to senior managers about an arrangement that is over is taken back.",
        cites=("C-30",),
        limit=WorkingDays(5),
        local_default=True,
        owed_by=(Role.SOCIAL_WORKER,),
        acts="From the end of the arrangement, or from its becoming registered, while it is not decided.",
    ),
    Rule(
        code=UNTIL_THE_MOVE,
        says="What was decided about a home where the child does not live yet is for a move within this time.",
        cites=("C-30",),
        limit=Months(3),
        local_default=True,
        acts="From the decision. A child who moves later moves without it: it is put forward anew. It makes nothing due.",
    ),
    Rule(
        code=INTERIM,
        says="An interim approval holds for a time, and the Head of Service renews it before that is over: what was done "
        "meanwhile to find a regulated home is written down.",
        cites=("S0 2.5a", "C-30", "C-48"),
        limit=Days(28),
        local_default=True,
        owed_by=(Role.HOS,),
        acts="From final sign-off, and from each renewal. When it is over the alarm (D-00) opens again, from that minute.",
    ),
    Rule(
        code=RENEWED,
        says="An interim approval is renewed three times at the most, and then the case is discussed anew. The Service "
        "Director is told of each renewal and confirms it.",
        cites=("C-48",),
        limit=WorkingDays(5),
        local_default=True,
        owed_by=(Role.SERVICE_DIRECTOR,),
        acts="From each renewal: for the Service Director to confirm. With the third, D-01 falls due anew.",
    ),
)
declare(RULES, about="Sign-off of unregulated arrangements")


@dataclass(frozen=True, slots=True)
class Row:
    """One step of the chain: who owes it while the discussion stands in these states."""

    rule: str
    states: tuple[State, ...]
    role: Role
    owes: str


CHAIN = (
    Row("D-01", (State.TO_CONVENE,), Role.DHOS, "convene the case discussion"),
    Row("D-02", (State.CONVENED, State.SENT_BACK), Role.DHOS, "type up the record of the discussion"),
    Row("D-02", (State.TO_AGREE,), Role.DHOS, "have the record agreed by all four"),
    Row("D-03", (State.AGREED,), Role.HOS, "decide on the record"),
    Row("D-04", (State.APPROVED,), Role.SERVICE_DIRECTOR, "give final sign-off or dissent"),
    Row("D-05", (State.DISSENTED,), Role.HOS, "agree actions with the Service Director and feed them back"),
    Row("D-05", (State.SIGNED_OFF,), Role.HOS, "communicate the outcome"),
    Row("D-05", (State.COMMUNICATED,), Role.SOCIAL_WORKER, "file the signed record"),
)

RENEWING = Row(INTERIM, (), Role.HOS, "renew the interim approval, or have the case discussed anew")
"""What is owed while an interim approval holds, in whichever state the chain is that it was signed off in."""

CASE_NOTE = Row("D-02", (), Role.DHOS, "write the case note of the meeting and what came of it")
"""What is owed beside the record, from the end of the discussion."""

TOLD = {
    "feed_back": ("D-05", (Role.DHOS, Role.TEAM_MANAGER, Role.SOCIAL_WORKER)),
    "communicate": ("D-05", (Role.DHOS, Role.TEAM_MANAGER, Role.SOCIAL_WORKER)),
    "renew": (RENEWED, (Role.SERVICE_DIRECTOR,)),
}
"""By the step: who is told of it and confirms to know it, and the rule that says so. S0 2.6, 2.7, C-48."""

SHOWS_THAT_ONE_KNOWS = {"record": Role.DHOS, "file": Role.SOCIAL_WORKER}
"""Steps that only somebody takes who knows what came of it: nothing is to be confirmed besides."""

OWE_MORE = {("communicate", Role.SOCIAL_WORKER)}
"""Who owes a step of that kind anyway, so that no confirmation is owed beside it: the social worker files the record."""

WITHDRAWING = Row("D-09", (), Role.DHOS, "withdraw the case discussion: the arrangement is over, or is regulated")
"""What is owed in whichever state the chain stood when the arrangement was over."""
