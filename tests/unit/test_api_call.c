/* test_api_call: who was told, who was not reached, whom to call and what to say, over HTTP. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "../occurrences.h"
#include "api/command.h"
#include "api_fixture.h"

static void does(struct fixture *f, const char *name, const char *body, int status)
{
	struct reply reply = call_command(f, name, body, status);

	reply_free(&reply);
}

/* The whole answer as text; the caller frees. */
static char *get(struct fixture *f, const char *path)
{
	struct reply reply = call_json(f, "GET", path, NULL, 200);
	char *text = strdup(reply.body);

	reply_free(&reply);
	return text;
}

static bool says(struct fixture *f, const char *path, const char *words)
{
	char *text = get(f, path);
	bool found = strstr(text, words) != NULL;

	if (!found)
		print_message("%s: no %s in %s\n", path, words, text);
	free(text);
	return found;
}

static uint32_t count_of(struct fixture *f, const char *path, const char *words)
{
	char *text = get(f, path);
	uint32_t count = occurrences(text, words);

	free(text);
	return count;
}

static void open_one(struct fixture *f)
{
	does(f, "incident-open",
		"{\"type\":\"drowning_risk\",\"playbook\":\"water\",\"lon\":113.44,\"lat\":34.78,\"by\":"
		"\"李四\","
		"\"text\":\"有人落水\"}",
		200);
}

static void who_is_not_reached_stands_on_a_list(void **state)
{
	struct fixture *f = *state;

	open_one(f);
	assert_true(says(f, "/v1/notices", "\"state\":\"pending\""));
	assert_true(says(f, "/v1/notices", "\"tries_left\":2"));
	assert_int_equal(count_of(f, "/v1/notices?unreached=true", "\"id\""), 0);
	shell_pass(f, 100 * 1000);
	assert_true(says(f, "/v1/notices", "\"told\":2"));
	shell_pass(f, 200 * 1000);
	assert_true(says(f, "/v1/notices?unreached=true", "\"state\":\"unreached\""));
	assert_true(says(f, "/v1/notices?unreached=true", "\"name\":\"张三\""));
	assert_true(says(f, "/v1/notices?unreached=true", "\"unreached\":\"2026-07-01T08:05:00.000Z\""));
	assert_true(says(f, "/v1/notices?unreached=true&incident=2026-000001", "\"id\":\"N1\""));
	assert_int_equal(count_of(f, "/v1/notices?unreached=true&incident=2026-000002", "\"id\""), 0);
	assert_true(says(f, "/v1/status", "\"unreached\":1"));
	assert_true(says(f, "/v1/incidents/2026-000001", "the name climbs to"));
	assert_true(says(f, "/v1/incidents/2026-000001", "再次电话叫应"));
	does(f, "notice-answer",
		"{\"notice\":\"N1\",\"who\":\"韩雪\",\"text\":\"知悉\",\"by\":\"李四\",\"channel\":"
		"\"phone\"}",
		200);
	assert_true(says(f, "/v1/status", "\"unreached\":0"));
	assert_true(says(f, "/v1/notices?all=true", "\"answered_by\":\"韩雪\""));
	does(f, "notice-answer", "{\"notice\":\"N1\",\"by\":\"李四\"}", 409);
}

/* Each kind of call says whom, which number, by when, about what, and what to say. */
static void check_call(struct fixture *f, uint32_t number)
{
	char path[32];
	char *text = get(f, "/v1/tasks?all=true"), *at, *end;

	(void)snprintf(path, sizeof(path), "{\"id\":\"T%u\"", number);
	at = strstr(text, path);
	assert_non_null(at);
	end = strstr(at + 1, "{\"id\":\"T");
	if (end != NULL)
		*end = '\0';
	bool desk = strstr(at, "NOBODY ANSWERS AT THE DUTY DESK") != NULL;

	assert_true(desk || strstr(at, "\"incident\":\"2026-") != NULL);
	assert_non_null(strstr(at, "\"name\":\""));
	assert_true(strstr(at, "\"phone\":\"") != NULL || strstr(at, "NO NUMBER KNOWN") != NULL);
	assert_true(strstr(at, "\"phone\":\"") != NULL || strstr(at, "请改打:") != NULL);
	assert_true(desk || strstr(at, "\"text\":\"Incident 2026-") != NULL);
	assert_true(desk || strstr(at, "\"text_zh\":\"事件2026-") != NULL);
	if (strstr(at, "\"state\":\"open\"") != NULL || strstr(at, "\"state\":\"taken\"") != NULL)
		assert_non_null(strstr(at, "\"due\":\"2026-"));
	else
		assert_non_null(strstr(at, "\"due\":null"));
	free(text);
}

static void check_calls(struct fixture *f)
{
	for (uint32_t number = 1; number <= query_town(f->core)->tasks; number++)
		check_call(f, number);
}

static void every_call_says_whom_when_and_what(void **state)
{
	struct fixture *f = *state;

	open_one(f); /* a crew, a carrier, a depot, a head */
	check_calls(f);
	assert_true(says(f, "/v1/tasks", "派遣任务"));
	assert_true(says(f, "/v1/tasks", "请备货:救生圈×4个"));
	assert_true(says(f, "/v1/tasks", "请答复是否知悉"));
	/* The head is not reached, who is the keeper as well: a name that has climbed, a keeper who keeps silent. */
	shell_pass(f, 300 * 1000);
	check_calls(f);
	assert_true(says(f, "/v1/tasks", "保管员张三 13800000000无人应答"));
	shell_pass(f, 1500 * 1000);
	check_calls(f);
	assert_true(says(f, "/v1/tasks", "未叫应:"));
	assert_true(says(f, "/v1/tasks", "NOT REACHED:"));
	assert_true(says(f, "/v1/tasks", "NO NUMBER KNOWN"));
	/* The crew was called, said yes, and is called back. */
	does(f, "order-send", "{\"incident\":\"2026-000001\",\"unit\":\"U4\",\"by\":\"李四\"}", 200);
	uint32_t order = query_town(f->core)->orders;
	char body[128];

	(void)snprintf(body, sizeof(body),
		"{\"order\":\"O%u\",\"answer\":\"accept\",\"by\":\"李四\",\"channel\":\"phone\"}", order);
	does(f, "order-answer", body, 200);
	(void)snprintf(body, sizeof(body), "/v1/orders/O%u", order);
	assert_true(says(f, body, "\"answered_by\":\"李四\""));
	assert_true(says(f, body, "\"answered_channel\":\"phone\""));
	(void)snprintf(body, sizeof(body), "{\"order\":\"O%u\",\"by\":\"李四\"}", order);
	does(f, "order-recall", body, 200);
	check_calls(f);
	assert_true(says(f, "/v1/tasks", "本次派遣已撤回"));
}

static void a_call_that_is_taken_says_by_whom(void **state)
{
	struct fixture *f = *state;
	struct reply reply;

	open_one(f);
	does(f, "task-take", "{\"task\":\"T1\",\"by\":\"韩雪\"}", 200);
	reply = call_json(f, "POST", "/v1/commands/task-take", "{\"task\":\"T1\",\"by\":\"李四\"}", 409);
	assert_non_null(strstr(reply.body, "由韩雪承接"));
	reply_free(&reply);
}

/* The number of the call about the first notice. */
static void task_of_notice(struct fixture *f, char *out, size_t size, const char *rest)
{
	const struct notice *notice = query_at(f->core, TABLE_NOTICE, query_slot(f->core, TABLE_NOTICE, 1));

	(void)snprintf(out, size, "{\"task\":\"T%u\",\"by\":\"李四\"%s}", notice->call_task, rest);
}

static void a_call_may_be_in_vain(void **state)
{
	struct fixture *f = *state;
	char body[128];

	open_one(f);
	task_of_notice(f, body, sizeof(body), ",\"no_answer\":true");
	does(f, "task-done", body, 200);
	assert_true(says(f, "/v1/notices", "\"state\":\"pending\""));
	shell_pass(f, 100 * 1000);
	task_of_notice(f, body, sizeof(body), ",\"who\":\"邻居\"");
	does(f, "task-done", body, 200);
	assert_true(says(f, "/v1/notices?all=true", "\"answered_by\":\"邻居\""));
}

/* What a busy unit is doing is said before anybody sends it elsewhere. */
static void a_busy_unit_says_what_it_does(void **state)
{
	struct fixture *f = *state;
	struct reply reply;

	open_one(f);
	does(f, "order-send", "{\"incident\":\"2026-000001\",\"unit\":\"U4\",\"by\":\"李四\"}", 200);
	open_one(f);
	reply = call_json(f, "POST", "/v1/commands/order-send",
		"{\"incident\":\"2026-000002\",\"unit\":\"U4\",\"by\":\"李四\"}", 409);
	assert_non_null(strstr(reply.body, "U4 has order O"));
	assert_non_null(strstr(reply.body, "for incident 2026-000001 since 2026-07-01 16:00:00"));
	assert_non_null(strstr(reply.body, "确需加派"));
	reply_free(&reply);
	does(f, "order-send", "{\"incident\":\"2026-000002\",\"unit\":\"U4\",\"also\":true,\"by\":\"李四\"}",
		200);
	does(f, "order-send", "{\"incident\":\"2026-000002\",\"unit\":\"U4\",\"also\":true,\"by\":\"李四\"}",
		409);
}

/* A call that belongs to no case is forgotten once it is answered; who was told is said all the same. */
static void an_answered_call_without_a_case_has_its_name(void **state)
{
	struct fixture *f = *state;
	struct reply reply;

	does(f, "response-set", "{\"level\":\"II\",\"reason\":\"汛情\",\"agreed\":\"罗清\"}", 200);
	assert_true(says(f, "/v1/notices", "\"due\":null,\"told_only\":true"));
	reply = call_json(
		f, "POST", "/v1/commands/notice-answer", "{\"notice\":\"N1\",\"by\":\"唐霞\"}", 200);
	assert_null(strstr(reply.body, "()"));
	assert_non_null(strstr(reply.body, "叫应N1("));
	assert_non_null(strstr(reply.body, ")已叫应"));
	reply_free(&reply);
	reply = call_json(
		f, "POST", "/v1/commands/notice-answer", "{\"notice\":\"N1\",\"by\":\"唐霞\"}", 409);
	assert_non_null(strstr(reply.body, "叫应N1已结束:"));
	assert_non_null(strstr(reply.body, "答复"));
	reply_free(&reply);
	reply = call_json(
		f, "POST", "/v1/commands/notice-answer", "{\"notice\":\"N999\",\"by\":\"唐霞\"}", 404);
	assert_non_null(strstr(reply.body, "没有叫应N999"));
	reply_free(&reply);
}

/* What was answered stays to be read; who has heard of a level is called to hear that it is over. */
static void the_end_of_a_level_is_said(void **state)
{
	struct fixture *f = *state;

	does(f, "response-set", "{\"level\":\"II\",\"reason\":\"汛情\",\"agreed\":\"罗清\"}", 200);
	assert_true(says(f, "/v1/notices", "\"response_level\":\"II\",\"response_over\":null"));
	assert_true(says(f, "/v1/tasks", "本镇应急响应现为:Ⅱ级"));
	does(f, "notice-answer", "{\"notice\":\"N2\"}", 200);
	assert_false(says(f, "/v1/notices", "\"id\":\"N2\""));
	assert_true(says(f, "/v1/notices?all=true", "\"id\":\"N2\""));
	assert_true(says(f, "/v1/notices?state=answered", "\"id\":\"N2\""));
	assert_false(says(f, "/v1/tasks", "终止"));
	does(f, "response-set", "{\"level\":\"IV\",\"reason\":\"缓解\",\"agreed\":\"罗清\"}", 200);
	assert_true(says(f, "/v1/tasks", "本镇Ⅱ级应急响应已终止,现为Ⅳ级,不涉及您。您不必继续待命"));
	does(f, "response-set", "{\"level\":\"clear\",\"reason\":\"雨停\",\"agreed\":\"罗清\"}", 200);
	assert_true(says(f, "/v1/tasks", "本镇Ⅱ级应急响应已终止。您不必继续待命"));
	assert_true(says(f, "/v1/notices", "\"response_level\":\"IV\",\"response_over\":\"II\""));
	assert_false(says(f, "/v1/tasks", "应急响应现为"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(who_is_not_reached_stands_on_a_list, setup, teardown),
		cmocka_unit_test_setup_teardown(every_call_says_whom_when_and_what, setup, teardown),
		cmocka_unit_test_setup_teardown(a_call_that_is_taken_says_by_whom, setup, teardown),
		cmocka_unit_test_setup_teardown(a_call_may_be_in_vain, setup, teardown),
		cmocka_unit_test_setup_teardown(a_busy_unit_says_what_it_does, setup, teardown),
		cmocka_unit_test_setup_teardown(
			an_answered_call_without_a_case_has_its_name, setup, teardown),
		cmocka_unit_test_setup_teardown(the_end_of_a_level_is_said, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
