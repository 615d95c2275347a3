#!/bin/bash
# Real messages of cameras, sensors, monitoring and weather services, mapped by events.md, sent to a real daemon.
set -u
root=$(cd "$(dirname "$0")/../.." && pwd -P)
dir=$root/var/real/events
# shellcheck disable=SC2034 # daemon.sh reads them
town=$root/ops/towns/yulong playbooks=$root/playbooks clock='{start: "2026-12-01T00:00:00Z"}'
data=${DISPATCH_DATA:-$root/../shared/data}/C_events
[ -d "$data" ] || { echo "no $data"; exit 77; }
# shellcheck source=tests/real/daemon.sh
. "$root/tests/real/daemon.sh"

# Passes when statement $2 says $3; $1: what it shows.
shown() {
	local said
	said=$(psql -X -q -At -v ON_ERROR_STOP=1 -c "$2")
	[ "$said" = "$3" ] || fail "$1: $said, not $3"
}

rm -rf "$dir"
mkdir -p "$dir"
python3 "$root/tests/real/events_map.py" "$data" 2026-12-01T00:00:00Z >"$dir/alarms.jsonl" || exit 1
everything_begin
"$program/alarm-player" --endpoint "$ALARMS" --fast --quiet --resend 0.5 --log "$dir/replies.jsonl" "$dir/alarms.jsonl" >"$dir/player.log"
result=$?
cat "$dir/player.log"
grep '"expected":false' "$dir/replies.jsonl"
[ "$result" -eq 0 ] || fail "some were not answered, or not as events.md says"
tables_await

accepted=$(grep -c '"result":"accepted"' "$dir/replies.jsonl")
[ "$accepted" -ge 40 ] || fail "only $accepted were accepted"
shown "accepted alarms are kept, and no others" "SELECT count(*) FROM dispatch.alarm" "$accepted"
shown "0, 0 is no position" "SELECT count(*) FROM dispatch.alarm WHERE lon IS NULL OR lon NOT BETWEEN 113.3 AND 113.6" 0
shown "the colour is the town's warning" "SELECT colour FROM dispatch.warning WHERE hazard = 'rainstorm' AND state = 'active'" yellow
shown "a rain gauge's alarm in a yellow warning follows its plan" \
	"SELECT DISTINCT playbook FROM dispatch.incident WHERE type = 'rainstorm' AND source = 'weather-01'" weather-rainstorm-yellow
shown "kinds that were raised" "SELECT string_agg(DISTINCT type, ' ' ORDER BY type) FROM dispatch.alarm WHERE state = 'raised'" \
	"alarm.manhole.moved alarm.pump.failed alarm.site.intrusion alarm.water.level alarm.water.person_near alarm.weather.rainstorm"
{
	echo "$(wc -l <"$dir/alarms.jsonl") alarms of $(grep -o '"name": "[^"]*"' "$dir/alarms.jsonl" | sort -u | wc -l) files"
	cat "$dir/player.log"
} >"$dir.txt"
