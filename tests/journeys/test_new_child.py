"""A child comes into care on a Friday and stays with an aunt: the file is opened, the home recorded, and the alarm shows.

Then the pages at their extremes: nothing on record, and everything as long as it can be.
"""

from datetime import timedelta

import pytest
from django.template.loader import render_to_string
from django.utils import timezone
from playwright.sync_api import expect

from casework import diary
from casework.models import CaseFile
from children.models import Child
from tests.factories import (
    a_home,
    days_before,
    in_childrens_home,
    restricted_to,
    settled,
    with_temporary_approval,
    with_unapproved_relative,
)
from tests.journeys.walking import assert_accessible, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LONG = "Wolfeschlegelsteinhausenbergerdorff"


@pytest.fixture
def world(world_today):
    return world_today


def type_day(page, question, day):
    boxes = page.get_by_role("group", name=question)
    for label, text in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
        boxes.get_by_label(label, exact=True).fill(str(text))


def look():
    diary.refresh(CaseFile.objects.values_list("pk", flat=True), at=timezone.now())


def test_from_the_first_day_of_care_to_the_alarm_and_the_next_duty(page, world, axe):
    sign_in(page, world.social_worker)
    page.get_by_role("link", name="New child").click()
    assert_accessible(page, axe)

    page.get_by_role("button", name="Open the file").click()
    expect(page.get_by_role("alert")).to_contain_text("There is a problem")
    expect(page).to_have_title("Error: A child becomes looked after – Hearth – Children’s services")
    assert_accessible(page, axe)

    page.get_by_label("First names").fill("Noor")
    page.get_by_label("Last name").fill("Hart")
    page.get_by_label("Former name").fill("Nora Quill")
    type_day(page, "Date of birth", world.at.date() - timedelta(days=4000))
    page.get_by_label("The authority’s number for the child").fill("N000001")
    type_day(page, "Day on which the child became looked after", world.at.date() - timedelta(days=1))
    page.get_by_label("Legal status").select_option("Accommodated under section 20")
    page.get_by_role("button", name="Open the file").click()
    expect(page.get_by_role("heading", name="Noor Hart")).to_be_visible()
    expect(page.get_by_text("No home is on record").first).to_be_visible()

    page.get_by_role("link", name="The child moved").click()
    page.get_by_label("With a relative, friend or other connected person").check()
    page.get_by_label("How they and the child are connected").fill("Aunt")
    page.get_by_label("No", exact=True).check()
    page.get_by_label("Name of the family or home").fill("May Hart")
    assert_accessible(page, axe)
    page.get_by_role("button", name="Record").click()
    expect(page.get_by_text("The move is recorded.")).to_be_visible()
    expect(page.get_by_text("Unregulated (connected person)").first).to_be_visible()
    expect(page.get_by_text("No sign-off makes it lawful.")).to_be_visible()
    expect(page.get_by_text("Not signed off")).to_be_visible()
    assert_accessible(page, axe)

    page.get_by_role("link", name="My work").click()
    line = page.get_by_role("listitem").filter(has_text="Noor Hart")
    expect(line.get_by_role("link", name="Record a visit")).to_be_visible()
    line.get_by_text("Why this date?").click()
    expect(line.get_by_text("Rule L-01", exact=True)).to_be_visible()
    assert_accessible(page, axe)

    page.get_by_role("searchbox", name="Find a child by name or number").fill("quill")
    page.keyboard.press("Enter")
    expect(page.get_by_text("1 child found")).to_be_visible()
    assert "quill" not in page.url
    assert_accessible(page, axe)
    page.get_by_role("link", name="Noor Hart").click()
    assert page.url.endswith(f"/children/{Child.objects.get(reference='N000001').pk}/")


def test_a_home_that_is_known_here_is_offered_before_it_is_recorded_again(page, world, axe):
    home = a_home(name="Larch House", address="1 Larch Lane")
    sign_in(page, world.social_worker)
    page.goto(f"/placements/child/{world.own_child.pk}/moved/")
    page.get_by_label("In a home or another place").check()
    page.get_by_label("What kind of place is it?").select_option("Children’s home")
    page.get_by_label("Name of the family or home").fill("larch")
    page.get_by_role("button", name="Record").click()
    expect(page.get_by_role("group", name="Is it one of these?")).to_be_visible()
    assert_accessible(page, axe)
    page.get_by_label("Larch House, children’s home").check()
    page.get_by_role("button", name="Record").click()
    expect(page.get_by_text("The move is recorded.")).to_be_visible()
    assert world.own_child.placements.get().home == home
    page.get_by_role("link", name="The page of Larch House").click()
    expect(page.get_by_role("heading", name="Larch House")).to_be_visible()
    assert_accessible(page, axe)


def test_pages_hold_with_nothing_on_record_and_with_very_long_content(page, world, axe):
    long = world.a_child(worker=world.social_worker, forename=f"{LONG} {LONG}", surname=f"{LONG}-{LONG}")
    for day in range(240, 20, -20):
        in_childrens_home(long, since=days_before(day, at=world.at))
    lived = with_temporary_approval(long, since=days_before(15, at=world.at))
    lived.carer.name = f"{LONG}-{LONG} {LONG}"
    lived.carer.save()
    restricted_to(long, world.social_worker, by=world.service_manager)
    settled(world.teams_child, since=days_before(40, at=world.at))
    with_unapproved_relative(world.own_child, since=days_before(20, at=world.at))
    empty = world.a_child(worker=world.social_worker)
    look()
    sign_in(page, world.social_worker)
    for address in (
        "/",
        f"/children/{empty.pk}/",
        f"/children/{long.pk}/",
        f"/children/{long.pk}/timeline/",
        f"/placements/{lived.pk}/",
        f"/placements/child/{long.pk}/",
        f"/placements/{lived.pk}/end/",
        f"/placements/{lived.pk}/approval/",
        "/placements/homes/",
    ):
        page.goto(address)
        assert_accessible(page, axe)


def test_corrections_homes_and_error_pages_hold_with_errors_and_with_a_very_long_name(page, world, axe):
    home = a_home(name=(LONG * 6)[:200])
    lives = in_childrens_home(world.own_child, since=days_before(20, at=world.at), home=home)
    never = with_unapproved_relative(world.teams_child, since=days_before(20, at=world.at))
    look()
    sign_in(page, world.placement_service)
    for record, form in (
        (lives, "correct"),
        (home, "registration"),
        (home, "about"),
        (never, "strike-out"),
    ):
        page.goto(f"/placements/{'homes/' if record == home else ''}{record.pk}/{form}/")
        if form == "about":
            page.get_by_label("Name of the home").fill("")
        page.get_by_role("button", name="Record").click()
        expect(page.get_by_role("alert")).to_contain_text("There is a problem")
        assert_accessible(page, axe)
    page.get_by_label("The child never lived here").check()
    page.get_by_label("What was wrong, and how do you know?").fill(LONG * 9)
    page.get_by_role("button", name="Record").click()
    expect(page.get_by_text("It is struck out.")).to_be_visible()
    for address in (f"{never.pk}/", f"{lives.pk}/", f"homes/{home.pk}/", f"providers/{home.provider_id}/", "0/"):
        page.goto(f"/placements/{address}")
        assert_accessible(page, axe)
    for answer in ("403_csrf", "500", "503"):
        page.set_content(render_to_string(f"{answer}.html"))
        assert_accessible(page, axe)


@pytest.mark.parametrize("who", ["team_manager", "hos", "administrator", "auditor", "commissioning"])
def test_the_start_page_and_what_is_overdue_hold_for_everybody(page, world, axe, who):
    settled(world.own_child, since=days_before(40, at=world.at))
    in_childrens_home(world.teams_child, since=days_before(40, at=world.at))
    look()
    sign_in(page, getattr(world, who))
    assert_accessible(page, axe)
    overdue = page.get_by_role("link", name="Overdue in my team or area")
    if overdue.count():
        overdue.click()
        expect(page.get_by_role("heading", name="Overdue in my team or area")).to_be_visible()
        assert_accessible(page, axe)
