/* test_ctl_time: times as people type them, by a clock that the test sets. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "ctl/args.h"
#include "wire/time_text.h"

static int64_t ms_of(const char *time)
{
	int64_t ms = 0;

	assert_int_equal(time_parse((struct text){time, (uint32_t)strlen(time)}, &ms), DISP_OK);
	return ms;
}

/* means: NULL: it is no time */
static void reads(const char *now, const char *typed, enum arg_side side, const char *means)
{
	char utc[TIME_TEXT_LEN + 1] = "";

	if (means == NULL) {
		assert_false(args_time(typed, ms_of(now), side, utc));
		return;
	}
	if (!args_time(typed, ms_of(now), side, utc))
		fail_msg("'%s' is no time", typed);
	if (ms_of(utc) != ms_of(means))
		fail_msg("'%s' at %s is %s, not %s", typed, now, utc, means);
}

#define MORNING "2026-11-22T08:00:00+08:00"

static void days_have_words(void **state)
{
	(void)state;
	reads(MORNING, "昨天 19:40", SIDE_PAST, "2026-11-21T19:40:00+08:00");
	reads(MORNING, "昨天19:40", SIDE_PAST, "2026-11-21T19:40:00+08:00");
	reads(MORNING, "yesterday 19:40:30", SIDE_PAST, "2026-11-21T19:40:30+08:00");
	reads(MORNING, "今天 07:10", SIDE_PAST, "2026-11-22T07:10:00+08:00");
	reads(MORNING, "today 07:10", SIDE_COMING, "2026-11-22T07:10:00+08:00");
	reads(MORNING, "明天 06:30", SIDE_COMING, "2026-11-23T06:30:00+08:00");
	reads(MORNING, "tomorrow 06:30", SIDE_NEAR, "2026-11-23T06:30:00+08:00");
	reads(MORNING, "前天 23:00", SIDE_PAST, "2026-11-20T23:00:00+08:00");
	reads(MORNING, "2026-11-21T11:40:00Z", SIDE_PAST, "2026-11-21T19:40:00+08:00");
	reads(MORNING, "昨天", SIDE_PAST, NULL);
	reads(MORNING, "昨天 25:00", SIDE_PAST, NULL);
	reads(MORNING, "昨天 7:00", SIDE_PAST, NULL);
	reads(MORNING, "昨日 07:00", SIDE_PAST, NULL);
	reads("2026-11-22T00:30:00+08:00", "昨天 23:50", SIDE_PAST, "2026-11-21T23:50:00+08:00");
}

static void a_month_and_a_day_have_a_year(void **state)
{
	(void)state;
	reads(MORNING, "11-21 19:40", SIDE_PAST, "2026-11-21T19:40:00+08:00");
	reads(MORNING, "12-31 23:00", SIDE_PAST, "2025-12-31T23:00:00+08:00");
	reads(MORNING, "01-01 02:00", SIDE_COMING, "2027-01-01T02:00:00+08:00");
	reads(MORNING, "01-01 02:00", SIDE_NEAR, "2027-01-01T02:00:00+08:00");
	reads("2027-01-01T00:10:00+08:00", "12-31 23:00", SIDE_PAST, "2026-12-31T23:00:00+08:00");
	reads(MORNING, "13-01 02:00", SIDE_PAST, NULL);
	reads(MORNING, "11-21", SIDE_PAST, NULL);
	reads("2024-03-01T08:00:00+08:00", "02-29 10:00", SIDE_PAST, "2024-02-29T10:00:00+08:00");
}

static void what_has_happened_is_not_guessed_far_back(void **state)
{
	(void)state;
	reads(MORNING, "07:59", SIDE_PAST, "2026-11-22T07:59:00+08:00");
	reads(MORNING, "19:40", SIDE_PAST, "2026-11-22T19:40:00+08:00"); /* in the future: refused */
	reads("2026-11-22T00:10:00+08:00", "23:50", SIDE_PAST, "2026-11-21T23:50:00+08:00");
	reads("2026-11-22T06:30:00+08:00", "23:50", SIDE_PAST, "2026-11-22T23:50:00+08:00");
	reads("2026-11-22T20:00:00+08:00", "00:30", SIDE_PAST, "2026-11-22T00:30:00+08:00");
}

/* Of a clock on the wall that is ahead, midnight may have come already. */
static void the_wall_may_be_ahead(void **state)
{
	(void)state;
	reads("2026-11-22T23:59:30+08:00", "00:00", SIDE_PAST, "2026-11-23T00:00:00+08:00");
	reads("2026-11-22T23:57:30+08:00", "00:00", SIDE_PAST, "2026-11-22T00:00:00+08:00");
	reads("2026-11-22T11:57:29+08:00", "11:58", SIDE_PAST, "2026-11-22T11:58:00+08:00");
}

static void follows(const char *before, const char *typed, const char *means)
{
	char utc[TIME_TEXT_LEN + 1] = "";

	assert_true(args_time_after(typed, ms_of(before), utc));
	if (ms_of(utc) != ms_of(means))
		fail_msg("'%s' after %s is %s, not %s", typed, before, utc, means);
}

static void what_follows_has_the_day_of_what_was_before(void **state)
{
	char utc[TIME_TEXT_LEN + 1];

	(void)state;
	follows("2026-11-21T19:40:00+08:00", "19:45", "2026-11-21T19:45:00+08:00");
	follows("2026-11-21T19:40:00+08:00", "19:40", "2026-11-21T19:40:00+08:00");
	follows("2026-11-21T23:50:00+08:00", "00:05", "2026-11-22T00:05:00+08:00");
	follows("2026-11-21T19:40:00+08:00", "19:35",
		"2026-11-21T19:35:00+08:00"); /* a slip: the daemon says so */
	assert_false(args_time_after("2026-11-21 19:45", ms_of(MORNING), utc));
	assert_false(args_time_after("25:00", ms_of(MORNING), utc));
}

static void a_day_and_a_time_need_no_quotes(void **state)
{
	static const char *const line[] = {
		"--type", "fire", "--place", "x", "--at", "昨天", "19:40", "--text", "y"};
	static const char *const full[] = {"--at", "2026-11-21", "19:40", "--type", "fire", "--place", "x"};
	char fault[ARGS_FAULT_MAX];
	struct args args;
	uint32_t taken;
	const struct command *open = command_find((const char *const[]){"incident", "open"}, 2, &taken);

	(void)state;
	assert_non_null(open);
	assert_int_equal(args_parse(open, line, 9, LANG_ZH, &args, fault), DISP_OK);
	assert_string_equal(args_text(&args, "--at"), "昨天 19:40");
	assert_string_equal(args_text(&args, "--text"), "y");
	assert_int_equal(args_parse(open, full, 7, LANG_ZH, &args, fault), DISP_OK);
	assert_string_equal(args_text(&args, "--at"), "2026-11-21 19:40");
	assert_int_equal(args_parse(open, line, 6, LANG_ZH, &args, fault), DISP_E_INPUT); /* a day alone */
	assert_non_null(strstr(fault, "昨天 18:00"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(days_have_words),
		cmocka_unit_test(a_month_and_a_day_have_a_year),
		cmocka_unit_test(what_has_happened_is_not_guessed_far_back),
		cmocka_unit_test(the_wall_may_be_ahead),
		cmocka_unit_test(what_follows_has_the_day_of_what_was_before),
		cmocka_unit_test(a_day_and_a_time_need_no_quotes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
