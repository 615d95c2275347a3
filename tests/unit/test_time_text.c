/* test_time_text: RFC 3339 in and out, the calendar against the C library, local time at a fixed offset. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "wire/time_text.h"

struct good {
	const char *text;
	int64_t ms;
};

static const struct good goods[] = {
	{"1970-01-01T00:00:00Z", 0},
	{"1969-12-31T23:59:59.999Z", -1},
	{"2026-07-01T08:00:00.123Z", 1782892800123},
	{"2026-07-01T16:00:00.123+08:00", 1782892800123},
	{"2026-06-30T22:30:00.123-09:30", 1782892800123},
	{"2026-07-01t08:00:00.123z", 1782892800123},
	{"2026-07-01T08:00:00.1239999999999999999999999Z", 1782892800123},
	{"2026-07-01T08:00:00.1Z", 1782892800100},
	{"2026-07-01T08:00:00-00:00", 1782892800000},
	{"2024-02-29T00:00:00Z", 1709164800000},
	{"2000-02-29T12:00:00Z", 951825600000},
	{"2016-12-31T23:59:60Z", 1483228800000}, /* a leap second that was */
	{"2016-12-31T23:59:60.5Z", 1483228800500},
	{"2017-01-01T07:59:60+08:00", 1483228800000},
	{"1990-12-31T15:59:60-08:00", 662688000000}, /* RFC 3339, section 5.8 */
	{"0000-01-01T00:00:00Z", TIME_MS_MIN},
	{"9999-12-31T23:59:59.999Z", TIME_MS_MAX},
	{"9999-12-31T23:59:59.999+23:59", TIME_MS_MAX - 1439 * 60000},
};

static const char *const bads[] = {"", "2026-07-01", "2026-07-01T08:00:00", "2026-07-01 08:00:00Z",
	"2026-07-01T08:00Z", "2026-7-01T08:00:00Z", "2026-07-01T08:00:00.Z", "2026-07-01T08:00:00,5Z",
	"2026-07-01T08:00:00Zx", "2026-07-01T08:00:00.5", "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z",
	"2026-07-00T00:00:00Z", "2026-07-32T00:00:00Z", "2026-06-31T00:00:00Z", "2026-02-29T00:00:00Z",
	"2100-02-29T00:00:00Z", "2026-07-01T24:00:00Z", "2026-07-01T08:60:00Z", "2026-07-01T08:00:61Z",
	"2026-07-01T08:00:60Z", "2026-07-01T00:00:60Z", "2026-07-01T23:58:60Z", "2016-12-31T23:59:60+08:00",
	"2026-07-01T08:00:00+24:00", "2026-07-01T08:00:00+08:60", "2026-07-01T08:00:00+0800",
	"2026-07-01T08:00:00+08", "2026-07-01T08:00:00 +08:00", "0000-01-01T00:00:00+00:01",
	"9999-12-31T23:59:59-00:01", "9999-12-31T23:59:60Z", "-026-07-01T08:00:00Z", "2026-07-01T08:00:0:Z",
	"2026-07-01T08:00:00.1e3Z", "20260701T080000Z..........."};

static void parses_what_rfc_3339_allows(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(goods) / sizeof(goods[0]); i++) {
		int64_t ms = 1;
		enum disp_err err =
			time_parse((struct text){goods[i].text, (uint32_t)strlen(goods[i].text)}, &ms);
		if (err != DISP_OK || ms != goods[i].ms)
			fail_msg("%s: err %d, %lld", goods[i].text, err, (long long)ms);
	}
}

static void refuses_the_rest(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(bads) / sizeof(bads[0]); i++) {
		int64_t ms = 77;
		size_t len = strlen(bads[i]);
		char *tight = malloc(len > 0 ? len : 1); /* a sanitizer sees a step past the end */
		assert_non_null(tight);
		memcpy(tight, bads[i], len);
		if (time_parse((struct text){tight, (uint32_t)len}, &ms) != DISP_E_INPUT || ms != 77)
			fail_msg("%s was taken as %lld", bads[i], (long long)ms);
		free(tight);
	}
}

static void assert_formats(int64_t ms, const char *want)
{
	char text[TIME_TEXT_LEN + 1] = {0};

	time_format(ms, text);
	assert_string_equal(text, want);
}

static void formats_and_keeps_within_four_digit_years(void **state)
{
	(void)state;
	assert_formats(1782892800123, "2026-07-01T08:00:00.123Z");
	assert_formats(-1, "1969-12-31T23:59:59.999Z");
	assert_formats(TIME_MS_MIN, "0000-01-01T00:00:00.000Z");
	assert_formats(INT64_MIN, "0000-01-01T00:00:00.000Z");
	assert_formats(INT64_MAX, "9999-12-31T23:59:59.999Z");
}

/* The oracle is gmtime_r of the C library. */
static void the_calendar_agrees_with_the_c_library(void **state)
{
	char text[TIME_TEXT_LEN + 1] = {0}, want[64];

	(void)state;
	for (int64_t ms = TIME_MS_MIN; ms <= TIME_MS_MAX; ms += 86400000 * 11 + 12345677) {
		int64_t seconds = (ms - TIME_MS_MIN) / 1000 + TIME_MS_MIN / 1000, back;
		time_t as_time = (time_t)seconds;
		struct tm tm;
		assert_non_null(gmtime_r(&as_time, &tm));
		snprintf(want, sizeof(want), "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", tm.tm_year + 1900,
			tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec,
			(int)(ms - seconds * 1000));
		time_format(ms, text);
		assert_string_equal(text, want);
		assert_int_equal(time_split(ms, 0).weekday, tm.tm_wday == 0 ? 7 : tm.tm_wday);
		assert_int_equal(time_parse((struct text){text, TIME_TEXT_LEN}, &back), DISP_OK);
		assert_int_equal(back, ms);
	}
}

static void local_time_is_a_fixed_offset_away(void **state)
{
	char text[TIME_LOCAL_LEN + 1] = {0};
	int64_t at_ms = 1782892800123, back;

	(void)state;
	time_format_local(at_ms, TIME_OFFSET_SHANGHAI, text);
	assert_string_equal(text, "2026-07-01 16:00:00");
	assert_int_equal(time_minute_of_day(at_ms, TIME_OFFSET_SHANGHAI), 16 * 60);
	assert_int_equal(time_minute_of_day(at_ms, 0), 8 * 60);
	assert_int_equal(time_minute_of_day(-1, 0), 1439);
	assert_int_equal(time_minute_of_day(at_ms + 8 * 3600000 - 1000, TIME_OFFSET_SHANGHAI), 1439);
	assert_int_equal(time_minute_of_day(at_ms + 8 * 3600000, TIME_OFFSET_SHANGHAI), 0);

	struct time_parts parts = time_split(at_ms + 8 * 3600000, TIME_OFFSET_SHANGHAI);
	assert_int_equal(parts.day, 2);
	assert_int_equal(parts.weekday, 4); /* a Thursday */
	assert_int_equal(time_join(&parts, TIME_OFFSET_SHANGHAI, &back), DISP_OK);
	assert_int_equal(back, at_ms + 8 * 3600000);
	parts.day = 32;
	assert_int_equal(time_join(&parts, 0, &back), DISP_E_INPUT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parses_what_rfc_3339_allows),
		cmocka_unit_test(refuses_the_rest),
		cmocka_unit_test(formats_and_keeps_within_four_digit_years),
		cmocka_unit_test(the_calendar_agrees_with_the_c_library),
		cmocka_unit_test(local_time_is_a_fixed_offset_away),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
