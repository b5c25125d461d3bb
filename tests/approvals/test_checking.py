"""Check a document: whoever holds a paper types its digest, and learns whether the record still stands so (experience)."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings

from accounts.roles import Role
from approvals.models import Decision
from approvals.states import State
from bench.chains import CONTENT
from casework import digests
from casework.digests import look_up
from casework.models import FailedCheck, Reading
from children import access
from tests.approvals.of_decisions import decided, put
from tests.approvals.steps import take
from tests.factories import NOW, a, chain_at, restricted_to, with_unapproved_relative

ADDRESS = "/check-a-document/"
UNKNOWN = "There is no such record that you may see."
NOBODYS = "0123456789abcdef"
TAGS = re.compile(r"<[^>]+>|\s+")


@pytest.fixture
def placement(world):
    return with_unapproved_relative(world.own_child)


@pytest.fixture
def signed(placement):
    return chain_at(State.FILED, placement)


@pytest.fixture
def typed(signed_in):
    """`typed(person, digest)` gives the status and the words of the answer."""

    def answer(person, digest):
        page = signed_in(person).post(ADDRESS, {"digest": digest})
        main = page.content.decode().partition("<main")[2]
        return page.status_code, " ".join(TAGS.sub(" ", main).split())

    return answer


# What one learns


def test_the_version_that_was_signed_off_is_how_the_record_stands(world, signed, typed):
    status, said = typed(world.dhos, signed.version.digest_in_groups)
    assert status == 200
    assert "This is how the record stands" in said
    assert f"Case discussion {signed.pk}: record of an unregulated arrangement" in said
    assert world.own_child.name in said
    for signature in signed.version.signatures.select_related("by"):
        assert signature.by.name in said
    assert "Filed" in said


def test_a_version_that_was_typed_anew_is_void(world, placement, typed):
    """C-32: whatever was signed under it holds no longer."""
    approved = chain_at(State.APPROVED, placement)
    before = approved.version
    discussion = take(approved, "record", by=world.dhos)
    _, said = typed(world.dhos, before.digest)
    assert "Void Version 2 took its place on" in said
    assert "This is how the record stands" not in said
    assert "Not signed yet" not in said
    assert len(re.findall(r"2026 at \d\d:\d\d Void", said)) == 5, "four agreed it and the Head of Service approved it"
    _, said = typed(world.dhos, discussion.version.digest)
    assert "Draft Not signed off: nobody can rely on it yet." in said


def test_what_was_withdrawn_is_void_and_what_was_refused_is_refused(world, placement, typed):
    withdrawn = take(chain_at(State.AGREED, placement), "withdraw", by=world.dhos, because="They meet again.")
    assert "Void Withdrawn on" in typed(world.dhos, withdrawn.version.digest)[1]
    refused = take(chain_at(State.AGREED, placement), "refuse", by=world.hos, because="It is not safe there.")
    assert "Refused The Head of Service refused this on" in typed(world.dhos, refused.version.digest)[1]


def test_a_senior_decision_is_told_in_the_words_of_its_kind(world, typed):
    decision = put(world, "ceasing", world.own_child)
    assert isinstance(decision, Decision)
    _, said = typed(world.social_worker, decision.version.digest)
    assert "Draft Not decided: nobody can rely on it yet." in said
    assert f"Decision {decision.pk}: {decision.of_kind.title}" in said
    decision = decided(world, decision, at=NOW)
    _, said = typed(world.social_worker, decision.version.digest)
    assert "This is how the record stands" in said
    assert decision.of_kind.done in said


def test_a_record_changed_outside_hearth_does_not_fit_its_digest(world, signed, typed, settings):
    digest = signed.version.digest
    settings.EVENT_KEY = "another key stands for another content"
    _, said = typed(world.dhos, digest)
    assert "Changed outside Hearth" in said
    assert "This is how the record stands" not in said


# How it is typed


def misread(digest):
    return digest.replace("0", "O").replace("1", "l")


@pytest.mark.parametrize(
    "as_typed",
    [
        lambda version: version.digest_in_groups,
        lambda version: version.digest_in_groups.upper(),
        lambda version: version.digest,
        lambda version: "  " + version.digest_in_groups.replace(" ", "\u00a0-\n"),
        lambda version: misread(version.digest_in_groups),
        lambda version: misread(version.digest_in_groups).upper(),
        lambda version: version.digest.replace("1", "I"),
        lambda version: "".join(chr(ord(sign) + 0xFEE0) for sign in version.digest),
        lambda version: version.digest_in_groups[:17],
        lambda version: version.digest_in_groups[:23],
    ],
    ids=[
        "groups",
        "capitals",
        "no spaces",
        "odd spaces",
        "O and l",
        "O and L",
        "I",
        "wide signs",
        "two groups",
        "more",
    ],
)
def test_it_is_known_however_it_is_typed(world, signed, typed, as_typed):
    assert "This is how the record stands" in typed(world.dhos, as_typed(signed.version))[1]


def test_a_group_that_differs_is_named_and_the_paper_not_believed(world, signed, typed):
    groups = signed.version.digest_in_groups.split()
    wrong = "a" * 8 if groups[4] != "a" * 8 else "b" * 8
    _, said = typed(world.dhos, " ".join([*groups[:4], wrong, *groups[5:]]))
    assert "Not quite this version" in said
    assert f"group 5: you typed {wrong} , the record has {groups[4]}" in said
    assert "This is how the record stands" not in said


@pytest.mark.parametrize(
    ("digest", "sentence"),
    [
        ("", "Enter the digest"),
        ("12345678 1234567", "Type at least the first two groups, 16 letters and digits. You typed 15."),
        ("a" * 65, "A digest has 64 letters and digits. You typed 65."),
        ("xyz" * 10, "A digest has only the digits 0 to 9 and the letters a to f. You also typed: x, y, z."),
        ("\N{SLIGHTLY SMILING FACE}" * 20, "Type at least the first two groups, 16 letters and digits. You typed 0."),
        ("%' OR 1=1 --" * 3, "You also typed: r."),
        ("a" * 501, "500"),
    ],
)
def test_what_is_no_digest_is_said_to_be_none_and_is_not_counted(world, typed, digest, sentence):
    status, said = typed(world.dhos, digest)
    assert status == 422
    assert sentence in said
    assert not FailedCheck.objects.exists()


# Who learns it


def test_for_a_record_out_of_sight_the_answer_is_that_for_none(world, signed, signed_in, asked):
    """The same words, after the same questions."""
    stranger = world.second_teams_worker
    digest = signed.version.digest
    answers, questions = [], []
    for each in (digest, NOBODYS):
        client = signed_in(stranger)
        client.get(ADDRESS)
        with asked() as queries:
            page = client.post(ADDRESS, {"digest": each})
        words = page.content.decode().partition("<main")[2]
        answers.append((page.status_code, re.sub(r'value="[^"]*"', "", words)))
        questions.append([re.sub(r"'[^']*'|\b\d+\b", "?", query) for query in queries])
    assert UNKNOWN in answers[0][1]
    assert answers[0] == answers[1]
    assert questions[0] == questions[1]
    assert not Reading.objects.filter(user=stranger).exists()


@pytest.mark.parametrize(
    "stranger",
    [
        lambda world: world.second_teams_worker,
        lambda world: world.elsewhere(Role.HOS),
        lambda world: world.administrator,
        lambda world: a(Role.LEGAL),
        lambda world: a(Role.PERFORMANCE),
    ],
)
def test_whoever_does_not_see_the_child_learns_nothing(world, signed, typed, stranger):
    assert UNKNOWN in typed(stranger(world), signed.version.digest)[1]


def test_of_a_restricted_child_nobody_but_those_named_learns_anything(world, signed, typed):
    restricted_to(world.own_child, world.hos)
    assert UNKNOWN in typed(world.dhos, signed.version.digest)[1]
    assert "This is how the record stands" in typed(world.hos, signed.version.digest)[1]


def test_the_right_is_asked_for_each_time(world, signed, typed):
    guest = a(Role.LADO)
    access.invite(guest, world.own_child, at=NOW, until=None, because="Their part of it")
    said = typed(guest, signed.version.digest)[1]
    assert "This is how the record stands" in said
    assert not any(part in said for part in CONTENT.values())
    access.end_invitations(world.own_child, at=NOW, because="Their part of it")
    assert UNKNOWN in typed(guest, signed.version.digest)[1]


def test_whoever_is_not_signed_in_is_asked_to(client, signed):
    for answer in (client.get(ADDRESS), client.post(ADDRESS, {"digest": signed.version.digest})):
        assert answer.status_code == 302
        assert answer.url.startswith("/accounts/login/")


def test_learning_it_is_a_reading_of_the_childs_file(world, signed, typed):
    typed(world.dhos, signed.version.digest)
    reading = Reading.objects.latest("pk")
    assert (reading.user, reading.case_files, reading.page) == (world.dhos, [world.own_child.case_file_id], ADDRESS)


def test_the_page_itself_reads_nothing(world, signed, signed_in):
    assert signed_in(world.dhos).get(ADDRESS).status_code == 200
    assert not Reading.objects.exists()


# Whoever guesses waits, as after wrong passwords


def test_after_too_many_unknown_digests_one_waits(world, signed, typed):
    for _ in range(settings.AXES_FAILURE_LIMIT):
        assert typed(world.dhos, NOBODYS)[0] == 200
    status, said = typed(world.dhos, signed.version.digest)
    assert status == 429
    assert "You have typed 5 digests that are not known here. Wait until 10:15, then try again." in said
    assert typed(world.hos, signed.version.digest)[0] == 200, "it is nobody else's wait"
    with time_machine.travel(NOW + settings.AXES_COOLOFF_TIME - timedelta(seconds=1), tick=False):
        assert typed(world.dhos, signed.version.digest)[0] == 429
    with time_machine.travel(NOW + settings.AXES_COOLOFF_TIME, tick=False):
        assert typed(world.dhos, signed.version.digest)[0] == 200


def test_what_is_out_of_sight_counts_as_unknown_and_what_is_known_does_not_count(world, signed, typed):
    for _ in range(settings.AXES_FAILURE_LIMIT):
        typed(world.second_teams_worker, signed.version.digest)
        typed(world.dhos, signed.version.digest)
    assert typed(world.second_teams_worker, NOBODYS)[0] == 429
    assert typed(world.dhos, signed.version.digest)[0] == 200


# What it costs


def test_more_versions_and_signatures_ask_no_more(world, placement, signed, signed_in, asked):
    one = chain_at(State.TO_AGREE, with_unapproved_relative(world.teams_child))
    many = chain_at(State.APPROVED, with_unapproved_relative(world.second_teams_child))
    for number in range(5):
        many = take(many, "record", by=world.dhos, content={**CONTENT, "risks": f"Said anew, time {number}."})
    counts = []
    for discussion in (one, many):
        look_up(discussion.version.digest, world.dhos, NOW)
        with asked() as queries:
            assert look_up(discussion.version.digest, world.dhos, NOW)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_digest_is_found_by_an_index(world, signed, asked):
    with asked() as queries:
        look_up(signed.version.digest, world.dhos, NOW)
    by_digest = [query for query in queries if "LIKE" in query]
    assert len(by_digest) == len(digests._kinds)
    assert not any("UPPER" in query for query in by_digest), "the index is of the digest as it stands"
