"""Documents too long to be made while their reader waits: a worker makes them, for that person and that text alone."""

import io
from datetime import timedelta

import pytest
import time_machine
from pypdf import PdfReader

from accounts.roles import Role
from approvals.states import State
from bench.chains import CONTENT
from casework import errands, long_documents
from casework.models import Errand, LongDocument, Reading
from children import access
from tests.approvals.steps import take
from tests.documents import text_of
from tests.factories import NOW, a, chain_at, with_unapproved_relative

PARAGRAPHS = [f"{n}. Every word of this was said, and every word of it is on paper." for n in range(400)]


@pytest.fixture
def long(world):
    """A record that is too long to be made at once."""
    placement = with_unapproved_relative(world.own_child)
    return chain_at(State.TO_AGREE, placement, content={**CONTENT, "discussion": "\n\n".join(PARAGRAPHS)})


def address(discussion):
    return f"/approvals/{discussion.pk}/record.pdf"


def done():
    """The worker has come: how many documents it made."""
    waiting = list(Errand.objects.not_ended().values_list("pk", flat=True))
    for pk in waiting:
        errands.do(pk)
    return len(waiting)


def test_whoever_asks_is_led_to_how_far_it_is_and_from_there_to_the_document(world, long, signed_in):
    client = signed_in(world.dhos)
    answer = client.get(address(long))
    assert answer.status_code == 302
    assert "It waits for its turn." in client.get(answer.url).content.decode()
    assert done() == 1
    assert f'href="{address(long)}"' in client.get(answer.url).content.decode()
    document = client.get(address(long))
    assert document.headers["Content-Type"] == "application/pdf"
    assert "no-store" in document.headers["Cache-Control"]
    text = text_of(PdfReader(io.BytesIO(document.content)))
    assert PARAGRAPHS[0] in text
    assert PARAGRAPHS[-1] in text
    assert f"Made for {world.dhos.name}, 9 March 2026 at 10:00" in text


def test_no_web_worker_makes_it(world, long, signed_in, monkeypatch):
    monkeypatch.setattr("casework.document_page.as_pdf", lambda *told: pytest.fail("made while the reader waits"))
    signed_in(world.dhos).get(address(long))
    done()
    assert signed_in(world.dhos).get(address(long)).status_code == 200


def test_a_short_one_is_made_at_once(world, signed_in):
    short = chain_at(State.FILED, with_unapproved_relative(world.own_child))
    assert signed_in(world.dhos).get(address(short)).status_code == 200
    assert not LongDocument.objects.exists()


def test_it_is_read_when_it_is_handed_out_and_not_before(world, long, signed_in):
    signed_in(world.dhos).get(address(long))
    done()
    assert not Reading.objects.filter(page=address(long)).exists()
    signed_in(world.dhos).get(address(long))
    assert Reading.objects.filter(page=address(long), user=world.dhos).count() == 1


def test_asking_again_makes_no_second_one(world, long, signed_in):
    client = signed_in(world.dhos)
    assert client.get(address(long)).url == client.get(address(long)).url
    done()
    first = client.get(address(long)).content
    assert client.get(address(long)).content == first
    assert LongDocument.objects.count() == 1


def test_it_is_made_for_one_person_as_that_person_may_read_it(world, long, signed_in):
    signed_in(world.dhos).get(address(long))
    done()
    assert signed_in(world.iro).get(address(long)).status_code == 302, "another person gets another"
    done()
    text = text_of(PdfReader(io.BytesIO(signed_in(world.iro).get(address(long)).content)))
    assert CONTENT["legal_advice"] not in text
    assert f"Made for {world.iro.name}" in text


def test_whoever_has_lost_sight_of_the_child_meanwhile_gets_nothing(world, long, signed_in):
    guest = a(Role.LEGAL)
    access.invite(guest, world.own_child, at=NOW, until=None, because="Their part of it")
    asked = signed_in(guest).get(address(long))
    done()
    access.end_invitations(world.own_child, at=NOW, because="Their part of it")
    assert signed_in(guest).get(address(long)).status_code == 404
    assert signed_in(world.dhos).get(asked.url).status_code == 404, "nor does anybody see whose errand it was"


def test_a_record_that_has_changed_meanwhile_is_made_anew(world, long, signed_in):
    client = signed_in(world.dhos)
    client.get(address(long))
    done()
    take(long, "record", by=world.dhos, content={**CONTENT, "discussion": "\n\n".join(PARAGRAPHS) + "\n\nAnd this."})
    assert client.get(address(long)).status_code == 302
    done()
    assert "And this." in text_of(PdfReader(io.BytesIO(client.get(address(long)).content)))


def test_nothing_of_it_is_kept_for_long(world, long, signed_in):
    signed_in(world.dhos).get(address(long))
    done()
    with time_machine.travel(NOW + long_documents.KEPT_FOR, tick=False):
        assert signed_in(world.dhos).get(address(long)).status_code == 302, "it is made anew"
    assert long_documents.forget_old(NOW + long_documents.KEPT_FOR - timedelta(seconds=1)) == 0
    assert long_documents.forget_old(NOW + long_documents.KEPT_FOR) == 1
    assert LongDocument.objects.count() == 1


def test_one_that_is_forgotten_before_it_is_made_says_so(world, long, signed_in):
    asked = signed_in(world.dhos).get(address(long))
    long_documents.forget_old(NOW + long_documents.KEPT_FOR)
    done()
    assert "It was asked for too long ago." in signed_in(world.dhos).get(asked.url).content.decode()
    assert signed_in(world.dhos).get(address(long)).url != asked.url, "and it can be asked for again"
