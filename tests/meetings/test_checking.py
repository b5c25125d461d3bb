"""Minutes on paper: how far they hold, and what their digest tells whoever types it."""

import io

import pytest
from pypdf import PdfReader

from accounts.roles import Role
from casework.meetings.models import Circulation
from tests.documents import empty_elements, fetched, text_of
from tests.meetings.story import SAID

pytestmark = pytest.mark.django_db
UNKNOWN = "There is no such record that you may see."


@pytest.fixture
def typed(signed_in):
    def answer(person, digest):
        return " ".join(signed_in(person).post("/check-a-document/", {"digest": digest}).content.decode().split())

    return answer


@pytest.fixture
def paper(signed_in):
    def read(person, address):
        return PdfReader(io.BytesIO(fetched(signed_in(person), address).content))

    return read


def test_minutes_are_a_draft_until_they_are_sent_round(story, typed, paper):
    story.minuted()
    address = f"/meetings/{story.meeting.pk}/minutes.pdf"
    draft = paper(story.world.team_manager, address)
    assert "Not sent round yet." in text_of(draft)
    assert empty_elements(draft.trailer["/Root"]["/StructTreeRoot"]) == []
    assert "Not sent round yet." in typed(story.world.team_manager, story.meeting.version.digest)
    story.sent()
    assert "Not sent round yet." not in text_of(paper(story.world.team_manager, address))
    said = typed(story.world.team_manager, story.meeting.version.digest_in_groups)
    assert "This is how the record stands" in said
    assert f"Minutes of meeting {story.meeting.pk}: Disruption meeting" in said


def test_minutes_typed_anew_make_those_before_void_also_in_the_hands_of_somebody_from_outside(story, typed, paper):
    story.minuted()
    story.sent()
    before = story.meeting.version
    copy = Circulation.objects.get(invitation__person=None)
    story.take("minute", content={**SAID, "cause": "It was not the school."}, digest=before.digest)
    assert "Version 2 took its place on" in typed(story.world.team_manager, before.digest)
    text = text_of(paper(story.world.team_manager, f"/meetings/copies/{copy.pk}.pdf"))
    assert "Version 2 took its place on" in text
    assert "It was not the school." not in text
    assert before.digest[:8] not in text, "a copy says nothing by which somebody from outside could ask"


def test_whoever_does_not_see_the_case_learns_nothing_of_its_minutes(story, typed):
    story.minuted()
    for stranger in (story.world.elsewhere(Role.SERVICE_MANAGER), story.world.administrator):
        assert UNKNOWN in typed(stranger, story.meeting.version.digest)
