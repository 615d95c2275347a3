#!/bin/bash
# The console's words: the catalogue holds what the sources say, all of it translated; the screens are Chinese also
# on a machine that knows no Chinese locale. No daemon.
set -u
cd "$(dirname "$0")/../.." || exit 1
build=${BUILD:-build}
catalogue=dispatcher/ctl/po/zh_CN.po
dir=$(mktemp -d /tmp/dispatch-test.XXXXXX) || exit 1
trap 'rm -rf "$dir"' EXIT
failures=0

bad() {
	echo "FAILED: $*"
	failures=$((failures + 1))
}

# msgids FILE: with their contexts, sorted, without translations
msgids() {
	msgattrib --no-obsolete --no-location --no-wrap --sort-output "$1" | grep -v '^#' |
		awk 'BEGIN { RS = "" } !/^msgid ""\nmsgstr/ { sub(/\nmsgstr .*/, ""); print }'
}

# --- the catalogue ---------------------------------------------------------------------------------

rm -f "$build/dispatchctl.pot"
make -s BUILD="$build" "$build/dispatchctl.pot" || bad "xgettext"
msgids "$build/dispatchctl.pot" >"$dir/sources"
msgids "$catalogue" >"$dir/catalogue"
[ "$(grep -c '^msgid' "$dir/sources")" -gt 400 ] || bad "xgettext found next to nothing"
diff "$dir/sources" "$dir/catalogue" >"$dir/diff" || {
	bad "the catalogue is not what the sources say (make messages):"
	cat "$dir/diff"
}
[ -z "$(msgattrib --untranslated --no-obsolete "$catalogue")" ] || bad "not translated: $(msgattrib --untranslated "$catalogue")"
[ -z "$(msgattrib --only-fuzzy "$catalogue")" ] || bad "fuzzy: $(msgattrib --only-fuzzy "$catalogue")"
[ -z "$(msgattrib --only-obsolete "$catalogue")" ] || bad "there are translations of nothing"
msgfmt --check --output-file=/dev/null "$catalogue" || bad "msgfmt --check"
for file in dispatcher/ctl/*.c; do
	[[ $file =~ /(commands_[a-z]+|radio_words)\.c$ ]] && continue # examples; what may be typed
	sed 's:/\*.*\*/::' "$file" | LC_ALL=C.UTF-8 grep -HnP --label="$file" '"[^"]*[\x{4e00}-\x{9fff}]' &&
		bad "Chinese in $file, which is no example"
done

# --- the screens -----------------------------------------------------------------------------------

# What is Chinese only as far as the words between go: options, words of a choice, ids, examples are left as they are.
english() {
	sed -E '1d; /^    /d; /^  dispatchctl /d; s/\([a-zA-Z_, ]+\)?//g; s/^  (--?[a-z-]+|[A-Z_]+)( WORD| …)?//' |
		grep -P '^[^\x{4e00}-\x{9fff}]*[A-Za-z]{2,}[^\x{4e00}-\x{9fff}]*$'
}

# help_of ENVIRONMENT [OPTION…]
help_of() {
	env -i "$1" "$build/dispatchctl" "${@:2}" help unit set
}

export LC_ALL=C.UTF-8
count=0
while read -r words; do
	# shellcheck disable=SC2086 # a command of several words
	LC_ALL=zh_CN.UTF-8 "$build/dispatchctl" $words --help >"$dir/help" 2>&1 || bad "$words --help"
	count=$((count + 1))
	! english <"$dir/help" || bad "English in '$words --help'"
done < <("$build/dispatchctl" --json --lang en help | jq -r '.[].command')
[ "$count" -gt 60 ] || bad "only $count commands"
for of in LC_ALL=C LC_ALL=POSIX LC_ALL=C.UTF-8 LANG=zh_CN.GB18030 LANGUAGE=en NOTHING=1; do
	[ "$(help_of $of)" = "$(help_of LC_ALL=zh_CN.UTF-8)" ] || bad "not Chinese with $of"
done
for of in LC_ALL=en_US.UTF-8 LC_MESSAGES=en_GB LANG=en; do
	[ "$(help_of $of)" = "$(help_of LC_ALL=C --lang en)" ] || bad "not English with $of"
done
(
	root=$PWD
	cd / && env -i "$(realpath "$root/$build" 2>/dev/null || realpath "$build")/dispatchctl" help unit set
) >"$dir/elsewhere"
grep -q 设置力量状态与位置 "$dir/elsewhere" || bad "no Chinese from another folder"
mkdir -p "$dir/bin" "$dir/share/locale/zh_CN/LC_MESSAGES"
cp "$build/dispatchctl" "$dir/bin"
cp "$build/locale/zh_CN/LC_MESSAGES/dispatchctl.mo" "$dir/share/locale/zh_CN/LC_MESSAGES"
env -i "$dir/bin/dispatchctl" help unit set | grep -q 设置力量状态与位置 || bad "no Chinese where it is installed"

[ "$failures" -eq 0 ] && echo "test_messages: $count commands, $(grep -c '^msgid' "$dir/catalogue") messages"
exit $((failures > 0))
