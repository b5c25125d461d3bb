"""How what is owed after a visit is said: what, by when, and who says so."""

from datetime import datetime
from typing import Any

from casework.ledger import Entry
from casework.limits import local_day
from casework.procedures import RulesInForce
from casework.wording import due_on, source
from visits.after.owed import Owed


def owed(
    code: str,
    rules: RulesInForce,
    *,
    key: str,
    role: str,
    about: str,
    opened_at: datetime,
    due_at: datetime,
    because: str,
    facts: tuple[tuple[str, str], ...] = (),
    owner_id: int | None = None,
    **ends: Any,
) -> Owed:
    """A duty by the rule that holds on the day on which it opens. `because` is the sentence up to its day."""
    rule = rules.rule(code, local_day(opened_at))
    return Owed(
        Entry(
            kind=rule.kind,
            key=key,
            role=str(role),
            about=about,
            opened_at=opened_at,
            due_at=due_at,
            says=f"{because}, so by {due_on(due_at)}. {source(rule)}",
            facts=facts,
            owner_id=owner_id,
        ),
        **ends,
    )
