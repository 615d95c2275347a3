/* caller: who asks: an account at the unix socket, a token at the TCP door, and whether the token is right. Takes no command. */
#include "api/internal.h"

#include <arpa/inet.h>
#include <event2/bufferevent.h>
#include <netinet/in.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "api/token.h"
#include "core/permit.h"
#include "core/text_pool.h"

enum { KNOWN_MAX = 1024, PARKED_MAX = 64, NOTE_MAX = 512 };

/* A secret that was right, so that only the first request of many pays for argon2id. Under the key's slot: two share one at
 * worst, and pay again. */
struct known {
	uint32_t key, hash; /* running number; the text that it was compared with. 0: none */
	uint8_t digest[CHECKER_DIGEST_BYTES];
};

/* A request whose secret is being compared; those with the same one wait for the same answer. */
struct parked {
	struct evhttp_request *http; /* NULL: free */
	uint64_t ticket;
	struct caller caller;
	uint32_t hash;
	struct guard_subject address;
	uint8_t digest[CHECKER_DIGEST_BYTES];
};

struct door_book {
	struct guard guard;
	struct checker *checker;
	uint64_t ticket;
	struct known known[KNOWN_MAX];
	struct parked parked[PARKED_MAX];
};

/* --- answers ---------------------------------------------------------------------------------------- */

static void header_put(struct evhttp_request *http, const char *name, const char *value)
{
	(void)evhttp_add_header(evhttp_request_get_output_headers(http), name, value);
}

static bool wants_token(struct api *api, struct evhttp_request *http, const char *detail)
{
	header_put(http, "WWW-Authenticate", "Bearer");
	api->counter.unknown++;
	reply_error(api, http, 401, "unknown_token", "%s", detail);
	return false;
}

static bool wants_patience(
	struct api *api, struct evhttp_request *http, const char *error, const char *detail, int64_t wait_ms)
{
	char seconds[24];

	(void)snprintf(seconds, sizeof(seconds), "%lld", (long long)((wait_ms + 999) / 1000));
	header_put(http, "Retry-After", seconds);
	reply_error(api, http, 429, error, "%s; again in %s s", detail, seconds);
	return false;
}

static void note(struct api *api, const char *what, const char *from, const char *why, int64_t for_ms)
{
	char text[NOTE_MAX];
	int len = snprintf(text, sizeof(text), "from=%s why=\"%s\"", from, why);

	if (api->hooks.note == NULL || len < 0)
		return;
	if (for_ms > 0)
		(void)snprintf(text + len, sizeof(text) - (size_t)len, " for_s=%lld",
			(long long)((for_ms + 999) / 1000));
	api->hooks.note(api->hooks.context, what, text);
}

/* --- keys -------------------------------------------------------------------------------------------- */

static const struct key *key_of(const struct api *api, uint32_t number)
{
	return query_at(api->core, TABLE_KEY, query_slot(api->core, TABLE_KEY, number));
}

bool caller_holds(const struct api *api, const struct caller *caller)
{
	const struct key *key = caller->key == 0 ? NULL : key_of(api, caller->key);

	return caller->kind != CALLER_TOKEN ||
	       (key != NULL && query_key_valid(key, api->hooks.now_ms(api->hooks.context)));
}

/* A token's key as one may use it here; why: "" or what is wrong with it, for the log alone. */
static const struct key *key_named(const struct api *api, struct text id, const char **why)
{
	const struct key *key = query_at(api->core, TABLE_KEY, query_key_find(api->core, id));

	*why = "";
	if (key == NULL || key->kind != KEY_TOKEN)
		*why = "there is no such token";
	else if (key->role != KEY_CONSOLE && key->role != KEY_READER)
		*why = "its role is not one for HTTP";
	else if (key->revoked)
		*why = "it was revoked";
	else if (!query_key_valid(key, api->hooks.now_ms(api->hooks.context)))
		*why = "its time is over";
	return key;
}

static struct known *known_at(struct door_book *book, uint32_t key)
{
	return &book->known[key % KNOWN_MAX];
}

/* The secret was right while the key held: somebody who has not heard yet that it holds no more, and no guess. */
static bool was_known(
	struct door_book *book, const struct key *key, const uint8_t digest[CHECKER_DIGEST_BYTES])
{
	const struct known *known = known_at(book, key->r.number);

	return known->key == key->r.number && checker_same(known->digest, digest);
}

static bool is_known(
	struct door_book *book, const struct key *key, const uint8_t digest[CHECKER_DIGEST_BYTES])
{
	const struct known *known = known_at(book, key->r.number);

	return known->hash == key->hash && key->hash != 0 && was_known(book, key, digest);
}

/* --- tries ------------------------------------------------------------------------------------------- */

static const char no_good[] =
	"this token is not known, not right, revoked or past its end; dispatchctl key add makes one";

static void lock_out(struct api *api, const struct guard_subject *subject, const char *from, const char *what)
{
	int64_t for_ms = guard_failed(&api->book->guard, subject, api->ticked_ms);

	if (for_ms == 0)
		return;
	api->counter.lockouts++;
	note(api, "api.locked_out", from, what, for_ms);
}

/* A try that failed; key: NULL where it is none of ours. */
static bool failed(struct api *api, struct evhttp_request *http, const struct caller *caller,
	const struct guard_subject *address, const struct key *key, const char *why)
{
	note(api, "api.refused", caller->from, why, 0);
	lock_out(api, address, caller->from, "too many failed tries from this address");
	if (key != NULL) {
		struct guard_subject subject = guard_key(key->r.number);

		lock_out(api, &subject, caller->from, "too many failed tries with this key");
	}
	return wants_token(api, http, no_good);
}

static bool too_busy(struct api *api, struct evhttp_request *http)
{
	return wants_patience(api, http, "overloaded", "too many tokens are being looked at", 1000);
}

/* Waits for an answer of the checker, ours or that of one with the same secret. */
static bool park(struct api *api, struct evhttp_request *http, const struct key *key, struct text secret,
	const struct parked *wanted)
{
	struct door_book *book = api->book;
	struct parked *place = NULL;
	uint64_t ticket = 0;

	for (uint32_t i = 0; i < PARKED_MAX; i++) {
		struct parked *parked = &book->parked[i];

		if (parked->http == NULL)
			place = parked;
		else if (parked->caller.key == wanted->caller.key && parked->hash == wanted->hash &&
			 checker_same(parked->digest, wanted->digest))
			ticket = parked->ticket;
	}
	if (place == NULL)
		return too_busy(api, http);
	if (ticket == 0) {
		ticket = book->ticket + 1;
		if (!guard_check(&book->guard, &wanted->address, api->ticked_ms) ||
			!checker_ask(book->checker, ticket, query_text(api->core, key->hash), secret))
			return too_busy(api, http);
		book->ticket = ticket;
	}
	*place = *wanted;
	place->http = http;
	place->ticket = ticket;
	return false;
}

static void is_good(struct api *api, struct evhttp_request *http, const struct caller *caller)
{
	struct conn *conn = conn_of(api, http);

	if (conn != NULL)
		conn->key = caller->key;
}

/* One parked request, now that it is known whether its secret is right. */
static void answer(struct api *api, struct parked *parked, enum checker_result result, bool first)
{
	const struct key *key = key_of(api, parked->caller.key);
	struct evhttp_request *http = parked->http;
	struct guard_subject subject = guard_key(parked->caller.key);

	parked->http = NULL;
	if (result == CHECKER_FAILED || key == NULL) {
		reply_error(api, http, 503, "overloaded", "the token could not be looked at; try again soon");
		return;
	}
	if (result == CHECKER_WRONG || !caller_holds(api, &parked->caller) || key->hash != parked->hash) {
		(void)failed(api, http, &parked->caller, &parked->address, key, "its secret is not right");
		return;
	}
	if (first) {
		struct known *known = known_at(api->book, key->r.number);

		known->key = key->r.number;
		known->hash = key->hash;
		memcpy(known->digest, parked->digest, sizeof(known->digest));
		guard_good(&api->book->guard, &subject, api->ticked_ms);
		guard_good(&api->book->guard, &parked->address, api->ticked_ms);
	}
	is_good(api, http, &parked->caller);
	route_serve(api, http, &parked->caller);
}

static void on_checked(void *context, uint64_t ticket, enum checker_result result)
{
	struct api *api = context;
	bool first = true;

	for (uint32_t i = 0; i < PARKED_MAX; i++) {
		struct parked *parked = &api->book->parked[i];

		if (parked->http == NULL || parked->ticket != ticket)
			continue;
		answer(api, parked, result, first);
		first = false;
	}
}

/* --- at the TCP door ----------------------------------------------------------------------------------- */

static void address_write(const struct sockaddr *address, char out[INET6_ADDRSTRLEN])
{
	const void *bytes = address->sa_family == AF_INET
				    ? (const void *)&((const struct sockaddr_in *)address)->sin_addr
				    : (const void *)&((const struct sockaddr_in6 *)address)->sin6_addr;

	if (inet_ntop(address->sa_family, bytes, out, INET6_ADDRSTRLEN) == NULL)
		(void)snprintf(out, INET6_ADDRSTRLEN, "?");
}

static bool by_token(struct api *api, struct evhttp_request *http, const char *header,
	const struct sockaddr *address, struct caller *out)
{
	struct door_book *book = api->book;
	struct parked wanted = {.address = guard_address(address)};
	struct guard_subject subject;
	const struct key *key;
	struct token token;
	const char *why;
	char at[INET6_ADDRSTRLEN];
	int64_t wait_ms = guard_wait_ms(&book->guard, &wanted.address, api->ticked_ms);

	if (wait_ms > 0)
		return wants_patience(
			api, http, "locked_out", "too many failed tries from this address", wait_ms);
	address_write(address, at);
	(void)snprintf(out->from, sizeof(out->from), "unknown@%s", at);
	if (!token_read(header, &token))
		return failed(api, http, out, &wanted.address, NULL, "it is not of the form ID.SECRET");
	key = key_named(api, token.id, &why);
	if (key != NULL)
		(void)snprintf(out->from, sizeof(out->from), "%.*s@%s", (int)token.id.len, token.id.ptr, at);
	checker_digest(token.secret, wanted.digest);
	if (why[0] != '\0' && key != NULL && was_known(book, key, wanted.digest))
		return wants_token(api, http, no_good);
	if (why[0] != '\0')
		return failed(api, http, out, &wanted.address, NULL, why);
	out->kind = CALLER_TOKEN;
	out->key = key->r.number;
	struct text who = query_text(api->core, key->who);
	(void)snprintf(out->name, sizeof(out->name), "%.*s", (int)who.len, who.ptr);
	if (is_known(book, key, wanted.digest)) {
		is_good(api, http, out);
		return true;
	}
	subject = guard_key(key->r.number);
	wait_ms = guard_wait_ms(&book->guard, &subject, api->ticked_ms);
	if (wait_ms > 0)
		return wants_patience(
			api, http, "locked_out", "too many failed tries with this token", wait_ms);
	wanted.caller = *out;
	wanted.hash = key->hash;
	return park(api, http, key, token.secret, &wanted);
}

static bool at_tcp(struct api *api, struct evhttp_request *http, int fd, struct caller *out)
{
	const char *header = evhttp_find_header(evhttp_request_get_input_headers(http), "Authorization");
	struct sockaddr_storage address = {0};
	socklen_t size = sizeof(address);
	char at[INET6_ADDRSTRLEN];

	if (getpeername(fd, (struct sockaddr *)&address, &size) != 0)
		return wants_token(api, http, "nobody is there any more");
	if (header != NULL)
		return by_token(api, http, header, (const struct sockaddr *)&address, out);
	if (api->tls != NULL)
		return wants_token(api, http,
			"a token is needed here: Authorization: Bearer ID.SECRET (dispatchctl --token-file)");
	address_write((const struct sockaddr *)&address, at);
	out->kind = CALLER_ANYBODY;
	(void)snprintf(out->from, sizeof(out->from), "anybody@%s", at);
	return true;
}

/* --- at the unix socket --------------------------------------------------------------------------------- */

static bool account_may(const struct api *api, uint32_t uid)
{
	for (uint32_t i = 0; i < api->config.account_count; i++)
		if (api->account[i] == uid)
			return true;
	return api->config.account_count == 0;
}

static bool at_unix(struct api *api, struct evhttp_request *http, int fd, struct caller *out)
{
	struct ucred peer = {0};
	socklen_t size = sizeof(peer);
	struct passwd entry, *found = NULL;
	char memory[1024];

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) {
		reply_error(api, http, 403, "not_permitted", "the system does not say whose request this is");
		return false;
	}
	if (getpwuid_r(peer.uid, &entry, memory, sizeof(memory), &found) == 0 && found != NULL)
		(void)snprintf(out->name, sizeof(out->name), "%s", found->pw_name);
	else
		(void)snprintf(out->name, sizeof(out->name), "uid-%u", (unsigned)peer.uid);
	out->kind = CALLER_ACCOUNT;
	(void)snprintf(out->from, sizeof(out->from), "%s@unix", out->name);
	if (account_may(api, peer.uid))
		return true;
	note(api, "api.refused", out->from, "listen.accounts does not name this account", 0);
	reply_error(api, http, 403, "not_permitted",
		"the account %s may not use this socket; the configuration's listen.accounts names who may",
		out->name);
	return false;
}

bool caller_ask(struct gate *gate, struct evhttp_request *http, struct caller *out)
{
	struct evhttp_connection *evcon = evhttp_request_get_connection(http);
	int fd = evcon == NULL ? -1 : bufferevent_getfd(evhttp_connection_get_bufferevent(evcon));

	*out = (struct caller){.kind = CALLER_ANYBODY};
	return gate->tcp ? at_tcp(gate->api, http, fd, out) : at_unix(gate->api, http, fd, out);
}

/* --- whose name stands under it ------------------------------------------------------------------------- */

static bool same_person(const struct core *core, struct text a, struct text b)
{
	struct permit_person one = permit_person(core, a), other = permit_person(core, b);

	return text_equal(a, b) || (one.number != 0 && one.number == other.number);
}

/* What somebody has said by telephone or radio, where everybody may say it. */
static bool is_on_behalf(const struct event *event)
{
	return (text_equal(event->channel, TEXT("phone")) || text_equal(event->channel, TEXT("radio"))) &&
	       (permit_who(event) & PERMIT_OTHERS) != 0;
}

bool caller_signs(
	struct api *api, struct evhttp_request *http, const struct caller *caller, struct event *event)
{
	struct text name = text_of(caller->name);

	event->from = text_of(caller->from);
	if (event->channel.len == 0)
		event->channel = TEXT("console");
	if (event->by.len == 0)
		event->by = name;
	if (caller->kind != CALLER_TOKEN || is_on_behalf(event))
		return true;
	if (!same_person(api->core, event->by, name)) {
		reply_error(api, http, 403, "not_permitted",
			"this token acts for %s alone; in another's name it takes channel phone or radio, "
			"and "
			"only what everybody may",
			caller->name);
		return false;
	}
	event->by = name;
	return true;
}

bool caller_known(struct api *api, const struct guard_subject *address)
{
	return guard_known(&api->book->guard, address, api->ticked_ms);
}

/* --- open and close --------------------------------------------------------------------------------------- */

enum disp_err caller_open(struct api *api)
{
	api->book = calloc(1, sizeof(*api->book));
	if (api->book == NULL)
		return DISP_E_IO;
	guard_init(&api->book->guard, api->config.lockout_ms);
	return checker_open(&api->book->checker, api->base, on_checked, api);
}

void caller_close(struct api *api)
{
	if (api->book == NULL)
		return;
	checker_close(api->book->checker);
	for (uint32_t i = 0; i < PARKED_MAX; i++)
		if (api->book->parked[i].http != NULL)
			reply_error(api, api->book->parked[i].http, 503, "stopping", "the daemon stops");
	free(api->book);
	api->book = NULL;
}
