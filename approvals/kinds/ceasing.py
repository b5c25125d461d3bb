"""A child stops being looked after: who agrees first, and upon what. Regulation 39, L-26; also the return home under C-20."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from accounts.roles import Role
from approvals.kinds.asking import IRO, RELATIVES, has_not_come
from approvals.kinds.kind import GOING_HOME, Kind
from casework.events import label_of
from casework.limits import local_day
from casework.rules_in_force import rules_in_force
from casework.sections.parts import Asks, Part
from casework.wording import said_day
from children.ages import birthday
from children.ceasing import BY_DECISION, agreement_for, asked_from, is_for_director, status_on
from children.models import AgreedCeasing
from children.states import IN_CARE

DONE_BY_NOW: Final = ("relatives_on", "iro_on")


def objections(decision: Any) -> list[str]:
    """It is for a child who is looked after, or whose care ended without anybody's agreement."""
    period = _period(decision)
    if period is None:
        return ["The child is not on record as looked after: there is nothing to decide."]
    if period.ended_on and (period.end_recorded_at is None or agreement_for(period, _agreed(decision))):
        return [f"Care ended on {said_day(period.ended_on)}: there is nothing left to decide."]
    return []


def objections_to_record(decision: Any, content: Mapping[str, str], at: datetime) -> list[str]:
    """It ends on a day of this period of care, before the 18th birthday, and is not agreed already."""
    period, ceases_on = _period(decision), date.fromisoformat(content["ceases_on"])
    adult_on = birthday(decision.child.date_of_birth, 18)
    if period is None or ceases_on < period.started_on:
        return ["Care cannot end before it began."]
    if ceases_on >= adult_on:
        return [f"Nobody has to agree to an end at 18: care ends by itself on {said_day(adult_on)}."]
    agreed = agreement_for(period, reversed(_agreed(decision)))
    if agreed and period.ended_on is None and local_day(at) <= agreed.ceases_on:
        return [f"It is agreed already that care ends on {said_day(agreed.ceases_on)}."]
    return has_not_come(content, PARTS, DONE_BY_NOW, at)


def who_decides(decision: Any) -> Role:
    """The Director of Children's Services at 16 or 17 and not in care, on the last day or now; else a nominated officer."""
    version = decision.version if decision.pk else None
    days = {local_day(decision.stands_since)} if decision.stands_since else set()
    if version:
        days.add(date.fromisoformat(version.content["ceases_on"]))
    child = decision.child
    is_director = any(is_for_director(child.date_of_birth, day, status_on(child, day)) for day in days)
    return Role.DCS if is_director else Role.DECISION_MAKER


def tells(decision: Any, at: datetime) -> list[dict[str, str]]:
    """Since when the child is looked after, on which legal basis, and from when regulation 39 asks for agreement."""
    period, status = _period(decision), decision.child.legal_status
    if period is None:
        return []
    reached_on = asked_from(period.started_on, rules_in_force())
    ended = f", until {said_day(period.ended_on)}" if period.ended_on else ""
    order = (
        [{"label": "Care order", "says": "The child is looked after as long as it stands: a court ends it first."}]
        if status and status.code in IN_CARE and not period.ended_on
        else []
    )
    return [
        {"label": "Looked after since", "says": f"{said_day(period.started_on)}{ended}"},
        {"label": "Legal status", "says": status.get_code_display() if status else "Not on record"},
        *order,
        {"label": "20 working days", "says": f"Reached on {said_day(reached_on)}"},
    ]


def known(decision: Any) -> dict[str, Any]:
    """The day and the way, where care has ended already."""
    period = _period(decision)
    return {"ceases_on": period.ended_on, "how": period.how_ended} if period and period.ended_on else {}


def agree(decision: Any, by: Any, at: datetime) -> None:
    """It is on record that senior managers agreed: to which day, and to which way."""
    content = decision.version.content
    AgreedCeasing.objects.create(
        child=decision.child,
        ceases_on=date.fromisoformat(content["ceases_on"]),
        how=content["how"],
        agreed_at=at,
        by=by,
        role=decision.decider,
        record=label_of(decision),
    )


def _period(decision: Any) -> Any:
    return max(decision.child.care_periods.all(), key=lambda period: period.started_on, default=None)


def _agreed(decision: Any) -> list[AgreedCeasing]:
    return list(decision.child.agreed_ceasings.all())


PARTS: Final = (
    Part("ceases_on", "Last day of care", asks=Asks.DAY),
    Part(
        "how",
        "How care ends",
        asks=Asks.CHOICE,
        choices=tuple((code.value, str(code.label)) for code in BY_DECISION),
    ),
    Part("where", "Where the child will live, and with whom"),
    Part("why", "Why care should end"),
    Part("assessed", "How it was assessed that those arrangements keep the child safe and well"),
    Part("support", "Support for the child and the family afterwards", "At 16 and 17, how it fits the pathway plan."),
    Part("child_says", "What the child wishes and feels"),
    *RELATIVES.parts,
    *IRO.parts,
    Part("legal_advice", "Legal advice", legal_advice=True),
    Part("contingency", "What happens if it does not go well"),
)

KIND: Final = Kind(
    code="ceasing",
    title="End of being looked after",
    verb="Agree to the end of care",
    done="Agreed",
    rule="L-26",
    holds="for the last day and the way that it names",
    prepares=(*GOING_HOME, Role.TEAM_MANAGER),
    checks=Role.TEAM_MANAGER,
    decides=who_decides,
    deciders=(Role.DECISION_MAKER, Role.DCS),
    decides_when="The Director of Children’s Services at 16 or 17 and not in care; the nominated officer otherwise",
    consults=(RELATIVES, IRO),
    objections=objections,
    objections_to_record=objections_to_record,
    tells=tells,
    knows=known,
    grants=agree,
    by_telephone=False,
    is_about_placement=False,
    is_about_child=True,
    source="Care Planning Regulations, regulation 39; Decision C-20",
    parts=PARTS,
)
