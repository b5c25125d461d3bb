"""Makes the plan of the invented authority from a seed and a moment: the same seed and moment, the same plan.

The stories of `bench.histories` are told one after another and given to workers: those for the first sign-in to it, the
others to whoever has fewest. Asked for more children than the stories have, SETTLED ones fill up, and the stories
themselves are told as often again for every further STORIES_FOR children.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import cycle
from random import Random

from accounts.roles import Role
from bench import names
from bench.authority import FIRST_TEAM, SIGN_INS, VALE, appoint_people
from bench.histories import SETTLED, STORIES, Story
from bench.plan import HomePlan, Plan
from bench.telling import Teller
from casework.limits import LONDON, local_day
from placements.states import RegistrationStatus, Setting

SEED = 903
CHILDREN = 150
STORIES_FOR = 150
"""Every so many children, all the stories are told once more."""
LIVE_FOR = timedelta(days=210)
"""How long the authority has worked with Hearth."""
FIRST_WORKER = SIGN_INS[0].username


def make_plan(
    at: datetime, *, seed: int = SEED, children: int = CHILDREN, stories: Iterable[Story] | None = None
) -> Plan:
    """The invented authority at a moment, with about so many children; or with these stories told, one after another."""
    at = at.astimezone(LONDON)
    plan = Plan(seed=seed, at=at, went_live_at=(at - LIVE_FOR).replace(hour=8, minute=0, second=0, microsecond=0))
    appoint_people(plan, Random(f"{seed} people"))
    homes = {home.name: home for home in _homes(plan, Random(f"{seed} homes"))}
    plan.homes.extend(homes.values())
    workers = _Workers(plan)
    for number, (story, time, is_first_workers) in enumerate(_tellings(stories or _enough(children))):
        team, worker = workers.first() if is_first_workers else workers.next(in_first_area=story.in_first_area)
        tell = Teller(
            plan=plan,
            rng=Random(f"{seed} {story.shows} {time}"),
            number=3 * number,
            time=time,
            story=story.shows,
            team=team,
            worker=worker,
            homes=homes,
            late=story.late,
            keeps_all_visits=story.keeps_all_visits,
        )
        story.tell(tell)
        plan.children.extend(tell.complete())
        if story.then:
            story.then(tell)
    return plan


def _tellings(stories: Iterable[Story]) -> Iterator[tuple[Story, int, bool]]:
    """Every telling: which story, which time it is told, and whether it is for the first sign-in."""
    told: Counter[str] = Counter()
    for story in stories:
        time = told[story.shows]
        yield story, time, time < story.for_first_worker
        told[story.shows] += 1


def _enough(children: int) -> Iterator[Story]:
    """The stories in their order, until there are as many children as asked for."""
    invented = 0
    for story in _in_order(children):
        if invented >= children and story in SETTLED:
            return
        yield story
        invented += story.children


def _in_order(children: int) -> Iterator[Story]:
    """The stories, as many times as there are rounds of them; then the settled ones without end."""
    for story in STORIES * max(1, round(children / STORIES_FOR)):
        yield from [story] * story.times
    yield from cycle([story for story in SETTLED for _ in range(story.times)])


class _Workers:
    """Gives each case to somebody: the social workers of all teams but the first sign-in, whoever has fewest."""

    def __init__(self, plan: Plan):
        self.teams = plan.teams
        self.cases = {
            (team, name): 0
            for team in plan.teams
            for name in plan.holders(Role.SOCIAL_WORKER, team=team)
            if name != FIRST_WORKER
        }

    @staticmethod
    def first() -> tuple[str, str]:
        """The first sign-in and its team."""
        return FIRST_TEAM, FIRST_WORKER

    def next(self, *, in_first_area: bool) -> tuple[str, str]:
        """Whoever has fewest cases, in the area of the sign-ins or in both."""
        able = [place for place in self.cases if self.teams[place[0]] == VALE or not in_first_area]
        place = min(able, key=lambda place: self.cases[place])
        self.cases[place] += 1
        return place


def _homes(plan: Plan, rng: Random) -> Iterator[HomePlan]:
    """The homes: registered, but for those whose registration is a story."""
    today = local_day(plan.at)
    for number, name in enumerate((*names.CHILDRENS_HOMES, *names.SUPPORTED_ACCOMMODATION)):
        is_childrens_home = name in names.CHILDRENS_HOMES
        home = HomePlan(
            name=name,
            provider=names.AUTHORITY if number < 2 else names.PROVIDERS[number % len(names.PROVIDERS)],
            setting=Setting.CHILDRENS_HOME if is_childrens_home else Setting.SUPPORTED_ACCOMMODATION,
            urn=f"9900{number:03d}" if is_childrens_home else f"9980{number:03d}",
            postcode=names.a_postcode(rng, within=number % 3 != 2),
            address=names.an_address(rng),
            run_by_authority=number < 2,
        )
        registered_on = today - timedelta(days=rng.randint(1100, 3000) if is_childrens_home else rng.randint(700, 900))
        home.registrations.append((registered_on, RegistrationStatus.REGISTERED))
        judgement = rng.choice(("Good", "Good", "Outstanding", "Requires improvement")) if is_childrens_home else ""
        if judgement:
            home.inspections.append((today - timedelta(days=rng.randint(40, 290)), judgement))
        yield home
        _trouble(home, today)


def _trouble(home: HomePlan, today) -> None:
    """What has happened to the homes that are stories themselves."""
    registered_on = home.registrations[0][0]
    if home.name == names.CHILDRENS_HOMES[5]:
        home.registrations.append((today - timedelta(days=12), RegistrationStatus.UNREGISTERED))
        home.inspections.append((today - timedelta(days=33), "Inadequate"))
    if home.name == names.CHILDRENS_HOMES[6]:
        home.notices.append((today - timedelta(days=3), "Ofsted has told us of concerns about staffing at night."))
    if home.name == names.CHILDRENS_HOMES[7]:
        home.registrations, home.inspections = [], []
    if home.name == names.SUPPORTED_ACCOMMODATION[2]:
        home.registrations = [(today - timedelta(days=45), RegistrationStatus.APPLIED)]
    if home.name == names.SUPPORTED_ACCOMMODATION[3]:
        home.registrations = [(max(registered_on, today - timedelta(days=200)), RegistrationStatus.UNREGISTERED)]
