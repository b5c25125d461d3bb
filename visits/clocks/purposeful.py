"""Clock P: the purposeful visits to a child in a home that is not one of the authority's own foster homes.

Each role (social worker, IRO, service manager, Commissioning) has a story of its own, told over the days on which something
happens, with at most one duty running. On each day the changes come first, all of them together, and then the day's visit:

- a review held, or a change in the home's registration, sets the running duty anew from `purposeful_rulebook.SCHEDULE`,
  unless it is overdue: an overdue duty stays as it is until a visit is made;
- a home that loses its registration starts the schedule afresh; the day that stood until then counts where it is earlier;
- a visit meets the duty and opens the next one.

Everything is derived from the facts, the rules and the moment asked about; nothing here reads a clock or a database. Days
are local (Europe/London); a duty is due by the end of its due day, one in hours by the minute.

Source: Kent's guidance on placements, visiting timescales (K-01 to K-18); decisions C-04, C-12, C-13, C-27, C-35, C-39,
C-41 and C-49.
"""

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import chain
from typing import Final

from accounts.roles import Role
from casework.ledger import Closed, Entry
from casework.limits import DayLimit, Days, Limit, end_of, local_day, start_of
from casework.procedures import RulesInForce, UnknownRule
from placements.states import RegistrationStatus
from visits.clocks.counting import A_DAY, is_by_the_worker, never_ran
from visits.clocks.facts import COMPLETE, PlacementFacts, Variation, VisitMade
from visits.clocks.purposeful_rulebook import (
    BEFORE_THE_MOVE,
    FORM_ALONE,
    REGISTERED,
    ROLES,
    ROWS,
    UNREGISTERED,
    VARIED,
    WEEKLY_FOR,
    WITHOUT_PURPOSEFUL_VISITS,
    CountedFrom,
    Regime,
    Row,
    Standing,
)
from visits.clocks.purposeful_wording import Due, facts_used, why_this_day
from visits.clocks.reviews import NotInDays, ReviewsAfter, reviews_after

LETTER: Final = "P:"
"""How the keys of this clock's duties begin."""


Visits = dict[date, VisitMade]
OF_OTHERS: Final[Mapping[str, Role]] = {role.value: role for role in ROLES if role is not Role.SOCIAL_WORKER}


@dataclass(frozen=True, slots=True)
class Stage:
    """What holds for every role from a day of change until the next."""

    regime: Regime
    since_at: datetime
    """The moment from which the regime is counted: the start, or the beginning of the day of the loss."""
    since: date
    weekly_until: date
    reviews: ReviewsAfter
    is_new_regime: bool
    """Did the home lose or gain its registration on this day?"""


@dataclass(frozen=True, slots=True)
class Running:
    """The duty of one role that is running."""

    key: str
    opened_at: datetime
    row: Row
    due: Due
    stood: Due | None = None
    """What was due when the home lost its registration."""

    @property
    def waits_for_first_review(self) -> bool:
        """Is it met only by a visit later than the first review (K-05)? Not where it was overdue under another regime."""
        return self.row.only_after_first_review and self.due.overdue_on is None


def purposeful_ledger(facts: PlacementFacts, rules: RulesInForce, now: datetime) -> tuple[Entry, ...]:
    """Every purposeful duty of one placement up to `now` (aware, inclusive), in the order in which they were opened.

    At most one duty of each role is open. A duty is met, in time or late, by the first complete form of a day on which the
    role saw the child; Commissioning's form is about the home alone. At the end of the placement, the care or the childhood
    it is missed if overdue, else no longer due. Where visits are on record only from `known_from`, nothing is due before.

    Raises UnknownRule where the rules lack a limit, NotInDays where one that must end with a day is set in hours.
    """
    today = local_day(now)
    if facts.setting in WITHOUT_PURPOSEFUL_VISITS or never_ran(facts, today, known_from=facts.known_from):
        return ()
    until = today if facts.ends_on is None else min(today, facts.ends_on - A_DAY)
    stages = _stages(facts, rules, until)
    visits = _visits_that_count(facts, rules, now)
    stories = [enumerate(_Story(role, facts, rules, stages).tell(visits[role], until, now)) for role in ROLES]
    in_order = sorted(chain(*stories), key=lambda numbered: (numbered[1].opened_at, numbered[0]))
    return tuple(entry for _, entry in in_order)


def next_change(facts: PlacementFacts, now: datetime) -> datetime | None:
    """The next moment after `now` (aware) at which time alone may change the ledger: a dated fact still ahead.

    None where nothing lies ahead. That a duty becomes overdue is no change of the ledger.
    """
    if facts.setting in WITHOUT_PURPOSEFUL_VISITS or facts.is_over(local_day(now)):
        return None
    days = {facts.start, *(row.from_on for row in facts.registration)}
    days.update(review.held_on for review in facts.reviews if review.held_on)
    if facts.ends_on:
        days.add(facts.ends_on)
    moments = [facts.start_at, *map(start_of, days), *(visit.at for visit in facts.visits)]
    return min((moment for moment in moments if moment > now), default=None)


# What holds for every role


def _stages(facts: PlacementFacts, rules: RulesInForce, until: date) -> Mapping[date, Stage]:
    """What holds from the start and from each later day of change, up to and with `until`."""
    start = facts.start
    days = {review.held_on for review in facts.reviews if review.held_on} | {row.from_on for row in facts.registration}
    stage = _stage(start, None, facts, rules)
    stages = {start: stage}
    for day in sorted(day for day in days if start < day <= until):
        stages[day] = stage = _stage(day, stage, facts, rules)
    return stages


def _stage(day: date, before: Stage | None, facts: PlacementFacts, rules: RulesInForce) -> Stage:
    regime = _regime_on(facts, day)
    is_new = before is not None and regime is not before.regime
    if before and not is_new:
        return replace(before, reviews=reviews_after(before.since, facts, rules, known_on=day), is_new_regime=False)
    since_at = start_of(day) if is_new and regime is UNREGISTERED else facts.start_at
    since = local_day(since_at)
    weekly_until = _days(WEEKLY_FOR, rules, since).on(since)
    return Stage(regime, since_at, since, weekly_until, reviews_after(since, facts, rules, known_on=day), is_new)


def _regime_on(facts: PlacementFacts, day: date) -> Regime:
    """Registered with full approval only (C-13); of several statuses that begin on one day the one listed last holds."""
    status, since = "", date.min
    for row in facts.registration:
        if since <= row.from_on <= day:
            status, since = row.status, row.from_on
    return REGISTERED if status == RegistrationStatus.REGISTERED else UNREGISTERED


def _visits_that_count(facts: PlacementFacts, rules: RulesInForce, now: datetime) -> Mapping[Role, Visits]:
    """The visits that satisfy the clock by `now`, by role and day; several on one day count once, as the first of them.

    A form about the home that a social worker or Personal Adviser made before the move counts on the day of the move.
    """
    start, start_at = facts.start, facts.start_at
    before_the_move = _days(BEFORE_THE_MOVE, rules, start)
    visits: dict[Role, Visits] = {role: {} for role in ROLES}
    for visit in sorted(facts.visits, key=lambda visit: (visit.at, visit.record)):
        if visit.form != COMPLETE or visit.at > now:
            continue
        day = local_day(visit.at)
        role = _whose_duty(visit, rules, day)
        if role is None:
            continue
        if visit.at < start_at:
            if role == Role.SOCIAL_WORKER and before_the_move.on(day) >= start:
                visits[role].setdefault(start, visit)
        elif visit.seen or role in FORM_ALONE:
            visits[role].setdefault(day, visit)
    return visits


def _whose_duty(visit: VisitMade, rules: RulesInForce, day: date) -> Role | None:
    """The role whose duty a visit meets; None where it is none of the clock's."""
    if is_by_the_worker(visit, rules, day):
        return Role.SOCIAL_WORKER
    return OF_OTHERS.get(visit.role)


def _days(code: str, rules: RulesInForce, on: date) -> DayLimit:
    limit = rules.limit(code, on)
    if not isinstance(limit, DayLimit):
        raise NotInDays(f"{code} is set to {limit}; it is counted in days or longer.")
    return limit


# The story of one role


class _Story:
    """The duties of one role in one placement, one after the other."""

    def __init__(self, role: Role, facts: PlacementFacts, rules: RulesInForce, stages: Mapping[date, Stage]) -> None:
        self.role, self.facts, self.rules, self.stages = role, facts, rules, stages
        self.stage = stages[facts.start]
        self.visited: list[date] = []
        self.last_visit_at = facts.start_at
        self.running: Running | None = None

    def tell(self, visits: Visits, until: date, now: datetime) -> Iterator[Entry]:
        """Every duty that was opened up to and with a day; the one still running is open, or closed by the end."""
        for day in sorted(visits.keys() | self.stages.keys()):
            if day > until:
                break
            if day in self.stages:
                self.stage = self.stages[day]
                yield from self._change(day)
            if day in visits:
                yield from self._visit(day, visits[day])
        ends_on = self.facts.ends_on
        if self.running and ends_on and ends_on <= local_day(now):
            yield self._ended(self.running, ends_on)
        elif self.running:
            yield self._entry(self.running)

    def _change(self, day: date) -> Iterator[Entry]:
        running, asked = self.running, self._asked()
        if running is None:
            self.running = self._opened(asked, self.stage.since_at, f"from:{day}")
        elif asked is None:
            yield self._ended(running, day)
            self.running = None
        elif running.due.on < day:
            if self.stage.is_new_regime:
                self.running = replace(running, row=asked[0], due=replace(running.due, overdue_on=day))
        else:
            self.running = self._moved(running, *asked, day)

    def _visit(self, day: date, visit: VisitMade) -> Iterator[Entry]:
        self.visited.append(day)
        self.last_visit_at = max(visit.at, self.facts.start_at)
        running = self.running
        if running is None or (running.waits_for_first_review and day <= self.stage.reviews.first.on):
            return
        yield self._entry(running, self.last_visit_at, Closed.MET, visit.record)
        self.running = self._opened(self._asked(), self.last_visit_at, f"after:{day}")

    def _opened(self, asked: tuple[Row, Due] | None, at: datetime, key: str) -> Running | None:
        return Running(f"{LETTER}{self.facts.about}:{self.role}:{key}", at, *asked) if asked else None

    def _moved(self, running: Running, row: Row, due: Due, day: date) -> Running:
        """The duty after a day of change on which it was not overdue."""
        stood = running.stood
        if self.stage.is_new_regime:
            lost = self.stage.regime is UNREGISTERED
            stood = replace(running.due, stood_until=day) if lost else None
        return replace(running, row=row, stood=stood, due=stood if stood and stood.at < due.at else due)

    # What is due

    def _standing(self) -> Standing:
        stage = self.stage
        visits = len(self.visited) - bisect_left(self.visited, stage.since)
        return Standing(
            regime=stage.regime,
            since=stage.since,
            after_loss=stage.since > self.facts.start,
            concern_at_start=self.facts.concern_at_start,
            reviews=stage.reviews,
            visits=visits,
            last_visit=self.visited[-1] if visits else None,
            weekly_until=stage.weekly_until,
        )

    def _asked(self) -> tuple[Row, Due] | None:
        """The row of the schedule that applies and its due day; None where the role owes nothing."""
        standing = self._standing()
        rows = ROWS[standing.regime, self.role]
        row = next((row for row in rows if row.applies(standing)), None)
        return (row, self._due(row, standing)) if row else None

    def _due(self, row: Row, standing: Standing) -> Due:
        """The earliest of what a row names; never before visits are on record, since nobody knows who visited earlier."""
        due = min((self._by(code, counted_from, standing) for code, counted_from in row.due), key=lambda due: due.at)
        known_from = self.facts.known_from
        if known_from and due.on < known_from:
            return replace(due, at=end_of(known_from), on_record_from=known_from)
        return due

    def _by(self, code: str, counted_from: CountedFrom, standing: Standing) -> Due:
        if counted_from in (CountedFrom.FIRST_REVIEW, CountedFrom.SECOND_REVIEW):
            reviews = standing.reviews
            review = reviews.first if counted_from is CountedFrom.FIRST_REVIEW else reviews.second
            return Due(end_of(review.on), self.rules.rule(code, standing.since), counted_from, standing)
        if counted_from is CountedFrom.REGIME:
            counted_at, on = self.stage.since_at, standing.since
        else:
            counted_at, on = self.last_visit_at, standing.last_visit or standing.since
        rule, agreed = self.rules.rule(code, on), self._agreed(on) if code == VARIED else None
        limit: Limit | None = Days(agreed.days) if agreed else rule.limit
        if limit is None:
            raise UnknownRule(code)
        due_at = end_of(limit.on(on)) if isinstance(limit, DayLimit) else limit.after(counted_at)
        return Due(due_at, rule, counted_from, standing, limit, counted_at, agreed.from_on if agreed else None)

    def _agreed(self, day: date) -> Variation | None:
        """The interval agreed with the IRO that is in force on a day; of several from one day the one listed last."""
        agreed = [variation for variation in self.facts.variations if variation.from_on <= day]
        return max(reversed(agreed), key=lambda variation: variation.from_on, default=None)

    # The entries of the ledger

    def _ended(self, running: Running, day: date) -> Entry:
        closed_as = Closed.MISSED if running.due.on < day else Closed.NO_LONGER_DUE
        return self._entry(running, start_of(day), closed_as)

    def _entry(
        self,
        running: Running,
        closed_at: datetime | None = None,
        closed_as: Closed | None = None,
        evidence: str = "",
    ) -> Entry:
        return Entry(
            kind=running.due.rule.kind,
            key=running.key,
            role=self.role.value,
            about=self.facts.about,
            opened_at=running.opened_at,
            due_at=running.due.at,
            says=why_this_day(running.due),
            facts=facts_used(running.due, self.facts.start),
            closed_at=closed_at,
            closed_as=closed_as,
            evidence=evidence,
        )
