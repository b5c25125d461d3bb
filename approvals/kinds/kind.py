"""What a kind of senior decision is: who prepares it, who checks, who decides, upon what, and what follows from it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from accounts.roles import Role
from approvals.kinds.asking import Consulted
from casework.forms import in_a_sentence
from casework.sections.parts import Part
from placements.states import Setting

WORKERS: Final = (Role.SOCIAL_WORKER, Role.PERSONAL_ADVISER)
GOING_HOME: Final = (*WORKERS, Role.EXIT_WORKER)
"""Who prepares that a child goes home: the LAC Exit worker assesses, where one is allocated (S2 3)."""

Objections = Callable[[Any], list[str]]
OfRecord = Callable[[Any, Mapping[str, str], datetime], list[str]]
Grants = Callable[[Any, Any, datetime], datetime | None]
Tells = Callable[[Any, datetime], list[dict[str, str]]]
NeededBy = Callable[[Mapping[str, str]], datetime]
RestsOn = Callable[[Any], Any]
Knows = Callable[[Any], dict[str, Any]]
Seals = Callable[[Any, datetime], dict[str, str]]


def said_role(label: str) -> str:
    """A role inside a sentence: "team manager", but "Deputy Head of Service", which is a title."""
    is_title = label == Role.LEGAL.label or any(word[:1].isupper() for word in label.split()[1:])
    return label if is_title else in_a_sentence(label)


def listed(labels: Iterable[str], word: str = "or") -> str:
    """Roles one after another: "Social worker, personal adviser or team manager"."""
    first, *others = labels
    *middle, last = map(said_role, others or [""])
    return f"{', '.join((first, *middle))} {word} {last}" if last else first


def nothing_more(decision: Any) -> list[str]:
    """Nothing stands against it but what stands against any decision."""
    return []


def nothing_in_the_record(decision: Any, content: Mapping[str, str], at: datetime) -> list[str]:
    """Nothing that the record can say stands against it."""
    return []


def nothing_to_tell(decision: Any, at: datetime) -> list[dict[str, str]]:
    """There is nothing to know besides what stands in the record."""
    return []


def nothing_known(decision: Any) -> dict[str, Any]:
    """Hearth knows none of the answers."""
    return {}


def nothing_sealed(decision: Any, at: datetime) -> dict[str, str]:
    """Hearth writes nothing into the record itself."""
    return {}


def nothing_but_the_record(decision: Any, by: Any, at: datetime) -> None:
    """It writes no fact besides its own record, and holds without an end."""


def on_nothing_decided_before(decision: Any) -> None:
    """It stands on its own record alone."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of senior decision."""

    code: str
    title: str
    """What is decided: "Use of an unregistered setting"."""
    verb: str
    """The button of whoever decides: "Authorise"."""
    done: str
    """How it stands once decided: "Authorised"."""
    rule: str
    """The rule that asks for it."""
    prepares: tuple[Role, ...]
    """Who prepares it: one of these, for this child."""
    checks: Role | None
    """Who reads it before it goes up; None where nobody does."""
    decides: Role | Callable[[Any], Role]
    """Who decides; a function of the decision where that depends on the child or on what is proposed."""
    parts: tuple[Part, ...]
    """What its record says."""
    source: str
    """Who asks for it, in words."""
    consults: tuple[Consulted, ...] = ()
    """Who is consulted before it is decided."""
    objections: Objections = nothing_more
    """What stands against it, of the child and of the arrangement: sentences."""
    grants: Grants = nothing_but_the_record
    """`grants(decision, by, at)` writes what follows from a yes; the moment at which that holds no longer, None without."""
    objections_to_record: OfRecord = nothing_in_the_record
    """What stands against it in what is written: asked, with the moment, when it is put and again when it is decided."""
    tells: Tells = nothing_to_tell
    """What Hearth knows and whoever decides has to read: rows of a label and what it says."""
    knows: Knows = nothing_known
    """What Hearth knows of the answers, to begin with: by the name of the part."""
    seals: Seals = nothing_sealed
    """What Hearth writes into the record itself when it is put, by the name of the part (`Asks.KNOWN`)."""
    hears: str = ""
    """Who else is heard, in words, where the record asks for it in a way of its own."""
    deciders: tuple[Role, ...] = ()
    """Everybody who may come to decide, where that depends on what is written."""
    decides_when: str = ""
    """Which of them decides, where there are several: "at a distance the Director of Children’s Services"."""
    limits: tuple[str, ...] = ()
    """The rules by which it is limited or runs out, besides those that say how soon it is prepared and decided."""
    holds: str = ""
    """How long a yes holds, in words; {L-18} stands for the limit of that rule."""
    tells_apart: str = ""
    """The part whose answer tells one from another of its kind about the same child, where several can run at once."""
    in_time: str = "A-10"
    """The rule that says how soon it is checked and decided."""
    put_under: str = ""
    """The rule under which it is asked for before anybody begins; its duty covers the writing. None where that has a
    limit of its own from when it is begun."""
    needed_by: NeededBy | None = None
    """The moment before which it has to be decided, by what is written; None where there is none: its limit alone counts."""
    by_telephone: bool = True
    """Can it be so urgent that whoever decides says yes by telephone first?"""
    is_about_placement: bool = True
    """Is it about an arrangement in which the child lives? Otherwise about the child."""
    is_about_child: bool = False
    """Is it about the child alone, and begun from the child's page?"""
    proposes: tuple[Setting, ...] = ()
    """The kinds of home about which it can be decided before the child lives there."""
    makes_lawful: bool = False
    """Does the law itself ask for this decision, so that a yes changes what is lawful? Oversight never does (C-00)."""
    rests_on: RestsOn = on_nothing_decided_before
    """The decision taken before, on which it stands: whoever decides reads its record as well."""

    @property
    def rules(self) -> tuple[str, ...]:
        """The rules that hold for it, by code: the one that asks for it first."""
        by_telephone = ("A-11",) if self.by_telephone else ()
        before_the_move = ("A-13",) if self.proposes else ()
        codes = (self.rule, *self.limits, self.in_time, *by_telephone, *before_the_move)
        return tuple(dict.fromkeys(codes))

    @property
    def asks_in_hearth(self) -> tuple[Consulted, ...]:
        """Those consulted who can answer in Hearth."""
        return tuple(each for each in self.consults if each.role)

    @property
    def can_run_beside_itself(self) -> bool:
        """Can several of the kind be under way for one child: with several people, or about several homes?"""
        return bool(self.tells_apart or self.proposes)

    @property
    def is_begun_at_child(self) -> bool:
        """Is it begun from the child's page: about the child, or about a home where the child does not live yet?"""
        return bool(self.proposes) or self.is_about_child

    def deciders_of(self, decision: Any) -> tuple[Role, ...]:
        """The roles of which one decides on this one."""
        return self.deciders or (self.decider(decision),)

    def decider(self, decision: Any) -> Role:
        """The role that decides on this one."""
        return self.decides if isinstance(self.decides, Role) else self.decides(decision)
