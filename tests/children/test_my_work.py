"""My work: what I owe, soonest first, each line saying why; what my team owes; what waits because a role is empty.

Experience, pages and rules for every page; C-46; quality, speed: at most 10 queries however many duties.
"""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.roles import Role
from casework import diary
from casework.models import CaseFile, Duty, Reading
from tests.factories import (
    NOW,
    a,
    days_before,
    in_childrens_home,
    restricted_to,
    settled,
    with_unapproved_relative,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


def look():
    diary.refresh(CaseFile.objects.values_list("pk", flat=True), at=NOW)


def duty(child, owner, *, due_at=NOW + timedelta(days=3), role=Role.SOCIAL_WORKER, source="visits", key="1", **more):
    return Duty.objects.create(
        case_file=child.case_file,
        source=source,
        key=f"{source}:{child.pk}:{key}",
        kind="L-02",
        about="placements.placement:1",
        role=role,
        owner=owner,
        opened_at=days_before(10),
        due_at=due_at,
        says="Last seen 3 March, so by 12 March.",
        facts=[["Last seen", "3 March 2026"]],
        **more,
    )


def shown(response):
    return [line.duty.whose for line in response.context["lines"] if hasattr(line.duty, "whose")]


def test_the_start_page_lists_what_i_owe_soonest_first_with_the_reason(world, signed_in):
    settled(world.own_child, since=days_before(6))
    soon = settled(world.a_child(worker=world.social_worker), since=days_before(20))
    settled(world.teams_child, since=days_before(20))
    look()
    page = signed_in(world.social_worker).get("/")
    assert shown(page) == [soon.name, world.own_child.name]
    assert "13 days overdue" in page.text
    assert "Due tomorrow" in page.text
    assert "so by 24 February 2026" in page.text
    assert "Why this date?" in page.text
    assert reverse("children:child", args=[soon.pk]) in page.text


def test_a_line_leads_to_the_page_where_the_duty_is_met(world, signed_in):
    settled(world.own_child, since=days_before(6))
    look()
    client = signed_in(world.social_worker)
    owed = Duty.objects.owed_by(world.social_worker).get()
    assert reverse("casework:duty", args=[owed.pk]) in client.get("/").text
    there = client.get(reverse("casework:duty", args=[owed.pk]))
    assert there.status_code == 302
    assert "visits" in there.url


def test_a_duty_of_another_child_leads_nowhere(world, signed_in):
    owed = duty(world.other_areas_child, world.elsewhere(Role.SOCIAL_WORKER))
    assert signed_in(world.social_worker).get(reverse("casework:duty", args=[owed.pk])).status_code == 404


def test_a_duty_that_no_page_meets_leads_to_its_child(world, signed_in):
    owed = duty(world.own_child, world.social_worker, source="nobody")
    there = signed_in(world.social_worker).get(reverse("casework:duty", args=[owed.pk]))
    assert there.url == reverse("children:child", args=[world.own_child.pk])


def test_filters_leave_one_kind_and_say_how_many(world, signed_in):
    duty(world.own_child, world.social_worker)
    duty(world.own_child, world.social_worker, source="approvals")
    duty(world.teams_child, world.social_worker, source="approvals")
    client = signed_in(world.social_worker)
    kinds = {kind["label"]: kind["count"] for kind in client.get("/").context["kinds"]}
    assert kinds == {"All": 3, "Sign-off": 2, "Visits": 1}
    assert len(client.get("/?kind=visits").context["lines"]) == 1
    assert len(client.get("/?kind=nonsense&page=99").context["lines"]) == 0


def test_it_says_what_will_appear_where_nothing_is_due(world, signed_in):
    assert "Nothing is due" in signed_in(world.auditor).get("/").text


def test_the_read_log_says_whose_names_were_shown(world, signed_in):
    duty(world.own_child, world.social_worker)
    duty(world.teams_child, world.colleague)
    signed_in(world.social_worker).get("/")
    reading = Reading.objects.get()
    assert (reading.user, reading.page) == (world.social_worker, "/")
    assert reading.case_files == [world.own_child.case_file_id]


def test_no_line_says_whose_duty_it_is_where_the_owner_may_not_see_the_record(world, signed_in):
    """C-46: the privacy officer is asked to have somebody named, without the child's name."""
    child = world.restricted_child
    duty(child, world.privacy_officer, stands_in="A restricted record has nobody named who can do this.")
    page = signed_in(world.privacy_officer).get("/")
    assert "Have somebody named" in page.text
    assert child.name not in page.text
    assert child.reference not in page.text
    assert "Last seen" not in page.text
    assert not Reading.objects.exists()


def test_a_duty_on_a_record_that_became_restricted_is_listed_without_the_child(world, signed_in):
    duty(world.own_child, world.social_worker)
    restricted_to(world.own_child, world.dhos, by=world.service_manager)
    page = signed_in(world.social_worker).get("/")
    assert "Something is due on a record that you may not open" in page.text
    assert world.own_child.name not in page.text


def test_administrators_see_the_role_to_fill_and_not_the_child(world, signed_in):
    duty(world.own_child, None, role=Role.HOS)
    duty(world.teams_child, None, role=Role.HOS, due_at=days_before(2))
    page = signed_in(world.administrator).get("/")
    assert page.context["roles_to_fill"] == [
        {"role": "Head of Service", "area": "East of the river", "number": 2, "soonest": days_before(2)}
    ]
    assert world.own_child.name not in page.text
    assert signed_in(world.social_worker).get("/").context["roles_to_fill"] == []


# Those who lead


def test_a_team_manager_sees_what_the_team_has_not_done_the_longest_overdue_first(world, signed_in):
    duty(world.own_child, world.social_worker, due_at=days_before(2))
    duty(world.teams_child, world.colleague, due_at=days_before(9))
    duty(world.teams_child, world.colleague, key="ahead")
    duty(world.second_teams_child, world.second_teams_worker, due_at=days_before(2))
    duty(world.other_areas_child, None, due_at=days_before(2))
    duty(world.restricted_child, world.colleague, due_at=days_before(2))
    page = signed_in(world.team_manager).get("/team/overdue/")
    assert shown(page) == [world.teams_child.name, world.own_child.name]
    assert "9 days overdue" in page.text
    assert [tab["count"] for tab in page.context["lists"]] == [0, 2]


@pytest.mark.parametrize("role", [Role.SERVICE_MANAGER, Role.DHOS, Role.HOS])
def test_whoever_leads_an_area_sees_what_its_teams_have_not_done(world, signed_in, role):
    duty(world.own_child, world.social_worker, due_at=days_before(2))
    duty(world.second_teams_child, world.second_teams_worker, due_at=days_before(3))
    duty(world.other_areas_child, None, due_at=days_before(2))
    client = signed_in(world.person(role))
    assert shown(client.get("/team/overdue/")) == [world.second_teams_child.name, world.own_child.name]
    assert [tab["count"] for tab in client.get("/").context["lists"]] == [0, 2]


def test_who_leads_nobody_has_one_list_only(world, signed_in):
    client = signed_in(world.social_worker)
    assert client.get("/").context["lists"] == []
    assert client.get("/team/overdue/").status_code == 403


def test_last_years_team_is_not_led_any_more(world, signed_in):
    former = a(Role.TEAM_MANAGER, team=world.team, until=days_before(1))
    duty(world.own_child, world.social_worker, due_at=days_before(2))
    assert signed_in(former).get("/team/overdue/").status_code == 403


# Queries


def test_my_work_asks_the_same_of_the_database_for_one_child_and_for_fifteen(world, signed_in, asked):
    client = signed_in(world.social_worker)
    duty(world.own_child, world.social_worker)
    with asked() as few:
        client.get("/")
    for number in range(14):
        child = world.a_child(worker=world.social_worker)
        duty(child, world.social_worker)
        duty(child, world.social_worker, source="approvals", key=number)
    with asked() as many:
        assert len(client.get("/").context["lines"]) == 29
    assert len(many) == len(few) <= 10


def test_the_teams_page_asks_the_same_of_the_database_for_one_row_and_for_150(world, signed_in, asked):
    client = signed_in(world.team_manager)
    duty(world.own_child, world.social_worker, due_at=days_before(2))
    with asked() as few:
        client.get("/team/overdue/")
    for number in range(160):
        duty(world.teams_child, world.colleague, due_at=days_before(1), key=number)
    with asked() as many:
        page = client.get("/team/overdue/")
    assert len(page.context["lines"]) == 150
    assert page.context["duties"].paginator.num_pages == 2
    assert len(client.get("/team/overdue/?page=2").context["lines"]) == 11
    assert len(many) == len(few) <= 10


def test_my_work_stays_within_its_queries_for_somebody_who_leads_and_owes(world, signed_in, asked):
    with_unapproved_relative(world.own_child)
    in_childrens_home(world.teams_child)
    look()
    duty(world.own_child, world.team_manager, key="own")
    client = signed_in(world.team_manager)
    with asked() as queries:
        client.get("/")
    assert len(queries) <= 10
