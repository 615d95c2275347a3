# small_hours.bash: 01:15 to 06:50, an open manhole that nobody takes, and what it climbs; what was left waiting. Sourced.
# shellcheck shell=bash
# shellcheck disable=SC1010,SC2154 # `done` is an answer here; set by play.bash

# The daemon was killed at 22:40 and is back: what was due in between happened once, late, and nothing else.
one_fifteen() {
	same "nobody looked at the bank in a minute: its plan sent by itself" "$(what bank '"\(.held) \(.state) \(.orders | length)"')" "false dispatched 4"
	same "all of it once, now" "$(what bank '[.orders[].issued[0:16]] | unique | join(" ")')" "2026-07-01T17:15"
	types incident close "${of[bank]}" --disposition false --reason 回看录像,人早已离开
	calls_answered bank
	same "the drain's crew is still there" "$(state drain) $(clock_of drain arrive) $(what drain .rung)" "working met 0"
	depots_load drain
	all_done drain
	same "the drain is free" "$(state drain)" done_reported
	alarmed hole h-1 mh-010 manhole.moved
	same "an open manhole: somebody to guard it, somebody to mend it, cones" "$(what hole '[.orders[].target] | sort | join(" ")')" \
		"depot unit unit unit"
	types task done "$(q '[.[] | select(.name == "韩雪涛")][0].id' task list)" --note 本人在岗
	same "the officer knows; so the other officers sleep on" \
		"$(what hole '[.notices[] | select(.who == "duty_officer") | .state] | sort | join(" ")')" "answered ended"
}

half_past_three() {
	same "nobody came: the clock was missed while nobody looked" "$(clock_of hole arrive) $(clock_of hole dispose)" "late running"
	same "it has climbed once" "$(what hole .rung)" 1
	types incident verify "${of[drain]}" --reason 现场已无积水 --by "$other"
	types incident close "${of[drain]}" --disposition resolved
}

# Told three times, and nobody answered: she stands on the list, and the head of the village is told instead. Nobody is at the desk.
still_nobody() {
	same "the list of the unreached" "$(q '.[] | "\(.name) \(.who)"' notice list --unreached)" "徐金莉 grid_head"
	same "who is told instead" "$(q '[.[] | select(.state == "pending") | .name] | unique | join(" ")' notice list --incident "${of[hole]}")" "张俊霞 徐金莉"
	same "the desk is told of it, too, and rings" "$(alerts_of hole) $(q '"\(.rings) \(.climbed)"' shift show)" "opened late unreached 2 0"
}

# It rings again and nobody has come: leaders are told. Then somebody is there, and they need not be.
nobody_at_the_desk() {
	same "nobody answers at the desk: it climbs" "$(q '"\(.rings) \(.climbed)"' shift show)" "3 1"
	same "leaders are told so" "$(q '[.[] | select(.text_zh | test("值班台无人应答")) | .name] | index("罗清民") != null' task list)" true
	types alert ack --all --note 值班员已回
	same "somebody is there: no leader need be called" "$(q '[.[] | select(.text_zh | test("值班台无人应答"))] | length' task list) $(alerts_of hole)" "0 "
	types notice answer "$(q '.[0].id' notice list --unreached)" 手机没电了,马上去 --by 徐金莉 --channel phone
	same "one answer stops all that waited for it" "$(q length notice list) $(q '[.[] | select(.notice)] | length' task list)" "0 0"
}

ten_to_seven() {
	same "nor by the morning" "$(clock_of hole arrive) $(clock_of hole dispose) $(what hole .rung)" "late late 2"
	same "to the head of the village, once" "$(what hole '[.timeline[].lines[] | select(.kind == "incident_climb")] | length')" 2
	types incident escalate "${of[hole]}" --reason 村里也没有人手
	types incident escalate "${of[hole]}" --reason 请办公室协调
	same "to the town, and the office" "$(what hole .rung) $(what hole '[.notices[].who] | unique | join(" ")')" \
		"4 duty_officer grid_head office town_head village_head"
	all_accept hole
	all_arrive hole
	depots_load hole
	all_done hole
	same "at last" "$(state hole) $(clock_of hole verify)" "done_reported running"
	types incident verify "${of[hole]}" --failed --reason 井盖仍松动 --by "$other"
	same "it is open again, and late stays late" "$(state hole) $(clock_of hole dispose)" "dispatched late"
	all_accept hole
	depots_load hole
	all_done hole
	types incident verify "${of[hole]}" --reason 换新井盖,稳固 --by "$other"
	types incident close "${of[hole]}" --disposition resolved
	calls_answered hole
}
