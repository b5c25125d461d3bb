"""Who may take which step of the chain (C-33, S0 2.3-2.7): right role, wrong child; right child, wrong role; near misses.

`MAY` is read row by row: in this state this step is open to these people and to nobody else of the whole authority.
"""

from datetime import timedelta

import pytest

from accounts.models import Appointment
from accounts.roles import Role
from approvals.models import CaseDiscussion
from approvals.permissions import may_decide
from approvals.states import State
from casework.steps import NotYou, steps_of
from children import access
from children.permissions import may_see
from tests.approvals.steps import LATER, agree_all, convene, take
from tests.factories import (
    NOW,
    a,
    a_person,
    allocated_to,
    appointed,
    chain_at,
    days_before,
    restricted_to,
    with_unapproved_relative,
)

THE_FOUR = {"social-worker", "team-manager", "legal", "dhos"}
MAY = [
    (State.TO_CONVENE, "convene", {"dhos"}),
    (State.CONVENED, "record", {"dhos"}),
    (State.CONVENED, "withdraw", {"dhos", "team-manager"}),
    (State.TO_AGREE, "agree", THE_FOUR),
    (State.TO_AGREE, "record", {"dhos"}),
    (State.AGREED, "approve", {"hos"}),
    (State.AGREED, "send_back", {"hos"}),
    (State.AGREED, "refuse", {"hos"}),
    (State.AGREED, "record", {"dhos"}),
    (State.AGREED, "withdraw", {"dhos", "team-manager"}),
    (State.SENT_BACK, "record", {"dhos"}),
    (State.APPROVED, "sign_off", {"service-director"}),
    (State.APPROVED, "dissent", {"service-director"}),
    (State.APPROVED, "record", {"dhos"}),
    (State.DISSENTED, "feed_back", {"hos"}),
    (State.SIGNED_OFF, "communicate", {"hos"}),
    (State.COMMUNICATED, "file", {"social-worker"}),
    (State.CONVENED, "note", {"dhos"}),
    (State.COMMUNICATED, "know", {"dhos", "team-manager", "social-worker"}),
    (State.SIGNED_OFF, "renew", {"hos"}),
]


def everybody(world):
    """Every person of the authority: each role here and in the other area, colleagues, another team, and nobody's role."""
    here = [world.person(role) for role in Role]
    west = [world.elsewhere(role) for role in (*world._elsewhere,)]
    noise = [world.colleague, world.second_teams_worker, world.second_teams_manager, a_person("without-a-role")]
    return [*here, *west, *noise]


def may(discussion, step, person, at=NOW):
    return {s.name: s.allowed for s in steps_of(discussion, by=person, at=at)}[step]


@pytest.mark.parametrize(("state", "step", "who"), MAY, ids=lambda value: str(value) if isinstance(value, str) else "")
def test_this_step_is_open_to_these_people_and_to_nobody_else(world, state, step, who):
    discussion = chain_at(state, with_unapproved_relative(world.own_child))
    assert {p.username for p in everybody(world) if may(discussion, step, p)} == who


def test_every_step_has_a_row():
    steps = {transition.name for transition in CaseDiscussion().get_all_state_transitions()}
    assert {step for _, step, _ in MAY} == steps


@pytest.mark.parametrize(("state", "step", "who"), MAY, ids=lambda value: str(value) if isinstance(value, str) else "")
def test_about_another_areas_child_the_same_people_may_do_nothing(world, state, step, who):
    """Right role, wrong child. Legal is invited there too; the Director is the authority's."""
    discussion = chain_at(state, with_unapproved_relative(world.other_areas_child))
    here = [world.person(role) for role in (Role.DHOS, Role.HOS, Role.TEAM_MANAGER, Role.SOCIAL_WORKER)]
    assert not any(may(discussion, step, person) for person in here)


@pytest.mark.parametrize("role", [Role.DHOS, Role.HOS, Role.TEAM_MANAGER])
def test_a_role_held_elsewhere_is_no_right_even_for_a_child_one_sees(world, role):
    """Somebody who manages in the west and also works with this child's team sees the child, and decides nothing here."""
    both = appointed(world.elsewhere(role), Role.SOCIAL_WORKER, team=world.team)
    for state, step, _ in MAY:
        if step not in ("agree", "file"):
            discussion = chain_at(state, with_unapproved_relative(world.a_child(worker=world.social_worker)))
            assert not may(discussion, step, both), step


# The Deputy Head


class TestTheDeputy:
    """Near misses of the DHOS: replaced, acting, acting until yesterday."""

    @pytest.fixture
    def placement(self, world):
        return with_unapproved_relative(world.own_child)

    def replaced(self, world):
        """The Deputy who convened has left the post; this is the successor."""
        Appointment.objects.filter(user=world.dhos, role=Role.DHOS).update(ends_at=NOW - timedelta(days=1))
        return a(Role.DHOS, area=world.area, since=NOW - timedelta(days=1))

    def test_who_was_replaced_neither_types_nor_agrees(self, world, placement):
        discussion = chain_at(State.TO_AGREE, placement)
        self.replaced(world)
        assert not may(discussion, "record", world.dhos)
        assert not may(discussion, "agree", world.dhos)
        assert not may(discussion, "withdraw", world.dhos)

    def test_the_successor_types_and_withdraws_but_was_not_there_and_agrees_nothing(self, world, placement):
        discussion = chain_at(State.TO_AGREE, placement)
        successor = self.replaced(world)
        assert may(discussion, "record", successor)
        assert may(discussion, "withdraw", successor)
        assert not may(discussion, "agree", successor)

    def test_who_acts_for_the_deputy_does_all_of_it(self, world, placement):
        discussion = chain_at(State.TO_AGREE, placement)
        acting = a(Role.DHOS, area=world.area, since=NOW, acting_for=world.dhos)
        assert may(discussion, "record", acting)
        assert may(discussion, "agree", acting)

    def test_an_acting_appointment_that_ended_yesterday_is_none(self, world, placement):
        discussion = chain_at(State.TO_AGREE, placement)
        until = NOW - timedelta(days=1)
        acting = a(Role.DHOS, area=world.area, since=days_before(30), until=until, acting_for=world.dhos)
        assert may(discussion, "agree", acting, at=until - timedelta(seconds=1))
        assert not may(discussion, "agree", acting, at=until)
        assert not may(discussion, "record", acting)

    def test_who_acts_for_somebody_else_agrees_nothing(self, world, placement):
        discussion = chain_at(State.TO_AGREE, placement)
        acting = a(Role.DHOS, area=world.area, since=NOW, acting_for=world.elsewhere(Role.DHOS))
        assert not may(discussion, "agree", acting)

    def test_who_acts_in_the_other_area_does_nothing_here(self, world, placement):
        discussion = chain_at(State.TO_AGREE, placement)
        acting = a(Role.DHOS, area=world.other_area, since=NOW, acting_for=world.dhos)
        assert not may(discussion, "record", acting)
        assert not may(discussion, "agree", acting)


# The four


class TestTheFour:
    @pytest.fixture
    def discussion(self, world):
        return chain_at(State.TO_AGREE, with_unapproved_relative(world.own_child))

    def test_last_weeks_allocation_agrees_nothing(self, world, discussion):
        allocated_to(world.own_child, world.colleague, since=days_before(1))
        assert not may(discussion, "agree", world.social_worker), "of the team still, but not the child's worker"
        assert not may(discussion, "agree", world.colleague), "the child's worker now, but was not there"

    def test_the_allocation_that_ends_tomorrow_still_counts(self, world, discussion):
        allocated_to(world.own_child, world.colleague, since=NOW + timedelta(days=1))
        assert may(discussion, "agree", world.social_worker)

    def test_the_role_left_since_agrees_nothing(self, world, discussion):
        Appointment.objects.filter(user=world.team_manager).update(ends_at=NOW)
        assert may(discussion, "agree", world.team_manager, at=NOW - timedelta(seconds=1))
        world.team_manager.__dict__.pop("_appointments_read", None)
        assert not may(discussion, "agree", world.team_manager)

    def test_another_member_of_legal_sees_nothing_and_agrees_nothing(self, world, discussion):
        other = a(Role.LEGAL)
        assert not may(discussion, "agree", other)
        access.invite(other, world.own_child, at=NOW, until=None, because="Another matter")
        assert not may(discussion, "agree", other)

    def test_who_acts_for_legal_sees_the_matter_and_agrees_it_while_acting(self, world, discussion):
        """Invited is the person who is away: the cover holds for what she is invited to, and not a day longer."""
        until = NOW + timedelta(days=1)
        acting = a(Role.LEGAL, since=NOW, until=until, acting_for=world.legal)
        assert not may(discussion, "agree", acting, at=until)
        acting.__dict__.pop("_appointments_read", None)
        assert may(discussion, "agree", acting)
        discussion = take(discussion, "agree", by=acting)
        with pytest.raises(NotYou):
            take(discussion, "agree", by=world.legal)

    def test_legal_whose_invitation_ended_agrees_nothing(self, world, discussion):
        access.end_invitations(world.own_child, at=NOW, because=discussion.matter)
        assert not may(discussion, "agree", world.legal)

    def test_a_record_restricted_since_is_agreed_by_those_named_on_it_only(self, world, discussion):
        restricted_to(world.own_child, world.legal, since=days_before(1), by=world.service_manager)
        assert [p.username for p in everybody(world) if may(discussion, "agree", p)] == ["legal"]

    def test_who_acts_for_two_of_them_agrees_once(self, world, discussion):
        acting = a(Role.TEAM_MANAGER, team=world.team, since=NOW, acting_for=world.team_manager)
        appointed(acting, Role.DHOS, area=world.area, since=NOW, acting_for=world.dhos)
        discussion = take(discussion, "agree", by=acting)
        with pytest.raises(NotYou):
            take(discussion, "agree", by=acting)

    def test_nobody_agrees_in_one_role_first_and_in_another_later(self, world, discussion):
        acting = a(Role.TEAM_MANAGER, team=world.team, since=days_before(1), until=LATER, acting_for=world.team_manager)
        discussion = take(discussion, "agree", by=acting)
        appointed(acting, Role.DHOS, area=world.area, since=LATER, acting_for=world.dhos)
        discussion = take(discussion, "record", by=world.dhos)
        assert may(discussion, "agree", acting), "as team manager, of the new version too"
        assert not may(discussion, "agree", acting, at=LATER), "not as Deputy Head"

    def test_somebody_who_left_the_authority_agrees_nothing(self, world, discussion):
        world.legal.is_active = False
        world.legal.save()
        assert not may(discussion, "agree", world.legal)


# The Head of Service and the Service Director


class TestThoseWhoDecide:
    @pytest.fixture
    def placement(self, world):
        return with_unapproved_relative(world.own_child)

    def both(self, person, role, world, since=NOW):
        where = {"area": world.area} if role in (Role.DHOS, Role.HOS) else {}
        return appointed(person, role, since=since, **where)

    @pytest.mark.parametrize("role", ["social_worker", "team_manager", "legal", "dhos"])
    @pytest.mark.parametrize(
        ("promoted_to", "state", "step"),
        [(Role.HOS, State.AGREED, "approve"), (Role.SERVICE_DIRECTOR, State.APPROVED, "sign_off")],
    )
    def test_none_of_the_four_decides_after_promotion(self, world, placement, role, promoted_to, state, step):
        """The author promoted, and the three others."""
        discussion = chain_at(state, placement)
        promoted = self.both(world.person(Role(role)), promoted_to, world)
        assert not may(discussion, step, promoted)

    def test_a_head_of_service_who_is_the_childs_worker_decides_nothing(self, world, placement):
        discussion = chain_at(State.AGREED, placement)
        allocated_to(world.own_child, world.hos, since=NOW)
        assert not may(discussion, "approve", world.hos)
        assert not may(discussion, "refuse", world.hos)

    def test_nor_one_who_is_the_childs_personal_adviser(self, world, placement):
        discussion = chain_at(State.AGREED, placement)
        allocated_to(world.own_child, world.hos, role=Role.PERSONAL_ADVISER, since=NOW)
        assert not may(discussion, "approve", world.hos)

    def test_one_who_was_the_childs_worker_until_last_week_decides(self, world, placement):
        allocated_to(world.own_child, world.hos, since=days_before(60))
        allocated_to(world.own_child, world.social_worker, since=days_before(40))
        assert may(chain_at(State.AGREED, placement), "approve", world.hos)

    def test_a_person_with_two_roles_never_signs_two_steps(self, world, placement):
        discussion = chain_at(State.APPROVED, placement)
        both = self.both(world.hos, Role.SERVICE_DIRECTOR, world)
        assert not may(discussion, "sign_off", both)
        assert not may(discussion, "dissent", both)
        with pytest.raises(NotYou, match="with no other part in this chain"):
            take(discussion, "sign_off", by=both)

    def test_not_across_versions_either(self, world, placement):
        """She approved version 1 as Head of Service: she may approve version 2, and do nothing else in this chain."""
        discussion = take(chain_at(State.APPROVED, placement), "record", by=world.dhos)
        hos = self.both(self.both(world.hos, Role.SERVICE_DIRECTOR, world), Role.DHOS, world)
        appointed(hos, Role.TEAM_MANAGER, team=world.team, acting_for=world.team_manager)
        assert not may(discussion, "agree", hos)
        assert not may(discussion, "record", hos), "nor become the author of what she approves"
        discussion = agree_all(world, discussion)
        assert may(discussion, "approve", hos)
        another = a(Role.HOS, area=world.area)
        discussion = take(discussion, "approve", by=another)
        assert not may(discussion, "sign_off", hos)
        assert may(discussion, "sign_off", world.service_director)

    def test_who_sent_it_back_as_head_of_service_does_not_sign_it_as_director(self, world, placement):
        discussion = take(chain_at(State.AGREED, placement), "send_back", by=world.hos)
        discussion = agree_all(world, take(discussion, "record", by=world.dhos))
        promoted = self.both(world.hos, Role.SERVICE_DIRECTOR, world)
        discussion = take(discussion, "approve", by=a(Role.HOS, area=world.area))
        assert not may(discussion, "sign_off", promoted)

    def test_who_typed_it_as_acting_deputy_does_not_approve_it(self, world, placement):
        """The Deputy convened; a colleague typed the record for her, and is Head of Service a week later."""
        acting = a(Role.DHOS, area=world.area, since=days_before(1), until=LATER, acting_for=world.dhos)
        discussion = take(chain_at(State.CONVENED, placement), "record", by=acting)
        discussion = agree_all(world, discussion)
        self.both(acting, Role.HOS, world, since=LATER)
        assert not may(discussion, "approve", acting, at=LATER)

    def test_an_acting_head_of_service_decides_and_after_the_last_day_no_more(self, world, placement):
        discussion = chain_at(State.AGREED, placement)
        until = NOW + timedelta(days=2)
        acting = a(Role.HOS, area=world.area, since=days_before(3), until=until, acting_for=world.hos)
        assert may(discussion, "approve", acting)
        assert not may(discussion, "approve", acting, at=until)

    def test_the_director_who_dissented_may_sign_the_next_version(self, world, placement):
        discussion = take(chain_at(State.DISSENTED, placement), "feed_back", by=world.hos)
        discussion = agree_all(world, take(discussion, "record", by=world.dhos))
        discussion = take(discussion, "approve", by=world.hos)
        assert may(discussion, "sign_off", world.service_director)

    @pytest.mark.parametrize("role", [Role.SERVICE_DIRECTOR, Role.DHOS, Role.SOCIAL_WORKER])
    def test_who_dissented_or_discussed_it_does_not_feed_back_as_head_of_service(self, world, placement, role):
        """What is fed back decides whether the record goes round again: that is for somebody with no other part."""
        discussion = chain_at(State.DISSENTED, placement)
        assert may(discussion, "feed_back", world.hos)
        acting = appointed(world.person(role), Role.HOS, area=world.area, since=NOW, acting_for=world.hos)
        assert not may(discussion, "feed_back", acting)

    def test_who_fed_back_as_head_of_service_does_not_sign_as_director(self, world, placement):
        discussion = take(chain_at(State.DISSENTED, placement), "feed_back", by=world.hos, record_changes=False)
        assert not may(discussion, "sign_off", self.both(world.hos, Role.SERVICE_DIRECTOR, world))
        assert may(discussion, "sign_off", world.service_director)

    def test_to_manage_one_of_the_four_or_to_have_held_the_role_is_no_right(self, world, placement):
        discussion = chain_at(State.AGREED, placement)
        Appointment.objects.filter(user=world.dhos).update(line_manager=world.service_manager)
        former = a(Role.HOS, area=world.area, until=days_before(1))
        assert not may(discussion, "approve", world.service_manager)
        assert not may(discussion, "approve", former)

    def test_another_chain_is_another_matter(self, world, placement):
        """Nobody appears twice in one chain; the next one about the same home starts afresh."""
        chain_at(State.WITHDRAWN, placement)
        promoted = appointed(world.hos, Role.DHOS, area=world.area)
        discussion = convene(world, placement, by=promoted)
        assert discussion.dhos == promoted


# Restricted records (C-46)


def test_of_a_restricted_child_only_those_named_act_wherever_they_are_appointed(world):
    child, west = world.restricted_child, world.elsewhere(Role.DHOS)
    restricted_to(child, west, by=world.service_manager)
    discussion = chain_at(State.TO_CONVENE, with_unapproved_relative(child))
    assert may(discussion, "convene", west)
    assert may(discussion, "convene", world.dhos)
    unrestricted = chain_at(State.TO_CONVENE, with_unapproved_relative(world.own_child))
    assert not may(unrestricted, "convene", west)


def test_break_glass_is_for_reading_a_restricted_record(world):
    """A relative of the child may hold the role."""
    child = world.own_child
    discussion = chain_at(State.AGREED, with_unapproved_relative(child))
    restricted_to(child, world.social_worker, world.dhos, by=world.service_manager)
    access.breaking_glass(world.hos.pk, child.pk, at=NOW, until=NOW + timedelta(hours=1), because="To see.").save()
    assert may_see(child, world.hos, NOW)
    assert not may_decide(discussion, world.hos, NOW)


def test_to_be_invited_is_for_reading(world):
    """A Head of Service of the other area who was asked for advice decides nothing."""
    west = world.elsewhere(Role.HOS)
    discussion = chain_at(State.AGREED, with_unapproved_relative(world.own_child))
    access.invite(west, world.own_child, at=NOW, until=None, because="Advice")
    assert not may(discussion, "approve", west)


def test_nor_does_break_glass_let_anybody_agree(world):
    """Legal was at the discussion; since then the record was restricted to others."""
    child = world.own_child
    discussion = chain_at(State.TO_AGREE, with_unapproved_relative(child))
    restricted_to(child, world.social_worker, world.dhos, by=world.service_manager)
    access.breaking_glass(world.legal.pk, child.pk, at=NOW, until=NOW + timedelta(hours=1), because="To see.").save()
    assert may_see(child, world.legal, NOW)
    assert not may(discussion, "agree", world.legal)
    assert may(discussion, "agree", world.social_worker)
