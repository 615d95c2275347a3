#!/bin/bash
# A disk that takes no more: who sends is told so, nothing is acknowledged that is not written, and it ends by itself.
# The disk is a limit on the size of the daemon's files (EFBIG where a full one says ENOSPC: one error as another to the log).
# shellcheck disable=SC2034,SC2154,SC2317 # read by, and set in, daemon.bash; called by await
# shellcheck source=tests/integration/daemon.bash
. "$(dirname "$0")/daemon.bash"
command -v prlimit >/dev/null || { echo "prlimit is not here"; exit 77; }
# What the daemon says goes through a pipe: the limit holds for files.
daemon_begin() {
	configuration_write
	rm -f "$dir/ready"
	mkdir -p "$dir/data"
	"$bin/dispatcherd" -c "$dir/config.yaml" </dev/null > >(exec cat >>"$dir/log") 2>&1 &
	DAEMON=$!
}
postgres_start
daemon_start

disk_full() { prlimit --pid "$DAEMON" --fsize=1:unlimited; }
disk_free() { prlimit --pid "$DAEMON" --fsize=unlimited:unlimited; }
tell() { jq -r "$2" <<<"$1"; }

client_start dealer "$ALARMS"
client_start dealer "$UNITS"
client_say 1 'send {"kind":"hello","unit":"FE-1","last_seq":0}'
client_say 0 "send $(alarm before cam-0001 fire.smoke)"
client_hear 0 || bad "no answer before the disk is full"
same "before: accepted" "$(tell "$heard" .result)" accepted

disk_full || die "the limit cannot be set"
# The first row finds out: it is decided and cannot be written. Is it this alarm's, nothing is answered; else the alarm is told.
client_say 0 "send $(alarm finds-out cam-0002 fire.smoke)"
await 10 "the daemon says that the disk refuses" grep -q "the disk refuses" "$dir/log"
seq_before=$(q .log_seq status)
client_say 0 "send $(alarm turned-away cam-0003 fire.smoke)"
client_hear 0 || bad "an alarm that cannot be written is not answered"
[ "$(tell "$heard" .id)" != finds-out ] || client_hear 0
same "full: the later one is told" "$(tell "$heard" '.id + " " + .result + " " + .reason + " " + (.retry_after_s > 0 | tostring)')" \
	"turned-away rejected overloaded true"
client_say 0 "send $(alarm before cam-0001 fire.smoke)"
client_hear 0 || bad "a repeat is not answered while the disk is full"
same "full: a repeat is told, too" "$(tell "$heard" .reason)" overloaded
same "full: an alarm through HTTP" "$(alarm http cam-0004 fire.smoke | send | jq -r .reason)" overloaded
ctl incident open --type fire --lon 113.43 --lat 34.78 --text "kitchen" >"$dir/refused"
same "full: a command is refused" "$(jq -r .error "$dir/refused" "$dir/said" 2>/dev/null)" overloaded
same "full: HTTP says when to come again" "$(curl -s -D "$dir/head" --unix-socket "$dir/http" -X POST \
	-d '{"incident":"2026-000001","reason":"x"}' http://localhost/v1/commands/incident-note >"$dir/refused"; tr -d '\r' <"$dir/head" | grep -ci '^retry-after: [1-9]')" 1
same "full: it can still be asked" "$(q '.mode // "none" | length > 0' status)" true
client_say 1 'send {"kind":"status","status":"available"}'
same "full: nothing has become durable" "$(q .log_seq status)" "$seq_before"
same "full: no acknowledgement for the one that found out" "$(client_got 0 'finds-out.*accepted')" 0

disk_free
await 20 "the disk is used again by itself" grep -q "the disk takes rows again" "$dir/log"
client_say 0 "send $(alarm finds-out cam-0002 fire.smoke)"
accepted_now() { [ "$(client_got 0 'finds-out.*accepted')" = 1 ]; }
await 20 "free: the one that waited is accepted once" accepted_now
client_say 0 "send $(alarm turned-away cam-0003 fire.smoke)"
turned_in() { [ "$(client_got 0 'turned-away.*accepted')" = 1 ]; }
await 20 "free: the one that was turned away comes in as new" turned_in
await 10 "free: what the terminal said meanwhile was kept" is true '[.[] | select(.id == "FE-1") | .terminal] | length > 0' unit list

# What was acknowledged survives, what was not is not there twice.
await 20 "the tables catch up" tables_caught_up
daemon_kill
daemon_start
same "alarms after a kill" "$(sql -c "SELECT string_agg(id, ' ' ORDER BY id) FROM dispatch.alarm WHERE result = 'accepted'")" \
	"before finds-out turned-away"
same "the chain" "$(sql -c "SELECT * FROM dispatch.journal_broken('yulong', 'actual')")" ""
done_here
