#!/bin/bash
# The check of the journal: every change to a row is found and named, whichever column it is in; so is what was removed, moved, cut
# off or written anew. VERIFY_ROWS and VERIFY_FLIPS set the size of the first part.
# shellcheck disable=SC2034,SC2154,SC2317 # read by, and set in, daemon.bash; called by await
# shellcheck source=tests/integration/daemon.bash
. "$(dirname "$0")/daemon.bash"
postgres_start
daemon_start
await 20 "the tables catch up" tables_caught_up
as_superuser() { psql -X -q -At -v ON_ERROR_STOP=1 -U postgres "$@"; }
as_superuser -c "SELECT 1" >/dev/null 2>&1 || as_superuser() { sql "$@"; }

as_superuser -v rows="${VERIFY_ROWS:-20000}" -v flips="${VERIFY_FLIPS:-2000}" -f tests/integration/verify.sql >"$dir/flips" 2>"$dir/said" ||
	die "$(head -n 3 "$dir/said")"
grep -v '^$' "$dir/flips"
same "rows as they were written" "$(grep '^whole:' "$dir/flips")" "whole: 0"
same "changes that were found" "$(grep '^changed' "$dir/flips")" "changed: ${VERIFY_FLIPS:-2000}, columns: 14, not found: 0"
same "rows as they were again" "$(grep '^whole again' "$dir/flips")" "whole again: 0"

# --- as an officer asks for it: the journal of a daemon that runs ------------------------------------
alarm one cam-0001 fire.smoke | send >"$dir/sent"
await 20 "the tables catch up" tables_caught_up
last=$(q .journal_seq status)

# found WHAT SQL ROW WORD     PostgreSQL's owner changes something, the check names it, the change is taken back
found() {
	as_superuser -c "ALTER TABLE dispatch.journal DISABLE TRIGGER journal_append_only; CREATE TABLE kept AS SELECT * FROM dispatch.journal
		WHERE town_id = 'yulong'" -c "$2"
	ctl journal verify >"$dir/verified"
	same "$1: exit code" $? 1
	same "$1: what is found" "$(jq -r '.faults[0] | "\(.seq) \(.what)"' "$dir/verified")" "$3 $4"
	as_superuser -c "DELETE FROM dispatch.journal WHERE town_id = 'yulong'; INSERT INTO dispatch.journal SELECT * FROM kept; DROP TABLE kept;
		ALTER TABLE dispatch.journal ENABLE ALWAYS TRIGGER journal_append_only"
}

mine="town_id = 'yulong' AND stream = 'actual'"
ctl journal verify >"$dir/verified"
same "whole: exit code" $? 0
same "whole: as far as it goes" "$(jq -r '"\(.from) \(.to) \(.checked) \(.fault_count) \(.compared > 0)"' "$dir/verified")" "1 $last $last 0 true"
found "a changed row" "UPDATE dispatch.journal SET epoch = 7 WHERE $mine AND seq = 3" 3 changed
found "a removed row" "DELETE FROM dispatch.journal WHERE $mine AND seq = 100" 100 removed
found "a cut end" "DELETE FROM dispatch.journal WHERE $mine AND seq > $last - 2" $((last - 1)) removed
found "an empty journal" "DELETE FROM dispatch.journal WHERE $mine" 1 removed
# Whoever computes all hashes anew from some row on leaves a chain that fits: the local log knows better.
found "a journal written anew" "DO \$\$
	DECLARE r dispatch.journal; before bytea; BEGIN
		FOR r IN SELECT * FROM dispatch.journal WHERE $mine AND seq >= 50 ORDER BY seq LOOP
			before := coalesce(before, r.prev_hash);
			UPDATE dispatch.journal SET epoch = 9, prev_hash = before,
				hash = dispatch.journal_hash(before, r.seq, r.at, 9, r.plan_hash, r.kind, r.body)
				WHERE $mine AND seq = r.seq RETURNING hash INTO before;
		END LOOP;
	END \$\$" "$last" "another row than in the local log"
same "in words" "$("$bin/dispatchctl" --lang zh journal verify 2>&1 | grep -c '记录完整')" 1
same "from a later row" "$(q '"\(.from) \(.fault_count)"' journal verify --from 4000)" "4000 0"
postgres_signal STOP
ctl journal verify >"$dir/verified"
same "PostgreSQL does not answer: exit code" $? 1
postgres_signal CONT

# --- the head of the chain in the daemon's own log: at the end, and at a midnight of the town ---------
kill -TERM "$DAEMON"
wait "$DAEMON"
clock="{ start: \"$(date -u -d '1 day' +%F)T15:59:50Z\", rate: 10 }" # ten seconds before a midnight of the town
daemon_start
head_at() { sql -c "SELECT encode(hash, 'hex') FROM dispatch.journal WHERE $mine AND seq = $1"; }
midnight() { [ "$(grep -c ' journal.head ' "$dir/log")" -ge 4 ]; }
await 30 "the head is said at midnight" midnight
await 20 "the tables catch up" tables_caught_up
while read -r seq hash; do
	same "the head that was said, row $seq" "$(head_at "$seq")" "$hash"
done < <(sed -n 's/.* journal.head seq=\([0-9]*\) hash=\([0-9a-f]*\)$/\1 \2/p' "$dir/log")
daemon_kill
done_here
