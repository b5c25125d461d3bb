"""Situations for tests, built by taking the steps: no test starts from a record that could not have come about.

`World` is a small authority with one properly appointed person per role and the children of every near miss: my own, my
team's, another team's, another area's, a restricted one. The functions put a child where a test needs one:

    world = World()
    placement = with_unapproved_relative(world.own_child, since=days_before(20))
    discussion = chain_at(State.AGREED, placement)

Every fact goes through `casework.steps`. Nothing here reads the clock: `NOW` is a Monday at ten, and every function
takes `at`, `since` or `on`. Days may be given where moments are asked for: they mean ten o'clock.
"""

import itertools
import uuid
from datetime import UTC, date, datetime, timedelta
from functools import cache

from django.contrib.auth.hashers import make_password
from django.db import transaction

from accounts.models import Appointment, ServiceArea, Team, User
from accounts.roles import Role
from approvals.states import ApprovedAs, State
from bench.chains import CONTENT, Chain, ChainPeople, to_convene
from casework.limits import LONDON
from casework.models import CaseFile
from casework.steps import write_down
from children import access
from children.models import (
    Allocation,
    CarePeriod,
    Child,
    ChildName,
    LegalStatus,
    LookedAfterReview,
    Restriction,
    TeamHolding,
)
from placements.models import (
    Authorisation,
    Carer,
    CarerApproval,
    Home,
    HomeRegistration,
    Placement,
    PlacementFact,
    Provider,
    RegulatorNotice,
)
from placements.states import (
    ApprovalKind,
    AuthorisationKind,
    FactKind,
    FosteringSector,
    RegistrationStatus,
    Regulator,
    Setting,
)
from visits.models import PlannedVisit, RoomPhoto, Visit, WhyNotAlone

NOW = datetime(2026, 3, 9, 10, 0, tzinfo=UTC)
"""Monday 9 March 2026, ten o'clock in London: the moment at which a test's story stands if it does not say."""
TODAY = NOW.date()
FOUNDED = NOW - timedelta(days=5 * 365)
"""Since when the people are appointed."""
PASSWORD = "a long demonstration phrase"

IN_A_TEAM = (Role.SOCIAL_WORKER, Role.PERSONAL_ADVISER, Role.TEAM_MANAGER)
IN_AN_AREA = (Role.SERVICE_MANAGER, Role.DHOS, Role.HOS)
LINE = {
    Role.SOCIAL_WORKER: Role.TEAM_MANAGER,
    Role.PERSONAL_ADVISER: Role.TEAM_MANAGER,
    Role.TEAM_MANAGER: Role.SERVICE_MANAGER,
    Role.SERVICE_MANAGER: Role.DHOS,
    Role.DHOS: Role.HOS,
    Role.HOS: Role.SERVICE_DIRECTOR,
    Role.SERVICE_DIRECTOR: Role.DCS,
}

_numbers = itertools.count(1)


def days_before(count, *, at=NOW):
    """The moment a number of days before another, at the same time of day."""
    return at - timedelta(days=count)


def moment(when):
    """An aware moment: a day means ten o'clock in London on that day."""
    if isinstance(when, datetime):
        return when
    return datetime(when.year, when.month, when.day, 10, tzinfo=LONDON).astimezone(UTC)


def day(when):
    """The local day of a moment."""
    return when.astimezone(LONDON).date() if isinstance(when, datetime) else when


def birthday(age, *, on=TODAY):
    """The birthday of a child who turned this age some four months before a day."""
    return date(on.year - age, on.month, 1) - timedelta(days=120)


def holding(*roles):
    """The permission to write for whoever holds one of these roles."""
    return lambda about, user, at: user.holds(*roles, at=at)


anybody_in_the_case = holding(Role.SOCIAL_WORKER, Role.TEAM_MANAGER, Role.DHOS, Role.IRO)


# People


def sign_in(role):
    """The user name of whoever is the one person in a role."""
    return role.value.replace("_", "-")


@cache
def _hashed_password():
    return make_password(PASSWORD)


def a_person(name, *, forename="", surname=""):
    """Somebody with a sign-in and no appointment yet. Sign in with `client.force_login(person)` or PASSWORD."""
    forename, _, rest = name.partition("-") if not forename else (forename, "", surname)
    return User.objects.create(
        username=name,
        first_name=forename.capitalize(),
        last_name=(surname or rest.replace("-", " ") or "Person").capitalize(),
        password=_hashed_password(),
    )


def appointed(person, role, *, team=None, area=None, since=FOUNDED, until=None, acting_for=None, line_manager=None):
    """The person, now holding a role; `until` is the first moment at which it holds no longer."""
    Appointment.objects.create(
        user=person,
        role=role,
        team=team,
        area=area,
        starts_at=moment(since),
        ends_at=moment(until) if until else None,
        acting_for=acting_for,
        line_manager=line_manager,
    )
    person.__dict__.pop("_appointments_read", None)
    return person


def a(role, *, name=None, **where):
    """A new person who holds a role: `a(Role.SOCIAL_WORKER, team=world.team)`."""
    return appointed(a_person(name or f"{sign_in(role)}-{next(_numbers)}"), role, **where)


class World:
    """Two areas, three teams, one person per role, and the children of every near miss.

    `world.social_worker`, `world.dhos`, ... are the people of the first team and area; `world.person(role)` is the same
    by Role, `world.elsewhere(role)` the person of the same role in the second area, who must not be let in.
    """

    def __init__(self, at=NOW):
        with transaction.atomic():
            self.at = at
            self.area = ServiceArea.objects.create(name="East of the river")
            self.other_area = ServiceArea.objects.create(name="West of the river")
            self.team = Team.objects.create(name="Alder team", area=self.area)
            self.second_team = Team.objects.create(name="Birch team", area=self.area)
            self.other_areas_team = Team.objects.create(name="Cedar team", area=self.other_area)
            self._people = {role: a_person(sign_in(role)) for role in Role}
            self._elsewhere = {role: a_person(f"{sign_in(role)}-west") for role in IN_A_TEAM + IN_AN_AREA}
            self._appoint()
            self.colleague = self._in_team("colleague", self.team)
            self.second_teams_worker = self._in_team("second-teams-worker", self.second_team)
            self.second_teams_manager = a(
                Role.TEAM_MANAGER, name="second-teams-manager", team=self.second_team, line_manager=self.service_manager
            )
            self._bring_up_children()

    def __getattr__(self, name):
        """The first area's person in a role, by the role's value."""
        people = self.__dict__.get("_people", {})
        if name in people:
            return people[Role(name)]
        raise AttributeError(name)

    def person(self, role):
        """The person of the first team and area, or of the authority, who holds a role."""
        return self._people[role]

    def elsewhere(self, role):
        """The person who holds this role in the other area; of the whole authority's roles there is one person only."""
        return self._elsewhere[role]

    @property
    def chain_people(self):
        """Who takes part in a chain about a child of the first team; the social worker is the child's own."""
        return ChainPeople(**{name: self._people[Role(name)] for name in ChainPeople.__dataclass_fields__})

    def a_child(self, **traits):
        """A child of the first team; see `a_child`."""
        return a_child(**{"team": self.team, "by": self.team_manager, "reviewed_by": self.iro, **traits})

    def noise(self):
        """Children who must not turn up: of another area, another team, and one who left care."""
        west = {"team": self.other_areas_team, "by": self.elsewhere(Role.TEAM_MANAGER)}
        gone = self.a_child(worker=self.colleague)
        left_care(gone, on=day(self.at) - timedelta(days=60), by=self.team_manager)
        return [
            settled(a_child(worker=self.elsewhere(Role.SOCIAL_WORKER), **west)),
            settled(self.a_child(team=self.second_team, worker=self.second_teams_worker, by=self.second_teams_manager)),
            gone,
        ]

    def _appoint(self):
        for people, team, area in (
            (self._people, self.team, self.area),
            (self._elsewhere, self.other_areas_team, self.other_area),
        ):
            for role, person in people.items():
                where = {"team": team} if role in IN_A_TEAM else {"area": area} if role in IN_AN_AREA else {}
                above = LINE.get(role)
                appointed(person, role, line_manager=people.get(above) or self._people.get(above), **where)

    def _in_team(self, name, team):
        return a(Role.SOCIAL_WORKER, name=name, team=team, line_manager=self.team_manager)

    def _bring_up_children(self):
        self.own_child = self.a_child(worker=self.social_worker)
        """Allocated to `social_worker`."""
        self.teams_child = self.a_child(worker=self.colleague)
        """Allocated to a colleague in the same team."""
        self.second_teams_child = self.a_child(
            team=self.second_team, worker=self.second_teams_worker, by=self.second_teams_manager
        )
        """Of another team of the same area."""
        self.other_areas_child = a_child(
            team=self.other_areas_team,
            worker=self.elsewhere(Role.SOCIAL_WORKER),
            by=self.elsewhere(Role.TEAM_MANAGER),
        )
        """Of a team of the other area."""
        self.restricted_child = self.a_child(worker=self.colleague)
        """Of the first team, restricted: only `colleague` and `dhos` are named."""
        restricted_to(self.restricted_child, self.colleague, self.dhos, by=self.service_manager)

    @property
    def children(self):
        """The five children of the world."""
        return [
            self.own_child,
            self.teams_child,
            self.second_teams_child,
            self.other_areas_child,
            self.restricted_child,
        ]


# Children


def a_child(
    *,
    team,
    by,
    worker=None,
    reviewed_by=None,
    age=9,
    born=None,
    care_since=None,
    legal="C2",
    forename=None,
    surname=None,
    opened_at=None,
    known_from=None,
):
    """A looked-after child, held by a team, with an allocated social worker if one is given. Lives nowhere yet.

    `by` is the team manager who opens the file. Care began 300 days before NOW unless the test says otherwise.
    """
    number = next(_numbers)
    since = moment(care_since or days_before(300))
    opened = moment(opened_at or since)
    with transaction.atomic():
        case_file = CaseFile.objects.create(kind=CaseFile.Kind.CHILD, opened_at=opened, known_from=known_from)
        child = Child(
            case_file=case_file,
            reference=f"T{number:06d}",
            forename=forename or f"Robin{number}",
            surname=surname or "Testchild",
            date_of_birth=born or birthday(age, on=TODAY),
        )
        facts = [
            child,
            ChildName(child=child, kind=ChildName.Kind.PRESENT, name=child.name),
            CarePeriod(child=child, started_on=day(since)),
            LegalStatus(child=child, code=legal, from_on=day(since)),
            TeamHolding(child=child, team=team, starts_at=opened),
        ]
        for role, person in ((Role.SOCIAL_WORKER, worker), (Role.IRO, reviewed_by)):
            if person:
                facts.append(Allocation(child=child, role=role, person=person, starts_at=opened))
        write_down(*facts, act="open", about=child, may=anybody_in_the_case, by=by, at=opened)
    return child


def manager_of(child, *, at=NOW):
    """The team manager of the team that holds the child: who writes facts down unless a test names somebody."""
    team = child.holdings.in_force(at).get().team
    manager = Appointment.objects.in_force(at).filter(role=Role.TEAM_MANAGER, team=team).first()
    return manager.user


def note(*facts, act, child, by=None, at=NOW, may=anybody_in_the_case, because=""):
    """Write facts into a child's file, by its team manager unless somebody else is named. Gives back the first."""
    write_down(*facts, act=act, about=child, may=may, by=by or manager_of(child), at=at, because=because)
    return facts[0]


def allocated_to(child, person, *, role=Role.SOCIAL_WORKER, since=NOW, until=None, by=None):
    """The child, now allocated to a person; whoever was allocated before is so no longer."""
    starts = moment(since)
    before = child.allocations.in_force(starts).filter(role=role).first()
    ends = moment(until) if until else None
    facts = [Allocation(child=child, role=role, person=person, starts_at=starts, ends_at=ends)]
    if before:
        before.ends_at = starts
        facts.insert(0, before)
    note(*facts, act="allocate", child=child, by=by, at=starts)
    return child


def restricted_to(child, *people, since=None, until=None, by=None, because="A relative works for the council."):
    """The child, whose record is now seen only by the people named."""
    starts = moment(since or days_before(200))
    by = by or manager_of(child)
    restriction = Restriction(
        child=child, because=because, starts_at=starts, ends_at=moment(until) if until else None, by=by
    )
    may = holding(Role.SERVICE_MANAGER, Role.TEAM_MANAGER, Role.HOS)
    if not child.restrictions.in_force(starts).exists():
        note(restriction, act="restrict", child=child, by=by, at=starts, may=may)
    for person in people:
        access.name_on_restriction(person, child, at=starts, because=because)
    return child


def under(child, legal, *, since, by=None):
    """The child, whose legal status is another one from a day on."""
    note(LegalStatus(child=child, code=legal, from_on=day(since)), act="change_legal_status", child=child, by=by)
    return child


def review(child, scheduled_on, *, held_on=None, by=None):
    """A looked-after review, scheduled and, if a day is given, held."""
    found = LookedAfterReview(child=child, scheduled_on=day(scheduled_on), held_on=day(held_on) if held_on else None)
    at = moment(held_on or scheduled_on)
    return note(found, act="record_review", child=child, by=by, at=min(at, NOW))


def left_care(child, *, on, how="E4A", by=None):
    """The child, who is no longer looked after; a placement that was open ends on the same day."""
    period = child.care_periods.get(ended_on=None)
    period.ended_on, period.how_ended = day(on), how
    facts = [period]
    for placement in child.placements.filter(ended_at=None):
        placement.ended_at, placement.why_ended = moment(on), "Ceased to be looked after"
        facts.append(placement)
    note(*facts, act="cease_care", child=child, by=by, at=moment(on))
    return child


# Homes


def a_home(setting=Setting.CHILDRENS_HOME, *, registered=RegistrationStatus.REGISTERED, since=None, by=None, **about):
    """A home with its provider, and where it stands with Ofsted; None where no registration is recorded."""
    number = next(_numbers)
    by = by or a(Role.COMMISSIONING)
    from_at = moment(since or days_before(900))
    with transaction.atomic():
        provider = Provider(
            case_file=CaseFile.objects.create(kind=CaseFile.Kind.PROVIDER, opened_at=from_at), name=f"Provider {number}"
        )
        commissioning = holding(Role.COMMISSIONING, Role.PLACEMENT_SERVICE)
        write_down(provider, act="open", about=provider, may=commissioning, by=by, at=from_at)
        home = Home(
            case_file=CaseFile.objects.create(kind=CaseFile.Kind.HOME, opened_at=from_at),
            provider=provider,
            setting=setting,
            **{"name": f"Home {number}", "urn": f"{1000000 + number}", **about},
        )
        facts = [home]
        if registered:
            facts.append(HomeRegistration(home=home, status=registered, from_on=day(from_at)))
        write_down(*facts, act="open", about=home, may=commissioning, by=by, at=from_at)
    return home


def registration(home, status, *, since, by=None):
    """The home, which stands differently with its regulator from a day on."""
    by = by or a(Role.COMMISSIONING)
    row = HomeRegistration(home=home, status=status, from_on=day(since), regulator=home.regulator or Regulator.OFSTED)
    may = holding(Role.COMMISSIONING)
    write_down(row, act="change_registration", about=home, may=may, by=by, at=moment(since))
    return home


def notice_of_concern(home, *, on, by=None):
    """The regulator's notice of concern about a home."""
    by = by or a(Role.COMMISSIONING)
    notice = RegulatorNotice(home=home, given_on=day(on), says="Concerns about staffing at night.")
    write_down(notice, act="record_notice", about=home, may=holding(Role.COMMISSIONING), by=by, at=moment(on))
    return notice


# Where the child lives


def placed(child, setting, *, since, home=None, carer=None, facts=(), by=None, ended=None, **about):
    """A placement of the child from a moment on, with its facts; the placement before it ends then."""
    starts = moment(since)
    before = child.placements.filter(ended_at=None).first()
    if before and before.started_at < starts:
        before.ended_at = starts
        note(before, act="end_placement", child=child, by=by, at=starts)
    placement = Placement(
        child=child,
        setting=setting,
        home=home,
        carer=carer,
        started_at=starts,
        ended_at=moment(ended) if ended else None,
        **about,
    )
    first = [carer] if carer and carer.pk is None else []
    note(*first, placement, *facts, act="place", child=child, by=by, at=starts)
    return placement


def _carer(**about):
    return Carer(**{"name": f"Carer {next(_numbers)}", "address": "1 Invented Lane", **about})


def settled(child, *, since=None, **more):
    """The child, who lives with an approved in-house foster carer."""
    in_foster_care(child, since=since or days_before(250), **more)
    return child


def in_foster_care(child, *, since=None, sector=FosteringSector.IN_HOUSE, **more):
    """With an approved foster carer, of the authority or of an agency."""
    carer = _carer(sector=sector)
    approval = CarerApproval(
        carer=carer, kind=ApprovalKind.APPROVED, from_on=day(days_before(1500)), decided_by="Agency decision maker"
    )
    setting = Setting.IN_HOUSE_FOSTER if sector == FosteringSector.IN_HOUSE else Setting.IFA_FOSTER
    return placed(child, setting, since=since or days_before(250), carer=carer, facts=(approval,), **more)


def in_childrens_home(child, *, since=None, home=None, registered=RegistrationStatus.REGISTERED, **more):
    """In a children's home; `registered` says where the home stands with Ofsted."""
    home = home or a_home(registered=registered)
    return placed(child, Setting.CHILDRENS_HOME, since=since or days_before(100), home=home, **more)


def in_supported_accommodation(child, *, since=None, home=None, registered=RegistrationStatus.REGISTERED, **more):
    """In supported accommodation; lawful at 16 and 17, and where it is registered."""
    home = home or a_home(Setting.SUPPORTED_ACCOMMODATION, registered=registered)
    return placed(child, Setting.SUPPORTED_ACCOMMODATION, since=since or days_before(100), home=home, **more)


def in_a_hotel(child, *, since=None, **more):
    """In a hotel: not permitted under 18, and recorded all the same."""
    return placed(child, Setting.HOTEL, since=since or days_before(1), **more)


def with_parent(child, *, since=None, assessed=True, **more):
    """With a parent under a care order, as decided; `assessed=False` for an immediate placement under regulation 19."""
    starts = moment(since or days_before(100))
    mother = _carer(name="The mother")
    placement = placed(child, Setting.PARENT, since=starts, carer=mother, relationship="Mother", **more)
    if assessed:
        fact = Authorisation(
            placement=placement,
            kind=AuthorisationKind.WITH_PARENTS,
            starts_at=starts,
            by=manager_of(child, at=starts),
        )
        note(fact, act="authorise", child=child, at=starts)
    else:
        fact = PlacementFact(placement=placement, kind=FactKind.REG19, from_on=day(starts))
        note(fact, act="record_regulation_19", child=child, at=starts)
    return placement


def with_unapproved_relative(child, *, since=None, **more):
    """With a connected person whom nobody has approved: unregulated, and the alarm runs from this moment."""
    starts = since or days_before(20)
    return placed(child, Setting.CONNECTED_PERSON, since=starts, carer=_carer(), relationship="Maternal aunt", **more)


def with_approved_relative(child, *, since=None, approved_since=None, **more):
    """With a connected person who is an approved foster carer."""
    starts = since or days_before(100)
    carer = _carer(sector=FosteringSector.IN_HOUSE)
    approval = CarerApproval(carer=carer, kind=ApprovalKind.APPROVED, from_on=day(approved_since or starts))
    relation = {"relationship": "Grandmother"}
    return placed(child, Setting.CONNECTED_PERSON, since=starts, carer=carer, facts=(approval,), **relation, **more)


def with_temporary_approval(child, *, since=None, until=None, **more):
    """With a connected person approved for 16 weeks (regulation 24); `until` is the first day without approval."""
    starts = since or days_before(30)
    ends = day(until) if until else day(moment(starts)) + timedelta(weeks=16)
    carer = _carer()
    approval = CarerApproval(carer=carer, kind=ApprovalKind.TEMPORARY, from_on=day(starts), to_on=ends)
    relation = {"relationship": "Older sister"}
    return placed(child, Setting.CONNECTED_PERSON, since=starts, carer=carer, facts=(approval,), **relation, **more)


def with_relative_of_unknown_approval(child, *, since=None, **more):
    """As an imported return says it (U3): with a relative, and nothing about approval (D-08)."""
    starts = since or days_before(100)
    more = {"approval_recorded": False, "source_code": "U3", "source_provider_code": "PR1", **more}
    return placed(child, Setting.CONNECTED_PERSON, since=starts, carer=_carer(), **more)


def approved_from(placement, *, since, kind=ApprovalKind.APPROVED, until=None, by=None):
    """The placement, whose carer is approved from a day on."""
    approval = CarerApproval(
        carer=placement.carer, kind=kind, from_on=day(since), to_on=day(until) if until else None, decided_by="Panel"
    )
    note(approval, act="approve_carer", child=placement.child, by=by, at=moment(since))
    return placement


def ended(placement, *, on, why="Moved", by=None):
    """The placement, now over."""
    placement.ended_at, placement.why_ended = moment(on), why
    return note(placement, act="end_placement", child=placement.child, by=by, at=moment(on))


# Visits


def visited(placement, on, *, by=None, role=Role.SOCIAL_WORKER, seen=True, alone=True, why_not_alone="", **more):
    """A visit to the child in this placement, by the allocated social worker unless somebody else is named."""
    at = moment(on)
    visitor = by or placement.child.allocations.in_force(at).get(role=role).person
    visit = Visit(
        placement=placement,
        visitor=visitor,
        role=role,
        made_at=at,
        recorded_at=more.pop("recorded_at", at + timedelta(hours=2)),
        child_seen=seen,
        seen_alone=seen and alone,
        why_not_alone=why_not_alone or (WhyNotAlone.NOT_APPROPRIATE if seen and not alone else ""),
        account=more.pop("account", "We talked about school and about the weekend."),
        key=uuid.uuid4(),
        **more,
    )
    note(visit, act="record_visit", child=placement.child, by=visitor, at=at, may=holding(role))
    return visit


def planned(placement, on, *, by=None, role=Role.SOCIAL_WORKER, at=NOW, **more):
    """A visit planned to the child in this placement, by the allocated social worker unless somebody else is named."""
    visitor = by or placement.child.allocations.in_force(at).get(role=role).person
    plan = PlannedVisit(
        child=placement.child,
        placement=placement,
        visitor=visitor,
        role=role,
        planned_on=day(on),
        planned_at=at,
        **more,
    )
    return note(plan, act="plan_visit", child=placement.child, by=visitor, at=at, may=holding(role))


def photographed(visit, *, says="The bed under the window", image=b"a picture", **more):
    """A photograph of a visit, added by whoever made it; the picture itself is none."""
    at = more.pop("at", visit.recorded_at)
    photo = RoomPhoto(visit=visit, says=says, image=image, width=8, height=6, added_by=visit.visitor, added_at=at)
    child = visit.placement.child
    return note(photo, act="add_photograph", child=child, by=visit.visitor, at=at, may=holding(Role(visit.role)))


# The sign-off chain


def chain_at(state, placement, *, people=None, held_at=None, approved_as=ApprovedAs.INTERIM, content=None):
    """A case discussion about a placement, taken to a state by its own steps, each by the person who owes it.

    The people are those of the child's team and area; the social worker is the allocated one. The discussion is held
    ten days after the placement began (or `held_at`); each step follows at the time that `bench.chains` gives it.
    """
    child = placement.child
    held = moment(held_at or placement.started_at + timedelta(days=10))
    people = people or people_around(child, at=held)
    discussion = to_convene(placement)
    chain = Chain(discussion, people, held, approved_as=approved_as, content=content or CONTENT)
    return chain.take_all(State(state))


def people_around(child, *, at=NOW):
    """Who takes part in a chain about a child: its worker, its team's, area's and authority's people at a moment."""
    team = child.holdings.in_force(at).select_related("team__area").get().team
    appointed_then = Appointment.objects.in_force(at).select_related("user")
    places = ({"team": team}, {"area": team.area}, {"team": None, "area": None})

    def holder(role):
        return next(found.user for place in places for found in appointed_then.filter(role=role, **place)[:1])

    return ChainPeople(
        social_worker=child.allocations.in_force(at).get(role=Role.SOCIAL_WORKER).person,
        team_manager=holder(Role.TEAM_MANAGER),
        legal=holder(Role.LEGAL),
        dhos=holder(Role.DHOS),
        hos=holder(Role.HOS),
        service_director=holder(Role.SERVICE_DIRECTOR),
    )
