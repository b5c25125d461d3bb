"""What meetings add to the page of a case: those ahead and those held, what is still to be done, and how to arrange one."""

from typing import Any

from django.db.models import Count, Q
from django.urls import reverse

from casework.links import link_to
from casework.meetings.kind import kinds_for
from casework.meetings.models import Action, Meeting
from casework.meetings.permissions import may_arrange
from casework.meetings.reading import action_as_read, actions_of
from casework.meetings.states import ActionState, MeetingState
from casework.models import Duty
from casework.steps import steps_of
from casework.wording import counted, said_day, said_moment

LATEST = 6
WHAT_TO_DO = {
    "M-01": "Record who came",
    "M-02": "Type the minutes",
    "M-03": "Send the minutes round",
    "M-05": "Ask for what was agreed",
    "M-06": "Take higher what was agreed",
    "M-07": "Settle what was agreed",
}
DO = "Do what was agreed"


def meetings_about(file: str) -> Any:
    """The panel of the page of one kind of case: `fill(request, case, sight)`."""

    def fill(request: Any, case: Any, sight: Any) -> dict[str, Any] | None:
        still_open = Count("actions", filter=Q(actions__state=ActionState.OPEN))
        about_it = Meeting.objects.filter(case_file=case.case_file_id).annotate(still_open=still_open)
        meetings = list(about_it.order_by("-starts_at", "-pk")[:LATEST])
        arrange = [
            {"title": kind.title, "url": reverse("meetings:arrange", args=[kind.code, case.case_file_id])}
            for kind in kinds_for(file)
            if not kind.about and _may_arrange(kind.code, case, request)
        ]
        return {"rows": [_row(meeting) for meeting in meetings], "arrange": arrange} if meetings or arrange else None

    return fill


def actions_beside(request: Any, meeting: Any, case: Any = None) -> dict[str, Any]:
    """What was agreed in a meeting, also for the page of the record that stands for it: `meetings/_actions.html`.

    `case` is whom it is about, where that is loaded already.
    """
    if case is not None:
        meeting.case = case
    reads = meeting.whose.reads(meeting.case, request.user, request.at)
    new = Action(meeting=meeting)
    can_agree = meeting.of_kind.adds_actions(meeting) and any(
        step.is_open for step in steps_of(new, by=request.user, at=request.at)
    )
    agreed = [action_as_read(each, reads, request.at) for each in actions_of(meeting)]
    return {"meeting": meeting, "agreed": agreed, "can_agree": can_agree}


def _may_arrange(code: str, case: Any, request: Any) -> bool:
    new = Meeting(kind=code, case_file_id=case.case_file_id)
    new.case = case
    return may_arrange(new, request.user, request.at)


def _row(meeting: Any) -> dict[str, str]:
    when = said_moment if meeting.state == MeetingState.ARRANGED else lambda at: said_day(at)
    says = meeting.get_state_display()
    if meeting.still_open:
        says = f"{says}; {counted(meeting.still_open, 'action')} to be done"
    label = f"{meeting.of_kind.title} of {when(meeting.starts_at)}"
    return {"label": label, "says": says, "url": link_to("meetings:meeting", meeting.pk), "change": "See"}


def where_met(duty: Duty) -> str | None:
    """The page on which a duty of a meeting or of an action is met."""
    label, _, pk = duty.about.partition(":")
    page = {Meeting._meta.label_lower: "meetings:meeting", Action._meta.label_lower: "meetings:action"}.get(label)
    return link_to(page, int(pk)) if page else None


def what_to_do(duty: Duty) -> str:
    """What one does there, as the words of the link."""
    return WHAT_TO_DO.get(duty.kind, DO)
