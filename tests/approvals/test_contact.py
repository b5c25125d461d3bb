"""Contact of more than 24 hours: a full viability assessment, approved by the Deputy Head before it begins. P-05, C-44."""

from datetime import UTC, datetime, timedelta

import pytest

from accounts.roles import Role
from approvals.kinds import KINDS
from approvals.models import Decision
from approvals.states import DecisionState
from casework import diary
from casework.models import Duty
from casework.steps import NotYet, NotYou, carry_out
from tests.approvals.test_decisions import take
from tests.factories import NOW, World, left_care, under

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
LATER = NOW + 2 * HOUR
CONTENT = {
    "going_home": "no",
    "with_whom": "Her grandmother",
    "relationship": "family",
    "starts_on": "2026-03-13",
    "ends_on": "2026-03-15",
    "purpose": "She keeps close to her cousins.",
    "visited_on": "2026-03-04",
    "home": "Two rooms; she sleeps in her own.",
    "household": "Grandmother and an uncle of 40; both were checked.",
    "pets": "yes",
    "pet_risks": "A small dog, kept in the kitchen.",
    "bond": "Close since she was born.",
    "health": "Nothing of concern.",
    "risks": "Her father may call; he is not let in.",
    "child_says": "She looks forward to it.",
    "family_says": "Her mother agrees.",
    "iro_who": "Bronwen Sharples",
    "iro_on": "2026-03-05",
    "iro_says": "Agrees.",
    "support": "A call each evening.",
    "contingency": "She comes back at once.",
}


@pytest.fixture
def world():
    return World()


def begun(world, **more):
    decision = Decision(kind="contact", child=more.get("child", world.own_child))
    return carry_out(decision.prepare, by=more.get("by", world.social_worker), at=NOW)


def put(world, *, at=NOW, **content):
    return carry_out(begun(world).put, by=world.social_worker, at=at, content={**CONTENT, **content})


def owed(world, kind, at=NOW):
    diary.refresh([world.own_child.case_file_id], at=at)
    return Duty.objects.filter(kind=kind).exclude(role=Role.SOCIAL_WORKER).order_by("opened_at")


def told(decision, at=NOW):
    return {row["label"]: row for row in KINDS["contact"].tells(decision, at)}


def test_the_deputy_head_approves_it_up_to_its_last_day(world):
    decision = take(put(world), "confirm", by=world.team_manager)
    decision = take(decision, "decide", by=world.dhos)
    assert decision.state == DecisionState.GRANTED
    assert decision.holds_until == datetime(2026, 3, 16, tzinfo=UTC)


@pytest.mark.parametrize("role", [Role.HOS, Role.SERVICE_DIRECTOR, Role.TEAM_MANAGER, Role.SERVICE_MANAGER, Role.IRO])
def test_nobody_else_approves_it(world, role):
    decision = take(put(world), "confirm", by=world.team_manager)
    with pytest.raises(NotYou):
        take(decision, "decide", by=world.person(role))


def test_a_deputy_head_of_another_area_does_not(world):
    decision = take(put(world), "confirm", by=world.team_manager)
    with pytest.raises(NotYou):
        take(decision, "decide", by=world.elsewhere(Role.DHOS))


def test_it_is_due_before_the_contact_begins_where_that_comes_first(world):
    take(put(world), "confirm", by=world.team_manager, at=NOW + HOUR)
    begins = datetime(2026, 3, 13, tzinfo=UTC)
    checked, to_decide = owed(world, "P-05", at=LATER)
    assert (checked.due_at, to_decide.due_at, to_decide.owner) == (begins, begins, world.dhos)
    assert "before 13 March 2026" in to_decide.says


def test_with_time_enough_the_limit_counts(world):
    put(world, starts_on="2026-04-03", ends_on="2026-04-05")
    assert owed(world, "P-05").get().due_at == datetime(2026, 3, 17, tzinfo=UTC)


def test_put_after_it_began_it_is_overdue_at_once_and_says_so(world):
    decision = put(world, starts_on="2026-03-08", ends_on="2026-03-10")
    assert owed(world, "P-05").get().due_at == NOW
    assert "nobody has approved it" in told(decision)["The contact"]["says"]


def test_what_was_late_stays_late_though_the_contact_is_put_off(world):
    decision = put(world, starts_on="2026-03-10", ends_on="2026-03-12")
    at = NOW + timedelta(days=2)
    decision = take(decision, "confirm", by=world.team_manager, at=at)
    told_anew = {**CONTENT, "starts_on": "2026-04-10", "ends_on": "2026-04-12"}
    carry_out(decision.put, by=world.social_worker, at=at, content=told_anew, digest=decision.version.digest)
    first = owed(world, "P-05", at=at).first()
    assert (first.closed_as, first.due_at) == ("met", datetime(2026, 3, 10, tzinfo=UTC))


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"going_home": "yes"}, "plan for going home"),
        ({"ends_on": "2026-03-12"}, "cannot be before the first"),
        ({"ends_on": "2026-03-13"}, "ends on a later day"),
        ({"starts_on": "2026-03-06", "ends_on": "2026-03-08"}, "was over on 8 March 2026"),
        ({"visited_on": "2026-03-10"}, "that day has not come yet"),
        ({"pet_risks": ""}, "is not answered"),
        ({"relationship": "parent"}, "Why this is contact, and not a placement with the parent” is not answered"),
    ],
)
def test_what_cannot_be_is_said_in_a_sentence(world, changed, says):
    with pytest.raises(NotYet, match=says):
        put(world, **changed)


def test_for_a_child_in_care_the_rules_on_placement_with_parents_are_brought_to_mind(world):
    decision = put(world, relationship="parent", not_a_placement="It is one weekend.")
    row = told(decision)["Placement with parents"]
    assert "regulations 15 to 20" in row["says"]
    assert row["url"].endswith(f"/with_parents/for/{world.own_child.pk}/")


def test_for_a_grandmother_and_for_an_accommodated_child_they_are_not(world):
    assert "Placement with parents" not in told(put(world))
    accommodated = under(world.a_child(worker=world.social_worker), "V2", since=NOW - timedelta(days=9))
    assert "Placement with parents" not in told(begun(world, child=accommodated))


def test_it_is_for_children_who_are_looked_after(world):
    gone = left_care(world.a_child(worker=world.social_worker), on=NOW - timedelta(days=2))
    with pytest.raises(NotYet, match="not on record as looked after"):
        begun(world, child=gone)


def test_it_is_decided_in_writing_only(world):
    told_so = {"said_at": NOW - HOUR, "said_by": world.dhos}
    with pytest.raises(NotYet, match="in writing only"):
        carry_out(begun(world).put, by=world.social_worker, at=NOW, content=CONTENT, **told_so)
