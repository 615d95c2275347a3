#!/bin/bash
# What an officer types, and what a terminal of 24 lines shows: names for ids, ranges of calls, types, Tab, who signs, long lists.
# shellcheck disable=SC1010,SC2015,SC2317 # "done" is a word of the console; a list of two; called by await
# shellcheck source=tests/integration/daemon.bash
. "$(dirname "$0")/daemon.bash"
postgres_start
daemon_start

# zh COMMAND…     what a Chinese reader sees, errors too
zh() { "$bin/dispatchctl" --lang zh "$@" 2>&1; }
# shown COMMAND…     the same on a terminal of 80 columns and 24 lines
shown() {
	local line
	printf -v line '%q ' "$bin/dispatchctl" --lang zh "$@"
	script -qec "stty rows 24 cols 80; NO_COLOR=1 $line" /dev/null </dev/null | tr -d '\r'
}
has() {
	checks=$((checks + 1))
	[[ $2 == *"$3"* ]] || bad "$1: no '$3' in: $2"
}
lacks() {
	checks=$((checks + 1))
	[[ $2 != *"$3"* ]] || bad "$1: '$3' in: $2"
}
# typed LINES     what the shell writes when these lines are typed
typed() {
	printf '%b' "$1" >"$dir/typed"
	script -qec "stty rows 24 cols 200 -echo; NO_COLOR=1 DISPATCH_BY=duty-1 $bin/dispatchctl --lang zh" /dev/null <"$dir/typed" | tr -d '\r'
}
completes() { "$bin/dispatchctl" --lang zh complete -- "$@"; }

# --- types and playbooks -----------------------------------------------------------------------------
help=$(zh incident open --help)
has "help lists the types" "$help" "道路障碍 road_obstruction"
has "with the titles of their plans" "$help" "窨井盖丢失（缺失）"
DISPATCH_SERVER=unix:/nowhere has "the shipped ones without a daemon" "$(DISPATCH_SERVER=unix:/nowhere zh incident open --help)" "井盖缺失 alarm.manhole.missing"
said=$(zh incident open --type 沙尘暴警报 --place 云溪河水闸)
has "an unknown type: what there is" "$said" "可用类型:"
lacks "and no blame" "$said" "参数有误"
same "a tree across the road" "$(q .incident incident open --type 树倒 --place 云溪河水闸 --by duty-1 | cut -d - -f 2)" 000001
same "its playbook" "$(q .playbook incident show 1)" road-obstruction
same "a saw goes with it" "$(q '[.needs[] | select(.item == "chainsaw") | .count] | add' incident show 1)" 1
same "a missing cover" "$(q .incident incident open --type 井盖丢失 --place 云溪河水闸 --by duty-1 | cut -d - -f 2)" 000002
same "its playbook" "$(q .playbook incident show 2)" manhole-missing
same "井盖缺失 is the same" "$(q '.incident | length' incident open --type 井盖缺失 --grid YL-09-02 --by duty-1)" 11
same "its playbook" "$(q .playbook incident show 3)" manhole-missing

# --- names for ids -----------------------------------------------------------------------------------
same "unit show by name" "$(q .id unit show 道路抢险一组)" RT-1
same "by a part of it" "$(q .id unit show 道路抢险二)" RT-2
has "several: candidates" "$(zh unit show 道路抢险)" "RT-2  道路抢险二组"
zh unit show 道路抢险 >/dev/null
same "several: exit" $? 2
same "with --json too" "$(q .error unit show 道路抢险)" ambiguous
zh unit show 没有这组 >/dev/null
same "of none: exit" $? 3
same "order send by name" "$(q .result order send 1 巡逻三车 --by duty-1)" ok
same "it went" "$(q '[.[] | select(.who == "POL-3")] | length' order list --incident 1)" 1
order=$(q '.[] | select(.who == "POL-3") | .id' order list)
same "order swap by name" "$(q .result order swap "$order" 救护三车 --by duty-1)" ok
same "unit set by name" "$(q .result unit set 水上救援三组 --status out_of_service --by duty-1)" ok
same "it is" "$(q .state unit show WR-3)" out_of_service
same "a depot" "$(q .id depot show 北片)" depot-north
same "supply from it" "$(q .result supply send 2 cone 1 --from 北片 --by duty-1)" ok
device=$(q '[.[] | select(.kind == "loudspeaker")][0].name' device list)
same "a device" "$(q .name device show "$device")" "$device"
same "paper" "$(q .result incident paper --type fire --place 云溪河水闸 --reported "昨天 02:10" --arrived "昨天 02:25" --units 消防一车 --by duty-1)" ok

# --- ranges of calls, filters -------------------------------------------------------------------------
ctl warning set orange rainstorm --until 23:59 --by duty-1 >/dev/null
rain=$(q .incident incident open --type 暴雨 --playbook weather-rainstorm-orange --place 云溪河水闸 --by duty-1)
many() { [ "$(q length task list --incident "$rain")" -gt 100 ]; }
await 30 "hundreds are called" many
calls=$(q length task list --incident "$rain")
mapfile -t some < <(q '[.[] | select(.notice != null)][0:40][].id' task list --incident "$rain" | sort -V)
first=${some[0]} second=${some[1]}
range=T${first#T}-T$((${first#T} + 3))
same "take a range" "$(q '[.[].result] | unique | join(",")' task take "$range" --by duty-1)" ok
same "four of them" "$(q '[.[] | select(.state == "taken")] | length' task list)" 4
ctl task done "$second" --by duty-1 >/dev/null
has "one is done already: left out" "$(zh task done "${first#T}-$((${first#T} + 3))" --by duty-1)" "略过"
same "none is left" "$(q '[.[] | select(.state == "taken")] | length' task list)" 0
zh task done "$range" --by duty-1 >/dev/null
same "nothing waits: exit" $? 3
zh task done T9-T2 --by duty-1 >/dev/null
same "the wrong way round: exit" $? 2
same "only of a case" "$(q '[.[].incident] | unique | join(",")' task list --incident 1)" "$(q .id incident show 1)"
grid=$(q '[.[] | select(.level == 2)][0].code' grid list)
in_grid=$(q length task list --grid "$grid")
[ "$in_grid" -gt 0 ] && [ "$in_grid" -lt "$calls" ] || bad "task list --grid $grid: $in_grid of $calls"
leaders=$(q length task list --role leader)
[ "$leaders" -gt 0 ] && [ "$leaders" -lt "$calls" ] || bad "task list --role leader: $leaders of $calls"

# --- calls that end with the work -----------------------------------------------------------------------
bog=$(q .incident incident open --type 井盖破损 --grid YL-09-02 --new --by duty-1)
calling() { [ "$(q '[.[] | select(.notice != null)] | length' task list --incident "$bog")" -gt 0 ]; }
await 30 "the head of the grid is called" calling
mapfile -t left < <(q '.orders[] | select(.target == "unit" and .ended == null) | "\(.who) \(.id)"' incident show "$bog")
for one in "${left[@]}"; do
	for answer in accept en_route arrived; do ctl order answer "${one#* }" "$answer" --by duty-1 >/dev/null; done
done
for one in "${left[@]::${#left[@]}-1}"; do ctl order answer "${one#* }" done --by duty-1 >/dev/null; done
waiting=$(q length task list --incident "$bog")
said=$(zh radio "${left[-1]% *} done")
has "the answer says that they end" "$said" "$waiting 个"
gone() { [ "$(q length task list --incident "$bog")" = 0 ]; }
await 10 "they are gone" gone

# --- a terminal ---------------------------------------------------------------------------------------
screen=$(shown task list)
has "grouped by case" "$screen" "■ $rain"
has "and how to see the others" "$screen" "个:task list --incident $rain"
lines=$(wc -l <<<"$screen")
[ "$lines" -lt 80 ] || bad "task list: $lines lines"
[ "$(shown task list --all | wc -l)" -gt 100 ] || bad "task list --all is folded"
[ "$(zh task list | wc -l)" -gt 100 ] || bad "task list is folded where no terminal is"
screen=$(shown incident show "$rain")
has "calls are counted" "$screen" "查看:task list --incident $rain"
has "notices are counted" "$screen" "查看:notice list --incident $rain"
[ "$(wc -l <<<"$screen")" -lt 400 ] || bad "incident show: $(wc -l <<<"$screen") lines"
[ "$(shown incident show "$rain" --all | wc -l)" -gt 1000 ] || bad "incident show --all is folded"
[ "$(zh incident show "$rain" | wc -l)" -gt 1000 ] || bad "incident show is folded where no terminal is"
screen=$(shown unit list)
has "grid workers are counted" "$screen" "个网格员空闲或未在岗:unit list --all"
has "a vehicle stands there" "$screen" "VOL-2"
first_states=$(sed -n 2,4p <<<"$screen")
lacks "who works comes first" "$first_states" "待命"
[ "$(wc -l <<<"$screen")" -lt 80 ] || bad "unit list: $(wc -l <<<"$screen") lines"
[ "$(shown unit list --all | wc -l)" -gt 500 ] || bad "unit list --all is folded"
same "names are cut in the middle" "$(shown unit list --skill grid_worker | awk '{ print $2 }' | grep -c '…网\|网…$')" 0

# --- Tab ----------------------------------------------------------------------------------------------
has "Chinese words on a Chinese screen" "$(completes incident close 1 --disposition "")" "已解决"
has "the English ones too" "$(completes incident close 1 --disposition "")" "resolved"
same "Chinese typed" "$(completes incident open --type 窨井盖丢)" "窨井盖丢失（缺失）"
has "a part of a place's name" "$(completes incident open --type fire --place 水闸)" "云溪河水闸"
has "a unit's name" "$(completes unit show 道路抢)" "道路抢险一组"
same "nothing that is not typed" "$("$bin/dispatchctl" --lang en complete -- incident close 1 --disposition res)" resolved

# --- refusals -----------------------------------------------------------------------------------------
has "close in one's own words" "$(zh incident close 2 --disposition 人员获救 --by duty-1)" "--reason"
has "nobody listens" "$(DISPATCH_SERVER=unix:$dir/config.yaml zh status)" "拒绝连接"
has "no such socket" "$(DISPATCH_SERVER=unix:/nowhere zh status)" "没有该文件或目录"
has "no such file" "$(zh playbook explain /nowhere)" "没有该文件或目录"
ctl incident done 2 --by duty-1 >/dev/null
said=$(zh incident verify 2 --by duty-1 --reason 看过)
has "verify: who did it" "$said" "处置人:duty-1"
has "verify: who I am" "$said" "您是duty-1"

# --- who signs ----------------------------------------------------------------------------------------
has "outside the shell" "$(zh as duty-2)" "DISPATCH_BY"
said=$(typed 'as duty-2\nwhoami\nas 没有此人\nexit\n')
has "as: said" "$said" "从现在起由 duty-2"
has "as: the prompt" "$said" "duty-2@"
has "as: nobody of that name" "$said" "本镇人员名册中没有"
ctl shift on duty-1 --by duty-1 >/dev/null
said=$(typed 'shift handover duty-2 --from duty-1\ny\nwhoami\nexit\n')
has "after the hand-over it is asked" "$said" "今后改由 duty-2"
has "and done" "$said" "从现在起由 duty-2"
has "the prompt says so" "$said" "duty-2@"
done_here
