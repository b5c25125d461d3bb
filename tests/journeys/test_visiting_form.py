"""From a visit to its purposeful form on the phone; and a colleague who covers types into the same form."""

import pytest
from playwright.sync_api import expect

from tests.factories import days_before, in_childrens_home, visited
from tests.journeys.walking import PHONE, assert_accessible
from tests.visits.filling import begun, completed, fill_url, section_url
from visits.models import VisitingForm

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MINE, THEIRS, BOTH = "The room is cold, and the child says so.", "The room is warm.", "Warm by day, cold at night."


@pytest.fixture
def visit(world_today):
    """A visit of yesterday to a child in a children's home."""
    home = in_childrens_home(world_today.own_child, since=days_before(50, at=world_today.at))
    return visited(home, days_before(1, at=world_today.at))


def test_from_the_visit_to_the_first_sections_on_the_phone(world_today, visit, desk_of, live_server, axe):
    with desk_of(world_today.social_worker, PHONE) as desk:
        page = desk.page
        page.goto(f"{live_server.url}/visits/{visit.pk}/")
        desk.click("link", "Go on with the purposeful visiting form")
        desk.click("button", "Begin the form")
        expect(page.get_by_text("0 of 10 sections are done")).to_be_visible()
        assert_accessible(page, axe)
        desk.click("link", "Records about the child")
        row = page.get_by_role("group", name="Daily log", exact=True)
        expect(row.get_by_label("What worries you about it?")).to_be_hidden()
        row.get_by_label("Seen, out of date").check()
        row.get_by_label("What worries you about it?").fill("Nothing for three weeks.")
        assert_accessible(page, axe)
        desk.click("button", "Save and go on")
        page.wait_for_url("**/fill/home_records/")
        desk.click("link", "All sections")
        expect(page.get_by_text("1 of 10 sections are done")).to_be_visible()


def test_a_form_that_two_people_edit_keeps_both_texts_and_says_so(world_today, visit, desk_of, live_server, axe):
    form = begun(visit, at=world_today.at)
    with desk_of(world_today.social_worker) as desk:
        page = desk.page
        page.goto(f"{live_server.url}{section_url(form, 'home')}")
        desk.answer({"bedroom": MINE, "facilities": "Clean."})
        desk.click("button", "Save and go on")
        page.wait_for_url("**/fill/child/")
        completed(form, by=world_today.colleague, at=world_today.at, bedroom=THEIRS)

        page.goto(f"{live_server.url}{fill_url(form)}")
        expect(
            page.get_by_role("listitem").filter(has_text="The home").get_by_text("To be looked at again")
        ).to_be_visible()
        page.goto(f"{live_server.url}{section_url(form, 'home')}")
        expect(page.get_by_label("What is the child’s bedroom like?")).to_have_value(MINE)
        desk.sees(THEIRS)
        desk.sees("Bring the two together, then save.")
        assert_accessible(page, axe)
        desk.answer({"bedroom": BOTH})
        desk.click("button", "Save and go on")
        page.wait_for_url("**/fill/child/")
        page.goto(f"{live_server.url}{fill_url(form)}")
        desk.click("button", "Complete the form")
        desk.sees("The form is complete.")
        assert_accessible(page, axe)
    says = [version.content["bedroom"] for version in VisitingForm.objects.get().versions.all()]
    assert says == [THEIRS, BOTH]
