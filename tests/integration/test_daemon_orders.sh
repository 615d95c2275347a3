#!/bin/bash
# Orders to real terminals: what they hold, decline, silence, break-down, what was missed, a loudspeaker's half minute, a whole case.
# shellcheck disable=SC1010,SC2317 # `done` is a state here; functions are called by await
# shellcheck source=tests/integration/daemon.bash
. "$(dirname "$0")/daemon.bash"
# shellcheck disable=SC2034 # read by daemon_start
clock='{ start: "2026-07-01T08:00:00Z", rate: 10 }'
# shellcheck disable=SC2034 # read by daemon_start
more="rules: { evidence: true }"
postgres_start
daemon_start
declare -A of # the client of a unit, depot or device

# terminal KIND ID [LAST_SEQ]
terminal() {
	client_start dealer "$UNITS"
	of[$2]=$client
	client_say "$client" "send {\"kind\":\"hello\",\"$1\":\"$2\"${3:+,\"last_seq\":$3}}"
	client_hear "$client" || bad "$2: no answer to hello"
	same "$2: hello" "$(jq -r .kind <<<"$heard")" pong
}

# told ID WHAT: the next message to that terminal, in heard, is a WHAT
told() {
	client_hear "${of[$1]}" || heard='{"kind":"nothing"}'
	same "$1 is told" "$(jq -r .kind <<<"$heard")" "$2"
}

field() {
	jq -r "$1" <<<"$heard"
}

# answers ID ORDER ANSWER
answers() {
	client_say "${of[$1]}" "send {\"kind\":\"answer\",\"order\":\"$2\",\"answer\":\"$3\",\"reason\":\"test\"}"
}

# The unit whose live order fills the need for skill $2 of incident $1, not one of $3; prints "UNIT ORDER".
sent_for() {
	q "(.needs | map({key: .id, value: .skills}) | from_entries) as \$skills | [.orders[] | select(.need != null
		and (\$skills[.need] | index(\"$2\")) != null and (.state | IN(\"declined\", \"expired\", \"recalled\", \"failed\") | not)
		and (.who | IN(${3:-\"\"}) | not))][0] | \"\(.who) \(.id)\"" incident show "$1"
}

somebody_sent_for() {
	[ "$(sent_for "$@")" != "null null" ]
}

opened() {
	alarm "$@" | send | jq -r .incident
}

# refused WHAT EXIT COMMAND…
refused() {
	local what=$1 code=$2
	shift 2
	ctl "$@" >/dev/null
	same "$what: exit" $? "$code"
	holds "$what: says why" test -s "$dir/said"
}

# --- what strangers and broken terminals say --------------------------------------------------------
client_start dealer "$UNITS"
stranger=$client
# says WHAT REASON LINE
says() {
	client_say "$stranger" "$3"
	client_hear "$stranger" || heard='{}'
	same "$1" "$(jq -r '.reason // .kind' <<<"$heard")" "$2"
}
for text in '{' '[]' '{"kind":"order"}' '{"kind":5}' '{"kind":"hello"}' '{"kind":"hello","unit":7}' '{"kind":"hello","unit":"UT-1","last_seq":-1}' \
	'{"kind":"hello","unit":"UT-1","depot":"depot-north"}'; do
	says "units: $text" malformed "send $text"
done
says "units: no hello yet" not_permitted 'send {"kind":"ping"}'
says "units: nobody" unknown_source 'send {"kind":"hello","unit":"nobody"}'
says "units: too large" too_large 'fill 1000000 {"kind":"ping"}'
says "units: hello" pong 'send {"kind":"hello","unit":"FE-1"}'
for text in '{"kind":"status","status":"dancing"}' '{"kind":"answer","order":"xyz","answer":"accept"}' '{"kind":"answer","order":"O1","answer":"maybe"}'; do
	says "units: $text" malformed "send $text"
done
says "units: no such order" not_permitted 'send {"kind":"answer","order":"O999","answer":"accept"}'
says "units: an unknown coordinate system" bad_position \
	'send {"kind":"position","position":{"type":"Point","coordinates":[113.43,34.78]},"crs":"moon"}'
says "units: a receiver without a fix" bad_position 'send {"kind":"position","position":{"type":"Point","coordinates":[0,0]}}'
same "units: it stays where it was" "$(q '.position.coordinates[0] > 113' unit show FE-1)" true
says "units: ping" pong 'send {"kind":"ping"}'
client_start dealer "$UNITS"
client_say "$client" 'send {"kind":"hello","unit":"FE-1"}'
client_hear "$client"
client_hear "$stranger"
same "units: a second terminal of the same name takes over, the first is told" "$(jq -r '.detail | test("superseded")' <<<"$heard")" true

# --- the loudspeaker talks; only when that has no effect does the crew go ------------
terminal device spk-01
terminal unit WR-1
near=$(opened near-1 rcam-01 water.person_near '.data.confidence = 0.93')
told spk-01 order
same "the device's order" "$(field '"\(.device) \(.action) \(.text) \(.incident) \(.mode)"')" "spk-01 say 水深危险,请立即离开 $near actual"
same "at once: a grid worker, nobody else" "$(q '[.needs[] | select(.kind == "send") | .skills[]] | join(" ")' incident show "$near")" grid_worker
same "at once: no material" "$(q '[.needs[] | select(.kind == "supply")] | length' incident show "$near")" 0
worker=$(sent_for "$near" grid_worker)
same "the grid worker has no terminal: a call task with name and number, at once" \
	"$(q "[.[] | select(.order == \"${worker#* }\" and (.name | length > 0) and (.phone | length > 0))] | length" task list)" 1
told WR-1 order
raised=$(q '.opened' incident show "$near")
issued=$(q '.issued' order show "$(field .order)")
after_ms=$(($(date -d "$issued" +%s%3N) - $(date -d "$raised" +%s%3N)))
if [ "$after_ms" -lt 30000 ] || [ "$after_ms" -ge 36000 ]; then bad "the crew is sent $after_ms ms after the alarm"; fi
same "the crew's order" "$(field '[.order, .epoch, .seq, .incident, .task, .position, .range_m, .travel_s, .playbook, .respond_within_s, .mode] | map(. != null) | all')" true
same "its values" "$(field '"\(.unit) \(.incident) \(.playbook) \(.respond_within_s) \(.mode) \(.position.type)"')" \
	"WR-1 $near water-person-near 60 actual Point"
same "four life rings with it" "$(q '[.orders[].items[] | select(.item == "life_ring") | .quantity] | add' incident show "$near")" 4
crew_order=$(field .order)
answers WR-1 "$crew_order" accept
await 30 "the crew has accepted" is accepted .state order show "$crew_order"

# --- the same at another camera, and the person goes away -----------------------------------------
terminal device spk-05
gone=$(opened gone-1 rcam-05 water.person_near '.data.confidence = 0.93')
told spk-05 order
same "cleared" "$(alarm gone-2 rcam-05 water.person_near '.data.state = "cleared"' | send | jq -r .result)" accepted
from=$(now)
long_after() { [ $(($(date -d "$(now)" +%s) - $(date -d "$from" +%s))) -ge 40 ]; }
await 40 "forty seconds" long_after
same "cleared in time: nobody more" "$(q '[.needs[] | .skills[]] | join(" ")' incident show "$gone")" grid_worker
same "cleared in time: no material" "$(q '[.needs[] | select(.kind == "supply")] | length' incident show "$gone")" 0

# --- decline, silence, break-down -----------------------------------------------------------------
terminal depot depot-north
terminal depot depot-south
for unit in UT-1 UT-2 PUMP-2 RT-2; do terminal unit "$unit"; done
hole=$(opened hole-1 mh-001 manhole.moved)
items=$(q '.orders[] | select(.target == "depot") | .who' incident show "$hole")
told "$items" order
same "the depot's order" "$(field '"\(.depot) \(.items | length) \(.items[0].item) \(.items[0].quantity)"')" "$items 1 cone 4"
cones=$(field .order)
read -r first order < <(sent_for "$hole" utility)
told "$first" order
same "it is this one" "$(field .order)" "$order"
answers WR-1 "$order" accept
told WR-1 error
same "an order answered by somebody else" "$(field .reason)" not_permitted
answers "$first" "$order" decline
await 30 "the next best" somebody_sent_for "$hole" utility "\"$first\""
same "declined" "$(q .state order show "$order")" declined
read -r second order < <(sent_for "$hole" utility)
told "$second" order
same "the next best is told" "$(field .order)" "$order"
silent=$order
told "$second" recall # it has said nothing for 120 s
same "the silent one is told" "$(field '"\(.order) \(.incident)"')" "$silent $hole"
same "expired" "$(q .state order show "$silent")" expired
await 30 "the next best again" somebody_sent_for "$hole" utility "\"$first\", \"$second\""
read -r third order < <(sent_for "$hole" utility)
told "$third" order
answers "$third" "$order" accept
answers "$third" "$order" en_route
await 30 "the third is on its way" is en_route .state unit show "$third"
client_say "${of[$third]}" 'send {"kind":"status","status":"out_of_service"}'
await 30 "another one for the one that broke down" somebody_sent_for "$hole" utility "\"$first\", \"$second\", \"$third\""
same "out of service" "$(q .state unit show "$third")" out_of_service
same "its order is over" "$(q '.state | IN("failed", "recalled", "declined")' order show "$order")" true
read -r fourth order < <(sent_for "$hole" utility)
told "$fourth" order
fourth_seq=$(field .seq)
answers "$fourth" "$order" accept
await 30 "the fourth has accepted" is accepted .state order show "$order"

# --- a busy unit, and a terminal that was away ----------------------------------------------------
other=$(q .incident incident open --type other --place 云溪河公园 --text "第二处")
[[ $other == 2026-* ]] || bad "open by hand: $other $(cat "$dir/said")"
refused "a second order to a busy unit" 1 order send "$other" "$fourth"
same "its first order stays" "$(q .state order show "$order")" accepted
client_say "${of[$fourth]}" again
holds "with --also" ctl order send "$other" "$fourth" --also --task 顺路
also=$(q ".[] | select(.who == \"$fourth\" and .incident == \"$other\") | .id" order list)
same "both live" "$(q '[.orders[].id] | sort | join(" ")' unit show "$fourth")" "$(printf '%s\n' "$order" "$also" | sort | paste -sd ' ')"
client_say "${of[$fourth]}" "send {\"kind\":\"hello\",\"unit\":\"$fourth\",\"last_seq\":$fourth_seq}"
missed=""
for _ in 1 2 3 4; do
	client_hear "${of[$fourth]}" 2 || break
	[ "$(field .kind)" != order ] || missed+=" $(field .order)"
done
same "hello with last_seq: what was missed, and no more" "$missed" " $also"
holds "recalled" ctl order recall "$also" --reason "not needed"
told "$fourth" recall

# --- one case from the call to the end ------------------------------------------------------------
answers "$fourth" "$order" arrived
await 30 "on the scene" is working .state incident show "$hole"
worker=$(sent_for "$hole" grid_worker)
for answer in accept en_route arrived done; do
	holds "$answer on behalf of the grid worker" ctl order answer "${worker#* }" "$answer" --by 李四 --channel phone
done
holds "the depot's cones" ctl order answer "$cones" accept --by 保管员 --channel phone
client_say "${of[$fourth]}" "send {\"kind\":\"done\",\"order\":\"$order\"}"
await 30 "done" is done .state order show "$order"
for left in $(q '.orders[] | select(.state | IN("issued", "delivered", "accepted", "en_route", "arrived")) | .id' incident show "$hole"); do
	ctl order answer "$left" done --by 李四 --channel phone >/dev/null || ctl order recall "$left" --by 李四 >/dev/null
done
[ "$(q .state incident show "$hole")" = done_reported ] || ctl incident done "$hole" --by 李四 >/dev/null
same "reported done" "$(q .state incident show "$hole")" done_reported
refused "verified by the unit that did it" 4 incident verify "$hole" --by "$fourth"
refused "verified by that unit's leader" 4 incident verify "$hole" --by "$(q .leader_name unit show "$fourth")"
same "still to be verified" "$(q .state incident show "$hole")" done_reported
orders=$(q '.orders | length' incident show "$hole")
holds "a failed verification" ctl incident verify "$hole" --failed --reason 井盖仍松动 --by 王五
sent_again() { [ "$(q '.orders | length' incident show "$hole")" -gt "$orders" ]; }
await 30 "it sends again" sent_again
same "the case is open again" "$(q '.state | IN("accepted", "dispatched", "working")' incident show "$hole")" true
refused "closed too early" 1 incident close "$hole" --disposition resolved
for left in $(q '.orders[] | select(.state | IN("issued", "delivered", "accepted", "en_route", "arrived")) | .id' incident show "$hole"); do
	ctl order answer "$left" done --by 李四 --channel phone >/dev/null || ctl order recall "$left" --by 李四 >/dev/null
done
[ "$(q .state incident show "$hole")" = done_reported ] || ctl incident done "$hole" --by 李四 >/dev/null
refused "verified by the one who reported it done" 4 incident verify "$hole" --by 李四
refused "verified on nothing" 1 incident verify "$hole" --by 王五
holds "verified by another" ctl incident verify "$hole" --reason 井盖已稳固 --by 王五
same "verified" "$(q .state incident show "$hole")" verified
holds "closed" ctl incident close "$hole" --disposition resolved --by 值班员
same "the end" "$(q '"\(.state) \(.disposition) \(.orders_live)"' incident show "$hole")" "closed resolved 0"
same "no call goes on" "$(q "[.[] | select(.incident == \"$hole\")] | length" task list)" 0
same "nor a notice" "$(get /v1/notices | head -n -1 | jq "[.[] | select(.incident == \"$hole\")] | length")" 0

# Clocks go on: what differs for a moment is asked again.
orders_agree() {
	[ "$(sql -c "SELECT id || ' ' || state FROM dispatch.order_ ORDER BY id COLLATE \"C\"")" = \
		"$(q '.[] | "\(.id) \(.state)"' order list --all | LC_ALL=C sort)" ]
}
incidents_agree() {
	[ "$(sql -c "SELECT id || ' ' || state FROM dispatch.incident ORDER BY id")" = \
		"$(q '.[] | "\(.id) \(.state)"' incident list --all | sort)" ]
}
await 40 "the tables catch up" tables_caught_up
await 20 "the tables say the same of orders" orders_agree
await 20 "the tables say the same of incidents" incidents_agree
done_here
