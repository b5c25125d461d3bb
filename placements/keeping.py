"""How it stands with a child who is kept in secure accommodation: the hours without an order, the order, who approved."""

from datetime import datetime, timedelta
from typing import Any

from casework.limits import local_day
from casework.rules_in_force import rules_in_force
from casework.wording import cited, said_day, said_moment
from children.models import Child
from placements.histories import histories_of
from placements.models import Placement
from placements.secure import (
    WITHOUT_ORDER,
    SecureFacts,
    kept_without_order,
    orders_as_they_count,
    remand_times,
    used_before,
    used_up_at,
)
from placements.states import Setting
from placements.where import home_of

LABEL = "Secure accommodation"
HOUR = timedelta(hours=1)


def keeping_of_child(request: Any, child: Child, sight: Any) -> list[dict[str, Any]]:
    """For a child who is kept now."""
    placement = home_of(child, request.at)
    return keeping_of(request, placement, sight) if placement else []


def keeping_of(request: Any, placement: Placement, sight: Any) -> list[dict[str, Any]]:
    """For a secure home in which the child is now; nothing anywhere else."""
    if placement.setting != Setting.SECURE_HOME or placement.ended_at:
        return []
    case_file = placement.child.case_file_id
    facts = histories_of([case_file])[case_file].secure
    part = _part(facts, request.at)
    if _lacks_secretary_of_state(facts, request.at):
        missing = "The Secretary of State’s approval is not on record, and the child is younger than 13."
        part |= {"tone": "alarm", "because": [*part["because"], missing]}
    return [{"label": LABEL, **part}]


def _part(facts: SecureFacts, at: datetime) -> dict[str, Any]:
    rules = rules_in_force()
    order = next((order for order in reversed(orders_as_they_count(facts, rules)) if order.covers(at)), None)
    if order and order.to_at:
        until = said_day(order.to_at - timedelta.resolution)
        return {"says": "Kept by an order of the court", "tone": "watch", "because": [f"It counts until {until}."]}
    if any(time.covers(at) for time in remand_times(facts)):
        return {"says": "Kept by a criminal court", "tone": "plain", "because": ["Remanded or detained."]}
    return _part_without_order(facts, at)


def _part_without_order(facts: SecureFacts, at: datetime) -> dict[str, Any]:
    """How many of the hours are used up, and when they end."""
    rules = rules_in_force()
    times = kept_without_order(facts, rules)
    number = next((number for number, time in enumerate(times) if time.covers(at)), None)
    if number is None:
        return {"says": "Not worked out yet", "tone": "watch", "because": []}
    rule = rules.rule(WITHOUT_ORDER, local_day(at))
    ends_at = used_up_at(times, number, rules)
    if ends_at <= at:
        says, because = "Kept without an order, and the hours are over", f"They ended on {said_moment(ends_at)}."
    else:
        used = used_before(times, number, rules) + (at - times[number].from_at)
        says = f"Kept without an order: {used // HOUR} of {rule.limit} used up"
        because = f"They end on {said_moment(ends_at)}: by then an order of the court, or the child leaves."
    return {
        "says": says,
        "tone": "alarm" if ends_at <= at else "watch",
        "because": [because],
        "cites": cited(rule.cites),
    }


def _lacks_secretary_of_state(facts: SecureFacts, at: datetime) -> bool:
    """Is the child younger than 13, kept by no criminal court, and nobody approved it?"""
    return (
        at < facts.turned_13_at()
        and not any(approved_at <= at for approved_at in facts.approvals)
        and not any(time.covers(at) for time in remand_times(facts))
    )
