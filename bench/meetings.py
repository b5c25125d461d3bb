"""Takes a meeting about a child as far as its plan says: arranged, held, minuted, sent round, with what was agreed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from accounts.roles import Role
from casework.meetings.models import Action, Meeting
from casework.meetings.states import Came
from casework.steps import carry_out

ARRANGED_BEFORE: Final = timedelta(days=6)
LASTS: Final = timedelta(hours=1)
MINUTED_AFTER: Final = timedelta(hours=5)
SENT_AFTER: Final = timedelta(hours=6)
BECAUSE: Final = "The grandmother is in hospital. We will find another day once she is home."
ASKED: Final = "I rang twice. It is said to lie on somebody’s desk."
DONE: Final = "Done; the answer is on the file."


@dataclass(frozen=True, slots=True)
class ActionPlan:
    """One thing that was agreed: what, by whom, by when, and what became of it."""

    says: str
    owner: Role | str
    """A role, or as what somebody from outside came."""
    due_on: date
    then: tuple[tuple[str, datetime], ...] = ()
    """Steps taken since: it was asked for, taken higher, or done."""


@dataclass(slots=True)
class Met:
    """One meeting under way."""

    child: Any
    kind: str
    starts_at: datetime
    people: Mapping[Role, Any]
    """The chair first."""
    outsiders: tuple[tuple[str, str], ...]
    said: Mapping[str, str]
    meeting: Any = None

    def deeds(self, actions: tuple[ActionPlan, ...], called_off_at: datetime | None) -> Iterator[tuple[datetime, Any]]:
        """What happened, each with its time."""
        yield self.starts_at - ARRANGED_BEFORE, self.arrange
        if called_off_at:
            yield called_off_at, self.call_off
        if not self.said:
            return
        yield self.starts_at + LASTS, self.hold
        for action in actions:
            agreed: list[Any] = []
            yield self.starts_at + LASTS, lambda at, action=action, agreed=agreed: agreed.append(self.agree(action, at))
            for name, moment in action.then:
                yield moment, lambda at, name=name, agreed=agreed: self.follow_up(agreed[0], name, at)
        yield self.starts_at + MINUTED_AFTER, self.minute
        yield self.starts_at + SENT_AFTER, self.circulate

    def arrange(self, at: datetime) -> None:
        """The chair invites everybody, from inside by role and from outside by name."""
        (chair_role, chair), *people = self.people.items()
        told = {
            "starts_at": self.starts_at,
            "ends_at": self.starts_at + LASTS,
            "chair": chair,
            "chair_role": chair_role,
        }
        told |= {
            "place": "Larkfield Centre, Room 4, or by video",
            "minute_taker": None,
            "agenda": ["The summer holidays"],
        }
        new = Meeting(kind=self.kind, case_file_id=self.child.case_file_id)
        told |= {"people": people, "outsiders": list(self.outsiders)}
        self.meeting = carry_out(new.arrange, by=chair, at=at, **told)

    def call_off(self, at: datetime) -> None:
        """It will not be held."""
        self._step("call_off", at, because=BECAUSE)

    def hold(self, at: datetime) -> None:
        """Everybody came but the last from outside."""
        invited = list(self.meeting.invited)
        came = {each.pk: Came.YES for each in invited}
        came[invited[-1].pk] = Came.APOLOGIES
        self._step("hold", at, ended_at=at, came=came)

    def agree(self, plan: ActionPlan, at: datetime) -> Any:
        """One thing is agreed."""
        by = {"role": plan.owner} if isinstance(plan.owner, Role) else {"capacity": plan.owner}
        told = {"says": plan.says, "owner": self.meeting.invited.get(**by), "due_on": plan.due_on}
        return carry_out(Action(meeting=self.meeting).agree, by=self._chair, at=at, **told)

    def follow_up(self, action: Any, name: str, at: datetime) -> None:
        """What became of it."""
        told = {"outcome": DONE} if name == "finish" else {"because": ASKED}
        carry_out(getattr(Action.objects.get(pk=action.pk), name), by=self._chair, at=at, **told)

    def minute(self, at: datetime) -> None:
        """The minutes are typed."""
        self._step("minute", at, content=dict(self.said))

    def circulate(self, at: datetime) -> None:
        """Everybody who was invited gets them."""
        self._step("circulate", at, digest=self.meeting.version.digest, invitations=list(self.meeting.invited))

    @property
    def _chair(self) -> Any:
        return next(iter(self.people.values()))

    def _step(self, name: str, at: datetime, **told: Any) -> None:
        self.meeting = carry_out(getattr(self.meeting, name), by=self._chair, at=at, **told)
