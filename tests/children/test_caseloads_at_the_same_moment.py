"""Two managers give the same children to different people at the same moment: one of them does, the other is told."""

import pytest

from accounts.roles import Role
from casework.events import faults_in_chains
from casework.models import Event
from children.caseloads import bulk
from children.models import Allocation
from tests.approvals.test_at_the_same_moment import together
from tests.factories import NOW, a

pytestmark = pytest.mark.django_db(transaction=True)


def test_of_two_hand_overs_of_the_same_children_one_is_done_and_the_other_changes_nothing(world):
    jo = a(Role.SOCIAL_WORKER, team=world.team, until=NOW)
    children = [world.a_child(worker=jo).pk for _ in range(4)]

    def giving(manager, to, pks):
        kind = bulk.Allocating(manager, NOW, Role.SOCIAL_WORKER, world.team)
        was = {line.child.pk: line.was for line in bulk.lines_of(kind, pks, NOW, {})}
        return lambda: bulk.carry_out(kind, dict.fromkeys(pks, str(to.pk)), was, starts_at=NOW, because="Jo left.")

    first = giving(world.team_manager, world.colleague, children)
    second = giving(world.service_manager, world.social_worker, list(reversed(children)))
    assert sorted(map(str, together(first, second))) == ["4", "NotYet"]
    given = Allocation.objects.filter(child__in=children, ends_at=None, role=Role.SOCIAL_WORKER)
    assert given.count() == 4
    assert given.values("person").distinct().count() == 1
    assert Event.objects.filter(act="allocate", because="Jo left.").count() == 4
    assert list(faults_in_chains()) == []
