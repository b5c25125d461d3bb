"""The record as the tests type it: section by section through its pages, or as a whole through the door."""

from uuid import uuid4

from django.urls import reverse

from approvals.record.parts import SECTIONS, section_named
from bench.chains import record_of
from casework.sections.forms import typed_of
from casework.steps import carry_out
from tests.factories import NOW


def content_of(discussion, /, **but):
    """A whole record of a case discussion, in the form that is typed now."""
    return {**record_of(discussion.held_at), **but}


def type_up(discussion, /, *, by, at=NOW, **but):
    """The record goes through the door."""
    last = discussion.version
    told = {"content": content_of(discussion, **but), "digest": last.digest if last else ""}
    return carry_out(discussion.record, by=by, at=at, **told)


def list_url(discussion):
    """The page with the list of sections."""
    return reverse("approvals:record", args=[discussion.pk])


def section_url(discussion, name):
    """The page of one section."""
    return reverse("approvals:record_section", args=[discussion.pk, name])


def boxes_of(discussion, name, /, **but):
    """What is typed into the boxes of a section."""
    version = discussion.version
    typed = typed_of(section_named(name), content_of(discussion, **but))
    return {"digest": version.digest if version else "", **typed}


def fill(client, discussion, /, *, but=(), **answers):
    """Type every section and save it."""
    for section in SECTIONS:
        if section.name not in but:
            sent = boxes_of(discussion, section.name, **answers)
            answer = client.post(section_url(discussion, section.name), sent)
            assert answer.status_code == 302, (section.name, answer.context["form"].errors)


def send_whole(client, discussion, /, **more):
    """Send the record to be agreed."""
    version = discussion.version
    sent = {"key": str(uuid4()), "digest": version.digest if version else "", **more}
    return client.post(list_url(discussion), sent)
