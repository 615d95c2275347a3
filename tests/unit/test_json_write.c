/* test_json_write: commas, escapes, digits and the overflow of the JSON writer. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "wire/json_read.h"
#include "wire/json_write.h"

static char buffer[4096];
static struct json_out out;

static void begin(void)
{
	json_out_init(&out, buffer, sizeof(buffer));
}

static void assert_written(const char *want)
{
	struct text text;

	assert_int_equal(json_out_finish(&out, &text), DISP_OK);
	if (text.len != strlen(want) || memcmp(text.ptr, want, text.len) != 0)
		fail_msg("%.*s instead of %s", (int)text.len, text.ptr, want);
}

static void write_sample(struct json_out *to)
{
	json_open_object(to);
	JSON_KEY(to, "id");
	json_write_text(to, TEXT("f1"));
	JSON_KEY(to, "empty");
	json_open_object(to);
	json_close_object(to);
	JSON_KEY(to, "list");
	json_open_array(to);
	json_open_array(to);
	json_close_array(to);
	json_write_int64(to, -5);
	json_open_object(to);
	JSON_KEY(to, "t");
	json_write_bool(to, true);
	JSON_KEY(to, "f");
	json_write_bool(to, false);
	json_close_object(to);
	json_write_null(to);
	json_close_array(to);
	JSON_KEY(to, "at");
	json_write_time(to, 1782892800123);
	JSON_KEY(to, "raw");
	json_write_raw(to, TEXT("[1, 2]"));
	json_close_object(to);
}

static const char sample[] = "{\"id\":\"f1\",\"empty\":{},\"list\":[[],-5,{\"t\":true,\"f\":false},null],"
			     "\"at\":\"2026-07-01T08:00:00.123Z\",\"raw\":[1, 2]}";

static void commas_stand_between_and_nowhere_else(void **state)
{
	(void)state;
	begin();
	write_sample(&out);
	assert_written(sample);

	begin();
	json_open_array(&out); /* the second container at a depth forgets what the first one held */
	for (int i = 0; i < 2; i++) {
		json_open_object(&out);
		JSON_KEY(&out, "n");
		json_write_int64(&out, i);
		json_close_object(&out);
		json_open_array(&out);
		json_write_int64(&out, i);
		json_close_array(&out);
	}
	json_close_array(&out);
	assert_written("[{\"n\":0},[0],{\"n\":1},[1]]");
}

static void strings_are_escaped(void **state)
{
	(void)state;
	begin();
	json_open_object(&out);
	json_write_key(&out, TEXT("a\"b"));
	json_write_text(&out,
		TEXT("\"\\/\b\f\n\r\t\x01\x1f\x7f \xE6\xB0\xB4\xE6\xB7\xB1 \xF0\x9F\x98\x80\n12345678\""));
	JSON_KEY(&out, "");
	json_write_text(&out, (struct text){NULL, 0});
	json_close_object(&out);
	assert_written("{\"a\\\"b\":\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\\u001f\x7f "
		       "\xE6\xB0\xB4\xE6\xB7\xB1 \xF0\x9F\x98\x80\\n12345678\\\"\",\"\":\"\"}");
}

static void every_text_reads_back(void **state)
{
	struct json_token token[2];
	struct json_doc doc;
	char scratch_bytes[512];
	struct text written, got;

	(void)state;
	for (uint32_t byte = 1; byte < 0x80; byte++) {
		for (uint32_t place = 0; place < 20; place++) {
			char source[20];
			struct json_scratch scratch = {scratch_bytes, sizeof(scratch_bytes), 0};
			memset(source, 'x', sizeof(source));
			source[place] = (char)byte;
			begin();
			json_write_text(&out, (struct text){source, sizeof(source)});
			assert_int_equal(json_out_finish(&out, &written), DISP_OK);
			assert_int_equal(json_read(&doc, written.ptr, written.len, token, 2, NULL), DISP_OK);
			assert_int_equal(json_get_text(&doc, 0, &scratch, &got), DISP_OK);
			assert_int_equal(got.len, sizeof(source));
			assert_memory_equal(got.ptr, source, sizeof(source));
		}
	}
}

static void numbers_are_plain_decimals(void **state)
{
	(void)state;
	begin();
	json_open_array(&out);
	json_write_int64(&out, 0);
	json_write_int64(&out, INT64_MIN);
	json_write_int64(&out, INT64_MAX);
	json_write_uint64(&out, UINT64_MAX);
	json_write_fixed(&out, 1134312000, 7);
	json_write_fixed(&out, -347801000, 7);
	json_write_fixed(&out, 930000, 6);
	json_write_fixed(&out, -1, 6);
	json_write_fixed(&out, 0, 6);
	json_write_fixed(&out, 10, 0);
	json_write_fixed(&out, 5000000, 6);
	json_write_fixed(&out, INT64_MIN, 18);
	json_write_fixed(&out, 100, 1);
	json_close_array(&out);
	assert_written(
		"[0,-9223372036854775808,9223372036854775807,18446744073709551615,113.4312,-34.7801,0.93,"
		"-0.000001,0,10,5,-9.223372036854775808,10]");
}

/* Every size below the needed one: reported, nothing written outside, the document never half-trusted. */
static void overflow_is_reported_once_at_the_end(void **state)
{
	struct text text;

	(void)state;
	for (size_t size = 0; size <= sizeof(sample); size++) {
		char *tight = malloc(size > 0 ? size : 1); /* a sanitizer sees one byte too many */
		assert_non_null(tight);
		json_out_init(&out, tight, size);
		write_sample(&out);
		bool fits = size >= sizeof(sample) - 1;
		text = (struct text){NULL, 0};
		assert_int_equal(json_out_finish(&out, &text), fits ? DISP_OK : DISP_E_FULL);
		assert_int_equal(out.full, !fits);
		assert_true(out.used <= size);
		assert_int_equal(text.len, fits ? sizeof(sample) - 1 : 0);
		free(tight);
	}
}

static void nests_as_deep_as_stated(void **state)
{
	struct text text;

	(void)state;
	begin();
	for (int i = 0; i < JSON_OUT_DEPTH_MAX; i++)
		json_open_array(&out);
	json_write_int64(&out, 1);
	json_write_int64(&out, 2);
	for (int i = 0; i < JSON_OUT_DEPTH_MAX; i++)
		json_close_array(&out);
	assert_int_equal(json_out_finish(&out, &text), DISP_OK);
	assert_int_equal(text.len, 2 * JSON_OUT_DEPTH_MAX + 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(commas_stand_between_and_nowhere_else),
		cmocka_unit_test(strings_are_escaped),
		cmocka_unit_test(every_text_reads_back),
		cmocka_unit_test(numbers_are_plain_decimals),
		cmocka_unit_test(overflow_is_reported_once_at_the_end),
		cmocka_unit_test(nests_as_deep_as_stated),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
