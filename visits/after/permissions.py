"""Who may do what after a visit and around reviews. Each answers for one person at one moment.

Scope comes first: whoever may not see the child may do nothing here. What is the reviewing officer's is done by the one who
is allocated to the child; of a restricted record by the one who is named on it. Whoever wrote a form does not read it as
its reviewer.
"""

from datetime import datetime
from typing import Any

from accounts.roles import Role
from children.access import is_restricted
from children.permissions import holds_for, is_allocated_for, may_record, may_record_review, may_see
from visits.after.rulebook import LINE_MANAGER
from visits.states import FormKind

THE_IRO = "Only the child’s independent reviewing officer can record this."
THE_TEAM = (
    "Only the allocated worker, the workers and manager of the child’s team, and the child’s reviewing officer can "
    "record this."
)
COMMISSIONERS = "Only Commissioning can answer this."


def is_the_iro(record: Any, user: Any, at: datetime) -> bool:
    """The child's reviewing officer. `record` is the child, or something of the child's."""
    child = child_of(record)
    if is_allocated_for(child, Role.IRO, user, at):
        return True
    return is_restricted(child, at) and holds_for(child, Role.IRO, user, at)


def is_of_the_team(record: Any, user: Any, at: datetime) -> bool:
    """The child's workers and team, and the reviewing officer."""
    return may_record_review(child_of(record), user, at)


def is_of_the_team_alone(record: Any, user: Any, at: datetime) -> bool:
    """The child's workers and team."""
    return may_record(child_of(record), user, at)


def may_answer_contract(record: Any, user: Any, at: datetime) -> bool:
    """Commissioning, for every child that it sees."""
    return user.holds(Role.COMMISSIONING, at=at) and may_see(child_of(record), user, at)


def reads_as(form: Any, user: Any, at: datetime) -> Role | None:
    """The role in which this person reads a form for others: the IRO, or the manager to whom it was taken; else None."""
    if user.pk in authors_of(form):
        return None
    if form.kind == FormKind.PURPOSEFUL and form.role in LINE_MANAGER and is_the_iro(form.child, user, at):
        return Role.IRO
    manager = LINE_MANAGER.get(Role(form.role)) if form.to_line_manager else None
    return manager if manager and holds_for(form.child, manager, user, at) else None


def may_read(form: Any, user: Any, at: datetime) -> bool:
    """Somebody who answers for it and did not write it."""
    return reads_as(form, user, at) is not None


def authors_of(form: Any) -> set[int]:
    """Whoever made or typed a form."""
    return {form.author_id, *form.versions.values_list("typed_by", flat=True)}


def child_of(record: Any) -> Any:
    """The child whom a record is about; a child is about itself."""
    if hasattr(record, "placement") and getattr(record, "placement", None) is not None:
        return record.placement.child
    return getattr(record, "child", record)
