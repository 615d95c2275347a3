#!/bin/bash
# Call-and-answer through the daemon: a terminal that keeps silent is told again, then its person is called, then the name climbs; one answer ends it.
# shellcheck disable=SC2317 # functions are called by await
# shellcheck source=tests/integration/daemon.bash
. "$(dirname "$0")/daemon.bash"
# shellcheck disable=SC2034 # read by daemon_start
clock='{ start: "2026-07-01T08:00:00Z", rate: 60 }'
postgres_start
daemon_start

head_listens

# notice FILTER: of the notice to the head of the grid in incident $case
notice() {
	q "[.notices[] | select(.person == \"$head\")][0] | $1" incident show "$case"
}

is_told() {
	[ "$(notice .told)" -ge "$1" ]
}

is_unreached() {
	[ "$(notice .state)" = unreached ]
}

has_climbed() {
	[ "$(notice .climbed_to)" != null ]
}

# --- the terminal, then the telephone too, then the name climbs -------------------------------------
case=$(alarm n1 cam-0001 fire.smoke '.data.confidence = 0.9 | .data.text = "二楼冒烟"' | send | jq -r .incident)
same "told on the terminal" "$(notice .unit)" "$unit"
same "no call yet" "$(notice .task)" null
await 30 "the second try" is_told 2
holds "a call too" test "$(notice .task)" != null
await 30 "the third try" is_told 3
task=$(notice .task)
await 30 "not reached" is_unreached
holds "a notify for each try" test "$(client_got "$terminal" '"kind":"notify"')" -ge 3
holds "the name climbs" has_climbed
same "the list" "$(q "[.[] | select(.incident == \"$case\" and .person == \"$head\").id] | length" notice list --unreached)" 1
holds "counted" test "$(q .unreached status)" -ge 1
above=$(notice .climbed_to)
same "the one above is told of the name" "$(q ".notices[] | select(.id == \"$above\").climbed_from" incident show "$case")" "$(notice .id)"
call=$(q ".notices[] | select(.id == \"$above\").task" incident show "$case")
same "the words name him" "$(q "[.[] | select(.id == \"$call\").text_zh | contains(\"未叫应\")] | any" task list)" true

# --- the terminal answers late: the list is cleared, the call and the climb end ------------------------
client_say "$terminal" "send {\"kind\":\"notify_answer\",\"notice\":\"$(notice .id)\",\"text\":\"到\"}"
answered() {
	[ "$(notice .state)" = answered ]
}
await 30 "the late answer" answered
same "who answered" "$(notice .answered_by)" "$(notice .name)"
same "the call is over" "$(q ".tasks[] | select(.id == \"$task\").state" incident show "$case")" "done"
same "the climb is over" "$(q ".notices[] | select(.id == \"$above\").state" incident show "$case")" ended
same "and its call" "$(q ".tasks[] | select(.id == \"$call\").state" incident show "$case")" cancelled

# --- one duty officer is enough ------------------------------------------------------------------------
officers=$(q '[.notices[] | select(.who == "duty_officer" and .state == "pending")] | length' incident show "$case")
if [ "$officers" -gt 0 ]; then
	one=$(q '[.notices[] | select(.who == "duty_officer" and .state == "pending").id][0]' incident show "$case")
	holds "a duty officer answers by telephone" ctl notice answer "$one" 知悉 --by 王五 --channel phone
	same "the others need not" "$(q '[.notices[] | select(.who == "duty_officer" and .state == "pending")] | length' incident show "$case")" 0
fi

# --- what was reported goes with an order that is told again ---------------------------------------------
case=$(q .incident incident open --type smoke --playbook fire-smoke --place 云溪河公园 --text "厨房冒烟" --caller 张三)
client_start dealer "$UNITS"
crew=$(q '[.orders[] | select(.target == "unit" and .state == "issued").who][0]' incident show "$case")
client_say "$client" "send {\"kind\":\"hello\",\"unit\":\"$crew\"}"
await 30 "the order is told again" grep -q '"kind":"order"' "$dir/client.$client.out"
holds "with what was reported" grep -q '厨房冒烟' "$dir/client.$client.out"

# --- a recall that the terminal has taken spares the call ------------------------------------------------
order=$(q "[.orders[] | select(.who == \"$crew\" and .state == \"delivered\").id][0]" incident show "$case")
client_say "$client" "send {\"kind\":\"answer\",\"order\":\"$order\",\"answer\":\"accept\"}"
accepted() {
	[ "$(q .state order show "$order")" = accepted ]
}
await 30 "the crew accepts" accepted
# its line is lost: the connection says another name
other=$(q "[.[] | select(.id != \"$crew\" and .id != \"$unit\" and .terminal and .orders_live == 0).id][0]" unit list)
client_say "$client" "send {\"kind\":\"hello\",\"unit\":\"$other\"}"
gone() {
	[ "$(q .link unit show "$crew")" = false ]
}
await 30 "the line is lost" gone
holds "the crew is recalled" ctl order recall "$order" --reason 误报
call=$(q .call_task order show "$order")
# state_of_call STATE
state_of_call() {
	[ "$(q ".[] | select(.id == \"$call\").state" task list --all)" = "$1" ]
}
holds "it is to be called back" state_of_call open
client_say "$client" "send {\"kind\":\"hello\",\"unit\":\"$crew\",\"last_seq\":999999}"
await 30 "the terminal has the recall" grep -q '"kind":"recall"' "$dir/client.$client.out"
await 30 "nobody need call" state_of_call cancelled

# --- a response level is told once -----------------------------------------------------------------------
holds "a response level" ctl response set II --reason 汛情 --agreed cm-1
told_only() { "$bin/dispatchctl" --lang zh notice list | grep -q 仅告知; }
holds "its calls wait for no answer, and say so" told_only
done_here
