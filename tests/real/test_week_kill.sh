#!/bin/bash
# The same week with the daemon killed twice, once with PostgreSQL and once without: it goes on where it was.
set -u
# shellcheck source=tests/real/week.sh
. "$(dirname "$0")/week.sh"
week_begin "$root/var/real/kill" 3000
week_await 1200
daemon_kill
daemon_begin
week_await 2300
postgres_end
week_await 2350 # help leaves without the database
daemon_kill
daemon_begin
week_await 2450
"$program/dispatchctl" --server "$SERVER" --json status | grep -q '"mode": *"island"' || fail "PostgreSQL was not missed"
postgres_begin
week_end
