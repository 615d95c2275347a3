#!/bin/bash
# A server that has not counted its tables yet must not read all orders once for each order: the projections would never catch up.
# shellcheck disable=SC2154,SC2317 # set in daemon.bash; called by await
# shellcheck source=tests/integration/daemon.bash
. "$(dirname "$0")/daemon.bash"
postgres_start
daemon_start
await 20 "the tables catch up" tables_caught_up
as_owner() { sql -U dispatch_owner "$@"; }
read_so_far() {
	sql -c "SELECT pg_stat_clear_snapshot(); SELECT coalesce(idx_tup_fetch, 0) + seq_tup_read + (SELECT sum(idx_tup_read) FROM pg_stat_user_indexes
		WHERE relname = 'order_') FROM pg_stat_user_tables WHERE relname = 'order_'" | tail -n 1
}
as_owner -c "ALTER TABLE dispatch.order_ SET (autovacuum_enabled = off)"
alarm one cam-0001 fire.smoke | send >"$dir/sent"
await 20 "there are orders" is true 'length > 1' order list
# The server keeps the plan that it has made for a table of a few rows.
for step in accept en_route arrived; do
	for order in O1 O2; do
		ctl order answer "$order" "$step" --by 值班员 --channel phone >/dev/null || bad "$order: $step is not taken"
		await 20 "the tables catch up" tables_caught_up
	done
done
as_owner -c "INSERT INTO dispatch.order_ (town_id, id, incident, kind, target, state)
	SELECT 'yulong', 'O' || 1000000 + n, '2020-' || lpad(n::text, 6, '0'), 'unit', 'FE-1', 'done' FROM generate_series(1, 4000) AS n"
before=$(read_so_far)
ctl order answer O1 "done" --by 值班员 --channel phone >/dev/null || bad "the end is not taken"
await 20 "the tables catch up" tables_caught_up
same "the first answer" "$(sql -c "SELECT count(*) FROM dispatch.incident WHERE first_answered_at IS NOT NULL")" 1
kill -TERM "$DAEMON" # the server's processes tell what they have read when they end
wait "$DAEMON"
told() { [ "$(read_so_far)" -gt "$before" ]; }
await 20 "what was read is told" told
after=$(read_so_far)
[ $((after - before)) -lt 400000 ] || bad "$((after - before)) orders were read for a handful"
echo "$((after - before)) orders read"
done_here
