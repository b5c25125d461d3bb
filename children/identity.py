"""Who a page is about: the bar at the head of the child's own page and of every page about the child.

A line that `matters` is seen at once on a phone as well; the others wait there behind one tap. What is missing matters.
"""

from datetime import date, datetime
from typing import Any

from django.urls import reverse

from accounts.roles import Role
from casework import panels
from casework.limits import local_day
from casework.wording import age, said_day
from children import breaking_glass
from children.access import way_to
from children.models import Child
from children.states import ALLOCATED_ROLES

RESTRICTED = "Only people named on this record can see it. Do not talk about it where others can hear."


def identity_bar(request: Any, child: Child, sight: Any, *, own_page: bool = False) -> dict[str, Any]:
    """What `components/identity_bar.html` shows; a link to the child's page unless this is that page."""
    at: datetime = request.at
    today = local_day(at)
    way = way_to(child, request.user, at)
    return {
        "name": child.name,
        "known_as": child.known_as,
        "url": "" if own_page else reverse("children:child", args=[child.pk]),
        "restricted": RESTRICTED if way.is_restricted else "",
        "glass_until": way.glass_until,
        "close_glass_url": _where_to_close(request, child) if way.glass_until else "",
        "markers": (),
        "lines": [
            {
                "label": "Age",
                "says": f"{age(child.date_of_birth, today)}, born {said_day(child.date_of_birth)}",
                "matters": True,
            },
            {"label": "Number", "says": child.reference},
            _legal_status(child, today),
            *panels.added_to("child.identity", request, child, sight),
            *_workers(child, at),
        ],
    }


def _legal_status(child: Child, today: date) -> dict[str, Any]:
    """On what basis the child is looked after; that care has ended, where so: a status outlives no care."""
    line: dict[str, Any] = {"label": "Legal status"}
    left_on = child.left_care_on(today)
    if left_on:
        return {**line, "says": f"Not looked after: care ended on {said_day(left_on)}", "matters": True}
    status = next((row for row in reversed(child.legal_statuses.all()) if row.from_on <= today), None)
    return {**line, "says": status.get_code_display() if status else "", "matters": status is None}


def _where_to_close(request: Any, child: Child) -> str:
    """Where the reader closes what he or she opened by break-glass."""
    use = breaking_glass.uses_open(request.at).filter(child=child, by=request.user).values_list("pk", flat=True).last()
    return reverse("children:close_break_glass", args=[use]) if use else ""


def _workers(child: Child, at: datetime) -> list[dict[str, Any]]:
    order = {role: place for place, role in enumerate(ALLOCATED_ROLES)}
    held = child.holding_at(at)
    allocated = sorted(child.allocations_at(at), key=lambda allocation: order[Role(allocation.role)])
    lines: list[dict[str, Any]] = [{"label": Role(a.role).label, "says": a.person.name} for a in allocated]
    if not any(a.role == Role.SOCIAL_WORKER for a in allocated):
        lines.insert(0, {"label": Role.SOCIAL_WORKER.label, "says": "Nobody is allocated", "matters": True})
    team = {"label": "Team", "says": held.team.name if held else "No team holds this case", "matters": held is None}
    return [*lines, team]
