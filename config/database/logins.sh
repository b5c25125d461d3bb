#!/bin/sh
# Run once by the postgres image on an empty volume: the group that migrations grant to, the login of web and worker, the
# login of the archive. From its next start on the server acknowledges nothing that the archive has not written.
set -eu
psql --quiet --set ON_ERROR_STOP=1 --set web="$(cat "$WEB_PASSWORD_FILE")" --set archive="$(cat "$ARCHIVE_PASSWORD_FILE")" \
    --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" <<'SQL'
SELECT 'CREATE ROLE hearth_app NOLOGIN' WHERE to_regrole('hearth_app') IS NULL \gexec
SELECT 'CREATE ROLE hearth_web LOGIN IN ROLE hearth_app' WHERE to_regrole('hearth_web') IS NULL \gexec
ALTER ROLE hearth_web PASSWORD :'web';
CREATE ROLE hearth_archive LOGIN REPLICATION IN ROLE pg_read_all_stats PASSWORD :'archive';
ALTER SYSTEM SET synchronous_standby_names = 'hearth_archive';
SQL
echo "host replication hearth_archive all scram-sha-256" >> "$PGDATA/pg_hba.conf"
