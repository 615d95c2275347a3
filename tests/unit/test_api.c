/* test_api: every GET of the api, over a real unix socket. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <sys/stat.h>

#include "api_fixture.h"

#define ALARM                                                                                                \
	"{\"specversion\":\"1.0\",\"id\":\"%s\",\"source\":\"cam-1\",\"type\":\"alarm.water.person_near\","  \
	"\"time\":\"2026-07-01T08:00:00Z\",\"data\":{\"state\":\"raised\",\"confidence\":0.9,\"text\":"      \
	"\"孩子\"}}"

static void raise_alarm(struct fixture *f, const char *id)
{
	char body[512];
	struct reply reply;

	(void)snprintf(body, sizeof(body), ALARM, id);
	reply = call_json(f, "POST", "/v1/alarms", body, 200);
	assert_string_equal(member(&reply, "result"), "accepted");
	assert_string_equal(member(&reply, "incident"), "2026-000001");
	reply_free(&reply);
}

static void expect(struct fixture *f, const char *path, uint32_t count, const char *key, const char *value)
{
	struct reply reply = call_json(f, "GET", path, NULL, 200);

	if (json_kind(&reply.doc, 0) == JSON_KIND_ARRAY)
		assert_int_equal(json_count(&reply.doc, 0), count);
	if (key != NULL)
		assert_string_equal(member(&reply, key), value);
	reply_free(&reply);
}

static void the_socket_is_for_its_group(void **state)
{
	struct fixture *f = *state;
	struct stat file;

	assert_int_equal(stat(f->path, &file), 0);
	assert_int_equal(file.st_mode & 0777, 0660);
	assert_string_equal(api_endpoint_tcp(f->api), "");
	assert_memory_equal(api_endpoint_unix(f->api), "unix:/tmp/", 10);
}

static void every_list_answers(void **state)
{
	struct fixture *f = *state;

	raise_alarm(f, "f1");
	expect(f, "/v1/status", 0, "mode", "normal");
	expect(f, "/v1/status", 0, "incidents_open", "1");
	expect(f, "/v1/alarms?limit=5", 1, "id", "f1");
	expect(f, "/v1/incidents", 1, "id", "2026-000001");
	expect(f, "/v1/incidents?state=closed", 0, NULL, NULL);
	expect(f, "/v1/incidents?short=true", 1, "id", "2026-000001");
	expect(f, "/v1/incidents?limit=1", 1, NULL, NULL);
	expect(f, "/v1/orders", 2, "incident", "2026-000001");
	expect(f, "/v1/orders/O1", 0, "id", "O1");
	expect(f, "/v1/units", 4, "id", "U1");
	expect(f, "/v1/units?skill=medic", 2, "id", "U1");
	expect(f, "/v1/units/U1", 0, "speed_m_s", "10");
	expect(f, "/v1/nearest?lon=113.44&lat=34.78&k=3", 3, "unit", "U2");
	expect(f, "/v1/nearest?lon=113.44&lat=34.78&skill=grid_worker", 2, "unit", "U3");
	expect(f, "/v1/nearest?device=cam-1&k=1", 1, "unit", "U1");
	expect(f, "/v1/nearest?incident=2026-000001&k=1", 1, "unit", "U1");
	expect(f, "/v1/depots", 1, "low", "1");
	expect(f, "/v1/depots/D1", 0, "keeper_name", "张三");
	expect(f, "/v1/stock?low=true", 1, "reserved", "4");
	expect(f, "/v1/stock?depot=D1&item=life_ring", 1, "free", "6");
	expect(f, "/v1/devices?kind=camera&state=ok", 1, "id", "cam-1");
	expect(f, "/v1/devices/cam-1", 0, "incidents", "[\"2026-000001\"]");
	expect(f, "/v1/playbooks", 1, "id", "water");
	expect(f, "/v1/playbooks/water", 0, "escalate", "[\"grid_head\"]");
	expect(f, "/v1/tasks", 3, "phone", "13800000000");
	expect(f, "/v1/tasks?limit=2", 2, "phone", "13800000000");
	expect(f, "/v1/notices", 1, "who", "grid_head");
	expect(f, "/v1/warnings", 0, NULL, NULL);
	expect(f, "/v1/silences", 0, NULL, NULL);
	expect(f, "/v1/grids?level=3", 1, "code", "G3");
	expect(f, "/v1/people?role=duty_officer", 2, "id", "P1");
}

static void exact(struct fixture *f, const char *path, const char *body)
{
	struct reply reply = call(f, "GET", path, NULL);

	assert_int_equal(reply.status, 200);
	assert_string_equal(reply.body, body);
	reply_free(&reply);
}

/* First, last, nested and none of the members; of a list's objects alone. */
static void a_list_gives_the_members_that_were_asked_for(void **state)
{
	struct fixture *f = *state;

	raise_alarm(f, "f1");
	exact(f, "/v1/incidents?fields=id", "[{\"id\":\"2026-000001\"}]");
	exact(f, "/v1/incidents?fields=state,priority", "[{\"state\":\"dispatched\",\"priority\":1}]");
	exact(f, "/v1/incidents?fields=orders_live", "[{\"orders_live\":2}]");
	exact(f, "/v1/incidents?fields=kind,nothing", "[{}]");
	exact(f, "/v1/units?fields=id&skill=grid_worker", "[{\"id\":\"U3\"},{\"id\":\"U4\"}]");
	expect(f, "/v1/status?fields=id", 0, "mode", "normal");
	static const char *const lists[] = {"alarms", "incidents", "orders", "units", "depots", "stock",
		"devices", "playbooks", "tasks", "notices", "grids", "people"};

	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		char path[64];

		snprintf(path, sizeof(path), "/v1/%s?fields=nothing", lists[i]);
		struct reply reply = call(f, "GET", path, NULL);

		assert_memory_equal(reply.body, "[{}", 3);
		assert_int_equal(strspn(reply.body, "[{}],"), reply.body_len);
		reply_free(&reply);
	}
}

static void an_incident_tells_its_whole_story(void **state)
{
	static const char *const lists[] = {"alarm_list", "sensor_list", "needs", "orders", "choices",
		"steps", "notices", "tasks", "supplies", "deadlines", "timeline"};
	struct fixture *f = *state;
	struct reply reply;

	raise_alarm(f, "f1");
	reply = call_json(f, "GET", "/v1/incidents/2026-000001", NULL, 200);
	assert_string_equal(member(&reply, "state"), "dispatched");
	assert_string_equal(member(&reply, "playbook"), "water");
	assert_string_equal(member(&reply, "timeline_complete"), "true");
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		uint32_t list = json_find(&reply.doc, 0, (struct text){lists[i], (uint32_t)strlen(lists[i])});

		if (json_count(&reply.doc, list) == 0)
			fail_msg("%s is empty", lists[i]);
	}
	assert_non_null(strstr(reply.body, "新建事件2026-000001:水边危险"));
	assert_non_null(strstr(reply.body, "统筹本事件全部需求后最先到达者"));
	reply_free(&reply);
}

static void what_is_late_stays_on_the_board(void **state)
{
	struct fixture *f = *state;
	struct reply reply;

	raise_alarm(f, "f1");
	f->now_ms += INT64_C(3) * 24 * 3600 * 1000;
	reply = call_json(f, "GET", "/v1/status", NULL, 200);
	assert_string_not_equal(member(&reply, "deadlines_due"), "0");
	reply_free(&reply);
	reply = call_json(f, "GET", "/v1/incidents", NULL, 200);
	assert_non_null(strstr(reply.body, "\"next_deadline\":{"));
	assert_non_null(strstr(reply.body, "\"left_s\":-"));
	reply_free(&reply);
}

static void what_is_not_there_is_404(void **state)
{
	static const char *const paths[] = {"/", "/v2/status", "/v1/units/U9", "/v1/units/U1/x",
		"/v1/orders/O99", "/v1/orders/x", "/v1/incidents/2026-000009", "/v1/devices/%00",
		"/v1/depots/%FF%FE", "/v1/playbooks/none", "/v1/stock?depot=D9"};
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		struct reply reply = call_json(f, "GET", paths[i], NULL, strstr(paths[i], "%00") ? 400 : 404);

		assert_true(strlen(member(&reply, "detail")) > 0);
		reply_free(&reply);
	}
}

static void bad_questions_are_told_what_is_wrong(void **state)
{
	static const struct {
		const char *method, *path;
		int status;
	} asked[] = {{"GET", "/v1/alarms?limit=0", 400}, {"GET", "/v1/alarms?limit=x", 400},
		{"GET", "/v1/incidents?state=asleep", 400}, {"GET", "/v1/incidents?all=perhaps", 400},
		{"GET", "/v1/incidents?limit=0", 400}, {"GET", "/v1/tasks?limit=0", 400},
		{"GET", "/v1/incidents?short=much", 400}, {"GET", "/v1/orders?incident=5", 400},
		{"GET", "/v1/nearest?lon=1", 400}, {"GET", "/v1/nearest?lon=a&lat=1", 400},
		{"GET", "/v1/nearest?lon=1&lat=1&crs=x", 400},
		{"GET", "/v1/nearest?lon=1&lat=1&device=cam-1", 400}, {"GET", "/v1/nearest", 400},
		{"GET", "/v1/nearest?device=none", 404}, {"GET", "/v1/nearest?incident=2026-000099", 404},
		{"GET", "/v1/people?role=king", 400}, {"GET", "/v1/grids?level=9", 400},
		{"POST", "/v1/units", 405}, {"DELETE", "/v1/status", 405},
		{"PUT", "/v1/commands/release", 405}, {"GET", "/v1/commands/release", 405},
		{"PATCH", "/v1/none", 404}};
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof(asked) / sizeof(asked[0]); i++) {
		struct reply reply = call_json(f, asked[i].method, asked[i].path, NULL, asked[i].status);

		assert_true(strlen(member(&reply, "error")) > 0);
		reply_free(&reply);
	}
}

static void the_journal_is_read_line_by_line(void **state)
{
	struct fixture *f = *state;
	struct reply reply = call(f, "GET", "/v1/journal?from=2&limit=3", NULL);
	uint32_t lines = 0;

	assert_int_equal(reply.status, 200);
	for (size_t i = 0; i < reply.body_len; i++)
		lines += reply.body[i] == '\n';
	assert_int_equal(lines, 3);
	assert_non_null(strstr(reply.body, "{\"kind\":\"person\",\"seq\":2,"));
	reply_free(&reply);
	reply = call(f, "GET", "/v1/journal?from=100000", NULL);
	assert_int_equal(reply.body_len, 0);
	reply_free(&reply);
}

static void explain_decides_and_changes_nothing(void **state)
{
	struct fixture *f = *state;
	uint64_t before = core_digest_full(f->core);
	char body[512];
	struct reply reply;

	(void)snprintf(body, sizeof(body), ALARM, "x1");
	reply = call_json(f, "POST", "/v1/explain", body, 200);
	assert_non_null(strstr(reply.body, "\"candidates\":[{\"playbook\":\"water\""));
	assert_non_null(strstr(reply.body, "\"fits\":true"));
	assert_string_equal(member(&reply, "result"), "accepted");
	assert_string_equal(member(&reply, "opens"), "true");
	assert_string_equal(member(&reply, "playbook"), "water");
	assert_int_equal(json_count(&reply.doc, json_find(&reply.doc, 0, TEXT("orders"))), 2);
	reply_free(&reply);
	assert_true(core_digest_full(f->core) == before);
	reply = call_json(f, "POST", "/v1/explain", "{\"specversion\":\"1.0\"}", 200);
	assert_string_equal(member(&reply, "reason"), "malformed");
	reply_free(&reply);
}

static void loading_says_what_was_wrong(void **state)
{
	struct fixture *f = *state;
	struct reply reply = call_json(f, "POST", "/v1/playbooks/reload", "", 200);

	assert_string_equal(member(&reply, "count"), "1");
	reply_free(&reply);
	reply = call_json(f, "POST", "/v1/town/load", "{\"dir\":\"/tmp/x\"}", 422);
	assert_string_equal(member(&reply, "faults"), "[\"units.csv:3:1: bad\",\"units.csv:4:1: worse\"]");
	reply_free(&reply);
	reply = call_json(f, "POST", "/v1/town/load", "{}", 400);
	reply_free(&reply);
}

/* Who has playbooks or a town read again is asked for a role, and handed on to the journal. */
static void loading_is_for_those_who_may(void **state)
{
	static const char *const path[] = {"/v1/playbooks/reload", "/v1/town/load"};
	struct fixture *f = *state;

	take(f, (struct event){.kind = EVENT_PERSON,
			.u.person = {.id = TEXT("p-office"), .name = TEXT("办公室"), .roles = WHO_OFFICE}});
	take(f, (struct event){.kind = EVENT_PERSON,
			.u.person = {
				.id = TEXT("p-duty"), .name = TEXT("值班员"), .roles = WHO_DUTY_OFFICER}});
	for (size_t i = 0; i < 2; i++) {
		struct reply reply;

		asked_by[0] = '\0';
		reply = call_json(f, "POST", path[i], "{\"dir\":\"/tmp/x\",\"by\":\"p-duty\"}", 403);
		assert_string_equal(member(&reply, "error"), "not_permitted");
		assert_non_null(strstr(member(&reply, "detail"), "those who may: office, leader, committee"));
		assert_string_equal(asked_by, "");
		reply_free(&reply);
		reply = call_json(f, "POST", path[i],
			"{\"dir\":\"/tmp/x\",\"by\":\"p-office\",\"channel\":\"desk\"}", i == 0 ? 200 : 422);
		assert_string_equal(asked_by, "p-office/desk");
		reply_free(&reply);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(the_socket_is_for_its_group, setup, teardown),
		cmocka_unit_test_setup_teardown(every_list_answers, setup, teardown),
		cmocka_unit_test_setup_teardown(
			a_list_gives_the_members_that_were_asked_for, setup, teardown),
		cmocka_unit_test_setup_teardown(an_incident_tells_its_whole_story, setup, teardown),
		cmocka_unit_test_setup_teardown(what_is_late_stays_on_the_board, setup, teardown),
		cmocka_unit_test_setup_teardown(what_is_not_there_is_404, setup, teardown),
		cmocka_unit_test_setup_teardown(bad_questions_are_told_what_is_wrong, setup, teardown),
		cmocka_unit_test_setup_teardown(the_journal_is_read_line_by_line, setup, teardown),
		cmocka_unit_test_setup_teardown(explain_decides_and_changes_nothing, setup, teardown),
		cmocka_unit_test_setup_teardown(loading_says_what_was_wrong, setup, teardown),
		cmocka_unit_test_setup_teardown(loading_is_for_those_who_may, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
