"""The discussion of Service Director and Head of Service after a dissent: a meeting, whose actions are owed like all others.

S0 2.7, C-31. Who owes an action is one of those who agree the record, or one of the two.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from django.apps import apps
from django.urls import reverse

from accounts.roles import Role
from casework.events import label_of
from casework.meetings.holding import held_as_part_of
from casework.meetings.kind import MeetingKind, Seat
from casework.meetings.models import Action
from casework.meetings.states import Came
from casework.steps import NotYet, follow


def where_it_is_said(meeting: Any) -> tuple[str, str]:
    """What was agreed is fed back: the page of the record that was dissented from."""
    return "The record of the case discussion", reverse("approvals:approval", args=[meeting.about.partition(":")[2]])


def objections_to_arranging(meeting: Any) -> list[str]:
    """It is held when the Service Director has dissented, and recorded with what is fed back."""
    model = apps.get_model("approvals", "CaseDiscussion")
    dissented = model.objects.filter(
        pk=meeting.about.partition(":")[2], placement__child__case_file=meeting.case_file_id, state="dissented"
    )
    return [] if dissented.exists() else ["The Service Director has not dissented from a record of this case."]


AFTER_DISSENT: Final = MeetingKind(
    code="after_dissent",
    title="Discussion after a dissent",
    file="child",
    about="approvals.casediscussion",
    chairs=(Role.HOS,),
    seats=(Seat(Role.SERVICE_DIRECTOR, must=True),),
    agenda=(),
    minutes="",
    circulation="",
    actions="D-06",
    objections=objections_to_arranging,
    held_elsewhere=where_it_is_said,
    escalates_to=Role.SERVICE_DIRECTOR,
    cites=("S0 2.7", "C-31"),
)


def owners(discussion: Any, hos: Any, director: Any) -> dict[Role, Any]:
    """Who can owe what is agreed after a dissent, by role."""
    return {Role.HOS: hos, Role.SERVICE_DIRECTOR: director, **discussion.four_people}


def discuss_dissent(
    discussion: Any, director: Any, actions: Sequence[Mapping[str, str]], *, by: Any, at: datetime
) -> Any:
    """The two met, and this is what they agreed to be done: what, by whom, by when."""
    able = owners(discussion, by, director)
    unknown = [row["owner"] for row in actions if row["owner"] not in able]
    if unknown:
        raise NotYet("An action is owed by one of the two, or by one of the four who discussed the case.")
    meeting = held_as_part_of(
        AFTER_DISSENT,
        discussion.case_file_id,
        label_of(discussion),
        chair=(Role.HOS, by),
        people={Role.HOS: by, Role.SERVICE_DIRECTOR: director},
        ended_at=at,
        at=at,
    )
    owing = [(Role(row["owner"]), able[Role(row["owner"])]) for row in actions]
    meeting.bring_in(dict(owing).items(), (), at, came=Came.NO)
    invited = {invitation.role: invitation for invitation in meeting.invited}
    for row in actions:
        told = {"says": row["what"], "owner": invited[row["owner"]], "due_on": date.fromisoformat(row["due_on"])}
        follow(Action(meeting=meeting).agree, by=by, at=at, **told)
    return meeting
