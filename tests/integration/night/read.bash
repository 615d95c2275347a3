# read.bash: what the officers read in the morning: every list, thing and story, in Chinese and in English. Sourced.
# shellcheck shell=bash
# shellcheck disable=SC2154 # set by play.bash and daemon.bash

# Ours, of which none may stand in the other language: English words, Chinese words of three characters or more. What the
# town's own files hold, and what the officers wrote this night, may be on both screens: names, titles, ids, remarks.
read_vocabulary() {
	local pair='s/.*(WORD\(|LITERAL\()"([^"]+)".*"([^"]+)".*/'
	sed -nE "${pair}\\2/p" dispatcher/core/words*.c | grep -xE '[a-z_]{3,}' | sort -u |
		grep -vxF -f <(cut -d , -f 1,2 "$town"/*.csv | tr , '\n' | sort -u) >"$dir/ours.en"
	sed -nE "${pair}\\3/p" dispatcher/core/words*.c | LC_ALL=C.UTF-8 grep -P '[\x{4e00}-\x{9fff}]{3,}' | sort -u >"$dir/zh"
	cat "$town"/*.csv "$playbooks"/*.yaml tests/integration/night/*.bash >"$dir/given"
	while read -r word; do grep -qF "$word" "$dir/given" || echo "$word"; done <"$dir/zh" >"$dir/ours.zh"
	"$bin/dispatchctl" --json help | jq -r '.[].command' | sort -r >"$dir/commands"
	holds "there are words to look for" test "$(wc -l <"$dir/ours.en")" -gt 250 -a "$(wc -l <"$dir/ours.zh")" -gt 100
}

# read_screens LANGUAGE: prints all that can be looked at
read_screens() {
	local one
	while read -r one; do
		# shellcheck disable=SC2086 # words
		"$bin/dispatchctl" --lang "$1" $one 2>&1 || echo "does not answer: $one"
	done < <(
		printf '%s\n' status "alarm list" "incident list --all" "incident list" "order list --all" "unit list" "depot list" \
			"stock list" "device list" "task list" "notice list --all" "playbook list" "warning list" "silence list" \
			"shift show" "alert list" "calendar show" "whoami --by duty-1" "whoami --by auditor-1" "people list" "place list" \
			"grid list" "nearest --lon 113.43 --lat 34.78 -k 5 --skill medic"
		q '.[].id | "incident show \(.)"' incident list --all
		q '.[].id | "playbook show \(.)"' playbook list
		q '.[].id | "order show \(.)"' order list --all
		q '.[0:3][].alarm | "alarm show \(.)"' alarm list
		printf '%s\n' "unit show FE-3" "depot show depot-south" "device show pump-01" "device show spk-01"
	)
}

# Without what is typed: commands, options, and the rows of codes.
read_untyped() {
	sed -E "/^ *(技能代码|动作代码) /d; s/--[a-z-]+//g; s/($(paste -sd '|' "$dir/commands"))//g"
}

read_chinese() {
	local word='(?<![A-Za-z0-9_.-])'
	read_screens zh >"$dir/screens.zh"
	holds "there is much to read" test "$(wc -l <"$dir/screens.zh")" -gt 3000
	same "every screen answers" "$(grep -F 'does not answer' "$dir/screens.zh")" ""
	cat "$dir/screens.zh" "$dir/spoken" | read_untyped >"$dir/read"
	same "no English word of ours stands on a Chinese screen" \
		"$(grep -oP "${word}[A-Za-z_]+(?![A-Za-z0-9_.-])" "$dir/read" | sort -u | grep -xF -f "$dir/ours.en" | paste -sd ' ')" ""
	same "nor do two English words together" "$(grep -oP "${word}[A-Za-z]{3,} [a-z]{2,}(?![A-Za-z0-9_-])" "$dir/read" | sort -u | paste -sd ,)" ""
}

read_english() {
	read_screens en >"$dir/screens.en"
	same "no Chinese word of ours stands on an English screen" "$(grep -oF -f "$dir/ours.zh" "$dir/screens.en" | sort | uniq -c | paste -sd ,)" ""
}

in_both_languages() {
	read_vocabulary
	read_chinese
	read_english
}
