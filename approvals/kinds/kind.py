"""What a kind of senior decision is: who prepares it, who checks, who decides, upon what, and what follows from it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from accounts.roles import Role
from approvals.parts import Part

WORKERS: Final = (Role.SOCIAL_WORKER, Role.PERSONAL_ADVISER)

Objections = Callable[[Any], list[str]]
Grants = Callable[[Any, Any, datetime], datetime | None]


def nothing_more(decision: Any) -> list[str]:
    """Nothing stands against it but what stands against any decision."""
    return []


def nothing_but_the_record(decision: Any, by: Any, at: datetime) -> None:
    """It writes no fact besides its own record, and holds without an end."""


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
    is_about_placement: bool = True
    """Is it about an arrangement in which the child lives? Otherwise about the child."""

    def decider(self, decision: Any) -> Role:
        """The role that decides on this one."""
        return self.decides if isinstance(self.decides, Role) else self.decides(decision)
