#!/bin/bash
# The desk's settings do what they say: how often the bell rings and whom it reaches, when presence is asked for; also through a kill.
# shellcheck disable=SC2016,SC2317 # jq's variables; functions called by their names
# shellcheck source=tests/integration/daemon.bash
. "$(dirname "$0")/daemon.bash"
# shellcheck disable=SC2034 # read by daemon_start
clock='{ start: "2026-07-01T00:00:00Z", rate: 60 }' more='rules: { bell_s: 300, bell_rings: 2, presence_s: 3600, presence_answer_s: 200 }'
postgres_start
daemon_start

begin=$(($(q .seq status) + 1))
desk() {
	curl -s --unix-socket "$dir/http" -d "$2" "http://localhost/v1/commands/$1"
}
shift_says() {
	get "/v1/shift?json=true" | head -n -1 | jq -r "$1"
}
# Every effect of a kind that the journal holds, with its row's time in s.
effects() {
	local from=$begin page
	while page=$(get "/v1/journal?from=$from&limit=1000" | head -n -1) && [ -n "$page" ]; do
		jq -c --arg kind "$1" '(.at[0:19] + "Z" | fromdate) as $at | .effects[]? | select(.kind == $kind) | . + {at: $at}' <<<"$page"
		from=$((from + $(wc -l <<<"$page")))
	done
}
reaches() {
	local want=$1
	shift
	[ "$("$@")" -ge "$want" ]
}
bells() { effects bell | wc -l; }
climbs() { effects bell | jq 'select(.climb > 0)' | jq -s length; }

# --- the bell ------------------------------------------------------------------------------------------
same "nothing waits" "$(q .alerts status)" 0
same "an alarm" "$(alarm desk-1 cam-0005 fire.smoke | send | jq -r .result)" accepted
same "it waits" "$(q .alerts status)" 1
same "what for" "$(get /v1/alerts | head -n -1 | jq -r '.[0].causes[0]')" opened
await 40 "it rings on" reaches 3 bells
daemon_kill
daemon_start
await 60 "through a kill, and climbs after two rings without anybody" reaches 3 climbs
same "each time once: to leaders, office, committee" "$(effects bell | jq -r 'select(.climb > 0) | .climb' | paste -sd ' ')" "1 2 3"
same "after so many rings" "$(effects bell | jq -r 'select(.climb > 0) | .ring' | paste -sd ' ')" "3 5 7"
same "never sooner than it should" "$(effects bell | jq -s '[range(1; length) as $i | .[$i].at - .[$i - 1].at | select(. < 299)] | length')" 0
same "those told" "$(effects notice | jq -r 'select(.step == 254) | .who[]' | sort -u | paste -sd ' ')" "committee leader office"
same "what is said on the telephone" "$(q '[.[] | select(.text_zh | startswith("值班台无人应答"))] | length > 0' task list)" true

# --- somebody comes ------------------------------------------------------------------------------------
same "nobody in particular" "$(desk alert-ack '{}' | jq -r .error)" invalid
same "on duty" "$(desk shift-on '{"by":"duty-1"}' | jq -r .result)" ok
same "seen" "$(desk alert-ack '{"all":true,"by":"duty-1"}' | jq -r .result)" ok
same "nobody is called any more" "$(q '[.[] | select(.text_zh | startswith("值班台无人应答"))] | length' task list)" 0
one=$(q '.[0].id' incident list)
same "it is over" "$(desk incident-cancel "{\"incident\":\"$one\",\"by\":\"duty-1\"}" | jq -r .result)" ok
rung=$(bells)

# --- presence ------------------------------------------------------------------------------------------
asked() { effects presence | jq 'select(.missed > 0)' | jq -s length; }
same "is asked for" "$(shift_says '.presence_due != null')" true
await 90 "nobody says so: it is asked for above" reaches 3 asked
same "an hour after the last word" "$(effects presence | jq -s 'map(select(.missed == 1))[0].at' >"$dir/first"
	effects alert | jq -s --argjson at "$(cat "$dir/first")" 'map(select(.to == "seen"))[-1].at as $seen | $at - $seen | . >= 3599 and . < 3900')" true
same "so long is waited for an answer" "$(effects presence | jq -s 'map(select(.missed > 0)) | .[1].at - .[0].at | . >= 199 and . < 290')" true
same "the desk's own alert" "$(get /v1/alerts | head -n -1 | jq -r '.[0] | "\(.incident) \(.causes[0])"')" "null presence"
own='[.[] | select(.incident == null and (.text_zh | startswith("值班台无人应答")))] | length'
same "those above are called, for no incident" "$(q "$own > 0" task list)" true
same "it rings, too" "$([ "$(bells)" -gt "$rung" ] && echo yes)" yes
same "present" "$(desk shift-present '{"by":"duty-1"}' | jq -r .result)" ok
same "answered" "$(shift_says .presence_missed)" 0
same "nobody is called for it any more" "$(q "$own" task list)" 0
same "and asked for no more" "$(get /v1/alerts | head -n -1 | jq '[.[] | select(.incident == null)] | length')" 0
same "something is open" "$(desk incident-open '{"type":"other","lon":113.44,"lat":34.78,"text":"树倒了","by":"duty-1"}' | jq -r .result)" ok
same "what a person opens rings for nobody" "$(get /v1/alerts | head -n -1 | jq '[.[] | select(.causes | index("opened"))] | length')" 0
same "the last one says why, while something is open" "$(desk shift-off '{"by":"duty-1"}' | jq -r .error)" invalid
same "and goes" "$(desk shift-off '{"by":"duty-1","note":"换班"}' | jq -r .result)" ok
same "nobody is asked" "$(shift_says .presence_due)" null
done_here
