"""A child lives with an aunt whom nobody has approved: from the alarm to the filed record, by six people (S0 2.3-2.6).

The dashboard before and after is told in `test_dashboard.py`.
"""

import io
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect
from pypdf import PdfReader

from accounts.roles import Role
from approvals.models import CaseDiscussion, Signature
from approvals.record.parts import SECTIONS
from approvals.states import Act, State
from bench.chains import CONTENT, record_of
from casework.sections.forms import typed_of
from tests.approvals.steps import agree_all, take
from tests.factories import PASSWORD, chain_at, days_before, with_unapproved_relative
from tests.journeys.walking import assert_accessible, boxes

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def world(world_today):
    """The child has lived with the aunt for twenty days, and nobody has convened anything."""
    with_unapproved_relative(world_today.own_child, since=days_before(20, at=world_today.at))
    return world_today


def at(state, world, **more):
    """The chain at a state; the case discussion was held six days ago."""
    return chain_at(state, world.own_child.placements.get(), held_at=days_before(6, at=world.at), **more)


def to_type(held_at):
    """What is typed into each section: of rows, one each."""
    content = record_of(held_at)
    one_each = {name: said[:1] if isinstance(said, list) else said for name, said in content.items()}
    return {section: typed_of(section, one_each) for section in SECTIONS}


def test_the_case_discussion_is_convened_and_its_record_typed(world, desk_of, axe):
    held_at = world.at - timedelta(hours=1)
    with desk_of(world.dhos) as desk:
        desk.sees("Not signed off: see who is next")
        assert_accessible(desk.page, axe)
        desk.click("link", "Convene the case discussion")
        desk.reads("Convene the case discussion")
        desk.answer(boxes("held_at", held_at))
        desk.page.get_by_label("Member of Legal").select_option(label=world.legal.name)
        desk.click("button", "Convene the case discussion")
        desk.sees("Convened: the record can be typed up now.")

        desk.click("link", "Type up the record")
        desk.reads("Type up the record")
        first, *others = to_type(held_at).items()
        desk.click("link", first[0].title)
        desk.answer(first[1])
        expect(desk.page.locator("[data-saved-status]")).to_contain_text("Saved")
        desk.click("button", "Save and go on")
        for section, typed in others[:-1]:
            desk.reads(section.title)
            desk.answer(typed)
            desk.click("button", "Save and go on")
        section, typed = others[-1]
        desk.reads(section.title)
        desk.click("link", "All sections")
        desk.click("button", "Send the record to be agreed")
        desk.reads("There is a problem")
        assert_accessible(desk.page, axe)
        desk.click("link", section.title)
        desk.answer(typed)
        desk.click("button", "Save and go on")
        desk.click("button", "Send the record to be agreed")
        desk.sees("The record is typed.")
        desk.sees(CONTENT["risks"])

    discussion = CaseDiscussion.objects.get()
    assert discussion.state == State.TO_AGREE
    assert discussion.meeting.actions.count() == 1


def test_it_is_agreed_approved_and_signed_off_in_three_clicks_each(world, desk_of, axe):
    discussion = at(State.TO_AGREE, world)
    for role in (Role.TEAM_MANAGER, Role.DHOS):
        discussion = take(discussion, "agree", by=world.person(role), at=world.at - timedelta(hours=2))
    for person in (world.social_worker, world.legal):
        with desk_of(person) as desk:
            desk.open_the_approval("Agree the record of the case discussion")
            desk.click("button", "Agree that the record is accurate")
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


def test_the_outcome_is_told_and_the_signed_record_filed(world, desk_of, axe):
    discussion = at(State.SIGNED_OFF, world)
    with desk_of(world.hos) as desk:
        desk.open_the_approval("Tell the others what was decided")
        desk.click("button", "Confirm that the outcome is communicated")
        desk.sees("Recorded.")

    with desk_of(world.social_worker) as desk:
        desk.open_the_approval("File the signed record")
        desk.click("link", "File the signed record")
        desk.page.get_by_label("Reference in the document store").fill("LL-2026-0077")
        desk.click("button", "File the signed record")
        desk.sees("Filed as LL-2026-0077.")
        assert_accessible(desk.page, axe)
        record = desk.page.get_by_role("link", name="The record as a document (PDF)").get_attribute("href")
        pdf = PdfReader(io.BytesIO(desk.page.request.get(record).body()))
        text = " ".join(page.extract_text() for page in pdf.pages)
        assert discussion.version.digest_in_groups in text.replace("\n", " ")
        desk.page.goto("/")
        expect(desk.page.get_by_text("Not signed off")).to_have_count(0)
        desk.page.goto(f"/children/{world.own_child.pk}/")
        desk.sees("Signed off as interim arrangement")
        desk.sees("Not lawful")

    assert CaseDiscussion.objects.get().state == State.FILED


def test_reasons_outlive_a_wrong_password(world, desk_of, axe):
    """The Head of Service sends the record back, mistypes the password, and has typed nothing in vain."""
    at(State.AGREED, world)
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


def test_a_dissent_goes_round_and_the_changed_record_is_signed(world, desk_of, axe):
    """S0 2.7: the two agree what is to be done, the record changes, and everybody agrees and signs what it says now."""
    at(State.APPROVED, world, content=record_of(days_before(6, at=world.at)))
    with desk_of(world.service_director) as desk:
        desk.open_the_approval("Give final sign-off, or dissent")
        desk.click("link", "Dissent from the approval")
        desk.page.get_by_label("Your reasons").fill("Nobody says where the dog sleeps.")
        desk.click("button", "Dissent from the approval")
        desk.give_password()
        desk.sees("Your dissent is recorded, with your reasons.")

    with desk_of(world.hos) as desk:
        desk.open_the_approval("Tell the others what was decided")
        desk.sees("Nobody says where the dog sleeps.")
        desk.click("link", "Feed back what was agreed after the dissent")
        desk.page.get_by_label("What did you agree with the Service Director?").fill("The dog is looked at again.")
        action = {"what_1": "Look at where the dog sleeps", "owner_1": "social_worker", "record_changes": "yes"}
        desk.answer({**action, **boxes("due_on_1", (world.at + timedelta(days=3)).date())})
        assert_accessible(desk.page, axe)
        desk.click("button", "Feed back what was agreed after the dissent")
        desk.sees("The Deputy Head of Service, the team manager and the social worker are told.")

    with desk_of(world.dhos) as desk:
        desk.open_the_approval("Type up or agree the record of the case discussion")
        desk.sees("The dog is looked at again.")
        desk.click("link", "Type up the record")
        desk.click("link", "Risks, pets and checks")
        desk.page.get_by_label("Risks, and what is done about them").fill("The dog sleeps in the shed.")
        desk.click("button", "Save and finish it later")
        desk.click("button", "Send the record to be agreed")
        desk.sees("The record is typed.")

    discussion = CaseDiscussion.objects.get()
    assert discussion.signatures_now.count() == 0
    discussion = take(agree_all(world, discussion, at=timezone.now()), "approve", by=world.hos, at=timezone.now())
    with desk_of(world.service_director) as desk:
        desk.open_the_approval("Give final sign-off, or dissent")
        desk.sees("The dog sleeps in the shed.")
        desk.click("button", "Give final sign-off")
        desk.give_password()
        desk.sees("You have given final sign-off.")
        desk.sees("Version 1")
        assert_accessible(desk.page, axe)
    assert Signature.objects.filter(act=Act.SIGN_OFF).get().version.number == 2
