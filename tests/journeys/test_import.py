"""Whoever makes the return brings a year of it, looks at the report, and loads the good rows."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.roles import Role
from children.models import Child
from tests.exchange.bringing import AUTHORITY, small_return, work
from tests.exchange.files_and_rows import a_file
from tests.factories import a
from tests.journeys.walking import DESK, assert_accessible, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def jess(transactional_db):
    """Makes the return."""
    return a(Role.PERFORMANCE, name="jess-brook", since=timezone.now().replace(year=2020, day=1))


def test_files_are_brought_looked_through_and_loaded(page, jess, axe, tmp_path):
    small_return(tmp_path / "2017")
    a_file(tmp_path / "2017", "oc3")
    (tmp_path / "2017" / "notes.csv").write_text("NAME\nsomething else\n")
    page.set_viewport_size(DESK)
    sign_in(page, jess)
    page.get_by_role("link", name="Imports").click()
    expect(page.get_by_text("No files were brought yet")).to_be_visible()
    page.get_by_role("link", name="Bring files").click()
    page.get_by_role("button", name="Look through the files").click()
    expect(page.get_by_role("link", name="Select the files")).to_be_visible()
    assert_accessible(page, axe)
    page.get_by_label("Files").set_input_files(sorted((tmp_path / "2017").iterdir()))
    page.get_by_label("Your authority’s ONS code").fill(AUTHORITY)
    page.get_by_role("button", name="Look through the files").click()

    expect(page.get_by_text("It waits for its turn.")).to_be_visible()
    work()
    page.get_by_role("link", name="See what came of it").click()
    expect(page.get_by_text("Waits for a decision")).to_be_visible()
    expect(page.get_by_text("This is not a postcode: kept as it came.").first).to_be_visible()
    assert_accessible(page, axe)
    page.get_by_text("Filter this list").click()
    page.get_by_label("What became of it").select_option("Refused")
    page.get_by_role("button", name="Apply filters").click()
    expect(page.get_by_text("The row does not say which child it is about.")).to_be_visible()
    expect(page.get_by_text("This is not a postcode: kept as it came.", exact=True)).to_be_hidden()
    page.get_by_role("link", name="Clear all filters").click()
    page.get_by_text("Find one child").click()
    page.get_by_label("Child’s code").fill("1002")
    page.get_by_role("button", name="Show this child").click()
    expect(page.get_by_role("link", name="Child: 1002")).to_be_visible()
    assert "1002" not in page.url
    with page.expect_download() as download:
        page.get_by_role("link", name="Download as CSV").click()
    assert "1002" in download.value.path().read_text(encoding="utf-8-sig")

    page.get_by_role("button", name="Load the good rows").click()
    work()
    page.get_by_role("link", name="See what came of it").click()
    expect(page.get_by_text("Loaded", exact=True)).to_be_visible()
    expect(page.get_by_text("2 children of these files have no team.")).to_be_visible()
    assert_accessible(page, axe)
    assert Child.objects.count() == 2
    page.get_by_role("link", name="Imports").first.click()
    expect(page.get_by_role("row").filter(has_text="Jess Brook")).to_contain_text("Loaded")
    assert_accessible(page, axe)
