/* keyed_town: the town of ingest_town.h with doors that ask for keys, its keys, and who tries them. No test. */
#ifndef TESTS_KEYED_TOWN_H
#define TESTS_KEYED_TOWN_H

#include "ingest_town.h"

#include "wire/z85.h"

enum { BATCH = 40, WAIT_TURNS = 4000 };

struct pair {
	uint8_t public_key[32], secret_key[32];
};

static struct pair server, gateway, camera, other_camera, unit, reader, revoked, ended;

/* --- the other side ------------------------------------------------------------------------------- */

static inline void make_pair(struct pair *pair)
{
	char public_text[41], secret_text[41];

	assert_int_equal(zmq_curve_keypair(public_text, secret_text), 0);
	assert_non_null(zmq_z85_decode(pair->public_key, public_text));
	assert_non_null(zmq_z85_decode(pair->secret_key, secret_text));
}

/* A socket under a key, and what becomes of its handshake. pair NULL: none. */
struct peer {
	void *socket, *monitor;
	bool in, out; /* the handshake was taken; it is over, for good */
};

static bool plain; /* the next one says a name and a password instead */

/* Those that are open: a test that failed leaves them behind. */
static void *open_sockets[4 * BATCH];

static inline void note(void *socket, void *instead)
{
	for (uint32_t i = 0; i < 4 * BATCH; i++) {
		if (open_sockets[i] == socket) {
			open_sockets[i] = instead;
			return;
		}
	}
	fail_msg("too many sockets");
}

static inline int close_keyed(void **state)
{
	for (uint32_t i = 0; i < 4 * BATCH; i++)
		if (open_sockets[i])
			zmq_close(open_sockets[i]);
	memset(open_sockets, 0, sizeof open_sockets);
	return close_town(state);
}

static inline void peer_open(
	struct peer *peer, enum door door, int type, const struct pair *pair, const char *name)
{
	static unsigned serial;
	char place[40];
	int zero = 0, never = -1;

	*peer = (struct peer){
		.socket = zmq_socket(town.context, type), .monitor = zmq_socket(town.context, ZMQ_PAIR)};
	assert_true(peer->socket && peer->monitor);
	note(NULL, peer->socket);
	note(NULL, peer->monitor);
	zmq_setsockopt(peer->socket, ZMQ_LINGER, &zero, sizeof zero);
	zmq_setsockopt(peer->monitor, ZMQ_LINGER, &zero, sizeof zero);
	zmq_setsockopt(peer->socket, ZMQ_RECONNECT_IVL, &never, sizeof never);
	if (name)
		zmq_setsockopt(peer->socket, ZMQ_ROUTING_ID, name, strlen(name));
	if (type == ZMQ_SUB)
		zmq_setsockopt(peer->socket, ZMQ_SUBSCRIBE, "", 0);
	if (plain) {
		zmq_setsockopt(peer->socket, ZMQ_PLAIN_USERNAME, "admin", 5);
		zmq_setsockopt(peer->socket, ZMQ_PLAIN_PASSWORD, "admin", 5);
	}
	if (pair) {
		zmq_setsockopt(peer->socket, ZMQ_CURVE_SERVERKEY, server.public_key, 32);
		zmq_setsockopt(peer->socket, ZMQ_CURVE_PUBLICKEY, pair->public_key, 32);
		zmq_setsockopt(peer->socket, ZMQ_CURVE_SECRETKEY, pair->secret_key, 32);
	}
	(void)snprintf(place, sizeof place, "inproc://peer-%u", serial++);
	assert_int_equal(zmq_socket_monitor(peer->socket, place, ZMQ_EVENT_ALL), 0);
	assert_int_equal(zmq_connect(peer->monitor, place), 0);
	assert_int_equal(zmq_connect(peer->socket, ingest_endpoint(town.ingest, door)), 0);
}

static inline void peer_close(struct peer *peer)
{
	zmq_socket_monitor(peer->socket, NULL, 0);
	zmq_close(peer->socket);
	zmq_close(peer->monitor);
	note(peer->socket, NULL);
	note(peer->monitor, NULL);
}

static inline void peer_watch(struct peer *peer)
{
	uint8_t event[16], address[256];
	uint16_t what;

	while (zmq_recv(peer->monitor, event, sizeof event, ZMQ_DONTWAIT) >= 2) {
		(void)zmq_recv(peer->monitor, address, sizeof address, 0);
		memcpy(&what, event, sizeof what);
		if (what == ZMQ_EVENT_HANDSHAKE_SUCCEEDED)
			peer->in = true;
		else if (what == ZMQ_EVENT_DISCONNECTED || what == ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL ||
			 what == ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL ||
			 what == ZMQ_EVENT_HANDSHAKE_FAILED_AUTH || what == ZMQ_EVENT_CLOSED)
			peer->out = true;
	}
}

static inline bool settled(struct peer *peer, uint32_t count, bool in)
{
	bool all = true;

	for (uint32_t i = 0; i < count; i++) {
		peer_watch(&peer[i]);
		all = all && (in ? peer[i].in : peer[i].out);
	}
	return all;
}

/* Turns until all are in, or out. */
static inline void await_peers(struct peer *peer, uint32_t count, bool in)
{
	for (int i = 0; i < WAIT_TURNS; i++) {
		turn();
		if (settled(peer, count, in))
			return;
		zmq_poll(NULL, 0, 1);
	}
	fail_msg("not all %s", in ? "in" : "out");
}

static inline const char *alarm_from(const char *source)
{
	static char text[256];
	static unsigned serial;

	(void)snprintf(text, sizeof text,
		"{\"specversion\":\"1.0\",\"id\":\"k%u\",\"source\":\"%s\",\"type\":\"alarm.fire.smoke\","
		"\"time\":\"2026-07-01T08:00:00Z\",\"data\":{\"state\":\"alive\"}}",
		serial++, source);
	return text;
}

static inline void ask(struct peer *peer, const char *source, const char *want)
{
	send_text(peer->socket, alarm_from(source));
	expect(peer->socket, want);
}

/* --- the town's keys ------------------------------------------------------------------------------ */

static inline void take_in(
	const char *id, uint8_t role, const char *who, const struct pair *pair, int64_t until_ms)
{
	struct event event = {.kind = EVENT_KEY};

	event.u.key = (struct event_key){.id = {id, (uint32_t)strlen(id)},
		.act = KEY_ADD,
		.kind = KEY_CURVE,
		.role = role,
		.who = {who, (uint32_t)strlen(who)},
		.until_ms = until_ms};
	memcpy(event.u.key.public_key, pair->public_key, 32);
	run_event(&event, NULL);
	assert_true(query_key_by_public(town.core, pair->public_key) != 0);
}

static inline void add_key(const char *id, uint8_t role, const char *who, struct pair *pair, int64_t until_ms)
{
	make_pair(pair);
	take_in(id, role, who, pair, until_ms);
}

static inline void revoke_key(const char *id)
{
	struct event event = {.kind = EVENT_KEY};

	event.u.key = (struct event_key){
		.id = {id, (uint32_t)strlen(id)}, .act = KEY_REVOKE, .reason = TEXT("lost")};
	run_event(&event, NULL);
}

static inline int open_keyed(void **state)
{
	struct ingest_config config = {.curve = true};
	struct event device = {.kind = EVENT_DEVICE,
		.u.device = {.id = TEXT("cam-2"),
			.kind = TEXT("camera"),
			.name = TEXT("二号"),
			.grid = TEXT("G-1"),
			.place = place_at(113.442, 34.78)}};

	(void)state;
	make_pair(&server);
	memcpy(config.public_key, server.public_key, 32);
	memcpy(config.secret_key, server.secret_key, 32);
	(void)open_town_with(&config);
	run_event(&device, NULL);
	add_key("gw", KEY_GATEWAY, "", &gateway, 0);
	add_key("cam", KEY_DEVICE, "cam-1", &camera, 0);
	add_key("cam2", KEY_DEVICE, "cam-2", &other_camera, 0);
	add_key("fe", KEY_UNIT, "FE-1", &unit, 0);
	add_key("board", KEY_READER, "", &reader, 0);
	add_key("gone", KEY_GATEWAY, "", &revoked, 0);
	revoke_key("gone");
	add_key("old", KEY_GATEWAY, "", &ended, START_MS + 1000);
	town.at_ms = START_MS + 2000;
	turn();
	return 0;
}

#endif
