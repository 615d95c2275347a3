#!/bin/bash
# Every projection says what the API says, through the lives of several cases, a kill, a rebuild from the journal, and a lost folder.
# shellcheck disable=SC2016,SC2317 # jq's variables; functions called by their names
# shellcheck source=tests/integration/daemon.bash
. "$(dirname "$0")/daemon.bash"
# shellcheck source=tests/integration/projection.bash
. "$(dirname "$0")/projection.bash"
# shellcheck disable=SC2034 # read by daemon_start
clock='{ start: "2026-07-01T08:00:00Z", rate: 5 }' more='snapshot_rows: 40'
postgres_start
daemon_start
for terminal in device:spk-01 unit:WR-1; do
	client_start dealer "$UNITS"
	client_say "$client" "send {\"kind\":\"hello\",\"${terminal%:*}\":\"${terminal#*:}\"}"
	client_hear "$client" || bad "$terminal: no answer to hello"
done

# --- comparing ---------------------------------------------------------------------------------------

tables="incident alarm incident_alarm incident_event need unit order_ depot stock supply deadline notification call_task silence warning grid person device playbook shift_change key"

# Notes which columns have had a value so far.
columns_note() {
	local table column
	for table in $tables; do
		for column in $(sql -c "SELECT column_name FROM information_schema.columns WHERE table_schema = 'dispatch' AND table_name = '$table'"); do
			grep -qx "$table.$column" "$dir/columns.filled" || [ "$(sql -c "SELECT count(\"$column\") FROM dispatch.$table")" = 0 ] ||
				echo "$table.$column" >>"$dir/columns.filled"
		done
	done
}
: >"$dir/columns.filled"

everything_agrees() {
	await 20 "$1: the tables catch up" tables_caught_up
	agree "$1: incident" "SELECT id, type, title, playbook, priority, response_level, level, state, disposition, mode, lon, lat, grid,
			alarm_count AS alarms, merged_into, $(at "coalesce(paper_at, opened_at)" opened), $(at accepted_at accepted), $(at dispatched_at dispatched),
			$(at done_at 'done'), $(at verified_at verified), $(at closed_at ended), shortfall IS NOT NULL AND merged_into IS NULL AS short FROM dispatch.incident" \
		".[] | {id, type, title: .title_zh, playbook, priority, response_level, level, state, disposition, mode, $position, grid, alarms,
			merged_into, opened, accepted, dispatched, done, verified, ended, short: (.short > 0)}" incident list --all
	[ -z "$agree_on_alarms" ] || alarms_agree "$1"
	agree "$1: order_" "SELECT id, incident, kind AS target, target AS who, task, action, state, range_m, travel_s, carrier_order AS depot_order,
			substitute IS NOT NULL AS substitute, $(at issued_at issued), $(at delivered_at delivered), $(at answered_at answered),
			$(at en_route_at en_route), $(at arrived_at arrived), $(at 'coalesce(ended_at, done_at)' ended), $(at respond_by respond_by)
			FROM dispatch.order_" \
		'.[] | {id, incident: (.merged_from // .incident), target, who, task, action, state, range_m, travel_s, depot_order, substitute, issued, delivered, answered,
			en_route, arrived, ended, respond_by}' order list --all
	api_says=shown agree "$1: what orders are for" "SELECT o.id, need, o.mode, o.lon, o.lat FROM dispatch.order_ o" \
		".mode as \$mode | .position.coordinates as \$at | (.needs | map({key: .id, value: ([.item // empty] + .skills | join(\" \"))}) |
			from_entries) as \$need | .orders[] | {id, need: (if .need then \$need[.need] else null end), mode: \$mode, lon: \$at[0], lat: \$at[1]}"
	api_says=shown agree "$1: supply" "SELECT id, incident, order_id AS \"order\", depot, item, unit, quantity, state, mode FROM dispatch.supply" \
		'.mode as $mode | .supplies[] | {id, incident, order, depot, item, unit, quantity, state, mode: $mode}'
	api_says=shown agree "$1: deadline" "SELECT incident, kind, state, mode, $(at due_at due) FROM dispatch.deadline" \
		'.id as $id | .mode as $mode | .deadlines[] | select(.state != "idle") | {incident: $id, kind, state, due, mode: $mode}'
	agree "$1: unit" "SELECT id, name, kind, array(SELECT w FROM unnest(string_to_array(skills, ';')) w ORDER BY w COLLATE \"C\") AS skills, team, state, lon, lat, home_lon, home_lat, $(at position_at position_at), turnout_s, members,
			shift, terminal, coalesce(link = 'live', false) AS link, order_id IS NOT NULL AS ordered FROM dispatch.unit" \
		".[] | {id, name, kind, skills: (.skills | sort), team, state, $position, home_lon: .home.coordinates[0],
			home_lat: .home.coordinates[1], position_at, turnout_s, members: (.members | tostring), shift,
			terminal: (if .terminal then \"yes\" else \"no\" end), link, ordered: (.orders_live > 0)}" unit list
	agree "$1: stock" "SELECT depot, item, name, unit, quantity AS on_hand, reserved, minimum FROM dispatch.stock" \
		'.[] | {depot, item, name, unit, on_hand, reserved, minimum}' stock list
	calls_agree "$1"
	api_says=listed agree "$1: silence" "SELECT id, device AS source, type, grid, reason, by, state = 'active' AS active, $(at starts_at from), $(at ends_at until),
			suppressed_count AS count FROM dispatch.silence WHERE state = 'active'" '.[] | select(.active) | {id, source, type, grid, reason, by, active, from, until, count}' silences
	agree "$1: key" "SELECT id, role, kind, who, public_key AS public, $(at until_at until), $(at added_at added), by, reason, $(at revoked_at revoked), revoked_by, revoked_reason FROM dispatch.key" \
		'.[] | {id, role, kind, who, public, until, added, by, reason, revoked, revoked_by, revoked_reason}' key list --all
	agree "$1: device" "SELECT id, kind, name, grid, lon, lat, state, $(at last_seen_at seen), coalesce(alarm_count, 0) AS alarms FROM dispatch.device" \
		".[] | {id, kind, name, grid, $position, state, seen, alarms}" device list
	agree "$1: warning" "SELECT colour, hazard, $(at until_at until) FROM dispatch.warning WHERE state = 'active'" '.[] | {colour, hazard, until}' \
		warning list
	api_says=on_desk agree "$1: shift" "SELECT person, name, $(at on_at since) FROM dispatch.shift WHERE off_at IS NULL" \
		'.on_duty[] | {person, name, since}'
	columns_note
	same "$1: rows set aside" "$(sql -c "SELECT count(*) FROM dispatch.quarantine")" 0
}

# --- lives -------------------------------------------------------------------------------------------

opened() {
	alarm "$@" | send | jq -r .incident
}

# Somebody accepts what is live in case $1, before it expires.
all_accepted() {
	local order
	for order in $(q '.orders[] | select(.state | IN("issued", "delivered")) | .id' incident show "$1"); do
		ctl order answer "$order" accept --by 李四 --channel phone >/dev/null
	done
}

# All that is live in case $1 is done by somebody on the telephone, and the case is reported done.
work_done() {
	local order answer
	for order in $(q '.orders[] | select(.state | IN("issued", "delivered", "accepted", "en_route", "arrived")) | .id' incident show "$1"); do
		for answer in accept en_route arrived 'done'; do
			ctl order answer "$order" "$answer" --by 李四 --channel phone >/dev/null
		done
	done
	[ "$(q .state incident show "$1")" = done_reported ] || ctl incident 'done' "$1" --by 李四 >/dev/null
}

hole=$(opened hole-1 mh-001 manhole.moved '.data.text = "井盖不见了" | .data.media = ["https://example.org/1.jpg"]')
water=$(opened water-1 rcam-01 water.person_in_water '.data.confidence = 0.93')
smoke=$(opened smoke-1 cam-0417 fire.smoke '.data.value = 3.25 | .data.unit = "ppm"')
gas=$(opened gas-1 cam-0900 gas.leak)
near=$(opened near-1 rcam-02 water.person_near '.data.confidence = 0.1')
by_hand=$(q .incident incident open --type other --place 云溪河公园 --caller 张三 --phone 139 --text "树倒了" --by 值班员)
same "a repeat" "$(alarm hole-1 mh-001 manhole.moved | send | jq -r .result)" duplicate
opened hole-2 mh-001 manhole.moved >/dev/null
opened hole-3 mh-001 manhole.moved '.data.state = "cleared"' >/dev/null
opened hole-4 mh-001 manhole.moved >/dev/null
opened alive cam-0003 fire.smoke '.data.state = "alive"' >/dev/null
all_accepted "$hole"
all_accepted "$water"
holds "told" ctl task 'done' "$(q '[.[] | select(.notice != null)][0].id' task list)" --note 已通知 --by 值班员
everything_agrees "raised"
same "the time of clearing, on what was raised before" "$(sql -c "SELECT string_agg(a.id || ' ' || coalesce((a.cleared_at = c.received_at)::text, '-'),
	', ' ORDER BY a.id) FROM dispatch.alarm a, dispatch.alarm c WHERE a.source = 'mh-001' AND c.id = 'hole-3'")" \
	"hole-1 true, hole-2 true, hole-3 -, hole-4 -"
same "the text and its pictures" "$(sql -c "SELECT text, media::json->>0 FROM dispatch.alarm WHERE id = 'hole-1'")" \
	"井盖不见了|https://example.org/1.jpg"
same "by hand" "$(sql -c "SELECT place, caller, phone, text FROM dispatch.incident WHERE id = '$by_hand'")" "云溪河公园|张三|139|树倒了"
same "the plans of the cases" "$(sql -c "SELECT count(*) FROM dispatch.incident i LEFT JOIN dispatch.playbook p ON p.id = i.playbook
	WHERE i.playbook_hash IS DISTINCT FROM p.hash OR (i.playbook IS NOT NULL AND length(i.playbook_hash) <> 64)")" 0

holds "silence" ctl silence add --source cam-0500 --until "$(time_in 7200)" --reason 检修 --by 值班员
same "suppressed" "$(alarm quiet cam-0500 fire.smoke | send | jq -r .result)" suppressed
holds "silence, to be ended" ctl silence add --source cam-0501 --until "$(time_in 7200)" --reason 检修 --by 值班员
holds "silence ended" ctl silence expire "$(q '.[] | select(.source == "cam-0501") | .id' silence list)"
ended() { [ "$(sql -c "SELECT state, expired_at > starts_at FROM dispatch.silence WHERE device = 'cam-0501'")" = 'expired|t' ]; }
await 5 "the end of a silence is in its table" ended
holds "key" ctl key add cam-key --role device --who cam-0500 --public 'Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID' --until "$(time_in 7200)" --reason 新装 --by 值班员
holds "token" ctl key add desk-key --role console --who duty-1 --token --by 值班员
holds "key, revoked" ctl key revoke cam-key --reason 丢失 --by 值班员
holds "silence of a type in a grid" ctl silence add --type alarm.site.dust --grid YL-01-04 --until "$(time_in 7200)" --reason 施工 --by 值班员
holds "warning" ctl warning set orange 暴雨 --until "$(time_in 7200)" --by 值班员
holds "warning, to be cleared" ctl warning set blue 大风 --until "$(time_in 7200)" --by 值班员
holds "warning cleared" ctl warning clear 大风 --by 值班员
holds "device disabled" ctl device disable cam-0800 --reason 损坏 --by 值班员
holds "unit out of service" ctl unit set WR-2 --status out_of_service --reason 检修 --by 值班员
free=$(q '[.[] | select(.state == "available" and .orders_live == 0 and .kind != "grid_worker")][-1].id' unit list)
holds "unit moved" ctl unit set "$free" --status available --lon 113.44 --lat 34.77 --by 值班员
holds "goods in" ctl stock receive depot-north life_ring 5 --by 保管员
holds "counted" ctl stock count depot-south cone 77 --by 保管员
holds "upgrade" ctl incident upgrade "$water" --reason 人数增加 --by 值班员
holds "more help" ctl incident add "$smoke" --skill police --by 值班员
holds "more material" ctl supply send "$gas" cone 3 --by 值班员
holds "merged" ctl incident merge "$gas" "$smoke" --by 值班员
same "on duty" "$(desk shift-on '{"person":"duty-1","by":"duty-1","note":"夜班"}')" ok
same "another" "$(desk shift-on '{"person":"duty-2","by":"duty-1"}')" ok
same "handed over" "$(desk shift-handover '{"person":"duty-1","to":"duty-3","by":"duty-1","note":"交班"}')" ok
same "gone" "$(desk shift-off '{"person":"duty-2","by":"duty-2"}')" ok
same "seen" "$(desk alert-ack '{"all":true,"by":"duty-3"}')" ok
holds "taken" ctl task take "$(q '.[0].id' task list)" --by 值班员
everything_agrees "worked on"
same "who was on duty" "$(sql -c "SELECT string_agg(person || ' ' || (off_at IS NULL), ', ' ORDER BY person) FROM dispatch.shift")" \
	"duty-1 false, duty-2 false, duty-3 true"
same "who saw what was raised" "$(sql -c "SELECT acknowledged_by, acknowledged_at >= opened_at FROM dispatch.incident WHERE id = '$hole'")" "duty-3|t"
same "merged" "$(sql -c "SELECT merged_into FROM dispatch.incident WHERE id = '$gas'")" "$smoke"
same "orders of the second level" "$(sql -c "SELECT count(*) > 0 FROM dispatch.order_ WHERE incident = '$water' AND level = 2")" t
same "orders of the first level" "$(sql -c "SELECT count(*) > 0 FROM dispatch.order_ WHERE incident = '$water' AND level = 1")" t
same "ranks" "$(sql -c "SELECT min(rank) = 1 AND count(*) FILTER (WHERE rank < 1) = 0 AND count(rank) > 5 FROM dispatch.order_")" t

# --- a kill; what was asked for before it is known after it ---------------------------------------------
daemon_kill
daemon_start
same "split" "$(ctl incident split "$gas" --by 值班员 >/dev/null && sql -c "SELECT 1")" 1
first=$(q '[.[] | select(.target == "unit" and .state == "issued" and .need != null)][0].id' order list)
swapped=$(q '[.[] | select(.target == "unit" and .state == "issued" and .need != null)][1].id' order list)
holds "swapped" ctl order swap "$swapped" "$(q '[.[] | select(.state == "available" and .kind == "grid_worker" and .orders_live == 0)][-1].id' unit list)" --by 值班员
holds "declined" ctl order answer "$first" decline --reason 车坏了 --by 李四 --channel phone
everything_agrees "after a kill"
same "taken out again" "$(sql -c "SELECT merged_into IS NULL FROM dispatch.incident WHERE id = '$gas'")" t
same "numbers where words belong" "$(sql -c "SELECT count(*) FROM dispatch.incident_event WHERE text_zh ~ '任务 R[0-9]|缺 R[0-9]'")" 0

# --- to the end ------------------------------------------------------------------------------------------
for one in "$hole" "$water" "$by_hand"; do
	[ "$(q .state incident show "$one")" != reported ] || holds "confirm" ctl incident confirm "$one" --by 值班员
	[ "$one" != "$by_hand" ] || holds "by hand" ctl order send "$one" UT-2 --task 清障 --by 值班员
	work_done "$one"
done
holds "a failed verification" ctl incident verify "$hole" --failed --reason 仍松动 --by 王五
work_done "$hole"
for one in "$hole" "$water" "$by_hand"; do
	holds "verified" ctl incident verify "$one" --evidence IMG_0017 --by 王五
	holds "closed" ctl incident close "$one" --disposition resolved --by 值班员
done
holds "rejected" ctl incident reject "$near" --reason 误报 --by 值班员
holds "referred" ctl incident refer "$smoke" --reason 消防大队 --by 值班员
holds "cancelled" ctl incident cancel "$gas" --reason 重复 --by 值班员
holds "from paper" ctl incident paper --type other --place 云溪河公园 --reported "$(time_in -7200)" --arrived "$(time_in -6000)" \
	--done "$(time_in -3600)" --done-by 甲 --text 停电时记在纸上 --by 值班员
everything_agrees "at the end"
same "closed" "$(sql -c "SELECT state, disposition, verified_by, closed_by, reopened_count FROM dispatch.incident WHERE id = '$hole'")" \
	"closed|resolved|王五|值班员|1"
same "referred" "$(sql -c "SELECT state, referred_to FROM dispatch.incident WHERE id = '$smoke'")" "referred|消防大队"

# --- views -----------------------------------------------------------------------------------------------
same "times to respond, in their order" "$(sql -c "SELECT count(*) FROM dispatch.response_times WHERE incident IN ('$hole', '$water', '$by_hand') AND
	first_order_s >= 0 AND first_order_s <= first_acknowledged_s AND first_acknowledged_s <= first_en_route_s AND
	first_en_route_s <= first_arrived_s AND first_arrived_s <= done_s AND done_s <= verified_s AND verified_s <= closed_s AND order_count > 0")" 3
same "as in the table" "$(sql -c "SELECT count(*) FROM dispatch.response_times r JOIN dispatch.incident i ON i.id = r.incident
	WHERE r.first_arrived_s IS DISTINCT FROM extract(epoch FROM i.first_arrived_at - i.opened_at)")" 0
for kind in alarm incident incident_state notice order order_state step supply task; do
	same "the story of the case: $kind" "$(sql -c "SELECT count(*) > 0 FROM dispatch.incident_timeline WHERE incident = '$hole' AND kind = '$kind'")" t
done
same "in order, in words" "$(sql -c "SELECT count(*) FROM (SELECT at < lag(at) OVER (PARTITION BY incident ORDER BY seq, n) AS back, text_zh, text_en
	FROM dispatch.incident_timeline) t WHERE back OR coalesce(text_zh, '') = '' OR coalesce(text_en, '') = ''")" 0

# --- no column is NULL for ever ------------------------------------------------------------------------------
# a deadline that is missed, a heartbeat that stays away, a lack of crews and a sensor parted from its case are beyond this night
same "columns without a value" "$(sql -c "SELECT table_name || '.' || column_name FROM information_schema.columns WHERE table_schema = 'dispatch' AND
	table_name = ANY(string_to_array('$tables', ' '))" | grep -vxF -f "$dir/columns.filled" | grep -vxE 'device.silent_at|order_.substitute|deadline.(rung|owner|climbed_at)|incident.split_from' | paste -sd ' ')" ""

# --- made anew from the journal: the same --------------------------------------------------------------------
# What row $1 of the journal and those before it have written last.
tables_dump() {
	local table
	for table in $tables; do sql -c "SELECT '$table', t.* FROM dispatch.$table t WHERE seq <= $1"; done | LC_ALL=C sort
}
kill -TERM "$DAEMON"
wait "$DAEMON"
last=$(sql -c "SELECT max(seq) FROM dispatch.projected_seq")
tables_dump "$last" >"$dir/before"
for table in $tables projected_seq; do sql -c "DELETE FROM dispatch.$table"; done
daemon_start
await 30 "made anew" tables_caught_up
tables_dump "$last" >"$dir/after" # without what has happened since
same "made anew" "$(LC_ALL=C comm -13 "$dir/before" "$dir/after" | head -n 6)" ""
[ "$(wc -l <"$dir/after")" -gt 4000 ] || bad "made anew: $(wc -l <"$dir/after") rows of $(wc -l <"$dir/before")"

# --- the folder is lost ----------------------------------------------------------------------------------------
kept() { [ "$(sql -c "SELECT count(DISTINCT seq) FROM dispatch.snapshot")" = 2 ]; }
await 10 "two snapshots in the database" kept
await 10 "caught up" tables_caught_up
q '.[] | del(.next_deadline)' incident list --all >"$dir/cases"
daemon_kill
rm -rf "$dir/data"
daemon_start
same "it starts from the snapshot" "$(grep -c 'comes from PostgreSQL' "$dir/log") $(grep -c snapshot.refused "$dir/log")" "1 0"
q '.[] | del(.next_deadline)' incident list --all >"$dir/cases.after"
same "the same cases" "$(diff "$dir/cases" "$dir/cases.after" | head -n 4)" ""
agree_on_alarms=""
everything_agrees "from the database alone"
done_here
