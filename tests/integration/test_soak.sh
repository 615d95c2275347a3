#!/bin/bash
# A few points of the soak (make soak runs many): nothing lost, doubled or negative; and a checker that sees each planted fault.
# shellcheck disable=SC2154,SC2034,SC2317 # set in, and read by, soak.bash; called by await
# shellcheck source=tests/soak/soak.bash
. "$(dirname "$0")/../soak/soak.bash"
rate=1000 stretch_alarms=2500 life_ms=1500
more="snapshot_rows: 3000"
RANDOM=1
postgres_start
batch_begin
daemon_kill
for one in receive:40:after:daemon decide:60:before:both append:90:after:database sync:8:before:daemon sync:3:before:eio \
	submit:20:after:both write:9:before:enospc released:300:after:stop; do
	life "$one"
done
# No process for a snapshot: it is tried again, but not each turn, and said as often.
more="snapshot_rows: 200" point_times=1000000
life snapshot:1:before:enomem
more="snapshot_rows: 3000" point_times=1
said=$(grep -c "no process for it" "$dir/log")
{ [ "$said" -ge 1 ] && [ "$said" -le 8 ]; } || bad "that there is no process for a snapshot was said $said times"
[ "$unreached" -le 2 ] || bad "$unreached of $lives points were not reached"
database_back
daemon_start
rest_and_check
same "lost, double, negative, broken, crashed" "$lost $double $negative $broken $crashed" "0 0 0 0 0"
{ [ "$acknowledged" -gt 2000 ] && [ -s "$dir/obeyed" ]; } || bad "$acknowledged alarms, $(wc -l <"$dir/obeyed") orders: too few to show anything"

# --- every fault planted in a copy of the tables, or in the notes, is seen ----------------------------
psql -X -q -U postgres -c "CREATE SCHEMA planted AUTHORIZATION dispatch_owner"
export PGOPTIONS="-c client_min_messages=warning"
planted() { sql -U dispatch_owner -c "$1" || die "cannot plant: $1"; }
copied() { planted "DROP TABLE IF EXISTS planted.$1; CREATE TABLE planted.$1 AS SELECT * FROM dispatch.$1 WHERE town_id = 'yulong'"; }
for table in journal alarm order_ stock supply; do copied "$table"; done
# seen WHAT KIND [TABLE SQL]     after it nothing but that KIND counts something: 4 lost, 2 double, 1 negative, 0 none
seen() {
	[ $# -eq 2 ] || planted "$4"
	lost=0 double=0 negative=0 schema=planted
	promises_check >"$dir/violations"
	same "$1" "$(((lost > 0) * 4 + (double > 0) * 2 + (negative > 0)))" "$2"
	schema=dispatch
	[ $# -eq 2 ] || copied "$3"
}
one=$(awk -F '\t' '$4 > 0 { print $4; exit }' "$dir/told") # a row whose answer has come
seen "a copy as it is" 0
seen "an acknowledged alarm that is gone from the journal" 4 journal "DELETE FROM planted.journal WHERE seq = $one"
seen "one that is gone from the table of alarms" 4 alarm "DELETE FROM planted.alarm WHERE (source, id) IN (SELECT source, id FROM planted.alarm ORDER BY seq LIMIT 1)"
seen "a row that is another alarm's" 4 journal "UPDATE planted.journal SET seq = seq + 1000000 WHERE seq = $one"
seen "an alarm twice" 2 journal "INSERT INTO planted.journal SELECT town_id, stream, seq + 1000000, at, epoch, kind, plan_hash, body, prev_hash, hash
	FROM planted.journal WHERE seq = $one"
seen "a unit with two orders at once" 2 order_ "UPDATE planted.order_ SET state = 'accepted', done_at = NULL, ended_at = NULL
	WHERE kind = 'unit' AND target = (SELECT target FROM planted.order_ WHERE kind = 'unit' GROUP BY target ORDER BY count(*) DESC LIMIT 1)"
seen "an order that the database does not know" 2 order_ "UPDATE planted.order_ SET target = 'X' WHERE id = '$(cut -f 2 "$dir/obeyed" | head -n 1)'"
seen "a shelf below nothing" 1 stock "UPDATE planted.stock SET quantity = -1 WHERE (depot, item) IN (SELECT depot, item FROM planted.stock LIMIT 1)"
seen "more given away than there was" 1 supply "UPDATE planted.supply SET quantity = 1000000, state = 'issued' WHERE id = (SELECT min(id) FROM planted.supply)"
cp "$dir/notes" "$dir/notes.kept"
grep -m 1 ' 派遣 ' "$dir/notes.kept" >>"$dir/notes"
seen "an order obeyed twice" 2
cp "$dir/notes.kept" "$dir/notes"
jq -c 'select(.result == "duplicate") | .incident = "2026-999999"' "$dir"/replies.* | head -n 1 >"$dir/replies.planted"
seen "an alarm told of two incidents" 2
rm "$dir/replies.planted"
broken=0
psql -X -q -U postgres -c "ALTER TABLE dispatch.journal DISABLE TRIGGER journal_append_only; UPDATE dispatch.journal SET epoch = 99 WHERE seq = 7"
journal_check >"$dir/violations"
same "a row of the journal that was changed" "$broken" 1
crashed=0
crash_check 139 "a planted one" >"$dir/violations"
same "a crash" "$crashed" 1
done_here
