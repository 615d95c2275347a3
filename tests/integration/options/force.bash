# force.bash: the options of orders, units, goods, devices and calls. Part of test_options.sh.
# shellcheck shell=bash disable=SC2154,SC2034,SC1010 # the variables of test_options.sh; `done` is a word here

# free SKILL     the first unit with the skill that has nothing to do
free() { q 'map(select(.orders_live == 0))[0].unit // map(select(.orders_live == 0))[0].id' unit list --state available --skill "$1"; }

# --- orders -----------------------------------------------------------------------------------------
order=$(q '[.orders[] | select(.target == "unit")][0].id' incident show "$hole")
crew=$(q .who order show "$order")
saw "order list --incident" "$(q 'map(.incident) | unique | join(" ")' order list --incident "$hole")" "$hole"
saw "order show" "$(q .incident order show "$order")" "$hole"
does .event.answer accept order answer "$order" accept
saw "order list --state" "$(q '"\(map(.state) | unique | join(" ")) \(map(.id) | index("'"$order"'") != null)"' order list --state accepted)" "accepted true"
one=$(free traffic)
does '"\(.event.unit) \(.event.task)"' "$one 封路" order send "$other" "$one" --task 封路
sent=$(q '.[] | select(.who == "'"$one"'") | .id' order list --incident "$other")
saw "order send --task" "$(q .task order show "$sent")" 封路
does .event.also true order send "$hole" "$one" --also
saw "order send --also" "$(q '.orders | length' unit show "$one")" 2
two=$(free traffic)
does .event.unit "$two" order swap "$sent" "$two"
same "swapped" "$(q '[.[] | select(.who == "'"$two"'")] | length' order list --incident "$other")" 1
# On a terminal it asks before units go; --yes does not.
three=$(free traffic)
same "asked, and not wanted" "$(on_terminal n order swap "$(q '.[] | select(.who == "'"$two"'") | .id' order list --incident "$other")" "$three" | grep -c Send)" 1
same "it stays" "$(q '[.[] | select(.who == "'"$two"'")] | length' order list --incident "$other")" 1
on_terminal n order send "$hole" "$three" --yes >"$dir/screen"
echo "order send --yes" >>"$dir/used"
saw "order send --yes" "$(q .orders_live unit show "$three")" 1
same "recalled again" "$(ctl order recall "$(q '.orders[0].id' unit show "$three")" | jq -r .result)" ok
on_terminal n order swap "$(q '.[] | select(.who == "'"$two"'") | .id' order list --incident "$other")" "$three" --yes >"$dir/screen"
echo "order swap --yes" >>"$dir/used"
saw "order swap --yes" "$(q '[.[] | select(.who == "'"$three"'")] | length' order list --incident "$other")" 1
two=$three
does .event.answer recall order recall "$(q '.[] | select(.who == "'"$two"'") | .id' order list --incident "$other")"
same "recalled" "$(q '[.[] | select(.who == "'"$two"'")] | length' order list --incident "$other")" 0
saw "order list --all" "$(q '[.[] | select(.who == "'"$two"'") | .state] | join(" ")' order list --incident "$other" --all)" recalled
load=$(q '[.orders[] | select(.target == "depot")][0].id' incident show "$hole")
does .event.quantity 3 order answer "$load" done --quantity 3
saw "order answer --quantity" "$(q "[.supplies[] | select(.order == \"$load\" and .state == \"issued\") | .quantity] | add" incident show "$hole")" 3

# --- units ------------------------------------------------------------------------------------------
three=$(free agronomy)
does .event.state out_of_service unit set "$three" --status out_of_service
saw "unit list --state" "$(q '[.[].id] | join(" ")' unit list --state out_of_service)" "$three"
saw "unit list --all" "$(q length unit list --all)" "$(q length unit list)"
saw "unit list --skill" "$(q 'map(.skills | index("water_rescue") != null) | unique | join(" ")' unit list --skill water_rescue)" true
does .event.state available unit set "$three" --status available --lon 113.4312 --lat 34.7801
saw "unit set --status --lon --lat" "$(q '"\(.state) \(.position.coordinates | join(" "))"' unit show "$three")" "available 113.4312 34.7801"
does .event.state available unit set "$three" --status available --lon 447936.458 --lat 3850344.929 --crs EPSG:4547
saw "unit set --crs" "$(q "$round"' .position.coordinates | map(r) | join(" ")' unit show "$three")" "113.431 34.78"
does .event.state available unit set "$three" --status available --place 云溪河公园
saw "unit set --place" "$(q '.position.coordinates | join(" ")' unit show "$three")" "113.4324244 34.782416"
saw "unit show" "$(q .id unit show "$three")" "$three"
saw "radio --dry-run" "$(q '.[].result' radio "$three off" --dry-run) $(q .state unit show "$three")" "ok available"
saw "radio" "$(q '.[].result' radio "$three off")" ok
same "by radio" "$(q .state unit show "$three")" off_duty
holds "back on duty" ctl unit set "$three" --status available
saw "nearest -k --skill" "$(q '"\(length) \(map(.skills | index("medic") != null) | unique | join(" "))"' nearest --lon 113.4312 --lat 34.7801 -k 2 --skill medic)" "2 true"
saw "nearest --lon --lat" "$(q '.[0].range_m < 1' nearest --lon "$(q '.position.coordinates[0]' unit show WR-1)" \
	--lat "$(q '.position.coordinates[1]' unit show WR-1)" --skill water_rescue -k 1)" true
saw "nearest --crs" "$(q '.[0].unit' nearest --lon 447936.458 --lat 3850344.929 --crs EPSG:4547 -k 1)" \
	"$(q '.[0].unit' nearest --lon 113.4312 --lat 34.7801 -k 1)"
from() { q 'map(.unit) | join(" ")' nearest "$@" -k 3; }
here=$(from --lon 113.4324244 --lat 34.782416)
saw "nearest --place" "$(from --place 云溪河公园)" "$here"
holds "several places" test "$(ctl nearest --place 公园 >/dev/null; echo $?)" = 1
saw "nearest --device" "$(from --device cam-0900)" \
	"$(from --lon "$(q '.position.coordinates[0]' device show cam-0900)" --lat "$(q '.position.coordinates[1]' device show cam-0900)")"
saw "nearest --incident" "$(from --incident "$hole")" \
	"$(from --lon "$(q '.position.coordinates[0]' incident show "$hole")" --lat "$(q '.position.coordinates[1]' incident show "$hole")")"
at_grid=$(q .incident incident open --type other --grid YL-16-03 --new)
saw "nearest --grid" "$(from --grid YL-16-03)" "$(from --incident "$at_grid")"

# --- goods ------------------------------------------------------------------------------------------
rings() { q ".[] | .on_hand" stock list --depot depot-north --item life_ring; }
saw "depot list" "$(q 'map(.id) | sort | join(" ")' depot list)" "depot-north depot-south"
saw "depot show" "$(q .id depot show depot-north)" depot-north
saw "stock list --depot" "$(q 'map(.depot) | unique | join(" ")' stock list --depot depot-south)" depot-south
saw "stock list --item" "$(q 'map(.item) | unique | join(" ")' stock list --item life_ring)" life_ring
had=$(rings)
does .event.quantity 20 stock receive depot-north life_ring 20
same "received" "$(rings)" $((had + 20))
does .event.quantity 4 stock issue depot-north life_ring 4 --incident "$other"
saw "stock issue --incident" "$(jq -r .event.incident <<<"$row")" "$other"
same "issued" "$(rings)" $((had + 16))
does .event.quantity 4 stock return depot-north life_ring 4 --incident "$other"
saw "stock return --incident" "$(jq -r .event.incident <<<"$row")" "$other"
same "returned" "$(rings)" $((had + 20))
does .event.quantity 15 stock count depot-north life_ring 15
same "counted" "$(rings)" 15
saw "stock list --low" "$(q 'map("\(.depot) \(.item)") | join(", ")' stock list --low)" "depot-north life_ring"
does '"\(.event.quantity) \(.event.depot)"' "2 depot-south" supply send "$other" life_ring 2 --from depot-south
saw "supply send --from" "$(q '[.supplies[] | select(.item == "life_ring") | .depot] | join(" ")' incident show "$other")" depot-south
holds "more than there is: refused" test "$(ctl supply send "$other" tent 100000 >/dev/null; echo $?)" = 1
committee=$(awk -F , '$3 ~ /committee/ { print $1; exit }' "$town/people.csv")
same "below the minimum: somebody of the committee must agree" "$(ctl supply send "$other" tent 100000 --partial | jq -r .outcome)" needs_agreement
does .event.agreed "$committee" supply send "$other" tent 100000 --partial --agreed "$committee"
saw "supply send --agreed" "$(jq -r .outcome <<<"$reply")" ok
saw "supply send --partial" "$(q '[.supplies[] | select(.item == "tent") | .quantity] | add > 0' incident show "$other")" true

# --- devices ----------------------------------------------------------------------------------------
saw "device list --kind" "$(q 'map(.kind) | unique | join(" ")' device list --kind pump)" pump
does .event.enabled false device disable cam-0003 --reason 维修
saw "device disable --reason" "$(jq -r .event.reason <<<"$row")" 维修
saw "device list --state" "$(q 'map(.id) | join(" ")' device list --state disabled)" cam-0003
saw "device show" "$(q .state device show cam-0003)" disabled
does .event.enabled true device enable cam-0003
same "enabled" "$(q .state device show cam-0003)" ok
client_start dealer "$UNITS"
client_say "$client" 'send {"kind":"hello","device":"spk-02"}'
client_hear "$client"
does '"\(.event.say) \(.event.incident)"' "请离开 $drowning" device "do" spk-02 say --say 请离开 --incident "$drowning"
saw "device do --say --incident" "$(q '[.[] | select(.who == "spk-02" and .incident == "'"$drowning"'") | .task] | last' order list --all)" 请离开

# --- calls ------------------------------------------------------------------------------------------
# test_daemon_typed.sh has what a terminal shows
called=$(q '.[] | select(.roles | length > 0) | .id' people list | grep -xF "$(q '.[].person' task list)" | head -n 1)
about=$(q "[.[] | select(.person == \"$called\")][0].incident" task list)
saw "task list --incident" "$(q 'map(.incident) | unique | join(" ")' task list --incident "$about")" "$about"
role=$(q ".[] | select(.id == \"$called\") | .roles[0]" people list)
saw "task list --role" "$(q "[.[] | select(.person == \"$called\")] | length > 0" task list --role "$role")" true
same "of another role" "$(q "[.[] | select(.person == \"$called\")] | length" task list --role "$([ "$role" = keeper ] && echo town_head || echo keeper)")" 0
within=$(q '.[] | select(.grid != null) | .id' people list | grep -xF "$(q '.[].person' task list)" | head -n 1)
saw "task list --grid" "$(q "[.[] | select(.person == \"$within\")] | length > 0" task list --grid "$(q ".[] | select(.id == \"$within\") | .grid" people list)")" true
saw "task list --state" "$(q 'map(.state) | unique | join(" ")' task list --state open)" open
holds "one more to be called" ctl order send "$hole" "$(free volunteer)"
task=$(q 'map(select(.order != null)) | last.id' task list --state open)
saw "task show" "$(q '"\(.id) \(.text | length > 20)"' task show "$task")" "$task true"
called=$(q .order task show "$task")
same "the order that is called about" "$(q .id order show "${task,}")" "$called"
does .event.state taken task take "$task"
same "taken" "$(q ".[] | select(.id == \"$task\") | .state" task list)" taken
does .event.state "done" task "done" "$task"
saw "task list --all" "$(q ".[] | select(.id == \"$task\") | .state" task list --all)" "done"
same "without --all" "$(q "[.[] | select(.id == \"$task\")] | length" task list)" 0

# --- notices ----------------------------------------------------------------------------------------
saw "notice list --state" "$(q '"\(length > 0) \(map(.state) | unique | join(" "))"' notice list --state pending)" "true pending"
notice=$(q '.[0].id' notice list)
does .event.text 马上到 notice answer "$notice" 马上到
same "answered" "$(q "[.[] | select(.id == \"$notice\")] | length" notice list)" 0
saw "notice list --all" "$(q ".[] | select(.id == \"$notice\") | .state" notice list --all)" answered
saw "notice list --incident" "$(q 'map(.incident) | unique | join(" ")' notice list --incident "$drowning")" "$drowning"
saw "notice list --unreached" "$(q length notice list --unreached)" "$(q 'map(select(.state == "unreached")) | length' notice list --all)"
answerer() { q ".[] | select(.id == \"$1\") | \"\(.state) \(.answered_by)\"" notice list --all; }
notice=$(q '.[0].id' notice list)
holds "another answers" ctl notice answer "$notice" 代接 --who duty-2
saw "notice answer --who" "$(answerer "$notice")" "answered 邓爱磊"
call() { q "map(select(.notice != null)) | .[0].$1" task list --state open; }
notice=$(call notice) task=$(call id)
holds "nobody answers" ctl task "done" "$task" --no-answer
saw "task done --no-answer" "$(q ".[] | select(.id == \"$notice\") | .state" notice list --all)" pending
notice=$(call notice) task=$(call id)
holds "another is told" ctl task "done" "$task" --who duty-3
saw "task done --who" "$(answerer "$notice")" "answered 梁海杰"
saw "task list --limit" "$(q length task list --limit 1)" 1

# --- more than there is -----------------------------------------------------------------------------
holds "more than the town has" ctl incident add "$hole" --skill medic --count 50
saw "incident list --short" "$(q 'map(.short > 0) | unique | join(" ")' incident list --short)" true
saw "incident list --limit" "$(q length incident list --limit 1)" 1
