"""Which visits count for the visit clocks, and whether a clock ever ran: what both clocks have in common."""

from datetime import date, timedelta
from typing import Final

from accounts.roles import Role
from casework.limits import local_day
from casework.procedures import Rule, RulesInForce, UnknownRule
from visits.clocks.facts import PlacementFacts, VisitMade
from visits.clocks.statutory_rulebook import ADVISER_COUNTS

A_DAY: Final = timedelta(days=1)


def never_ran(facts: PlacementFacts, today: date, *, known_from: date | None) -> bool:
    """Has the placement not begun, did it end on the day it began, or before visits were on record (`known_from`)?"""
    ended_before_the_record = known_from is not None and facts.is_over(known_from - A_DAY)
    return today < facts.start or facts.is_over(facts.start) or (ended_before_the_record and facts.is_over(today))


def satisfies_statutory_clock(visit: VisitMade, facts: PlacementFacts, rules: RulesInForce) -> bool:
    """A social worker or Personal Adviser saw the child, in this placement (C-35, C-41)."""
    return visit.seen and facts.start_at <= visit.at and is_by_the_worker(visit, rules, local_day(visit.at))


def is_by_the_worker(visit: VisitMade, rules: RulesInForce, on: date) -> bool:
    """A social worker's visit, or a Personal Adviser's while C-41 is in force."""
    if visit.role == Role.PERSONAL_ADVISER:
        return rule_in_force(ADVISER_COUNTS, rules, on) is not None
    return visit.role == Role.SOCIAL_WORKER


def rule_in_force(code: str, rules: RulesInForce, on: date) -> Rule | None:
    """The rule of this code on a day; None where none holds, or the authority has switched it off."""
    try:
        return rules.rule(code, on)
    except UnknownRule:
        return None
