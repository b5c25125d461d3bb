"""How long recording a visit takes on a phone, narrative apart: counted from the page by the keystroke-level model.

Operators and their seconds: Card, Moran and Newell, "The keystroke-level model for user performance time with interactive
systems", Communications of the ACM 23 (1980): K one key, P pointing, B pressing or letting go, H moving the hand, M making
up one's mind. On a phone (Holleis and others, "Keystroke-level model for advanced mobile phone interaction", CHI 2007, and
Rice and Lartigue, "Touch-level model", 2014, take over M and the parts of a touch) a tap is pointing, pressing and letting
go; so is a swipe; the hand moves when the keyboard comes up and when it goes. How long the page takes is left out.
"""

import pytest
from playwright.sync_api import expect

from tests.factories import days_before, with_unapproved_relative
from tests.journeys.walking import PHONE, sign_in
from visits.models import Visit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SECONDS = {"K": 0.28, "P": 1.10, "B": 0.10, "H": 0.40, "M": 1.35}
TAP = SWIPE = "PBB"
OF_A_SCREEN = 0.7
"""How far one swipe of a thumb moves the page, as a part of the screen."""
QUESTIONS = "main form .govuk-fieldset__legend--s, main form .govuk-label--s"


@pytest.fixture
def browser_context_args(browser_context_args):
    """A phone of 360 pixels that is touched."""
    return browser_context_args | {"viewport": PHONE, "has_touch": True, "is_mobile": True}


class Thumb:
    """Somebody with one hand free; what the hand does is counted, and how far the page has to be moved is measured."""

    def __init__(self, page):
        self.page, self.done, self.taps = page, "", 0

    @property
    def seconds(self):
        return sum(SECONDS[operator] for operator in self.done)

    def tap(self, target):
        """Make up one's mind, move the page until the target can be seen, and tap it."""
        self.done += "M"
        while (away := self._out_of_sight(target)) != 0:
            self.page.evaluate("by => window.scrollBy({top: by, behavior: 'instant'})", away)
            self.done += SWIPE
        target.tap()
        self.done += TAP
        self.taps += 1

    def check(self):
        """Read what stands there already, and let it stand."""
        self.done += "M"

    def narrate(self, words):
        """The keyboard comes up and goes; what is told between is the visit itself, and not the form."""
        self.done += "HH"
        self.page.keyboard.insert_text(words)

    def _out_of_sight(self, target):
        height = self.page.viewport_size["height"]
        box = target.bounding_box()
        if box["y"] >= 0 and box["y"] + min(box["height"], height / 2) <= height:
            return 0
        return (1 if box["y"] > 0 else -1) * height * OF_A_SCREEN


def required(page):
    """The questions on the page that must be answered, and which of them wait to be typed."""
    return page.locator(QUESTIONS).evaluate_all(
        """asked => asked
            .filter(each => each.checkVisibility() && !each.querySelector('.hearth-optional'))
            .map(each => {
                const group = each.closest('.govuk-form-group')
                const typed = [...group.querySelectorAll('textarea, input[type=text]')]
                const boxes = typed.filter(box => box.checkVisibility())
                return [each.innerText, boxes.length > 0 && boxes.every(box => box.value === '')]
            })"""
    )


def test_two_taps_six_answers_thirty_seconds(page, live_server, world_today):
    with_unapproved_relative(world_today.own_child, since=days_before(20, at=world_today.at))
    sign_in(page, world_today.social_worker)
    thumb = Thumb(page)
    thumb.tap(page.get_by_role("link", name="Record a visit"))
    page.get_by_role("heading", name="Record a visit").wait_for()
    assert thumb.taps <= 2, "from My work to the form"

    asked = required(page)
    assert 3 <= len(asked) <= 6, asked
    assert [question for question, is_typed in asked if is_typed] == ["What did you see and hear?"]

    thumb.check()  # when: now is proposed
    thumb.tap(page.get_by_label("Yes, and I spoke with the child alone"))
    thumb.tap(page.get_by_label("What did you see and hear?"))
    thumb.narrate("She has made a den under the table.")
    thumb.tap(page.get_by_role("group", name="Does anything worry you?").get_by_label("No"))
    thumb.tap(page.get_by_role("button", name="Record this visit"))
    expect(page.get_by_text("The visit is recorded.")).to_be_visible()

    assert Visit.objects.get().account == "She has made a den under the table."
    assert thumb.done.count("K") == 0, "nothing is typed but what was seen and heard"
    assert 10 < thumb.seconds <= 30, (thumb.done, thumb.seconds)
