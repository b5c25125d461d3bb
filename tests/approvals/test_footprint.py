"""The footprint on file of one arrangement: what has to be there, and who owes what is not. S0 2.2-2.7, 3.1."""

from dataclasses import replace
from datetime import date

import pytest

from accounts.roles import Role
from approvals.footprint import ARTEFACTS, Done, FootprintFacts, footprint, missing
from approvals.footprint_read import footprint_of, footprints_of
from approvals.states import ApprovedAs, State
from casework import diary
from placements.states import ApprovalKind
from tests.approvals.steps import page_of, take, text_of
from tests.factories import (
    NOW,
    approved_from,
    chain_at,
    in_foster_care,
    with_temporary_approval,
    with_unapproved_relative,
)

DONE = Done(NOW, "Somebody")
FOUR = (Role.SOCIAL_WORKER, Role.TEAM_MANAGER, Role.LEGAL, Role.DHOS)
WHOLE = FootprintFacts(
    held=DONE,
    noted=DONE,
    agreed=dict.fromkeys(FOUR, DONE),
    approved=DONE,
    signed_off=DONE,
    communicated=DONE,
    known=dict.fromkeys((Role.DHOS, Role.TEAM_MANAGER, Role.SOCIAL_WORKER), DONE),
    filed=DONE,
    papers=("Temporary approval, 3 March 2026",),
)

# The rules


def test_where_everything_is_there_nothing_is_missing():
    assert missing(footprint(WHOLE)) == ()
    assert len(footprint(WHOLE)) == len(ARTEFACTS) + 1


def test_of_an_arrangement_that_nobody_discussed_everything_is_missing_by_name_with_who_owes_it():
    assert [(each.label, each.owed_by) for each in missing(footprint(FootprintFacts()))] == [
        ("Papers of regulation 24, or why there are none", (Role.SOCIAL_WORKER,)),
        ("Case discussion held", (Role.DHOS,)),
        ("Case note of the meeting", (Role.DHOS,)),
        ("Record agreed by the four", FOUR),
        ("Approval by the Head of Service", (Role.HOS,)),
        ("Final sign-off", (Role.SERVICE_DIRECTOR,)),
        ("Everybody told, and confirmed to know", (Role.HOS,)),
        ("Signed record filed", (Role.SOCIAL_WORKER,)),
    ]


@pytest.mark.parametrize(
    ("lacks", "code", "owed_by"),
    [
        ({"held": None}, "discussion", (Role.DHOS,)),
        ({"noted": None}, "note", (Role.DHOS,)),
        ({"agreed": dict.fromkeys(FOUR[:2], DONE)}, "agreed", (Role.LEGAL, Role.DHOS)),
        ({"approved": None}, "approved", (Role.HOS,)),
        ({"signed_off": None}, "signed_off", (Role.SERVICE_DIRECTOR,)),
        ({"communicated": None}, "communicated", (Role.HOS,)),
        ({"known": {Role.DHOS: DONE}}, "communicated", (Role.TEAM_MANAGER, Role.SOCIAL_WORKER)),
        ({"filed": None}, "filed", (Role.SOCIAL_WORKER,)),
        ({"papers": ()}, "regulation_24", (Role.SOCIAL_WORKER,)),
    ],
)
def test_each_artefact_is_missed_by_itself(lacks, code, owed_by):
    assert [(each.code, each.owed_by) for each in missing(footprint(replace(WHOLE, **lacks)))] == [(code, owed_by)]


def test_the_reason_why_there_are_no_papers_is_as_good_as_the_papers():
    facts = replace(WHOLE, papers=(), why_no_papers="Why not is in the record")
    assert missing(footprint(facts)) == ()
    assert footprint(facts)[0].says == ("Why not is in the record",)


def test_every_row_says_who_asks_for_it():
    assert all(each.cites.startswith("S0 ") for each in footprint(WHOLE))


# The facts


@pytest.fixture
def placement(world):
    return with_unapproved_relative(world.own_child)


def lacking(placement):
    return [each.code for each in missing(footprint(footprints_of([placement])[placement.pk]))]


@pytest.mark.parametrize(
    ("state", "lacks"),
    [
        (State.CONVENED, ["regulation_24", "note", "agreed", "approved", "signed_off", "communicated", "filed"]),
        (State.TO_AGREE, ["agreed", "approved", "signed_off", "communicated", "filed"]),
        (State.AGREED, ["approved", "signed_off", "communicated", "filed"]),
        (State.APPROVED, ["signed_off", "communicated", "filed"]),
        (State.SIGNED_OFF, ["communicated", "filed"]),
        (State.COMMUNICATED, ["communicated", "filed"]),
        (State.FILED, []),
    ],
)
def test_with_each_step_more_is_on_file(placement, state, lacks):
    chain_at(state, placement)
    assert lacking(placement) == lacks


def test_what_was_agreed_and_signed_is_missing_again_once_the_record_is_typed_anew(world, placement):
    approved = chain_at(State.APPROVED, placement)
    take(approved, "record", by=world.dhos)
    assert lacking(placement) == ["agreed", "approved", "signed_off", "communicated", "filed"]


@pytest.mark.parametrize("state", [State.REFUSED, State.WITHDRAWN])
def test_a_discussion_that_fell_through_is_no_footprint(placement, state):
    chain_at(state, placement)
    assert "discussion" in lacking(placement)


def test_while_the_case_is_discussed_anew_the_sign_off_that_holds_counts(world, placement):
    chain_at(State.FILED, placement)
    chain_at(State.AGREED, placement, held_at=NOW)
    assert lacking(placement) == []


def test_the_papers_of_a_temporary_approval_count_though_it_ran_out(world):
    placement = with_temporary_approval(world.own_child, since=NOW.replace(month=1), until=date(2026, 2, 20))
    assert "regulation_24" not in lacking(placement)
    facts = footprints_of([placement])[placement.pk]
    assert facts.papers[0].startswith("Temporary approval from ")


def test_an_approval_of_another_kind_is_no_such_paper(world, placement):
    approved_from(placement, since=date(2026, 3, 1), kind=ApprovalKind.APPROVED)
    assert "regulation_24" in lacking(placement)


def test_of_many_arrangements_it_takes_as_many_questions_as_of_one(world, placement, django_assert_num_queries):
    chain_at(State.FILED, placement)
    others = [with_unapproved_relative(world.a_child(worker=world.social_worker)) for _ in range(4)]
    for other, state in zip(others, (State.FILED, State.AGREED, State.SIGNED_OFF, State.CONVENED), strict=True):
        chain_at(state, other)
    with django_assert_num_queries(6):
        footprints_of([placement])
    with django_assert_num_queries(6):
        found = footprints_of([placement, *others])
    assert len(found) == 5


# The pages


class AsOf:
    at = NOW


def test_who_owes_what_is_missing_is_named_by_who_holds_the_duty(world, placement):
    chain_at(State.AGREED, placement)
    diary.refresh([placement.case_file_id], at=NOW)
    rows = {row["label"]: row for row in footprint_of(AsOf, placement)["rows"]}
    assert rows["Approval by the Head of Service"]["owing"] == [f"{world.hos}, Head of Service"]
    assert rows["Final sign-off"]["owing"] == ["Service Director"]


def test_it_stands_on_the_page_of_the_arrangement_and_of_the_approval(world, placement, signed_in):
    discussion = chain_at(State.SIGNED_OFF, placement, approved_as=ApprovedAs.PERMANENCE)
    diary.refresh([placement.case_file_id], at=NOW)
    client = signed_in(world.dhos)
    of_arrangement = text_of(client.get(f"/placements/{placement.pk}/"))
    assert "2 of 8 are missing or not complete." in of_arrangement
    for page in (of_arrangement, text_of(client.get(page_of(discussion)))):
        assert "Footprint on file" in page
        assert f"Waits for {world.hos}, Head of Service" in page
        assert "Why not is in the record of the case discussion" in page


def test_where_nothing_is_signed_off_here_there_is_no_footprint(world, signed_in):
    placement = in_foster_care(world.own_child)
    assert "Footprint on file" not in text_of(signed_in(world.dhos).get(f"/placements/{placement.pk}/"))
