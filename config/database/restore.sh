#!/bin/sh
# Brings the database back from the archive into $PGDATA, which must be empty: the newest base backup, then every change
# since. UNTIL='2026-03-09 10:00+00' stops before a moment; LIFE names another folder of the archive than the newest.
set -eu
if [ -n "$(ls -A "$PGDATA" 2>/dev/null)" ]; then
    echo "$PGDATA is not empty: move what is left of the old database away first." >&2
    exit 1
fi
life=$ARCHIVE/${LIFE:-$(cd "$ARCHIVE" && ls -td -- *[0-9]-*[0-9]/wal | head -n 1 | cut -d/ -f1)}
until=${UNTIL:+$(date -u -d "$UNTIL" +%Y%m%dT%H%M%SZ)}
base=
for candidate in "$life"/base/*Z; do
    if [ -z "$until" ] || [ "$(basename "$candidate")" \< "$until" ]; then base=$candidate; fi
done
if [ ! -e "$base/backup_manifest" ]; then
    echo "$life holds no base backup${UNTIL:+ from before $UNTIL}." >&2
    exit 1
fi
echo "Restoring from $base ..."
pg_verifybackup --quiet --no-parse-wal "$base"
unfinished=$PGDATA.unfinished
rm -rf "$unfinished"
mkdir -p -m 0700 "$unfinished"
tar -xzf "$base/base.tar.gz" -C "$unfinished"
tar -xzf "$base/pg_wal.tar.gz" -C "$unfinished/pg_wal"
touch "$unfinished/recovery.signal"

# The life that begins now is archived in a folder of its own: one that began in the same way before makes room.
number=$(basename "$life" | cut -d- -f2)
next=$(basename "$life" | cut -d- -f1)-$((number + 1))
if [ -e "$ARCHIVE/$next" ]; then mv "$ARCHIVE/$next" "$ARCHIVE/before-$(date -u +%Y%m%dT%H%M%SZ)-$next"; fi

# The last file of changes is not full yet, and has another name.
take="cp '$life/wal/%f' '%p' 2>/dev/null || cp '$life/wal/%f.partial' '%p' 2>/dev/null"
sockets=$(mktemp -d)
trap 'rm -rf "$sockets"' EXIT
gave_up() {
    tail -n 20 "$unfinished/restored.log" >&2
    exit 1
}
pg_ctl --pgdata "$unfinished" --log "$unfinished/restored.log" --timeout 86400 --wait start --options "\
    -c restore_command=\"$take\" -c recovery_target_action=promote ${UNTIL:+-c recovery_target_time=\"'$UNTIL'\"} \
    -c hot_standby=off -c listen_addresses= -c unix_socket_directories=$sockets -c synchronous_standby_names=" \
    >/dev/null || gave_up
until LC_ALL=C pg_controldata "$unfinished" | grep -q 'cluster state: *in production'; do
    [ -e "$unfinished/postmaster.pid" ] || gave_up
    sleep 0.2
done
pg_ctl --pgdata "$unfinished" --mode fast --wait stop >/dev/null
if [ -e "$PGDATA" ]; then rmdir "$PGDATA"; fi
mv "$unfinished" "$PGDATA"
sed -n 's/.*last completed transaction was at log time \(.*\)/The last change brought back is of \1./p' "$PGDATA/restored.log"
echo "The database is back. Start it, and run verify_events."
