#!/bin/sh
# Run once by the postgres image on an empty volume: the group that migrations grant to, and the login of web and worker.
set -e
psql --set ON_ERROR_STOP=1 --set password="$WEB_PASSWORD" --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" <<'SQL'
CREATE ROLE hearth_app NOLOGIN;
CREATE ROLE hearth_web LOGIN PASSWORD :'password' IN ROLE hearth_app;
SQL
