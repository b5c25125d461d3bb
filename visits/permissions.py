"""Who may record a visit: whoever visits for the authority and may see the child."""

from datetime import datetime
from typing import Any, Final

from accounts.roles import Role
from children.permissions import holds_for, may_see

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


def may_fill_in(child: Any, kind: Any, user: Any, at: datetime) -> bool:
    """Does this person fill in forms of this kind, and may the person see the child?"""
    held = user.roles_at(at)
    return any(role in held for role in kind.roles) and may_see(child, user, at)


def may_complete(form: Any, user: Any, at: datetime) -> bool:
    """Is it this person's form, or does the person hold the author's role for the child now?"""
    return _stands_for_author(form, user, at)


def may_chase(action: Any, user: Any, at: datetime) -> bool:
    """An action of the provider stays with the role of the form's author (S3, L131)."""
    return _stands_for_author(action.form, user, at)


def may_call_off(plan: Any, user: Any, at: datetime) -> bool:
    """Whoever planned to visit, or the manager of the team that holds the case."""
    child = plan.placement.child
    own = plan.visitor_id == user.pk and may_see(child, user, at)
    return own or holds_for(child, Role.TEAM_MANAGER, user, at)


def _stands_for_author(form: Any, user: Any, at: datetime) -> bool:
    held = user.roles_at(at)
    own = form.author_id == user.pk and Role(form.role) in held and may_see(form.child, user, at)
    return own or holds_for(form.child, Role(form.role), user, at)
