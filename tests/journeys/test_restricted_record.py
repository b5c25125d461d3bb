"""A record is restricted, vanishes for a colleague, is opened by break-glass, and somebody else reviews that."""

from contextlib import contextmanager

import pytest
from playwright.sync_api import expect

from accounts.models import User
from casework.models import OutgoingMail
from children.models import BreakGlassReview
from tests.factories import PASSWORD
from tests.journeys.walking import DESK, assert_accessible, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WHY = "The grandmother rang at night: the child has not come home, and nobody named answers."


@pytest.fixture
def desk_of(browser, browser_context_args, live_server):
    """`with desk_of(person) as page:` is a browser of that person's own, signed in, at My work."""

    @contextmanager
    def desk(person):
        context = browser.new_context(**browser_context_args, viewport=DESK)
        page = context.new_page()
        sign_in(page, person)
        yield page
        context.close()

    return desk


def test_from_the_restriction_to_the_review(world_today, desk_of, axe):
    world, child = world_today, world_today.own_child
    User.objects.update(email="somebody@example.org")
    record = f"/children/{child.pk}/"
    with desk_of(world.social_worker) as worker:
        worker.goto(record)
        expect(worker.get_by_role("heading", name=child.name)).to_be_visible()

        with desk_of(world.hos) as page:
            page.get_by_label("Find a child by name or number").fill(child.name)
            page.get_by_label("Find a child by name or number").press("Enter")
            assert_accessible(page, axe)
            page.get_by_role("link", name=child.name).click()
            page.get_by_role("heading", name=child.name).wait_for()
            page.go_back()
            expect(page.get_by_role("link", name=child.name)).to_be_visible()
            assert child.surname.lower() not in page.url.lower()
            page.get_by_role("link", name=child.name).click()
            page.get_by_role("link", name="Restrict the record to people named").click()
            assert_accessible(page, axe)
            page.get_by_label("A relative of staff").check()
            page.get_by_label("Your reasons").fill("The aunt works in the team.")
            page.get_by_role("checkbox", name=f"{world.hos.name}, Head of Service").check()
            page.get_by_role("button", name="Restrict the record").click()
            expect(page.get_by_text("Nobody named holds these roles").first).to_be_visible()
            assert_accessible(page, axe)
            page.get_by_label("Restrict the record all the same").check()
            page.get_by_role("button", name="Restrict the record").click()
            expect(page.get_by_text("The record is restricted.")).to_be_visible()
            assert_accessible(page, axe)

        worker.reload()
        expect(worker.get_by_text(child.name)).to_have_count(0)
        worker.get_by_label("Find a child by name or number").fill(child.name)
        worker.get_by_role("button", name="Find", exact=True).first.click()
        expect(worker.get_by_role("link", name=child.name)).to_have_count(0)

        worker.get_by_role("link", name="Open one record by break-glass").click()
        assert_accessible(worker, axe)
        worker.get_by_label("The authority’s number", exact=True).check()
        worker.get_by_label("The authority’s number for the child").fill(child.reference)
        worker.get_by_label("The child may be in danger now").check()
        worker.get_by_label("Why, in your own words").fill(WHY)
        worker.get_by_label("1 hour").check()
        worker.get_by_role("button", name="Open the record").click()
        worker.get_by_label("Password").fill(PASSWORD)
        worker.get_by_role("button", name="Confirm").click()
        expect(worker.get_by_role("heading", name=child.name)).to_be_visible()
        expect(worker.get_by_role("region", name="Break-glass")).to_contain_text("What you do is listed and reviewed.")
        assert_accessible(worker, axe)

    alert = OutgoingMail.objects.get(subject="Hearth: a record was opened by break-glass")
    assert alert.to == world.privacy_officer
    assert child.surname not in alert.body

    with desk_of(world.privacy_officer) as page:
        page.get_by_role("link", name="Review a use of break-glass").click()
        expect(page.get_by_text(WHY)).to_be_visible()
        expect(page.get_by_role("cell", name="The child’s page").first).to_be_visible()
        expect(page.get_by_text(child.name)).to_have_count(0)
        assert_accessible(page, axe)
        page.get_by_label("In order", exact=True).check()
        page.get_by_role("button", name="Record the review").click()
        expect(page.get_by_text("Your review is recorded.")).to_be_visible()
        assert_accessible(page, axe)
    assert BreakGlassReview.objects.get().by == world.privacy_officer
