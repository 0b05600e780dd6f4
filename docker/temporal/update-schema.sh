#!/bin/sh
# Brings both databases of Temporal to the schema of this version. May be repeated.
# https://docs.temporal.io/self-hosted-guide/upgrade-server
set -eu

update() {
  tool="temporal-sql-tool --plugin postgres12 --ep postgres --port 5432 --user temporal --db $1"
  $tool setup-schema --version 0.0 || echo "schema of $1: there already"
  $tool update-schema --schema-dir "/etc/temporal/schema/postgresql/v12/$2/versioned"
}

update temporal temporal
update temporal_visibility visibility
