/* test_api_aside: what was set aside, over HTTP: listed, shown as far as it is text, let in by how its id begins, refused with a reason. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "api_fixture.h"

static void says(struct fixture *f, const char *name, const char *body, int status, const char *words)
{
	struct reply reply = call_command(f, name, body, status);

	if (strstr(member(&reply, "detail"), words) == NULL &&
		strstr(member(&reply, "detail_zh"), words) == NULL)
		fail_msg("%s %s: %s / %s", name, body, member(&reply, "detail"), member(&reply, "detail_zh"));
	reply_free(&reply);
}

static void shows(struct fixture *f, const char *path, int status, const char *words)
{
	struct reply reply = call(f, "GET", path, "");

	assert_int_equal(reply.status, status);
	if (strstr(reply.body, words) == NULL)
		fail_msg("%s: no %s in %s", path, words, reply.body);
	reply_free(&reply);
}

static void found(struct fixture *f, struct text id, uint8_t from, uint8_t row, struct text reason)
{
	take(f, (struct event){.kind = EVENT_ASIDE,
			.u.aside = {.id = id,
				.act = ASIDE_FOUND,
				.from = from,
				.row = row,
				.bytes = 7,
				.times = 2,
				.reason = reason}});
	shell_step(f);
}

static void it_is_listed_and_shown(void **state)
{
	struct fixture *f = *state;

	shows(f, "/v1/asides", 200, "[]");
	found(f, TEXT("aaaa0000000000000000000000000001"), ASIDE_UNITS, EVENT_NONE, TEXT(""));
	found(f, TEXT("2"), ASIDE_TABLES, EVENT_PERSON, TEXT("violates a constraint"));
	shows(f, "/v1/asides", 200,
		"\"what\":\"message\",\"from\":\"units\",\"kind\":null,\"bytes\":7,\"times\":2");
	shows(f, "/v1/asides", 200, "\"what\":\"row\",\"from\":\"tables\",\"kind\":\"person\"");
	shows(f, "/v1/alerts", 200, "\"causes_zh\":[\"有消息或记录被搁置\"]");
	aside_kept = TEXT("{\"a\":\"水\"}");
	shows(f, "/v1/asides/aaaa0000", 200,
		"\"content\":\"{\\\"a\\\":\\\"水\\\"}\",\"content_hex\":null,\"cut\":false");
	aside_kept = (struct text){"\x00\xff", 2};
	shows(f, "/v1/asides/aaaa0000", 200, "\"content\":null,\"content_hex\":\"00ff\",\"cut\":false");
	shows(f, "/v1/asides/2", 200, "\"row\":{\"");
	shows(f, "/v1/asides/aaa", 404, "not_found");
	aside_kept = (struct text){NULL, 0};
}

/* In the middle of a character nothing is cut. */
static void what_is_long_is_cut(void **state)
{
	static char bytes[20000];
	struct fixture *f = *state;

	memset(bytes, 'x', sizeof bytes);
	memcpy(bytes + 16 * 1024 - 1, "水", 3);
	found(f, TEXT("aaaa0000000000000000000000000001"), ASIDE_HTTP, EVENT_NONE, TEXT(""));
	aside_kept = (struct text){bytes, sizeof bytes};
	shows(f, "/v1/asides/aaaa", 200, "x\",\"content_hex\":null,\"cut\":true");
	aside_kept = (struct text){NULL, 0};
}

static void a_person_settles_it(void **state)
{
	struct fixture *f = *state;

	found(f, TEXT("aaaa0000000000000000000000000001"), ASIDE_HTTP, EVENT_NONE, TEXT(""));
	found(f, TEXT("aaaa1000000000000000000000000002"), ASIDE_ALARMS, EVENT_NONE, TEXT(""));
	found(f, TEXT("17"), ASIDE_JOURNAL, EVENT_OPEN, TEXT("x"));
	says(f, "aside-release", "{\"by\":\"lead-1\",\"aside\":\"aaaa\",\"reason\":\"y\"}", 409,
		"several begin so");
	shows(f, "/v1/asides/aaaa", 409, "ambiguous");
	says(f, "aside-release", "{\"by\":\"lead-1\",\"aside\":\"aaaa0\"}", 400, "reason");
	says(f, "aside-release", "{\"by\":\"duty-1\",\"aside\":\"aaaa0\",\"reason\":\"y\"}", 403, "duty-1");
	says(f, "aside-release", "{\"by\":\"lead-1\",\"aside\":\"bbbb\",\"reason\":\"y\"}", 404,
		"aside list");
	says(f, "aside-release", "{\"by\":\"lead-1\",\"aside\":\"aaaa0\",\"reason\":\"已升级\"}", 200,
		"放行");
	says(f, "aside-drop", "{\"by\":\"lead-1\",\"aside\":\"aaaa\",\"reason\":\"测试\"}", 200, "弃置");
	aside_kept = TEXT("no database");
	says(f, "aside-release", "{\"by\":\"lead-1\",\"aside\":\"17\",\"reason\":\"y\"}", 503, "数据库");
	shows(f, "/v1/asides", 200, "\"id\":\"17\"");
	aside_kept = (struct text){NULL, 0};
	says(f, "aside-release", "{\"by\":\"lead-1\",\"aside\":\"17\",\"reason\":\"y\",\"dry_run\":true}",
		200, "放行");
	shows(f, "/v1/asides", 200, "\"id\":\"17\"");
	says(f, "aside-release", "{\"by\":\"lead-1\",\"aside\":\"17\",\"reason\":\"y\"}", 200, "放行");
	shows(f, "/v1/asides", 200, "[]");
	shows(f, "/v1/alerts", 200, "[]");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(it_is_listed_and_shown, setup, teardown),
		cmocka_unit_test_setup_teardown(what_is_long_is_cut, setup, teardown),
		cmocka_unit_test_setup_teardown(a_person_settles_it, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
