"""What a standing makes due: the alarm of an arrangement that nobody signed off (D-00), the missing approval (D-08).

Pure: the whole ledger out, past entries included, as far as it is known at a moment. Time is reckoned in days of
standing (`placements.lawfulness`), turned into moments: a spell of days that belong together begins with the
arrangement itself or with the first minute of its first day, and ends with the arrangement or with the first minute of
the day that changes it.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby
from typing import Final

from accounts.roles import Role
from casework.ledger import Closed, Entry
from casework.limits import local_day, start_of
from casework.procedures import RulesInForce
from casework.wording import in_words, source
from placements.arrangement import ArrangementFacts
from placements.lawfulness import Standing, StandingPeriod, is_alarm, lacks_approval_record, standings_over
from placements.states import Lawfulness, Regulation, Setting

ALARM: Final = "D-00"
APPROVAL_UNRECORDED: Final = "D-08"


@dataclass(frozen=True, slots=True)
class Spell:
    """An unbroken time in which the standing belongs together, in moments."""

    from_on: date
    starts_at: datetime
    ends_at: datetime | None
    """The first moment after it; None where it goes on at the moment asked about."""
    standing: Standing
    """The latest standing in it."""

    def covers(self, moment: datetime) -> bool:
        """Does a moment lie in it?"""
        return self.starts_at <= moment and not _is_by(self.ends_at, moment)


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
    return list(_spells(facts, periods, is_alarm, at))


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
    for spell in _spells(facts, unrecorded, lacks_approval_record, now):
        opens_at = max(spell.starts_at, known_from) if known_from else spell.starts_at
        if opens_at > now or _is_by(spell.ends_at, opens_at) or _is_by(confirmed_at, opens_at):
            continue
        entry = _approval_to_find_out(spell, opens_at, about, facts, rules)
        if confirmed_at and confirmed_at <= now and not _is_by(spell.ends_at, confirmed_at):
            entry = replace(entry, closed_at=confirmed_at, closed_as=Closed.MET, evidence=evidence)
        elif spell.ends_at:
            how = Closed.MISSED if _is_by(entry.due_at, spell.ends_at) else Closed.NO_LONGER_DUE
            entry = replace(entry, closed_at=spell.ends_at, closed_as=how)
        entries.append(entry)
    return entries


def _alarm(spell: Spell, opens_at: datetime, about: str, role: str) -> Entry:
    """What is not regulated, since when, and why; due at once."""
    standing = spell.standing
    label = Regulation(standing.regulation).label
    lapsed = f"sign-off lapsed on {in_words(local_day(opens_at))}" if opens_at > spell.starts_at else "not signed off"
    return Entry(
        kind=ALARM,
        key=f"{ALARM}:{about}:{local_day(opens_at)}",
        role=role,
        about=about,
        opened_at=opens_at,
        due_at=opens_at,
        says=f"{label} since {in_words(spell.from_on)}, {lapsed}. {standing.reason}",
        facts=(
            ("Regulation", str(label)),
            ("Lawfulness", str(Lawfulness(standing.lawfulness).label)),
            ("Since", in_words(spell.from_on)),
        ),
    )


def _approval_to_find_out(
    spell: Spell, opens_at: datetime, about: str, facts: ArrangementFacts, rules: RulesInForce
) -> Entry:
    opened_on = local_day(opens_at)
    rule, limit = rules.rule(APPROVAL_UNRECORDED, on=opened_on), rules.limit(APPROVAL_UNRECORDED, on=opened_on)
    return Entry(
        kind=APPROVAL_UNRECORDED,
        key=f"{APPROVAL_UNRECORDED}:{about}:{opened_on}",
        role=Role.TEAM_MANAGER,
        about=about,
        opened_at=opens_at,
        due_at=limit.after(opens_at),
        says=f"{spell.standing.reason} To be found out within {limit} of {in_words(opened_on)}. {source(rule)}",
        facts=(
            ("Lives there since", in_words(facts.started_on)),
            ("Known here since", in_words(opened_on)),
            ("Missing", "; ".join(spell.standing.missing)),
        ),
    )


def _spells(
    facts: ArrangementFacts, periods: Sequence[StandingPeriod], belongs: Callable[[Standing], bool], at: datetime
) -> Iterator[Spell]:
    """The unbroken times of standings that belong together and have begun by a moment."""
    for wanted, together in groupby(periods, key=lambda period: belongs(period.standing)):
        first, *rest = together
        last = rest[-1] if rest else first
        starts_at = facts.started_at if first.from_on == facts.started_on else start_of(first.from_on)
        if wanted and starts_at <= at:
            yield Spell(first.from_on, starts_at, _end(facts, last.to_on, at), last.standing)


def _end(facts: ArrangementFacts, to_on: date | None, at: datetime) -> datetime | None:
    """The moment at which a time up to a day ended; the arrangement's own end where that comes first."""
    ends = [] if to_on is None or to_on == facts.ended_on else [start_of(to_on)]
    if facts.ended_at is not None:
        ends.append(facts.ended_at)
    end = min(ends, default=None)
    return end if _is_by(end, at) else None


def _without_oversight(
    spell: Spell, oversight: Sequence[Oversight], at: datetime
) -> Iterator[tuple[datetime, datetime | None, Oversight | None]]:
    """The parts of a spell that no oversight covers: from, until, and the oversight that ended it."""
    opens_at: datetime | None = spell.starts_at
    for signed in sorted(oversight, key=lambda row: row.from_at):
        if opens_at is None or signed.from_at > at or _is_by(spell.ends_at, signed.from_at):
            break
        if _is_by(signed.to_at, opens_at):
            continue
        if signed.from_at > opens_at:
            yield opens_at, signed.from_at, signed
        opens_at = signed.to_at
    if opens_at is not None and opens_at <= at and not _is_by(spell.ends_at, opens_at):
        yield opens_at, spell.ends_at, None


def _is_by(moment: datetime | None, at: datetime) -> bool:
    """Has a moment, if there is one, come by another?"""
    return moment is not None and moment <= at
