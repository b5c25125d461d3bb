"""Which decisions senior managers take about a child, as a table: who prepares, who checks, who decides, upon what.

Read KINDS from top to bottom. A new kind is a row here, what it writes in `approvals.granting`, its rule, and its words.
The sign-off of an unregulated arrangement with a connected person is the one decision with a meeting and two signatures
at the top: it has a model of its own (`approvals.models.discussion`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from accounts.roles import Role
from approvals.kind_rules import nothing_more, setting_is_unregistered
from approvals.parts import YES_OR_NO, Asks, Part

WORKERS: Final = (Role.SOCIAL_WORKER, Role.PERSONAL_ADVISER)


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
    objections: Callable[[Any], list[str]] = nothing_more
    """What stands against it, of the child and of the arrangement."""
    about_placement: bool = True
    """Is it about an arrangement in which the child lives? Otherwise about the child."""
    source: str = ""

    def decider(self, decision: Any) -> Role:
        """The role that decides on this one."""
        return self.decides if isinstance(self.decides, Role) else self.decides(decision)


UNREGISTERED_SETTING: Final = Kind(
    code="unregistered_setting",
    title="Use of an unregistered setting",
    verb="Authorise",
    done="Authorised",
    rule="K-10",
    prepares=(*WORKERS, Role.TEAM_MANAGER),
    checks=Role.TEAM_MANAGER,
    decides=Role.SERVICE_DIRECTOR,
    objections=setting_is_unregistered,
    source="Kent placement procedure, lines 87 to 91 and 175; Decision C-47",
    parts=(
        Part("why", "Why the child has to live in a setting that is not registered"),
        Part("sought", "Which registered homes were asked, when, and what they answered"),
        Part(
            "applied",
            "Has the provider applied to be registered?",
            asks=Asks.CHOICE,
            choices=YES_OR_NO,
        ),
        Part("applied_on", "When did the provider apply?", asks=Asks.DAY, only_if=("applied", "yes")),
        Part("risks", "Risks to the child there, and what is done about them"),
        Part("checks", "Which checks were made of the setting and of its staff"),
        Part("views", "What the child, the parents and the IRO say"),
        Part("legal_advice", "Legal advice", legal_advice=True),
        Part("plan", "How the child will move to a registered home, and by when"),
        Part("until", "Authorise it up to and including", asks=Asks.DAY),
    ),
)

KINDS: Final = {kind.code: kind for kind in (UNREGISTERED_SETTING,)}
"""By code."""
