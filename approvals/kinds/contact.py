"""Contact of more than 24 hours with family or connected persons: the Deputy Head of Service approves it. P-05, C-44.

It is for contact where the plan is not a return home, and stands on a full viability assessment. Where the child comes to
live with a parent instead, the placement-with-parents rules apply: whoever decides is asked to think of them.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from django.urls import reverse

from accounts.roles import Role
from approvals.kinds import with_parents
from approvals.kinds.asking import IRO, has_not_come, pets
from approvals.kinds.kind import WORKERS, Kind
from casework.limits import end_of, local_day, start_of
from casework.sections.parts import Asks, Part
from casework.wording import counted, said_day
from children.states import IN_CARE

PARENT: Final = "parent"
GOING_HOME: Final = (
    "The child is to go back home: that is a plan for going home, and no contact. It is considered at a review first; "
    "for a child in care the rules on placement with parents apply (regulations 15 to 20)."
)
DONE_BY_NOW: Final = ("visited_on", "iro_on")


def objections(decision: Any) -> list[str]:
    """It is for a child who is looked after."""
    if any(period.ended_on is None for period in decision.child.care_periods.all()):
        return []
    return ["The child is not on record as looked after: there is nothing to decide."]


def objections_to_record(decision: Any, content: Mapping[str, str], at: datetime) -> list[str]:
    """It is contact and no return; its days are in order and not over; the home was seen."""
    if content["going_home"] == "yes":
        return [GOING_HOME]
    starts_on, ends_on = (date.fromisoformat(content[name]) for name in ("starts_on", "ends_on"))
    objections = has_not_come(content, PARTS, DONE_BY_NOW, at)
    if ends_on < starts_on:
        objections.append("The last day of the contact cannot be before the first.")
    elif ends_on == starts_on:
        objections.append("Contact of more than 24 hours ends on a later day than it begins.")
    elif ends_on < local_day(at):
        objections.append(f"The contact was over on {said_day(ends_on)}: it cannot be approved any more.")
    return objections


def tells(decision: Any, at: datetime) -> list[dict[str, str]]:
    """The legal status, whether there is time, and for a child in care the rules on placement with parents."""
    status = decision.child.legal_status
    rows = [{"label": "Legal status", "says": status.get_code_display() if status else "Not on record"}]
    version = decision.version
    if version and not decision.is_decided:
        rows.append({"label": "The contact", "says": _said_of_time(begins_at(version.content), at)})
    if status and status.code in IN_CARE and (version is None or version.content["relationship"] == PARENT):
        says = (
            "The child is in care. Where the child comes to live with a parent, if only for a time, this is not enough: the "
            "rules on placement with parents apply (regulations 15 to 20), and the agency decision maker decides."
        )
        url = reverse("approvals:begin_for_child", args=[with_parents.KIND.code, decision.child_id])
        rows.append({"label": "Placement with parents", "says": says, "url": url, "link": "Put that forward instead"})
    return rows


def _said_of_time(begins: datetime, at: datetime) -> str:
    days = (local_day(begins) - local_day(at)).days
    if days > 0:
        return f"Begins on {said_day(begins)}, in {counted(days, 'day')}. It is decided before that."
    return f"Was to begin on {said_day(begins)}, and nobody has approved it."


def begins_at(content: Mapping[str, str]) -> datetime:
    """The first moment of the contact, before which it is decided."""
    return start_of(date.fromisoformat(content["starts_on"]))


def approve(decision: Any, by: Any, at: datetime) -> datetime | None:
    """It is approved up to and including its last day."""
    return end_of(date.fromisoformat(decision.version.content["ends_on"]))


PARTS: Final = (
    Part(
        "going_home",
        "Is the plan that the child goes back home, step by step?",
        asks=Asks.CHOICE,
        choices=(("no", "No"), ("yes", "Yes")),
    ),
    Part("with_whom", "With whom is the contact?", asks=Asks.LINE),
    Part(
        "relationship",
        "Who is that to the child?",
        asks=Asks.CHOICE,
        choices=((PARENT, "A parent"), ("family", "Another relative"), ("connected", "Another connected person")),
    ),
    Part(
        "not_a_placement",
        "Why this is contact, and not a placement with the parent",
        "Think of how long it lasts, how often it comes back, and what is meant to follow. For a child in care who lives "
        "with a parent, regulations 15 to 20 apply.",
        only_if=("relationship", PARENT),
    ),
    Part("starts_on", "First day of the contact", asks=Asks.DAY),
    Part("ends_on", "Last day", "Where it comes back, the last day of the last time.", asks=Asks.DAY),
    Part("how_often", "If it comes back: how often, and for how long each time", required=False),
    Part("purpose", "What it is for"),
    Part("visited_on", "When the home was visited", asks=Asks.DAY),
    Part("home", "The home, where the child sleeps, and what is safe there and what is not"),
    Part("household", "Everybody who lives there or comes often, and how each of 18 and over was checked"),
    *pets("there"),
    Part("bond", "The relationship with the child, and how they have cared for children"),
    Part("health", "Their health, with alcohol, drugs and domestic abuse; convictions and cautions"),
    Part("risks", "Risks to the child, and what is done about them"),
    Part("child_says", "What the child wishes and feels"),
    Part("family_says", "What the parents and the child’s carers say"),
    *IRO.parts,
    Part("support", "Support while it lasts, who looks in, and whom the child can call"),
    Part("legal_advice", "Legal advice", legal_advice=True, required=False),
    Part("contingency", "What happens if it does not go well"),
)

KIND: Final = Kind(
    code="contact",
    title="Contact of more than 24 hours",
    verb="Approve the contact",
    done="Approved",
    rule="P-05",
    holds="until the last day of the contact",
    in_time="P-05",
    prepares=(*WORKERS, Role.TEAM_MANAGER),
    checks=Role.TEAM_MANAGER,
    decides=Role.DHOS,
    consults=(IRO,),
    tells_apart="with_whom",
    objections=objections,
    objections_to_record=objections_to_record,
    tells=tells,
    needed_by=begins_at,
    grants=approve,
    by_telephone=False,
    is_about_placement=False,
    is_about_child=True,
    source="Contact procedure, section 1, amendments of August 2017; Decision C-44",
    parts=PARTS,
)
