"""How visits to a child are spread: who goes in the week of a day, what speaks against a day, and which days are left.

Nothing here refuses: a day that something speaks against can be chosen all the same. Days are local, weeks begin on
Monday; what is due on a day is in time on that day.

Source: Kent's guidance on placements (S3, line 237): whoever visits speaks with the others beforehand, so that visits are
spread and not planned for the same week or time.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Final

from casework.wording import counted, said_day
from casework.working_days import is_working_day

SPREAD: Final = "Kent placement procedure, line 237"
A_DAY: Final = timedelta(days=1)
LOOKED_AHEAD: Final = timedelta(weeks=6)
"""How far days are looked for where nothing is due."""
LATEST: Final = timedelta(days=400)
"""How far ahead a visit can be planned."""
DAYS_OFFERED: Final = 5


@dataclass(frozen=True, slots=True, order=True)
class Going:
    """Somebody means to see the child on a day, or was there."""

    on: date
    at: str
    """The time of day, as it is said; empty where nobody said."""
    who: str
    role: str
    was_there: bool = False

    @property
    def says(self) -> str:
        """Who goes, in which role, and when, as a sentence without its end."""
        when = f"{said_day(self.on)} at {self.at}" if self.at else said_day(self.on)
        return f"{self.who} ({self.role}) {'went' if self.was_there else 'plans to go'} on {when}"


def said_of_time(at: time | None) -> str:
    """A time of day as it is said: 14:30; empty for none."""
    return f"{at:%H:%M}" if at else ""


def in_the_week_of(day: date, going: Iterable[Going]) -> tuple[Going, ...]:
    """Who goes, or went, from the Monday to the Sunday around a day; in order of time."""
    monday = day - timedelta(days=day.weekday())
    return tuple(sorted(each for each in going if monday <= each.on < monday + timedelta(weeks=1)))


def speaks_against(day: date, going: Iterable[Going], *, today: date, due_on: date | None) -> tuple[str, ...]:
    """What speaks against a day, in sentences: somebody else goes then, or the visit is due before.

    Where the visit is overdue already, no day is in time, and none is warned about for that.
    """
    against = [
        f"{each.who} ({each.role}) {'went' if each.was_there else 'plans to go'} on the same day."
        for each in sorted(going)
        if each.on == day
    ]
    if due_on and today <= due_on < day:
        late = counted((day - due_on).days, "day")
        against.append(f"The visit is due by {said_day(due_on)}: this is {late} too late.")
    return tuple(against)


def days_in_hand(going: Iterable[Going], *, today: date, due_on: date | None) -> tuple[date, ...]:
    """Working days from today to the due day on which nobody else goes, the soonest first; at most DAYS_OFFERED.

    Days of weeks in which nobody else goes come before all others. Where nothing is due, or it is overdue, the days of
    the next weeks.
    """
    taken = {each.on for each in going}
    weeks = {day.isocalendar()[:2] for day in taken}
    until = due_on if due_on and due_on >= today else today + LOOKED_AHEAD
    days = [today + A_DAY * number for number in range((min(until, today + LATEST) - today).days + 1)]
    free = [day for day in days if is_working_day(day) and day not in taken]
    apart = [day for day in free if day.isocalendar()[:2] not in weeks]
    return tuple((apart or free)[:DAYS_OFFERED])
