"""A network meeting as the gallery shows it: held yesterday, minuted, sent to some; one action is late."""

from datetime import datetime, timedelta
from typing import Any

from accounts.models import User
from accounts.roles import Role
from casework.limits import local_day
from casework.meetings.models import Action, Circulation, Meeting
from casework.meetings.states import WAS_HELD
from casework.steps import carry_out
from children.models import Child

CHAIR, REVIEWER = "team-manager", "iro"
SAID = {
    "risks": "He was seen with older boys at the station three times this month, and his phone was off on two nights.",
    "working_well": "He likes his school and tells the school nurse what worries him.",
    "views": "He says that nothing is wrong. His grandmother does not sleep.",
    "plan": "The worker rings every evening. If he is not back by nine, the police are told at once.",
    "legal_advice": "A recovery order could be sought if he is kept away.",
}
FROM_OUTSIDE = [("Amara Okafor", "Grandmother"), ("Jo Bell", "School nurse")]


def a_network_meeting_was_held(at: datetime) -> None:
    """About a child of the first team, with two people from outside."""
    chair = User.objects.get(username=CHAIR)
    child = child_to_meet_about(chair, at)
    worker = next(each.person for each in child.allocations_at(at) if each.role == Role.SOCIAL_WORKER)
    legal = User.objects.get(username="legal")
    starts_at = at - timedelta(days=1, hours=2)
    step = {"by": chair, "at": at}
    meeting = carry_out(
        Meeting(kind="network", case_file_id=child.case_file_id).arrange,
        **step,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=1),
        place="Larkfield Centre, Room 4, or by video",
        chair=chair,
        chair_role=Role.TEAM_MANAGER,
        minute_taker=None,
        agenda=["The summer holidays"],
        people=[(Role.SOCIAL_WORKER, worker), (Role.LEGAL, legal)],
        outsiders=FROM_OUTSIDE,
    )
    came = {each.pk: "apologies" if each.person == legal else "yes" for each in meeting.invited}
    meeting = carry_out(meeting.hold, **step, ended_at=meeting.ends_at, came=came)
    owed = {"owner": meeting.invited.get(person=worker), "due_on": local_day(meeting.ends_at)}
    carry_out(Action(meeting=meeting).agree, **step, says="Ask the police for the reports of both nights.", **owed)
    meeting = carry_out(meeting.minute, **step, content=SAID)
    first = list(meeting.invited.exclude(person=legal).exclude(name="Jo Bell"))
    carry_out(meeting.circulate, **step, digest=meeting.version.digest, invitations=first)


def child_to_meet_about(user: Any, at: Any) -> Child:
    """A child whose record is not restricted, with a social worker, and whom the reviewing officer sees too."""
    reviewed = Child.objects.visible_to(User.objects.get(username=REVIEWER), at=at)
    seen = Child.objects.visible_to(user, at=at).filter(restrictions=None, pk__in=reviewed.values("pk")).order_by("pk")
    return next(child for child in seen if _has_a_worker(child, at))


def _has_a_worker(child: Child, at: Any) -> bool:
    return any(each.role == Role.SOCIAL_WORKER for each in child.allocations_at(at))


def kind_and_file(user: Any, at: Any) -> tuple[str, int]:
    """A network meeting about a child."""
    return "network", child_to_meet_about(user, at).case_file_id


def meeting(kind: str) -> Any:
    """The first meeting of a kind that has been held; of network meetings the one that was held for the gallery."""

    def find(user: Any, at: Any) -> int:
        held = Meeting.objects.visible_to(user, at=at).filter(kind=kind, state__in=WAS_HELD)
        return _first(held.filter(pk__in=_held_for_the_gallery()) if kind == "network" else held)

    return find


def action(user: Any, at: Any) -> int:
    """What was agreed in a network meeting."""
    return _first(Action.objects.visible_to(user, at=at).filter(meeting__in=_held_for_the_gallery()))


def copy(user: Any, at: Any) -> int:
    """The minutes as somebody from outside gets them."""
    sent = Circulation.objects.filter(minutes__meeting__in=_held_for_the_gallery())
    return _first(sent.filter(invitation__person=None, person=None))


def _held_for_the_gallery() -> Any:
    """It is the one that heard legal advice."""
    return Meeting.objects.filter(kind="network", minutes__content__has_key="legal_advice")


def _first(found: Any) -> int:
    pk: int = found.order_by("pk").values_list("pk", flat=True)[0]
    return pk
