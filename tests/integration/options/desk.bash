# desk.bash: the options of plans, the town, the desk and the console itself. Part of test_options.sh.
# shellcheck shell=bash disable=SC2154,SC2034,SC1010 # the variables of test_options.sh; `done` is a word here

# --- plans and town -----------------------------------------------------------------------------------
saw "playbook list" "$(q 'map(.id) | index("manhole-moved") != null' playbook list)" true
saw "playbook show" "$(q .id playbook show manhole-moved)" manhole-moved
mkdir "$dir/one"
sed '/^expect:/,$d; s/skills: \[[a-z_]*\]/skills: [wizard]/' "$playbooks/medical-help.yaml" >"$dir/one/medical-help.yaml"
saw "playbook check" "$(ctl playbook check "$dir/one" >/dev/null; echo $?)" 0
holds "and with a town that works" ctl playbook check "$playbooks" --town "$town"
saw "playbook check --town" "$(q '"\(.result) \(.faults[0] | test("wizard"))"' playbook check "$dir/one" --town "$town")" "refused true"
sed -i 's/^title: .*/title: 井盖移位新版/' "$playbooks/manhole-moved.yaml"
saw "playbook reload" "$(ctl playbook reload >/dev/null; q .title playbook show manhole-moved)" 井盖移位新版
# who had it read last
loaded() {
	q '[.[] | select(.kind == "load")] | last | "\(.by) \(.channel) \(.event.what)"' journal export
}
holds "by somebody" ctl playbook reload --by 办公室一 --channel radio
saw "playbook reload --by --channel" "$(loaded)" "办公室一 radio plan"
alarm e1 mh-009 manhole.moved >"$dir/alarm"
before=$(q .seq status)
saw "playbook explain" "$(q '"\(.opens) \(.playbook)"' playbook explain "$dir/alarm")" "true manhole-moved"
saw "status" "$(q .seq status)" "$before"
saw "town check" "$(ctl town check "$town" >/dev/null; echo $?)" 0
sed -i 's/^WR-1,[^,]*,/WR-1,改名的一组,/' "$town/units.csv"
saw "town load" "$(ctl town load "$town" >/dev/null; q .name unit show WR-1)" 改名的一组
holds "by somebody" ctl town load "$town" --by 办公室二 --channel radio
saw "town load --by --channel" "$(loaded)" "办公室二 radio town"

saw "calendar show" "$(q '"\(.set) \(.hours | length)"' calendar show)" "true 2"

# --- warnings, release, response, silences ----------------------------------------------------------------
until=$(time_in +3600)
does '"\(.event.colour) \(.event.hazard)"' "orange rainstorm" warning set orange rainstorm --until "$until"
saw "warning set --until" "$(q '.[] | "\(.colour) \(.until)"' warning list)" "orange $until"
saw "warning list" "$(q length warning list)" 1
does .event.hazard rainstorm warning clear rainstorm
same "cleared" "$(q length warning list)" 0
does .event.release advise release advise
same "advise" "$(q .release status)" advise
does .event.release auto release auto
does .event.level IV response set IV --reason 值班决定
saw "response show" "$(q '"\(.level) \(.reason)"' response show)" "IV 值班决定"
saw "response set --reason" "$(q '"\(.response_level)"' status) $(jq -r .event.reason <<<"$row")" "IV 值班决定"
holds "ended" ctl response set clear --reason 结束
committee=$(awk -F , '$3 ~ /committee/ { print $1; exit }' "$town/people.csv")
same "level II: somebody of the committee must agree" "$(ctl response set II --reason 暴雨 | jq -r .outcome)" needs_agreement
does '"\(.event.level) \(.event.agreed)"' "II $committee" response set II --reason 暴雨 --agreed "$committee"
saw "response set --agreed" "$(q .response_level status)" II
holds "ended" ctl response set clear --reason 结束 --agreed "$committee"
# silenced OPTION VALUE SOURCE     its alarms are counted and open nothing
silenced() {
	does .kind silence silence add "$1" "$2" --until "$until" --reason "检修$turn"
	saw "silence add --reason" "$(jq -r .event.reason <<<"$row")" "检修$((turn - 1))"
	saw "silence add $1" "$(alarm "s-$turn" "$3" "${4:-fire.smoke}" | send | jq -r .result)" suppressed
	silence=$(jq -r .silence <<<"$reply")
	saw "silence add --until" "$(q ".[] | select(.id == \"$silence\") | .until" silence list)" "$until"
	does .kind silence silence expire "$silence"
	same "ended" "$(alarm "t-$turn" "$3" "${4:-fire.smoke}" | send | jq -r .result)" accepted
}
silenced --source cam-0101 cam-0101
silenced --type alarm.site.dust cam-0102 site.dust
silenced --grid "$(q .grid device show cam-0103)" cam-0103
same "none in force" "$(q length silence list)" 0
saw "silence list --all" "$(q 'length >= 3' silence list --all) $(q 'map(.active) | unique | join(" ")' silence list --all)" "true false"
saw "silence list" "$(q length silence list)" 0

# --- the journal, the feed, the help ------------------------------------------------------------------------
saw "journal verify --from" "$(q '"\(.from) \(.fault_count)"' journal verify --from 50)" "50 0"
saw "journal export --from --limit" "$(q 'map(.seq) | join(" ")' journal export --from 100 --limit 2)" "100 101"
"$bin/dispatchctl" --json watch >"$dir/watched" &
helpers+=($!)
watched() {
	holds "a note" ctl incident note "$hole" --reason 看得见吗
	grep -q 看得见吗 "$dir/watched"
}
await 10 "watch shows a change" watched
kill -TERM "${helpers[-1]}"
used_note watch
saw "watch" "$(grep -c 看得见吗 "$dir/watched" | awk '{ print ($1 > 0) }')" 1
saw "help" "$(q '.[0].command' help incident open)" "incident open"

# --- who and where --------------------------------------------------------------------------------------
saw "people list --role" "$(q '"\(length > 0) \(map(.roles | index("keeper") != null) | unique | join(" "))"' people list --role keeper)" "true true"
saw "grid list --level" "$(q '"\(length > 0) \(map(.level) | unique | join(" "))"' grid list --level 2)" "true 2"
saw "place list" "$(q 'map(.name) | index("云溪河公园") != null' place list)" true
saw "as" "$(q .by as)" "$(q .by whoami)"
saw "whoami --by" "$(q '.person // .id' whoami --by duty-1)" duty-1

# --- pages ----------------------------------------------------------------------------------------------
saw "board show" "$(ctl board show | grep -c '</html>')" 1
saw "board show --short" "$(ctl board show --short | grep -cE '<h2>常用电话|</html>')" 1
saw "shift page" "$(ctl shift page | grep -c '<html')" 0
saw "shift page --html" "$(ctl shift page --html | grep -c '</html>')" 1

# --- shifts and alerts ------------------------------------------------------------------------------------
duty() { q '.on_duty | map(.person) | join(" ")' shift show; }
does '"\(.event.act) \(.event.person)"' "on duty-1" shift on duty-1
saw "shift show" "$(duty)" duty-1
does '"\(.event.act) \(.event.person) \(.event.to)"' "handover duty-1 duty-2" shift handover duty-2 --from duty-1
saw "shift handover --from" "$(duty)" duty-2
same "its note is read by the next" "$(q '.note | "\(.text) \(.by)"' shift show)" "note第$turn次 by第$turn次"
same "and stands on the page" "$(ctl shift page | grep -c "note第$turn次(by第$turn次,")" 1
holds "back" ctl shift handover duty-1 --by duty-2
same "--from is who says it, unless given" "$(duty)" duty-1
seen=$(q .desk_seen shift show)
does .event.act present shift present
same "seen at the desk" "$(q ".desk_seen > \"$seen\"" shift show)" true
does '"\(.event.act) \(.event.person)"' "off duty-1" shift off duty-1
same "nobody" "$(duty)" ""
rang=$(opened a9 cam-0003 fire.flame '.data.confidence = 0.1')
saw "alert list" "$(q 'map(.incident) | index("'"$rang"'") != null' alert list)" true
does .event.incident "$rang" alert ack "$rang"
same "seen" "$(q 'map(.incident) | index("'"$rang"'")' alert list)" null
rang=$(opened a10 cam-0004 fire.flame '.data.confidence = 0.1')
does .kind ack alert ack --all
saw "alert ack --all" "$(q 'map(.incident) | index("'"$rang"'")' alert list)" null

# --- who leads: of one dispatcher alone -----------------------------------------------------------------------
saw "lead" "$(q . lead)" null
# It is refused, and says that there is none besides; used all the same. With two: test_console_lead.
lead=(lead --force --reason 主机断电 --by 值班员 --channel phone --yes)
"$bin/dispatchctl" --lang en "${lead[@]}" 2>"$dir/said"
same "lead --force without another" "$? $(cat "$dir/said")" "1 dispatchctl: wrong_state: there is no other daemon: this one leads"
used_note "${lead[@]}"
saw "lead --force --reason --by --channel --yes" "$("$bin/dispatchctl" --lang zh "${lead[@]}" 2>&1 | grep -c 只有这一台)" 1
"$bin/dispatchctl" --lang en lead --force --by 值班员 2>"$dir/said"
same "no reason" "$? $(grep -c -- '--reason is needed' "$dir/said")" "2 1"

# --- the options of the program -----------------------------------------------------------------------------
same "its options" "$("$bin/dispatchctl" --lang en help | head -n 2 | grep -oE -- '--[a-z-]+' | xargs)" "--server --cacert --token-file --json --lang"
same "--json" "$("$bin/dispatchctl" --json status | jq -r .town)" yulong
same "without: no JSON" "$("$bin/dispatchctl" status | jq . 2>/dev/null)" ""
same "--lang" "$("$bin/dispatchctl" --lang zh help status | grep -c 例:) $("$bin/dispatchctl" --lang en help status | grep -c example:)" "1 1"
"$bin/dispatchctl" --server "unix:$dir/nobody" status 2>/dev/null
same "--server: nobody there" $? 5
same "--server" "$(DISPATCH_SERVER=unix:$dir/nobody "$bin/dispatchctl" --server "$SERVER" --json status | jq -r .town)" yulong
same "--server: two, nobody at the first" "$("$bin/dispatchctl" --server "unix:$dir/nobody,$SERVER" --json status | jq -r .town)" yulong
# what they do when they are right is seen by test_http_identity.sh
"$bin/dispatchctl" --lang en --server https://127.0.0.1:1 --token-file "$dir/none" status 2>"$dir/said"
same "--token-file: none there" "$? $(grep -c "cannot read $dir/none" "$dir/said")" "2 1"
"$bin/dispatchctl" --lang en --server https://127.0.0.1:1 --cacert "$dir/none" status 2>"$dir/said"
same "--cacert: none there" "$? $(grep -c "certificate\|no daemon" "$dir/said" | sed 's/^[1-9].*/said/')" "5 said"
