"""The table of decisions as people read it: who prepares, who is consulted, who decides, how long, and who says so.

A row for the sign-off of an unregulated arrangement, which has a chain of its own, and one for every kind. The page for
everybody and the generated document are made of these rows.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from accounts.roles import Role
from approvals.kinds import KINDS, Kind
from approvals.kinds.asking import Consulted
from approvals.kinds.kind import listed
from approvals.kinds.unregistered_setting import KIND as UNREGISTERED_SETTING
from approvals.rulebook import CHAIN, FOUR
from casework.procedures import Rule
from casework.sections.parts import Part

RuleOf = Callable[[str], Rule | None]
"""The rule of a code as it holds; None where it is switched off."""
SIGN_OFF: Final = "Sign-off of a child’s home with an unapproved relative or friend"
LIMIT: Final = re.compile(r"\{([A-Z]-[0-9]+[a-z]?)\}")
BEFORE: Final = "before it is decided"


@dataclass(frozen=True, slots=True)
class Limited:
    """A rule that limits a decision: its code, what it says, and the number where there is one."""

    code: str
    says: str
    limit: str


@dataclass(frozen=True, slots=True)
class Row:
    """One kind of decision."""

    code: str
    title: str
    prepares: tuple[str, ...]
    checks: str
    """Who reads it before it goes up; empty where nobody does."""
    consults: tuple[str, ...]
    decides: tuple[str, ...]
    decides_when: str
    in_time: str
    """How soon it is checked and decided."""
    holds: str
    """How long a yes holds."""
    limits: tuple[Limited, ...]
    evidence: tuple[str, ...]
    source: str


def rows(rule_of: RuleOf, record: Iterable[Part]) -> Iterator[Row]:
    """Every decision that goes up to senior managers; `record` are the parts of the record of a case discussion."""
    yield _sign_off(rule_of, record)
    for kind in KINDS.values():
        yield _of(kind, rule_of)


def _of(kind: Kind, rule_of: RuleOf) -> Row:
    decides = kind.deciders or (_decider(kind),)
    return Row(
        code=kind.code,
        title=kind.title,
        prepares=_labels(kind.prepares),
        checks=f"{kind.checks.label}, who did not write it" if kind.checks else "",
        consults=(*(_said(each) for each in kind.consults), *((kind.hears,) if kind.hears else ())),
        decides=_labels(decides),
        decides_when=kind.decides_when,
        in_time=_in_time(kind.in_time, rule_of),
        holds=_with_limits(kind.holds, rule_of),
        limits=_limits(kind.rules, rule_of),
        evidence=tuple(part.label for part in kind.parts),
        source=kind.source,
    )


def _sign_off(rule_of: RuleOf, record: Iterable[Part]) -> Row:
    codes = dict.fromkeys(row.rule for row in CHAIN)
    return Row(
        code="sign_off",
        title=SIGN_OFF,
        prepares=_labels((Role.DHOS,)),
        checks="",
        consults=(f"{listed(_labels(FOUR), 'and')}: four different people, who discuss the case and agree its record",),
        decides=_labels((Role.HOS, Role.SERVICE_DIRECTOR)),
        decides_when="The Head of Service approves, then the Service Director gives final sign-off",
        in_time=_in_time("D-03", rule_of),
        holds=_with_limits("as permanence without an end, as interim for {C-30}", rule_of),
        limits=_limits(codes, rule_of),
        evidence=tuple(part.label for part in record),
        source="Derby procedure on unregulated placements with connected persons, sections 2.3 to 2.7",
    )


def _decider(kind: Kind) -> Role:
    """Who decides where the kind alone says it."""
    return kind.decides if isinstance(kind.decides, Role) else UNREGISTERED_SETTING.decider(None)


def _said(consulted: Consulted) -> str:
    """The IRO, before it is decided."""
    return f"{consulted.who[:1].upper()}{consulted.who[1:]}, {consulted.when or BEFORE}"


def _in_time(code: str, rule_of: RuleOf) -> str:
    rule = rule_of(code)
    return str(rule.limit) if rule and rule.limit else ""


def _with_limits(words: str, rule_of: RuleOf) -> str:
    """The words, with the limits that they name by the code of their rule."""
    return LIMIT.sub(lambda named: _in_time(named[1], rule_of), words)


def _limits(codes: Iterable[str], rule_of: RuleOf) -> tuple[Limited, ...]:
    found = ((code, rule_of(code)) for code in codes)
    return tuple(Limited(code, rule.says, str(rule.limit) if rule.limit else "") for code, rule in found if rule)


def _labels(roles: Iterable[Role]) -> tuple[str, ...]:
    return tuple(str(role.label) for role in roles)
