# water.bash: 20:10, a child in the water; a second camera, a second call; a false picture; a camera that sees what is not. Sourced.
# shellcheck shell=bash
# shellcheck disable=SC1010,SC2154 # `done` is an answer here; set by play.bash

water_child() {
	local units
	alarmed child w-1 rcam-01 water.person_in_water '.data.confidence = 0.93 | .data.text = "小孩落水"'
	same "everybody at once" "$(what child '"\(.playbook) \(.level) \(.state) \(.short)"')" "water-person-in-water 1 dispatched 0"
	units=$(what child '[.orders[] | select(.target == "unit")] | length')
	same "two boats, an ambulance, a patrol car, a grid worker, a truck" "$units" 6
	same "the loudspeaker has no line" "$(what child '.steps[] | select(.kind == "action") | "\(.state) \(.why)"')" "failed no_link"
	same "the desk is told aloud, until a person has seen it" "$(alerts_of child)" "opened failed"
	types alert ack "${of[child]}" --note 已看到
	same "seen" "$(alerts_of child)" ""
	alarmed child w-2 rcam-02 water.person_in_water '.data.confidence = 0.8 |
		.data.position = {type: "Point", coordinates: [113.4326, 34.7802]}'
	same "a second camera: level 2, the same case" "$(what child '"\(.level) \(.sensors) \(.alarms)"')" "2 2 2"
	same "a third boat, a drone, an engine" "$(what child '[.needs[] | select(.step > 9) | .skills[]] | join(" ")')" "water_rescue drone fire"
	same "what stays uncovered is said" "$(what child '.short')" 0
	all_accept child
}

# Notices: one leader's answer is enough for all leaders; those of whom each must know are called one by one.
water_told() {
	same "who is to be told is called" "$(q '[.[] | select(.notice)] | length >= 8' task list)" true
	types task done "$(q '[.[] | select(.name == "罗清民")][0].id' task list)" --note 已接听
	same "one answer stops all that waits for it" \
		"$(what child '[.notices[] | select(.who == "leader" or .who == "committee") | .state] | group_by(.) | map("\(.[0]) \(length)") | join(" ")')" \
		"answered 2 ended 5"
	same "nobody of them is called any more" "$(q '[.[] | select(.name == "吕玉霞" or .name == "罗清民")] | length' task list)" 0
	calls_answered child
}

# Another passer-by calls: merged, undone because there may be two children, merged again because there is one.
water_second_call() {
	local live
	opens twice --type person_in_water --lon 113.4331 --lat 34.7803 --caller 赵先生 --phone 19900000003 --text 河里有人
	same "another case first" "$(state twice)" dispatched
	types incident merge "${of[twice]}" "${of[child]}" --reason 同一个孩子
	same "merged" "$(state twice) $(what twice '"\(.disposition) \(.merged_into)"')" "closed duplicate ${of[child]}"
	types incident split "${of[twice]}" --reason 可能有两个孩子
	same "undone" "$(what twice '.merged_into == null') $(what twice '.state != "closed"')" "true true"
	types incident merge "${of[twice]}" "${of[child]}" --reason 家长确认只有一个
	same "merged again" "$(state twice) $(what twice .disposition)" "closed duplicate"
	live=$(what twice '[.orders[].state | select(IN("issued", "delivered", "accepted", "en_route", "arrived"))] | length')
	same "its crews still go, until they are called back" "$((live >= 5))" 1
	recall_all twice 只有一个孩子
	same "called back" "$(orders_of twice)" ""
	calls_answered child
	calls_answered twice
}

water_false_picture() {
	alarmed mist m-1 rcam-09 water.person_near '.data.confidence = 0.4'
	same "too uncertain for any plan: put before the officer" "$(state mist) $(what mist '.playbook')" "reported null"
	types incident reject "${of[mist]}" --reason 回看录像是雾气
	same "rejected" "$(state mist) $(what mist .disposition)" "closed false"
}

# A camera that takes every welding spark for smoke: closed as nuisance, silenced with reason and end.
water_nuisance() {
	alarmed spark s-1 cam-0900 fire.smoke '.data.confidence = 0.9'
	types incident close "${of[spark]}" --disposition nuisance --reason 工地电焊
	refused 2 "reason" silence add --source cam-0900 --until 22:30
	types silence add --source cam-0900 --until 22:30 --reason 工地电焊
	alarm s-2 cam-0900 fire.smoke '.data.confidence = 0.9' | send >"$answer"
	same "silenced, and counted" "$(jq -r .result "$answer") $(q '.[] | select(.source == "cam-0900") | .count' silence list)" "suppressed 1"
	calls_answered spark
}

water_found() {
	all_done child
	depots_load child
	same "the child is ashore" "$(state child) $(what child .orders_live)" "done_reported 0"
}

# The rain gauge of the weather station: its plan asks the officer first, and nobody finds the time.
water_rain_begins() {
	alarmed rain r-1 weather-01 weather.rainstorm '.data.value = 35 | .data.unit = "mm/h"'
	same "it waits for a confirmation" "$(what rain '"\(.playbook) \(.held) \(.orders_live)"')" "weather-rainstorm true 0"
}

# The first report goes up within the half hour; what nobody knows yet is named, and asked for.
water_report() {
	local part
	types incident report "${of[child]}"
	same "what is missing is named" "$(jq -r '.gaps | join(" ")' "$answer")" "signer casualties scope trend measures"
	says incident report "${of[child]}"
	for part in "$officer 0371-5550-0021" 2026年7月1日20时10分 启明社区第7网格 小孩落水 警情升至2级 水上救援 救护 人员伤亡:【待补:人员伤亡】 \
		"签 发 人:【待补:签发人】" 现场处置完毕; do
		holds "the report says $part" grep -qF "$part" "$answer"
	done
	types incident fact "${of[child]}" casualties 1人获救,意识清醒
	types incident fact "${of[child]}" scope 云溪河公园北岸
	types incident fact "${of[child]}" trend 险情已解除
	types incident fact "${of[child]}" measures 送中心卫生院观察
	types incident fact "${of[child]}" signer 罗清民
	types incident report "${of[child]}"
	same "nothing is missing any more" "$(jq -r '.gaps | join(" ")' "$answer")" ""
	says incident report "${of[child]}"
	same "nor named so" "$(grep -c 待补 "$answer")" 0
	types incident sent "${of[child]}" first --to 县应急局
}

water() {
	water_child
	water_told
	water_second_call
	water_false_picture
	water_nuisance
	water_found
	water_report
	water_rain_begins
	no_calls
}
