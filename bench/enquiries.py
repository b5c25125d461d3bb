"""Takes an enquiry about a relative or friend on its way, by its own steps, each by the person who owes it, at its own time.

There is no other way to a state: what the invented authority shows has been through the door.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from accounts.roles import Role
from approvals.connected.permissions import may_ask
from approvals.connected.states import CheckFound, HowEnded, WhyNot
from approvals.models import ConnectedPerson, Decision, HouseholdMember
from casework.limits import local_day
from casework.steps import carry_out, write_down

VIABLE: Final = {
    "present": "Two workers. The carer and her partner were there, and the neighbour for a while.",
    "bond": "She has looked after him most weekends since he was born, and he calls the house his other home.",
    "care": "She raised two children of her own. She knows what he likes to eat and what frightens him.",
    "health": "She takes tablets for high blood pressure. Her partner gave up smoking last year.",
    "family": "She and his mother speak every week, and she has said no to her before.",
    "history": "She grew up in the next village, with four sisters, and left school at sixteen.",
    "offences": "None are known of anybody in the household.",
    "income": "She works in the kitchen of a school, her partner drives a bus.",
    "neighbourhood": "A quiet street. His school is ten minutes away on foot.",
    "home": "Three bedrooms; he would have the small one. The back gate needs a lock.",
    "pets": "yes",
    "pets_risk": "An old spaniel, good with children. It sleeps in the kitchen, with a gate across the door.",
    "views": "He asked whether he can go today. His mother agrees; his father has not answered.",
    "risks": "His father knows the address. She will not open the door to him, and rings us.",
    "viable": "yes",
    "conclusion": "She can keep him safe and wants to. What is not known yet is how she copes when he is ill.",
}
FOR_A_TIME: Final = {
    "suits": "He knows the house and everybody in it, and stays at his school.",
    "now": "His foster home ends on Friday, and no other in reach of his school has room.",
    "views": "He wants to live with her. His mother agrees. The IRO asks for the assessment to begin at once.",
    "risks": "The father is told not to come. The spaniel sleeps in the kitchen, behind a gate.",
    "support": "The fostering allowance, a bed, and a visit every week.",
    "conditions": "The back gate has a lock before he moves in.",
    "assessor": "The kinship team of the fostering service",
    "until": "",
}
STILL: Final = {
    "still": "yes",
    "why_still": "He sleeps through, and he has not missed a day of school.",
    "panel_says": "The panel supports it, and asks to see the second reference.",
    "iro_says": "He should not have to move again.",
}
LONGER: Final = {**STILL, "why_not_in_time": "The reference from her last employer came seven weeks late.", "until": ""}
ASSESSED_WITHIN: Final = {"temporary_approval": timedelta(weeks=15), "extension": timedelta(weeks=6)}
CONTENT: Final[Mapping[str, Mapping[str, str]]] = {
    "viability": VIABLE,
    "temporary_approval": FOR_A_TIME,
    "extension": LONGER,
    "extension_for_review": STILL,
}
DAYS: Final = {
    "viability": ("visited_on",),
    "extension": ("panel_on", "iro_on"),
    "extension_for_review": ("panel_on", "iro_on"),
}
"""What is answered with a day shortly before it is written up."""


@dataclass(frozen=True, slots=True)
class Lives:
    """Somebody in the household: who, how old, and since how many days after the enquiry the checks are back."""

    name: str
    is_who: str
    age: int
    checked_after: int | None = None
    """None where they are not back yet; nobody under 18 is checked."""
    known: str = ""
    """What the checks brought to light."""


@dataclass(slots=True)
class Enquiry:
    """One enquiry under way: the person asked about, and who takes part."""

    child: Any
    carer: Any
    relationship: str
    people: Mapping[Role, Any]
    asked_at: datetime
    household: tuple[Lives, ...]
    person: Any = None
    written: dict[str, Any] = field(default_factory=dict)
    """The decisions on the way, by kind, as they stand."""

    def take(self, step: str, at: datetime) -> None:
        """One step: "enquire", "put viability", "decide viability", or what came of it."""
        name, _, kind = step.partition(" ")
        STEPS[name](self, at, kind) if kind else STEPS[name](self, at)

    def enquire(self, at: datetime) -> None:
        """The enquiry is opened, and it is written down who lives there."""
        told = {"carer": self.carer, "relationship": self.relationship, "asked_on": local_day(self.asked_at)}
        self.person = carry_out(ConnectedPerson(child=self.child).enquire, by=self._worker, at=at, **told)
        for lives in self.household:
            self._keep(HouseholdMember(person=self.person, **_described(lives, at)), at)

    def check(self, at: datetime) -> None:
        """The checks that are back by now."""
        days = (at - self.asked_at).days
        for lives, member in zip(self.household, self.person.household.order_by("pk"), strict=True):
            if lives.checked_after is None or days < lives.checked_after:
                continue
            found = CheckFound.SOMETHING if lives.known else CheckFound.NOTHING
            member.police_found, member.authority_found, member.says = found, CheckFound.NOTHING, lives.known
            member.police_checked_on = member.authority_checked_on = local_day(at)
            self._keep(member, at)

    def put(self, at: datetime, kind: str) -> None:
        """The social worker writes it up and puts it forward."""
        decision = Decision(
            kind=kind, child=self.child, connected_person=self.person, placement=self.person.lives_with_child
        )
        decision = carry_out(decision.prepare, by=self._worker, at=at)
        content = {**CONTENT[kind], **{name: local_day(at).isoformat() for name in DAYS.get(kind, ())}}
        if kind in ASSESSED_WITHIN:
            until = max((row.to_on for row in self.carer.approvals.all() if row.to_on), default=local_day(at))
            content["assess_by"] = (until + ASSESSED_WITHIN[kind]).isoformat()
        self.written[kind] = carry_out(decision.put, by=self._worker, at=at, content=content)

    def confirm(self, at: datetime, kind: str) -> None:
        """The team manager has read it."""
        self._sign("confirm", kind, Role.TEAM_MANAGER, at)

    def decide(self, at: datetime, kind: str) -> None:
        """Whoever decides says yes."""
        self._sign("decide", kind, Decision(kind=kind).of_kind.decides, at)

    def refuse(self, at: datetime) -> None:
        """The full assessment ended without approval."""
        told = {"decided_on": local_day(at), "why_not": WhyNot.HEALTH}
        because = "The panel and the agency decision maker find that her health does not allow it for the years ahead."
        self.person = carry_out(self.person.refuse_in_full, by=self._worker, at=at, because=because, **told)

    def ask_for_review(self, at: datetime) -> None:
        """The carer does not accept it."""
        self.person = carry_out(self.person.ask_for_review, by=self._worker, at=at, asked_on=local_day(at))

    def send_papers(self, at: datetime) -> None:
        """The independent panel has what it needs."""
        self.person = carry_out(self.person.send_papers, by=self._worker, at=at, sent_on=local_day(at))

    def withdraw(self, at: datetime) -> None:
        """They thought better of it."""
        told = {"how_ended": HowEnded.WITHDREW, "why_not": WhyNot.THEIR_CHOICE}
        self._no_further(at, "They talked it over and feel too old to begin again.", told)

    def find_not_viable(self, at: datetime) -> None:
        """The home is not one in which the child could live."""
        told = {"how_ended": HowEnded.NOT_VIABLE, "why_not": WhyNot.HOUSEHOLD}
        self._no_further(at, "Her lodger is known to the police for violence, and she will not ask him to leave.", told)

    def approve(self, at: datetime) -> None:
        """The agency decision maker approved them as foster carers."""
        told = {"decided_on": local_day(at), "decided_by": str(self.people[Role.DECISION_MAKER])}
        self.person = carry_out(self.person.approve_in_full, by=self._worker, at=at, **told)

    @property
    def _worker(self) -> Any:
        return self.people[Role.SOCIAL_WORKER]

    def _keep(self, member: HouseholdMember, at: datetime) -> None:
        write_down(member, act="keep_household", about=self.person, may=may_ask, by=self._worker, at=at)

    def _sign(self, step: str, kind: str, role: Role, at: datetime) -> None:
        decision = self.written[kind]
        signed = carry_out(getattr(decision, step), by=self.people[role], at=at, digest=decision.version.digest)
        self.written[kind] = signed

    def _no_further(self, at: datetime, because: str, told: Mapping[str, Any]) -> None:
        ended = {"ended_on": local_day(at), **told}
        self.person = carry_out(self.person.take_no_further, by=self._worker, at=at, because=because, **ended)


def _described(lives: Lives, at: datetime) -> dict[str, Any]:
    day = local_day(at)
    return {"name": lives.name, "is_who": lives.is_who, "born_on": day.replace(year=day.year - lives.age, day=1)}


STEPS: Final[Mapping[str, Callable[..., None]]] = {
    "enquire": Enquiry.enquire,
    "check": Enquiry.check,
    "put": Enquiry.put,
    "confirm": Enquiry.confirm,
    "decide": Enquiry.decide,
    "refuse": Enquiry.refuse,
    "ask_for_review": Enquiry.ask_for_review,
    "send_papers": Enquiry.send_papers,
    "withdraw": Enquiry.withdraw,
    "find_not_viable": Enquiry.find_not_viable,
    "approve": Enquiry.approve,
}
