/* test_wire_keys: who gets in at the doors, as whom, and how much; over real sockets. How the daemon does it is in the .sh. */
#include "keyed_town.h"

enum { TRIES = 1000 };

/* --- nobody in ------------------------------------------------------------------------------------ */

enum stranger { UNKNOWN, MISSING, REVOKED, ENDED, STOLEN, STRANGERS };
static const char *const stranger_name[STRANGERS] = {"unknown", "missing", "revoked", "ended", "stolen"};

/* What that one shows at the door; NULL: nothing at all. */
static const struct pair *show(enum stranger stranger)
{
	static struct pair pair;

	make_pair(&pair);
	switch (stranger) {
	case MISSING:
		return NULL;
	case REVOKED:
		return &revoked;
	case ENDED:
		return &ended;
	case STOLEN:
		memcpy(pair.public_key, gateway.public_key,
			32); /* somebody else's, with a secret of one's own */
		return &pair;
	default:
		return &pair;
	}
}

static void try_batch(enum stranger stranger)
{
	static const enum door door[] = {DOOR_ALARMS, DOOR_UNITS, DOOR_FEED};
	struct peer peer[BATCH];
	char byte;

	for (uint32_t i = 0; i < BATCH; i++) {
		peer_open(&peer[i], door[i % 3], i % 3 == 2 ? ZMQ_SUB : ZMQ_DEALER, show(stranger), NULL);
		if (i % 3 != 2)
			(void)zmq_send(peer[i].socket, alarm_from("cam-1"), 100, ZMQ_DONTWAIT);
	}
	await_peers(peer, BATCH, false);
	for (uint32_t i = 0; i < BATCH; i++) {
		assert_false(peer[i].in);
		assert_int_equal(zmq_recv(peer[i].socket, &byte, 1, ZMQ_DONTWAIT), -1);
		peer_close(&peer[i]);
	}
}

static void no_stranger_gets_in(void **state)
{
	const char *wanted = getenv("DISPATCH_TRIES");
	uint32_t tries = wanted ? (uint32_t)strtoul(wanted, NULL, 10) : TRIES;
	const struct ingest_counters *count = ingest_get_counters(town.ingest);
	struct peer known;
	uint32_t tried = 0;

	(void)state;
	for (uint32_t of[STRANGERS] = {0}; tried < tries; tried += BATCH) {
		enum stranger stranger = (enum stranger)(tried / BATCH % STRANGERS);

		try_batch(stranger);
		of[stranger] += BATCH;
		if (tried + BATCH < tries)
			continue;
		for (uint32_t i = 0; i < STRANGERS; i++)
			printf("  %-8s %6u tries, 0 in\n", stranger_name[i], of[i]);
	}
	assert_int_equal(count->handshakes, 0);
	assert_int_equal(count->alarms + count->reports + count->subscribed, 0);
	assert_true(count->handshakes_refused > 0);
	peer_open(&known, DOOR_ALARMS, ZMQ_DEALER, &gateway, NULL);
	ask(&known, "cam-1", "\"result\":\"accepted\""); /* the door was not simply shut */
	peer_close(&known);
}

/* Whoever can do PLAIN gets no further than one without keys. */
static void no_other_mechanism_is_taken(void **state)
{
	struct peer peer;

	(void)state;
	plain = true;
	peer_open(&peer, DOOR_ALARMS, ZMQ_DEALER, NULL, NULL);
	plain = false;
	await_peers(&peer, 1, false);
	assert_false(peer.in);
	peer_close(&peer);
	assert_int_equal(ingest_get_counters(town.ingest)->handshakes, 0);
}

/* --- who may what --------------------------------------------------------------------------------- */

static void a_key_speaks_for_its_own_alone(void **state)
{
	struct peer cam, crew, gw;

	(void)state;
	peer_open(&cam, DOOR_ALARMS, ZMQ_DEALER, &camera, NULL);
	ask(&cam, "cam-1", "\"result\":\"accepted\"");
	ask(&cam, "cam-2", "\"reason\":\"not_permitted\"");
	ask(&cam, "nobody", "\"reason\":\"not_permitted\""); /* and it does not learn who there is */
	peer_open(&gw, DOOR_ALARMS, ZMQ_DEALER, &gateway, NULL);
	ask(&gw, "cam-1", "\"result\":\"accepted\"");
	ask(&gw, "cam-2", "\"result\":\"accepted\"");
	ask(&gw, "nobody", "\"reason\":\"unknown_source\"");
	peer_open(&crew, DOOR_UNITS, ZMQ_DEALER, &unit, NULL);
	send_text(crew.socket, "{\"kind\":\"hello\",\"unit\":\"FE-2\"}");
	expect(crew.socket, "\"reason\":\"not_permitted\"");
	send_text(crew.socket, "{\"kind\":\"hello\",\"device\":\"cam-1\"}");
	expect(crew.socket, "\"reason\":\"not_permitted\"");
	send_text(crew.socket, "{\"kind\":\"hello\",\"unit\":\"FE-1\"}");
	expect(crew.socket, "\"kind\":\"pong\"");
	assert_int_equal(ingest_get_counters(town.ingest)->links, 1);
	peer_close(&cam);
	peer_close(&gw);
	peer_close(&crew);
}

static void a_repeat_by_another_key_learns_nothing(void **state)
{
	const char *alarm =
		"{\"specversion\":\"1.0\",\"id\":\"x\",\"source\":\"cam-1\",\"type\":\"alarm.fire.smoke\","
		"\"time\":\"2026-07-01T08:00:00Z\",\"data\":{\"state\":\"raised\"}}";
	struct peer one, two;

	(void)state;
	peer_open(&one, DOOR_ALARMS, ZMQ_DEALER, &camera, NULL);
	peer_open(&two, DOOR_ALARMS, ZMQ_DEALER, &other_camera, NULL);
	send_text(one.socket, alarm);
	expect(one.socket, "\"result\":\"accepted\"");
	send_text(two.socket, alarm);
	expect(two.socket, "\"reason\":\"not_permitted\"");
	send_text(one.socket, alarm);
	expect(one.socket, "\"result\":\"duplicate\"");
	peer_close(&one);
	peer_close(&two);
}

static void a_role_has_its_doors(void **state)
{
	static const struct {
		const struct pair *pair;
		enum door door;
		bool in;
	} has[] = {{&gateway, DOOR_ALARMS, true}, {&gateway, DOOR_UNITS, true}, {&gateway, DOOR_FEED, true},
		{&camera, DOOR_ALARMS, true}, {&camera, DOOR_UNITS, true}, {&camera, DOOR_FEED, false},
		{&unit, DOOR_ALARMS, false}, {&unit, DOOR_UNITS, true}, {&unit, DOOR_FEED, false},
		{&reader, DOOR_ALARMS, false}, {&reader, DOOR_UNITS, false}, {&reader, DOOR_FEED, true}};

	(void)state;
	for (size_t i = 0; i < sizeof has / sizeof has[0]; i++) {
		struct peer peer;

		peer_open(&peer, has[i].door, has[i].door == DOOR_FEED ? ZMQ_SUB : ZMQ_DEALER, has[i].pair,
			NULL);
		await_peers(&peer, 1, has[i].in);
		assert_int_equal(peer.in, has[i].in);
		peer_close(&peer);
	}
}

/* --- out again ------------------------------------------------------------------------------------ */

static bool linked(const char *id)
{
	uint32_t slot = query_find(town.core, TABLE_UNIT, (struct text){id, (uint32_t)strlen(id)});

	return ((const struct unit *)query_at(town.core, TABLE_UNIT, slot))->link;
}

static void a_revoked_key_is_out(void **state)
{
	const struct ingest_counters *count = ingest_get_counters(town.ingest);
	struct peer peer[3];
	struct event event = {.kind = EVENT_CLOCK, .u.clock = {START_MS, 1000}};

	(void)state;
	add_key("live", KEY_GATEWAY, "", &revoked, 0);
	peer_open(&peer[0], DOOR_ALARMS, ZMQ_DEALER, &revoked, NULL);
	peer_open(&peer[1], DOOR_UNITS, ZMQ_DEALER, &revoked, NULL);
	peer_open(&peer[2], DOOR_FEED, ZMQ_SUB, &revoked, NULL);
	ask(&peer[0], "cam-1", "\"result\":\"accepted\"");
	for (int i = 0; i < WAIT_TURNS && count->subscribed == 0; i++) {
		turn();
		zmq_poll(NULL, 0, 1);
	}
	send_text(peer[1].socket, "{\"kind\":\"hello\",\"unit\":\"FE-1\"}");
	expect(peer[1].socket, "\"kind\":\"pong\"");
	(void)wait_until(peer[2].socket, "\"kind\":\"link\"");
	assert_true(linked("FE-1"));
	uint64_t alarms = query_used(town.core, TABLE_IDENTITY);

	revoke_key("live");
	send_text(peer[0].socket, alarm_from("cam-1"));
	await_peers(peer, 3, false);
	run_event(&event, NULL);
	/* A peer may know of its end before the core does, and before ZeroMQ's thread at this side has told the socket. */
	for (int i = 0; i < WAIT_TURNS && (linked("FE-1") || count->subscribed != 0); i++) {
		turn();
		zmq_poll(NULL, 0, 1);
	}
	assert_int_equal(query_used(town.core, TABLE_IDENTITY), alarms);
	assert_int_equal(count->links, 0);
	assert_false(linked("FE-1"));
	assert_int_equal(count->subscribed, 0);
	for (int i = 0; i < 3; i++)
		peer_close(&peer[i]);
}

static void a_key_that_has_come_to_its_end_is_out(void **state)
{
	struct peer peer;

	(void)state;
	add_key("today", KEY_GATEWAY, "", &ended, town.at_ms + 5000);
	peer_open(&peer, DOOR_ALARMS, ZMQ_DEALER, &ended, NULL);
	ask(&peer, "cam-1", "\"result\":\"accepted\"");
	town.at_ms += 4999;
	ask(&peer, "cam-1", "\"result\":\"accepted\"");
	town.at_ms += 1; /* at once: no second of ours has passed */
	await_peers(&peer, 1, false);
	peer_close(&peer);
}

/* --- how much ------------------------------------------------------------------------------------- */

static uint32_t count_accepted(struct peer *peer, const char *source, uint32_t count)
{
	uint32_t accepted = 0;

	for (uint32_t i = 0; i < count; i++)
		send_text(peer->socket, alarm_from(source));
	for (uint32_t i = 0; i < count; i++) {
		const char *got = wait_for(peer->socket);

		assert_non_null(got);
		if (strstr(got, "\"result\":\"accepted\""))
			accepted++;
		else
			assert_non_null(strstr(got, "\"retry_after_s\":"));
	}
	return accepted;
}

static void a_mad_camera_starves_nobody(void **state)
{
	struct peer mad, quiet, gw;

	(void)state;
	peer_open(&mad, DOOR_ALARMS, ZMQ_DEALER, &camera, NULL);
	peer_open(&quiet, DOOR_ALARMS, ZMQ_DEALER, &other_camera, NULL);
	peer_open(&gw, DOOR_ALARMS, ZMQ_DEALER, &gateway, NULL);
	assert_int_equal(count_accepted(&mad, "cam-1", 500), 20);
	assert_int_equal(count_accepted(&quiet, "cam-2", 20), 20);
	assert_int_equal(count_accepted(&gw, "cam-1", 1000), 1000);
	town.monotonic_ms += 500;
	assert_int_equal(count_accepted(&mad, "cam-1", 50), 10);
	/* What the mad one has in the way is taken in turn with the other's, one by one. */
	for (int i = 0; i < 2000; i++)
		(void)zmq_send(mad.socket, alarm_from("cam-1"), 130, ZMQ_DONTWAIT);
	town.monotonic_ms += 1000;
	uint64_t before = ingest_get_counters(town.ingest)->alarms;

	ask(&quiet, "cam-2", "\"result\":\"accepted\"");
	printf("  taken from others before its turn came: %llu\n",
		(unsigned long long)(ingest_get_counters(town.ingest)->alarms - before - 1));
	peer_close(&mad);
	peer_close(&quiet);
	peer_close(&gw);
}

static void a_key_has_so_many_connections(void **state)
{
	struct peer peer[9], late;

	(void)state;
	for (int i = 0; i < 8; i++) {
		peer_open(&peer[i], DOOR_ALARMS, ZMQ_DEALER, &gateway, NULL);
		ask(&peer[i], "cam-1", "\"result\":\"accepted\"");
	}
	peer_open(&peer[8], DOOR_ALARMS, ZMQ_DEALER, &gateway, NULL);
	send_text(peer[8].socket, alarm_from("cam-1"));
	await_peers(&peer[8], 1, false);
	for (int i = 0; i < 8; i++)
		ask(&peer[i], "cam-1", "\"result\":\"accepted\"");
	/* One that is gone, and one that has been quiet for long, give way. */
	town.monotonic_ms += 60000;
	for (int i = 1; i < 8; i++)
		ask(&peer[i], "cam-1", "\"result\":\"accepted\"");
	peer_open(&late, DOOR_ALARMS, ZMQ_DEALER, &gateway, NULL);
	ask(&late, "cam-1", "\"result\":\"accepted\"");
	await_peers(&peer[0], 1, false);
	for (int i = 0; i < 9; i++)
		peer_close(&peer[i]);
	peer_close(&late);
	for (int i = 0; i < 3; i++)
		peer_open(&peer[i], DOOR_ALARMS, ZMQ_DEALER, &camera, NULL);
	ask(&peer[0], "cam-1", "\"result\":\"accepted\"");
	ask(&peer[1], "cam-1", "\"result\":\"accepted\"");
	send_text(peer[2].socket, alarm_from("cam-1"));
	await_peers(&peer[2], 1, false);
	for (int i = 0; i < 3; i++)
		peer_close(&peer[i]);
}

/* --- a routing id is no identity ------------------------------------------------------------------- */

#define NEAR_WATER                                                                                           \
	"{\"specversion\":\"1.0\",\"id\":\"o\",\"source\":\"cam-1\",\"type\":\"alarm.water.person_near\","   \
	"\"time\":\"2026-07-01T08:00:00Z\",\"data\":{\"state\":\"raised\"}}"

/* FE-1 gets an order; some turns for it to reach whoever it reaches. */
static void raise_alarm(void)
{
	struct peer gw;

	peer_open(&gw, DOOR_ALARMS, ZMQ_DEALER, &gateway, NULL);
	send_text(gw.socket, NEAR_WATER);
	expect(gw.socket, "\"result\":\"accepted\"");
	for (int i = 0; i < 50; i++) {
		turn();
		zmq_poll(NULL, 0, 1);
	}
	peer_close(&gw);
}

static void crew_open(struct peer *crew)
{
	peer_open(crew, DOOR_UNITS, ZMQ_DEALER, &unit, "crew");
	send_text(crew->socket, "{\"kind\":\"hello\",\"unit\":\"FE-1\"}");
	expect(crew->socket, "\"kind\":\"pong\"");
}

static void a_live_routing_id_is_not_taken_over(void **state)
{
	struct peer crew, thief;
	char byte, long_text[400];

	(void)state;
	crew_open(&crew);
	peer_open(&thief, DOOR_UNITS, ZMQ_DEALER, &camera, "crew");
	await_peers(&thief, 1, true);
	raise_alarm();
	(void)wait_until(crew.socket, "\"kind\":\"order\"");
	assert_int_equal(zmq_recv(thief.socket, &byte, 1, ZMQ_DONTWAIT), -1);
	/* ZeroMQ hears it no more: it is cut, so that whoever means well comes again. */
	memset(long_text, 'x', sizeof long_text);
	for (int i = 0; i < 3; i++)
		(void)zmq_send(thief.socket, long_text, sizeof long_text, ZMQ_DONTWAIT);
	for (int i = 0; i < 3; i++) {
		town.monotonic_ms += 60000;
		send_text(crew.socket, "{\"kind\":\"ping\"}");
		(void)wait_until(crew.socket, "\"kind\":\"pong\"");
	}
	await_peers(&thief, 1, false);
	send_text(crew.socket, "{\"kind\":\"ping\"}");
	(void)wait_until(crew.socket, "\"kind\":\"pong\"");
	peer_close(&crew);
	peer_close(&thief);
}

/* Its old connection hangs on a cable that was pulled: the server knows nothing of it, and ZeroMQ keeps the name. */
static void a_terminal_that_comes_again_is_heard_soon(void **state)
{
	struct peer old, silent, crew;

	(void)state;
	crew_open(&old);
	town.monotonic_ms += 1000;
	peer_open(&silent, DOOR_UNITS, ZMQ_DEALER, &unit, "crew");
	await_peers(&silent, 1, true);
	send_text(silent.socket, "{\"kind\":\"hello\",\"unit\":\"FE-1\"}");
	town.monotonic_ms += 4000;
	turn();
	peer_watch(&old);
	assert_false(old.out);
	town.monotonic_ms += 2000;
	await_peers(&old, 1, false);
	town.monotonic_ms += 5000;
	await_peers(&silent, 1, false);
	crew_open(&crew);
	assert_true(linked("FE-1"));
	/* Two that both speak are left alone. */
	town.monotonic_ms += 20000;
	send_text(crew.socket, "{\"kind\":\"ping\"}");
	expect(crew.socket, "\"kind\":\"pong\"");
	peer_close(&old);
	peer_close(&silent);
	peer_close(&crew);
}

static void who_has_a_dead_ones_routing_id_gets_no_orders(void **state)
{
	struct peer crew, thief;
	char byte;

	(void)state;
	crew_open(&crew);
	peer_close(&crew);
	for (int i = 0; i < 50; i++) {
		turn();
		zmq_poll(NULL, 0, 1);
	}
	assert_int_equal(ingest_get_counters(town.ingest)->links, 1); /* not noticed yet */
	peer_open(&thief, DOOR_UNITS, ZMQ_DEALER, &camera, "crew");
	await_peers(&thief, 1, true);
	raise_alarm();
	assert_int_equal(zmq_recv(thief.socket, &byte, 1, ZMQ_DONTWAIT), -1);
	assert_int_equal(ingest_get_counters(town.ingest)->links, 0);
	send_text(thief.socket, "{\"kind\":\"ping\"}");
	expect(thief.socket, "hello first");
	peer_close(&thief);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define KEYED(test) cmocka_unit_test_setup_teardown(test, open_keyed, close_keyed)
		KEYED(no_stranger_gets_in),
		KEYED(no_other_mechanism_is_taken),
		KEYED(a_key_speaks_for_its_own_alone),
		KEYED(a_repeat_by_another_key_learns_nothing),
		KEYED(a_role_has_its_doors),
		KEYED(a_revoked_key_is_out),
		KEYED(a_key_that_has_come_to_its_end_is_out),
		KEYED(a_mad_camera_starves_nobody),
		KEYED(a_key_has_so_many_connections),
		KEYED(a_live_routing_id_is_not_taken_over),
		KEYED(a_terminal_that_comes_again_is_heard_soon),
		KEYED(who_has_a_dead_ones_routing_id_gets_no_orders),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
