"""A meeting whose minutes are another record: the step that begins that record says who came."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from accounts.roles import Role
from casework.meetings.kind import MeetingKind
from casework.meetings.models import Meeting
from casework.meetings.states import Came, MeetingState

USUAL_LENGTH: Final = timedelta(hours=1)


def held_as_part_of(
    kind: MeetingKind,
    case_file: int,
    about: str,
    *,
    chair: tuple[Role, Any],
    people: Mapping[Role, Any],
    ended_at: datetime,
    at: datetime,
) -> Meeting:
    """The meeting, held: the one that was arranged about this, or one that nobody arranged. These people came.

    It is a fact that the step of the other record writes, under the lock of the same file and with the step's own event.
    What lets its people see the case is the other record's from now on.
    """
    role, person = chair
    meeting = Meeting.objects.arranged(kind, about).filter(case_file=case_file).first() or Meeting(
        case_file_id=case_file,
        kind=kind.code,
        about=about,
        state=MeetingState.HELD,
        starts_at=ended_at - USUAL_LENGTH,
        ends_at=ended_at,
        arranged_at=at,
    )
    meeting.chair, meeting.chair_role = person, role
    meeting.was_held(ended_at, at)
    meeting.save()
    Meeting.objects.filter(pk=meeting.pk).update(state=MeetingState.HELD)
    present = {each.pk for each in people.values()}
    meeting.attended({each.pk: Came.YES for each in meeting.invited if each.person_id in present})
    meeting.bring_in(people.items(), (), at, came=Came.YES)
    for invitation in meeting.invited.filter(lets_in=True):
        meeting.let_out(invitation, at)
        invitation.lets_in = False
        invitation.save()
    return meeting
