"""What the next page says was done comes there by a cookie: nothing is written for it, and it never says whom it is about."""

import pytest
from django.conf import settings
from django.urls import reverse

from config.messages import SaidOnTheNextPage
from tests.factories import NOW, with_unapproved_relative

pytestmark = pytest.mark.django_db
VISITED = {"seen": "alone", "account": "We cooked together.", "worries": "no", "made_at": NOW}
DONE = "The visit is recorded."


@pytest.fixture
def home(world):
    return with_unapproved_relative(world.own_child)


@pytest.fixture
def sent(world, home, signed_in, send, asked):
    """A browser that has just recorded a visit, the answer to it, and what the database was asked meanwhile."""
    client = signed_in(world.social_worker)
    with asked() as queries:
        answer = send(client, reverse("visits:record", args=[home.pk]), **VISITED)
    assert answer.status_code == 302
    return client, answer, queries


def test_no_session_is_written_for_it(sent):
    _, _, queries = sent
    assert not [query for query in queries if 'UPDATE "django_session"' in query]


def test_the_next_page_says_it_and_the_one_after_does_not(sent):
    client, answer, _ = sent
    assert DONE in client.get(answer.url).content.decode()
    assert client.cookies[SaidOnTheNextPage.cookie_name].value == ""
    assert DONE not in client.get(answer.url).content.decode()


def test_the_cookie_is_kept_like_the_sessions(sent):
    client, _, _ = sent
    cookie = client.cookies[SaidOnTheNextPage.cookie_name]
    assert cookie["httponly"]
    assert cookie["samesite"] == settings.SESSION_COOKIE_SAMESITE
    assert cookie["max-age"] == ""


def test_it_says_nothing_of_the_child(sent, home):
    client, _, _ = sent
    said = client.cookies[SaidOnTheNextPage.cookie_name].value
    child = home.child
    assert not [part for part in (child.forename, child.surname, child.reference) if part in said]


def test_one_that_somebody_else_signed_is_not_said(sent):
    client, answer, _ = sent
    cookie = client.cookies[SaidOnTheNextPage.cookie_name]
    forged = f"{cookie.value[:-4]}abcd"
    cookie.set(cookie.key, forged, forged)
    assert DONE not in client.get(answer.url).content.decode()
