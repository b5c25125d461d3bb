"""Visits that somebody asked for: each is a duty of its own beside the clocks, met by the next visit that counts for clock S.

It is due within L-08-request of the day of the request (local default), or on the day that was agreed with whoever asked.
It ends where the request is taken back, and where the placement, the care or the childhood ends.

Source: Care Planning Regulations, reg 28(6) to (8), as `timescales.md` section 7 restates them (L-08).
"""

from datetime import datetime
from operator import attrgetter
from typing import Final

from accounts.roles import Role
from casework.ledger import Closed, Entry
from casework.limits import end_of, local_day, start_of
from casework.procedures import RulesInForce
from casework.wording import due_on, said_day, source
from visits.clocks.counting import satisfies_statutory_clock
from visits.clocks.facts import AskedFor, PlacementFacts
from visits.clocks.statutory_rulebook import ASKED_FOR

WHO_ASKED: Final = {"child": "the child", "parent": "a parent", "carer": "the carer or the home", "iro": "the IRO"}


def asked_for_ledger(facts: PlacementFacts, rules: RulesInForce, now: datetime) -> tuple[Entry, ...]:
    """Every visit asked for by `now` (aware, inclusive) about one placement, in order.

    Raises UnknownRule where the rules lack the limit.
    """
    begun = [asked for asked in facts.asked_for if asked.at <= now and not facts.is_over(local_day(asked.at))]
    return tuple(_entry(asked, facts, rules, now) for asked in sorted(begun, key=attrgetter("at", "record")))


def next_change(facts: PlacementFacts, now: datetime) -> datetime | None:
    """The next moment after `now` (aware) at which time alone may change the ledger; None where nothing lies ahead."""
    if not facts.asked_for:
        return None
    moments = [moment for asked in facts.asked_for for moment in (asked.at, asked.taken_back_at) if moment]
    moments += [visit.at for visit in facts.visits]
    if facts.ends_on:
        moments.append(start_of(facts.ends_on))
    return min((moment for moment in moments if moment > now), default=None)


def _entry(asked: AskedFor, facts: PlacementFacts, rules: RulesInForce, now: datetime) -> Entry:
    rule = rules.rule(ASKED_FOR, local_day(asked.at))
    due_at = (
        end_of(asked.agreed_for) if asked.agreed_for else rules.limit(ASKED_FOR, local_day(asked.at)).after(asked.at)
    )
    who = WHO_ASKED[asked.by]
    by_when = "on the day agreed" if asked.agreed_for else f"within {rule.limit}"
    closed_at, closed_as, evidence = _end(asked, due_at, facts, rules, now)
    return Entry(
        kind=rule.kind,
        key=f"asked:{asked.record}",
        role=Role.SOCIAL_WORKER.value,
        about=facts.about,
        opened_at=asked.at,
        due_at=due_at,
        says=f"Visit asked for by {who} on {said_day(asked.at)}, {by_when}, so by {due_on(due_at)}. {source(rule)}",
        facts=(("Asked for by", who.capitalize()), ("Asked for on", said_day(asked.at))),
        closed_at=closed_at,
        closed_as=closed_as,
        evidence=evidence,
    )


def _end(
    asked: AskedFor, due_at: datetime, facts: PlacementFacts, rules: RulesInForce, now: datetime
) -> tuple[datetime | None, Closed | None, str]:
    """How the duty ended, if it did: by the earliest of a visit, the request taken back, and the end of the placement."""
    made = [visit for visit in facts.visits if asked.at <= visit.at and satisfies_statutory_clock(visit, facts, rules)]
    visit = min(made, key=attrgetter("at", "record"), default=None)
    ends = [asked.taken_back_at, start_of(facts.ends_on) if facts.ends_on else None]
    over_at = min((end for end in ends if end), default=None)
    if visit and visit.at <= now and (over_at is None or visit.at < over_at):
        return visit.at, Closed.MET, visit.record
    if over_at and over_at <= now:
        return over_at, Closed.MISSED if due_at <= over_at else Closed.NO_LONGER_DUE, ""
    return None, None, ""
