"""The Head of Service looks at the dashboard before and after the Service Director signs an arrangement off."""

import pytest
from playwright.sync_api import expect

from approvals.states import State
from tests.factories import PASSWORD, chain_at, days_before, in_a_hotel, with_unapproved_relative
from tests.journeys.walking import DESK, PHONE, assert_accessible, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def world(world_today):
    """One arrangement waits for the Service Director's signature, another for a case discussion."""
    at = world_today.at
    placement = with_unapproved_relative(world_today.own_child, since=days_before(20, at=at))
    chain_at(State.APPROVED, placement, held_at=days_before(6, at=at))
    in_a_hotel(world_today.teams_child, since=days_before(2, at=at))
    return world_today


def figure(page, label):
    """The count with a label, as a link to its list."""
    return page.get_by_role("link", name=label)


def test_the_dashboard_before_and_after_a_sign_off(page, browser, browser_context_args, world, axe):
    page.set_viewport_size(DESK)
    sign_in(page, world.hos)
    page.get_by_role("link", name="Dashboard").click()
    expect(figure(page, "not signed off")).to_have_text("2  not signed off", use_inner_text=False)
    row = page.get_by_role("row").filter(has_text=world.own_child.name)
    expect(row).to_contain_text("Not signed off")
    expect(row).to_contain_text("Approved by the Head of Service. Waits for Service Director")
    expect(row).to_contain_text("Not lawful")
    assert_accessible(page, axe)

    director = browser.new_context(**browser_context_args).new_page()
    sign_in(director, world.service_director)
    director.get_by_role("link", name="Give final sign-off, or dissent").first.click()
    director.get_by_role("button", name="Give final sign-off").click()
    if director.get_by_label("Password").is_visible():
        director.get_by_label("Password").fill(PASSWORD)
        director.get_by_role("button").filter(has_text="Confirm").click()
    director.get_by_text("Signed off by the Service Director").first.wait_for()
    director.context.close()

    page.reload()
    row = page.get_by_role("row").filter(has_text=world.own_child.name)
    expect(row).to_contain_text("Signed off")
    expect(row).not_to_contain_text("Not signed off")
    expect(row).to_contain_text("As interim arrangement by Service Director")
    expect(row).to_contain_text("Not lawful")
    figure(page, "not signed off").click()
    expect(page.get_by_role("row")).to_have_count(2)
    expect(page.get_by_text("Oversight: Not signed off")).to_be_visible()
    assert_accessible(page, axe)


def test_the_dashboard_on_a_phone(page, world, axe):
    page.set_viewport_size(PHONE)
    sign_in(page, world.hos)
    page.goto("/dashboard/")
    expect(page.get_by_role("link", name=world.own_child.name)).to_be_visible()
    page.get_by_text("Filter this list").click()
    page.get_by_label("Regulation").select_option("not_permitted")
    page.get_by_role("button", name="Apply filters").click()
    expect(page.get_by_role("link", name=world.own_child.name)).to_be_hidden()
    expect(page.get_by_role("link", name=world.teams_child.name)).to_be_visible()
    page.get_by_role("link", name="Regulation: Not permitted").click()
    expect(page.get_by_role("link", name=world.own_child.name)).to_be_visible()
    assert_accessible(page, axe)
