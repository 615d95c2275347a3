/* test_api_lead: of two daemons, what the one that stands by answers over HTTP, how status tells it, and who may have one
 * lead. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "api/tell.h"
#include "api_fixture.h"

static const char fire[] = "{\"type\":\"other\",\"grid\":\"G3\",\"by\":\"P1\"}";
static const char line[] =
	"{\"specversion\":\"1.0\",\"id\":\"f1\",\"source\":\"cam-1\",\"type\":\"alarm.water.person_near\","
	"\"time\":\"2026-07-01T08:00:00Z\",\"data\":{\"state\":\"raised\",\"confidence\":0.9}}\n";

static void pair_is(struct fixture *f, const char *state, const char *leader)
{
	f->pair = (struct api_pair){.state = state,
		.holder = "east",
		.leader = leader,
		.epoch = 7,
		.heard_ms = 1500,
		.behind_ms = -1};
	api_lead(f->api, strcmp(state, "leads") == 0);
}

/* The answer has this status, this error and these words, in one language or the other. */
static void says(struct fixture *f, const char *path, const char *body, int status, const char *error,
	const char *en, const char *zh)
{
	struct reply reply = call_json(f, "POST", path, body, status);

	assert_string_equal(member(&reply, "error"), error);
	if (strstr(member(&reply, "detail"), en) == NULL)
		fail_msg("%s: no %s in %s", path, en, member(&reply, "detail"));
	if (strstr(member(&reply, "detail_zh"), zh) == NULL)
		fail_msg("%s: no %s in %s", path, zh, member(&reply, "detail_zh"));
	reply_free(&reply);
}

static void is_good(struct fixture *f, const char *method, const char *path, const char *body)
{
	struct reply reply = call(f, method, path, body);

	if (reply.status != 200)
		fail_msg("%s %s: %d %s", method, path, reply.status, reply.body);
	reply_free(&reply);
}

static void who_stands_by_changes_nothing(void **state)
{
	static const char *const paths[] = {"/v1/commands/incident-open", "/v1/commands/none", "/v1/alarms",
		"/v1/playbooks/reload", "/v1/town/load"};
	struct fixture *f = *state;
	uint64_t seq = f->seq;
	struct reply reply;

	asked_by[0] = '\0';
	pair_is(f, "stands_by", "west");
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
		says(f, paths[i], i == 2 ? line : fire, 503, "not_leader", "west leads", "现由west值守");
	says(f, paths[0], "{\"type\":\"other\",\"grid\":\"G3\",\"dry_run\":true}", 503, "not_leader",
		"ask west", "到west操作");
	reply = call_json(f, "GET", "/v1/feed", NULL, 503); /* nothing would come */
	assert_string_equal(member(&reply, "error"), "not_leader");
	reply_free(&reply);
	assert_int_equal(f->seq, seq);
	assert_int_equal(f->taken, 0);
	assert_string_equal(asked_by, "");
	is_good(f, "GET", "/v1/status", NULL);
	is_good(f, "GET", "/v1/incidents", NULL);
	is_good(f, "GET", "/v1/journal?from=1&limit=1", NULL);
	is_good(f, "POST", "/v1/explain", line);
	pair_is(f, "leads", "east");
	is_good(f, "POST", paths[0], fire);
	is_good(f, "POST", "/v1/alarms", line);
	assert_int_equal(f->taken, 2);
}

static void the_reason_is_told(void **state)
{
	static const char path[] = "/v1/commands/incident-open";
	struct fixture *f = *state;

	pair_is(f, "stands_by", NULL);
	says(f, path, fire, 503, "not_leader", "ask the machine that leads", "正在值守的主机");
	pair_is(f, "stands_by", "east"); /* the row is older than we know */
	says(f, path, fire, 503, "not_leader", "ask the machine that leads", "正在值守的主机");
	pair_is(f, "takes", "west");
	says(f, path, fire, 503, "not_leader", "some seconds", "几秒后");
	pair_is(f, "held", "east");
	says(f, path, fire, 503, "not_leader", "lead --force", "本机不发出任何指令");
	f->pair = (struct api_pair){0};
	says(f, path, fire, 503, "not_leader", "this machine stands by", "本机为备机");
}

/* It came in while this one led, and waits when it no longer does; of a batch, what is not taken yet. */
static void what_waits_is_refused_too(void **state)
{
	struct fixture *f = *state;
	struct event event;
	struct origin origin;
	char two[2 * sizeof(line)];
	struct reply reply;
	int command, batch;

	pair_is(f, "leads", "east");
	f->no_shell = true;
	command = client_open(f);
	client_ask(f, command, "POST", "/v1/commands/incident-open", fire);
	for (int i = 0; i < 1000 && !api_ready(f->api); i++)
		shell_step(f);
	pair_is(f, "stands_by", "west");
	f->no_shell = false;
	reply = client_read(f, command);
	assert_int_equal(reply.status, 503);
	assert_non_null(strstr(reply.body, "not_leader"));
	reply_free(&reply);
	assert_int_equal(f->taken, 0);

	pair_is(f, "leads", "east");
	f->no_shell = true;
	batch = client_open(f);
	(void)snprintf(two, sizeof(two), "%s%s", line, line);
	two[sizeof(line) - 1 + (size_t)(strstr(line, "f1") - line) + 1] = '2';
	client_ask(f, batch, "POST", "/v1/alarms", two);
	for (int i = 0; i < 1000 && !api_ready(f->api); i++)
		shell_step(f);
	assert_int_equal(api_next(f->api, f->now_ms, &event, &origin), DISP_OK);
	take_event(f, &event, &origin);
	release_rows(f);
	pair_is(f, "stands_by", "west");
	f->no_shell = false;
	reply = client_read(f, batch);
	assert_int_equal(reply.status, 200);
	assert_non_null(strstr(reply.body, "\"accepted\""));
	assert_non_null(strstr(reply.body, "not_leader"));
	reply_free(&reply);
	assert_int_equal(f->taken, 0);
}

static void status_tells_of_the_pair(void **state)
{
	struct fixture *f = *state;
	struct reply reply = call_json(f, "GET", "/v1/status", NULL, 200);

	assert_string_equal(member(&reply, "pair"), "null");
	assert_string_equal(member(&reply, "leader"), "true");
	reply_free(&reply);
	pair_is(f, "stands_by", "west");
	reply = call_json(f, "GET", "/v1/status", NULL, 200);
	assert_string_equal(member(&reply, "leader"), "false");
	assert_string_equal(member(&reply, "pair"), "{\"state\":\"stands_by\",\"holder\":\"east\",\"leader\":"
						    "\"west\",\"epoch\":7,\"heard_s\":1.5,"
						    "\"behind_s\":null,\"forced\":false,\"stray_rows\":0,"
						    "\"holder_twice\":false}");
	reply_free(&reply);
	pair_is(f, "held", NULL);
	f->pair.forced = true;
	f->pair.stray_rows = 3;
	reply = call_json(f, "GET", "/v1/status", NULL, 200);
	assert_string_equal(member(&reply, "leader"), "false");
	assert_non_null(strstr(member(&reply, "pair"), "\"leader\":null"));
	assert_non_null(strstr(member(&reply, "pair"), "\"forced\":true,\"stray_rows\":3"));
	reply_free(&reply);
}

static void a_person_has_it_lead(void **state)
{
	static const char body[] = "{\"force\":true,\"reason\":\"主机断电\",\"by\":\"P1\"}";
	struct fixture *f = *state;
	struct reply reply;

	take(f, (struct event){.kind = EVENT_PERSON,
			.u.person = {.id = TEXT("p-office"), .name = TEXT("办公室"), .roles = WHO_OFFICE}});
	asked_by[0] = '\0';
	says(f, "/v1/lead", body, 409, "wrong_state", "no other daemon", "只有这一台");
	pair_is(f, "leads", "east");
	says(f, "/v1/lead", body, 409, "unchanged", "leads already", "已在值守");
	pair_is(f, "stands_by", "west");
	says(f, "/v1/lead", "{\"force\":true}", 400, "invalid", "reason", "reason");
	says(f, "/v1/lead", "{\"force\":true,\"reason\":\"\"}", 400, "invalid", "reason", "reason");
	says(f, "/v1/lead", "{\"force\":false,\"reason\":\"x\"}", 400, "invalid", "must be true",
		"须为 true");
	says(f, "/v1/lead", "{\"reason\":\"x\"}", 400, "invalid", "must be true", "须为 true");
	says(f, "/v1/lead", "", 400, "invalid", "is needed", "须给出");
	says(f, "/v1/lead", "{\"force\":true,\"reason\":\"x\",\"by\":\"p-office\"}", 403, "not_permitted",
		"those who may: duty_officer, committee", "有权的是");
	assert_string_equal(asked_by, "");
	says(f, "/v1/lead", "{\"force\":true,\"reason\":\"no\",\"by\":\"P1\"}", 409, "wrong_state",
		"the other one answers", "");
	reply = call_json(f, "POST", "/v1/lead", body, 200);
	assert_string_equal(member(&reply, "result"), "ok");
	assert_non_null(strstr(member(&reply, "pair"), "\"state\":\"leads\""));
	assert_non_null(strstr(member(&reply, "pair"), "\"forced\":true"));
	assert_string_equal(asked_by, "P1/console");
	reply_free(&reply);
}

/* The row that the daemon writes of it. */
static void the_row_is_told(void **state)
{
	struct fixture *f = *state;
	struct event event = {.kind = EVENT_LEAD,
		.by = TEXT("P1"),
		.u.lead = {.holder = TEXT("east"), .reason = TEXT("主机断电"), .forced = true}};
	struct tell told = {0};
	struct reply reply;

	take(f, event);
	tell_event(&told, f->core, &event, &f->effects);
	assert_non_null(strstr(told.zh, "由east接替值守(人工强制接管"));
	assert_non_null(strstr(told.zh, "主机断电"));
	assert_non_null(strstr(told.en, "east leads from here on, by a person's word"));
	reply = call(f, "GET", "/v1/journal?from=1", NULL);
	assert_non_null(strstr(reply.body, "\"kind\":\"lead\""));
	assert_non_null(strstr(
		reply.body, "\"event\":{\"holder\":\"east\",\"forced\":true,\"reason\":\"主机断电\"}"));
	reply_free(&reply);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(who_stands_by_changes_nothing, setup, teardown),
		cmocka_unit_test_setup_teardown(the_reason_is_told, setup, teardown),
		cmocka_unit_test_setup_teardown(what_waits_is_refused_too, setup, teardown),
		cmocka_unit_test_setup_teardown(status_tells_of_the_pair, setup, teardown),
		cmocka_unit_test_setup_teardown(a_person_has_it_lead, setup, teardown),
		cmocka_unit_test_setup_teardown(the_row_is_told, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
