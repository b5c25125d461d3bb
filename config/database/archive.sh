#!/bin/sh
# Writes every change of the database into $ARCHIVE, on another disk, as it is made: the server waits for this before it
# acknowledges a commit. Each life of the database (from its making or its restoring on) has a folder of its own.
set -eu
. "$(dirname "$0")/life.sh"
mkdir -p "$life/wal"
export PGAPPNAME=hearth_archive  # by which the server knows whom to wait for
pg_receivewal --no-password --slot hearth_archive --create-slot --if-not-exists
exec pg_receivewal --no-password --slot hearth_archive --directory "$life/wal" --synchronous --status-interval 1
