"""A second reading of the purposeful clock, slow and plain, to hold against the real one.

It shares nothing with `visits.clocks.purposeful` but the facts and, with the second reading of the statutory clock, the
arithmetic of months: it walks through every single day, works every date out afresh from the text for each role, and
writes the default limits down a second time.
"""

from datetime import UTC, datetime, timedelta

import holidays

from tests.visits.naive_statutory_clock import DAY, london, over, plus

ROLES = {
    "social_worker": ("social_worker", "personal_adviser"),
    "iro": ("iro",),
    "service_manager": ("service_manager",),
    "commissioning": ("commissioning",),
}
NO_CLOCK = ("in_house_foster", "connected_person", "parent")
FREE = holidays.country_holidays("GB", subdiv="ENG", years=range(2015, 2035))


def midnight(day):
    """The first moment of a day in London: of the two hours that may be it, the one that is."""
    moments = [datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=back) for back in (0, 1)]
    return next(moment for moment in moments if london(moment) == day and london(moment - timedelta(seconds=1)) < day)


def working_days(day, number):
    while number:
        day += DAY
        number -= day.weekday() < 5 and day not in FREE
    return day


def registered(facts, day):
    begun = [(row.from_on, place, row.status) for place, row in enumerate(facts.registration) if row.from_on <= day]
    return bool(begun) and max(begun)[2] == "registered"


def first_and_second_review(facts, start, today):
    """The text's own section on reviews, sentence by sentence, for a start that may be the day of a loss."""
    held_by_now = [(r.scheduled_on, r.held_on if r.held_on and r.held_on <= today else None) for r in facts.reviews]
    dated = []
    for scheduled, held in held_by_now:
        counted = min(scheduled, held) if held else scheduled
        if scheduled <= start and held and held > start:
            counted = held
        if counted <= start and not held:
            continue
        dated.append(counted)
    dated.sort()
    earlier, later = [d for d in dated if d <= start], [d for d in dated if d > start]
    if not later:
        if not earlier:
            latest = working_days(facts.care_started_on, 20)
        else:
            latest = plus(earlier[-1], (3 if len(earlier) == 1 else 6, "months"))
        later = [latest if latest > start else working_days(start, 20)]
    if len(later) == 1:
        later.append(plus(later[0], (6 if earlier else 3, "months")))
    return later[0], later[1]


def satisfying(facts, role, now):
    """Every visit that counts for a role, as (day on which it counts, moment, record), one a day."""
    start, found = london(facts.start_at), {}
    for visit in sorted(facts.visits, key=lambda v: (v.at, v.record)):
        if visit.role not in ROLES[role] or visit.form != "complete" or visit.at > now:
            continue
        if visit.at >= facts.start_at and (visit.seen or role == "commissioning"):
            found.setdefault(london(visit.at), (visit.at, visit.record))
        if visit.at < facts.start_at and role == "social_worker" and (start - london(visit.at)).days <= 28:
            found.setdefault(start, (facts.start_at, visit.record))
    return found


class Clock:
    """One role's duty, moved on by one day at a time."""

    def __init__(self, facts, role):
        self.facts, self.role, self.duty = facts, role, None
        self.start = london(facts.start_at)
        self.made, self.lost_on = [], None
        self.last_at = facts.start_at

    def table(self, day):
        """What the two tables of the text ask of the role on a day: (code, due) or None; due is a day or a moment."""
        if registered(self.facts, day):
            return self.registered_table(day)
        return self.unregistered_table(day)

    def registered_table(self, day):
        first, second = first_and_second_review(self.facts, self.start, day)
        v = self.made[-1] if self.made else None
        if self.role == "social_worker":
            return ("K-02", v + 84 * DAY) if v else ("K-01", min(first, working_days(self.start, 20)))
        if self.role == "iro":
            if self.facts.concern_at_start and not v:
                return self.form_of_iro(self.start, first)
            if not v or v <= first:
                return ("K-05", min(second, self.start + 182 * DAY))
            return ("K-06", v + 182 * DAY)
        return None

    def unregistered_table(self, day):
        r = self.lost_on or self.start
        made = [v for v in self.made if v >= r]
        v = made[-1] if made else None
        if self.role == "social_worker":
            if not v:
                return ("K-11", r + DAY if self.lost_on else self.facts.start_at + timedelta(hours=24))
            if len(made) - 1 < 6 or v < r + 42 * DAY:
                return ("K-12", v + 7 * DAY)
            agreed = [
                (row.from_on, place, row.days) for place, row in enumerate(self.facts.variations) if row.from_on <= v
            ]
            return ("K-13", v + max(agreed)[2] * DAY if agreed else plus(v, (1, "months")))
        if self.role == "commissioning":
            return None if v else ("K-15", r + 10 * DAY)
        if self.role == "service_manager":
            return ("K-16", plus(v, (12, "months")) if v else plus(r, (1, "months")))
        if v:
            return ("K-17", plus(v, (3, "months")))
        return self.form_of_iro(r, first_and_second_review(self.facts, r, day)[0])

    def form_of_iro(self, begun, first):
        return ("K-17", first) if first < begun + 14 * DAY else ("K-18", begun + 14 * DAY)

    def ends_at(self, due):
        """The first moment at which it is overdue; never before the day from which visits are on record."""
        moment = due if isinstance(due, datetime) else midnight(due + DAY)
        known = self.facts.known_from
        return max(moment, midnight(known + DAY)) if known and self.day_of(moment) < known else moment

    def day_of(self, moment):
        return london(moment - timedelta(microseconds=1))

    def overdue(self, day):
        return self.day_of(self.duty["due"]) < day

    def open(self, at, asked):
        code, due = asked
        self.duty = {"opened": at, "code": code, "due": self.ends_at(due), "stays": False, "old": None}

    def close(self, at, how, evidence=""):
        duty, self.duty = self.duty, None
        return (self.role, duty["opened"], duty["code"], duty["due"], at, how, evidence)

    def change(self, day):
        """The day's changes; what they close."""
        now_registered, was_registered = registered(self.facts, day), registered(self.facts, day - DAY)
        lost, gained = was_registered and not now_registered, now_registered and not was_registered
        if lost:
            self.lost_on = day
        asked = self.table(day)
        if not self.duty:
            if lost and asked:
                self.open(midnight(day), asked)
            return []
        if gained and not asked:
            return [self.close(midnight(day), "missed" if self.overdue(day) else "no_longer_due")]
        if self.overdue(day):
            self.duty["stays"] = self.duty["stays"] or lost or gained
            return []
        if lost:
            self.duty["old"] = (self.duty["code"], self.duty["due"])
        if gained:
            self.duty["old"] = None
        self.duty["code"], self.duty["due"] = asked[0], self.ends_at(asked[1])
        if self.duty["old"] and self.duty["old"][1] < self.duty["due"]:
            self.duty["code"], self.duty["due"] = self.duty["old"]
        return []

    def visit(self, day, at, record):
        """A visit that counts; what it closes."""
        self.made.append(day)
        if not self.duty:
            return []
        before_second = registered(self.facts, day) and self.duty["code"] == "K-05" and not self.duty["stays"]
        if before_second and day <= first_and_second_review(self.facts, self.start, day)[0]:
            return []
        closed = self.close(at, "met", record)
        if asked := self.table(day):
            self.open(at, asked)
        return [closed]


def of_role(facts, role, now):
    """The ledger of one role."""
    start, today = london(facts.start_at), london(now)
    clock, visits, ledger, day = Clock(facts, role), satisfying(facts, role, now), [], start
    while day <= today:
        if over(facts, day):
            if clock.duty:
                ledger.append(clock.close(midnight(day), "missed" if clock.overdue(day) else "no_longer_due"))
            return ledger
        if day == start:
            if asked := clock.table(day):
                clock.open(facts.start_at, asked)
        else:
            ledger += clock.change(day)
        if day in visits:
            ledger += clock.visit(day, *visits[day])
        day += DAY
    return [*ledger, clock.close(None, None)] if clock.duty else ledger


def naive_ledger(facts, now):
    """Rows of (role, opened, code, due moment, closed at, closed as, evidence); of each role in order."""
    start, today = london(facts.start_at), london(now)
    known = facts.known_from
    if facts.setting in NO_CLOCK or over(facts, start) or start > today:
        return []
    if known and over(facts, known - DAY) and over(facts, today):
        return []
    return [row for role in ROLES for row in of_role(facts, role, now)]
