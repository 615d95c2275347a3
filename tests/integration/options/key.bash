# key.bash: the options of the commands on keys, and that no secret of one is anywhere but where it belongs. Part of test_options.sh.
# shellcheck shell=bash disable=SC2154,SC2016 # the variables of test_options.sh; a key is no expression

# key FILTER ID     of the list, ended ones too
key() { q ".[] | select(.id == \"$2\") | $1" key list --all; }

public='Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID'
until=$(time_in +3600)
device=$(q '.[0].id' device list)

# --- a public key that was made elsewhere ------------------------------------------------------------------
does '"\(.event.id) \(.event.role) \(.event.type) \(.event.who)"' "cam-key device curve $device" \
	key add cam-key --role device --who "$device" --public "$public" --until "$until"
saw "key add --public" "$(key .public cam-key)" "$public"
saw "key add --role --who --until" "$(key '"\(.role) \(.who) \(.until)"' cam-key)" "device $device $until"
saw "key add" "$(key '"\(.state) \(.by)"' cam-key)" "valid by第$turn次"
same "the journal writes it as it is typed" "$(jq -r .event.public <<<"$row")" "$public"
ctl key add cam-key --role device --who "$device" --public "$public" >"$dir/out"
same "an id twice" "$? $(jq -r .outcome "$dir/out")" "1 taken"
ctl key add other --role gateway --public "$public" >"$dir/out"
same "a public key twice" "$? $(jq -r '"\(.outcome) \(.detail | test("cam-key"))"' "$dir/out")" "1 taken true"
ctl key add other --role gateway --public "${public%?}" >"$dir/out"
same "no public key" "$? $(jq -r .error "$dir/out")" "1 invalid"
ctl key add other --role device --who nobody --public "${public//Y/Z}" >"$dir/out"
same "whose device is none" "$? $(jq -r .outcome "$dir/out")" "3 not_found"
ctl key add other --role gateway --until "$(time_in -60)" --public "${public//Y/Z}" >"$dir/out"
same "an end that is past" "$? $(jq -r .outcome "$dir/out")" "1 invalid"

# --- a token: shown once ---------------------------------------------------------------------------------------
does '"\(.event.id) \(.event.role) \(.event.type) \(.event.hash)"' "desk-1 console token null" \
	key add desk-1 --role console --who duty-1 --token
token=$(jq -r .token <<<"$reply")
saw "key add --token" "$(grep -cE '^desk-1\.[A-Za-z0-9_-]{43}$' <<<"$token") $(key '"\(.kind) \(.public)"' desk-1)" "1 token null"
same "on a screen" "$("$bin/dispatchctl" --lang zh key add desk-2 --role console --who duty-2 --token | grep -cE '^  desk-2\.[A-Za-z0-9_-]{43}$')" 1
same "tried only: none" "$(q '"\(.dry_run) \(.token)"' key add desk-3 --role console --who duty-1 --token --dry-run)" "true null"
same "not for a gateway" "$(q .outcome key add gw-3 --role gateway --token)" invalid

# --- the list, and the end -----------------------------------------------------------------------------------
saw "key list" "$(q 'map(.id) | sort | join(" ")' key list)" "cam-key desk-1 desk-2"
does '"\(.event.id) \(.event.act)"' "desk-2 revoke" key revoke desk-2
saw "key revoke" "$(key '"\(.state) \(.revoked_by) \(.revoked_reason)"' desk-2)" "revoked by第$turn次 reason第$turn次"
same "it is in the list no more" "$(q 'map(.id) | sort | join(" ")' key list)" "cam-key desk-1"
saw "key list --all" "$(q 'map(.id) | sort | join(" ")' key list --all)" "cam-key desk-1 desk-2"
ctl key revoke desk-2 --reason 再次 >"$dir/out"
same "twice" "$? $(jq -r .outcome "$dir/out")" "1 unchanged"
ctl key revoke nobody --reason x >"$dir/out"
same "one that is none" "$? $(jq -r .outcome "$dir/out")" "3 not_found"

# --- a pair, made here: of a daemon whose doors ask for keys --------------------------------------------------------
same "no pair for a daemon that asks for none" "$(ctl key add gw-0 --role gateway --generate "$dir/gw-0.key"; echo $?) $([ -e "$dir/gw-0.key" ]; echo $?)" "1 1"
kill "$DAEMON" && wait "$DAEMON"
configuration_write
sed -i '/insecure:/d' "$dir/config.yaml"
rm -f "$dir/ready"
"$bin/dispatcherd" -c "$dir/config.yaml" </dev/null >>"$dir/log" 2>&1 &
DAEMON=$!
daemon_await
server=$(q .server_key status)
does '"\(.event.id) \(.event.role) \(.event.type)"' "gw-1 gateway curve" key add gw-1 --role gateway --generate "$dir/gw-1.key"
mapfile -t pair <"$dir/gw-1.key"
secret=${pair[2]}
same "three lines of 40, for its owner alone" "${#pair[@]} ${#pair[0]} ${#pair[1]} ${#secret} $(stat -c %a "$dir/gw-1.key")" "3 40 40 40 600"
saw "key add --generate" "${pair[0]} ${pair[1]}" "$server $(key .public gw-1)"
printf '#!/bin/bash\nexec "%s" --key-file "%s" "$@"\n' "$client_program" "$dir/gw-1.key" >"$dir/gw-1" && chmod 700 "$dir/gw-1"
client_program=$dir/gw-1 client_start dealer "$ALARMS"
client_say "$client" "send $(alarm k1 cam-0601 fire.smoke)"
client_hear "$client" || bad "no answer to who has the pair"
same "it opens the door" "$(jq -r .result <<<"$heard")" accepted
same "the list has the server's" "$("$bin/dispatchctl" --lang en key list | grep -cF -e "$server")" 1
same "not over another file" "$(ctl key add gw-2 --role gateway --generate "$dir/gw-1.key"; echo $?) $(key .id gw-2)" "1 "
same "refused: no file" "$(ctl key add gw-1 --role gateway --generate "$dir/gw-2.key" >"$dir/out"; echo $?) $([ -e "$dir/gw-2.key" ]; echo $?)" "1 1"
same "tried only: no file" "$(q .dry_run key add gw-2 --role gateway --generate "$dir/gw-2.key" --dry-run) $([ -e "$dir/gw-2.key" ]; echo $?)" "true 1"

# --- no secret anywhere ------------------------------------------------------------------------------------------
get "/v1/journal?from=1&limit=100000" >"$dir/journal"
same "not in the journal's words" "$(grep -cF -e "${token#*.}" -e argon2id -e "$secret" "$dir/journal")" 0
same "not in the daemon's words, its log, its files" "$(grep -rlF -e "${token#*.}" -e "$secret" "$dir/log" "$dir/data" | grep -c .)" 0
await 20 "the tables catch up" tables_caught_up
pg_dump --exclude-table-data='dispatch.journal*' dispatch >"$dir/tables"
same "not in the tables" "$(grep -cF cam-0417 "$dir/tables" | awk '{ print ($1 > 0) }') $(grep -cF -e "${token#*.}" -e argon2id -e "$secret" "$dir/tables")" "1 0"
