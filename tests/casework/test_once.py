"""A form that is sent twice acts once: a repeat gets the first answer, other content under the same key is refused."""

import threading
import uuid

import pytest
from django.db import connections
from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from casework.models import AnsweredPost, Event
from casework.once import SentBefore, digest_of, once
from tests.factories import NOW, World, settled
from visits.models import Visit

AT_ONCE = 4


def sent(key, **answers):
    """What the form of a visit holds."""
    return {
        "key": str(key),
        "made_at_day": "9",
        "made_at_month": "3",
        "made_at_year": "2026",
        "made_at_time": "09:30",
        "seen": "alone",
        "account": "We played cards.",
        "worries": "no",
        **answers,
    }


def form_of(world):
    """The address of the form for a visit to the social worker's own child."""
    return reverse("visits:record", args=[settled(world.own_child).placements.get().pk])


@pytest.fixture
def form(world):
    return form_of(world)


@pytest.mark.django_db
def test_a_repeat_gets_the_first_answer(world, signed_in, form):
    worker, key = signed_in(world.social_worker), uuid.uuid4()
    first, second = worker.post(form, sent(key)), worker.post(form, sent(key))
    assert first.status_code == second.status_code == 302
    assert first["Location"] == second["Location"]
    assert Visit.objects.count() == 1
    assert Event.objects.filter(act="record_visit").count() == 1


@pytest.mark.django_db
def test_the_tokens_of_the_page_are_no_content(world, signed_in, form):
    """Sent again from the page as it stands after signing in again: the tokens are new, the visit is the same."""
    worker, key = signed_in(world.social_worker), uuid.uuid4()
    first = worker.post(form, sent(key, typist="one", csrfmiddlewaretoken="one"))
    second = worker.post(form, sent(key, typist="two", csrfmiddlewaretoken="two"))
    assert first["Location"] == second["Location"]


@pytest.mark.django_db
def test_other_content_under_the_same_key_is_refused_with_a_sentence(world, signed_in, form):
    worker, key = signed_in(world.social_worker), uuid.uuid4()
    worker.post(form, sent(key))
    answer = worker.post(form, sent(key, account="We played chess."))
    assert answer.status_code == 422
    assert "This form was sent before, with other content, and that is recorded" in answer.content.decode()
    assert "We played chess." in answer.content.decode()
    assert Visit.objects.get().account == "We played cards."


@pytest.mark.django_db
def test_what_was_refused_so_can_be_sent_as_another(world, signed_in, form):
    worker, key = signed_in(world.social_worker), uuid.uuid4()
    worker.post(form, sent(key))
    refused = worker.post(form, sent(key, account="We played chess."))
    new_key = refused.context["form"]["key"].value()
    assert str(new_key) != str(key)
    assert worker.post(form, sent(new_key, account="We played chess.")).status_code == 302
    assert Visit.objects.count() == 2


@pytest.mark.django_db
def test_the_key_of_somebody_else_is_refused(world, signed_in, form):
    key = uuid.uuid4()
    signed_in(world.social_worker).post(form, sent(key))
    answer = signed_in(world.colleague).post(form, sent(key))
    assert answer.status_code == 422
    assert "sent before" in answer.content.decode()
    assert Visit.objects.get().visitor == world.social_worker


@pytest.mark.django_db
def test_the_key_of_another_form_is_refused(world, signed_in, form):
    worker, key = signed_in(world.social_worker), uuid.uuid4()
    worker.post(form, sent(key))
    other = reverse("visits:record", args=[settled(world.teams_child).placements.get().pk])
    assert worker.post(other, sent(key)).status_code == 422
    assert Visit.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["", "7", "x" * 40])
def test_a_form_without_a_key_is_not_sent(world, signed_in, form, key):
    answer = signed_in(world.social_worker).post(form, sent(key))
    assert answer.status_code == 422
    assert "Open it again" in answer.content.decode()
    assert not Visit.objects.exists()


@pytest.mark.django_db
def test_what_is_refused_does_not_use_up_the_key(world, signed_in, form):
    worker, key = signed_in(world.social_worker), uuid.uuid4()
    assert worker.post(form, sent(key, worries="")).status_code == 422
    assert not AnsweredPost.objects.exists()
    assert worker.post(form, sent(key)).status_code == 302


@pytest.mark.django_db
def test_what_fails_half_way_does_not_use_up_the_key(world):
    content = QueryDict("a=1")
    about = {"form": "/a/", "by": world.social_worker, "at": NOW}
    key = uuid.uuid4()

    def fail():
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        once(key, content, act=fail, **about)
    assert once(key, content, act=lambda: "/done/", **about) == "/done/"
    assert once(key, content, act=fail, **about) == "/done/"
    with pytest.raises(SentBefore):
        once(key, QueryDict("a=2"), act=fail, **about)


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("a=1&b=2", "b=2&a=1", True),
        ("a=1", "a=1&key=7&typist=x&csrfmiddlewaretoken=y", True),
        ("a=one%0D%0Atwo", "a=one%0Atwo", True),
        ("a=1&a=2", "a=2&a=1", False),
        ("a=1", "a=2", False),
        ("a=1", "a=1&b=", False),
    ],
)
def test_what_counts_as_the_same_content(one, other, is_same):
    assert (digest_of("/a/", QueryDict(one)) == digest_of("/a/", QueryDict(other))) is is_same


@pytest.mark.django_db(transaction=True)
def test_four_clicks_at_the_same_moment_record_one_visit(now):
    world = World()
    form, key = form_of(world), uuid.uuid4()
    answers, together = [], threading.Barrier(AT_ONCE)
    browser = Client()
    browser.force_login(world.social_worker, backend="allauth.account.auth_backends.AuthenticationBackend")

    def click():
        client = Client()
        client.cookies = browser.cookies
        try:
            together.wait(timeout=10)
            answers.append(client.post(form, sent(key)))
        finally:
            connections.close_all()

    clicks = [threading.Thread(target=click) for _ in range(AT_ONCE)]
    for thread in clicks:
        thread.start()
    for thread in clicks:
        thread.join(timeout=30)
    assert [answer.status_code for answer in answers] == [302] * AT_ONCE
    assert len({answer["Location"] for answer in answers}) == 1
    assert Visit.objects.count() == 1
    assert Event.objects.filter(act="record_visit").count() == 1
