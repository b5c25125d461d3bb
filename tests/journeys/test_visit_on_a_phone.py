"""A social worker stands in a stairwell with a phone and records the visit just made; the session ends half-way."""

import re

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from casework.models import Draft
from tests.factories import days_before, with_unapproved_relative
from tests.journeys.walking import PHONE, assert_accessible, sign_in
from visits.models import Visit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FIRST, REST = "She has made a den under the table. ", "We read in it, and she asked when her brother may come."


@pytest.fixture
def browser_context_args(browser_context_args):
    """A phone of 360 pixels that is touched."""
    return browser_context_args | {"viewport": PHONE, "has_touch": True, "is_mobile": True}


@pytest.fixture
def world(world_today):
    """Nobody has visited the child since the move twenty days ago."""
    with_unapproved_relative(world_today.own_child, since=days_before(20, at=world_today.at))
    return world_today


@pytest.fixture
def form(page, world):
    """From the start page to the form."""
    sign_in(page, world.social_worker)
    page.get_by_role("link", name="Record a visit").tap()
    page.get_by_role("heading", name="Record a visit").wait_for()
    return page


def account(page):
    return page.get_by_label("What did you see and hear?")


def saved(page):
    """The page says that the server has what is typed."""
    expect(page.locator("[data-saved-status]")).to_have_text(re.compile("^Saved"))


def send(page):
    page.get_by_role("button", name="Record this visit").tap()


def answer_all(page):
    page.get_by_label("Yes, and I spoke with the child alone").tap()
    account(page).fill(FIRST)
    page.get_by_role("group", name="Does anything worry you?").get_by_label("No").tap()


def recorded(page):
    expect(page.get_by_text("The visit is recorded.")).to_be_visible()


def type_on(page, text):
    account(page).press("Control+End")
    account(page).press_sequentially(text, delay=2)


def test_a_visit_is_recorded_in_one_go(page, world, axe):
    sign_in(page, world.social_worker)
    assert_accessible(page, axe)
    page.get_by_role("link", name="Record a visit").tap()  # one tap from My work to the form
    expect(page.get_by_role("heading", name="Record a visit")).to_be_visible()
    assert_accessible(page, axe)

    page.get_by_label("Yes, and I spoke with the child alone").tap()
    type_on(page, FIRST)
    page.get_by_role("group", name="Does anything worry you?").get_by_label("No").tap()
    send(page)

    recorded(page)
    expect(page.get_by_text("Due in 7 days")).to_be_visible()
    expect(page.get_by_text("at most 7 days apart: last seen")).to_be_visible()
    assert_accessible(page, axe)
    assert Visit.objects.get().account == FIRST.strip()
    assert not Draft.objects.exists()


def test_the_session_ends_half_way_and_nothing_is_lost(form, context, world, axe):
    form.get_by_label("Yes, and I spoke with the child alone").tap()
    type_on(form, FIRST)
    saved(form)

    Session.objects.all().delete()
    type_on(form, REST)
    trouble = form.get_by_role("alert").filter(
        has_text="You have been signed out. What you typed is kept on this device."
    )
    expect(trouble).to_be_visible()
    assert_accessible(form, axe)
    form.get_by_role("group", name="Does anything worry you?").get_by_label("No").tap()
    send(form)
    assert not Visit.objects.exists(), "nothing is sent to a sign-in page"
    assert account(form).input_value() == FIRST + REST

    with context.expect_page() as opened:
        trouble.get_by_role("link", name="Sign in").tap()
    sign_in(opened.value, world.social_worker)
    opened.value.close()
    form.bring_to_front()
    form.evaluate("window.dispatchEvent(new Event('focus'))")  # Chromium without a screen does not tell of it
    recorded(form)  # the button was pressed before
    expect(form.get_by_text("Due in 7 days")).to_be_visible()
    assert Visit.objects.get().account == FIRST + REST


def test_somebody_else_signs_in_on_the_same_phone(form, context, world):
    """The text stays on the page of the one who typed it, and is sent under nobody else's name."""
    type_on(form, FIRST)
    saved(form)
    Session.objects.all().delete()
    type_on(form, REST)
    trouble = form.get_by_role("alert").filter(has_text="signed out")
    expect(trouble).to_be_visible()
    with context.expect_page() as opened:
        trouble.get_by_role("link", name="Sign in").tap()
    sign_in(opened.value, world.colleague)
    form.bring_to_front()
    form.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(form.get_by_role("alert").filter(has_text="Somebody else has signed in")).to_be_visible()
    assert account(form).input_value() == FIRST + REST
    assert not Draft.objects.filter(user=world.colleague).exists()
    assert Draft.objects.get().content["account"] == [FIRST]


def test_reload_and_back_keep_what_was_typed(form):
    type_on(form, FIRST)
    saved(form)
    form.reload()
    expect(account(form)).to_have_value(FIRST)
    expect(form.get_by_text("and have not sent it.")).to_be_visible()

    type_on(form, REST)
    form.get_by_role("link", name="Cancel").tap()  # at once: nothing has been saved of the rest yet
    form.get_by_role("heading", name="What is due next, and why").wait_for()
    form.go_back()
    expect(account(form)).to_have_value(FIRST + REST)


def test_tapping_twice_and_again_after_going_back_records_one_visit(form):
    answer_all(form)
    form.get_by_label("Time").fill("0:00")  # typed, so that the browser brings it back as well
    sendings = []
    form.on("request", lambda sent: sendings.append(sent.url) if sent.is_navigation_request() else None)
    form.get_by_role("button", name="Record this visit").evaluate(
        "button => [0, 50, 150].forEach(wait => setTimeout(() => button.click(), wait))"
    )
    recorded(form)
    visit = Visit.objects.get()
    assert len(sendings) == 2, "the form, and the page of the visit"

    form.go_back()
    expect(account(form)).to_have_value(FIRST)  # the browser brings it back
    send(form)
    recorded(form)
    assert form.url.endswith(f"/visits/{visit.pk}/")
    assert Visit.objects.get() == visit


def test_without_a_connection_the_button_is_heard_and_the_form_is_sent_when_there_is_one(form, context):
    answer_all(form)
    saved(form)
    context.set_offline(True)
    type_on(form, REST)
    trouble = form.get_by_role("alert").filter(has_text="There is no connection")
    send(form)
    expect(trouble).to_be_visible()
    expect(form.get_by_text("Kept on this device. It is sent when there is a connection.")).to_be_visible()
    context.set_offline(False)
    recorded(form)
    assert Visit.objects.get().account == FIRST + REST


def test_signing_in_again_elsewhere_does_not_stand_in_the_way(form, context, world):
    """Everything was saved when the session ended, so the page has not heard of it."""
    answer_all(form)
    saved(form)
    Session.objects.all().delete()
    elsewhere = context.new_page()
    form.evaluate("window.dispatchEvent(new Event('blur'))")
    sign_in(elsewhere, world.social_worker)
    elsewhere.close()
    send(form)
    recorded(form)


def test_what_is_thrown_away_stays_away(form):
    type_on(form, FIRST)
    saved(form)
    form.reload()
    type_on(form, REST)
    form.get_by_role("button", name="Throw it away and start again").tap()
    expect(form.get_by_text("and have not sent it.")).to_be_hidden()
    expect(account(form)).to_have_value("")
    form.reload()
    expect(account(form)).to_have_value("")


def test_without_scripts_a_form_sent_after_the_session_ended_comes_back_filled(browser, browser_context_args, world):
    context = browser.new_context(**browser_context_args, java_script_enabled=False)
    page = context.new_page()
    sign_in(page, world.social_worker)
    page.get_by_role("link", name="Record a visit").tap()
    answer_all(page)
    Session.objects.all().delete()
    send(page)
    page.get_by_label("Password").wait_for()
    sign_in(page, world.social_worker)
    expect(account(page)).to_have_value(FIRST)
    send(page)
    recorded(page)
    assert Visit.objects.get().account == FIRST.strip()
    context.close()


def test_what_is_missing_is_said_and_focused(form, axe):
    type_on(form, FIRST)
    send(form)
    summary = form.get_by_role("alert").filter(has_text="There is a problem")
    expect(summary).to_be_visible()
    expect(form).to_have_title(re.compile("^Error: Record a visit"))
    assert account(form).input_value() == FIRST
    assert_accessible(form, axe)
    summary.get_by_role("link", name="Answer “Did you see the child?”").tap()
    expect(form.get_by_label("Yes, and I spoke with the child alone")).to_be_focused()


def test_what_one_taps_is_large_enough(form):
    """44 pixels for what is tapped most, 24 for everything."""
    for button in (form.get_by_role("button", name="Record this visit"), form.get_by_label("Yes, and I spoke")):
        box = button.bounding_box()
        assert min(box["width"], box["height"]) >= 44
    small = form.evaluate(
        """() => [...document.querySelectorAll('main a, main button, main input, main textarea')]
            .map(each => ({what: each.outerHTML, ...each.getBoundingClientRect().toJSON()}))
            .filter(box => box.width && (box.width < 24 || box.height < 24))"""
    )
    assert small == []
