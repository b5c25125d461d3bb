"""What was recorded wrongly about a relative or friend is put right: it stays in the record, and counts no longer."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from approvals.connected.states import HowEnded, Pathway, WhyNot
from approvals.models import ConnectedPerson
from casework import diary
from casework.limits import local_day
from casework.models import Duty, Event
from casework.steps import NotYet, NotYou, carry_out
from placements.models import CarerApproval
from placements.states import ApprovalKind
from tests.approvals.connected_steps import (
    VIABLE,
    approved_for_a_time,
    asked_about,
    extended,
    extended_for_review,
    looked_into,
    put,
)
from tests.approvals.steps import signed_in_with_password, text_of
from tests.approvals.test_connected_pages import boxes
from tests.approvals.test_decision_pages import send
from tests.factories import NOW, World

pytestmark = pytest.mark.django_db
TODAY = NOW.date()


@pytest.fixture
def world():
    return World()


def step(world, person, name, *, at=NOW, **said):
    return carry_out(getattr(person, name), by=world.social_worker, at=at, because="The wrong child.", **said)


def approvals_of(person):
    return list(person.carer.approvals.values_list("kind", "from_on", "to_on"))


def approved(world, person, *, at):
    return step(world, person, "approve_in_full", at=at, decided_on=at.date(), decided_by="Helena Brandt")


def test_an_enquiry_opened_by_mistake_stays_in_the_record_and_owes_nothing(world):
    person = asked_about(world)
    diary.refresh([person.case_file_id], at=NOW)
    assert Duty.objects.open().filter(kind="A-23").exists()
    person = step(world, person, "strike_out")
    diary.refresh([person.case_file_id], at=NOW)
    assert person.state == Pathway.STRUCK_OUT
    assert Duty.objects.get(kind="A-23").closed_as == "no_longer_due"
    assert Event.objects.get(act="strike_out").because == "The wrong child."
    assert ConnectedPerson.objects.on_record().count() == 0


def test_the_same_can_be_asked_about_anew(world):
    person = asked_about(world)
    step(world, person, "strike_out")
    assert asked_about(world, carer=person.carer).state == Pathway.LOOKED_INTO


def test_what_is_being_decided_is_taken_back_first(world):
    person = asked_about(world)
    put(world, person, "viability", content={**VIABLE, "visited_on": "2026-03-09"})
    with pytest.raises(NotYet, match="Viability assessment of a connected person: take it back first"):
        step(world, person, "strike_out")


def test_whoever_was_approved_upon_it_was_no_mistake(world):
    person = looked_into(world)
    approved_for_a_time(world, person)
    with pytest.raises(NotYet, match="They were approved for a time upon it"):
        step(world, person, "strike_out")


def test_an_outcome_recorded_wrongly_is_put_right(world):
    ended = {"ended_on": TODAY, "how_ended": HowEnded.WITHDREW, "why_not": WhyNot.THEIR_CHOICE}
    person = step(world, asked_about(world), "take_no_further", **ended)
    person = step(world, person, "put_right")
    assert (person.state, person.how_ended, person.why_not, person.ended_on) == (Pathway.LOOKED_INTO, "", "", None)


def test_only_whoever_tells_what_came_of_it_puts_it_right(world):
    person = approved(world, looked_into(world), at=NOW)
    with pytest.raises(NotYou):
        carry_out(person.put_right, by=world.person("iro"), at=NOW, because="It is wrong.")


def test_what_a_wrong_approval_ended_holds_again_as_it_was_decided(world):
    person = looked_into(world)
    approved_for_a_time(world, person, until="2026-05-04")
    before = approvals_of(person)
    person = approved(world, person, at=NOW + timedelta(weeks=3))
    assert approvals_of(person) != before
    person = step(world, person, "put_right", at=NOW + timedelta(weeks=3))
    assert approvals_of(person) == before == [(ApprovalKind.TEMPORARY, TODAY, date(2026, 5, 5))]
    wrong = CarerApproval.with_struck_out.get(kind=ApprovalKind.APPROVED)
    assert wrong.struck_out, "it stays, and counts no longer"


def test_an_extension_that_had_not_begun_comes_back_with_it(world):
    person = looked_into(world)
    approved_for_a_time(world, person)
    extended(world, person, at=NOW + timedelta(weeks=14))
    before = approvals_of(person)
    person = approved(world, person, at=NOW + timedelta(weeks=15))
    assert len(approvals_of(person)) == 2, "the extension never began"
    step(world, person, "put_right", at=NOW + timedelta(weeks=15))
    assert approvals_of(person) == before


def test_for_a_brother_or_sister_who_was_rightly_approved_the_approval_stays(world):
    first = looked_into(world)
    second = looked_into(world, child=world.a_child(worker=world.social_worker), carer=first.carer)
    first, second = (approved(world, person, at=NOW) for person in (first, second))
    step(world, first, "put_right")
    assert [kind for kind, _, _ in approvals_of(second)] == [ApprovalKind.APPROVED]


def test_a_review_decided_before_the_extension_for_it_began_leaves_the_approval_its_own_end(world):
    person = looked_into(world)
    approved_for_a_time(world, person)
    at = NOW + timedelta(weeks=10)
    person = step(world, person, "refuse_in_full", at=at, decided_on=at.date(), why_not=WhyNot.CARE)
    person = step(world, person, "ask_for_review", at=at, asked_on=at.date())
    extended_for_review(world, person, at=at)
    soon = at + timedelta(weeks=1)
    step(world, person, "uphold_refusal", at=soon, decided_on=soon.date())
    assert approvals_of(person) == [(ApprovalKind.TEMPORARY, TODAY, TODAY + timedelta(days=112))]


def test_who_never_lived_there_is_struck_out_with_what_was_wrong():
    world = World(at=timezone.now())
    person = asked_about(world, at=world.at, checked=False)
    member = person.household.get()
    worker = signed_in_with_password(world.social_worker)
    url = reverse("approvals:household_member", args=[person.pk, member.pk])
    typed = {"name": member.name, "is_who": member.is_who, **boxes("born_on", member.born_on), "never": "on"}
    assert "Write down what was wrong" in text_of(send(worker, url, **typed))
    send(worker, url, **typed, wrong="She is the neighbour.")
    assert list(person.household.all()) == []
    assert Event.objects.filter(act="keep_household").latest("at").because == "She is the neighbour."


# What is typed and cannot be


def outcome(person, step):
    return reverse("approvals:take_about_person", args=[person.pk, step])


def test_pasted_text_with_every_kind_of_sign_is_kept_whole():
    world = World(at=timezone.now())
    person = asked_about(world, at=world.at)
    pasted = "She said “no” – naïvely… 🙂\t" * 7_000
    typed = {"how_ended": HowEnded.WITHDREW, "why_not": WhyNot.THEIR_CHOICE, "because": pasted}
    typed |= boxes("ended_on", local_day(world.at))
    answer = send(signed_in_with_password(world.social_worker), outcome(person, "take_no_further"), **typed)
    assert answer.status_code == 302
    kept = Event.objects.get(act="take_no_further").because
    assert len(kept) > 180_000
    assert kept.startswith("She said “no” – naïvely… 🙂")


@pytest.mark.parametrize(
    ("step", "name", "days", "refusal"),
    [
        ("take_no_further", "ended_on", -1, "They were asked about on"),
        ("take_no_further", "ended_on", 1, "must be today or in the past"),
        ("refuse_in_full", "decided_on", -1, "They were asked about on"),
    ],
)
def test_a_day_that_cannot_be_comes_back_with_a_sentence_and_every_word(step, name, days, refusal):
    world = World(at=timezone.now())
    person = asked_about(world, at=world.at)
    typed = {"how_ended": HowEnded.WITHDREW, "why_not": WhyNot.THEIR_CHOICE, "because": "They told us on the phone."}
    typed |= boxes(name, local_day(world.at) + timedelta(days=days))
    answer = send(signed_in_with_password(world.social_worker), outcome(person, step), **typed)
    assert answer.status_code == 422
    assert refusal in text_of(answer)
    assert "They told us on the phone." in text_of(answer)


def test_a_review_is_not_decided_before_it_was_asked_for():
    world = World(at=timezone.now())
    asked = world.at - timedelta(days=5)
    person = asked_about(world, at=asked)
    person = step(world, person, "refuse_in_full", at=asked, decided_on=local_day(asked), why_not=WhyNot.CARE)
    person = step(world, person, "ask_for_review", at=world.at, asked_on=local_day(world.at))
    typed = boxes("decided_on", local_day(world.at) - timedelta(days=2))
    answer = send(signed_in_with_password(world.social_worker), outcome(person, "uphold_refusal"), **typed)
    assert answer.status_code == 422
    assert "The review was asked for on" in text_of(answer)
