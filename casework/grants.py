"""What the web and worker role of the database may do: everything but change what is only ever added to.

Run after every migration. `hearth_app` is a group without a login; the login that web and worker use is a member of it.
Where the database's owner may not create roles, whoever runs the server creates the group first.
"""

from django.apps import apps
from django.db import connections, transaction

from accounts.append_only import append_only_tables

APPLICATION = "hearth_app"

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


def grant_rights(sender, using, **kwargs):
    """Give the application's role its rights on the tables as they now stand, all at one moment."""
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        cursor.execute(CREATE)
        cursor.execute(EXISTS, [APPLICATION])
        if cursor.fetchone() is None:
            return
        cursor.execute(GRANT)
        tables = append_only_tables(apps.get_models())
        if tables:
            cursor.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {', '.join(tables)} FROM {APPLICATION}")
