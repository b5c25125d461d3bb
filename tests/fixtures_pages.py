"""Fixtures of the pages: somebody signed in at the moment of the story, and what a page asks of the database."""

import re
import uuid
from contextlib import contextmanager
from datetime import date, datetime

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from casework.limits import LONDON
from tests.factories import NOW

OF_THE_TESTS = re.compile(r"(^|; )(RELEASE )?SAVEPOINT ")
"""A page's own transaction is a savepoint here, because the test runs in one."""


@pytest.fixture
def now():
    """The clock stands at `factories.NOW`."""
    with time_machine.travel(NOW, tick=False):
        yield NOW


@pytest.fixture
def signed_in(now):
    """`signed_in(person)` gives a browser in which this person is signed in; it shows errors as pages."""

    def sign_in(person):
        client = Client(raise_request_exception=True)
        client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return sign_in


@pytest.fixture
def asked():
    """`with asked() as queries:` collects what the database is asked inside the block."""

    @contextmanager
    def collecting():
        queries = []
        with CaptureQueriesContext(connection) as context:
            yield queries
        queries.extend(q["sql"] for q in context.captured_queries if not OF_THE_TESTS.search(q["sql"]))

    return collecting


@pytest.fixture
def send():
    """`send(client, address, **answers)` sends a form once; a day or moment goes into the boxes of its name."""

    def sending(client, url, /, *, key=None, **answers):
        typed = {"key": str(key or uuid.uuid4())}
        for name, value in answers.items():
            typed |= _boxes(name, value) if isinstance(value, date) else {name: value}
        return client.post(url, typed)

    return sending


def _boxes(name, value):
    moment = value.astimezone(LONDON) if isinstance(value, datetime) else value
    boxes = {f"{name}_day": moment.day, f"{name}_month": moment.month, f"{name}_year": moment.year}
    return boxes | ({f"{name}_time": f"{moment:%H:%M}"} if isinstance(value, datetime) else {})
