"""The signed record as a tagged PDF, made for one recipient: S0 2.6, experience ("every output knows its recipient")."""

import io
import re

import pytest
from pypdf import PdfReader

from accounts.roles import Role
from approvals.states import State
from bench.chains import CONTENT
from casework import diary
from casework.documents import _nothing_from_outside
from casework.models import Reading
from children import access
from tests.approvals.steps import take
from tests.documents import fetched, structure, text_of
from tests.factories import NOW, a, chain_at, with_unapproved_relative

ADDRESS, CARER = "17 Sycamore Passage\nDerby", "Bernadette Okonkwo-Hargreaves"


@pytest.fixture
def placement(world):
    placement = with_unapproved_relative(world.own_child)
    carer = placement.carer
    carer.name, carer.address, carer.postcode = CARER, ADDRESS, "DE1 9ZZ"
    carer.save()
    return placement


@pytest.fixture
def signed(placement):
    return chain_at(State.FILED, placement)


@pytest.fixture
def document_for(signed_in):
    def document(discussion, person):
        answer = fetched(signed_in(person), f"/approvals/{discussion.pk}/record.pdf")
        assert answer.headers["Content-Type"] == "application/pdf"
        assert "no-store" in answer.headers["Cache-Control"]
        return PdfReader(io.BytesIO(answer.content))

    return document


def test_it_is_tagged_as_pdf_ua_1_demands(world, signed, document_for):
    pdf = document_for(signed, world.dhos)
    catalogue = pdf.trailer["/Root"]
    assert catalogue["/MarkInfo"]["/Marked"]
    assert catalogue["/Lang"] == "en"
    assert catalogue["/ViewerPreferences"]["/DisplayDocTitle"]
    assert pdf.metadata.title == f"Case discussion {signed.pk}: record of an unregulated arrangement"
    assert b'pdfuaid:part="1"' in catalogue["/Metadata"].get_data()
    elements = structure(catalogue["/StructTreeRoot"], [])
    assert elements.count("/H1") == 1
    assert elements.count("/H3") == len(CONTENT)
    assert elements.count("/Table") >= 2
    assert elements.count("/TH") >= 4 + 6 + 7, "heads of columns, of signatures, of facts"


def test_it_holds_the_record_the_signatures_and_the_digest(world, signed, document_for):
    text = text_of(document_for(signed, world.dhos))
    for part in CONTENT.values():
        assert part in text
    for signature in signed.version.signatures.select_related("by"):
        assert signature.by.name in text
        assert f"{signature.at:%-d %B %Y at %H:%M}" in text
    assert "Approved as interim" in text
    assert "Signed off" in text
    assert signed.version.digest_in_groups in text
    assert "Approved as An interim arrangement, while a regulated home is found" in text


def test_it_never_says_that_sign_off_makes_it_lawful(world, signed, document_for):
    diary.refresh([signed.case_file_id], at=NOW)
    text = text_of(document_for(signed, world.dhos))
    assert "Not lawful." in text
    assert "Sign-off does not change this." in text


def test_what_was_signed_before_a_change_stands_there_as_void(world, placement, document_for):
    """C-32: kept and marked, on paper too."""
    discussion = take(chain_at(State.APPROVED, placement), "record", by=world.dhos)
    text = text_of(document_for(discussion, world.dhos))
    assert "Each was typed anew, which made every signature under it void." in text
    assert text.count("(void)") == 5
    assert f"Head of Service: {world.hos}, 2 March 2026 at 10:00 (void)" in text
    assert text.count("Not signed yet") == 6
    assert text.count("(changed since version 1)") == 1
    assert "Earlier versions" not in text_of(
        document_for(chain_at(State.FILED, with_unapproved_relative(world.teams_child)), world.dhos)
    )


def test_before_the_end_it_says_who_has_not_signed_yet(world, placement, document_for):
    discussion = take(chain_at(State.TO_AGREE, placement), "agree", by=world.legal)
    text = text_of(document_for(discussion, world.dhos))
    assert text.count("Not signed yet") == 5
    assert "Record to be agreed" in text


def test_it_names_for_whom_and_when_it_was_made(world, signed, document_for):
    text = text_of(document_for(signed, world.dhos))
    assert f"Case discussion {signed.pk}, version 1. Made for {world.dhos.name}, 9 March 2026 at 10:00" in text


# Who may have what


def test_whoever_may_have_the_address_gets_it(world, signed, document_for):
    text = text_of(document_for(signed, world.social_worker))
    assert "17 Sycamore Passage Derby DE1 9ZZ" in text
    assert CARER in text
    assert "Maternal aunt" in text


@pytest.mark.parametrize("role", [Role.LADO, Role.HEALTH])
def test_without_a_right_to_it_there_is_no_address_no_carer_and_no_text(world, signed, document_for, role):
    invited = a(role)
    access.invite(invited, world.own_child, at=NOW, until=None, because="Their part of it")
    text = text_of(document_for(signed, invited))
    for withheld in ("Sycamore", "DE1 9ZZ", CARER, "Maternal aunt", *CONTENT.values()):
        assert withheld not in text
    assert text.count("Withheld: your role does not see what workers wrote.") >= len(CONTENT)


@pytest.mark.parametrize("role", [Role.PLACEMENT_SERVICE, Role.COMMISSIONING])
def test_who_finds_homes_gets_the_address_and_not_what_workers_wrote(world, signed, document_for, role):
    text = text_of(document_for(signed, world.person(role)))
    assert "Sycamore" in text
    assert not any(part in text for part in CONTENT.values())


def test_legal_advice_is_for_those_entitled_to_it(world, signed, document_for):
    advice = CONTENT["legal_advice"]
    assert advice in text_of(document_for(signed, world.team_manager))
    assert advice in text_of(document_for(signed, world.social_worker)), "the child's own worker"
    for other in (world.iro, world.colleague):
        text = text_of(document_for(signed, other))
        assert advice not in text
        assert "Withheld: only those entitled to legal advice see it." in text
        assert CONTENT["risks"] in text


def test_page_and_document_withhold_the_same(world, signed, signed_in):
    page = signed_in(world.iro).get(f"/approvals/{signed.pk}/").content.decode()
    assert CONTENT["legal_advice"] not in page
    assert CONTENT["risks"] in page


def test_reasons_are_for_those_who_see_what_workers_wrote(world, placement, signed_in):
    reasons = "The alternatives were not described to me in this way before."
    discussion = take(chain_at(State.AGREED, placement), "send_back", by=world.hos, because=reasons)
    page = f"/approvals/{discussion.pk}/"
    assert reasons in signed_in(world.social_worker).get(page).content.decode()
    assert reasons not in signed_in(world.commissioning).get(page).content.decode()


def test_to_have_it_made_is_a_reading_of_the_childs_file(world, signed, document_for):
    before = Reading.objects.count()
    document_for(signed, world.dhos)
    reading = Reading.objects.latest("pk")
    assert Reading.objects.count() == before + 1
    assert (reading.user, reading.case_files) == (world.dhos, [world.own_child.case_file_id])
    assert reading.page == f"/approvals/{signed.pk}/record.pdf"


def test_to_a_stranger_there_is_none(world, signed, signed_in):
    for stranger in (world.second_teams_worker, world.elsewhere(Role.HOS), world.administrator):
        assert signed_in(stranger).get(f"/approvals/{signed.pk}/record.pdf").status_code == 404


def test_before_the_record_is_typed_there_is_none(world, placement, signed_in):
    discussion = chain_at(State.CONVENED, placement)
    assert signed_in(world.dhos).get(f"/approvals/{discussion.pk}/record.pdf").status_code == 404


def test_nothing_is_fetched_for_it():
    with pytest.raises(ValueError, match="nothing is fetched"):
        _nothing_from_outside("http://example.org/tracker.png")


# What people write


LONG_NAME = "Wolfeschlegelsteinhausenbergerdorff-" * 5
DIFFICULT = {
    "accents and letters": "Ŵyn ap Llŷr, Zoë Ångström-Þórðarson, Nguyễn Thị Ánh, Łukasz Żółć, Σωκράτης, Дмитрий",
    "markup": "<script>alert(1)</script> & <b>not bold</b> {{ braces }} {% tags %}",
    "word": "\u201cQuoted\u201d \u2013 with an en dash\u2026 and a\u00a0hard space, 20\u00b0C, \u00bd, \u20ac5",
    "emoji": "The child said \N{SLIGHTLY SMILING FACE} and drew a \N{HOUSE BUILDING}",
    "one long word": "x" * 5000,
}
EXPECTED = {
    "word": "\u201cQuoted\u201d \u2013 with an en dash\u2026 and a hard space, 20\u00b0C, \u00bd, \u20ac5",
    "emoji": "The child said [slightly smiling face] and drew a [house building]",
    "one long word": "x" * 80,
}


@pytest.mark.parametrize("kind", DIFFICULT)
def test_it_prints_whatever_people_write(world, placement, document_for, kind):
    discussion = chain_at(State.TO_AGREE, placement, content={**CONTENT, "discussion": DIFFICULT[kind]})
    pdf = document_for(discussion, world.dhos)
    text = text_of(pdf)
    assert CONTENT["risks"] in text
    assert EXPECTED.get(kind, DIFFICULT[kind]) in text


def test_very_long_names_stay_on_the_page(world, placement, document_for):
    child = world.own_child
    child.forename, child.surname = LONG_NAME[:100], LONG_NAME[:100]
    child.save()
    pdf = document_for(chain_at(State.FILED, placement), world.dhos)
    assert LONG_NAME[:100] in text_of(pdf).replace(" ", "")


def test_many_actions_and_200_kilobytes_run_over_pages(world, placement, document_for):
    actions = "\n".join(f"{n}. Ask again about the assessment (social worker, within {n} days)." for n in range(1, 301))
    long = "Every word of this was said, and every word of it is on paper. " * 3175
    content = {**CONTENT, "actions": actions, "discussion": long}
    assert len(long) > 200_000
    discussion = chain_at(State.TO_AGREE, placement, content=content)
    pdf = document_for(discussion, world.dhos)
    assert len(pdf.pages) > 30
    text = text_of(pdf)
    assert f"Page {len(pdf.pages)} of {len(pdf.pages)}" in text
    running = (
        rf"Sensitive: [^.]+\.[^.]+\. Page \d+ of \d+ |"
        rf"Case discussion {discussion.pk}, version 1\. Made for [^:]+:\d\d (draft |DRAFT )"
    )
    text = re.sub(running, "", text)
    assert "300. Ask again" in text
    assert text.count("Every word of this was said, and every word of it is on paper.") == 3175
