"""What the web and worker role of the database may do: everything but change what is only ever added to, or switch the
database's own guards off.

Run after every migration. `hearth_app` is a group without a login; the login that web and worker use is a member of it.
Where the database's owner may not create roles, whoever runs the server creates the group first.
"""

from django.apps import apps
from django.db import connections, transaction

from accounts.append_only import append_only_tables

APPLICATION = "hearth_app"

ENDED_NEVER_DELETED = ("accounts_appointment", "accounts_servicearea", "accounts_team", "accounts_user")

CREATE = f"""
DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{APPLICATION}') THEN
        CREATE ROLE {APPLICATION} NOLOGIN;
    END IF;
EXCEPTION WHEN insufficient_privilege OR duplicate_object OR unique_violation THEN NULL;
END $$
"""
EXISTS = "SELECT FROM pg_roles WHERE rolname = %s"
GRANT = f"""
GRANT USAGE ON SCHEMA public TO {APPLICATION};
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {APPLICATION};
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {APPLICATION};
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO {APPLICATION};
REVOKE ALL ON django_migrations FROM {APPLICATION};
GRANT SELECT ON django_migrations TO {APPLICATION};
"""  # noqa: S608 - the only name put in is the constant above

ONLY_OWNERS_IGNORE = """
CREATE OR REPLACE FUNCTION "public"._pgtrigger_should_ignore(trigger_name NAME) RETURNS BOOLEAN AS $$
BEGIN
    RETURN COALESCE(trigger_name = ANY(NULLIF(current_setting('pgtrigger.ignore', true), '')::text[]), false)
        AND current_user = (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = 'django_migrations'::regclass);
END;
$$ LANGUAGE plpgsql
"""
"""The library's own lets everybody switch triggers off by a setting of the session: guards, and the history itself."""


def grant_rights(sender, using, **kwargs):
    """Give the application's role its rights on the tables as they now stand, all at one moment."""
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        cursor.execute(CREATE)
        cursor.execute(EXISTS, [APPLICATION])
        if cursor.fetchone() is None:
            return
        cursor.execute(GRANT)
        cursor.execute(f"REVOKE DELETE ON {', '.join(ENDED_NEVER_DELETED)} FROM {APPLICATION}")
        cursor.execute(ONLY_OWNERS_IGNORE)
        tables = append_only_tables(apps.get_models())
        if tables:
            cursor.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {', '.join(tables)} FROM {APPLICATION}")
