# daemon.bash: a daemon and a PostgreSQL of its own for one script, what to ask them, what to expect. Sourced, not run.
# shellcheck shell=bash
#
# Sets dir (a temporary folder), bin (the programs), and after daemon_start ALARMS UNITS FEED SERVER DAEMON.
# A script may set before daemon_start: town, playbooks, clock, limits, more (lines of the configuration).
# Everything ends with the script, by the ids of the processes that it started.
set -u
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 1
root=$PWD
bin=$(realpath -m "${BUILD:-build}")
dir=$(mktemp -d /tmp/dispatch-test.XXXXXX) || exit 1
town=$root/ops/towns/yulong
playbooks=$root/playbooks
clock="" limits="" more=""
DAEMON="" failures=0 checks=0 helpers=() client="" fixed_now=""

# shellcheck disable=SC2317 # called by the trap
everything_end() {
	local pid
	trap '' TERM INT HUP
	for pid in "${helpers[@]}" $DAEMON; do kill -KILL "$pid" 2>/dev/null; done
	wait 2>/dev/null
	"$root/ops/private-postgres" remove "$dir/pg" 2>/dev/null
	rm -rf "$dir"
}
trap everything_end EXIT
trap 'exit 1' TERM INT HUP

die() {
	echo "FAILED: $*"
	[ ! -s "$dir/log" ] || tail -n 15 "$dir/log"
	exit 1
}

# Counts a failure and goes on: one run shows them all.
bad() {
	echo "FAILED: $*"
	failures=$((failures + 1))
}

# same WHAT GOT WANTED
same() {
	checks=$((checks + 1))
	[ "$2" = "$3" ] || bad "$1: got '$2', wanted '$3'"
}

# holds WHAT COMMAND…
holds() {
	local what=$1
	checks=$((checks + 1))
	shift
	"$@" >/dev/null 2>&1 || bad "$what: $*"
}

# await SECONDS WHAT COMMAND…     until it succeeds; also shell functions
await() {
	local until_s=$((SECONDS + $1)) what=$2
	shift 2
	checks=$((checks + 1))
	until "$@" >/dev/null 2>&1; do
		if [ "$SECONDS" -ge "$until_s" ]; then
			bad "$what: not in time: $*"
			return 1
		fi
		sleep 0.03
	done
}

done_here() {
	echo "$checks checks"
	[ "$failures" -eq 0 ] && exit 0
	echo "$failures failed; the daemon's last words:"
	tail -n 15 "$dir/log"
	exit 1
}

# --- the two servers -----------------------------------------------------------------------------

postgres_start() {
	if ! command -v psql >/dev/null || ! "$root/ops/private-postgres" start "$dir/pg"; then
		echo "the private PostgreSQL does not start"
		exit 77
	fi
	eval "$("$root/ops/private-postgres" env "$dir/pg" | sed 's/^/export /')"
}

# To the server and all its children: KILL is a power cut; STOP and CONT, a network that goes silent and comes back.
postgres_signal() {
	local pid
	pid=$(head -n 1 "$(head -n 1 "$dir/pg/location")/postmaster.pid")
	# shellcheck disable=SC2046 # words
	kill "-$1" "$pid" $(pgrep -P "$pid")
}

sql() {
	psql -X -q -At -v ON_ERROR_STOP=1 "$@"
}

# Ports and socket are those of the first start, so that who is connected finds the daemon again.
configuration_write() {
	cat >"$dir/config.yaml" <<-END
		town: "$town"
		playbooks: "$playbooks"
		data: "$dir/data"
		ready_file: "$dir/ready"
		postgres:
		  conninfo: "host=$PGHOST port=$PGPORT dbname=dispatch user=dispatch"
		  migrate_conninfo: "host=$PGHOST port=$PGPORT dbname=dispatch user=dispatch_owner"
		  migrations: "$root/schemas/sql"
		listen:
		  alarms: "${ALARMS:-tcp://127.0.0.1:*}"
		  units: "${UNITS:-tcp://127.0.0.1:*}"
		  feed: "${FEED:-tcp://127.0.0.1:*}"
		  http: "unix:$dir/http"
		  insecure: true
		${clock:+clock: $clock}
		${limits:+limits: $limits}
		$more
	END
}

# Starts the daemon without waiting for it.
daemon_begin() {
	configuration_write
	rm -f "$dir/ready"
	mkdir -p "$dir/data"
	"$bin/dispatcherd" -c "$dir/config.yaml" </dev/null >>"$dir/log" 2>&1 &
	DAEMON=$!
}

daemon_await() {
	local key value
	until [ -e "$dir/ready" ]; do
		kill -0 "$DAEMON" 2>/dev/null || die "the daemon did not start"
		sleep 0.02
	done
	while IFS='=' read -r key value; do
		case "$key" in ALARMS | UNITS | FEED | SERVER) printf -v "$key" %s "$value" ;; esac
	done <"$dir/ready"
	export DISPATCH_SERVER=$SERVER DISPATCH_ALARMS=$ALARMS
}

daemon_start() {
	daemon_begin
	daemon_await
}

daemon_kill() {
	kill -KILL "$DAEMON" || die "the daemon had ended by itself"
	wait "$DAEMON" 2>/dev/null
}

# Waits until the journal has what the daemon has, and the tables what the journal has.
tables_caught_up() {
	[ "$(ctl status | jq -r '.seq == .journal_seq and .seq == .projected_seq')" = true ]
}

# --- asking --------------------------------------------------------------------------------------

# The console; its errors go to $dir/said.
ctl() {
	"$bin/dispatchctl" --json --lang en "$@" 2>"$dir/said"
}

# q FILTER COMMAND…     what jq makes of the console's answer
q() {
	local filter=$1
	shift
	ctl "$@" | jq -r "$filter"
}

# is WANTED FILTER COMMAND…     for await
is() {
	local wanted=$1
	shift
	[ "$(q "$@")" = "$wanted" ]
}

# GET $1, the status on the last line.
get() {
	curl -s --unix-socket "$dir/http" -w '\n%{http_code}' "http://localhost$1"
}

now() {
	q .now status
}

# Prints the daemon's time $1 seconds from now.
time_in() {
	date -u -d "$(now) $1 seconds" +%Y-%m-%dT%H:%M:%S.%3NZ
}

# alarm ID SOURCE TYPE [JQ]     one alarm, raised now (or at fixed_now), at no position; JQ changes it
alarm() {
	jq -cn --arg id "$1" --arg source "$2" --arg type "alarm.$3" --arg time "${fixed_now:-$(now)}" \
		"{specversion: \"1.0\", id: \$id, source: \$source, type: \$type, time: \$time, data: {state: \"raised\"}} | ${4:-.}"
}

# Sends alarms through the console, a reply a line.
send() {
	"$bin/dispatchctl" --json alarm send - 2>"$dir/said" | jq -c 'if type == "array" then .[] else . end'
}

# --- ZeroMQ --------------------------------------------------------------------------------------

# client_start KIND ENDPOINT     leaves its number in client; to it: client_say N LINE, from it: client_hear N [SECONDS]
declare -A client_in client_out
client_count=0
client_start() {
	local in out
	client=$((client_count++))
	mkfifo "$dir/client.$client.in"
	: >"$dir/client.$client.out"
	"$client_program" "$1" "$2" <"$dir/client.$client.in" >"$dir/client.$client.out" &
	helpers+=($!)
	exec {in}>"$dir/client.$client.in" {out}<"$dir/client.$client.out"
	client_in[$client]=$in
	client_out[$client]=$out
}

client_say() {
	printf '%s\n' "$2" >&"${client_in[$1]}"
}

# The next line that client $1 got, in heard; fails after $2 (30) seconds. Whether it is connected is not among them.
client_hear() {
	local until_s=$((SECONDS + ${2:-30})) part
	heard=""
	while :; do
		if IFS= read -r -u "${client_out[$1]}" part; then
			heard+=$part
			[ "$heard" = "!connected" ] || return 0
			heard=""
			continue
		fi
		heard+=$part
		[ "$SECONDS" -lt "$until_s" ] || return 1
		sleep 0.005
	done
}

# What client $1 has got that matches $2, all of it, whether heard or not.
client_got() {
	grep -c -- "$2" "$dir/client.$1.out"
}

# The head of grid YL-08-01 is in head, the unit that he leads in unit, its terminal, which has said hello, in terminal.
# shellcheck disable=SC2034 # read by those who call it
head_listens() {
	head=$(q '.[] | select(.code == "YL-08-01").head' grid list)
	unit=$(q ".[] | select(.leader == \"$head\").id" unit list)
	[ -n "$unit" ] || die "the head of the grid leads no unit"
	client_start dealer "$UNITS"
	terminal=$client
	client_say "$terminal" "send {\"kind\":\"hello\",\"unit\":\"$unit\"}"
	client_hear "$terminal"
}

client_program=$bin/tests/integration/client/wire-client
if [ "$client_program" -ot tests/integration/client/wire-client.c ]; then
	mkdir -p "$bin" # one at a time: the scripts run side by side
	flock "$bin" make -s BUILD="${BUILD:-build}" "${BUILD:-build}/tests/integration/client/wire-client" || exit 1
fi
