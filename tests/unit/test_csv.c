/* test_csv: the strict CSV reader: fields, lines, columns, and every way to be wrong. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "town/csv.h"

/* Reads a whole text; records as "a|b/c|d", errors as "!line:column what". */
static const char *read_all(const char *text, size_t len)
{
	static char out[4096];
	char *bytes = malloc(len + 1);
	struct csv_record record;
	struct csv_error error;
	struct csv csv;
	enum disp_err err;
	size_t used = 0;

	assert_non_null(bytes);
	memcpy(bytes, text, len);
	out[0] = '\0';
	csv_open(&csv, bytes, len);
	while ((err = csv_read_record(&csv, &record, &error)) != DISP_E_NONE) {
		if (used > 0)
			out[used++] = '/';
		if (err == DISP_E_INPUT) {
			used += (size_t)snprintf(out + used, sizeof(out) - used, "!%u:%u %s", error.line,
				error.column, error.what);
			continue;
		}
		assert_int_equal(err, DISP_OK);
		for (uint32_t field = 0; field < record.count; field++) {
			assert_int_equal(strlen(record.field[field].text), record.field[field].len);
			used += (size_t)snprintf(out + used, sizeof(out) - used, "%s%s",
				field == 0 ? "" : "|", record.field[field].text);
		}
	}
	free(bytes);
	return out;
}
#define READ(text) read_all(text, sizeof(text) - 1)

static void test_plain(void **state)
{
	(void)state;
	assert_string_equal(READ(""), "");
	assert_string_equal(READ("a,b\nc,d\n"), "a|b/c|d");
	assert_string_equal(READ("a,b\r\nc,d"), "a|b/c|d");
	assert_string_equal(READ("a,,\n,\n"), "a||/|");
	assert_string_equal(READ("\xef\xbb\xbf"
				 "a,b\n"),
		"a|b");
	assert_string_equal(READ("豫龙镇, x \n"), "豫龙镇| x ");
}

static void test_quoted(void **state)
{
	(void)state;
	assert_string_equal(READ("\"a,b\",c\n"), "a,b|c");
	assert_string_equal(READ("\"say \"\"hi\"\"\",\"\"\n"), "say \"hi\"|");
	assert_string_equal(READ("\"two\nlines\",x\ny,z\n"), "two\nlines|x/y|z");
	assert_string_equal(READ("\"\"\"\"\n"), "\"");
}

static void test_positions(void **state)
{
	char text[] = "甲乙,b\n\"x\ny\",c,\"d\"\n";
	struct csv_record record;
	struct csv_error error;
	struct csv csv;

	(void)state;
	csv_open(&csv, text, sizeof(text) - 1);
	assert_int_equal(csv_read_record(&csv, &record, &error), DISP_OK);
	assert_int_equal(record.line, 1);
	assert_int_equal(record.field[1].column, 4); /* characters, not bytes */
	assert_int_equal(csv_read_record(&csv, &record, &error), DISP_OK);
	assert_int_equal(record.line, 2);
	assert_int_equal(record.field[1].line, 3);
	assert_int_equal(record.field[1].column, 4);
	assert_int_equal(record.field[2].column, 6);
	assert_int_equal(csv_read_record(&csv, &record, &error), DISP_E_NONE);
}

static void test_errors_and_going_on(void **state)
{
	(void)state;
	assert_string_equal(READ("a,b\"c\nd,e\n"), "!1:4 a quote inside an unquoted field/d|e");
	assert_string_equal(READ("\"a\"b,c\nd\n"), "!1:4 text after the closing quote/d");
	assert_string_equal(READ("x\na,\"b\nc\n"), "x/!2:3 a quote that is never closed");
	assert_string_equal(READ("a\rb\nc\n"), "!1:2 a carriage return without a line feed/c");
	assert_string_equal(READ("a,\0b\nc\n"), "!1:3 a NUL byte/c");
	assert_string_equal(READ("a,\xff\nc\n"), "!1:3 not UTF-8/c");
	assert_string_equal(READ("\"\xe8\xb1\nc\n"), "!1:2 not UTF-8/c");
}

static void test_field_limit(void **state)
{
	char text[200];

	(void)state;
	memset(text, ',', sizeof(text));
	assert_string_equal(read_all(text, CSV_FIELDS_MAX), "!1:65 too many fields");
	text[CSV_FIELDS_MAX - 1] = '\n';
	assert_int_equal(strlen(read_all(text, CSV_FIELDS_MAX)), CSV_FIELDS_MAX - 1);
}

static void test_utf8(void **state)
{
	static const struct {
		const char *text;
		uint32_t length;
	} cases[] = {{"a", 1}, {"\xc2\xa2", 2}, {"\xe8\xb1\xab", 3}, {"\xf0\x9f\x98\x80", 4},
		{"\xf4\x8f\xbf\xbf", 4}, {"\x80", 0}, {"\xc0\x80", 0}, {"\xc1\xbf", 0}, {"\xe0\x80\x80", 0},
		{"\xed\xa0\x80", 0}, {"\xf0\x80\x80\x80", 0}, {"\xf4\x90\x80\x80", 0},
		{"\xf5\x80\x80\x80", 0}, {"\xe8\xb1", 0},
		{"\xe8"
		 "a\xab",
			0},
		{"\xff", 0}};

	(void)state;
	for (size_t index = 0; index < sizeof(cases) / sizeof(*cases); index++)
		assert_int_equal(
			csv_utf8_length(cases[index].text, strlen(cases[index].text)), cases[index].length);
}

/* Any bytes: always an end, never more records than bytes. Run under the sanitizers this finds overruns. */
static void test_any_bytes(void **state)
{
	static const char alphabet[] = "a,\"\n\r\0\xe8\xb1\xab";
	uint64_t seed = 42;

	(void)state;
	for (int round = 0; round < 20000; round++) {
		char text[24];
		size_t len;

		seed = seed * 6364136223846793005u + 1442695040888963407u;
		len = (size_t)(seed >> 33) % sizeof(text);
		for (size_t at = 0; at < len; at++) {
			seed = seed * 6364136223846793005u + 1442695040888963407u;
			text[at] = alphabet[(seed >> 33) % (sizeof(alphabet) - 1)];
		}
		(void)read_all(text, len);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plain),
		cmocka_unit_test(test_quoted),
		cmocka_unit_test(test_positions),
		cmocka_unit_test(test_errors_and_going_on),
		cmocka_unit_test(test_field_limit),
		cmocka_unit_test(test_utf8),
		cmocka_unit_test(test_any_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
