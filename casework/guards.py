"""What the database itself keeps of an authority's own values: one asks, another decides (`casework.proposals`).

As with the rule of two administrators (`accounts.guards`), it holds against the role of web and worker; the tables' owner
is exempt.
"""

from typing import Final

import pgtrigger

from accounts.guards import OWNER_MAY, REFUSE, holds
from casework.own_values import ASK, DECIDE

ASKER_MAY: Final = holds(ASK, "= NEW.asked_by_id", "NEW.asked_at")
DECIDER_MAY: Final = holds(DECIDE, "= NEW.decided_by_id", "NEW.decided_at")


class AsAskedAndDecided(pgtrigger.Trigger):
    """A value is what somebody asked for, and the senior manager who was named decides it while it is open."""

    name = "as_asked_and_decided"
    level = pgtrigger.Row
    when = pgtrigger.Before
    operation = pgtrigger.Insert
    func = f"""{OWNER_MAY}
    IF {DECIDER_MAY} AND EXISTS (
        SELECT FROM casework_ruleproposal AS asked
        WHERE asked.answer = '' AND asked.asked_by_id <> asked.decider_id
        AND ROW(asked.code, asked.count, asked.unit, asked.is_on, asked.since, asked.asked_by_id, asked.decider_id)
        IS NOT DISTINCT FROM ROW(NEW.code, NEW.count, NEW.unit, NEW.is_on, NEW.since, NEW.asked_by_id, NEW.decided_by_id)
    ) THEN
        RETURN NEW;
    END IF;
    {REFUSE % "% takes a value only as one asked for it and another decides it"}
    """  # noqa: S608 - nothing is put in but the constants above


class StaysAsAsked(pgtrigger.Trigger):
    """An administrator asks; what is asked stays as it is, and is answered once."""

    name = "stays_as_asked"
    level = pgtrigger.Row
    when = pgtrigger.Before
    operation = pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete
    func = f"""{OWNER_MAY}
    IF TG_OP = 'INSERT' AND NEW.answer = '' AND {ASKER_MAY} THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.answer = '' AND
        to_jsonb(NEW) - ARRAY['preview_id', 'answer', 'answered_by_id', 'answered_at', 'answered_because', 'value_id']
        IS NOT DISTINCT FROM
        to_jsonb(OLD) - ARRAY['preview_id', 'answer', 'answered_by_id', 'answered_at', 'answered_because', 'value_id'] THEN
        RETURN NEW;
    END IF;
    {REFUSE % "a row of % stays as it was asked, and is answered once"}
    """
