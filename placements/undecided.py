"""A child lives with a parent without the decision that this needs: it is put forward (L-15, C-20).

Pure. A child in care lives there by a decision taken before the move (L-15); where there is neither one nor a stay before
the assessment (regulation 19), it is put to the agency decision maker. A child who is accommodated and lives with a parent
is looked after no longer: the end of care is put forward and recorded (C-20). Short breaks are no such case. Each opens
with the move, or when an import brings it. It is met when the facts on record say so; where the child left first, it is
no longer due, or missed where it was overdue by then.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from accounts.roles import Role
from casework.ledger import Entry
from casework.limits import local_day
from casework.procedures import RulesInForce
from casework.wording import said_day, source
from placements.arrangement import ArrangementFacts
from placements.decision_table import ADULT
from placements.lawfulness import StandingPeriod, is_accommodated_with_parent, lacks_decision
from placements.situation import Situation
from placements.spells import Spell, closed_with, is_by, spells_of
from placements.states import Setting

UNDECIDED: Final = "L-15"
NOT_LOOKED_AFTER: Final = "C-20"
ACCOMMODATED: Final = "V2"
"""Under section 20, and not for short breaks (V3, V4)."""
SAYS: Final = {
    UNDECIDED: "The child is in care and lives with a parent, and no decision of the agency decision maker is on record. "
    "It is put forward",
    NOT_LOOKED_AFTER: "The child was accommodated and lives with a parent, and so is not looked after. The end of care is "
    "put forward and recorded",
}


def undecided_entries(
    facts: ArrangementFacts,
    periods: Sequence[StandingPeriod],
    rules: RulesInForce,
    *,
    about: str,
    now: datetime,
    known_from: datetime | None = None,
) -> Iterator[Entry]:
    """The duties of L-15 and C-20. `periods` are those of `standings_over(facts, rules, until=the local day of now)`."""
    if facts.setting != Setting.PARENT:
        return
    for code, belongs in ((UNDECIDED, lacks_decision), (NOT_LOOKED_AFTER, is_accommodated_with_parent)):
        for spell in spells_of(facts, periods, belongs, now):
            opens_at = max(spell.starts_at, known_from) if known_from else spell.starts_at
            if opens_at > now or is_by(spell.ends_at, opens_at) or not _asks(code, spell, facts, rules):
                continue
            entry = _entry(code, opens_at, facts, rules, about)
            yield closed_with(spell, entry, met=spell.then is not None and spell.then.row != ADULT)


def _asks(code: str, spell: Spell, facts: ArrangementFacts, rules: RulesInForce) -> bool:
    return code == UNDECIDED or Situation(facts, spell.from_on, rules).legal_code() == ACCOMMODATED


def _entry(code: str, opens_at: datetime, facts: ArrangementFacts, rules: RulesInForce, about: str) -> Entry:
    opened_on = local_day(opens_at)
    rule, limit = rules.rule(code, on=opened_on), rules.limit(code, on=opened_on)
    return Entry(
        kind=code,
        key=f"{code}:{about}:{opened_on}",
        role=Role.TEAM_MANAGER,
        about=about,
        opened_at=opens_at,
        due_at=limit.after(opens_at),
        says=f"{SAYS[code]} within {limit} of {said_day(opened_on)}. {source(rule)}",
        facts=(("Lives there since", said_day(facts.started_on)), ("Known here since", said_day(opened_on))),
    )
