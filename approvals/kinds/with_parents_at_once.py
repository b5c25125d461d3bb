"""A child in care goes to a parent before the assessment, because it is necessary: regulation 19, L-16.

From the day of the move, assessment and review are complete within ten working days, and the decision follows within ten
more. Both run as duties of the placement. What is decided then is `with_parents`.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from accounts.roles import Role
from approvals.kinds.asking import IRO, has_not_come, pets
from approvals.kinds.kind import GOING_HOME, Kind
from approvals.kinds.with_parents import is_decided, objections_in_law, tells
from casework.limits import local_day
from casework.sections.parts import Asks, Part
from placements.models import PlacementFact
from placements.states import FactKind, Setting

DONE_BY_NOW: Final = ("interviewed_on", "iro_on")


def objections(decision: Any) -> list[str]:
    """It is for a child in care and a parent, as long as nothing is decided and no such stay is on record."""
    stands = objections_in_law(decision)
    placement = decision.placement
    if stands or placement is None:
        return stands
    if is_decided(placement):
        return ["It is decided already that the child lives with this parent."]
    if placement.facts.filter(kind=FactKind.REG19).exists():
        return ["A stay before the assessment is on record already: what comes next is the decision on the placement."]
    return []


def objections_to_record(decision: Any, content: Mapping[str, str], at: datetime) -> list[str]:
    """The parent was interviewed first."""
    return has_not_come(content, PARTS, DONE_BY_NOW, at)


def place(decision: Any, by: Any, at: datetime) -> None:
    """The stay under regulation 19 runs from the day of the move: so do its two times of ten working days."""
    started_on = local_day(decision.placement.started_at)
    PlacementFact.objects.create(placement=decision.placement, kind=FactKind.REG19, from_on=started_on)


PARTS: Final = (
    Part("why", "Why the child has to go to the parent before the assessment is complete"),
    Part("interviewed_on", "When the parent was interviewed", asks=Asks.DAY),
    Part(
        "found",
        "What is known by now of the parent and the home",
        "As much as can be known of what the full assessment asks: care, health, family, offences, the home.",
    ),
    Part("household", "Everybody of 18 and over in the household, and what is known of each"),
    *pets("in the home"),
    Part("risks", "Risks, and how the child is kept safe until the assessment is complete"),
    *IRO.parts,
    Part("child_says", "What the child wishes and feels"),
    Part("others_say", "What the parents and others who matter to the child say"),
    Part("legal_advice", "Legal advice", legal_advice=True),
    Part("assessment", "Who makes the assessment, and when the review is held"),
    Part("contingency", "Where the child goes if the placement has to end"),
)

KIND: Final = Kind(
    code="with_parents_at_once",
    title="Placement with a parent before the assessment",
    verb="Agree to it at once",
    done="Agreed, until the assessment",
    rule="L-16",
    holds="for the assessment {L-16}, then for the decision {L-16b}",
    prepares=(*GOING_HOME, Role.TEAM_MANAGER),
    checks=Role.TEAM_MANAGER,
    decides=Role.DECISION_MAKER,
    consults=(IRO,),
    limits=("L-16b",),
    objections=objections,
    objections_to_record=objections_to_record,
    tells=tells,
    grants=place,
    makes_lawful=True,
    proposes=(Setting.PARENT,),
    source="Care Planning Regulations, regulation 19",
    parts=PARTS,
)
