"""Tables that are only ever added to: the database itself refuses an edit, a deletion and an emptying.

The application’s database role has neither right as well (`casework.grants`); the trigger holds against every role.
"""

import pgtrigger

REFUSE = """
    IF TG_OP = 'TRUNCATE' AND current_setting('hearth.allow_truncate', true) = 'on' THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION 'rows of % are never changed or removed', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
"""


class AppendOnly(pgtrigger.Trigger):
    """Refuses UPDATE, DELETE and TRUNCATE. Only test settings turn on `hearth.allow_truncate`."""

    name = "append_only"
    level = pgtrigger.Statement
    when = pgtrigger.Before
    operation = pgtrigger.Update | pgtrigger.Delete | pgtrigger.Truncate
    func = REFUSE


def append_only_tables(models):
    """The tables among these models that carry the trigger."""
    return [
        model._meta.db_table
        for model in models
        if any(isinstance(trigger, AppendOnly) for trigger in getattr(model._meta, "triggers", ()))
    ]
