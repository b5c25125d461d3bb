"""Who prepares a decision: whoever is allocated to the child, in whichever team; the LAC Exit worker for a way home. S2 3."""

import pytest

from accounts.roles import Role
from approvals.models import Decision
from casework.steps import NotYou, carry_out, write_down
from children.models import Allocation
from tests.approvals.of_decisions import LATER, answers, at_a_parents, begun
from tests.approvals.steps import signed_in_with_password
from tests.factories import NOW, World, a, days_before, settled

pytestmark = pytest.mark.django_db
ADVICE = "The court is to be asked first."


@pytest.fixture
def world():
    return World()


def allocated(world, child, person, role):
    before = list(child.allocations.filter(role=role, ends_at=None))
    for allocation in before:
        allocation.ends_at = days_before(3)
    allocation = Allocation(child=child, role=role, person=person, starts_at=days_before(3))
    write_down(*before, allocation, act="allocate", about=child, may=lambda *_: True, by=world.team_manager, at=NOW)


def exit_worker(world, child):
    person = a(Role.EXIT_WORKER, name="exit-worker-of-the-child")
    allocated(world, child, person, Role.EXIT_WORKER)
    return person


def going_home(world, child, by):
    return begun(world, "with_parents", child, proposed=at_a_parents(child), by=by)


def test_the_childs_worker_prepares_though_appointed_in_another_team(world):
    child = settled(world.teams_child)
    allocated(world, child, world.second_teams_worker, Role.SOCIAL_WORKER)
    assert going_home(world, child, world.second_teams_worker).pk


def test_a_worker_of_another_team_who_is_not_allocated_does_not(world):
    with pytest.raises(NotYou):
        going_home(world, settled(world.teams_child), world.second_teams_worker)


def test_of_a_restricted_record_only_a_worker_who_is_named_prepares(world):
    child = settled(world.restricted_child)
    assert going_home(world, child, world.colleague).pk
    allocated(world, child, world.social_worker, Role.SOCIAL_WORKER)
    with pytest.raises(NotYou):
        going_home(world, child, world.social_worker)


def test_the_exit_worker_of_the_child_prepares_the_way_home(world):
    child = settled(world.own_child)
    assert going_home(world, child, exit_worker(world, child)).pk


@pytest.mark.parametrize("kind", ["contact", "out_of_area"])
def test_and_nothing_else(world, kind):
    child = settled(world.own_child)
    with pytest.raises(NotYou):
        begun(world, kind, child, by=exit_worker(world, child))


def test_an_exit_worker_of_another_child_prepares_nothing(world):
    with pytest.raises(NotYou):
        going_home(world, settled(world.own_child), a(Role.EXIT_WORKER, name="another-exit-worker"))


def test_the_exit_worker_does_not_read_legal_advice_and_does_not_lose_it(world):
    child = settled(world.own_child)
    decision = going_home(world, child, world.social_worker)
    content = answers("with_parents", legal_advice=ADVICE)
    decision = carry_out(decision.put, by=world.social_worker, at=NOW, content=content)
    browser = signed_in_with_password(exit_worker(world, child))
    url = f"/approvals/decisions/{decision.pk}/put/"
    page = browser.get(url)
    assert page.status_code == 200
    assert ADVICE not in page.content.decode()
    form = page.context["form"]
    assert "legal_advice" not in form.fields
    typed = {name: form[name].value() for name in form.fields if isinstance(form[name].value(), str)}
    for name in ("assessed_on", "reviewed_on", "planned_on", "iro_on"):
        day = form[name].value()
        typed |= {f"{name}_{part}": getattr(day, part) for part in ("day", "month", "year")}
    assert browser.post(url, typed | {"why": "Anew.", "typist": page.context["typist"]}).status_code == 302
    latest = Decision.objects.get(pk=decision.pk).version
    assert (latest.number, latest.content["why"], latest.content["legal_advice"]) == (2, "Anew.", ADVICE)


def test_whoever_was_consulted_does_not_prepare_it(world):
    child = settled(world.own_child)
    decision = going_home(world, child, world.social_worker)
    carry_out(decision.say, by=world.iro, at=LATER, says="Yes.")
    allocated(world, child, world.iro, Role.SOCIAL_WORKER)
    with pytest.raises(NotYou):
        carry_out(decision.put, by=world.iro, at=LATER, content=answers("with_parents"))
