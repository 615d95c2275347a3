#!/bin/bash
# The paper board: there soon after the start, fresh, whole after kill -9 and after a clean end; the hand-over page; the keys of the configuration.
# shellcheck disable=SC2317 # what await calls
# shellcheck source=tests/integration/daemon.bash
. "$(dirname "$0")/daemon.bash"
postgres_start
board=$dir/paper/board.html # the daemon makes the folder
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

# --- reports upward --------------------------------------------------------------------------------------
report() { get "/v1/incidents/$case_1/report?$1"; }
first=$(report kind=first)
same "a first report" "${first##*$'\n'}" 200
for word in 豫龙镇突发事件信息初报 张三 13812345678 桥下有人喊 '【待补:人员伤亡】' '【待补:签发人】'; do
	holds "the first report has $word" grep -qF -- "$word" <<<"$first"
done
gaps() { get "/v1/incidents/$case_1/report?kind=$1&json=1" | head -n -1 | jq -r '.gaps | join(" ")'; }
same "its gaps" "$(gaps first)" "signer contact casualties scope trend measures"
same "JSON is also asked for by Accept" "$(curl -s --unix-socket "$dir/http" -H 'Accept: application/json' \
	"http://localhost/v1/incidents/$case_1/report" | jq -r '.incident + " " + .kind')" "$case_1 first"
# command NAME JSON
command_post() { curl -s --unix-socket "$dir/http" -d "$2" "http://localhost/v1/commands/$1" | jq -r .result; }
for fact in casualties scope trend measures contact signer; do
	same "fact $fact" "$(command_post incident-fact "{\"incident\":\"$case_1\",\"fact\":\"$fact\",\"text\":\"已知$fact\",\"by\":\"值班员\"}")" ok
done
same "no gap is left" "$(gaps first)" ""
holds "the fact is in the text" grep -qF 人员伤亡:已知casualties <<<"$(report kind=first)"
holds "no follow-up before the first" grep -qF '【待补:初报】' <<<"$(report kind=followup)"
same "the first is sent" "$(command_post incident-report "{\"incident\":\"$case_1\",\"kind\":\"first\",\"to\":\"县应急局\",\"by\":\"值班员\"}")" ok
holds "what stood in the first" grep -qF 与上次报告相比无新变化 <<<"$(report kind=followup)"
holds "a note after it" ctl incident note "$case_1" --reason 人已救起 --by 值班员
holds "is in the follow-up" grep -qF 人已救起 <<<"$(report kind=followup)"
holds "in English" grep -qF 'First' <<<"$(report 'kind=final&lang=en')"
same "a kind of nonsense" "$(report kind=second | tail -n 1)" 400
same "nobody signed on" "$(grep -c 无人签到 "$board")" 1
same "on duty" "$(command_post shift-on '{"by":"韩雪涛"}')" ok
await 20 "the board has who is on duty" board_has 韩雪涛
holds "and so has the hand-over" grep -qE '韩雪涛.* 到岗' <<<"$(get '/v1/shift?text=1')"

# --- fresh, and whole whenever one looks --------------------------------------------------------------
before=$(stat -c %i "$board")
renewed() { [ "$(stat -c %i "$board")" != "$before" ]; }
await 20 "it is written again" renewed
holds "whole whenever one looks" whole "$board"

# --- a new incident does not wait its minute -----------------------------------------------------------
kill -TERM "$DAEMON"
wait "$DAEMON"
more="board: { file: \"$board\", every_s: 3600 }"
daemon_start
await 20 "a board after the start" whole "$board"
case_soon=$(q .incident incident open --type other --place 云溪河公园 --text 不等一小时 --by 值班员)
await 40 "it is soon on paper" board_has "$case_soon"
for word in "$case_1" 张三 13812345678 桥下有人喊; do holds "after a clean start: $word" board_has "$word"; done
kill -TERM "$DAEMON"
wait "$DAEMON"
more="board: { file: \"$board\", every_s: 1 }"
daemon_start

# --- a folder that is gone is said, and is no reason to stop -------------------------------------------
failed() { [ "$(q .counters.boards_failed status)" -gt 0 ]; }
written() { [ "$(q .counters.boards_written status)" -gt "$1" ]; }
mv "$dir/paper" "$dir/paper.gone"
await 20 "the failure is counted" failed
await 20 "and said" grep -q 'error board .*No such file' "$dir/log"
before=$(q .counters.boards_written status)
mv "$dir/paper.gone" "$dir/paper"
await 20 "it goes on when the folder is back" written "$before"
holds "whole again" whole "$board"

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
refused "board: { file: \"$dir/nowhere/at/board.html\" }" "neither is the folder"
refused "board: { file: \"$dir/data\" }" "is not a file"
refused "board: { every_s: 100000 }" every_s
refused "board: { every: 60 }" every
done_here
