"""The pages of what stands beside the signatures: case note, actions after a dissent, renewal; bad input keeps all."""

import io

import pytest
from pypdf import PdfReader

from accounts.roles import Role
from approvals.models import Renewal
from approvals.states import State
from casework import diary
from casework.models import Event
from children import access
from tests import documents
from tests.approvals.steps import page_of, signed_in_with_password, take, text_of
from tests.approvals.test_pages import ACTION, key
from tests.documents import fetched
from tests.factories import NOW, a, chain_at, days_before, with_unapproved_relative

LONG = "Ärger’s “quote” – 👧🏽 \u00a0 " + "x" * 200_000
FED_BACK = {"because": "Assess the aunt.", "record_changes": "no"}


@pytest.fixture
def placement(world):
    return with_unapproved_relative(world.own_child)


@pytest.fixture
def signed(placement):
    return chain_at(State.SIGNED_OFF, placement)


def send(client, discussion, step, **said):
    return client.post(page_of(discussion, step), {"key": key(), **said})


# What was agreed after a dissent


@pytest.mark.parametrize(
    ("said", "says"),
    [
        ({}, ["Action 1: say what is to be done", "Action 1: select who does it", "Action 1: enter the day by which"]),
        (
            {**ACTION, "what_2": "Tell the school."},
            ["Action 2: select who does it", "Action 2: enter the day by which"],
        ),
        ({**ACTION, "owner_3": "legal"}, ["Action 3: say what is to be done", "Action 3: enter the day by which"]),
        ({**ACTION, "due_on_1_day": "1"}, ["Action 1: the day cannot lie before 9 March 2026"]),
        ({**ACTION, "due_on_1_day": "31", "due_on_1_month": "2"}, ["Action 1"]),
        ({**ACTION, "owner_1": "iro"}, ["Action 1"]),
    ],
    ids=["none", "half", "who only", "before today", "no such day", "not one of them"],
)
def test_an_action_is_whole_or_asked_for_and_everything_typed_stays(world, placement, signed_in, said, says):
    discussion = chain_at(State.DISSENTED, placement)
    answer = send(signed_in(world.hos), discussion, "feed_back", **FED_BACK, **said)
    page = text_of(answer)
    assert answer.status_code == 422
    assert [sentence for sentence in says[:1] if sentence.lower() not in page.lower()] == []
    assert "Assess the aunt." in page
    assert not Event.objects.filter(act="feed_back").exists()


def test_what_was_agreed_stands_on_the_page_with_who_and_by_when(world, placement, signed_in):
    discussion = chain_at(State.DISSENTED, placement)
    client = signed_in(world.hos)
    assert send(client, discussion, "feed_back", **FED_BACK, **ACTION).status_code == 302
    page = text_of(client.get(page_of(discussion)))
    assert "Agreed after the dissent" in page
    assert f"{world.social_worker}, Social worker" in page or f"{world.social_worker} (Social worker)" in page
    assert "by 30 March 2026" in page
    assert page.count("Not confirmed yet") == 3


# Renewal


def test_a_renewal_asks_for_the_password_and_for_what_was_done(world, signed, signed_in):
    digest = signed.version.digest
    said = {"digest": digest, "search": "Two agencies were asked.", "why": "None is near."}
    assert "/reauthenticate/" in send(signed_in(world.hos), signed, "renew", **said).headers["Location"]
    client = signed_in_with_password(world.hos)
    answer = send(client, signed, "renew", digest=digest, search="", why="None is near.")
    assert answer.status_code == 422
    assert "None is near." in text_of(answer)
    assert not Renewal.objects.exists()
    assert send(signed_in_with_password(world.hos), signed, "renew", **said).status_code == 302
    assert Renewal.objects.get().content == {"search": "Two agencies were asked.", "why": "None is near."}


def test_what_was_written_is_withheld_from_whoever_sees_no_narrative(world, signed, signed_in):
    renewed = take(signed, "renew", by=world.hos)
    page = text_of(signed_in(world.dhos).get(page_of(renewed)))
    assert "Three agencies were asked again." in page
    assert "Renewal 1, until 6 April 2026" in page
    stranger = a(Role.HEALTH)
    access.invite(stranger, world.own_child, at=NOW, until=None, because="Their part of it")
    client = signed_in(stranger)
    paper = fetched(client, f"/approvals/{renewed.pk}/record.pdf").content
    for page in (text_of(client.get(page_of(renewed))), documents.text_of(PdfReader(io.BytesIO(paper)))):
        assert "Renewal 1, until 6 April 2026" in page
        assert "Footprint on file" in page
        assert "Three agencies were asked again." not in page
        assert "The child stays for now" not in page
        assert "Withheld: your role does not see what workers wrote." in page


def test_once_it_has_lapsed_the_page_says_so_and_the_first_button_renews(world, signed_in):
    placement = with_unapproved_relative(world.teams_child, since=days_before(60))
    discussion = chain_at(State.FILED, placement, held_at=days_before(45))
    diary.refresh([placement.case_file_id], at=NOW)
    answer = signed_in(world.hos).get(page_of(discussion))
    page = text_of(answer)
    assert "That lapsed: it held until 25 February 2026." in page
    assert "Not signed off" in page
    assert 'class="govuk-button" href="/approvals/' in answer.content.decode()
    standing = text_of(signed_in(world.hos).get(f"/placements/{placement.pk}/"))
    assert "Sign-off has lapsed" in standing


# The case note


def test_a_note_beyond_all_measure_is_answered_with_a_sentence_and_nothing_is_lost(world, placement, signed_in):
    discussion = chain_at(State.CONVENED, placement)
    client = signed_in(world.dhos)
    answer = send(client, discussion, "note", because=LONG)
    assert answer.status_code in (302, 422)
    if answer.status_code == 302:
        assert "👧🏽" in Event.objects.get(act="note").because
    else:
        assert "👧🏽" in answer.content.decode()
    assert send(client, discussion, "note", because="").status_code in (409, 422)


def test_it_stands_in_the_childs_timeline(world, placement, signed_in):
    take(chain_at(State.CONVENED, placement), "note", by=world.dhos, because="We met, and the child stays for now.")
    page = text_of(signed_in(world.social_worker).get(f"/children/{world.own_child.pk}/"))
    assert "Case note: a case discussion took place" in page
    assert "We met, and the child stays for now." in page


def test_the_note_is_owed_under_its_own_name_beside_the_record(world, placement, signed_in):
    discussion = chain_at(State.CONVENED, placement)
    diary.refresh([placement.case_file_id], at=NOW)
    page = signed_in(world.dhos).get(page_of(discussion))
    assert {line.title for line in page.context["duties"]} == {
        "Not signed off",
        "Type up the record",
        "Write the case note of the meeting",
    }
