"""What pages show of a provider's action: what workers wrote of it only to those who read that."""

from datetime import datetime
from typing import Any

from casework.limits import end_of
from casework.links import link_to
from casework.wording import due, said_day
from visits.models import ProviderAction
from visits.states import ActionState

WITHHELD = "Your role does not see what workers wrote."


def action_as_read(action: ProviderAction, sight: Any, at: datetime) -> dict[str, Any]:
    """One action as a person may read it; the form with its author must be loaded with it."""
    says, tone = stands_at(action, at)
    return {
        "action": action,
        "url": link_to("visits:action", action.pk),
        "says": action.says if sight.narrative else WITHHELD,
        "owner": action.owner if sight.narrative else "The provider",
        "outcome": action.outcome if sight.narrative else "",
        "stands": says,
        "tone": tone,
        "due_at": end_of(action.due_on) if action.state == ActionState.OPEN else None,
        "form_url": link_to("visits:form", action.form_id),
        "form": action.form,
    }


def stands_at(action: ProviderAction, at: datetime) -> tuple[str, str]:
    """How it stands, in words and with a tone: an overdue one says what was done about it."""
    if action.state != ActionState.OPEN:
        return action.get_state_display(), "good" if action.state == ActionState.DONE else "plain"
    if end_of(action.due_on) > at:
        return "To be done", "plain"
    late = due(end_of(action.due_on), at)
    if action.escalated_at:
        return f"{late}, taken higher on {said_day(action.escalated_at)}", "alarm"
    if action.reminded_at:
        return f"{late}, reminded on {said_day(action.reminded_at)}", "alarm"
    return late, "alarm"
