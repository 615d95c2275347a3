/* test_ingest: the doors over real sockets on free loopback ports; nothing here waits for a time to pass. */
#include "ingest_doors.h"

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
		IN_TOWN(the_feed_has_every_change),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
