#!/bin/bash
# ops/run: a daemon that is killed is started again, loudly, where it was; five deaths in a minute are the end; TERM ends all.
# shellcheck disable=SC2317 # called by await
set -u
cd "$(dirname "$0")/../.." || exit 1
if ! command -v psql >/dev/null; then
	echo "no psql"
	exit 77
fi
bin=$(realpath -m "${BUILD:-build}")
top=$(mktemp -d /tmp/dispatch-test.XXXXXX) || exit 1
failures=0
# shellcheck source=ops/lib.sh
. ops/lib.sh
everything_end() {
	ops/stop "$top/run" 2>/dev/null
	ops/private-postgres remove "$top/run/pg" 2>/dev/null
	rm -rf "$top"
}
trap everything_end EXIT

bad() {
	echo "FAILED: $*"
	failures=$((failures + 1))
}

await() {
	local until_s=$((SECONDS + $1)) what=$2
	shift 2
	until "$@" >/dev/null 2>&1; do
		[ "$SECONDS" -lt "$until_s" ] || { bad "$what: not in time"; tail -n 20 "$top/said"; exit 1; }
		sleep 0.05
	done
}

# begin LANGUAGE FOLDER-OF-PROGRAMS
begin() {
	env -u LC_ALL -u LC_MESSAGES LANG="$1" BUILD="$2" ops/run "$top/run" </dev/null >>"$top/said" 2>&1 &
	runs=$!
}
is_state() { [ "$(cat "$top/run/state")" = "$1" ]; }
is_new() {
	local pid
	pid=$(process_recorded "$top/run/dispatcherd.pid") && [ "$pid" != "$was" ] && is_state running && [ -e "$top/run.env" ]
}
answers() { "$bin/dispatchctl" --server "$DISPATCH_SERVER" --json status | jq -e .seq; }

begin C.UTF-8 "$bin"
await 120 "starts" is_state running
# shellcheck disable=SC1091 # made by ops/run
. "$top/run.env"
was_alarms=$DISPATCH_ALARMS was_server=$DISPATCH_SERVER
was=$(process_recorded "$top/run/dispatcherd.pid")
"$bin/dispatchctl" --server "$DISPATCH_SERVER" --json incident open --type fire --place 云溪河水闸 --new --by duty-1 >/dev/null ||
	bad "no incident"
kill -KILL "$was"
await 120 "starts it again" is_new
# shellcheck disable=SC1091 # made by ops/run
. "$top/run.env"
[ "$DISPATCH_ALARMS $DISPATCH_SERVER" = "$was_alarms $was_server" ] || bad "listens elsewhere: $DISPATCH_ALARMS $DISPATCH_SERVER"
await 30 "answers" answers
[ "$("$bin/dispatchctl" --server "$DISPATCH_SERVER" --json incident list | jq length)" = 1 ] || bad "the incident is gone"
grep -q '!!! 守护程序意外终止(退出码 137).* / !!! the daemon has died (exit 137)' "$top/said" || bad "the death is not said"
grep -q '已重新启动' "$top/said" || bad "the new start is not said"
kill -TERM "$runs"
wait "$runs" || bad "TERM: exit $?"
[ ! -e "$top/run.env" ] || bad "run.env is left"
process_recorded "$top/run/dispatcherd.pid" && bad "the daemon is left"

# a program that says it is ready and dies
mkdir "$top/bin"
cat >"$top/bin/dispatcherd" <<-'END'
	#!/bin/sh
	echo "SERVER=unix:/nowhere" >"$(sed -n 's/^ready_file: "\(.*\)"/\1/p' "$2")"
	sleep 0.2
	exit 3
END
chmod +x "$top/bin/dispatcherd"
: >"$top/said"
begin en_US.UTF-8 "$top/bin"
wait "$runs" && bad "gives up: exit 0"
[ "$(grep -c 'the daemon has died (exit 3)' "$top/said")" = 5 ] || bad "deaths: $(cat "$top/said")"
grep -q '5 deaths within a minute: given up' "$top/said" || bad "giving up is not said"
grep -q '守护' "$top/said" && bad "Chinese for an English reader"
said=$(env -u LC_ALL -u LC_MESSAGES LANG=zh_CN.UTF-8 ops/stop "$top/run" 2>&1)
[[ $said == *已停止*stopped* ]] || bad "ops/stop: $said"
said=$(env -u LC_ALL -u LC_MESSAGES LANG=en_US.UTF-8 ops/stop "$top/nowhere" 2>&1)
[ "$said" = "stop: nothing runs" ] || bad "ops/stop nowhere: $said"
exit $((failures > 0))
