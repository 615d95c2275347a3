# case.bash: the options of alarms and incidents. Part of test_options.sh.
# shellcheck shell=bash disable=SC2154,SC2034,SC1010 # the variables of test_options.sh; `done` is a word here; some are for the parts that follow

# --- alarms -----------------------------------------------------------------------------------------
alarm a1 mh-001 manhole.moved '.data.text = "井盖不见了"' >"$dir/alarms"
alarm a2 rcam-01 water.person_in_water >>"$dir/alarms"
alarm a3 cam-0001 fire.flame '.data.confidence = 0.1' >>"$dir/alarms"
saw "alarm send" "$(ctl alarm send "$dir/alarms" | jq -r '[.[].result] | join(" ")')" "accepted accepted accepted"
saw "alarm list --limit" "$(q '[.[].id] | join(" ")' alarm list --limit 2)" "a3 a2"
saw "alarm show" "$(q '"\(.source) \(.text)"' alarm show a1)" "mh-001 井盖不见了"
hole=$(q .incident alarm show a1)
drowning=$(q .incident alarm show a2)
reported=$(q .incident alarm show a3)
saw "incident list --state" "$(q '[.[].id] | join(" ")' incident list --state reported)" "$reported"
saw "incident show --all" "$(q .device incident show "$hole" --all)" mh-001
saw "incident show" "$(q .device incident show "$hole")" mh-001

# --- opening ----------------------------------------------------------------------------------------
# opens "OPTIONS SEEN" FILTER WANTED ARGUMENT…     a case of the type that the arguments name is as FILTER says
opens() {
	local pairs=$1 filter=$2 wanted=$3
	shift 3
	does .kind open incident open "$@"
	new=$(jq -r .incident <<<"$reply")
	saw "incident open $pairs" "$(q "$filter" incident show "$new")" "$wanted"
}
round='def r: . * 1000 | round / 1000;'
opens "--type --place" '"\(.type) \(.position.coordinates[0])"' "other 113.4324244" --type other --place 云溪河公园
place=$new
opens "--caller --phone --text" '.report | "\(.caller) \(.phone) \(.text)"' "王 女士 0371-1 路灯 不亮" --type other --grid YL-16-03 \
	--caller "王 女士" --phone 0371-1 --text "路灯 不亮"
opens "--grid" .grid YL-21-04 --type other --grid YL-21-04
opens "--lon --lat" '.position.coordinates | "\(.[0]) \(.[1])"' "113.4312 34.7801" --type other --lon 113.4312 --lat 34.7801
opens "--crs" "$round"' .position.coordinates | "\(.[0] | r) \(.[1] | r)"' "113.431 34.78" --type other --lon 447936.458 --lat 3850344.929 \
	--crs EPSG:4547
opens "--device" .device cam-0900 --type other --device cam-0900
opens "--title" .title 桥面结冰 --type other --grid YL-16-03 --title 桥面结冰
opens "--playbook" .playbook water-level-danger --type flood --grid YL-16-03 --playbook water-level-danger
saw "incident report --kind" "$(ctl incident report "$hole" --kind final >"$dir/final"; ctl incident report "$hole" --kind first | cmp -s - "$dir/final"; echo $?)" 1
at=$(time_in -1800)
opens "--at" .reported "$at" --type other --grid YL-21-04 --at "$at"

# On a terminal it asks when something is open nearby; --new does not.
same "asked, and not wanted" "$(on_terminal n incident open --type other --place 云溪河公园 | grep -c 'nothing was opened')" 1
before=$(q length incident list)
on_terminal n incident open --type other --place 云溪河公园 --new >"$dir/screen"
echo "incident open --new" >>"$dir/used"
saw "incident open --new" "$(q length incident list)" $((before + 1))

on_terminal n incident open --type other --place 云溪河公园 --yes >"$dir/screen"
echo "incident open --yes" >>"$dir/used"
saw "incident open --yes" "$(q length incident list)" $((before + 2))

# A word that fits several playbooks is asked about on a terminal, and refused elsewhere with what it fits; a title and the
# code of a type go at once.
before=$(q length incident list)
same "a word for several: refused" "$(ctl incident open --type 井盖 --grid YL-16-03 >"$dir/several"; echo $?)" 2
same "with what it fits" "$(jq -r '.error, (.candidates[].id)' "$dir/several" | xargs)" "ambiguous manhole-broken manhole-missing manhole-moved manhole-blocked"
same "and on standard error" "$(grep -c manhole- "$dir/said")" 4
same "part of a word for several" "$(ctl incident open --type 水位 --grid YL-16-03 >/dev/null; echo $?)" 2
on_terminal "" incident open --type 井盖 --grid YL-16-03 >"$dir/screen"
same "nothing is nothing" "$(grep -c 'nothing was opened' "$dir/screen") $(q length incident list)" "1 $before"
on_terminal %3 incident open --type 井盖 --grid YL-16-03 --new >"$dir/screen"
same "the third" "$(q 'max_by(.id).playbook' incident list)" manhole-moved
holds "its crews go home" ctl incident cancel "$(q 'max_by(.id).id' incident list)"
plan_of() { q .playbook incident open "$@" --grid YL-16-03 --dry-run; }
same "a title" "$(plan_of --type 窨井盖破损)" manhole-broken
same "part of one title" "$(plan_of --type 破损)" manhole-broken
same "the code of a type" "$(plan_of --type manhole)" manhole-blocked
same "--yes" "$(plan_of --type 井盖 --yes)" manhole-blocked

# --- ids and times as people type them ---------------------------------------------------------------
short=$((10#${hole#*-}))
same "a short id" "$(q .id incident show "$short")" "$hole"
same "with its zeros" "$(q .id incident show "${hole#*-}")" "$hole"
same "with its year" "$(q .id incident show "${hole%%-*}-$short")" "$hole"
holds "a note by it" ctl incident note "$short" 短号
same "was there" "$(q '[.timeline[].text | select(test("短号"))] | length' incident show "$hole")" 1
first=$(q '.[0].id' order list --incident "$short")
same "an order, small" "$(q .id order show "${first,}")" "$first"
same "an order, bare" "$(q .id order show "${first#O}")" "$first"
same "an order for an incident" "$(ctl incident show "$first" >/dev/null; echo "$?" "$(grep -c "$first is an order; an incident is wanted" "$dir/said")")" "2 1"
past=$(date -u -d "$(now) 28800 seconds 1 day ago" +%m-%d)
same "the day before" "$(q .reported incident show "$(q .incident incident open --type other --grid YL-21-04 --at "$past" 19:40)")" \
	"$(date -u -d "$(now) 28800 seconds 1 day ago" +%Y-%m-%d)T11:40:00.000Z"
same "in words" "$(q .reported incident show "$(q .incident incident open --type other --grid YL-21-04 --at "昨天 19:40")")" \
	"$(date -u -d "$(now) 28800 seconds 1 day ago" +%Y-%m-%d)T11:40:00.000Z"

# --- one case after another through its life ----------------------------------------------------------
does '"\(.kind) \(.event.act)"' "act confirm" incident confirm "$reported"
same "confirmed" "$(q .state incident show "$reported")" accepted
does .event.act reject incident reject "$(opened a4 cam-0002 fire.flame '.data.confidence = 0.1')"
same "rejected" "$(q .disposition incident show "$(jq -r .incident <<<"$reply")")" false
does .event.act upgrade incident upgrade "$drowning" --level 2
saw "incident upgrade --level" "$(q .level incident show "$drowning")" 2
does .event.act escalate incident escalate "$hole"
same "escalated" "$(q .rung incident show "$hole")" 1
does .event.reason 已与村委核实 incident note "$hole" 已与村委核实
does .event.reason 再次核实 incident note "$hole" --reason 再次核实 --by 网格长
saw "incident note --by" "$(jq -r .by <<<"$row")" 网格长
saw "incident note --reason" "$(q '[.timeline[].text | select(test("再次核实"))] | length > 0' incident show "$hole")" true
does .event.act done incident done "$place"
does .event.act verify_failed incident verify "$place" --failed
saw "incident verify --failed" "$(q '.state != "verified"' incident show "$place")" true
does .event.evidence 照片1 incident done "$place" --evidence 照片1
saw "incident done --evidence" "$(jq -r .event.evidence <<<"$row")" 照片1
does .event.evidence 照片2 incident verify "$place" --evidence 照片2
saw "incident verify --evidence" "$(jq -r .event.evidence <<<"$row")" 照片2
same "verified" "$(q .state incident show "$place")" verified
does .event.act close incident close "$place" --disposition no_action
saw "incident close --disposition" "$(q .disposition incident show "$place")" no_action
saw "incident list --all" "$(q "[.[] | select(.id == \"$place\")] | length" incident list --all)" 1
same "without --all" "$(q "[.[] | select(.id == \"$place\")] | length" incident list)" 0
does .event.act reopen incident reopen "$place"
same "reopened" "$(q '.state | IN("closed", "verified") | not' incident show "$place")" true
does .event.act cancel incident cancel "$place"
same "cancelled" "$(q .state incident show "$place")" cancelled
other=$(q .incident incident open --type other --grid YL-16-03 --by 值班员)
twin=$(q .incident incident open --type other --grid YL-16-03)
does .event.act refer incident refer "$other"
same "referred" "$(q .state incident show "$other")" referred
other=$(q .incident incident open --type other --grid YL-16-03)
does .event.act merge incident merge "$twin" --into "$other"
saw "incident merge --into" "$(q .merged_into incident show "$twin")" "$other"
does .event.act split incident split "$twin"
same "split" "$(q .merged_into incident show "$twin")" null
does .event.act merge incident merge "$twin" "$other"
same "merged by its place" "$(q .merged_into incident show "$twin")" "$other"
# On a terminal no case ends, and none is merged, by a slip: it asks; --yes does not.
slips() {
	local act=$1 subject=$2 wanted=$3 before
	shift 3
	before=$(q .state incident show "$subject")
	on_terminal n incident "$act" "$subject" "$@" >"$dir/screen"
	same "$act: asked, and not wanted" "$(q .state incident show "$subject")" "$before"
	on_terminal n incident "$act" "$subject" "$@" --yes >"$dir/screen"
	echo "incident $act --yes" >>"$dir/used"
	saw "incident $act --yes" "$(q .state incident show "$subject")" "$wanted"
}
fresh() { q .incident incident open --type other --grid YL-16-03; }
ended=$(fresh)
slips close "$ended" closed --disposition no_action
slips cancel "$(fresh)" cancelled
slips done "$(fresh)" done_reported
slips refer "$(fresh)" referred
slips reject "$(opened a5 cam-0003 fire.flame '.data.confidence = 0.1')" closed
slips merge "$(fresh)" closed "$other"
does .event.count 2 incident add "$other" --skill medic --count 2
saw "incident add --skill --count" "$(q '[.needs[] | select(.skills == ["medic"])] | "\(length) \([.[].count] | add)"' incident show "$other")" "1 2"

# A sensor's alarms become a case of their own.
alarm b1 smoke-001 fire.smoke '.data.position = {"type":"Point","coordinates":[113.4312,34.7801]}' >"$dir/alarms"
alarm b2 smoke-002 fire.smoke '.data.position = {"type":"Point","coordinates":[113.4312,34.7801]}' >>"$dir/alarms"
two=$(ctl alarm send "$dir/alarms" | jq -r '[.[].incident] | unique | join(" ")')
does .event.device smoke-002 incident split "$two" --device smoke-002
saw "incident split --device" "$(q '"\(.split_from) \(.sensor_list | map(.id // .device // .source) | join(" "))"' incident show "$(jq -r .incident <<<"$reply")")" "$two smoke-002"

# --- what people know of it, what went upward -------------------------------------------------------------
does .event.text 一人轻伤 incident fact "$hole" casualties 一人轻伤
same "the fact" "$(q '.facts[] | "\(.fact) \(.text)"' incident show "$hole")" "casualties 一人轻伤"
does '"\(.event.to) \(.event.text)"' "县应急局 已电话核实" incident sent "$hole" first --to 县应急局 --text 已电话核实
saw "incident sent --to --text" "$(jq -r '"\(.event.to) \(.event.text)"' <<<"$row") $(q '.reports[0].kind' incident show "$hole")" "县应急局 已电话核实 first"

does '"\(.event.report) \(.event.to)"' "followup 县应急局" incident sent "$hole" --kind followup --to 县应急局
saw "incident sent --kind" "$(q '[.reports[].kind] | join(" ")' incident show "$hole")" "first followup"
# A final report with gaps is asked about.
holds "the first goes first" ctl incident sent "$ended" first --to 县应急局
on_terminal n incident sent "$ended" final --to 县应急局 >"$dir/screen"
same "gaps: asked, and not wanted" "$(q '[.reports[].kind] | join(" ")' incident show "$ended")" first
on_terminal n incident sent "$ended" final --to 县应急局 --yes >"$dir/screen"
echo "incident sent --yes" >>"$dir/used"
saw "incident sent --yes" "$(q '[.reports[].kind] | join(" ")' incident show "$ended")" "first final"

# --- run on paper -------------------------------------------------------------------------------------------
# brought "OPTIONS SEEN" FILTER WANTED ARGUMENT…     a case brought in from paper is as FILTER says
brought() {
	local pairs=$1 filter=$2 wanted=$3
	shift 3
	does .kind paper incident paper --type other --reported "$(time_in -7000)" "$@"
	new=$(jq -r .incident <<<"$reply")
	saw "incident paper $pairs" "$(q "$filter" incident show "$new")" "$wanted"
}
brought "--type --place" '"\(.type) \(.position.coordinates[0]) \(.paper)"' "other 113.4324244 true" --place 云溪河公园
brought "--grid --title" '"\(.grid) \(.title)"' "YL-21-04 断电那晚" --grid YL-21-04 --title 断电那晚
brought "--lon --lat" '.position.coordinates | "\(.[0]) \(.[1])"' "113.4312 34.7801" --lon 113.4312 --lat 34.7801
brought "--crs" "$round"' .position.coordinates | "\(.[0] | r) \(.[1] | r)"' "113.431 34.78" --lon 447936.458 --lat 3850344.929 --crs EPSG:4547
brought "--device" .device cam-0900 --device cam-0900
times=()
for ((n = 0; n < 5; n++)); do times+=("$(time_in $((n * 1000 - 6000)))"); done
brought "--dispatched --arrived --done --verified --ended" '"\(.dispatched) \(.arrived) \(.done) \(.verified) \(.ended)"' "${times[*]}" --place 云溪河公园 \
	--dispatched "${times[0]}" --arrived "${times[1]}" --done "${times[2]}" --verified "${times[3]}" --ended "${times[4]}" \
	--done-by 丙 --verified-by 丁 --disposition no_action
saw "incident paper --reported" "$(q '.reported < .dispatched' incident show "$new")" true
saw "incident paper --done-by --verified-by --disposition" "$(q '"\(.done_by) \(.verified_by) \(.disposition)"' incident show "$new")" "丙 丁 no_action"
brought "--caller --phone --text --units" .paper true --place 云溪河公园 --caller "王 女士" --phone 0371-1 --text "路灯 不亮" --units WR-1 --units WR-2
same "in the journal" "$(jq -r '.event | "\(.caller) \(.phone) \(.text) \(.units | join(" "))"' <<<"$row")" "王 女士 0371-1 路灯 不亮 WR-1 WR-2"
