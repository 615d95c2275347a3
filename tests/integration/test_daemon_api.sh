#!/bin/bash
# Every GET of schemas/openapi.yaml answers with the fields documented there; the console's exit codes; what HTTP strangers do.
# shellcheck source=tests/integration/daemon.bash
. "$(dirname "$0")/daemon.bash"
postgres_start
# a message of five bytes that brought an earlier daemon down twice
mkdir -p "$dir/data/aside"
poison=0123456789abcdef0123456789abcdef
printf '\x01\0\0\0\x01\0\0\0\x02\0\0\0\x05\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0hello' >"$dir/data/aside/$poison"
daemon_start
fixed_now=$(now)
client_start dealer "$UNITS"
client_say "$client" 'send {"kind":"hello","unit":"UT-1"}'
client_hear "$client"

# --- something of everything -----------------------------------------------------------------------
case_1=$(alarm a1 mh-001 manhole.moved '.data.text = "x" | .data.value = 1.5 | .data.unit = "cm" | .data.media = ["http://a/b"]' | send | jq -r .incident)
case_2=$(alarm a2 rcam-01 water.person_in_water '.data.position = {"type":"Point","coordinates":[113.4312,34.7801]}' | send | jq -r .incident)
case_3=$(q .incident incident open --type other --place 云溪河公园 --caller 张三 --phone 13800000000 --text "路灯不亮")
alarm a3 cam-0001 fire.flame '.data.confidence = 0.1' | send >/dev/null
holds "a warning" ctl warning set red rainstorm --until "$(time_in +3600)"
holds "a silence" ctl silence add --source cam-0002 --reason 检修 --until "$(time_in +3600)"
holds "a key" ctl key add desk-1 --role console --who duty-1 --token --reason 夜班
holds "a key" ctl key add desk-2 --role console --who duty-2 --token
holds "which is none any more" ctl key revoke desk-2 --reason 丢失
same "suppressed" "$(alarm a4 cam-0002 fire.smoke | send | jq -r .result)" suppressed
holds "a note" ctl incident note "$case_1" --reason 已通知物业
holds "help by hand" ctl incident add "$case_3" --skill medic
order=$(q '[.orders[] | select(.target == "unit")][0].id' incident show "$case_1")
task=$(q '.[0].id' task list)
# shellcheck disable=SC2317 # called by await
is_told() { [ "$(q '.[0].id' aside list)" = "$poison" ]; }
await 10 "what was set aside is told of" is_told
await 10 "the tables catch up" tables_caught_up

# --- the document as data ---------------------------------------------------------------------------
awk '
	/^  schemas:/ { schemas = 1; next }
	!schemas { next }
	/^    [A-Z][A-Za-z]*:/ { name = $1; sub(":", "", name); if (seen[name]++ == 0) print "schema " name; next }
	match($0, /- \$ref: "#\/components\/schemas\/[A-Za-z]+/) { ref = $0; sub(/.*schemas\//, "", ref); sub(/".*/, "", ref); print "parent " name " " ref; next }
	/^ +[a-z][a-z0-9_]*: \{/ {
		field = $1; sub(":", "", field); ref = type = items = itemref = format = "-"
		if (match($0, /type: [a-z]+/)) type = substr($0, RSTART + 6, RLENGTH - 6)
		if (match($0, /format: [a-z-]+/)) format = substr($0, RSTART + 8, RLENGTH - 8)
		if (match($0, /schemas\/[A-Za-z]+/)) ref = substr($0, RSTART + 8, RLENGTH - 8)
		if (type == "array") {
			itemref = ref; ref = "-"
			if (itemref == "-" && match($0, /items: \{ type: [a-z]+/)) { items = substr($0, RSTART, RLENGTH); sub(/.* /, "", items) }
		}
		print "field", name, field, type, format, ref, items, itemref, (/nullable: true/ ? "true" : "false")
	}' schemas/openapi.yaml |
	jq -Rn '
		def word: if . == "-" then null else . end;
		reduce (inputs | split(" ")) as $line ({};
			if $line[0] == "schema" then .[$line[1]] = {parents: [], fields: {}}
			elif $line[0] == "parent" then .[$line[1]].parents += [$line[2]]
			else .[$line[1]].fields[$line[2]] = {type: $line[3] | word, format: $line[4] | word, ref: $line[5] | word,
				items: {type: $line[6] | word, ref: $line[7] | word}, nullable: ($line[8] == "true")} end)' >"$dir/defs"
[ "$(jq 'map(.fields | length) | add' "$dir/defs")" -gt 250 ] || die "schemas/openapi.yaml is not read"

# answers PATH SCHEMA [list]
answers() {
	local said code
	said=$(get "$1")
	code=${said##*$'\n'}
	same "GET $1: status" "$code" 200
	same "GET $1" "$(jq -r -L tests/integration --slurpfile all "$dir/defs" --arg name "$2" \
		--argjson list "${3:-false}" "\$all[0] as \$defs | $(cat tests/integration/openapi.jq)" <<<"${said%$'\n'*}" 2>&1)" ""
	same "GET $1: something to look at" "$(jq 'length > 0' <<<"${said%$'\n'*}")" true
}

# every GET of the document, in its order: path and schema from the document, ids from here
asked=0
while read -r path schema list; do
	case "$path" in
	/v1/journal | /v1/feed | /v1/board | /v1/shift/handover | */report) continue ;; # no JSON document: below
	/v1/incidents/*) paths="/v1/incidents/$case_1 /v1/incidents/$case_2 /v1/incidents/$case_3" ;;
	/v1/orders/*) paths=/v1/orders/$order ;;
	/v1/units/*) paths="/v1/units/UT-1 /v1/units/WR-1" ;;
	/v1/depots/*) paths=/v1/depots/depot-north ;;
	/v1/asides/*) paths=/v1/asides/$poison ;;
	/v1/devices/*) paths="/v1/devices/rcam-01 /v1/devices/pump-01" ;;
	/v1/playbooks/*) paths="/v1/playbooks/water-person-near /v1/playbooks/pump-failed" ;;
	/v1/shift) paths='/v1/shift?json=true' ;;
	/v1/nearest) paths="/v1/nearest?lon=113.4312&lat=34.7801&k=5&skill=water_rescue" ;;
	/v1/incidents | /v1/orders | /v1/tasks | /v1/notices | /v1/silences | /v1/keys) paths="$path $path?all=true" ;;
	*) paths=$path ;;
	esac
	for path in $paths; do
		answers "$path" "$schema" "$list"
		asked=$((asked + 1))
	done
done < <(awk '/^  \/v1/ { path = $1; sub(/:$/, "", path) } /^    [a-z]+:$/ { get = $1 == "get:" }
	get && /^ *"200":/ { list = /type: array/ ? "true" : "false"; sub(/.*schemas\//, ""); sub(/".*/, ""); print path, $0, list }' schemas/openapi.yaml)
[ "$asked" -ge 25 ] || bad "only $asked paths asked"
same "the journal, a line a row" "$(get '/v1/journal?from=1&limit=1000' | head -n -1 | jq -c 'select(.kind and .seq and .at and .effects) | .seq' | wc -l)" 1000
same "the feed's first words" "$(curl -s -N -m 1 --unix-socket "$dir/http" -H 'Last-Event-ID: 4144' http://localhost/v1/feed | grep -c '^id: ' | awk '{ print ($1 > 0) }')" 1

# --- strangers ---------------------------------------------------------------------------------------
status_of() { curl -s -o "$dir/body" -w '%{http_code}' --unix-socket "$dir/http" "$@"; }
same "no such path" "$(status_of http://localhost/v1/nothing)" 404
same "no such incident" "$(status_of http://localhost/v1/incidents/2026-999999)" 404
same "no such order" "$(status_of http://localhost/v1/orders/O999999)" 404
same "no id at all" "$(status_of http://localhost/v1/orders/xyz)" 404
same "a state of nonsense" "$(status_of 'http://localhost/v1/incidents?state=broken')" 400
same "a limit of nonsense" "$(status_of 'http://localhost/v1/alarms?limit=-1')" 400
same "an error is JSON" "$(jq -r '(.error | length > 0) and (.detail | length > 0)' "$dir/body")" true
same "the wrong method" "$(status_of -X DELETE http://localhost/v1/status)" 405
same "a command that is no JSON" "$(status_of -d '{' http://localhost/v1/commands/incident-note)" 400
same "a command with other fields" "$(status_of -d '{"colour":"red"}' http://localhost/v1/commands/incident-note)" 400
same "a command of 100 kB" "$(status_of -d "@$dir/defs" http://localhost/v1/commands/incident-note)" 413
head -c 2000000 /dev/zero >"$dir/large"
[[ $(status_of -d "@$dir/large" http://localhost/v1/commands/incident-note) == [45]?? ]] || bad "a body of 2 MB"
same "it still answers" "$(status_of http://localhost/v1/status)" 200

# --- the console -------------------------------------------------------------------------------------
# code EXIT COMMAND…
code() {
	local wanted=$1
	shift
	"$bin/dispatchctl" "$@" >"$dir/out" 2>"$dir/said"
	same "dispatchctl $*: exit" $? "$wanted"
	[ "$wanted" = 0 ] || [ -s "$dir/said" ] || bad "dispatchctl $*: says nothing on standard error"
}
for command in status "alarm list" "incident list" "incident list --all" "incident show $case_1" "order list" "order show $order" "unit list" \
	"unit show UT-1" "nearest --lon 113.43 --lat 34.78 -k 3" "depot list" "depot show depot-north" "stock list" "device list" \
	"device show rcam-01" "task list" "playbook list" "playbook show gas-leak" "warning list" "silence list" "key list" \
	"aside list" "aside show $poison" "playbook check playbooks" "town check ops/towns/yulong" "task take $task --by 张三" "task done $task --by 张三" "help" "--help"; do
	# shellcheck disable=SC2086 # words
	code 0 $command
	holds "dispatchctl $command: says something" test -s "$dir/out"
done
for command in status "alarm list" "incident list" "incident show $case_1" "order list" "unit list" "depot list" "stock list" "device list" "task list" \
	"playbook list" "warning list" "silence list" "key list --all" "aside list" "aside show 0123"; do
	# shellcheck disable=SC2086 # words
	code 0 --json $command
	holds "dispatchctl --json $command: one document" jq -se 'length == 1' "$dir/out"
done
code 0 --json alarm show a1
code 0 --lang zh incident show "$case_1"
code 1 incident verify "$case_3" --by 王五
code 1 incident close "$case_3" --disposition resolved
code 2 incident frobnicate
code 2 incident show
code 2 unit set UT-1 --status dancing
code 2 --nonsense status
code 3 incident show 2026-999999
code 3 unit show nobody
code 3 order recall O999999
alarm a1 mh-001 manhole.moved >"$dir/alarm"
code 0 --json playbook explain "$dir/alarm"
DISPATCH_SERVER=unix:$dir/nobody code 5 status
code 5 --server http://127.0.0.1:1 status
export DISPATCH_SERVER=$SERVER
code 0 release advise
same "advise: a case, nobody is sent" "$(q '.orders | length' incident show "$(alarm a9 mh-007 manhole.moved | send | jq -r .incident)")" 0
code 0 release auto
done_here
