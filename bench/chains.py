"""Takes a sign-off chain to a state, by its own steps, each by the person who owes it and at its own time.

ROUTES says which steps lead to which state, in the order of S0 2.3-2.7. There is no other way to a state: what the
invented authority and the tests show has been through the door.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from accounts.roles import Role
from approvals.models import CaseDiscussion
from approvals.record.parts import FORM, PRESENT
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
TYPED = (
    *CONVENED,
    Taken("record", Role.DHOS, timedelta(hours=4)),
    Taken("note", Role.DHOS, timedelta(hours=4, minutes=30)),
)
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
KNOWN = (
    *COMMUNICATED,
    Taken("know", Role.TEAM_MANAGER, timedelta(days=6, hours=2)),
    Taken("know", Role.DHOS, timedelta(days=6, hours=3)),
)
FILED = (*KNOWN, Taken("file", Role.SOCIAL_WORKER, timedelta(days=7)))
RENEWED = (*FILED, Taken("renew", Role.HOS, timedelta(days=20)))

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
    State.FILED: FILED,
    State.WITHDRAWN: (*CONVENED, Taken("withdraw", Role.DHOS, timedelta(days=1))),
}

RENEWAL = {
    "search": "Two in-house carers and four agencies were asked again this month. One family is being matched.",
    "why": "A move before the match is made would mean another school, and another move.",
}

REASONS = {
    "note": "We met today. The child stays for now while a foster home is sought; the carer is asked again about assessment.",
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


def record_of(held_at: datetime) -> dict[str, Any]:
    """The record as it is typed now, of a case discussion that ended at a moment."""
    held_on = local_day(held_at)
    return {
        FORM: PRESENT,
        "others": [{"name": "Amara Okafor", "as_what": "Family support worker"}],
        "discussion": CONTENT["discussion"],
        "why_not": "declines",
        "declined_on": (held_on - timedelta(days=1)).isoformat(),
        "assessed_on": "",
        "refused_on": "",
        "approved_from": "",
        "approved_until": "",
        "why_not_says": CONTENT["why_not_regulation_24"],
        "alternatives": [
            {
                "who": "Mr and Mrs Adeyemi, in-house foster carers",
                "asked_on": (held_on - timedelta(days=2)).isoformat(),
                "answer": "They have no room before the summer.",
                "why_not": "No room, and the child would have to change school.",
            },
            {
                "who": "Three fostering agencies",
                "asked_on": (held_on - timedelta(days=1)).isoformat(),
                "answer": "Two offers, both more than 30 miles away.",
                "why_not": "The child could not stay at school.",
            },
        ],
        "alternatives_says": CONTENT["alternatives"],
        "risks": CONTENT["risks"],
        "pets": "yes",
        "pet_risks": "A small dog, two years old, assessed. It is kept downstairs at night.",
        "checks": "Police checks of both adults came back clear. A health report is still to come.",
        "views_child": "I want to stay here, and see my mother at weekends.",
        "views_parents": "The mother agrees. The father was written to and has not answered.",
        "views_carer": "She wants to care for the child, and not to be assessed as a foster carer.",
        "views_iro": "The IRO asks for a plan within a month.",
        "legal_advice": CONTENT["legal_advice"],
        "support": "A named worker in the fostering service, and the carers’ group on Thursdays.",
        "finance": "A settling-in payment, then the allowance for a child of this age, paid weekly.",
        "visiting_plan": "The social worker, weekly; every second visit unannounced.",
        "care_plan": "The child stays in the family and at the same school, as the care plan says.",
        "contingency": CONTENT["contingency"],
        "actions": [
            {"what": TO_DO, "owner": Role.SOCIAL_WORKER.value, "due_on": (held_on + DONE_WITHIN).isoformat()},
            {
                "what": "Advise whether a court order is to be asked for.",
                "owner": Role.LEGAL.value,
                "due_on": (held_on + 2 * DONE_WITHIN).isoformat(),
            },
        ],
        "proposed": "interim",
        "proposed_says": CONTENT["proposed_decision"],
        "review_on": (held_on + timedelta(days=28)).isoformat(),
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
    content: Mapping[str, Any] | None = None
    """What the record says; None for the usual one."""

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

    def finish_action(self, *, at: datetime) -> Action:
        """The social worker says what came of it."""
        action = Action.objects.get(meeting=self.discussion.meeting, says=TO_DO)
        return carry_out(action.finish, by=self.people.social_worker, at=at, outcome=CAME_OF_IT)

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
    "record": lambda chain: {"content": dict(chain.content or record_of(chain.held_at))},
    "agree": version_read,
    "approve": lambda chain: {**version_read(chain), "approved_as": chain.approved_as},
    "sign_off": version_read,
    "renew": lambda chain: {**version_read(chain), "content": RENEWAL},
    "file": lambda chain: {"reference": f"DOC-{chain.discussion.pk:06d}"},
}


def to_convene(placement: Any) -> CaseDiscussion:
    """The chain of an arrangement that nobody has convened yet: convening writes it."""
    return CaseDiscussion(placement=placement)
