/* test_ctl_pair: what status says of two machines, in Chinese: fixed replies to fixed words. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "ctl/view.h"

/* To be freed. */
static char *said_of(const json_t *pair)
{
	struct screen screen = {.lang = LANG_ZH, .width = 120, .offset_minutes = 480};
	char *text;
	size_t len;

	screen.to = open_memstream(&text, &len);
	assert_non_null(screen.to);
	view_pair(&screen, pair);
	assert_int_equal(fclose(screen.to), 0);
	return text;
}

/* Who sends nothing says so in its first line; who leads misses its stand-by after some seconds. */
static void of_two_machines_each_says_which_it_is(void **state)
{
	static const struct {
		const char *pair;
		const char *expected[3];
	} shown[] = {
		{"{\"state\":\"stands_by\",\"holder\":\"东机\",\"leader\":\"西机\",\"behind_s\":0.4,\"heard_"
		 "s\":2}",
			{"!! 备机:本机(东机)为备机,不下达任何指令;现由西机值守", "另一台2秒前有应答", NULL}},
		{"{\"state\":\"stands_by\",\"holder\":\"东机\",\"leader\":null,\"behind_s\":null,\"heard_s\":"
		 "null,"
		 "\"stray_rows\":3}",
			{"不知现由哪台值守", "尚未跟上记录,暂不能可靠接替\n  另一台从未应答\n", NULL}},
		{"{\"state\":\"stands_by\",\"holder\":\"东机\",\"leader\":\"西机\",\"stray_rows\":3}",
			{"本机日志有3条记录未被主机收到", NULL}},
		{"{\"state\":\"leads\",\"holder\":\"东机\",\"heard_s\":5,\"forced\":false}",
			{"本机(东机)值守中;备机5秒前有应答\n", NULL}},
		{"{\"state\":\"leads\",\"holder\":\"东机\",\"heard_s\":6,\"forced\":true}",
			{"!! 备机失联:最后应答在6秒前", "!! 人工强制接管中(lead --force)", NULL}},
		{"{\"state\":\"leads\",\"holder\":\"东机\",\"heard_s\":null}", {"备机失联:从未应答", NULL}},
		{"{\"state\":\"held\",\"holder\":\"东机\",\"heard_s\":9}",
			{"!!! 指令暂停:本机(东机)是主机", "若亲眼确认已关机,可执行 dispatchctl lead --force",
				NULL}},
		{"{\"state\":\"takes\",\"holder\":\"东机\"}", {"本机(东机)正在接替值守", NULL}},
		{"{\"state\":\"lost\",\"holder\":\"东机\"}", {"本机(东机)已不再值守", NULL}},
	};
	(void)state;
	for (size_t i = 0; i < sizeof(shown) / sizeof(shown[0]); i++) {
		json_t *pair = json_loads(shown[i].pair, 0, NULL);
		char *said = said_of(pair);

		assert_non_null(pair);
		for (size_t j = 0; shown[i].expected[j] != NULL; j++)
			if (strstr(said, shown[i].expected[j]) == NULL)
				fail_msg("no '%s' in:\n%s", shown[i].expected[j], said);
		free(said);
		json_decref(pair);
	}
	char *nothing = said_of(NULL);

	assert_string_equal(nothing, "");
	free(nothing);
}

/* What status says as a whole does not contradict what it says of the two machines. */
static void who_sends_nothing_does_not_say_that_help_leaves(void **state)
{
	static const struct {
		const char *status;
		const char *has, *has_not;
	} shown[] = {
		{"{\"mode\":\"island\",\"lag_s\":12,\"pair\":{\"state\":\"leads\",\"holder\":\"东机\"}}",
			"派遣照常,仅凭本地日志", "正常"},
		{"{\"mode\":\"island\",\"lag_s\":12,\"pair\":{\"state\":\"held\",\"holder\":\"东机\"}}",
			"!! 数据库无应答,已落后 12秒", "派遣照常"},
		{"{\"mode\":\"normal\",\"pair\":{\"state\":\"held\",\"holder\":\"东机\"}}", "指令暂停",
			"正常"},
		{"{\"mode\":\"island\",\"pair\":{\"state\":\"stands_by\",\"holder\":\"东机\"}}",
			"!! 数据库无应答:本机现在跟不上主机的记录", "派遣照常"},
		{"{\"mode\":\"island\",\"pair\":null,\"conflict\":4711,\"fenced\":false}",
			"!!! 记录冲突:数据库第 4711 行", "无应答"},
		{"{\"mode\":\"island\",\"conflict\":null,\"fenced\":true}", "!!! 已被接替", "无应答"},
		{"{\"mode\":\"normal\",\"conflict\":null,\"fenced\":false}", "正常", "!!"},
		{"{\"mode\":\"normal\",\"pair\":{\"state\":\"stands_by\",\"holder\":\"东机\","
		 "\"holder_twice\":true}}",
			"!! 另一台用了同样的名字(东机)", "派遣照常"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(shown) / sizeof(shown[0]); i++) {
		json_t *status = json_loads(shown[i].status, 0, NULL);
		struct screen screen = {.lang = LANG_ZH, .width = 120, .offset_minutes = 480};
		char *text;
		size_t len;

		assert_non_null(status);
		screen.to = open_memstream(&text, &len);
		assert_non_null(screen.to);
		view_status(&screen, status, NULL, NULL);
		assert_int_equal(fclose(screen.to), 0);
		if (strstr(text, shown[i].has) == NULL || strstr(text, shown[i].has_not) != NULL)
			fail_msg("no '%s', or '%s' in:\n%s", shown[i].has, shown[i].has_not, text);
		free(text);
		json_decref(status);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(of_two_machines_each_says_which_it_is),
		cmocka_unit_test(who_sends_nothing_does_not_say_that_help_leaves),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
