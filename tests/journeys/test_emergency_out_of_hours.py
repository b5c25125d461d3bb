"""At night no registered home has a place: the Director says yes by telephone, and signs within a day (K-10, C-47)."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from approvals.kinds import KINDS
from approvals.models import Decision
from approvals.states import DecisionState
from casework import diary
from casework.limits import local_day
from casework.sections.parts import Asks
from placements.states import RegistrationStatus
from tests.approvals.matters import MATTERS
from tests.factories import in_childrens_home
from tests.journeys.walking import PHONE, assert_accessible, boxes

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_by_telephone_first_and_then_signed(world_today, desk_of, axe):
    world, home = world_today, in_childrens_home
    called_at = world_today.at - timedelta(hours=2)
    placement = home(world.own_child, since=called_at, registered=RegistrationStatus.UNREGISTERED)
    diary.refresh([placement.case_file_id], at=world.at)
    director = world.service_director

    with desk_of(world.social_worker, PHONE) as desk:
        desk.click("link", "Put it forward")
        desk.reads("Use of an unregistered setting")
        desk.click("button", "Begin")
        desk.sees("Begun: write it up, then put it forward.")
        content, kind = MATTERS["unregistered setting"].content(), KINDS["unregistered_setting"]
        texts = [part.name for part in kind.parts if part.asks == Asks.TEXT and part.required]
        typed = {name: content[name] for name in texts}
        until = boxes("until", local_day(world.at) + timedelta(days=7))
        desk.answer({"applied": "no", **typed, **until, "said_by": str(director.pk), **boxes("said_at", called_at)})
        assert_accessible(desk.page, axe)
        desk.click("button", "Write it up and put it forward")
        desk.sees("It is put forward.")

    with desk_of(director) as desk:
        desk.sees("Not signed off")
        desk.click("link", "Sign what was said by telephone")
        desk.sees(content["why"])
        assert_accessible(desk.page, axe)
        desk.click("button", "Authorise")
        desk.give_password()
        desk.sees("You have decided.")
        assert desk.clicks == 3, "from My work to the signature, with the password"
        desk.page.goto("/")
        expect(desk.page.get_by_text("Not signed off")).to_have_count(0)
        desk.page.goto(f"/children/{world.own_child.pk}/")
        desk.sees("Not lawful")

    decision = Decision.objects.get()
    assert (decision.state, decision.said_by) == (DecisionState.GRANTED, director)
