#!/bin/bash
# Every kind of bad alarm gets its reason over ZeroMQ, and nothing else stops, is lost or goes uncounted; good ones open cases.
# shellcheck disable=SC2317 # called by await
# shellcheck source=tests/integration/daemon.bash
. "$(dirname "$0")/daemon.bash"
postgres_start
daemon_start
fixed_now=$(now)
client_start dealer "$ALARMS"
one=$client
client_start req "$ALARMS"
req=$client
rejected=0 # as we count them

# answered CLIENT: the reply in result reason id incident
answered() {
	client_hear "$1" || heard='{"result":"none"}'
	read -r result reason id incident detail < <(jq -r '[.result, .reason, .id, .incident, .detail] | map(. // "-") | join(" ")' <<<"$heard" 2>&1)
}

# says WHAT WANTED LINE: the line goes to the client; WANTED is the result, or the reason
says() {
	client_say "$one" "$3"
	answered "$one"
	if [ "$result" = rejected ]; then
		rejected=$((rejected + 1))
		same "$1" "$reason" "$2"
		[ "$detail" != - ] || bad "$1: no detail for people"
	else
		same "$1" "$result" "$2"
	fi
}

number=0
# turned WHAT WANTED JQ [SOURCE TYPE]: a good alarm turned bad by JQ
turned() {
	number=$((number + 1))
	says "$1" "$2" "send $(alarm "bad-$number" "${4:-cam-0417}" "${5:-fire.smoke}" "$3")"
}

# --- what is no JSON, or not ours ----------------------------------------------------------------
for text in '' '{' 'hello' '[]' '"text"' 'null' '{}' '{"id":' '{"id":"x"}{"id":"x"}' '{"a":01}' "{'a':1}" '{"a":NaN}' '{"id":"x",}' \
	'{"id":"x"} x' '{"id":"\ud800"}' '{"id":"\x"}'; do
	says "no JSON: $text" malformed "send $text"
done
says "deep nesting" malformed "send $(printf '[%.0s' {1..30000})"
says "deep nesting in data" malformed "send {\"specversion\":\"1.0\",\"id\":\"d\",\"data\":$(printf '{"a":%.0s' {1..5000})"
says "invalid UTF-8" malformed "hex $(alarm u cam-0417 fire.smoke '.data.text = "@"' | od -An -v -tx1 | tr -d " \n" | sed 's/40/c328/')"
says "a surrogate in UTF-8" malformed "hex $(alarm u cam-0417 fire.smoke '.data.text = "@"' | od -An -v -tx1 | tr -d " \n" | sed 's/40/eda080/')"
says "a byte of zero" malformed "hex 7b00"
says "random bytes" malformed "hex $(head -c 300 /dev/urandom | od -An -v -tx1 | tr -d " \n")"
turned "\\u0000 in the text" malformed '.data.text = "a\u0000b"'
turned "\\u0000 in the id" malformed '.id = "a\u0000b"'
turned "\\u0000 in a field that nobody reads" malformed '.other = "\u0000"'
turned "two parts" accepted .
says "two frames" malformed "frames $(alarm frames cam-0417 fire.smoke)"

turned "an unlisted field" accepted '.other = {"a": [1, 2]}'
same "a reply names its alarm" "$id" "bad-$number"

# --- wrong kinds, missing, out of range ----------------------------------------------------------
for change in 'del(.specversion)' '.specversion = "0.3"' '.specversion = 1' 'del(.id)' '.id = 7' '.id = ""' '.id = ("x" * 129)' \
	'del(.source)' '.source = null' 'del(.type)' '.type = []' '.time = 5' 'del(.data)' '.data = []' '.data = "x"' \
	'del(.data.state)' '.data.state = "lowered"' '.data.state = 1' '.data.confidence = 1.01' '.data.confidence = -0.1' \
	'.data.confidence = "0.9"' '.data.value = "3"' '.data.value = 1e300' '.data.text = 5' '.data.text = ("x" * 5000)' \
	'.data.media = "x"' '.data.media = [5]' '.data.mode = "play"' '.data.mode = 1' '.data.follow = 1' '.data.unit = 5' \
	'.data.position = []' '.data.position = {"type":"Line","coordinates":[1,2]}' '.data.position = {"type":"Point"}'; do
	number=$((number + 1))
	client_say "$one" "send $(alarm "bad-$number" cam-0417 fire.smoke "$change")"
	answered "$one"
	rejected=$((rejected + 1))
	case "$change" in
	*position*) [[ $result/$reason == rejected/malformed || $result/$reason == rejected/bad_position ]] || bad "$change: $heard" ;;
	*) same "$change" "$result/$reason" rejected/malformed ;;
	esac
done

# --- who, what, where, when ----------------------------------------------------------------------
turned "an unknown device" unknown_source '.source = "cam-9999"'
turned "an unlisted type" unknown_type '.type = "alarm.ufo"'
turned "exercise with no drill" not_permitted '.data.mode = "exercise"'
turned "outside the town" outside_town '.data.position = {"type":"Point","coordinates":[113.65,34.76]}'
turned "in the outline's box, outside the town" outside_town '.data.position = {"type":"Point","coordinates":[113.3801,34.7301]}'
turned "axes the wrong way round" bad_position '.data.position = {"type":"Point","coordinates":[34.7801,113.4312]}'
turned "no such coordinate system" bad_position '.data.position = {"type":"Point","coordinates":[113.43,34.78]} | .data.crs = "EPSG:999999"'
turned "a coordinate system of nonsense" bad_position '.data.position = {"type":"Point","coordinates":[113.43,34.78]} | .data.crs = "here"'
turned "degrees said to be projected" outside_town '.data.position = {"type":"Point","coordinates":[113.43,34.78]} | .data.crs = "EPSG:4547"'
turned "no time" bad_time 'del(.time)'
turned "time of nonsense" malformed '.time = "yesterday"'
turned "in the future" bad_time '.time = "2099-01-01T00:00:00Z"'
turned "an hour ahead" bad_time ".time = \"$(time_in +3600)\""
turned "long past" too_old '.time = "2020-01-01T00:00:00Z"'
turned "ten minutes past is taken" accepted ".time = \"$(time_in -600)\""

# --- size ----------------------------------------------------------------------------------------
head=$(alarm fill-65536 cam-0418 fire.smoke)
says "64 KiB" accepted "fill 65536 $head"
says "64 KiB and one byte" too_large "fill 65537 ${head/fill-65536/fill-1}"
says "1 MB" too_large "fill 1000000 ${head/fill-65536/fill-2}"
says "16 MiB less one byte" too_large "fill 16777215 ${head/fill-65536/fill-3}"
client_start dealer "$ALARMS"
large=$client
client_say "$large" "send $(alarm before cam-0419 fire.smoke)"
answered "$large"
same "before 20 MB" "$result" accepted
client_say "$large" "fill 20000000 {"
client_hear "$large" 10
same "20 MB: its sender" "$heard" "!disconnected"
says "20 MB: the others" accepted "send $(alarm after-20-mb cam-0420 fire.smoke)"
same "20 MB: the others stay" "$(client_got "$one" '!disconnected')" 0
client_say "$large" again
client_say "$large" "send $(alarm anew cam-0421 fire.smoke)"
answered "$large"
same "20 MB: its sender comes back" "$result" accepted

# --- repeats, envelopes, follow ------------------------------------------------------------------
first=$(alarm same rcam-01 water.person_in_water)
says "the first" accepted "send $first"
same "it opened a case" "$([ "$incident" != - ] && echo yes)" yes
case_of_first=$incident
for change in . '.type = "alarm.fire.flame"' '.data.confidence = 7' 'del(.data)' '.data.mode = "exercise"' '.time = "2099-01-01T00:00:00Z"' \
	'.data.position = {"type":"Point","coordinates":[0,0]}'; do
	says "the same identity, $change" duplicate "send $(jq -c "$change" <<<"$first")"
	same "the same identity's case, $change" "$incident" "$case_of_first"
done
client_say "$req" "send $(alarm from-req cam-0500 fire.smoke)"
answered "$req"
same "REQ" "$result $id" "accepted from-req"
client_say "$req" "send {"
answered "$req"
same "REQ, malformed" "$result $reason" "rejected malformed"
rejected=$((rejected + 1))
says "DEALER with an empty frame" accepted "empty $(alarm from-empty cam-0501 fire.smoke)"
client_start dealer "$ALARMS"
follower=$client
client_say "$follower" "send $(alarm followed cam-0600 fire.flame '.data.follow = true')"
answered "$follower"
same "one that follows" "$result" accepted
followed=$incident
ctl incident cancel "$followed" --reason test >/dev/null || bad "cancel: $(cat "$dir/said")"
told() { [ "$(client_got "$follower" "\"incident\":\"$followed\",\"state\":\"cancelled\"")" -ge 1 ]; }
await 5 "the follower is told" told

# --- states ----------------------------------------------------------------------------------------
says "alive" accepted "send $(alarm s1 cam-0700 fire.smoke '.data.state = "alive"')"
same "alive opens nothing" "$incident" -
says "test" accepted "send $(alarm s2 cam-0700 fire.smoke '.data.state = "test"')"
same "test opens nothing" "$incident" -
says "cleared without raised" accepted "send $(alarm s3 cam-0700 fire.smoke '.data.state = "cleared"')"
same "cleared opens nothing" "$incident" -
says "a plan for nobody: too little confidence" accepted "send $(alarm low rcam-02 water.person_near '.data.confidence = 0.1')"
same "it is put before the officer" "$(q .state incident show "$incident")" reported
same "and nobody is sent" "$(q '.orders | length' incident show "$incident")" 0
says "raised again, the same episode" accepted "send $(alarm low2 rcam-02 water.person_near '.data.confidence = 0.1')"
same "joins" "$(q '.alarms_count // .alarm_count // (.alarms | length)' incident show "$incident")" 2

# --- coordinate systems: one place, three ways ----------------------------------------------------
# 113.4312 E 34.7801 N; GCJ-02 and EPSG:4547 of that point computed with other programs (gcoord, cs2cs)
place_of() {
	says "$1" accepted "send $(alarm "crs-$2" "$2" road.collapse ".data.position = {\"type\":\"Point\",\"coordinates\":[$3,$4]} | .data.crs = \"$5\"")"
	q '.position.coordinates | "\(.[0]) \(.[1])"' incident show "$incident"
}
near() { # WHAT "LON LAT"
	awk -v p="$2" 'BEGIN { split(p, a, " "); x = (a[1] - 113.4312) * 91500; y = (a[2] - 34.7801) * 111000; exit !(x * x + y * y < 25) }' ||
		bad "$1: lands at $2"
}
near "EPSG:4490" "$(place_of "EPSG:4490" cam-0801 113.4312 34.7801 EPSG:4490)"
near "GCJ-02" "$(place_of "GCJ-02" cam-0802 113.4377173 34.7792833 GCJ-02)"
near "EPSG:4547" "$(place_of "EPSG:4547" cam-0803 447936.458 3850344.929 EPSG:4547)"

# --- counters: all that was refused is counted, all that was accepted is there --------------------
same "refusals counted" "$(q .alarms.rejected status)" "$rejected"
await 10 "the tables catch up" tables_caught_up
same "accepted alarms are in the tables" "$(sql -c "SELECT count(*) FROM dispatch.alarm WHERE result = 'accepted'")" \
	"$(q .alarms.accepted status)"
same "no row was set aside" "$(sql -c "SELECT count(*) FROM dispatch.quarantine")" 0
same "the chain" "$(sql -c "SELECT * FROM dispatch.journal_broken('yulong', 'actual')")" ""
holds "it still runs" kill -0 "$DAEMON"
done_here
