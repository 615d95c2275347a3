#!/bin/bash
# The daemon as a program: -n and every fault's file and line, --version, HUP, TERM, the second start, limits, the clock's refusal.
# shellcheck disable=SC2016,SC2317,SC2034 # sed scripts; called by await; read by daemon.bash
# shellcheck source=tests/integration/daemon.bash
. "$(dirname "$0")/daemon.bash"
postgres_start
daemon=$bin/dispatcherd

# checked WHAT EXIT PATTERN: dispatcherd -n on $dir/check.yaml, what it says matches
checked() {
	local said code
	said=$("$daemon" -n -c "$dir/check.yaml" 2>&1)
	code=$?
	same "-n, $1: exit" "$code" "$2"
	[[ $said =~ $3 ]] || bad "-n, $1: wanted /$3/, said: $said"
}

# configured SED: the good configuration, changed
configured() {
	configuration_write
	sed "$1" "$dir/config.yaml" >"$dir/check.yaml"
}

# --- what -n says ----------------------------------------------------------------------------------
configured ''
checked good 0 'check.yaml: good'
holds "-n opens nothing" test ! -e "$dir/http"
holds "-n writes nothing" test ! -e "$dir/data"
configured 's/^data:/dta:/'
checked "an unknown key" 1 'check.yaml:3:1: .*dta'
configured 's/^data:/"":/'
checked "an empty key" 1 'check.yaml:[0-9]+:[0-9]+: Unexpected key'
configured '/^data:/d'
checked "a missing key" 1 'check.yaml.*data'
configured '$a limits: {incidents: 10, incidentz: 5}'
checked "an unknown limit" 1 'check.yaml:[0-9]+:[0-9]+: .*incidentz'
configured '$a store_grace_ms: soon'
checked "no number" 1 'check.yaml:[0-9]+:[0-9]+: .*soon'
configured '$a log_level: loud'
checked "an unknown level" 1 'check.yaml.*log_level'
configured 's,alarms: .*,alarms: "here",'
checked "no endpoint" 1 'check.yaml:10:[0-9]+: alarms'
configured '$a clock: {start: "noon", rate: 60}'
checked "no time" 1 'check.yaml:[0-9]+:[0-9]+: start'
configured '$a limits: {incidents: 4000000000}'
checked "a limit out of reason" 1 'check.yaml:[0-9]+:[0-9]+: incidents'
configured '$a rules: {position_stale_s: 600, position_drop_s: 3600, join_m: 80}'
checked "rules" 0 'check.yaml: good'
configured '$a rules: {positon_stale_s: 600}'
checked "an unknown rule" 1 'check.yaml:[0-9]+:[0-9]+: .*positon_stale_s'
configured '$a rules: {carrier_speed_kmh: 5000}'
checked "a rule out of reason" 1 'check.yaml:[0-9]+:[0-9]+: carrier_speed_kmh'
configured '$a rules: {identity_keep_s: 60}'
checked "repeats forgotten too soon" 1 'check.yaml:[0-9]+:[0-9]+: identity_keep_s'
configured 's,alarms: .*,alarms: "tcp://127.0.0.1:99999",'
checked "no port" 1 'check.yaml:10:[0-9]+: alarms: .*99999'
configured 's,feed: .*,feed: "tcp://127.0.0.1",'
checked "no port at all" 1 'check.yaml:12:[0-9]+: feed: '
configured 's,http: .*,http: "bogus",'
checked "no address" 1 'check.yaml:13:[0-9]+: http: .*bogus'
configured '/insecure/s,.*,  key_file: "/nowhere/at/all/curve.key",'
checked "no folder for the keys" 1 'check.yaml:14:3: key_file: .*nowhere'
echo public >"$dir/curve.key" && chmod 644 "$dir/curve.key"
configured "/insecure/s,.*,  key_file: \"$dir/curve.key\","
checked "keys that others can read" 1 'check.yaml:14:3: key_file: .*others than its owner'
configured "/insecure/s,.*,  gateway_key_file: \"$dir/curve.key\","
checked "a gateway's keys that others can read" 1 'check.yaml:14:3: gateway_key_file: .*others than its owner'
configured "s,http: .*,http: \"unix:/tmp/$(printf %0104d 0)\","
checked "too long a path" 1 'check.yaml:13:[0-9]+: http: .*107'
configured 's,http: .*,&\n  tcp: "127.0.0.1:0",'
checked "port 0" 1 'check.yaml:14:[0-9]+: tcp: '
configured 's,http: .*,&\n  tcp: "[::1]:*",'
checked "any port" 0 'check.yaml: good'
configured 's,^data: .*,data: "/nowhere/x",'
checked "no folder for the data" 1 'check.yaml:3:1: data: .*/nowhere/x'
configured "s,^data: .*,data: \"$dir/config.yaml\","
checked "data in a file" 1 'check.yaml:3:1: data: .*not a folder'
configured 's,migrations: .*,migrations: "/nowhere",'
checked "no folder of migrations" 1 'check.yaml:8:[0-9]+: migrations: .*No such file'
configured "s,migrations: .*,migrations: \"$playbooks\","
checked "no migrations" 1 'check.yaml:8:[0-9]+: migrations: .*holds no migration'
configured 's,  conninfo: .*,  conninfo: "hos=x",'
checked "no connection string" 1 'check.yaml:6:[0-9]+: conninfo: .*hos'
configured 's,^data: .*,data: "/nowhere/x",; s,migrate_conninfo: .*,migrate_conninfo: "x",; s,http: .*,http: "bogus",'
checked "all at once" 1 'check.yaml:3:1: data.*check.yaml:7:[0-9]+: migrate_conninfo.*check.yaml:13:[0-9]+: http'
configured '$a rules: {notice_tries: 10, depot_answer_s: 100000}'
checked "rules out of bounds" 1 'notice_tries: more than 9.*depot_answer_s: more than 86400'
configured '$a rules: {bell_s: 4, bell_rings: 61, presence_s: 100000, presence_answer_s: 3601}'
checked "a bell out of bounds" 1 'bell_rings: more than 60.*presence_s: more than 86400.*presence_answer_s: more than 3600.*bell_s: less than 5'
configured '$a response: {II: {agree: [keeper], notify: [offce], release: atuo}}'
checked "a response level" 1 'II: agree: "keeper".*II: notify: "offce".*II: release: "atuo"'
configured '$a response: {I: {agree: []}}'
checked "a list of none" 1 'check.yaml:[0-9]+'
configured '$a response: {V: {agree: [nobody]}}'
checked "no such level" 1 'Unexpected key: V'
configured '$a response: {I: {agree: [nobody], release: unchanged}, IV: {notify: [auditor]}}'
checked "levels of the town's own" 0 'check.yaml: good'
sed "s,/var/lib/dispatch,$dir/data,; s,/var/cache/dispatch,$dir/board,; s,@PREFIX@/share/dispatch/sql,$root/schemas/sql,; s,/etc/dispatch/town,$town,; s,/etc/dispatch/playbooks,$playbooks," \
	"$root/ops/dispatcher.yaml" >"$dir/check.yaml"
checked "the sample" 0 'check.yaml: good'
echo '{' >"$dir/check.yaml"
checked "no YAML" 1 'check.yaml'
: >"$dir/check.yaml"
checked "nothing in it" 1 'check.yaml'
configured 's,^town: .*,town: "/nowhere",'
checked "no town" 1 'town.yaml'
rm "$dir/check.yaml"
checked "no file" 1 'check.yaml'
same "--version" "$("$daemon" --version | grep -cE '^dispatcherd [0-9]+\.[0-9]+')" 1
"$daemon" --nonsense >/dev/null 2>&1
same "an unknown option: exit" $? 2

# faulty PART SED FILE PATTERN: one file of a copy is changed by SED
cp -R "$town" "$dir/town"
cp -R "$playbooks" "$dir/playbooks"
faulty() {
	local kept=$dir/$3.kept
	mkdir -p "$(dirname "$kept")"
	cp "$dir/$1/$3" "$kept"
	sed -i "$2" "$dir/$1/$3"
	configured "s,^town: .*,town: \"$dir/town\",; s,^playbooks: .*,playbooks: \"$dir/playbooks\","
	checked "$3 with $2" 1 "$4"
	mv "$kept" "$dir/$1/$3"
}
faulty town '3s/yes$/perhaps/' units.csv 'units.csv:3'
faulty town '5s/,113[^,]*,/,119.0,/' units.csv 'units.csv:5'
faulty town '4s/^[^,]*/rcam-01/' devices.csv 'devices.csv:[0-9]+'
faulty town '2s/,[0-9]*,\([^,]*,[^,]*,\)$/,-5,\1/; 2s/,60,/,-60,/' stock.csv 'stock.csv:2'
faulty town 's/^time_zone/time_zome/' town.yaml 'town.yaml:[0-9]+'
faulty town '1s/{/[/' grids.geojson 'grids.geojson'
faulty town '2s/committee/comittee/' people.csv 'people.csv:2:[0-9]+: roles: .*did you mean "committee"'
faulty town '2s/drowning_risk/drowning_rsk/' responsibilities.csv 'responsibilities.csv:2:1: .*did you mean "drowning_risk"'
faulty town '2s/^\([^,]*\),camera/\1,camra/' devices.csv 'devices.csv:2:[0-9]+: kind: .*did you mean "camera"'
faulty town '2s/life_ring/life_rng/' stock.csv 'stock.csv:[0-9]+:[0-9]+: item: "life_ring" stands only here and "life_rng" only on line 2'
faulty town '2s/water_rescue/water_resque/' units.csv 'units.csv:2:[0-9]+: skills: .*did you mean "water_rescue"'
faulty town 's/^name: /name：/' town.yaml 'town.yaml:3:5: '
faulty town '9s/,/,\xbc\xd7/' people.csv 'people.csv:9:[0-9]+: not UTF-8 .*save it as UTF-8'
faulty playbooks 's/^title:/titel:/' gas-leak.yaml 'gas-leak.yaml:2:[0-9]+: '
faulty playbooks 's/skills: \[grid_worker\]/skills: [wizard]/' fire-smoke.yaml 'fire-smoke.yaml:[0-9]+:[0-9]+: '
faulty playbooks 's/priority: [0-9]*/priority: high/' manhole-moved.yaml 'manhole-moved.yaml:[0-9]+:[0-9]+: '
faulty playbooks 's/quantity: 4/quantity: -4/' manhole-moved.yaml 'manhole-moved.yaml:[0-9]+:[0-9]+: '
faulty playbooks '1s/^/\t/' manhole-moved.yaml 'manhole-moved.yaml:[0-9]+'
sed -i 's/^demonstration: true/demonstration: false/' "$dir/town/town.yaml"
configured "s,^town: .*,town: \"$dir/town\",; \$a clock: {start: \"2026-07-01T08:00:00Z\", rate: 60}"
checked "a compressed clock in a real town" 1 'demonstration'
"$daemon" -c "$dir/check.yaml" >"$dir/refusal" 2>&1
same "and it does not start: exit" $? 1
sed -i 's/^demonstration: false/demonstration: true/' "$dir/town/town.yaml"

# --- HUP --------------------------------------------------------------------------------------------
playbooks=$dir/playbooks
daemon_start
fixed_now=$(now)
plan=$dir/playbooks/manhole-moved.yaml
version_of() { q ".[] | select(.id == \"manhole-moved\") | .$1" playbook list; }
was=$(version_of hash)
old=$(alarm old mh-001 manhole.moved | send | jq -r .incident)
sed -i 's/^title: .*/title: 井盖移位第二版/; s/quantity: 4/quantity: 6/' "$plan"
kill -HUP "$DAEMON"
changed() { [ "$(version_of hash)" != "$was" ]; }
await 10 "HUP reads a changed playbook" changed
same "its title" "$(version_of title)" 井盖移位第二版
new=$(alarm new mh-003 manhole.moved | send | jq -r .incident)
same "a new case has the new plan" "$(q '[.orders[].items[] | .quantity] | add' incident show "$new")" 6
same "the open case keeps its plan" "$(q '"\(.title) \([.orders[].items[] | .quantity] | add)"' incident show "$old")" "窨井盖移位 4"
# Rows of the journal of these kinds, a line each.
rows_of() {
	local from=1 page
	while page=$(get "/v1/journal?from=$from&limit=1000" | head -n -1) && [ -n "$page" ]; do
		jq -c --arg kinds "$*" 'select(.kind as $kind | $kinds | split(" ") | index($kind))' <<<"$page"
		from=$(($(tail -n 1 <<<"$page" | jq .seq) + 1))
	done
}
loads() { rows_of load | jq -rs 'map("\(.channel) \(.event.count)") | join(", ")'; }
plans=$(find "$playbooks" -name '*.yaml' | wc -l)
town_rows=$(rows_of load | head -n 1 | jq .event.count)
[ "${town_rows:-0}" -gt 1000 ] || bad "the town's load says $town_rows rows"
same "each load is on record: the start's, HUP's" "$(loads)" "start $town_rows, start $plans, HUP $plans"
same "with its hash" "$(rows_of load plan | tail -n 2 | jq -r .event.hash | sort -u | grep -c .)" 1
taken() { [ "$(grep -c 'playbooks.loaded' "$dir/log")" -gt "$1" ]; }
lines=$(grep -c 'playbooks.loaded' "$dir/log")
kill -HUP "$DAEMON"
await 10 "HUP again" taken "$lines"
same "what changes nothing is not" "$(loads)" "start $town_rows, start $plans, HUP $plans"
was=$(version_of hash)
sed -i 's/^title:/titel:/' "$plan"
kill -HUP "$DAEMON"
complained() { grep -q 'manhole-moved.yaml:2:' "$dir/log"; }
await 10 "a broken playbook is said in the log, with its line" complained
same "and the old set stays" "$(version_of hash)" "$was"
ctl playbook reload >/dev/null
same "reload by the console: exit" $? 1
sed -i 's/^titel:/title:/' "$plan"
holds "mended" ctl playbook reload

# --- TERM and the second start ----------------------------------------------------------------------
q '.[] | "\(.id) \(.state) \(.title)"' incident list >"$dir/before"
q '.[] | "\(.id) \(.who) \(.state)"' order list >>"$dir/before"
rows=$(q .seq status)
kill -TERM "$DAEMON"
wait "$DAEMON"
same "TERM: exit" $? 0
holds "the ready file is gone" test ! -e "$dir/ready"
holds "the socket is gone" test ! -e "$dir/http"
holds "a snapshot is there" sh -c "ls -R '$dir/data' | grep -qi snap"
daemon_start
q '.[] | "\(.id) \(.state) \(.title)"' incident list >"$dir/after"
q '.[] | "\(.id) \(.who) \(.state)"' order list >>"$dir/after"
same "the second start finds the state" "$(diff "$dir/before" "$dir/after")" ""
[ "$(q .seq status)" -ge "$rows" ] || bad "rows went missing: $(q .seq status) of $rows"
same "the second daemon on the same data: refused" \
	"$(sed "s,\"unix:.*\",\"unix:$dir/http2\"," "$dir/config.yaml" >"$dir/second.yaml"
		timeout 10 "$daemon" -c "$dir/second.yaml" >"$dir/refusal" 2>&1
		echo $?)" 1
holds "and the first goes on" ctl status
kill -INT "$DAEMON"
wait "$DAEMON"
same "INT: exit" $? 0

# --- limits: the eleventh case of another place is overloaded ----------------------------------------
ops/private-postgres remove "$dir/pg"
rm -rf "$dir/data"
limits='{ incidents: 10 }'
postgres_start
daemon_start
fixed_now=$(now)
for ((n = 1; n <= 12; n++)); do
	alarm "full-$n" "$(sed -n "$((n + 1))p" "$town/devices.csv" | cut -d , -f 1)" fire.smoke \
		".data.position = {\"type\":\"Point\",\"coordinates\":[$(sed -n "$((n * 5))p" "$town/devices.csv" | cut -d , -f 4,5)]}"
done | send >"$dir/replies"
same "ten fit" "$(jq -r .result "$dir/replies" | head -n 10 | sort | uniq -c | xargs)" "10 accepted"
same "the others do not" "$(jq -r '"\(.result) \(.reason) \(.retry_after_s > 0)"' "$dir/replies" | tail -n 2 | sort -u)" \
	"rejected overloaded true"
one=$(jq -r .incident "$dir/replies" | head -n 1)
holds "one is cancelled" ctl incident cancel "$one" --reason test
same "then one more fits" "$(alarm full-13 cam-0900 fire.smoke | send | jq -r .result)" accepted
done_here
