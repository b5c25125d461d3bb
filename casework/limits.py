"""Limits of time, as the sources write them: hours, days, weeks, working days, months, years.

Limits in hours are exact and run in elapsed time, also across a clock change and through weekends. All others end with
the local day (Europe/London) on which they fall. Months and years are calendar ones, clipped to the month's last day.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from casework.working_days import working_days_after

LONDON: Final = ZoneInfo("Europe/London")


def local_day(moment: datetime) -> date:
    """The day in London on which an aware moment falls."""
    return moment.astimezone(LONDON).date()


def start_of(day: date) -> datetime:
    """The first moment of a day in London."""
    return datetime.combine(day, time.min, tzinfo=LONDON).astimezone(UTC)


def end_of(day: date) -> datetime:
    """The first moment after a day in London: a duty due on that day is overdue from here on."""
    return start_of(day + timedelta(days=1))


def from_day(day: date, at: datetime) -> datetime:
    """The moment from which something holds that is recorded for a day: today from now on, another day from its start."""
    return at if day == local_day(at) else start_of(day)


@dataclass(frozen=True, slots=True)
class Hours:
    """Elapsed hours, to the minute."""

    count: int

    def after(self, moment: datetime) -> datetime:
        """The moment at which the limit ends, counted from an aware moment."""
        return moment.astimezone(UTC) + timedelta(hours=self.count)

    def __str__(self) -> str:
        return _counted(self.count, "hour")


@dataclass(frozen=True, slots=True)
class DayLimit:
    """A limit that ends with a day; what the day is, each kind of limit says."""

    count: int

    def on(self, day: date) -> date:
        """The last day of the limit, counted from `day` as day 0; inclusive."""
        raise TypeError(f"{type(self).__name__} does not say how it counts")

    def after(self, moment: datetime) -> datetime:
        """The end of the last local day of the limit, counted from the local day of an aware moment."""
        return end_of(self.on(local_day(moment)))


@dataclass(frozen=True, slots=True)
class Days(DayLimit):
    """Calendar days."""

    def on(self, day: date) -> date:
        return day + timedelta(days=self.count)

    def __str__(self) -> str:
        return _counted(self.count, "day")


@dataclass(frozen=True, slots=True)
class Weeks(DayLimit):
    """Calendar weeks."""

    def on(self, day: date) -> date:
        return day + timedelta(weeks=self.count)

    def __str__(self) -> str:
        return _counted(self.count, "week")


@dataclass(frozen=True, slots=True)
class WorkingDays(DayLimit):
    """Working days in England."""

    def on(self, day: date) -> date:
        return working_days_after(day, self.count)

    def __str__(self) -> str:
        return _counted(self.count, "working day")


@dataclass(frozen=True, slots=True)
class Months(DayLimit):
    """Calendar months: 31 January and one month is the last day of February."""

    def on(self, day: date) -> date:
        years, month = divmod(day.month - 1 + self.count, 12)
        year, month = day.year + years, month + 1
        return date(year, month, min(day.day, monthrange(year, month)[1]))

    def __str__(self) -> str:
        return _counted(self.count, "month")


@dataclass(frozen=True, slots=True)
class Years(DayLimit):
    """Calendar years: 29 February and one year is 28 February."""

    def on(self, day: date) -> date:
        return Months(12 * self.count).on(day)

    def __str__(self) -> str:
        return _counted(self.count, "year")


type_of_unit: Final = {
    "hours": Hours,
    "days": Days,
    "weeks": Weeks,
    "working_days": WorkingDays,
    "months": Months,
    "years": Years,
}
Limit = Hours | Days | Weeks | WorkingDays | Months | Years


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
