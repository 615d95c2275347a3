# evening.bash: 18:00, a smoke alarm by telephone: crews that decline, are swapped, recalled, sent although busy; a truck. Sourced.
# shellcheck shell=bash
# shellcheck disable=SC1010,SC2154 # `done` is an answer here; set by play.bash

# Who is on duty is known to the desk: they are told first, and nobody at home is.
evening_sign_on() {
	types shift on
	types shift on "$other" --note 在值班室休息
	same "two are on duty" "$(q '[.on_duty[].name] | join(" ")' shift show)" "$officer $other"
	refused 4 "没有此人|值班|权限|本镇" shift on --by 张不在
	types shift present
}

evening_smoke_opens() {
	refused 1 "柳溪村文化广场.*柳溪村小学.*柳溪村便民服务站" incident open --type smoke --place 柳溪村 --text 厨房冒烟
	types incident open --type smoke --place 柳溪村小学 --text 厨房冒烟 --dry-run
	same "tried first: nothing is open" "$(q length incident list)" 0
	opens smoke --type smoke --place 柳溪村小学 --caller 王女士 --phone 19900000001 --text 厨房冒烟
	same "the caller's words are kept as given" "$(what smoke '.report | "\(.caller) \(.phone) \(.text)"')" "王女士 19900000001 厨房冒烟"
	same "the plan" "$(what smoke '"\(.playbook) \(.level) \(.short)"')" "fire-smoke 1 0"
	same "who goes" "$(orders_of smoke | tr '\n' ' ')" "O1 unit GW-040 O2 unit FE-3 O3 depot depot-south O4 unit TR-3 "
	same "why the engine" "$(what smoke '.orders[] | select(.who == "FE-3") | .chosen_zh | test("最先到达.*2310米")')" true
	same "why not the others" "$(what smoke '[.choices[] | select(.need == "R2") | .passed[] | "\(.unit) \(.why)"] | join(", ")')" \
		"FE-2 slower, FE-1 slower"
	same "a truck fetches it" "$(what smoke '.orders[] | select(.who == "TR-3") | .depot_order')" O3
	same "the four extinguishers are put by" "$(stock_of depot-south extinguisher)" "120 4"
	same "whom to call, by number, what to say" "$(q '[.[] | select(.order and (.phone | length > 0) and (.text_zh | test("柳溪村小学")))] | length' \
		task list)" 4
}

# The engine is on the air, the others are telephoned; one declines, and the next best is asked.
evening_smoke_answers() {
	types order answer O1 accept --by 杨春成 --channel phone
	types radio "FE-3 接令 / FE-3 出发"
	same "the engine is on its way" "$(q .state unit show FE-3)" en_route
	types order answer O4 decline --by 邓亚梅 --channel phone --reason 轮胎没气
	same "the truck declined, and said why" "$(q '"\(.state)"' order show O4)" declined
	same "another truck" "$(sent_for smoke transport)" "O5 TR-1"
	same "there is a call for it" "$(q '[.[] | select(.order == "O5")] | length' task list)" 1
	types order answer O3 accept --by 陈清英 --channel phone
	types order answer O5 accept --by 张丽梅 --channel phone
	types radio "TR-1 en"
}

# What a manual order would take from the town is said before it goes, of several together: three ambulances and a boat's medic.
evening_medics() {
	types order send "${of[bin]}" MED-1 MED-2 MED-3 --dry-run
	same "one medic is left" "$(jq '[.. | .uncovered? // [] | .[]] | length' "$answer")" 0
	types order send "${of[bin]}" MED-1 MED-2 MED-3 WR-3 --dry-run
	same "none is left" "$(jq -r '[.. | .uncovered? // [] | .[].skill] | join(" ")' "$answer")" medic
	same "and nobody has gone" "$(what bin .orders_live)" 0
}

# By hand: a busy unit is refused with its reason, goes with --also; another is swapped, another recalled; more help; rings.
evening_smoke_by_hand() {
	local order unit also
	opens bin --type other --place 康宁社区文化广场 --caller 李先生 --phone 19900000002 --text 垃圾桶冒烟
	evening_medics
	refused 1 "有任务在身" order send "${of[bin]}" FE-3
	same "the engine keeps its one order" "$(q '[.orders[].id] | join(" ")' unit show FE-3)" O2
	types order send "${of[bin]}" FE-3 --also --task 回程时看一眼
	also=$(orders_of bin | cut -d ' ' -f 1)
	same "the engine has two" "$(q '[.orders[].id] | sort | join(" ")' unit show FE-3)" "$(printf '%s\n' O2 "$also" | sort | paste -sd ' ')"
	types order swap "$also" FE-1 --reason 一号车更近
	read -r order unit < <(orders_of bin | cut -d ' ' -f 1,3)
	same "the other engine instead" "$unit $(q .state order show "$also")" "FE-1 recalled"
	types radio "FE-1 接令"
	types order recall "$order" --reason 保安已扑灭
	same "recalled, and free again" "$(q .state order show "$order") $(q .state unit show FE-1)" "recalled available"
	types incident add "${of[smoke]}" --skill medic
	read -r order unit < <(sent_for smoke medic)
	[[ $unit == MED-* ]] || bad "no medic for more help: $unit"
	types radio "$unit 接令 / $unit en"
	types incident add "${of[smoke]}" --skill drone --count 2
	same "the town has one drone: one goes, one is missing, and that is said" \
		"$(sent_for smoke drone | cut -d ' ' -f 2) $(what smoke '.needs[] | select(.missing > 0) | "\(.skills[0]) \(.missing) \(.why)"')" "DRONE-1 drone 1 lacks_skill"
	types supply send "${of[smoke]}" blanket 6 --from depot-south
	same "the blankets are put by" "$(stock_of depot-south blanket | cut -d ' ' -f 2)" 6
	all_accept smoke
}

# The engine arrives, puts it out; the keeper hands out, the truck delivers; nobody verifies his own work.
evening_smoke_ends() {
	types radio "FE-3 at 柳溪村小学 / GW-040 到场"
	same "somebody is there" "$(state smoke)" working
	same "in time" "$(what smoke '.deadlines[] | select(.kind == "arrive") | .state')" met
	depots_load smoke
	all_done smoke
	types incident done "${of[smoke]}" --reason 明火已灭,第二架无人机不再需要
	same "all is done" "$(state smoke) $(what smoke .orders_live)" "done_reported 0"
	refused 4 "本人|处置人|自己|干的人" incident verify "${of[smoke]}" --by 郭丽
	types incident verify "${of[smoke]}" --reason 到场看过,无明火 --by "$other"
	types incident close "${of[smoke]}" --disposition resolved
	types incident close "${of[bin]}" --disposition no_action --reason 保安已扑灭
	same "closed" "$(state smoke) $(state bin)" "closed closed"
	same "who was recalled is still to be told" "$(q '.[] | "\(.name) \(.incident)"' task list)" "马丽杰 ${of[bin]}"
	types task done "$(q '.[0].id' task list)" --note 已告知不用去
	no_calls
	same "what was taken is gone, nothing is put by" "$(stock_of depot-south extinguisher) $(stock_of depot-south blanket | cut -d ' ' -f 2)" "116 0 0"
}

evening() {
	types status
	same "nothing is open" "$(jq .incidents_open "$answer")" 0
	evening_sign_on
	evening_smoke_opens
	evening_smoke_answers
	evening_smoke_by_hand
	evening_smoke_ends
}
