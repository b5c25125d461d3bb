"""The district that every scale is made of: the invented authority with more histories, each taken through the door.

It is loaded once, story by story, so that its events, signatures and duties are what the application made of it. The
scales are copies of it (`bench.speed.copying`). A short district serves the tests.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from bench.generator import make_plan
from bench.histories import SETTLED, STORIES, Story
from bench.plan import ChildPlan, Plan
from bench.stories import coming_and_going, settled, unregulated, visits
from bench.stories.parts import moves_before
from bench.telling import A_DAY, Teller

SEED = 84_000
MOVES, VISITS_IN_A_HOME, DAYS_IN_A_HOME = 40, 20, 140


def left_years_ago(tell: Teller) -> None:
    """Looked after for some time in the last ten years, and no longer."""
    since = tell.between(3_640, 420)
    days = tell.rng.randint(40, min(1_500, (tell.today - since).days - 60))
    born_on = since - timedelta(days=tell.rng.randint(10, 16 * 365 - min(days, 1_500)))
    child = tell.child(since, legal=((0, "V2"),), born_on=born_on)
    tell.with_foster_carer(child, since)
    if days > 200:
        tell.with_foster_carer(child, since + timedelta(days=days // 2), agency=tell.rng.random() < 0.4)
    tell.leaves_care(child, since + timedelta(days=days), tell.rng.choice(("E4A", "E4B", "E41", "E48", "E11")))


def forty_homes(tell: Teller) -> None:
    """Forty homes in fifteen years."""
    child = tell.child(tell.day(MOVES * DAYS_IN_A_HOME), born_on=tell.birthday(17, 40))
    tell.with_foster_carer(child, moves_before(tell, child, MOVES - 1, stays=tell.day(DAYS_IN_A_HOME)))


def eight_hundred_visits(tell: Teller) -> None:
    """A visit each week, in each of the homes."""
    child: ChildPlan = tell.told[0]
    for placement in child.placements:
        moved_in = placement.starts_at.date()
        last = placement.ends_at.date() if placement.ends_at else tell.today
        days = (moved_in + timedelta(days=7 * week + 5) for week in range(VISITS_IN_A_HOME))
        placement.visits = [tell.a_visit(child, day) for day in days if day < last - A_DAY]


LEFT = Story("left care in the last ten years", left_years_ago, 50, keeps_all_visits=True)
MUCH_MOVED = Story("forty homes, eight hundred visits", forty_homes, 1, then=eight_hundred_visits)
TO_SIGN = Story("approved, one of many that wait for the Service Director", unregulated.waits_for_the_director, 10)

WHOLE = (*STORIES, MUCH_MOVED, TO_SIGN, *(replace(story, times=2 * story.times) for story in SETTLED), LEFT)

SHORT = (
    Story("settled", settled.settled, 2, 2, keeps_all_visits=True),
    Story("first visit overdue", visits.first_visit_is_overdue, 1, 1, then=visits.nobody_has_been, in_first_area=True),
    Story("nothing convened", unregulated.approval_ran_out, 1, 1),
    Story("waits for the Head of Service", unregulated.waits_for_the_head_of_service, 1, in_first_area=True),
    Story("waits for the Service Director", unregulated.waits_for_the_director, 2, in_first_area=True),
    Story("restricted", coming_and_going.restricted, 1),
    Story("two homes", coming_and_going.many_moves, 1),
    replace(LEFT, times=2),
)
"""A few of each kind, for the tests."""


def plan_of(stories: tuple[Story, ...], at: datetime) -> Plan:
    """The plan of a district in which these stories are told, each with every visit that was made."""
    every_visit = (replace(story, keeps_all_visits=True) for story in stories for _ in range(story.times))
    return make_plan(at, seed=SEED, stories=every_visit)
