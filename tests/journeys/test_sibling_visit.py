"""A social worker visits a brother and a sister in one home, and records it on the phone in one go."""

import re

import pytest
from playwright.sync_api import expect

from tests.factories import days_before, in_childrens_home, placed, with_unapproved_relative
from tests.journeys.walking import PHONE, assert_accessible, sign_in
from tests.visits.pictures import a_picture, exif_of_a_phone
from visits.models import RoomPhoto, SharedVisit, Visit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
HERS, HIS, OF_THE_HOME = "She laughed a lot.", "He was very quiet.", "The kitchen was warm."


@pytest.fixture
def browser_context_args(browser_context_args):
    """A phone of 360 pixels that is touched."""
    return browser_context_args | {"viewport": PHONE, "has_touch": True, "is_mobile": True}


@pytest.fixture
def world(world_today):
    """The own child, a brother of the same team and a child whom the worker does not see live with one aunt."""
    since = days_before(20, at=world_today.at)
    home = with_unapproved_relative(world_today.own_child, since=since)
    for child in (world_today.teams_child, world_today.other_areas_child):
        placed(child, home.setting, since=since, carer=home.carer)
    return world_today


def choose(page, question, answer):
    page.get_by_role("group", name=question).get_by_label(answer).tap()


def test_one_visit_to_two_children(page, world, axe):
    sister, brother = world.own_child, world.teams_child
    sign_in(page, world.social_worker)
    page.get_by_role("link", name="Record a visit").tap()
    expect(page.get_by_text("1 more child lives here whom you do not see in Hearth.")).to_be_visible()
    expect(page.get_by_label(f"What did you see and hear of {brother.name}?")).to_be_hidden()

    choose(page, f"Did you see {sister.name}?", "Yes, and I spoke with the child alone")
    page.get_by_label(f"What did you see and hear of {sister.name}?").fill(HERS)
    choose(page, f"Does anything about {sister.name} worry you?", "No")
    page.get_by_label(brother.name, exact=True).tap()
    choose(page, f"Did you see {brother.name}?", re.compile("the child did not want to"))
    page.get_by_label(f"What did you see and hear of {brother.name}?").fill(HIS)
    page.get_by_label("What did you see of the home itself?").fill(OF_THE_HOME)
    assert_accessible(page, axe)

    page.get_by_role("button", name="Record this visit").tap()
    trouble = page.get_by_role("alert").filter(has_text="There is a problem")
    trouble.get_by_role("link", name=f"Answer “Does anything about {brother.name} worry you?”").tap()
    assert not Visit.objects.exists()
    assert_accessible(page, axe)
    choose(page, f"Does anything about {brother.name} worry you?", "Yes")
    page.get_by_role("button", name="Record this visit").evaluate(
        "button => [0, 50, 150].forEach(wait => setTimeout(() => button.click(), wait))"
    )

    expect(page.get_by_text("for each of the children")).to_be_visible()
    assert Visit.objects.count() == 2
    assert SharedVisit.objects.count() == 1
    body = page.locator("main")
    expect(body).to_contain_text(HERS)
    expect(body).to_contain_text(OF_THE_HOME)
    expect(body).not_to_contain_text(HIS)
    assert_accessible(page, axe)

    page.get_by_role("link", name=brother.name).tap()
    expect(body).to_contain_text(HIS)
    expect(body).to_contain_text(OF_THE_HOME)
    expect(body).to_contain_text("Something worries the visitor")
    expect(body).not_to_contain_text(HERS)
    assert world.other_areas_child.name not in page.content()


def test_a_photograph_is_added_and_the_visit_struck_out_again(page, world, axe):
    in_childrens_home(world.teams_child, since=days_before(16, at=world.at))  # long enough ago to be no part of it
    sign_in(page, world.social_worker)
    page.get_by_role("link", name="Record a visit").tap()
    choose(page, "Did you see the child?", "Yes, and I spoke with the child alone")
    page.get_by_label("What did you see and hear?").fill(HERS)
    choose(page, "Does anything worry you?", "No")
    page.get_by_role("button", name="Record this visit").tap()

    page.get_by_role("link", name="Add a photograph").tap()
    assert_accessible(page, axe)
    taken = {"name": "IMG_0042.jpg", "mimeType": "image/jpeg", "buffer": a_picture(exif=exif_of_a_phone(6))}
    page.get_by_label("Photograph", exact=True).set_input_files(taken)
    page.get_by_label("What does it show?").fill("The bed under the window")
    page.get_by_role("button", name="Add the photograph").tap()
    picture = page.get_by_role("img", name="The bed under the window")
    picture.scroll_into_view_if_needed()
    expect(picture).to_be_visible()
    page.wait_for_function("() => document.querySelector('.hearth-photos__picture').naturalWidth === 600")
    assert_accessible(page, axe)
    assert RoomPhoto.objects.count() == 1

    page.get_by_role("link", name="This visit was recorded by mistake").tap()
    page.get_by_label("What was wrong, and how do you know?").fill("It was the day before.")
    page.get_by_role("button", name="Strike it out").tap()
    expect(page.get_by_text("The visit is struck out.")).to_be_visible()
    expect(page.get_by_text("It was the day before.")).to_be_visible()
    expect(page.get_by_role("img", name="The bed under the window")).to_have_count(0)
    assert_accessible(page, axe)
    assert not Visit.objects.exists()
