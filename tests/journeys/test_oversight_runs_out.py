"""What was agreed for a time only runs out: an interim approval lapses, and a temporary approval ends (C-48, reg 25(6))."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from approvals.models import CaseDiscussion
from approvals.states import State
from casework import diary
from placements.models import Carer
from placements.states import Setting
from tests.approvals.connected_steps import approved_for_a_time, looked_into
from tests.factories import chain_at, days_before, placed, with_unapproved_relative
from tests.journeys.walking import assert_accessible, boxes

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_an_interim_approval_lapsed_and_the_alarm_rings_until_it_is_renewed(world_today, desk_of, axe):
    """Signed off 35 days ago for 28 days, and nobody renewed it."""
    world = world_today
    placement = with_unapproved_relative(world.own_child, since=days_before(60, at=world.at))
    chain_at(State.COMMUNICATED, placement, held_at=days_before(40, at=world.at))
    diary.refresh([placement.case_file_id], at=world.at)

    with desk_of(world.hos) as desk:
        desk.open_the_approval("Renew the interim approval")
        desk.sees("That lapsed: it held until")
        assert_accessible(desk.page, axe)
        desk.click("link", "Renew the interim approval")
        desk.answer({"search": "Four agencies were asked again.", "why": "None has room near his school."})
        assert_accessible(desk.page, axe)
        desk.click("button", "Renew the interim approval")
        desk.give_password()
        desk.sees("Renewed. The Service Director is told.")
        desk.sees("Renewed 1 of 3 times.")
        desk.sees("Four agencies were asked again.")
        desk.page.goto("/")
        expect(desk.page.get_by_text("Not signed off")).to_have_count(0)

    with desk_of(world.service_director) as desk:
        desk.page.goto(f"/approvals/{CaseDiscussion.objects.get().pk}/")
        desk.sees("Renewed 1 of 3 times.")
        desk.sees("Four agencies were asked again.")


def test_a_temporary_approval_ran_out_and_the_deputy_head_convenes(world_today, desk_of, axe):
    """Sixteen weeks ended yesterday, nothing came after them, and the child lives there still: it goes to S0."""
    world = world_today
    child, approved_at = world.own_child, days_before(112, at=world.at.replace(hour=12))  # in summer time too
    aunt = Carer(name="Ada Aunt", address="1 Invented Lane")
    person = looked_into(world, child=child, carer=aunt, at=approved_at)
    approved_for_a_time(world, person, at=approved_at)
    placed(child, Setting.CONNECTED_PERSON, since=approved_at + timedelta(hours=1), carer=aunt, relationship="Aunt")
    diary.refresh([child.case_file_id], at=world.at)

    with desk_of(world.social_worker) as desk:
        desk.page.goto(f"/children/{child.pk}/")
        desk.sees("Not signed off")
        desk.sees("Not lawful")
        assert_accessible(desk.page, axe)

    with desk_of(world.dhos) as desk:
        desk.click("link", "Convene the case discussion")
        desk.reads("Convene the case discussion")
        desk.answer(boxes("held_at", world.at - timedelta(minutes=30)))
        desk.page.get_by_label("Member of Legal").select_option(label=world.legal.name)
        desk.click("button", "Convene the case discussion")
        desk.sees("Convened: the record can be typed up now.")
        desk.click("link", "Type up the record")
        desk.click("link", "Why temporary approval does not apply")
        expect(desk.page.locator("main")).to_contain_text("Temporary")
        assert_accessible(desk.page, axe)
    assert CaseDiscussion.objects.get().state == State.CONVENED
