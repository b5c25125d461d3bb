"""The record is typed in sections that can be left and taken up again; what Hearth knows is not typed. S0 2.3, 2.4."""

from datetime import timedelta

import pytest

from accounts.roles import Role
from approvals.models import CaseDiscussion
from approvals.record.parts import SECTIONS
from approvals.states import State
from casework import drafts
from casework.models import Draft
from tests.approvals.recording import boxes_of, content_of, fill, list_url, section_url, send_whole, type_up
from tests.approvals.steps import convene, page_of, take, text_of
from tests.factories import NOW, chain_at, with_unapproved_relative

pytestmark = pytest.mark.django_db


@pytest.fixture
def discussion(world):
    return convene(world, with_unapproved_relative(world.own_child))


@pytest.fixture
def dhos(world, signed_in):
    return signed_in(world.dhos)


def stands(client, discussion):
    """How each section stands, in order."""
    return [row["stands"][0] for row in client.get(list_url(discussion)).context["sections"]]


def test_the_list_says_of_every_section_how_far_it_is(dhos, discussion):
    assert set(stands(dhos, discussion)) == {"Not begun"}
    dhos.post(section_url(discussion, "risks"), {"risks": "A dog.", "leave": "yes"})
    dhos.post(section_url(discussion, "views"), boxes_of(discussion, "views"))
    found = dict(zip([section.name for section in SECTIONS], stands(dhos, discussion), strict=True))
    assert (found["risks"], found["views"], found["plan"]) == ("Begun", "Done", "Not begun")
    assert "1 of 10 sections are done" in text_of(dhos.get(list_url(discussion)))


def test_a_section_that_is_left_half_done_is_found_again_with_every_word(dhos, discussion):
    left = dhos.post(section_url(discussion, "risks"), {"risks": "A dog that bites.", "leave": "yes"})
    assert left.headers["Location"] == list_url(discussion)
    assert "A dog that bites." in text_of(dhos.get(section_url(discussion, "risks")))


def test_from_the_first_section_to_the_sealed_record(world, dhos, discussion):
    fill(dhos, discussion)
    assert set(stands(dhos, discussion)) == {"Done"}
    answer = send_whole(dhos, discussion)
    assert answer.headers["Location"] == page_of(discussion)
    discussion = CaseDiscussion.objects.get()
    assert discussion.state == State.TO_AGREE
    sealed = {name: said for name, said in discussion.version.content.items() if name != "known"}
    assert sealed == content_of(discussion)
    assert not Draft.objects.exists()


def test_saving_a_section_leads_to_the_next_and_the_last_back_to_the_list(dhos, discussion):
    first = dhos.post(section_url(discussion, "discussion"), boxes_of(discussion, "discussion"))
    assert first.headers["Location"] == section_url(discussion, "regulation_24")
    last = dhos.post(section_url(discussion, "decision"), boxes_of(discussion, "decision"))
    assert last.headers["Location"] == list_url(discussion)


def test_what_is_not_done_is_named_and_nothing_is_sent(dhos, discussion):
    fill(dhos, discussion, but=("views", "plan"))
    answer = send_whole(dhos, discussion)
    assert answer.status_code == 422
    page = text_of(answer)
    assert "Views: not begun yet" in page
    assert "The care plan, and what if it fails: not begun yet" in page
    assert f'<a href="{section_url(discussion, "views")}">Views: not begun yet</a>' in answer.content.decode()
    assert CaseDiscussion.objects.get().version is None
    assert Draft.objects.count() >= len(SECTIONS) - 2


def test_sent_twice_it_is_typed_once(dhos, discussion):
    fill(dhos, discussion)
    key = "0d8f2a2e-3b0e-4a4f-9c55-6a1f0c7d9a11"
    assert send_whole(dhos, discussion, key=key, digest="").status_code == 302
    assert send_whole(dhos, discussion, key=key, digest="").status_code == 302
    assert CaseDiscussion.objects.get().versions.count() == 1


def test_what_somebody_else_typed_meanwhile_is_shown_and_no_word_is_lost(world, dhos, discussion):
    fill(dhos, discussion, risks="My own words.")
    type_up(discussion, by=world.dhos, risks="Their words.")
    answer = send_whole(dhos, discussion, digest="")
    assert answer.status_code == 422
    assert "Risks, pets and checks: somebody typed a newer version" in text_of(answer)
    assert set(stands(dhos, discussion)) == {"To be looked at again"}
    page = text_of(dhos.get(section_url(discussion, "risks")))
    assert "My own words." in page
    assert "Their words." in page
    fill(dhos, discussion, risks="Both.")
    assert send_whole(dhos, discussion).status_code == 302
    assert CaseDiscussion.objects.get().version.content["risks"] == "Both."


def test_the_text_of_the_version_before_is_typed_already(world, dhos, discussion):
    discussion = type_up(discussion, by=world.dhos)
    assert set(stands(dhos, discussion)) == {"Done"}
    page = dhos.get(section_url(discussion, "risks"))
    assert content_of(discussion)["pet_risks"] in text_of(page)
    dhos.post(section_url(discussion, "risks"), boxes_of(discussion, "risks", risks="Two dogs."))
    assert send_whole(dhos, discussion).status_code == 302
    first, second = CaseDiscussion.objects.get().versions.all()
    assert (second.content["risks"], second.content["views_iro"]) == ("Two dogs.", first.content["views_iro"])


def test_the_texts_of_the_first_form_are_taken_up(world, dhos):
    discussion = chain_at(State.TO_AGREE, with_unapproved_relative(world.own_child))
    page = text_of(dhos.get(section_url(discussion, "regulation_24")))
    assert discussion.version.content["why_not_regulation_24"] in page
    assert discussion.version.content["actions"] in text_of(dhos.get(section_url(discussion, "actions")))
    assert set(stands(dhos, discussion)) <= {"Begun", "Done", "Not begun"}


def test_another_row_is_offered_without_a_script(dhos, discussion):
    url = section_url(discussion, "alternatives")
    row = {"alternatives_1_who": "Mrs Bell"}
    answer = dhos.post(url, {**row, "more": "alternatives"})
    assert answer.headers["Location"] == f"{url}#more-alternatives"
    form = dhos.get(url).context["form"]
    assert "alternatives_2_who" in form.fields
    assert "alternatives_3_who" not in form.fields
    assert form["alternatives_1_who"].value() == "Mrs Bell"


def test_who_else_was_there_can_owe_an_action(dhos, discussion):
    dhos.post(section_url(discussion, "discussion"), boxes_of(discussion, "discussion"))
    choices = dict(dhos.get(section_url(discussion, "actions")).context["form"].fields["actions_1_owner"].choices)
    assert choices["Amara Okafor, Family support worker"] == "Amara Okafor (Family support worker)"
    assert {Role.SOCIAL_WORKER.value, Role.LEGAL.value} <= set(choices)


BAD = {
    "an action before the case discussion": (
        "actions",
        {"actions": [{"what": "Ask.", "owner": "legal", "due_on": "2025-01-01"}]},
        "Action 1: By when cannot lie before the case discussion, which was on",
    ),
    "an action without an owner": (
        "actions",
        {"actions": [{"what": "Ask.", "owner": "", "due_on": "2027-01-01"}]},
        "Action 1: answer “Who does it”",
    ),
    "an action without a day": (
        "actions",
        {"actions": [{"what": "Ask.", "owner": "legal", "due_on": ""}]},
        "Action 1: answer “By when”",
    ),
    "two actions that say the same": (
        "actions",
        {"actions": [{"what": "Ask.", "owner": owner, "due_on": "2027-01-01"} for owner in ("legal", "dhos")]},
        "Action 2: it says the same as action 1",
    ),
    "somebody without a role": (
        "discussion",
        {"others": [{"name": "Amara Okafor", "as_what": ""}]},
        "Person 1: answer “Role",
    ),
    "a role too long for a meeting": (
        "discussion",
        {"others": [{"name": "A", "as_what": "b" * 101}]},
        "must be 100 characters or fewer. It has 101",
    ),
    "a carer asked in the future": (
        "alternatives",
        {"alternatives": [{"who": "A", "asked_on": "2099-01-01", "answer": "No", "why_not": "No room"}]},
        "Home or carer 1: When asked must be today or in the past",
    ),
    "declined in the future": ("regulation_24", {"declined_on": "2099-01-01"}, "must be today or in the past"),
    "no day for the choice": ("regulation_24", {"declined_on": ""}, "Answer “When did the carer decline?”"),
    "an approval that ends before it begins": (
        "regulation_24",
        {"why_not": "lapsed", "approved_from": "2026-02-01", "approved_until": "2026-01-01"},
        "The last day cannot lie before the first, which was 1 February 2026",
    ),
    "a review before the meeting": ("decision", {"review_on": "2020-01-01"}, "cannot lie before the case discussion"),
    "pets that nobody describes": ("risks", {"pet_risks": ""}, "Write something under “The pets, where they are kept"),
    "blanks only": (
        "plan",
        {"contingency": " \u00a0\n "},
        "Write something under “What happens if the arrangement fails”",
    ),
}


@pytest.mark.parametrize("what", BAD)
def test_what_cannot_be_is_answered_with_a_sentence_and_kept(dhos, discussion, what):
    name, answers, says = BAD[what]
    sent = boxes_of(discussion, name, **answers)
    answer = dhos.post(section_url(discussion, name), sent)
    assert answer.status_code == 422
    assert says in text_of(answer)
    kept = Draft.objects.get(form=section_url(discussion, name)).content
    assert all(kept[box] == [value] for box, value in sent.items())


def test_only_the_days_of_the_chosen_reason_are_kept(world, dhos, discussion):
    fill(dhos, discussion)
    both = {"why_not": "refused", "refused_on": "2026-03-01", "declined_on": "2026-02-01"}
    dhos.post(section_url(discussion, "regulation_24"), boxes_of(discussion, "regulation_24", **both))
    send_whole(dhos, discussion)
    content = CaseDiscussion.objects.get().version.content
    assert (content["refused_on"], content["declined_on"]) == ("2026-03-01", "")


MOST = 29
"""Questions to the database, whatever is typed."""
LONG = "Ein Wort – “quoted” and it’s long. " * 6000


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("The dog 🐕 sleeps downstairs.", "The dog 🐕 sleeps downstairs."),
        ("“Smart” and it’s\u00a0kept – all…", "“Smart” and it’s\u00a0kept – all…"),
        ("One\x0btwo\x0cthree\x07 four\x1efive\x00", "One\ntwo\nthree four\u2011five"),
        (LONG[:199_000].strip(), LONG[:199_000].strip()),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
    ],
    ids=["a picture", "quotes", "controls", "199,000 letters", "a script"],
)
def test_pasted_text_is_kept_as_it_reads(dhos, discussion, typed, kept):
    fill(dhos, discussion)
    dhos.post(section_url(discussion, "views"), {**boxes_of(discussion, "views"), "views_child": typed})
    assert send_whole(dhos, discussion).status_code == 302
    discussion = CaseDiscussion.objects.get()
    assert discussion.version.content["views_child"] == kept
    assert b"<script>alert(1)" not in dhos.get(page_of(discussion)).content


def test_more_than_there_is_room_for_comes_back_with_a_sentence(dhos, discussion):
    answer = dhos.post(
        section_url(discussion, "views"), {**boxes_of(discussion, "views"), "views_child": "a" * 200_001}
    )
    assert answer.status_code == 422
    assert "must be 200000 characters or fewer" in text_of(answer)


def test_others_do_not_open_it_and_what_is_over_is_typed_no_more(world, signed_in, dhos, discussion):
    for person in (world.hos, world.social_worker, world.legal):
        assert signed_in(person).get(section_url(discussion, "views")).status_code == 403
        assert signed_in(person).get(list_url(discussion)).status_code == 403
    assert signed_in(world.elsewhere(Role.DHOS)).get(section_url(discussion, "views")).status_code == 404
    assert dhos.get(section_url(discussion, "no_such")).status_code == 404
    over = chain_at(State.FILED, with_unapproved_relative(world.teams_child))
    assert dhos.get(section_url(over, "views")).status_code == 409


def test_the_pages_ask_the_same_however_much_is_typed(world, dhos, discussion, asked):
    def counts():
        found = []
        for url in (list_url(discussion), section_url(discussion, "actions"), section_url(discussion, "alternatives")):
            with asked() as queries:
                assert dhos.get(url).status_code == 200
            found.append(len(queries))
        return found

    fill(dhos, discussion)
    few = counts()
    held_on = discussion.held_at + timedelta(days=2)
    many = [{"what": f"Do {n}.", "owner": "legal", "due_on": held_on.date().isoformat()} for n in range(60)]
    asked_too = [{"who": f"C {n}", "asked_on": "2026-01-01", "answer": "No", "why_not": "Far"} for n in range(60)]
    fill(dhos, discussion, actions=many, alternatives=asked_too)
    assert counts() == few
    assert max(few) <= MOST, few


def test_what_is_typed_while_the_discussion_is_withdrawn_is_kept(world, dhos, discussion):
    take(discussion, "withdraw", by=world.dhos)
    page = drafts.typist_token(world.dhos, section_url(discussion, "views"))
    sent = {**boxes_of(discussion, "views"), "typist": page}
    assert dhos.post(section_url(discussion, "views"), sent).status_code == 409
    assert Draft.objects.get().content["views_child"] == [sent["views_child"]]


def test_what_was_typed_while_the_record_was_one_page_is_taken_up(world, dhos, discussion):
    left = {"risks": ["The dog bites."], "views": ["She wants to stay."], "actions": ["Ask the aunt."], "digest": [""]}
    Draft.objects.create(user=world.dhos, form=list_url(discussion), content=left, saved_at=NOW)
    for name, says in (("risks", "The dog bites."), ("views", "She wants to stay."), ("actions", "Ask the aunt.")):
        assert says in text_of(dhos.get(section_url(discussion, name)))
    fill(dhos, discussion)
    assert send_whole(dhos, discussion).status_code == 302
    assert not Draft.objects.exists()
