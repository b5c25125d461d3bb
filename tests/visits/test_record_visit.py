"""Recording a visit: at most six answers, one of them typed; what is refused comes back as a sentence. C-35, L-08b, S3."""

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.roles import Role
from casework import diary
from casework.models import Duty, Event
from tests.factories import (
    NOW,
    allocated_to,
    appointed,
    days_before,
    ended,
    in_childrens_home,
    settled,
    with_unapproved_relative,
)
from visits.models import Visit

pytestmark = pytest.mark.django_db
ANSWERED = {"seen": "alone", "account": "We cooked together.", "worries": "no"}


@pytest.fixture
def home(world):
    """Where the social worker's own child has lived for twenty days, with an aunt whom nobody has approved."""
    placement = with_unapproved_relative(world.own_child)
    diary.refresh([world.own_child.case_file_id], at=NOW)
    return placement


@pytest.fixture
def worker(world, signed_in):
    return signed_in(world.social_worker)


def form_of(home):
    return reverse("visits:record", args=[home.pk])


@pytest.fixture
def record(send):
    """`record(client, home, made_at=..., seen=...)` sends the form."""

    def recording(client, home, *, made_at=NOW - timedelta(hours=1), **answers):
        return send(client, form_of(home), made_at=made_at, **{**ANSWERED, **answers})

    return recording


def errors_of(answer):
    assert answer.status_code == 422
    return [str(error) for errors in answer.context["form"].errors.values() for error in errors]


# What is asked


def asked_of(client, home):
    """The questions of the form that somebody has to answer, and which of these have to be typed."""
    form = client.get(form_of(home)).context["form"]
    required = [field for field in form if field.field.required and not field.is_hidden]
    typed = [field for field in required if field.kind == "input" and not field.value()]
    return [field.name for field in required], [field.name for field in typed]


def test_four_answers_are_asked_of_a_social_worker_and_one_is_typed(worker, home):
    assert asked_of(worker, home) == (["made_at", "seen", "account", "worries"], ["account"])


def test_who_visits_in_several_roles_is_asked_for_the_role_too(world, home, signed_in):
    appointed(world.social_worker, Role.IRO)
    required, typed = asked_of(signed_in(world.social_worker), home)
    assert required == ["made_at", "role", "seen", "account", "worries"]
    assert typed == ["account"]


def test_the_role_allocated_to_the_child_is_proposed(world, home, signed_in):
    appointed(world.iro, Role.SOCIAL_WORKER, team=world.team)
    form = signed_in(world.iro).get(form_of(home)).context["form"]
    assert form["role"].value() == Role.IRO


def test_the_moment_is_filled_in(worker, home):
    assert worker.get(form_of(home)).context["form"]["made_at"].value() == NOW


def test_the_form_says_where_for_whom_and_why_now(worker, world, home):
    page = worker.get(form_of(home)).content.decode()
    assert world.own_child.name in page
    assert home.carer.name in page
    assert "First visit within 1 week of the move on 17 February 2026" in page


# What is recorded


def test_a_visit_is_recorded_as_it_was_told(worker, world, home, record):
    answer = record(worker, home, seen="refused", worries="yes", concerns="The dog bites.")
    made = Visit.objects.get()
    assert answer["Location"] == reverse("visits:visit", args=[made.pk])
    assert (made.placement, made.visitor, made.role) == (home, world.social_worker, Role.SOCIAL_WORKER)
    assert (made.made_at, made.recorded_at) == (NOW - timedelta(hours=1), NOW)
    assert (made.child_seen, made.seen_alone, made.why_not_alone) == (True, False, "refused")
    assert (made.account, made.has_concerns, made.concerns) == ("We cooked together.", True, "The dog bites.")
    event = Event.objects.get(act="record_visit")
    assert (event.case_file_id, event.by) == (world.own_child.case_file_id, world.social_worker)
    assert event.details["how_seen"] == "Seen, not alone: the child did not want to"


@pytest.mark.parametrize(
    ("seen", "told"),
    [
        ("alone", (True, True, "")),
        ("refused", (True, False, "refused")),
        ("not_appropriate", (True, False, "not_appropriate")),
        ("unable", (True, False, "unable")),
        ("not_seen", (False, False, "")),
    ],
)
def test_one_answer_says_how_the_child_was_seen(worker, home, record, seen, told):
    record(worker, home, seen=seen)
    made = Visit.objects.get()
    assert (made.child_seen, made.seen_alone, made.why_not_alone) == told


def test_worries_need_no_second_text(worker, home, record):
    assert record(worker, home, worries="yes").status_code == 302
    assert Visit.objects.get().has_concerns


def test_what_was_typed_about_worries_and_taken_back_is_dropped(worker, home, record):
    record(worker, home, worries="no", concerns="The dog bites.")
    assert Visit.objects.get().concerns == ""


def test_the_next_due_date_and_its_reason_appear_at_once(
    worker, world, home, record, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        answer = record(worker, home)
    page = worker.get(answer["Location"]).content.decode()
    assert "The visit is recorded." in page
    assert "Due in 7 days" in page
    assert "by 16 March 2026" in page
    assert "at most 7 days apart: last seen 9 March 2026" in page
    assert "Why this date?" in page


def test_a_visit_without_seeing_the_child_is_kept_and_meets_nothing(
    worker, world, home, record, django_capture_on_commit_callbacks
):
    before = Duty.objects.open().get(source="visits")
    with django_capture_on_commit_callbacks(execute=True):
        answer = record(worker, home, seen="not_seen")
    assert Duty.objects.open().get(source="visits") == before
    page = worker.get(answer["Location"]).content.decode()
    assert "The child was not seen at this visit, so it does not count: a visit stays due." in page
    assert "was due 24 February 2026" in page


def test_a_personal_advisers_visit_counts_as_the_workers(
    world, home, signed_in, record, django_capture_on_commit_callbacks
):
    """C-41."""
    adviser = world.personal_adviser
    allocated_to(world.own_child, adviser, role=Role.PERSONAL_ADVISER, since=days_before(10))
    with django_capture_on_commit_callbacks(execute=True):
        record(signed_in(adviser), home)
    assert Visit.objects.get().role == Role.PERSONAL_ADVISER
    assert Duty.objects.open().get(source="visits").due_at > NOW


def test_a_visit_may_be_recorded_late_and_for_a_home_that_is_over(worker, world, home, record):
    ended(home, on=days_before(2))
    assert record(worker, home, made_at=days_before(3), before_the_end="on").status_code == 302


def test_an_early_home_is_recorded_on_its_own_page(worker, world, record):
    in_childrens_home(world.own_child, since=days_before(50))
    earlier = world.own_child.placements.get()
    with_unapproved_relative(world.own_child, since=days_before(5))
    assert record(worker, earlier, made_at=days_before(20), before_the_end="on").status_code == 302


def test_whoever_records_for_a_home_that_is_over_says_so(worker, home, record):
    ended(home, on=days_before(2))
    says = "The child left this home on 7 March 2026 at 10:00. I record a visit made before that."
    assert says in worker.get(form_of(home)).content.decode()
    assert errors_of(record(worker, home, made_at=days_before(3))) == [f"Tick “{says}”"]
    assert not Visit.objects.exists()


def test_of_a_home_that_is_over_no_moment_is_proposed(worker, home):
    """Now is after the end: whoever sends it unread would be refused."""
    ended(home, on=days_before(2))
    assert asked_of(worker, home) == (["before_the_end", "made_at", "seen", "account", "worries"], ["account"])
    assert worker.get(form_of(home)).context["form"]["made_at"].value() is None


def test_a_home_that_ends_while_one_types_is_asked_about_once_it_is_sent(worker, home, record):
    worker.get(form_of(home))
    ended(home, on=NOW - timedelta(minutes=30))
    answer = record(worker, home, made_at=NOW - timedelta(hours=1))
    assert errors_of(answer)[0].startswith("Tick “The child left this home on 9 March 2026 at 09:30.")
    assert answer.context["form"]["account"].value() == ANSWERED["account"]


def test_from_a_home_that_is_over_leads_a_way_to_the_present_one(worker, world, home):
    before = home
    now = in_childrens_home(world.own_child, since=days_before(2))
    page = worker.get(form_of(before)).content.decode()
    assert f'href="{form_of(now)}"' in page
    assert f'href="{form_of(before)}"' not in worker.get(form_of(now)).content.decode()


# What is refused


def test_what_is_missing_is_named_in_the_words_of_the_question(worker, home):
    answer = worker.post(form_of(home), {"key": str(uuid.uuid4())})
    assert errors_of(answer) == [
        "Answer “When did you visit?”",
        "Answer “Did you see the child?”",
        "Answer “What did you see and hear?”",
        "Answer “Does anything worry you?”",
    ]
    assert "<title>Error: Record a visit" in answer.content.decode()


def test_a_visit_that_has_not_been_made_is_refused(worker, home, record):
    assert errors_of(record(worker, home, made_at=NOW + timedelta(minutes=1))) == [
        "The visit must have been made: record it when it has."
    ]
    assert record(worker, home, made_at=NOW).status_code == 302


def test_a_visit_before_the_child_came_here_is_refused_with_the_day(worker, home, record):
    """The home began on Tuesday 17 February 2026 at ten."""
    assert errors_of(record(worker, home, made_at=days_before(20) - timedelta(minutes=1))) == [
        "The child has lived here since 17 February 2026 at 10:00. Record an earlier visit on the page of the home before."
    ]
    assert record(worker, home, made_at=days_before(20)).status_code == 302


def test_a_visit_after_the_child_left_is_refused_with_the_day(worker, home, record):
    ended(home, on=days_before(2))
    assert errors_of(record(worker, home, made_at=days_before(2) + timedelta(minutes=1), before_the_end="on")) == [
        "The child left this home on 7 March 2026 at 10:00. Record a later visit on the page of the next home."
    ]
    assert record(worker, home, made_at=days_before(2), before_the_end="on").status_code == 302


def test_seconds_that_nobody_can_type_stand_in_nobodys_way(worker, world, record):
    since = days_before(1).replace(second=40)
    home = with_unapproved_relative(world.own_child, since=since)
    assert record(worker, home, made_at=since).status_code == 302
    assert Visit.objects.get().made_at == since


@pytest.mark.parametrize(
    "moment",
    [
        {"made_at_day": "31", "made_at_month": "2"},
        {"made_at_time": "25:00"},
        {"made_at_year": "26"},
        {"made_at_day": ""},
    ],
)
def test_a_moment_that_cannot_be_read_is_refused_and_comes_back_as_typed(worker, home, moment):
    typed = {"made_at_day": "9", "made_at_month": "3", "made_at_year": "2026", "made_at_time": "9:30"} | moment
    answer = worker.post(form_of(home), {"key": str(uuid.uuid4()), **ANSWERED, **typed})
    assert len(errors_of(answer)) == 1
    assert answer.context["form"]["made_at"].value() == tuple(typed.values())
    assert answer.context["form"]["account"].value() == ANSWERED["account"]


def test_a_role_that_is_not_ones_own_is_refused(world, home, signed_in, record):
    appointed(world.social_worker, Role.IRO)
    answer = record(signed_in(world.social_worker), home, role=Role.SERVICE_MANAGER)
    assert errors_of(answer) == ["Select one of the answers listed"]


def test_an_answer_that_was_not_offered_is_refused(worker, home, record):
    assert errors_of(record(worker, home, seen="yes")) == ["Select one of the answers listed"]


def test_a_role_is_not_taken_from_what_is_sent(worker, home, record):
    record(worker, home, role=Role.SERVICE_MANAGER)
    assert Visit.objects.get().role == Role.SOCIAL_WORKER


# Who records


@pytest.mark.parametrize(
    "role", [Role.SOCIAL_WORKER, Role.TEAM_MANAGER, Role.SERVICE_MANAGER, Role.IRO, Role.COMMISSIONING]
)
def test_whoever_visits_for_the_authority_records_in_the_own_role(world, home, signed_in, record, role):
    assert record(signed_in(world.person(role)), home).status_code == 302
    assert Visit.objects.get().role == role


@pytest.mark.parametrize("role", [Role.DHOS, Role.HOS, Role.PLACEMENT_SERVICE, Role.DCS])
def test_whoever_sees_the_child_and_does_not_visit_is_told_who_does(world, home, signed_in, record, role):
    answer = record(signed_in(world.person(role)), home)
    assert answer.status_code == 403
    assert "Visits are recorded by whoever visits for the authority." in answer.content.decode()
    assert not Visit.objects.exists()


def test_a_worker_of_another_team_does_not_find_the_child(world, home, signed_in, record):
    assert record(signed_in(world.second_teams_worker), home).status_code == 404


def test_last_weeks_worker_does_not_find_the_child(world, signed_in, record):
    child = world.second_teams_child
    settled(child)
    home = child.placements.get()
    allocated_to(child, world.social_worker, since=days_before(30), until=days_before(7))
    assert record(signed_in(world.social_worker), home, made_at=days_before(10)).status_code == 404


def test_a_visit_asks_the_database_the_same_whatever_is_on_record(worker, home, asked):
    with asked() as queries:
        worker.get(form_of(home))
    assert len(queries) <= 10


def test_recording_a_visit_to_one_child_asks_the_database_no_more_than_it_did(
    worker, home, record, asked, django_capture_on_commit_callbacks
):
    """Quality, speed: at most four times an empty page. Of other children in the home nothing is asked."""
    with asked() as queries, django_capture_on_commit_callbacks(execute=True):
        assert record(worker, home).status_code == 302
    assert len(queries) <= 27
