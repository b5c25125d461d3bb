"""Who may do what about a meeting. Each answers for one person at one moment; about the record, ask `rules`.

Whoever may not see the case may do nothing here. A meeting is run by its chair, by whoever takes the minutes, and by
whoever could chair it for this case; so an absence is covered by whoever acts in the role.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from accounts.roles import Role


def may_arrange(meeting: Any, user: Any, at: datetime) -> bool:
    """Whoever arranges this kind of meeting, for this case."""
    return _holds_one(meeting, meeting.of_kind.arrangers, user, at)


def may_run(meeting: Any, user: Any, at: datetime) -> bool:
    """The chair, whoever takes the minutes, and whoever could chair it."""
    return (_is_named(meeting, user) and _sees(meeting, user, at)) or may_chair(meeting, user, at)


def may_chair(meeting: Any, user: Any, at: datetime) -> bool:
    """The chair, and whoever could chair it for this case."""
    is_chair = user.pk == meeting.chair_id and user.holds(meeting.chair_role, at=at) and _sees(meeting, user, at)
    return is_chair or _holds_one(meeting, meeting.of_kind.chairs, user, at)


def may_plan(meeting: Any, user: Any, at: datetime) -> bool:
    """Whoever arranges it, and whoever could chair it."""
    return may_arrange(meeting, user, at) or may_chair(meeting, user, at)


def may_agree(action: Any, user: Any, at: datetime) -> bool:
    """Whoever runs the meeting writes down what was agreed."""
    return may_run(action.meeting, user, at)


def may_finish(action: Any, user: Any, at: datetime) -> bool:
    """Whoever owes it, acts for that person or came after, and whoever runs the meeting; for an outsider only the latter."""
    return _owes(action, user, at) or may_run(action.meeting, user, at) or _is_over_it(action, user, at)


def may_chase(action: Any, user: Any, at: datetime) -> bool:
    """Whoever runs the meeting."""
    return may_run(action.meeting, user, at)


def may_change(action: Any, user: Any, at: datetime) -> bool:
    """Whoever could chair the meeting, and whoever it was taken to. Nobody moves what they owe themselves."""
    if action.owner.person_id == user.pk:
        return False
    return may_chair(action.meeting, user, at) or _is_over_it(action, user, at)


def _owes(action: Any, user: Any, at: datetime) -> bool:
    owner = action.owner
    if owner.person_id is None or not _sees(action.meeting, user, at):
        return False
    if owner.person_id == user.pk:
        return bool(user.is_active)
    acts = any(a.acting_for_id == owner.person_id and a.role == owner.role for a in user.appointments_at(at))
    return acts or _comes_after(owner, action.meeting, user, at)


def _comes_after(owner: Any, meeting: Any, user: Any, at: datetime) -> bool:
    """Does this person hold the role of an owner who can do nothing about the case any more?"""
    still_can = owner.person.holds(owner.role, at=at) and _sees(meeting, owner.person, at)
    return not still_can and user.pk in {person.pk for person in meeting.whose.holders(meeting.case, owner.role, at)}


def _is_over_it(action: Any, user: Any, at: datetime) -> bool:
    """Does this person stand above the meeting, and was it taken there? What the chair owes is there from the start."""
    meeting = action.meeting
    is_there = action.escalated_at is not None or action.owner.person_id == meeting.chair_id
    return is_there and _holds_one(meeting, (meeting.of_kind.escalates_to,), user, at)


def _is_named(meeting: Any, user: Any) -> bool:
    return user.pk in (meeting.chair_id, meeting.minute_taker_id)


def _sees(meeting: Any, user: Any, at: datetime) -> bool:
    return bool(meeting.whose.sees(meeting.case, user, at))


def _holds_one(meeting: Any, roles: Iterable[Role], user: Any, at: datetime) -> bool:
    return any(user.holds(role, at=at) and meeting.whose.holds(meeting.case, role, user, at) for role in roles)


# Whom the sentences of refusal name


def who_arranges(meeting: Any) -> str:
    """Whoever arranges or chairs this kind of meeting for this case, inside a sentence."""
    return f"the {_named(meeting.of_kind.arrangers)} of this case"


def who_runs(meeting: Any) -> str:
    """The chair, whoever takes the minutes, and whoever could chair it, inside a sentence."""
    return f"the chair, whoever takes the minutes, or the {_named(meeting.of_kind.chairs)} of this case"


def who_chairs(action: Any) -> str:
    """Whoever could chair the meeting, and whoever it was taken to, inside a sentence."""
    return f"the chair of the meeting, or the {_named(action.meeting.of_kind.chairs)} of this case"


def who_runs_it(action: Any) -> str:
    """Whoever runs the meeting in which it was agreed, inside a sentence."""
    return who_runs(action.meeting)


def who_finishes(action: Any) -> str:
    """Whoever owes it, and whoever runs the meeting, inside a sentence."""
    return f"whoever owes it, or {who_runs(action.meeting)}"


def _named(roles: Iterable[Role]) -> str:
    return " or ".join(role.label for role in roles)
