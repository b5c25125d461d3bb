"""Who may see a child, at the moment of the act: the near misses of time, and invitations. Roles, last table."""

from datetime import timedelta

import pytest

from accounts.models import Appointment
from accounts.roles import Role
from children import access
from children.models import Child, TeamHolding
from tests.factories import NOW, a, a_person, allocated_to, appointed, restricted_to

pytestmark = pytest.mark.django_db
A_SECOND = timedelta(seconds=1)
BEFORE, AFTER = NOW - timedelta(days=1), NOW + timedelta(days=1)

SPANS = [
    # From, until (the first moment at which it holds no longer), and whether it holds now
    (BEFORE, None, True),
    (NOW, None, True),
    (NOW + A_SECOND, None, False),
    (AFTER, None, False),
    (BEFORE, AFTER, True),
    (BEFORE, NOW + A_SECOND, True),
    (BEFORE, NOW, False),
    (BEFORE - A_SECOND, BEFORE, False),
]


def sees(person, child, at=NOW):
    person.__dict__.pop("_appointments_read", None)
    return Child.objects.visible_to(person, at=at).filter(pk=child.pk).exists()


@pytest.mark.parametrize(("since", "until", "holds"), SPANS)
class TestWhatCountsIsTheMomentOfTheAct:
    def test_membership_of_a_team(self, world, since, until, holds):
        worker = a(Role.SOCIAL_WORKER, team=world.team, since=since, until=until)
        assert sees(worker, world.teams_child) is holds

    def test_an_acting_appointment(self, world, since, until, holds):
        acting = appointed(
            world.second_teams_manager, Role.HOS, area=world.area, since=since, until=until, acting_for=world.hos
        )
        assert sees(acting, world.teams_child) is holds

    def test_an_allocation(self, world, since, until, holds):
        worker = world.elsewhere(Role.SOCIAL_WORKER)
        allocated_to(world.teams_child, worker, since=since, until=until, by=world.team_manager)
        assert sees(worker, world.teams_child) is holds

    def test_an_invitation(self, world, since, until, holds):
        access.invite(world.health, world.own_child, at=since, until=until, because="The tool")
        assert sees(world.health, world.own_child) is holds

    def test_a_restriction(self, world, since, until, holds):
        restricted_to(world.own_child, since=since, until=until, by=world.service_manager)
        assert sees(world.social_worker, world.own_child) is not holds


def test_the_team_that_gives_the_case_away_sees_it_up_to_that_moment(world):
    TeamHolding.objects.filter(child=world.teams_child).update(ends_at=NOW)
    TeamHolding.objects.create(child=world.teams_child, team=world.second_team, starts_at=NOW)
    assert sees(world.social_worker, world.teams_child, at=NOW - A_SECOND)
    assert not sees(world.social_worker, world.teams_child)
    assert sees(world.second_teams_worker, world.teams_child)


def test_nobody_who_left_sees_anybody(world):
    world.dhos.is_active = False
    assert not Child.objects.visible_to(world.dhos, at=NOW).exists()


def test_a_person_without_a_role_sees_nobody_even_where_named(world):
    stranger = a_person("nobody-yet")
    access.name_on_restriction(stranger, world.restricted_child, at=BEFORE, because="A relative")
    access.invite(stranger, world.own_child, at=BEFORE, until=None, because="A matter")
    assert not Child.objects.visible_to(stranger, at=NOW).exists()


def test_a_role_of_an_area_without_an_area_sees_no_area(world):
    """Deny by default: what was left out by mistake opens nothing."""
    Appointment.objects.filter(user=world.hos).update(area=None)
    assert not sees(world.hos, world.own_child)


# Invitations


def test_the_end_of_one_matter_ends_no_invitation_for_another(world):
    access.invite(world.legal, world.own_child, at=BEFORE, until=None, because="The first matter")
    access.invite(world.legal, world.own_child, at=NOW, until=None, because="The second matter")
    access.end_invitations(world.own_child, at=NOW, because="The second matter")
    assert sees(world.legal, world.own_child)
    access.end_invitations(world.own_child, at=NOW, because="The first matter")
    assert not sees(world.legal, world.own_child)


def test_an_invitation_that_is_over_stays_on_record_when_the_same_matter_comes_up_again(world):
    access.invite(world.legal, world.own_child, at=BEFORE, until=None, because="A matter")
    access.end_invitations(world.own_child, at=NOW - A_SECOND, because="A matter")
    access.invite(world.legal, world.own_child, at=NOW, until=None, because="A matter")
    assert sees(world.legal, world.own_child)
    assert not sees(world.legal, world.own_child, at=NOW - A_SECOND)
    assert sees(world.legal, world.own_child, at=BEFORE)


def test_who_is_invited_twice_for_one_matter_is_invited_until_the_end_said_last(world):
    access.invite(world.legal, world.own_child, at=BEFORE, until=None, because="A matter")
    access.invite(world.legal, world.own_child, at=NOW, until=AFTER, because="A matter")
    assert sees(world.legal, world.own_child)
    assert not sees(world.legal, world.own_child, at=AFTER)


def test_an_invitation_opens_no_restricted_record(world):
    access.invite(world.legal, world.restricted_child, at=BEFORE, until=None, because="A matter")
    assert not sees(world.legal, world.restricted_child)
