"""Every senior decision and the record of the case discussion on paper: one frame, tagged, marked, whole (PDF/UA-1)."""

import io
from datetime import timedelta
from itertools import pairwise

import pytest
from pypdf import PdfReader

from accounts.roles import Role
from approvals.checking import tell_of_discussion
from approvals.documents import mark_of_decision, mark_of_discussion
from approvals.kinds import KINDS
from approvals.models import Decision
from approvals.states import ApprovedAs, DecisionState, State
from bench.chains import CONTENT
from casework.documents import as_html, as_pdf
from casework.sections.parts import Asks
from casework.steps import carry_out
from children import access
from tests.approvals.connected_steps import VIABLE, asked_about, put as put_about
from tests.approvals.of_decisions import answers, decided, put
from tests.approvals.steps import take
from tests.documents import empty_elements, fetched, pages_of, structure, text_of
from tests.factories import NOW, a, chain_at, with_unapproved_relative

HEADINGS = ("/H1", "/H2", "/H3")


@pytest.fixture
def placement(world):
    return with_unapproved_relative(world.own_child)


@pytest.fixture
def paper(signed_in):
    """`paper(person, address)` gives the document as this person gets it."""

    def read(person, address):
        return PdfReader(io.BytesIO(fetched(signed_in(person), address).content))

    return read


def of(decision):
    return f"/approvals/decisions/{decision.pk}/record.pdf"


def tagged(pdf):
    """What PDF/UA-1 asks of every document, and a screen reader of its reader."""
    catalogue = pdf.trailer["/Root"]
    assert catalogue["/MarkInfo"]["/Marked"]
    assert catalogue["/Lang"] == "en"
    assert catalogue["/ViewerPreferences"]["/DisplayDocTitle"]
    assert pdf.metadata.title
    assert b'pdfuaid:part="1"' in catalogue["/Metadata"].get_data()
    assert empty_elements(catalogue["/StructTreeRoot"]) == []
    found = structure(catalogue["/StructTreeRoot"], [])
    headings = [tag for tag in found if tag in HEADINGS]
    assert headings[0] == "/H1"
    assert headings.count("/H1") == 1
    levels = [int(tag[-1]) for tag in headings]
    assert all(after <= before + 1 for before, after in pairwise(levels)), "no level is left out"
    assert found.count("/Table") >= 2
    assert found.count("/TH") > found.count("/Table")
    return found


@pytest.fixture
def of_kind(world, placement):
    """`of_kind(code)` is a decision of a kind as it is put forward, whoever may put it."""

    def made(code):
        decision = Decision(kind=code, child=world.own_child, state=DecisionState.PUT, decides="hos")
        if KINDS[code].is_about_placement:
            decision.placement = placement
        decision.pk, decision.stands_since = 7, NOW
        return decision

    return made


@pytest.mark.parametrize("code", KINDS)
def test_each_kind_stands_in_the_frame_with_all_its_parts(world, of_kind, code):
    decision = of_kind(code)
    version = decision.versions.model(decision=decision, number=3, typed_by=world.social_worker, typed_at=NOW)
    version.content = answers(code)
    version.digest = version.seal()
    parts = [{"label": part.label, "text": part.says(answer), "before": None} for part, answer in version.parts]
    context = {
        "decision": decision,
        "kind": decision.of_kind,
        "child": world.own_child,
        "placement": decision.placement,
        "parts": parts,
        "version": version,
        "signatures": [{"role": "Head of Service", "person": None, "at": None}],
        "reader": world.hos,
        "at": NOW,
    }
    shown = {**context, "mark": mark_of_decision(decision, context)}
    pdf = PdfReader(io.BytesIO(as_pdf(as_html("approvals/pdf/decision.html", shown), NOW)))
    tagged(pdf)
    text = text_of(pdf)
    assert pdf.metadata.title == f"Decision 7: {decision.of_kind.title}"
    for part in parts:
        assert " ".join(part["label"].split()) in text
        assert " ".join(part["text"].split()) in text
    assert f"Decision 7, version 3. Made for {world.hos.name}, 9 March 2026 at 10:00" in text
    assert version.digest_in_groups in text
    assert "Not decided: nobody can rely on it yet." in text


def test_a_decision_is_marked_as_a_draft_until_it_is_decided(world, paper):
    decision = put(world, "ceasing", world.own_child)
    draft = paper(world.social_worker, of(decision))
    tagged(draft)
    assert "Not decided: nobody can rely on it yet." in text_of(draft)
    assert all("draft" in page.extract_text().lower() for page in draft.pages), (
        "on every page, should one be copied alone"
    )
    decision = decided(world, decision, at=NOW)
    taken = paper(world.social_worker, of(decision))
    assert "draft" not in text_of(taken).lower()
    assert decision.of_kind.done in text_of(taken)


def test_a_decision_whose_time_is_over_says_so():
    held = Decision(state=DecisionState.GRANTED, holds_until=NOW, stands_since=NOW)
    assert mark_of_decision(held, {"at": NOW}).says == "It held until 9 March 2026 at 10:00, and not after."
    assert mark_of_decision(held, {"at": NOW - timedelta(minutes=1)}) is None


def test_what_was_declined_or_taken_back_is_marked(world, paper):
    declined = put(world, "ceasing", world.own_child)
    declined = carry_out(declined.take_back, by=world.social_worker, at=NOW, because="It is not needed.")
    text = text_of(paper(world.social_worker, of(declined)))
    assert "Taken back on 9 March 2026 at 10:00, and never decided." in text
    assert "VOID" in text.upper()
    no = Decision(state=DecisionState.DECLINED, stands_since=NOW)
    assert mark_of_decision(no, {"at": NOW}).word == "Declined"


@pytest.mark.parametrize(
    ("state", "word"),
    [
        (State.TO_AGREE, "Draft"),
        (State.AGREED, "Draft"),
        (State.APPROVED, "Draft"),
        (State.SIGNED_OFF, None),
        (State.FILED, None),
    ],
)
def test_the_record_of_a_discussion_is_a_draft_until_it_is_signed_off(placement, state, word):
    mark = mark_of_discussion(chain_at(state, placement), {"at": NOW})
    assert (mark.word if mark else None) == word


def test_the_record_is_tagged_whatever_it_holds(world, placement, paper):
    content = {**CONTENT, "contingency": "", "risks": "  \n \n", "views": "A\n\n\n\n\nB\n"}
    discussion = chain_at(State.TO_AGREE, placement, content=content)
    discussion = take(discussion, "record", by=world.dhos, content={**content, "support": "Said anew."})
    found = tagged(paper(world.dhos, f"/approvals/{discussion.pk}/record.pdf"))
    assert found.count("/H3") == len(CONTENT)


# How it breaks into pages


@pytest.mark.parametrize("lines", range(0, 40, 5))
def test_no_heading_stands_alone_at_the_foot_of_a_page(world, placement, paper, lines):
    """Over every height at which a page can end."""
    content = dict.fromkeys(CONTENT, "One line of it.\n\nAnother line of it.")
    content["discussion"] = "\n".join(f"Line {n}." for n in range(lines)) or "Nothing."
    discussion = chain_at(State.TO_AGREE, placement, content=content)
    parts = discussion.version.parts
    labels = {part.label for part, _ in parts} | {"The record", "Agreement and signatures", "Digest of version 1"}
    for page in pages_of(paper(world.dhos, f"/approvals/{discussion.pk}/record.pdf")):
        assert page[-1].strip() not in labels


def test_the_digest_stands_in_groups_and_can_be_checked(world, placement, paper, signed_in):
    discussion = chain_at(State.FILED, placement)
    text = text_of(paper(world.dhos, f"/approvals/{discussion.pk}/record.pdf"))
    groups = text.partition("Digest of version 1 ")[2].split()[:8]
    assert [len(group) for group in groups] == [8] * 8
    page = signed_in(world.dhos).post("/check-a-document/", {"digest": " ".join(groups)})
    assert "This is how the record stands" in page.content.decode()


# Letters


def test_letters_of_other_scripts_are_printed_or_said(world, placement, paper):
    said = "\u674e\u5c0f\u9f99 \u0645\u0631\u062d\u0628\u0627 \U000f0000 end"
    discussion = chain_at(State.TO_AGREE, placement, content={**CONTENT, "views": said})
    text = text_of(paper(world.dhos, f"/approvals/{discussion.pk}/record.pdf"))
    assert "[letters that this paper cannot show: U+F0000] end" in text
    assert "\u674e" in text or "U+674E" in text
    assert "\ufffd" not in text


def test_an_interim_approval_whose_time_is_over_says_so_on_paper_and_to_whoever_checks(world, placement):
    discussion = chain_at(State.FILED, placement, approved_as=ApprovedAs.INTERIM)
    version = discussion.version.pk
    until = placement.authorisations.get().ends_at
    for at, word in ((until - timedelta(minutes=1), None), (until, "Ended")):
        mark = tell_of_discussion(version, world.hos, at).mark
        assert (mark.word if mark else None) == word


def test_a_signed_record_is_void_once_a_later_one_is_signed_in_its_place(world, placement, paper):
    first = chain_at(State.FILED, placement, approved_as=ApprovedAs.PERMANENCE)
    assert tell_of_discussion(first.version.pk, world.hos, NOW).mark is None
    chain_at(State.FILED, placement, approved_as=ApprovedAs.PERMANENCE)
    assert "decided in its place" in tell_of_discussion(first.version.pk, world.hos, NOW).mark.says
    assert "VOID" in text_of(paper(world.hos, f"/approvals/{first.pk}/record.pdf")).upper()


def test_an_earlier_version_is_printed_as_it_was_and_void(world, placement, paper, signed_in):
    """C-32: kept and marked, each on a paper of its own."""
    approved = chain_at(State.APPROVED, placement)
    before = approved.version
    discussion = take(approved, "record", by=world.dhos, content={**approved.version.content, "support": "Said anew."})
    address = f"/approvals/{discussion.pk}/record.pdf?version=1"
    assert address in signed_in(world.dhos).get(f"/approvals/{discussion.pk}/").content.decode()
    pdf = paper(world.dhos, address)
    tagged(pdf)
    text = text_of(pdf)
    assert "Version 2 took its place on" in text
    assert all("void" in page.extract_text().lower() for page in pdf.pages)
    assert before.digest_in_groups in text
    assert "Said anew." not in text
    assert text.count("(void)") == 5
    assert "Not signed yet" not in text
    assert "Said anew." in text_of(paper(world.dhos, f"/approvals/{discussion.pk}/record.pdf"))


@pytest.mark.parametrize("asked", ["0", "-1", "1.5", "x", "9" * 40, "\u0661"])
def test_a_version_that_is_none_is_none_or_the_one_that_stands(world, placement, signed_in, asked):
    discussion = chain_at(State.FILED, placement)
    answer = signed_in(world.dhos).get(f"/approvals/{discussion.pk}/record.pdf", {"version": asked})
    assert answer.status_code == (404 if asked == "0" else 200)


def test_an_earlier_version_of_a_decision_is_void_too(world, paper):
    decision = put(world, "ceasing", world.own_child)
    texts = [each.name for each in decision.of_kind.parts if each.asks == Asks.TEXT]
    content = {**decision.version.content, texts[0]: "Written anew."}
    decision = carry_out(decision.put, by=world.social_worker, at=NOW, content=content, digest=decision.version.digest)
    text = text_of(paper(world.social_worker, f"{of(decision)}?version=1"))
    assert "Version 2 took its place on" in text
    assert "Written anew." not in text
    assert "Nobody had signed it" in text
    assert "Written anew." in text_of(paper(world.social_worker, of(decision)))


def test_a_relative_is_named_on_paper_to_whoever_may_know_where_the_child_lives(world, paper):
    person = asked_about(world)
    decision = put_about(world, person, "viability", content=VIABLE)
    named = f"{person.carer.name} ({person.relationship})"
    assert named in text_of(paper(world.social_worker, of(decision)))
    guest = a(Role.LADO)
    access.invite(guest, person.child, at=NOW, until=None, because="Their part of it")
    text = text_of(paper(guest, of(decision)))
    assert person.carer.name not in text
    assert person.relationship in text
