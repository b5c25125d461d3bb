"""Whoever is consulted answers in Hearth, by name and day; what they said stands in what is signed. Reg 11, 18, 39; A-14."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.roles import Role
from approvals.models import Consultation
from approvals.states import DecisionState
from casework import diary
from casework.models import Duty, Event
from casework.steps import NotYet, NotYou, carry_out
from tests.approvals.of_decisions import LATER, answers, at_a_parents, begun, decided, put
from tests.approvals.steps import signed_in_with_password, text_of
from tests.factories import NOW, World, a, settled

pytestmark = pytest.mark.django_db
CODE = "with_parents"
VIEW = "The child’s school must not change before the summer."
UNTYPED = {"iro_who": "", "iro_on": "", "iro_says": ""}


@pytest.fixture
def world():
    return World()


@pytest.fixture
def decision(world):
    child = settled(world.own_child)
    return begun(world, CODE, child, proposed=at_a_parents(child))


def said(world, decision, *, by=None, at=NOW, says=VIEW):
    return carry_out(decision.say, by=by or world.iro, at=at, says=says)


def written(world, decision, at=NOW, **content):
    return carry_out(decision.put, by=world.social_worker, at=at, content=answers(CODE, **content))


def owed(world, at=NOW):
    diary.refresh([world.own_child.case_file_id], at=at)
    return Duty.objects.get(kind="A-14")


def test_what_the_iro_said_in_hearth_stands_in_the_record_and_nobody_types_it(world, decision):
    said(world, decision)
    content = written(world, decision, **UNTYPED).version.content
    assert (content["iro_who"], content["iro_on"], content["iro_says"]) == (str(world.iro), "2026-03-09", VIEW)


def test_nobody_types_another_view_over_it(world, decision):
    said(world, decision)
    content = written(world, decision, iro_says="The IRO is all for it.").version.content
    assert content["iro_says"] == VIEW


def test_without_a_word_from_the_iro_it_is_not_put_forward(world, decision):
    with pytest.raises(NotYet, match="What the IRO said"):
        written(world, decision, **UNTYPED)


def test_it_leaves_the_decision_where_it_stands(world, decision):
    assert said(world, decision).state == DecisionState.PREPARED
    put_forward = written(world, decision)
    assert said(world, put_forward, at=LATER).state == DecisionState.TO_CHECK


@pytest.mark.parametrize("role", [Role.SOCIAL_WORKER, Role.TEAM_MANAGER, Role.HOS, Role.DECISION_MAKER, Role.LEGAL])
def test_others_do_not_answer_for_the_iro(world, decision, role):
    with pytest.raises(NotYou, match="independent reviewing officer"):
        said(world, decision, by=world.person(role))


def test_the_iro_of_another_child_does_not_answer(world, decision):
    with pytest.raises(NotYou):
        said(world, decision, by=a(Role.IRO, name="another-iro"))


def test_what_was_said_cannot_be_changed(world, decision):
    said(world, decision)
    with pytest.raises(DatabaseError), transaction.atomic():
        Consultation.objects.update(says="Yes.")


def test_nothing_is_said_any_more_once_it_is_decided(world, decision):
    granted = decided(world, written(world, decision))
    with pytest.raises(NotYet):
        said(world, granted, at=LATER)


def test_the_iro_owes_a_word_until_it_is_said(world, decision):
    duty = owed(world)
    assert (duty.owner, duty.role, duty.closed_at) == (world.iro, Role.IRO, None)
    said(world, decision, at=LATER)
    assert owed(world, at=LATER).closed_as == "met"


def test_or_until_the_record_says_what_was_answered_otherwise(world, decision):
    written(world, decision)
    assert owed(world).closed_as == "met"


def test_where_it_is_taken_back_no_word_is_owed(world, decision):
    carry_out(decision.take_back, by=world.social_worker, at=LATER, because="It is not needed.")
    assert owed(world, at=LATER).closed_as == "no_longer_due"


def test_saying_something_changes_no_other_duty(world, decision):
    written(world, decision)
    diary.refresh([world.own_child.case_file_id], at=LATER)
    before = set(Duty.objects.values_list("key", "due_at", "closed_at"))
    said(world, decision, at=LATER)
    diary.refresh([world.own_child.case_file_id], at=LATER)
    assert set(Duty.objects.values_list("key", "due_at", "closed_at")) == before


def test_the_event_holds_no_word_of_it(world, decision):
    said(world, decision)
    event = Event.objects.get(act="say")
    assert event.details == {"kind": "Placement with a parent", "as": ["iro"]}


# On the pages


def test_the_iro_answers_on_a_page_and_whoever_decides_reads_it(world):
    child = settled(world.own_child)
    decision = begun(world, CODE, child, proposed=at_a_parents(child))
    iro = signed_in_with_password(world.iro)
    url = reverse("approvals:take_decision", args=[decision.pk, "say"])
    assert url in iro.get(reverse("approvals:decision", args=[decision.pk])).content.decode()
    page = iro.get(url)
    sent = {"key": page.context["form"]["key"].value(), "typist": page.context["typist"], "says": VIEW}
    assert iro.post(url, sent).status_code == 302
    worker = signed_in_with_password(world.social_worker)
    read = text_of(worker.get(reverse("approvals:decision", args=[decision.pk])))
    assert VIEW in read
    assert str(world.iro) in read
    writing = worker.get(reverse("approvals:take_decision", args=[decision.pk, "put"]))
    assert not {"iro_who", "iro_on", "iro_says"} & writing.context["form"].fields.keys()
    assert "What the IRO said stands in the record as it was said" in text_of(writing)


def test_the_name_of_the_iro_is_filled_in(world, decision):
    worker = signed_in_with_password(world.social_worker)
    page = worker.get(reverse("approvals:take_decision", args=[decision.pk, "put"]))
    assert page.context["form"]["iro_who"].value() == str(world.iro)


def test_what_is_said_later_is_read_beside_the_record(world, decision):
    put_forward = written(world, decision)
    said(world, put_forward, at=NOW + timedelta(hours=1))
    manager = signed_in_with_password(world.team_manager)
    read = text_of(manager.get(reverse("approvals:decision", args=[decision.pk])))
    assert "The IRO says, since it was put forward" in read
    assert VIEW in read


def test_a_kind_that_consults_nobody_in_hearth_offers_nothing_of_it(world):
    decision = put(world, "contact", settled(world.own_child), starts_on="2026-04-01", ends_on="2026-04-03")
    assert decision.of_kind.asks_in_hearth
    page = signed_in_with_password(world.team_manager).get(reverse("approvals:decision", args=[decision.pk]))
    assert "Say what you think of it" in text_of(page)


def test_the_page_asks_no_more_of_the_database_for_many_answers(world, decision, django_assert_num_queries):
    worker = signed_in_with_password(world.social_worker)
    address = reverse("approvals:decision", args=[decision.pk])
    said(world, decision)
    worker.get(address)
    with CaptureQueriesContext(connection) as for_one:
        worker.get(address)
    for hours in range(1, 9):
        said(world, decision, at=NOW + timedelta(hours=hours))
    with django_assert_num_queries(len(for_one)):
        worker.get(address)
