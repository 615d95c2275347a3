#!/bin/bash
# Every option of every console command is used, and its effect looked at; which options there are is asked of the program itself.
# shellcheck disable=SC1090,SC1091,SC2034,SC2317 # parts are sourced by their names and call what stands here; read by daemon.bash
# shellcheck source=tests/integration/daemon.bash
. "$(dirname "$0")/daemon.bash"

# A part of options/ calls `does` for what changes something and `saw` for what was looked at. A pair "COMMAND --option"
# is shown when a console call that succeeded has used it and a check that names it has passed. At the end the program's
# own list is gone through.
: >"$dir/used"
: >"$dir/seen"
declare -A options # of each command, parted by blanks, a blank at both ends

options_ask() {
	local command usage word list
	while IFS=$'\t' read -r command usage; do
		list=" "
		for word in $usage; do
			word=${word#[}
			word=${word%%[].…]*}
			[[ $word != -* ]] || list+="$word "
		done
		options[$command]=$list
	done < <("$bin/dispatchctl" --json --lang en help | jq -r '.[] | "\(.command)\t\(.usage)"')
}

# The command that these words begin with, in command, and how many words it has, in taken.
command_of() {
	for taken in 3 2 1; do
		command="${*:1:taken}"
		[ -z "${options[$command]-}" ] || return 0
	done
	return 1
}

# Notes which options of its command a call has given.
used_note() {
	local command taken word name
	command_of "$@" || return 0
	echo "$command" >>"$dir/used"
	for word in "${@:taken+1}"; do
		name=${word%%=*}
		[[ ${options[$command]} != *" $name "* ]] || echo "$command $name" >>"$dir/used"
	done
}

# The console, as in daemon.bash; what succeeds is noted.
ctl() {
	"$bin/dispatchctl" --json --lang en "$@" 2>"$dir/said" || return $?
	used_note "$@"
}

pair_seen() {
	grep -qxF -- "$1" "$dir/used" || bad "$1: no call has used it"
	echo "$1" >>"$dir/seen"
}

# saw "COMMAND [--option…]" GOT WANTED
saw() {
	local command taken word
	checks=$((checks + 1))
	# shellcheck disable=SC2086 # words
	command_of $1 || die "there is no command $1"
	if [ "$2" != "$3" ]; then
		bad "$1: got '$2', wanted '$3'"
		return
	fi
	pair_seen "$command"
	for word in ${1#"$command"}; do
		[[ ${options[$command]} == *" $word "* ]] || die "$command has no option $word"
		pair_seen "$command $word"
	done
}

# does FILTER WANTED COMMAND…     a change, signed by somebody over the radio with a reason of its own: its row in the journal
# says so, and FILTER of the row gives WANTED. Leaves the reply in $reply, the row in $row.
turn=0
does() {
	local filter=$1 wanted=$2 command taken more=() option key
	declare -A text=()
	shift 2
	turn=$((turn + 1))
	command_of "$@" || die "there is no command: $*"
	for option in --by --reason --note; do
		[[ ${options[$command]} == *" $option "* && " $* " != *" $option "* && $command != "incident note" ]] || continue
		text[$option]=${option#--}第$turn次
		more+=("$option" "${text[$option]}")
	done
	[[ ${options[$command]} != *" --channel "* || " $* " == *" --channel "* ]] || more+=(--channel radio)
	[[ ${options[$command]} != *" --dry-run "* ]] || tried "$command" "$@" "${more[@]}"
	if ! reply=$(ctl "$@" "${more[@]}"); then
		bad "$* ${more[*]}: $(cat "$dir/said")"
		return
	fi
	row=$(get "/v1/journal?from=$(jq .seq <<<"$reply")&limit=1" | head -n 1)
	same "$*: in the journal" "$(jq -r "$filter" <<<"$row")" "$wanted"
	echo "$command" >>"$dir/seen"
	for option in "${!text[@]}"; do
		key=.event.${option#--}
		[ "$option" != --by ] || key=.by
		saw "$command $option" "$(jq -r "$key" <<<"$row")" "${text[$option]}"
	done
	[[ " ${more[*]} " != *" --channel "* ]] || saw "$command --channel" "$(jq -r .channel <<<"$row")" radio
}

# tried COMMAND WORD…     --dry-run says what it would do, and no row is written
tried() {
	local command=$1 would
	shift
	would=$(ctl "${@/#by第*次/试第$turn次}" --dry-run)
	saw "$command --dry-run" "$(jq -r .dry_run <<<"$would") $(get "/v1/journal?from=$(jq .seq <<<"$would")&limit=100" | grep -c "试第$turn次")" "true 0"
}

# On a terminal, what is asked is answered with ANSWER; prints what the screen has.
# on_terminal ANSWER WORD…
on_terminal() {
	local answer=$1
	shift
	printf '%s\n' "$answer" | timeout 10 script -qec "$(printf '%q ' "$bin/dispatchctl" --lang en "$@")" /dev/null
}

opened() {
	alarm "$@" | send | jq -r .incident
}

cp -R "$town" "$dir/town"
cp -R "$playbooks" "$dir/playbooks"
town=$dir/town
playbooks=$dir/playbooks
postgres_start
daemon_start
fixed_now=$(now)
options_ask
[ "${#options[@]}" -ge 50 ] || die "the list of commands is not read"
for part in tests/integration/options/*.bash; do . "$part"; done

# --- nothing is left out ---------------------------------------------------------------------------
for command in "${!options[@]}"; do
	for option in "" ${options[$command]}; do
		checks=$((checks + 1))
		grep -qxF -- "$command${option:+ $option}" "$dir/seen" || bad "no check sees the effect of: $command $option"
	done
done
await 20 "the tables catch up" tables_caught_up
same "no row was set aside" "$(sql -c "SELECT row_to_json(q) FROM dispatch.quarantine q WHERE settled IS NULL")" ""
done_here
