"""Every use of break-glass is reviewed by somebody else, who does not see the child. A-02."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from casework import diary
from casework.ledger import Closed
from casework.models import CaseFile, Duty, Event, OutgoingMail, Reading
from casework.steps import NotYou
from children import breaking_glass
from children.models import BreakGlassAttempt, BreakGlassReview, BreakGlassUse
from children.states import ReviewOutcome
from tests.factories import NOW, a, days_before

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]
LIST = "/break-glass/uses/"


def opened(child, by, *, at=NOW, hours=4, because="The police asked at night."):
    return breaking_glass.open_record(child, hours=hours, why="court", because=because, by=by, at=at)


def listed(use, reader):
    return breaking_glass.uses_listed_for(reader).get(pk=use.pk)


def url(use):
    return reverse("children:break_glass_review", args=[use.pk])


def duty_of(use):
    diary.refresh(CaseFile.objects.values_list("pk", flat=True), at=NOW)
    return Duty.objects.get(kind="A-02", about=f"children.breakglassuse:{use.pk}")


@pytest.fixture
def use(world):
    return opened(world.restricted_child, world.social_worker)


def tells_of_child(page, child):
    secrets = (child.forename, child.surname, child.reference, f"/children/{child.pk}/")
    return [secret for secret in secrets if secret in page.text]


def test_the_list_says_who_when_how_long_and_why_and_not_whose_record(world, signed_in, use):
    client = signed_in(world.privacy_officer)
    page = client.get(LIST)
    for said in (world.social_worker.name, "9 March 2026 at 10:00", "4 hours", "A court or the police asks"):
        assert said in page.text
    one = client.get(url(use))
    assert "The police asked at night." in one.text
    assert tells_of_child(page, world.restricted_child) == tells_of_child(one, world.restricted_child) == []
    assert not Reading.objects.exists()


def test_the_pages_read_are_listed_by_kind(world, signed_in, use):
    worker = signed_in(world.social_worker)
    worker.get(reverse("children:child", args=[world.restricted_child.pk]))
    worker.get(reverse("children:timeline", args=[world.restricted_child.pk]))
    worker.get(reverse("children:child", args=[world.own_child.pk]))
    worker.post(reverse("children:search"), {"q": world.restricted_child.reference})
    page = signed_in(world.privacy_officer).get(url(use))
    assert [row[1] for row in page.context["read"]] == [
        "The child’s page",
        "What has happened",
        "A search that found the child",
    ]
    assert tells_of_child(page, world.restricted_child) == []


def test_what_the_person_read_before_and_after_is_not_part_of_the_use(world, use):
    file = world.restricted_child.case_file_id
    for at in (NOW - timedelta(seconds=1), NOW + timedelta(hours=4)):
        Reading.objects.create(user=world.social_worker, case_files=[file], page="/children/1/", at=at)
    late = NOW + timedelta(days=1)
    assert breaking_glass.pages_read(listed(use, world.privacy_officer), late) == []


# Who reviews


def test_the_privacy_officer_reviews_and_the_auditor_reviews_the_officer(world):
    workers = opened(world.restricted_child, world.social_worker)
    officers = opened(world.restricted_child, world.privacy_officer)
    auditors = opened(world.restricted_child, world.auditor)
    for use, may in ((workers, "privacy_officer"), (officers, "auditor"), (auditors, "privacy_officer")):
        for role in (Role.PRIVACY_OFFICER, Role.AUDITOR):
            assert breaking_glass.may_review(use, world.person(role), NOW) is (role == may), (use, role)
        assert duty_of(use).owner == world.person(Role(may))


def test_nobody_else_reviews(world, use):
    assert {role for role in Role if breaking_glass.may_review(use, world.person(role), NOW)} == {Role.PRIVACY_OFFICER}


def test_nobody_finds_an_own_use_in_the_list(world, signed_in):
    use = opened(world.own_child, world.privacy_officer)
    client = signed_in(world.privacy_officer)
    assert client.get(LIST).context["rows"] == []
    assert client.get(url(use)).status_code == 404


def test_the_database_itself_refuses_a_review_of_ones_own(world):
    use = opened(world.own_child, world.privacy_officer)
    with pytest.raises(IntegrityError, match="nobody reviews their own"), transaction.atomic():
        BreakGlassReview.objects.create(use=use, by=world.privacy_officer, at=NOW, outcome=ReviewOutcome.IN_ORDER)
    with pytest.raises(IntegrityError), transaction.atomic():
        BreakGlassReview.objects.bulk_create(
            [BreakGlassReview(use=use, by=world.privacy_officer, at=NOW, outcome=ReviewOutcome.IN_ORDER)]
        )


def test_who_was_made_officer_afterwards_does_not_review_an_own_use(world):
    use = opened(world.own_child, world.dhos)
    world.dhos.appointments.create(role=Role.PRIVACY_OFFICER, starts_at=NOW)
    world.dhos.__dict__.pop("_appointments_read", None)
    assert not breaking_glass.may_review(use, world.dhos, NOW)


def test_an_auditor_who_may_not_review_is_refused_in_a_sentence(world, signed_in, send, use):
    client = signed_in(world.auditor)
    assert "The privacy officer reviews this." in client.get(url(use)).text
    assert send(client, url(use), outcome="in_order").status_code == 403
    with pytest.raises(NotYou):
        breaking_glass.review(listed(use, world.auditor), outcome="in_order", says="", by=world.auditor, at=NOW)


# The review


def test_what_is_in_order_closes_the_duty_and_stands_on_the_file(world, signed_in, send, use):
    duty = duty_of(use)
    assert duty.closed_at is None
    assert send(signed_in(world.privacy_officer), url(use), outcome="in_order").status_code == 302
    assert duty_of(use).closed_as == Closed.MET
    event = Event.objects.get(act="review_break_glass")
    assert (event.case_file_id, event.by) == (world.restricted_child.case_file_id, world.privacy_officer)
    assert event.details == {"outcome": "In order"}


def test_what_is_not_in_order_is_said_in_words(world, signed_in, send, use):
    client = signed_in(world.privacy_officer)
    answer = send(client, url(use), outcome="not_in_order")
    assert answer.status_code == 422
    assert "fault" in answer.context["form"].errors
    assert send(client, url(use), outcome="not_in_order", fault="No reason at all: passed on.").status_code == 302
    assert BreakGlassReview.objects.get().says == "No reason at all: passed on."
    assert duty_of(use).closed_as == Closed.MET
    with pytest.raises(IntegrityError, match="says_why"), transaction.atomic():
        BreakGlassReview.objects.create(use=use, by=world.auditor, at=NOW, outcome="not_in_order")


def test_a_question_tells_the_person_and_leaves_the_review_open(world, signed_in, send, use):
    User.objects.filter(pk=world.social_worker.pk).update(email="worker@example.org")
    client = signed_in(world.privacy_officer)
    send(client, url(use), outcome="explain", question="Who of the police asked?")
    mail = OutgoingMail.objects.get(subject="Hearth: please explain a use of break-glass")
    assert mail.to == world.social_worker
    assert world.restricted_child.surname not in mail.body
    assert duty_of(use).closed_at is None
    assert "The person is asked to explain" in client.get(LIST).text
    send(client, url(use), outcome="in_order")
    assert duty_of(use).closed_as == Closed.MET
    assert "Who of the police asked?" in client.get(url(use)).text


def test_the_review_is_due_five_working_days_later(world):
    """Monday 9 March to Monday 16 March."""
    use = opened(world.own_child, world.elsewhere(Role.SOCIAL_WORKER))
    duty = duty_of(use)
    assert duty.due_at.date().isoformat() == "2026-03-17"
    assert ["Limit", "5 working days, so by 16 March 2026"] in duty.facts
    assert duty.owner == world.privacy_officer


def test_my_work_of_the_reviewer_leads_to_the_use_and_names_no_child(world, signed_in, use):
    page = signed_in(world.privacy_officer).get("/")
    assert "Review a use of break-glass" in page.text
    assert url(use) in page.text
    assert tells_of_child(page, world.restricted_child) == []


def test_without_officer_and_auditor_the_role_is_to_be_filled(world, signed_in):
    for role in (Role.PRIVACY_OFFICER, Role.AUDITOR):
        world.person(role).appointments.update(ends_at=days_before(1))
    use = opened(world.own_child, world.elsewhere(Role.SOCIAL_WORKER))
    assert duty_of(use).owner is None
    assert "Privacy officer" in signed_in(world.administrator).get("/").text


def test_a_second_officer_reviews_what_the_first_opened(world):
    second = a(Role.PRIVACY_OFFICER)
    use = opened(world.own_child, world.privacy_officer)
    assert duty_of(use).owner == second
    assert breaking_glass.may_review(use, second, NOW)


# The list


def test_reviewed_uses_leave_the_list_to_review_and_stay_in_the_list_of_all(world, signed_in, send, use):
    client = signed_in(world.privacy_officer)
    send(client, url(use), outcome="in_order")
    assert client.get(LIST).context["rows"] == []
    assert "In order" in client.get(f"{LIST}?show=all").text


def test_attempts_that_opened_nothing_are_listed_by_person(world, signed_in):
    for _ in range(3):
        breaking_glass.write_attempt(world.hos, why="danger", because="A long reason", at=NOW)
    breaking_glass.write_attempt(world.privacy_officer, why="danger", because="A long reason", at=NOW)
    rows = signed_in(world.privacy_officer).get(LIST).context["attempts"]
    assert [row[:2] for row in rows] == [[world.hos.name, 3]]
    assert BreakGlassAttempt.objects.count() == 4


def test_the_list_asks_the_same_of_the_database_for_one_use_and_for_twenty(world, signed_in, asked, use):
    client = signed_in(world.privacy_officer)
    client.get(LIST)
    with asked() as one:
        client.get(LIST)
    BreakGlassUse.objects.bulk_create(
        BreakGlassUse(
            child=world.own_child,
            by=world.hos,
            why="danger",
            because="x",
            starts_at=NOW,
            ends_at=NOW + timedelta(hours=1),
        )
        for _ in range(20)
    )
    with asked() as many:
        assert len(client.get(LIST).context["rows"]) == 21
    assert len(many) == len(one) <= 10
