#!/bin/bash
# A message that brings the daemon down: once is no proof, twice and it is set aside, loudly, until a person lets it in or drops it; all others
# are taken in, and no kill is held against any.
# shellcheck disable=SC2154,SC2317 # set in daemon.bash; called by await
# shellcheck source=tests/integration/daemon.bash
. "$(dirname "$0")/daemon.bash"
poison=$dir/poison.so
gcc -shared -fPIC -D_GNU_SOURCE -o "$poison" tests/integration/client/poison.c 2>"$dir/said" || {
	echo "no compiler: $(head -n 1 "$dir/said")"
	exit 77
}
daemon_begin() {
	configuration_write
	rm -f "$dir/ready"
	mkdir -p "$dir/data"
	LD_PRELOAD=$preload "$bin/dispatcherd" -c "$dir/config.yaml" </dev/null >>"$dir/log" 2>&1 &
	DAEMON=$!
}
daemon_gone() { ! kill -0 "$DAEMON" 2>/dev/null; }
preload=$poison
postgres_start
daemon_start

# sent_down ID     sends it, and the daemon dies of it
sent_down() {
	client_start dealer "$ALARMS"
	client_say "$client" "send $(alarm "$1" cam-0001 fire.smoke)"
	await 10 "$1 brings it down" daemon_gone
	wait "$DAEMON" 2>/dev/null
	daemon_start
}

fixed_now=$(now)
sent_down poison-1
same "once is no proof" "$(grep -c 'brought the dispatcher down, time 1' "$dir/log")" 1
sent_down poison-1
same "twice: it is set aside, loudly" "$(grep -c 'SET ASIDE' "$dir/log")" 1
client_start dealer "$ALARMS"
client_say "$client" "send $(alarm poison-1 cam-0001 fire.smoke)"
client_hear "$client" || bad "the third time it is not answered"
same "the third time it is refused" "$(jq -r '.result + " " + .reason' <<<"$heard")" "rejected malformed"
client_say "$client" "send $(alarm sound-1 cam-0002 fire.smoke)"
client_hear "$client" || bad "others are not answered"
same "others are taken in" "$(jq -r .result <<<"$heard")" accepted
same "through HTTP, it is another message: once is no proof" "$(alarm poison-2 cam-0001 fire.smoke | send | wc -l)" 0
wait "$DAEMON" 2>/dev/null
daemon_start
alarm poison-2 cam-0001 fire.smoke | send >/dev/null
wait "$DAEMON" 2>/dev/null
daemon_start
same "through HTTP, the third time" "$(alarm poison-2 cam-0001 fire.smoke | send | jq -r '.result + " " + .reason')" "rejected malformed"
same "the status says so" "$(q .counters.messages_set_aside status)" 2
same "two of them, kept for a person" "$(find "$dir/data/aside" -type f | wc -l)" 2

# --- a person is asked ------------------------------------------------------------------------------------------
rings() { [ "$(q '[.[].causes[]] | index("aside") != null' alert list)" = "$1" ]; }
waiting() { [ "$(q length aside list)" = "$1" ]; }
# of FROM FILTER     of the one that came in there
of() { q ".[] | select(.from == \"$1\") | $2" aside list; }
await 10 "the desk is called" rings true
await 10 "both are told of" waiting 2
same "in Chinese" "$(q '[.[].causes_zh[]] | join(" ")' alert list | grep -c 搁置)" 1
same "where they came in, how often they did it" "$(q 'map("\(.what) \(.from) \(.times) \(.kind)") | sort | join(", ")' aside list)" \
	"message alarms 2 null, message http 2 null"
first=$(of alarms .id) other=$(of http .id)
same "each was told of once" "$(q '[.[] | select(.kind == "aside") | .event.id] | sort == ["'"$first"'", "'"$other"'"] or sort == ["'"$other"'", "'"$first"'"]' journal export)" true
same "what it says" "$(q .content aside show "$first" | jq -r .id)" poison-1
same "by how its id begins" "$(q .id aside show "${other:0:8}")" "$other"
same "the screen shows it" "$("$bin/dispatchctl" --lang zh aside show "$first" | grep -c 'poison-1')" 1
ctl aside show nobody >"$dir/out" 2>&1
same "one that is none" "$? $(jq -r .error "$dir/out")" "3 not_found"
ctl aside release "$first" --by duty-1 --reason x >"$dir/out"
same "not everybody may let it in" "$? $(jq -r .error "$dir/out")" "4 not_permitted"
ctl alert ack --all --by duty-1 >"$dir/out" || bad "it cannot be acknowledged: $(cat "$dir/out")"
await 10 "who has seen it is called no more" rings false
same "and still it waits" "$(q length aside list)" 2
daemon_kill
daemon_start
same "what is known is not told again" "$(q length aside list) $(q length alert list)" "2 0"

# --- let in while the fault is there, and after --------------------------------------------------------------------
release() {
	ctl aside release "${first:0:12}" --by lead-01 --reason "$1" >"$dir/out" || bad "release: $(cat "$dir/out")"
	await 10 "the daemon knows" grep -q "id=$first released" "$dir/log"
}
release 再试一次
sent_down poison-1
same "once more is enough" "$(grep -c 'brought the dispatcher down, time 2, and is SET ASIDE' "$dir/log")" 3
await 10 "the desk is called again" rings true
await 10 "it waits again" waiting 2
sed -i "/id=$first released/d" "$dir/log"
kill "$DAEMON" && wait "$DAEMON"
preload=
daemon_start
release 程序已升级
client_start dealer "$ALARMS"
client_say "$client" "send $(alarm poison-1 cam-0001 fire.smoke)"
client_hear "$client" || bad "it is not answered"
same "it is taken in" "$(jq -r .result <<<"$heard")" accepted
same "who let it in, and why, stands in the journal" \
	"$(q '[.[] | select(.kind == "aside" and .event.act == "release") | "\(.by) \(.event.reason)"] | join(",")' journal export)" \
	"lead-01 再试一次,lead-01 程序已升级"

# --- left out for good ------------------------------------------------------------------------------------------------
ctl aside drop "$other" --by lead-01 --reason 测试数据 >"$dir/out" || bad "drop: $(cat "$dir/out")"
same "with the last one the alert ends" "$(q length aside list) $(q '[.[].causes[]] | index("aside")' alert list)" "0 null"
await 10 "the daemon knows" grep -q "id=$other dropped" "$dir/log"
same "it is still refused" "$(alarm poison-2 cam-0001 fire.smoke | send | jq -r '.result + " " + .reason')" "rejected malformed"
same "nothing of what it said is kept" "$(grep -c poison "$dir/data/aside/$other")" 0
preload=$poison

daemon_kill
daemon_start
same "and nobody is asked about it again" "$(q length aside list)" 0
same "a kill is held against nobody" "$(find "$dir/data/aside" -type f | wc -l)" 2
same "what was acknowledged is there" "$(q '[.[] | select(.id == "sound-1")] | length' alarm list)" 1
done_here
