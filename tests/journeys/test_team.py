"""A social worker has left: the team manager finds the caseload on the team's page and shares it out between two others."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from accounts.roles import Role
from casework import diary
from casework.models import CaseFile
from children.models import Allocation
from tests.factories import a, settled
from tests.journeys.walking import assert_accessible, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def world(world_today):
    """Jo Bell left three days ago; three children wait."""
    at = world_today.at
    jo = a(Role.SOCIAL_WORKER, name="jo-bell", team=world_today.team, until=at - timedelta(days=3))
    with diary.one_look_at_the_end(announce=False):
        for name in ("Ash", "Bay", "Cedar"):
            settled(world_today.a_child(worker=jo, forename=name, surname="Left"), since=at - timedelta(days=40))
    diary.refresh(CaseFile.objects.values_list("pk", flat=True), at=at)
    return world_today


def test_a_leavers_caseload_is_shared_out_and_nobody_is_left_behind(page, world, axe):
    sign_in(page, world.team_manager)
    page.get_by_role("link", name="Team", exact=True).click()
    expect(page.get_by_text("3 children to hand over")).to_be_visible()
    assert_accessible(page, axe)

    page.get_by_role("link", name="Hand over the children of Jo Bell").click()
    expect(page.get_by_label("Ash Left")).to_be_checked()
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("alert").first).to_contain_text("There is a problem")
    assert_accessible(page, axe)

    page.get_by_label(world.colleague.name).check()
    page.get_by_label(world.social_worker.name).check()
    page.get_by_label("Why?").fill("Jo has left.")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", name="Check before you allocate these children")).to_be_visible()
    page.get_by_label("To whom: Ash Left").select_option(world.social_worker.name)
    assert_accessible(page, axe)

    page.get_by_role("button", name="Allocate", exact=True).click()
    expect(page.get_by_text("Every change is recorded")).to_be_visible()
    expect(page.get_by_text("to hand over", exact=True)).to_be_visible()
    expect(page.get_by_text("Jo Bell")).to_have_count(0)
    now = Allocation.objects.filter(ends_at=None, child__surname="Left", role=Role.SOCIAL_WORKER)
    given = dict(now.values_list("child__forename", "person"))
    mine, colleagues = world.social_worker.pk, world.colleague.pk
    assert given == {"Ash": mine, "Bay": colleagues, "Cedar": mine}

    page.get_by_role("link", name="Changes this month").click()
    expect(page.get_by_text("Before: Jo Bell").first).to_be_visible()
    assert_accessible(page, axe)


def test_whoever_answers_for_several_teams_moves_children_between_them(page, world, axe):
    sign_in(page, world.service_manager)
    page.get_by_role("link", name="Team", exact=True).click()
    expect(page.get_by_role("heading", name="Teams")).to_be_visible()
    assert_accessible(page, axe)
    page.get_by_role("link", name="Alder team").click()
    page.get_by_role("link", name="Move children to another team").click()
    page.get_by_label("Ash Left").check()
    page.get_by_label("Birch team").check()
    page.get_by_label("Why?").fill("The family has moved.")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text("Birch team: 1 more")).to_be_visible()
    page.get_by_role("button", name="Move", exact=True).click()
    expect(page.get_by_text("Every change is recorded")).to_be_visible()
    page.goto("/team/check/")
    expect(page.get_by_role("heading", name="Nothing to check")).to_be_visible()
    assert_accessible(page, axe)
