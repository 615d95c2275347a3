#!/bin/bash
# What strangers and officers write comes out harmless on every screen, page, feed and in the log, and exactly as written in the database.
# shellcheck disable=SC1010,SC2129,SC2016,SC2034,SC2317 # `done` is a word here; jq's variables; read by daemon.bash; called by await
# shellcheck source=tests/integration/daemon.bash
. "$(dirname "$0")/daemon.bash"

# As in daemon.bash, but what is hostile does nothing to whoever reads the failure.
bad() {
	echo "FAILED: $*" | cut -b -1500 | cat -v
	failures=$((failures + 1))
}

# --- what is written ---------------------------------------------------------------------------------
# An OSC that sets the clipboard, clearing, colour, a title; the same as C1; carriage returns and backspaces over what stands there.
controls=$'\e]52;c;aGFoYQ==\a\e[2J\e[1;31m\e]0;t\e\\\u009b2J\u009d52;c;aGE=\u009c\r\b\b\b\t\v\f\u007f\nx'
turned=$'\u202egnp.exe\u2066a\u2069\u200f\u200b\u2060\ufeff\u00ad\u2028\u2029'
plain='<script>alert(1)</script><img src=x onerror=alert(1)>&lt;"'\''`;'
plain+="'); DROP TABLE dispatch.incident; --"
plain+='\",\"x\":{\"kind\":\"order\"} %n%s$(id) {{7*7}} '
plain+=$'\U1f468\u200d\U1f692 \U20bb7\u91ce\U2a6a5 e\u0301'
# A mark of its own for each place that it is written to.
hostile() { printf '%s%s%s%s' "$1" "$controls" "$turned" "$plain"; }
# For names, where controls are refused.
tricky() { printf '%s%s%s' "$1" "$turned" "$plain"; }

# harmless WHAT FILE     nothing in it moves a cursor, turns a line round or hides
bad_bytes='[\x00-\x08\x0b-\x1f\x7f]|\xc2[\x80-\x9f\xad]|\xd8\x9c|\xe2\x80[\x8b\x8e\x8f\xa8-\xae]|\xe2\x81[\xa0-\xaf]|\xef\xbb\xbf'
harmless() {
	checks=$((checks + 1))
	[ -s "$2" ] || bad "$1: nothing came"
	! LC_ALL=C grep -qaP "$bad_bytes" "$2" || bad "$1: not harmless: $(LC_ALL=C grep -aP -m 1 "$bad_bytes" "$2" | head -c 600 | cat -v)"
}

# --- a town and a plan with such names ------------------------------------------------------------------
cp -R "$town" "$dir/town"
cp -R "$playbooks" "$dir/playbooks"
town=$dir/town
playbooks=$dir/playbooks
quoted=$(tricky UNITNAME | sed 's/"/""/g; s/[\\&|]/\\&/g')
sed -i "s|^WR-1,[^,]*,|WR-1,\"$quoted\",|" "$town/units.csv"
quoted=$(tricky DEVNAME | sed 's/"/""/g; s/[\\&|]/\\&/g')
sed -i "s|^\(mh-001,[^,]*\),[^,]*,|\1,\"$quoted\",|" "$town/devices.csv"
quoted=$(tricky PERSON | sed 's/"/""/g; s/[\\&|]/\\&/g')
sed -i "s|^\(WR-1-1\),[^,]*,|\1,\"$quoted\",|" "$town/people.csv"
title=$(tricky PLANTITLE)
sed -i "s|^title: .*|title: $(jq -Rn --arg t "$title" '$t' | sed 's/[\\&|]/\\&/g')|" "$playbooks/manhole-moved.yaml"
postgres_start
daemon_start
fixed_now=$(now)
same "the names as written" "$(q .name unit show WR-1)" "$(tricky UNITNAME)"
same "the title as written" "$(q .title playbook show manhole-moved)" "$title"

# --- the feeds listen ----------------------------------------------------------------------------------------
curl -s -N --unix-socket "$dir/http" http://localhost/v1/feed >"$dir/sse" &
helpers+=($!)
client_start sub "$FEED"
feed=$client
"$bin/dispatchctl" --lang zh watch >"$dir/watch" 2>&1 &
helpers+=($!)
"$bin/dispatchctl" --json watch >"$dir/watch.json" 2>&1 &
helpers+=($!)
listening() { ctl shift present && [ -s "$dir/sse" ] && [ -s "$dir/watch" ] && [ -s "$dir/watch.json" ] && [ -s "$dir/client.$feed.out" ]; }
await 10 "the feeds are heard" listening

# --- strangers ---------------------------------------------------------------------------------------------
# sent ID JQ: an alarm changed by JQ, $h is hostile text of the mark ID
sent() {
	alarm "$1" mh-001 manhole.moved . | jq -c --arg h "$(hostile "$1")" --arg t "$(tricky "$1")" "$2" | send
}
case_1=$(sent ALARMTEXT '.data.text = $h | .data.media = ["http://a/\($t | gsub(" "; "+"))"] | .other = $h' | jq -r .incident)
[[ $case_1 == 2026-* ]] || die "the alarm: $(sent ALARMTEXT2 '.data.text = $h | .data.media = [$h, "http://a/\($t)"]')"
sent ALARMID '.id = $t' >/dev/null
sent UNIT '.source = "rain-1" | .type = "alarm.water.level" | .source = "lg-01" | .data.value = 1 | .data.unit = $h' >"$dir/replies"
sent SOURCE '.source = $t' >>"$dir/replies"
sent TYPE '.type = $t' >>"$dir/replies"
sent CRS '.data.position = {"type":"Point","coordinates":[113.43,34.78]} | .data.crs = $h' >>"$dir/replies"
sent TIME '.time = $h' >>"$dir/replies"
sent MODE '.data.mode = $h' >>"$dir/replies"
harmless "replies to strangers" "$dir/replies"
client_start dealer "$ALARMS"
client_say "$client" "send $(jq -cn --arg h "$(hostile RAW)" '{id: $h, source: $h, type: $h, specversion: $h}')"
client_hear "$client"
same "an id with controls" "$(jq -r .reason <<<"$heard")" malformed
client_start dealer "$UNITS"
terminal=$client
for text in '{"kind":"hello","unit":$h}' '{"kind":$h}' '{"kind":"hello","unit":"WR-1"}' '{"kind":"answer","order":$h,"answer":$h}' \
	'{"kind":"status","status":$h}' '{"kind":"answer","order":"O1","answer":"decline","reason":$h}' '{"kind":"position","position":$h,"crs":$h}'; do
	client_say "$terminal" "send $(jq -cn --arg h "$(hostile CREW)" "$text")"
done
client_say "$terminal" 'send {"kind":"answer","order":"O1","answer":"decline","reason":"a\u0000b"}'
nul() { grep -q malformed "$dir/client.$terminal.out"; }
await 5 "\\u0000 from a terminal" nul

# --- officers, every field ---------------------------------------------------------------------------------
# writes FIELD COMMAND…     @ stands for hostile text; where only names are taken, for that without controls. The row in the
# journal has it in FIELD as it was written.
turn=0
with() {
	local text=$1 word words=()
	shift
	for word; do
		[ "$word" != @ ] || word=$text
		words+=("$word")
	done
	ctl "${words[@]}"
}
writes() {
	local field=$1 text
	shift
	turn=$((turn + 1))
	text=$(hostile "MARK$turn")
	if ! reply=$(with "$text" "$@"); then
		if grep -q 'control characters' "$dir/said"; then
			harmless "the refusal of $*" "$dir/said"
			text=$(tricky "MARK$turn")
			reply=$(with "$text" "$@") || bad "$*: $(cat "$dir/said")"
		else
			bad "$*: $(cat "$dir/said")"
		fi
	fi
	same "$* in the journal" "$(get "/v1/journal?from=$(jq .seq <<<"$reply")&limit=1" | head -n 1 | jq -r "$field")" "$text"
}
writes .event.text incident open --type other --grid YL-16-03 --text @
writes .event.caller incident open --type other --grid YL-16-03 --caller @
case_2=$(jq -r .incident <<<"$reply")
writes .event.phone incident open --type other --grid YL-16-03 --phone @
writes .event.title incident open --type other --grid YL-16-03 --title @
case_3=$(jq -r .incident <<<"$reply")
signer=$'签\u202e\e[2J<b>\'"; --\U20bb7'
same "who signs, in the journal" "$(q '.[0].by' journal export --from "$(q .seq incident note "$case_1" x --by "$signer")" --limit 1)" "$signer"
writes .event.reason incident note "$case_1" @
writes .event.reason incident escalate "$case_1" --reason @
writes .event.text incident fact "$case_1" casualties @
writes .event.to incident sent "$case_1" first --to @
writes .event.text incident sent "$case_1" followup --to x --text @
writes .event.task order send "$case_2" WR-1 --task @
task=MARK$turn order=$(jq -r .order <<<"$reply")
writes .event.reason order answer "$order" decline --reason @
writes .event.reason unit set WR-2 --status out_of_service --reason @
writes .event.reason stock receive depot-north life_ring 1 --reason @
writes .event.reason device disable cam-0002 --reason @
writes .event.reason silence add --source cam-0003 --until "$(time_in +3600)" --reason @
silence=MARK$turn
writes .event.reason response set IV --reason @
writes .event.reason release advise --reason @
holds "auto again" ctl release auto
writes .event.note task take "$(q '.[0].id' task list)" --note @
writes .event.note task done "$(q 'map(select(.state == "open"))[0].id' task list)" --note @
writes .event.text notice answer "$(q '.[0].id' notice list)" @
writes .event.note shift on duty-1 --note @
alarm RANG cam-0001 fire.flame '.data.confidence = 0.1' | send >/dev/null
writes .event.note alert ack --all --note @
writes .event.evidence incident done "$case_3" --evidence @
writes .event.reason incident verify "$case_3" --failed --by 王五 --reason @
writes .event.reason incident cancel "$case_3" --reason @
writes .event.text incident paper --type other --grid YL-16-03 --reported "$(time_in -600)" --text @
writes .event.done_by incident paper --type other --grid YL-16-03 --reported "$(time_in -600)" --done "$(time_in -300)" --done-by @
post() { curl -s -o "$dir/body" -w '%{http_code}' --unix-socket "$dir/http" -d "$2" "http://localhost/v1/commands/$1"; }
same "a channel of one's own" "$(post incident-note "$(jq -cn --arg h $'\u202e<b>\'' --arg i "$case_1" '{incident: $i, reason: "x", channel: $h}')")" 200
same "\\u0000 in a command" "$(post incident-note "{\"incident\":\"$case_1\",\"reason\":\"a\\u0000b\"}")" 400
same "a member twice" "$(post incident-note "{\"incident\":\"$case_1\",\"reason\":\"a\",\"reason\":\"b\"}")" 400
same "text of 4 KB" "$(post incident-note "$(jq -cn --arg h "$(printf '长%.0s' {1..1300})" --arg i "$case_1" '{incident: $i, reason: $h}')")" 200
same "text of 40 KB" "$(post incident-note "$(jq -cn --arg h "$(printf '长%.0s' {1..13000})" --arg i "$case_1" '{incident: $i, reason: $h}')")" 400
# Where a known thing is wanted, the complaint says what was typed.
: >"$dir/refusals"
for command in "incident show" "unit show" "order show" "device show" "alarm show" "playbook show" "depot show" "incident note $case_1 x --by x --channel" "warning set blue" "silence add --until 23:59 --reason x --type" \
	"incident open --type other --place" "incident open --type" "unit set WR-1 --status" "order list --incident" "radio" "alarm send" "help" "whoami --by" \
	"town check" "playbook check" "town load" "incident frobnicate" "--server" "--lang" "status --x"; do
	# shellcheck disable=SC2086 # words
	"$bin/dispatchctl" --lang en $command "$(hostile REFUSED)" >>"$dir/refusals" 2>&1
	# shellcheck disable=SC2086 # words
	"$bin/dispatchctl" --json --lang zh $command "$(hostile REFUSED)" >>"$dir/refusals" 2>&1
done
harmless "complaints" "$dir/refusals"
await 20 "the tables catch up" tables_caught_up

# --- screens: everything that can be shown, at two widths and in both languages ----------------------------------
cat >"$dir/shown" <<-LIST
	status
	alarm list
	alarm show ALARMTEXT
	incident list --all
	incident show $case_1
	incident show $case_2
	incident show $case_3
	incident report $case_1
	incident report $case_1 --kind final
	order list --all
	order show $order
	unit list
	unit show WR-1
	unit show WR-2
	nearest --lon 113.43 --lat 34.78 -k 3
	stock list
	device list
	device show mh-001
	task list --all
	notice list --all
	playbook list
	playbook show manhole-moved
	warning list
	silence list
	alert list
	shift show
	shift page
	shift page --html
	board show
	people list
	journal export --from 4140
LIST
export NO_COLOR=1 TERM=dumb
for columns in 80 200; do
	for lang in "--lang zh" "--lang en" "--json --lang zh"; do
		{
			echo "stty cols $columns"
			sed "s|^|$bin/dispatchctl $lang |; s|$| \|\| echo FAILED: $lang: exit \$?|" "$dir/shown"
		} >"$dir/commands"
		script -qec "sh $dir/commands" /dev/null </dev/null | sed 's/\r$//' >"$dir/screens"
		harmless "screens at $columns, $lang" "$dir/screens"
		same "every one is shown at $columns, $lang" "$(grep -a FAILED "$dir/screens")" ""
		for mark in ALARMTEXT UNITNAME PLANTITLE DEVNAME MARK1 MARK3 "$task" "$silence"; do
			grep -qa "$mark" "$dir/screens" || bad "screens at $columns, $lang: no $mark"
		done
	done
done
jq -n 'true' >/dev/null
while read -r command; do
	case "$command" in *page* | board* | *report*) continue ;; esac
	# shellcheck disable=SC2086 # words
	"$bin/dispatchctl" --json $command >"$dir/one" 2>&1
	holds "--json $command: JSON" jq -e . "$dir/one"
done <"$dir/shown"
same "--json says what was written" "$("$bin/dispatchctl" --json incident show "$case_2" | jq -r .report.caller)" "$(hostile MARK2)"

# --- the shell -----------------------------------------------------------------------------------------------
{
	echo "incident list"
	echo "incident show $case_1"
	printf 'incident show \t\t\n'
	echo "task list"
	echo "exit"
} >"$dir/typed"
script -qec "stty cols 80; $bin/dispatchctl --lang zh" /dev/null <"$dir/typed" | sed 's/\r$//; s/\x1b\[[0-9;]*[A-HJKP]//g; s/[\r\b\x07]//g' >"$dir/screens"
harmless "the shell" "$dir/screens"
grep -qa ALARMTEXT "$dir/screens" || bad "the shell shows nothing: $(head -c 600 "$dir/screens")"

# --- pages -----------------------------------------------------------------------------------------------------
get /v1/board >"$dir/board"
get /v1/shift >"$dir/shift"
for page in board shift; do
	harmless "the page $page" "$dir/$page"
	same "$page: no script, no event" "$(grep -ciE '<script|<img|<[a-z]+[^>]* on[a-z]+=' "$dir/$page")" 0
done
grep -q ALARMTEXT "$dir/board" || bad "the board says nothing of the alarm"
written() { grep -q MARK2 "$dir/data/board.html"; }
await 20 "the board in its file" written
harmless "the board in its file" "$dir/data/board.html"

# --- feeds and log -----------------------------------------------------------------------------------------------
heard_all() { grep -q "MARK$turn" "$dir/sse" && grep -q "MARK$turn" "$dir/watch.json" && [ "$(client_got "$feed" "MARK$turn")" -ge 1 ]; }
await 10 "the feeds have it all" heard_all
harmless "watch" "$dir/watch"
harmless "watch --json" "$dir/watch.json"
same "the server-sent feed: fields only" "$(grep -avE '^(id: [0-9]+|event: [a-z]+|data: \{.*\}|:.*|)$' "$dir/sse" | head -c 300)" ""
same "each of its rows is JSON" "$(sed -n 's/^data: //p' "$dir/sse" | jq -c . 2>&1 >/dev/null)" ""
same "no controls in the feed" "$(LC_ALL=C grep -caP '[\x00-\x09\x0b-\x1f]' "$dir/sse")" 0
same "the ZeroMQ feed: JSON" "$(grep -a '^{' "$dir/client.$feed.out" | jq -c . 2>&1 >/dev/null)" ""
same "no controls in it" "$(LC_ALL=C grep -caP '[\x00-\x08\x0b-\x1f]' "$dir/client.$feed.out")" 0
same "the feed says what was written" "$(sed -n 's/^data: //p' "$dir/sse" | jq -r 'select(.event.caller? != null) | .event.caller' | head -n 40 | grep -c '^MARK2')" 1
sed -i 's/log_level.*//' "$dir/config.yaml"
harmless "the log" "$dir/log"
same "a line an event" "$(grep -avcE '^[0-9]{4}-[0-9-]{5}T[0-9:.]{12}Z (debug|info|warning|error) [a-z._]+ ' "$dir/log")" 0

# --- the database: as written, nothing broken ----------------------------------------------------------------------
text_in() { sql -c "SELECT $1 FROM dispatch.$2 WHERE $1 LIKE '$3%' LIMIT 1"; }
same "an alarm's text" "$(text_in text alarm ALARMTEXT)" "$(hostile ALARMTEXT)"
same "an incident's text" "$(text_in text incident MARK1)" "$(hostile MARK1)"
same "a caller" "$(sql -c "SELECT caller FROM dispatch.incident WHERE id = '$case_2'")" "$(hostile MARK2)"
same "a phone" "$(text_in phone incident MARK3)" "$(hostile MARK3)"
same "an order's task" "$(sql -c "SELECT task FROM dispatch.order_ WHERE id = '$order'")" "$(hostile "$task")"
same "a silence's reason" "$(text_in reason silence "$silence")" "$(tricky "$silence")"
same "a unit's name" "$(sql -c "SELECT name FROM dispatch.unit WHERE id = 'WR-1'")" "$(tricky UNITNAME)"
same "no row was set aside" "$(sql -c "SELECT seq, error FROM dispatch.quarantine")" ""
same "the chain" "$(sql -c "SELECT * FROM dispatch.journal_broken('yulong', 'actual')")" ""
same "every incident is there" "$(sql -c "SELECT count(*) FROM dispatch.incident")" "$(q length incident list --all)"

# --- the console in strange surroundings -----------------------------------------------------------------------------
# around WHAT EXIT NAME=VALUE… -- WORD…
around() {
	local what=$1 code=$2 setting=()
	shift 2
	while [ "$1" != -- ]; do
		setting+=("$1")
		shift
	done
	shift
	env "${setting[@]}" "$bin/dispatchctl" "$@" >"$dir/out" 2>&1 </dev/null
	same "$what: exit" $? "$code"
	harmless "$what" "$dir/out"
}
around "who signs" 0 "DISPATCH_BY=$(tricky SIGNER)" -- --lang en incident note "$case_1" x
around "who signs, in bytes" 0 "DISPATCH_BY=$(printf 'a\377b')" -- incident note "$case_1" x
same "then it is the console" "$(q '.[-1].by' journal export --from "$(q .seq status)")" console
around "who signs, at length" 0 "DISPATCH_BY=$(printf 'x%.0s' {1..5000})" -- incident note "$case_1" x
for server in "$(hostile x)" "unix:$(hostile y)" "http://$(hostile z)" "javascript:alert(1)" "http://127.0.0.1:99999" "unix:" "unix:$(printf 'x%.0s' {1..3000})" \
	"file:///etc/passwd" "gopher://127.0.0.1:1"; do
	env "DISPATCH_SERVER=$server" "$bin/dispatchctl" --lang en status >"$dir/out" 2>&1
	code=$?
	[ "$code" = 2 ] || [ "$code" = 5 ] || bad "DISPATCH_SERVER=$server: exit $code"
	harmless "DISPATCH_SERVER=${server:0:20}" "$dir/out"
done
for lang in "$(hostile x)" "../../../etc/passwd" "xx_YY.ISO-8859-1" "zh_CN.GBK" "" "%n%s"; do
	around "LANG=${lang:0:20}" 0 "LANG=$lang" "LC_ALL=$lang" "LANGUAGE=$lang" -- status
done
for columns in -1 0 1 99999999999999999999 "$(hostile x)"; do
	around "COLUMNS=${columns:0:20}" 0 "COLUMNS=$columns" -- unit list
done
# shell NAME=VALUE… — the shell answers and ends
shell() {
	printf 'status\nexit\n' | env "$@" script -qec "$bin/dispatchctl --lang en" /dev/null >"$dir/out" 2>&1
	same "the shell with $*: exit" $? 0
	grep -qa NORMAL "$dir/out" || bad "the shell with $*: $(head -c 300 "$dir/out")"
}
shell TERM=dumb
shell TERM=nonsense
shell -u TERM
shell -u HOME -u XDG_STATE_HOME
shell HOME=/proc/nowhere
shell HOME=relative
shell HOME=/dev/null
mkdir -p "$dir/home/.local/state/dispatch/history"
shell "HOME=$dir/home" # where the history is to be, a folder stands
shell "XDG_STATE_HOME=$dir/home/$(printf 'x%.0s' {1..2000})"
holds "the daemon still runs" kill -0 "$DAEMON"
done_here
