/* test_ingest_terminals: terminals at their door, over real sockets; nothing here waits for a time to pass. */
#include <poll.h>

#include "ingest_doors.h"

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

static bool leads;

static bool may_send(void *context)
{
	(void)context;
	return leads;
}

static int open_held_town(void **state)
{
	(void)state;
	leads = true;
	return open_town_with(
		&(struct ingest_config){.order_max = 1, .receive_max = 1000, .may_send = may_send});
}

/* What comes within a while. */
static uint32_t drained(void *socket)
{
	char bytes[256];
	uint32_t count = 0;

	for (int quiet = 0; quiet < 30;) {
		town.monotonic_ms += 10;
		turn();
		if (zmq_recv(socket, bytes, sizeof bytes, ZMQ_DONTWAIT) < 0) {
			quiet++;
			(void)poll(NULL, 0, 10);
		} else {
			count++;
			quiet = 0;
		}
	}
	return count;
}

static void who_is_held_keeps_what_waits_for_a_slow_terminal(void **state)
{
	void *slow = terminal("{\"kind\":\"hello\",\"unit\":\"FE-1\"}");

	(void)state;
	for (int i = 0; i < 100 && ingest_get_counters(town.ingest)->kept == 0; i++) {
		for (int k = 0; k < 50; k++) /* answered at once, more than its socket takes */
			(void)zmq_send(slow, "{\"kind\":\"ping\"}", 15, ZMQ_DONTWAIT);
		(void)poll(NULL, 0, 20);
		leads = false; /* what waits is not tried again from here on */
		turn();
	}
	assert_true(ingest_get_counters(town.ingest)->kept > 0);
	(void)drained(slow);
	leads = true;
	assert_true(drained(slow) > 0);
	hang_up(slow);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
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
		cmocka_unit_test_setup_teardown(
			who_is_held_keeps_what_waits_for_a_slow_terminal, open_held_town, close_town),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
