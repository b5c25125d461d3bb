"""The signed record as a document: what it is made of, and how far it holds."""

from datetime import datetime
from typing import Any, Final

from django.http import HttpResponse

from approvals.states import SIGNED, DecisionState, State
from casework.document_page import answer_with
from casework.documents import Mark
from casework.wording import due_on, said_moment

DRAFT: Final = "Draft"
VOID: Final = "Void"


def record_as_document(request: Any, context: dict[str, Any]) -> HttpResponse:
    """The record of a case discussion with its signatures and digest, as the person named in `context` may read it."""
    discussion = context["discussion"]
    shown = {**context, **_void(context), "mark": mark_of_discussion(discussion, context)}
    return answer_with(request, "approvals/pdf/record.html", shown, f"case-discussion-{discussion.pk}.pdf")


def decision_as_document(request: Any, context: dict[str, Any]) -> HttpResponse:
    """What was put and decided with its signatures and digest, as the person named in `context` may read it."""
    decision = context["decision"]
    shown = {**context, **_void(context), "mark": mark_of_decision(decision, context)}
    return answer_with(request, "approvals/pdf/decision.html", shown, f"decision-{decision.pk}.pdf")


def _void(context: dict[str, Any]) -> dict[str, Any]:
    """The signatures under a version that was typed anew: what was signed is void, and nothing more will be."""
    if not context.get("later"):
        return {}
    signed = [{**row, "says": f"{row.get('says', '')} (void)"} for row in context["signatures"] if row["at"]]
    return {"signatures": signed, "decisions": []}


def mark_of_discussion(discussion: Any, context: dict[str, Any]) -> Mark | None:
    """Why nobody may act upon this record; None for the version that was signed off."""
    if context.get("later"):
        return _overtaken(context["later"])
    match discussion.state:
        case state if state in SIGNED and discussion.is_replaced:
            return Mark(VOID, "A later case discussion about this arrangement was decided in its place.")
        case state if state in SIGNED:
            return _lapsed_interim(context.get("holds"))
        case State.WITHDRAWN:
            return Mark(VOID, f"Withdrawn on {said_moment(discussion.stands_since)}, and never signed off.")
        case State.REFUSED:
            return Mark("Refused", f"The Head of Service refused this on {said_moment(discussion.stands_since)}.")
    return Mark(DRAFT, "Not signed off: nobody can rely on it yet.")


def mark_of_decision(decision: Any, context: dict[str, Any]) -> Mark | None:
    """Why nobody may act upon this; None for the version that was agreed to, while it holds."""
    if context.get("later"):
        return _overtaken(context["later"])
    match decision.state:
        case DecisionState.GRANTED:
            return _lapsed(decision, context["at"])
        case DecisionState.TAKEN_BACK:
            return Mark(VOID, f"Taken back on {said_moment(decision.stands_since)}, and never decided.")
        case DecisionState.DECLINED:
            return Mark("Declined", f"The answer was no, on {said_moment(decision.stands_since)}.")
    return Mark(DRAFT, "Not decided: nobody can rely on it yet.")


def _lapsed_interim(holds: Any) -> Mark | None:
    is_over = holds and holds["is_over"]
    return Mark("Ended", f"The interim approval held until {holds['until']}, and not after.") if is_over else None


def _lapsed(decision: Any, at: datetime) -> Mark | None:
    until = decision.holds_until
    return Mark("Ended", f"It held until {due_on(until)}, and not after.") if until and until <= at else None


def _overtaken(later: Any) -> Mark:
    return Mark(VOID, f"Version {later.number} took its place on {said_moment(later.typed_at)}.")
