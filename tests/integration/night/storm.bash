# storm.bash: 22:40, a power cut, the storm; a response level, plans that ask the weather, help that waits for the officer; a pump. Sourced.
# shellcheck shell=bash
# shellcheck disable=SC1010,SC2154 # `done` is an answer here; set by play.bash

# All that must be the same after a power cut: cases and their clocks, orders, calls, notices, stock.
everything() {
	q '.[] | "\(.id) \(.state) \(.disposition) \(.level) \(.rung) \(.opened) \(.next_deadline.kind) \(.next_deadline.due)"' incident list --all
	q '.[] | "\(.id) \(.who) \(.state) \(.respond_by)"' order list --all
	q '.[] | "\(.id) \(.name) \(.phone) \(.state) \(.due)"' task list
	q '.[] | "\(.depot) \(.item) \(.on_hand) \(.reserved)"' stock list
	q '.[] | "\(.id) \(.state)"' unit list
	q '.[] | "\(.id) \(.count) \(.until)"' silence list --all
}

storm_power_cut() {
	everything >"$dir/before"
	daemon_kill
	daemon_start
	everything >"$dir/after"
	same "a power cut changes nothing" "$(diff "$dir/before" "$dir/after" | head -n 5)" ""
}

storm_after_the_pause() {
	same "the rain waits still, its time is over" \
		"$(what rain '"\(.held) \(.orders_live)"') $(what rain '.deadlines[] | select(.kind == "confirm") | .state')" "true 0 late"
	alarmed spark_again s-3 cam-0900 fire.smoke '.data.confidence = 0.9'
	same "the silence is over" "$(q '.[] | select(.source == "cam-0900") | .id' silence list) $(state spark_again)" " dispatched"
	types incident close "${of[spark_again]}" --disposition no_action --reason 停工,电焊机已断电
	calls_answered spark_again
}

storm_warning() {
	types warning set orange rainstorm --until 06:30
	same "said in the town's language" "$(jq -r '.decided[-1].text_zh' "$answer")" 预警暴雨:橙色
	same "the warning is in force" "$(q '.[] | "\(.colour) \(.hazard) \(.until)"' warning list)" "orange rainstorm 2026-07-01T22:30:00.000Z"
	refused 4 "带班领导|应急调度委员会|同意" response set III --reason 暴雨橙色预警
	same "no level by the officer alone" "$(q .response_level status)" null
	refused 4 "同意" response set III --reason 暴雨橙色预警 --agreed 郭丽
	types response set III --reason 暴雨橙色预警 --agreed 罗清民
	same "with a leader" "$(q .response_level status)" III
	same "those whom it concerns are to be told" "$(q '[.[] | select(.incident == null) | .name] | length >= 20' task list)" true
	calls_answered
	types release confirm --reason 力量紧张,逐件确认
}

# Help waits for the officer: one case is confirmed, another gets no look; its plan sends all the same when its time is over.
storm_confirm() {
	alarmed drain d-1 mh-001 manhole.blocked
	same "a blocked drain is another matter in the rain; it waits" "$(what drain '"\(.playbook) \(.held) \(.orders_live) \(.state)"')" \
		"manhole-blocked-rain true 0 reported"
	types incident confirm "${of[drain]}" --reason 居民也来电
	same "confirmed: all that it needs goes" "$(what drain '"\(.held) \(.short) \(.state)"')" "false 0 dispatched"
	all_accept drain
	calls_answered drain
	alarmed bank b-1 rcam-03 water.person_near '.data.confidence = 0.9'
	same "somebody at the bank: it waits" "$(what bank '"\(.playbook) \(.held) \(.orders_live) \(.state)"')" "water-person-near true 0 reported"
	types incident reject "${of[rain]}" --reason 已发橙色预警
}

# A pump stops; its line is down, so a crew must go. Then the line is back: the officer starts it from the desk, and it runs.
storm_pump() {
	local order
	types release auto --reason 泵站等不得
	alarmed pump p-1 pump-01 pump.failed
	same "in the rain nobody waits for the restart" "$(what pump '"\(.playbook) \(.short) \(.state)"')" "pump-failed-rain 0 dispatched"
	same "the restart could not be tried" "$(what pump '.steps[0] | "\(.state) \(.why)"')" "failed no_link"
	all_accept pump
	calls_answered pump
	"$bin/unit-terminal" --connect "$UNITS" --device pump-01 --behaviour fixes:0:alarm.pump.failed --alarms "$ALARMS" \
		</dev/null >"$dir/pump" 2>&1 &
	helpers+=($!)
	await 60 "the pump's line is back" is true .link device show pump-01
	types device do pump-01 start --incident "${of[pump]}"
	order=$(jq -r .order "$answer")
	await 60 "it runs: the alarm is cleared" is true '.sensor_list[0].cleared' incident show "${of[pump]}"
	await 60 "the pump says so, too" is done .state order show "$order"
	recall_all pump 已远程启动
	types incident done "${of[pump]}" --reason 远程启动成功,水位回落
	types incident verify "${of[pump]}" --reason 遥测出水正常 --by "$other"
	types incident close "${of[pump]}" --disposition resolved
	calls_answered pump
}

storm_drain() {
	all_arrive drain
	same "they are at the drain" "$(state drain) $(clock_of drain arrive)" "working met"
}

storm() {
	storm_after_the_pause
	storm_power_cut
	storm_warning
	storm_confirm
	storm_pump
	storm_drain
	no_calls
}
