#!/bin/sh
# Run once by the postgres image, on an empty volume: a database and an owner for each who keeps something here.
set -eu

# The password goes through psql's own quoting.
create() {
  psql --set ON_ERROR_STOP=1 --set owner="$1" --set password="$2" --username "$POSTGRES_USER" <<'SQL'
CREATE ROLE :"owner" LOGIN PASSWORD :'password';
SQL
  shift 2
  for database in "$@"; do
    createdb --username "$POSTGRES_USER" --owner "${database%%_*}" "$database"
  done
}

create crm "$CRM_DB_PASSWORD" crm
create temporal "$TEMPORAL_DB_PASSWORD" temporal temporal_visibility
create keycloak "$KEYCLOAK_DB_PASSWORD" keycloak
