"""A kind of meeting that only the tests declare, and a meeting of it taken through its steps."""

from datetime import timedelta

from accounts.roles import Role
from casework.meetings.kind import Item, MeetingKind, Seat
from casework.meetings.models import Action, Meeting
from casework.steps import carry_out
from tests.factories import days_before, settled

DISRUPTION = MeetingKind(
    code="test_disruption",
    title="Disruption meeting",
    file="child",
    chairs=(Role.SERVICE_MANAGER,),
    arranges=(Role.SOCIAL_WORKER,),
    seats=(Seat(Role.SOCIAL_WORKER, must=True), Seat(Role.TEAM_MANAGER), Seat(Role.IRO), Seat(Role.LEGAL)),
    outsiders=("Foster carer", "Parent"),
    never=("provider",),
    agenda=(
        Item("cause", "Why the child had to leave"),
        Item("learning", "What we learn from it"),
        Item("legal_advice", "Legal advice", legal_advice=True),
    ),
    copies=(Role.ASSISTANT_DIRECTOR,),
    escalates_to=Role.HOS,
    cites=("Placement planning and disruption meetings, section 2",),
)
"""A later kind of meeting: a row, and nothing else."""

CARER = ("Amara Okafor", "Foster carer")
SAID = {
    "cause": "The school was too far away.",
    "learning": "Ask about school first.",
    "legal_advice": "The notice was short.",
}


class Story:
    """One disruption meeting about the own child of a world, taken through its steps by whoever owes them."""

    def __init__(self, world):
        self.world = world
        self.child = settled(world.own_child)
        self.meeting = Meeting(kind=DISRUPTION.code, case_file_id=self.child.case_file_id)

    def plan(self, **but):
        """What is planned, unless the test says otherwise."""
        world = self.world
        return {
            "starts_at": days_before(6),
            "ends_at": days_before(6) + timedelta(hours=1),
            "place": "Room 4",
            "chair": world.service_manager,
            "chair_role": Role.SERVICE_MANAGER,
            "minute_taker": world.team_manager,
            "agenda": ["Belongings"],
            "people": [
                (Role.SOCIAL_WORKER, world.social_worker),
                (Role.TEAM_MANAGER, world.team_manager),
                (Role.LEGAL, world.legal),
            ],
            "outsiders": [CARER],
            **but,
        }

    def take(self, step, *, by=None, at=None, because="", **said):
        """Take a step of the meeting; by the chair unless somebody else is named."""
        at = at or days_before(5)
        taken = carry_out(
            getattr(self.meeting, step), by=by or self.world.service_manager, at=at, because=because, **said
        )
        self.meeting = taken
        return taken

    def arranged(self, *, by=None, at=None, **but):
        """The meeting, arranged eight days before now for two days later."""
        return self.take("arrange", by=by, at=at or days_before(8), **self.plan(**but))

    def came(self, *absent):
        """Everybody came but these."""
        return {each.pk: "no" if each.person in absent else "yes" for each in self.meeting.invited}

    def held(self, *, at=None, because="", absent=(), **but):
        """The meeting, held; who came is recorded an hour after its end."""
        if self.meeting.pk is None:
            self.arranged(**but)
        ended_at = self.meeting.ends_at
        return self.take(
            "hold",
            at=at or ended_at + timedelta(hours=1),
            because=because,
            ended_at=ended_at,
            came=self.came(*absent),
        )

    def minuted(self, *, by=None, at=None, **content):
        """The meeting, its minutes typed by whoever takes them unless somebody else is named."""
        if not self.meeting.recorded_at:
            self.held()
        by = by or self.world.team_manager
        return self.take("minute", by=by, at=at or days_before(4), content={**SAID, **content})

    def sent(self, *, at=None, to=None, **more):
        """The meeting, its minutes sent to everybody who was invited."""
        if self.meeting.version is None:
            self.minuted()
        invitations = list(self.meeting.invited) if to is None else to
        digest = self.meeting.version.digest
        return self.take("circulate", at=at or days_before(3), digest=digest, invitations=invitations, **more)

    def invitation(self, person):
        """How somebody is invited; the carer by name."""
        return next(each for each in self.meeting.invited if person in (each.person, each.name))

    def agreed(self, person, due_on, *, at=None, says="Bring the bicycle."):
        """One action, agreed in the meeting."""
        if not self.meeting.recorded_at:
            self.held()
        return carry_out(
            Action(meeting=self.meeting).agree,
            by=self.world.team_manager,
            at=at or days_before(5),
            says=says,
            owner=self.invitation(person),
            due_on=due_on,
        )
