#!/bin/bash
# test_pair: two daemons of one town: who stands by, a leader that is killed, stopped, cut off, alone; and what is brought in again.
# shellcheck disable=SC2317 # called by await
# shellcheck source=tests/integration/daemon.bash
. "$(dirname "$0")/daemon.bash"
# shellcheck source=tests/integration/pair.bash
. "$(dirname "$0")/pair.bash"

test_caught_up() {
	[ "$(on a status | jq '.seq == .journal_seq')" = true ]
}

brought_in() {
	[ "$(sql -c "SELECT count(*) FROM dispatch.alarm WHERE id = '$1'")" = 1 ]
}

lead_rows() {
	sql -c "SELECT count(*) FROM dispatch.journal WHERE kind = 'lead'"
}

# sql_is WANTED QUERY
sql_is() {
	[ "$(sql -c "$2")" = "$1" ]
}

none_stray() {
	[ "$(sql -c "SELECT count(*) FROM dispatch.stray WHERE brought_seq IS NULL AND refused IS NULL")" = 0 ]
}

postgres_start
node_prepare a
node_prepare b
node_start a
leader_is a 20
node_start b
await 20 "b stands by" state_is b stands_by
await 20 "b follows" both_have_all

# --- who stands by decides nothing -----------------------------------------------------------------

answers b standby-1 "rejected not_leader"
answers a first accepted
same "a command to who stands by" "$(on b release confirm >/dev/null; echo $?)" 1
holds "says whom to ask" grep -q "a leads" "$dir/said"
holds "shows what is there all the same" on b incident list
await 5 "b follows the alarm" both_have_all
same "b knows the incident" "$(on b incident list --all | jq length)" "$(on a incident list --all | jq length)"
ask a first
incident=$(jq -r .incident <<<"$heard")

# --- kill -9 ---------------------------------------------------------------------------------------

node_kill a
leader_is b 10
echo "taken over $took_ms ms after kill -9"
answers b first duplicate
ask b first
same "of the same incident" "$(jq -r .incident <<<"$heard")" "$incident"
answers b second accepted
node_start a
await 20 "who was killed stands by" state_is a stands_by
await 20 "and follows" both_have_all
journal_sound "killed"

# --- SIGSTOP: it wakes up and does no harm -----------------------------------------------------------

kill -STOP "${node[b]}"
leader_is a 10
answers a third accepted
kill -CONT "${node[b]}"
await 20 "who was stopped stands by" state_is b stands_by
await 20 "and follows" both_have_all
journal_sound "stopped"

led=$(lead_rows)

# --- PostgreSQL gone: the leader goes on as long as the other one says so -----------------------------

postgres_signal STOP
sleep 2
same "led on by the other one's word" "$(state a)" leads
answers a island-1 accepted
relay_signal a line STOP
await 10 "without both it is held" state_is a held
answers a island-2 "rejected not_leader"
same "without a reason nobody forces" "$(on a lead --force --yes; echo $?)" 2
holds "a person's word" on a lead --force --yes --reason "B is off, I have seen it"
leader_is a 10
answers a island-2 accepted
relay_signal a line CONT
postgres_signal CONT
await 20 "PostgreSQL has it all" test_caught_up
same "it goes on leading" "$(state a)" leads
await 20 "b follows" both_have_all
same "the word stands in the journal" "$(lead_rows)" $((led + 1))
journal_sound "forced"

# --- cut off from both: another leads, and what was taken in comes in again ----------------------------

relay_signal a database STOP
relay_signal a line STOP
cut=""
for id in cut-1 cut-2 cut-3; do
	ask a "$id" 1 "cam-0${id#cut-}00"
	[ "$(jq -r .result <<<"$heard")" != accepted ] || cut+=" $id"
done
echo "accepted in the last second before the lease ran out:$cut"
leader_is b 10
answers b after accepted
relay_signal a database CONT
relay_signal a line CONT
await 20 "who was cut off stands by" state_is a stands_by
await 20 "and follows" both_have_all
for id in $cut; do
	await 20 "$id came in again" brought_in "$id"
done
await 10 "every stray row is settled" none_stray
same "a person is told of what was ordered there" "$(on b aside list | jq 'map(select(.from == "other")) | length > 0')" true
journal_sound "cut off"
same "by order, unit and incident" "$(on b aside list | jq 'map(select(.from == "other")) | all(.bytes > 0 and
	(.reason | test("O[0-9]+→[^?]") and test("incident [0-9]{4}-[0-9]{6}")))')" true

# --- they know of each other in peace, too -------------------------------------------------------------

same "the leader has heard the other one lately" "$(on b status | jq '.pair.heard_s < 5')" true
same "and that one it" "$(on a status | jq '.pair.heard_s < 5')" true

anew=$(grep -c 'lead.anew.*stray_from=[1-9]' "$dir/a/log")

# --- a person changes who leads, with all well -----------------------------------------------------------

holds "a person has a lead" on a lead --force --yes --reason "b is to be serviced"
leader_is a 10
await 20 "b stands by" state_is b stands_by
await 20 "and follows" both_have_all
same "nothing had to come in again" "$(grep -c 'lead.anew.*stray_from=[1-9]' "$dir/a/log")" "$anew"
journal_sound "serviced"

# --- a stand-by whose disk is full does not take over ----------------------------------------------------

prlimit --pid "${node[b]}" --fsize=1:unlimited
answers a full-1 accepted
sleep 1
node_kill a
sleep 4 # its log cannot say it: that is a file, too
same "b does not lead" "$(state b)" stands_by
node_start a
leader_is a 20
prlimit --pid "${node[b]}" --fsize=unlimited:unlimited
await 20 "b follows again" both_have_all
journal_sound "full"

# --- leader and database gone at once, with the stand-by behind -------------------------------------------

kill -STOP "${node[b]}"
for number in 1 2 3 4 5 6; do answers a "behind-$number" accepted; done
await 10 "they are in the database" test_caught_up
postgres_signal KILL
node_kill a
kill -CONT "${node[b]}"
await 10 "b is there" state_is b stands_by
holds "a person's word" on b lead --force --yes --reason "a and the database have no power"
leader_is b 10
answers b alone-1 accepted
holds "a call is taken" on b incident open --type fire --place 云溪河公园 --text alone --yes
postgres_start
await 30 "the alarm came in again" brought_in alone-1
await 30 "and the call" sql_is 1 "SELECT count(*) FROM dispatch.journal WHERE kind = 'open'"
await 10 "every stray row is settled" none_stray
node_start a
await 20 "a stands by" state_is a stands_by
await 20 "and follows" both_have_all
journal_sound "behind"
holds "the journal is whole" on b journal verify

done_here
