#!/bin/bash
# A response level through the daemon: more people than a row holds are told, each once; several calls are done with one line; what was answered
# is kept over a restart; who has heard of the level hears that it is over.
# shellcheck disable=SC2317 # functions are called by await
# shellcheck source=tests/integration/daemon.bash
. "$(dirname "$0")/daemon.bash"
postgres_start
# shellcheck disable=SC2034 # read by configuration_write
more='response: { IV: { notify: [grid_head, grid_member] } }'
daemon_start

head_listens

# --- everybody of the roles, once ----------------------------------------------------------------------
wanted=$(q '[.[] | select(.roles | index("grid_head") or index("grid_member"))] | length' people list)
holds "more than a row holds" test "$wanted" -gt 200
holds "a response level" ctl response set IV --reason 汛情
told() {
	[ "$(q 'map(select(.response_level == "IV")) | length' notice list)" = "$wanted" ]
}
await 30 "all are told" told
same "each once" "$(q 'map(.person) | unique | length' notice list)" "$wanted"
same "by telephone, but for the one terminal" "$(q length task list)" $((wanted - 1))
heard() { # WORDS
	grep -q "\"title\":\"$1" "$dir/client.$terminal.out"
}
await 30 "the terminal shows it" heard Ⅳ级

# --- several calls with one line ------------------------------------------------------------------------
mapfile -t calls < <(q '.[0:3] | .[].id' task list)
same "three taken" "$(q 'map(.error) | unique | tojson' task take "${calls[@]}")" "[null]"
same "taken" "$(q 'map(select(.state == "taken").id) | sort | join(" ")' task list)" "$(printf '%s\n' "${calls[@]}" | sort | xargs)"
ctl task "done" "${calls[0]}" T999999 "${calls[1]}" >"$dir/several"
same "one of them is none" "$?" 1
same "each is answered for itself" "$(jq -r '[.[].result] | join(" ")' "$dir/several")" "ok not_found ok"
same "which one is said" "$(grep -c 'T999999: this call stays as it was' "$dir/said")" 1
same "one alone keeps its code" "$(ctl task "done" T999999 >/dev/null; echo $?)" 3
same "two are done" "$(q 'map(select(.response_level == "IV")) | length' notice list --state answered)" 2

# --- a restart, and the end -----------------------------------------------------------------------------
daemon_kill
daemon_start
same "what was answered is kept" "$(q 'map(select(.response_level == "IV")) | length' notice list --state answered)" 2
same "and the others wait" "$(q 'map(select(.response_level == "IV")) | length' notice list)" $((wanted - 2))
holds "the terminal is back" client_say "$terminal" "send {\"kind\":\"hello\",\"unit\":\"$unit\"}"
linked() { [ "$(q .link unit show "$unit")" = true ]; }
await 30 "linked" linked
holds "the level is over" ctl response set clear --reason 雨停
ended() {
	[ "$(q 'map(select(.response_over == null)) | length' notice list)" = 0 ]
}
await 30 "nobody is called for it any more" ended
# two have answered, the third was on the telephone, the terminal had shown it
same "who has heard hears that it is over" "$(q 'map(select(.response_over == "IV")) | length' notice list)" 4
same "three by telephone" "$(q '[.[] | select(.text | test("IS OVER"))] | length' task list)" 3
same "and no other call" "$(q length task list)" 3
await 30 "the terminal shows it" heard Ⅳ级应急响应已终止
mapfile -t calls < <(q '.[].id' task list)
same "all told with one line" "$(q 'map(.result) | unique | join(" ")' task "done" "${calls[@]}")" ok
same "nothing is left" "$(q length task list)" 0
done_here
