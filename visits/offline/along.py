"""Whom somebody takes along: the children whom this person may visit next, by first name, for a device without connection."""

from typing import Any

from django.db.models import Q
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from casework.models import Duty
from casework.pages import Holds, page
from children.models import Allocation, Child, ChildName
from placements.models import Placement
from visits.permissions import roles_to_visit_in

AT_MOST = 60
"""Children: more than anybody visits."""


@require_safe
@page(Holds.THOSE_IN_SIGHT)
def taken_along(request: HttpRequest) -> JsonResponse:
    """The children allocated to this person, and those whose visit this person owes: name and home, and nothing else."""
    roles = roles_to_visit_in(request.user, request.at)
    homes = _homes_of(request.user, request.at) if roles else []
    children = [{"placement": home.pk, "name": _first_name(home.child)} for home in homes]
    return JsonResponse({"children": children, "roles": [role.value for role in roles]})


def _homes_of(user: Any, at: Any) -> list[Placement]:
    owed = Duty.objects.open().filter(source="visits", owner=user).values("case_file")
    allocated = Allocation.objects.in_force(at).filter(person=user).values("child")
    mine = Child.objects.visible_to(user, at=at).filter(Q(case_file__in=owed) | Q(pk__in=allocated))
    homes = Placement.objects.live(at).filter(child__in=mine).select_related("child").order_by("child__forename", "pk")
    return list(homes.prefetch_related("child__names")[:AT_MOST])


def _first_name(child: Child) -> str:
    named: str = next((each.name for each in child.names.all() if each.kind == ChildName.Kind.KNOWN_AS), "")
    return named or child.forename or f"Child {child.reference}"
