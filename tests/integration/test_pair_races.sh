#!/bin/bash
# test_pair_races: RACES (3) times the leader of two is killed, stopped or cut off under alarms, with crews at their terminals.
# shellcheck disable=SC2317 # called by await
# shellcheck source=tests/integration/daemon.bash
. "$(dirname "$0")/daemon.bash"
# shellcheck source=tests/integration/pair.bash
. "$(dirname "$0")/pair.bash"

races=${RACES:-3}
crews=40
a_second=10
faults=(kill stop database line both postgres)

one_leads() {
	local states
	states="$(state a) $(state b)"
	[ "$states" = "leads stands_by" ] || [ "$states" = "stands_by leads" ]
}

leader() {
	state_is a leads && echo a || echo b
}

# fault KIND LEADER     for a while, then it is as it was
fault() {
	local for_s
	for_s=$((RANDOM % 4)).$((RANDOM % 10))
	echo "race $race: $1 at $2 for $for_s s, epoch $(on "$2" status | jq .epoch)"
	case $1 in
	kill)
		node_kill "$2"
		sleep "$for_s"
		node_start "$2"
		;;
	stop)
		kill -STOP "${node[$2]}"
		sleep "$for_s"
		kill -CONT "${node[$2]}"
		;;
	database | line)
		relay_signal "$2" "$1" STOP
		sleep "$for_s"
		relay_signal "$2" "$1" CONT
		;;
	both)
		relay_signal "$2" database STOP
		relay_signal "$2" line STOP
		sleep "$for_s"
		relay_signal "$2" database CONT
		relay_signal "$2" line CONT
		;;
	postgres)
		postgres_signal STOP
		sleep "$for_s"
		postgres_signal CONT
		;;
	esac
}

# Every alarm that was answered accepted, by whichever of the two, stands in the tables.
answered_in_tables() {
	jq -r 'select(.result == "accepted" or .result == "duplicate") | .id' "$dir/replies" | sort -u >"$dir/answered"
	sql -c "SELECT id FROM dispatch.alarm" | sort -u >"$dir/known"
	comm -23 "$dir/answered" "$dir/known" >"$dir/lost"
	[ ! -s "$dir/lost" ]
}

# Orders of an older epoch than the crew has heard of, and how many of them it obeyed.
stale_orders() {
	awk '$2 == "<" && /"kind":"order"/ {
			match($0, /"epoch":[0-9]+/)
			epoch = substr($0, RSTART + 8, RLENGTH - 8) + 0
			stale[$1] = epoch < seen[$1]
			told += stale[$1]
		}
		$2 == "<" && match($0, /"epoch":[0-9]+/) {
			epoch = substr($0, RSTART + 8, RLENGTH - 8) + 0
			if (epoch > seen[$1]) seen[$1] = epoch
		}
		$2 == "派遣" { obeyed += stale[$1]; orders++ }
		END { print orders + 0, told + 0, obeyed + 0 }' "$dir/terminals"
}

postgres_start
node_prepare a
node_prepare b
node_start a
await 20 "a leads" state_is a leads
node_start b
await 20 "b stands by" one_leads

on a unit list | jq -r '.[].id' | head -n "$crews" | sed 's/.*/unit & good:5/' >"$dir/crews"
"$bin/unit-terminal" --connect "ipc://$dir/a/units" --connect "ipc://$dir/b/units" --terminals "$dir/crews" \
	--speed-factor 500 --verbose </dev/null >"$dir/terminals" 2>&1 &
helpers+=($!)
seq 1 $((races * 9 * a_second)) | jq -c --argjson from "$(date +%s)" --argjson rate "$a_second" \
	'{specversion: "1.0", id: "r\(.)", source: "cam-\("000\(. * 7 % 900 + 1)" | .[-4:])", type: "alarm.water.person_near",
	  time: (($from + 3 + . / $rate) | todate), data: {state: "raised", confidence: 0.9}}' >"$dir/alarms"
"$bin/alarm-player" --endpoint "ipc://$dir/a/alarms" --endpoint "ipc://$dir/b/alarms" --resend 1 --give-up 60 \
	--log "$dir/replies" --quiet "$dir/alarms" >"$dir/played" &
player=$!
helpers+=("$player")

for race in $(seq 1 "$races"); do
	fault "${faults[(race - 1) % ${#faults[@]}]}" "$(leader)"
	await 60 "one leads after race $race" one_leads
	sleep 1
done

wait "$player"
same "every alarm is answered" $? 0
cat "$dir/played"
await 60 "both have all" both_have_all
await 30 "every answered alarm stands in the tables" answered_in_tables
journal_sound "after $races races"
holds "the journal is whole" on "$(leader)" journal verify
read -r orders told obeyed < <(stale_orders)
same "orders of an older leader obeyed" "$obeyed" 0
[ "$orders" -gt 0 ] || bad "no order was given"
lost=$(wc -l <"$dir/lost")
echo "races=$races answered=$(wc -l <"$dir/answered") lost=$lost orders=$orders stale_orders_told=$told obeyed=$obeyed epochs=$(sql -c "SELECT
	count(DISTINCT epoch) FROM dispatch.journal") strays=$(sql -c "SELECT count(*) FROM dispatch.stray")"
done_here
