"""Takes a plan through the door into the database: every fact by the person who would have recorded it, at its own time.

What is older than the day on which the authority began to work with Hearth was taken over from the system before: one
event per child. From that day on each fact has its own event and each step of a chain is taken by its own person.
Everything is one transaction, and the diary looks once, at the end.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache, partial
from typing import Any
from uuid import UUID, uuid5

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import Model
from django.urls import reverse

from accounts.models import Appointment, ServiceArea, Team, User
from accounts.roles import Role
from bench import names
from bench.authority import BROKE_THE_GLASS, PASSWORD
from bench.chains import Chain, ChainPeople, Taken, to_convene
from bench.decisions import Course
from bench.enquiries import Enquiry
from bench.loading_forms import Filled, plans_of
from bench.loading_homes import Homes, at_hour
from bench.loading_reviews import reviews_of
from bench.meetings import Met
from bench.plan import (
    AllocationPlan,
    ChainPlan,
    ChildPlan,
    DecisionPlan,
    EnquiryPlan,
    MeetingPlan,
    MistakePlan,
    PlacementPlan,
    Plan,
    VisitPlan,
)
from casework import diary
from casework.diary import Batch
from casework.models import Authority, CaseFile, Reading
from casework.rules_in_force import rules_in_force
from casework.steps import write_down
from casework.wording import said_moment
from children import access
from children.breaking_glass import open_record
from children.models import (
    Allocation,
    CarePeriod,
    Child,
    ChildName,
    LegalStatus,
    Restriction,
    TeamHolding,
)
from children.permissions import may_allocate, may_open, may_record
from children.states import WhyOpened, WhyRestricted
from placements.models import (
    Authorisation,
    CarerApproval,
    Placement,
    PlacementFact,
)
from placements.standing import keep_standings
from placements.states import AuthorisationKind, FactKind, Setting
from placements.telling import said_period
from visits.models import Visit
from visits.permissions import may_record_visit

VISIT_KEYS = UUID("0b2f6e0a-0903-4c1e-9d6a-2f0f6f6a0903")
RECORDED_AFTER = timedelta(hours=2)


def load(plan: Plan) -> None:
    """Write the whole authority, in one transaction, and look once at what is due."""
    with transaction.atomic():
        Authority.objects.create(code=names.AUTHORITY_CODE, name=names.AUTHORITY, set_at=plan.went_live_at)
        with diary.one_look_at_the_end(announce=False):
            people = _appoint(plan)
            homes = Homes(plan, people)
            for home in plan.homes:
                homes.open(home)
            files = [ChildFile(plan, child, people, homes) for child in plan.children]
            for file in files:
                file.write()
            _break_glass(next((file.record for file in files if file.child.restricted_because), None), people, plan.at)
            _see_off(plan)


# People


def _appoint(plan: Plan) -> dict[str, User]:
    """Everybody with a sign-in, active for now: those who left recorded things before they did."""
    password = make_password(PASSWORD)
    users = User.objects.bulk_create(
        User(username=p.username, first_name=p.forename, last_name=p.surname, password=password)
        for p in plan.people.values()
    )
    people = {user.username: user for user in users}
    areas = {name: ServiceArea.objects.create(name=name) for name in dict.fromkeys(plan.teams.values())}
    teams = {name: Team.objects.create(name=name, area=areas[area]) for name, area in plan.teams.items()}
    Appointment.objects.bulk_create(
        Appointment(
            user=people[person.username],
            role=held.role,
            team=teams.get(held.team),
            area=areas.get(held.area),
            starts_at=held.starts_at,
            ends_at=held.ends_at,
            acting_for=people.get(held.acting_for),
            line_manager=people.get(held.line_manager),
        )
        for person in plan.people.values()
        for held in person.appointments
    )
    return people


def _see_off(plan: Plan) -> None:
    """Those who have left can no longer sign in."""
    gone = [person.username for person in plan.people.values() if not person.is_active]
    for user in User.objects.filter(username__in=gone):
        user.is_active = False
        user.save(update_fields=["is_active"])


def _break_glass(child: Child | None, people: dict[str, User], at: datetime) -> None:
    """Somebody who is not named opened the restricted record this morning for an hour, and nobody has reviewed it yet."""
    if child is None:
        return
    told = {"why": WhyOpened.OUT_OF_HOURS, "because": "The school rang: nobody of the team could be reached."}
    use = open_record(child, hours=1, **told, by=people[BROKE_THE_GLASS], at=at - timedelta(hours=2))
    for minutes, page in ((1, "child"), (3, "timeline")):
        address = reverse(f"children:{page}", args=[child.pk])
        read_at = use.starts_at + timedelta(minutes=minutes)
        Reading.objects.create(user=use.by, case_files=[child.case_file_id], page=address, at=read_at)


def may_restrict(child: Any, user: User, at: datetime) -> bool:
    """The service manager of an area."""
    return user.holds(Role.SERVICE_MANAGER, at=at)


def may_import(child: Any, user: User, at: datetime) -> bool:
    """Whoever loads the files of the return."""
    return user.holds(Role.ADMINISTRATOR, at=at)


# Children


@dataclass(slots=True)
class Deed:
    """Something that was recorded at a moment: facts, or a step of a chain."""

    at: datetime
    act: str
    by: str
    facts: Callable[[], Iterable[Model]] | None = None
    step: Callable[[], Any] | None = None
    may: Callable[[Any, Any, datetime], bool] = may_record
    about: Any = None
    """The record that holds the file, where it is not the child."""
    details: Mapping[str, Any] | None = None
    """What the event tells beyond its title."""
    because: str = ""


class ChildFile:
    """One child's history on its way into the record."""

    def __init__(self, plan: Plan, child: ChildPlan, people: dict[str, User], homes: Homes) -> None:
        self.plan = plan
        self.child = child
        self.people = people
        self.homes = homes
        self.manager = plan.holder(Role.TEAM_MANAGER, child.team)
        self.opened_at = child.imported_at or max(at_hour(child.care_from, 9), plan.went_live_at)
        self.is_taken_over = child.imported_at is not None or at_hour(child.care_from, 9) < plan.went_live_at
        self.record = Child(
            reference=child.reference,
            upn=child.upn,
            forename=child.forename,
            surname=child.surname,
            date_of_birth=child.born_on,
            sex=child.sex,
            ethnicity=child.ethnicity,
        )
        self.care = CarePeriod(child=self.record, started_on=child.care_from)
        self.placements: dict[PlacementPlan, Placement] = {}
        self.allocations: dict[AllocationPlan, Allocation] = {}

    def write(self) -> None:
        """Open the file with what was known then, and record everything else in the order in which it happened."""
        self.record.case_file = CaseFile.objects.create(
            kind=CaseFile.Kind.CHILD,
            opened_at=self.opened_at,
            known_from=self.opened_at if self.is_taken_over else None,
        )
        deeds = sorted(self.deeds(), key=lambda deed: deed.at)
        known = [fact for deed in deeds if deed.at <= self.opened_at and deed.facts for fact in deed.facts()]
        facts = {id(fact): fact for fact in [*self._first_facts(), *known]}.values()
        if self.child.imported_at:
            write_down(*facts, **self._opening("load_return", "administrator", may_import))
        else:
            write_down(*facts, **self._opening("take_over" if self.is_taken_over else "open", self.manager, may_open))
        self._restrict()
        for deed in deeds:
            if deed.at > self.opened_at:
                self.do(deed)

    def _opening(self, act: str, by: str, may: Callable[[Any, Any, datetime], bool]) -> dict[str, Any]:
        return {"act": act, "about": self.record, "may": may, "by": self.people[by], "at": self.opened_at}

    def do(self, deed: Deed) -> None:
        """Through the door."""
        if deed.step:
            deed.step()
        elif deed.facts:
            about = deed.about or self.record
            said = {"act": deed.act, "may": deed.may, "details": deed.details, "because": deed.because}
            write_down(*deed.facts(), about=about, by=self.people[deed.by], at=deed.at, **said)

    def deeds(self) -> Iterator[Deed]:
        """Everything that was recorded about the child, in no order."""
        yield from self._legal_statuses()
        yield from self._allocations()
        yield from (Deed(**each) for each in (*reviews_of(self), *plans_of(self)))
        for placement in self.child.placements:
            yield from self._placement(placement)
        for enquiry in self.child.enquiries:
            yield from self._enquiry(enquiry)
        for meeting in self.child.meetings:
            yield from self._meeting(meeting)
        for decision in self.child.decisions:
            yield from self._decision(decision)
        if self.child.care_to:
            yield Deed(at_hour(self.child.care_to, 12), "cease_care", self.manager, facts=self._care_ended)

    # The child and the care

    def _first_facts(self) -> list[Model]:
        team = Team.objects.get(name=self.child.team)
        facts: list[Model] = [self.record, self.care]
        held_since = self.child.imported_at or at_hour(self.child.care_from, 9)
        facts.append(TeamHolding(child=self.record, team=team, starts_at=held_since))
        if self.record.forename or self.record.surname:
            facts.append(ChildName(child=self.record, kind=ChildName.Kind.PRESENT, name=self.record.name))
        if self.child.former_name:
            facts.append(ChildName(child=self.record, kind=ChildName.Kind.FORMER, name=self.child.former_name))
        return facts

    def _care_ended(self) -> list[Model]:
        """With the care end the last placement and the allocations."""
        self.care.ended_on, self.care.how_ended = self.child.care_to, self.child.how_ended
        home = self.child.placements[-1]
        still = [plan for plan in self.child.allocations if plan.ends_at and plan.ends_at.date() == self.child.care_to]
        allocations = [_set(self.allocations[plan], ends_at=plan.ends_at) for plan in still]
        return [self.care, self._ended(home), *allocations]

    def _legal_statuses(self) -> Iterator[Deed]:
        for since, code in self.child.legal:
            status = LegalStatus(child=self.record, code=code, from_on=since)
            at = self.opened_at if since == self.child.care_from else at_hour(since, 16)
            yield Deed(at, "change_legal_status", self.manager, facts=lambda status=status: [status])

    def _allocations(self) -> Iterator[Deed]:
        """Each worker's time with the child; whoever comes next ends the time of the one before."""
        for plan in self.child.allocations:
            allocation = self.allocations[plan] = Allocation(
                child=self.record, role=plan.role, person=self.people[plan.by], starts_at=plan.starts_at
            )
            facts = partial(self._succeeding, plan, allocation)
            at = (
                max(plan.starts_at, self.opened_at) if plan.starts_at.date() == self.child.care_from else plan.starts_at
            )
            yield Deed(at, "allocate", self.manager, facts=facts, may=may_allocate)

    def _succeeding(self, plan: AllocationPlan, allocation: Allocation) -> list[Model]:
        before = [p for p in self.child.allocations if p.role == plan.role and p.ends_at == plan.starts_at]
        return [*(_set(self.allocations[p], ends_at=p.ends_at) for p in before), allocation]

    def _restrict(self) -> None:
        """From the day on which the file was opened only the people named see it."""
        if not self.child.restricted_because:
            return
        manager = self.people[self.plan.holder(Role.SERVICE_MANAGER, self.child.team)]
        restriction = Restriction(
            child=self.record,
            why=WhyRestricted.RELATIVE_OF_STAFF,
            because=self.child.restricted_because,
            starts_at=self.opened_at,
            by=manager,
        )
        opened = {"about": self.record, "by": manager, "at": self.opened_at}
        write_down(restriction, act="restrict", may=may_restrict, because=restriction.because, **opened)
        for name in self.child.people_named:
            access.name_on_restriction(self.people[name], self.record, at=self.opened_at, because=restriction.because)

    # Where the child lives

    def _placement(self, plan: PlacementPlan) -> Iterator[Deed]:
        record = self.placements[plan] = Placement(
            child=self.record,
            setting=plan.setting if plan.mistake is None else plan.mistake.setting or plan.setting,
            home=self.homes.homes[plan.home] if plan.home else None,
            started_at=plan.starts_at,
            relationship=plan.relationship,
            approval_recorded=plan.approval_recorded,
            source_code="U3" if self.child.imported_at else "",
            source_provider_code="PR1" if self.child.imported_at else "",
        )
        worker = self.child.worker_at(plan.starts_at) or self.manager
        yield Deed(plan.starts_at, "place", worker, facts=lambda: self._placed(plan, record))
        for kind, since in plan.facts:
            yield from self._fact(PlacementFact(placement=record, kind=kind, from_on=since), plan.assessed_on)
        if plan.mistake:
            yield from self._put_right(plan, plan.mistake, record)
        for approval in plan.carer.approvals if plan.carer else ():
            if approval.from_on > plan.starts_at.date() and not approval.decided:
                known = CarerApproval(kind=approval.kind, from_on=approval.from_on, to_on=approval.to_on)
                yield Deed(
                    at_hour(approval.from_on, 15),
                    "approve_carer",
                    self.manager,
                    facts=lambda known=known: [_set(known, carer=self.homes.carers[plan.carer])],
                )
        for visit in plan.visits:
            yield from self._visit(visit, record)
        for chain in plan.chains:
            yield from self._chain(chain, record)

    def _fact(self, fact: PlacementFact, assessed_on: date | None = None) -> Iterator[Deed]:
        """A dated fact on its day; of a stay with a parent before the assessment, that as well once it is complete."""
        act = "record_regulation_19" if fact.kind == FactKind.REG19 else fact.kind
        yield Deed(at_hour(fact.from_on, 15), act, self.manager, facts=lambda: [fact])
        if fact.kind == FactKind.REG19 and assessed_on:
            yield Deed(at_hour(assessed_on, 15), act, self.manager, facts=lambda: [_set(fact, assessed_on=assessed_on)])

    def _put_right(self, plan: PlacementPlan, mistake: MistakePlan, record: Placement) -> Iterator[Deed]:
        """What was recorded by mistake, and how it was put right: a fact is struck out, the kind of home corrected."""
        at = at_hour(mistake.right_on, 15)
        if mistake.setting:
            since = said_moment(plan.starts_at)
            before, after = (
                f"{Setting(each).label}, from {since} until now" for each in (mistake.setting, plan.setting)
            )
            facts, act = (lambda: [_set(record, setting=plan.setting)]), "correct_placement"
            details = {"before": before, "after": after}
        else:
            fact = PlacementFact(placement=record, kind=mistake.recorded, from_on=mistake.from_on)
            yield from self._fact(fact)
            facts, act = (lambda: [_set(fact, struck_out=True)]), "strike_out"
            details = {"what": said_period(fact)}
        yield Deed(at, act, self.manager, facts=facts, details=details, because=mistake.because)

    def _ended(self, plan: PlacementPlan) -> Placement:
        return _set(self.placements[plan], ended_at=plan.ends_at, why_ended=plan.why_ended)

    def _placed(self, plan: PlacementPlan, record: Placement) -> list[Model]:
        """The end of the placement before, the new one, and on what footing its carer stands."""
        before = [self._ended(other) for other in self.child.placements if other.ends_at == plan.starts_at]
        facts: list[Model] = [*before, record]
        if plan.carer:
            is_new = plan.carer not in self.homes.carers
            record.carer = self.homes.carer(plan.carer)
            for approval in plan.carer.approvals if is_new else ():
                if approval.from_on <= plan.starts_at.date() and not approval.decided:
                    known = {"kind": approval.kind, "from_on": approval.from_on, "to_on": approval.to_on}
                    facts.append(CarerApproval(carer=record.carer, decided_by="Agency decision maker", **known))
        if plan.decided_with_parents:
            facts.append(self._decided_with_parents(plan, record))
        return facts

    def _decided_with_parents(self, plan: PlacementPlan, record: Placement) -> Authorisation:
        return Authorisation(
            placement=record,
            kind=AuthorisationKind.WITH_PARENTS,
            starts_at=plan.starts_at,
            by=self.people["decision-maker"],
        )

    def _visit(self, plan: VisitPlan, placement: Placement) -> Iterator[Deed]:
        """A visit, and the form filled in on it; Commissioning looks at the home, and only fills in its form."""
        visit = Visit(
            placement=placement,
            visitor=self.people[plan.by],
            role=plan.role,
            made_at=plan.at,
            recorded_at=plan.at + RECORDED_AFTER,
            child_seen=plan.seen,
            seen_alone=plan.seen and not plan.why_not_alone,
            why_not_alone=plan.why_not_alone,
            account=plan.account,
            has_concerns=bool(plan.concerns),
            concerns=plan.concerns,
            key=uuid5(VISIT_KEYS, f"{self.child.reference} {plan.at.isoformat()}"),
        )
        if saw_child := plan.role != Role.COMMISSIONING:
            told = {"may": may_record_visit, "about": placement, "details": visit.told()}
            yield Deed(plan.at + RECORDED_AFTER, "record_visit", plan.by, facts=lambda: [visit], **told)
        if plan.form:
            reader = self.child.worker_at(plan.at, Role.IRO)
            form = Filled(plan.form, plan, visit if saw_child else None, placement, self.people, reader)
            for at, do in form.deeds(self.plan.at):
                yield Deed(at, "begin_form", "", step=do)

    # The chain

    def _chain(self, plan: ChainPlan, placement: Placement) -> Iterator[Deed]:
        """The steps taken so far, each at its time by the person who owes it."""

        @cache
        def begin() -> Chain:
            people = self._chain_people(plan)
            return Chain(to_convene(placement), people, plan.held_at, approved_as=plan.approved_as)

        def take(taken: Taken, at: datetime) -> None:
            """What is typed says how the arrangement stood then: a load works that out only once, at its end."""
            if taken.step == "record":
                keep_standings(Batch((self.record.case_file_id,), at, rules_in_force()))
            begin().take(taken, at=at)

        for taken, at in plan.steps:
            yield Deed(at, taken.step, "", step=lambda taken=taken, at=at: take(taken, at))
            if taken.step == "communicate":
                yield Deed(at, "finish_action", "", step=lambda at=at: begin().finish_action(at=at))

    def _enquiry(self, plan: EnquiryPlan) -> Iterator[Deed]:
        """What has happened since somebody was asked about, each step at its time by the person who owes it."""

        @cache
        def begun() -> Enquiry:
            people = self._people_at(plan.asked_at, Role.TEAM_MANAGER, Role.DECISION_MAKER)
            told = (plan.relationship, people, plan.asked_at, plan.household)
            return Enquiry(self.record, self.homes.carer(plan.carer), *told)

        for name, at in plan.steps:
            yield Deed(at, name, "", step=lambda name=name, at=at: begun().take(name, at))

    def _meeting(self, plan: MeetingPlan) -> Iterator[Deed]:
        """A meeting, as far as it has come."""
        people = self._people_at(plan.starts_at, Role.TEAM_MANAGER)
        people[Role.IRO] = self.people[self.child.worker_at(plan.starts_at, Role.IRO)]
        met = Met(self.record, plan.kind, plan.starts_at, people, plan.outsiders, plan.said)
        for at, do in met.deeds(plan.actions, plan.called_off_at):
            yield Deed(at, plan.kind, "", step=lambda do=do, at=at: do(at))

    def _decision(self, plan: DecisionPlan) -> Iterator[Deed]:
        """A senior decision, as far as it has come."""
        at = plan.steps[0][1]
        people = self._people_at(at, Role.TEAM_MANAGER, Role.DHOS, Role.SERVICE_DIRECTOR, Role.DCS, Role.DECISION_MAKER)
        people[Role.IRO] = self.people[self.child.worker_at(at, Role.IRO)]
        about = {"placement": self.placements[plan.placement] if plan.placement else None, "proposed": plan.proposed}
        told = {"subject": plan.subject, "content": plan.content, "by_telephone": plan.by_telephone}
        course = Course(plan.kind, self.record, people, **about, **told)
        for step, moment in plan.steps:
            yield Deed(moment, step, "", step=lambda step=step, moment=moment: course.take(step, moment))

    def _people_at(self, at: datetime, *roles: Role) -> dict[Role, User]:
        """Who holds these roles for the child, and who is allocated as the social worker at a moment."""
        named = {role: self.plan.holder(role, self.child.team) for role in roles}
        named[Role.SOCIAL_WORKER] = self.child.worker_at(at)
        return {role: self.people[name] for role, name in named.items()}

    def _chain_people(self, plan: ChainPlan) -> ChainPeople:
        holders = {name: self.plan.holder(Role(name), self.child.team) for name in ChainPeople.__dataclass_fields__}
        holders["social_worker"] = self.child.worker_at(plan.held_at)
        return ChainPeople(**{name: self.people[username] for name, username in holders.items()})


def _set(record: Any, **values: Any) -> Any:
    """The record with changed values, to be saved."""
    for name, value in values.items():
        setattr(record, name, value)
    return record
