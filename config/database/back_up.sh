#!/bin/sh
# Takes a base backup into the archive, checks it, and forgets those of more than $DAYS_KEPT days ago with the changes that
# only they need.
set -eu
. "$(dirname "$0")/life.sh"
mkdir -p "$life/base" "$life/wal"
rm -rf "$life"/base/*.unfinished
base=$life/base/$(date -u +%Y%m%dT%H%M%SZ)
pg_basebackup --no-password --pgdata "$base.unfinished" --format tar --gzip --checkpoint fast --wal-method stream
pg_verifybackup --quiet --no-parse-wal "$base.unfinished"
mv "$base.unfinished" "$base"
sync "$life/base"
echo "$base is whole."

too_old=$(date -u -d "${DAYS_KEPT:-35} days ago" +%Y%m%dT%H%M%SZ)
for other in "$life"/base/*Z; do
    if [ "$(basename "$other")" \< "$too_old" ]; then rm -r "$other"; fi
done
oldest=$(find "$life/base" -name '*Z' | sort | head -n 1)
first=$(tar -xzOf "$oldest/base.tar.gz" backup_label | sed -n 's/^START WAL LOCATION: .*(file \(.*\))$/\1/p')
pg_archivecleanup "$life/wal" "$first"
