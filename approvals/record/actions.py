"""The actions of a record are the actions of its meeting: typed once, sealed with the record, and owed by their day.

They are owed from the moment at which the record is typed, not from the moment at which all four have agreed it: they were
agreed in the discussion, S0 2.3 gives them dates of their own, and an agreement that comes late must not hide an action
that is late. A new version changes what is owed by what it changes: what is gone from it need not be done, what has
another day or owner is owed so, and what is new is added. Two actions are the same that say the same.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from accounts.roles import Role
from approvals.meetings import met_in
from approvals.record.parts import ACTIONS, OTHERS
from casework.meetings.models import Action
from casework.meetings.states import ActionState, Came
from casework.sections.parts import Row
from casework.steps import NotYet, follow
from casework.wording import said_day

ELSEWHERE = "It is owed from the case discussion of {} now."
NOT_ANY_MORE = "Version {} of the record does not have it any more."
CHANGED = "Changed with version {} of the record."


def named(row: Row) -> str:
    """Somebody who was there besides the four, as an action names its owner: "Amara Okafor, grandmother"."""
    return f"{row['name']}, {row['as_what']}"


def write_into_meeting(
    discussion: Any, before: Mapping[str, Any], now: Mapping[str, Any], *, by: Any, at: datetime
) -> None:
    """What a version says of who was there and of what is to be done, as the meeting keeps it."""
    if discussion.meeting is None:
        discussion.meeting = met_in(discussion, at)
    _bring_in(discussion.meeting, now.get(OTHERS, ()), at)
    was, is_now = _actions_in(before), _actions_in(now)
    told = {"by": by, "at": at}
    number = discussion.version.number
    owed = _Owed(discussion)
    for row in _but(was, is_now):
        owed.drop(row, because=NOT_ANY_MORE.format(number), **told)
    for row in is_now:
        same = _same_in(was, row)
        if same is None:
            owed.agree(row, **told)
        elif same != row:
            owed.change(row, because=CHANGED.format(number), **told)
    _let_go(discussion.meeting, now.get(OTHERS, ()), at)


def actions_by_row(meeting: Any, rows: Sequence[Row]) -> list[Any]:
    """The action that is owed for each row of a record; None where none is."""
    actions = list(meeting.actions.select_related("owner__person").order_by("-pk")) if meeting else []
    return [next((action for action in actions if action.says == row.get("what")), None) for row in rows]


class _Owed:
    """The actions of a meeting, as a version of the record changes them."""

    def __init__(self, discussion: Any):
        self.meeting = meeting = discussion.meeting
        met_about_it = {"meeting__case_discussion__placement": discussion.placement_id}
        self.of_others = Action.objects.filter(state=ActionState.OPEN, **met_about_it).exclude(meeting=meeting)
        self.people = {each.role: each for each in meeting.invited if each.person_id}
        self.others = {", ".join(each.described): each for each in meeting.invited if not each.person_id}

    def agree(self, row: Row, **told: Any) -> None:
        """It is owed from now on, and no more from a case discussion before this one."""
        follow(Action(meeting=self.meeting).agree, says=row["what"], **self._owed_by(row), **told)
        for action in self.of_others.filter(says=row["what"]):
            follow(action.drop, because=ELSEWHERE.format(said_day(self.meeting.ends_at)), **told)

    def change(self, row: Row, **told: Any) -> None:
        """It is owed by somebody else, or by another day, as long as it is open."""
        action, owed = self._open(row), self._owed_by(row)
        if action and (action.owner_id, action.due_on) != (owed["owner"].pk, owed["due_on"]):
            follow(action.change, **owed, **told)

    def drop(self, row: Row, **told: Any) -> None:
        """It need not be done, if it is still open."""
        action = self._open(row)
        if action:
            follow(action.drop, **told)

    def _open(self, row: Row) -> Any:
        return self.meeting.actions.filter(state=ActionState.OPEN, says=row["what"]).order_by("-pk").first()

    def _owed_by(self, row: Row) -> dict[str, Any]:
        owner = self.people.get(row["owner"]) or self.others.get(row["owner"])
        if owner is None:
            raise NotYet(f"“{_short(row['owner'])}” was not there: an action is owed by somebody who was.")
        return {"owner": owner, "due_on": date.fromisoformat(row["due_on"])}


def _actions_in(content: Mapping[str, Any]) -> list[Row]:
    """The actions that a record has as rows; the first form had them as a text."""
    rows = content.get(ACTIONS, ())
    return [] if isinstance(rows, str) else list(rows)


def _same_in(rows: Sequence[Row], row: Row) -> Row | None:
    return next((each for each in rows if each["what"] == row["what"]), None)


def _but(rows: Sequence[Row], others: Sequence[Row]) -> list[Row]:
    return [row for row in rows if _same_in(others, row) is None]


def _bring_in(meeting: Any, others: Sequence[Row], at: datetime) -> None:
    """Who else was there came, whether invited or not."""
    came = [(row["name"], row["as_what"]) for row in others]
    meeting.bring_in((), came, at, came=Came.YES)
    for invitation in meeting.invited.filter(person=None).exclude(came=Came.YES):
        if invitation.described in came:
            invitation.came = Came.YES
            invitation.save()


def _let_go(meeting: Any, others: Sequence[Row], at: datetime) -> None:
    """Whom the record does not name any more did not come; whoever still owes something stays."""
    came = [(row["name"], row["as_what"]) for row in others]
    for invitation in meeting.invited.filter(person=None, came=Came.YES):
        if invitation.described not in came and not invitation.actions.filter(state=ActionState.OPEN).exists():
            invitation.came = Came.NO
            invitation.save()


def _short(text: str) -> str:
    return Role(text).label if text in Role else text[:80]
