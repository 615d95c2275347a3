#!/bin/bash
# The manual pages render without a warning and hold every command; bash completes commands, options and words. No daemon.
set -u
cd "$(dirname "$0")/../.." || exit 1
build=$(realpath -m "${BUILD:-build}")
dir=$(mktemp -d /tmp/dispatch-test.XXXXXX) || exit 1
trap 'rm -rf "$dir"' EXIT
export LC_ALL=C.UTF-8 DISPATCH_SERVER=unix:$dir/nobody
failures=0

bad() {
	echo "FAILED: $*"
	failures=$((failures + 1))
}

# --- manual pages ----------------------------------------------------------------------------------

# rendered PAGE: as text; complains about what roff warns of
rendered() {
	groff -K utf8 -T utf8 -man -ww -P-c -P-b -P-o -P-u "$1" >"$dir/page" 2>"$dir/warnings" || bad "$1: groff"
	[ ! -s "$dir/warnings" ] || bad "$1: $(head -n 3 "$dir/warnings")"
}

for lang in en zh; do
	page=$dir/dispatchctl.$lang
	"$build/dispatchctl" --lang "$lang" manual >"$page" || bad "manual in $lang"
	rendered "$page"
	commands=0
	while read -r words; do
		commands=$((commands + 1))
		grep -qE "^ +$words\$" "$dir/page" || bad "no '$words' in the page in $lang"
	done < <("$build/dispatchctl" --json help | jq -r '.[].command')
	[ "$commands" -gt 60 ] || bad "only $commands commands"
	[ "$(grep -c '^ *dispatchctl [a-z]' "$dir/page")" -ge "$commands" ] || bad "examples are missing in $lang"
done
grep -q 人工立案 "$dir/page" || bad "the Chinese page is not Chinese"
rendered ops/man/dispatcherd.8
for option in -c -n --version; do
	grep -q -- "^ *$option" "$dir/page" || bad "dispatcherd.8 lacks $option"
done
rendered ops/man/unit-terminal.1
while read -r option; do
	grep -q -- "$option" "$dir/page" || bad "unit-terminal.1 lacks $option"
done < <("$build/unit-terminal" --help 2>&1 | grep -oE -- '^ +--[a-z-]+' | tr -d ' ')

# --- completion ------------------------------------------------------------------------------------

# shellcheck source=ops/completion/dispatchctl.bash
. ops/completion/dispatchctl.bash
complete -p dispatchctl >/dev/null || bad "nothing completes dispatchctl"

# completes WANTED WORD…: the last word is the one that is typed
completes() {
	local wanted=$1
	shift
	COMP_WORDS=("$build/dispatchctl" "$@") COMP_CWORD=$#
	_dispatchctl
	[ "${COMPREPLY[*]}" = "$wanted" ] || bad "'$*' completes to '${COMPREPLY[*]}', wanted '$wanted'"
}

completes incident inc
completes "show split sent" incident s
completes --disposition incident close 7 --disp
completes "resolved referred" incident close 7 --disposition re
completes "resolved referred" incident close 7 --disposition = re
completes "zh en" --lang ""
completes "--server" --s
completes "incident" --json --server "unix:$dir/nobody" inc
completes "" incident show 2
completes "" nonsense ""
completes "--help" status --
[ -z "$("$build/dispatchctl" complete -- incident show '' 2>&1)" ] || bad "completion complains without a daemon"

[ "$failures" -eq 0 ] && echo "test_manual: $commands commands"
exit $((failures > 0))
