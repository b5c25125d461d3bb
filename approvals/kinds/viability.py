"""The viability assessment of a connected person: the matters of Schedule 4, the home, pets and the household. L-18, S1.

It is the ground on which a temporary approval stands. A manager who did not write it confirms it, also where it finds
that it is not viable.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from accounts.roles import Role
from approvals.connected.household import PART as HOUSEHOLD, said_household
from approvals.connected.rules import objections_of_household, objections_to_looking_into
from approvals.kinds.kind import WORKERS, Kind
from casework.limits import local_day
from casework.sections.parts import YES_OR_NO, Asks, Part


def objections(decision: Any) -> list[str]:
    """It is about somebody who is being looked into."""
    return objections_to_looking_into(decision.connected_person)


def objections_to_record(decision: Any, content: Mapping[str, str], at: datetime) -> list[str]:
    """The home was seen; and who is found viable has a household of which everybody of 18 or older is checked."""
    day = local_day(at)
    against = [] if date.fromisoformat(content["visited_on"]) <= day else ["The home is seen before this is written."]
    if content.get("viable") == "yes":
        against += objections_of_household(decision.connected_person.household.all(), day)
    return against


def seals(decision: Any, at: datetime) -> dict[str, str]:
    """Who lives there, with the checks as they are on record."""
    return {HOUSEHOLD.name: said_household(decision.connected_person.household.all(), local_day(at))}


KIND: Final = Kind(
    code="viability",
    title="Viability assessment of a connected person",
    verb="Confirm the assessment",
    done="Confirmed",
    rule="L-18",
    prepares=WORKERS,
    checks=None,
    decides=Role.TEAM_MANAGER,
    hears="The child, the parents and the carer: what they say stands in the record",
    objections=objections,
    objections_to_record=objections_to_record,
    seals=seals,
    source="Care Planning Regulations, reg 24 and Schedule 4; amendments to the procedures, August 2017 (pets)",
    by_telephone=False,
    is_about_placement=False,
    parts=(
        Part("visited_on", "When was the home visited?", asks=Asks.DAY),
        Part("present", "Who visited, and who was there"),
        Part("bond", "The relationship with the child", "How long it has lasted, how close it is, and how good."),
        Part(
            "care",
            "Their capacity to care for this child",
            "Everyday care, health, safety, warmth, learning, and a stable home. Protection from whoever is a risk.",
        ),
        Part(
            "health",
            "Their health",
            "Body and mind, now and before. Domestic abuse, alcohol and drugs belong here too.",
        ),
        Part(
            "family",
            "The household and the family",
            "How they get on with each other and with the child’s parents, and who else comes often.",
        ),
        HOUSEHOLD,
        Part("history", "Their own childhood and life", "Upbringing, schooling, the main events, other relatives."),
        Part("offences", "Convictions and cautions", "Theirs, and those of everybody in the household."),
        Part("income", "Work and income"),
        Part("neighbourhood", "The neighbourhood", "What there is for the child and for them."),
        Part("home", "The home", "Space, where the child would sleep, what is safe and what is not."),
        Part("pets", "Are there pets?", asks=Asks.CHOICE, choices=YES_OR_NO),
        Part(
            "pets_risk",
            "The pets and the place where they are kept",
            "Which animals, what the risks are, and on what conditions. A vet’s view where the breed is in doubt.",
            only_if=("pets", "yes"),
        ),
        Part("views", "What the child, the parents and the carer say"),
        Part("risks", "Risks, and what is done about them"),
        Part(
            "viable",
            "Is it viable?",
            asks=Asks.CHOICE,
            choices=(("yes", "Yes: go on to a full assessment"), ("no", "No")),
        ),
        Part("conclusion", "Why"),
    ),
)
