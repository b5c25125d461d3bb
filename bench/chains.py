"""Takes a sign-off chain to a state, by its own steps, each by the person who owes it and at its own time.

ROUTES says which steps lead to which state, in the order of S0 2.3-2.7. There is no other way to a state: what the
invented authority and the tests show has been through the door.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from accounts.roles import Role
from approvals.models import CaseDiscussion
from approvals.states import ApprovedAs, State
from casework.limits import local_day
from casework.meetings.models import Action
from casework.steps import carry_out


@dataclass(frozen=True, slots=True)
class Taken:
    """One step: which, by whom, and how long after the case discussion if nobody says otherwise."""

    step: str
    role: Role
    after: timedelta


CONVENED = (Taken("convene", Role.DHOS, timedelta(0)),)
TYPED = (*CONVENED, Taken("record", Role.DHOS, timedelta(hours=4)))
FOUR = (
    Taken("agree", Role.DHOS, timedelta(hours=5)),
    Taken("agree", Role.TEAM_MANAGER, timedelta(days=1)),
    Taken("agree", Role.SOCIAL_WORKER, timedelta(days=1, hours=2)),
    Taken("agree", Role.LEGAL, timedelta(days=2, hours=1)),
)
AGREED = (*TYPED, *FOUR)
APPROVED = (*AGREED, Taken("approve", Role.HOS, timedelta(days=3)))
SIGNED_OFF = (*APPROVED, Taken("sign_off", Role.SERVICE_DIRECTOR, timedelta(days=5)))
COMMUNICATED = (*SIGNED_OFF, Taken("communicate", Role.HOS, timedelta(days=6)))

ROUTES: Mapping[State, tuple[Taken, ...]] = {
    State.TO_CONVENE: (),
    State.CONVENED: CONVENED,
    State.TO_AGREE: TYPED,
    State.AGREED: AGREED,
    State.SENT_BACK: (*AGREED, Taken("send_back", Role.HOS, timedelta(days=3))),
    State.REFUSED: (*AGREED, Taken("refuse", Role.HOS, timedelta(days=3))),
    State.APPROVED: APPROVED,
    State.DISSENTED: (*APPROVED, Taken("dissent", Role.SERVICE_DIRECTOR, timedelta(days=5))),
    State.SIGNED_OFF: SIGNED_OFF,
    State.COMMUNICATED: COMMUNICATED,
    State.FILED: (*COMMUNICATED, Taken("file", Role.SOCIAL_WORKER, timedelta(days=7))),
    State.WITHDRAWN: (*CONVENED, Taken("withdraw", Role.DHOS, timedelta(days=1))),
}

REASONS = {
    "send_back": "The alternatives are not described. Please add which carers were asked and what they answered.",
    "refuse": "The risk in this home is too high. We need to talk about a move this week.",
    "dissent": "I cannot agree to this for longer than a month without a plan for assessment. Let us discuss.",
    "withdraw": "The carer was approved as a foster carer yesterday afternoon: this needs no sign-off any more.",
}

CONTENT = {
    "discussion": "We talked about how the child came to live here and how the first days have been.",
    "why_not_regulation_24": "The carer was offered assessment as a foster carer and declined.",
    "alternatives": "Two in-house foster carers and three agencies were asked; none could keep the child at school.",
    "risks": "A small dog, assessed, kept downstairs at night. Nobody else in the household is a concern.",
    "views": "The child wants to stay. The mother agrees. The IRO asks for a plan within a month.",
    "legal_advice": "The arrangement is not lawful as it stands. The authority should seek approval or another home.",
    "support": "Weekly visits, a settling-in payment and a named worker in the fostering service.",
    "actions": "Ask the carer again about assessment (social worker, within 10 days).",
    "proposed_decision": "Agree as an interim arrangement while a foster home is sought.",
    "contingency": "The maternal aunt would care for the child at short notice.",
}


TO_DO = "Ask the carer again about assessment as a foster carer, and say what help there would be."
CAME_OF_IT = "She was asked, and will let us know after the summer."
DONE_WITHIN = timedelta(days=10)


@dataclass(frozen=True, slots=True)
class ChainPeople:
    """Who takes part in one chain."""

    social_worker: Any
    team_manager: Any
    legal: Any
    dhos: Any
    hos: Any
    service_director: Any

    def holding(self, role: Role) -> Any:
        """The person who takes part in a role."""
        return getattr(self, role.value)


@dataclass(slots=True)
class Chain:
    """One chain under way: the discussion, its people, and when the case discussion was held."""

    discussion: CaseDiscussion
    people: ChainPeople
    held_at: datetime
    approved_as: ApprovedAs = ApprovedAs.INTERIM
    content: Mapping[str, str] = field(default_factory=lambda: CONTENT)
    action: Any = None
    """What was agreed to be done, once it is written down."""

    def take(self, taken: Taken, *, at: datetime) -> CaseDiscussion:
        """Take one step through the door, as the person who owes it."""
        self.discussion = carry_out(
            getattr(self.discussion, taken.step),
            by=self.people.holding(taken.role),
            at=at,
            because=REASONS.get(taken.step, ""),
            **SAID.get(taken.step, nothing)(self),
        )
        return self.discussion

    def agree_action(self, *, at: datetime) -> Action:
        """Write down what the social worker is to do within ten days of the discussion."""
        meeting = self.discussion.meeting
        owner = meeting.invited.get(role=Role.SOCIAL_WORKER)
        told = {"says": TO_DO, "owner": owner, "due_on": local_day(self.held_at) + DONE_WITHIN}
        self.action = carry_out(Action(meeting=meeting).agree, by=self.people.dhos, at=at, **told)
        return self.action

    def finish_action(self, *, at: datetime) -> Action:
        """The social worker says what came of it."""
        return carry_out(self.action.finish, by=self.people.social_worker, at=at, outcome=CAME_OF_IT)

    def take_all(self, state: State) -> CaseDiscussion:
        """Take every step of the route to a state, each at its own time after the case discussion."""
        for taken in ROUTES[state]:
            self.take(taken, at=self.held_at + taken.after)
        return self.discussion


def nothing(chain: Chain) -> dict[str, Any]:
    """Most steps say nothing more than who, when and why."""
    return {}


def version_read(chain: Chain) -> dict[str, Any]:
    """Whoever signs, signs the version that they have read."""
    return {"digest": chain.discussion.version.digest}


SAID: Mapping[str, Callable[[Chain], dict[str, Any]]] = {
    "convene": lambda chain: {
        "social_worker": chain.people.social_worker,
        "team_manager": chain.people.team_manager,
        "legal": chain.people.legal,
        "held_at": chain.held_at,
    },
    "record": lambda chain: {"content": dict(chain.content)},
    "agree": version_read,
    "approve": lambda chain: {**version_read(chain), "approved_as": chain.approved_as},
    "sign_off": version_read,
    "file": lambda chain: {"reference": f"DOC-{chain.discussion.pk:06d}"},
}


def to_convene(placement: Any) -> CaseDiscussion:
    """The chain of an arrangement that nobody has convened yet: convening writes it."""
    return CaseDiscussion(placement=placement)
