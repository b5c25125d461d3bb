"""A child in care goes to live with a parent: regulations 15 to 20, L-15; confirmed after a stay under regulation 19, L-16.

The agency decision maker decides, upon the matters of Schedule 3, which take in everybody of 18 and over in the household.
A child who is accommodated is not placed with the parent: that is the end of being looked after (C-20).
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from accounts.roles import Role
from approvals.kinds.asking import IRO, has_not_come, pets
from approvals.kinds.authorising import authorised_until
from approvals.kinds.kind import GOING_HOME, Kind
from casework.events import label_of
from casework.limits import local_day
from casework.models import Duty
from casework.sections.parts import YES_OR_NO, Asks, Part
from casework.wording import said_day
from children.states import ACCOMMODATED, IN_CARE
from placements.arrangement import NEXT_DAY
from placements.states import AuthorisationKind, FactKind, Setting

ACCOMMODATED_CHILD: Final = (
    "The child is accommodated under section 20, and nobody can be placed with the parent. A child who goes home stops being "
    "looked after: put that forward instead."
)
CLOCKS: Final = {"L-16": "Assessment and review", "L-16b": "Decision"}
DONE_BY_NOW: Final = ("assessed_on", "reviewed_on", "planned_on", "iro_on")
NOT_COMPATIBLE: Final = (
    "The assessment does not conclude that living there is compatible with the child’s welfare: nobody can agree to it. "
    "Derby reunification procedure, section 7."
)


def objections_in_law(decision: Any) -> list[str]:
    """It is for a child under a care order, full or interim, and for the home of a parent."""
    status = decision.child.legal_status
    if status is None:
        return ["The child’s legal status is not on record: this is for children under a care order."]
    if status.code in ACCOMMODATED:
        return [ACCOMMODATED_CHILD]
    if status.code not in IN_CARE:
        return [
            f"This is for children under a care order, full or interim, not: {status.get_code_display()}. Ask Legal."
        ]
    if decision.arrangement and decision.arrangement.setting != Setting.PARENT:
        return ["This is for the home of a parent."]
    return []


def objections(decision: Any) -> list[str]:
    """The same; and what is decided is not decided again."""
    stands = objections_in_law(decision)
    if not stands and decision.placement and is_decided(decision.placement):
        return ["It is decided already that the child lives with this parent."]
    return stands


def is_decided(placement: Any) -> bool:
    """Has the decision maker agreed that the child lives with this parent?"""
    decided: bool = placement.authorisations.filter(kind=AuthorisationKind.WITH_PARENTS).exists()
    return decided


def objections_to_record(decision: Any, content: Mapping[str, str], at: datetime) -> list[str]:
    """The assessment concludes that it is right; a review considered it, the plan is made, the IRO was consulted: by now."""
    against = [NOT_COMPATIBLE] if content["compatible"] == "no" else []
    return [*against, *has_not_come(content, PARTS, DONE_BY_NOW, at)]


def tells(decision: Any, at: datetime) -> list[dict[str, str]]:
    """The two times of ten working days, where the child went there before the assessment (regulation 19)."""
    if decision.placement is None:
        return []
    clocks = Duty.objects.filter(about=label_of(decision.placement), kind__in=CLOCKS).order_by("opened_at", "kind")
    return [
        {"label": f"{CLOCKS[duty.kind]} (regulation 19)", "says": _said_of(duty)}
        for duty in clocks.only("kind", "due_at", "closed_at", "closed_as")
    ]


def _said_of(duty: Any) -> str:
    by = f"By {said_day(local_day(duty.due_at - duty.due_at.resolution))}"
    return f"{by}: {duty.get_closed_as_display().lower()} on {said_day(duty.closed_at)}" if duty.closed_at else by


def known(decision: Any) -> dict[str, Any]:
    """What Hearth knows of the answers: when the assessment was complete, and the latest review."""
    stay = _stay(decision.placement) if decision.placement else None
    review = decision.child.reviews.exclude(held_on=None).order_by("-held_on").first()
    return {"assessed_on": stay.assessed_on if stay else None, "reviewed_on": review.held_on if review else None}


def place(decision: Any, by: Any, at: datetime) -> None:
    """The decision holds from now; a stay under regulation 19 is over, and the day of its assessment is on record."""
    authorised_until("", decision, AuthorisationKind.WITH_PARENTS, by, at)
    stay = _stay(decision.placement)
    if stay:
        stay.assessed_on = stay.assessed_on or date.fromisoformat(decision.version.content["assessed_on"])
        stay.to_on = max(local_day(at), stay.from_on + NEXT_DAY)
        stay.save(update_fields=["assessed_on", "to_on"])


def _stay(placement: Any) -> Any:
    return placement.facts.filter(kind=FactKind.REG19, to_on=None).last()


PARTS: Final = (
    Part("why", "Why it is right for the child to live with this parent, and how it fits the care plan"),
    Part(
        "care",
        "How the parent can meet the child’s needs, and keep the child safe",
        "Care, protection from anybody who is a risk, stability, learning, guidance and boundaries.",
    ),
    Part(
        "health",
        "The parent’s health, now and before",
        "Physical, emotional and mental. Domestic violence and substance misuse too.",
    ),
    Part("family", "The family: how they get on, their history, and how the parent was brought up"),
    Part(
        "household",
        "Everybody of 18 and over in the household",
        "Each by name: how they and the child are connected, and what was found about the same matters.",
    ),
    Part(
        "offences",
        "Offences and cautions of the parent and of everybody in the household",
        "Which checks were made, and on which days.",
    ),
    Part("work", "Work and income"),
    Part("home", "The home, and the neighbourhood", "Is it safe, with room for the child? What is there to turn to?"),
    *pets("in the home"),
    Part("assessed_on", "When the assessment was complete", asks=Asks.DAY),
    Part(
        "compatible",
        "Does it conclude that living there is compatible with the child’s welfare?",
        asks=Asks.CHOICE,
        choices=YES_OR_NO,
    ),
    Part("reviewed_on", "When a review considered the placement", asks=Asks.DAY),
    *IRO.parts,
    Part("child_says", "What the child wishes and feels"),
    Part("others_say", "What the parents and others who matter to the child say"),
    Part("legal_advice", "Legal advice", legal_advice=True),
    Part("schooling", "School or nursery: where, and from which day"),
    Part(
        "support",
        "The support plan, as it was drawn up with the child and the parents",
        "What we and partner agencies do, and how often somebody visits.",
    ),
    Part("planned_on", "When the placement plan was agreed", asks=Asks.DAY),
    Part("contingency", "What happens if it does not go well"),
)

KIND: Final = Kind(
    code="with_parents",
    title="Placement with a parent",
    verb="Agree to the placement",
    done="Agreed",
    rule="L-15",
    holds="without an end, for a move within {A-13}",
    prepares=(*GOING_HOME, Role.TEAM_MANAGER),
    checks=Role.TEAM_MANAGER,
    decides=Role.DECISION_MAKER,
    consults=(IRO,),
    limits=("L-16", "L-16b"),
    objections=objections,
    objections_to_record=objections_to_record,
    tells=tells,
    knows=known,
    grants=place,
    by_telephone=False,
    makes_lawful=True,
    proposes=(Setting.PARENT,),
    source="Care Planning Regulations, regulations 15 to 20 and Schedule 3; Derby reunification procedure, section 7",
    parts=PARTS,
)
