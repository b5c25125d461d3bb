#!/bin/sh
# Sees to it that the present life of the database has a base backup that is younger than a day.
set -u
while :; do
    . "$(dirname "$0")/life.sh"
    find "$life/base" -name '*Z' -mmin -1380 2>/dev/null | grep -q . || "$(dirname "$0")/back_up.sh"
    sleep 600
done
