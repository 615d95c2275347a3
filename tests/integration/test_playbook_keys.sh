#!/bin/bash
# Every key of a playbook does what it says, in the daemon; which keys there are is read from the reader's tables.
# shellcheck disable=SC1010,SC2016,SC2034,SC2317 # jq's variables; read by daemon.bash; functions called by await
# shellcheck source=tests/integration/daemon.bash
. "$(dirname "$0")/daemon.bash"

# The tables of dispatcher/playbook: SECTION.KEY, the head's as root.KEY.
keys=$(awk '/^static const struct field [a-z]+_fields/ { section = $5; sub(/_fields.*/, "", section) }
	match($0, /^\t\{"[a-z_]+",/) { print section "." substr($0, RSTART + 3, RLENGTH - 5) }' dispatcher/playbook/plan.c dispatcher/playbook/step.c | sort -u)
[ "$(wc -l <<<"$keys")" -ge 50 ] || die "the tables are not read: $keys"
: >"$dir/seen"

# shows "KEY…" GOT WANTED
shows() {
	local key
	same "$1" "$2" "$3"
	for key in $1; do
		grep -qxF "$key" <<<"$keys" || bad "there is no key $key"
		[ "$2" != "$3" ] || echo "$key" >>"$dir/seen"
	done
}
# `expect` holds cases; test_playbook_expect plays them against the core.
grep -q 'expect' tests/property/test_playbook_expect.c && echo root.expect >>"$dir/seen"

mkdir "$dir/plans"
playbooks=$dir/plans
clock='{ start: "2026-07-01T08:00:00Z", rate: 10 }'
configuration_write() {
	cat >"$dir/config.yaml" <<-END
		town: "$town"
		playbooks: "$playbooks"
		data: "$dir/data"
		ready_file: "$dir/ready"
		clock: $clock
		listen: { alarms: "tcp://127.0.0.1:*", units: "tcp://127.0.0.1:*", feed: "tcp://127.0.0.1:*", http: "unix:$dir/http", insecure: true }
	END
}

# plan LINE…     the only playbook from now on; what is not said: one crew for a manhole
plan() {
	local line given=" "
	for line; do given+="${line%%:*} "; done
	{
		for line; do echo "$line"; done
		[[ $given == *" playbook "* ]] || echo "playbook: p"
		[[ $given == *" title "* ]] || echo "title: T"
		[[ $given == *" match "* ]] || echo "match: { type: [alarm.manhole.moved] }"
		[[ $given == *" incident "* ]] || echo "incident: { type: manhole, priority: 3 }"
		[[ $given == *" steps "* ]] || echo "steps: [ { send: { skills: [utility], count: 1 } } ]"
	} >"$dir/plans/p.yaml"
	[ -z "$DAEMON" ] || ctl playbook reload >/dev/null || bad "$*: $(cat "$dir/said" "$dir/plans/p.yaml")"
}
# The case of an alarm of the next manhole; $1: jq's change of it.
holes=0
fire() {
	holes=$((holes + 1))
	alarm "f$holes-$RANDOM" "$(printf 'mh-%03d' "$holes")" manhole.moved "${1:-.}" | send | jq -r .incident >"$dir/fired"
	case_1=$(cat "$dir/fired")
}
shown() { q "$1" incident show "$case_1"; }
# Which playbook would answer this alarm.
answers() {
	alarm e1 "${2:-mh-040}" "${3:-manhole.moved}" "$1" >"$dir/alarm"
	q .playbook playbook explain "$dir/alarm"
}
# seconds FROM TO
seconds() { jq -n --arg a "$1" --arg b "$2" '[$a, $b] | map((.[0:19] + "Z" | fromdate) + (.[20:23] | tonumber / 1000)) | .[1] - .[0] | round'; }

plan
daemon_start

# --- the head ------------------------------------------------------------------------------------------
plan "playbook: other-id" "title: 另一个标题" 'incident: { type: gas, priority: 2, grade: 较大, response_level: III }'
fire
shows "root.playbook root.title" "$(shown '"\(.playbook) \(.title)"')" "other-id 另一个标题"
shows "root.incident incident.type incident.priority incident.grade incident.response_level" \
	"$(shown '"\(.type) \(.priority) \(.grade) \(.response_level)"')" "gas 2 larger III"
plan 'match: { type: [alarm.manhole.broken] }'
shows "root.match match.type" "$(answers .) $(answers . mh-040 manhole.broken)" "null p"
plan 'match: { type: [alarm.manhole.moved], confidence: 0.6 }'
shows "match.confidence" "$(answers '.data.confidence = 0.59') $(answers '.data.confidence = 0.6')" "null p"
gauge=$(awk -F , '$2 == "level_gauge" { print $1; exit }' "$town/devices.csv")
plan 'match: { type: [alarm.water.level], value: { above: 2, below: 3, unit: m } }'
level() { answers ".data.value = $1 | .data.unit = \"$2\"" "$gauge" water.level; }
shows "match.value value.above value.below value.unit" "$(level 2 m) $(level 2.1 m) $(level 3 m) $(level 250 cm) $(level 250 m)" "null p null p null"
plan "match: { type: [alarm.manhole.moved], grid: [$(q .grid device show mh-040)] }"
far=$(q '.[] | select(.id | startswith("mh-")) | "\(.grid) \(.id)"' device list | grep -v "^$(q .grid device show mh-040) " | tail -n 1)
shows "match.grid" "$(answers . mh-040) $(answers . "${far#* }")" "p null"
plan 'match: { type: [alarm.manhole.moved], hours: "15:00-22:00" }'
inside=$(answers .)
plan 'match: { type: [alarm.manhole.moved], hours: "23:00-05:00" }'
shows "match.hours" "$inside $(answers .)" "p null"
plan 'match: { type: [alarm.manhole.moved], warning: [red] }'
before=$(answers .)
holds "red" ctl warning set red rainstorm --until "$(time_in +36000)"
shows "match.warning" "$before $(answers .)" "null p"
holds "none" ctl warning clear rainstorm
plan 'match: { type: [alarm.manhole.moved], modes: [IV] }'
before=$(answers .)
holds "IV" ctl response set IV --reason x
shows "match.modes" "$before $(answers .)" "null p"
holds "none" ctl response set clear --reason x

# --- further alarms -----------------------------------------------------------------------------------------
point() { echo ".data.position = {type: \"Point\", coordinates: [$1, 34.7801]}"; }
pair() { # the cases of two sensors, the second at LON $1
	fire "$(point 113.4312)"
	first=$case_1
	fire "$(point "$1")"
	[ "$first" = "$case_1" ] && echo one || echo two
}
plan 'correlate: { within_m: 3000, within_s: 600 }'
joined=$(pair 113.4512)
ctl incident cancel "$case_1" --reason x >/dev/null
plan 'correlate: { within_m: 500, within_s: 600 }' "title: T2"
shows "root.correlate correlate.within_m" "$joined $(pair 113.4512)" "one two"
for id in $(q '.[].id' incident list); do ctl incident cancel "$id" --reason x >/dev/null; done
plan 'correlate: { within_m: 3000, within_s: 2 }' "title: T3"
fire "$(point 113.4312)"
first=$case_1 since=$(now)
later() { [ "$(seconds "$since" "$(now)")" -ge "$1" ]; }
await 10 "five seconds" later 5
fire "$(point 113.4312)"
shows "correlate.within_s" "$([ "$first" = "$case_1" ] && echo one || echo two)" two
for id in $(q '.[].id' incident list); do ctl incident cancel "$id" --reason x >/dev/null; done
plan 'correlate: { within_m: 3000, within_s: 600 }' 'upgrade: { sensors: 3, within_s: 600, to: 3 }' 'levels: { 3: [ { send: { skills: [medic], count: 1 } } ] }'
pair 113.4322 >/dev/null
two=$(shown .level)
fire "$(point 113.4318)"
shows "root.upgrade root.levels upgrade.sensors upgrade.to" "$two $(shown '"\(.level) \([.needs[].skills[]] | sort | join(" "))"')" "1 3 medic utility"
ctl incident cancel "$case_1" --reason x >/dev/null
plan 'correlate: { within_m: 3000, within_s: 600 }' 'upgrade: { sensors: 2, within_s: 2, to: 2 }' 'levels: { 2: [ { send: { skills: [medic], count: 1 } } ] }'
fire "$(point 113.4312)"
since=$(now)
await 10 "five seconds" later 5
fire "$(point 113.4312)"
shows "upgrade.within_s" "$(shown .level)" 1
for id in $(q '.[].id' incident list); do ctl incident cancel "$id" --reason x >/dev/null; done

# --- release and clocks ----------------------------------------------------------------------------------------
plan 'release: confirm' 'confirm: { within_s: 20, then: dispatch }'
fire
same "it waits" "$(shown '"\(.held) \(.orders | length)"')" "true 0"
gone() { [ "$(shown '.orders | length')" -gt 0 ]; }
await 20 "then it goes" gone
shows "root.release root.confirm confirm.within_s" "$(seconds "$(shown .opened)" "$(shown '.orders[0].issued')" | awk '{ print ($1 >= 19 && $1 < 60) }')" 1
plan 'release: confirm' 'confirm: { within_s: 5, then: hold }'
fire
since=$(now)
await 20 "half a minute" later 30
shows "confirm.then" "$(shown '"\(.held) \(.orders | length)"')" "true 0"
plan 'deadlines: { answer_s: 44, arrive_s: 555, receive_s: 666, dispose_s: 7777, verify_s: 888 }'
fire
order=$(shown '.orders[0] | "\(.issued) \(.respond_by)"')
shows "root.deadlines deadlines.answer_s" "$(seconds "${order% *}" "${order#* }")" 44
due() { seconds "$(shown "$1")" "$(shown ".deadlines[] | select(.kind == \"$2\") | .due")"; }
shows "deadlines.arrive_s deadlines.receive_s deadlines.dispose_s" "$(due .opened arrive) $(due .opened receive) $(due .opened dispose)" "555 666 7777"
holds "done" ctl incident done "$case_1"
shows "deadlines.verify_s" "$(due .done verify)" 888
plan 'deadlines: { dispose_s: 10800, working_hours: [dispose] }'
fire
shows "deadlines.working_hours" "$(shown '.deadlines[] | select(.kind == "dispose") | .due' | cut -c 1-13)" 2026-07-02T02
plan 'deadlines: { dispose_s: 3, climb_every_s: 30 }' 'escalate: [grid_3, office]'
fire
row_from=$(q .seq status)
climbs() { get "/v1/journal?from=$((row_from - 20))&limit=1000" | head -n -1 | jq -r "select(.effects != null) | .at as \$at | .effects[] | select(.kind == \"incident_climb\" and .incident == \"$case_1\") | \"\(\$at) \(.who | if type == \"array\" then join(\",\") else . end)\""; }
twice() { [ "$(climbs | wc -l)" -ge 2 ]; }
await 20 "it climbs twice" twice
shows "root.escalate" "$(climbs | cut -d ' ' -f 2 | head -n 2 | xargs)" "grid_head office"
shows "deadlines.climb_every_s" "$(climbs | cut -d ' ' -f 1 | head -n 2 | xargs | (read -r a b && seconds "$a" "$b") | awk '{ print ($1 >= 29 && $1 <= 45) }')" 1

# --- steps --------------------------------------------------------------------------------------------------------
plan 'steps: [ { send: { skills: [utility], count: 2, arrive_within_s: 1, task: 去看看 } } ]'
fire
shows "root.steps step.send send.skills send.count" "$(shown '.needs[] | "\(.skills | join(" ")) \(.count)"')" "utility 2"
shows "send.task" "$(shown '[.orders[].task] | unique | join(" ")')" 去看看
shows "send.arrive_within_s" "$(shown '[.orders[] | .late] | unique | map(tostring) | join(" ")')" true
plan 'steps: [ { send: { skills: [drone], count: 2, substitute: [traffic] } } ]'
fire
shows "send.substitute" "$(shown '[.orders[] | .substitute] | sort | map(tostring) | join(" ")')" "false true"
plan 'steps: [ { supply: { item: cone, quantity: 3, task: 装车 } } ]'
fire
shows "step.supply supply.item supply.quantity" "$(shown '.supplies[] | "\(.item) \(.quantity)"')" "cone 3"
shows "supply.task" "$(shown '.orders[] | select(.target == "depot") | .task')" 装车
client_start dealer "$UNITS"
client_say "$client" 'send {"kind":"hello","device":"spk-01"}'
client_hear "$client"
near=$(q .position.coordinates[0] device show spk-01) lat=$(q .position.coordinates[1] device show spk-01)
at_speaker=".data.position = {type: \"Point\", coordinates: [$near, $lat]}"
act='{ id: talk, action: { device: loudspeaker, within_m: 300, do: say, text: 请让开, effect: cleared, effect_within_s: 20 } }'
plan "steps: [ $act, { send: { skills: [utility], count: 1 }, when: no_effect, after: talk } ]"
fire "$at_speaker"
shows "step.action action.device action.do action.text" "$(shown '.orders[] | select(.target == "device") | "\(.who) \(.action) \(.task)"')" "spk-01 say 请让开"
same "nobody yet" "$(shown '[.orders[] | select(.target == "unit")] | length')" 0
crew() { [ "$(shown '[.orders[] | select(.target == "unit")] | length')" -gt 0 ]; }
await 20 "without effect a crew goes" crew
shows "step.id step.when step.after action.effect action.effect_within_s" \
	"$(seconds "$(shown .opened)" "$(shown '.orders[] | select(.target == "unit") | .issued')" | awk '{ print ($1 >= 19 && $1 < 60) }')" 1
plan "steps: [ ${act/300/1}, { send: { skills: [utility], count: 1 } } ]"
fire '.data.position = {type: "Point", coordinates: [113.4512, 34.7601]}'
shows "action.within_m" "$(shown '[.orders[] | select(.target == "device")] | length')" 0

# --- notices --------------------------------------------------------------------------------------------------------
pending() { shown '[.notices[] | select(.state == "pending")] | length'; }
plan 'steps: [ { notify: { who: [duty_officer], answer_within_s: 600, answer: any } } ]'
fire
told=$(pending)
holds "several are told" test "$told" -gt 1
holds "one answers" ctl notice answer "$(shown '[.notices[] | select(.state == "pending")][0].id')"
any=$(pending)
plan 'steps: [ { notify: { who: [duty_officer], answer_within_s: 600, answer: each } } ]'
fire
holds "one answers" ctl notice answer "$(shown '[.notices[] | select(.state == "pending")][0].id')"
shows "step.notify notify.answer" "$any $(pending)" "0 $((told - 1))"
shows "notify.who" "$(shown '[.notices[].who | if type == "array" then .[] else . end] | unique | join(" ")')" duty_officer
shows "notify.answer_within_s" "$(shown '.notices[] | select(.state == "pending") | "\(.issued) \(.due)"' | head -n 1 | (read -r a b && seconds "$a" "$b"))" 200

# --- nothing is left out -------------------------------------------------------------------------------------------------
for key in $keys; do
	checks=$((checks + 1))
	grep -qxF "$key" "$dir/seen" || bad "no check sees the effect of the key $key"
done
done_here
