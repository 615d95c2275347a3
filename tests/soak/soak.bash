# soak.bash: what the parts of `make soak` share: the daemon with fault points, players, crews, and the checker outside. Sourced.
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154,SC2317 # read by, and set in, daemon.bash; called by await
# shellcheck source=tests/integration/daemon.bash
. "$(dirname "${BASH_SOURCE[0]}")/../integration/daemon.bash"
limits="{ identities: 1500000, incidents: 20000 }"
point="" point_times=1  # SOAK_POINT and SOAK_TIMES of the next daemon
player="" crews="" stretch=0 acknowledged=0
lost=0 double=0 negative=0 broken=0

[ -x "$bin/soak/dispatcherd" ] && [ -x "$bin/soak/peers" ] ||
	flock "$bin" make -s BUILD="${BUILD:-build}" "${BUILD:-build}/soak/dispatcherd" "${BUILD:-build}/soak/peers" || exit 1

daemon_begin() {
	configuration_write
	rm -f "$dir/ready" "$dir/fired"
	mkdir -p "$dir/data"
	SOAK_POINT=$point SOAK_TIMES=$point_times SOAK_COUNTS=$dir/counts SOAK_FIRED=$dir/fired \
		SOAK_DATABASE=$(head -n 1 "$dir/pg/location")/postmaster.pid \
		"$bin/soak/dispatcherd" -c "$dir/config.yaml" </dev/null >>"$dir/log" 2>&1 &
	DAEMON=$!
}

daemon_gone() {
	! kill -0 "$DAEMON" 2>/dev/null
}

# For whoever watches it: SOAK_VERBOSE=1.
note() {
	[ -z "${SOAK_VERBOSE-}" ] || printf '    %s %s\n' "$(date -u +%T.%2N)" "$*"
}

# A new database and a new folder of data: nothing of before.
world_anew() {
	psql -X -q -U postgres -d postgres -c "DROP DATABASE IF EXISTS dispatch WITH (FORCE)" \
		-c "CREATE DATABASE dispatch OWNER dispatch_owner" || die "no new database"
	rm -rf "$dir/data" "$dir/replies".* "$dir/notes"
	stretch=0
}

# Until it answers: it may be killed while it starts.
database_start() {
	local tries
	for tries in 1 2 3 4 5 6; do
		"$root/ops/private-postgres" start "$dir/pg" >>"$dir/pg.said" 2>&1 && return 0
	done
	die "PostgreSQL does not come back ($tries tries): $(tail -n 3 "$dir/pg.said")"
}

database_gone() {
	local server
	server=$(head -n 1 "$(head -n 1 "$dir/pg/location")/postmaster.pid" 2>/dev/null) && ! kill -0 "$server" 2>/dev/null
}

# --- players and crews -----------------------------------------------------------------------------

# alarms_write COUNT RATE     alarms of many cameras to $dir/alarms, RATE a second; 1 in 11 repeats one, 1 in 25 calls crews
alarms_write() {
	stretch=$((stretch + 1))
	awk -v count="$1" -v rate="$2" -v name="$(printf '%s%d' "$(printf %s "$$" | tr 0-9 a-j)" "$stretch")" '
		BEGIN {
			quiet = split("crop.pest site.dust site.no_helmet fire.straw_burning", calm, " ")
			loud = split("medical.help fire.smoke manhole.moved gas.leak", stir, " ")
			for (i = 0; i < count; i++) {
				n = i % 11 == 10 ? i - 3 : i
				camera = n * 7 % 1051 + 1
				type = n % 25 == 0 ? stir[int(n / 25) % loud + 1] : calm[n % quiet + 1]
				printf "{\"after_s\":%.4f,\"id\":\"soak-%s-%dz\",\"source\":\"cam-%04d\",\"type\":\"alarm.%s\",", i / rate, name, n, camera, type
				printf "\"data\":{\"state\":\"raised\",\"confidence\":0.95}}\n"
			}
		}' >"$dir/alarms"
}

# player_start COUNT RATE [WINDOW]     sends until all is answered; its notes are $dir/replies.<stretch>
player_start() {
	alarms_write "$1" "$2"
	"$bin/alarm-player" --endpoint "$ALARMS" --relative --connections 4 --window "${3:-64}" --resend 0.4 --give-up 60 --quiet \
		--log "$dir/replies.$stretch" "$dir/alarms" >"$dir/player" 2>&1 &
	player=$!
	helpers+=("$player")
}

player_done() {
	! kill -0 "$player" 2>/dev/null
}

# What the player says in the end; a sender that got no answer, or another one than accepted or duplicate, is a fault.
player_end() {
	[ -n "$player" ] || return 0
	wait "$player" || bad "the sender got no answer to some: $(cat "$dir/player")"
	helpers=("${helpers[@]/$player/}")
	player=""
	acknowledged=$((acknowledged + $(jq -r '.results | (.accepted // 0) + (.duplicate // 0)' "$dir/player")))
	[ "$(jq -r '.results | del(.accepted, .duplicate) | length' "$dir/player")" = 0 ] || bad "other answers: $(cat "$dir/player")"
}

# Crews with terminals and the depots obey at once, and note each order that they take up.
crews_start() {
	awk -F, 'NR > 1 && $NF == "yes" { print "unit " $1 " good:1" }' "$town/units.csv" >"$dir/crews"
	awk -F, 'NR > 1 { print "depot " $1 " depot:1" }' "$town/depots.csv" >>"$dir/crews"
	"$bin/unit-terminal" --connect "$UNITS" --terminals "$dir/crews" --rate 100 --speed-factor 1000 \
		</dev/null >>"$dir/notes" 2>>"$dir/crews.said" &
	crews=$!
	helpers+=("$crews")
}

crews_end() {
	[ -n "$crews" ] || return 0
	kill -TERM "$crews"
	wait "$crews"
	helpers=("${helpers[@]/$crews/}")
	crews=""
}

# --- the checker: PostgreSQL's tables against the notes of those outside -----------------------------

# schema: whose tables are looked at. Adds to lost, double, negative and broken; says what.
schema=dispatch
promises_check() {
	local found kind count said
	cat "$dir"/replies.* 2>/dev/null | jq -r 'select(.result == "accepted" or .result == "duplicate") |
		[.source, .id, .incident // "", (if .result == "accepted" then .seq else 0 end)] | @tsv' >"$dir/told"
	awk '$2 == "派遣" { print $1 "\t" $3 }' "$dir/notes" 2>/dev/null >"$dir/obeyed"
	awk -F, 'NR > 1 { print $1 "\t" $2 "\t" $4 }' "$town/stock.csv" >"$dir/shelf"
	found=$({
		echo "CREATE TEMP TABLE told (source text, id text, incident text, seq bigint);"
		echo "CREATE TEMP TABLE obeyed (target text, id text);"
		echo "CREATE TEMP TABLE shelf (depot text, item text, quantity bigint);"
		for kind in told obeyed shelf; do echo "\\copy $kind FROM '$dir/$kind'"; done
		for kind in journal alarm order_ stock supply; do echo "\\set $kind $schema.$kind"; done
		cat "$root/tests/soak/promises.sql"
	} | sql -U dispatch_owner -F ' ' 2>"$dir/said") || die "the checker: $(head -n 3 "$dir/said")"
	[ "$(wc -l <<<"$found")" -eq 10 ] || die "the checker answers ${found:-nothing}"
	while read -r kind count said; do
		[ "$count" = 0 ] || echo "VIOLATION $kind: $count $said"
		printf -v "$kind" %d $((${!kind} + count))
	done <<<"$found"
}

journal_check() {
	ctl journal verify >"$dir/verified" || {
		broken=$((broken + 1))
		echo "VIOLATION journal verify: $(head -c 300 "$dir/verified")$(head -n 2 "$dir/said")"
	}
}

# Everything at rest, then all promises. The daemon runs, and so does PostgreSQL.
rest_and_check() {
	note "the sender comes to its end"
	player_end
	note "the tables catch up"
	await "${1:-120}" "normal, and the tables have caught up" tables_caught_up || tail -n 5 "$dir/log"
	crews_end
	await 30 "the tables have caught up again" tables_caught_up
	note "checks"
	promises_check
	journal_check
	note "checked"
}

# --- lives: a daemon that meets a point, one after the other; a batch of them has one database ------------

life_ms=2500 # a point that is not reached in this time is left
rate=1500    # alarms a second, and how many one sender sends
stretch_alarms=6000
lives=0 unreached=0 refused=0 crashed=0 panics=0 starter=""

# A daemon may be killed, or end by its own will: with a panic where memory is refused to it. Anything else is a crash.
crash_check() {
	case $1 in
	137 | 143) return 0 ;;
	134) [[ $2 != *:enomem ]] || {
		panics=$((panics + 1))
		return 0
	} ;;
	esac
	[ "$1" -gt 128 ] || return 0
	crashed=$((crashed + 1))
	echo "VIOLATION crashed: exit $1 at $2"
	tail -n 8 "$dir/log"
}

# Sees to it that somebody sends.
sending() {
	[ -z "$player" ] || ! player_done || player_end
	[ -n "$player" ] || player_start "${1:-$stretch_alarms}" "${2:-$rate}" "${3:-}"
}

database_back() {
	[ -z "$starter" ] || wait "$starter"
	starter=""
	! database_gone || database_start
}

# A daemon that does not come up has met its point on the way: that is a life, too.
daemon_comes() {
	until [ -e "$dir/ready" ]; do
		daemon_gone && return 1
		[ ! -e "$dir/fired" ] || return 0
		sleep 0.02
	done
}

# counts_read     sets count[STEP:WHEN] to how often each step was called in the life before
steps=(receive decide apply append commit write sync name rename snapshot submit seal flush result released release answer memory)
declare -A count
counts_read() {
	local value at=0
	for value in $(od -An -v -t u8 -w16 "$dir/counts"); do
		if ((at % 2)); then count[${steps[at / 2]}:after]=$value; else count[${steps[at / 2]}:before]=$value; fi
		at=$((at + 1))
	done
}

# One life: a daemon that meets $1 (STEP:N:WHEN:WHAT), or is killed when it has not.
life() {
	local until_ms what=${1##*:}
	note "$1"
	point=$1
	lives=$((lives + 1))
	daemon_begin
	if daemon_comes; then
		[ ! -e "$dir/ready" ] || sending
	else
		refused=$((refused + 1))
	fi
	until_ms=$((${EPOCHREALTIME/./} / 1000 + life_ms))
	until daemon_gone || [ -e "$dir/fired" ] || [ $((${EPOCHREALTIME/./} / 1000)) -gt "$until_ms" ]; do sleep 0.01; done
	[ -e "$dir/fired" ] || {
		unreached=$((unreached + 1))
		note "not reached: $1"
	}
	if [ "$what" = stop ]; then # longer than PostgreSQL may be silent, and than a sender waits
		sleep 0.6
		kill -CONT "$DAEMON" 2>/dev/null
		sleep 0.3
	elif [ "$what" = database ]; then
		sleep 0.$((RANDOM % 5)) # an island for a while
	elif [[ $what = e* ]]; then
		sleep 0.7 # it goes on with what it has, or ends by its own will
	fi
	kill -KILL "$DAEMON" 2>/dev/null
	wait "$DAEMON" 2>/dev/null
	crash_check $? "$1"
	if [ "$what" = database ] || [ "$what" = both ]; then
		[ -z "$starter" ] || wait "$starter"
		database_start & # the next daemon begins before PostgreSQL, or after it
		starter=$!
		((RANDOM % 2)) || database_back
	fi
	point=""
}

# Everything at rest and checked; the next batch begins with nothing.
batch_end() {
	local before=$((lost + double + negative + broken)) points_of=$1
	database_back
	point="" point_times=1
	daemon_start
	rest_and_check 240
	[ $((lost + double + negative + broken)) -eq "$before" ] || {
		echo "VIOLATION in the lives $points_of"
		verdict
	}
	daemon_kill
}

batch_begin() {
	point="" point_times=1
	world_anew
	daemon_start
	crews_start
	player_start "$stretch_alarms" "$rate"
}

verdict() {
	[ "$failures" -eq 0 ] && [ $((lost + double + negative + broken + crashed)) -eq 0 ] && exit 0
	echo "the daemon's last words:"
	tail -n 15 "$dir/log"
	exit 1
}

# The number of which half are not larger, of those on standard input.
median() {
	sort -g | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'
}
