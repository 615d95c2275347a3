# What the scripts of ops/ share: processes known by id and start time, shell assignments, short paths. Sourced, not run.
# shellcheck shell=sh

say() {
	echo "${0##*/}: $*" >&2
}

fail() {
	say "$*"
	exit 1
}

# Whether the reader wants English alone; as in the console it is Chinese unless the locale begins with "en".
is_english() {
	case "${LC_ALL:-${LC_MESSAGES:-${LANG:-}}}" in en*) return 0 ;; esac
	return 1
}

# Prints $1, Chinese, with $2, English, beside it; to an English reader $2 alone.
word() {
	if is_english; then echo "$2"; else echo "$1 / $2"; fi
}

# Says the same.
tell() {
	say "$(word "$1" "$2")"
}

# The same, and ends.
refuse() {
	tell "$1" "$2"
	exit 1
}

# Prints when process $1 started, in ticks since boot; nothing when there is none or it is a zombie.
process_started() {
	# the name in brackets may hold anything: what counts stands behind the last bracket
	sed -n 's/^.*) \([^ZX]\)/\1/p' "/proc/$1/stat" 2>/dev/null | cut -d ' ' -f 20
}

# Records process $2 in file $1.
process_record() {
	echo "$2 $(process_started "$2")" >"$1.new" && mv "$1.new" "$1"
}

# Prints the id that file $1 records, if that very process still runs; else fails. A number used again does not count.
process_recorded() {
	{ read -r recorded_pid recorded_start <"$1"; } 2>/dev/null || return 1
	[ -n "$recorded_start" ] && [ "$(process_started "$recorded_pid")" = "$recorded_start" ] || return 1
	echo "$recorded_pid"
}

# Waits until the process that file $1 records is gone, at most $2 seconds.
process_await_end() {
	await_left=$(($2 * 20))
	while process_recorded "$1" >/dev/null; do
		[ "$await_left" -gt 0 ] || return 1
		await_left=$((await_left - 1))
		sleep 0.05
	done
}

# Ends the process that file $1 records: asks, waits at most $2 seconds, then kills. Nothing when it is gone.
process_end() {
	if end_pid=$(process_recorded "$1"); then
		kill -TERM "$end_pid" 2>/dev/null
		kill -CONT "$end_pid" 2>/dev/null # a stopped process would not hear
		if ! process_await_end "$1" "$2"; then
			tell "进程 $end_pid 未在 $2 秒内结束:已强制结束" "process $end_pid did not end within $2 s: killed"
			kill -KILL "$end_pid" 2>/dev/null
			process_await_end "$1" 10 || return 1
		fi
	fi
	rm -f "$1"
}

# Whether a socket may lie at $1: sun_path holds 107 bytes, and nothing in it needs quoting anywhere.
socket_path_fits() {
	[ "$(printf %s "$1" | wc -c)" -le 107 ] || return 1
	case "$1" in *[!A-Za-z0-9_./+@-]*) return 1 ;; esac
}

# Prints $1=$2 so that a shell reads it back.
assign() {
	case "$2" in
	*[!A-Za-z0-9_./+@:*-]*) printf "%s='%s'\n" "$1" "$(printf %s "$2" | sed "s/'/'\\\\''/g")" ;;
	*) printf '%s=%s\n' "$1" "$2" ;;
	esac
}
