"""Who else is seen on a visit: the other children who live in the same home, or with the same family, at a moment.

Whoever may see such a child may record the visit to that child as well. Of the others only a number is said, and of
children whose existence the reader may not learn not even that. Every role that visits knows the address.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Q, QuerySet

from children import access
from children.models import Child
from placements.models import Placement
from visits.models import Visit

RECENTLY: Final = timedelta(days=14)
"""Who left within these days may have been seen on a visit that is recorded late."""


def same_home(placement: Placement) -> QuerySet[Placement]:
    """Where other children live or lived in the same home, or with the same family; nothing where neither is on record."""
    if placement.home_id:
        there = Placement.objects.filter(home=placement.home_id)
    elif placement.carer_id:
        there = Placement.objects.filter(carer=placement.carer_id)
    else:
        return Placement.objects.none()
    return there.exclude(child=placement.child_id)


@dataclass(frozen=True, slots=True)
class Others:
    """The other children of a home, as somebody who visits there may know them."""

    seen: Sequence[Placement] = ()
    """Where those live, or lived, whom this person may see."""
    number_besides: int = 0
    """How many more live there of whom this person may know."""


def others_here(placement: Placement, user: Any, at: datetime, *, on: datetime, also: Iterable[int] = ()) -> Others:
    """Who else lives in this home on a moment, or left it recently; and whose placements in it are named besides."""
    lives = Q(started_at__lte=on) & (Q(ended_at=None) | Q(ended_at__gt=on - RECENTLY))
    here = list(same_home(placement).filter(lives | Q(pk__in=also)).only("started_at", "ended_at"))
    if not here:
        return Others()
    there = Placement.objects.filter(pk__in=[other.pk for other in here])
    seen = list(there.visible_to(user, at=at).select_related("child").order_by("child__date_of_birth", "pk"))
    unseen = {other.pk for other in here if other.is_live(on)} - {other.pk for other in seen}
    return Others(seen, _number_known(unseen, user, at) if unseen else 0)


def _number_known(placements: Iterable[int], user: Any, at: datetime) -> int:
    """Of how many of these children this person may know: a restricted one does not count."""
    known = Child.objects.filter(access.children_not_hidden_from(user, at))
    return Placement.objects.filter(pk__in=placements, child__in=known).count()


@dataclass(frozen=True, slots=True)
class Together:
    """Who else was seen on the same visit, as one reader may know it."""

    visits: list[Visit]
    number_besides: int


def seen_together(visit: Visit, user: Any, at: datetime) -> Together | None:
    """The other parts of a visit to several children; None where it was to one, as far as this person may know."""
    if not visit.shared_id:
        return None
    others = Visit.objects.filter(shared=visit.shared_id).exclude(pk=visit.pk)
    visits = list(others.visible_to(user, at=at).select_related("placement__child").order_by("pk"))
    known = others.filter(placement__child__in=Child.objects.filter(access.children_not_hidden_from(user, at)))
    besides = known.count() - len(visits)
    return Together(visits, besides) if visits or besides else None
