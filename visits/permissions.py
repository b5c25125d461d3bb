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


def may_strike_out(visit: Any, user: Any, at: datetime) -> bool:
    """Whoever made the visit, and the manager of the team that holds the case."""
    child = visit.placement.child
    own = visit.visitor_id == user.pk and may_see(child, user, at)
    return own or holds_for(child, Role.TEAM_MANAGER, user, at)


def may_add_photograph(visit: Any, user: Any, at: datetime) -> bool:
    """Whoever made the visit, while it stands."""
    return visit.visitor_id == user.pk and not visit.struck_out and may_record_visit(visit.placement, user, at)


def may_read_account(visit: Any, sight: Any, user: Any) -> bool:
    """Whoever reads what workers wrote, and whoever made the visit (roles, last table: Commissioning its own)."""
    return bool(sight.narrative) or (visit.visitor_id is not None and visit.visitor_id == user.pk)


def may_fill_in(child: Any, kind: Any, user: Any, at: datetime) -> bool:
    """Does this person fill in forms of this kind, and may the person see the child?"""
    held = user.roles_at(at)
    return any(role in held for role in kind.roles) and may_see(child, user, at)


def may_complete(form: Any, user: Any, at: datetime) -> bool:
    """Is it this person's form, or does the person hold the author's role for the child now?"""
    if form.of_kind.is_own:
        return form.author_id == user.pk and may_fill_in(form.child, form.of_kind, user, at)
    return _stands_for_author(form, user, at)


def may_read_form(form: Any, sight: Any, user: Any, at: datetime) -> bool:
    """Whoever reads what workers wrote, the author, and the roles that the kind names; of one's own, once it is shared."""
    if form.author_id == user.pk:
        return True
    if form.of_kind.is_own:
        return bool(sight.narrative) and form.is_shared(at)
    return bool(sight.narrative) or user.holds(*form.of_kind.readers, at=at)


def may_chase(action: Any, user: Any, at: datetime) -> bool:
    """An action of the provider stays with the role of the form's author (S3, L131)."""
    return _stands_for_author(action.form, user, at)


def may_call_off(plan: Any, user: Any, at: datetime) -> bool:
    """Whoever planned to visit, or the manager of the team that holds the case."""
    child = plan.child
    own = plan.visitor_id == user.pk and may_see(child, user, at)
    return own or holds_for(child, Role.TEAM_MANAGER, user, at)


def _stands_for_author(form: Any, user: Any, at: datetime) -> bool:
    held = user.roles_at(at)
    own = form.author_id == user.pk and Role(form.role) in held and may_see(form.child, user, at)
    return own or holds_for(form.child, Role(form.role), user, at)
