# play.bash: how the night is played: phases without waiting, what the officer types, what is looked at. Sourced, not run.
# shellcheck shell=bash
# shellcheck disable=SC1010,SC2034,SC2154,SC2317 # `done` is an answer here; set and read by daemon.bash; called by await

officer=韩雪涛        # duty-1, until the shift is handed over
other=吴文波          # duty-4, who sleeps next door
export DISPATCH_BY=$officer
answer=$dir/answer    # what the console said last

chinese='.. | objects | to_entries[] | select(.key | endswith("_zh")) | .value | if type == "array" then .[] else . end | strings'

# Commands are taken from persons of the town alone; somebody must be seen at the desk every two hours.
# shellcheck disable=SC2034 # read by configuration_write
more="rules: { named: true, presence_s: 7200, bell_s: 300, bell_rings: 2 }"

# The plans are the town's own, but nobody may be late because the machine is slow: only the leaps between phases make late.
plans_copy() {
	playbooks=$dir/playbooks
	cp -r "$root/playbooks" "$playbooks" || exit 1
	sed -i -E '/^deadlines:/s/answer_s: [0-9]+/answer_s: 1800/' "$playbooks"/*.yaml
}

# The daemon's local time is $1 (18:00, or next day's 01:15) from now on; $2 KILL: it is killed before, not asked to end.
night_goes_to() {
	local day=2026-07-01
	[[ $1 > 12:00 ]] || day=2026-07-02
	if [ -n "$DAEMON" ]; then
		if [ "${2-}" = KILL ]; then
			daemon_kill
		else
			kill -TERM "$DAEMON"
			wait "$DAEMON" || bad "the daemon's end before $1: $?"
		fi
	fi
	clock="{ start: \"$(date -u -d "$day $1 +0800" +%Y-%m-%dT%H:%M:%SZ)\" }"
	daemon_start
	phase=$1
	same "it is $1" "$(TZ=Asia/Shanghai date -d "$(now)" +%H:%M)" "$1"
}

# types COMMAND…     the officer does it, and it is done
types() {
	checks=$((checks + 1))
	ctl "$@" >"$answer" || bad "$phase $*: $(cat "$dir/said")"
	jq -r "$chinese" "$answer" >>"$dir/spoken" 2>/dev/null # what the answer says in Chinese is read in the morning
}

# says COMMAND…     what the officer's screen shows, in Chinese
says() {
	"$bin/dispatchctl" --lang zh "$@" >"$answer" 2>"$dir/said" || bad "$phase $*: $(cat "$dir/said")"
}

# refused EXIT WORDS COMMAND…     the console says no, with WORDS (a pattern) in Chinese
refused() {
	local code=$1 words=$2 got
	shift 2
	"$bin/dispatchctl" --lang zh "$@" >"$answer" 2>"$dir/said"
	got=$?
	same "$phase $*: exit" "$got" "$code"
	checks=$((checks + 1))
	grep -qE -- "$words" "$dir/said" || bad "$phase $*: does not say '$words': $(cat "$dir/said")"
}

# opens NAME ARGUMENT…     an incident by hand; its number is in of[NAME]
declare -A of
opens() {
	local name=$1
	shift
	types incident open "$@"
	of[$name]=$(jq -r .incident "$answer")
	[[ ${of[$name]} == 2026-* ]] || bad "$phase: no case for $name"
}

# alarmed NAME ID SOURCE TYPE [JQ]     an alarm that opens or joins the case NAME
alarmed() {
	local name=$1
	shift
	alarm "$@" | send >"$answer"
	of[$name]=$(jq -r .incident "$answer")
	same "$phase: alarm $1 is taken" "$(jq -r .result "$answer")" accepted
}

# what NAME FILTER     of that incident's story
what() {
	q "$2" incident show "${of[$1]}"
}

state() {
	what "$1" .state
}

# Live orders of NAME: prints "ORDER TARGET WHO" a line; $2 narrows it, in jq.
orders_of() {
	what "$1" ".orders[] | select(.state | IN(\"issued\", \"delivered\", \"accepted\", \"en_route\", \"arrived\")) | ${2:-.} |
		\"\(.id) \(.target) \(.who)\""
}

# The live order of NAME for skill $2; prints "ORDER UNIT".
sent_for() {
	what "$1" "(.needs | map({key: .id, value: .skills}) | from_entries) as \$skills | [.orders[] | select(.need != null
		and (\$skills[.need] | index(\"$2\")) != null and (.state | IN(\"issued\", \"delivered\", \"accepted\", \"en_route\", \"arrived\")))][0] |
		\"\(.id) \(.who)\""
}

# Everybody who must be told of an order for NAME is telephoned and accepts.
all_accept() {
	local order target who
	while read -r order target who; do
		types order answer "$order" accept --by "$who" --channel phone
	done < <(orders_of "$1" 'select(.state == "issued" or .state == "delivered")')
}

# Everybody sent to NAME gets there.
all_arrive() {
	local order target who
	while read -r order target who; do
		types order answer "$order" arrived --by "$who" --channel radio
	done < <(orders_of "$1" 'select(.target == "unit" and .state != "arrived")')
}

# Everybody at NAME gets there and is done; then what is left of the orders is over.
all_done() {
	local order target who
	while read -r order target who; do
		[ "$target" = unit ] || continue
		case $(q .state order show "$order") in
		issued | delivered | accepted | en_route) types order answer "$order" arrived --by "$who" --channel radio ;;
		arrived) ;;
		*) continue ;; # the crews are done: what is left is called back
		esac
		types order answer "$order" done --by "$who" --channel radio
	done < <(orders_of "$1")
}

# stock_of DEPOT ITEM: prints "ON_HAND RESERVED"
stock_of() {
	q ".[] | select(.depot == \"$1\" and .item == \"$2\") | \"\(.on_hand) \(.reserved)\"" stock list
}

# The keepers say what they handed out for NAME.
depots_load() {
	local order target who
	while read -r order target who; do
		types order answer "$order" done --by "$who" --channel phone
	done < <(orders_of "$1" 'select(.target == "depot")')
}

# Everybody whom NAME (none: the town itself) wants to be called is called, and answers.
calls_answered() {
	local task
	for task in $(q ".[] | select((.incident // \"\") == \"${of[${1:-nothing}]-}\") | .id" task list); do
		[ "$(q ".[] | select(.id == \"$task\") | .state" task list)" = "" ] || types task done "$task" --note 已告知
	done
}

# recall_all NAME REASON
recall_all() {
	local order target who
	while read -r order target who; do
		types order recall "$order" --reason "$2"
	done < <(orders_of "$1")
}

# clock_of NAME KIND
clock_of() {
	what "$1" ".deadlines[] | select(.kind == \"$2\") | .state"
}

# Nobody must be called any more.
no_calls() {
	same "$phase: no call is left" "$(q 'map("\(.id) \(.name) \(.order) \(.notice) \(.incident)") | join(", ")' task list)" ""
}

# What the desk is still told of NAME.
alerts_of() {
	q ".[] | select(.incident == \"${of[$1]}\") | .causes | join(\" \")" alert list
}
