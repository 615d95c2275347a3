/* test_alarm_in: what a good alarm says, and which reason each bad one gets. */
#include "wire/alarm_in.h"
#include "wire_check.h"

static struct alarm_memory memory;
static struct alarm_in in;

static enum reject read_bytes(const void *bytes, size_t len)
{
	enum reject reject = alarm_in_read(kept_bytes(bytes, len), len, &memory, &in);

	assert_int_equal(reject, in.reject);
	assert_true((reject == REJECT_NONE) == (in.detail[0] == '\0'));
	return reject;
}

static enum reject read_message(const char *message)
{
	return read_bytes(message, strlen(message));
}

static void refuse(const char *message, enum reject reject, const char *detail)
{
	if (read_message(message) != reject)
		fail_msg("%s: reason %u (%s)", message, in.reject, in.detail);
	if (strncmp(in.detail, detail, strlen(detail)) != 0)
		fail_msg("%s: says \"%s\", not \"%s\"", message, in.detail, detail);
}

#define HEAD                                                                                                 \
	"{\"specversion\":\"1.0\",\"id\":\"f1\",\"source\":\"cam-0417\",\"type\":\"alarm.water.person_"      \
	"near\","
#define TIME          "\"time\":\"2026-07-01T08:00:00.123Z\","
#define DATA(members) HEAD TIME "\"data\":{\"state\":\"raised\"," members "}}"

static void the_message_of_the_design_is_read(void **state)
{
	(void)state;
	assert_int_equal(
		read_message(DATA("\"position\":{\"type\":\"Point\",\"coordinates\":[113.4312,34.7801]},"
				  "\"crs\":\"EPSG:4490\",\"confidence\":0.93,\"value\":null,\"unit\":null,"
				  "\"text\":\"child at the water\",\"media\":[\"https://x/1.jpg\"],"
				  "\"mode\":\"actual\"")),
		REJECT_NONE);
	check_text(in.alarm.id, "f1");
	check_text(in.alarm.source, "cam-0417");
	check_text(in.alarm.type, "alarm.water.person_near");
	check_text(in.alarm.text, "child at the water");
	check_text(in.alarm.media, "https://x/1.jpg");
	check_text(in.alarm.value_unit, "");
	assert_int_equal(in.alarm.state, ALARM_RAISED);
	assert_int_equal(in.alarm.mode, MODE_ACTUAL);
	assert_int_equal(in.alarm.colour, COLOUR_NONE);
	assert_int_equal(in.alarm.confidence_ppm, 930000);
	assert_true(in.alarm.time_ms == INT64_C(1782892800123));
	assert_true(in.alarm.has_place && in.position.given && !in.alarm.has_value && !in.follow);
	assert_true(in.position.x == 113.4312 && in.position.y == 34.7801);
	assert_string_equal(in.position.crs, "EPSG:4490");
}

static void little_is_enough(void **state)
{
	(void)state;
	assert_int_equal(
		read_message(HEAD "\"time\":\"2026-07-01T16:00:00+08:00\",\"data\":{\"state\":\"alive\"}}"),
		REJECT_NONE);
	assert_int_equal(in.alarm.state, ALARM_ALIVE);
	assert_int_equal(in.alarm.confidence_ppm, 1000000);
	assert_false(in.alarm.has_place);
	assert_string_equal(in.position.crs, "EPSG:4490");
	assert_true(in.alarm.time_ms == INT64_C(1782892800000));
}

static void everything_else_is_read(void **state)
{
	(void)state;
	assert_int_equal(
		read_message(DATA("\"position\":{\"type\":\"Point\",\"coordinates\":[448012.5,3850123,71]},"
				  "\"crs\":\"EPSG:4547\",\"confidence\":0.5999999,\"value\":-2.500001,"
				  "\"unit\":\"m\",\"text\":\"\\u6c34\\n\",\"media\":[\"a\\/b\",\"c\",\"d\"],"
				  "\"mode\":\"exercise\",\"follow\":true,\"colour\":\"orange\",\"x\":[{}]")),
		REJECT_NONE);
	assert_true(in.position.x == 448012.5 && in.position.y == 3850123);
	assert_string_equal(in.position.crs, "EPSG:4547");
	assert_int_equal(in.alarm.confidence_ppm, 599999);
	assert_true(in.alarm.has_value && in.alarm.value_e6 == -2500001);
	check_text(in.alarm.value_unit, "m");
	check_text(in.alarm.text, "水\n");
	check_text(in.alarm.media, "a/b c d");
	assert_int_equal(in.alarm.mode, MODE_EXERCISE);
	assert_int_equal(in.alarm.colour, COLOUR_ORANGE);
	assert_true(in.follow);
}

static void weather_colours_come_from_the_value(void **state)
{
#define WEATHER(members)                                                                                     \
	"{\"specversion\":\"1.0\",\"id\":\"f1\",\"source\":\"wx\",\"type\":\"alarm.weather."                 \
	"rainstorm\"," TIME "\"data\":{\"state\":\"raised\"," members "}}"
	(void)state;
	assert_int_equal(read_message(WEATHER("\"value\":4")), REJECT_NONE);
	assert_int_equal(in.alarm.colour, COLOUR_RED);
	assert_int_equal(read_message(WEATHER("\"value\":1.0")), REJECT_NONE);
	assert_int_equal(in.alarm.colour, COLOUR_BLUE);
	assert_int_equal(read_message(WEATHER("\"value\":2,\"colour\":\"red\"")), REJECT_NONE);
	assert_int_equal(in.alarm.colour, COLOUR_RED);
	assert_int_equal(read_message(WEATHER("\"value\":2.5")), REJECT_NONE);
	assert_int_equal(in.alarm.colour, COLOUR_NONE);
	assert_int_equal(read_message(WEATHER("\"value\":5")), REJECT_NONE);
	assert_int_equal(in.alarm.colour, COLOUR_NONE);
	assert_int_equal(read_message(DATA("\"value\":3")), REJECT_NONE);
	assert_int_equal(in.alarm.colour, COLOUR_NONE);
}

static void what_is_no_message_is_malformed(void **state)
{
	(void)state;
	refuse("", REJECT_MALFORMED, "not a JSON message");
	refuse("hello", REJECT_MALFORMED, "not a JSON message");
	refuse("{\"id\":", REJECT_MALFORMED, "not a JSON message");
	refuse("[]", REJECT_MALFORMED, "message: must be a JSON object");
	refuse("null", REJECT_MALFORMED, "message: must be a JSON object");
	refuse(DATA("\"text\":\"\xff\""), REJECT_MALFORMED, "not a JSON message");
	refuse(DATA("\"text\":\"\\u0000\""), REJECT_MALFORMED, "not a JSON message");
	refuse(DATA("\"text\":\"\\ud800\""), REJECT_MALFORMED, "not a JSON message");
	refuse(DATA("\"text\":\"a\",\"text\":\"b\""), REJECT_MALFORMED, "not a JSON message");
	refuse("\xef\xbb\xbf{}", REJECT_MALFORMED, "not a JSON message");
}

static void the_envelope_is_checked(void **state)
{
	(void)state;
	refuse("{}", REJECT_MALFORMED, "specversion: missing");
	refuse("{\"specversion\":\"0.3\",\"id\":\"f1\"}", REJECT_MALFORMED, "specversion: must be");
	refuse("{\"specversion\":1.0}", REJECT_MALFORMED, "specversion: must be a text");
	refuse("{\"specversion\":\"1.0\"}", REJECT_MALFORMED, "id: missing");
	refuse("{\"specversion\":\"1.0\",\"id\":\"\"}", REJECT_MALFORMED, "id: must not be empty");
	refuse("{\"specversion\":\"1.0\",\"id\":7}", REJECT_MALFORMED, "id: must be a text");
	refuse("{\"specversion\":\"1.0\",\"id\":\"a\\u0007\"}", REJECT_MALFORMED,
		"id: must not hold control");
	refuse("{\"specversion\":\"1.0\",\"id\":\"a\"}", REJECT_MALFORMED, "source: missing");
	refuse("{\"specversion\":\"1.0\",\"id\":\"a\",\"source\":\"s\"}", REJECT_MALFORMED, "type: missing");
	refuse(HEAD "\"data\":{\"state\":\"raised\"}}", REJECT_BAD_TIME, "time: missing");
	refuse(HEAD "\"time\":null,\"data\":{\"state\":\"raised\"}}", REJECT_BAD_TIME, "time: missing");
	refuse(HEAD "\"time\":\"yesterday\",\"data\":{\"state\":\"raised\"}}", REJECT_MALFORMED,
		"time: must be an RFC");
	refuse(HEAD "\"time\":\"2026-02-30T08:00:00Z\",\"data\":{}}", REJECT_MALFORMED,
		"time: must be an RFC");
	refuse(HEAD "\"time\":\"\",\"data\":{}}", REJECT_MALFORMED, "time: must be an RFC");
	refuse(HEAD "\"time\":1782892800,\"data\":{}}", REJECT_MALFORMED, "time: must be a text");
	refuse(HEAD TIME "\"datax\":{}}", REJECT_MALFORMED, "data: must be an object");
	refuse(HEAD TIME "\"data\":[]}", REJECT_MALFORMED, "data: must be an object");
	refuse(HEAD TIME "\"data\":{}}", REJECT_MALFORMED, "data.state: missing");
	refuse(HEAD TIME "\"data\":{\"state\":\"Raised\"}}", REJECT_MALFORMED, "data.state: no such word");
}

static void the_data_is_checked(void **state)
{
	(void)state;
	refuse(DATA("\"confidence\":1.01"), REJECT_MALFORMED,
		"data.confidence: must be a number from 0 to 1");
	refuse(DATA("\"confidence\":-0.0000001"), REJECT_MALFORMED, "data.confidence");
	refuse(DATA("\"confidence\":\"0.9\""), REJECT_MALFORMED, "data.confidence");
	refuse(DATA("\"value\":\"3\""), REJECT_MALFORMED, "data.value");
	refuse(DATA("\"value\":1e300"), REJECT_MALFORMED, "data.value");
	refuse(DATA("\"unit\":3"), REJECT_MALFORMED, "data.unit: must be a text");
	refuse(DATA("\"unit\":\"123456789012345678901234567890123\""), REJECT_MALFORMED,
		"data.unit: too long");
	refuse(DATA("\"text\":[]"), REJECT_MALFORMED, "data.text: must be a text");
	refuse(DATA("\"media\":\"a\""), REJECT_MALFORMED, "data.media: must be a list");
	refuse(DATA("\"media\":[1]"), REJECT_MALFORMED, "data.media: must be a text");
	refuse(DATA("\"media\":[\"\"]"), REJECT_MALFORMED, "data.media: must not be empty");
	refuse(DATA("\"media\":[null]"), REJECT_MALFORMED, "data.media: missing");
	refuse(DATA("\"media\":[\"a b\"]"), REJECT_MALFORMED, "data.media: an address must not hold blanks");
	refuse(DATA("\"media\":[0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0]"),
		REJECT_MALFORMED, "data.media: must be a list of at most 32");
	refuse(DATA("\"mode\":\"drill\""), REJECT_MALFORMED, "data.mode: no such word");
	refuse(DATA("\"follow\":1"), REJECT_MALFORMED, "data.follow: must be true or false");
	refuse(DATA("\"colour\":\"none\""), REJECT_MALFORMED, "data.colour: must be red");
	refuse(DATA("\"colour\":\"green\""), REJECT_MALFORMED, "data.colour: no such word");
}

static void the_position_is_checked(void **state)
{
#define POINT(list) DATA("\"position\":{\"type\":\"Point\",\"coordinates\":" list "}")
	(void)state;
	refuse(DATA("\"position\":[113,34]"), REJECT_MALFORMED, "data.position: must be a GeoJSON Point");
	refuse(DATA("\"position\":{\"type\":\"Polygon\",\"coordinates\":[1,2]}"), REJECT_MALFORMED,
		"data.position");
	refuse(DATA("\"position\":{\"type\":\"Point\"}"), REJECT_MALFORMED, "data.position");
	refuse(POINT("[113]"), REJECT_MALFORMED, "data.position");
	refuse(POINT("[113,34,0,0]"), REJECT_MALFORMED, "data.position");
	refuse(POINT("[\"113\",34]"), REJECT_MALFORMED, "data.position: coordinates must be numbers");
	refuse(POINT("[null,34]"), REJECT_MALFORMED, "data.position: coordinates must be numbers");
	refuse(POINT("[1e400,34]"), REJECT_BAD_POSITION, "data.position: a coordinate is out of range");
	refuse(DATA("\"crs\":4490"), REJECT_MALFORMED, "crs: must be a text");
	refuse(DATA("\"crs\":\"\""), REJECT_BAD_POSITION, "crs: no such");
	refuse(DATA("\"crs\":\"a\\nb\""), REJECT_BAD_POSITION, "crs: no such");
	refuse(DATA("\"crs\":\"123456789012345678901234567890123456789012345678\""), REJECT_BAD_POSITION,
		"crs: no such");
}

static void the_identity_comes_back_whatever_is_wrong(void **state)
{
	(void)state;
	refuse("{\"id\":\"f1\",\"source\":\"cam\",\"specversion\":\"2\"}", REJECT_MALFORMED, "specversion");
	check_text(in.alarm.id, "f1");
	check_text(in.alarm.source, "cam");
	refuse("{\"specversion\":\"1.0\",\"source\":\"cam\",\"id\":{}}", REJECT_MALFORMED, "id");
	check_text(in.alarm.id, "");
	check_text(in.alarm.source, "cam");
	refuse(DATA("\"confidence\":2"), REJECT_MALFORMED, "data.confidence");
	check_text(in.alarm.id, "f1");
}

static void sizes_are_bounded(void **state)
{
	static char message[ALARM_BYTES_MAX + 2];
	char name[ALARM_NAME_MAX + 2];
	size_t used = strlen(strcpy(message, "{\"x\":["));

	(void)state;
	memset(message + used, '0', sizeof(message) - used);
	for (size_t i = used + 1; i < ALARM_BYTES_MAX - 3; i += 2)
		message[i] = ',';
	memcpy(message + ALARM_BYTES_MAX - 3, "]} ", 3);
	assert_int_equal(read_bytes(message, ALARM_BYTES_MAX), REJECT_MALFORMED);
	assert_string_equal(in.detail, "specversion: missing");
	assert_int_equal(read_bytes(message, ALARM_BYTES_MAX + 1), REJECT_TOO_LARGE);
	check_text(in.alarm.id, "");

	for (size_t len = ALARM_NAME_MAX; len <= ALARM_NAME_MAX + 1; len++) {
		memset(name, 'n', len);
		name[len] = '\0';
		strcat(strcat(strcpy(message, "{\"specversion\":\"1.0\",\"source\":\"s\",\"id\":\""), name),
			"\"}");
		refuse(message, REJECT_MALFORMED, len > ALARM_NAME_MAX ? "id: too long" : "type: missing");
	}
	strcpy(message, HEAD TIME "\"data\":{\"state\":\"raised\",\"text\":\"");
	used = strlen(message);
	memset(message + used, 't', ALARM_TEXT_MAX);
	strcpy(message + used + ALARM_TEXT_MAX, "\"}}");
	assert_int_equal(read_message(message), REJECT_NONE);
	strcpy(message + used + ALARM_TEXT_MAX, "t\"}}");
	refuse(message, REJECT_MALFORMED, "data.text: too long");
}

static void damage_is_harmless(void **state)
{
	char message[] = DATA(
		"\"position\":{\"type\":\"Point\",\"coordinates\":[113.4312,34.7801]},\"confidence\":0.93,"
		"\"value\":3,\"text\":\"\\u6c34\",\"media\":[\"a\",\"b\"],\"follow\":true");
	uint64_t random = 1;

	(void)state;
	for (size_t cut = 0; cut < sizeof(message) - 1; cut++)
		assert_int_equal(read_bytes(message, cut), REJECT_MALFORMED);
	for (uint32_t turn = 0; turn < 20000; turn++) {
		char copy[sizeof(message)];

		memcpy(copy, message, sizeof(copy));
		for (uint32_t i = 0; i < turn % 3 + 1; i++) {
			random = random * UINT64_C(6364136223846793005) + 1442695040888963407;
			copy[(random >> 33) % (sizeof(copy) - 1)] ^= (char)(1u << (random >> 60) % 8);
		}
		(void)read_bytes(copy, sizeof(copy) - 1);
	}
}

static void check_out(struct json_out *out, const char *expected)
{
	struct text text;

	assert_int_equal(json_out_finish(out, &text), DISP_OK);
	out->ptr[text.len] = '\0';
	assert_string_equal(out->ptr, expected);
}

static void check_reply(const struct alarm_reply *reply, const char *expected)
{
	char buffer[512];
	struct json_out out;

	json_out_init(&out, buffer, sizeof(buffer) - 1);
	alarm_reply_write(&out, reply);
	check_out(&out, expected);
}

static void replies_are_written(void **state)
{
	struct alarm_reply reply = {
		TEXT("f1"), TEXT("cam-0417"), ALARM_ACCEPTED, 0, 2026000123, 4711, {NULL, 0}, 0};
	char buffer[512];
	struct json_out out;

	(void)state;
	check_reply(&reply,
		"{\"id\":\"f1\",\"source\":\"cam-0417\",\"result\":\"accepted\",\"incident\":\"2026-000123\","
		"\"seq\":4711}");
	reply.result = ALARM_SUPPRESSED;
	reply.incident = 0;
	check_reply(&reply,
		"{\"id\":\"f1\",\"source\":\"cam-0417\",\"result\":\"suppressed\",\"incident\":null,"
		"\"seq\":4711}");
	reply = (struct alarm_reply){.result = ALARM_REJECTED,
		.reject = REJECT_OVERLOADED,
		.detail = TEXT("\"so\""),
		.retry_after_s = 5};
	check_reply(&reply, "{\"id\":null,\"source\":null,\"result\":\"rejected\",\"reason\":\"overloaded\","
			    "\"detail\":\"\\\"so\\\"\",\"retry_after_s\":5}");
	reply.reject = REJECT_BAD_TIME;
	check_reply(&reply, "{\"id\":null,\"source\":null,\"result\":\"rejected\",\"reason\":\"bad_time\","
			    "\"detail\":\"\\\"so\\\"\"}");
	json_out_init(&out, buffer, sizeof(buffer) - 1);
	alarm_follow_write(&out, 2026000123, INCIDENT_CLOSED, DISPOSITION_RESOLVED);
	check_out(&out, "{\"incident\":\"2026-000123\",\"state\":\"closed\",\"disposition\":\"resolved\"}");
	json_out_init(&out, buffer, sizeof(buffer) - 1);
	alarm_follow_write(&out, 2026000123, INCIDENT_WORKING, DISPOSITION_NONE);
	check_out(&out, "{\"incident\":\"2026-000123\",\"state\":\"working\",\"disposition\":null}");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_message_of_the_design_is_read),
		cmocka_unit_test(little_is_enough),
		cmocka_unit_test(everything_else_is_read),
		cmocka_unit_test(weather_colours_come_from_the_value),
		cmocka_unit_test(what_is_no_message_is_malformed),
		cmocka_unit_test(the_envelope_is_checked),
		cmocka_unit_test(the_data_is_checked),
		cmocka_unit_test(the_position_is_checked),
		cmocka_unit_test(the_identity_comes_back_whatever_is_wrong),
		cmocka_unit_test(sizes_are_bounded),
		cmocka_unit_test(damage_is_harmless),
		cmocka_unit_test(replies_are_written),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
