# projection.bash: what the database says next to what the API says. Sourced, after daemon.bash; not run.
# shellcheck shell=bash disable=SC2016,SC2034,SC2154,SC2317 # jq's variables; functions called by their names; what daemon.bash sets

# at COLUMN NAME: the column as the API shows a time
at() {
	echo "to_char($1 AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"') AS \"$2\""
}

# differ SELECT JQ COMMAND…: the first rows in which the table and the API differ; none is right
differ() {
	local select=$1
	shift
	diff <(sql -c "SELECT row_to_json(r) FROM ($select) r" | jq -cS . | sort) <("${api_says:-q}" "$@" | jq -cS . | sort) | head -n 4
}

# agree WHAT SELECT JQ COMMAND…: until they do, for the clock runs
agree() {
	local what=$1 until_s=$((SECONDS + 10)) differs
	shift
	while differs=$(differ "$@") && [ -n "$differs" ] && [ "$SECONDS" -lt "$until_s" ]; do sleep 0.1; done
	same "$what" "$differs" ""
}

# What the desk says of itself; a command of its own.
on_desk() {
	get "/v1/shift?json=true" | head -n -1 | jq -c "$1"
}
desk() {
	curl -s --unix-socket "$dir/http" -d "$2" "http://localhost/v1/commands/$1" | jq -r .result
}

listed() {
	get "/v1/$2?all=true" | head -n -1 | jq -c "$1"
}

# Of all cases, the parts that only `incident show` has.
shown() {
	local id
	for id in $(q '.[].id' incident list --all); do q "$1" incident show "$id"; done
}

position='lon: .position.coordinates[0], lat: .position.coordinates[1]'

# The console's list of alarms is of the rows in the local log.
agree_on_alarms=yes
alarms_agree() {
	agree "$1: alarm" "SELECT source, id, type, state, mode, result, incident, lon, lat, confidence, value, unit, text, $(at sent_at time),
			$(at received_at at), seq FROM dispatch.alarm WHERE state <> 'alive'" \
		".[] | select(.result == \"accepted\" or .result == \"suppressed\") | {source, id, type, state, mode, result, incident, $position,
			confidence, value, unit, text, time, at, seq}" alarm list
	agree "$1: incident_alarm" "SELECT source, alarm AS id, incident, relation FROM dispatch.incident_alarm" \
		'.[] | select(.result == "accepted" and .incident != null) | {source, id, incident,
			relation: (if .opened then "opened" elif .occurrence then "occurrence" else "joined" end)}' alarm list
}

# Who is told of what, and who is to be telephoned.
calls_agree() {
	api_says=listed agree "$1: notification" "SELECT id, incident, person, role AS who, state, $(at issued_at issued), $(at answer_by due),
			$(at answered_at answered) FROM dispatch.notification" '.[] | {id, incident, person, who, state, issued, due, answered}' notices
	agree "$1: call_task" "SELECT id, coalesce((SELECT merged_into FROM dispatch.incident c WHERE c.id = call_task.incident), incident) AS incident, order_id AS \"order\", notification AS notice, person, name, phone, state, taken_by,
			$(at opened_at issued), $(at 'CASE WHEN done_at IS NULL THEN due_at END' due), $(at done_at ended) FROM dispatch.call_task" \
		'.[] | {id, incident, order, notice, person, name, phone, state, taken_by, issued, due, ended}' task list --all
}
