"""What every page does: its policy is kept, and what goes wrong is answered honestly."""

from urllib.parse import urlencode

import pytest
from django.db import InterfaceError, OperationalError, connection
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils.html import escape

from accounts.roles import Role
from casework.pages import Holds, page
from casework.reading import TYPED
from casework.steps import NotYet, NotYou
from tests.factories import settled

pytestmark = pytest.mark.django_db


@pytest.fixture
def patient(world, signed_in):
    """A browser that shows what went wrong as pages."""
    client = signed_in(world.social_worker)
    client.raise_request_exception = False
    return client


@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
def test_a_database_that_cannot_be_reached_is_503_in_words(patient, error):
    def unreachable(execute, sql, params, many, context):
        raise error

    with connection.execute_wrapper(unreachable):
        answer = patient.get(reverse("children:my_work"))
    assert answer.status_code == 503
    page = answer.content.decode()
    assert "Hearth cannot be reached just now" in page
    assert "What you typed stays in your browser" in page


def test_a_form_that_acts_once_comes_along_whole_to_be_sent_again_under_its_key(patient, world):
    """Whether it was recorded nobody can tell; without its key, what was typed would be recorded twice."""
    placement = settled(world.own_child).placements.get()
    typed = {"key": "6b0a9d0e-7a0e-4f7e-9a57-5f0c64a0a001", "seen": "alone", "worries": "no"}
    typed |= {"account": "Robin showed me\r\nthe rabbit, and <b>laughed</b> about it."}

    def unreachable(execute, sql, params, many, context):
        raise OperationalError

    with connection.execute_wrapper(unreachable):
        answer = patient.post(reverse("visits:record", args=[placement.pk]), urlencode(typed), content_type=TYPED)
    page = answer.content.decode()
    assert answer.status_code == 503
    assert "not saved yet, as far as Hearth can tell" in page
    for name, value in typed.items():
        assert f'<input type="hidden" name="{name}" value="{escape(value)}">' in page
    assert "&lt;b&gt;laughed&lt;/b&gt; about it." in page


def test_a_password_never_comes_along(patient):
    def unreachable(execute, sql, params, many, context):
        raise OperationalError

    with connection.execute_wrapper(unreachable):
        answer = patient.post(reverse("account_reauthenticate"), "password=open+sesame", content_type=TYPED)
    assert answer.status_code == 503
    assert "sesame" not in answer.content.decode()


def test_a_mistake_of_ours_is_500(patient):
    def broken(execute, sql, params, many, context):
        raise ZeroDivisionError

    with connection.execute_wrapper(broken):
        assert patient.get(reverse("children:my_work")).status_code == 500


@pytest.mark.parametrize(("refused", "status"), [(NotYou, 403), (NotYet, 409)])
def test_the_doors_sentences_are_a_page(world, now, refused, status):
    @page(Holds.ONE_CHILD)
    def closed(request):
        raise refused("Only the Head of Service can do this.")

    request = RequestFactory().get("/closed/")
    request.user, request.at = world.social_worker, now
    answer = closed(request)
    assert answer.status_code == status
    assert "Only the Head of Service can do this." in answer.content.decode()


def test_a_page_for_some_roles_names_them_to_others(world, now):
    @page(Holds.NOTHING_PERSONAL, roles=frozenset({Role.HOS, Role.DHOS}))
    def theirs(request):
        raise AssertionError

    request = RequestFactory().get("/theirs/")
    request.user, request.at = world.social_worker, now
    answer = theirs(request)
    assert answer.status_code == 403
    assert "This page is for: Deputy Head of Service, Head of Service." in answer.content.decode()


def test_a_stranger_is_sent_to_sign_in_and_back(client, now):
    answer = client.get(reverse("tracking:dashboard"))
    assert answer["Location"] == f"{reverse('account_login')}?next={reverse('tracking:dashboard')}"


def test_addresses_that_lead_nowhere_are_404_to_all(world, signed_in):
    assert signed_in(world.social_worker).get("/nowhere/").status_code == 404
    assert Client().get("/nowhere/").status_code == 404
