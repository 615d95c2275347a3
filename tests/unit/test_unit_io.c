/* test_unit_io: what terminals may say and what becomes of it; what they are told, to the byte. */
#include "wire/unit_io.h"
#include "wire_check.h"

static struct unit_memory memory;
static struct unit_in in;
static struct event event;

static enum reject read_bytes(const void *bytes, size_t len)
{
	enum reject reject = unit_in_read(kept_bytes(bytes, len), len, &memory, &in);

	assert_true((reject == REJECT_NONE) == (in.detail[0] == '\0'));
	return reject;
}

/* Reads a good message and makes it an event said by unit FE-1. */
static void take(const char *message, uint32_t kind)
{
	if (read_bytes(message, strlen(message)) != REJECT_NONE)
		fail_msg("%s: %s", message, in.detail);
	assert_int_equal(unit_in_event(&in, TARGET_UNIT, TEXT("FE-1"), &event), DISP_OK);
	assert_int_equal(event.kind, kind);
	check_text(event.channel, "terminal");
}

static void refuse(const char *message, enum reject reject, const char *detail)
{
	if (read_bytes(message, strlen(message)) != reject)
		fail_msg("%s: reason %u (%s)", message, in.reject, in.detail);
	if (strncmp(in.detail, detail, strlen(detail)) != 0)
		fail_msg("%s: says \"%s\", not \"%s\"", message, in.detail, detail);
}

static void a_hello_names_its_speaker(void **state)
{
	(void)state;
	take("{\"kind\":\"hello\",\"unit\":\"FE-1\",\"last_seq\":4711,\"epoch\":3,\"version\":\"x\"}",
		EVENT_LINK);
	assert_int_equal(in.target, TARGET_UNIT);
	assert_int_equal(in.epoch, 3);
	check_text(event.u.link.id, "FE-1");
	assert_int_equal(event.u.link.target, TARGET_UNIT);
	assert_true(event.u.link.up);
	assert_int_equal(event.u.link.last_seq, 4711);
	take("{\"kind\":\"hello\",\"depot\":\"D-2\"}", EVENT_LINK);
	assert_int_equal(in.target, TARGET_DEPOT);
	check_text(in.id, "D-2");
	take("{\"kind\":\"hello\",\"device\":\"spk-1\",\"unit\":null}", EVENT_LINK);
	assert_int_equal(in.target, TARGET_DEVICE);
}

static void positions_and_states_are_a_units(void **state)
{
	(void)state;
	take("{\"kind\":\"position\",\"position\":{\"type\":\"Point\",\"coordinates\":[113.4,34.7]},"
	     "\"crs\":\"GCJ-02\",\"time\":\"2026-07-01T08:00:00.123Z\"}",
		EVENT_POSITION);
	assert_true(in.position.x == 113.4 && in.position.y == 34.7);
	assert_string_equal(in.position.crs, "GCJ-02");
	check_text(event.u.position.unit, "FE-1");
	assert_true(event.u.position.time_ms == INT64_C(1782892800123));
	assert_int_equal(unit_in_event(&in, TARGET_DEPOT, TEXT("D-2"), &event), DISP_E_INPUT);
	take("{\"kind\":\"status\",\"unit\":\"FE-1\",\"status\":\"out_of_service\"}", EVENT_STATUS);
	assert_int_equal(event.u.status.state, UNIT_OUT_OF_SERVICE);
	assert_int_equal(unit_in_event(&in, TARGET_DEVICE, TEXT("x"), &event), DISP_E_INPUT);
}

static void answers_are_said_of_an_order(void **state)
{
	(void)state;
	take("{\"kind\":\"answer\",\"order\":\"O12\",\"answer\":\"decline\",\"reason\":\"爆胎\"}",
		EVENT_ANSWER);
	assert_int_equal(event.u.answer.order, 12);
	assert_int_equal(event.u.answer.answer, ANSWER_DECLINE);
	check_text(event.u.answer.who, "FE-1");
	check_text(event.u.answer.reason, "爆胎");
	take("{\"kind\":\"answer\",\"order\":\"o12\",\"answer\":\"en_route\",\"quantity\":3}", EVENT_ANSWER);
	assert_int_equal(event.u.answer.answer, ANSWER_EN_ROUTE);
	assert_int_equal(event.u.answer.quantity, 3);
	take("{\"kind\":\"done\",\"order\":\"O12\"}", EVENT_ANSWER);
	assert_int_equal(event.u.answer.answer, ANSWER_DONE);
	take("{\"kind\":\"notify_answer\",\"notice\":\"N5\",\"text\":\"收到\"}", EVENT_NOTICE_ANSWER);
	assert_int_equal(event.u.notice_answer.notice, 5);
	check_text(event.u.notice_answer.who, "FE-1");
	check_text(event.u.notice_answer.text, "收到");
	assert_int_equal(read_bytes("{\"kind\":\"ping\"}", 15), REJECT_NONE);
	assert_int_equal(unit_in_event(&in, TARGET_UNIT, TEXT("FE-1"), &event), DISP_E_NONE);
}

static void nobody_speaks_for_another(void **state)
{
	(void)state;
	take("{\"kind\":\"done\",\"order\":\"O12\"}", EVENT_ANSWER);
	assert_true(unit_in_speaks_for(&in, TARGET_UNIT, TEXT("FE-1")));
	take("{\"kind\":\"done\",\"order\":\"O12\",\"unit\":\"FE-1\"}", EVENT_ANSWER);
	assert_true(unit_in_speaks_for(&in, TARGET_UNIT, TEXT("FE-1")));
	assert_false(unit_in_speaks_for(&in, TARGET_UNIT, TEXT("FE-2")));
	assert_false(unit_in_speaks_for(&in, TARGET_UNIT, TEXT("FE-11")));
	assert_false(unit_in_speaks_for(&in, TARGET_DEPOT, TEXT("FE-1")));
}

static void bad_messages_are_refused(void **state)
{
	static char large[UNIT_BYTES_MAX + 1];

	(void)state;
	refuse("", REJECT_MALFORMED, "not a JSON message");
	refuse("[]", REJECT_MALFORMED, "message: must be a JSON object");
	refuse("{}", REJECT_MALFORMED, "kind: missing");
	refuse("{\"kind\":\"Hello\"}", REJECT_MALFORMED, "kind: must be hello");
	refuse("{\"kind\":\"\"}", REJECT_MALFORMED, "kind: must be hello");
	refuse("{\"kind\":1}", REJECT_MALFORMED, "kind: must be a text");
	refuse("{\"kind\":\"hello\"}", REJECT_MALFORMED, "hello: one of unit, depot, device is missing");
	refuse("{\"kind\":\"hello\",\"unit\":\"a\",\"depot\":\"b\"}", REJECT_MALFORMED, "depot: only one of");
	refuse("{\"kind\":\"hello\",\"unit\":\"\"}", REJECT_MALFORMED, "unit: must not be empty");
	refuse("{\"kind\":\"hello\",\"unit\":\"a\",\"last_seq\":-1}", REJECT_MALFORMED,
		"last_seq: must be a whole");
	refuse("{\"kind\":\"hello\",\"unit\":\"a\",\"epoch\":1.5}", REJECT_MALFORMED,
		"epoch: must be a whole");
	refuse("{\"kind\":\"position\"}", REJECT_MALFORMED, "position: missing");
	refuse("{\"kind\":\"position\",\"position\":[1,2]}", REJECT_MALFORMED, "position: must be a GeoJSON");
	refuse("{\"kind\":\"position\",\"position\":{\"type\":\"Point\",\"coordinates\":[1e999,2]}}",
		REJECT_BAD_POSITION, "position: a coordinate");
	refuse("{\"kind\":\"position\",\"position\":{\"type\":\"Point\",\"coordinates\":[1,2]},\"time\":"
	       "\"now\"}",
		REJECT_MALFORMED, "time: must be an RFC");
	refuse("{\"kind\":\"status\"}", REJECT_MALFORMED, "status: missing");
	refuse("{\"kind\":\"status\",\"status\":\"asleep\"}", REJECT_MALFORMED, "status: no such word");
	refuse("{\"kind\":\"status\",\"status\":\"reserved\"}", REJECT_MALFORMED,
		"status: reserved and ordered");
	refuse("{\"kind\":\"answer\",\"answer\":\"accept\"}", REJECT_MALFORMED, "order: missing");
	refuse("{\"kind\":\"answer\",\"order\":\"12\",\"answer\":\"accept\"}", REJECT_MALFORMED,
		"order: no such form");
	refuse("{\"kind\":\"answer\",\"order\":12,\"answer\":\"accept\"}", REJECT_MALFORMED,
		"order: must be a text");
	refuse("{\"kind\":\"answer\",\"order\":\"O12\"}", REJECT_MALFORMED, "answer: missing");
	refuse("{\"kind\":\"answer\",\"order\":\"O12\",\"answer\":\"recall\"}", REJECT_MALFORMED,
		"answer: must be");
	refuse("{\"kind\":\"answer\",\"order\":\"O12\",\"answer\":\"expire\"}", REJECT_MALFORMED,
		"answer: must be");
	refuse("{\"kind\":\"answer\",\"order\":\"O12\",\"answer\":\"none\"}", REJECT_MALFORMED,
		"answer: must be");
	refuse("{\"kind\":\"notify_answer\",\"notice\":\"O5\"}", REJECT_MALFORMED, "notice: no such form");
	assert_int_equal(read_bytes(large, sizeof(large)), REJECT_TOO_LARGE);
}

static void damage_is_harmless(void **state)
{
	static const char *const messages[] = {"{\"kind\":\"position\",\"position\":{\"type\":\"Point\","
					       "\"coordinates\":[113.4,34.7]},\"crs\":\"x\"}",
		"{\"kind\":\"answer\",\"order\":\"O12\",\"answer\":\"decline\",\"reason\":\"\\u7206\","
		"\"unit\":\"a\"}"};
	uint64_t random = 1;

	(void)state;
	for (uint32_t turn = 0; turn < 10000; turn++) {
		char copy[256];
		size_t len = strlen(strcpy(copy, messages[turn % 2]));

		for (uint32_t i = 0; i < turn % 3 + 1; i++) {
			random = random * UINT64_C(6364136223846793005) + 1442695040888963407;
			copy[(random >> 33) % len] ^= (char)(1u << (random >> 60) % 8);
		}
		if (read_bytes(copy, len) == REJECT_NONE)
			(void)!unit_in_event(&in, TARGET_UNIT, TEXT("FE-1"), &event);
		assert_int_equal(read_bytes(messages[turn % 2], turn / 2 % len), REJECT_MALFORMED);
	}
}

/* --- out ------------------------------------------------------------------------------------------ */

static char buffer[4096];
static struct json_out out;

static void begin(void)
{
	json_out_init(&out, buffer, sizeof(buffer) - 1);
}

static void check_out(const char *expected)
{
	struct text text;

	assert_int_equal(json_out_finish(&out, &text), DISP_OK);
	buffer[text.len] = '\0';
	assert_string_equal(buffer, expected);
}

static void crew_order_is_written(void)
{
	struct unit_order order = {.target = TARGET_UNIT,
		.to = TEXT("FE-1"),
		.order = 12,
		.incident = 2026000123,
		.epoch = 3,
		.seq = 4711,
		.task = TEXT("水边危险区有人"),
		.has_place = true,
		.place = {347801000, 1134312000, {0, 0, 0}},
		.range_mm = 1234567,
		.travel_ms = 185000,
		.playbook = TEXT("water-person-near"),
		.respond_within_ms = 60000,
		.mode = MODE_ACTUAL};

	begin();
	unit_order_write(&out, &order);
	check_out("{\"kind\":\"order\",\"unit\":\"FE-1\",\"order\":\"O12\",\"epoch\":3,\"seq\":4711,"
		  "\"incident\":\"2026-000123\",\"title\":null,\"task\":\"水边危险区有人\","
		  "\"position\":{\"type\":\"Point\",\"coordinates\":[113.4312,34.7801]},\"range_m\":1234.567,"
		  "\"travel_s\":185,\"playbook\":\"water-person-near\",\"respond_within_s\":60,\"mode\":"
		  "\"actual\"}");
}

/* What is to be loaded; and the same for the crew that fetches it. */
static void depot_order_is_written(void)
{
	static const struct unit_item item = {7, {"life_ring", 9}, {"救生圈", 9}, {"个", 3}, 4};
	struct unit_order order = {.target = TARGET_DEPOT,
		.to = TEXT("D-2"),
		.order = 13,
		.range_mm = -1,
		.travel_ms = -1,
		.mode = MODE_EXERCISE,
		.item = &item,
		.item_count = 1};

	begin();
	unit_order_write(&out, &order);
	check_out("{\"kind\":\"order\",\"depot\":\"D-2\",\"order\":\"O13\",\"epoch\":0,\"seq\":0,"
		  "\"incident\":null,"
		  "\"title\":null,\"task\":null,\"position\":null,\"range_m\":null,\"travel_s\":null,"
		  "\"playbook\":null,\"respond_within_s\":null,\"mode\":\"exercise\",\"items\":[{\"supply\":"
		  "\"M7\","
		  "\"item\":\"life_ring\",\"name\":\"救生圈\",\"quantity\":4,\"unit\":\"个\"}]}");
	order.target = TARGET_UNIT;
	order.depot = TEXT("D-2");
	order.depot_name = TEXT("二号仓库");
	order.grid = TEXT("G3");
	order.grid_name = TEXT("桥头网格");
	order.where = TEXT("桥头");
	order.say = TEXT("小孩落水");
	order.depot_order = 13;
	begin();
	unit_order_write(&out, &order);
	assert_non_null(strstr(buffer,
		"\"mode\":\"exercise\",\"grid\":\"G3\",\"grid_name\":\"桥头网格\",\"where\":\"桥头\","
		"\"text\":\"小孩落水\","
		"\"depot\":\"D-2\",\"depot_name\":\"二号仓库\",\"depot_order\":\"O13\",\"items\":[{"));
}

static void device_order_is_written(void)
{
	struct unit_order order = {.target = TARGET_DEVICE,
		.to = TEXT("spk-1"),
		.order = 14,
		.action = TEXT("say"),
		.say = TEXT("水深危险")};

	begin();
	unit_order_write(&out, &order);
	assert_non_null(strstr(buffer, "\"device\":\"spk-1\""));
	assert_non_null(strstr(buffer, "\"action\":\"say\",\"text\":\"水深危险\"}"));
}

static void orders_are_written(void **state)
{
	(void)state;
	crew_order_is_written();
	depot_order_is_written();
	device_order_is_written();
}

static void the_rest_is_written(void **state)
{
	struct unit_recall recall = {
		TARGET_UNIT, TEXT("FE-1"), 12, 2026000123, 3, 4712, TEXT("no_answer"), MODE_ACTUAL};
	struct unit_notify notify = {.to = TEXT("FE-1"),
		.notice = 5,
		.incident = 2026000123,
		.epoch = 3,
		.seq = 4713,
		.text = TEXT("请到场"),
		.answer_within_ms = 300000,
		.mode = MODE_ACTUAL};

	(void)state;
	begin();
	unit_recall_write(&out, &recall);
	check_out("{\"kind\":\"recall\",\"unit\":\"FE-1\",\"order\":\"O12\",\"epoch\":3,\"seq\":4712,"
		  "\"incident\":\"2026-000123\",\"reason\":\"no_answer\",\"mode\":\"actual\"}");
	begin();
	unit_notify_write(&out, &notify);
	check_out("{\"kind\":\"notify\",\"unit\":\"FE-1\",\"notice\":\"N5\",\"epoch\":3,\"seq\":4713,"
		  "\"incident\":\"2026-000123\",\"title\":null,\"text\":\"请到场\",\"position\":null,"
		  "\"answer_within_s\":300,\"mode\":\"actual\"}");
	begin();
	unit_pong_write(&out, 3, 4713, INT64_C(1782892800123));
	check_out("{\"kind\":\"pong\",\"epoch\":3,\"seq\":4713,\"time\":\"2026-07-01T08:00:00.123Z\"}");
	begin();
	unit_error_write(&out, REJECT_MALFORMED, TEXT("kind: missing"));
	check_out("{\"kind\":\"error\",\"reason\":\"malformed\",\"detail\":\"kind: missing\"}");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_hello_names_its_speaker),
		cmocka_unit_test(positions_and_states_are_a_units),
		cmocka_unit_test(answers_are_said_of_an_order),
		cmocka_unit_test(nobody_speaks_for_another),
		cmocka_unit_test(bad_messages_are_refused),
		cmocka_unit_test(damage_is_harmless),
		cmocka_unit_test(orders_are_written),
		cmocka_unit_test(the_rest_is_written),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
