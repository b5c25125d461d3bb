#!/bin/sh
# Whether the server sees that every change is written into the archive.
set -eu
PGPASSWORD=$(cat "$PGPASSWORD_FILE")
export PGPASSWORD
psql --no-password --no-align --tuples-only --dbname "$POSTGRES_DB" \
    --command "SELECT sync_state FROM pg_stat_replication WHERE application_name = 'hearth_archive'" | grep -qx sync
