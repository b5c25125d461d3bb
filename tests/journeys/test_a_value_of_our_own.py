"""An administrator asks for a shorter limit; the Service Director reads whom it concerns, decides, and takes it along."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from casework import diary, errands
from casework.limits import local_day
from casework.models import RuleProposal, RuleValue
from tests.factories import PASSWORD, with_relative_of_unknown_approval
from tests.journeys.walking import DESK, assert_accessible, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def world(world_today):
    """Since today nobody knows whether one carer is approved."""
    placement = with_relative_of_unknown_approval(world_today.own_child, since=world_today.at)
    diary.refresh([placement.case_file_id], at=world_today.at)
    return world_today


def test_a_value_is_asked_for_looked_at_and_decided(page, browser, browser_context_args, world, axe):
    page.set_viewport_size(DESK)
    sign_in(page, world.administrator)
    page.get_by_role("link", name="Procedures").click()
    assert_accessible(page, axe)
    page.get_by_role("link", name="D-08", exact=True).click()
    expect(page.get_by_text("Now open: 1 duty")).to_be_visible()
    page.get_by_role("link", name="Ask for a value of our own").click()
    page.get_by_label("New limit").fill("1")
    first_day = local_day(world.at) + timedelta(days=4)
    for box in ("day", "month", "year"):
        page.get_by_label(box.capitalize(), exact=True).fill(str(getattr(first_day, box)))
    page.get_by_label("Why?").fill("Five days are too long for a child.")
    page.get_by_label("Service Director").check()
    page.get_by_role("button", name="Ask for it").click()
    expect(page.get_by_text("Whom it concerns is still being worked out.")).to_be_visible()
    errands.do(RuleProposal.objects.get().preview_id)

    director = browser.new_context(**browser_context_args).new_page()
    director.set_viewport_size(DESK)
    sign_in(director, world.service_director)
    director.goto(RuleProposal.objects.get().get_absolute_url())
    expect(director.get_by_role("link", name="due earlier")).to_be_visible()
    director.get_by_role("link", name="Decide on this value", exact=True).click()
    director.get_by_label("Yes, and deadlines that run are taken along").check()
    director.get_by_label("Why?").fill("The child cannot wait.")
    assert_accessible(director, axe)
    director.get_by_role("button", name="Confirm my decision").click()
    director.get_by_label("Password").fill(PASSWORD)
    director.get_by_role("button").filter(has_text="Confirm").click()
    director.get_by_text("As it was shown when it was decided.").wait_for()
    director.context.close()
    assert RuleValue.objects.get().takes_running_along

    page.goto("/procedures/what-changed/")
    expect(page.get_by_text("1 working day instead of 5 working days")).to_be_visible()
    assert_accessible(page, axe)
