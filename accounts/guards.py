"""What the database itself keeps of the rule of two administrators (`accounts.granting`), against whoever forgets it.

It holds against the role of web and worker. The owner of the tables is exempt: migrations, the invented authority, tests
and `manage.py appoint_administrator`, which makes the first administrators of an installation.
"""

from collections.abc import Iterable
from typing import Final

import pgtrigger

from accounts.granting import STANDS_IN
from accounts.roles import GUARDED, Role

OWNER_MAY: Final = """
    IF current_user = (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID) THEN
        RETURN NEW;
    END IF;
"""
REFUSE: Final = "RAISE EXCEPTION '%s', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';"
GUARDED_ROLES: Final = ", ".join(f"'{role.value}'" for role in sorted(GUARDED))


def holds(roles: Iterable[Role], whom: str, at: str) -> str:
    """SQL: does one of these people, who is here, hold one of these roles at a moment?"""
    named = ", ".join(f"'{role.value}'" for role in sorted(roles))
    return f"""EXISTS (
        SELECT FROM accounts_appointment AS held JOIN accounts_user AS holder ON holder.id = held.user_id
        WHERE holder.is_active AND held.role IN ({named}) AND held.user_id {whom}
        AND held.starts_at <= {at} AND (held.ends_at IS NULL OR held.ends_at > {at})
    )"""


ASKER_MAY: Final = holds([Role.ADMINISTRATOR], "= NEW.asked_by_id", "NEW.asked_at")
DECIDER_MAY: Final = holds([Role.ADMINISTRATOR], "= NEW.decided_by_id", "NEW.decided_at")
ANOTHER_MAY: Final = holds([Role.ADMINISTRATOR], "NOT IN (NEW.asked_by_id, NEW.person_id)", "NEW.decided_at")
DECIDER_STANDS_IN: Final = holds([STANDS_IN], "= NEW.decided_by_id", "NEW.decided_at")


class TwoAdministratorsAppoint(pgtrigger.Trigger):
    """An appointment to a guarded role equals a confirmed request of its own. Later it may only end sooner."""

    name = "two_administrators_appoint"
    level = pgtrigger.Row
    when = pgtrigger.Before
    operation = pgtrigger.Insert | pgtrigger.Update
    condition = pgtrigger.Condition(f"NEW.role IN ({GUARDED_ROLES})")
    func = f"""{OWNER_MAY}
    IF TG_OP = 'UPDATE' THEN
        IF ROW(NEW.user_id, NEW.role, NEW.team_id, NEW.area_id, NEW.starts_at, NEW.acting_for_id, NEW.grant_id)
            IS NOT DISTINCT FROM
            ROW(OLD.user_id, OLD.role, OLD.team_id, OLD.area_id, OLD.starts_at, OLD.acting_for_id, OLD.grant_id)
            AND COALESCE(NEW.ends_at, 'infinity') <= COALESCE(OLD.ends_at, 'infinity') THEN
            RETURN NEW;
        END IF;
    ELSIF EXISTS (
        SELECT FROM accounts_grantrequest AS asked
        WHERE asked.id = NEW.grant_id AND asked.kind = 'appointment' AND asked.decision = 'confirmed'
        AND ROW(asked.person_id, asked.role, asked.team_id, asked.area_id, asked.starts_at, asked.ends_at,
            asked.acting_for_id, asked.line_manager_id)
        IS NOT DISTINCT FROM ROW(NEW.user_id, NEW.role, NEW.team_id, NEW.area_id, NEW.starts_at, NEW.ends_at,
            NEW.acting_for_id, NEW.line_manager_id)
    ) THEN
        RETURN NEW;
    END IF;
    {REFUSE % "% grants this role only as a second administrator has confirmed it"}
    """  # noqa: S608 - nothing is put in but the constants above


class TwoAdministratorsLetIn(pgtrigger.Trigger):
    """How somebody with a guarded role signs in changes, and a closed sign-in opens, only as last confirmed."""

    name = "two_administrators_let_in"
    level = pgtrigger.Row
    when = pgtrigger.Before
    operation = pgtrigger.Update
    condition = pgtrigger.Condition(
        "ROW(OLD.email, OLD.directory_name) IS DISTINCT FROM ROW(NEW.email, NEW.directory_name)"
        " OR (NEW.is_active AND NOT OLD.is_active)"
    )
    func = f"""{OWNER_MAY}
    IF NOT EXISTS (
        SELECT FROM accounts_appointment
        WHERE user_id = NEW.id AND role IN ({GUARDED_ROLES}) AND (ends_at IS NULL OR ends_at > now())
    ) THEN
        RETURN NEW;
    END IF;
    IF (NOT NEW.is_active OR OLD.is_active OR EXISTS (
        SELECT FROM accounts_grantrequest
        WHERE person_id = NEW.id AND kind = 'return' AND decision = 'confirmed' AND decided_at > COALESCE(
            (SELECT max(pgh_created_at) FROM accounts_userevent WHERE id = NEW.id AND NOT is_active), '-infinity')
    )) AND (ROW(OLD.email, OLD.directory_name) IS NOT DISTINCT FROM ROW(NEW.email, NEW.directory_name) OR (
        SELECT ROW(email, NULLIF(directory_name, '')) IS NOT DISTINCT FROM ROW(NEW.email, NEW.directory_name)
        FROM accounts_grantrequest
        WHERE person_id = NEW.id AND kind = 'sign_in' AND decision = 'confirmed' ORDER BY decided_at DESC LIMIT 1
    )) THEN
        RETURN NEW;
    END IF;
    {REFUSE % "% lets this person in only as a second administrator has confirmed it"}
    """  # noqa: S608 - nothing is put in but the constants above


class AsDecided(pgtrigger.Trigger):
    """A request stays as it was asked and is decided once, by an administrator other than the one who asked.

    Where there is no other, by whoever stands in for one (`accounts.granting`).
    """

    name = "as_decided"
    level = pgtrigger.Row
    when = pgtrigger.Before
    operation = pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete
    func = f"""
    IF TG_OP = 'DELETE' OR (TG_OP = 'UPDATE' AND (OLD.decision <> '' OR
        to_jsonb(NEW) - ARRAY['decision', 'decided_by_id', 'decided_at', 'decided_because'] IS DISTINCT FROM
        to_jsonb(OLD) - ARRAY['decision', 'decided_by_id', 'decided_at', 'decided_because'])) THEN
        {REFUSE % "a row of % stays as it was asked, and is decided once"}
    END IF;
    {OWNER_MAY}
    IF (TG_OP = 'INSERT' AND (NEW.decision <> '' OR NOT {ASKER_MAY}))
        OR (NEW.decision <> '' AND NOT {DECIDER_MAY}
            AND (NEW.decision = 'withdrawn' OR NOT {DECIDER_STANDS_IN} OR {ANOTHER_MAY})) THEN
        {REFUSE % "% is written by two administrators"}
    END IF;
    RETURN NEW;
    """
