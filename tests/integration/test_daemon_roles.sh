#!/bin/bash
# test_daemon_roles.sh: a town that asks for names: who may do what, a level's agreement and what it brings, dry runs,
# places by name; and that the configuration is what decides it.
# shellcheck source=tests/integration/daemon.bash disable=SC2034 # more is daemon.bash's
. "$(dirname "${BASH_SOURCE[0]}")/daemon.bash"

# code WANTED COMMAND…
code() {
	local wanted=$1 got
	shift
	"$bin/dispatchctl" --lang en "$@" </dev/null >"$dir/out" 2>"$dir/err"
	got=$?
	same "exit of dispatchctl $*" "$got" "$wanted"
}

# says PATTERN     of the last command's errors
says() {
	checks=$((checks + 1))
	grep -qE -- "$1" "$dir/err" || bad "wanted /$1/, said: $(cat "$dir/err")"
}

# dry NAME BODY FILTER     a dry run over HTTP
dry() {
	curl -s --unix-socket "$dir/http" -d "$2" "http://localhost/v1/commands/$1" | jq -r "$3"
}

officer=$(awk -F, '$3 == "duty_officer" { print $2; exit }' "$town/people.csv")
leader=$(awk -F, '$3 ~ /leader/ && $3 ~ /committee/ { print $1; exit }' "$town/people.csv")
keeper=$(awk -F, '$3 == "keeper" { print $1; exit }' "$town/people.csv")
auditor=$(awk -F, '$3 == "auditor" { print $1; exit }' "$town/people.csv")
crew=$(awk -F, '$3 == "crew" { print $1; exit }' "$town/people.csv")
head=$(awk -F, '$3 == "department_lead" { print $1; exit }' "$town/people.csv")
office=$(awk -F, '$3 == "office" { print $1; exit }' "$town/people.csv")

postgres_start
more="rules: {named: true, notice_tries: 2, notice_s: 60, depot_answer_s: 120}
response: {IV: {agree: [office], notify: [keeper], release: confirm}, III: {agree: [nobody]}}"
daemon_start

# --- names are asked for ----------------------------------------------------------------------------

code 4 release confirm
says 'nobody of this town'
code 4 release confirm --by nobody
code 0 release confirm --by "$officer"
code 4 release advise --by "$officer"
says 'those who may: leader, committee'
code 0 release auto --by "$leader"
code 4 incident open --type other --place 龙湾泵站 --by "$auditor"
says "$auditor .*\(auditor\) may not do this"
code 0 incident open --type other --place 泵站 --by "$crew"
case=$(q '.[0].id' incident list)
code 4 incident cancel "$case" --by "$crew"
code 4 incident cancel "$case" --by "$keeper"
code 0 incident note "$case" 已到现场 --by "$crew"
code 0 stock count depot-south cone 77 --by "$keeper"
code 4 stock count depot-south cone 78 --by "$crew"
code 0 silence add --source cam-0002 --until "$(time_in 3600)" --reason 检修 --by "$officer"
code 4 silence add --type alarm.site.dust --until "$(time_in 3600)" --reason 施工 --by "$officer"
code 0 silence add --type alarm.site.dust --until "$(time_in 3600)" --reason 施工 --by "$leader"
same "the keeper may count" "$(get "/v1/whoami?by=$keeper" | sed '$d' | jq -r '.may | index("stock-count") != null')" true
same "a department's head is no leader on duty" "$(get "/v1/whoami?by=$head" | sed '$d' | jq -r '.may | index("release") == null and index("incident-note") != null')" true
same "the auditor may nothing" "$(get "/v1/whoami?by=$auditor" | sed '$d' | jq -r '.may | length')" 0
same "who may let in what was set aside" "$(for who in "$officer" "$keeper" "$office" "$leader"; do
	get "/v1/whoami?by=$who" | sed '$d' | jq -r '.may | index("aside-release") != null and index("aside-drop") != null'
done | paste -sd' ')" "false false true true"
code 4 aside drop 17 --reason x --by "$officer"
says 'those who may: office, leader, committee'
code 3 aside drop 17 --reason x --by "$leader"
same "names are asked for" "$(get /v1/whoami | sed '$d' | jq -r .named)" true

# --- a level: the configuration's agreement, its release, those who are told -------------------------------

code 4 response set IV --reason 汛情 --by "$officer"
says 'one of these must agree: office'
code 0 response set IV --reason 汛情 --agreed "$office" --by "$officer"
same "the level's release" "$(q .release status)" confirm
same "the level" "$(q .response_level status)" IV
same "keepers are called, and nobody else" \
	"$(q '[.[] | select(.incident == null) | .person] | unique | join(" ")' task list)" \
	"$(awk -F, '$3 == "keeper" { print $1 }' "$town/people.csv" | sort | paste -sd ' ')"
code 0 response set III --reason 加强 --by "$officer"
same "III has no release of its own" "$(q .release status)" auto
code 0 response set clear --reason 解除 --by "$officer"

# --- material below its minimum -------------------------------------------------------------------------------

boats="supply send $case rubber_boat 2 --from depot-north"
# shellcheck disable=SC2086 # words
{
	code 4 $boats --by "$officer"
	says 'below its minimum; one of these must agree: committee'
	code 0 $boats --by "$officer" --agreed "$leader"
}

# seconds from when it was issued to when an answer is waited for
same "the keeper's time to answer" "$(q '[.[] | select(.target == "depot")][0] | (.respond_by | sub("\\..*Z"; "Z") | fromdate) - (.issued | sub("\\..*Z"; "Z") | fromdate)' order list)" 120
code 0 incident escalate "$case" --by "$officer"
same "the time between two tries, and how many are left" \
	"$(q '.notices[-1] | "\((.due | sub("\\..*Z"; "Z") | fromdate) - (.issued | sub("\\..*Z"; "Z") | fromdate)) \(.tries_left)"' incident show "$case")" "60 1"

# --- tried first ------------------------------------------------------------------------------------------------

seq=$(q .seq status)
body="{\"incident\":\"$case\",\"unit\":\"$(q '[.[] | select(.why == null or .status == "available")][0].id' unit list)\",\"by\":\"$officer\",\"dry_run\":true}"
same "a dry run" "$(dry order-send "$body" '"\(.result) \(.dry_run) \(.effects | length > 0) \(.effects_zh | length > 0) \(.uncovered | type)"')" \
	"ok true true true array"
same "nothing was recorded" "$(q .seq status)" "$seq"
same "who may not is refused dry, too" "$(dry order-send "${body/$officer/$crew}" .error)" not_permitted

# --- places -----------------------------------------------------------------------------------------------------

same "several of a name" "$(dry incident-open "{\"type\":\"other\",\"place\":\"云溪河\",\"by\":\"$officer\",\"dry_run\":true}" \
	'"\(.error) \(.candidates | length > 2) \(.candidates[0].lon | type)"')" "ambiguous true number"
same "like it" "$(dry incident-open "{\"type\":\"other\",\"place\":\"云溪河九号桥\",\"by\":\"$officer\"}" \
	'"\(.error) \([.candidates[].name] | index("云溪河一号桥") != null)"')" "not_found true"
code 0 unit set "$(q '.[0].id' unit list)" --status available --place 锦绣广场 --by "$officer"
same "the bridges are listed" "$(get "/v1/places?name=%E5%8F%B7%E6%A1%A5" | sed '$d' | jq length)" 3

# --- playbooks and the town are read again by those who may, and it is on the record ---------------------------

# last_load FILTER     of the last row of its kind that a person asked for
last_load() {
	q "[.[] | select(.kind == \"load\" and .channel != \"start\")] | last | $1" journal export
}

code 4 playbook reload
code 4 playbook reload --by "$officer"
says 'those who may: office, leader, committee'
code 4 town load "$town" --by "$crew"
same "what was refused is no row" "$(last_load .kind)" null
code 0 playbook reload --by "$office"
same "who had the playbooks read" "$(last_load '"\(.by) \(.channel) \(.event.what) \(.event.hash | length) \(.event.count > 0)"')" \
	"$office console plan 64 true"
code 0 town load "$town" --by "$leader" --channel phone
same "who had the town read" "$(last_load '"\(.by) \(.channel) \(.event.what) \(.event.dir) \(.event.count > 0)"')" \
	"$leader phone town $town true"
same "whoami says so" "$(get "/v1/whoami?by=$leader" | sed '$d' | jq -r '.may | index("town/load") != null')" true

# --- who may have this one lead; whether there is another comes behind that ------------------------------------

code 4 lead --force --reason 断电
says 'nobody of this town'
code 4 lead --force --reason 断电 --by "$office"
says 'those who may: duty_officer, committee'
code 1 lead --force --reason 断电 --by "$officer"
says 'no other daemon'
code 1 lead --force --reason 断电 --by "$leader"
same "whoami says so" "$(get "/v1/whoami?by=$office" | sed '$d' | jq -r '.may_not | index("lead") != null')" true

# --- a restart asks for the same --------------------------------------------------------------------------------

daemon_kill
daemon_start
code 4 release confirm
code 0 release confirm --by "$officer"
done_here
