"""A social worker plans a visit on the phone, in a week in which the reviewing officer goes too, puts the dates into a
calendar, goes round, and records the visit: the plan is met by itself.
"""

from datetime import timedelta

import pytest

from accounts.roles import Role
from casework import diary
from casework.limits import local_day
from tests.calendars import read
from tests.factories import days_before, planned, with_unapproved_relative
from tests.journeys.walking import PHONE, assert_accessible, boxes

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def world(world_today):
    """The child came to the aunt yesterday; the reviewing officer goes there today."""
    home = with_unapproved_relative(world_today.own_child, since=days_before(1, at=world_today.at))
    planned(home, local_day(world_today.at), by=world_today.iro, role=Role.IRO, at=world_today.at)
    diary.refresh([world_today.own_child.case_file_id], at=world_today.at)
    return world_today


def test_a_visit_is_planned_put_into_a_calendar_and_made(world, desk_of, axe):
    today = local_day(world.at)
    with desk_of(world.social_worker, size=PHONE) as desk:
        desk.page.get_by_role("link", name="Plan this visit").first.click()
        desk.reads("Plan a visit")
        desk.sees(f"{world.iro.name}, Independent reviewing officer")
        assert_accessible(desk.page, axe)

        desk.answer(boxes("planned_on", today) | {"says": "The new bed."})
        desk.click("button", "Plan this visit")
        desk.sees(f"{world.iro.name} (Independent reviewing officer) plans to go on the same day.")
        assert_accessible(desk.page, axe)
        desk.page.get_by_label("Plan it for this day all the same").check()
        desk.click("button", "Plan this visit")
        desk.sees("The visit is planned.")
        desk.sees("The new bed.")
        assert_accessible(desk.page, axe)
        desk.page.goto("/")
        desk.sees("Planned for")

        desk.click("link", "Dates in your calendar")
        assert_accessible(desk.page, axe)
        desk.click("button", "Make an address")
        desk.sees("Copy this address now.")
        assert_accessible(desk.page, axe)
        address = desk.page.locator("code").inner_text()
        found = desk.page.request.get(address[address.index("/visits/") :])
        names = {entry["SUMMARY"] for entry in read(found.body())["VEVENT"]}
        assert {"Planned visit", "Visit due (L-01)"} <= names
        assert world.own_child.surname not in found.text()

        desk.click("link", "Day’s round")
        desk.sees("No postcode on record")
        desk.sees("Planned: No time yet")
        assert_accessible(desk.page, axe)

        desk.click("link", "Planned")
        assert_accessible(desk.page, axe)
        desk.page.locator("main table a").first.click()
        desk.click("link", "Record this visit")
        desk.reads("Record a visit")
        desk.answer({"seen": "alone", "account": "We cooked together.", "worries": "no"})
        desk.click("button", "Record this visit")
        desk.sees("The visit is recorded.")
        desk.page.goto("/visits/planned/")
        desk.sees("You plan no visit")
        assert_accessible(desk.page, axe)


def test_a_planned_visit_is_put_on_another_day_and_called_off(world, desk_of, axe):
    plan = planned(world.own_child.placements.get(), local_day(world.at) + timedelta(days=3), at=world.at)
    with desk_of(world.social_worker) as desk:
        desk.page.goto(f"/visits/planned/{plan.pk}/")
        desk.click("link", "Change the day")
        assert_accessible(desk.page, axe)
        desk.answer(boxes("planned_on", local_day(world.at) + timedelta(days=5)) | {"planned_time": "2.30pm"})
        desk.click("button", "Change the day")
        desk.sees("The visit is planned for the new day.")
        desk.sees("at 14:30")
        desk.click("link", "Call the visit off")
        assert_accessible(desk.page, axe)
        desk.page.get_by_label("Why is the visit not made?").fill("She is on holiday.")
        desk.click("button", "Call the visit off")
        desk.sees("The visit is called off.")
        desk.sees("Called off")
