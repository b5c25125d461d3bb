"""Clock S: the statutory visits to every looked-after child, in every placement.

The clock tells the placement's story over the days on which something happens, and carries the one duty that is
running. On each day the changes come first, all of them together, and then the day's visit:

- a notice of concern, or a full care order made at home, puts a limit on top, which stands until a visit is made on or
  after its day;
- a visit meets the duty and opens the next one, with the interval read on that day from `rulebook.INTERVALS`;
- where no visit is made that day, another row coming into force moves the duty (`_after_change`), unless it is overdue
  or is the first visit.

Everything is derived from the facts, the rules and the moment asked about; nothing here reads a clock or a database.
Days are local (Europe/London); a duty is due by the end of its due day and overdue from the next.

Source: Care Planning Regulations, reg 28 (L-01 to L-08); decisions C-35, C-36, C-38, C-40 and C-41.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime

from accounts.roles import Role
from casework.ledger import Closed, Entry
from casework.limits import DayLimit, end_of, local_day, start_of
from casework.procedures import Rule, RulesInForce, UnknownRule
from casework.wording import said_day, source
from children.states import LegalCode
from placements.states import Setting
from visits.clocks.counting import A_DAY, never_ran, rule_in_force, satisfies_statutory_clock
from visits.clocks.facts import PlacementFacts, VisitMade, any_covers
from visits.clocks.statutory_rulebook import (
    CARE_ORDER_AT_HOME,
    FIRST_VISIT,
    FIRST_YEAR,
    INTERVALS,
    LIMITS_ON_TOP,
    NOTICE_OF_CONCERN,
    Basis,
    LimitOnTop,
)


class NotInDays(ValueError):
    """The limit of a statutory visit is set in hours; these limits end with a day."""


@dataclass(frozen=True, slots=True)
class Interval:
    """How soon a visit is due, under which code, and by which rule."""

    code: str
    rule: Rule
    limit: DayLimit


@dataclass(frozen=True, slots=True)
class Demand:
    """A limit on top: what happened on a day asks for a visit by another."""

    on: date
    asked_by: LimitOnTop
    interval: Interval

    @property
    def due_on(self) -> date:
        """The last day for the visit."""
        return self.interval.limit.on(self.on)


@dataclass(frozen=True, slots=True)
class Running:
    """The duty that is running: the first visit, or the visit after the one made on `last_visit`."""

    opened_at: datetime
    last_visit: date | None
    interval: Interval
    own_due_on: date
    """The duty's own due day, without the limits on top."""
    basis: Basis
    known_from: date | None
    changed_on: date | None = None
    """The day of the change that brought this interval; None where it has held since the duty opened."""
    demands: tuple[Demand, ...] = ()

    @property
    def demand(self) -> Demand | None:
        """The limit on top that is shown: one strictly earlier than the duty's own day."""
        if not self.demands:
            return None
        first = min(self.demands, key=lambda demand: (demand.due_on, LIMITS_ON_TOP.index(demand.asked_by)))
        return first if first.due_on < self.own_due_on else None

    @property
    def shown(self) -> Interval:
        """The interval or limit under whose code the duty stands."""
        demand = self.demand
        return demand.interval if demand else self.interval

    @property
    def reckoned_due_on(self) -> date:
        """The earliest of its own day and the limits on top."""
        demand = self.demand
        return demand.due_on if demand else self.own_due_on

    @property
    def due_on(self) -> date:
        """The due day; never before visits are on record, since nobody knows who visited earlier."""
        return max(self.reckoned_due_on, self.known_from) if self.known_from else self.reckoned_due_on

    def is_overdue_on(self, day: date) -> bool:
        """Does the due day lie before this day?"""
        return self.due_on < day


def statutory_ledger(facts: PlacementFacts, rules: RulesInForce, now: datetime) -> tuple[Entry, ...]:
    """Every statutory duty of one placement up to `now` (aware, inclusive), in order; at most the last one is open.

    A duty is met, in time or late, by the first visit of a day at which a social worker or Personal Adviser saw the
    child. At the end of the placement, the care or the childhood it is missed if overdue, else no longer due. Where
    visits are on record only from a day on, nothing is due before that day.

    Raises UnknownRule where the rules lack a limit, NotInDays where one is set in hours.
    """
    today, ends_on = local_day(now), facts.ends_on
    if never_ran(facts, today, known_from=facts.visits_on_record_from):
        return ()
    visits = _visits_that_count(facts, rules, now)
    changes = _days_of_change(facts)
    demands = _demands(facts, rules, today)
    basis = _basis_on(facts, facts.start)
    running = _first_visit(facts, rules, basis)
    ledger: list[Entry] = []
    for day in sorted(visits.keys() | changes | demands.keys()):
        if day > today or (ends_on and day >= ends_on):
            break
        if day in changes:
            basis = _basis_on(facts, day)
        if day in demands:
            running = replace(running, demands=running.demands + demands[day])
        if day in visits:
            visit = visits[day]
            ledger.append(_entry(facts, running, visit.at, Closed.MET, visit.record))
            running = _visit_after(visit, day, facts, rules, basis)
        elif day in changes:
            running = _after_change(running, rules, basis, day)
    ledger.append(_last_entry(facts, running, today))
    return tuple(ledger)


def next_change(facts: PlacementFacts, now: datetime) -> datetime | None:
    """The next moment after `now` (aware) at which time alone may change the ledger: a dated fact still ahead.

    None where nothing lies ahead. That a duty becomes overdue is no change of the ledger.
    """
    if facts.is_over(local_day(now)):
        return None
    days = {facts.start, *facts.notices, *_days_of_change(facts)}
    if facts.ends_on:
        days.add(facts.ends_on)
    moments = [start_of(day) for day in days] + [visit.at for visit in facts.visits]
    return min((moment for moment in moments if moment > now), default=None)


# What counts and what changes, in order of time


def _visits_that_count(facts: PlacementFacts, rules: RulesInForce, now: datetime) -> dict[date, VisitMade]:
    """The visits that satisfy the clock by `now`, by day; several on one day count once, as the first of them."""
    visits: dict[date, VisitMade] = {}
    for visit in sorted(facts.visits, key=lambda visit: (visit.at, visit.record)):
        if visit.at <= now and satisfies_statutory_clock(visit, facts, rules):
            visits.setdefault(local_day(visit.at), visit)
    return visits


def _days_of_change(facts: PlacementFacts) -> frozenset[date]:
    """The days after the start on which the basis may change. What is dated on or before it is an initial fact."""
    approvals = (*facts.temporary_approval, *facts.carer_approved)
    periods = (*approvals, *facts.reg19, *facts.meant_to_last_to_18, *facts.fewer_visits_agreed)
    days = {
        *(period.from_on for period in periods),
        *(period.to_on for period in periods if period.to_on),
        *(status.from_on for status in facts.legal),
    }
    if held_on := _first_review_held_on(facts):
        days.add(held_on)
    start = facts.start
    return frozenset(day for day in days if day > start)


def _demands(facts: PlacementFacts, rules: RulesInForce, today: date) -> dict[date, tuple[Demand, ...]]:
    """The limits on top, by the day after the start on which they arise: notices, and full care orders made at home."""
    start = facts.start
    asked = [(day, NOTICE_OF_CONCERN) for day in facts.notices] + [
        (day, CARE_ORDER_AT_HOME) for day in _full_care_orders(facts) if facts.setting == Setting.PARENT
    ]
    demands: dict[date, tuple[Demand, ...]] = {}
    for day, asked_by in asked:
        if start < day <= today:
            interval = _interval_of(asked_by.code, rules.rule(asked_by.rule, day), rules, day)
            demands[day] = (*demands.get(day, ()), Demand(day, asked_by, interval))
    return demands


def _full_care_orders(facts: PlacementFacts) -> list[date]:
    """The days on which the legal status becomes a full care order, from none or another."""
    return [
        day
        for day in sorted({status.from_on for status in facts.legal})
        if _legal_status_on(facts, day) == LegalCode.C2 and _legal_status_on(facts, day - A_DAY) != LegalCode.C2
    ]


# What is in force on a day


def _basis_on(facts: PlacementFacts, day: date) -> Basis:
    held_on = _first_review_held_on(facts)
    start = facts.start
    return Basis(
        setting=facts.setting,
        legal_status=_legal_status_on(facts, day),
        temporary_approval=any_covers(facts.temporary_approval, day),
        carer_approved=any_covers(facts.carer_approved, day),
        reg19=any_covers(facts.reg19, day),
        meant_to_last_to_18=any_covers(facts.meant_to_last_to_18, day),
        fewer_visits_agreed=any_covers(facts.fewer_visits_agreed, day),
        started_on=start,
        first_year_until=FIRST_YEAR.on(start),
        review_held_on=held_on if held_on and held_on <= day else None,
    )


def _legal_status_on(facts: PlacementFacts, day: date) -> str:
    """The code in force; of several that begin on one day the one listed last. Empty where none is recorded."""
    code, since = "", date.min
    for status in facts.legal:
        if since <= status.from_on <= day:
            code, since = status.code, status.from_on
    return code


def _first_review_held_on(facts: PlacementFacts) -> date | None:
    """The day of the first review held later than the start (C-40)."""
    start = facts.start
    return min((review.held_on for review in facts.reviews if review.held_on and review.held_on > start), default=None)


def _interval(basis: Basis, last_visit: date, rules: RulesInForce, on: date) -> Interval:
    """The interval on a basis: the first row that applies, with the limit in force on a day."""
    for row in INTERVALS:
        if row.applies(basis, last_visit) and (rule := rule_in_force(row.rule(basis), rules, on)):
            return _interval_of(row.code, rule, rules, on)
    raise UnknownRule(INTERVALS[-1].code)


def _interval_of(code: str, rule: Rule, rules: RulesInForce, on: date) -> Interval:
    limit = rules.limit(rule.code, on)
    if not isinstance(limit, DayLimit):
        raise NotInDays(f"{rule.code} is set to {limit}; the limits of statutory visits are days or longer.")
    return Interval(code, rule, limit)


# The duty that is running


def _first_visit(facts: PlacementFacts, rules: RulesInForce, basis: Basis) -> Running:
    """The visit after the move, due within L-01 of its day."""
    start = basis.started_on
    interval = _interval_of(FIRST_VISIT, rules.rule(FIRST_VISIT, start), rules, start)
    return Running(facts.start_at, None, interval, interval.limit.on(start), basis, facts.visits_on_record_from)


def _visit_after(visit: VisitMade, day: date, facts: PlacementFacts, rules: RulesInForce, basis: Basis) -> Running:
    """The next visit, due one interval after this one, read on its day."""
    interval = _interval(basis, day, rules, on=day)
    return Running(visit.at, day, interval, interval.limit.on(day), basis, facts.visits_on_record_from)


def _after_change(running: Running, rules: RulesInForce, basis: Basis, changed_on: date) -> Running:
    """The duty after a day of change without a visit. The first visit never moves, nor does an overdue one.

    The year test uses the day of the last visit, so that reaching a year changes nothing. An interval that goes on
    keeps the limit with which it began; a new one has the limit in force on the day of the change.
    """
    last_visit = running.last_visit
    if last_visit is None or running.is_overdue_on(changed_on):
        return running
    interval = _interval(basis, last_visit, rules, on=changed_on)
    if interval.rule.code == running.interval.rule.code:
        return running
    by_old, by_new = running.interval.limit.on(last_visit), interval.limit.on(last_visit)
    if by_new < by_old:
        own_due_on = min(running.own_due_on, interval.limit.on(changed_on))
    elif by_new > by_old:
        own_due_on = by_new
    else:
        own_due_on = running.own_due_on
    return replace(running, interval=interval, own_due_on=own_due_on, basis=basis, changed_on=changed_on)


# The entries of the ledger


def _last_entry(facts: PlacementFacts, running: Running, today: date) -> Entry:
    """The duty still running: open, or closed where placement, care or childhood has ended."""
    ends_on = facts.ends_on
    if ends_on is None or today < ends_on:
        return _entry(facts, running)
    closed_as = Closed.MISSED if running.is_overdue_on(ends_on) else Closed.NO_LONGER_DUE
    return _entry(facts, running, start_of(ends_on), closed_as)


def _entry(
    facts: PlacementFacts,
    running: Running,
    closed_at: datetime | None = None,
    closed_as: Closed | None = None,
    evidence: str = "",
) -> Entry:
    return Entry(
        kind=running.shown.code,
        key=f"S:{facts.about}:after:{running.last_visit}" if running.last_visit else f"S:{facts.about}:first",
        role=Role.SOCIAL_WORKER.value,
        about=facts.about,
        opened_at=running.opened_at,
        due_at=end_of(running.due_on),
        says=_why_this_day(running),
        facts=_facts_used(running),
        closed_at=closed_at,
        closed_as=closed_as,
        evidence=evidence,
    )


def _why_this_day(running: Running) -> str:
    """The rule, the day it is counted from, the due day and the source, as one sentence and its citation."""
    reason, due_on = _reason(running), running.due_on
    if due_on != running.reckoned_due_on:
        reason += f"; no visits are on record from before {said_day(due_on)}"
    return f"{reason}, so by {said_day(due_on)}. {source(running.shown.rule)}"


def _reason(running: Running) -> str:
    demand, interval, last_visit, changed_on = running.demand, running.interval, running.last_visit, running.changed_on
    if demand:
        return f"Visit within {demand.interval.limit} of {demand.asked_by.says} on {said_day(demand.on)}"
    if last_visit is None:
        return f"First visit within {interval.limit} of the move on {said_day(running.basis.started_on)}"
    reason = f"{interval.rule.says}, at most {interval.limit} apart: last seen {said_day(last_visit)}"
    if changed_on is None or running.own_due_on == interval.limit.on(last_visit):
        return reason
    if running.own_due_on == interval.limit.on(changed_on):
        return f"{reason}, this interval in force and counted from {said_day(changed_on)}"
    return f"{reason}, due on the day that stood when this interval came into force on {said_day(changed_on)}"


def _facts_used(running: Running) -> tuple[tuple[str, str], ...]:
    used = [("Placement began", said_day(running.basis.started_on))]
    if running.last_visit:
        used.append(("Last seen", said_day(running.last_visit)))
    if running.basis.review_held_on:
        used.append(("First review since the placement began", said_day(running.basis.review_held_on)))
    if running.changed_on:
        used.append(("Interval in force from", said_day(running.changed_on)))
    used.extend((demand.asked_by.fact, said_day(demand.on)) for demand in running.demands)
    if running.due_on != running.reckoned_due_on:
        used.append(("Visits on record from", said_day(running.due_on)))
    return tuple(used)
