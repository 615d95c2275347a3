# afterwards.bash: the whole story of the night, looked at from the console and from PostgreSQL. Sourced.
# shellcheck shell=bash
# shellcheck disable=SC2154 # set by play.bash

# The table and the console say the same: agrees WHAT SQL FILTER COMMAND…
agrees() {
	local what=$1 query=$2 filter=$3
	shift 3
	same "$what" "$(diff <(sql -F ' ' -c "$query" | LC_ALL=C sort) <(q "$filter" "$@" | LC_ALL=C sort) | head -n 6)" ""
}

afterwards_journal() {
	await 60 "the tables catch up" tables_caught_up
	same "the journal has no gap" "$(sql -c "SELECT count(*) = max(seq) AND min(seq) = 1 FROM dispatch.journal WHERE stream = 'actual'")" t
	same "and its chain holds" "$(sql -c "SELECT * FROM dispatch.journal_broken('yulong', 'actual')")" ""
	same "nothing was set aside" "$(sql -c "SELECT count(*) FROM dispatch.quarantine")" 0
	same "time never went back" "$(sql -c "SELECT count(*) FROM (SELECT at < lag(at) OVER (ORDER BY seq) AS back FROM dispatch.journal) AS row WHERE back")" 0
}

afterwards_tables() {
	agrees "the table of incidents" "SELECT id, state, coalesce(disposition, 'null'), alarm_count, coalesce(merged_into, 'null'), level
		FROM dispatch.incident" '.[] | "\(.id) \(.state) \(.disposition) \(.alarms) \(.merged_into) \(.level)"' incident list --all
	agrees "the table of orders" "SELECT id, incident, target, state FROM dispatch.order_" \
		'.[] | "\(.id) \(.merged_from // .incident) \(.who) \(.state)"' order list --all
	agrees "the table of stock" "SELECT depot, item, quantity, reserved FROM dispatch.stock" \
		'.[] | "\(.depot) \(.item) \(.on_hand) \(.reserved)"' stock list
	agrees "the table of units" "SELECT id, state FROM dispatch.unit" '.[] | "\(.id) \(.state)"' unit list
	agrees "the table of notices" "SELECT id, person, state FROM dispatch.notification" \
		'.[] | "\(.id) \(.person) \(.state)"' notice list --all
	agrees "the table of calls" "SELECT id FROM dispatch.call_task WHERE state IN ('open', 'taken')" '.[].id' task list
	same "the silence, its reason, its end and what it held back" \
		"$(sql -F ' ' -c "SELECT id, device, reason, by, state, ends_at AT TIME ZONE 'Asia/Shanghai', suppressed_count FROM dispatch.silence")" \
		"S1 cam-0900 工地电焊 韩雪涛 expired 2026-07-01 22:30:00 1"
}

# Times of every case in the order of the closed loop; every order with its reason and how it ended.
afterwards_times() {
	local id
	for id in $(q '.[].id' incident list --all); do
		ctl incident show "$id" >"$dir/story"
		same "$id: its clocks in the table" "$(sql -F ' ' -c "SELECT kind, state, floor(extract(epoch FROM due_at))::bigint
			FROM dispatch.deadline WHERE incident = '$id' AND state <> 'idle'" | sort)" \
			"$(jq -r '.deadlines[] | "\(.kind) \(.state) \(.due | sub("\\.[0-9]+"; "") | fromdateiso8601)"' "$dir/story" | sort)"
		same "$id: the times are in order" "$(jq '[.reported, (if .paper then null else .opened end), .accepted, .dispatched, .arrived, .done, .verified, .ended] |
			map(select(.)) | . == sort' "$dir/story")" true
		same "$id: every order has its reason" "$(jq -r '.orders[] | select((.manual | not) and (.chosen_zh // "") == "" and .target != "device") | .id' \
			"$dir/story")" ""
		same "$id: every order was issued, then answered, then over" "$(jq '[.orders[] | [.issued, .answered, .en_route, .arrived, .ended] |
			map(select(.)) | . == sort] | all' "$dir/story")" true
		same "$id: who did it is written at every row of a person" \
			"$(jq '[.timeline[] | select(.channel == "console" and (.by // "") == "")] | length' "$dir/story")" 0
	done
}

# played NAME CLOCKS ORDERS PEOPLE: how each clock ended, how the orders did, and who had a hand in it
played() {
	same "$1: its clocks" "$(what "$1" '[.deadlines[] | "\(.kind) \(.state)"] | join(", ")')" "$2"
	same "$1: its orders" "$(what "$1" '[.orders[].state] | group_by(.) | map("\(.[0]) \(length)") | join(", ")')" "$3"
	same "$1: who had a hand in it" "$(what "$1" '[.timeline[].by // "" | select(test("^[A-Za-z0-9-]*$") | not)] | unique | join(" ")')" "$4"
}

afterwards_played() {
	played smoke "receive met, arrive met, dispose met, verify met" "declined 1, done 7" "$other 张丽梅 杨春成 邓亚梅 陈清英 $officer"
	played bin "receive met, dispose stopped" "recalled 2" "$officer"
	played child "receive met, arrive met, dispose met, verify met" "done 11" "$other $officer"
	played twice "receive met, arrive stopped, dispose stopped" "recalled 6" "$officer"
	played mist "receive stopped, dispose stopped" "" "$officer"
	played spark "receive met, arrive stopped, dispose stopped" "recalled 4" "$officer"
	played rain "receive late, dispose stopped, confirm late" "" "$officer"
	played drain "receive met, arrive met, dispose met, verify met" "done 4" "$other $officer"
	played bank "receive met, arrive late, dispose stopped, confirm expired" "recalled 4" "$officer"
	played pump "receive met, arrive stopped, dispose met, verify met" "done 1, recalled 4" "$other $officer"
	played hole "receive met, arrive late, dispose late, verify met" "done 6, expired 6, recalled 2" "$other 徐金莉 $officer"
	played bins "receive met, arrive late, dispose met, verify met" "" "$officer"
	played tree "receive met, dispose met, verify met" "" "$other $officer"
	same "the manhole climbed for each clock once, and twice by hand" \
		"$(what hole '[.timeline[].lines[] | select(.kind == "incident_climb")] | length') $(what hole .rung)" "4 4"
	same "two cases were checked with evidence" "$(sql -c "SELECT count(*) FROM dispatch.incident WHERE evidence <> ''")" 2
}

# ended NAME STATE DISPOSITION ALARMS LEVEL
ended() {
	same "$1: how it ended" "$(what "$1" '"\(.state) \(.disposition) \(.alarms) \(.level) \(.orders_live)"')" "$2 $3 $4 $5 0"
}

afterwards_cases() {
	ended smoke closed resolved 0 1
	ended bin closed no_action 0 1
	ended twice closed duplicate 0 1
	ended mist closed false 1 1
	ended spark closed nuisance 1 1
	ended spark_again closed no_action 1 1
	ended rain closed false 1 1
	ended pump closed resolved 1 1
	ended child closed resolved 2 2
	ended drain closed resolved 1 1
	ended bank closed false 1 1
	ended hole closed resolved 1 1
	ended bins closed resolved 0 1
	same "one is left" "$(q length incident list) $(q 'length' incident list --all)" "1 14"
}

# What each depot holds now, less what the town began with.
afterwards_stock() {
	same "nothing is put by any more" "$(q 'map(select(.reserved != 0)) | length' stock list)" 0
	same "stock is what it was, less what was played" "$(q '.[] | "\(.depot) \(.item) \(.on_hand)"' stock list | LC_ALL=C sort >"$dir/now"
		cut -d , -f 1,2,4 "$town/stock.csv" | tail -n +2 | tr , ' ' | LC_ALL=C sort | diff - "$dir/now" | grep '^>' | cut -c 3- | paste -sd ,)" \
		"depot-north blanket 396,depot-north life_jacket 110,depot-north life_ring 56,depot-north rope_100m 18,depot-north stretcher 15,$(
		)depot-south barrier 488,depot-south blanket 354,depot-south cone 252,depot-south extinguisher 116"
}

afterwards() {
	afterwards_journal
	afterwards_tables
	afterwards_times
	afterwards_cases
	afterwards_played
	afterwards_stock
}
