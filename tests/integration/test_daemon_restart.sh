#!/bin/bash
# kill -9 of the daemon, of PostgreSQL and of both under a stream of alarms: nothing acknowledged is lost, doubled or contradicted.
# shellcheck disable=SC2317,SC2034 # called by await; read by daemon.bash
# shellcheck source=tests/integration/daemon.bash
. "$(dirname "$0")/daemon.bash"
postgres_start
daemon_start
player=""

# Writes $1 alarms of many devices and types to $dir/alarms; $2 goes into their ids.
alarms_make() {
	jq -cn --argjson count "$1" --arg name "$2" --arg time "$(now)" '
		["fire.smoke", "manhole.moved", "gas.leak", "medical.help", "site.dust"] as $type | range($count) |
		{specversion: "1.0", id: "\($name)-\(. / 1.1 | floor)", source: "cam-\(1001 + (. / 1.1 | floor) * 7 % 1051 | tostring | .[-4:])",
		 type: "alarm.\($type[. % 5])", time: $time, data: {state: "raised"}}' |
		jq -c '.source = "cam-" + ("000" + ((.id | split("-")[1] | tonumber) * 7 % 1051 + 1 | tostring))[-4:]' >"$dir/alarms"
}

# A sender that repeats what is not answered, until all is: 1 in 11 of its alarms is a repeat of itself.
stream_start() {
	"$bin/alarm-player" --endpoint "$ALARMS" --fast --window "${1:-40}" --resend 0.3 --give-up 40 --log "$dir/replies" --quiet \
		"$dir/alarms" >"$dir/player" 2>&1 &
	player=$!
	helpers+=("$player")
}

replies_reach() {
	[ "$(wc -l <"$dir/replies")" -ge "$1" ]
}

stream_end() {
	wait "$player" || bad "$1: the sender got no answer to some: $(cat "$dir/player")"
	same "$1: every answer says accepted or duplicate" "$(jq -r .result "$dir/replies" | grep -vcE '^(accepted|duplicate)$')" 0
}

live='"issued", "delivered", "accepted", "en_route", "arrived"'

# agrees WHAT SQL FILTER COMMAND…: the table and the console say the same; clocks run on, so it may take a few looks.
agrees() {
	local what=$1 query=$2 filter=$3 until_s=$((SECONDS + 60)) differs
	shift 3
	while differs=$(diff <(sql -F ' ' -c "$query" | sort) <(q "$filter" "$@" | sort) | head -n 6) &&
		[ -n "$differs" ] && [ "$SECONDS" -lt "$until_s" ]; do sleep 0.2; done
	same "$what" "$differs" ""
}

# What must hold at any time, of the daemon and of the database.
consistent() {
	await 120 "$1: the tables catch up" tables_caught_up
	jq -r 'select(.result == "accepted" or .result == "duplicate") | "\(.source) \(.id) \(.incident)"' "$dir/replies" | sort -u >"$dir/told"
	sql -F ' ' -c "SELECT source, id, incident FROM dispatch.alarm WHERE result = 'accepted'" | sort >"$dir/kept"
	same "$1: alarms acknowledged that are not in the tables" "$(comm -23 "$dir/told" "$dir/kept" | wc -l)" 0
	same "$1: alarms of two cases" "$(cut -d ' ' -f 1,2 "$dir/told" | sort | uniq -d | wc -l)" 0
	same "$1: gaps in the journal" \
		"$(sql -c "SELECT count(*) = max(seq) AND min(seq) = 1 FROM dispatch.journal WHERE stream = 'actual'")" t
	same "$1: the chain" "$(sql -c "SELECT * FROM dispatch.journal_broken('yulong', 'actual')")" ""
	same "$1: rows set aside" "$(sql -c "SELECT count(*) FROM dispatch.quarantine")" 0
	same "$1: units with two live orders" "$(q '[.[] | select(.orders_live > 1)] | length' unit list)" 0
	same "$1: stock below nothing" "$(q '[.[] | select(.free < 0)] | length' stock list)" 0
	agrees "$1: incidents" "SELECT id, state, alarm_count FROM dispatch.incident" \
		'.[] | "\(.id) \(.state) \(.alarms)"' incident list --all
	agrees "$1: orders" "SELECT id, incident, target, state FROM dispatch.order_" \
		'.[] | "\(.id) \(.incident) \(.who) \(.state)"' order list --all
	agrees "$1: call tasks" "SELECT id FROM dispatch.call_task WHERE state IN ('open', 'taken')" '.[].id' task list
}

# The state that must survive: of live orders, clocks and calls.
state_of() {
	q '.[] | "\(.id) \(.state) \(.alarms) \(.opened) \(.next_deadline.kind) \(.next_deadline.due)"' incident list --all
	q '.[] | "\(.id) \(.who) \(.state) \(.respond_by)"' order list --all
	q '.[] | "\(.id) \(.name) \(.phone) \(.state) \(.due)"' task list
	q '.[] | "\(.depot) \(.item) \(.on_hand) \(.reserved)"' stock list
}

# The same when nothing has moved for half a second: what is still being planned would differ across a restart.
state_at_rest() {
	local now before=""
	for _ in {1..40}; do
		now=$(state_of)
		[ "$now" != "$before" ] || break
		before=$now
		sleep 0.5
	done
	echo "$now"
}

# --- the daemon is killed, PostgreSQL stays --------------------------------------------------------
: >"$dir/replies"
alarms_make 600 one
stream_start
for at in 100 250 400; do
	await 20 "$at answers" replies_reach "$at"
	daemon_kill
	daemon_start
done
stream_end "the daemon killed three times"
consistent "the daemon killed three times"
same "all are there" "$(sql -c "SELECT count(*) FROM dispatch.alarm WHERE id LIKE 'one-%'")" "$(jq -r .id "$dir/alarms" | sort -u | wc -l)"

# --- both are killed; PostgreSQL comes later -------------------------------------------------------
mv "$dir/replies" "$dir/replies.one"
: >"$dir/replies"
alarms_make 400 two
stream_start
await 20 "100 answers" replies_reach 100
postgres_signal KILL
daemon_kill
daemon_start
same "an answer without a database" "$(alarm alone cam-0003 fire.smoke | send | jq -r .result)" accepted
same "it says island" "$(q .mode status)" island
postgres_start
stream_end "both killed"
await 30 "normal again" is normal .mode status
consistent "both killed"
same "the one that came in between" "$(sql -c "SELECT count(*) FROM dispatch.alarm WHERE id = 'alone'")" 1

# survives WHAT RESTART: the state is the same after it. A clock may come round meanwhile: then it is done once more.
survives() {
	local differs
	for _ in 1 2 3 4; do
		state_at_rest >"$dir/before"
		"$2"
		state_of >"$dir/after"
		differs=$(diff "$dir/before" "$dir/after" | head -n 6)
		[ -n "$differs" ] || break
	done
	same "$1" "$differs" ""
}

killed() {
	daemon_kill
	daemon_start
}

log_lost() {
	await 120 "the tables catch up" tables_caught_up
	rows=$(q .seq status)
	daemon_kill
	rm -rf "$dir/data"
	daemon_start
}

without_postgres() {
	postgres_start
	await 60 "normal before" is normal .mode status
	postgres_signal KILL
	kill -TERM "$DAEMON"
	wait "$DAEMON"
	same "TERM without a database" $? 0
	daemon_start
}

# --- what is open stays open -----------------------------------------------------------------------
survives "clocks, orders, calls and stock after a kill" killed

# --- the local log is lost, the database is enough -------------------------------------------------
survives "from the database alone" log_lost
[ "$(q .seq status)" -ge "$rows" ] || bad "rows lost with the local log: $(q .seq status) of $rows"
again=$(head -n 1 "$dir/alarms")
same "identities too" "$(send <<<"$again" | jq -r .result)" duplicate
consistent "from the database alone"

# --- PostgreSQL goes under load: answers within a second throughout --------------------------------
: >"$dir/replies"
alarms_make 1500 three
stream_start 10
await 20 "200 answers" replies_reach 200
postgres_signal KILL
reached=$(wc -l <"$dir/replies")
await 20 "300 more without it" replies_reach $((reached + 300))
postgres_start
stream_end "PostgreSQL killed under load"
slowest=$(jq .reply_ms "$dir/replies" | sort -g | tail -n 1)
[ "${slowest%.*}" -le 1000 ] || bad "an answer took $slowest ms while PostgreSQL was away"
await 30 "normal again" is normal .mode status
consistent "PostgreSQL killed under load"

# --- PostgreSQL is silent for some seconds: the same ------------------------------------------------
: >"$dir/replies"
alarms_make 1500 four
stream_start 10
await 20 "200 answers" replies_reach 200
postgres_signal STOP
reached=$(wc -l <"$dir/replies")
await 20 "it says island" is island .mode status
await 20 "300 more without it" replies_reach $((reached + 300))
postgres_signal CONT
stream_end "PostgreSQL silent under load"
slowest=$(jq .reply_ms "$dir/replies" | sort -g | tail -n 1)
[ "${slowest%.*}" -le 1000 ] || bad "an answer took $slowest ms while PostgreSQL was silent"
await 30 "normal again" is normal .mode status
consistent "PostgreSQL silent under load"

# --- a start without PostgreSQL --------------------------------------------------------------------
survives "a start without PostgreSQL" without_postgres
same "it answers" "$(alarm island cam-0005 fire.smoke | send | jq -r .result)" accepted
await 10 "it says how long the database has been behind" is true '.lag_s > 0.5 and .queues.projection_rows == 0' status
postgres_start
await 30 "normal again" is normal .mode status
consistent "a start without PostgreSQL"
done_here
