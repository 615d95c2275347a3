#!/bin/bash
# test_pair: two daemons of one town: who stands by, a leader that is killed, stopped, cut off, alone; and what is brought in again.
# shellcheck source=daemon.bash
. "$(dirname "$0")/daemon.bash"
# shellcheck source=pair.bash
. "$(dirname "$0")/pair.bash"
# shellcheck disable=SC2154 # took_ms is set by leader_is

result() {
	jq -r '.result + (if .reason then " " + .reason else "" end)'
}

test_caught_up() {
	[ "$(on a status | jq '.seq == .journal_seq')" = true ]
}

brought_in() {
	[ "$(sql -c "SELECT count(*) FROM dispatch.alarm WHERE id = '$1'")" = 1 ]
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

give_up=2
same "an alarm to who stands by" "$(alarms_to b standby-1 | head -1 | result)" "rejected not_leader"
same "an alarm to the leader" "$(alarms_to a first | result)" accepted
same "a command to who stands by" "$(on b release confirm --yes; echo $?)" 1
holds "says why" grep -q not_leader "$dir/said"
holds "shows what is there all the same" on b incident list
await 5 "b follows the alarm" both_have_all
same "b knows the incident" "$(on b incident list --all | jq length)" "$(on a incident list --all | jq length)"
incident=$(alarms_to a first | jq -r .incident)

# --- kill -9 ---------------------------------------------------------------------------------------

node_kill a
leader_is b 10
echo "taken over $took_ms ms after kill -9"
same "a repeat at the new leader" "$(alarms_to b first | result)" duplicate
same "of the same incident" "$(alarms_to b first | jq -r .incident)" "$incident"
same "a new one" "$(alarms_to b second | result)" accepted
node_start a
await 20 "who was killed stands by" state_is a stands_by
await 20 "and follows" both_have_all
journal_sound "killed"

# --- SIGSTOP: it wakes up and does no harm -----------------------------------------------------------

kill -STOP "${node[b]}"
leader_is a 10
same "the other one takes alarms" "$(alarms_to a third | result)" accepted
kill -CONT "${node[b]}"
await 20 "who was stopped stands by" state_is b stands_by
await 20 "and follows" both_have_all
journal_sound "stopped"

# --- PostgreSQL gone: the leader goes on as long as the other one says so -----------------------------

postgres_signal STOP
sleep 2
same "led on by the other one's word" "$(state a)" leads
same "an alarm on the island" "$(alarms_to a island-1 | result)" accepted
relay_signal a line STOP
await 10 "without both it is held" state_is a held
same "nothing is taken" "$(alarms_to a island-2 | head -1 | result)" "rejected not_leader"
same "without a reason nobody forces" "$(on a lead --force --yes; echo $?)" 2
holds "a person's word" on a lead --force --yes --reason "B is off, I have seen it"
leader_is a 10
same "on from here" "$(alarms_to a island-2 | result)" accepted
relay_signal a line CONT
postgres_signal CONT
await 20 "PostgreSQL has it all" test_caught_up
same "it goes on leading" "$(state a)" leads
await 20 "b follows" both_have_all
same "the word stands in the journal" "$(sql -c "SELECT count(*) FROM dispatch.journal WHERE kind = 'lead' AND seq >
	(SELECT max(seq) - 20 FROM dispatch.journal)")" 1
journal_sound "forced"

# --- cut off from both: another leads, and what was taken in comes in again ----------------------------

relay_signal a database STOP
relay_signal a line STOP
cut=$(alarms_to a cut-1 cut-2 cut-3 | result | sort | uniq -c | tr -s ' ')
echo "said in the last second before the lease ran out:$cut"
leader_is b 10
same "the new leader takes alarms" "$(alarms_to b after | result)" accepted
relay_signal a database CONT
relay_signal a line CONT
await 20 "who was cut off stands by" state_is a stands_by
await 20 "and follows" both_have_all
for id in cut-1 cut-2 cut-3; do
	[[ $cut = *accepted* ]] || continue
	await 20 "$id came in again" brought_in "$id"
done
await 10 "every stray row is settled" none_stray
journal_sound "cut off"
holds "the journal is whole" on b journal verify

done_here
