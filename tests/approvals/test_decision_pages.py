"""The pages of senior decisions, from beginning to the signed document."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from approvals.models import Decision
from approvals.states import DecisionState
from casework import diary
from placements.states import RegistrationStatus
from tests.approvals.steps import signed_in_with_password, text_of
from tests.approvals.test_decisions import CONTENT
from tests.factories import World, days_before, in_childrens_home

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return World(at=timezone.now())


@pytest.fixture
def placement(world):
    since = days_before(1, at=world.at)
    placement = in_childrens_home(world.own_child, since=since, registered=RegistrationStatus.UNREGISTERED)
    diary.refresh([placement.case_file_id])
    return placement


def send(client, url, **typed):
    page = client.get(url)
    assert page.status_code == 200, text_of(page)[:500]
    form = page.context["form"]
    fields = {name: form[name].value() for name in form.fields if form[name].value() not in (None, "")}
    return client.post(url, {**fields, **typed, "typist": page.context["typist"]})


def typed():
    answers = {name: text for name, text in CONTENT.items() if name != "until"}
    until = timezone.localdate() + timedelta(days=14)
    return answers | {f"until_{part}": getattr(until, part) for part in ("day", "month", "year")}


def test_from_the_arrangement_to_the_signed_document(world, placement):
    worker = signed_in_with_password(world.social_worker)
    arrangement = worker.get(reverse("placements:placement", args=[placement.pk]))
    begin = reverse("approvals:begin_decision", args=["unregistered_setting", placement.pk])
    assert begin in arrangement.content.decode()
    assert send(worker, begin).status_code == 302
    decision = Decision.objects.get()
    sent = send(worker, reverse("approvals:take_decision", args=[decision.pk, "put"]), **typed())
    assert sent.status_code == 302, text_of(sent)
    manager = signed_in_with_password(world.team_manager)
    assert send(manager, reverse("approvals:take_decision", args=[decision.pk, "confirm"])).status_code == 302
    director = signed_in_with_password(world.person(Role.SERVICE_DIRECTOR))
    page = director.get(reverse("approvals:decision", args=[decision.pk]))
    assert "Authorise" in text_of(page)
    assert "Not lawful" in text_of(page)
    assert send(director, reverse("approvals:take_decision", args=[decision.pk, "decide"])).status_code == 302
    assert Decision.objects.get().state == DecisionState.GRANTED
    document = director.get(reverse("approvals:decision_document", args=[decision.pk]))
    assert document.content.startswith(b"%PDF")


def test_what_is_left_out_comes_back_with_every_word(world, placement):
    worker = signed_in_with_password(world.social_worker)
    send(worker, reverse("approvals:begin_decision", args=["unregistered_setting", placement.pk]))
    url = reverse("approvals:take_decision", args=[Decision.objects.get().pk, "put"])
    answer = send(worker, url, **{**typed(), "why": "", "applied": "yes"})
    assert answer.status_code == 422
    said = text_of(answer)
    assert "Write something under “Why the child has to live in a setting that is not registered”" in said
    assert "Answer “When did the provider apply?”" in said
    assert "Eleven homes were asked" in said


def test_legal_advice_is_not_in_what_others_read(world, placement):
    worker = signed_in_with_password(world.social_worker)
    send(worker, reverse("approvals:begin_decision", args=["unregistered_setting", placement.pk]))
    decision = Decision.objects.get()
    send(worker, reverse("approvals:take_decision", args=[decision.pk, "put"]), **typed())
    iro = signed_in_with_password(world.person(Role.IRO))
    page = iro.get(reverse("approvals:decision", args=[decision.pk]))
    if page.status_code == 200:
        assert CONTENT["legal_advice"] not in text_of(page)
        assert CONTENT["why"] in text_of(page)


def test_in_an_emergency_what_was_said_by_telephone_goes_straight_to_be_signed(world, placement):
    director = world.person(Role.SERVICE_DIRECTOR)
    manager = signed_in_with_password(world.team_manager)
    send(manager, reverse("approvals:begin_decision", args=["unregistered_setting", placement.pk]))
    decision = Decision.objects.get()
    url = reverse("approvals:take_decision", args=[decision.pk, "put"])
    said_at = timezone.localtime(timezone.now() - timedelta(hours=1))
    moment = {f"said_at_{part}": getattr(said_at, part) for part in ("day", "month", "year")}
    half = send(manager, url, **typed(), **moment, said_at_time=f"{said_at:%H:%M}")
    assert "Select who said yes by telephone" in text_of(half)
    told = {**typed(), **moment, "said_at_time": f"{said_at:%H:%M}", "said_by": director.pk}
    assert send(manager, url, **told).status_code == 302
    assert Decision.objects.get().state == DecisionState.PUT
    browser = signed_in_with_password(director)
    page = text_of(browser.get(reverse("approvals:decision", args=[decision.pk])))
    assert f"{director}, " in page
    assert "Not signed yet" in page
    assert send(browser, reverse("approvals:take_decision", args=[decision.pk, "decide"])).status_code == 302
    diary.refresh([placement.case_file_id])
    assert "Authorised for now until" in text_of(browser.get(reverse("placements:placement", args=[placement.pk])))


def test_put_anew_nothing_is_typed_twice_but_the_days(world, placement):
    test_in_an_emergency_what_was_said_by_telephone_goes_straight_to_be_signed(world, placement)
    worker = signed_in_with_password(world.social_worker)
    send(worker, reverse("approvals:begin_decision", args=["unregistered_setting", placement.pk]))
    anew = Decision.objects.latest("pk")
    page = worker.get(reverse("approvals:take_decision", args=[anew.pk, "put"]))
    assert CONTENT["sought"] in text_of(page)
    assert page.context["form"]["until"].value() is None
    assert "1 time, first on" in text_of(worker.get(reverse("approvals:decision", args=[anew.pk])))


def test_a_record_that_was_handed_back_stands_in_the_boxes_with_its_days(world, placement):
    worker = signed_in_with_password(world.social_worker)
    send(worker, reverse("approvals:begin_decision", args=["unregistered_setting", placement.pk]))
    url = reverse("approvals:take_decision", args=[Decision.objects.get().pk, "put"])
    send(worker, url, **typed())
    boxes = worker.get(url).context["form"]["until"].value()
    assert boxes == timezone.localdate() + timedelta(days=14)


def test_what_has_happened_says_which_decision_it_was(world, placement):
    test_from_the_arrangement_to_the_signed_document(world, placement)
    told = text_of(signed_in_with_password(world.social_worker).get(f"/children/{placement.child_id}/timeline/"))
    decided = told[told.index("Decided") :]
    assert decided.startswith("Decided by")
    assert "Use of an unregistered setting. As Service Director. Holds until" in decided[:200]


def test_what_was_said_by_telephone_waits_for_nobodys_check(world, placement):
    test_in_an_emergency_what_was_said_by_telephone_goes_straight_to_be_signed(world, placement)
    read = text_of(
        signed_in_with_password(world.social_worker).get(f"/approvals/decisions/{Decision.objects.get().pk}/")
    )
    signatures = read[read.index("Agreement and signatures") :]
    assert "Service Director" in signatures
    assert "Team manager" not in signatures[: signatures.index("digest")]
