"""The rules in force: every limit with its code, its sentence, its source and the days between which it holds.

Each app declares its rules in `rulebook.py` and hands them to `declare` when it is loaded. Where a source leaves a
number open, the authority's own dated number (`casework.models.RuleValue`) takes its place. A rule is never edited:
the old row ends (`until`, exclusive) and a new one starts (`since`, inclusive).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from casework.limits import DayLimit, Hours, Limit


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: what must be done, how soon, and who says so."""

    code: str
    says: str
    cites: tuple[str, ...]
    limit: Limit | None = None
    """The rule's limit; None where the source states none and nothing is counted."""
    local_default: bool = False
    """True where no source states the limit: shown as "local default, no source"."""
    since: date | None = None
    """First day on which it holds, inclusive; None where it has always held."""
    until: date | None = None
    """First day on which it holds no longer; None while it holds."""

    def holds_on(self, day: date) -> bool:
        """Is the rule in force on this day?"""
        return (self.since is None or self.since <= day) and (self.until is None or day < self.until)


@dataclass(frozen=True, slots=True)
class OwnValue:
    """An authority's own number for a rule, from a day on (inclusive) until the next one."""

    code: str
    limit: Limit
    since: date


class UnknownRule(KeyError):
    """No rule of this code holds on the day asked for."""


@dataclass(frozen=True, slots=True)
class RulesInForce:
    """The declared rules with the authority's own values; pure rule functions take it as an argument."""

    rules: Mapping[str, tuple[Rule, ...]]
    own: Mapping[str, tuple[OwnValue, ...]] = field(default_factory=dict)

    def rule(self, code: str, on: date) -> Rule:
        """The rule of this code on a day. Raises UnknownRule where none holds."""
        for rule in self.rules.get(code, ()):
            if rule.holds_on(on):
                return rule
        raise UnknownRule(code)

    def limit(self, code: str, on: date) -> Limit:
        """The limit of this code on a day: the authority's own where it has set one, else the rule's.

        Raises UnknownRule where no rule holds or the rule counts nothing.
        """
        rule = self.rule(code, on)
        own = [value for value in self.own.get(code, ()) if value.since <= on]
        limit = max(own, key=lambda value: value.since).limit if own else rule.limit
        if limit is None:
            raise UnknownRule(code)
        return limit


_declared: dict[str, tuple[Rule, ...]] = {}


def declare(rules: Iterable[Rule]) -> None:
    """Add an app's rules to the book. Declaring the same rules again changes nothing."""
    for rule in rules:
        rows = _declared.get(rule.code, ())
        if rule not in rows:
            _declared[rule.code] = (*rows, rule)


def declared() -> Mapping[str, tuple[Rule, ...]]:
    """Every declared rule by its code."""
    return dict(_declared)


def rules_as_declared() -> RulesInForce:
    """The rules with the defaults of the rule tables: what holds where the authority has set nothing of its own."""
    return RulesInForce(declared())


def objections_to(own: OwnValue, *, decided_on: date) -> list[str]:
    """Why an authority cannot set a number, decided on a day; empty where it can."""
    rows = _declared.get(own.code)
    if not rows:
        return [f"No rule has the code {own.code}."]
    objections = []
    if isinstance(own.limit, Hours) and isinstance(rows[-1].limit, DayLimit):
        objections.append(f"{own.code} ends with a day, so its number cannot be one of hours.")
    if own.since <= decided_on:
        objections.append("It holds from the day after the decision at the earliest: what runs already keeps its rule.")
    return objections
