/* test_ctl_paper: screens of what nobody here ran: a case from paper, and calls that wait for no answer. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "ctl/fields.h"
#include "ctl/value.h"
#include "ctl/view.h"

static const char story[] =
	"{\"id\":\"2026-000001\",\"title\":\"明火火情\",\"state\":\"working\",\"mode\":\"actual\",\"paper\":"
	"true,"
	"\"reported\":\"2026-07-01T08:00:00.000Z\",\"orders\":[],\"steps\":[],"
	"\"report\":{\"caller\":\"王老师\",\"phone\":\"13811112222\",\"text\":\"冒烟\",\"where\":\"桥下\"},"
	"\"paper_units\":[{\"unit\":\"FE-1\",\"name\":\"消防一车\",\"members\":4,"
	"\"dispatched\":\"2026-07-01T08:02:00.000Z\",\"arrived\":\"2026-07-01T08:05:00.000Z\"}],"
	"\"deadlines\":[{\"kind\":\"arrive\",\"state\":\"late\",\"due\":\"2026-07-01T08:04:00.000Z\","
	"\"left_s\":-25200,\"stopped\":\"2026-07-01T08:05:00.000Z\"}]}";

static char *shown(const char *text, void (*show)(const struct screen *screen, const json_t *value))
{
	json_t *value = json_loads(text, 0, NULL);
	struct screen screen = {.lang = LANG_ZH, .width = 120, .offset_minutes = 480};
	char *out = NULL;
	size_t len = 0;

	assert_non_null(value);
	screen.to = open_memstream(&out, &len);
	assert_non_null(screen.to);
	show(&screen, value);
	assert_int_equal(fclose(screen.to), 0);
	json_decref(value);
	return out;
}

static void holds(const char *text, const char *words)
{
	if (strstr(text, words) == NULL)
		fail_msg("no '%s' in:\n%s", words, text);
}

static void a_case_from_paper_shows_who_was_there(void **state)
{
	char *text = shown(story, view_incident);

	(void)state;
	holds(text, "王老师");
	holds(text, "13811112222");
	holds(text, "FE-1");
	holds(text, "消防一车");
	holds(text, "16:02:00");
	holds(text, "16:05:00");
	assert_null(strstr(text, "未派出力量"));
	assert_null(strstr(text, "未开始"));
	assert_null(strstr(text, "7小时")); /* what was done late has no time left */
	free(text);
}

static void notices_show(const struct screen *screen, const json_t *notices)
{
	value_list(screen, notices, fields_notice, 2);
}

static void a_call_that_waits_for_no_answer_says_so(void **state)
{
	char *text = shown(
		"[{\"id\":\"N1\",\"state\":\"pending\",\"due\":null,\"told_only\":true}]", notices_show);

	(void)state;
	holds(text, "仅告知");
	free(text);
	text = shown(
		"[{\"id\":\"N1\",\"state\":\"pending\",\"due\":null,\"told_only\":false}]", notices_show);
	assert_null(strstr(text, "仅告知"));
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_case_from_paper_shows_who_was_there),
		cmocka_unit_test(a_call_that_waits_for_no_answer_says_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
