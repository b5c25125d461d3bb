"""Regulation 24 and 25: sixteen weeks, once eight more, or until a review; each with its preconditions. L-18 to L-21."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import InternalError, transaction

from accounts.models import Appointment
from accounts.roles import Role
from approvals.connected.states import HowEnded, Pathway, WhyNot
from approvals.kinds import KINDS
from approvals.models import ConnectedPerson
from approvals.states import State
from casework import diary
from casework.models import CaseFile, Duty, Event
from casework.steps import NotYet, NotYou, carry_out
from placements.models import Carer, PresentStanding
from placements.states import ApprovalKind, Lawfulness, Regulation
from tests.approvals.connected_steps import (
    FOR_A_TIME,
    VIABLE,
    approved_for_a_time,
    asked_about,
    extended,
    extended_for_review,
    found_viable,
    lives_there,
    looked_into,
    put,
    take,
)
from tests.factories import NOW, World, chain_at, days_before, ended, people_around, with_unapproved_relative

pytestmark = pytest.mark.django_db
TODAY = NOW.date()


@pytest.fixture
def world():
    return World()


@pytest.fixture
def placement(world):
    """The child has lived with an unapproved aunt since yesterday."""
    return with_unapproved_relative(world.own_child, since=days_before(1))


def with_the_carer(world, placement, **about):
    return looked_into(world, carer=placement.carer, **about)


def approvals_of(person):
    return list(person.carer.approvals.values_list("kind", "from_on", "to_on"))


def after(**length):
    return NOW + timedelta(**length)


def look(placement, at):
    diary.refresh([placement.case_file_id], at=at)
    return PresentStanding.objects.get(placement=placement)


def duty(kind):
    return Duty.objects.get(kind=kind)


def refused(world, person, *, at):
    return carry_out(
        person.refuse_in_full,
        by=world.social_worker,
        at=at,
        because="The panel found too many risks.",
        decided_on=at.date(),
        why_not=WhyNot.CARE,
    )


def test_approved_for_sixteen_weeks_of_which_the_first_day_counts(world, placement):
    person = with_the_carer(world, placement)
    decision = approved_for_a_time(world, person)
    assert approvals_of(person) == [(ApprovalKind.TEMPORARY, TODAY, TODAY + timedelta(days=112))]
    assert decision.holds_until.date() == date(2026, 6, 28), "the last minute of it in British summer time"


def test_the_approval_makes_the_arrangement_lawful_until_its_last_day_and_ends_the_alarm(world, placement):
    assert look(placement, NOW).regulation == Regulation.UNREGULATED_CONNECTED
    approved_for_a_time(world, with_the_carer(world, placement))
    standing = look(placement, after(hours=1))
    assert standing.lawfulness == Lawfulness.LAWFUL_UNTIL
    assert standing.until_on == TODAY + timedelta(days=111)
    assert duty("D-00").closed_at is not None


def test_a_shorter_time_is_granted_as_it_is_named_and_a_longer_one_refused(world):
    person = looked_into(world)
    last = TODAY + timedelta(days=112)
    with pytest.raises(NotYet, match="lasts at most 16 weeks: until 28 June 2026"):
        approved_for_a_time(world, person, until=last.isoformat())
    carry_out(person.decisions.get(state="prepared").take_back, by=world.social_worker, at=NOW, because="Too long.")
    approved_for_a_time(world, person, until="2026-05-04")
    assert approvals_of(person)[0][2] == date(2026, 5, 5)


@pytest.mark.parametrize(
    ("on", "days"),
    [(date(2020, 4, 23), 112), (date(2020, 4, 24), 168), (date(2020, 9, 25), 168), (date(2020, 9, 26), 112)],
    ids=["the day before", "the first day", "the last day", "the day after"],
)
def test_between_24_april_and_25_september_2020_it_lasted_twenty_four_weeks(world, on, days):
    Appointment.objects.update(starts_at=datetime(2019, 1, 1, tzinfo=UTC))
    for role in Role:
        world.person(role).__dict__.pop("_appointments_read", None)
    at = datetime(on.year, on.month, on.day, 11, tzinfo=UTC)
    child = world.a_child(worker=world.social_worker, care_since=datetime(2020, 1, 6, 10, tzinfo=UTC))
    person = looked_into(world, child=child, at=at)
    approved_for_a_time(world, person, at=at)
    assert approvals_of(person) == [(ApprovalKind.TEMPORARY, on, on + timedelta(days=days))]


def test_nobody_is_approved_before_a_manager_confirmed_the_viability_assessment(world):
    person = asked_about(world)
    with pytest.raises(NotYet, match="The viability assessment is not confirmed yet"):
        approved_for_a_time(world, person)
    found_viable(world, person, viable="no")
    with pytest.raises(NotYet, match="found that it is not viable"):
        approved_for_a_time(world, person)


def test_whoever_wrote_the_viability_assessment_does_not_confirm_it(world):
    decision = put(world, asked_about(world), "viability", content={**VIABLE, "visited_on": "2026-03-09"})
    for by in (world.social_worker, world.elsewhere(Role.TEAM_MANAGER)):
        with pytest.raises(NotYou, match="Only the Team manager"):
            take(decision, "decide", by=by, at=NOW)


def test_pets_are_described_where_there_are_any(world):
    with pytest.raises(NotYet, match="The pets and the place where they are kept"):
        found_viable(world, asked_about(world), pets_risk="")


def test_everybody_of_18_in_the_household_is_checked_first(world):
    person = asked_about(world)
    grown_up = {"name": "Sam Son", "is_who": "son", "checked": False}
    lives_there(world, person, **grown_up, born_on=TODAY.replace(year=TODAY.year - 18))
    with pytest.raises(
        NotYet, match="Sam Son, son: the police check and the check of the authority’s own records are not"
    ):
        found_viable(world, person)


@pytest.mark.parametrize(
    "about",
    [{"born_on": TODAY.replace(year=TODAY.year - 18, day=10)}, {"left_on": TODAY}],
    ids=["18 tomorrow", "moved out today"],
)
def test_who_is_not_18_or_does_not_live_there_any_more_needs_no_check(world, about):
    person = asked_about(world)
    lives_there(world, person, checked=False, name="Sam Son", is_who="son", **about)
    assert found_viable(world, person).is_viable


def test_a_household_without_anybody_grown_up_is_not_recorded(world):
    with pytest.raises(NotYet, match="Nobody of 18 or older is recorded"):
        found_viable(world, asked_about(world, household=False))


def test_who_moves_in_before_the_decision_is_checked_too(world):
    person = looked_into(world)
    lives_there(world, person, name="Pat Partner", is_who="partner", checked=False)
    with pytest.raises(NotYet, match="Pat Partner, partner"):
        approved_for_a_time(world, person)


@pytest.mark.parametrize("role", [Role.TEAM_MANAGER, Role.HOS, Role.DHOS, Role.SERVICE_DIRECTOR, Role.IRO])
def test_only_the_nominated_officer_approves(world, role):
    person = looked_into(world)
    decision = put(world, person, "temporary_approval", content={**FOR_A_TIME, "assess_by": "2026-05-01"})
    decision = take(decision, "confirm", by=world.team_manager, at=NOW)
    with pytest.raises(NotYou, match="Agency decision maker"):
        take(decision, "decide", by=world.person(role), at=NOW)


def test_the_full_assessment_is_promised_for_a_day_within_the_approval(world):
    with pytest.raises(NotYet, match="the full assessment has to be complete by then"):
        approved_for_a_time(world, looked_into(world), weeks=17)


def test_nobody_is_approved_twice_at_a_time(world):
    person = looked_into(world)
    approved_for_a_time(world, person)
    with pytest.raises(NotYet, match="approved temporarily already, until 28 June 2026"):
        approved_for_a_time(world, person)


def test_extended_once_by_eight_weeks_it_ends_on_day_168(world):
    person = looked_into(world)
    approved_for_a_time(world, person)
    extended(world, person, at=after(weeks=14))
    assert approvals_of(person)[1] == (
        ApprovalKind.EXTENDED,
        TODAY + timedelta(days=112),
        TODAY + timedelta(days=168),
    )
    with pytest.raises(NotYet, match="the law allows no second extension"):
        extended(world, person, at=after(weeks=18))


def test_what_has_run_out_is_not_extended(world):
    person = looked_into(world)
    approved_for_a_time(world, person)
    with pytest.raises(NotYet, match="what has run out is not extended"):
        extended(world, person, at=after(days=112))


@pytest.mark.parametrize(
    ("said", "refusal"),
    [
        ({"still": "no"}, "no longer the most appropriate home"),
        ({"panel_on": "2099-01-01"}, "The panel gave its views on a day that lies ahead"),
        ({"iro_on": "2026-03-08"}, "The IRO was informed before the temporary approval began"),
        ({"panel_says": ""}, "What the panel says"),
        ({"until": "2026-08-24"}, "The extension lasts at most 8 weeks: until 23 August 2026"),
    ],
)
def test_each_precondition_of_an_extension_is_asked_for(world, said, refusal):
    person = looked_into(world)
    approved_for_a_time(world, person)
    with pytest.raises(NotYet, match=refusal):
        extended(world, person, at=after(weeks=14), **said)


def test_a_refusal_is_extended_only_until_an_independent_review_is_decided(world, placement):
    person = with_the_carer(world, placement)
    approved_for_a_time(world, person)
    late = after(weeks=13)
    person = refused(world, person, at=late)
    with pytest.raises(NotYet, match="Only an independent review allows an extension"):
        extended(world, person, at=late)
    with pytest.raises(NotYet, match="has asked for an independent review"):
        extended_for_review(world, person, at=late)
    person = carry_out(person.ask_for_review, by=world.social_worker, at=late, asked_on=late.date())
    extended_for_review(world, person, at=late)
    assert look(placement, after(weeks=30)).lawfulness == Lawfulness.LAWFUL
    decided = after(weeks=31)
    carry_out(person.uphold_refusal, by=world.social_worker, at=decided, decided_on=decided.date())
    assert look(placement, decided).until_on == decided.date()
    assert look(placement, decided + timedelta(days=1)).lawfulness == Lawfulness.NOT_LAWFUL


def test_there_is_no_second_review(world):
    person = refused(world, looked_into(world), at=NOW)
    for step, said in (("ask_for_review", "asked_on"), ("uphold_refusal", "decided_on")):
        person = carry_out(getattr(person, step), by=world.social_worker, at=NOW, **{said: TODAY})
    with pytest.raises(NotYet, match="there is no second one"):
        carry_out(person.ask_for_review, by=world.social_worker, at=NOW, asked_on=TODAY)


def test_full_approval_takes_the_place_of_the_temporary_one(world, placement):
    person = with_the_carer(world, placement)
    approved_for_a_time(world, person)
    extended(world, person, at=after(weeks=15))
    at = after(weeks=15, days=3)
    told = {"decided_on": at.date(), "decided_by": "Agency decision maker"}
    person = carry_out(person.approve_in_full, by=world.social_worker, at=at, **told)
    assert person.state == Pathway.APPROVED
    kinds = [(kind, to_on) for kind, _, to_on in approvals_of(person)]
    assert kinds == [(ApprovalKind.TEMPORARY, at.date()), (ApprovalKind.APPROVED, None)]
    assert look(placement, at).lawfulness == Lawfulness.LAWFUL
    assert duty("A-24").closed_as == "met"


def test_for_a_brother_or_sister_the_same_time_is_decided_and_never_a_longer_one(world):
    first = looked_into(world)
    approved_for_a_time(world, first)
    sister = world.a_child(worker=world.social_worker)
    later = after(weeks=3)
    second = looked_into(world, child=sister, carer=first.carer, at=later)
    with pytest.raises(NotYet, match="For another child the same carer is approved until 28 June 2026"):
        approved_for_a_time(world, second, at=later, until="2026-07-01")
    carry_out(second.decisions.get(state="prepared").take_back, by=world.social_worker, at=later, because="Anew.")
    joined = approved_for_a_time(world, second, at=later)
    assert joined.holds_until.date() == date(2026, 6, 28), "the last minute of it in British summer time"
    extended(world, first, at=after(weeks=14))
    extended(world, second, at=after(weeks=14))
    assert [kind for kind, _, _ in approvals_of(first)] == [ApprovalKind.TEMPORARY, ApprovalKind.EXTENDED]
    with pytest.raises(NotYet, match="the law allows no second extension"):
        extended(world, second, at=after(weeks=18))
    for person in (first, second):
        told = {"decided_on": after(weeks=20).date(), "decided_by": "Agency decision maker"}
        carry_out(person.approve_in_full, by=world.social_worker, at=after(weeks=20), **told)
    assert [kind for kind, _, _ in approvals_of(first)].count(ApprovalKind.APPROVED) == 1


def test_another_child_with_the_same_carer_is_looked_at_again(world, placement):
    sibling = with_unapproved_relative(world.teams_child, since=days_before(1))
    sibling.carer = placement.carer
    sibling.save()
    look(sibling, NOW)
    person = with_the_carer(world, placement)
    CaseFile.objects.update(look_again_at=None)
    approved_for_a_time(world, person)
    assert sibling.case_file_id in CaseFile.objects.due_a_look(after(hours=1)).values_list("pk", flat=True)
    assert look(sibling, after(hours=1)).lawfulness == Lawfulness.LAWFUL_UNTIL


# What becomes due


def test_four_weeks_before_it_runs_out_it_is_to_be_settled_what_comes_next(world, placement):
    person = with_the_carer(world, placement)
    approved_for_a_time(world, person)
    look(placement, after(hours=1))
    ahead = duty("A-24")
    assert (ahead.due_at.date(), ahead.owner) == (date(2026, 5, 31), world.team_manager)
    extended(world, person, at=after(weeks=11))
    look(placement, after(weeks=11))
    assert duty("A-24").due_at.date() == date(2026, 7, 26)


def test_run_out_it_is_to_be_ended_and_the_case_is_discussed(world, placement):
    approved_for_a_time(world, with_the_carer(world, placement))
    assert not Duty.objects.filter(kind="L-21").exists()
    look(placement, after(days=111))
    assert not Duty.objects.filter(kind="L-21").exists(), "the last day is covered"
    standing = look(placement, after(days=112))
    assert standing.regulation == Regulation.UNREGULATED_CONNECTED
    to_end = duty("L-21")
    assert (to_end.owner, to_end.due_at) == (world.team_manager, to_end.opened_at)
    assert Duty.objects.open().filter(kind__in=("D-00", "D-01")).count() == 2
    assert duty("A-24").closed_as == "missed"


def test_run_out_it_goes_on_under_the_sign_off_of_senior_managers_and_is_no_more_lawful_for_it(world, placement):
    approved_for_a_time(world, with_the_carer(world, placement))
    ran_out = after(days=112)
    look(placement, ran_out)
    chain_at(State.SIGNED_OFF, placement, people=people_around(world.own_child), held_at=ran_out + timedelta(days=2))
    standing = look(placement, after(days=125))
    assert Duty.objects.filter(kind="D-01").latest("opened_at").closed_as == "met"
    assert not Duty.objects.open().filter(kind__in=("L-21", "D-00")).exists()
    assert standing.lawfulness == Lawfulness.NOT_LAWFUL


def test_when_the_child_has_left_the_home_is_ended_as_the_law_asks(world, placement):
    approved_for_a_time(world, with_the_carer(world, placement))
    look(placement, after(days=112))
    ended(placement, on=after(days=115))
    diary.refresh([placement.case_file_id], at=after(days=116))
    assert duty("L-21").closed_as == "met"


def test_a_refusal_while_the_child_lives_there_is_settled_in_five_working_days(world, placement):
    person = with_the_carer(world, placement)
    approved_for_a_time(world, person)
    at = after(weeks=2)
    person = refused(world, person, at=at)
    look(placement, at)
    assert duty("A-25").due_at.date() == date(2026, 3, 30), "five working days from Monday, to the end of the next"
    carry_out(person.ask_for_review, by=world.social_worker, at=at, asked_on=at.date())
    look(placement, at)
    assert duty("A-25").closed_at is not None


def test_an_enquiry_is_answered_in_ten_working_days(world):
    person = asked_about(world)
    diary.refresh([person.case_file_id], at=NOW)
    answer = duty("A-23")
    assert (answer.due_at.date(), answer.owner) == (date(2026, 3, 24), world.social_worker)
    found_viable(world, person, viable="no")
    diary.refresh([person.case_file_id], at=after(hours=1))
    assert duty("A-23").closed_as == "met"


def test_who_turns_18_in_the_household_is_checked_in_five_working_days(world):
    person = asked_about(world)
    born = date(2008, 3, 12)
    lives_there(world, person, checked=False, name="Sam Son", is_who="son", born_on=born)
    diary.refresh([person.case_file_id], at=NOW)
    assert Duty.objects.get(kind="A-27").closed_as == "met", "of the aunt, who is checked"
    assert CaseFile.objects.get(pk=person.case_file_id).look_again_at == datetime(2026, 3, 12, tzinfo=UTC)
    diary.refresh([person.case_file_id], at=after(days=3))
    to_check = Duty.objects.open().get(kind="A-27")
    assert (to_check.due_at.date(), to_check.owner) == (date(2026, 3, 20), world.social_worker)
    person.household.filter(name="Sam Son").update(left_on=date(2026, 3, 13))
    diary.refresh([person.case_file_id], at=after(days=5))
    assert not Duty.objects.open().filter(kind="A-27").exists()


def test_the_full_assessment_is_due_when_the_nominated_officer_was_told(world):
    person = looked_into(world)
    approved_for_a_time(world, person, weeks=8)
    diary.refresh([person.case_file_id], at=after(hours=1))
    assert duty("A-26").due_at.date() == date(2026, 5, 4)
    no_further = {"ended_on": TODAY, "how_ended": HowEnded.WITHDREW, "why_not": WhyNot.THEIR_CHOICE}
    carry_out(person.take_no_further, by=world.social_worker, at=after(hours=2), because="They told us.", **no_further)
    diary.refresh([person.case_file_id], at=after(hours=2))
    assert duty("A-26").closed_as == "met"


# Who, and what is kept


def test_the_database_lets_nothing_end_that_was_never_looked_into(world):
    person = refused(world, looked_into(world), at=NOW)
    with pytest.raises(InternalError, match="one step at a time"), transaction.atomic():
        ConnectedPerson.objects.filter(pk=person.pk).update(state=Pathway.NO_FURTHER)


@pytest.mark.parametrize("role", [Role.IRO, Role.LEGAL, Role.PLACEMENT_SERVICE, Role.ADMINISTRATOR, Role.DHOS])
def test_others_open_no_enquiry(world, role):
    about = {"carer": Carer(name="Ada Aunt"), "relationship": "Aunt", "asked_on": TODAY}
    with pytest.raises(NotYou, match="the child’s worker"):
        carry_out(ConnectedPerson(child=world.own_child).enquire, by=world.person(role), at=NOW, **about)


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_no_part_of_a_record_takes_the_name_of_what_is_told_with_a_step(kind):
    """What a part named “because” says would stand in the event, for everybody who reads the timeline."""
    assert {"because", "by", "at", "key", "digest", "said_at", "said_by"}.isdisjoint(part.name for part in kind.parts)


def test_events_name_neither_the_person_nor_what_checks_found(world):
    approved_for_a_time(world, looked_into(world))
    told = str(list(Event.objects.filter(record__contains="connectedperson").values_list("details", flat=True)))
    assert "Ada" not in told
    assert "nothing" not in told
