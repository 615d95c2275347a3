#!/bin/bash
# A message that brings the daemon down: once is no proof, twice and it is set aside; all others are taken in, and no kill is held against any.
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
	LD_PRELOAD=$poison "$bin/dispatcherd" -c "$dir/config.yaml" </dev/null >>"$dir/log" 2>&1 &
	DAEMON=$!
}
daemon_gone() { ! kill -0 "$DAEMON" 2>/dev/null; }
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
daemon_kill
daemon_start
same "a kill is held against nobody" "$(find "$dir/data/aside" -type f | wc -l)" 2
same "what was acknowledged is there" "$(q '[.[] | select(.id == "sound-1")] | length' alarm list)" 1
done_here
