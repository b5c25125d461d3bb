"""Who is told what, and when: one notification per duty, person and threshold, ever (issue, Jobs)."""

import re
import threading
from datetime import timedelta

import pytest
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import Appointment, User
from accounts.roles import Role
from casework.ledger import Closed
from casework.models import Duty, Notification, OutgoingMail
from casework.notifications import ABOVE, TABLE, VISITS, Threshold, Whom, mail_about, tell_of
from casework.procedures import declared
from tests.factories import NOW, a, restricted_to
from visits.clocks.statutory_rulebook import INTERVALS, LIMITS_ON_TOP

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
HALF_TIME, DUE, OVERDUE, OPENED = (
    t.value for t in (Threshold.HALF_TIME, Threshold.DUE, Threshold.OVERDUE, Threshold.OPENED)
)


@pytest.fixture
def world(world):
    """The small authority, everybody with an address for mail."""
    for person in User.objects.all():
        person.email = f"{person.username}@council.example"
        person.save()
    return world


def owed(child, person, *, kind="D-03", role=Role.SOCIAL_WORKER, opened_at=NOW, due_at=NOW + 10 * DAY, **more):
    """A duty about a child, as the diary writes it."""
    return Duty.objects.create(
        case_file_id=child.case_file_id,
        source="test",
        key=f"{kind}:{Duty.objects.count()}",
        kind=kind,
        about="casework.casefile:1",
        role=role,
        owner=person,
        opened_at=opened_at,
        due_at=due_at,
        says="Weekly visit: Robin was last seen on 3 March.",
        **more,
    )


def told(duty, at):
    """Who is newly told of a duty, and of what, by telling at a moment."""
    before = set(Notification.objects.values_list("pk", flat=True))
    tell_of([duty.case_file_id], at=at)
    return {(n.person, n.threshold) for n in duty.notifications.exclude(pk__in=before).select_related("person")}


def mails_to(person):
    return OutgoingMail.objects.filter(to=person).count()


# When


@pytest.mark.parametrize(
    ("since_opened", "threshold"),
    [
        (-MINUTE, None),
        (MINUTE, None),
        (5 * DAY - MINUTE, None),
        (5 * DAY, HALF_TIME),
        (9 * DAY - MINUTE, HALF_TIME),
        (9 * DAY, DUE),
        (10 * DAY - MINUTE, DUE),
        (10 * DAY, OVERDUE),
        (400 * DAY, OVERDUE),
    ],
)
def test_a_step_of_ten_days_is_told_at_half_time_on_its_last_day_and_when_overdue(world, since_opened, threshold):
    duty = owed(world.own_child, world.social_worker)
    expected = {(world.social_worker, threshold)} if threshold else set()
    assert told(duty, NOW + since_opened) == expected


@pytest.mark.parametrize(
    ("since_opened", "threshold"),
    [
        (timedelta(hours=12) - MINUTE, None),
        (timedelta(hours=12), DUE),
        (timedelta(hours=24) - MINUTE, DUE),
        (timedelta(hours=24), OVERDUE),
    ],
)
def test_of_24_hours_the_last_day_is_told_at_half_time(world, since_opened, threshold):
    duty = owed(world.own_child, world.social_worker, kind="K-11", due_at=NOW + DAY)
    people = {person for person, said in told(duty, NOW + since_opened) if said == threshold}
    assert (world.social_worker in people) == (threshold is not None)


def test_a_visit_is_not_told_at_half_time(world):
    duty = owed(world.own_child, world.social_worker, kind="L-02", due_at=NOW + 42 * DAY)
    assert told(duty, NOW + 40 * DAY) == set()
    assert told(duty, NOW + 41 * DAY) == {(world.social_worker, DUE)}


def test_whoever_was_away_is_told_the_latest_threshold_only(world):
    duty = owed(world.own_child, world.social_worker)
    assert told(duty, NOW + 11 * DAY) == {(world.social_worker, OVERDUE)}
    assert mails_to(world.social_worker) == 1


# Who


def test_of_an_overdue_visit_the_team_manager_is_told_too(world):
    duty = owed(world.own_child, world.social_worker, kind="L-02")
    assert told(duty, NOW + 9 * DAY) == {(world.social_worker, DUE)}
    assert told(duty, NOW + 10 * DAY) == {(world.social_worker, OVERDUE), (world.team_manager, OVERDUE)}


def test_of_another_overdue_duty_only_its_owner_is_told(world):
    duty = owed(world.own_child, world.dhos, kind="D-01", role=Role.DHOS)
    assert told(duty, NOW + 10 * DAY) == {(world.dhos, OVERDUE)}


def test_the_alarm_is_told_from_the_first_minute_to_its_holder_the_one_above_and_the_team_manager(world):
    alarm = owed(world.own_child, world.dhos, kind="D-00", role=Role.DHOS, due_at=NOW)
    assert told(alarm, NOW) == {(world.dhos, OPENED), (world.hos, OPENED), (world.team_manager, OPENED)}
    assert told(alarm, NOW + 100 * DAY) == set()


def test_with_the_next_step_the_alarm_goes_to_whoever_holds_it(world):
    alarm = owed(world.own_child, world.dhos, kind="D-00", role=Role.DHOS, due_at=NOW)
    told(alarm, NOW)
    alarm.role, alarm.owner = Role.HOS, world.hos
    alarm.save()
    assert told(alarm, NOW + DAY) == {(world.service_director, OPENED)}, "the Head of Service knows already"


def test_a_new_owner_is_told_where_the_duty_stands_and_the_old_one_nothing_more(world):
    duty = owed(world.own_child, world.social_worker)
    told(duty, NOW + 5 * DAY)
    duty.owner = world.colleague
    duty.save()
    assert told(duty, NOW + 6 * DAY) == {(world.colleague, HALF_TIME)}
    assert told(duty, NOW + 10 * DAY) == {(world.colleague, OVERDUE)}


def test_the_other_areas_managers_are_told_nothing(world):
    told(owed(world.own_child, world.social_worker, kind="L-02"), NOW + 10 * DAY)
    told(owed(world.own_child, world.dhos, kind="D-00", role=Role.DHOS), NOW)
    west = [world.elsewhere(role) for role in (Role.TEAM_MANAGER, Role.HOS, Role.DHOS, Role.SERVICE_MANAGER)]
    assert not Notification.objects.filter(person__in=west).exists()


def test_where_nobody_is_team_manager_the_next_in_line_is_told(world):
    Appointment.objects.filter(user=world.team_manager).update(ends_at=NOW)
    duty = owed(world.own_child, world.social_worker, kind="L-02")
    assert told(duty, NOW + 10 * DAY) == {(world.social_worker, OVERDUE), (world.service_manager, OVERDUE)}


def test_a_team_manager_who_owes_the_visit_is_not_told_twice_but_the_one_above_is(world):
    duty = owed(world.own_child, world.team_manager, kind="L-02", stands_in="Nobody is allocated.")
    assert told(duty, NOW + 10 * DAY) == {(world.team_manager, OVERDUE), (world.service_manager, OVERDUE)}
    assert mails_to(world.team_manager) == 1


def test_of_a_restricted_child_only_people_named_are_told(world):
    visit = owed(world.restricted_child, world.colleague, kind="L-02")
    assert told(visit, NOW + 10 * DAY) == {(world.colleague, OVERDUE)}, "no manager in line is named"
    alarm = owed(world.restricted_child, world.dhos, kind="D-00", role=Role.DHOS)
    assert told(alarm, NOW) == {(world.dhos, OPENED)}


def test_a_manager_named_on_the_restriction_is_told(world):
    child = world.a_child(worker=world.colleague)
    restricted_to(child, world.colleague, world.service_manager, by=world.service_manager)
    duty = owed(child, world.colleague, kind="L-02")
    assert told(duty, NOW + 10 * DAY) == {(world.colleague, OVERDUE), (world.service_manager, OVERDUE)}


# Not


def test_closed_duties_and_those_that_an_import_opened_are_told_to_nobody(world):
    closed = {"closed_at": NOW, "closed_as": Closed.MET}
    owed(world.own_child, world.social_worker, kind="L-02", **closed)
    owed(world.own_child, world.social_worker, kind="L-02", announced=False)
    assert tell_of([world.own_child.case_file_id], at=NOW + 20 * DAY) == 0
    assert not OutgoingMail.objects.exists()


def test_a_duty_that_nobody_owes_is_told_above_where_the_table_says_so(world):
    duty = owed(world.own_child, None, kind="L-02")
    assert told(duty, NOW + 10 * DAY) == {(world.team_manager, OVERDUE)}


def test_whoever_has_left_is_told_nothing(world):
    duty = owed(world.own_child, world.social_worker)
    world.social_worker.is_active = False
    world.social_worker.save()
    assert told(duty, NOW + 10 * DAY) == set()


def test_whoever_has_no_address_is_told_on_the_page_alone(world):
    User.objects.filter(pk=world.social_worker.pk).update(email="")
    duty = owed(world.own_child, world.social_worker)
    assert told(duty, NOW + 10 * DAY) == {(world.social_worker, OVERDUE)}
    assert not OutgoingMail.objects.exists()


# Once, ever


def test_however_often_the_job_runs_each_is_told_once(world):
    duty = owed(world.own_child, world.social_worker, kind="L-02")
    for hour in range(30):
        tell_of([duty.case_file_id], at=NOW + 10 * DAY + timedelta(hours=hour))
    assert duty.notifications.count() == 2
    assert (mails_to(world.social_worker), mails_to(world.team_manager)) == (1, 1)


def test_a_threshold_passed_again_because_a_fact_was_corrected_is_not_told_again(world):
    duty = owed(world.own_child, world.social_worker)
    told(duty, NOW + 10 * DAY)
    Duty.objects.filter(pk=duty.pk).update(due_at=NOW + 30 * DAY)
    assert told(duty, NOW + 16 * DAY) == {(world.social_worker, HALF_TIME)}
    assert told(duty, NOW + 30 * DAY) == set()


@pytest.mark.django_db(transaction=True)
def test_jobs_that_run_at_the_same_moment_tell_once(world):
    duties = [owed(world.own_child, world.social_worker, kind="L-02") for _ in range(5)]
    ready, counts = threading.Barrier(4), []

    def job():
        ready.wait(timeout=30)
        counts.append(tell_of([world.own_child.case_file_id], at=NOW + 10 * DAY))
        connections.close_all()

    jobs = [threading.Thread(target=job) for _ in range(4)]
    for each in jobs:
        each.start()
    for each in jobs:
        each.join(timeout=30)
    assert sorted(counts) == [0, 0, 0, 2 * len(duties)]
    assert (mails_to(world.social_worker), mails_to(world.team_manager)) == (1, 1)


def test_notification_and_mail_stand_or_fall_together(world):
    duty = owed(world.own_child, world.social_worker)
    with transaction.atomic():
        assert tell_of([duty.case_file_id], at=NOW + 10 * DAY) == 1
        assert OutgoingMail.objects.count() == 1
        transaction.set_rollback(True)
    assert not Notification.objects.exists()
    assert not OutgoingMail.objects.exists()


# The mail


def test_one_mail_says_how_much_waits_and_links(world, settings):
    settings.HEARTH_ADDRESS = "https://hearth.council.example"
    for child, opened in ((world.own_child, NOW), (world.teams_child, NOW), (world.teams_child, NOW - 4 * DAY)):
        owed(child, world.social_worker, opened_at=opened, due_at=opened + 10 * DAY)
    tell_of([world.own_child.case_file_id, world.teams_child.case_file_id], at=NOW + 6 * DAY)
    mail = OutgoingMail.objects.get()
    assert mail.to == world.social_worker
    assert mail.subject == "Hearth: 3 things wait for you"
    assert "- 2 have used half the time there is\n- 1 is overdue\n" in mail.body
    assert "https://hearth.council.example/\n" in mail.body


def test_the_mail_names_nobody_and_nothing(world):
    child = world.own_child
    owed(child, world.social_worker, kind="L-02")
    owed(child, world.dhos, kind="D-00", role=Role.DHOS)
    tell_of([child.case_file_id], at=NOW + 20 * DAY)
    names = {person.name for person in User.objects.all()} | {person.username for person in User.objects.all()}
    secrets = {
        child.forename,
        child.surname,
        child.reference,
        "L-02",
        "D-00",
        "visit",
        "Robin",
        world.team.name,
        *names,
    }
    mails = OutgoingMail.objects.all()
    assert len(mails) == 4, "the social worker, the team manager, the Deputy Head, the Head of Service"
    for mail in mails:
        said = f"{mail.subject}\n{mail.body}"
        assert not [secret for secret in secrets if re.search(rf"\b{re.escape(secret)}\b", said)]
        assert not re.search(r"\d{3,}", said.replace("localhost:8000", "")), "no reference number"


@pytest.mark.parametrize(
    ("thresholds", "subject", "line"),
    [
        ([Threshold.OVERDUE], "Hearth: 1 thing waits for you", "- 1 is overdue"),
        ([Threshold.OVERDUE] * 2, "Hearth: 2 things wait for you", "- 2 are overdue"),
        ([Threshold.OPENED], "Hearth: 1 thing waits for you", "- 1 alarm has opened"),
        ([Threshold.OPENED] * 3, "Hearth: 3 things wait for you", "- 3 alarms have opened"),
        ([Threshold.DUE], "Hearth: 1 thing waits for you", "- 1 falls due within a day"),
        ([Threshold.DUE] * 2, "Hearth: 2 things wait for you", "- 2 fall due within a day"),
        ([Threshold.HALF_TIME], "Hearth: 1 thing waits for you", "- 1 has used half the time there is"),
    ],
)
def test_the_mail_is_plain_english(thresholds, subject, line):
    said, text = mail_about(thresholds)
    assert said == subject
    assert text.startswith(subject.removeprefix("Hearth: ") + " in Hearth:")
    assert line in text.splitlines()


# The table


def test_every_kind_of_visit_is_in_the_table():
    statutory = {row.code for row in INTERVALS} | {limit.code for limit in LIMITS_ON_TOP} | {"L-01"}
    assert statutory <= set(VISITS)
    assert {"L-01", "L-02"} <= declared().keys()


def test_no_kind_has_two_rows_for_one_threshold():
    pairs = [(kind, row.at) for row in TABLE for kind in row.kinds or ("*",)]
    assert len(pairs) == len(set(pairs))


def test_nobody_stands_above_themselves():
    for role, line in ABOVE.items():
        assert role not in line
        assert len(line) == len(set(line))
    assert all(Whom.OWNER in row.whom for row in TABLE), "whoever owes a duty is always told"


def test_many_duties_take_no_more_queries_than_a_few(world, django_assert_num_queries):
    everybody = [child.case_file_id for child in world.children]

    def owing(count):
        for child in world.children:
            for _ in range(count):
                owed(child, world.social_worker, kind="L-02")
                owed(child, world.dhos, kind="D-00", role=Role.DHOS)

    owing(1)
    with CaptureQueriesContext(connection) as few:
        tell_of(everybody, at=NOW + 10 * DAY)
    owing(15)
    with django_assert_num_queries(len(few)):
        assert tell_of(everybody, at=NOW + 10 * DAY) > 200


def test_an_acting_manager_is_told_in_place_of_the_one_away(world):
    acting = a(Role.TEAM_MANAGER, team=world.team, since=NOW - DAY, until=NOW + 30 * DAY, acting_for=world.team_manager)
    duty = owed(world.own_child, world.social_worker, kind="L-02")
    assert told(duty, NOW + 10 * DAY) == {(world.social_worker, OVERDUE), (acting, OVERDUE)}
