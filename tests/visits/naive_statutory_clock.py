"""A second reading of the statutory clock, slow and plain, to hold against the real one.

It shares nothing with `visits.clocks.statutory` but the facts: it walks through every single day, works out the row of
the table afresh for the day and for the day before, and writes the default intervals down a second time.
"""

from calendar import monthrange
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)


def london(moment: datetime) -> date:
    return moment.astimezone(ZoneInfo("Europe/London")).date()


def plus(day: date, step: tuple[int, str]) -> date:
    number, unit = step
    if unit == "days":
        return day + number * DAY
    year, month = day.year, day.month
    for _ in range(number):
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def in_force(periods, day):
    return any(p.from_on <= day and not (p.to_on and day >= p.to_on) for p in periods)


def status(facts, day):
    begun = [(row.from_on, place, row.code) for place, row in enumerate(facts.legal) if row.from_on <= day]
    return max(begun)[2] if begun else None


def row(facts, day, v):
    """The row of the table on a day, as (code, interval)."""
    start = london(facts.start_at)
    held = any(r.held_on and start < r.held_on <= day for r in facts.reviews)
    if in_force(facts.temporary_approval, day) or (status(facts, day) == "C1" and facts.setting == "parent"):
        return ("L-06", (28, "days") if held else (7, "days"))
    if facts.setting == "connected_person" and not in_force(facts.carer_approved, day):
        return ("C-38", (28, "days") if held else (7, "days"))
    if in_force(facts.reg19, day):
        return ("L-05", (42, "days") if held else (7, "days"))
    if status(facts, day) == "C2" and facts.setting == "parent":
        return ("L-07", (42, "days"))
    if v < plus(start, (12, "months")):
        return ("L-02", (42, "days"))
    foster = facts.setting in ("in_house_foster", "ifa_foster", "connected_person")
    if foster and in_force(facts.fewer_visits_agreed, day):
        return ("L-04", (6, "months"))
    if in_force(facts.meant_to_last_to_18, day):
        return ("L-03", (3, "months"))
    return ("L-03", (42, "days"))


def over(facts, day):
    ends = [facts.ended_on, facts.care_ended_on]
    if facts.born_on:
        born = facts.born_on
        leap = (born.month, born.day) == (2, 29)  # eighteen years after a leap year is never one
        ends.append(date(born.year + 18, 3, 1) if leap else date(born.year + 18, born.month, born.day))
    return any(end and end <= day for end in ends)


def satisfying(facts, day, now):
    made = sorted((v.at, v.record) for v in facts.visits if v.seen and v.role in ("social_worker", "personal_adviser"))
    return [(at, record) for at, record in made if facts.start_at <= at <= now and london(at) == day]


class Clock:
    """The duty that stands, moved on by one day at a time."""

    def __init__(self, facts):
        self.facts, self.known = facts, facts.known_from
        self.v, self.opened, self.code, self.limits = None, facts.start_at, "L-01", []
        self.own = plus(london(facts.start_at), (7, "days"))

    def standing(self):
        """Code and due day: the earliest of the duty's own and the limits on top; a tie between limits is L-08's."""
        shown, due = self.code, self.own
        for limit_due, limit_code in self.limits:
            if limit_due < due or (limit_due == due and due < self.own and limit_code == "L-08"):
                shown, due = limit_code, limit_due
        return shown, max(due, self.known) if self.known else due

    def closed(self, at, as_, evidence=""):
        return (self.opened, *self.standing(), at, as_, evidence)

    def limits_of(self, day):
        self.limits += [(day + 7 * DAY, "L-08")] * (day in self.facts.notices)
        order_made = status(self.facts, day) == "C2" and status(self.facts, day - DAY) != "C2"
        if self.facts.setting == "parent" and order_made:
            self.limits.append((day + 7 * DAY, "L-07"))

    def visited(self, day, at):
        self.v, self.opened, self.limits = day, at, []
        self.code, step = row(self.facts, day, day)
        self.own = plus(day, step)

    def not_visited(self, day):
        if not self.v or self.standing()[1] < day:
            return
        (_, old), (self.code, new) = row(self.facts, day - DAY, self.v), row(self.facts, day, self.v)
        if plus(self.v, new) < plus(self.v, old):
            self.own = min(self.own, plus(day, new))
        elif plus(self.v, new) > plus(self.v, old):
            self.own = plus(self.v, new)


def naive_ledger(facts, now):
    """Rows of (opened, code, due day, closed at, closed as, evidence), the open one with three blanks at its end."""
    day, today = london(facts.start_at), london(now)
    if over(facts, day) or day > today:
        return []
    clock, ledger = Clock(facts), []
    while day <= today:
        if over(facts, day):
            if facts.known_from and over(facts, facts.known_from - DAY):
                return []
            midnight = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo("Europe/London"))
            missed = clock.standing()[1] < day
            return [*ledger, clock.closed(midnight, "missed" if missed else "no_longer_due")]
        if day > london(facts.start_at):
            clock.limits_of(day)
        if visits := satisfying(facts, day, now):
            at, record = visits[0]
            ledger.append(clock.closed(at, "met", record))
            clock.visited(day, at)
        else:
            clock.not_visited(day)
        day += DAY
    return [*ledger, clock.closed(None, None)]
