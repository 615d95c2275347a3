# week.sh: the week of San Francisco played to a real daemon; for the tests beside it. Sourced, not run.
# shellcheck shell=bash
# shellcheck disable=SC2034 # daemon.sh reads them

root=$(cd "$(dirname "$0")/../.." && pwd -P)
here=$root/tests/real
export PYTHONDONTWRITEBYTECODE=1
week=${DISPATCH_DATA:-$root/../shared/data}/D_calls/sf_fire_2016-12-31_2017-01-07.csv.gz
# shellcheck source=tests/real/daemon.sh
. "$here/daemon.sh"

# Prepares the town in folder $1 and starts the daemon, the crews and the callers; a week in 604,800 / $2 seconds.
week_begin() {
	dir=$1 rate=$2
	[ -e "$week" ] || { echo "no $week"; exit 77; }
	rm -rf "$dir"
	mkdir -p "$dir"
	python3 "$here/sf_convert.py" "$week" "$dir" || exit 1
	town=$dir/town playbooks=$dir/playbooks clock="{start: \"2016-12-31T08:00:00Z\", rate: $rate}"
	everything_begin
	"$program/tests/real/crews" "$UNITS" "$rate" "$dir/crews.tsv" "$dir/work.tsv" "$dir/replies.jsonl" >"$dir/crews.log" 2>&1 &
	crews=$!
	helpers+=("$crews")
	"$root/ops/wait" 60 grep -q ready "$dir/crews.log" || fail "the crews found no daemon"
	"$program/alarm-player" --endpoint "$ALARMS" --server "$SERVER" --quiet --resend 0.5 --give-up 60 \
		--log "$dir/replies.jsonl" "$dir/calls.jsonl" >"$dir/player.log" 2>&1 &
	player=$!
	helpers+=("$player")
}

# Waits until $1 calls were replied to.
week_await() {
	"$root/ops/wait" 400 sh -c "[ \$(wc -l <'$dir/replies.jsonl') -ge $1 ]" || fail "no $1 replies"
}

# Waits for the end of it, and checks everything; the figures are left in $dir.txt.
week_end() {
	wait "$player" || { cat "$dir/player.log"; fail "the callers were not all answered"; }
	"$root/ops/wait" 60 grep -q over "$dir/crews.log" || fail "the crews did not get done"
	cat "$dir/player.log" "$dir/crews.log"
	tables_await
	python3 "$here/sf_report.py" "$week" "$dir/replies.jsonl" >"$dir.txt"
	result=$?
	cat "$dir.txt"
	exit "$result"
}
