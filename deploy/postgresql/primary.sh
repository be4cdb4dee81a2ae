#!/bin/sh
# Run once by the image of PostgreSQL, when the database is made.
set -eu
psql --username "$POSTGRES_USER" --dbname postgres --set ON_ERROR_STOP=1 \
    --set owner_password="$OWNER_PASSWORD" \
    --set app_password="$APP_PASSWORD" \
    --set replication_password="$REPLICATION_PASSWORD" \
    --file /deploy/roles.sql
echo "host replication tracker_replica samenet scram-sha-256" >> "$PGDATA/pg_hba.conf"
