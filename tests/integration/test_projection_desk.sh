#!/bin/bash
# The projections say what the API says when a sensor is parted from its case, a storm of alerts is seen at once, and who is on duty leaves the town.
# shellcheck disable=SC2016,SC2317 # jq's variables; functions called by their names
# shellcheck source=tests/integration/daemon.bash
. "$(dirname "$0")/daemon.bash"
# shellcheck source=tests/integration/projection.bash
. "$(dirname "$0")/projection.bash"
cp -r "$town" "$dir/town"
town=$dir/town
# shellcheck disable=SC2034 # read by daemon_start
clock='{ start: "2026-07-01T08:00:00Z", rate: 1 }'
postgres_start
daemon_start

counts_agree() {
	await 30 "$1: the tables catch up" tables_caught_up
	agree "$1: alarms of cases" "SELECT id, alarm_count AS alarms FROM dispatch.incident" '.[] | {id, alarms}' incident list --all
	alarms_agree "$1"
}

# The cases that wait for a person's eye.
alerts_agree() {
	await 30 "$1: the tables catch up" tables_caught_up
	same "$1" "$(sql -c "SELECT id FROM dispatch.incident WHERE alert = 'waits' ORDER BY id")" \
		"$(get /v1/alerts | head -n -1 | jq -r '.[].incident // empty' | sort)"
}

# --- a sensor becomes a case of its own -----------------------------------------------------------------
here='.data.position = {"type":"Point","coordinates":[113.4312,34.7801]}'
first=$(alarm part-1 cam-0001 manhole.broken "$here" | send | jq -r .incident)
same "another sensor, the same case" "$(alarm part-2 cam-0002 manhole.broken "$here" | send | jq -r .incident)" "$first"
for again in 3 4; do alarm "part-$again" cam-0002 manhole.broken "$here" | send >/dev/null; done
alarm part-5 cam-0002 manhole.broken "$here | .data.state = \"cleared\"" | send >/dev/null
counts_agree "joined"
own=$(q .incident incident split "$first" --device cam-0002 --by 值班员)
same "a case of its own" "$(q .alarms incident show "$own")" 3
counts_agree "parted"
same "its alarms went along" "$(sql -c "SELECT incident, count(*) FROM dispatch.alarm WHERE source = 'cam-0002' GROUP BY 1")" "$own|4"
alarm part-6 cam-0002 manhole.broken "$here" | send >/dev/null
alarm part-7 cam-0001 manhole.broken "$here" | send >/dev/null
counts_agree "told on"
holds "merged back" ctl incident merge "$own" "$first" --by 值班员
counts_agree "merged back"
daemon_kill
daemon_start
counts_agree "after a kill"

# --- a storm ----------------------------------------------------------------------------------------------
same "on duty" "$(desk shift-on '{"person":"duty-1","by":"duty-1"}')" ok
fixed_now=$(now)
for number in $(seq 10 260); do alarm "storm-$number" "$(printf 'cam-%04d' "$number")" manhole.broken; done | send >/dev/null
fixed_now=""
waiting=$(q .alerts status)
[ "$waiting" -gt 192 ] || bad "a storm of $waiting alerts"
alerts_agree "who waits"
one=$(get /v1/alerts | head -n -1 | jq -r '[.[].incident // empty][3]')
same "one is seen" "$(desk alert-ack "{\"incident\":\"$one\",\"by\":\"duty-1\"}")" ok
alerts_agree "all but one wait"
same "all are seen" "$(desk alert-ack '{"all":true,"by":"duty-2"}')" ok
alerts_agree "nobody waits"
same "who has seen what" "$(sql -c "SELECT acknowledged_by, count(*) > 192 FROM dispatch.incident WHERE acknowledged_by IN ('duty-1', 'duty-2') AND
	acknowledged_at >= alerted_at GROUP BY 1 ORDER BY 1")" "duty-1|f
duty-2|t"
same "what was seen before was not seen then" "$(sql -c "SELECT acknowledged_by FROM dispatch.incident WHERE id = '$one'")" duty-1

# --- calls that belong to no case -----------------------------------------------------------------------------
holds "a response level" ctl response set II --reason 汛情 --agreed cm-1 --by duty-1
call=$(q '[.[] | select(.incident == null)][0].id' task list)
holds "a call is taken" ctl task take "$call" --by duty-1
holds "a call is done" ctl task 'done' "$call" --note 已通知 --by duty-1
await 30 "the tables catch up" tables_caught_up
calls_agree "without a case"
same "as it ended" "$(sql -c "SELECT state, incident IS NULL, taken_by, result FROM dispatch.call_task WHERE id = '$call'")" "done|t|duty-1|已通知"
holds "the level ends" ctl response set clear --reason 汛情解除 --agreed cm-1 --by duty-1
await 30 "the tables catch up" tables_caught_up
calls_agree "when the level is over"

# --- who is on duty leaves the town --------------------------------------------------------------------------
same "another" "$(desk shift-on '{"person":"duty-5","by":"duty-5"}')" ok
sed -i '/^duty-5,/d' "$town/people.csv"
holds "the town is read again" ctl town load "$town" --by 值班员
await 30 "the tables catch up" tables_caught_up
api_says=on_desk agree "on duty" "SELECT person, name, $(at on_at since) FROM dispatch.shift WHERE off_at IS NULL" '.on_duty[] | {person, name, since}'
same "who was" "$(sql -c "SELECT string_agg(person || ' ' || (off_at IS NULL), ', ' ORDER BY person) FROM dispatch.shift")" "duty-1 true, duty-5 false"
done_here
