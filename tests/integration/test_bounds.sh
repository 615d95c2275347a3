#!/bin/bash
# The table of bounds in HACKING.md: each figure is the source's, and no bound of the headers that face outside is left out.
set -u
cd "$(dirname "$0")/../.." || exit 1
faults=0 seen=0
table=$(sed -n '/^## Bounds/,/^## Rules/p' HACKING.md)
sources=$(cat dispatcher/*/*.[ch] | tr -s '[:space:]' ' ')

# shellcheck disable=SC2016 # backticks of Markdown
while read -r bound; do
	seen=$((seen + 1))
	[[ $sources =~ [^A-Z_]"$bound"([ ,/}]|$) ]] || { echo "HACKING.md: no source says $bound" && faults=$((faults + 1)); }
done < <(grep -o '`[A-Z_]* = [^`]*`' <<<"$table" | tr -d '`')
[ "$seen" -ge 40 ] || { echo "HACKING.md: $seen bounds were read" && faults=$((faults + 1)); }

# What is the size of a buffer of ours, or follows from another one.
ours=' INGEST_FDS NEWS_MAX NEXT_MESSAGES_MAX REPORTED_MAX PEER_MAX API_FIGURES_MAX API_FAULTS_MAX SHELL_DOORS_MAX UNIT_TOKENS_MAX ALARM_TOKENS_MAX JSON_BYTES_MAX PEER_BYTES_MAX '
# shellcheck disable=SC2013 # words
for name in $(sed -n 's/^\(enum {\)\{0,1\}[[:space:]]*\([A-Z_]*_\(MAX\|KEPT\|TRIES\)\) =.*/\2/p' dispatcher/api/{api,guard}.h dispatcher/ingest/{door,ingest}.h \
	dispatcher/shell/shell.h dispatcher/wire/{alarm_in,unit_io,json_read,outbox}.h); do
	[[ $ours == *" $name "* || $table == *"\`$name"* ]] || { echo "HACKING.md: $name is not in the table of bounds" && faults=$((faults + 1)); }
done

echo "$seen bounds"
[ "$faults" -eq 0 ]
