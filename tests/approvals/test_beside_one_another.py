"""Several decisions of one kind for one child at once: contact with each parent, two homes that are thought of. C-44."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from approvals.models import Decision
from casework.steps import carry_out
from tests.approvals.of_decisions import a_parent, answers, at_a_parents, begun, decided
from tests.approvals.steps import signed_in_with_password, text_of
from tests.factories import NOW, World, settled

pytestmark = pytest.mark.django_db
MOTHER, FATHER = "Her mother", "Her father"
DAYS = {"starts_on": "2026-04-01", "ends_on": "2026-04-04"}


@pytest.fixture
def world():
    return World()


@pytest.fixture
def child(world):
    return settled(world.own_child)


def contact(world, child, whom):
    decision = Decision(kind="contact", child=child)
    return carry_out(decision.prepare, by=world.social_worker, at=NOW, subject=whom)


def test_contact_with_each_parent_runs_beside_the_other(world, child):
    assert {contact(world, child, whom).subject for whom in (MOTHER, FATHER)} == {MOTHER, FATHER}


def test_but_not_twice_with_the_same(world, child):
    contact(world, child, MOTHER)
    with pytest.raises(IntegrityError, match="one_running_decision_of_a_kind"), transaction.atomic():
        contact(world, child, MOTHER)


def test_nor_by_writing_the_other_name_later(world, child):
    contact(world, child, MOTHER)
    other = contact(world, child, FATHER)
    content = answers("contact", with_whom=MOTHER, **DAYS)
    with pytest.raises(IntegrityError, match="one_running_decision_of_a_kind"), transaction.atomic():
        carry_out(other.put, by=world.social_worker, at=NOW, content=content)


def test_two_homes_are_thought_of_at_once(world, child):
    for name in ("The father", "The mother"):
        begun(world, "with_parents", child, proposed=at_a_parents(child, a_parent(name)))
    assert Decision.objects.running().count() == 2


def test_what_was_said_of_one_parent_is_not_filled_in_for_the_other(world, child):
    first = contact(world, child, MOTHER)
    content = answers("contact", with_whom=MOTHER, **DAYS)
    decided(world, carry_out(first.put, by=world.social_worker, at=NOW, content=content))
    assert contact(world, child, FATHER).before is None
    assert contact(world, child, MOTHER).before == first


# On the pages


def test_it_is_begun_with_the_name_which_stands_in_the_list_and_in_the_record(world, child):
    worker = signed_in_with_password(world.social_worker)
    for whom in (MOTHER, FATHER):
        url = reverse("approvals:begin_for_child", args=["contact", child.pk])
        assert url in worker.get(reverse("children:child", args=[child.pk])).content.decode()
        page = worker.get(url)
        key = page.context["form"]["key"].value()
        empty = worker.post(url, {"key": key, "typist": page.context["typist"]})
        assert "Answer “With whom is the contact?”" in text_of(empty)
        sent = {"key": key, "typist": page.context["typist"], "with_whom": whom}
        assert worker.post(url, sent).status_code == 302
    listed = text_of(worker.get(reverse("children:child", args=[child.pk])))
    assert MOTHER in listed
    assert FATHER in listed
    latest = Decision.objects.latest("pk")
    form = worker.get(reverse("approvals:take_decision", args=[latest.pk, "put"])).context["form"]
    assert form["with_whom"].value() == FATHER


def test_begun_a_second_time_it_is_refused_in_a_sentence_and_nothing_is_lost(world, child):
    contact(world, child, MOTHER)
    worker = signed_in_with_password(world.social_worker)
    url = reverse("approvals:begin_for_child", args=["contact", child.pk])
    page = worker.get(url)
    sent = {"key": page.context["form"]["key"].value(), "typist": page.context["typist"], "with_whom": f" {MOTHER} "}
    answer = worker.post(url, sent)
    assert answer.status_code == 422
    assert "The same is being decided already." in text_of(answer)
    assert MOTHER in answer.content.decode()
