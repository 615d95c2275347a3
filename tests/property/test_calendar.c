/* test_calendar: working hours against a slow count of every minute; holidays, make-up days, midnight, time zones. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../random.h"
#include "core/calendar.h"

enum { CASES = 400, MINUTE_MS = 60000, DAY_MIN = 1440, BASE_DAY = 20454 /* 2026-01-01 */ };

static struct calendar random_calendar(void)
{
	struct calendar calendar = {.weekdays = 1 + below(127)};
	int32_t day = BASE_DAY - 3;

	calendar.from_min = (uint16_t)below(below(3) == 0 ? 1 : 720);
	calendar.to_min = (uint16_t)(calendar.from_min + 1 + below(300));
	if (below(2) == 0) {
		uint32_t left = DAY_MIN - calendar.to_min;

		calendar.from2_min = (uint16_t)(calendar.to_min + below(left));
		calendar.to2_min = (uint16_t)(calendar.from2_min + 1 + below(DAY_MIN - calendar.from2_min));
	}
	for (uint32_t count = below(40); count > 0; count--) {
		day += 1 + (int32_t)below(4);
		calendar.day[calendar.day_count++] = day * 2 + (below(2) == 0);
	}
	return calendar;
}

/* By the C library's calendar and a walk over the list: nothing of the code under test. */
static bool slow_open(const struct calendar *calendar, int32_t offset_min, int64_t minute)
{
	int64_t local = minute + offset_min;
	time_t seconds = (time_t)(local * 60);
	struct tm tm;

	assert_non_null(gmtime_r(&seconds, &tm));
	int64_t day =
		timegm(&(struct tm){.tm_year = tm.tm_year, .tm_mon = tm.tm_mon, .tm_mday = tm.tm_mday}) /
		86400;
	bool works = (calendar->weekdays >> (tm.tm_wday + 6) % 7 & 1) != 0;
	uint32_t of_day = (uint32_t)(tm.tm_hour * 60 + tm.tm_min);

	for (uint32_t index = 0; index < calendar->day_count; index++)
		if (calendar->day[index] / 2 == day)
			works = calendar->day[index] % 2 != 0;
	return works && ((of_day >= calendar->from_min && of_day < calendar->to_min) ||
				(of_day >= calendar->from2_min && of_day < calendar->to2_min));
}

static int64_t slow_add(const struct calendar *calendar, int32_t offset_min, int64_t minute, int64_t span_min)
{
	for (; span_min > 0; minute++)
		span_min -= slow_open(calendar, offset_min, minute);
	return minute;
}

static void any_span_agrees_with_a_count_of_minutes(void **state)
{
	uint64_t cases = number_from("DISPATCH_CASES", CASES), seed = number_from("DISPATCH_SEED", 1);

	(void)state;
	for (uint64_t number = 0; number < cases; number++) {
		random_state = seed + number;
		struct calendar calendar = random_calendar();
		int32_t offset_min = (int32_t)below(1681) - 840;
		int64_t minute = (int64_t)BASE_DAY * DAY_MIN + below(30 * DAY_MIN);
		int64_t span_min = below(below(4) == 0 ? 2 : 900);
		int64_t slow = slow_add(&calendar, offset_min, minute, span_min);
		int64_t quick =
			calendar_add_ms(&calendar, offset_min, minute * MINUTE_MS, span_min * MINUTE_MS);

		if (quick != slow * MINUTE_MS)
			fail_msg("case %llu: %lld, %lld + %lld min", (unsigned long long)(seed + number),
				(long long)quick / MINUTE_MS - (long long)minute,
				(long long)slow - (long long)minute, (long long)span_min);
		assert_int_equal(calendar_open(&calendar, offset_min, minute * MINUTE_MS),
			slow_open(&calendar, offset_min, minute));
	}
	print_message("%llu calendars from seed %llu\n", (unsigned long long)cases, (unsigned long long)seed);
}

/* Two spans one after the other end where their sum ends; a longer one never ends sooner. */
static void spans_add_up(void **state)
{
	(void)state;
	for (uint64_t seed = 0; seed < 500; seed++) {
		random_state = seed;
		struct calendar calendar = random_calendar();
		int64_t from_ms = (int64_t)BASE_DAY * DAY_MIN * MINUTE_MS + below(1u << 30);
		int64_t a_ms = 1 + below(1u << 24), b_ms = 1 + below(1u << 24);
		int64_t half_ms = calendar_add_ms(&calendar, 480, from_ms, a_ms);

		assert_true(half_ms >= from_ms + a_ms);
		assert_true(calendar_add_ms(&calendar, 480, half_ms, b_ms) ==
			    calendar_add_ms(&calendar, 480, from_ms, a_ms + b_ms));
	}
}

static int64_t at(int32_t day, int32_t hour, int32_t minute)
{
	return ((int64_t)day * DAY_MIN + hour * 60 + minute - 480) * MINUTE_MS;
}

/* The National Day of 2026 as it was announced: seven days off, Saturday the 10th worked. */
static void a_holiday_with_its_make_up_day(void **state)
{
	struct calendar calendar = {
		.weekdays = 0x1f, .from_min = 510, .to_min = 720, .from2_min = 840, .to2_min = 1050};
	static const char *const dates[] = {
		"2026-10-01", "2026-10-02", "2026-10-05", "2026-10-06", "2026-10-07", "2026-10-10"};
	int32_t first = 0, day = 0;

	(void)state;
	for (uint32_t index = 0; index < 6; index++) {
		assert_true(calendar_day_read((struct text){dates[index], 10}, &day));
		first = index == 0 ? day : first;
		calendar.day[calendar.day_count++] = day * 2 + (index == 5);
	}
	int64_t day_ms = 7 * INT64_C(3600000);

	/* Wednesday 30 September, 17:00: half an hour today, the rest on Thursday the 8th. */
	assert_true(calendar_add_ms(&calendar, 480, at(first - 1, 17, 0), day_ms) == at(first + 7, 17, 0));
	/* Friday the 9th, noon: the afternoon, then Saturday's morning. */
	assert_true(calendar_add_ms(&calendar, 480, at(first + 8, 12, 0), day_ms) == at(first + 9, 12, 0));
	assert_true(calendar_add_ms(&calendar, 480, at(first, 3, 0), 0) == at(first, 3, 0));
	assert_true(calendar_open(&calendar, 480, at(first + 9, 9, 0)));
	assert_false(calendar_open(&calendar, 480, at(first, 9, 0)));
}

static void no_working_day_ends_all_the_same(void **state)
{
	struct calendar none = {.weekdays = 0}, shut = {.weekdays = 0x7f};
	int64_t from_ms = at(BASE_DAY, 9, 0), span_ms = 86400000;

	(void)state;
	assert_true(calendar_add_ms(&none, 480, from_ms, span_ms) == from_ms + span_ms);
	assert_true(calendar_add_ms(&shut, 480, from_ms, span_ms) == from_ms + span_ms);
	assert_true(calendar_open(&none, 480, from_ms));
}

static void dates_are_read_strictly(void **state)
{
	static const char *const wrong[] = {"2026-02-29", "2026-13-01", "2026-00-10", "2026-1-01", "26-01-01",
		"2026/01/01", "2026-01-00", "1969-12-31", "2026-01-011", "２026-01-0"};
	int32_t day;

	(void)state;
	for (uint32_t index = 0; index < sizeof wrong / sizeof wrong[0]; index++)
		assert_false(
			calendar_day_read((struct text){wrong[index], (uint32_t)strlen(wrong[index])}, &day));
	for (int32_t number = 0; number < 60000; number++) {
		time_t seconds = (time_t)number * 86400;
		struct tm tm;
		char text[16];

		assert_non_null(gmtime_r(&seconds, &tm));
		assert_int_equal(strftime(text, sizeof text, "%Y-%m-%d", &tm), 10);
		assert_true(calendar_day_read((struct text){text, 10}, &day));
		assert_int_equal(day, number);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_span_agrees_with_a_count_of_minutes),
		cmocka_unit_test(spans_add_up),
		cmocka_unit_test(a_holiday_with_its_make_up_day),
		cmocka_unit_test(no_working_day_ends_all_the_same),
		cmocka_unit_test(dates_are_read_strictly),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
