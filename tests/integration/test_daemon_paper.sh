#!/bin/bash
# The paper board: there soon after the start, fresh, whole after kill -9 and after a clean end; the hand-over page; the keys of the configuration.
# shellcheck disable=SC2317 # what await calls
# shellcheck source=tests/integration/daemon.bash
. "$(dirname "$0")/daemon.bash"
postgres_start
board=$dir/paper/board.html
mkdir "$dir/paper"
more="board: { file: \"$board\", every_s: 1 }"
daemon_start

# whole FILE     the page ends where a page ends
whole() { [ "$(tail -c 8 "$1")" = "</html>" ]; }
board_has() { grep -qF -- "$1" "$board"; }
await 20 "a board soon after the start" whole "$board"

hostile='<script>alert(1)</script>&"'\''桥下有人喊'
case_1=$(q .incident incident open --type other --place 云溪河公园 --caller 张三 --phone 13812345678 --text "$hostile" --by 值班员)
case_2=$(alarm a1 mh-001 manhole.moved | send | jq -r .incident)
holds "a silence" ctl silence add --source cam-0002 --reason 检修 --until "$(time_in +3600)"
for word in "$case_1" "$case_2" 张三 13812345678 桥下有人喊 云溪河公园 '&lt;script&gt;' 检修 豫龙镇 纸上事件; do
	await 20 "the board has $word" board_has "$word"
done
same "no script" "$(grep -ci '<script' "$board")" 0
same "no network" "$(grep -oE '(src|href|url)[=(][^ >]*' "$board")" ""
same "names and numbers are not for everybody" "$(stat -c %a "$board")" 640

# --- fresh, and whole whenever one looks --------------------------------------------------------------
before=$(stat -c %i "$board")
renewed() { [ "$(stat -c %i "$board")" != "$before" ]; }
await 20 "it is written again" renewed
holds "whole whenever one looks" whole "$board"

# --- the daemon is killed -----------------------------------------------------------------------------
case_3=$(q .incident incident open --type other --place 云溪河公园 --text 最后一件 --by 值班员)
await 20 "the last case" board_has "$case_3"
daemon_kill
holds "whole after kill -9" whole "$board"
for word in "$case_1" "$case_2" "$case_3"; do holds "after kill -9: $word" board_has "$word"; done

# --- again, by its default, to a clean end --------------------------------------------------------------
rm -rf "$dir/paper"
more=""
daemon_start
board=$dir/data/board.html
await 20 "a board in the data folder" whole "$board"
page=$(get /v1/board)
same "GET /v1/board" "${page##*$'\n'}" 200
holds "it is the page" grep -qF "$case_3" <<<"$page"
page=$(get /v1/shift)
same "GET /v1/shift" "${page##*$'\n'}" 200
holds "the hand-over has the case" grep -qF "$case_3" <<<"$page"
page=$(get '/v1/shift?text=1')
same "GET /v1/shift?text=1" "${page##*$'\n'}" 200
holds "the hand-over as text" grep -qF 交接班清单 <<<"$page"
same "no markup in text" "$(grep -cE '<(td|tr|p|div)' <<<"$page")" 0
same "a flag of nonsense" "$(get '/v1/shift?text=maybe' | tail -n 1)" 400
case_4=$(q .incident incident open --type other --place 云溪河公园 --text 临走一件 --by 值班员)
kill -TERM "$DAEMON"
wait "$DAEMON"
same "a clean end" $? 0
holds "whole after the end" whole "$board"
holds "the page of the end has the last case" board_has "$case_4"

# --- the keys ------------------------------------------------------------------------------------------------
rm "$board"
more="board: { every_s: 0 }"
daemon_start
holds "it runs without" ctl status
kill -TERM "$DAEMON"
wait "$DAEMON"
same "every_s 0: none is written" "$(ls "$board" 2>/dev/null)" ""

# refused LINE WORD     -n refuses the configuration and says why
refused() {
	more=$1
	configuration_write
	"$bin/dispatcherd" -n -c "$dir/config.yaml" 2>"$dir/said" >/dev/null
	same "-n with $1: exit" $? 1
	holds "-n with $1: says $2" grep -qF -- "$2" "$dir/said"
}
refused "board: { file: \"$dir/nowhere/board.html\" }" file
refused "board: { file: \"$dir/data\" }" "is not a file"
refused "board: { every_s: 100000 }" every_s
refused "board: { every: 60 }" every
done_here
