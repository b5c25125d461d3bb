"""Jobs: once for each time of the timetable, however many beats ring; what was missed shows and is caught up (issue, 6)."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, time, timedelta
from importlib import import_module

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection, connections
from django.test.utils import CaptureQueriesContext

from accounts.models import Appointment
from accounts.roles import Role
from casework import bell, diary, holders, jobs, outbox, tasks, watch
from casework.diary import Ledger
from casework.holders import NOBODY, Holder
from casework.ledger import Entry
from casework.limits import LONDON, Days
from casework.models import CaseFile, Duty, JobRun, Notification, OutgoingMail
from casework.timetable import JOBS, Daily, Every
from children.models import Allocation
from config.celery import app
from tests.factories import NOW, a, allocated_to, restricted_to

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
NIGHTLY, HOURLY = jobs.JOB["look_at_night"], jobs.JOB["look_each_hour"]
AFTER_MIDNIGHT = datetime(2026, 3, 10, 0, 10, 3, tzinfo=UTC)


def london(said):
    return datetime.fromisoformat(said).replace(tzinfo=LONDON)


@pytest.fixture
def rung(monkeypatch):
    """What the bell was rung for, in tests that stand without a broker."""
    heard = []
    monkeypatch.setattr(bell, "current_app", Listener(heard))
    monkeypatch.setattr(bell.quiet, "until", 0.0)
    return heard


class Listener:
    """Stands where the broker would: hears the bell, and passes nothing on."""

    def __init__(self, heard):
        self.heard = heard

    def send_task(self, task, args=()):
        self.heard.append((task.removeprefix("casework.tasks."), *args))


class Owes:
    """A source of a test's own: every child is owed a visit within ten days of its file's opening."""

    def __init__(self):
        self.broken = set()

    def __call__(self, batch):
        if self.broken & set(batch.files):
            raise ValueError("a record that nobody foresaw")
        return {pk: Ledger((self.entry(pk),), look_again_at=Days(10).after(NOW)) for pk in batch.files}

    def entry(self, pk):
        return Entry(
            kind="L-02",
            key="visit",
            role=Role.SOCIAL_WORKER,
            about=f"casework.casefile:{pk}",
            opened_at=NOW,
            due_at=Days(10).after(NOW),
            says="A visit within 10 days.",
        )


@pytest.fixture
def owes(monkeypatch):
    source = Owes()
    monkeypatch.setattr(diary, "_sources", {"child": {"test": source}})
    monkeypatch.setattr(diary, "_derivations", {})
    return source


@pytest.fixture
def waiting(world, owes):
    """The world, in which only the five children wait for a look."""
    CaseFile.objects.update(look_again_at=None)
    CaseFile.objects.filter(child__isnull=False).update(look_again_at=NOW)
    return world


# The timetable


@pytest.mark.parametrize(
    ("runs", "moment", "latest"),
    [
        (Daily(time(0, 10)), "2026-03-10T00:09", "2026-03-09T00:10"),
        (Daily(time(0, 10)), "2026-03-10T00:10", "2026-03-10T00:10"),
        (Daily(time(0, 10)), "2026-03-10T23:59", "2026-03-10T00:10"),
        (Daily(time(2, 20)), "2026-03-29T02:20", "2026-03-29T02:20"),
        (Daily(time(2, 20)), "2026-03-30T02:19", "2026-03-29T02:20"),
        (Daily(time(2, 20)), "2026-10-25T12:00", "2026-10-25T02:20"),
        (Daily(time(2, 20)), "2026-10-26T02:19", "2026-10-25T02:20"),
        (Every(60, past=40), "2026-03-10T09:39", "2026-03-10T08:40"),
        (Every(60, past=40), "2026-03-10T09:40", "2026-03-10T09:40"),
        (Every(60, past=40), "2026-03-10T00:10", "2026-03-09T23:40"),
        (Every(30, past=20), "2026-03-10T09:19", "2026-03-10T08:50"),
        (Every(30, past=20), "2026-03-10T09:49", "2026-03-10T09:20"),
        (Every(30, past=20), "2026-03-10T09:50", "2026-03-10T09:50"),
        (Every(5), "2026-03-10T09:04:59", "2026-03-10T09:00"),
        (Every(5), "2026-03-10T09:05", "2026-03-10T09:05"),
    ],
)
def test_the_latest_time_of_the_timetable(runs, moment, latest):
    assert runs.latest(london(moment)) == london(latest)


@pytest.mark.parametrize("job", JOBS, ids=lambda job: job.name)
def test_beat_rings_for_every_job_at_the_times_of_the_one_table(job):
    entry = app.conf.beat_schedule[job.name]
    import_module(entry["task"].rpartition(".")[0])
    assert entry["task"] in app.tasks
    assert app.conf.timezone == "Europe/London"
    every_minute = [london("2026-03-10T00:00") + n * MINUTE for n in range(24 * 60)]
    by_beat = [m for m in every_minute if m.hour in entry["schedule"].hour and m.minute in entry["schedule"].minute]
    assert by_beat == [m for m in every_minute if job.runs.latest(m) == m]
    assert len(app.conf.beat_schedule) == len(JOBS)


@pytest.mark.parametrize("night", ["2026-03-29", "2026-10-25", "2028-02-29"])
@pytest.mark.parametrize("job", JOBS, ids=lambda job: job.name)
def test_over_a_clock_change_and_a_leap_day_beat_rings_at_each_time_once(job, night):
    """As beat lives it: asked every minute whether it is time, since the last time."""
    minutes = [london(f"{night}T00:00").astimezone(UTC) + n * MINUTE for n in range(5 * 60)]
    schedule, now, last, rang = job.runs.crontab(), minutes[0], minutes[0], []
    schedule.nowfun = lambda: now
    for now in minutes[1:]:
        if schedule.is_due(last).is_due:
            last = now
            rang.append(now)
    assert rang == [minute for minute in minutes[1:] if job.runs.latest(minute) == minute]


@pytest.mark.parametrize("job", JOBS, ids=lambda job: job.name)
def test_no_time_lies_in_the_hour_that_comes_twice(job):
    if isinstance(job.runs, Daily):
        assert job.runs.at.hour != 1
    assert job.does


# Once for each time


@pytest.mark.django_db
def test_a_run_is_recorded_with_its_outcome():
    with jobs.run("look_at_night", by="task-1", at=AFTER_MIDNIGHT) as run:
        run.outcome = "3 stretches."
    row = JobRun.objects.get()
    assert (row.job, row.slot, row.run_by) == ("look_at_night", AFTER_MIDNIGHT.replace(second=0), "task-1")
    assert (row.started_at, row.outcome) == (AFTER_MIDNIGHT, "3 stretches.")
    assert AFTER_MIDNIGHT <= row.finished_at < AFTER_MIDNIGHT + MINUTE


@pytest.mark.django_db
def test_the_second_beats_task_finds_the_work_done():
    with jobs.run("look_at_night", by="task-1", at=AFTER_MIDNIGHT):
        pass
    with jobs.run("look_at_night", by="task-2", at=AFTER_MIDNIGHT + MINUTE) as second:
        assert second is None
    with jobs.run("look_at_night", by="task-1", at=AFTER_MIDNIGHT + MINUTE) as again:
        assert again is None, "the same task given out twice finds it done, too"
    with jobs.run("look_at_night", by="task-3", at=AFTER_MIDNIGHT + DAY) as tomorrow:
        assert tomorrow is not None
    assert JobRun.objects.count() == 2


def elsewhere(act):
    """What comes of it in another worker, on a connection of its own."""

    def there():
        try:
            return act()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as worker:
        return worker.submit(there).result(timeout=30)


def is_ours(job, *, by, at):
    """Whether a task may run a job now."""
    with jobs.run(job, by=by, at=at) as run:
        return run is not None


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("other", ["task-2", "task-1"])
def test_while_one_runs_another_does_not(other):
    """Nor the same task given out twice."""
    with jobs.run("look_at_night", by="task-1", at=AFTER_MIDNIGHT):
        assert not elsewhere(lambda: is_ours("look_at_night", by=other, at=AFTER_MIDNIGHT))
        assert elsewhere(lambda: is_ours("export_heads", by=other, at=AFTER_MIDNIGHT))
    assert JobRun.objects.get(job="look_at_night").run_by == "task-1"


@pytest.mark.django_db(transaction=True)
def test_what_a_killed_worker_left_is_taken_up_by_whoever_comes_next():
    """The database takes the lock back with the connection: nobody waits until the run could no longer be under way."""
    JobRun.objects.create(
        job="look_at_night", slot=NIGHTLY.runs.latest(AFTER_MIDNIGHT), run_by="task-1", started_at=AFTER_MIDNIGHT
    )
    assert NIGHTLY in jobs.missed_jobs(AFTER_MIDNIGHT + MINUTE)
    with jobs.run("look_at_night", by="task-2", at=AFTER_MIDNIGHT + MINUTE) as run:
        assert run is not None
    row = JobRun.objects.get()
    assert (row.run_by, row.started_at) == ("task-2", AFTER_MIDNIGHT + MINUTE)
    assert row.finished_at


@pytest.mark.django_db(transaction=True)
def test_a_run_whose_database_goes_away_is_left_to_the_next():
    failing = pytest.raises(OperationalError)
    with failing, jobs.run("tidy_up", by="task-1", at=AFTER_MIDNIGHT), connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
    connection.close()
    assert is_ours("tidy_up", by="task-2", at=AFTER_MIDNIGHT + MINUTE)


@pytest.mark.django_db
def test_a_failed_run_says_so_without_the_words_of_the_error_and_may_be_run_again():
    with pytest.raises(ValueError, match="Robin"), jobs.run("tidy_up", by="task-1", at=AFTER_MIDNIGHT):
        raise ValueError("Robin Testchild cannot be read")
    row = JobRun.objects.get()
    assert (row.finished_at, row.outcome) == (None, "Failed: ValueError")
    with jobs.run("tidy_up", by="task-2", at=AFTER_MIDNIGHT + MINUTE) as again:
        assert again is not None
    assert JobRun.objects.get().outcome == ""


@pytest.mark.django_db(transaction=True)
def test_two_beats_at_the_same_moment_make_one_run():
    ready, ran = threading.Barrier(4), []

    def task(number):
        ready.wait(timeout=30)
        with jobs.run("look_at_night", by=f"task-{number}", at=AFTER_MIDNIGHT) as run:
            if run:
                ran.append(number)
        connections.close_all()

    tasks = [threading.Thread(target=task, args=[number]) for number in range(4)]
    for each in tasks:
        each.start()
    for each in tasks:
        each.join(timeout=30)
    assert len(ran) == 1
    assert JobRun.objects.count() == 1


# Stale, and caught up


def finished(job, *, started_at, ended_at=None):
    ended_at = ended_at or started_at + MINUTE
    JobRun.objects.create(job=job.name, slot=job.runs.latest(started_at), started_at=started_at, finished_at=ended_at)


@pytest.mark.django_db
def test_a_job_that_never_ran_is_stale(django_assert_num_queries):
    with django_assert_num_queries(1):
        found = jobs.stale_jobs(NOW)
    assert [stale.job for stale in found] == list(JOBS)
    assert all(stale.last_finished_at is None for stale in found)


@pytest.mark.django_db
@pytest.mark.parametrize(("ago", "is_stale"), [(26 * HOUR, False), (26 * HOUR + MINUTE, True), (MINUTE, False)])
def test_a_nightly_job_is_stale_after_26_hours(ago, is_stale):
    finished(NIGHTLY, started_at=NOW - ago - MINUTE, ended_at=NOW - ago)
    stale = {stale.job.name: stale.last_finished_at for stale in jobs.stale_jobs(NOW)}
    assert stale.get("look_at_night") == (NOW - ago if is_stale else None)
    assert ("look_at_night" in stale) == is_stale


@pytest.mark.django_db
def test_a_run_that_did_not_finish_does_not_make_a_job_fresh():
    finished(NIGHTLY, started_at=NOW - 3 * DAY)
    JobRun.objects.create(job=NIGHTLY.name, slot=NOW, started_at=NOW, run_by="", outcome="Failed: ValueError")
    assert NIGHTLY in [stale.job for stale in jobs.stale_jobs(NOW)]


@pytest.mark.django_db
def test_the_next_start_rings_for_what_was_missed(rung):
    at = london("2026-03-10T09:45")
    finished(NIGHTLY, started_at=london("2026-03-09T00:10"))  # yesterday's; last night's was missed
    finished(HOURLY, started_at=london("2026-03-10T09:40"))
    jobs.catch_up(at)
    names = [name for name, *_ in rung]
    assert names == ["look_at_night", "send_mail", "catch_up", "export_heads", "tidy_up"]


@pytest.mark.django_db
def test_what_has_just_failed_is_not_rung_for_and_half_an_hour_later_it_is(rung):
    at = london("2026-03-10T00:15")
    for job in JOBS:
        JobRun.objects.create(job=job.name, slot=job.runs.latest(at), started_at=at - MINUTE, finished_at=at)
    assert jobs.missed_jobs(at) == []
    failed = JobRun.objects.filter(job="look_at_night")
    failed.update(run_by="", finished_at=None)
    assert jobs.missed_jobs(at) == []
    failed.update(started_at=at - timedelta(minutes=30))
    assert jobs.missed_jobs(at) == [NIGHTLY]


@pytest.mark.django_db(transaction=True)
def test_worker_and_beat_catch_up_when_they_start(rung):
    from celery.signals import beat_init, worker_ready

    for signal in (worker_ready, beat_init):
        rung.clear()
        signal.send(sender=None)
        assert [name for name, *_ in rung] == [job.name for job in JOBS]


@pytest.mark.django_db
def test_every_minute_what_lost_its_bell_is_rung_for(rung, world):
    """A broker that starts empty knows of nothing that waited; nor is a page killed before its look ever rung for."""
    at = datetime.now(UTC)
    file = world.own_child.case_file
    CaseFile.objects.update(look_again_at=None)
    CaseFile.objects.filter(pk=file.pk).update(look_again_at=at - 6 * MINUTE)
    OutgoingMail.objects.create(to=world.legal, subject="-", body="-", written_at=at - 2 * MINUTE)
    for job in JOBS:
        finished(job, started_at=job.runs.latest(at))
    JobRun.objects.filter(job="catch_up").delete()
    tasks.catch_up.apply()
    first = file.pk // watch.STRETCH * watch.STRETCH
    assert rung == [("catch_up",), ("look_at_stretch", first, first + watch.STRETCH), ("send_mail_now",)]
    assert JobRun.objects.get(job="catch_up").outcome.startswith("Rung for 1 jobs, 1 stretches of case files, 1 mails")


@pytest.mark.django_db
@pytest.mark.parametrize(("waited", "is_left"), [(4, False), (5, True), (74, True), (76, False)])
def test_a_file_is_left_once_it_has_waited_and_not_after_the_hourly_look_has_tried_it(rung, world, waited, is_left):
    CaseFile.objects.update(look_again_at=None)
    CaseFile.objects.filter(pk=world.own_child.case_file_id).update(look_again_at=NOW - waited * MINUTE)
    assert watch.take_up(NOW) == is_left


@pytest.mark.django_db
def test_a_mail_just_written_is_not_rung_for_again(rung, world):
    OutgoingMail.objects.create(to=world.legal, subject="-", body="-", written_at=NOW)
    assert outbox.take_up(NOW + timedelta(seconds=59)) == 0
    assert outbox.take_up(NOW + MINUTE) == 1
    assert rung == [("send_mail_now",)]


@pytest.mark.django_db
def test_a_run_of_a_clock_that_was_ahead_does_not_hide_who_came_and_went_since():
    finished(HOURLY, started_at=NOW - HOUR)
    finished(HOURLY, started_at=NOW + 365 * DAY)
    assert jobs.last_started(HOURLY.name, by=NOW) == NOW - HOUR


@pytest.mark.django_db
def test_old_runs_are_forgotten():
    finished(NIGHTLY, started_at=NOW - 31 * DAY)
    finished(NIGHTLY, started_at=NOW - 29 * DAY)
    assert jobs.forget_old_runs(NOW) == 1
    assert JobRun.objects.get().started_at == NOW - 29 * DAY


# The looks


def test_the_night_is_cut_into_stretches_and_each_done_by_a_task_of_its_own(waiting, rung, monkeypatch):
    monkeypatch.setattr(watch, "STRETCH", 2)
    files = sorted(child.case_file_id for child in waiting.children)
    count = watch.hand_out(NOW)
    stretches = [(first, last) for name, first, last in rung if name == "look_at_stretch"]
    assert len(stretches) == count >= 3
    covered = [pk for first, last in stretches for pk in range(first, last)]
    assert len(covered) == len(set(covered)), "no file twice"
    assert set(files) <= set(covered)
    assert sum(watch.look_at_stretch(first, last, at=NOW).differences.opened for first, last in stretches) == 5
    again = [watch.look_at_stretch(first, last, at=NOW).differences for first, last in stretches]
    assert sum(found.files for found in again) == 0, "the same stretch given out twice finds nothing to do"


def test_a_stretch_that_was_lost_is_found_by_the_next_hours_look(waiting, rung, monkeypatch):
    monkeypatch.setattr(bell.quiet, "until", float("inf"))  # the broker does not answer
    watch.hand_out(NOW)
    assert rung == []
    assert watch.look(NOW + 30 * MINUTE).differences.opened == 5


def test_time_alone_makes_a_duty_overdue_and_the_look_tells_whom_it_concerns(waiting, rung):
    diary.refresh_due(at=NOW)
    due_at = Days(10).after(NOW)
    assert watch.look(due_at - MINUTE).told == 5, "each owner, that the last day has begun"
    assert Duty.objects.overdue(due_at - MINUTE).count() == 0
    found = watch.look(due_at)
    assert Duty.objects.overdue(due_at).count() == 5
    assert found.told == 5 + 4, "each owner, and the managers: of the restricted child none is named"
    assert watch.look(due_at + HOUR).told == 0
    assert Notification.objects.count() == 14


def test_a_file_that_cannot_be_looked_at_holds_up_no_other_and_the_run_fails(waiting, owes, rung):
    owes.broken = {waiting.teams_child.case_file_id}
    with pytest.raises(watch.CannotBeLookedAt) as failed:
        watch.look(NOW)
    assert str(failed.value) == f"These case files could not be looked at: {waiting.teams_child.case_file_id}."
    assert isinstance(failed.value.__cause__, ValueError)
    assert Duty.objects.count() == 4
    assert list(CaseFile.objects.due_a_look(NOW)) == [waiting.teams_child.case_file]
    owes.broken = set()
    assert watch.look(NOW).differences.opened == 1


def test_looking_when_nothing_waits_asks_next_to_nothing(waiting, django_assert_max_num_queries):
    watch.look(NOW)
    finished(HOURLY, started_at=NOW)
    CaseFile.objects.bulk_create(CaseFile(kind=CaseFile.Kind.CHILD, opened_at=NOW) for _ in range(500))
    with django_assert_max_num_queries(25):
        assert watch.look(NOW + MINUTE).differences.files == 0


# Who owes a duty changes with no event


@pytest.fixture
def looked(waiting, rung):
    """Everything looked at, an hour ago."""
    watch.look(NOW)
    finished(HOURLY, started_at=NOW)
    return waiting


def owner_of(child):
    return Duty.objects.get(case_file=child.case_file_id).owner


def test_somebody_elses_allocation_begins(looked):
    child = looked.own_child
    allocated_to(child, looked.colleague, since=NOW + 30 * MINUTE)
    CaseFile.objects.filter(pk=child.case_file_id).update(look_again_at=None)  # as if looked at before it began
    assert watch.look(NOW + 29 * MINUTE).differences.changed == 0
    found = watch.look(NOW + 30 * MINUTE)
    assert (found.differences.files, found.differences.changed) == (1, 1)
    assert owner_of(child) == looked.colleague


def test_a_restriction_begins(looked):
    child = looked.own_child
    restricted_to(child, looked.colleague, since=NOW + 30 * MINUTE, by=looked.service_manager)
    CaseFile.objects.filter(pk=child.case_file_id).update(look_again_at=None)
    watch.look(NOW + HOUR)
    assert owner_of(child) == looked.colleague or Duty.objects.get(case_file=child.case_file_id).stands_in


def only_files_of(*children):
    return {child.case_file_id for child in children}


def test_nobody_is_allocated_any_more_and_another_manager_starts(looked):
    child = looked.own_child
    Allocation.objects.filter(child=child).update(ends_at=NOW + MINUTE)
    watch.look(NOW + 2 * MINUTE)
    assert owner_of(child) == looked.team_manager
    finished(HOURLY, started_at=NOW + HOUR)
    acting = a(Role.TEAM_MANAGER, team=looked.team, since=NOW + 2 * HOUR, acting_for=looked.team_manager)
    found = watch.look(NOW + 2 * HOUR)
    assert owner_of(child) == acting
    assert found.differences.files == 1, "only the file whose holder changed is looked at"


def test_an_appointment_written_down_late_is_seen(looked):
    """It began before the last look, but was entered after it: its date alone would not show it."""
    at = datetime.now(UTC)
    Allocation.objects.filter(child=looked.own_child).update(ends_at=NOW + MINUTE)
    watch.look(at - HOUR)
    finished(HOURLY, started_at=at - MINUTE)
    acting = a(Role.TEAM_MANAGER, team=looked.team, since=NOW - 5 * DAY, acting_for=looked.team_manager)
    watch.look(datetime.now(UTC) + MINUTE)
    assert owner_of(looked.own_child) == acting


def test_an_appointment_that_changes_no_duty_makes_nobody_look(looked):
    a(Role.SOCIAL_WORKER, team=looked.team, since=NOW + MINUTE)
    Appointment.objects.filter(user=looked.legal).update(ends_at=NOW + MINUTE)
    assert watch.look(NOW + 2 * MINUTE).differences.files == 0


def test_somebody_leaves(looked):
    finished(HOURLY, started_at=datetime.now(UTC) - MINUTE)
    CaseFile.objects.update(look_again_at=None)
    looked.social_worker.is_active = False
    looked.social_worker.save()
    found = watch.look(datetime.now(UTC) + MINUTE)
    assert found.differences.files == 1
    assert owner_of(looked.own_child) == looked.team_manager


def test_a_manager_leaves_whose_appointment_nobody_ended(looked):
    file = looked.own_child.case_file_id
    pair = (file, Role.DHOS)
    assert holders.find("child", {pair}, NOW)[pair] == Holder(looked.dhos.pk)
    looked.dhos.is_active = False
    looked.dhos.save()
    found = holders.find("child", {pair}, NOW)[pair]
    assert (found.person_id, bool(found.stands_in)) == (looked.hos.pk, True)
    looked.hos.is_active = False
    looked.hos.save()
    assert holders.find("child", {pair}, NOW)[pair] == NOBODY


def test_a_worker_takes_another_post_and_stays_allocated(waiting, rung):
    """Who no longer may see the child owes nothing for it: the team manager stands in until somebody is allocated."""
    watch.look(NOW)
    assert owner_of(waiting.own_child) == waiting.social_worker
    waiting.social_worker.appointments.update(ends_at=NOW + MINUTE)
    watch.look(NOW + DAY)
    assert owner_of(waiting.own_child) == waiting.team_manager


def test_where_no_look_ever_finished_every_open_duty_is_asked_about(waiting, rung):
    watch.look(NOW)
    JobRun.objects.all().delete()
    CaseFile.objects.update(look_again_at=None)
    Allocation.objects.filter(child=waiting.own_child).update(ends_at=NOW + MINUTE)
    assert watch.look(NOW + DAY).differences.files == 1
    assert owner_of(waiting.own_child) == waiting.team_manager


def test_asking_about_many_duties_takes_no_more_queries(looked, django_assert_num_queries):
    Allocation.objects.filter(child=looked.own_child).update(ends_at=NOW + MINUTE)
    with CaptureQueriesContext(connection) as few:
        assert watch.mark_new_holders(NOW, NOW + 2 * MINUTE) == 1
    Allocation.objects.update(ends_at=NOW + MINUTE)
    CaseFile.objects.update(look_again_at=None)
    with django_assert_num_queries(len(few)):
        assert watch.mark_new_holders(NOW, NOW + 2 * MINUTE) == 5


# By hand


def refresh_duties(capsys, *words):
    call_command("refresh_duties", *words)
    return capsys.readouterr().out


def test_by_hand_it_looks_at_what_waits_and_says_what_it_did(waiting, rung, capsys):
    said = refresh_duties(capsys, "--at", "2026-03-09T10:00")
    assert said == "5 case files looked at: 5 duties opened, 0 closed, 0 changed; 0 notifications.\n"
    again = refresh_duties(capsys, "--at", "2026-03-09T10:00")
    assert again.startswith("0 case files looked at: 0 duties opened")


def test_by_hand_it_answers_in_json_for_machines(waiting, rung, capsys):
    said = json.loads(refresh_duties(capsys, "--at", "2026-03-20", "--json"))
    assert said == {"at": "2026-03-20T00:00:00+00:00", "files": 5, "opened": 5, "closed": 0, "changed": 0, "told": 9}


def test_by_hand_every_file_can_be_looked_at(waiting, rung, capsys):
    refresh_duties(capsys, "--at", "2026-03-09T10:00")
    said = json.loads(refresh_duties(capsys, "--at", "2026-03-09T10:00", "--all", "--json"))
    assert (said["files"], said["opened"], said["changed"]) == (5, 0, 0)


def test_by_hand_without_a_moment_it_is_now(waiting, rung, capsys):
    at = datetime.fromisoformat(json.loads(refresh_duties(capsys, "--json"))["at"])
    assert abs(datetime.now(UTC) - at) < MINUTE


@pytest.mark.parametrize(
    ("said", "at"),
    [
        ("2026-07-01T09:00", "2026-07-01T08:00:00+00:00"),
        ("2026-07-01", "2026-06-30T23:00:00+00:00"),
        ("2026-07-01T09:00Z", "2026-07-01T09:00:00+00:00"),
        ("2026-07-01T09:00+02:00", "2026-07-01T07:00:00+00:00"),
    ],
)
def test_a_moment_is_londons_unless_it_says_otherwise(waiting, rung, capsys, said, at):
    shown = json.loads(refresh_duties(capsys, "--at", said, "--json"))["at"]
    assert datetime.fromisoformat(shown) == datetime.fromisoformat(at)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "said", ["", "yesterday", "2026-02-30", "2026-13-01T00:00", "0001-01-01", "9999-12-31", "10:00"]
)
def test_what_is_no_moment_gets_one_sentence(said):
    with pytest.raises(CommandError) as refused:
        call_command("refresh_duties", "--at", said)
    assert str(refused.value) == f"“{said}” is not a moment: write it as 2026-03-09 or 2026-03-09T16:00."


def test_by_hand_a_file_that_cannot_be_looked_at_is_named_by_number(waiting, owes, rung):
    owes.broken = {waiting.own_child.case_file_id}
    with pytest.raises(CommandError, match=rf"looked at: {waiting.own_child.case_file_id}\. All others were"):
        call_command("refresh_duties", "--at", "2026-03-09T10:00")
    assert Duty.objects.count() == 4


def test_by_hand_it_writes_the_same_mails_as_the_job(waiting, rung, capsys):
    waiting.social_worker.email = "social.worker@council.example"
    waiting.social_worker.save()
    refresh_duties(capsys, "--at", "2026-03-20")
    assert [mail.to for mail in OutgoingMail.objects.all()] == [waiting.social_worker]
    assert date(2026, 3, 20) == OutgoingMail.objects.get().written_at.date()
