"""A new kind of senior decision is a row in the table of kinds: page, form, PDF, duties and inbox follow from it alone."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from approvals.kinds import KINDS, WORKERS, Kind
from approvals.kinds.asking import IRO, pets
from approvals.models import Decision
from approvals.states import DecisionState
from casework import diary
from casework.models import Duty
from casework.sections.parts import Asks, Part
from tests.approvals.steps import signed_in_with_password, text_of
from tests.factories import World

pytestmark = pytest.mark.django_db
ABROAD = Kind(
    code="holiday_abroad",
    title="Holiday abroad",
    verb="Allow the holiday",
    done="Allowed",
    rule="A-10",
    prepares=(*WORKERS, Role.TEAM_MANAGER),
    checks=Role.TEAM_MANAGER,
    decides=Role.HOS,
    consults=(IRO,),
    parts=(
        Part("where", "Where does the child go?", asks=Asks.LINE),
        Part("back_on", "When does the child come back?", asks=Asks.DAY),
        *pets("there"),
        *IRO.parts,
        Part("legal_advice", "Legal advice", legal_advice=True),
    ),
    source="A test",
    is_about_placement=False,
    is_about_child=True,
    by_telephone=False,
)


@pytest.fixture
def world():
    return World(at=timezone.now())


@pytest.fixture
def _with_a_new_kind(monkeypatch):
    monkeypatch.setitem(KINDS, ABROAD.code, ABROAD)


def send(client, url, **typed):
    page = client.get(url)
    assert page.status_code == 200, text_of(page)[:500]
    form = page.context["form"]
    hidden = {field.name: field.value() for field in form.hidden_fields() if field.value() is not None}
    return client.post(url, {**hidden, **typed, "typist": page.context["typist"]})


def day(name, days):
    on = timezone.localdate() + timedelta(days=days)
    return {f"{name}_{part}": getattr(on, part) for part in ("day", "month", "year")}


def step(decision, name):
    return reverse("approvals:take_decision", args=[decision.pk, name])


@pytest.mark.usefixtures("_with_a_new_kind")
def test_a_row_is_all_it_takes_from_the_childs_page_to_the_signed_document(world):
    worker = signed_in_with_password(world.social_worker)
    begin = reverse("approvals:begin_for_child", args=[ABROAD.code, world.own_child.pk])
    assert begin in worker.get(reverse("children:child", args=[world.own_child.pk])).content.decode()
    assert send(worker, begin).status_code == 302
    decision = Decision.objects.get()

    empty = send(worker, step(decision, "put"))
    assert empty.status_code == 422
    assert "Answer “Where does the child go?”" in text_of(empty)
    told = {
        "where": "To Brittany, with the carers",
        **day("back_on", 20),
        "pets": "yes",
        "pet_risks": "A cat.",
        "iro_who": "Iris Oakes",
        **day("iro_on", -1),
        "iro_says": "Agrees.",
        "legal_advice": "The court need not be asked.",
    }
    assert send(worker, step(decision, "put"), **told).status_code == 302
    manager = signed_in_with_password(world.team_manager)
    diary.refresh([world.own_child.case_file_id])
    assert (
        Duty.objects.open()
        .get(owner=world.team_manager)
        .says.startswith("Team manager: check what is put forward about the holiday abroad")
    )
    assert send(manager, step(decision, "confirm")).status_code == 302

    diary.refresh([world.own_child.case_file_id])
    head = signed_in_with_password(world.hos)
    assert "Holiday abroad" in text_of(head.get(reverse("approvals:inbox")))
    page = text_of(head.get(reverse("approvals:decision", args=[decision.pk])))
    assert "Allow the holiday" in page
    assert "To Brittany" in page
    assert send(head, step(decision, "decide")).status_code == 302
    decision = Decision.objects.get()
    assert decision.state == DecisionState.GRANTED
    assert head.get(reverse("approvals:decision_document", args=[decision.pk])).content.startswith(b"%PDF")
    diary.refresh([world.own_child.case_file_id])
    assert "Holiday abroad" in text_of(head.get(reverse("approvals:inbox_done")))
    assert not Duty.objects.open().filter(key__contains=f"decision:{decision.pk}").exists()


@pytest.mark.usefixtures("_with_a_new_kind")
def test_and_it_stands_in_the_table_that_everybody_reads(world):
    page = text_of(signed_in_with_password(world.iro).get(reverse("approvals:who_decides")))
    assert "Holiday abroad Social worker, personal adviser or team manager" in " ".join(page.split())
