"""The pages of decisions that begin at the child: a home that is proposed, and the end of care."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from approvals.kinds import KINDS
from approvals.models import Decision
from approvals.states import DecisionState
from casework import diary
from casework.models import Duty
from casework.sections.parts import Asks
from children.states import LegalCode
from placements.models import Carer, Home, ProposedHome
from placements.states import AuthorisationKind, Setting
from tests.approvals.of_decisions import answers
from tests.approvals.steps import signed_in_with_password, text_of
from tests.factories import World, days_before, in_childrens_home, placed, settled, under

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return World(at=timezone.now())


@pytest.fixture
def child(world):
    settled(world.own_child, since=days_before(90, at=world.at))
    return under(world.own_child, LegalCode.C2, since=days_before(80, at=world.at))


def send(client, url, **typed):
    page = client.get(url)
    assert page.status_code == 200, text_of(page)[:500]
    form = page.context["form"]
    fields = {name: form[name].value() for name in form.fields if form[name].value() not in (None, "")}
    return client.post(url, {**_in_boxes(fields), **typed, "typist": page.context["typist"]})


def _in_boxes(fields):
    """Days and moments as the browser sends them: a box for each part."""
    boxed = {}
    for name, value in fields.items():
        if hasattr(value, "hour"):
            value = timezone.localtime(value)
            boxed |= {f"{name}_{part}": getattr(value, part) for part in ("day", "month", "year")}
            boxed[f"{name}_time"] = f"{value:%H:%M}"
        elif hasattr(value, "year"):
            boxed |= {f"{name}_{part}": getattr(value, part) for part in ("day", "month", "year")}
        else:
            boxed[name] = value
    return boxed


def typed_for(code, **said):
    """The answers to a kind as the browser sends them."""
    filled = answers(code, **said)
    days = {part.name for part in KINDS[code].parts if part.asks == Asks.DAY}
    return _in_boxes(
        {name: date.fromisoformat(text) if name in days and text else text for name, text in filled.items()}
    )


def begin(code, child):
    return reverse("approvals:begin_for_child", args=[code, child.pk])


def step(decision, name):
    return reverse("approvals:take_decision", args=[decision.pk, name])


def decide(world, decision):
    manager = signed_in_with_password(world.team_manager)
    assert send(manager, step(decision, "confirm")).status_code == 302
    decision = Decision.objects.get(pk=decision.pk)
    decider = signed_in_with_password(world.person(Role(decision.decider)))
    answer = send(decider, step(decision, "decide"))
    assert answer.status_code == 302, text_of(answer)
    assert decider.get(answer.url).status_code == 200


def test_from_the_child_to_a_parents_home_that_was_agreed_to(world, child):
    worker = signed_in_with_password(world.social_worker)
    assert begin("with_parents", child) in worker.get(reverse("children:child", args=[child.pk])).content.decode()
    answer = send(worker, begin("with_parents", child), name="Maud Aldritch", relationship="Mother")
    assert answer.status_code == 302, text_of(answer)
    decision = Decision.objects.get()
    assert (decision.proposed.carer.name, decision.proposed.setting) == ("Maud Aldritch", Setting.PARENT)
    answer = send(worker, step(decision, "put"), **typed_for("with_parents"))
    assert answer.status_code == 302, text_of(answer)
    decide(world, decision)
    page = worker.get(reverse("approvals:decision", args=[decision.pk]))
    move = f"{reverse('placements:moved', args=[child.pk])}?proposed={decision.proposed_id}"
    assert move in page.content.decode()
    assert "The child does not live there yet" in text_of(page)
    answer = send(worker, move, approved="no")
    assert answer.status_code == 302, text_of(answer)
    decision = Decision.objects.get()
    assert decision.placement.carer == decision.proposed.carer
    assert decision.placement.authorisations.get().kind == AuthorisationKind.WITH_PARENTS
    diary.refresh([child.case_file_id])
    said = text_of(worker.get(answer.url))
    assert "Placement with a parent" in said
    assert "Agreed that the child lives with this parent" in said


def test_a_home_that_is_new_here_gets_its_file(world, child):
    worker = signed_in_with_password(world.social_worker)
    typed = {"where": "place", "setting": Setting.CHILDRENS_HOME, "name": "Far House"}
    assert send(worker, begin("out_of_area", child), **typed).status_code == 302
    home = Home.objects.get(name="Far House")
    assert home.case_file.events.filter(act="open").exists()
    assert ProposedHome.objects.get().home == home


def test_without_a_name_nothing_is_begun_and_what_was_typed_is_kept(world, child):
    worker = signed_in_with_password(world.social_worker)
    answer = send(worker, begin("out_of_area", child), where="ifa_foster", address="2 Kept Lane")
    assert answer.status_code == 422
    assert "2 Kept Lane" in answer.content.decode()
    assert not Decision.objects.exists()


def test_from_the_child_to_the_end_of_care(world, child):
    under(child, LegalCode.V2, since=days_before(20, at=world.at))
    worker = signed_in_with_password(world.social_worker)
    care_ended = reverse("placements:care_ended", args=[child.pk])
    assert "Nobody has agreed to it yet" in text_of(worker.get(care_ended))
    assert send(worker, begin("ceasing", child)).status_code == 302
    decision = Decision.objects.get()
    today = timezone.localdate().isoformat()
    answer = send(worker, step(decision, "put"), **typed_for("ceasing", ceases_on=today, how="E4A"))
    assert answer.status_code == 302, text_of(answer)
    decide(world, decision)
    page = worker.get(care_ended)
    assert "agreed on" in text_of(page)
    assert page.context["form"]["how"].value() == "E4A"
    assert send(worker, care_ended).status_code == 302
    diary.refresh([child.case_file_id], at=timezone.now() + timedelta(minutes=1))
    assert not Duty.objects.filter(kind="L-26").exists()


def test_a_decision_about_a_child_is_met_on_its_own_page(world, child):
    worker = signed_in_with_password(world.social_worker)
    send(worker, begin("ceasing", child))
    decision = Decision.objects.get()
    diary.refresh([child.case_file_id])
    for duty in Duty.objects.open().filter(key__contains=f"approvals.decision:{decision.pk}"):
        met = signed_in_with_password(duty.owner).get(reverse("casework:duty", args=[duty.pk]))
        assert met.url == reverse("approvals:decision", args=[decision.pk])
    assert {duty.owner for duty in Duty.objects.open()} == {world.social_worker, world.iro}


def test_what_is_due_about_a_home_leads_to_where_its_decision_begins_and_then_to_the_decision(world, child):
    under(child, LegalCode.C2, since=days_before(200, at=world.at))
    placement = placed(child, Setting.PARENT, since=days_before(1, at=world.at), carer=Carer(name="The mother"))
    diary.refresh([child.case_file_id])
    duty = Duty.objects.open().get(kind="L-15")
    owner = signed_in_with_password(duty.owner)
    address = reverse("casework:duty", args=[duty.pk])
    begun = reverse("approvals:begin_decision", args=["with_parents", placement.pk])
    assert owner.get(address).url == begun
    send(owner, begun)
    assert owner.get(address).url == reverse("approvals:decision", args=[Decision.objects.get().pk])


@pytest.mark.parametrize("role", [Role.SERVICE_DIRECTOR, Role.HOS, Role.DCS])
def test_who_may_see_the_child_and_prepares_nothing_begins_nothing(world, child, role):
    page = signed_in_with_password(world.person(role)).get(begin("ceasing", child))
    assert page.status_code == 403


def test_a_kind_that_does_not_begin_at_the_child_has_no_such_page(world, child):
    worker = signed_in_with_password(world.social_worker)
    assert worker.get(begin("extension", child)).status_code == 404
    assert worker.get(begin("no_such_kind", child)).status_code == 404


def test_the_childs_page_asks_no_more_for_many_decisions(world, child):
    worker = signed_in_with_password(world.social_worker)
    url = reverse("children:child", args=[child.pk])

    def asked():
        worker.get(url)  # what was done is said once, and forgotten
        with CaptureQueriesContext(connection) as queries:
            assert worker.get(url).status_code == 200
        return len(queries)

    send(worker, begin("out_of_area", child), where="ifa_foster", name="Ada Marchetti")
    before = asked()
    for name in ("Juniper Quist", "Bram Oduya", "Wex Tallow"):
        decision = Decision.objects.get(state=DecisionState.PREPARED)
        send(worker, step(decision, "take_back"), because="Another home was found.")
        send(worker, begin("out_of_area", child), where="ifa_foster", name=name)
    assert Decision.objects.count() == 4
    assert asked() == before


def test_a_home_that_lies_outside_the_area_is_put_forward_and_its_authority_told(world, child):
    worker = signed_in_with_password(world.social_worker)
    placement = in_childrens_home(child, since=days_before(2, at=world.at))
    assert (
        send(worker, reverse("placements:outside_area", args=[placement.pk]), kind="at_a_distance").status_code == 302
    )
    diary.refresh([child.case_file_id])
    assert "Not approved" in text_of(worker.get(reverse("placements:placement", args=[placement.pk])))
    assert Duty.objects.open().get(kind="L-13").owner == world.team_manager
    told = Duty.objects.open().get(kind="L-12")
    address = worker.get(reverse("casework:duty", args=[told.pk])).url
    day = timezone.localdate()
    typed = {f"told_on_{part}": getattr(day, part) for part in ("day", "month", "year")}
    assert send(worker, address, **typed).status_code == 302
    diary.refresh([child.case_file_id])
    assert Duty.objects.get(pk=told.pk).closed_as == "met"
    assert worker.get(address).status_code == 409


def test_a_home_proposed_for_another_child_is_not_filled_in(world, child):
    other = ProposedHome.objects.create(
        child=world.other_areas_child,
        setting=Setting.PARENT,
        carer=Carer.objects.create(name="Somebody Else"),
        proposed_at=world.at,
    )
    worker = signed_in_with_password(world.social_worker)
    moved = reverse("placements:moved", args=[child.pk])
    for number in (other.pk, "x", "-1", 10**30):
        page = worker.get(f"{moved}?proposed={number}")
        assert page.status_code == 200
        assert "Somebody Else" not in text_of(page)


def test_a_child_who_went_home_from_accommodation_is_put_forward_as_no_longer_looked_after(world, child):
    under(child, LegalCode.V2, since=days_before(20, at=world.at))
    placed(child, Setting.PARENT, since=days_before(1, at=world.at), carer=Carer(name="The mother"))
    diary.refresh([child.case_file_id])
    duty = Duty.objects.open().get(kind="C-20")
    assert duty.owner == world.team_manager
    manager = signed_in_with_password(world.team_manager)
    assert manager.get(reverse("casework:duty", args=[duty.pk])).url == begin("ceasing", child)
    refused = manager.get(begin("with_parents", child))
    assert refused.status_code == 409
    assert "stops being looked after" in text_of(refused)
