# Where the archive keeps the present life of the database: $life. Needs PGHOST, PGUSER, PGPASSWORD_FILE and ARCHIVE.
PGPASSWORD=$(cat "$PGPASSWORD_FILE")
export PGPASSWORD
life=$ARCHIVE/$(psql --no-password --no-align --tuples-only --field-separator=- --command "IDENTIFY_SYSTEM" \
    "replication=true" | cut -d- -f1,2)
