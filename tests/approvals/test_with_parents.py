"""A child in care goes to live with a parent: regulations 15 to 19, L-15 and L-16; C-20 for who is only accommodated."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from accounts.roles import Role
from approvals.kinds.with_parents import KIND
from approvals.models import Decision
from approvals.panels import where_begun
from casework import diary
from casework.limits import local_day
from casework.models import Duty
from casework.steps import NotYet, NotYou, carry_out
from children.states import LegalCode
from placements.models import Carer, ProposedHome
from placements.states import AuthorisationKind, FactKind, Lawfulness, Setting
from tests.approvals.of_decisions import LATER, a_parent, answers, at_a_parents, begun, decided, put
from tests.factories import NOW, World, days_before, placed, settled, under, with_parent

pytestmark = pytest.mark.django_db
CODE, AT_ONCE = "with_parents", "with_parents_at_once"


@pytest.fixture
def world():
    return World()


@pytest.fixture
def child(world):
    return under(world.own_child, LegalCode.C2, since=days_before(90))


def standing(placement, at=LATER):
    diary.refresh([placement.case_file_id], at=at)
    placement.refresh_from_db()
    return placement.standing


def clock(placement, kind, at=LATER):
    diary.refresh([placement.case_file_id], at=at)
    return Duty.objects.get(kind=kind, about=f"placements.placement:{placement.pk}")


def last_day_of(duty):
    return local_day(duty.due_at - timedelta.resolution)


def test_agreed_before_the_move_it_holds_from_the_move_on(world, child):
    settled(child)
    decision = decided(world, put(world, CODE, child, proposed=at_a_parents(child)))
    assert decision.waits_for_move
    assert not child.placements.filter(authorisations__isnull=False).exists()
    moved_at = NOW + timedelta(days=3)
    placement = placed(child, Setting.PARENT, since=moved_at, carer=decision.proposed.carer)
    decision = carry_out(decision.take_effect, by=world.social_worker, at=moved_at)
    assert decision.placement == placement
    agreed = placement.authorisations.get()
    assert (agreed.kind, agreed.starts_at) == (AuthorisationKind.WITH_PARENTS, moved_at)
    assert agreed.by == world.person(Role.DECISION_MAKER)
    assert standing(placement, at=moved_at).missing == []


@pytest.mark.parametrize("role", [Role.IRO, Role.DECISION_MAKER, Role.SERVICE_DIRECTOR, Role.HOS])
def test_others_do_not_say_that_the_child_moved(world, child, role):
    decision = decided(world, put(world, CODE, child, proposed=at_a_parents(child)))
    placed(child, Setting.PARENT, since=LATER, carer=decision.proposed.carer)
    with pytest.raises(NotYou):
        carry_out(decision.take_effect, by=world.person(role), at=LATER)


def test_another_home_than_the_one_agreed_to_is_not_covered(world, child):
    decision = decided(world, put(world, CODE, child, proposed=at_a_parents(child)))
    mother = a_parent("The mother")
    placed(child, Setting.PARENT, since=LATER, carer=mother)
    with pytest.raises(NotYet, match="not on record as living there"):
        carry_out(decision.take_effect, by=world.social_worker, at=LATER)


def test_a_move_that_was_never_so_leaves_the_decision_for_the_true_one(world, child):
    decision = decided(world, put(world, CODE, child, proposed=at_a_parents(child)))
    mistaken = placed(child, Setting.PARENT, since=LATER, carer=decision.proposed.carer)
    decision = carry_out(decision.take_effect, by=world.social_worker, at=LATER)
    mistaken.struck_out = True
    mistaken.save()
    true = placed(child, Setting.PARENT, since=LATER + timedelta(days=1), carer=decision.proposed.carer)
    decision = carry_out(Decision.objects.get().take_effect, by=world.social_worker, at=LATER + timedelta(days=1))
    assert decision.placement == true
    assert true.authorisations.exists()


def test_who_moves_after_three_months_moves_without_it(world, child):
    decision = decided(world, put(world, CODE, child, proposed=at_a_parents(child)))
    late = NOW + timedelta(days=100)
    placed(child, Setting.PARENT, since=late, carer=decision.proposed.carer)
    with pytest.raises(NotYet, match="put it forward anew"):
        carry_out(decision.take_effect, by=world.social_worker, at=late)


def test_who_moved_while_it_was_being_decided_is_found(world, child):
    decision = put(world, CODE, child, proposed=at_a_parents(child))
    placement = placed(child, Setting.PARENT, since=NOW + timedelta(hours=1), carer=decision.proposed.carer)
    assert decided(world, decision).placement == placement
    assert placement.authorisations.get().starts_at == LATER


def test_who_is_accommodated_is_not_placed_with_the_parent(world, child):
    under(child, LegalCode.V2, since=days_before(30))
    with pytest.raises(NotYet, match="stops being looked after"):
        begun(world, CODE, child)


@pytest.mark.parametrize("code", [LegalCode.L1, LegalCode.L2, LegalCode.J1, LegalCode.E1])
def test_for_any_other_status_legal_is_asked(world, child, code):
    under(child, code, since=days_before(30))
    with pytest.raises(NotYet, match="Ask Legal"):
        begun(world, CODE, child)


def test_it_is_for_the_home_of_a_parent(world, child):
    settled(child)
    with pytest.raises(NotYet, match="the home of a parent"):
        begun(world, CODE, child, placement=child.placements.get())


@pytest.mark.parametrize(
    "role", [Role.HOS, Role.SERVICE_DIRECTOR, Role.DCS, Role.TEAM_MANAGER, Role.SOCIAL_WORKER, Role.IRO]
)
def test_only_the_agency_decision_maker_decides(world, child, role):
    decision = put(world, CODE, child, proposed=at_a_parents(child))
    decision = carry_out(decision.confirm, by=world.team_manager, at=LATER, digest=decision.version.digest)
    with pytest.raises(NotYou):
        carry_out(decision.decide, by=world.person(role), at=LATER, digest=decision.version.digest)


@pytest.mark.parametrize("name", ["household", "pets", "iro_on", "iro_says", "assessed_on", "reviewed_on", "offences"])
def test_every_matter_of_schedule_3_is_answered(world, child, name):
    with pytest.raises(NotYet, match="is not answered"):
        put(world, CODE, child, proposed=at_a_parents(child), **{name: ""})


@pytest.mark.parametrize("name", ["iro_on", "assessed_on", "reviewed_on"])
def test_what_comes_first_has_happened(world, child, name):
    with pytest.raises(NotYet, match="that day has not come yet"):
        put(world, CODE, child, proposed=at_a_parents(child), **{name: "2026-03-10"})


def test_pets_are_described_where_there_are_any(world, child):
    with pytest.raises(NotYet, match="where they are kept"):
        put(world, CODE, child, proposed=at_a_parents(child), pets="yes", pet_risks="")


def test_agreed_to_at_once_the_ten_and_ten_working_days_run_from_the_move(world, child):
    """Monday 9 March: ten working days end on Monday 23 March, ten more on Wednesday 8 April, with Easter between."""
    placement = with_parent_undecided(child)
    decided(world, put(world, AT_ONCE, child, placement=placement))
    assert placement.facts.get().kind == FactKind.REG19
    assert last_day_of(clock(placement, "L-16")) == date(2026, 3, 23)
    assert last_day_of(clock(placement, "L-16b")) == date(2026, 4, 8)
    assert standing(placement).lawfulness == Lawfulness.LAWFUL_UNTIL


def test_confirmed_in_time_the_stay_before_the_assessment_is_over(world, child):
    placement = with_parent(child, since=days_before(7), assessed=False)
    assert clock(placement, "L-16b").closed_at is None
    decided(world, put(world, CODE, child, placement=placement))
    stay = placement.facts.get()
    assert (stay.assessed_on, stay.to_on) == (date(2026, 3, 2), NOW.date())
    assert clock(placement, "L-16b").closed_as == "met"
    assert clock(placement, "L-16").closed_as == "met"
    assert standing(placement).lawfulness == Lawfulness.LAWFUL


def test_the_duty_to_confirm_leads_to_beginning_and_then_to_what_is_begun(world, child):
    placement = with_parent(child, since=days_before(7), assessed=False)
    owed = clock(placement, "L-16b")
    assert where_begun(owed) == reverse("approvals:begin_decision", args=[CODE, placement.pk])
    decision = begun(world, CODE, child, placement=placement)
    assert where_begun(owed) == reverse("approvals:decision", args=[decision.pk])


def test_declined_the_time_to_end_the_placement_runs_on(world, child):
    placement = with_parent(child, since=days_before(7), assessed=False)
    decision = put(world, CODE, child, placement=placement)
    decision = carry_out(decision.confirm, by=world.team_manager, at=LATER, digest=decision.version.digest)
    carry_out(decision.decline, by=world.person(Role.DECISION_MAKER), at=LATER, because="The risk is too great.")
    assert clock(placement, "L-16b").closed_at is None
    assert standing(placement).lawfulness == Lawfulness.LAWFUL_UNTIL


def test_whoever_decides_reads_both_times_and_what_became_of_them(world, child):
    placement = with_parent(child, since=days_before(7), assessed=False)
    clock(placement, "L-16")
    told = {row["label"]: row["says"] for row in KIND.tells(Decision(kind=CODE, child=child, placement=placement), NOW)}
    assert told["Assessment and review (regulation 19)"] == "By 16 March 2026"
    assert "Decision (regulation 19)" in told


def test_what_is_on_record_is_not_asked_again(world, child):
    placement = with_parent(child, since=days_before(7), assessed=False)
    stay = placement.facts.get()
    stay.assessed_on = date(2026, 3, 5)
    stay.save()
    assert KIND.knows(Decision(kind=CODE, child=child, placement=placement))["assessed_on"] == date(2026, 3, 5)


def test_it_is_not_decided_twice(world, child):
    placement = with_parent(child, since=days_before(7))
    for code in (CODE, AT_ONCE):
        with pytest.raises(NotYet, match="decided already"):
            begun(world, code, child, placement=placement)


def test_answers_fill_every_part():
    assert all(answers(CODE)[part.name] for part in KIND.parts if part.required)


def with_parent_undecided(child):
    return placed(child, Setting.PARENT, since=NOW, carer=a_parent(), relationship="Father")


def test_what_was_decided_about_a_home_stays_about_that_home(world, child):
    decision = put(world, CODE, child, proposed=at_a_parents(child))
    other = Carer.objects.create(name="Somebody else")
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        ProposedHome.objects.filter(pk=decision.proposed_id).update(carer=other)


@pytest.mark.parametrize("name", ["compatible", "schooling", "support", "planned_on"])
def test_what_comes_before_it_by_the_reunification_procedure_is_asked(world, child, name):
    with pytest.raises(NotYet, match="is not answered"):
        put(world, CODE, settled(child), proposed=at_a_parents(child), **{name: ""})


def test_nobody_agrees_to_what_the_assessment_does_not_find_right(world, child):
    with pytest.raises(NotYet, match="compatible with the child’s welfare"):
        put(world, CODE, settled(child), proposed=at_a_parents(child), compatible="no")
