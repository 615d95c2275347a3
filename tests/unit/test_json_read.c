/* test_json_read: what the JSON reader takes, what it refuses and where, and what its getters give. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "wire/decimal.h"
#include "wire/json_read.h"
#include "wire/utf8.h"

enum { TOKENS = 4096 };

static struct json_token tokens[TOKENS];
static struct json_doc doc;
static struct json_error error;
static char *copy; /* exactly as long as the document, so that a sanitizer sees a step past its end */

static enum disp_err read_bytes(const char *bytes, size_t len)
{
	free(copy);
	copy = malloc(len > 0 ? len : 1);
	assert_non_null(copy);
	memcpy(copy, bytes, len);
	return json_read(&doc, copy, len, tokens, TOKENS, &error);
}

static enum disp_err read_string(const char *string)
{
	return read_bytes(string, strlen(string));
}

static uint32_t find(const char *key)
{
	return json_find(&doc, 0, (struct text){key, (uint32_t)strlen(key)});
}

static void assert_text(struct text text, const char *want)
{
	assert_int_equal(text.len, strlen(want));
	assert_memory_equal(text.ptr, want, text.len);
}

/* The alarm of the interface description. */
static const char alarm_json[] =
	"{\"specversion\":\"1.0\",\"id\":\"f1\",\"source\":\"cam-0417\",\"type\":\"alarm.water.person_near\","
	"\"time\":\"2026-07-01T08:00:00.123Z\",\n "
	"\"data\":{\"state\":\"raised\",\"position\":{\"type\":\"Point\","
	"\"coordinates\":[113.4312,34.7801]},\"crs\":\"EPSG:4490\",\n         "
	"\"confidence\":0.93,\"value\":null,"
	"\"unit\":null,\"text\":\"child at the "
	"water\",\"media\":[\"https://example.org/1.jpg\"],\"mode\":\"actual\"}}";

static void reads_an_alarm(void **state)
{
	int64_t value;
	struct text text;
	double number;

	(void)state;
	assert_int_equal(read_string(alarm_json), DISP_OK);
	assert_int_equal(error.fault, JSON_FINE);
	assert_int_equal(json_kind(&doc, 0), JSON_KIND_OBJECT);
	assert_int_equal(json_count(&doc, 0), 6);

	uint32_t data = find("data");
	assert_int_equal(json_count(&doc, data), 9);
	uint32_t at = json_find(&doc, json_find(&doc, data, TEXT("position")), TEXT("coordinates"));
	uint32_t lon = json_first(&doc, at), lat = json_next(&doc, at, lon);
	assert_int_equal(json_next(&doc, at, lat), JSON_NONE);
	assert_int_equal(json_get_fixed(&doc, lon, 7, -1800000000, 1800000000, &value), DISP_OK);
	assert_int_equal(value, 1134312000);
	assert_int_equal(json_get_fixed(&doc, lat, 9, INT64_MIN, INT64_MAX, &value), DISP_OK);
	assert_int_equal(value, 34780100000);
	assert_int_equal(json_get_double(&doc, lat, &number), DISP_OK);
	assert_true(number == 34.7801);
	assert_int_equal(
		json_get_fixed(&doc, json_find(&doc, data, TEXT("value")), 6, 0, 1, &value), DISP_E_NONE);
	assert_int_equal(json_get_text(&doc, json_find(&doc, data, TEXT("crs")), NULL, &text), DISP_OK);
	assert_text(text, "EPSG:4490");
	assert_true(json_equals(&doc, json_find(&doc, data, TEXT("state")), TEXT("raised")));
	assert_false(json_equals(&doc, json_find(&doc, data, TEXT("state")), TEXT("raise")));
	assert_text(json_raw(&doc, at), "[113.4312,34.7801]");
}

struct refusal {
	const char *json;
	enum json_fault fault;
	uint32_t at;
};

static const struct refusal refusals[] = {
	{"", JSON_BAD_END, 0},
	{"  ", JSON_BAD_END, 2},
	{"{", JSON_BAD_END, 1},
	{"[1", JSON_BAD_END, 2},
	{"[1,", JSON_BAD_END, 3},
	{"{\"a\"", JSON_BAD_END, 4},
	{"{\"a\":", JSON_BAD_END, 5},
	{"\"abc", JSON_BAD_END, 4},
	{"\"0123456789abcdef", JSON_BAD_END, 17},
	{"\xEF\xBB\xBF{}", JSON_BAD_VALUE, 0},
	{"tru", JSON_BAD_VALUE, 0},
	{"[nul]", JSON_BAD_VALUE, 1},
	{"[1,]", JSON_BAD_VALUE, 3},
	{"[,1]", JSON_BAD_VALUE, 1},
	{"NaN", JSON_BAD_VALUE, 0},
	{"+1", JSON_BAD_VALUE, 0},
	{".5", JSON_BAD_VALUE, 0},
	{"'a'", JSON_BAD_VALUE, 0},
	{"\v1", JSON_BAD_VALUE, 0},
	{"{a:1}", JSON_BAD_KEY, 1},
	{"{\"a\":1,}", JSON_BAD_KEY, 7},
	{"{1:1}", JSON_BAD_KEY, 1},
	{"{\"a\" 1}", JSON_BAD_COLON, 5},
	{"[1 2]", JSON_BAD_COMMA, 3},
	{"[01]", JSON_BAD_COMMA, 2},
	{"[1}", JSON_BAD_COMMA, 2},
	{"[0x1]", JSON_BAD_COMMA, 2},
	{"[truefalse]", JSON_BAD_COMMA, 5},
	{"[-]", JSON_BAD_NUMBER, 1},
	{"[1.]", JSON_BAD_NUMBER, 1},
	{"[1e]", JSON_BAD_NUMBER, 1},
	{"[1e+]", JSON_BAD_NUMBER, 1},
	{"[-a]", JSON_BAD_NUMBER, 1},
	{"\"\\x\"", JSON_BAD_ESCAPE, 1},
	{"\"\\u12\"", JSON_BAD_ESCAPE, 1},
	{"\"\\u12g4\"", JSON_BAD_ESCAPE, 1},
	{"\"\\ud800\"", JSON_BAD_ESCAPE, 1},
	{"\"\\udc00\"", JSON_BAD_ESCAPE, 1},
	{"\"\\ud800\\ud800\"", JSON_BAD_ESCAPE, 1},
	{"\"\\ud800x\\udc00\"", JSON_BAD_ESCAPE, 1},
	{"\"a\nb\"", JSON_BAD_CONTROL, 2},
	{"\"01234567\x1f\"", JSON_BAD_CONTROL, 9},
	{"\"\xC0\x80\"", JSON_BAD_UTF8, 1},
	{"\"\xE0\x80\x80\"", JSON_BAD_UTF8, 1},
	{"\"\xED\xA0\x80\"", JSON_BAD_UTF8, 1},
	{"\"\xF4\x90\x80\x80\"", JSON_BAD_UTF8, 1},
	{"\"\xF0\x8F\xBF\xBF\"", JSON_BAD_UTF8, 1},
	{"\"\xE6\xB0\"", JSON_BAD_UTF8, 1},
	{"\"\xE6\xB0", JSON_BAD_UTF8, 1},
	{"\"a\x80\"", JSON_BAD_UTF8, 2},
	{"\"ab\\u0000\"", JSON_BAD_NUL, 3},
	{"{\"\\u0000\":1}", JSON_BAD_NUL, 2},
	{"{\"a\":1,\"a\":2}", JSON_BAD_DUPLICATE, 7},
	{"{\"a\":1,\"b\":{\"a\":1},\"\\u0061\":2}", JSON_BAD_DUPLICATE, 19},
	{"{\"\\ud83d\\ude00 abcdefgh\":1,\"\xF0\x9F\x98\x80 abcdefg\\u0068\":2}", JSON_BAD_DUPLICATE, 27},
	{"{} x", JSON_BAD_TRAILING, 3},
	{"1 2", JSON_BAD_TRAILING, 2},
};

static void refuses_what_is_no_json_and_says_where(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
		const struct refusal *r = &refusals[i];
		enum disp_err err = read_string(r->json);
		if (err != DISP_E_INPUT || error.fault != r->fault || error.at != r->at)
			fail_msg("%s: err %d fault %d at %u: %s", r->json, err, error.fault, error.at,
				error.message);
		assert_true(strlen(error.message) > 0);
		assert_int_equal(json_kind(&doc, 0), JSON_KIND_ABSENT);
	}
	assert_int_equal(read_bytes("\"a\0b\"", 5), DISP_E_INPUT);
	assert_int_equal(error.fault, JSON_BAD_CONTROL);
}

static void every_prefix_of_an_alarm_is_refused(void **state)
{
	(void)state;
	for (size_t len = 0; len < sizeof(alarm_json) - 1; len++)
		assert_int_equal(read_bytes(alarm_json, len), DISP_E_INPUT);
}

static void keeps_its_limits(void **state)
{
	static char big[32768];
	size_t used = 0;

	(void)state;
	for (int depth = JSON_DEPTH_MAX; depth <= JSON_DEPTH_MAX + 1; depth++) {
		memset(big, '[', (size_t)depth);
		memset(big + depth, ']', (size_t)depth);
		assert_int_equal(
			read_bytes(big, (size_t)depth * 2), depth > JSON_DEPTH_MAX ? DISP_E_FULL : DISP_OK);
	}
	assert_int_equal(error.fault, JSON_OVER_DEPTH);
	assert_int_equal(error.at, JSON_DEPTH_MAX);

	big[used++] = '{';
	for (int i = 0; i < JSON_MEMBERS_MAX; i++)
		used += (size_t)snprintf(
			big + used, sizeof(big) - used, "%s\"key %d\":%d", i > 0 ? "," : "", i, i);
	big[used] = '}';
	assert_int_equal(read_bytes(big, used + 1), DISP_OK);
	assert_int_equal(json_count(&doc, 0), JSON_MEMBERS_MAX);
	assert_text(json_raw(&doc, find("key 777")), "777");
	memcpy(big + used, ",\"x\":1}", 7);
	assert_int_equal(read_bytes(big, used + 7), DISP_E_FULL);
	assert_int_equal(error.fault, JSON_OVER_MEMBERS);

	assert_int_equal(json_read(&doc, "[1,2]", 5, tokens, 3, &error), DISP_OK);
	assert_int_equal(json_read(&doc, "[1,2]", 5, tokens, 2, &error), DISP_E_FULL);
	assert_int_equal(error.fault, JSON_OVER_TOKENS);
	assert_int_equal(error.at, 3);
	assert_int_equal(json_read(&doc, NULL, 0, tokens, 2, NULL), DISP_E_INPUT);
	assert_int_equal(json_read(&doc, "1", (size_t)JSON_BYTES_MAX + 1, tokens, 2, &error), DISP_E_FULL);
	assert_int_equal(error.fault, JSON_OVER_BYTES);
}

static void the_last_key_of_many_may_not_repeat_any(void **state)
{
	char json[8192];

	(void)state;
	for (int repeat = 0; repeat <= 300; repeat += 7) {
		size_t used = (size_t)snprintf(json, sizeof(json), "{");
		for (int i = 0; i < 300; i++)
			used += (size_t)snprintf(json + used, sizeof(json) - used, "\"%d.key\":[%d],", i, i);
		used += (size_t)snprintf(json + used, sizeof(json) - used, "\"%d.\\u006bey\":0}", repeat);
		assert_int_equal(read_bytes(json, used), repeat < 300 ? DISP_E_INPUT : DISP_OK);
		assert_int_equal(error.fault, repeat < 300 ? JSON_BAD_DUPLICATE : JSON_FINE);
	}
}

static void unescapes_into_the_scratch(void **state)
{
	char buffer[64];
	struct json_scratch scratch = {buffer, sizeof(buffer), 0};
	struct text first, second;

	(void)state;
	assert_int_equal(read_string("[\"\\\"\\\\\\/\\b\\f\\n\\r\\t\", "
				     "\"\\u6c34\\ud83d\\uDE00\\u00e9\xE6\xB0\xB4!\", \"\"]"),
		DISP_OK);
	uint32_t index = json_first(&doc, 0);
	assert_int_equal(json_get_text(&doc, index, &scratch, &first), DISP_OK);
	index = json_next(&doc, 0, index);
	assert_int_equal(json_get_text(&doc, index, &scratch, &second), DISP_OK);
	assert_text(first, "\"\\/\b\f\n\r\t");
	assert_text(second, "\xE6\xB0\xB4\xF0\x9F\x98\x80\xC3\xA9\xE6\xB0\xB4!");
	assert_true(json_equals(&doc, index, second));
	assert_int_equal(scratch.used, first.len + second.len);

	scratch = (struct json_scratch){buffer, 3, 0};
	assert_int_equal(json_get_text(&doc, index, &scratch, &second), DISP_E_FULL);
	assert_int_equal(json_get_text(&doc, index, NULL, &second), DISP_E_FULL);
	index = json_next(&doc, 0, index);
	assert_int_equal(json_get_text(&doc, index, &scratch, &first), DISP_OK);
	assert_int_equal(first.len, 0);
}

static void finds_members_in_one_walk(void **state)
{
	static const struct text keys[] = {{"id", 2}, {"source", 6}, {"absent", 6}, {"time", 4}};
	uint32_t found[4];

	(void)state;
	assert_int_equal(
		read_string("{\"time\":3,\"x\":{\"id\":9},\"i\\u0064\":1,\"source\":2,\"y\":0}"), DISP_OK);
	assert_int_equal(json_find_members(&doc, 0, keys, 4, found), 2);
	assert_text(json_raw(&doc, found[0]), "1");
	assert_text(json_raw(&doc, found[1]), "2");
	assert_int_equal(found[2], JSON_NONE);
	assert_text(json_raw(&doc, found[3]), "3");
	assert_int_equal(json_find_members(&doc, found[0], keys, 4, found), 0);
	assert_int_equal(found[0], JSON_NONE);

	uint32_t walked = 0;
	for (uint32_t key = json_first(&doc, 0); key != JSON_NONE; key = json_next(&doc, 0, key), walked++)
		assert_int_equal(json_kind(&doc, key), JSON_KIND_STRING);
	assert_int_equal(walked, json_count(&doc, 0));
	assert_int_equal(json_find(&doc, JSON_NONE, TEXT("id")), JSON_NONE);
	assert_int_equal(json_first(&doc, JSON_NONE), JSON_NONE);
	assert_int_equal(
		read_string("{\"\\\\n\":1}"), DISP_OK); /* a key with a backslash, asked for with one */
	assert_int_equal(json_find(&doc, 0, TEXT("\\n")), 2);
	assert_int_equal(json_find(&doc, 0, TEXT("\n")), JSON_NONE);
	assert_null(json_raw(&doc, JSON_NONE).ptr);
}

static void getters_refuse_other_kinds(void **state)
{
	int64_t value = 77;
	double number = 77;
	bool truth = true;
	struct text text = TEXT("untouched");

	(void)state;
	assert_int_equal(
		read_string("{\"s\":\"1\",\"n\":1,\"f\":false,\"z\":null,\"h\":1.5,\"w\":5e0}"), DISP_OK);
	assert_int_equal(json_get_int64(&doc, find("s"), 0, 9, &value), DISP_E_INPUT);
	assert_int_equal(json_get_int64(&doc, find("h"), 0, 9, &value), DISP_E_INPUT);
	assert_int_equal(json_get_int64(&doc, find("n"), 2, 9, &value), DISP_E_INPUT);
	assert_int_equal(json_get_int64(&doc, find("n"), -9, 0, &value), DISP_E_INPUT);
	assert_int_equal(json_get_int64(&doc, find("z"), 0, 9, &value), DISP_E_NONE);
	assert_int_equal(json_get_int64(&doc, find("none"), 0, 9, &value), DISP_E_NONE);
	assert_int_equal(json_get_fixed(&doc, find("f"), 1, 0, 9, &value), DISP_E_INPUT);
	assert_int_equal(json_get_fixed(&doc, find("h"), 1, 0, 14, &value), DISP_E_INPUT);
	assert_int_equal(json_get_double(&doc, 0, &number), DISP_E_INPUT);
	assert_int_equal(json_get_bool(&doc, find("n"), &truth), DISP_E_INPUT);
	assert_int_equal(json_get_text(&doc, find("n"), NULL, &text), DISP_E_INPUT);
	assert_int_equal(json_get_text(&doc, find("z"), NULL, &text), DISP_E_NONE);
	assert_int_equal(value, 77);
	assert_true(number == 77 && truth);
	assert_text(text, "untouched");
	assert_int_equal(json_get_int64(&doc, find("w"), 5, 5, &value), DISP_OK);
	assert_int_equal(value, 5);
	assert_int_equal(json_get_bool(&doc, find("f"), &truth), DISP_OK);
	assert_false(truth);
}

struct fixed_case {
	const char *number;
	int32_t scale;
	int64_t want; /* INT64_MIN + 1: refused */
};

#define REFUSED (INT64_MIN + 1)

static const struct fixed_case fixed_cases[] = {{"0", 0, 0}, {"-0", 7, 0}, {"-0.0e9", 18, 0},
	{"0.93", 6, 930000}, {"113.43120000000001", 7, 1134312000}, {"0.4", 0, 0}, {"0.5", 0, 1},
	{"-0.5", 0, -1}, {"1.4999999999999999999999", 0, 1}, {"2.5", 0, 3}, {"0.00000005", 7, 1},
	{"0.000000049", 7, 0}, {"0.049e-6", 7, 0}, {"5e-8", 7, 1}, {"5e-9", 7, 0}, {"9e-9", 7, 0},
	{"1e3", 0, 1000}, {"1.25e1", 1, 125}, {"125E-1", 1, 125}, {"1e18", 0, INT64_C(1000000000000000000)},
	{"1e19", 0, REFUSED}, {"1e20", 0, REFUSED}, {"1e19", -18, 10}, {"9223372036854775807", 0, INT64_MAX},
	{"9223372036854775808", 0, REFUSED}, {"-9223372036854775808", 0, INT64_MIN},
	{"-9223372036854775809", 0, REFUSED}, {"9223372036854775807.4", 0, INT64_MAX},
	{"9223372036854775807.5", 0, REFUSED}, {"18446744073709551615.5", 0, REFUSED},
	{"0e999999999999999999999", 7, 0}, {"1e999999999999999999999", 7, REFUSED},
	{"1e-999999999999999999999", 7, 0}, {"0.000000000000000000000000000001e30", 0, 1},
	{"1000000000000000000000000000000e-30", 0, 1}, {"922337203685.4775807", 7, INT64_MAX},
	{"922337203685.4775808", 7, REFUSED}};

static void fixed_point_is_exact(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(fixed_cases) / sizeof(fixed_cases[0]); i++) {
		const struct fixed_case *c = &fixed_cases[i];
		struct text number = {c->number, (uint32_t)strlen(c->number)};
		int64_t value = REFUSED;
		assert_true(decimal_valid(number));
		enum disp_err err = decimal_to_fixed(number, c->scale, &value, NULL);
		if (value != c->want || (err == DISP_OK) != (c->want != REFUSED))
			fail_msg("%s at scale %d: err %d, %lld", c->number, c->scale, err, (long long)value);
	}
}

/* How many doubles lie between the two; a big number when the signs differ. */
static uint64_t ulps(double a, double b)
{
	uint64_t x, y;

	memcpy(&x, &a, 8);
	memcpy(&y, &b, 8);
	return x > y ? x - y : y - x;
}

static void check_double(const char *number, uint64_t ulps_max)
{
	double got = 0, want = strtod(number, NULL);
	enum disp_err err = decimal_to_double((struct text){number, (uint32_t)strlen(number)}, &got);

	if (want - want != 0) { /* infinite */
		assert_int_equal(err, DISP_E_INPUT);
		return;
	}
	if (err != DISP_OK || ulps(got, want) > ulps_max)
		fail_msg("%s: err %d, %a instead of %a", number, err, got, want);
}

static void doubles_are_the_nearest(void **state)
{
	static const char *const exact[] = {"0", "-0", "-0.0", "0.1", "0.3", "1e22", "1e23", "1e27", "1e-27",
		"9007199254740993", "9007199254740992.5", "113.43120000000001", "34.780100000000004",
		"9999999999999999999", "123456789012345678e-20", "1.7976931348623157e308",
		"1.7976931348623159e308", "1e309", "-1e400", "4.9406564584124654e-324",
		"2.2250738585072014e-308", "2e-324", "1e-330", "1e-99999", "0e99999"};
	char number[64];
	uint64_t seed = 1;

	(void)state;
	for (size_t i = 0; i < sizeof(exact) / sizeof(exact[0]); i++)
		check_double(exact[i], 0);
	for (int i = 0; i < 300000; i++) {
		seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407u;
		uint64_t digits = (seed >> 1) >> (seed >> 58);
		seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407u;
		int power = (int)(seed >> 33) % 55 - 27;
		snprintf(number, sizeof(number), "%llue%d", (unsigned long long)digits, power);
		check_double(number, 0);
		snprintf(number, sizeof(number), "%llue%d", (unsigned long long)digits,
			(int)(seed >> 33) % 700 - 350);
		check_double(number, 1);
		snprintf(number, sizeof(number), "%llu%llu.%llu", (unsigned long long)digits + 1,
			(unsigned long long)(seed >> 40), (unsigned long long)seed);
		check_double(number, 1);
	}
}

static void utf8_is_measured_for_tables(void **state)
{
	static const char mixed[] = "\xE6\xB0\xB4"
				    "a\xE6\xB7\xB1"
				    "e\xCC\x81\xF0\x9F\x98\x80!";
	struct text text = TEXT(mixed);

	(void)state;
	assert_true(utf8_valid(text));
	assert_true(utf8_valid((struct text){NULL, 0}));
	assert_false(utf8_valid(TEXT("12345678\xC1\x81")));
	assert_false(utf8_valid(TEXT("1234567\xE6\xB0")));
	assert_int_equal(utf8_columns(text), 2 + 1 + 2 + 1 + 0 + 2 + 1);
	assert_int_equal(utf8_columns((struct text){NULL, 0}), 0);
	assert_int_equal(utf8_columns(TEXT("\xEF\xBC\x8C\xE3\x80\x82\xFF\x7F")), 2 + 2 + 1 + 0);
	assert_int_equal(utf8_fit_columns(text, 4), 4);  /* the third character would make it 5 */
	assert_int_equal(utf8_fit_columns(text, 6), 10); /* with the mark that takes no column */
	assert_int_equal(utf8_fit_columns(text, 99), text.len);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_an_alarm),
		cmocka_unit_test(refuses_what_is_no_json_and_says_where),
		cmocka_unit_test(every_prefix_of_an_alarm_is_refused),
		cmocka_unit_test(keeps_its_limits),
		cmocka_unit_test(the_last_key_of_many_may_not_repeat_any),
		cmocka_unit_test(unescapes_into_the_scratch),
		cmocka_unit_test(finds_members_in_one_walk),
		cmocka_unit_test(getters_refuse_other_kinds),
		cmocka_unit_test(fixed_point_is_exact),
		cmocka_unit_test(doubles_are_the_nearest),
		cmocka_unit_test(utf8_is_measured_for_tables),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);

	free(copy);
	return failed;
}
