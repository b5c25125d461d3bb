"""The fact that a decision leaves about an arrangement: an authorisation, from now until a day."""

from datetime import date, datetime
from typing import Any

from casework.events import label_of
from casework.limits import end_of
from placements.models import Authorisation
from placements.states import AuthorisationKind


def authorised_until(last: str, decision: Any, kind: AuthorisationKind, by: Any, at: datetime) -> datetime | None:
    """Authorise the arrangement up to and including a day, 2026-03-05; without an end where none is given.

    What was authorised of this kind before holds no longer.
    """
    end_authorisation(decision, kind, at)
    until = end_of(date.fromisoformat(last)) if last else None
    Authorisation.objects.create(
        placement=decision.placement, kind=kind, starts_at=at, ends_at=until, by=by, record=label_of(decision)
    )
    return until


def end_authorisation(decision: Any, kind: AuthorisationKind, at: datetime) -> None:
    """What was authorised of this kind for this arrangement holds no longer."""
    decision.placement.authorisations.in_force(at).filter(kind=kind).update(ends_at=at)
