"""What an administrator is told of a person's caseload: how many children, and who hands them over. No child is named."""

from typing import Any

from accounts.models import Appointment
from accounts.roles import Role
from casework.wording import counted
from children.access import children_not_hidden_from
from children.models import Allocation, Child, TeamHolding


def caseload_of(request: Any, person: Any, sight: Any) -> list[dict[str, str]]:
    """The children allocated to a person; of somebody who has left, and who hands them over. The restricted do not count."""
    known = Child.objects.filter(children_not_hidden_from(request.user, request.at))
    allocated = Allocation.objects.in_force(request.at).filter(person=person, child__in=known)
    number = allocated.values("child").distinct().count()
    said = f"{counted(number, 'child')} allocated" if number else "None"
    if number and not person.is_active:
        teams = TeamHolding.objects.in_force(request.at).filter(child__in=allocated.values("child")).values("team")
        posts = Appointment.objects.in_force(request.at).filter(role=Role.TEAM_MANAGER, user__is_active=True)
        managers = posts.filter(team__in=teams).select_related("user", "team").order_by("team__name", "pk")
        names = ", ".join(f"{post.user.name} ({post.team.name})" for post in managers)
        said += f". To be handed over by the team manager: {names or 'nobody holds that role now'}"
    return [{"label": "Children", "says": said}]
