"""The tools with which a story is told: a child, where the child lives, who is allocated, who signs.

One `Teller` tells one story. Its random numbers depend on the seed, the story and its number only, so a new story changes
no old one. Days are counted back from the plan's moment.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random

from accounts.roles import Role
from approvals.states import ApprovedAs, State
from bench import names, rhythm
from bench.authority import FIRST_TEAM, FORMER, SIGN_INS
from bench.chains import ROUTES, Taken
from bench.plan import (
    AllocationPlan,
    ApprovalPlan,
    CarerPlan,
    ChainPlan,
    ChildPlan,
    HomePlan,
    PlacementPlan,
    Plan,
    VisitPlan,
)
from bench.visiting import Visitors
from casework.limits import LONDON, local_day
from casework.working_days import working_days_after
from placements.states import ApprovalKind, FosteringSector, Setting
from visits.models import WhyNotAlone

A_DAY = timedelta(days=1)
ONCE_LATE = 0.15
"""In how many histories one of the last visits was made late."""
OLDEST_VISITS_KEPT = timedelta(days=120)
"""How far back before going live visits were taken over from the system before."""
ACCOUNTS = (
    "We baked and talked about the new school year. The bedroom is warm and tidy.",
    "Seen at home after school. We talked about the weekend with grandparents, which went well.",
    "Quiet today; we walked the dog and talked on the way. Sleeping better.",
    "Showed me the garden and the new bike. Wants to see more of an older brother.",
    "We looked at the plan together. Would like a different bus to school.",
    "Talked about the football club, and about worries before contact on Saturday.",
    "A short visit before dinner. Content here; asks how long this will last.",
)
RELATIONS = (
    "Grandmother",
    "Maternal aunt",
    "Older sister",
    "Uncle",
    "Family friend",
    "Great-aunt",
    "Former childminder",
)


@dataclass(slots=True)
class Teller:
    """Tells one story, for one child or several brothers and sisters."""

    plan: Plan
    rng: Random
    number: int
    """Of the child: the reference follows from it."""
    time: int
    """Which telling of the same story it is, from 0."""
    story: str
    team: str
    worker: str
    homes: dict[str, HomePlan]
    late: bool = False
    """Is this a history in which the last visit is missing?"""
    keeps_all_visits: bool = False
    """Were all visits taken over, however old?"""
    told: list[ChildPlan] = field(default_factory=list)

    @property
    def today(self) -> date:
        """The plan's day."""
        return local_day(self.plan.at)

    def birthday(self, years: int, ago: int) -> date:
        """The birthday of somebody who turned this many years old a number of days ago."""
        day = self.day(ago)
        return day.replace(year=day.year - years, day=min(day.day, 28 if day.month == 2 else day.day))

    def day(self, ago: int) -> date:
        """The day a number of days ago."""
        return self.today - timedelta(days=ago)

    def between(self, most: int, least: int) -> date:
        """A day between two numbers of days ago."""
        return self.day(self.rng.randint(least, most))

    @staticmethod
    def at(day: date, hour: int = 14, minute: int = 0) -> datetime:
        """A moment of a day, in London."""
        return datetime.combine(day, time(hour, minute), tzinfo=LONDON)

    # The child

    def child(
        self,
        care_from: date,
        ages: tuple[int, int] = (0, 17),
        *,
        legal: Iterable[tuple[int, str]] | None = None,
        person: names.Person | None = None,
        born_on: date | None = None,
    ) -> ChildPlan:
        """A child looked after since a day, now of an age between two (inclusive) or born on a day.

        `legal` gives codes with the days after coming into care; without it the court's usual way: C1, then C2.
        """
        person = person or names.a_child(self.rng)
        born_on = born_on or self._birthday(ages, care_from)
        child = ChildPlan(
            story=self.story,
            reference=f"{400000 + 37 * (self.number + len(self.told))}",
            forename=person.forename,
            surname=person.surname,
            sex=person.sex,
            ethnicity=person.ethnicity,
            born_on=born_on,
            upn=names.a_upn(self.rng) if born_on < self.day(5 * 365) else "UN1",
            team=self.team,
            need=self.rng.choice(("N1", "N1", "N1", "N1", "N2", "N3", "N4", "N5", "N5", "N6", "N8")),
            home_postcode=names.a_postcode(self.rng),
            care_from=care_from,
        )
        since_care = (self.today - care_from).days
        codes = legal if legal is not None else self._course_of_law(since_care)
        child.legal = [
            (care_from + timedelta(days=after), code) for after, code in codes if after < since_care or not after
        ]
        self.told.append(child)
        return child

    def _birthday(self, ages: tuple[int, int], care_from: date) -> date:
        youngest, oldest = ages
        most = min(oldest * 365 + oldest // 4 + 330, 18 * 365 - 60)
        least = max(youngest * 365 + youngest // 4 + 20, (self.today - care_from).days + 3)
        return self.day(self.rng.randint(min(least, most), most))

    def _course_of_law(self, days: int) -> list[tuple[int, str]]:
        """Accommodated by agreement, or an interim order that after some months becomes a full one."""
        chance = self.rng.random()
        if chance < 0.25:
            return [(0, "V2")]
        hearing = self.rng.randint(150, 240)
        if chance < 0.35 and days > hearing + 30:
            return [(0, "L2"), (8, "C1"), (hearing, "C2")]
        return [(0, "C1"), (hearing, "C2")]

    # Where the child lives

    def lives(self, child: ChildPlan, setting: Setting, since: date | datetime, **about) -> PlacementPlan:
        """The child lives here from a moment on; where the child lived before ends at it."""
        starts = since if isinstance(since, datetime) else self.at(since, self.rng.randint(11, 18))
        before = child.home_now
        if before:
            before.ends_at = starts
            before.why_ended = before.why_ended or "Moved as planned"
            before.reason_code = before.reason_code or self.rng.choice(("CARPL", "CARPL", "CREQO", "LAREQ", "CHILD"))
        placement = PlacementPlan(setting, starts, **about)
        child.placements.append(placement)
        return placement

    def with_foster_carer(self, child: ChildPlan, since: date | datetime, *, agency: bool = False) -> PlacementPlan:
        """With an approved foster carer, of the authority or of an agency."""
        carer = self.carer()
        carer.sector = FosteringSector.AGENCY if agency else FosteringSector.IN_HOUSE
        carer.agency = self.rng.choice(names.AGENCIES) if agency else ""
        carer.urn = f"99{names.AGENCIES.index(carer.agency):05d}" if agency else "SC998001"
        day = since if not isinstance(since, datetime) else since.date()
        carer.approvals.append(ApprovalPlan(ApprovalKind.APPROVED, day - timedelta(days=self.rng.randint(200, 4000))))
        return self.lives(child, Setting.IFA_FOSTER if agency else Setting.IN_HOUSE_FOSTER, since, carer=carer)

    def with_relative(self, child: ChildPlan, since: date | datetime, *approvals: ApprovalPlan) -> PlacementPlan:
        """With a relative or friend, approved as the periods say; without any, unregulated."""
        carer = self.carer()
        carer.approvals.extend(approvals)
        if any(approval.kind == ApprovalKind.APPROVED for approval in approvals):
            carer.sector = FosteringSector.IN_HOUSE
        relation = self.rng.choice(RELATIONS)
        return self.lives(child, Setting.CONNECTED_PERSON, since, carer=carer, relationship=relation)

    def with_parent(self, child: ChildPlan, since: date) -> PlacementPlan:
        """With a parent under a care order, as the agency decision maker agreed."""
        mother = self.carer()
        mother.name = f"{mother.name.split()[0]} {child.surname}"
        return self.lives(child, Setting.PARENT, since, carer=mother, relationship="Mother", decided_with_parents=True)

    def in_home(self, child: ChildPlan, name: str, since: date | datetime) -> PlacementPlan:
        """In one of the authority's known homes."""
        home = self.homes[name]
        return self.lives(child, home.setting, since, home=home)

    def carer(self) -> CarerPlan:
        """A family."""
        person = names.an_adult(self.rng)
        within = self.rng.random() < 0.7
        return CarerPlan(person.name, names.an_address(self.rng), names.a_postcode(self.rng, within=within))

    def leaves_care(self, child: ChildPlan, on: date, how: str) -> None:
        """The child is no longer looked after from a day on."""
        child.care_to, child.how_ended = on, how
        home = child.home_now
        if home:
            home.ends_at, home.why_ended = self.at(on, 12), "Ceased to be looked after"

    # The chain

    def chain(
        self,
        placement: PlacementPlan,
        state: State,
        *,
        working_days_ago: int,
        approved_as: ApprovedAs = ApprovedAs.INTERIM,
        steps: int | None = None,
    ) -> ChainPlan:
        """A sign-off chain at a state; `working_days_ago` says when the case discussion was held, `steps` stops earlier."""
        held = self.at(rhythm.working_days_before(self.today, working_days_ago), 10)
        return self.chain_held(placement, ROUTES[state][:steps], held, approved_as)

    def chain_held(
        self, placement: PlacementPlan, steps: Iterable[Taken], held: datetime, approved_as: ApprovedAs
    ) -> ChainPlan:
        """A sign-off chain whose case discussion was held at a moment, with these steps taken since, on working days."""
        taken = [(step, _on_working_days(held, step.after)) for step in steps]
        chain = ChainPlan(held, taken, approved_as)
        placement.chains.append(chain)
        return chain

    # What every history has

    def complete(self) -> list[ChildPlan]:
        """The children of the story, with who is allocated, the reviews and the visits. Gives them back."""
        for child in self.told:
            self._allocate(child)
            child.reviews = rhythm.reviews(child, self.today, self.rng)
            visitors = Visitors(self.plan, child, Random(f"{self.plan.seed} {child.reference} forms"))
            for placement in child.placements:
                self.visit(child, placement)
                visitors.lay_out(placement)
        return self.told

    def _allocate(self, child: ChildPlan) -> None:
        """A social worker, sometimes after one who has left; an IRO; from 16 on a personal adviser as well."""
        since = child.imported_at or self.at(child.care_from, 9)
        until = self.at(child.care_to, 12) if child.care_to else None
        name, days = self.rng.choice(FORMER)
        left = self.at(self.day(days), 0)
        if self.team == FIRST_TEAM and since < left - A_DAY and self.rng.random() < 0.2 and not until:
            child.allocations.append(AllocationPlan(Role.SOCIAL_WORKER, name, since, left))
            child.allocations.append(AllocationPlan(Role.SOCIAL_WORKER, self.worker, left))
        else:
            child.allocations.append(AllocationPlan(Role.SOCIAL_WORKER, self.worker, since, until))
        reviewers = list(self.plan.holders(Role.IRO))
        reviewer = reviewers[0] if self.worker == SIGN_INS[0].username else self.rng.choice(reviewers)
        child.allocations.append(AllocationPlan(Role.IRO, reviewer, since, until))
        sixteen = child.born_on + timedelta(days=5844)
        if sixteen < self.today and not until:
            adviser = next(self.plan.holders(Role.PERSONAL_ADVISER, team=self.team))
            child.allocations.append(AllocationPlan(Role.PERSONAL_ADVISER, adviser, max(self.at(sixteen, 9), since)))
        if child.home_now and child.home_now.setting == Setting.IN_HOUSE_FOSTER:
            supporters = list(self.plan.holders(Role.SUPERVISING_SOCIAL_WORKER))
            starts = max(child.home_now.starts_at, since)
            child.allocations.append(
                AllocationPlan(Role.SUPERVISING_SOCIAL_WORKER, self.rng.choice(supporters), starts)
            )

    def visit(self, child: ChildPlan, placement: PlacementPlan) -> None:
        """Visits to the child in one placement: in time, but for the last one where the story is of a late one."""
        days = rhythm.visits(child, placement, self.today, self.rng)
        if self.late and placement.ends_at is None:
            while days and days[-1] + timedelta(days=rhythm.gap_after(child, placement, days[-1])) >= self.today:
                days.pop()
        elif len(days) > 6 and self.rng.random() < ONCE_LATE:
            late = self.rng.randrange(len(days) - 5, len(days) - 1)
            days[late] = min(days[late] + timedelta(days=12), days[late + 1] - A_DAY)
        oldest = child.care_from if self.keeps_all_visits else local_day(self.plan.went_live_at) - OLDEST_VISITS_KEPT
        if child.imported_at:
            oldest = local_day(child.imported_at) + A_DAY
            days.append(rhythm.working_day_by(self.day(8)))
        placement.visits = [self.a_visit(child, day) for day in sorted(set(days)) if day >= oldest]

    def a_visit(self, child: ChildPlan, day: date, **about) -> VisitPlan:
        """A visit in the afternoon, by the allocated social worker; now and then not alone, with the reason why."""
        at = self.at(day, self.rng.randint(14, 17), self.rng.choice((0, 10, 20, 30, 45)))
        role = Role.SOCIAL_WORKER
        if child.worker_at(at, Role.PERSONAL_ADVISER) and self.rng.random() < 0.4:
            role = Role.PERSONAL_ADVISER
        said = {"account": self.rng.choice(ACCOUNTS), **about}
        if self.rng.random() < 0.07 and "why_not_alone" not in said:
            said["why_not_alone"] = (
                WhyNotAlone.NOT_APPROPRIATE if day.year - child.born_on.year < 5 else WhyNotAlone.REFUSED
            )
        return VisitPlan(at, child.worker_at(at, role), role, **said)


def _on_working_days(held: datetime, after: timedelta) -> datetime:
    """A moment after another: whole days are working days, the rest are hours of that day."""
    day = working_days_after(local_day(held), after.days)
    return held.replace(year=day.year, month=day.month, day=day.day) + timedelta(seconds=after.seconds)
