#!/bin/bash
# Every key of the daemon's configuration does what it says; which keys there are is read from the schema in dispatcher/config.c.
# shellcheck disable=SC1010,SC2016,SC2030,SC2031,SC2034,SC2317 # jq's variables; read by daemon.bash; functions called by await
# shellcheck source=tests/integration/daemon.bash
. "$(dirname "$0")/daemon.bash"

# The keys as the reader's schema has them: a struct of config_PART and its member; those of the response levels by their part.
keys=$(tr -d '\n' <dispatcher/config.c | grep -oE '(TEXT|NUMBER|GIVEN)_FIELD\(config(_[a-z]+)?, *[a-z_]+|CYAML_FIELD_BOOL\("[a-z_]+",[^,]*, struct config_[a-z]+|CYAML_FIELD_SEQUENCE\("[a-z_]+",[^,]*, struct config_[a-z]+|ROLES_FIELD\([a-z]+\)' |
	sed -E 's/^ROLES_FIELD\(([a-z]+)\)/level.\1/; s/^CYAML_FIELD_(BOOL|SEQUENCE)\("([a-z_]+)".*struct config_([a-z]+)/\3.\2/; s/^[A-Z]+_FIELD\(config, *//
		s/^[A-Z]+_FIELD\(config_([a-z]+), */\1./' | grep -vx 'level.key' | sort -u)
[ "$(wc -l <<<"$keys")" -ge 50 ] || die "the schema is not read: $keys"
: >"$dir/seen"

# shows KEY WHAT GOT WANTED     the effect of a key
shows() {
	grep -qxF "$1" <<<"$keys" || bad "there is no key $1"
	same "$1: $2" "$3" "$4"
	[ "$3" != "$4" ] || echo "$1" >>"$dir/seen"
}

# elsewhere KEY FILE WORD     its effect is looked at by another test, which sets it
elsewhere() {
	grep -qxF "$1" <<<"$keys" || bad "there is no key $1"
	checks=$((checks + 1))
	if grep -q -- "$3" "$2" 2>/dev/null; then echo "$1" >>"$dir/seen"; else bad "$1: $2 says nothing of $3"; fi
}
roles=tests/integration/test_daemon_roles.sh desk=tests/integration/test_daemon_desk.sh
elsewhere rules.named $roles 'named: true'
elsewhere rules.notice_tries $roles 'tries_left'
elsewhere rules.notice_s $roles 'notice_s: 60'
elsewhere rules.depot_answer_s $roles 'depot_answer_s: 120'
elsewhere level.agree $roles 'agree: \[office\]'
elsewhere level.notify $roles 'notify: \[keeper\]'
elsewhere level.release $roles 'release: confirm'
http=tests/integration/test_http_identity.sh
elsewhere listen.lockout_s $http 'lockout_s: 2'
elsewhere listen.accounts $http 'accounts: \[nobody\]'
elsewhere tls.certificate $http 'half of it'
elsewhere tls.key $http 'a key that others can read'
wire=tests/integration/test_wire_keys.sh
elsewhere listen.key_file $wire 'key_file: .*own.key'
elsewhere listen.gateway_key_file $wire 'gateway_key_file: '
elsewhere rules.bell_s $desk 'bell_s: 300'
elsewhere rules.bell_rings $desk 'bell_rings: 2'
elsewhere rules.presence_s $desk 'presence_s: 3600'
elsewhere rules.presence_answer_s $desk 'presence_answer_s: 200'

# --- a daemon without a database, for most of them -----------------------------------------------------
# settings: lines of the configuration; town, playbooks, listen, level as below.
settings="" listen="" level=info insecure=true
kept_configuration=$(declare -f configuration_write)
configuration_write() {
	cat >"$dir/config.yaml" <<-END
		town: "$town"
		playbooks: "$playbooks"
		data: "$dir/data"
		ready_file: "$dir/ready"
		log_level: $level
		listen: { alarms: "tcp://127.0.0.1:*", units: "tcp://127.0.0.1:*", feed: "tcp://127.0.0.1:*", http: "unix:$dir/http", insecure: $insecure$listen }
		$settings
	END
}

stop() {
	[ -z "$DAEMON" ] || ! kill -KILL "$DAEMON" 2>/dev/null || wait "$DAEMON" 2>/dev/null
	DAEMON=""
	rm -rf "$dir/data" "$dir/http"
	: >"$dir/log"
}

# with LINES     a new town under these settings
with() {
	stop
	settings=$1
	daemon_start
	fixed_now=$(now)
}

# refuses KEY LINES PATTERN     it does not start, and says why
refuses() {
	stop
	settings=$2
	daemon_begin
	while kill -0 "$DAEMON" 2>/dev/null && [ ! -e "$dir/ready" ]; do sleep 0.02; done
	[ ! -e "$dir/ready" ] || kill -KILL "$DAEMON"
	wait "$DAEMON" 2>/dev/null
	shows "$1" "refused with $2" "$? $(grep -c -- "$3" "$dir/log")" "1 1"
	DAEMON=""
}

result() { jq -r '.reason // .result'; }

# --- room -------------------------------------------------------------------------------------------------
for table in grids people units depots stock_lines devices responsibilities; do
	refuses limits.$table "limits: { $table: 1 }" "does not fit: ${table/stock_lines/stock}"
done
refuses limits.playbooks "limits: { playbooks: 3 }" 'playbooks.refused count=[0-9]* .*see playbooks under limits'
refuses limits.texts "limits: { texts: 7000 }" 'does not fit: texts or text_bytes'
refuses limits.text_bytes "limits: { text_bytes: 90000 }" 'does not fit: texts or text_bytes'
with ""
same "with room for all" "$(alarm a mh-001 manhole.moved | send | result)" accepted
for table in needs orders supplies notices call_tasks; do
	with "limits: { $table: 100 }"
	shows limits.$table "no room for a case" "$(alarm a mh-001 manhole.moved | send | result)" overloaded
done
with "limits: { incidents: 1, silences: 1, identities: 3, keys: 1 }"
shows limits.incidents "one, and no more" "$(q .result incident open --type other --grid YL-16-03) $(q .outcome incident open --type other --grid YL-21-04)" "ok full"
until=$(time_in +3600)
shows limits.silences "one, and no more" "$(q .result silence add --source cam-0001 --until "$until" --reason x) $(q .outcome silence add --source cam-0002 --until "$until" --reason x)" \
	"ok full"
shows limits.keys "one, and no more" "$(q .result key add a --role console --who duty-1 --token) $(q .outcome key add b --role console --who duty-1 --token)" "ok full"
for n in 1 2 3 4; do alarm "i$n" cam-0001 fire.smoke '.data.state = "alive"'; done | send | jq -r '.reason // .result' | paste -sd ' ' >"$dir/results"
shows limits.identities "three, and no more" "$(cat "$dir/results")" "accepted accepted accepted overloaded"

# --- the other daemon: what it is to be told -----------------------------------------------------------------
ours='listen: "tcp://127.0.0.1:5575"' theirs='peer: "tcp://127.0.0.1:5576"'
refuses pair.listen "pair: { $theirs }" ':7:[0-9]*: Missing required mapping field: listen'
refuses pair.listen "pair: { listen: \"tcp://127.0.0.1:*\", $theirs }" ":7:9: pair.listen: .*each other's port"
refuses pair.peer "pair: { $ours }" ':7:[0-9]*: Missing required mapping field: peer'
refuses pair.peer "pair: { $ours, peer: \"tcp://two:5576\" }" ':7:41: pair.peer: .*an address in numbers'
refuses pair.peer "pair: { $ours, ${ours/listen/peer} }" ':7:41: pair.peer: .*our own endpoint'
refuses pair.name "pair: { name: \"\", $ours, $theirs }" ':7:9: pair.name: a name of 1 to'
refuses pair.peer_key "pair: { $ours, $theirs, peer_key: \"Yne@\" }" ':7:71: pair.peer_key: this is no public key'
insecure=false
refuses pair.peer_key "pair: { $ours, $theirs }" ':7:1: pair: at tcp:// peer_key is needed'
insecure=true

# --- rules that are seen at once ------------------------------------------------------------------------------
# seconds FROM TO
seconds() { jq -n --arg a "$1" --arg b "$2" '[$a, $b] | map(sub("\\.[0-9]*Z"; "Z") | fromdate) | .[1] - .[0]'; }
at() { jq -cn --argjson lon "$1" '{type: "Point", coordinates: [$lon, 34.7801]}' | sed 's/^/.data.position = /'; }
with "rules: { answer_s: 77, retry_s: 33, join_m: 5000, same_place_m: 3000, carrier_speed_kmh: 60 }"
case_1=$(q .incident incident open --type other --grid YL-16-03)
holds "a unit" ctl order send "$case_1" WR-1
shows rules.answer_s "to answer an order" "$(q '.[] | select(.who == "WR-1") | "\(.issued) \(.respond_by)"' order list | (read -r a b && seconds "$a" "$b"))" 77
added=$(q .seq incident add "$case_1" --skill drone --count 9)
retries() { get "/v1/journal?from=$added&limit=20" | head -n -1 | jq -r '.at as $at | .effects[] | select(.retry? != null) | "\($at) \(.retry)"' | tail -n 1; }
tries() { [ -n "$(retries)" ]; }
await 10 "it will try again" tries
shows rules.retry_s "a shortfall is tried again after" "$(retries | (read -r a b && seconds "$a" "$b"))" 33
holds "goods" ctl supply send "$case_1" cone 4 --from depot-north
shows rules.carrier_speed_kmh "a truck of 60 km/h, five minutes for loading" \
	"$(q '.[] | select(.target == "depot") | .range_m / (.travel_s - 300) * 3.6 | round' order list --incident "$case_1")" 60
# alarms that no playbook matches: too little confidence
vague() { alarm "$1" "$2" fire.flame ".data.confidence = 0.1 | $3" | send | jq -r .incident; }
first=$(vague j1 cam-0001 "$(at 113.4312)")
shows rules.join_m "two kilometres off, one case" "$(vague j2 cam-0002 "$(at 113.4512)")" "$first"
first=$(vague p1 cam-0003 "$(at 113.4012)")
shows rules.same_place_m "the same device two kilometres off, one case" "$(alarm p2 cam-0003 fire.flame ".data.confidence = 0.1 | $(at 113.4212)" | send | jq -r .incident)" "$first"
with "rules: { join_m: 50, join_s: 1, same_place_m: 10 }"
first=$(vague j1 cam-0001 "$(at 113.4312)")
if [ "$(vague j2 cam-0002 "$(at 113.4512)")" = "$first" ]; then bad "two kilometres off, with join_m: 50: one case"; fi
if [ "$(vague j3 cam-0001 "$(at 113.4512)")" = "$first" ]; then bad "two kilometres off, with same_place_m: 10: one case"; fi

with "rules: { evidence: true }"
case_1=$(q .incident incident open --type other --grid YL-16-03)
holds "done" ctl incident done "$case_1" --by 张三
shows rules.evidence "a verification that rests on nothing is refused" "$(q .error incident verify "$case_1" --by 李四)" no_evidence
with ""
case_1=$(q .incident incident open --type other --grid YL-16-03)
holds "done" ctl incident done "$case_1" --by 张三
holds "without the rule it is taken" ctl incident verify "$case_1" --by 李四
same "and marked" "$(q '[.timeline[] | tostring | select(test("without evidence"))] | length' incident show "$case_1")" 1

# --- rules that take their time; the clock runs ------------------------------------------------------------------
with "clock: { start: \"2026-07-01T08:00:00Z\", rate: 60 }
rules: { join_s: 3600, position_fresh_s: 60, position_cost_permille: 500, position_cost_max_s: 100, position_stale_s: 240, position_drop_s: 400 }"
shows clock.start "the town's day" "$(now | cut -c 1-10)" 2026-07-01
shows clock.rate "as it says" "$(q .clock_rate status)" 60
before=$(now) real=$SECONDS
client_start dealer "$UNITS"
client_say "$client" 'send {"kind":"hello","unit":"UT-1"}'
client_hear "$client"
client_say "$client" 'send {"kind":"position","position":{"type":"Point","coordinates":[113.4312,34.7801]}}'
first=$(vague k1 cam-0001 "$(at 113.4312)")
# What `nearest` says of UT-1, which stands there, every now and then: age, what is charged for it, stale, why not.
base=$(q '.turnout_s' unit show UT-1)
moved() { [ "$(q '.[] | select(.unit == "UT-1") | .position_age_s != null' nearest --lon 113.4312 --lat 34.7801 -k 50 --skill utility)" = true ]; }
await 10 "its position is known" moved
samples() {
	q '.[] | select(.unit == "UT-1") | [.position_age_s, .travel_s - '"$base"', .stale, .why // "-"]' nearest --lon 113.4312 --lat 34.7801 -k 50 --skill utility | jq -c . >>"$dir/ages"
	jq -se 'any(.[]; .[3] == "stale_position")' "$dir/ages"
}
await 60 "it is dropped" samples
ages() { jq -sr "$1" "$dir/ages"; }
shows rules.position_drop_s "left out beyond it, and not before" "$(ages 'all(.[]; (.[3] == "stale_position") == (.[0] > 400))')" true
shows rules.position_stale_s "flagged beyond it, and not before" "$(ages 'map(select(.[0] <= 400)) | all(.[]; .[2] == (.[0] > 240)) and any(.[]; .[2])')" true
known='map(select(.[0] <= 400 and .[1] != null))'
shows rules.position_fresh_s "costs nothing up to it" "$(ages "$known"' | (map(select(.[0] <= 60)) | length > 0 and all(.[]; .[1] | fabs < 0.1)) and (map(select(.[0] > 70 and .[0] < 115)) | length > 0 and all(.[]; .[1] > 1))')" true
shows rules.position_cost_permille "half a second a second" "$(ages "$known"' | map(select(.[0] > 65 and .[0] < 250)) | length > 0 and all(.[]; (.[1] - (.[0] - 60) / 2) | fabs < 1)')" true
shows rules.position_cost_max_s "and no more" "$(ages "$known"' | map(select(.[0] > 270)) | length > 0 and all(.[]; (.[1] - 100) | fabs < 0.1)')" true
fixed_now=$(now)
if [ "$(vague k2 cam-0002 "$(at 113.4312)")" = "$first" ]; then joined=yes; else joined=no; fi
shows rules.join_s "at the same place, six minutes later: one case" "$joined" yes
passed=$(seconds "$before" "$(now)")
if [ "$passed" -lt $(((SECONDS - real - 1) * 60)) ]; then bad "a minute in a second: $passed s in $((SECONDS - real))"; fi

with "clock: { start: \"2026-07-01T08:00:00Z\", rate: 20 }
rules: { answer_s: 5, ask_again_s: 40, retry_s: 2 }"
case_1=$(q .incident incident open --type other --grid YL-16-03)
holds "the only drone" ctl incident add "$case_1" --skill drone
twice() { [ "$(q 'length' order list --incident "$case_1" --all)" -ge 2 ]; }
await 40 "who did not answer is asked again" twice
shows rules.ask_again_s "after a while" "$(q '.[0:2] | sort_by(.issued) | "\(.[0].issued) \(.[1].issued)"' order list --incident "$case_1" --all |
	(read -r a b && seconds "$a" "$b" | awk '{ print ($1 >= 40 && $1 < 300) }'))" 1

with "clock: { start: \"2026-07-01T08:00:00Z\", rate: 20000 }
limits: { identities: 1 }
rules: { identity_keep_s: 172800 }"
first=$(now)
fixed_now=""
beat() { alarm "$1" cam-0001 fire.smoke '.data.state = "alive"' | send | result; }
same "the first" "$(beat b0)" accepted
beats=0
later() {
	beats=$((beats + 1))
	last=$(beat "b$beats")
	[ "$last" = accepted ] || echo "$last" >>"$dir/beats"
	[ "$last" = accepted ]
}
await 60 "the second, when the first may be forgotten" later
shows rules.identity_keep_s "two days, not one" "$(seconds "$first" "$(now)" | awk '{ print ($1 >= 172800) }') $(sort -u "$dir/beats")" "1 overloaded"

# --- folders, files, doors, the log -----------------------------------------------------------------------------------
mkdir "$dir/plans"
cp "$playbooks/medical-help.yaml" "$dir/plans"
cp -R "$town" "$dir/town"
sed -i 's/^name: .*/name: 别的镇/' "$dir/town/town.yaml"
town=$dir/town playbooks=$dir/plans level=error listen=", tcp: \"127.0.0.1:*\""
with "snapshot_rows: 50"
shows town "the town's name" "$(q .town_name status)" 别的镇
shows playbooks "the only one" "$(q 'map(.id) | join(" ")' playbook list)" medical-help
shows log_level "no line below it" "$(grep -vE ' warning listen.insecure ' "$dir/log" | grep -cE ' (info|debug|warning) ')" 0
same "but always that doors are open" "$(grep -cE ' warning listen.insecure .*INSECURE' "$dir/log")" 2
shows ready_file "is written" "$(grep -c '^SERVER=' "$dir/ready")" 1
shows data "the log lies there" "$(find "$dir/data" -type f | wc -l | awk '{ print ($1 > 0) }')" 1
shows listen.http "answers" "$(get /v1/status | tail -n 1)" 200
shows listen.insecure "HTTP without a token" "$(curl -s "$(q .endpoints.http_tcp status)/v1/whoami" | jq -r .from)" anybody@127.0.0.1
shows listen.tcp "answers, too" "$(curl -s -o /dev/null -w '%{http_code}' "$(q .endpoints.http_tcp status)/v1/status")" 200
level=debug listen=""
with "snapshot_rows: 50"
same "log_level debug: more lines" "$(grep -cE ' info ' "$dir/log" | awk '{ print ($1 > 0) }')" 1
snapshots() { grep -q 'snapshot: the state after row' "$dir/log"; }
await 20 "a snapshot every 50 rows" snapshots
shows snapshot_rows "while it runs" "$(kill -0 "$DAEMON" && find "$dir/data" -name '*snap*' | wc -l | awk '{ print ($1 > 0) }')" 1
stop
configuration_write() {
	cat >"$dir/config.yaml" <<-END
		town: "$town"
		playbooks: "$playbooks"
		data: "$dir/data"
		ready_file: "$dir/ready"
		listen: { alarms: "ipc://$dir/alarms.ipc", units: "ipc://$dir/units.ipc", feed: "ipc://$dir/feed.ipc", http: "unix:$dir/http" }
		board: { file: "$dir/page.html", every_s: 1 }
	END
}
daemon_start
client_start dealer "ipc://$dir/alarms.ipc"
client_say "$client" "send {"
client_hear "$client" || heard='{}'
shows listen.alarms "answers" "$(jq -r .reason <<<"$heard")" malformed
client_start dealer "ipc://$dir/units.ipc"
client_say "$client" 'send {"kind":"hello","unit":"UT-1"}'
client_hear "$client" || heard='{}'
shows listen.units "answers" "$(jq -r .kind <<<"$heard")" pong
client_start sub "ipc://$dir/feed.ipc"
fed() { ctl shift present && [ "$(client_got "$client" '"kind"')" -ge 1 ]; }
await 10 "the feed" fed
shows listen.feed "tells" "$(client_got "$client" '"seq"' | awk '{ print ($1 > 0) }')" 1
paged() { [ -s "$dir/page.html" ]; }
await 20 "the board" paged
shows board.file "is there" "$(grep -c '</html>' "$dir/page.html")" 1
page=$(stat -c %i "$dir/page.html")
anew() { [ "$(stat -c %i "$dir/page.html")" != "$page" ]; }
await 20 "written again" anew
shows board.every_s "written again" "$(anew && echo yes)" yes
stop

# --- the database ---------------------------------------------------------------------------------------------------------
town=$root/ops/towns/yulong playbooks=$root/playbooks
postgres_start
cp -R schemas/sql "$dir/sql"
echo 'CREATE TABLE dispatch.probe (here int);' >"$dir/sql/999_probe.sql"
eval "$kept_configuration"
more='store_grace_ms: 2000'
root=$dir/other
mkdir -p "$root/schemas" && mv "$dir/sql" "$root/schemas/sql"
daemon_start
root=$PWD
journal() { [ "$(sql -c "SELECT count(*) > 100 FROM dispatch.journal")" = t ]; }
await 20 "the journal" journal
shows postgres.migrations "are those of the folder" "$(sql -c "SELECT count(*) FROM pg_tables WHERE tablename = 'probe'")" 1
shows postgres.migrate_conninfo "makes the tables" "$(sql -c "SELECT tableowner FROM pg_tables WHERE tablename = 'probe'")" dispatch_owner
shows postgres.conninfo "writes them" "$(sql -c "SELECT DISTINCT usename FROM pg_stat_activity WHERE datname = 'dispatch' AND pid <> pg_backend_pid()")" dispatch
normal() { is normal .mode status; }
await 20 "the database is there" normal
postgres_signal STOP
began=$EPOCHREALTIME
holds "a command while the database is silent" ctl shift present
took_ms=$(((${EPOCHREALTIME/./} - ${began/./}) / 1000))
postgres_signal CONT
shows store_grace_ms "so long it is waited for" "$([ "$took_ms" -ge 1950 ] && echo yes || echo "$took_ms ms") $(grep -c 'ISLAND MODE:\|ISLAND MODE ' "$dir/log" | awk '{ print ($1 > 0) }')" "yes 1"

# --- nothing is left out ------------------------------------------------------------------------------------------------------
for key in $keys; do
	checks=$((checks + 1))
	grep -qxF "$key" "$dir/seen" || bad "no check sees the effect of the key $key"
done
done_here
