"""What a kind of senior decision is: who prepares it, who checks, who decides, upon what, and what follows from it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from accounts.roles import Role
from approvals.parts import Part
from placements.states import Setting

WORKERS: Final = (Role.SOCIAL_WORKER, Role.PERSONAL_ADVISER)

Objections = Callable[[Any], list[str]]
OfRecord = Callable[[Any, Mapping[str, str], datetime], list[str]]
Grants = Callable[[Any, Any, datetime], datetime | None]
Tells = Callable[[Any, datetime], list[dict[str, str]]]
NeededBy = Callable[[Mapping[str, str]], datetime]
RestsOn = Callable[[Any], Any]
Knows = Callable[[Any], dict[str, Any]]


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
    deciders: tuple[Role, ...] = ()
    """Everybody who may come to decide, where that depends on what is written."""
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
    def is_begun_at_child(self) -> bool:
        """Is it begun from the child's page: about the child, or about a home where the child does not live yet?"""
        return bool(self.proposes) or self.is_about_child

    def deciders_of(self, decision: Any) -> tuple[Role, ...]:
        """The roles of which one decides on this one."""
        return self.deciders or (self.decider(decision),)

    def decider(self, decision: Any) -> Role:
        """The role that decides on this one."""
        return self.decides if isinstance(self.decides, Role) else self.decides(decision)
