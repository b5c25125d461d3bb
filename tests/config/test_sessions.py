"""A session that cannot be saved because the database went away is the database's fault, and not the browser's."""

import pytest
from django.contrib.sessions.backends.base import UpdateError
from django.db import OperationalError, connection
from django.urls import reverse

from config.sessions import SessionStore
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db


def goes_away(execute, sql, params, many, context):
    """The database, when a session is to be written."""
    if "django_session" in sql and not sql.startswith("SELECT"):
        raise OperationalError("server closed the connection unexpectedly")
    return execute(sql, params, many, context)


@pytest.fixture
def kept():
    session = SessionStore()
    session.create()
    return session


def test_a_database_that_goes_away_is_said(kept):
    with connection.execute_wrapper(goes_away), pytest.raises(OperationalError, match="unexpectedly"):
        kept.save()


def test_a_session_that_somebody_ended_is_still_that(kept):
    SessionStore(kept.session_key).delete()
    with pytest.raises(UpdateError):
        kept.save()


def test_a_page_answers_503_and_not_that_the_browser_was_wrong(world, signed_in):
    client = signed_in(world.social_worker)
    client.raise_request_exception = False
    with connection.execute_wrapper(goes_away):
        answer = client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    assert answer.status_code == 503
