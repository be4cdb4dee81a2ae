#!/bin/sh
# Copies the primary when there is no copy yet, and follows it.
set -eu
if [ ! -e "$PGDATA/PG_VERSION" ]; then
    PGPASSWORD=$REPLICATION_PASSWORD pg_basebackup --host primary --username tracker_replica \
        --pgdata "$PGDATA" --wal-method stream --write-recovery-conf \
        --create-slot --slot replica_1
fi
exec postgres -c hot_standby_feedback=on
