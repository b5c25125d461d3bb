"""What follows from a senior decision: the fact that it writes on the floors below, and until when it holds.

A row of GRANTS for each kind that writes one; a kind without a row writes nothing but its own record.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, Final

from casework.events import label_of
from casework.limits import end_of
from placements.models import Authorisation
from placements.states import AuthorisationKind

Grant = Callable[[Any, Any, datetime], datetime | None]
"""`grant(decision, by, at)` writes the fact, and gives the moment at which it holds no longer."""


def grant(decision: Any, *, by: Any, at: datetime) -> datetime | None:
    """Write what follows from the decision. Until when it holds (exclusive); None without an end of its own."""
    end(decision, at=at)
    writes = GRANTS.get(decision.kind)
    return writes(decision, by, at) if writes else None


def end(decision: Any, *, at: datetime) -> None:
    """What was granted of this kind for this arrangement before holds no longer."""
    kind = AUTHORISES.get(decision.kind)
    if kind and decision.placement:
        decision.placement.authorisations.in_force(at).filter(kind=kind).update(ends_at=at)


def _authorise(decision: Any, by: Any, at: datetime) -> datetime | None:
    """An authorisation of the arrangement, up to and with the day that the record names."""
    last = decision.version.content.get("until", "")
    until = end_of(date.fromisoformat(last)) if last else None
    Authorisation.objects.create(
        placement=decision.placement,
        kind=AUTHORISES[decision.kind],
        starts_at=at,
        ends_at=until,
        by=by,
        record=label_of(decision),
    )
    return until


AUTHORISES: Final[Mapping[str, AuthorisationKind]] = {
    "unregistered_setting": AuthorisationKind.UNREGISTERED_SETTING,
}
GRANTS: Final[Mapping[str, Grant]] = dict.fromkeys(AUTHORISES, _authorise)
