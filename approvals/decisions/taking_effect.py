"""A child who moves to a home that was agreed to: the decision is found, and what was decided holds for it from then."""

from datetime import datetime
from typing import Any

from django.db.models import Q

from approvals.models import Decision
from approvals.states import DecisionState
from casework.steps import carry_out
from placements.models import Placement


def take_effect_on_arrival(placement: Placement, *, by: Any, at: datetime) -> None:
    """Each decision that waits for a move to this home takes effect, by whoever recorded the move.

    One whose time is over is left: the child has moved without it, and the pages say so.
    """
    without_a_home = Q(placement=None) | Q(placement__struck_out=True)
    waiting = Decision.objects.filter(
        without_a_home, child=placement.child, state=DecisionState.GRANTED, proposed__isnull=False
    )
    for decision in waiting.select_related("proposed", "placement", "child").order_by("pk"):
        if decision.is_for_move_at(at) and decision.home_moved_to():
            carry_out(decision.take_effect, by=by, at=at)
