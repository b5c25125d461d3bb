"""Who may record a visit: whoever visits for the authority and may see the child."""

from datetime import datetime
from typing import Any, Final

from accounts.roles import Role
from children.permissions import may_see

VISITING: Final = (
    Role.SOCIAL_WORKER,
    Role.PERSONAL_ADVISER,
    Role.IRO,
    Role.SERVICE_MANAGER,
    Role.TEAM_MANAGER,
    Role.COMMISSIONING,
)
"""The roles that visit, in the order in which a person of several visits if nothing else is said."""


def may_record_visit(placement: Any, user: Any, at: datetime) -> bool:
    """Does this person visit for the authority, and may the person see the child?"""
    return bool(roles_to_visit_in(user, at)) and may_see(placement.child, user, at)


def roles_to_visit_in(user: Any, at: datetime) -> list[Role]:
    """The roles in which this person can visit at a moment."""
    held = user.roles_at(at)
    return [role for role in VISITING if role in held]
