"""What every journey does: sign in as people do, and hold each page against WCAG 2.2 AA on a phone and on a desk."""

from playwright.sync_api import expect

from tests.factories import PASSWORD

expect.set_options(timeout=20_000)  # a busy machine, not a slow page

PHONE, NARROWEST, DESK = {"width": 360, "height": 740}, {"width": 320, "height": 740}, {"width": 1280, "height": 900}


def sign_in(page, person):
    """Sign in on the sign-in page that is open, or on the start page."""
    if not page.get_by_label("Password").is_visible():
        page.goto("/")
    page.get_by_label("Username").fill(person.username)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("button", name="Sign out").wait_for()


def assert_accessible(page, axe):
    """The page passes axe and needs no scrolling sideways, at 320 and at 1280 pixels; then it is as wide as it was."""
    before = page.viewport_size
    for size in (NARROWEST, DESK):
        page.set_viewport_size(size)
        assert axe(page) == [], (page.url, size)
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{page.url} is {wide} pixels too wide at {size['width']}"
    page.set_viewport_size(before)
