"""Who is told what came of it, and confirms to know it: after final sign-off, after a dissent, of each renewal.

S0 2.6, 2.7, C-48. Pure but for the last function, which writes the mails: they hold no name and say nothing of the case.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Protocol, Self

from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from approvals.chain import ChainFacts, closed, entry_of
from approvals.rulebook import OWE_MORE, SHOWS_THAT_ONE_KNOWS, TOLD, Row
from approvals.states import State
from casework import holders, outbox
from casework.ledger import Closed, Entry
from casework.procedures import RulesInForce

WHAT: Final = {
    "feed_back": "what the Head of Service and the Service Director agreed after the dissent",
    "communicate": "what was decided",
    "renew": "that the interim approval was renewed",
}
"""By the step: what is to be known."""


class Taken(Protocol):
    """A step that was taken, as far as knowing hangs on it."""

    @property
    def name(self) -> str:
        """Which step."""

    @property
    def role(self) -> str:
        """In which role it was taken, where the step says so."""

    @property
    def at(self) -> datetime:
        """When."""


@dataclass(frozen=True, slots=True)
class Step:
    """A step as a page tells it: by whom and why, too."""

    name: str
    role: str
    at: datetime
    by: Any
    because: str

    @classmethod
    def of(cls, event: Any) -> Self:
        """What an event says of a step."""
        return cls(event.act, event.details.get("role", ""), event.at, event.by, event.because)


@dataclass(frozen=True, slots=True)
class Telling:
    """One who was told of a step, in a role, and what shows that he or she knows."""

    number: int
    """The place of the step among those of the chain."""
    of: Any
    role: Role
    known_by: Any
    """The confirmation, or what could not have been done without knowing; None while it is wanting."""

    @property
    def what(self) -> str:
        """What is to be known, inside a sentence."""
        return WHAT[self.of.name]


def tellings(acts: Sequence[Taken]) -> Iterator[Telling]:
    """Everybody who was told of something in a chain, in order."""
    for number, act in enumerate(acts):
        if act.name in TOLD:
            for role in TOLD[act.name][1]:
                yield Telling(number, act, role, _known_by(acts[number + 1 :], role))


def yet_to_know(acts: Sequence[Taken]) -> list[Role]:
    """The roles of those who were told of something and have not confirmed that they know it."""
    return list(dict.fromkeys(telling.role for telling in tellings(acts) if telling.known_by is None))


def telling_entries(facts: ChainFacts, about: str, rules: RulesInForce) -> Iterator[Entry]:
    """The duties to confirm. They are owed though the arrangement ends: who was responsible is to know."""
    withdrawn = next((act for act in facts.acts if act.to_state == State.WITHDRAWN), None)
    for telling in tellings(facts.acts):
        if (telling.of.name, telling.role) in OWE_MORE:
            continue
        code = TOLD[telling.of.name][0]
        row = Row(code, (), telling.role, f"confirm that you know {telling.what}")
        key = f"{code}:{facts.record}:{telling.number}:known:{telling.role.value}"
        entry = entry_of(row, key, about, telling.of.at, telling.of.at, rules)
        if telling.known_by:
            yield closed(entry, telling.known_by.at, Closed.MET, facts.record)
        elif withdrawn:
            yield closed(entry, withdrawn.at, Closed.NO_LONGER_DUE)
        else:
            yield entry


def _known_by(later: Iterable[Taken], role: Role) -> Taken | None:
    return next((act for act in later if _shows_that(role, act)), None)


def _shows_that(role: Role, act: Taken) -> bool:
    return (act.name == "know" and act.role == role) or SHOWS_THAT_ONE_KNOWS.get(act.name) == role


# The mails

SUBJECT: Final = "Hearth: something was decided that you are to know"
TEXT: Final = """\
Something was decided that you are to know. Please read it, and confirm that you have:
{address}

This message was sent by Hearth. It names nobody on purpose, so please do not add names if you forward it.
"""


def tell(discussion: Any, step: str, *, but: Any, at: datetime) -> list[list[str]]:
    """Write a mail to each who is told of a step, but for whoever takes it; gives back their roles and names."""
    wanted = {(discussion.case_file_id, role.value) for role in TOLD[step][1]}
    found = holders.find("child", wanted, at)
    told = {role: found[discussion.case_file_id, role.value].person_id for role in TOLD[step][1]}
    people = User.objects.in_bulk([person for person in told.values() if person])
    address = outbox.address_of(reverse("approvals:approval", args=[discussion.pk]))
    mails = [(person, SUBJECT, TEXT.format(address=address)) for pk, person in people.items() if pk != but.pk]
    outbox.write(mails, at=at)
    return [[role.label, people[pk].name if pk else "nobody holds this role"] for role, pk in told.items()]
