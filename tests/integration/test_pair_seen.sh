#!/bin/bash
# test_pair_seen: of two daemons, what people see: keys before the first start, one name twice, whose paper it is, one that is held.
# shellcheck disable=SC2317 # called by await
# shellcheck source=tests/integration/daemon.bash
. "$(dirname "$0")/daemon.bash"
# shellcheck source=tests/integration/pair.bash
. "$(dirname "$0")/pair.bash"

test_caught_up() {
	[ "$(on a status | jq '.seq == .journal_seq')" = true ]
}

postgres_start
more='board: { every_s: 1 }'
node_prepare a
node_prepare b

# --- the key, before either can start -----------------------------------------------------------------

sed -e "s|ipc://$dir/a/pair|tcp://127.0.0.1:5575|" -e "s|ipc://$dir/a/peer|tcp://127.0.0.1:5576|" \
	-e "s|data: .*|data: $dir/fresh|" "$dir/a/config.yaml" >"$dir/keyed.yaml"
key_of() { "$bin/dispatcherd" -c "$1" --key 2>"$dir/said"; }
key=$(key_of "$dir/keyed.yaml")
same "a public key" "${#key}" 40
same "the first line of the file" "$(head -n 1 "$dir/fresh/curve.key")" "$key"
same "which is its owner's alone" "$(stat -c %a "$dir/fresh/curve.key")" 600
same "the same when asked again" "$(key_of "$dir/keyed.yaml")" "$key"
same "nothing else was made" "$(ls "$dir/fresh")" curve.key
same "without it it does not start" "$("$bin/dispatcherd" -n -c "$dir/keyed.yaml" >/dev/null 2>"$dir/said"; echo $?)" 1
holds "and says how to get it" grep -q -- "--key there prints it" "$dir/said"
chmod 644 "$dir/fresh/curve.key"
same "one that others can read is refused" "$(key_of "$dir/keyed.yaml"; echo $?)" 1
holds "and named" grep -q "chmod 600" "$dir/said"

# --- whose paper it is ---------------------------------------------------------------------------------

board_says() { grep -q "$2" "$dir/$1/data/board.html"; }
node_start a
leader_is a 20
node_start b
await 20 "b stands by" state_is b stands_by
await 20 "b follows" both_have_all
await 10 "a's paper" board_says a '本机 a:值守中'
await 10 "b's paper" board_says b '本机 b:备机,不发指令.*主机 a'
same "no conflict, no fence, no name twice" "$(on b status | jq -c '[.conflict, .fenced, .pair.holder_twice]')" '[null,false,false]'

# --- held: nothing leaves, and nothing says that it does --------------------------------------------------

postgres_signal STOP
relay_signal a line STOP
await 10 "held" state_is a held
await 5 "on paper too" board_says a '本机 a:指令暂停'
for lang in zh en; do
	DISPATCH_SERVER=unix:$dir/a/http "$bin/dispatchctl" --lang $lang status >"$dir/held.$lang"
	DISPATCH_SERVER=unix:$dir/b/http "$bin/dispatchctl" --lang $lang status >"$dir/by.$lang"
	same "nobody says that help leaves" "$(cat "$dir/held.$lang" "$dir/by.$lang" | grep -c '派遣照常\|help leaves')" 0
done
holds "it says that nothing does" grep -q 指令暂停 "$dir/held.zh"
relay_signal a line CONT
postgres_signal CONT
await 20 "it leads on" state_is a leads

# --- one name for two --------------------------------------------------------------------------------------

twice() { [ "$(on b status | jq .pair.holder_twice)" = "$1" ]; }
node_kill b
sed -i 's/  name: "b"/  name: "a"/' "$dir/b/config.yaml"
node_start b
await 20 "the name is seen twice" twice true
holds "in the log" grep -q 'pair.name.*name="a"' "$dir/b/log"
holds "and said" grep -q 另一台用了同样的名字 <(DISPATCH_SERVER=unix:$dir/b/http "$bin/dispatchctl" --lang zh status)
same "the row of a life before is not another one" "$(grep -c pair.name "$dir/a/log")" 0
node_kill b
sed -i 's/  name: "a"/  name: "b"/' "$dir/b/config.yaml"
node_kill a
node_start a
leader_is a 20
same "its files are those in force" "$(grep -c 'lead.playbooks\|lead.town' "$dir/a/log")" 0
same "nor one's own name after a start" "$(grep -c pair.name "$dir/a/log")" 0

# --- playbooks that are not those in force --------------------------------------------------------------------

cp -r "$playbooks" "$dir/plans"
rm "$(find "$dir/plans" -name '*.yaml' | sort | head -n 1)"
sed -i "s|^playbooks: .*|playbooks: $dir/plans|" "$dir/b/config.yaml"
node_start b
await 20 "b stands by" state_is b stands_by
await 20 "b follows" both_have_all
node_kill a
leader_is b 10
await 5 "told when it begins to lead" grep -q "lead.playbooks" "$dir/b/log"

# --- two without `pair:` on one database: the database answers, and says no ------------------------------------

node_kill b
for n in a b; do sed -i '/^pair:/,/^  peer:/d' "$dir/$n/config.yaml"; done
node_start a
alone() { [ "$(on a status | jq -c '[.leader, .pair]')" = '[true,null]' ]; }
await 20 "a works alone" alone
await 20 "and has written all" test_caught_up
node_start b
ask a mine
ask b theirs
torn() { [ "$(on "$1" status | jq '.conflict != null')" = true ]; }
any_torn() { torn a || torn b; }
await 20 "one of them sees rows of the other one" any_torn
torn a && n=a || n=b
DISPATCH_SERVER=unix:$dir/$n/http "$bin/dispatchctl" --lang zh status >"$dir/torn.zh"
holds "it is called a conflict" grep -q '!!! 记录冲突:数据库第 [0-9]* 行' "$dir/torn.zh"
same "and not a silent database" "$(grep -c 无应答 "$dir/torn.zh")" 0

done_here
