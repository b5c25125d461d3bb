"""What a standing makes due: the alarm of an arrangement that nobody signed off (D-00), and what is to be found out.

What is to be found out is the carer's approval (D-08), or whatever else is missing to be sure (C-26). Pure: the whole
ledger out, past entries included, as far as it is known at a moment, by the spells of `placements.spells`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from accounts.roles import Role
from casework.ledger import Closed, Entry
from casework.limits import local_day
from casework.procedures import RulesInForce
from casework.wording import said_day, source
from placements.arrangement import ArrangementFacts
from placements.decision_table import ADULT
from placements.lawfulness import (
    StandingPeriod,
    is_alarm,
    lacks_approval_record,
    lacks_registration_record,
    lacks_something_else,
    standings_over,
)
from placements.spells import Spell, closed_with, is_by, spells_of
from placements.states import Lawfulness, Regulation, Setting

ALARM: Final = "D-00"
APPROVAL_UNRECORDED: Final = "D-08"
NOT_KNOWN: Final = "C-26"


@dataclass(frozen=True, slots=True)
class Oversight:
    """Senior managers have signed the arrangement off (D-04), or authorised the setting (K-10), until that lapses."""

    from_at: datetime
    """The moment of the final signature."""
    to_at: datetime | None
    """The moment at which it lapses; None where none is known."""
    role: str
    """Who gave the final signature, a value of accounts.roles.Role: the alarm that it ended stays under this role."""
    evidence: str = ""
    """The record, "approvals.casediscussion:5"."""


@dataclass(frozen=True, slots=True)
class NextStep:
    """Who holds the next step towards oversight, as the chain above knows it."""

    role: str
    """A value of accounts.roles.Role."""
    says: str
    """A sentence for the alarm: "Next: the Head of Service decides on the record."."""
    owner_id: int | None = None
    """The person, where the chain names one."""


def alarm_spells(facts: ArrangementFacts, periods: Sequence[StandingPeriod], at: datetime) -> list[Spell]:
    """The unbroken times, begun by `at`, in which the arrangement needs oversight, oldest first.

    `periods` are those of `standings_over(facts, rules, until=the local day of at)`.
    """
    return list(spells_of(facts, periods, is_alarm, at))


def alarm_entries(
    facts: ArrangementFacts,
    periods: Sequence[StandingPeriod],
    oversight: Sequence[Oversight],
    next_step: NextStep,
    *,
    about: str,
    now: datetime,
) -> list[Entry]:
    """The alarm of D-00: due, and overdue, from the first minute without regulation and without oversight.

    `periods` are those of `standings_over(facts, rules, until=the local day of now)`. The alarm is met by the final
    signature, opens again when that lapses, and is no longer due when the arrangement ends or becomes regulated.
    Oversight that stands before the first minute lets no alarm begin. What lies after `now` is left out. Keys hold the
    local day of opening, and a number where an alarm opens again on that day. Source: S0 3.1.
    """
    entries: list[Entry] = []
    for spell in alarm_spells(facts, periods, now):
        for opens_at, closes_at, signed in _without_oversight(spell, oversight, now):
            entry = _alarm(spell, opens_at, about, next_step.role)
            again = sum(earlier.key.startswith(entry.key) for earlier in entries)
            if again:
                entry = replace(entry, key=f"{entry.key}:{again + 1}")
            if closes_at is None:
                entry = replace(entry, owner_id=next_step.owner_id, says=f"{entry.says} {next_step.says}")
            elif signed:
                entry = replace(entry, role=signed.role, evidence=signed.evidence)
                entry = replace(entry, closed_at=closes_at, closed_as=Closed.MET)
            else:
                entry = replace(entry, closed_at=closes_at, closed_as=Closed.NO_LONGER_DUE)
            entries.append(entry)
    return entries


def approval_entries(
    facts: ArrangementFacts,
    rules: RulesInForce,
    *,
    about: str,
    now: datetime,
    known_from: datetime | None = None,
    confirmed_at: datetime | None = None,
    evidence: str = "",
) -> list[Entry]:
    """The duty of D-08: the team manager finds out whether a carer is approved where nobody has recorded it.

    It opens when the arrangement begins, or at `known_from` (the import) where that is later, and is due within the
    limit of D-08: 5 working days, unless the authority set its own. It is met at `confirmed_at`, the moment at which
    the approval, or that there is none, was recorded. Where the arrangement or childhood ends before, it is no longer
    due, or missed where it was overdue. Facts with a recorded approval and no `confirmed_at` were complete from the
    start: no duty. A short stay elsewhere owes nothing; the usual home does. Raises UnknownRule where D-08 is not
    declared. Source: D-08, local default.
    """
    if facts.setting == Setting.TEMPORARY or (facts.approvals is not None and confirmed_at is None):
        return []
    unrecorded = standings_over(replace(facts, approvals=None), rules, until=local_day(now))
    entries: list[Entry] = []
    for spell in spells_of(facts, unrecorded, lacks_approval_record, now):
        opens_at = max(spell.starts_at, known_from) if known_from else spell.starts_at
        if opens_at > now or is_by(spell.ends_at, opens_at) or is_by(confirmed_at, opens_at):
            continue
        entry = _to_find_out(APPROVAL_UNRECORDED, Role.TEAM_MANAGER, spell, opens_at, about, facts, rules)
        if confirmed_at and confirmed_at <= now and not is_by(spell.ends_at, confirmed_at):
            entry = replace(entry, closed_at=confirmed_at, closed_as=Closed.MET, evidence=evidence)
        else:
            entry = closed_with(spell, entry, met=False)
        entries.append(entry)
    return entries


def not_known_entries(
    facts: ArrangementFacts,
    periods: Sequence[StandingPeriod],
    rules: RulesInForce,
    *,
    about: str,
    now: datetime,
    known_from: datetime | None = None,
) -> list[Entry]:
    """The duty of C-26: while it is not known how an arrangement stands, somebody finds out what is missing.

    The team manager does; a home's registration is for the placement service. A missing approval is D-08 and not asked
    for twice. It opens with the first day of not knowing, or at `known_from` (the import) where that is later. It is met
    when the facts on record tell how the arrangement stands from a later day on; where they tell it of every day, there
    was nothing to find out, and it is gone. A short stay elsewhere owes nothing while the usual home is on record.
    Raises UnknownRule where C-26 is not declared. Source: C-26, local default.
    """
    if facts.setting == Setting.TEMPORARY and facts.usual is not None:
        return []
    entries: list[Entry] = []
    for spell in spells_of(facts, periods, lacks_something_else, now):
        opens_at = max(spell.starts_at, known_from) if known_from else spell.starts_at
        if opens_at > now or is_by(spell.ends_at, opens_at):
            continue
        role = Role.PLACEMENT_SERVICE if lacks_registration_record(spell.standing) else Role.TEAM_MANAGER
        entry = _to_find_out(NOT_KNOWN, role, spell, opens_at, about, facts, rules)
        entries.append(closed_with(spell, entry, met=spell.then is not None and spell.then.row != ADULT))
    return entries


def _alarm(spell: Spell, opens_at: datetime, about: str, role: str) -> Entry:
    """What is not regulated, since when, and why; due at once."""
    standing = spell.standing
    label = Regulation(standing.regulation).label
    lapsed = f"sign-off lapsed on {said_day(local_day(opens_at))}" if opens_at > spell.starts_at else "not signed off"
    return Entry(
        kind=ALARM,
        key=f"{ALARM}:{about}:{local_day(opens_at)}",
        role=role,
        about=about,
        opened_at=opens_at,
        due_at=opens_at,
        says=f"{label} since {said_day(spell.from_on)}, {lapsed}. {standing.reason}",
        facts=(
            ("Regulation", str(label)),
            ("Lawfulness", str(Lawfulness(standing.lawfulness).label)),
            ("Since", said_day(spell.from_on)),
        ),
    )


def _to_find_out(
    code: str, role: Role, spell: Spell, opens_at: datetime, about: str, facts: ArrangementFacts, rules: RulesInForce
) -> Entry:
    opened_on = local_day(opens_at)
    rule, limit = rules.rule(code, on=opened_on), rules.limit(code, on=opened_on)
    return Entry(
        kind=code,
        key=f"{code}:{about}:{opened_on}",
        role=role,
        about=about,
        opened_at=opens_at,
        due_at=limit.after(opens_at),
        says=f"{spell.standing.reason} To be found out within {limit} of {said_day(opened_on)}. {source(rule)}",
        facts=(
            ("Lives there since", said_day(facts.started_on)),
            ("Known here since", said_day(opened_on)),
            ("Missing", "; ".join(spell.standing.missing)),
        ),
    )


def _without_oversight(
    spell: Spell, oversight: Sequence[Oversight], at: datetime
) -> Iterator[tuple[datetime, datetime | None, Oversight | None]]:
    """The parts of a spell that no oversight covers: from, until, and the oversight that ended it."""
    opens_at: datetime | None = spell.starts_at
    for signed in sorted(oversight, key=lambda row: row.from_at):
        if opens_at is None or signed.from_at > at or is_by(spell.ends_at, signed.from_at):
            break
        if is_by(signed.to_at, opens_at):
            continue
        if signed.from_at > opens_at:
            yield opens_at, signed.from_at, signed
        opens_at = signed.to_at
    if opens_at is not None and opens_at <= at and not is_by(spell.ends_at, opens_at):
        yield opens_at, spell.ends_at, None
