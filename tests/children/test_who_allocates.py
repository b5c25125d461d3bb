"""Who allocates whom, and who moves cases: the table row by row, for one child and for many, and the near misses.

Roles, both tables; P41 for the reviewing officer; C-33 for absence.
"""

import pytest
from django.urls import reverse

from accounts.roles import Role
from children import permissions
from children.allocators import ALLOCATION, MOVES
from children.caseloads.reach import whom_may_allocate, whom_may_move
from children.models import Allocation, Child, TeamHolding
from children.states import ALLOCATED_ROLES
from tests.children.handing_over import CHECK, choose, hand_over
from tests.factories import NOW, a, allocated_to, appointed, days_before

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]

MANAGERS = {Role.TEAM_MANAGER, Role.SERVICE_MANAGER}
DIRECTORS = {Role.SERVICE_DIRECTOR, Role.ASSISTANT_DIRECTOR, Role.DCS}
MAY = {
    Role.SOCIAL_WORKER: MANAGERS,
    Role.PERSONAL_ADVISER: MANAGERS,
    Role.IRO: DIRECTORS,
    Role.SUPERVISING_SOCIAL_WORKER: MANAGERS,
    Role.EXIT_WORKER: MANAGERS,
}


def test_every_role_in_which_somebody_is_allocated_has_a_row_with_a_reason_and_a_source():
    assert set(ALLOCATION) == set(ALLOCATED_ROLES) == set(MAY)
    assert all(row.cites and row.because.endswith(".") and row.who for row in [*ALLOCATION.values(), *MOVES.values()])


def test_each_role_allocates_what_its_row_says_and_nothing_else(world):
    for who in Role:
        person = world.person(who)
        may = {role for role in ALLOCATED_ROLES if permissions.may_allocate(world.own_child, person, NOW, (role,))}
        assert may == {role for role, whom in MAY.items() if who in whom}, who


def test_a_list_of_many_and_the_question_about_one_child_answer_the_same(world):
    TeamHolding.objects.filter(child=world.a_child()).delete()
    for who in Role:
        person = world.person(who)
        seen = Child.objects.visible_to(person, at=NOW)
        for role in ALLOCATED_ROLES:
            listed = set(seen.filter(whom_may_allocate(person, role, NOW)))
            one_by_one = {child for child in seen if permissions.may_allocate(child, person, NOW, (role,))}
            assert listed == one_by_one, (who, role)
        listed = set(seen.filter(whom_may_move(person, NOW)))
        assert listed == {child for child in seen if permissions.may_move_many(child, person, NOW)}, who


def page_for(client, **query):
    return client.get(reverse("children:caseloads"), query)


def listed(answer):
    assert answer.status_code == 200
    return {int(row["value"]) for row in answer.context["rows"]}


# The near misses


def test_the_manager_of_the_next_team_neither_sees_nor_allocates(world, signed_in):
    client = signed_in(world.second_teams_manager)
    assert listed(page_for(client, team=world.team.pk)) == {world.second_teams_child.pk}
    assert client.get(reverse("children:one_team", args=[world.team.pk])).status_code == 404
    assert client.get(reverse("children:team_changes", args=[world.team.pk])).status_code == 404
    answer = choose(client, [world.own_child], [world.second_teams_worker], team=world.second_team.pk)
    assert "None of those ticked can be changed here" in answer.text
    assert world.own_child.name not in answer.text


def test_a_manager_whose_appointment_ended_yesterday_has_no_team(world, signed_in):
    former = a(Role.TEAM_MANAGER, team=world.team, until=days_before(1))
    for name in ("team", "caseloads", "check_caseloads"):
        assert signed_in(former).get(reverse(f"children:{name}")).status_code == 403


def test_whoever_acts_for_the_manager_hands_over_until_it_ends(world, signed_in):
    acting = a(Role.TEAM_MANAGER, team=world.team, acting_for=world.team_manager, since=days_before(3))
    hand_over(signed_in(acting), [world.own_child], [world.colleague], team=world.team.pk)
    assert (
        Allocation.objects.in_force(NOW).get(child=world.own_child, role=Role.SOCIAL_WORKER).person == world.colleague
    )
    acting.appointments.update(ends_at=NOW)
    assert signed_in(acting).get(reverse("children:caseloads")).status_code == 403


def test_a_role_lost_between_choosing_and_sending_stops_all_of_it(world, signed_in):
    client = signed_in(world.service_manager)
    choose(client, [world.own_child], [world.colleague], team=world.team.pk)
    world.service_manager.appointments.update(ends_at=NOW)
    appointed(world.service_manager, Role.HOS, area=world.area)
    assert signed_in(world.service_manager).get(CHECK).status_code == 403


def test_whoever_ends_appointments_sees_no_child(world, signed_in):
    client = signed_in(world.administrator)
    for address in ("/team/", "/team/allocate/", "/team/move/", CHECK, f"/team/{world.team.pk}/"):
        assert client.get(address).status_code == 403


def test_heads_see_the_team_and_allocate_nobody(world, signed_in):
    page = signed_in(world.hos).get(reverse("children:one_team", args=[world.team.pk]))
    assert [action["label"] for action in page.context["actions"]] == ["Visits of the team", "Changes this month"]
    assert signed_in(world.hos).get(reverse("children:caseloads")).status_code == 403


# Reviewing officers, and whoever else has no team


def test_a_reviewing_officers_children_are_handed_over_by_a_director_across_all_teams(world, signed_in):
    former = a(Role.IRO, name="ann-gone", until=days_before(2))
    for child in (world.own_child, world.second_teams_child, world.other_areas_child):
        allocated_to(child, former, role=Role.IRO, since=days_before(30))
    client = signed_in(world.assistant_director)
    (left,) = client.get(reverse("children:team")).context["left"]
    assert left["says"] == "Ann Gone left on 7 March 2026: 3 children to hand over"
    rows = client.get(left["url"]).context["rows"]
    assert len(rows) == 3
    assert all(row["ticked"] for row in rows)
    children = [world.own_child, world.second_teams_child, world.other_areas_child]
    assert hand_over(client, children, [world.iro], role="iro").status_code == 302
    now = Allocation.objects.in_force(NOW).filter(role=Role.IRO, child__in=children)
    assert set(now.values_list("person", flat=True)) == {world.iro.pk}


def test_a_team_manager_sees_that_a_reviewing_officer_has_left_and_who_sees_to_it(world, signed_in):
    allocated_to(
        world.own_child, a(Role.IRO, name="ann-gone", until=days_before(2)), role=Role.IRO, since=days_before(30)
    )
    client = signed_in(world.team_manager)
    (left,) = client.get(reverse("children:team")).context["left"]
    assert not left["url"]
    assert left["who"] == "a director"
    assert (
        "Independent reviewing officer"
        not in dict(page_for(client).context["filter_form"].fields["role"].choices).values()
    )


def test_a_supervising_social_workers_children_are_handed_over_by_the_service_manager_across_the_area(world, signed_in):
    former = a(Role.SUPERVISING_SOCIAL_WORKER, until=days_before(2))
    for child in (world.own_child, world.second_teams_child, world.other_areas_child):
        allocated_to(child, former, role=Role.SUPERVISING_SOCIAL_WORKER, since=days_before(30))
    client = signed_in(world.service_manager)
    role = "supervising_social_worker"
    assert listed(page_for(client, role=role, worker=f"{role}:{former.pk}")) == {
        world.own_child.pk,
        world.second_teams_child.pk,
    }


def test_on_the_childs_page_a_director_says_who_reviews_and_nothing_else(world, signed_in, send):
    address = reverse("children:allocate", args=[world.own_child.pk])
    client = signed_in(world.assistant_director)
    groups = client.get(address).context["form"].fields["who"].choices[1:]
    assert [role for role, _ in groups] == ["Independent reviewing officer"]
    another = a(Role.IRO)
    assert send(client, address, who=f"iro:{another.pk}", from_on=NOW.date()).status_code == 302
    assert Allocation.objects.in_force(NOW).get(child=world.own_child, role=Role.IRO).person == another
    groups = signed_in(world.team_manager).get(address).context["form"].fields["who"].choices[1:]
    assert "Independent reviewing officer" not in [role for role, _ in groups]


# Moving


def test_a_service_manager_moves_within_the_area_only(world, signed_in):
    client = signed_in(world.service_manager)
    page = client.get(reverse("children:move_caseloads"), {"team": world.team.pk})
    assert [name for _, name in page.context["form"].fields["to"].choices] == ["Birch team"]
    answer = choose(
        client, [world.own_child], [world.other_areas_team], page="children:move_caseloads", team=world.team.pk
    )
    assert answer.status_code == 422


def test_who_manages_both_areas_moves_between_them(world, signed_in):
    appointed(world.service_manager, Role.SERVICE_MANAGER, area=world.other_area)
    client = signed_in(world.service_manager)
    how = {"page": "children:move_caseloads", "team": world.team.pk}
    assert hand_over(client, [world.own_child], [world.other_areas_team], **how).status_code == 302
    assert TeamHolding.objects.in_force(NOW).get(child=world.own_child).team == world.other_areas_team


def test_a_closed_team_gives_children_and_takes_none(world, signed_in):
    world.second_team.closed_at = days_before(1)
    world.second_team.save()
    client = signed_in(world.service_manager)
    page = client.get(reverse("children:move_caseloads"), {"team": world.team.pk})
    assert page.context["form"].fields["to"].choices == []
    page = client.get(reverse("children:move_caseloads"), {"team": world.second_team.pk})
    assert [row["name"] for row in page.context["rows"]] == [world.second_teams_child.name]


def test_a_team_manager_moves_no_caseload(world, signed_in):
    assert signed_in(world.team_manager).get(reverse("children:move_caseloads")).status_code == 403
