"""What somebody typed and has not sent: it comes back to that person, on that form, and to nobody else."""

import uuid
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from casework.drafts import IN_SESSION, read_typist, typist_token
from casework.models import Draft
from tests.factories import NOW, PASSWORD, days_before, ended, restricted_to, settled
from visits.models import Visit

pytestmark = pytest.mark.django_db
WORDS = "She showed me her drawing of the garden and asked when her brother may come."
SAVE = reverse("casework:save_draft")


@pytest.fixture
def form(world):
    """The address of the form for a visit to the social worker's own child."""
    return reverse("visits:record", args=[settled(world.own_child).placements.get().pk])


@pytest.fixture
def worker(world, signed_in):
    """The social worker's browser."""
    return signed_in(world.social_worker)


def typed(page, **more):
    """What the form of an open page holds, once something is typed into it."""
    made_at = page.context["form"]["made_at"].value()
    boxes = dict(zip(("day", "month", "year", "time"), ("9", "3", "2026", "09:30"), strict=True))
    assert made_at
    return {
        "typist": page.context["typist"],
        "key": str(page.context["form"]["key"].value()),
        **{f"made_at_{part}": text for part, text in boxes.items()},
        "seen": "alone",
        "account": WORDS,
        "worries": "no",
        **more,
    }


def shown(client, form):
    """What stands in the box for the account when the form is opened."""
    return client.get(form).context["form"]["account"].value() or ""


def test_what_was_typed_is_there_when_the_form_is_opened_again(worker, form):
    answer = worker.post(SAVE, typed(worker.get(form)))
    assert answer.json()["saved_at"] == "10:00"
    page = worker.get(form)
    assert page.context["form"]["account"].value() == WORDS
    assert page.context["form"]["seen"].value() == "alone"
    assert page.context["form"]["made_at"].value() == ("9", "3", "2026", "09:30")
    assert "You typed this on 9 March 2026 at 10:00 and have not sent it." in page.content.decode()


def test_the_later_save_counts(worker, form):
    page = worker.get(form)
    worker.post(SAVE, typed(page))
    worker.post(SAVE, typed(page, account=""))
    assert shown(worker, form) == ""


def test_a_colleague_who_may_see_the_child_finds_an_empty_form(worker, form, world, signed_in):
    worker.post(SAVE, typed(worker.get(form)))
    assert WORDS not in signed_in(world.colleague).get(form).content.decode()


def test_nothing_is_kept_under_another_name(worker, form, world, signed_in):
    """The page of one person, sent in the session of another: at a shared computer, after the other has signed in."""
    page = worker.get(form)
    answer = signed_in(world.colleague).post(SAVE, typed(page))
    assert answer.status_code == 403
    assert not Draft.objects.exists()


@pytest.mark.parametrize("token", ["", "made up", typist_token])
def test_nothing_is_kept_for_a_form_that_does_not_say_who_types(worker, form, token, world):
    forged = token if isinstance(token, str) else token(world.social_worker, form)[:-3] + "xyz"
    answer = worker.post(SAVE, typed(worker.get(form), typist=forged))
    assert answer.status_code == 400
    assert "copy it" in answer.json()["error"]
    assert not Draft.objects.exists()


def test_a_draft_goes_when_the_form_is_sent(worker, form):
    page = worker.get(form)
    worker.post(SAVE, typed(page))
    assert worker.post(form, typed(page)).status_code == 302
    assert shown(worker, form) == ""
    assert not Draft.objects.exists()


def test_a_draft_stays_when_the_form_is_refused(worker, form):
    """Also without scripts: what was sent and refused is kept as if it had been typed."""
    answer = worker.post(form, typed(worker.get(form), worries=""))
    assert answer.status_code == 422
    assert shown(worker, form) == WORDS


def test_a_save_that_comes_in_after_the_form_was_sent_is_no_draft(worker, form):
    page = worker.get(form)
    worker.post(form, typed(page, account=f"{WORDS}\r\nHe slept well."))
    worker.post(SAVE, typed(page, account=f"{WORDS}\nHe slept well."))
    assert shown(worker, form) == ""


def test_a_save_that_the_sending_overtook_is_no_draft(worker, form):
    """It holds less than what was sent a second later."""
    page = worker.get(form)
    with time_machine.travel(NOW + timedelta(seconds=1), tick=False):
        worker.post(form, typed(page, account=f"{WORDS} He slept well."))
    worker.post(SAVE, typed(page))
    with time_machine.travel(NOW + timedelta(minutes=5), tick=False):
        assert shown(worker, form) == ""


def test_what_was_typed_on_after_sending_comes_back_and_can_be_sent(worker, form):
    """Back to the form that was sent, and on with typing: another visit, with a key of its own."""
    page = worker.get(form)
    worker.post(form, typed(page))
    worker.post(SAVE, typed(page, account="And in the evening again."))
    again = worker.get(form)
    assert again.context["form"]["account"].value() == "And in the evening again."
    assert worker.post(form, typed(again, account="And in the evening again.")).status_code == 302
    assert Visit.objects.count() == 2


def test_a_draft_can_be_thrown_away(worker, form):
    page = worker.get(form)
    worker.post(SAVE, typed(page))
    answer = worker.post(reverse("casework:discard_draft"), {"typist": page.context["typist"]})
    assert (answer.status_code, answer["Location"]) == (302, form)
    assert shown(worker, form) == ""


def test_nobody_throws_away_what_is_somebody_elses(worker, form, world, signed_in):
    page = worker.get(form)
    worker.post(SAVE, typed(page))
    signed_in(world.colleague).post(reverse("casework:discard_draft"), {"typist": page.context["typist"]})
    assert shown(worker, form) == WORDS
    assert worker.post(reverse("casework:discard_draft"), {"typist": "https://example.org/"}).status_code == 400


def test_a_draft_keeps_what_the_database_can_hold(worker, form):
    worker.post(SAVE, typed(worker.get(form), account="a\0b"))
    assert shown(worker, form) == "ab"


def test_a_text_beyond_all_measure_is_refused_with_a_sentence(worker, form):
    answer = worker.post(SAVE, typed(worker.get(form), account="a" * 1_000_001))
    assert answer.status_code == 400
    assert "too long" in answer.json()["error"]


# The session ends half-way


def sign_in_at(client, person, onward):
    """Sign in as people do, and go where the sign-in page leads."""
    address = f"{reverse('account_login')}?next={onward}"
    return client.post(address, {"login": person.username, "password": PASSWORD}, follow=True)


@pytest.fixture
def page_of_an_ended_session(worker, form):
    """The form as it stands in the browser, and its session is gone."""
    page = worker.get(form)
    worker.session.flush()
    return page


def test_a_script_is_told_that_the_session_has_ended(worker, page_of_an_ended_session):
    answer = worker.post(SAVE, typed(page_of_an_ended_session), headers={"X-Requested-With": "fetch"})
    assert answer.status_code == 401
    assert not Draft.objects.exists()


def test_a_form_sent_after_the_session_ended_comes_back_filled(worker, form, world, page_of_an_ended_session):
    answer = worker.post(form, typed(page_of_an_ended_session))
    assert answer["Location"].startswith(reverse("account_login"))
    page = sign_in_at(worker, world.social_worker, form)
    assert page.redirect_chain[-1][0] == form
    assert page.context["form"]["account"].value() == WORDS
    assert worker.post(form, typed(page)).status_code == 302
    assert Visit.objects.get().account == WORDS


def test_a_form_sent_after_the_session_ended_comes_back_to_nobody_else(worker, form, world, page_of_an_ended_session):
    worker.post(form, typed(page_of_an_ended_session))
    page = sign_in_at(worker, world.colleague, form)
    assert WORDS not in page.content.decode()
    assert not Draft.objects.exists()
    worker.logout()
    assert WORDS not in sign_in_at(worker, world.social_worker, form).content.decode()


def test_a_stranger_leaves_nothing_in_a_session(client, form, now, world):
    """Nor does what says of itself that somebody typed it."""
    client.post(form, {"account": WORDS})
    client.post(form, {"account": WORDS, "typist": "made up"})
    assert IN_SESSION not in client.session


def test_what_was_saved_later_from_another_device_is_not_overwritten(world, form, signed_in):
    phone, desk = signed_in(world.social_worker), signed_in(world.social_worker)
    page = phone.get(form)
    phone.session.flush()
    phone.post(form, typed(page))
    with time_machine.travel(NOW + timedelta(minutes=5), tick=False):
        desk.post(SAVE, typed(desk.get(form), account="Typed later, at the desk."))
        assert sign_in_at(phone, world.social_worker, form).context["form"]["account"].value().endswith("at the desk.")


# The person may not send any more


def test_what_may_not_be_recorded_any_more_is_shown_to_copy_and_kept(worker, form, world, signed_in):
    """The role is lost between typing and sending: refused, and nothing typed is lost."""
    page = worker.get(form)
    world.social_worker.appointments.update(role="dhos", team=None, area=world.area)
    worker = signed_in(world.social_worker)
    answer = worker.post(form, typed(page))
    assert answer.status_code == 403
    assert WORDS in answer.content.decode()
    assert not Visit.objects.exists()
    assert Draft.objects.get().content["account"] == [WORDS]


def test_a_draft_about_a_child_who_may_not_be_seen_any_more_shows_nowhere(worker, form, world):
    page = worker.get(form)
    restricted_to(world.own_child, world.dhos, since=days_before(1))
    answer = worker.post(form, typed(page))
    assert answer.status_code == 404
    assert Draft.objects.get().content["account"] == [WORDS]
    assert worker.get(form).status_code == 404


def test_a_draft_of_a_home_that_ended_can_still_be_sent(worker, form, world):
    page = worker.get(form)
    worker.post(SAVE, typed(page, made_at_day="1"))
    ended(world.own_child.placements.get(), on=days_before(2))
    assert worker.post(form, typed(worker.get(form), made_at_day="1", before_the_end="on")).status_code == 302


def test_the_token_names_the_person_and_the_form_and_nothing_else(world):
    token = typist_token(world.social_worker, "/visits/record/1/")
    assert read_typist(token) == (world.social_worker.pk, "/visits/record/1/")


def test_every_opened_form_has_a_key_of_its_own(worker, form):
    keys = {uuid.UUID(str(worker.get(form).context["form"]["key"].value())) for _ in range(2)}
    assert len(keys) == 2


def test_drafts_need_a_form_sent_by_a_page(form):
    """A forged page of another site has no token against forgery."""
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(SAVE, {"account": WORDS}).status_code == 403


def test_a_form_that_was_sent_empty_is_no_draft(worker, form):
    page = worker.get(form)
    boxes = dict.fromkeys(("made_at_day", "made_at_month", "made_at_year", "made_at_time", "account"), "")
    token, key = page.context["typist"], str(page.context["form"]["key"].value())
    assert worker.post(form, {"typist": token, "key": key, **boxes}).status_code == 422
    assert not Draft.objects.exists()
