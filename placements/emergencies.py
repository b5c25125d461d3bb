"""What an emergency makes due: with a parent before the assessment (reg 19), with carers outside their terms (reg 23).

Pure: the whole ledger out. LIMITS has a row for each limit; its duty opens with the emergency and stays, overdue, while
the child lives there without what it asks for. It is met when the law is satisfied and the child stays; where the child
left first, it is no longer due, or missed where it was overdue by then. Source: L-16, L-17.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from accounts.roles import Role
from casework.ledger import Closed, Entry
from casework.limits import end_of, start_of
from casework.procedures import RulesInForce
from casework.wording import said_day, source
from placements.arrangement import ArrangementFacts
from placements.lawfulness import Standing, StandingPeriod, is_before_assessment, is_outside_terms
from placements.situation import Situation
from placements.spells import Spell, closed_with, spells_of
from placements.states import Lawfulness, Setting


def until_the_end(situation: Situation) -> date | None:
    """Nothing but the end of the emergency meets it."""
    return None


@dataclass(frozen=True, slots=True)
class EmergencyLimit:
    """One limit of one kind of emergency."""

    code: str
    role: Role
    belongs: Callable[[Standing], bool]
    last_day: Callable[[Situation], date | None]
    """The last day on which it is in time."""
    says: str
    """What has to happen; `{day}` stands for the last day."""
    met_on: Callable[[Situation], date | None] = until_the_end


LIMITS: Final = (
    EmergencyLimit(
        "L-16",
        Role.SOCIAL_WORKER,
        is_before_assessment,
        Situation.assessment_due_on,
        "The child went to the parent before the assessment. Assessment and review are complete by {day}.",
        met_on=Situation.assessed_on,
    ),
    EmergencyLimit(
        "L-16b",
        Role.TEAM_MANAGER,
        is_before_assessment,
        Situation.decision_due_on,
        "The child went to the parent before the assessment. By {day} the nominated officer confirms the placement, or "
        "it ends.",
    ),
    EmergencyLimit(
        "L-17",
        Role.TEAM_MANAGER,
        is_outside_terms,
        Situation.last_emergency_day,
        "The terms of the carer’s approval do not cover this arrangement. By {day} they are varied, or it ends.",
    ),
)


def emergency_entries(
    facts: ArrangementFacts, periods: Sequence[StandingPeriod], rules: RulesInForce, *, about: str, now: datetime
) -> list[Entry]:
    """The duties of L-16 and L-17. `periods` are those of `standings_over(facts, rules, until=the local day of now)`.

    A short stay elsewhere owes nothing of its own.
    """
    if facts.setting == Setting.TEMPORARY:
        return []
    return [
        _entry(limit, spell, last_on, Situation(facts, spell.from_on, rules), about, now)
        for limit in LIMITS
        for spell in spells_of(facts, periods, limit.belongs, now)
        if (last_on := limit.last_day(Situation(facts, spell.from_on, rules)))
    ]


def _entry(
    limit: EmergencyLimit, spell: Spell, last_on: date, situation: Situation, about: str, now: datetime
) -> Entry:
    entry = Entry(
        kind=limit.code,
        key=f"{limit.code}:{about}:{spell.from_on}",
        role=limit.role,
        about=about,
        opened_at=spell.starts_at,
        due_at=end_of(last_on),
        says=f"{limit.says.format(day=said_day(last_on))} {source(situation.rules.rule(limit.code, on=spell.from_on))}",
        facts=(("Since", said_day(spell.from_on)), ("Last day", said_day(last_on))),
    )
    met_on = limit.met_on(situation)
    if met_on and start_of(met_on) <= now:
        return replace(entry, closed_at=max(spell.starts_at, start_of(met_on)), closed_as=Closed.MET)
    is_lawful = spell.then is not None and spell.then.lawfulness in (Lawfulness.LAWFUL, Lawfulness.LAWFUL_UNTIL)
    return closed_with(spell, entry, met=is_lawful)
