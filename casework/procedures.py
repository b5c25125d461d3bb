"""The rules in force: every limit with its code, its sentence, its source and the days between which it holds.

Each app declares its rules in `rulebook.py` and hands them to `declare` when it is loaded. An authority's own dated value
(`casework.models.RuleValue`) takes the place of a number where `may_set` says that it may (`casework.own_values`), or
switches a rule on or off. A rule is never edited: the old row ends (`until`, exclusive) and a new one starts (`since`,
inclusive); with the row of a statute ends what the authority had set for it.

A deadline keeps the rule of the day on which it started. A value that takes along what runs reaches deadlines that
started earlier as well, where the rules are asked as they stand for what still ran on its first day (`reaching_back_from`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import Enum
from functools import lru_cache

from accounts.roles import Role
from casework.limits import Limit


class MaySet(Enum):
    """What an authority may set of its own for a rule."""

    NOTHING = "nothing"
    ANY = "any number: no source states one"
    SHORTER = "a shorter number: the source's is the longest"
    LONGER = "a longer number: the source's is the shortest"
    SWITCH = "whether it holds"


@dataclass(frozen=True, slots=True)
class OwnValue:
    """An authority's own value for a rule, from a day on (inclusive) until the next one: a number, or whether it holds."""

    code: str
    limit: Limit | None
    since: date
    is_on: bool | None = None
    """For a rule that is switched: does it hold? None for a number."""
    takes_running_along: bool = False
    """Does it hold also for deadlines that run on its first day?"""


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
    about: str = ""
    """What it is about, as the page of procedures groups the rules."""
    owed_by: tuple[Role, ...] = ()
    """The roles that owe what it makes due; empty where it makes nothing due."""
    duties: str = ""
    """The code under which its duties stand, where that is another's."""
    acts: str = ""
    """Where it acts: what it makes due, from when, or what else hangs on it."""
    sets: MaySet | None = None
    """What an authority may set, where that is not what the source and the limit make of it: see `may_set`."""
    at_most: Limit | None = None
    """The longest that an authority may set although no source states the number itself; `at_most_because` says why."""
    at_most_because: str = ""
    own: OwnValue | None = None
    """The authority's own value in force: put here by RulesInForce, never declared."""

    def holds_on(self, day: date) -> bool:
        """Is the rule in force on this day?"""
        return (self.since is None or self.since <= day) and (self.until is None or day < self.until)

    @property
    def may_set(self) -> MaySet:
        """What an authority may set: any number where no source states one, a shorter one where one does."""
        if self.sets is not None:
            return self.sets
        if self.limit is None:
            return MaySet.NOTHING
        return MaySet.ANY if self.local_default else MaySet.SHORTER

    @property
    def kind(self) -> str:
        """The code under which its duties stand."""
        return self.duties or self.code


class UnknownRule(KeyError):
    """No rule of this code holds on the day asked for."""


@dataclass(frozen=True, slots=True)
class RulesInForce:
    """The declared rules with the authority's own values; pure rule functions take it as an argument."""

    rules: Mapping[str, tuple[Rule, ...]]
    own: Mapping[str, tuple[OwnValue, ...]] = field(default_factory=dict)
    running_on: date | None = None
    """Asked for deadlines that still run on this day: values that take them along, up to this day, hold for them."""

    def rule(self, code: str, on: date) -> Rule:
        """The rule of this code on a day, with the authority's own value where one holds.

        Raises UnknownRule where none holds, or the authority has switched it off.
        """
        rule = _row(self.rules, code, on)
        own = self.own_value(rule, on) if rule else None
        if rule is None or (own and own.is_on is False):
            raise UnknownRule(code)
        return _with_own(rule, own) if own else rule

    def limit(self, code: str, on: date) -> Limit:
        """The limit of this code on a day: the authority's own where it has set one, else the rule's.

        Raises UnknownRule where no rule holds or the rule counts nothing.
        """
        limit = self.rule(code, on).limit
        if limit is None:
            raise UnknownRule(code)
        return limit

    def own_value(self, rule: Rule, on: date) -> OwnValue | None:
        """The authority's own value for a row on a day; what was set for one row of a statute is not for the next."""
        values = [value for value in self.own.get(rule.code, ()) if self._holds(value, on) and _is_for(value, rule)]
        return max(values, key=lambda value: value.since, default=None)

    def _holds(self, value: OwnValue, on: date) -> bool:
        reached = value.takes_running_along and self.running_on is not None and value.since <= self.running_on
        return value.since <= on or reached

    def days_that_take_along(self, until: date) -> list[date]:
        """The first days, up to and with `until`, of the values that take running deadlines along, in order."""
        values = [value for values in self.own.values() for value in values if value.takes_running_along]
        return sorted({value.since for value in values if value.since <= until})

    def reaching_back_from(self, day: date) -> "RulesInForce":
        """The same rules as they stand for deadlines that still run on a day."""
        return replace(self, running_on=day)

    def with_own(self, value: OwnValue) -> "RulesInForce":
        """The same rules with one more value of the authority's own."""
        return replace(self, own={**self.own, value.code: (*self.own.get(value.code, ()), value)})


def _row(rules: Mapping[str, tuple[Rule, ...]], code: str, on: date) -> Rule | None:
    return next((rule for rule in rules.get(code, ()) if rule.holds_on(on)), None)


def _is_for(value: OwnValue, rule: Rule) -> bool:
    return rule.may_set not in (MaySet.SHORTER, MaySet.LONGER) or rule.holds_on(value.since)


@lru_cache(maxsize=10_000)
def _with_own(rule: Rule, own: OwnValue) -> Rule:
    return replace(rule, own=own, limit=own.limit or rule.limit)


_declared: dict[str, tuple[Rule, ...]] = {}


def declare(rules: Iterable[Rule], *, about: str = "") -> None:
    """Add an app's rules to the book, all about one thing unless a rule says its own. Again, it changes nothing."""
    for declared_rule in rules:
        rule = replace(declared_rule, about=about) if about and not declared_rule.about else declared_rule
        rows = _declared.get(rule.code, ())
        if rule not in rows:
            _declared[rule.code] = (*rows, rule)


def declared() -> Mapping[str, tuple[Rule, ...]]:
    """Every declared rule by its code."""
    return dict(_declared)


def row_on(code: str, day: date) -> Rule | None:
    """The declared row of a code that holds on a day; None where none does."""
    return _row(_declared, code, day)


def rules_as_declared() -> RulesInForce:
    """The rules with the defaults of the rule tables: what holds where the authority has set nothing of its own."""
    return RulesInForce(declared())
