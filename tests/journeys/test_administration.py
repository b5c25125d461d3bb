"""Somebody starts as Head of Service: added by one administrator, confirmed by another, signed in by the mailed link."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from accounts.models import User
from accounts.roles import Role
from casework.models import OutgoingMail
from tests.factories import PASSWORD, a, a_person
from tests.journeys.walking import PHONE, assert_accessible, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
CHOSEN = "three words that do not belong"
LONG = "Wolfeschlegelsteinhausenbergerdorff"


def test_from_a_new_name_to_the_first_sign_in(page, browser, browser_context_args, world_today, axe):
    second = a(Role.ADMINISTRATOR, name="administrator-2")
    sign_in(page, world_today.administrator)
    page.get_by_role("link", name="People", exact=True).click()
    assert_accessible(page, axe)
    page.get_by_role("link", name="Add a person").click()
    page.get_by_role("button", name="Add the person").click()
    expect(page.get_by_role("alert")).to_contain_text("There is a problem")
    assert_accessible(page, axe)
    page.get_by_label("First names").fill("Noor")
    page.get_by_label("Last name").fill("Hart")
    page.get_by_label("User name").fill("noor.hart")
    page.get_by_label("Mail address").fill("noor@example.org")
    page.get_by_role("button", name="Add the person").click()
    expect(page.get_by_role("heading", name="Noor Hart")).to_be_visible()
    assert_accessible(page, axe)

    page.get_by_role("link", name="Appoint to a role").click()
    assert_accessible(page, axe)
    page.get_by_label("Role").select_option("Head of Service")
    page.get_by_label("Where").fill("East of the")
    page.get_by_role("option", name="East of the river", exact=True).click()
    page.get_by_label("Why?").fill("The post was empty.")
    page.get_by_role("button", name="Appoint").click()
    expect(page.get_by_text("It holds once another administrator has confirmed it.")).to_be_visible()
    assert_accessible(page, axe)

    other = browser.new_context(**browser_context_args).new_page()
    sign_in(other, second)
    other.goto("/people/")
    other.get_by_role("link", name="Noor Hart is to be appointed Head of Service").click()
    expect(other.get_by_text("the mail address noor@example.org")).to_be_visible()
    assert_accessible(other, axe)
    other.get_by_role("link", name="Confirm or refuse").click()
    assert_accessible(other, axe)
    other.get_by_label("Confirm it, as it was asked").check()
    other.get_by_role("button", name="Decide").click()
    other.get_by_label("Password").fill(PASSWORD)
    other.get_by_role("button", name="Confirm").click()
    expect(other.get_by_text("Your decision is recorded.")).to_be_visible()
    assert_accessible(other, axe)
    other.context.close()

    mail = OutgoingMail.objects.get(to__username="noor.hart", subject__contains="password")
    noor = browser.new_context(**browser_context_args).new_page()
    noor.goto(re.search(r"https?://[^/]+(/\S+)", mail.body).group(1))
    noor.get_by_label("New password", exact=True).fill(CHOSEN)
    noor.get_by_label("New password again").fill(CHOSEN)
    noor.get_by_role("button", name="Set the password").click()
    noor.get_by_role("link", name="Sign in with it").click()
    noor.get_by_label("Username").fill("noor.hart")
    noor.get_by_label("Password").fill(CHOSEN)
    noor.get_by_role("button", name="Sign in", exact=True).click()
    expect(noor.get_by_text("Head of Service").first).to_be_visible()
    expect(noor.get_by_role("link", name="Dashboard")).to_be_visible()
    noor.context.close()


def test_the_pages_hold_with_very_long_names_and_on_a_phone(page, world_today, axe):
    page.set_viewport_size(PHONE)
    person = a_person("long")
    name = {
        "first_name": f"{LONG} {LONG}",
        "last_name": f"{LONG}-{LONG}",
        "email": f"{LONG}@{LONG}.example.org".lower(),
    }
    User.objects.filter(pk=person.pk).update(**name)
    sign_in(page, world_today.administrator)
    for address in (
        reverse("people:people"),
        reverse("people:person", args=[person.pk]),
        reverse("people:person", args=[world_today.hos.pk]),
        reverse("people:person_leave", args=[person.pk]),
        reverse("people:places"),
        reverse("people:team", args=[world_today.team.pk]),
        reverse("people:team_close", args=[world_today.team.pk]),
    ):
        page.goto(address)
        assert_accessible(page, axe)
