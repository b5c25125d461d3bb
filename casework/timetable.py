"""The timetable: every job, what it does, when it runs, and after how long without a finished run it counts as stale.

Read it from top to bottom; this is the only place where times stand. They are London's, and none lies between one and
two in the morning: that hour is missing in March and comes twice in October. Celery's beat rings at these times;
whether a run is needed is asked of the database (`casework.jobs`).
"""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Final

from celery.schedules import crontab

from casework.limits import LONDON, local_day


@dataclass(frozen=True, slots=True)
class Daily:
    """Once a day, at a time in London."""

    at: time

    def latest(self, moment: datetime) -> datetime:
        """The last time of the timetable that is not after a moment."""
        today = datetime.combine(local_day(moment), self.at, tzinfo=LONDON)
        yesterday = datetime.combine(local_day(moment) - timedelta(days=1), self.at, tzinfo=LONDON)
        return (today if today <= moment else yesterday).astimezone(UTC)

    def crontab(self) -> crontab:
        """The same, as beat reads it."""
        return crontab(hour=self.at.hour, minute=self.at.minute)


class InUtc(crontab):  # type: ignore[misc] # Celery does not say what types it has
    """What beat reads without summer time: in the night in which an hour comes twice, it rings in both."""

    tz = UTC


@dataclass(frozen=True, slots=True)
class Every:
    """Every so many minutes of the hour, which they divide, from the minute `past` on."""

    minutes: int
    past: int = 0

    def latest(self, moment: datetime) -> datetime:
        """The last time of the timetable that is not after a moment."""
        hour = moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
        gone = (moment - hour) - timedelta(minutes=self.past)
        return hour + timedelta(minutes=self.past + gone // timedelta(minutes=self.minutes) * self.minutes)

    def crontab(self) -> crontab:
        """The same, as beat reads it."""
        return InUtc(minute=f"{self.past}-59/{self.minutes}")


@dataclass(frozen=True, slots=True)
class Job:
    """One job: its name, which is that of its task, what it does in words, and when."""

    name: str
    does: str
    runs: Daily | Every
    stale_after: timedelta
    """Without a finished run for this long it shows as stale."""

    @property
    def task(self) -> str:
        """The name by which a worker knows the task."""
        return f"casework.tasks.{self.name}"


JOBS: Final = (
    Job(
        "look_at_night",
        "looks at every case file for which the day’s end has changed something",
        Daily(time(0, 10)),
        stale_after=timedelta(hours=26),
    ),
    Job(
        "look_each_hour",
        "looks at limits in hours, at roles that began or ended, and at whatever else waits; tells whom it concerns",
        Every(minutes=60, past=40),
        stale_after=timedelta(hours=2, minutes=30),
    ),
    Job(
        "send_mail",
        "sends the mails that wait",
        Every(minutes=5),
        stale_after=timedelta(minutes=30),
    ),
    Job(
        "catch_up",
        "rings for every job that was missed, and for all else that was left: looks, mails and what people asked for",
        Every(minutes=1),
        stale_after=timedelta(minutes=10),
    ),
    Job(
        "export_heads",
        "exports the heads of the event record, so that a cut shows",
        Daily(time(2, 20)),
        stale_after=timedelta(hours=26),
    ),
    Job(
        "tidy_up",
        "forgets old runs of jobs, ended sessions, and files that nobody decided about",
        Daily(time(3, 10)),
        stale_after=timedelta(hours=50),
    ),
)
