"""The people of a journey, each at a desk of his or her own."""

from contextlib import contextmanager

import pytest

from tests.journeys.walking import DESK, Desk, sign_in


@pytest.fixture
def desk_of(browser, browser_context_args, live_server):
    """`with desk_of(person) as desk:` is a browser of that person's own, signed in, at My work."""

    @contextmanager
    def desk(person, size=DESK):
        context = browser.new_context(**browser_context_args, viewport=size)
        page = context.new_page()
        sign_in(page, person)
        yield Desk(page)
        context.close()

    return desk
