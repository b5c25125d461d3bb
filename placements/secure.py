"""Secure accommodation: how long a child can be kept without a court's order, and what the keeping makes due. L-31, C-43.

Without an order a child is kept for 72 hours in any 28 days at most, in one piece or in several; the 72 hours run in
elapsed time, whichever secure home it is. What was used up before an order counts no more when the child comes again
after it (reg 10(2)). Where most of them were used up before, and they end around a Sunday or a public holiday, they end
at noon after it (reg 10(3)). An order counts as long as it says, and never longer than the law lets it: three months the
first, six each that follows without a break. A child who is remanded or detained is kept by that court.

Pure: dated facts in, answers and entries out. Days are local (Europe/London), moments aware.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time as time_of_day, timedelta
from functools import cached_property
from itertools import pairwise
from typing import Final

from accounts.roles import Role
from casework.ledger import Closed, Entry
from casework.limits import LONDON, local_day, start_of
from casework.procedures import RulesInForce
from casework.wording import duration, said_day, said_moment, source
from casework.working_days import is_public_holiday
from children.ages import birthday
from placements.arrangement import Span

WITHOUT_ORDER: Final = "L-31"
WINDOW: Final = "L-31a"
FIRST_ORDER: Final = "L-31b"
LATER_ORDER: Final = "L-31c"
FIRST_REVIEW: Final = "L-31d"
LATER_REVIEW: Final = "L-31e"
SECRETARY_OF_STATE: Final = "L-31f"
TO_LEAVE: Final = "L-31g"
OVER_A_SUNDAY: Final = "L-31h"
BEFORE_A_SUNDAY: Final = timedelta(days=27)
"""How far back, before the day on which the child came, the hours count that let the time go on over a Sunday."""
SUNDAY: Final = 6
A_DAY: Final = timedelta(days=1)
REMANDED: Final = ("J1", "J2")
"""Legal status, by code: the criminal courts keep the child, and section 25 is not asked."""
NEEDS_SECRETARY_OF_STATE_UNDER: Final = 13


@dataclass(frozen=True, slots=True)
class Time:
    """From a moment up to, but not on, another; without an end where it goes on."""

    from_at: datetime
    to_at: datetime | None
    counts_since: datetime | None = field(default=None, compare=False)
    """For a time without an order: the order made before the child came again. What was used up until then counts no more."""

    def covers(self, moment: datetime) -> bool:
        """Does a moment lie in it?"""
        return self.from_at <= moment and (self.to_at is None or moment < self.to_at)

    def until(self, moment: datetime) -> datetime:
        """Its end, or a moment that comes before."""
        return moment if self.to_at is None else min(self.to_at, moment)


@dataclass(frozen=True, slots=True)
class Order:
    """A court's order, from the moment at which it was made; `to_on` is the first day without it, where one is stated."""

    from_at: datetime
    to_on: date | None = None


@dataclass(frozen=True, slots=True)
class Review:
    """Three people reviewed the keeping: on which day, and whether they found that the child should leave."""

    held_on: date
    to_leave: bool = False


@dataclass(frozen=True)
class SecureFacts:
    """Everything that the keeping of one child in secure accommodation hangs on; each tuple oldest first."""

    born_on: date
    stays: tuple[Time, ...]
    """The time in each secure home."""
    orders: tuple[Order, ...] = ()
    approvals: tuple[datetime, ...] = ()
    """When the Secretary of State approved it."""
    remands: tuple[Span, ...] = ()
    reviews: tuple[Review, ...] = ()

    @cached_property
    def spells(self) -> tuple[Time, ...]:
        """The unbroken times in secure accommodation: from one secure home straight to another is one."""
        joined: list[Time] = []
        for stay in self.stays:
            if joined and joined[-1].to_at and stay.from_at <= joined[-1].to_at:
                joined[-1] = Time(joined[-1].from_at, stay.to_at)
            else:
                joined.append(stay)
        return tuple(joined)

    def turned_13_at(self) -> datetime:
        """The first moment at which the Secretary of State is not asked any more."""
        return start_of(birthday(self.born_on, NEEDS_SECRETARY_OF_STATE_UNDER))


def orders_as_they_count(facts: SecureFacts, rules: RulesInForce) -> tuple[Time, ...]:
    """The time of each order, no longer than the law lets it count: whether it is a first one, the one before it says."""
    counted: list[Time] = []
    for order in facts.orders:
        day = local_day(order.from_at)
        follows = bool(counted and counted[-1].to_at and order.from_at <= counted[-1].to_at)
        longest = rules.limit(LATER_ORDER if follows else FIRST_ORDER, day).after(order.from_at)
        counted.append(Time(order.from_at, min(longest, start_of(order.to_on)) if order.to_on else longest))
    return tuple(counted)


def remand_times(facts: SecureFacts) -> list[Time]:
    """When a criminal court keeps the child."""
    return [Time(start_of(span.from_on), start_of(span.to_on) if span.to_on else None) for span in facts.remands]


def kept_without_order(facts: SecureFacts, rules: RulesInForce) -> tuple[Time, ...]:
    """The times in secure accommodation that neither an order nor a remand covers, oldest first."""
    covered = sorted((*orders_as_they_count(facts, rules), *remand_times(facts)), key=lambda time: time.from_at)
    made = [order.from_at for order in facts.orders]
    return tuple(
        replace(time, counts_since=max((at for at in made if at <= spell.from_at), default=None))
        for spell in facts.spells
        for time in less(spell, covered)
    )


def used_up_at(times: Sequence[Time], number: int, rules: RulesInForce) -> datetime:
    """The moment at which the 72 hours of any 28 days are used up, if the child stays without an order.

    `number` is the index in `times`, as `kept_without_order` gives them, of the time asked about; those before it count
    as far as they lie in the 28 days. The moment is the start of that time, where they were used up before.
    """
    ends_at = _used_up_at(times, number, rules)
    return _over_a_sunday(ends_at, times, number, rules) if ends_at > times[number].from_at else ends_at


def _over_a_sunday(ends_at: datetime, times: Sequence[Time], number: int, rules: RulesInForce) -> datetime:
    """Noon of the first day that is neither a Sunday nor a public holiday, where the hours end between the noon before and
    the noon after such a day, and more than 48 were used up in the 27 days before the child came; else as they end.
    """
    came = start_of(local_day(times[number].from_at))
    used = _used(_counted_before(times, number), Time(came, None), came, BEFORE_A_SUNDAY)
    day = local_day(ends_at)
    day_off = next((each for each in (day - A_DAY, day, day + A_DAY) if _is_around(each, ends_at)), None)
    rule = rules.rule(OVER_A_SUNDAY, local_day(times[number].from_at))
    if day_off is None or rule.limit is None or used <= rule.limit.after(came) - came:
        return ends_at
    while _is_day_off(day_off):
        day_off += A_DAY
    return _noon_of(day_off)


def _is_around(day: date, moment: datetime) -> bool:
    return _is_day_off(day) and _noon_of(day - A_DAY) <= moment <= _noon_of(day + A_DAY)


def _is_day_off(day: date) -> bool:
    return day.weekday() == SUNDAY or is_public_holiday(day)


def _noon_of(day: date) -> datetime:
    return datetime.combine(day, time_of_day(12), tzinfo=LONDON)


def _counted_before(times: Sequence[Time], number: int) -> list[Time]:
    """The times before this one that count with it: those since the last order."""
    since = times[number].counts_since
    return [each for each in times[:number] if since is None or each.from_at >= since]


def _used_up_at(times: Sequence[Time], number: int, rules: RulesInForce) -> datetime:
    time = times[number]
    day = local_day(time.from_at)
    allowed = rules.limit(WITHOUT_ORDER, day).after(time.from_at) - time.from_at
    window = timedelta(days=rules.limit(WINDOW, day).count)
    before = _counted_before(times, number)
    turns = {moment + window for each in before for moment in (each.from_at, each.until(time.from_at))}
    moments = [time.from_at, *sorted(turn for turn in turns if time.from_at < turn < time.from_at + allowed)]
    for moment, following in pairwise((*moments, time.from_at + allowed)):
        used = _used(before, time, moment, window)
        if used >= allowed:
            return moment
        if _used(before, time, following, window) >= allowed:
            return min(moment + (allowed - used), following)
    return time.from_at + allowed


def used_before(times: Sequence[Time], number: int, rules: RulesInForce) -> timedelta:
    """How much of the 72 hours was used up, in the 28 days before it, when a time without an order began."""
    time = times[number]
    window = timedelta(days=rules.limit(WINDOW, local_day(time.from_at)).count)
    return _used(_counted_before(times, number), time, time.from_at, window)


def secure_entries(facts: SecureFacts, rules: RulesInForce, *, about: str, now: datetime) -> Iterator[Entry]:
    """Everything that the keeping makes due, as far as it has begun by `now`."""
    begun = replace(facts, stays=tuple(stay for stay in facts.stays if stay.from_at <= now))
    yield from _without_order_entries(begun, rules, about, now)
    yield from _order_entries(begun, rules, about, now)
    yield from _secretary_of_state_entries(begun, rules, about, now)
    yield from _review_entries(begun, rules, about, now)


def next_turn(facts: SecureFacts, rules: RulesInForce, now: datetime) -> datetime | None:
    """The next moment at which time alone changes what is due: an order runs out, or the child turns 13."""
    ends = [order.to_at for order in orders_as_they_count(facts, rules) if order.to_at]
    return (
        min((moment for moment in (*ends, facts.turned_13_at()) if moment > now), default=None) if facts.stays else None
    )


def _without_order_entries(facts: SecureFacts, rules: RulesInForce, about: str, now: datetime) -> Iterator[Entry]:
    times = kept_without_order(facts, rules)
    ended = {spell.to_at for spell in facts.spells}
    for number, time in enumerate(times):
        if time.from_at > now:
            continue
        used, ends_at = used_before(times, number, rules), used_up_at(times, number, rules)
        rule = rules.rule(WITHOUT_ORDER, local_day(time.from_at))
        so_far = f" {duration(used)} of them were used up in the 28 days before." if used else ""
        entry = Entry(
            kind=WITHOUT_ORDER,
            key=f"{WITHOUT_ORDER}:{about}:{time.from_at.isoformat(timespec='minutes')}",
            role=Role.TEAM_MANAGER,
            about=about,
            opened_at=time.from_at,
            due_at=ends_at,
            says=f"{Role.TEAM_MANAGER.label}: a court’s order, or the child leaves secure accommodation, by "
            f"{said_moment(ends_at)}: without an order {rule.limit} in any 28 days are the most.{so_far}"
            f"{_said_of_sunday(times, number, rules)} {source(rule)}",
            facts=(
                ("Kept without an order since", said_moment(time.from_at)),
                ("Used up before, in 28 days", duration(used) if used else "Nothing"),
                ("The hours end", said_moment(ends_at)),
            ),
        )
        yield _closed(entry, time.to_at, now, met=time.to_at not in ended)


def _said_of_sunday(times: Sequence[Time], number: int, rules: RulesInForce) -> str:
    goes_on = used_up_at(times, number, rules) != _used_up_at(times, number, rules)
    return " They go on until noon after the Sunday or public holiday (regulation 10(3))." if goes_on else ""


def _order_entries(facts: SecureFacts, rules: RulesInForce, about: str, now: datetime) -> Iterator[Entry]:
    orders = orders_as_they_count(facts, rules)
    for number, order in enumerate(orders):
        spell = next((each for each in facts.spells if _overlap(each, order)), None)
        if spell is None or order.to_at is None or order.from_at > now:
            continue
        opened_at = max(order.from_at, spell.from_at)
        follows = bool(number and orders[number - 1].to_at and order.from_at <= (orders[number - 1].to_at or now))
        code = LATER_ORDER if follows else FIRST_ORDER
        rule = rules.rule(code, local_day(order.from_at))
        last = local_day(order.to_at - timedelta.resolution)
        entry = Entry(
            kind=code,
            key=f"{code}:{about}:{order.from_at.isoformat(timespec='minutes')}",
            role=Role.SOCIAL_WORKER,
            about=about,
            opened_at=opened_at,
            due_at=order.to_at,
            says=f"{Role.SOCIAL_WORKER.label}: the court’s next order, or the child leaves secure accommodation: this order "
            f"counts until {said_day(last)}. {source(rule)}",
            facts=(("Order of", said_day(order.from_at)), ("Counts until", said_day(last))),
        )
        renewed_at = next((later.from_at for later in orders[number + 1 :] if later.from_at <= now), None)
        left_at = spell.to_at
        if renewed_at and (left_at is None or renewed_at <= left_at):
            yield _closed(entry, renewed_at, now, met=True)
        else:
            yield _closed(entry, left_at, now, met=False)


def _secretary_of_state_entries(facts: SecureFacts, rules: RulesInForce, about: str, now: datetime) -> Iterator[Entry]:
    for spell in facts.spells:
        remanded = any(span.covers(local_day(spell.from_at)) for span in facts.remands)
        if remanded or spell.from_at >= facts.turned_13_at() or any(at <= spell.from_at for at in facts.approvals):
            continue
        rule = rules.rule(SECRETARY_OF_STATE, local_day(spell.from_at))
        entry = Entry(
            kind=SECRETARY_OF_STATE,
            key=f"{SECRETARY_OF_STATE}:{about}:{spell.from_at.isoformat(timespec='minutes')}",
            role=Role.SERVICE_DIRECTOR,
            about=about,
            opened_at=spell.from_at,
            due_at=spell.from_at,
            says=f"{Role.SERVICE_DIRECTOR.label}: the Secretary of State’s approval, or the child leaves: the child is "
            f"younger than 13, and none is on record. {source(rule)}",
            facts=(("Kept since", said_moment(spell.from_at)), ("Turns 13", said_day(facts.turned_13_at()))),
        )
        approved_at = next((at for at in facts.approvals if at > spell.from_at), None)
        over_at = min(moment for moment in (spell.to_at, facts.turned_13_at()) if moment)
        is_met = approved_at is not None and approved_at <= over_at
        yield _closed(entry, approved_at if is_met else over_at, now, met=is_met)


def _review_entries(facts: SecureFacts, rules: RulesInForce, about: str, now: datetime) -> Iterator[Entry]:
    for spell in facts.spells:
        held = [each for each in facts.reviews if _is_within(each, spell)]
        starts = [spell.from_at, *(max(start_of(each.held_on), spell.from_at) for each in held)]
        for number, from_at in enumerate(starts):
            code = LATER_REVIEW if number else FIRST_REVIEW
            day = local_day(from_at)
            rule, limit = rules.rule(code, day), rules.limit(code, day)
            entry = Entry(
                kind=code,
                key=f"{code}:{about}:{spell.from_at.isoformat(timespec='minutes')}:{number}",
                role=Role.TEAM_MANAGER,
                about=about,
                opened_at=from_at,
                due_at=limit.after(from_at),
                says=f"{Role.TEAM_MANAGER.label}: three people, one of them independent, review whether the child has to be "
                f"kept, within {limit} of {said_day(day)}. {source(rule)}",
                facts=(("Kept since", said_moment(spell.from_at)), ("Counted from", said_day(day))),
            )
            reviewed_at = starts[number + 1] if number + 1 < len(starts) else None
            yield _closed(entry, reviewed_at or spell.to_at, now, met=reviewed_at is not None)
        yield from _to_leave_entries(held, spell, rules, about, now)


def _to_leave_entries(
    held: Sequence[Review], spell: Time, rules: RulesInForce, about: str, now: datetime
) -> Iterator[Entry]:
    for review, later in zip(held, (*held[1:], None), strict=False):
        if not review.to_leave:
            continue
        opened_at = max(start_of(review.held_on), spell.from_at)
        day = local_day(opened_at)
        rule, limit = rules.rule(TO_LEAVE, day), rules.limit(TO_LEAVE, day)
        entry = Entry(
            kind=TO_LEAVE,
            key=f"{TO_LEAVE}:{about}:{day}",
            role=Role.TEAM_MANAGER,
            about=about,
            opened_at=opened_at,
            due_at=limit.after(opened_at),
            says=f"{Role.TEAM_MANAGER.label}: the child leaves secure accommodation, within {limit}: the review of "
            f"{said_day(day)} found that the reasons for it hold no longer. {source(rule)}",
            facts=(("Review", said_day(day)),),
        )
        if later and not later.to_leave:
            yield _closed(entry, start_of(later.held_on), now, met=False)
        else:
            yield _closed(entry, spell.to_at, now, met=True)


def _is_within(review: Review, spell: Time) -> bool:
    last = local_day(spell.to_at) if spell.to_at else None
    return local_day(spell.from_at) <= review.held_on and (last is None or review.held_on <= last)


def _closed(entry: Entry, at: datetime | None, now: datetime, *, met: bool) -> Entry:
    """The duty as what came at a moment leaves it: met; or over, and missed where it was overdue by then."""
    if at is None or at > now:
        return entry
    over = Closed.MISSED if entry.due_at <= at else Closed.NO_LONGER_DUE
    return replace(entry, closed_at=max(at, entry.opened_at), closed_as=Closed.MET if met else over)


def less(spell: Time, covered: Sequence[Time]) -> Iterator[Time]:
    """The parts of a spell that none of these covers; `covered` is in the order of its beginnings."""
    from_at: datetime | None = spell.from_at
    for time in covered:
        if from_at is None or (spell.to_at and time.from_at >= spell.to_at):
            break
        if time.to_at is not None and time.to_at <= from_at:
            continue
        if time.from_at > from_at:
            yield Time(from_at, time.from_at)
        from_at = time.to_at
    if from_at is not None and (spell.to_at is None or from_at < spell.to_at):
        yield Time(from_at, spell.to_at)


def _overlap(one: Time, other: Time) -> bool:
    return (one.to_at is None or other.from_at < one.to_at) and (other.to_at is None or one.from_at < other.to_at)


def _used(before: Sequence[Time], time: Time, moment: datetime, window: timedelta) -> timedelta:
    """The time without an order in the window that ends at a moment of `time`, if the child stays until then."""
    starts_at = moment - window
    pieces = (each.until(time.from_at) - max(each.from_at, starts_at) for each in before)
    own = moment - max(time.from_at, starts_at)
    return sum((piece for piece in pieces if piece > timedelta(0)), own)
