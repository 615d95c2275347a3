# daemon.sh: a real daemon on a town of one's own, with a PostgreSQL of its own; for the scripts beside it. Sourced, not run.
# shellcheck shell=bash
#
# Needs: root (of the source), dir (an empty folder), town, playbooks, clock. Everything ends with the script.

program=${BUILD:-$root/build}
# shellcheck source=ops/lib.sh
. "$root/ops/lib.sh"

# shellcheck disable=SC2317 # called by the trap
everything_end() {
	local pid
	for pid in "${helpers[@]}"; do kill "$pid" 2>/dev/null; done
	process_end "$dir/dispatcherd.pid" 10
	"$root/ops/private-postgres" remove "$dir/pg"
}

# Writes the configuration; ports: those of the first start, so that who is connected finds the daemon again.
configuration_write() {
	cat >"$dir/dispatcher.yaml" <<-END
		town: "$town"
		playbooks: "$playbooks"
		data: "$dir/data"
		ready_file: "$dir/ready"
		postgres:
		  conninfo: "host=$PGHOST port=$PGPORT dbname=$PGDATABASE user=$PGUSER"
		  migrate_conninfo: "host=$PGHOST port=$PGPORT dbname=$PGDATABASE user=dispatch_owner"
		  migrations: "$root/schemas/sql"
		listen:
		  alarms: "${ALARMS:-tcp://127.0.0.1:*}"
		  units: "${UNITS:-tcp://127.0.0.1:*}"
		  feed: "tcp://127.0.0.1:*"
		  http: "unix:$sockets/http"
		  insecure: true
		clock: $clock
	END
}

daemon_begin() {
	configuration_write
	rm -f "$dir/ready"
	"$program/dispatcherd" -c "$dir/dispatcher.yaml" </dev/null >>"$dir/dispatcherd.log" 2>&1 &
	process_record "$dir/dispatcherd.pid" $!
	"$root/ops/wait" 60 test -e "$dir/ready" || { tail -n 20 "$dir/dispatcherd.log"; fail "the daemon did not start"; }
	ALARMS=$(sed -n 's/^ALARMS=//p' "$dir/ready")
	UNITS=$(sed -n 's/^UNITS=//p' "$dir/ready")
	SERVER=$(sed -n 's/^SERVER=//p' "$dir/ready")
}

daemon_kill() {
	local pid
	pid=$(process_recorded "$dir/dispatcherd.pid") || fail "the daemon has ended by itself"
	kill -KILL "$pid"
	process_await_end "$dir/dispatcherd.pid" 10
}

postgres_begin() {
	"$root/ops/private-postgres" start "$dir/pg" || fail "no PostgreSQL"
}

postgres_end() {
	"$root/ops/private-postgres" stop "$dir/pg"
}

# Waits until the journal has all that the daemon has, and the tables all that the journal has.
tables_await() {
	local want
	want=$("$program/dispatchctl" --server "$SERVER" --json status | sed -n 's/.*"seq": *\([0-9]*\).*/\1/p' | head -n 1)
	"$root/ops/wait" 120 psql -X -q -v ON_ERROR_STOP=1 -c \
		"SELECT 1 / count(*) FROM dispatch.projected_seq WHERE seq >= ${want:-0} AND seq = (SELECT max(seq) FROM dispatch.journal)" ||
		fail "the tables did not catch up"
}

everything_begin() {
	local places
	helpers=()
	sockets=$(mktemp -d /tmp/dispatch-real.XXXXXX) || exit 1
	trap 'everything_end; rm -rf "$sockets"' EXIT
	trap 'exit 1' TERM INT HUP
	postgres_begin
	places=$("$root/ops/private-postgres" env "$dir/pg") || exit 1
	eval "export ${places//$'\n'/ }"
	daemon_begin
}
