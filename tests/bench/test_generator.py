"""The plan of the invented authority: the same from the same seed, complete, and nothing in it that cannot have been."""

import re
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from accounts.roles import Role
from bench.authority import FIRST_TEAM, PASSWORD, SIGN_INS
from bench.generator import make_plan
from bench.histories import SETTLED, STORIES
from casework.limits import LONDON, local_day
from children.states import ALLOCATED_ROLES

NOW = datetime(2026, 3, 9, 10, 30, tzinfo=UTC)

MOMENTS = {
    "a Monday morning": NOW,
    "in the night from Saturday to Sunday": datetime(2026, 6, 14, 1, 7, tzinfo=UTC),
    "leap day": datetime(2028, 2, 29, 16, 0, tzinfo=UTC),
    "Easter Monday": datetime(2027, 3, 29, 9, 0, tzinfo=UTC),
    "New Year, minutes old": datetime(2027, 1, 1, 0, 3, tzinfo=UTC),
    "the hour that comes twice": datetime(2026, 10, 25, 1, 30, tzinfo=UTC),
}


@pytest.fixture(scope="module", params=MOMENTS.values(), ids=MOMENTS)
def plan(request):
    """The authority at one of several awkward moments."""
    return make_plan(request.param)


def test_the_same_seed_and_moment_make_the_same_plan():
    assert asdict(make_plan(NOW)) == asdict(make_plan(NOW))


def test_another_seed_makes_another_plan():
    assert asdict(make_plan(NOW, seed=1)) != asdict(make_plan(NOW))


@pytest.mark.parametrize("children", [150, 300, 1000])
def test_there_are_as_many_children_as_asked_for(children):
    assert len(make_plan(NOW, children=children).children) == children


def test_there_are_never_fewer_than_the_stories_need():
    assert len(make_plan(NOW, children=1).children) == sum(story.times * story.children for story in STORIES)


def test_every_story_is_told(plan):
    assert {child.story for child in plan.children} == {story.shows for story in (*STORIES, *SETTLED)}


def test_there_is_one_sign_in_per_role_under_the_roles_name_and_an_administrator_to_confirm():
    assert {sign_in.username: sign_in.role for sign_in in SIGN_INS} == {
        "administrator-2": Role.ADMINISTRATOR,
        **{role.value.replace("_", "-"): role for role in Role},
    }
    assert len(PASSWORD) >= 12


def test_the_first_social_worker_has_fifteen_children(plan):
    own = [child for child in plan.children if child.worker_at(plan.at) == "social-worker"]
    assert len(own) == 15
    assert {child.team for child in own} == {FIRST_TEAM}
    assert len({child.story for child in own}) > 10


def test_every_team_has_a_manager_four_social_workers_and_a_personal_adviser(plan):
    for team in plan.teams:
        assert len(list(plan.holders(Role.SOCIAL_WORKER, team=team))) == 4
        assert plan.holder(Role.TEAM_MANAGER, team)
        assert plan.holder(Role.DHOS, team) != plan.holder(Role.HOS, team)


def test_a_child_lives_in_one_place_after_another(plan):
    for child in plan.children:
        assert local_day(child.placements[0].starts_at) == child.care_from
        for before, after in pairwise(child.placements):
            assert before.starts_at < before.ends_at == after.starts_at
        ends = child.placements[-1].ends_at
        assert (local_day(ends) if ends else None) == child.care_to


def test_nothing_has_happened_yet_that_lies_ahead(plan):
    for child in plan.children:
        moments = [placement.starts_at for placement in child.placements]
        moments += [visit.at for placement in child.placements for visit in placement.visits]
        moments += [at for placement in child.placements for chain in placement.chains for _, at in chain.steps]
        assert all(moment < plan.at for moment in moments), child.story
        assert all(review.held_on < local_day(plan.at) for review in child.reviews if review.held_on)
        assert all(since <= local_day(plan.at) for since, _ in child.legal)


def test_visits_lie_within_the_placement_and_are_made_by_whoever_is_allocated(plan):
    for child in plan.children:
        for placement in child.placements:
            for visit in placement.visits:
                assert placement.starts_at < visit.at
                assert placement.ends_at is None or visit.at < placement.ends_at
                if visit.role in ALLOCATED_ROLES:
                    assert visit.by == child.worker_at(visit.at, visit.role)
                else:
                    assert visit.by == plan.holder(visit.role, child.team)


def test_the_steps_of_a_chain_follow_one_another(plan):
    chains = [chain for child in plan.children for home in child.placements for chain in home.chains]
    assert len(chains) > 15
    for chain in chains:
        moments = [at for _, at in chain.steps]
        assert moments == sorted(moments)
        assert moments[0] == chain.held_at


def test_a_chain_begins_after_the_placement(plan):
    for child in plan.children:
        for placement in child.placements:
            assert all(placement.starts_at < chain.held_at for chain in placement.chains)


def test_children_are_looked_after_between_birth_and_eighteen(plan):
    for child in plan.children:
        assert child.born_on <= child.care_from
        age = (local_day(plan.at) - child.born_on).days / 365.25
        assert age < 18 or child.care_to


def test_children_in_supported_accommodation_are_sixteen_but_for_the_one_who_is_not_permitted(plan):
    for child in plan.children:
        home = child.home_now
        if home and home.setting == "supported_accommodation":
            is_sixteen = local_day(home.starts_at) - child.born_on > timedelta(days=16 * 365)
            assert is_sixteen != (child.story == "under 16 in supported accommodation")


def test_the_unregulated_stay_began_minutes_ago(plan):
    (child,) = [child for child in plan.children if child.story.endswith("minutes ago")]
    assert plan.at - child.home_now.starts_at == timedelta(minutes=17)


def test_no_postcode_is_real(plan):
    found = [child.home_postcode for child in plan.children]
    found += [home.carer.postcode for child in plan.children for home in child.placements if home.carer]
    found += [home.postcode for home in plan.homes]
    assert all(re.fullmatch(r"[MW]Q\d{1,2} \d[A-Z]{2}", postcode) for postcode in found)


def test_a_plan_is_kept_in_local_time(plan):
    assert plan.at.tzinfo == LONDON
