"""The case discussion as a meeting: who is invited and what is talked about (S0 2.3). Its record is in place of minutes."""

from datetime import datetime
from typing import Any, Final

from django.apps import apps
from django.urls import reverse

from accounts.roles import Role
from approvals.record.parts import SECTIONS
from approvals.rules import objections_to_convening
from approvals.states import TO_RECORD
from casework.events import label_of
from casework.meetings.holding import held_as_part_of
from casework.meetings.kind import Item, MeetingKind, Seat
from placements.models import Placement


def where_it_is_said(meeting: Any) -> tuple[str, str]:
    """Who came is recorded by convening; what was said, in the record: its words and its page."""
    discussion = getattr(meeting, "case_discussion", None)
    if discussion:
        return "The record of the discussion", reverse("approvals:approval", args=[discussion.pk])
    return "Convene the case discussion", reverse("approvals:convene", args=[meeting.about.partition(":")[2]])


def takes_more_actions(meeting: Any) -> bool:
    """Is the record of the discussion signed off, or over? Until then an action is added there."""
    discussion = getattr(meeting, "case_discussion", None)
    return discussion is not None and discussion.state not in TO_RECORD


def objections_to_arranging(meeting: Any) -> list[str]:
    """It is about an arrangement of this child that is to be signed off, and about which nobody has met yet."""
    pk = meeting.about.partition(":")[2]
    placement = Placement.objects.filter(pk=pk, child__case_file=meeting.case_file_id).first()
    if placement is None:
        return ["There is no such arrangement in this case."]
    if placement.case_discussions.under_way().exists():
        return ["A case discussion about this arrangement is already under way."]
    return objections_to_convening(apps.get_model("approvals", "CaseDiscussion")(placement=placement))


CASE_DISCUSSION: Final = MeetingKind(
    code="case_discussion",
    title="Case discussion",
    file="child",
    about="placements.placement",
    chairs=(Role.DHOS,),
    seats=(
        Seat(Role.SOCIAL_WORKER, must=True),
        Seat(Role.TEAM_MANAGER, must=True),
        Seat(Role.LEGAL, must=True),
    ),
    agenda=tuple(
        Item(section.name, section.title, legal_advice=section.has_legal_advice)
        for section in SECTIONS
        if section.name not in ("discussion", "actions")
    ),
    minutes="",
    circulation="",
    actions="D-06",
    objections=objections_to_arranging,
    held_elsewhere=where_it_is_said,
    adds_actions=takes_more_actions,
    escalates_to=Role.HOS,
    cites=("S0 2.3",),
)
"""Four people, and nobody from outside: they agree its record (S0 2.4)."""


def met_in(discussion: Any, at: datetime) -> Any:
    """The meeting in which the four discussed the case, held: the one that was arranged, or one that nobody arranged."""
    return held_as_part_of(
        CASE_DISCUSSION,
        discussion.case_file_id,
        label_of(discussion.placement),
        chair=(Role.DHOS, discussion.dhos),
        people=discussion.four_people,
        ended_at=discussion.held_at,
        at=at,
    )
