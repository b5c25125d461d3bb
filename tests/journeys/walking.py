"""What every journey does: sign in as people do, and hold each page against WCAG 2.2 AA on a phone and on a desk."""

from playwright.sync_api import expect

from casework.limits import LONDON
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


class Desk:
    """Somebody at a desk, whose clicks are counted."""

    def __init__(self, page):
        self.page, self.clicks = page, 0

    def click(self, role, name):
        self.page.get_by_role(role, name=name, exact=True).first.click()
        self.clicks += 1

    def sees(self, words):
        expect(self.page.get_by_text(words).first).to_be_visible()

    def reads(self, heading):
        self.page.get_by_role("heading", name=heading).first.wait_for()

    def open_the_approval(self, link):
        self.click("link", link)
        self.reads("Approval of an unregulated arrangement")

    def give_password(self):
        self.reads("Confirm it is you")
        self.page.get_by_label("Password").fill(PASSWORD)
        self.click("button", "Confirm")

    def answer(self, answers):
        """Fill in boxes by their names; of answers to choose from, choose."""
        for name, answer in answers.items():
            box = self.page.locator(f"main [name='{name}']").first
            kind = box.evaluate("each => each.type")
            if kind == "radio":
                self.page.locator(f"main [name='{name}'][value='{answer}']").check()
            elif kind == "select-one":
                box.select_option(answer)
            else:
                box.fill(answer)


def boxes(name, moment):
    """What is typed into the boxes of a day, or of a moment."""
    here = moment.astimezone(LONDON) if hasattr(moment, "hour") else moment
    day = {f"{name}_day": str(here.day), f"{name}_month": str(here.month), f"{name}_year": str(here.year)}
    return {**day, f"{name}_time": f"{here:%H:%M}"} if hasattr(here, "hour") else day
