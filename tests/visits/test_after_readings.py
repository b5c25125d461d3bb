"""Who reads a form and what follows: the IRO concludes, the manager answers, nobody else ends it. S3 L139-164, L384-388."""

from datetime import date

import pytest
from django.urls import reverse

from accounts.roles import Role
from casework import diary
from casework.models import Duty, Event
from casework.wording import due_day
from tests.factories import NOW, allocated_to, appointed, days_before, in_childrens_home, in_foster_care, review
from tests.visits.filling import ACTION, begun_on_a_visit, completed
from visits.models import FormReading, RaisedByIro

pytestmark = pytest.mark.django_db


@pytest.fixture
def home(world):
    return in_childrens_home(world.own_child, since=days_before(12))


@pytest.fixture
def form(home):
    """The social worker's first purposeful form, complete today."""
    return completed(begun_on_a_visit(home), actions=[ACTION])


@pytest.fixture
def iro(world, signed_in):
    return signed_in(world.iro)


def owed(child, *kinds):
    diary.refresh([child.case_file_id], at=NOW)
    found = Duty.objects.open().filter(case_file=child.case_file_id, source="after_visits")
    return [(d.kind, d.role) for d in (found.filter(kind__in=kinds) if kinds else found).order_by("kind")]


def read_url(form):
    return reverse("visits:read_form", args=[form.pk])


@pytest.fixture
def read(send):
    """`read(client, form, concludes=...)` sends what a reader concludes."""

    def reading(client, form, **answers):
        told = {"version": form.version.number, "concludes": "safe", "says": "I agree."} | answers
        return send(client, read_url(form), **told)

    return reading


def test_the_iro_owes_the_reading_of_the_first_form_until_the_first_review(world, form):
    review(world.own_child, days_before(-20))
    diary.refresh([world.own_child.case_file_id], at=NOW)
    duty = Duty.objects.open().get(kind="K-03")
    assert (duty.role, duty.owner) == (Role.IRO, world.iro)
    assert due_day(duty.due_at) == date(2026, 3, 29)
    assert "first review" in duty.says


def test_a_second_form_is_read_within_ten_working_days(world, home, form, iro, read):
    read(iro, form)
    completed(begun_on_a_visit(home, on=NOW))
    diary.refresh([world.own_child.case_file_id], at=NOW)
    duty = Duty.objects.open().get(kind="K-03")
    assert due_day(duty.due_at) == date(2026, 3, 23)


def test_what_the_iro_concludes_is_recorded_and_meets_the_duty(world, form, iro, read):
    assert ("K-03", Role.IRO) in owed(world.own_child)
    answer = read(iro, form)
    assert answer["Location"] == reverse("visits:form", args=[form.pk])
    reading = FormReading.objects.get()
    assert (reading.by, reading.role, reading.concludes) == (world.iro, Role.IRO, "safe")
    assert owed(world.own_child, "K-03") == []
    assert Duty.objects.get(kind="K-03").evidence == f"visits.formreading:{reading.pk}"


def test_the_page_shows_the_form_above_the_question(iro, form):
    page = iro.get(read_url(form)).content.decode()
    assert "Mend the window." in page
    assert "What do you conclude from it?" in page


def test_whoever_wrote_the_form_never_reads_it_as_its_reviewer(world, home, signed_in, read):
    appointed(world.social_worker, Role.IRO)
    allocated_to(world.own_child, world.social_worker, role=Role.IRO, since=days_before(1))
    form = completed(begun_on_a_visit(home))
    assert read(signed_in(world.social_worker), form).status_code == 403
    assert FormReading.objects.count() == 0


@pytest.mark.parametrize("name", ["colleague", "team_manager", "service_manager"])
def test_nobody_else_reads_it_for_the_iro(world, form, signed_in, read, name):
    assert read(signed_in(getattr(world, name)), form).status_code == 403


def test_a_form_that_changed_while_it_was_read_is_read_again(iro, form, read):
    completed(form, conclusion="Another word.", actions=[ACTION])
    answer = read(iro, form, version=1)
    assert answer.status_code == 422
    assert "has changed since you opened it" in answer.content.decode()
    assert FormReading.objects.count() == 0


def test_a_further_version_before_the_reading_puts_nothing_off_and_one_after_it_is_read_anew(world, form, iro, read):
    diary.refresh([world.own_child.case_file_id], at=NOW)
    before = Duty.objects.open().get(kind="K-03").due_at
    form = completed(form, conclusion="Another word.", actions=[ACTION])
    diary.refresh([world.own_child.case_file_id], at=NOW)
    assert Duty.objects.open().get(kind="K-03").due_at == before
    read(iro, form)
    assert owed(world.own_child, "K-03") == []


def test_an_early_review_is_owed_until_a_review_is_arranged(world, form, iro, read, send):
    answer = read(iro, form, concludes="early_review")
    page = iro.get(answer["Location"]).content.decode()
    assert "Arrange the review" in page
    assert ("L-24", Role.IRO) in owed(world.own_child)
    send(iro, reverse("children:schedule_review", args=[world.own_child.pk]), scheduled_on=NOW.date())
    assert owed(world.own_child, "L-24") == []


def test_a_formal_escalation_is_owed_by_the_iro_alone_until_it_is_raised(world, form, iro, read, send, signed_in):
    answer = read(iro, form, concludes="formal_escalation", says="The bedroom is damp.")
    reading = FormReading.objects.get()
    assert answer["Location"] == reverse("visits:reading", args=[reading.pk])
    assert ("C-34-raise", Role.IRO) in owed(world.own_child)
    url = reverse("visits:raise_reading", args=[reading.pk])
    assert send(signed_in(world.service_manager), url, says="I end this.").status_code == 403
    assert owed(world.own_child, "C-34-raise") != []
    send(iro, url, says="With the Head of Service.")
    assert RaisedByIro.objects.get().reading == reading
    assert owed(world.own_child, "C-34-raise") == []


def test_a_form_taken_higher_waits_for_the_team_manager_who_answers(world, home, signed_in, read):
    form = completed(begun_on_a_visit(home), worried="yes", to_manager="yes", worries="Mould.", acted="Told the home.")
    assert form.to_line_manager
    assert ("K-24-read", Role.TEAM_MANAGER) in owed(world.own_child)
    manager = signed_in(world.team_manager)
    assert "What do you conclude from it?" not in manager.get(read_url(form)).content.decode()
    read(manager, form, concludes="safe", says="I speak with the home.")
    reading = FormReading.objects.get()
    assert (reading.role, reading.concludes) == (Role.TEAM_MANAGER, "seen")
    assert owed(world.own_child, "K-24-read") == []
    assert ("K-03", Role.IRO) in owed(world.own_child)


def test_a_form_of_the_iro_is_answered_above_by_the_service_manager(world, home):
    form = completed(
        begun_on_a_visit(home, by=world.iro, role=Role.IRO), worried="yes", to_manager="yes", worries="Mould."
    )
    assert form.role == Role.IRO
    assert owed(world.own_child, "K-24-read", "K-03") == [("K-24-read", Role.SERVICE_MANAGER)]


def test_the_same_reading_sent_twice_is_recorded_once(iro, form, send):
    told = {"version": 1, "concludes": "safe", "says": "I agree."}
    key = "5b7a1c1e-7f6f-4b1f-8f0e-0b8f4f9d2c11"
    first, second = (send(iro, read_url(form), key=key, **told) for _ in range(2))
    assert first["Location"] == second["Location"]
    assert FormReading.objects.count() == 1
    assert Event.objects.filter(act="read_form").count() == 1


# A form that is missing


@pytest.fixture
def late(world):
    """A child who moved so long ago that the first purposeful form is overdue."""
    return in_childrens_home(world.own_child, since=days_before(60))


def test_where_the_workers_form_is_missing_the_iro_decides(world, late, iro, send):
    assert ("K-05-form", Role.IRO) in owed(world.own_child)
    url = reverse("visits:missing_form", args=[late.pk])
    assert iro.get(url).status_code == 200
    send(iro, url, how="formally", says="Raised with the team manager and the service manager.")
    assert owed(world.own_child, "K-05-form") == []


def test_who_waits_for_a_missing_form_owes_the_decision_again_after_that_day(world, late, iro, send):
    url = reverse("visits:missing_form", args=[late.pk])
    owed(world.own_child)
    assert send(iro, url, how="awaited", says="She is ill.").status_code == 422
    send(iro, url, how="awaited", says="She is ill.", awaited_until=NOW.date())
    assert owed(world.own_child, "K-05-form") == []
    diary.refresh([world.own_child.case_file_id], at=days_before(-2))
    assert Duty.objects.open().filter(kind="K-05-form").count() == 1


def test_the_form_itself_ends_the_question(world, late):
    assert ("K-05-form", Role.IRO) in owed(world.own_child)
    completed(begun_on_a_visit(late))
    assert owed(world.own_child, "K-05-form") == []


def test_a_home_without_purposeful_visits_misses_no_form(world):
    in_foster_care(world.own_child, since=days_before(60))
    assert owed(world.own_child, "K-05-form") == []


def test_only_the_iro_decides_about_it(world, late, signed_in):
    url = reverse("visits:missing_form", args=[late.pk])
    assert signed_in(world.team_manager).get(url).status_code == 403
    assert signed_in(world.elsewhere(Role.SOCIAL_WORKER)).get(url).status_code == 404
