# morning.bash: 06:50, what was done on paper while the screen was dark, the last reports; 08:00, the hand-over. Sourced.
# shellcheck shell=bash
# shellcheck disable=SC1010,SC2004,SC2154 # `done` is an answer here; of[] is by name; set by play.bash

# papered NAME ARGUMENT…     a case that was run on paper; its number is in of[NAME]
papered() {
	local name=$1
	shift
	types incident paper "$@"
	of[$name]=$(jq -r .incident "$answer")
}

# From ten past four the screen was dark for an hour: two cases on the paper board, one of them still to be verified.
in_the_dark() {
	papered bins --type fire --place 豫龙客运站 --caller 保安老周 --phone 19900000004 --text 垃圾桶起火 --units FE-1 --reported 04:15 \
		--dispatched 04:17 --arrived 04:26 --done 04:50 --done-by 马丽杰 --verified 05:10 --verified-by "$other" --ended 05:12 \
		--disposition resolved
	same "closed, with its true times, marked" \
		"$(what bins '"\(.state) \(.disposition) \(.paper) \(.reported) \(.arrived) \(.ended)"')" \
		"closed resolved true 2026-07-01T20:15:00.000Z 2026-07-01T20:26:00.000Z 2026-07-01T21:12:00.000Z"
	same "who did what" "$(what bins '"\(.done_by) \(.verified_by)"')" "马丽杰 $other"
	papered tree --type other --place 柳溪村小学 --caller 李老师 --phone 19900000005 --text 大树倒伏 --units UT-2 --reported 04:40 \
		--dispatched 04:45 --arrived 05:05 --done 05:40 --done-by 许金敏
	same "this one is still to be verified" "$(what tree '"\(.state) \(.paper)"')" "done_reported true"
	refused 2 "今天的 07:40 还没有到" incident paper --type fire --place 豫龙客运站 --reported 07:40
	refused 1 "时间晚于现在" incident paper --type fire --place 豫龙客运站 --reported 今天 07:40
	refused 1 "先后有误" incident paper --type fire --place 豫龙客运站 --reported 04:15 --dispatched 04:10
	types stock issue depot-south barrier 12 --incident "${of[tree]}" --reason 纸上登记:倒树围挡 --by keeper-3
	same "what was taken is booked" "$(stock_of depot-south barrier)" "488 0"
	types incident verify "${of[tree]}" --reason 道路已通 --evidence 照片0702-1 --by "$other"
}

child_ends() {
	types incident verify "${of[child]}" --evidence 视频0701-20 --reason 人已送医,岸线无人 --by "$other"
	types incident close "${of[child]}" --disposition resolved
	types incident report "${of[child]}" --kind followup
	says incident report "${of[child]}" --kind followup
	same "the follow-up says what is new, and of the rest that nothing is" \
		"$(grep -cE '^  6时50分,(核查确认|结案)' "$answer") $(grep -c 与上次报告相比无新变化 "$answer") $(grep -c 派出水上救援 "$answer")" "2 3 0"
	types incident report "${of[child]}" --kind final
	same "what the last report lacks" "$(jq -r '.gaps | join(" ")' "$answer")" "cause loss lessons"
	types incident fact "${of[child]}" cause 独自在岸边玩耍失足
	types incident fact "${of[child]}" loss 无
	types incident fact "${of[child]}" lessons 增设护栏和喊话器
	types incident report "${of[child]}" --kind final
	same "nothing is missing" "$(jq -r '.gaps | join(" ")' "$answer")" ""
	says incident report "${of[child]}" --kind final
	same "nor named so" "$(grep -c 待补 "$answer") $(grep -cE '独自在岸边玩耍失足|增设护栏和喊话器|7月1日20时10分上报' "$answer")" "0 3"
	types incident sent "${of[child]}" final --to 县应急局
}

# The page names all that goes on, and nothing that is over; then the desk is another's.
hand_over() {
	local part
	says shift page
	for part in "${of[tree]}" "$officer 0371-5550-0021,07-01 18:00 到岗" Ⅲ级 事件:未结\ 1\ 起 救生衣\ ×10\ 件 "pump-01 龙湾泵站1号泵"; do
		holds "the page says $part" grep -qF "$part" "$answer"
	done
	same "and nothing that is over" "$(grep -cE '^  · [1-5] \| 2026-' "$answer")" 1
	types response set clear --reason 雨停 --agreed 罗清民
	types shift handover 邓爱磊 --note 倒树一件待结案
	types shift off "$other"
	same "the next one has it" "$(q '[.on_duty[].name] | join(" ")' shift show)" 邓爱磊
	same "one case is left to him" "$(q '.[] | "\(.id) \(.state)"' incident list)" "${of[tree]} verified"
}
