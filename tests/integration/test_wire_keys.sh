#!/bin/bash
# The doors of a daemon that asks for keys: its own pair, keys by the console, a revoked one out within a second, no secret anywhere.
# shellcheck disable=SC2016,SC2030,SC2031,SC2034,SC2317 # jq's variables; read by daemon.bash; functions called by await
# shellcheck source=tests/integration/daemon.bash
. "$(dirname "$0")/daemon.bash"

# Without a database: what is asked here is asked of the core. listen: lines of its own.
listen=""
configuration_write() {
	cat >"$dir/config.yaml" <<-END
		town: "$town"
		playbooks: "$playbooks"
		data: "$dir/data"
		ready_file: "$dir/ready"
		listen:
		  alarms: "tcp://127.0.0.1:*"
		  units: "tcp://127.0.0.1:*"
		  feed: "tcp://127.0.0.1:*"
		  http: "unix:$dir/http"
		  $listen
		$more
	END
}

# connected KEY_FILE KIND ENDPOINT     a client under these keys; none: an empty word
connected() {
	local program=$client_program
	if [ -n "$1" ]; then
		printf '#!/bin/bash\nexec "%s" --key-file "%s" "$@"\n' "$program" "$1" >"$dir/client" && chmod 700 "$dir/client"
		client_program=$dir/client
	fi
	client_start "$2" "$3"
	client_program=$program
}

# asked ID SOURCE     what the last client is answered to an alarm: result, or the reason of the refusal
asked() {
	client_say "$client" "send $(alarm "$1" "$2" fire.smoke '.data.state = "alive"')"
	client_hear "$client" "${3:-10}" || heard=""
	[ "${heard:0:1}" = "{" ] || heard='{"result":"nothing"}' # cut, or silent
	jq -r '.reason // .result' <<<"$heard"
}

# --- the daemon's own pair ------------------------------------------------------------------------------
listen="gateway_key_file: \"$dir/gateway.key\""
daemon_start
same "its pair is its own" "$(stat -c %a "$dir/data/curve.key") $(wc -l <"$dir/data/curve.key")" "600 2"
same "the gateway's, too" "$(stat -c %a "$dir/gateway.key") $(wc -l <"$dir/gateway.key")" "600 3"
public=$(head -n 1 "$dir/data/curve.key")
same "the ready file has the public one" "$(sed -n 's/^SERVER_KEY=//p' "$dir/ready")" "$public"
same "and says where the gateway's are" "$(sed -n 's/^GATEWAY_KEY_FILE=//p' "$dir/ready")" "$dir/gateway.key"
same "who has them is told whom to expect" "$(head -n 1 "$dir/gateway.key")" "$public"
same "no word of a door that is open" "$(grep -c INSECURE "$dir/log")" 0
daemon_kill
daemon_start
same "the same after a restart" "$(sed -n 's/^SERVER_KEY=//p' "$dir/ready")" "$public"
same "one gateway, not two" "$(q length key list)" 1

# --- in, and out again -----------------------------------------------------------------------------------
connected "$dir/gateway.key" dealer "$ALARMS"
same "the gateway's alarm" "$(asked g1 cam-0001)" accepted
ctl key add camera --role device --who cam-0001 --generate "$dir/camera.key" --by 党政办 >/dev/null || bad "no key: $(cat "$dir/said")"
connected "$dir/camera.key" dealer "$ALARMS"
camera=$client
same "a device's own" "$(asked c1 cam-0001)" accepted
same "another's" "$(asked c2 cam-0002)" not_permitted
ctl key add board --role reader --generate "$dir/board.key" >/dev/null || bad "no key: $(cat "$dir/said")"
connected "$dir/board.key" sub "$FEED"
board=$client
told() { ctl shift present >/dev/null && [ "$(client_got "$board" '"seq"')" -ge 1 ]; }
await 10 "the feed" told
connected "" dealer "$ALARMS"
client_say "$client" "send $(alarm n1 cam-0001 fire.smoke)"
connected "" sub "$FEED"
stranger=$client

# The camera says something every few milliseconds; how long after its key is revoked is the last one taken?
chatter() {
	local n=0
	while [ ! -e "$dir/enough" ]; do
		client_say "$camera" "send $(sed "s/\"id\":\"s\"/\"id\":\"s$n\"/" "$dir/alarm")"
		n=$((n + 1))
		sleep 0.06
	done
}
alarm s cam-0001 fire.smoke '.data.state = "alive"' >"$dir/alarm"
chatter 2>/dev/null &
helpers+=($!)
flows() { [ "$(client_got "$camera" accepted)" -ge 8 ]; }
await 20 "it is heard" flows
revoked=$(q .seq key revoke camera --reason lost)
began=$EPOCHREALTIME
out() { [ "$(client_got "$1" '!disconnected')" -ge 1 ]; }
await 10 "its connection is cut" out "$camera"
echo "cut $(((${EPOCHREALTIME/./} - ${began/./}) / 1000)) ms after it was revoked"
holds "revoking" ctl key revoke board --reason lost
await 10 "the board's, too" out "$board"
lines=$(client_got "$board" '"seq"')
holds "something happens" ctl shift present
passes() { [ "$(asked "p$((++passed))" cam-0002)" = accepted ]; }
connected "$dir/gateway.key" dealer "$ALARMS"
passed=0
await 10 "the others go on" passes
sleep 1
touch "$dir/enough"
same "not one of its alarms stands below the row that revoked it" \
	"$(get "/v1/journal?from=$revoked&limit=1000" | head -n -1 | jq -s '[.[] | select(.kind == "alarm" and .event.source == "cam-0001")] | length')" 0
same "such a search finds what is there" \
	"$(get "/v1/journal?from=$revoked&limit=1000" | head -n -1 | jq -s '[.[] | select(.kind == "alarm" and .event.source == "cam-0002")] | length > 0')" true
same "nor is the board told" "$(client_got "$board" '"seq"')" "$lines"
until=$(time_in +3)
ctl key add today --role reader --until "$until" --generate "$dir/today.key" >/dev/null || bad "no key: $(cat "$dir/said")"
connected "$dir/today.key" sub "$FEED"
await 20 "a quiet one is cut when its key ends" out "$client"
echo "cut $((${EPOCHREALTIME/./} / 1000 - $(date -d "$until" +%s%3N))) ms after its end"
same "who shows no key is told nothing" "$(client_got "$stranger" '"seq"')" 0
same "and says nothing" "$(q '[.[] | select(.id == "n1")] | length' alarm list)" 0
connected "$dir/gateway.key" dealer "$ALARMS"
same "the others go on" "$(asked g2 cam-0002)" accepted
daemon_kill
daemon_start
connected "$dir/camera.key" dealer "$ALARMS"
same "after a restart it is out, too" "$(asked c3 cam-0001 2)" nothing
connected "$dir/gateway.key" dealer "$ALARMS"
same "the gateway is in" "$(asked g3 cam-0002)" accepted

# --- no secret where others look ---------------------------------------------------------------------------
for file in "$dir/data/curve.key" "$dir"/*.key; do
	secret=$(tail -n 1 "$file")
	same "a secret is 40 characters" "${#secret}" 40
	for place in "/proc/$DAEMON/cmdline" "/proc/$DAEMON/environ" "$dir/log" "$dir/ready" "$dir/data/log"; do
		checks=$((checks + 1))
		[ -e "$place" ] || bad "$place is not there"
		! grep -rqaF -- "$secret" "$place" || bad "the secret of $file stands in $place"
	done
done
same "such a search finds what is there" "$(grep -qaF -- "$public" "$dir/ready" && echo yes)" yes

# --- what it does not start with, and what it says --------------------------------------------------------
# refuses WHAT PATTERN
refuses() {
	: >"$dir/log"
	daemon_begin
	wait "$DAEMON"
	same "$1" "$? $(grep -c -- "$2" "$dir/log")" "1 1"
	DAEMON=""
}
daemon_kill
chmod 640 "$dir/data/curve.key"
refuses "a pair that others can read" 'others than its owner can read'
chmod 600 "$dir/data/curve.key"
cp "$dir/data/curve.key" "$dir/kept"
{ head -n 1 "$dir/kept" && tail -n 1 "$dir/gateway.key"; } >"$dir/data/curve.key"
refuses "halves of two pairs" 'no pair of keys'
echo nothing >"$dir/data/curve.key"
refuses "no pair at all" 'no pair of keys'
cp "$dir/kept" "$dir/data/curve.key"
listen="key_file: \"$dir/own.key\""
daemon_start
same "a pair of another name" "$(stat -c %a "$dir/own.key") $(head -n 1 "$dir/own.key")" "600 $(sed -n 's/^SERVER_KEY=//p' "$dir/ready")"
daemon_kill
listen="insecure: true"
for start in first second; do
	: >"$dir/log"
	daemon_start
	same "the $start start says that the doors are open" "$(grep -c ' warning listen.insecure .*INSECURE' "$dir/log")" 1
	connected "" dealer "$ALARMS"
	same "and so they are" "$(asked "o$start" cam-0001)" accepted
	daemon_kill
done
DAEMON=""
# --- a town that asks for names: what the configuration says is signed by nobody ------------------------------
rm -rf "$dir/data" "$dir/gateway.key"
listen="gateway_key_file: \"$dir/gateway.key\""
more="rules: {named: true}"
daemon_start
same "its gateway is taken in" "$(q 'map(.role) | join(" ")' key list)" gateway
connected "$dir/gateway.key" dealer "$ALARMS"
same "and let in" "$(asked g2 cam-0001)" accepted
ctl key add board --role reader --generate "$dir/board2.key" >/dev/null && bad "a key without a name"

done_here
