"""A plan of an invented authority: who works there, which homes there are, and every child's history.

Plain facts without a database. `bench.generator` makes a plan from a seed and a moment; `bench.loading` takes it through
the door into the database, `bench.ssda903_files` writes it as files of the statutory return.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from accounts.roles import Role
from approvals.states import ApprovedAs
from bench.chains import Taken
from bench.decisions import Proposed, Said
from bench.enquiries import Lives
from bench.meetings import ActionPlan
from placements.states import ApprovalKind, FactKind, FosteringSector, RegistrationStatus, Setting


@dataclass(eq=False, slots=True)
class PersonPlan:
    """Somebody who signs in, or used to."""

    username: str
    forename: str
    surname: str
    is_active: bool = True
    appointments: list["AppointmentPlan"] = field(default_factory=list)


@dataclass(eq=False, slots=True)
class AppointmentPlan:
    """A role held in a team, an area or the whole authority, from a moment until a moment."""

    role: Role
    team: str = ""
    area: str = ""
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    acting_for: str = ""
    line_manager: str = ""


@dataclass(eq=False, slots=True)
class HomePlan:
    """A home that is not a family."""

    name: str
    provider: str
    setting: Setting
    urn: str
    postcode: str
    address: str
    run_by_authority: bool = False
    registrations: list[tuple[date, RegistrationStatus]] = field(default_factory=list)
    inspections: list[tuple[date, str]] = field(default_factory=list)
    notices: list[tuple[date, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ApprovalPlan:
    """A period in which a carer is approved; `to_on` is the first day without."""

    kind: ApprovalKind
    from_on: date
    to_on: date | None = None
    decided: bool = False
    """Did it come about by the steps of an enquiry? Otherwise it is recorded as a fact."""


@dataclass(eq=False, slots=True)
class CarerPlan:
    """A family that cares for children."""

    name: str
    address: str
    postcode: str
    sector: FosteringSector | str = ""
    agency: str = ""
    urn: str = ""
    approvals: list[ApprovalPlan] = field(default_factory=list)

    def approved_as_on(self, day: date) -> ApprovalKind | None:
        """On what footing the carer is approved on a day; None where not at all."""
        for approval in self.approvals:
            if approval.from_on <= day and (approval.to_on is None or day < approval.to_on):
                return approval.kind
        return None


@dataclass(eq=False, slots=True)
class FormPlan:
    """A visiting form that was filled in on a visit, and what came of it."""

    is_complete: bool
    purpose: str
    action: tuple[str, str] | None = None
    """What the provider is to do, and who there does it."""
    is_read: bool = False
    """Has the IRO read it, and is what it asked for done?"""


@dataclass(eq=False, slots=True)
class VisitPlan:
    """One visit."""

    at: datetime
    by: str
    role: Role
    seen: bool = True
    why_not_alone: str = ""
    account: str = ""
    concerns: str = ""
    form: FormPlan | None = None


@dataclass(eq=False, slots=True)
class ChainPlan:
    """One sign-off chain: the discussion, and the steps taken so far, each at its time."""

    held_at: datetime
    steps: list[tuple[Taken, datetime]]
    approved_as: ApprovedAs = ApprovedAs.INTERIM


@dataclass(eq=False, slots=True)
class EnquiryPlan:
    """Somebody who was asked about as a carer for a child: who lives there, and what has happened since."""

    carer: CarerPlan
    relationship: str
    asked_at: datetime
    household: tuple[Lives, ...] = ()
    steps: list[tuple[str, datetime]] = field(default_factory=list)
    """What `bench.enquiries` takes, each at its time."""


@dataclass(eq=False, slots=True)
class MeetingPlan:
    """A meeting about a child: when, who comes from outside, what was said, and what was agreed."""

    kind: str
    starts_at: datetime
    outsiders: tuple[tuple[str, str], ...] = ()
    said: Mapping[str, str] = field(default_factory=dict)
    """The minutes; none of a meeting that is still ahead."""
    actions: tuple[ActionPlan, ...] = ()
    called_off_at: datetime | None = None
    """When it was called off, where it was."""


@dataclass(eq=False, slots=True)
class DecisionPlan:
    """A senior decision: of which kind, about what, and the steps taken so far, each at its time."""

    kind: str
    steps: list[tuple[str, datetime]]
    """What `bench.decisions` takes."""
    placement: "PlacementPlan | None" = None
    proposed: Proposed | None = None
    subject: str = ""
    """Whom it is about, where several can run at once."""
    content: Said = field(default_factory=dict)
    """What its record says otherwise than those of its kind do."""
    by_telephone: timedelta | None = None
    """How long before it was put forward whoever decides said yes by telephone."""


@dataclass(frozen=True, slots=True)
class MistakePlan:
    """Something recorded of a placement that was never so, and was put right on a later day."""

    recorded: Setting | FactKind
    """The wrong kind of home, which was corrected; or a fact, which was struck out."""
    from_on: date
    """The day of which the fact was said."""
    right_on: date
    because: str

    @property
    def setting(self) -> Setting | None:
        """The wrong kind of home; None where it is a fact that was never so."""
        return self.recorded if isinstance(self.recorded, Setting) else None


@dataclass(eq=False, slots=True)
class PlacementPlan:
    """Where the child lives, from a moment until a moment."""

    setting: Setting
    starts_at: datetime
    ends_at: datetime | None = None
    home: HomePlan | None = None
    carer: CarerPlan | None = None
    relationship: str = ""
    why_ended: str = ""
    reason_code: str = ""
    """Why it ended, as the statutory return says it."""
    facts: list[tuple[FactKind, date]] = field(default_factory=list)
    assessed_on: date | None = None
    """Where the child came before the assessment (regulation 19): the day on which it was complete."""
    mistake: MistakePlan | None = None
    approval_recorded: bool = True
    decided_with_parents: bool = False
    visits: list[VisitPlan] = field(default_factory=list)
    chains: list[ChainPlan] = field(default_factory=list)


@dataclass(eq=False, slots=True)
class ReviewPlan:
    """One looked-after review."""

    scheduled_on: date
    held_on: date | None = None
    participation: str = ""


@dataclass(eq=False, slots=True)
class AllocationPlan:
    """A worker allocated to the child."""

    role: Role
    by: str
    starts_at: datetime
    ends_at: datetime | None = None


@dataclass(eq=False, slots=True)
class ChildPlan:
    """One child's history."""

    story: str
    reference: str
    forename: str
    surname: str
    sex: str
    ethnicity: str
    born_on: date
    upn: str
    team: str
    need: str
    """The category of need of the statutory return."""
    home_postcode: str
    care_from: date
    care_to: date | None = None
    how_ended: str = ""
    legal: list[tuple[date, str]] = field(default_factory=list)
    allocations: list[AllocationPlan] = field(default_factory=list)
    placements: list[PlacementPlan] = field(default_factory=list)
    reviews: list[ReviewPlan] = field(default_factory=list)
    enquiries: list[EnquiryPlan] = field(default_factory=list)
    meetings: list[MeetingPlan] = field(default_factory=list)
    decisions: list[DecisionPlan] = field(default_factory=list)
    former_name: str = ""
    restricted_because: str = ""
    people_named: tuple[str, ...] = ()
    imported_at: datetime | None = None
    """When a file of the return brought this child, where that is how the child came here."""

    @property
    def home_now(self) -> PlacementPlan | None:
        """Where the child lives now."""
        return next((placement for placement in reversed(self.placements) if placement.ends_at is None), None)

    def legal_on(self, day: date) -> str:
        """The legal status on a day; empty before the first."""
        codes = [code for since, code in self.legal if since <= day]
        return codes[-1] if codes else ""

    def worker_at(self, moment: datetime, role: Role = Role.SOCIAL_WORKER) -> str:
        """Who is allocated at a moment; empty where nobody is."""
        for allocation in self.allocations:
            holds = allocation.starts_at <= moment and (allocation.ends_at is None or moment < allocation.ends_at)
            if allocation.role == role and holds:
                return allocation.by
        return ""


@dataclass(eq=False, slots=True)
class Plan:
    """The whole invented authority at a moment."""

    seed: int
    at: datetime
    went_live_at: datetime
    """When the authority began to work with Hearth: what is older was taken over in one go."""
    people: dict[str, PersonPlan] = field(default_factory=dict)
    teams: dict[str, str] = field(default_factory=dict)
    """Each team's area."""
    homes: list[HomePlan] = field(default_factory=list)
    children: list[ChildPlan] = field(default_factory=list)

    def holders(self, role: Role, *, team: str = "", area: str = "") -> Iterator[str]:
        """The user names of those who hold a role at the plan's moment, in a team, an area or the whole authority."""
        for person in self.people.values():
            for held in person.appointments:
                if (held.role, held.team, held.area) == (role, team, area) and held.ends_at is None:
                    yield person.username

    def holder(self, role: Role, team: str) -> str:
        """Who holds a role for a team's children: in the team, its area or the authority."""
        places = ({"team": team}, {"area": self.teams[team]}, {})
        return next(name for place in places for name in self.holders(role, **place))
