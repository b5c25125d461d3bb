"""One form typed on in two places, and what a script is answered that sends what its browser kept. ADR 15."""

import uuid
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from casework.models import Draft
from tests.factories import NOW, days_before, ended, restricted_to, settled
from visits.models import Visit

pytestmark = pytest.mark.django_db
SAVE = reverse("casework:save_draft")
BY_SCRIPT = {"X-Requested-With": "fetch", "Accept": "application/json"}
PHONE, DESK = "phone", "desk"
WORDS = "She showed me her drawing of the garden and asked when her brother may come."


@pytest.fixture
def home(world):
    return settled(world.own_child).placements.get()


@pytest.fixture
def form(home):
    return reverse("visits:record", args=[home.pk])


@pytest.fixture
def worker(world, signed_in):
    return signed_in(world.social_worker)


def typed(page, opening, account, **more):
    """What an open page sends: what is typed in it, and which draft it began with."""
    draft = page.context["draft"]
    return {
        "typist": page.context["typist"],
        "key": str(page.context["form"]["key"].value()),
        **dict(
            zip(
                (f"made_at_{part}" for part in ("day", "month", "year", "time")),
                ["9", "3", "2026", "09:30"],
                strict=True,
            )
        ),
        "seen": "alone",
        "account": account,
        "worries": "no",
        "typed_in": opening,
        "based_on": draft.saved_at.isoformat() if draft else "",
        **more,
    }


def later(minutes=5):
    return time_machine.travel(NOW + timedelta(minutes=minutes), tick=False)


def texts():
    return [draft.content["account"] for draft in Draft.objects.all()]


def test_a_text_typed_on_elsewhere_is_not_overwritten_and_comes_with_the_answer(worker, form):
    on_phone, at_desk = worker.get(form), worker.get(form)
    worker.post(SAVE, typed(at_desk, DESK, "At the desk."))
    answer = worker.post(SAVE, typed(on_phone, PHONE, "On the phone."))
    assert answer.status_code == 409
    assert answer.json()["other"]["account"] == ["At the desk."]
    assert texts() == [["At the desk."]]


def test_whoever_has_seen_both_texts_saves_over_the_other(worker, form):
    on_phone, at_desk = worker.get(form), worker.get(form)
    worker.post(SAVE, typed(at_desk, DESK, "At the desk."))
    moment = worker.post(SAVE, typed(on_phone, PHONE, "On the phone.")).json()["based_on"]
    assert worker.post(SAVE, typed(on_phone, PHONE, "Both.", based_on=moment)).status_code == 200
    assert texts() == [["Both."]]


def test_the_same_opening_of_a_page_saves_over_itself(worker, form):
    page = worker.get(form)
    for account in ("One.", "One. Two."):
        with later(len(account)):
            assert worker.post(SAVE, typed(page, PHONE, account)).status_code == 200
    assert texts() == [["One. Two."]]


def test_whoever_takes_up_a_draft_types_on_in_it(worker, form):
    worker.post(SAVE, typed(worker.get(form), DESK, "At the desk."))
    answer = worker.post(SAVE, typed(worker.get(form), PHONE, "At the desk. Then on the phone."))
    assert answer.status_code == 200


def test_the_same_text_from_two_places_is_one(worker, form):
    pages = worker.get(form), worker.get(form)
    answers = [
        worker.post(SAVE, typed(page, opening, WORDS)) for page, opening in zip(pages, (PHONE, DESK), strict=True)
    ]
    assert [answer.status_code for answer in answers] == [200, 200]


def test_a_page_without_scripts_saves_as_before(worker, form):
    page = worker.get(form)
    worker.post(SAVE, typed(page, DESK, "At the desk."))
    assert worker.post(SAVE, typed(page, "", "Later.")).status_code == 200


def test_what_was_typed_on_elsewhere_stays_when_the_form_is_sent(worker, form):
    on_phone = worker.get(form)
    at_desk = worker.get(form)
    worker.post(SAVE, typed(at_desk, DESK, "At the desk, another visit."))
    assert worker.post(form, typed(on_phone, PHONE, WORDS)).status_code == 302
    page = worker.get(form)
    assert page.context["form"]["account"].value() == "At the desk, another visit."
    assert worker.post(form, typed(page, DESK, "At the desk, another visit.")).status_code == 302
    assert Visit.objects.count() == 2


def test_a_section_typed_on_elsewhere_comes_back_with_a_sentence(worker, form):
    """A refused form does not overwrite what the other device has saved."""
    on_phone, at_desk = worker.get(form), worker.get(form)
    worker.post(SAVE, typed(at_desk, DESK, "At the desk."))
    answer = worker.post(form, typed(on_phone, PHONE, "On the phone.", worries=""))
    assert answer.status_code == 422
    assert "On the phone." in answer.content.decode()
    assert texts() == [["At the desk."]]


# What a script sends


@pytest.fixture
def by_script(worker, world):
    """Sends as the script of the social worker's browser, of what was begun without a connection."""

    def send(url, person=None, **answers):
        boxes = zip(
            (f"made_at_{part}" for part in ("day", "month", "year", "time")), ["9", "3", "2026", "09:30"], strict=True
        )
        sent = {"key": str(uuid.uuid4()), **dict(boxes), "seen": "alone", "account": WORDS, "worries": "no"}
        sent |= {"typed_in": PHONE, "based_on": "", **answers}
        whose = str((person or world.social_worker).pk)
        return worker.post(url, sent, headers={**BY_SCRIPT, "X-Typed-By": whose})

    return send


def test_a_script_hears_that_it_is_recorded_and_a_second_sending_hears_the_same(by_script, form):
    key = str(uuid.uuid4())
    answers = [by_script(form, key=key).json() for _ in range(2)]
    assert (
        answers[0]
        == answers[1]
        == {"recorded": reverse("visits:visit", args=[Visit.objects.get().pk]), "says": "The visit is recorded."}
    )


def test_a_script_hears_what_is_wrong_and_it_is_a_draft(by_script, form):
    answer = by_script(form, worries="")
    assert answer.status_code == 422
    assert answer.json() == {"refused": ["Answer “Does anything worry you?”"], "kept": True}
    assert texts() == [[WORDS]]


def test_a_script_does_nothing_under_another_name(by_script, form, world):
    for address in (form, SAVE):
        assert by_script(address, person=world.colleague, form_at=form).status_code == 403
    assert not Visit.objects.exists()
    assert not Draft.objects.exists()


def test_a_script_saves_what_was_begun_without_a_token(by_script, form):
    assert by_script(SAVE, form_at=form).status_code == 200
    assert Draft.objects.get().form == form
    assert by_script(SAVE, form_at="https://example.org/").status_code == 400


def test_a_script_hears_of_the_same_form_typed_on_elsewhere(by_script, worker, form):
    page = worker.get(form)
    key = str(page.context["form"]["key"].value())
    worker.post(SAVE, typed(page, DESK, "At the desk."))
    answer = by_script(form, key=key, account="On the phone.")
    assert answer.status_code == 409
    assert answer.json()["other"]["account"] == ["At the desk."]
    assert not Visit.objects.exists()


def test_a_script_that_saves_what_was_sent_hears_that_it_was_recorded(by_script, form):
    key = str(uuid.uuid4())
    by_script(form, key=key)
    assert by_script(SAVE, key=key, form_at=form).json() == {"recorded": True}
    assert not Draft.objects.exists()


def test_a_script_hears_in_sentences_that_it_may_not(by_script, form, world, home):
    world.social_worker.appointments.update(role="dhos", team=None, area=world.area)
    answer = by_script(form)
    assert (answer.status_code, answer.json()["kept"]) == (403, True)
    assert answer.json()["refused"]


def test_of_a_record_out_of_sight_a_script_learns_nothing(by_script, form, world):
    restricted_to(world.own_child, world.dhos, since=days_before(1))
    assert by_script(form).status_code == 404
    assert texts() == [[WORDS]]


def test_a_visit_to_a_home_that_ended_meanwhile_becomes_a_draft_and_can_be_sent(by_script, form, home):
    """The child moved while the visitor had no connection: the form now asks for a word on that."""
    ended(home, on=days_before(2))
    answer = by_script(form, made_at_day="1").json()
    assert answer["kept"]
    assert answer["refused"][0].startswith("Tick “The child left this home")
    assert "recorded" in by_script(form, made_at_day="1", before_the_end="on").json()


def test_who_is_signed_in_is_told_to_scripts(worker, world):
    told = worker.get(reverse("casework:session")).json()
    assert told["person"] == str(world.social_worker.pk)
    assert len(told["token"]) == 64
