"""The Director authorises the use of a setting that should be registered and is not. K-10, C-47; never more lawful (C-00)."""

from datetime import datetime
from typing import Any, Final

from accounts.roles import Role
from approvals.kinds.authorising import authorised_until
from approvals.kinds.kind import WORKERS, Kind
from approvals.parts import YES_OR_NO, Asks, Part
from placements.states import AuthorisationKind, Regulation
from placements.where import standing_of

UNREGISTERED: Final = (Regulation.UNREGISTERED_SETTING, Regulation.UNREGISTERED_APPLIED)


def objections(decision: Any) -> list[str]:
    """It is for a setting that should be registered and is not; nobody can authorise what is forbidden."""
    standing = standing_of(decision.placement)
    if standing is None or standing.regulation in UNREGISTERED:
        return []
    if standing.regulation == Regulation.NOT_PERMITTED:
        return ["This arrangement is not permitted: nobody can authorise it, and the child has to move."]
    return [
        f"This is for settings that should be registered and are not. This one is: {standing.get_regulation_display()}."
    ]


def authorise(decision: Any, by: Any, at: datetime) -> datetime | None:
    """The setting is authorised up to and including the day that the record names."""
    return authorised_until(decision.version.content["until"], decision, AuthorisationKind.UNREGISTERED_SETTING, by, at)


KIND: Final = Kind(
    code="unregistered_setting",
    title="Use of an unregistered setting",
    verb="Authorise",
    done="Authorised",
    rule="K-10",
    prepares=(*WORKERS, Role.TEAM_MANAGER),
    checks=Role.TEAM_MANAGER,
    decides=Role.SERVICE_DIRECTOR,
    objections=objections,
    grants=authorise,
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
