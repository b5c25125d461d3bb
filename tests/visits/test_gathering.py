"""What the clocks read is what is on record: visits with their forms, forms before the move, intervals, requests."""

from datetime import timedelta

import pytest

from accounts.roles import Role
from casework import diary
from casework.diary import Batch
from casework.models import Duty
from casework.procedures import rules_as_declared
from placements.histories import histories
from placements.states import FosteringSector, RegistrationStatus
from tests.factories import (
    NOW,
    day,
    days_before,
    ended,
    in_childrens_home,
    in_foster_care,
    moment,
    visited,
)
from visits.clocks.gathering import placements_to_visit
from visits.models import VariationOfVisits, VisitAskedFor, VisitingForm
from visits.states import FormKind, FormState

pytestmark = pytest.mark.django_db


def facts_of(home):
    """What the clocks read of a placement."""
    batch = Batch((home.case_file_id,), NOW, rules_as_declared())
    of_child = placements_to_visit(batch)[home.case_file_id]
    return next(facts for facts in of_child if facts.about == f"placements.placement:{home.pk}")


def form_on(visit=None, *, state=FormState.COMPLETE, kind=FormKind.PURPOSEFUL, **more):
    """A form, filled in on a visit or on a look at a home."""
    at = visit.made_at if visit else more.pop("made_at")
    values = (
        {"child": visit.placement.child, "placement": visit.placement, "author": visit.visitor, "role": visit.role}
        if visit
        else {}
    )
    done = {"completed_at": at + timedelta(hours=1)} if state == FormState.COMPLETE else {}
    return VisitingForm.objects.create(
        kind=kind, state=state, visit=visit, made_at=at, begun_at=at, **values | done | more
    )  # fmt: skip


@pytest.fixture
def home(world):
    return in_childrens_home(world.own_child, since=days_before(60))


def test_a_visit_comes_with_its_purposeful_form(home):
    for days, state in ((40, FormState.COMPLETE), (30, FormState.BEGUN), (20, FormState.WITHDRAWN)):
        form_on(visited(home, days_before(days)), state=state)
    visited(home, days_before(10))
    form_on(visited(home, days_before(5)), kind=FormKind.CHECKLIST)
    forms = [visit.form for visit in sorted(facts_of(home).visits, key=lambda visit: visit.at)]
    assert forms == ["complete", "draft", None, None, None]


def test_a_form_about_a_home_made_before_the_move_belongs_to_the_next_placement_there(world, home):
    about = {"child": home.child, "home": home.home, "author": world.social_worker, "role": Role.SOCIAL_WORKER.value}
    early = form_on(made_at=moment(days_before(63)), **about)
    facts = facts_of(home)
    assert [(visit.record, visit.form, visit.seen) for visit in facts.visits] == [
        (f"visits.visitingform:{early.pk}", "complete", False)
    ]
    form_on(made_at=moment(days_before(3)), **about)
    assert len(facts_of(home).visits) == 1


def test_commissionings_look_at_the_home_is_a_visit_of_its_own(world, home):
    form_on(
        made_at=moment(days_before(50)),
        kind=FormKind.COMMISSIONING,
        child=home.child,
        placement=home,
        author=world.commissioning,
        role=Role.COMMISSIONING.value,
    )
    (made,) = facts_of(home).visits
    assert (made.role, made.form, made.seen) == ("commissioning", "complete", False)


def test_intervals_agreed_and_visits_asked_for_come_with_their_days(world, home):
    recorded = {"placement": home, "recorded_by": world.iro, "recorded_at": NOW}
    VariationOfVisits.objects.create(
        from_on=day(days_before(9)), days=14, iro=world.iro, because="She asked.", **recorded
    )
    asked = VisitAskedFor.objects.create(asked_by="child", asked_at=NOW - timedelta(days=2), **recorded)
    facts = facts_of(home)
    assert [(each.from_on, each.days) for each in facts.variations] == [(day(days_before(9)), 14)]
    assert [(each.by, each.record) for each in facts.asked_for] == [("child", f"visits.visitaskedfor:{asked.pk}")]


def test_a_family_of_an_agency_is_registered_while_its_approval_holds(world):
    facts = facts_of(in_foster_care(world.own_child, sector=FosteringSector.AGENCY))
    assert facts.registration[0].status == RegistrationStatus.REGISTERED


def test_other_childrens_visits_are_not_read(world, home):
    visited(in_childrens_home(world.teams_child, since=days_before(60)), days_before(4), by=world.colleague)
    assert facts_of(home).visits == ()


def test_what_is_gathered_of_visits_is_one_statement_however_much_there_is(world, home, django_assert_num_queries):
    files = tuple(child.case_file_id for child in (world.own_child, world.teams_child))

    def gathered():
        batch = Batch(files, NOW, rules_as_declared())

        batch.load(histories)
        with django_assert_num_queries(1):
            return placements_to_visit(batch)

    gathered()
    for number in range(3):
        form_on(visited(home, days_before(40 - number)))
    in_childrens_home(world.teams_child, since=days_before(9))
    gathered()


def test_the_diary_holds_the_duties_of_both_clocks_and_finds_who_owes_them(world):
    home = in_childrens_home(world.own_child, since=days_before(1), registered=RegistrationStatus.UNREGISTERED)
    diary.refresh([home.case_file_id], at=NOW)
    due = Duty.objects.open().filter(source="visits", case_file=home.case_file_id)
    assert {duty.kind: duty.owner for duty in due.select_related("owner")} == {
        "L-01": world.social_worker,
        "K-11": world.social_worker,
        "K-18": world.iro,
        "K-16": world.service_manager,
        "K-15": world.commissioning,
    }
    ended(home, on=NOW)
    diary.refresh([home.case_file_id], at=NOW)
    assert not due.exists()
