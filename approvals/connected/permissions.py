"""Who asks about a connected person, and who records what came of it. Each answers for one person at one moment.

Managers decide on the way: that is a matter of the kinds of decisions (`approvals.kinds`).
"""

from datetime import datetime
from typing import Any

from children import permissions
from placements.permissions import may_record_approval


def may_ask(person: Any, user: Any, at: datetime) -> bool:
    """The child's workers, and the workers and manager of the child's team."""
    return permissions.may_record(person.child, user, at)


def may_tell_outcome(person: Any, user: Any, at: datetime) -> bool:
    """Whoever may record the approval of the child's carers: the same, the placement service, the carers' own worker."""
    return may_record_approval(person.child, user, at)


def who_works_with_child(person: Any) -> str:
    """Who that is, inside a sentence."""
    return "the child’s worker, or the workers and the manager of the child’s team,"


def who_tells_outcome(person: Any) -> str:
    """Who that is, inside a sentence."""
    return "the child’s team, the placement service or the carers’ supervising social worker"
