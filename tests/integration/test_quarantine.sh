#!/bin/bash
# A row that PostgreSQL refuses: the rest goes on, the desk is called, and a person has it written when it can be, or leaves it out.
# shellcheck disable=SC2154,SC2317 # set in daemon.bash; called by await
# shellcheck source=tests/integration/daemon.bash
. "$(dirname "$0")/daemon.bash"
postgres_start
daemon_start
owner() { sql -U dispatch_owner -c "$1" >/dev/null || bad "$1"; }
await 20 "the tables" tables_caught_up
owner "ALTER TABLE dispatch.incident ADD CONSTRAINT of_this_test CHECK (title NOT LIKE '拒收%') NOT VALID"

# opened TITLE     opens a case and prints its number
opened() {
	ctl incident open --type other --place 云溪河公园 --title "$1" --by duty-1 | jq -r .incident
}
first=$(opened 拒收一)
second=$(opened 拒收二)
third=$(opened 照收)
await 20 "the rest goes on" tables_caught_up
rings() { [ "$(q '[.[].causes[]] | index("aside") != null' alert list)" = "$1" ]; }
waiting() { [ "$(q length aside list)" = "$1" ]; }
title() { sql -c "SELECT title FROM dispatch.incident WHERE id = '$1'"; }
same "the next case stands in its table" "$(title "$third")" 照收
await 10 "the desk is called" rings true
row=$(sql -c "SELECT min(seq) FROM dispatch.quarantine")
refused=$(sql -c "SELECT count(*) FROM dispatch.quarantine")
await 10 "each row that was refused waits" waiting "$refused"
same "which row, and where it was refused" \
	"$(q ".[] | select(.id == \"$row\") | \"\\(.what) \\(.kind) \\(.from) \\(.times)\"" aside list)" "row open tables 1"
same "why" "$(q ".[] | select(.id == \"$row\") | .reason" aside list | grep -c of_this_test)" 1
same "the row itself" "$(q '.row.event.title' aside show "$row")" 拒收一
same "on the screen" "$("$bin/dispatchctl" --lang zh aside list | grep -c '业务表')" "$refused"
same "the journal has it all the same" "$(sql -c "SELECT kind FROM dispatch.journal WHERE seq = $row")" open

# --- let in while it cannot be written ---------------------------------------------------------------------------------
twice() { [ "$(q ".[] | select(.id == \"$row\") | .times" aside list)" = 2 ]; }
ctl alert ack --all --by duty-1 >/dev/null
await 10 "it is seen" rings false
ctl aside release "$row" --by lead-01 --reason 再试一次 >"$dir/out" || bad "release: $(cat "$dir/out")"
await 20 "refused again, it waits again" twice
await 10 "and the desk is called again" rings true

# --- and when it can be ---------------------------------------------------------------------------------------------------
owner "ALTER TABLE dispatch.incident DROP CONSTRAINT of_this_test"
settled() { [ "$(sql -c "SELECT settled FROM dispatch.quarantine WHERE seq = $1")" = "$2" ]; }
ctl aside release "$row" --by lead-01 --reason 约束已取消 >"$dir/out" || bad "release: $(cat "$dir/out")"
await 20 "it is written" settled "$row" released
same "in its table" "$(title "$first")" 拒收一
same "by whom, and why" "$(sql -c "SELECT settled_by, settled_reason FROM dispatch.quarantine WHERE seq = $row")" "lead-01|约束已取消"
same "and in the journal" "$(q '[.[] | select(.kind == "aside" and .event.act == "release") | "\(.by) \(.event.id) \(.event.reason)"] | join(",")' journal export)" \
	"lead-01 $row 再试一次,lead-01 $row 约束已取消"
same "the journal is whole" "$(sql -c "SELECT count(*) FROM dispatch.journal_broken('$(sql -c "SELECT min(town_id) FROM dispatch.journal")', 'actual')")" 0

# --- left out ----------------------------------------------------------------------------------------------------------------
for row in $(q '.[].id' aside list); do
	ctl aside drop "$row" --by lead-01 --reason 演练数据 >"$dir/out" || bad "drop: $(cat "$dir/out")"
	await 20 "it is left out" settled "$row" dropped
done
same "with the last one the alert ends" "$(q length aside list) $(q '[.[].causes[]] | index("aside")' alert list)" "0 null"
same "it is in no table" "$(title "$second")" ""
daemon_kill
daemon_start
await 20 "the tables after a restart" tables_caught_up
same "nobody is asked again" "$(q length aside list)" 0
owner "ALTER TABLE dispatch.incident ADD CONSTRAINT of_this_test CHECK (title NOT LIKE '拒收%') NOT VALID"
opened 拒收三 >/dev/null
await 20 "another one" rings true
ops/private-postgres stop "$dir/pg"
await 20 "PostgreSQL is gone" is island .mode status
ctl aside release "$(q '.[0].id' aside list)" --by lead-01 --reason x >"$dir/out"
same "without PostgreSQL nothing can be written" "$? $(jq -r .error "$dir/out")" "1 unavailable"
same "and it waits" "$(q 'length > 0' aside list)" true
done_here
