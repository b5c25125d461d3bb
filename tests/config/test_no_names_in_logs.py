"""Whatever goes wrong, no log holds a name: a canary is put wherever a name could be, and must not sing."""

import io
import json
import logging
import smtplib

import pytest
import structlog
from django.conf import settings
from django.core.mail.backends.locmem import EmailBackend
from django.db import DataError, connection
from django.http import HttpResponse
from django.test import Client
from django.urls import include, path, reverse
from django_structlog.celery.steps import DjangoStructLogInitStep

from casework import outbox
from config.celery import app
from config.logs import configure_structlog, json_formatter, wordless
from tests.factories import NOW, a_person

CANARY = "Zaphira Quillfeather"


def broken(request):
    raise LookupError(f"Key (name)=({CANARY}) already exists.")


def refused_by_database(request):
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(0.01), %s::int", [CANARY])
    return HttpResponse()


urlpatterns = [
    path("tried/broken", broken),
    path("tried/refused", refused_by_database),
    path("", include("config.urls")),
]
handler500 = "casework.pages.failed"


@app.task
def fails(name):
    raise LookupError(f"There is no {name}.")


@pytest.fixture
def logs():
    """Everything that this process logs at any level, as production writes it."""
    configure_structlog()
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(json_formatter())
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    levels = {name: logging.getLogger(name).level for name in settings.LOGGING["loggers"]}
    for name, about in settings.LOGGING["loggers"].items():
        logging.getLogger(name).setLevel(about["level"])
    root.handlers, root.level = [handler], logging.INFO
    yield written.getvalue
    root.handlers, root.level = before, level
    for name, level_before in levels.items():
        logging.getLogger(name).setLevel(level_before)


@pytest.fixture
def client(world_today):
    client = Client(raise_request_exception=False)
    client.force_login(world_today.social_worker)
    return client


def sings(text):
    """Whether any word of the canary is there, spelled as text or as an address."""
    return any(word.lower() in text.lower() for word in CANARY.split())


def a_broken_page(client):
    assert client.get("/tried/broken", {"name": CANARY}).status_code == 500


def what_the_database_refuses(client):
    assert client.get("/tried/refused").status_code == 500


def an_address_that_is_none(client):
    assert client.get("/no/such/page", {"q": CANARY}).status_code == 404


def a_search(client):
    client.post(reverse("children:search"), {"q": CANARY})


def a_form_that_is_refused(client):
    answer = client.post(reverse("account_change_password"), {"oldpassword": CANARY, "password1": CANARY})
    assert answer.status_code in {200, 302}


def a_sign_in_that_fails(client):
    Client().post(reverse("account_login"), {"login": CANARY, "password": CANARY})


def a_host_that_is_none_of_ours(client):
    assert client.get("/", headers={"host": CANARY.replace(" ", "-") + ".example"}).status_code == 400


def a_form_from_elsewhere(client):
    strict = Client(enforce_csrf_checks=True)
    assert (
        strict.post("/", {"q": CANARY}, headers={"referer": f"https://{CANARY.split()[0]}.example"}).status_code == 403
    )


def a_task_that_fails(client):
    as_in_a_worker = DjangoStructLogInitStep(None)
    fails.apply(args=[CANARY])
    assert as_in_a_worker


def a_mail_that_is_refused(client):
    person = a_person("canary", forename="Zaphira", surname="Quillfeather")
    person.email = "zaphira@quillfeather.example"
    person.save()
    outbox.write([(person, f"About {CANARY}", f"{CANARY} waits.")], at=NOW)
    assert outbox.send_waiting(at=NOW).refused == 1


def a_library_that_says_too_much(client):
    logging.getLogger("some.library").warning("cannot find %s after %d tries", CANARY, 3)
    logging.getLogger("gunicorn.error").warning(f"Invalid request from ip=10.0.0.1: 'GET /search?q={CANARY}'")
    try:
        broken(None)
    except LookupError:
        logging.getLogger("gunicorn.error").exception("Error handling request %s", f"/search?q={CANARY}")


class Refusing(EmailBackend):
    """A mail server that refuses whom it is told of."""

    def send_messages(self, messages):
        raise smtplib.SMTPRecipientsRefused({CANARY: (550, CANARY.encode())})


@pytest.mark.urls(__name__)
@pytest.mark.parametrize(
    "happens",
    [
        a_broken_page,
        what_the_database_refuses,
        an_address_that_is_none,
        a_search,
        a_form_that_is_refused,
        a_sign_in_that_fails,
        a_host_that_is_none_of_ours,
        a_form_from_elsewhere,
        a_task_that_fails,
        a_mail_that_is_refused,
        a_library_that_says_too_much,
    ],
    ids=lambda happens: happens.__name__,
)
def test_no_log_holds_a_name(happens, client, logs, settings, caplog):
    settings.EMAIL_BACKEND = f"{__name__}.Refusing"
    settings.AXES_ENABLED = True
    structlog.get_logger("tests").info("something_is_logged")
    happens(client)
    lines = logs().splitlines()
    assert len(lines) > 1, "what happened is not said at all"
    assert [line for line in lines if sings(line)] == []
    assert all(json.loads(line)["level"] for line in lines)


@pytest.mark.parametrize(
    ("sentence", "given", "said"),
    [
        ("%s came after %d tries", ("Ada", 3), "… came after 3 tries"),
        ("Task %(name)s took %(seconds)s s", {"name": "Ada", "seconds": 0.5}, "Task … took 0.5 s"),
        ("%d tries", ("Ada",), "%d tries"),
        ("all of 100 %", (), "all of 100 %"),
        ("Invalid request from ip=10.0.0.1: GET /?q=Ada", (), "Invalid request"),
    ],
)
def test_what_a_library_says_keeps_its_numbers_and_loses_its_words(sentence, given, said):
    assert wordless(sentence, given) == said


def test_the_database_writes_neither_rows_nor_statements_into_its_log(client, database_server):
    log = database_server.data.parent / "log"
    before = log.stat().st_size
    with pytest.raises(DataError, match="Quillfeather"), connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(0.01), %s::int", [CANARY])
    with open(log, "rb") as lines:
        lines.seek(before)
        assert not sings(lines.read().decode())
