"""The nights on which clocks change, and the leap day: lived through minute by minute on real rows, and taken back.

Limits are held against plain arithmetic: hours against seconds of UTC, days against midnight in London. The timetable is
walked as beat walks it, by Celery's own reckoning of what is due; every run is a row.
"""

import calendar
import json
import os
from datetime import UTC, date, datetime, time, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

from celery.schedules import schedstate
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from bench.chains import to_convene
from casework import diary, jobs, watch
from casework.models import CaseFile, Duty, JobRun, Notification
from casework.steps import carry_out, write_down
from casework.timetable import JOBS, Daily
from placements.models import Placement
from visits.models import Visit
from visits.permissions import may_record_visit

LONDON = ZoneInfo("Europe/London")
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
HOURS_LIVED = 80
HOURS_OF_TIMETABLE = 27
SEVENTY_TWO = timedelta(hours=72)


def nights(today):
    """The next spring and autumn change and the next leap day, each with the day before."""
    year = today.year + 1
    leap = next(y for y in range(year, year + 9) if calendar.isleap(y))
    return {
        "clocks go forward": _last_sunday(year, 3),
        "clocks go back": _last_sunday(year, 10),
        "leap day": date(leap, 2, 29),
    }


def _last_sunday(year, month):
    last = date(year, month, calendar.monthrange(year, month)[1])
    return last - timedelta(days=(last.weekday() + 1) % 7)


def found():
    """What each of the nights did to limits and timetable; nothing of it stays."""
    return {name: live_through(day) for name, day in nights(timezone.now().date()).items()}


def live_through(day):
    """One such day, with the two before: what was wrong, as sentences."""
    with transaction.atomic():
        wrong = [*wrong_limits(day), *wrong_timetable(day)]
        transaction.set_rollback(True)
    return wrong


# Limits


def wrong_limits(day):
    """A visit is made and a case discussion held two days before; every hour is lived through until after it."""
    begins = datetime.combine(day - timedelta(days=2), time(10), tzinfo=LONDON).astimezone(UTC)
    child_file = _begin(begins)
    owed = list(Duty.objects.open().filter(case_file=child_file, opened_at__gte=begins - MINUTE))
    in_hours = [duty for duty in owed if duty.about.startswith("placements") and duty.due_at - begins == SEVENTY_TWO]
    if not in_hours:
        due = [(duty.kind, str(duty.due_at - begins)) for duty in owed]
        yield f"no duty ends 72 hours after {begins:%-d %B %H:%M} UTC: {due}"
    for duty in owed:
        ends_with_day = duty.due_at.astimezone(LONDON).time() == time(0)
        if not ends_with_day and (duty.due_at - begins).total_seconds() % 3600:
            yield f"{duty.kind} is due at {duty.due_at}, neither at midnight in London nor after whole hours"
    for passed in range(HOURS_LIVED):
        now = begins + passed * HOUR
        watch.look(now)
        overdue = set(Duty.objects.overdue(now).filter(case_file=child_file).values_list("pk", flat=True))
        expected = {duty.pk for duty in Duty.objects.open().filter(case_file=child_file) if duty.due_at <= now}
        if overdue != expected:
            yield f"at {now} the overdue duties are {overdue}, not {expected}"
        told = Notification.objects.filter(duty__in=in_hours, threshold="overdue").values_list("duty", "at")
        for duty in in_hours:
            moments = sorted({at for pk, at in told if pk == duty.pk})
            if (duty.due_at <= now) != bool(moments):
                yield f"{duty.kind}, due at {duty.due_at}: at {now} people had been told at {moments}"


def _begin(at):
    people = json.loads(os.environ["SOAK_PEOPLE"])
    person = {role: User.objects.get(username=name) for role, name in people.items()}
    placement = Placement.objects.get(pk=os.environ["SOAK_PLACEMENT"])
    visit = Visit(
        placement=placement,
        visitor=person["social_worker"],
        role=Role.SOCIAL_WORKER,
        made_at=at,
        recorded_at=at,
        child_seen=True,
        seen_alone=True,
        account="Seen at home.",
        key=uuid4(),
    )
    by = person["social_worker"]
    write_down(visit, act="record_visit", about=placement, may=may_record_visit, by=by, at=at)
    named = {role: person[role] for role in ("social_worker", "team_manager", "legal")}
    carry_out(to_convene(placement).convene, by=person["dhos"], at=at, held_at=at, **named)
    file = placement.child.case_file_id
    CaseFile.objects.filter(pk=file).update(look_again_at=at)
    diary.refresh([file], at=at)
    return file


# The timetable


def wrong_timetable(day):
    """Every minute from the evening before, as beat lives it; a run that is missing or one too many, as a sentence."""
    begins = datetime.combine(day - timedelta(days=1), time(18), tzinfo=LONDON).astimezone(UTC)
    minutes = [begins + n * MINUTE for n in range(HOURS_OF_TIMETABLE * 60)]
    JobRun.objects.filter(slot__gte=begins - timedelta(days=2)).delete()
    for job in JOBS:
        ran = _run_as_beat_does(job, minutes)
        expected = [minute for minute in minutes[1:] if _is_time_of(job, minute)]
        if ran != expected:
            missing = [f"{m:%H:%M}" for m in expected if m not in ran]
            more = [f"{m:%H:%M}" for m in ran if m not in expected]
            yield f"{job.name}: not run at {missing[:5]}, run besides at {more[:5]} (UTC)"
        if JobRun.objects.filter(job=job.name, slot__in=minutes).count() != len(set(ran)):
            yield f"{job.name}: the record of runs differs from the runs"


def _run_as_beat_does(job, minutes):
    """The moments at which beat finds the job due and its run is ours to do."""
    now = minutes[0]
    schedule = job.runs.crontab()
    schedule.nowfun = lambda: now
    last, ran = minutes[0], []
    for now in minutes[1:]:
        due: schedstate = schedule.is_due(last)
        if due.is_due:
            last = now
            with jobs.run(job.name, at=now) as run:
                if run:
                    ran.append(now)
    return ran


def _is_time_of(job, minute):
    """Plain arithmetic on the timetable's words."""
    if isinstance(job.runs, Daily):
        return minute.astimezone(LONDON).time() == job.runs.at
    return (minute.minute - job.runs.past) % job.runs.minutes == 0
