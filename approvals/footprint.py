"""The footprint on file of one arrangement that is signed off here: what must be there, what is, and who owes what is not.

S0 2.2-2.7, 3.1. Pure: facts in, one row for each artefact out, in the order of the table. Whoever tracks arrangements asks
`missing`. A further artefact is a row of ARTEFACTS.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from accounts.roles import Role
from approvals.kinds.kind import said_role
from approvals.rulebook import FOUR

TOLD: Final = (Role.DHOS, Role.TEAM_MANAGER, Role.SOCIAL_WORKER)


@dataclass(frozen=True, slots=True)
class Done:
    """Something that was done, by whom and when."""

    at: datetime
    by: Any
    says: str = ""


@dataclass(frozen=True, slots=True)
class FootprintFacts:
    """What is on file about one arrangement. Before a case discussion is held, nothing of it is."""

    held: Done | None = None
    """The case discussion: when it ended, and who convened it."""
    noted: Done | None = None
    agreed: Mapping[Role, Done] = field(default_factory=dict)
    approved: Done | None = None
    """By the Head of Service; `says` as what."""
    signed_off: Done | None = None
    communicated: Done | None = None
    known: Mapping[Role, Done] = field(default_factory=dict)
    """Who has confirmed to know what was decided."""
    filed: Done | None = None
    """`says` under which reference."""
    papers: Sequence[str] = ()
    """The papers of regulation 24 about the carer: "Temporary approval, 3 March 2026"."""
    why_no_papers: str = ""
    """Where it is written why there is no temporary approval; empty where it is not."""


@dataclass(frozen=True, slots=True)
class OnFile:
    """One artefact: where it is, or who owes it."""

    code: str
    label: str
    cites: str
    is_there: bool
    says: tuple[str, ...] = ()
    done: tuple[Done, ...] = ()
    owed_by: tuple[Role, ...] = ()
    """Who owes what is missing of it."""


Found = Callable[[FootprintFacts], tuple[tuple[Done, ...], tuple[Role, ...]]]
"""What is there of an artefact, and who owes what is not."""


@dataclass(frozen=True, slots=True)
class Artefact:
    """One thing that has to be on file."""

    code: str
    label: str
    cites: str
    found: Found


def _one(name: str, role: Role) -> Found:
    """An artefact that one person makes, or owes."""

    def found(facts: FootprintFacts) -> tuple[tuple[Done, ...], tuple[Role, ...]]:
        done = getattr(facts, name)
        return ((done,), ()) if done else ((), (role,))

    return found


def _each(name: str, roles: tuple[Role, ...]) -> Found:
    """An artefact of which each of several people makes a part."""

    def found(facts: FootprintFacts) -> tuple[tuple[Done, ...], tuple[Role, ...]]:
        parts = getattr(facts, name)
        return tuple(parts[role] for role in roles if role in parts), tuple(role for role in roles if role not in parts)

    return found


def _communicated(facts: FootprintFacts) -> tuple[tuple[Done, ...], tuple[Role, ...]]:
    """Told by the Head of Service first; then each of the three says that he or she knows."""
    if facts.communicated is None:
        return (), (Role.HOS,)
    confirmed, owing = _each("known", TOLD)(facts)
    return (facts.communicated, *confirmed), owing


ARTEFACTS: Final = (
    Artefact("discussion", "Case discussion held", "S0 2.3", _one("held", Role.DHOS)),
    Artefact("note", "Case note of the meeting", "S0 2.4", _one("noted", Role.DHOS)),
    Artefact("agreed", "Record agreed by the four", "S0 2.4", _each("agreed", FOUR)),
    Artefact("approved", "Approval by the Head of Service", "S0 2.5a", _one("approved", Role.HOS)),
    Artefact("signed_off", "Final sign-off", "S0 2.5b", _one("signed_off", Role.SERVICE_DIRECTOR)),
    Artefact("communicated", "Everybody told, and confirmed to know", "S0 2.6", _communicated),
    Artefact("filed", "Signed record filed", "S0 2.6", _one("filed", Role.SOCIAL_WORKER)),
)
REGULATION_24: Final = ("regulation_24", "Papers of regulation 24, or why there are none", "S0 1.2, 2.2")


def footprint(facts: FootprintFacts) -> tuple[OnFile, ...]:
    """Every artefact, there or missing."""
    return (_papers(facts), *(_of(artefact, facts) for artefact in ARTEFACTS))


def missing(found: Sequence[OnFile]) -> tuple[OnFile, ...]:
    """Those that are not all there."""
    return tuple(artefact for artefact in found if not artefact.is_there)


def _of(artefact: Artefact, facts: FootprintFacts) -> OnFile:
    done, owing = artefact.found(facts)
    says = tuple(f"Not yet: {said_role(role.label)}" for role in owing) if done else ()
    return OnFile(artefact.code, artefact.label, artefact.cites, not owing, says, done, owing)


def _papers(facts: FootprintFacts) -> OnFile:
    """The pathway of a connected person is recorded in every case, or why it was not gone (S0 2.2)."""
    says = tuple(filter(None, (*facts.papers, facts.why_no_papers)))
    return OnFile(*REGULATION_24, bool(says), says, owed_by=() if says else (Role.SOCIAL_WORKER,))
