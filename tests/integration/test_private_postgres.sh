#!/bin/bash
# The private PostgreSQL starts from every state with its data, and the migrations keep the journal append-only.
set -u
cd "$(dirname "$0")/../.." || exit 1
if ! command -v psql >/dev/null; then
	echo "no psql"
	exit 77
fi
dir=$(mktemp -d)/pg
trap 'ops/private-postgres remove "$dir"; rm -rf "${dir%/pg}"' EXIT

die() {
	echo "$*"
	exit 1
}

sql() {
	psql -X -q -At -v ON_ERROR_STOP=1 "$@" 2>&1
}

server_pid() {
	head -n 1 "$(head -n 1 "$dir/location")/postmaster.pid"
}

# Starts it, and looks whether the one row is there.
start_finds_row() {
	ops/private-postgres start "$dir" || die "does not start: $1"
	[ "$(sql -c "SELECT count(*) FROM dispatch.journal")" = 1 ] || die "data not found: $1"
}

# Passes when role $1 is refused statement $2.
refused() {
	! said=$(sql -U "$1" -c "$2") || die "$1 may: $2"
	[[ $said == *"permission denied"* || $said == *"append-only"* ]] || die "$1: $2: $said"
}

ops/private-postgres start "$dir" || die "does not start from nothing"
places=$(ops/private-postgres env "$dir") || die "no env"
eval "export ${places//$'\n'/ }"
[ "$(sql -c "SELECT setting FROM pg_settings WHERE name = 'listen_addresses'")" = "" ] || die "listens on an address"
[ "$(sql -c "SHOW data_checksums")$(sql -c "SHOW server_encoding")" = onUTF8 ] || die "checksums or encoding"

# Chinese first, English beside it; to an English reader English alone.
[[ $(LC_ALL=zh_CN.UTF-8 ops/private-postgres status "$dir") == "正在运行,"*" / running, process "* ]] || die "status in Chinese"
[[ $(LC_ALL=en_US.UTF-8 ops/private-postgres status "$dir") == "running, process "* ]] || die "status in English"
[[ $(LC_ALL=zh_CN.UTF-8 ops/private-postgres env "$dir/none" 2>&1) == "private-postgres: 没有目录 "*" / no folder "* ]] ||
	die "a refusal in Chinese"
[[ $(LC_ALL=en_US.UTF-8 ops/private-postgres env "$dir/none" 2>&1) == "private-postgres: no folder "* ]] || die "a refusal in English"

for file in schemas/sql/*.sql; do
	name=${file##*/}
	sql -1 -U dispatch_owner -f "$file" \
		-c "INSERT INTO dispatch.schema_version (version, name) VALUES (${name%%_*}, '$name')" || die "$file"
done
[ -z "$(sql -c "SELECT c.relname FROM pg_class c WHERE relnamespace = 'dispatch'::regnamespace AND relkind = 'r'
	AND NOT EXISTS (SELECT FROM pg_constraint k JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.conkey[1]
		WHERE k.conrelid = c.oid AND k.contype = 'p' AND a.attname = 'town_id')")" ] || die "a key without town_id"

sql -c "INSERT INTO dispatch.journal (town_id, stream, seq, at, epoch, kind, body, prev_hash, hash)
	VALUES ('t', 'actual', 1, now(), 1, 'alarm', '\x01', '\x', sha256('\x01'))" || die "the daemon cannot add"
for role in dispatch dispatch_owner postgres; do
	refused "$role" "UPDATE dispatch.journal SET epoch = 2"
	refused "$role" "DELETE FROM dispatch.journal"
	refused "$role" "TRUNCATE dispatch.journal"
done
refused dispatch "SELECT dispatch.journal_retain('t', 'actual', 1, 'no')"
refused dispatch "SET ROLE dispatch_owner"

start_finds_row "left running"
kill -KILL "$(server_pid)"
start_finds_row "killed"
kill -INT "$(server_pid)"
start_finds_row "still stopping"
kill -STOP "$(server_pid)"
start_finds_row "stopped by a signal"
ops/private-postgres stop "$dir"
printf '%s\n/nowhere\n1\n5432\n/nowhere\n\n0 0\n' $$ >"$(head -n 1 "$dir/location")/postmaster.pid"
start_finds_row "a stale process file with somebody's number"
ops/private-postgres start "$dir" &
start_finds_row "two at once"
wait
ops/private-postgres stop "$dir"
ops/private-postgres status "$dir" && die "runs after stop"
exit 0
