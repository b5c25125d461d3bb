"""What the tests of visits that are brought start from: rows of a file, and a file that is sent as the page does."""

import uuid

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from exchange.models import Delivery
from exchange.ssd.layout import HEADINGS
from tests.exchange.bringing import decide, work

BRING_VISITS = reverse("exchange:bring_visits")


def a_row(child, date="2026-02-10 14:30:00", *, visit="v1", seen="Y", alone="Y", care="care1"):
    """A row of ssd_cla_visits."""
    return visit, care, getattr(child, "reference", child), date, seen, alone


def a_table(*rows, headings=HEADINGS, separator=",", encoding="utf-8", end="\r\n", before=b""):
    """The bytes of a file of visits."""
    lines = [separator.join(headings), *(separator.join(row) for row in rows), ""]
    return before + end.join(lines).encode(encoding)


def send_visits(client, content, *, name="visits.csv", since=None, key=None):
    """Send a file of visits."""
    day = {f"since_{part}": str(getattr(since, part)) for part in ("day", "month", "year")} if since else {}
    files = [SimpleUploadedFile(name, content)]
    return client.post(BRING_VISITS, {"key": str(key or uuid.uuid4()), "files": files, "whole": "yes", **day})


def brought_visits(client, content, **told):
    """A file of visits that was brought and looked through."""
    answer = send_visits(client, content, **told)
    assert answer.status_code == 302, answer.content.decode()
    work()
    return Delivery.objects.latest("pk")


def loaded_visits(client, content, **told):
    """A file of visits that was brought, looked through and loaded."""
    delivery = brought_visits(client, content, **told)
    decide(client, delivery, "load")
    work()
    delivery.refresh_from_db()
    return delivery
