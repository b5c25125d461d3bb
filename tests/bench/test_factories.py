"""The factories themselves: every situation can come about, and each state of a chain is reached by its steps."""

import pytest

from approvals.states import State
from casework.events import faults_in_chains
from casework.models import CaseFile, Event
from children.models import Child
from placements.models import Placement
from tests import factories
from tests.factories import NOW, chain_at, days_before

SITUATIONS = (
    factories.in_foster_care,
    factories.in_childrens_home,
    factories.in_supported_accommodation,
    factories.in_a_hotel,
    factories.with_parent,
    factories.with_unapproved_relative,
    factories.with_approved_relative,
    factories.with_temporary_approval,
    factories.with_relative_of_unknown_approval,
)


@pytest.mark.parametrize("state", [state for state in State if state != State.TO_CONVENE])
def test_a_chain_comes_to_every_state_by_its_own_steps(world, state):
    discussion = chain_at(state, factories.with_unapproved_relative(world.own_child))
    assert discussion.state == state
    acts = Event.objects.filter(record=f"approvals.casediscussion:{discussion.pk}").order_by("number")
    assert acts.last().to_state == state


def test_before_it_is_convened_a_chain_has_no_record(world):
    discussion = chain_at(State.TO_CONVENE, factories.with_unapproved_relative(world.own_child))
    assert (discussion.state, discussion.pk) == (State.TO_CONVENE, None)


@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda situation: situation.__name__)
def test_a_child_can_be_put_in_every_situation_one_after_the_other(world, situation):
    child = factories.settled(world.own_child)
    placement = situation(child, since=days_before(40))
    assert list(child.placements.live(NOW)) == [placement]
    factories.visited(placement, days_before(30))
    factories.review(child, days_before(20), held_on=days_before(19))


def test_every_event_of_the_factories_stands_in_its_chain(world):
    world.noise()
    chain_at(State.FILED, factories.with_unapproved_relative(world.own_child))
    assert list(faults_in_chains()) == []
    assert not CaseFile.objects.filter(last_number=0).exists()


def test_the_children_of_the_world_are_those_of_every_near_miss(world):
    def seen_by(person):
        return set(Child.objects.visible_to(person, at=NOW).values_list("pk", flat=True))

    own, team, second, other, restricted = (child.pk for child in world.children)
    assert seen_by(world.social_worker) == {own, team}
    assert seen_by(world.colleague) == {own, team, restricted}
    assert seen_by(world.second_teams_worker) == {second}
    assert seen_by(world.hos) == {own, team, second}
    assert seen_by(world.dhos) == {own, team, second, restricted}
    assert seen_by(world.service_director) == {own, team, second, other}
    assert seen_by(world.administrator) == set()


def test_noise_is_not_in_the_way(world):
    noise = world.noise()
    assert Placement.objects.visible_to(world.elsewhere("dhos"), at=NOW).count() == 1
    assert len(noise) == 3
