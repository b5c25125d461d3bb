"""A child lives with an aunt whom nobody has approved: from the alarm to the filed record, by six people (S0 2.3-2.6).

The dashboard before and after is told in `test_dashboard.py`.
"""

import io
from contextlib import contextmanager
from datetime import timedelta

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from approvals.models import CaseDiscussion
from approvals.states import State
from bench.chains import CONTENT
from casework.limits import LONDON
from tests.factories import PASSWORD, chain_at, days_before, with_unapproved_relative
from tests.journeys.walking import DESK, assert_accessible, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LABELS = {
    "discussion": "What was discussed about the arrangement",
    "why_not_regulation_24": "Why temporary approval as a foster carer does not apply",
    "alternatives": "Which alternatives were looked for, and why none serves",
    "risks": "Risks, and what is done about them",
    "views": "Views of the child, the parents, the carer and the IRO",
    "legal_advice": "Legal advice",
    "support": "Support and visits while the arrangement lasts",
    "actions": "Actions agreed: what, who, by when",
    "proposed_decision": "Proposed decision",
    "contingency": "What happens if the arrangement fails",
}


@pytest.fixture
def world(world_today):
    """The child has lived with the aunt for twenty days, and nobody has convened anything."""
    with_unapproved_relative(world_today.own_child, since=days_before(20, at=world_today.at))
    return world_today


@pytest.fixture
def desk_of(browser, browser_context_args, live_server):
    """`with desk_of(person) as desk:` is a browser of that person's own, signed in, at My work."""

    @contextmanager
    def desk(person):
        context = browser.new_context(**browser_context_args, viewport=DESK)
        page = context.new_page()
        sign_in(page, person)
        yield Desk(page)
        context.close()

    return desk


class Desk:
    """Somebody at a desk, whose clicks are counted."""

    def __init__(self, page):
        self.page, self.clicks = page, 0

    def click(self, role, name):
        self.page.get_by_role(role, name=name, exact=True).first.click()
        self.clicks += 1

    def sees(self, words):
        expect(self.page.get_by_text(words).first).to_be_visible()

    def open_the_approval(self, link):
        self.click("link", link)
        self.page.get_by_role("heading", name="Approval of an unregulated arrangement").wait_for()

    def give_password(self):
        self.page.get_by_role("heading", name="Confirm it is you").wait_for()
        self.page.get_by_label("Password").fill(PASSWORD)
        self.click("button", "Confirm")


def convene(desk, at, legal):
    desk.click("link", "Convene the case discussion")
    desk.page.get_by_role("heading", name="Convene the case discussion").wait_for()
    held = (at - timedelta(hours=1)).astimezone(LONDON)
    for label, value in (("Day", held.day), ("Month", held.month), ("Year", held.year), ("Time", f"{held:%H:%M}")):
        desk.page.get_by_label(label, exact=True).fill(str(value))
    desk.page.get_by_label("Member of Legal").select_option(label=legal.name)


def type_record(desk, axe):
    desk.click("link", "Type up the record")
    desk.page.get_by_role("heading", name="Type up the record").wait_for()
    for name, label in LABELS.items():
        if name != "risks":
            desk.page.get_by_label(label).fill(CONTENT[name])
    expect(desk.page.locator("[data-saved-status]")).to_contain_text("Saved")
    assert_accessible(desk.page, axe)
    desk.click("button", "Send the record to be agreed")
    desk.sees("Write something under “Risks, and what is done about them”")
    expect(desk.page.get_by_label(LABELS["actions"])).to_have_value(CONTENT["actions"])
    assert_accessible(desk.page, axe)
    desk.page.get_by_label(LABELS["risks"]).fill(CONTENT["risks"])
    desk.click("button", "Send the record to be agreed")
    desk.sees("The record is typed.")


def test_from_the_alarm_to_the_filed_record(world, desk_of, axe):
    with desk_of(world.dhos) as desk:
        desk.sees("Not signed off: see who is next")
        desk.sees("Next: Deputy Head of Service: convene the case discussion")
        assert_accessible(desk.page, axe)
        convene(desk, world.at, world.legal)
        assert_accessible(desk.page, axe)
        desk.click("button", "Convene the case discussion")
        desk.sees("Convened: the record can be typed up now.")
        type_record(desk, axe)

    for person in (world.social_worker, world.team_manager, world.legal, world.dhos):
        with desk_of(person) as desk:
            types = "Type up or agree" if person == world.dhos else "Agree"
            desk.open_the_approval(f"{types} the record of the case discussion")
            desk.sees(CONTENT["risks"])
            if person == world.legal:
                assert_accessible(desk.page, axe)
            desk.click("button", "Agree that the record is accurate")
            if person == world.legal:
                desk.page.get_by_role("heading", name="Confirm it is you").wait_for()
                assert_accessible(desk.page, axe)
            desk.give_password()
            desk.sees("You have agreed the record.")
            assert desk.clicks == 3, "from My work to the signature, with the password"

    with desk_of(world.hos) as desk:
        desk.open_the_approval("Decide on the arrangement")
        assert_accessible(desk.page, axe)
        desk.click("button", "Approve as an interim arrangement")
        desk.give_password()
        desk.sees("You have approved it. The Service Director decides next.")
        assert desk.clicks == 3

    with desk_of(world.service_director) as desk:
        desk.open_the_approval("Give final sign-off, or dissent")
        desk.click("button", "Give final sign-off")
        desk.give_password()
        desk.sees("You have given final sign-off.")
        assert desk.clicks == 3
        desk.sees("Sign-off does not change this.")
        assert_accessible(desk.page, axe)

    with desk_of(world.hos) as desk:
        desk.open_the_approval("Tell the others what was decided")
        desk.click("button", "Confirm that the outcome is communicated")
        desk.sees("The outcome is recorded as communicated.")

    with desk_of(world.social_worker) as desk:
        desk.open_the_approval("File the signed record")
        desk.click("link", "File the signed record")
        assert_accessible(desk.page, axe)
        desk.page.get_by_label("Reference in the document store").fill("LL-2026-0077")
        desk.click("button", "File the signed record")
        desk.sees("Filed as LL-2026-0077.")
        desk.sees("This approval is over.")
        assert_accessible(desk.page, axe)
        record = desk.page.get_by_role("link", name="The record as a document (PDF)").get_attribute("href")
        answer = desk.page.request.get(record)
        pdf = PdfReader(io.BytesIO(answer.body()))
        text = " ".join(page.extract_text() for page in pdf.pages)
        assert CaseDiscussion.objects.get().version.digest_in_groups in text.replace("\n", " ")
        desk.page.goto("/")
        expect(desk.page.get_by_text("Not signed off")).to_have_count(0)
        desk.page.goto(f"/children/{world.own_child.pk}/")
        desk.sees("Signed off as interim arrangement")
        desk.sees("Not lawful")
        desk.sees("Signed record filed")

    assert CaseDiscussion.objects.get().state == State.FILED


def test_reasons_outlive_a_wrong_password(world, desk_of, axe):
    """The Head of Service sends the record back, mistypes the password, and has typed nothing in vain."""
    placement = world.own_child.placements.get()
    chain_at(State.AGREED, placement, held_at=days_before(6, at=world.at))
    reasons = "Which carers were asked, and what did they answer? Please say so for each of them."
    with desk_of(world.hos) as desk:
        desk.open_the_approval("Decide on the arrangement")
        desk.click("link", "Send the record back for more work")
        assert_accessible(desk.page, axe)
        desk.page.get_by_label("Your reasons").fill(reasons)
        desk.click("button", "Send the record back for more work")
        desk.page.get_by_label("Password").fill("not the password")
        desk.click("button", "Confirm")
        desk.sees("Incorrect password")
        assert_accessible(desk.page, axe)
        desk.page.get_by_label("Password").fill(PASSWORD)
        desk.click("button", "Confirm")
        desk.sees("Sent back to the Deputy Head of Service, with your reasons.")
        desk.sees(reasons)
        assert_accessible(desk.page, axe)
