"""Metrics: counted by the name of the view, shown to whoever has the token, off unless an installation asks."""

import re
from datetime import timedelta

import pytest
from django.conf import settings as true_settings
from django.test import Client
from django.urls import clear_url_caches, include, path, reverse
from django.utils import timezone

from accounts.roles import Role
from casework.models import Duty, Errand, OutgoingMail
from config.metrics import metrics

TOKEN = "of the test"

urlpatterns = [path("metrics", metrics), path("", include("config.urls"))]


@pytest.fixture
def counted(settings, broker, worker_free_queue):
    """`counted()` gives what Prometheus would read, by name and labels."""
    settings.METRICS_TOKEN = TOKEN
    settings.MIDDLEWARE = [
        "django_prometheus.middleware.PrometheusBeforeMiddleware",
        *true_settings.MIDDLEWARE,
        "django_prometheus.middleware.PrometheusAfterMiddleware",
    ]

    def read():
        answer = Client().get("/metrics", headers={"authorization": f"Bearer {TOKEN}"})
        assert answer.status_code == 200
        lines = [line for line in answer.content.decode().splitlines() if not line.startswith("#")]
        return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines)}

    return read


@pytest.fixture
def worker_free_queue(broker):
    """A queue that nobody empties."""
    from config.celery import app

    with app.connection_for_write() as connection:
        channel = connection.default_channel.client
        channel.delete("celery")
        channel.rpush("celery", "{}", "{}")
        yield
        channel.delete("celery")


@pytest.mark.urls(__name__)
def test_what_waits_is_counted(counted, world):
    person, now = world.social_worker, timezone.now()
    OutgoingMail.objects.bulk_create(OutgoingMail(to=person, subject="x", body="x", written_at=now) for _ in range(3))
    Errand.objects.bulk_create(Errand(kind="x", by=person, asked_at=now - timedelta(hours=1)) for _ in range(4))
    about = {"case_file": world.own_child.case_file, "source": "tried", "role": Role.SOCIAL_WORKER, "opened_at": now}
    for number, late in enumerate([timedelta(days=1), timedelta(0), timedelta(days=-1)]):
        Duty.objects.create(**about, key=str(number), kind="X", about="x", due_at=now - late, says="Something is due.")
    found = counted()
    assert found["hearth_outbox_waiting"] == 3
    assert found["hearth_errands_waiting"] == 4
    assert found["hearth_queue_length"] == 2
    assert found["hearth_duties_overdue"] == 2
    assert found["hearth_jobs_stale"] > 0


@pytest.mark.urls(__name__)
def test_requests_are_counted_by_the_name_of_their_view_and_never_by_address(counted, world_today):
    client = Client()
    client.force_login(world_today.social_worker)
    child = reverse("children:child", args=[world_today.own_child.pk])
    assert client.get(child, {"q": "Quillfeather"}).status_code == 200
    client.get("/no/such/Quillfeather")
    found = counted()
    by_view = [name for name in found if name.startswith("django_http_requests_total_by_view_transport_method_total")]
    assert any('view="children:child"' in name for name in by_view)
    assert any("seconds_by_view_method_bucket" in name and 'view="children:child"' in name for name in found)
    assert not [name for name in found if "Quillfeather" in name or child in name or re.search(r'="/', name)]


@pytest.mark.urls(__name__)
@pytest.mark.parametrize("shown", ["", "Bearer ", "Bearer of the test!", "Basic of the test"])
def test_whoever_does_not_show_the_token_finds_nothing(shown, settings, db):
    settings.METRICS_TOKEN = TOKEN
    assert Client().get("/metrics", headers={"authorization": shown}).status_code == 404


@pytest.mark.urls(__name__)
def test_without_a_token_nobody_sees_them(settings, db):
    settings.METRICS_TOKEN = ""
    assert Client().get("/metrics", headers={"authorization": "Bearer "}).status_code == 404


@pytest.mark.django_db
def test_they_are_off_unless_asked_for():
    clear_url_caches()
    assert not true_settings.METRICS
    assert Client().get("/metrics").status_code == 404
