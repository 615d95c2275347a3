#!/bin/bash
# Who is at the HTTP door: accounts at the unix socket; TLS and tokens at the TCP port; revoked, expired, locked out; no secret anywhere.
# shellcheck disable=SC2015,SC2016,SC2030,SC2031,SC2034,SC2317 # jq's variables; read by daemon.bash; functions called by await
# shellcheck source=tests/integration/daemon.bash
. "$(dirname "$0")/daemon.bash"

command -v openssl >/dev/null && command -v curl >/dev/null || { echo "no openssl, no curl"; exit 77; }
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=dispatch-test \
	-addext subjectAltName=IP:127.0.0.1 -keyout "$dir/tls.key" -out "$dir/tls.pem" 2>/dev/null || die "no certificate"
chmod 600 "$dir/tls.key"

# Without a database: what is asked here is asked of the core. listen: lines of its own.
listen="" tls="tls: { certificate: \"$dir/tls.pem\", key: \"$dir/tls.key\" }"
configuration_write() {
	cat >"$dir/config.yaml" <<-END
		town: "$town"
		playbooks: "$playbooks"
		data: "$dir/data"
		ready_file: "$dir/ready"
		listen:
		  alarms: "ipc://$dir/alarms"
		  units: "ipc://$dir/units"
		  feed: "ipc://$dir/feed"
		  http: "unix:$dir/http"
		  tcp: "127.0.0.1:*"
		  lockout_s: 2
		  $listen
		$tls
	END
}

# refuses WHAT PATTERN     it does not start, and says why
refuses() {
	daemon_begin
	wait "$DAEMON"
	same "$1" "$? $(grep -c -- "$2" "$dir/log")" "1 1"
	DAEMON=""
	: >"$dir/log"
}

# --- what it does not start with ---------------------------------------------------------------------------
chmod 644 "$dir/tls.key"
refuses "a key that others can read" 'key: .*others may read it'
chmod 600 "$dir/tls.key"
tls="" refuses "TCP without TLS" 'tcp: HTTP over TCP needs tls'
tls="tls: { certificate: \"$dir/tls.pem\" }" refuses "half of it" 'certificate and key are needed, both'
tls="tls: { certificate: \"$dir/tls.key\", key: \"$dir/tls.key\" }" refuses "no certificate" 'not a certificate in PEM'
listen="accounts: [nobody-of-this-machine]" refuses "an account that is none" 'is no user of this machine'

daemon_start
WEB=$(q .endpoints.http_tcp status)
same "it says https" "${WEB%%:*}" https
port=${WEB##*:}
person=$(q '.[0].id' people list --role duty_officer)
other=$(q '.[1].id' people list --role duty_officer)
[ "$person" != null ] && [ "$other" != null ] || die "two duty officers are needed"

# --- asking there ----------------------------------------------------------------------------------------------
# token ID [OPTION…]     a new token into $dir/ID.token, and as a header into $dir/ID.header
token() {
	local id=$1
	shift
	(umask 077 && ctl key add "$id" --token "$@" | jq -r .token >"$dir/$id.token")
	grep -q "^$id\..\{43\}$" "$dir/$id.token" || bad "no token $id: $(cat "$dir/said")"
	(umask 077 && sed 's/^/Authorization: Bearer /' "$dir/$id.token" >"$dir/$id.header")
}
header() { printf 'Authorization: Bearer %s\n' "$2" >"$dir/$1.header"; }
at=127.0.0.1
# web ID METHOD PATH [BODY]     the status; the body goes to $dir/body, the headers to $dir/headers
web() {
	curl -s --max-time 60 --interface "$at" --cacert "$dir/tls.pem" -o "$dir/body" -D "$dir/headers" -w '%{http_code}' \
		${1:+-H "@$dir/$1.header"} -X "$2" ${4:+--data "$4"} "$WEB$3"
}
# The token may be looked at only so often: asked again while that is said.
asked() {
	local code tries=0
	while code=$(web "$@") && [ "$code" = 429 ] && grep -q '"overloaded"' "$dir/body" && [ $((tries++)) -lt 100 ]; do sleep 0.1; done
	echo "$code"
}
error() { jq -r .error "$dir/body"; }
is_asked() { [ "$(asked "${@:2}")" = "$1" ]; }

token desk-1 --role console --who "$person"
token read-1 --role reader
same "without a token" "$(web "" GET /v1/status) $(error) $(grep -ci '^www-authenticate: bearer' "$dir/headers")" "401 unknown_token 1"
same "with one" "$(asked desk-1 GET /v1/status)" 200
same "again, without paying again" "$(web desk-1 GET /v1/status)$(web desk-1 GET /v1/status)$(web desk-1 GET /v1/status)" 200200200
same "a reader reads" "$(asked read-1 GET /v1/incidents)" 200
same "and no more" "$(asked read-1 POST /v1/commands/release '{"release":"confirm"}') $(error)" "403 not_permitted"
same "nor an alarm" "$(asked read-1 POST /v1/alarms '{}')" 403
same "nothing was done" "$(q .release status)" auto

# --- who, from where -----------------------------------------------------------------------------------------------
grid='{"type":"other","grid":"YL-16-03"}'
same "a case from afar" "$(web desk-1 POST /v1/commands/incident-open "$grid")" 200
case_1=$(jq -r .incident "$dir/body") row=$(jq -r .seq "$dir/body")
who_from() { get "/v1/journal?from=$1&limit=1" | head -n 1 | jq -r '"\(.by) \(.from)"'; }
same "who and from where, in the journal" "$(who_from "$row")" "$person desk-1@127.0.0.1"
same "on the screen, too" "$("$bin/dispatchctl" --lang en incident show "$case_1" | grep -c 'desk-1@127.0.0.1\]')" 1
same "and in the story" "$(q '.timeline[] | select(.kind == "open") | "\(.by) \(.from)"' incident show "$case_1")" "$person desk-1@127.0.0.1"
row=$(DISPATCH_BY=$other q .seq incident note "$case_1" "a note")
same "from the unix socket: the account" "$(who_from "$row")" "$other $(id -un)@unix"
same "and whoami says it" "$(q .from whoami)" "$(id -un)@unix"
same "another's name is refused" "$(web desk-1 POST /v1/commands/incident-cancel "{\"incident\":\"$case_1\",\"reason\":\"x\",\"by\":\"$other\"}") $(error)" "403 not_permitted"
same "its own is not" "$(web desk-1 POST /v1/commands/incident-note "{\"incident\":\"$case_1\",\"reason\":\"x\",\"by\":\"$person\"}")" 200
same "what was said by telephone" "$(web desk-1 POST /v1/commands/incident-note "{\"incident\":\"$case_1\",\"reason\":\"x\",\"by\":\"$other\",\"channel\":\"phone\"}")" 200
same "says who has written it down" "$(who_from "$(jq -r .seq "$dir/body")")" "$other desk-1@127.0.0.1"
same "but no order of the desk" "$(web desk-1 POST /v1/commands/incident-cancel "{\"incident\":\"$case_1\",\"reason\":\"x\",\"by\":\"$other\",\"channel\":\"phone\"}")" 403
same "nor a reload" "$(web desk-1 POST /v1/playbooks/reload "{\"by\":\"$other\"}")" 403

# --- the console ------------------------------------------------------------------------------------------------------
remote() { "$bin/dispatchctl" --json --lang en --server "$WEB" "$@" 2>"$dir/said"; }
same "the console signs as the token's person" "$(remote --cacert "$dir/tls.pem" --token-file "$dir/desk-1.token" whoami | jq -r '"\(.by) \(.from)"')" "$person desk-1@127.0.0.1"
export DISPATCH_CA=$dir/tls.pem DISPATCH_TOKEN_FILE=$dir/desk-1.token
row=$(remote incident note "$case_1" "from afar" | jq -r .seq)
same "by the environment's files" "$(who_from "$row")" "$person desk-1@127.0.0.1"
DISPATCH_BY=$other remote incident cancel "$case_1" --reason x >"$dir/out"
same "another's name: not permitted" "$? $(jq -r .error "$dir/out")" "4 not_permitted"
DISPATCH_TOKEN_FILE="" remote status >/dev/null
same "without a token: not permitted" "$?" 4
DISPATCH_CA=/dev/null remote status >/dev/null
same "a certificate that nobody trusts" "$?" 5
cp "$dir/desk-1.token" "$dir/open.token"
chmod 644 "$dir/open.token"
remote --token-file "$dir/open.token" status >/dev/null
same "a token that others can read" "$? $(grep -c 'others can read this token' "$dir/said")" "2 1"
echo "no token at all" >"$dir/none.token"
chmod 600 "$dir/none.token"
remote --token-file "$dir/none.token" status >/dev/null
same "a file without a token" "$? $(grep -c 'holds no token' "$dir/said")" "2 1"
same "at the unix socket it is not looked at" "$(DISPATCH_TOKEN_FILE=$dir/none.token q .town status)" yulong

# --- what else comes to the port -----------------------------------------------------------------------------------------
curl -s --max-time 30 "http://127.0.0.1:$port/v1/status" >"$dir/out"
same "plain HTTP gets no answer" "$? $(wc -c <"$dir/out")" "52 0"
holds "TLS 1.2" curl -s --tls-max 1.2 --cacert "$dir/tls.pem" -o /dev/null "$WEB/v1/status"
openssl s_client -connect "127.0.0.1:$port" -tls1_1 </dev/null >"$dir/out" 2>&1
same "TLS 1.1 is refused" "$(grep -c 'Cipher is (NONE)\|no protocols available' "$dir/out" | sed 's/^[1-9].*/refused/')" refused

# --- feeds are cut when their key is revoked -------------------------------------------------------------------------------
token read-2 --role reader
same "it is good" "$(asked read-2 GET /v1/status)" 200
curl -sN --cacert "$dir/tls.pem" -H "@$dir/read-2.header" "$WEB/v1/feed" >"$dir/lines" 2>/dev/null &
feed=$!
helpers+=("$feed")
await 10 "the feed is live" grep -q live "$dir/lines"
"$bin/dispatchctl" --server "$WEB" --token-file "$dir/desk-1.token" watch >"$dir/watched" 2>&1 &
watch=$!
helpers+=("$watch")
hears() { ctl incident note "$case_1" "watch this" && grep -q "$case_1" "$dir/watched"; }
await 20 "the console watches" hears
same "no secret in its words" "$(tr '\0' '\n' <"/proc/$watch/cmdline" | grep -cFf "$dir/desk-1.token")" 0
same "nor in its environment" "$(tr '\0' '\n' <"/proc/$watch/environ" | grep -cFf "$dir/desk-1.token")" 0
kill "$watch"
holds "revoked" ctl key revoke read-2 --reason lost
gone() { ! kill -0 "$feed"; }
await 10 "its feed is cut" gone
for n in 1 2 3 4 5 6; do same "and it is out, $n" "$(web read-2 GET /v1/status) $(error)" "401 unknown_token"; done
same "who has not heard of it locks nobody out" "$(web desk-1 GET /v1/status)" 200
same "and it is out" "$(asked read-2 GET /v1/status) $(error)" "401 unknown_token"
same "which is counted" "$(q '.counters.http_cut_keys' status)" 1
same "another is still in" "$(web desk-1 GET /v1/status)" 200
token soon-1 --role reader --until "$(time_in +3)"
same "before its end" "$(asked soon-1 GET /v1/status)" 200
await 20 "past its end" is_asked 401 soon-1 GET /v1/status

# --- failed tries, each part from an address of its own ----------------------------------------------------------------------
at=127.0.0.11
header wrong-1 "nobody.$(head -c 32 /dev/zero | base64 | tr -d =)"
for n in 1 2 3 4 5; do same "try $n" "$(web wrong-1 GET /v1/status)" 401; done
same "locked out" "$(web wrong-1 GET /v1/status) $(error) $(grep -ci '^retry-after: [12]' "$dir/headers")" "429 locked_out 1"
same "with a good one, too" "$(web desk-1 GET /v1/status) $(error)" "429 locked_out"
same "not from elsewhere" "$(at=127.0.0.1 web desk-1 GET /v1/status)" 200
same "said" "$(grep -c 'api.locked_out.*from=unknown@127.0.0.11 .*for_s=2' "$dir/log")" 1
same "counted" "$(q '.counters.http_lockouts' status)" 1
await 20 "in again" is_asked 200 desk-1 GET /v1/status
at=127.0.0.12
token desk-2 --role console --who "$person"
header wrong-2 "desk-2.$(head -c 32 /dev/zero | base64 | tr -d =)"
for n in 1 2 3 4 5; do same "a wrong secret, try $n" "$(asked wrong-2 GET /v1/status)" 401; done
at=127.0.0.13
same "the key is locked out, from elsewhere, too" "$(web desk-2 GET /v1/status) $(error)" "429 locked_out"
same "another key is not" "$(web desk-1 GET /v1/status)" 200
await 20 "the key is in again" is_asked 200 desk-2 GET /v1/status
same "who is known already is not shut out by others' tries" "$(
	at=127.0.0.14
	for n in 1 2 3 4 5; do asked wrong-2 GET /v1/status >/dev/null; done
	at=127.0.0.15 web desk-2 GET /v1/status)" 200
same "said of the key, too" "$(grep -c 'api.locked_out.*from=desk-2@.*with this key' "$dir/log")" 2

# --- a handshake that hangs -------------------------------------------------------------------------------------------------
exec {half}<>"/dev/tcp/127.0.0.1/$port"
exec {begun}<>"/dev/tcp/127.0.0.1/$port"
printf '\x16\x03\x01\x02\x00\x01' >&"$begun"
exec {slow}<>"/dev/tcp/127.0.0.1/$port"
read -r -t 60 -u "$half" _
same "half open: cut" "$([ $? -gt 128 ] && echo waits || echo cut)" cut
read -r -t 60 -u "$begun" _
same "in the middle: cut" "$([ $? -gt 128 ] && echo waits || echo cut)" cut
exec {half}>&- {begun}>&- {slow}>&-
same "the others go on" "$(web desk-1 GET /v1/status)" 200

# --- a stranger who hammers: public-key arithmetic is dear ---------------------------------------------------------------------
for _ in {1..400}; do printf 'url = "%s/v1/status"\noutput = /dev/null\n' "$WEB"; done >"$dir/urls"
before=$(q .counters.http_tls_refused status)
curl -sZ --parallel-immediate --parallel-max 16 --max-time 60 --interface 127.0.0.21 --cacert "$dir/tls.pem" \
	-H 'Connection: close' -w '%{http_code}\n' -K "$dir/urls" >"$dir/out" 2>/dev/null
served=$(grep -c 401 "$dir/out")
[ "$served" -ge 20 ] && [ "$served" -lt 300 ] || bad "of 400 handshakes in a breath $served were done"
same "the others are counted" "$(q ".counters.http_tls_refused - $before >= 100" status)" true
same "another is not kept waiting" "$(web desk-1 GET /v1/status)" 200
comes_again() { [ "$(at=127.0.0.21 web "" GET /v1/status)" = 401 ]; }
await 20 "nor is he, when he comes again" comes_again

# --- a new certificate, on HUP ---------------------------------------------------------------------------------------------
served() { openssl s_client -connect "127.0.0.1:$port" </dev/null 2>/dev/null | openssl x509 -noout -fingerprint; }
old=$(served)
curl -sN --cacert "$dir/tls.pem" -H "@$dir/desk-1.header" "$WEB/v1/feed" >"$dir/before" 2>/dev/null &
helpers+=("$!")
before=$!
await 10 "a feed under the old one" grep -q live "$dir/before"
cp "$dir/tls.pem" "$dir/good.pem"
cp "$dir/tls.key" "$dir/good.key"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=dispatch-new \
	-addext subjectAltName=IP:127.0.0.1 -keyout "$dir/new.key" -out "$dir/new.pem" 2>/dev/null
cp "$dir/new.pem" "$dir/tls.pem" # without its key
kill -HUP "$DAEMON"
refused() { grep -q 'error tls.refused.*tls.key.*the old certificate stays' "$dir/log"; }
await 10 "half of a pair is refused" refused
same "and the old one stays" "$(served)" "$old"
cp "$dir/new.key" "$dir/tls.key"
kill -HUP "$DAEMON"
renewed() { [ "$(served)" != "$old" ]; }
await 10 "the new pair is taken" renewed
same "it is said" "$(grep -c ' info tls.renewed' "$dir/log")" 1
same "with it one asks as before" "$(web desk-1 GET /v1/status)" 200
size=$(wc -c <"$dir/before")
holds "something happens" ctl incident note "$case_1" "under both"
grew() { [ "$(wc -c <"$dir/before")" -gt "$size" ]; }
await 10 "who was there goes on under the old one" grew
kill "$before"

# --- no secret anywhere -----------------------------------------------------------------------------------------------------
cut -d . -f 2 "$dir"/desk-1.token "$dir"/desk-2.token "$dir"/read-1.token "$dir"/read-2.token >"$dir/secrets"
same "in the log" "$(grep -cFf "$dir/secrets" "$dir/log")" 0
same "in what is kept" "$(grep -rlFf "$dir/secrets" "$dir/data" | wc -l)" 0
same "in the daemon's words" "$(tr '\0' '\n' <"/proc/$DAEMON/cmdline" | grep -cFf "$dir/secrets")" 0
same "in its environment" "$(tr '\0' '\n' <"/proc/$DAEMON/environ" | grep -cFf "$dir/secrets")" 0
ctl journal export >"$dir/rows"
same "in the journal" "$(grep -cFf "$dir/secrets" "$dir/rows") $(jq '[.[] | select(.kind == "key")] | length > 0' "$dir/rows")" "0 true"

# --- accounts ----------------------------------------------------------------------------------------------------------------
same "tokens survive a start" "$(
	daemon_kill 2>/dev/null
	listen="accounts: [$(id -u)]" daemon_start
	WEB=$(q .endpoints.http_tcp status)
	asked desk-1 GET /v1/status
	echo " $(q .town status)"
	daemon_kill)" "200
 yulong"
DAEMON=""
rm -f "$dir/http"
listen="accounts: [nobody]" daemon_start
same "who is not named is refused" "$(get /v1/status | tail -n 1) $(get /v1/status | head -n 1 | jq -r .error)" "403 not_permitted"
ctl status >/dev/null
same "by the console, too" "$?" 4
same "and it is said" "$(grep -c "api.refused.*from=$(id -un)@unix" "$dir/log" | sed 's/^[1-9].*/said/')" said
daemon_kill

# --- without TLS: only when that is said, and it is said again ------------------------------------------------------------------
: >"$dir/log"
tls="" listen="insecure: true" daemon_start
WEB=$(q .endpoints.http_tcp status)
at=127.0.0.1
same "http" "${WEB%%:*}" http
same "anybody" "$(web "" POST /v1/commands/incident-open "$grid")" 200
same "from where" "$(who_from "$(jq -r .seq "$dir/body")" | sed 's/.* //')" anybody@127.0.0.1
same "said at the start" "$(grep -c 'warning listen.insecure.*HTTP' "$dir/log")" 1
DAEMON_OLD=$DAEMON
kill "$DAEMON_OLD" && wait "$DAEMON_OLD" 2>/dev/null
DAEMON=""
done_here
