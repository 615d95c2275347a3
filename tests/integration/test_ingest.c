/* test_ingest: the doors over real sockets on free loopback ports; nothing here waits for a time to pass. */
#include "ingest_town.h"

#define CAM(id, rest)                                                                                        \
	"{\"specversion\":\"1.0\",\"id\":\"" id                                                              \
	"\",\"source\":\"cam-1\",\"type\":\"alarm.water.person_near\","                                      \
	"\"time\":\"2026-07-01T08:00:00Z\",\"data\":{\"state\":\"raised\"" rest "}}"
#define POINT(lon, lat) ",\"position\":{\"type\":\"Point\",\"coordinates\":[" lon "," lat "]}"
#define FORM(id, source, type, time, rest)                                                                   \
	"{\"specversion\":\"1.0\",\"id\":\"" id "\",\"source\":\"" source "\",\"type\":\"" type "\"," time   \
	"\"data\":{\"state\":\"raised\"" rest "}}"
#define NOW  "\"time\":\"2026-07-01T08:00:00Z\","
#define NEAR "alarm.water.person_near"

static const struct {
	const char *message, *reason;
} bad[] = {
	{"", "malformed"},
	{"hello", "malformed"},
	{"[]", "malformed"},
	{"{\"specversion\":\"1.0\"}", "malformed"},
	{"\xff\xfe", "malformed"},
	{CAM("b", ",\"text\":\"\xff\""), "malformed"},
	{CAM("b", ",\"text\":\"\\u0000\""), "malformed"},
	{CAM("b", ",\"confidence\":1.5"), "malformed"},
	{CAM("b", ",\"mode\":\"war\""), "malformed"},
	{FORM("b", "nobody", NEAR, NOW, ""), "unknown_source"},
	{FORM("b", "FE-1", NEAR, NOW, ""), "unknown_source"},
	{FORM("b", "cam-1", "alarm.ufo", NOW, ""), "unknown_type"},
	{CAM("b", POINT("513.44", "34.78")), "bad_position"},
	{CAM("b", POINT("1e999", "34.78")), "bad_position"},
	{CAM("b", POINT("113.44", "34.78") ",\"crs\":\"EPSG:9\""), "bad_position"},
	{CAM("b", POINT("116.4", "39.9")), "outside_town"},
	{FORM("b", "cam-1", NEAR, "", ""), "bad_time"},
	{FORM("b", "cam-1", NEAR, "\"time\":\"2026-07-01T08:02:01Z\",", ""), "bad_time"},
	{FORM("b", "cam-1", NEAR, "\"time\":\"2026-06-30T07:59:59Z\",", ""), "too_old"},
	{CAM("b", ",\"mode\":\"exercise\""), "not_permitted"},
};

static void every_bad_input_gets_its_reason(void **state)
{
	void *sender = connect_to(DOOR_ALARMS, ZMQ_DEALER);
	char want[64];

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		send_text(sender, bad[i].message);
		snprintf(want, sizeof(want), "\"result\":\"rejected\",\"reason\":\"%s\"", bad[i].reason);
		expect(sender, want);
	}
	assert_int_equal(query_used(town.core, TABLE_INCIDENT), 0);
	assert_int_equal(ingest_get_counters(town.ingest)->rejected[REJECT_BAD_TIME], 2);
	send_text(sender, FORM("ok", "cam-1", NEAR, "\"time\":\"2026-07-01T08:01:59Z\",", ""));
	expect(sender, "\"result\":\"accepted\",\"incident\":\"2026-000001\"");
	hang_up(sender);
}

static void too_large_is_answered_from_64_kib(void **state)
{
	void *sender = connect_to(DOOR_ALARMS, ZMQ_DEALER);
	static const size_t size[] = {65537, 1 << 20, 16 << 20};

	(void)state;
	for (size_t i = 0; i < sizeof(size) / sizeof(size[0]); i++) {
		char *message = malloc(size[i]);

		memset(message, ' ', size[i]);
		assert_true(zmq_send(sender, message, size[i], 0) >= 0);
		free(message);
		expect(sender, "\"reason\":\"too_large\"");
	}
	hang_up(sender);
}

static void beyond_16_mib_only_the_sender_is_cut_off(void **state)
{
	void *sender = connect_to(DOOR_ALARMS, ZMQ_DEALER), *other = connect_to(DOOR_ALARMS, ZMQ_DEALER);
	size_t size = 20 << 20;
	char *message = calloc(1, size);

	(void)state;
	send_text(other, CAM("a1", ""));
	expect(other, "\"result\":\"accepted\"");
	assert_true(zmq_send(sender, message, size, 0) >= 0);
	free(message);
	for (int i = 0; i < 20; i++) {
		send_text(other, CAM("a1", ""));
		expect(other, "\"result\":\"duplicate\"");
	}
	/* It comes again by itself, and is heard like everybody. */
	void *again = connect_to(DOOR_ALARMS, ZMQ_DEALER);

	send_text(again, CAM("a2", ""));
	expect(again, "\"result\":\"accepted\"");
	assert_int_equal(ingest_get_counters(town.ingest)->rejected[REJECT_TOO_LARGE], 0);
	hang_up(sender);
	hang_up(other);
	hang_up(again);
}

static void the_reply_comes_in_the_envelope_it_came_in(void **state)
{
	void *req = connect_to(DOOR_ALARMS, ZMQ_REQ), *dealer = connect_to(DOOR_ALARMS, ZMQ_DEALER);
	char frame[16];
	int more = 0;
	size_t size = sizeof(more);

	(void)state;
	send_text(req, CAM("r1", ""));
	expect(req, "{\"id\":\"r1\",\"source\":\"cam-1\",\"result\":\"accepted\",\"incident\":\"2026-"
		    "000001\",\"seq\":");
	send_text(req, CAM("r1", ""));
	expect(req, "\"result\":\"duplicate\",\"incident\":\"2026-000001\"");
	assert_true(zmq_send(dealer, "", 0, ZMQ_SNDMORE) >= 0);
	send_text(dealer, CAM("r1", ""));
	for (int i = 0; i < TURNS_MAX; i++) {
		zmq_pollitem_t item = {dealer, 0, ZMQ_POLLIN, 0};

		turn();
		if (zmq_poll(&item, 1, 1) > 0)
			break;
	}
	assert_int_equal(zmq_recv(dealer, frame, sizeof(frame), ZMQ_DONTWAIT), 0);
	assert_int_equal(zmq_getsockopt(dealer, ZMQ_RCVMORE, &more, &size), 0);
	assert_int_equal(more, 1);
	expect(dealer, "duplicate");
	assert_true(zmq_send(dealer, "a", 1, ZMQ_SNDMORE) >= 0);
	send_text(dealer, CAM("r2", ""));
	expect(dealer, "\"reason\":\"malformed\"");
	hang_up(req);
	hang_up(dealer);
}

static void a_repeat_is_a_duplicate_whatever_it_says(void **state)
{
	static const char *const repeats[] = {CAM("d1", ""), FORM("d1", "cam-1", "alarm.ufo", NOW, ""),
		FORM("d1", "cam-1", NEAR, "", ""), CAM("d1", ",\"mode\":\"exercise\""),
		CAM("d1", POINT("0", "0")), "{\"id\":\"d1\",\"source\":\"cam-1\"}"};
	void *sender = connect_to(DOOR_ALARMS, ZMQ_DEALER);

	(void)state;
	send_text(sender, CAM("d1", ""));
	expect(sender, "accepted");
	for (size_t i = 0; i < sizeof(repeats) / sizeof(repeats[0]); i++) {
		send_text(sender, repeats[i]);
		expect(sender, "\"result\":\"duplicate\",\"incident\":\"2026-000001\"");
	}
	hang_up(sender);
}

static void who_follows_hears_every_change(void **state)
{
	void *sender = connect_to(DOOR_ALARMS, ZMQ_DEALER);
	struct event close = {.kind = EVENT_ACT,
		.by = TEXT("P-1"),
		.u.act = {.incident = 2026000001, .act = ACT_CANCEL, .reason = TEXT("x")}};

	(void)state;
	send_text(sender, CAM("f1", ",\"follow\":true"));
	expect(sender, "\"result\":\"accepted\"");
	wait_until(sender, "{\"incident\":\"2026-000001\",\"state\":\"dispatched\",\"disposition\":null}");
	run_event(&close, NULL);
	wait_until(sender, "{\"incident\":\"2026-000001\",\"state\":\"cancelled\"");
	hang_up(sender);
}

static void the_source_that_sends_too_much_is_told_when_to_come_again(void **state)
{
	void *sender = connect_to(DOOR_ALARMS, ZMQ_DEALER);

	(void)state;
	for (int i = 0; i < 2; i++) {
		send_text(sender, i == 0 ? CAM("o1", "") : CAM("o2", ""));
		expect(sender, "\"result\":\"accepted\"");
	}
	send_text(sender, CAM("o3", ""));
	expect(sender, "\"reason\":\"overloaded\"");
	town.at_ms += 500;
	send_text(sender, CAM("o3", ""));
	expect(sender, "\"result\":\"accepted\"");
	hang_up(sender);
}

static int open_slow_town(void **state)
{
	(void)state;
	return open_town_with(&(struct ingest_config){.device_rate = 2, .order_max = 1, .receive_max = 1000});
}

static void who_stands_by_says_so(void **state)
{
	void *sender = connect_to(DOOR_ALARMS, ZMQ_DEALER), *unit = connect_to(DOOR_UNITS, ZMQ_DEALER);

	(void)state;
	ingest_lead(town.ingest, false, 6);
	send_text(sender, CAM("s1", ""));
	expect(sender, "\"reason\":\"not_leader\"");
	send_text(unit, "{\"kind\":\"hello\",\"unit\":\"FE-1\"}");
	expect(unit, "\"reason\":\"not_leader\"");
	hang_up(sender);
	hang_up(unit);
}

/* --- terminals ------------------------------------------------------------------------------------ */

static void *terminal(const char *hello)
{
	void *socket = connect_to(DOOR_UNITS, ZMQ_DEALER);

	send_text(socket, hello);
	expect(socket, "\"kind\":\"pong\"");
	return socket;
}

static void raise_alarm(const char *message)
{
	void *sender = connect_to(DOOR_ALARMS, ZMQ_DEALER);

	send_text(sender, message);
	expect(sender, "\"result\":\"accepted\"");
	hang_up(sender);
}

static uint8_t order_state(uint32_t number)
{
	const struct order *order =
		query_at(town.core, TABLE_ORDER, query_slot(town.core, TABLE_ORDER, number));

	return order ? order->state : ORDER_NONE;
}

static void an_order_reaches_its_terminal_and_is_answered(void **state)
{
	void *unit = terminal("{\"kind\":\"hello\",\"unit\":\"FE-1\",\"last_seq\":0}");
	void *depot = terminal("{\"kind\":\"hello\",\"depot\":\"D-1\"}");

	(void)state;
	raise_alarm(CAM("u1", ""));
	const char *order = wait_until(unit, "\"kind\":\"order\"");
	static const char *const members[] = {"\"unit\":\"FE-1\"", "\"order\":\"O", "\"epoch\":7",
		"\"seq\":", "\"incident\":\"2026-000001\"", "\"task\":", "\"position\":{\"type\":\"Point\"",
		"\"range_m\":", "\"travel_s\":", "\"playbook\":\"near\"", "\"respond_within_s\":60",
		"\"mode\":\"actual\""};
	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++)
		if (!strstr(order, members[i]))
			fail_msg("%s is not in %s", members[i], order);
	uint32_t number = (uint32_t)atoi(strstr(order, "\"order\":\"O") + 10);
	char answer[128];

	turn();
	turn();
	assert_int_equal(order_state(number), ORDER_DELIVERED);
	snprintf(answer, sizeof(answer), "{\"kind\":\"answer\",\"order\":\"O%u\",\"answer\":\"accept\"}",
		number);
	send_text(unit, answer);
	send_text(unit, "{\"kind\":\"ping\"}");
	wait_until(unit, "\"kind\":\"pong\"");
	assert_int_equal(order_state(number), ORDER_ACCEPTED);
	order = wait_until(depot, "\"kind\":\"order\"");
	assert_non_null(strstr(
		order, "\"items\":[{\"supply\":\"M1\",\"item\":\"ring\",\"name\":\"救生圈\",\"quantity\":2"));
	send_text(depot, answer);
	expect(depot, "\"detail\":\"answer O");
	hang_up(unit);
	hang_up(depot);
}

static void the_recall_says_that_the_order_is_over(void **state)
{
	void *unit = terminal("{\"kind\":\"hello\",\"unit\":\"FE-1\"}");
	struct event cancel = {.kind = EVENT_ACT,
		.by = TEXT("P-1"),
		.u.act = {.incident = 2026000001, .act = ACT_CANCEL, .reason = TEXT("false alarm")}};

	(void)state;
	raise_alarm(CAM("u1", ""));
	wait_until(unit, "\"kind\":\"order\"");
	run_event(&cancel, NULL);
	wait_until(unit, "\"kind\":\"recall\"");
	hang_up(unit);
	/* A terminal that was away then learns it when it comes. */
	unit = connect_to(DOOR_UNITS, ZMQ_DEALER);
	send_text(unit, "{\"kind\":\"hello\",\"unit\":\"FE-1\",\"last_seq\":1000}");
	wait_until(unit, "\"kind\":\"recall\"");
	hang_up(unit);
}

static void who_is_set_out_of_service_while_away_learns_it_when_it_comes(void **state)
{
	void *unit = terminal("{\"kind\":\"hello\",\"unit\":\"FE-1\"}");
	struct event broken = {.kind = EVENT_UNIT_SET,
		.by = TEXT("P-1"),
		.u.unit_set = {.unit = TEXT("FE-1"), .state = UNIT_OUT_OF_SERVICE}};

	(void)state;
	raise_alarm(CAM("u1", ""));
	wait_until(unit, "\"kind\":\"order\"");
	hang_up(unit);
	run_event(&broken, NULL);
	unit = connect_to(DOOR_UNITS, ZMQ_DEALER);
	send_text(unit, "{\"kind\":\"hello\",\"unit\":\"FE-1\",\"last_seq\":1000}");
	wait_until(unit, "\"kind\":\"recall\"");
	hang_up(unit);
}

static void whose_case_the_desk_reports_done_learns_it_when_it_comes(void **state)
{
	void *unit = terminal("{\"kind\":\"hello\",\"unit\":\"FE-1\"}");
	struct event done = {.kind = EVENT_ACT,
		.by = TEXT("P-1"),
		.u.act = {.incident = 2026000001, .act = ACT_DONE, .reason = TEXT("by telephone")}};
	char answer[128];

	(void)state;
	raise_alarm(CAM("u1", ""));
	const char *order = wait_until(unit, "\"kind\":\"order\"");
	int number = atoi(strstr(order, "\"order\":\"O") + 10);

	snprintf(answer, sizeof(answer), "{\"kind\":\"answer\",\"order\":\"O%d\",\"answer\":\"arrived\"}",
		number);
	send_text(unit, answer);
	send_text(unit, "{\"kind\":\"ping\"}");
	wait_until(unit, "\"kind\":\"pong\"");
	hang_up(unit);
	run_event(&done, NULL);
	turn();
	assert_int_equal(order_state((uint32_t)number), ORDER_DONE);
	unit = connect_to(DOOR_UNITS, ZMQ_DEALER);
	send_text(unit, "{\"kind\":\"hello\",\"unit\":\"FE-1\",\"last_seq\":1000}");
	wait_until(unit, "\"kind\":\"recall\"");
	hang_up(unit);
}

static void the_carrier_is_recalled_when_its_depot_declines(void **state)
{
	void *carrier = terminal("{\"kind\":\"hello\",\"unit\":\"FE-2\"}");
	void *depot = terminal("{\"kind\":\"hello\",\"depot\":\"D-1\"}");
	char answer[128];

	(void)state;
	raise_alarm(CAM("u1", ""));
	const char *order = wait_until(depot, "\"kind\":\"order\"");

	snprintf(answer, sizeof(answer), "{\"kind\":\"answer\",\"order\":\"O%d\",\"answer\":\"decline\"}",
		atoi(strstr(order, "\"order\":\"O") + 10));
	wait_until(carrier, "\"depot_order\"");
	send_text(depot, answer);
	wait_until(carrier, "\"kind\":\"recall\"");
	hang_up(carrier);
	hang_up(depot);
}

static void what_was_missed_is_sent_after_the_hello(void **state)
{
	(void)state;
	void *unit = terminal("{\"kind\":\"hello\",\"unit\":\"FE-1\"}");

	raise_alarm(CAM("u1", ""));
	wait_until(unit, "\"kind\":\"order\"");
	hang_up(unit);
	unit = terminal("{\"kind\":\"hello\",\"unit\":\"FE-1\",\"last_seq\":0}");
	wait_until(unit, "\"kind\":\"order\"");
	hang_up(unit);
	unit = terminal("{\"kind\":\"hello\",\"unit\":\"FE-1\",\"last_seq\":9999}");
	send_text(unit, "{\"kind\":\"ping\"}");
	expect(unit, "\"kind\":\"pong\""); /* and nothing before it */
	hang_up(unit);
}

static void the_later_hello_takes_over(void **state)
{
	void *first = terminal("{\"kind\":\"hello\",\"unit\":\"FE-1\"}");
	void *second = terminal("{\"kind\":\"hello\",\"unit\":\"FE-1\"}");

	(void)state;
	expect(first, "superseded");
	raise_alarm(CAM("u1", ""));
	wait_until(second, "\"kind\":\"order\"");
	send_text(first, "{\"kind\":\"ping\"}");
	expect(first, "hello first");
	assert_int_equal(ingest_get_counters(town.ingest)->superseded, 1);
	hang_up(first);
	hang_up(second);
}

static void a_terminal_says_hello_first_and_speaks_for_itself(void **state)
{
	void *socket = connect_to(DOOR_UNITS, ZMQ_DEALER);

	(void)state;
	send_text(socket, "{\"kind\":\"status\",\"status\":\"available\"}");
	expect(socket, "hello first");
	send_text(socket, "{\"kind\":\"hello\",\"unit\":\"nobody\"}");
	expect(socket, "unknown_source");
	send_text(socket, "{\"kind\":\"hello\",\"unit\":\"FE-1\",\"epoch\":8}");
	expect(socket, "not_leader");
	send_text(socket, "gibberish");
	expect(socket, "malformed");
	send_text(socket, "{\"kind\":\"hello\",\"unit\":\"FE-1\",\"epoch\":7}");
	expect(socket, "\"kind\":\"pong\",\"epoch\":7");
	send_text(socket, "{\"kind\":\"status\",\"unit\":\"FE-2\",\"status\":\"out_of_service\"}");
	expect(socket, "not the id of the hello");
	send_text(socket,
		"{\"kind\":\"position\",\"position\":{\"type\":\"Point\",\"coordinates\":[113.45,34.79]}}");
	send_text(socket, "{\"kind\":\"ping\"}");
	expect(socket, "\"kind\":\"pong\"");
	assert_int_equal(((const struct unit *)query_at(town.core, TABLE_UNIT, 1))->place.lat_e7, 347900000);
	hang_up(socket);
}

/* Who has the pong knows that what it said before is kept: it may forget it. */
static void a_pong_waits_for_what_was_said_before_it(void **state)
{
	void *socket = terminal("{\"kind\":\"hello\",\"unit\":\"FE-1\"}");
	const struct unit *unit = query_at(town.core, TABLE_UNIT, 1);
	zmq_pollitem_t item = {socket, 0, ZMQ_POLLIN, 0};

	(void)state;
	town.lag = 1;
	send_text(socket, "{\"kind\":\"status\",\"status\":\"out_of_service\"}");
	send_text(socket, "{\"kind\":\"ping\"}");
	send_text(socket, "gibberish");
	expect(socket, "malformed"); /* the door has read what came before it, too */
	assert_int_equal(unit->state, UNIT_OUT_OF_SERVICE);
	turn();
	assert_int_equal(zmq_poll(&item, 1, 0), 0);
	town.lag = 0;
	expect(socket, "\"kind\":\"pong\"");
	hang_up(socket);
}

static void silence_takes_the_link_down(void **state)
{
	void *socket = terminal("{\"kind\":\"hello\",\"unit\":\"FE-1\"}");
	const struct unit *unit = query_at(town.core, TABLE_UNIT, 1);

	(void)state;
	assert_true(unit->link);
	town.monotonic_ms = 89000;
	turn();
	assert_true(unit->link);
	town.monotonic_ms = 92000;
	turn();
	assert_false(unit->link);
	send_text(socket, "{\"kind\":\"ping\"}");
	expect(socket, "hello first");
	hang_up(socket);
}

/* --- a log that takes little, or nothing ------------------------------------------------------------- */

static void when_room_is_short_life_and_limb_come_first(void **state)
{
	void *sender = connect_to(DOOR_ALARMS, ZMQ_DEALER);

	(void)state;
	ingest_hold(town.ingest, HOLD_ORDINARY);
	send_text(sender, FORM("h1", "cam-1", "alarm.site.dust", NOW, ""));
	expect(sender, "\"reason\":\"overloaded\"");
	send_text(sender, CAM("h2", "")); /* near the water: a playbook of priority 1 */
	expect(sender, "\"result\":\"accepted\"");
	send_text(sender, FORM("h2", "cam-1", "alarm.site.dust", NOW, ""));
	expect(sender, "\"result\":\"duplicate\"");
	ingest_hold(town.ingest, HOLD_NOTHING);
	send_text(sender, FORM("h1", "cam-1", "alarm.site.dust", NOW, ""));
	expect(sender, "\"result\":\"accepted\""); /* of what was turned away nothing is remembered */
	hang_up(sender);
}

static void while_nothing_can_be_written_senders_are_told_and_terminals_wait(void **state)
{
	void *sender = connect_to(DOOR_ALARMS, ZMQ_DEALER);
	void *socket = terminal("{\"kind\":\"hello\",\"unit\":\"FE-1\"}");
	const struct unit *unit = query_at(town.core, TABLE_UNIT, 1);

	(void)state;
	ingest_hold(town.ingest, HOLD_ALL);
	send_text(socket, "{\"kind\":\"status\",\"status\":\"out_of_service\"}");
	send_text(sender, CAM("h3", ""));
	assert_non_null(strstr(wait_until(sender, "\"reason\":\"overloaded\""), "\"retry_after_s\":5"));
	town.monotonic_ms += 3600000; /* nobody listened: no silence of theirs */
	turn();
	assert_true(unit->link);
	assert_int_equal(unit->state, UNIT_AVAILABLE);
	ingest_hold(town.ingest, HOLD_NOTHING);
	for (int i = 0; i < TURNS_MAX && unit->state == UNIT_AVAILABLE; i++)
		turn();
	assert_int_equal(unit->state, UNIT_OUT_OF_SERVICE);
	assert_true(unit->link);
	hang_up(sender);
	hang_up(socket);
}

static void a_slow_terminal_hurts_only_itself(void **state)
{
	void *slow = terminal("{\"kind\":\"hello\",\"unit\":\"FE-1\"}");
	void *quick = terminal("{\"kind\":\"hello\",\"unit\":\"FE-2\"}");
	const struct unit *unit = query_at(town.core, TABLE_UNIT, 1);

	(void)state;
	for (int i = 0; i < 1000 && unit->link; i++) {
		for (int k = 0; k < 1000; k++)
			(void)zmq_send(slow, "{\"kind\":\"ping\"}", 15, ZMQ_DONTWAIT);
		send_text(quick, "{\"kind\":\"ping\"}");
		expect(quick, "\"kind\":\"pong\"");
	}
	assert_false(unit->link);
	assert_true(ingest_get_counters(town.ingest)->kept > 0);
	hang_up(slow);
	hang_up(quick);
}

static void the_feed_has_every_change(void **state)
{
	void *feed = connect_to(DOOR_FEED, ZMQ_SUB);

	(void)state;
	for (int i = 0; i < TURNS_MAX && ingest_get_counters(town.ingest)->subscribed == 0; i++) {
		zmq_pollitem_t item = {feed, 0, ZMQ_POLLIN, 0};

		(void)zmq_poll(&item, 1, 1);
		turn();
	}
	raise_alarm(CAM("u1", ""));
	const char *line = wait_until(feed, "\"kind\":\"alarm\",\"seq\":");
	assert_non_null(strstr(line, "\"epoch\":7"));
	assert_non_null(strstr(line, "2026-000001"));
	hang_up(feed);
}

#define IN_TOWN(test)      cmocka_unit_test_setup_teardown(test, open_town, close_town)
#define IN_SLOW_TOWN(test) cmocka_unit_test_setup_teardown(test, open_slow_town, close_town)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_TOWN(every_bad_input_gets_its_reason),
		IN_TOWN(too_large_is_answered_from_64_kib),
		IN_TOWN(beyond_16_mib_only_the_sender_is_cut_off),
		IN_TOWN(the_reply_comes_in_the_envelope_it_came_in),
		IN_TOWN(a_repeat_is_a_duplicate_whatever_it_says),
		IN_TOWN(who_follows_hears_every_change),
		IN_SLOW_TOWN(the_source_that_sends_too_much_is_told_when_to_come_again),
		IN_TOWN(who_stands_by_says_so),
		IN_TOWN(when_room_is_short_life_and_limb_come_first),
		IN_TOWN(while_nothing_can_be_written_senders_are_told_and_terminals_wait),
		IN_TOWN(an_order_reaches_its_terminal_and_is_answered),
		IN_TOWN(the_recall_says_that_the_order_is_over),
		IN_TOWN(who_is_set_out_of_service_while_away_learns_it_when_it_comes),
		IN_TOWN(whose_case_the_desk_reports_done_learns_it_when_it_comes),
		IN_TOWN(the_carrier_is_recalled_when_its_depot_declines),
		IN_TOWN(what_was_missed_is_sent_after_the_hello),
		IN_TOWN(the_later_hello_takes_over),
		IN_TOWN(a_terminal_says_hello_first_and_speaks_for_itself),
		IN_TOWN(a_pong_waits_for_what_was_said_before_it),
		IN_TOWN(silence_takes_the_link_down),
		IN_SLOW_TOWN(a_slow_terminal_hurts_only_itself),
		IN_TOWN(the_feed_has_every_change),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
