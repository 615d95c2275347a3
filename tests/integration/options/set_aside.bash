# set_aside.bash: the options of the commands on what was set aside, with rows that PostgreSQL refuses. Part of test_options.sh.
# shellcheck shell=bash disable=SC2154 # the variables of test_options.sh

await 20 "the tables" tables_caught_up
sql -U dispatch_owner -c "ALTER TABLE dispatch.incident ADD CONSTRAINT of_this_test CHECK (title NOT LIKE '拒收%') NOT VALID"
for title in 拒收一 拒收二; do
	ctl incident open --type other --place 云溪河公园 --title "$title" --by duty-1 >"$dir/out" || bad "$title: $(cat "$dir/said")"
done
two_wait() { [ "$(q length aside list)" = 2 ]; }
await 20 "both are set aside" two_wait
mapfile -t rows < <(q 'map(.id | tonumber) | sort | .[]' aside list)
saw "aside list" "$(q "map(\"\\(.what) \\(.kind) \\(.from)\") | unique | join(\", \")" aside list)" "row open tables"
saw "aside show" "$(q .row.event.title aside show "${rows[0]}")" 拒收一
sql -U dispatch_owner -c "ALTER TABLE dispatch.incident DROP CONSTRAINT of_this_test"
does '"\(.event.id) \(.event.act)"' "${rows[0]} release" aside release "${rows[0]}"
written() { [ "$(sql -c "SELECT count(*) FROM dispatch.incident WHERE title = '$1'")" = 1 ]; }
await 20 "it is written" written 拒收一
saw "aside release" "$(sql -c "SELECT settled, settled_reason FROM dispatch.quarantine WHERE seq = ${rows[0]}")" "released|reason第$turn次"
does '"\(.event.id) \(.event.act)"' "${rows[1]} drop" aside drop "${rows[1]}"
left_out() { [ "$(sql -c "SELECT settled FROM dispatch.quarantine WHERE seq = ${rows[1]}")" = dropped ]; }
await 20 "it is left out" left_out
saw "aside drop" "$(written 拒收二; echo $?) $(q length aside list)" "1 0"
ctl aside drop "${rows[1]}" --reason 再次 >"$dir/out"
same "twice" "$? $(jq -r .outcome "$dir/out")" "3 not_found"
