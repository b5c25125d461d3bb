"""A child goes to a home outside the authority's area: regulations 11 and 13, L-12, L-13.

A nominated officer approves it. At a distance, which is neither in the area nor in one next to it, the Director of Children's
Services does, once the authority of that area was consulted. In an emergency the approval comes with what is known, and
holds for the working days in which everybody is asked and told; by then it is put forward in full.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any, Final

from accounts.roles import Role
from approvals.kinds.asking import IRO, RELATIVES, Consulted, has_not_come
from approvals.kinds.authorising import authorised_until
from approvals.kinds.kind import WORKERS, Kind
from casework.limits import local_day
from casework.rules_in_force import rules_in_force
from casework.sections.parts import YES_OR_NO, Asks, Part
from casework.wording import said_day
from placements.models import PlacementFact
from placements.outside_area import EXEMPT, last_emergency_day
from placements.states import AuthorisationKind, FactKind, Setting

NEXT_TO_IT, AT_A_DISTANCE = "next_to_it", "at_a_distance"
FACT_OF: Final = {NEXT_TO_IT: FactKind.OUTSIDE_AREA, AT_A_DISTANCE: FactKind.AT_A_DISTANCE}
IN_FULL: Final = ("at_once", "no")
"""What is asked only where it can wait until everybody is asked."""
BUT_IN_AN_EMERGENCY: Final = "before it is decided; in an emergency within five working days of the move"
FAMILY: Final = replace(RELATIVES, only_if=IN_FULL, when=BUT_IN_AN_EMERGENCY)
REVIEWER: Final = replace(IRO, only_if=IN_FULL, when=BUT_IN_AN_EMERGENCY)
HOST: Final = Consulted(
    "host",
    "the authority of the area",
    "Who was consulted at the authority of the area",
    hint="At a distance this comes first, with the care plan.",
    required=False,
    only_if=IN_FULL,
    when="at a distance: before it is decided, and sent the care plan",
)
DONE_BY_NOW: Final = ("relatives_on", "iro_on", "host_on", "host_told_on")
NO_APPROVAL: Final = (
    "Regulation 11 asks for no approval where a child lives with a connected person, a parent, people who plan to adopt, or "
    "the authority’s own foster carers. Tell the authority of the area all the same."
)
PROPOSED: Final = (
    Setting.IFA_FOSTER,
    Setting.CHILDRENS_HOME,
    Setting.SECURE_HOME,
    Setting.SUPPORTED_ACCOMMODATION,
    Setting.RESIDENTIAL_SCHOOL,
    Setting.FAMILY_CENTRE,
    Setting.CARE_HOME,
    Setting.INDEPENDENT_LIVING,
    Setting.OTHER,
)


def objections(decision: Any) -> list[str]:
    """The law asks for no approval with a connected person or the authority's own foster carers, nor twice for one home."""
    if decision.arrangement and decision.arrangement.setting in EXEMPT:
        return [NO_APPROVAL]
    if decision.placement and _in_full(decision.placement).exists():
        return ["This home outside the area is approved already."]
    return []


def objections_to_record(decision: Any, content: Mapping[str, str], at: datetime) -> list[str]:
    """But in an emergency the authority of the area is told first, and at a distance it is consulted first."""
    if content["at_once"] == "yes":
        return [*_too_late_for_an_emergency(decision, at), *has_not_come(content, PARTS, DONE_BY_NOW, at)]
    at_a_distance = content["distance"] == AT_A_DISTANCE
    wanted = HOST.parts if at_a_distance else ()
    missing = [f"“{part.label}” is not answered." for part in wanted if not content.get(part.name)]
    return missing or has_not_come(content, PARTS, DONE_BY_NOW, at)


def who_decides(decision: Any) -> Role:
    """At a distance the Director of Children's Services; the nominated officer otherwise."""
    version = decision.version if decision.pk else None
    answered = version.content.get("distance") if version else None
    return Role.DCS if (answered or _known_distance(decision)) == AT_A_DISTANCE else Role.DECISION_MAKER


def known(decision: Any) -> dict[str, Any]:
    """Where the home lies, and when its authority was told, where that is on record."""
    if decision.placement is None:
        return {}
    told = decision.placement.facts.filter(kind=FactKind.HOST_TOLD).first()
    return {"distance": _known_distance(decision), "host_told_on": told.from_on if told else None}


def approve(decision: Any, by: Any, at: datetime) -> datetime | None:
    """The home is on record as outside the area, and approved; in an emergency until everybody is to have been asked."""
    placement, content = decision.placement, decision.version.content
    started_on = local_day(placement.started_at)
    if placement.outside_area is None:
        PlacementFact.objects.create(placement=placement, kind=FACT_OF[content["distance"]], from_on=started_on)
    told_on = content.get("host_told_on")
    if told_on and not placement.facts.filter(kind=FactKind.HOST_TOLD).exists():
        day = date.fromisoformat(told_on)
        PlacementFact.objects.create(placement=placement, kind=FactKind.HOST_TOLD, from_on=day)
    last = last_emergency_day(started_on, rules_in_force()).isoformat() if content["at_once"] == "yes" else ""
    return authorised_until(last, decision, AuthorisationKind.OUT_OF_AREA, by, at)


def _in_full(placement: Any) -> Any:
    return placement.authorisations.filter(kind=AuthorisationKind.OUT_OF_AREA, ends_at=None)


def _too_late_for_an_emergency(decision: Any, at: datetime) -> list[str]:
    if decision.placement is None:
        return []
    last = last_emergency_day(local_day(decision.placement.started_at), rules_in_force())
    if local_day(at) <= last:
        return []
    return [f"The time of an emergency was over on {said_day(last)}: put it forward in full."]


def _known_distance(decision: Any) -> str:
    fact = decision.placement.outside_area if decision.placement else None
    return next((answer for answer, kind in FACT_OF.items() if fact and kind == fact.kind), "")


PARTS: Final = (
    Part(
        "distance",
        "Where is the home?",
        asks=Asks.CHOICE,
        choices=(
            (NEXT_TO_IT, "In the area of an authority next to ours"),
            (AT_A_DISTANCE, "Farther away: at a distance"),
        ),
    ),
    Part("host", "Which authority’s area is it?", asks=Asks.LINE),
    Part("why", "Why this home, and why none in our own area meets the child’s needs"),
    Part(
        "needs", "How the child’s needs are met there", "School, health, and keeping in touch with family and friends."
    ),
    Part("child_says", "What the child wishes and feels"),
    Part(
        "at_once",
        "Is it an emergency that cannot wait until everybody is asked?",
        "Then the approval holds for five working days from the move, and everybody is asked and told by then.",
        asks=Asks.CHOICE,
        choices=YES_OR_NO,
    ),
    *FAMILY.parts,
    *REVIEWER.parts,
    Part(
        "host_told_on",
        "When the authority of the area was told",
        "With the assessment of the child’s needs, the reasons for this home, and the care plan.",
        asks=Asks.DAY,
        only_if=IN_FULL,
    ),
    *HOST.parts,
    Part("emergency", "Why it cannot wait, and what is known by now", only_if=("at_once", "yes")),
    Part("legal_advice", "Legal advice", required=False, legal_advice=True),
    Part("support", "Visits and support while the child lives there"),
)

KIND: Final = Kind(
    code="out_of_area",
    title="Home outside the authority’s area",
    verb="Approve",
    done="Approved",
    rule="L-13",
    holds="without an end; in an emergency for {L-13} from the move",
    prepares=(*WORKERS, Role.TEAM_MANAGER),
    checks=Role.TEAM_MANAGER,
    decides=who_decides,
    deciders=(Role.DECISION_MAKER, Role.DCS),
    decides_when="The Director of Children’s Services at a distance; the nominated officer otherwise",
    consults=(FAMILY, REVIEWER, HOST),
    limits=("L-12",),
    objections=objections,
    objections_to_record=objections_to_record,
    knows=known,
    grants=approve,
    proposes=PROPOSED,
    source="Care Planning Regulations, regulations 11 and 13",
    parts=PARTS,
)
