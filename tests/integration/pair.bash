# pair.bash: two daemons on one PostgreSQL, each behind relays that can be cut. Sourced by scripts, after daemon.bash.
# shellcheck shell=bash disable=SC2154,SC2034,SC2317 # dir, bin, root, town … are daemon.bash's; what is set is read by the scripts

relay=$bin/tests/integration/client/relay
if [ "$relay" -ot "$root/tests/integration/client/relay.c" ]; then
	flock "$bin" make -s -C "$root" BUILD="${BUILD:-build}" "${BUILD:-build}/tests/integration/client/relay" || exit 1
fi
declare -A node relay_of door

other() {
	[ "$1" = a ] && echo b || echo a
}

# relay_start NODE database|line     what leads from the node to PostgreSQL, or to the other node
relay_start() {
	local from to
	case $2 in
	database) from=$dir/$1/pg/.s.PGSQL.$PGPORT to=$PGHOST/.s.PGSQL.$PGPORT ;;
	line) from=$dir/$1/peer to=$dir/$(other "$1")/pair ;;
	esac
	"$relay" "$from" "$to" &
	relay_of[$1.$2]=$!
	helpers+=($!)
}

# relay_signal NODE database|line STOP|CONT
relay_signal() {
	kill "-$3" "${relay_of[$1.$2]}"
}

node_prepare() {
	local n=$1
	mkdir -p "$dir/$n/data" "$dir/$n/pg"
	cat >"$dir/$n/config.yaml" <<-END
		town: "$town"
		playbooks: "$playbooks"
		data: "$dir/$n/data"
		ready_file: "$dir/$n/ready"
		postgres:
		  conninfo: "host=$dir/$n/pg port=$PGPORT dbname=dispatch user=dispatch"
		  migrate_conninfo: "host=$dir/$n/pg port=$PGPORT dbname=dispatch user=dispatch_owner"
		  migrations: "$root/schemas/sql"
		listen:
		  alarms: "ipc://$dir/$n/alarms"
		  units: "ipc://$dir/$n/units"
		  feed: "ipc://$dir/$n/feed"
		  http: "unix:$dir/$n/http"
		pair:
		  name: "$n"
		  listen: "ipc://$dir/$n/pair"
		  peer: "ipc://$dir/$n/peer"
		$more
	END
	relay_start "$n" database
	relay_start "$n" line
}

# Its ready file is there as soon as it listens, whether it leads or not.
node_start() {
	local n=$1
	rm -f "$dir/$n/ready"
	"$bin/dispatcherd" -c "$dir/$n/config.yaml" </dev/null >>"$dir/$n/log" 2>&1 &
	node[$n]=$!
	helpers+=($!)
	await 30 "$n listens" test -e "$dir/$n/ready"
}

node_kill() {
	kill -KILL "${node[$1]}" || bad "$1 had ended by itself"
	wait "${node[$1]}" 2>/dev/null
}

# on NODE COMMAND…     the console there
on() {
	local n=$1
	shift
	DISPATCH_SERVER=unix:$dir/$n/http "$bin/dispatchctl" --json --lang en "$@" 2>"$dir/said"
}

# state NODE     leads, stands_by, takes, held, lost; nothing: it does not answer
state() {
	on "$1" status | jq -r .pair.state
}

state_is() {
	[ "$(state "$1")" = "$2" ]
}

# leader_is NODE SECONDS     it leads within that; says after how long
leader_is() {
	local from_ms=${EPOCHREALTIME/./}
	await "$2" "$1 leads" state_is "$1" leads
	took_ms=$(((${EPOCHREALTIME/./} - from_ms) / 1000))
}

# Both have all rows of the one that leads.
both_have_all() {
	[ "$(on a status | jq .seq)" = "$(on b status | jq .seq)" ]
}

# What must hold in the journal, whoever has written it.
journal_sound() {
	same "$1: rows of an epoch behind those of a later one" "$(sql -c "SELECT count(*) FROM (SELECT epoch <
		lag(epoch) OVER (ORDER BY seq) AS back FROM dispatch.journal) j WHERE back")" 0
	same "$1: rows that do not follow the row before" "$(sql -c "SELECT count(*) FROM (SELECT prev_hash <>
		lag(hash) OVER (ORDER BY seq) OR seq <> lag(seq) OVER (ORDER BY seq) + 1 AS torn FROM dispatch.journal) j
		WHERE torn")" 0
}

# ask NODE ID [SECONDS [SOURCE]]     one alarm to its door; leaves the reply in heard. Nothing is repeated.
ask() {
	if [ -z "${door[$1]:-}" ]; then
		client_start dealer "ipc://$dir/$1/alarms"
		door[$1]=$client
	fi
	client_say "${door[$1]}" "send $(jq -cn --arg id "$2" --arg source "${4:-cam-0001}" --arg time "$(date -u +%Y-%m-%dT%H:%M:%S.%3NZ)" '{specversion: "1.0",
		id: $id, source: $source, type: "alarm.water.person_near", time: $time, data: {state: "raised", confidence: 0.9}}')"
	# What is said late of an earlier one is not its reply.
	while client_hear "${door[$1]}" "${3:-10}"; do
		[ "$(jq -r .id <<<"$heard" 2>/dev/null)" != "$2" ] || return 0
	done
	heard="{}"
	return 1
}

# answers NODE ID WANTED     its result, and why
answers() {
	ask "$1" "$2"
	same "$1 to the alarm $2" "$(jq -r '.result + (if .reason then " " + .reason else "" end)' <<<"$heard")" "$3"
}
