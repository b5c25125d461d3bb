"""A senior decision is read and signed on one page: three clicks from My work, the password included."""

import pytest
from playwright.sync_api import expect

from approvals.models import Decision
from approvals.states import DecisionState
from tests.approvals.of_decisions import at_a_parents, put
from tests.factories import PASSWORD, days_before
from tests.journeys.walking import DESK, assert_accessible, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def world(world_today):
    """Somebody has put it forward that the child lives with the father."""
    child = world_today.own_child
    at = days_before(1, at=world_today.at)
    put(world_today, "with_parents", child, proposed=at_a_parents(child, at=at), at=at)
    return world_today


@pytest.fixture
def desk_of(browser, browser_context_args, live_server):
    """`desk_of(person)` is a browser of that person's own, signed in, at My work."""
    contexts = []

    def desk(person):
        contexts.append(browser.new_context(**browser_context_args, viewport=DESK))
        page = contexts[-1].new_page()
        sign_in(page, person)
        return page

    yield desk
    for context in contexts:
        context.close()


def sign(page, button):
    """What is read and the button stand on one page; then the password."""
    page.get_by_role("button", name=button, exact=True).click()
    page.get_by_role("heading", name="Confirm it is you").wait_for()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Confirm", exact=True).click()


def sees(page, words):
    expect(page.get_by_text(words).first).to_be_visible()


def test_checked_and_decided_in_three_clicks_each_and_found_again(world, desk_of, axe):
    manager = desk_of(world.team_manager)
    manager.get_by_role("link", name="Open the decision").click()
    sees(manager, "The record, version 1")
    assert_accessible(manager, axe)
    sign(manager, "Confirm that it is complete")
    sees(manager, "You have confirmed that it is complete.")

    officer = desk_of(world.decision_maker)
    officer.get_by_role("link", name="Open the decision").click()
    sees(officer, "The record, version 1")
    sign(officer, Decision.objects.get().of_kind.verb)
    sees(officer, "You have decided.")
    sees(officer, "you can read it again")
    assert_accessible(officer, axe)
    assert Decision.objects.get().state == DecisionState.GRANTED

    officer.get_by_role("link", name="Approvals").first.click()
    sees(officer, "Nothing waits for you")
    assert_accessible(officer, axe)
    officer.get_by_role("link", name="Done by me").click()
    sees(officer, "Everything in which you took a step")
    assert_accessible(officer, axe)
    officer.get_by_role("link", name=world.own_child.name).click()
    sees(officer, "you can read it again")


def test_from_the_inbox_it_is_as_near(world, desk_of, axe):
    manager = desk_of(world.team_manager)
    manager.get_by_role("link", name="Approvals").click()
    manager.get_by_role("link", name=world.own_child.name).click()
    sign(manager, "Confirm that it is complete")
    sees(manager, "You have confirmed that it is complete.")
