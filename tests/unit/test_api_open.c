/* test_api_open: an incident opened by the words of whoever calls: places by any name, words kept, doubles shown. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "api/command.h"
#include "api_fixture.h"

/* The reply has this part somewhere. */
static void says(struct fixture *f, const char *name, const char *body, int status, const char *part)
{
	struct reply reply = call_command(f, name, body, status);

	if (strstr(reply.body, part) == NULL)
		fail_msg("%s %s: no %s in %s", name, body, part, reply.body);
	reply_free(&reply);
}

static uint32_t candidates(struct fixture *f, const char *name, const char *body, int status)
{
	struct reply reply = call_command(f, name, body, status);
	uint32_t list = json_find(&reply.doc, 0, TEXT("candidates"));
	uint32_t count = list == JSON_NONE ? 0 : json_count(&reply.doc, list);

	reply_free(&reply);
	return count;
}

#define AT(key, word) "{\"type\":\"other\",\"" key "\":\"" word "\"}"

/* --- where ---------------------------------------------------------------------------------------------- */

static void a_part_of_a_name_will_do_where_it_is_the_only_one(void **state)
{
	struct fixture *f = *state;
	const struct incident *incident;

	says(f, "incident-open", AT("place", "泵站"), 200, "\"incident\":\"2026-000001\"");
	incident = query_at(f->core, TABLE_INCIDENT, 1);
	assert_int_equal(incident->place.lon_e7, place_at(113.424, 34.78).lon_e7);
	says(f, "incident-open", AT("place", "云溪河一号桥"), 200, "2026-000002");
	says(f, "incident-open", AT("device", "河边"), 200, "2026-000003"); /* the name of cam-1 */
	incident = query_at(f->core, TABLE_INCIDENT, 3);
	assert_int_equal(incident->device, query_find(f->core, TABLE_DEVICE, TEXT("cam-1")));
	says(f, "incident-open", AT("grid", "G3"), 200, "2026-000004");
}

/* The case bears the name of the place that was found, and the answer says it; the word that was typed is kept as said. */
static void the_place_found_is_named(void **state)
{
	struct fixture *f = *state;
	struct reply reply;

	says(f, "incident-open", AT("place", "泵站"), 200, "地点龙湾泵站,G3 网格(所说“泵站”)");
	reply = call_json(f, "GET", "/v1/incidents/2026-000001", NULL, 200);
	assert_non_null(strstr(reply.body, "\"where\":\"龙湾泵站\",\"said\":\"泵站\""));
	assert_string_equal(member(&reply, "place"), "龙湾泵站");
	reply_free(&reply);
	says(f, "incident-open", AT("place", "云溪河一号桥"), 200, "; at 云溪河一号桥, grid G3 网格;");
	reply = call_json(f, "GET", "/v1/incidents/2026-000002", NULL, 200);
	assert_non_null(strstr(reply.body, "\"where\":\"云溪河一号桥\",\"said\":null"));
	reply_free(&reply);
	says(f, "incident-open", AT("device", "cam-1"), 200, "地点河边,G3 网格");
	says(f, "incident-open", AT("grid", "G3"), 200, "地点:G3 网格");
	says(f, "incident-paper",
		"{\"type\":\"other\",\"place\":\"泵站\",\"reported\":\"2026-07-01T07:30:00Z\"}", 200,
		"2026-000005");
	reply = call_json(f, "GET", "/v1/incidents/2026-000005", NULL, 200);
	assert_non_null(strstr(reply.body, "\"where\":\"龙湾泵站\",\"said\":\"泵站\""));
	reply_free(&reply);
	reply = call_json(f, "GET", "/v1/incidents", NULL, 200);
	assert_non_null(strstr(reply.body, "\"place\":\"龙湾泵站\""));
	assert_non_null(strstr(reply.body, "\"place\":\"河边\""));
	assert_non_null(strstr(reply.body, "\"place\":\"网格\""));
	reply_free(&reply);
}

/* Nothing is guessed: who may be meant is shown, in both languages, ten at most. */
static void several_are_shown(void **state)
{
	struct fixture *f = *state;
	uint64_t seq = f->seq;

	says(f, "incident-open", AT("place", "云溪河"), 409, "\"error\":\"ambiguous\"");
	says(f, "incident-open", AT("place", "云溪河"), 409,
		"\"detail\":\"place: 云溪河 may be one of 3: 云溪河公园, 云溪河一号桥, 云溪河二号桥; say "
		"which; or "
		"give");
	says(f, "incident-open", AT("place", "云溪河"), 409,
		"\"detail_zh\":\"“云溪河”可能是3个地点中的一个:云溪河公园、云溪河一号桥、云溪河二号桥;"
		"请说全名");
	says(f, "incident-open", AT("place", "云溪河"), 409,
		"{\"name\":\"云溪河公园\",\"id\":null,\"lon\":113.421,\"lat\":34.78,\"grid\":"
		"\"G3\"}");
	assert_int_equal(candidates(f, "incident-open", AT("place", "云溪河"), 409), 3);
	assert_int_equal(candidates(f, "incident-open", AT("place", "小学"), 409), 10);
	says(f, "incident-open", AT("place", "小学"), 409, "may be one of 12:");
	says(f, "incident-open", AT("grid", "网格"), 409, "网格(G1)");
	assert_int_equal(candidates(f, "incident-open", AT("grid", "网格"), 409), 3);
	assert_true(f->seq == seq);
}

static void what_is_like_it_is_offered(void **state)
{
	struct fixture *f = *state;

	says(f, "incident-open", AT("place", "云溪河三号桥"), 404, "\"error\":\"not_found\"");
	says(f, "incident-open", AT("place", "云溪河三号桥"), 404, "相近的有:云溪河一号桥、云溪河二号桥");
	says(f, "incident-open", AT("place", "天涯"), 404, "没有地点“天涯”;也可给出坐标、网格或设备");
	assert_int_equal(candidates(f, "incident-open", AT("place", "天涯"), 404), 0);
	says(f, "incident-open", AT("device", "河旁"), 404, "\"id\":\"cam-1\"");
	says(f, "incident-open", AT("grid", "G9"), 404, "G1");
	/* half of a character, and the longest of words */
	says(f, "incident-open", AT("place", "云\\u4e91\\u6eaa"), 404, "not_found");
	char body[5000];

	memset(body, 'a', sizeof body);
	memcpy(body, "{\"type\":\"other\",\"place\":\"", 25);
	memcpy(body + 4000, "\"}", 3);
	says(f, "incident-open", body, 404, "not_found");
}

static void a_unit_is_put_at_a_place(void **state)
{
	struct fixture *f = *state;
	const struct unit *unit;

	says(f, "unit-set", "{\"unit\":\"U1\",\"status\":\"available\",\"place\":\"龙湾泵站\"}", 200,
		"\"unit\":\"U1\"");
	unit = query_at(f->core, TABLE_UNIT, query_find(f->core, TABLE_UNIT, TEXT("U1")));
	assert_int_equal(unit->place.lon_e7, place_at(113.424, 34.78).lon_e7);
	says(f, "unit-set", "{\"unit\":\"U1\",\"status\":\"available\",\"place\":\"小学\"}", 409,
		"ambiguous");
	says(f, "unit-set",
		"{\"unit\":\"U1\",\"status\":\"available\",\"place\":\"桥头\",\"lon\":113.4,\"lat\":34.7}",
		400, "invalid");
}

static void the_places_are_listed(void **state)
{
	struct fixture *f = *state;
	struct reply reply = call_json(f, "GET", "/v1/places", NULL, 200);

	assert_int_equal(json_count(&reply.doc, 0), 17);
	reply_free(&reply);
	reply = call_json(f, "GET", "/v1/places?name=%E6%A1%A5", NULL, 200); /* 桥 */
	assert_int_equal(json_count(&reply.doc, 0), 3);
	assert_string_equal(member(&reply, "name"), "桥头");
	assert_string_equal(member(&reply, "grid"), "G3");
	reply_free(&reply);
}

/* --- what the caller said ---------------------------------------------------------------------------------- */

/* Kept to the byte, whatever it is; as JSON it comes back the same. */
static void words_are_kept_as_given(void **state)
{
	static const char *const odd[] = {"O'Brien; DROP TABLE incident;--", "<b>王\\\"五\\\"</b>",
		"\\u001b[31m红\\u0007", " 前后 空格 ", "零\\u200b宽\\u202e反", "👵🏽外婆", "a\\tb\\nc",
		"%s%n{0}"};
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof odd / sizeof odd[0]; i++) {
		char body[512], path[64];
		struct reply reply;

		(void)snprintf(body, sizeof body,
			"{\"type\":\"other\",\"lon\":113.44,\"lat\":34.78,\"caller\":\"%s\",\"phone\":\"%s\","
			"\"text\":\"%s\"}",
			odd[i], odd[i], odd[i]);
		reply = call_command(f, "incident-open", body, 200);
		(void)snprintf(path, sizeof path, "/v1/incidents/%.11s", member(&reply, "incident"));
		reply_free(&reply);
		reply = call_json(f, "GET", path, NULL, 200);
		uint32_t report = json_find(&reply.doc, 0, TEXT("report"));
		static const char *const keys[] = {"caller", "phone", "text"};

		for (size_t key = 0; key < 3; key++) {
			char memory[512], wanted_memory[512];
			struct json_scratch scratch = {memory, sizeof memory, 0};
			struct json_scratch wanted_scratch = {wanted_memory, sizeof wanted_memory, 0};
			struct json_token token[8];
			struct json_doc doc;
			struct json_error error;
			struct text got, wanted;
			char quoted[128];

			(void)snprintf(quoted, sizeof quoted, "[\"%s\"]", odd[i]);
			assert_int_equal(
				json_read(&doc, quoted, (uint32_t)strlen(quoted), token, 8, &error), DISP_OK);
			assert_int_equal(
				json_get_text(&doc, json_first(&doc, 0), &wanted_scratch, &wanted), DISP_OK);
			assert_int_equal(
				json_get_text(&reply.doc,
					json_find(&reply.doc, report,
						(struct text){keys[key], (uint32_t)strlen(keys[key])}),
					&scratch, &got),
				DISP_OK);
			assert_int_equal(got.len, wanted.len);
			assert_memory_equal(got.ptr, wanted.ptr, got.len);
		}
		reply_free(&reply);
	}
}

static void the_future_is_not_reported(void **state)
{
	struct fixture *f = *state;

	says(f, "incident-open",
		"{\"type\":\"other\",\"lon\":113.44,\"lat\":34.78,\"at\":\"2026-07-01T08:02:01Z\"}", 400,
		"at: lies in the future");
	/* the clock on the wall goes ahead: that is now */
	says(f, "incident-open",
		"{\"type\":\"other\",\"lon\":113.46,\"lat\":34.78,\"at\":\"2026-07-01T08:01:30Z\"}", 200,
		"2026-000001");
	struct reply reply = call_json(f, "GET", "/v1/incidents/2026-000001", NULL, 200);

	assert_string_equal(member(&reply, "reported"), "2026-07-01T08:00:00.000Z");
	reply_free(&reply);
	says(f, "incident-paper",
		"{\"type\":\"other\",\"lon\":113.46,\"lat\":34.78,\"reported\":\"2026-07-01T07:40:00Z\","
		"\"done\":\"2026-07-01T08:01:59Z\"}",
		200, "2026-000002");
	says(f, "incident-open",
		"{\"type\":\"other\",\"lon\":113.44,\"lat\":34.78,\"at\":\"2026-07-01T07:59:59Z\"}", 200,
		"2026-000003");
}

/* --- doubles ------------------------------------------------------------------------------------------------ */

#define WHERE(type, lon, rest) "{\"type\":\"" type "\",\"lon\":" lon ",\"lat\":34.78" rest "}"

/* 0.001 degrees are 91 m here. */
static void what_may_be_the_same_is_shown(void **state)
{
	struct fixture *f = *state;

	says(f, "incident-open", WHERE("drowning_risk", "113.44", ""), 200, "\"possible_duplicates\":[]");
	f->now_ms += 60000;
	says(f, "incident-open", WHERE("drowning_risk", "113.442", ""), 200,
		"\"possible_duplicates\":[{\"id\":\"2026-000001\",\"state\":\"dispatched\",\"type\":"
		"\"drowning_risk\","
		"\"title\":\"水边危险\",\"title_zh\":\"水边危险\",\"range_m\":183.");
	says(f, "incident-open", WHERE("drowning_risk", "113.442", ",\"dry_run\":true"), 200,
		"[{\"id\":\"2026-000002\"");
	says(f, "incident-open", WHERE("drowning_risk", "113.441", ",\"dry_run\":true"), 200,
		"\"age_s\":60}");
	/* smoke first, flames then: at the same place whatever the type, and the type is said */
	says(f, "incident-open", WHERE("alarm.fire.smoke", "113.4409", ",\"dry_run\":true"), 200,
		"\"possible_duplicates\":[{\"id\":\"2026-000001\"");
	says(f, "incident-open", WHERE("alarm.fire.smoke", "113.4409", ",\"dry_run\":true"), 200,
		"在办事件:2026-000001(溺水风险,");
	/* another matter further off, the same too far off, in an exercise, or long ago */
	says(f, "incident-open", WHERE("alarm.fire.smoke", "113.437", ",\"dry_run\":true"), 200,
		"\"possible_duplicates\":[]");
	says(f, "incident-open", WHERE("other", "113.44", ",\"dry_run\":true"), 200,
		"\"possible_duplicates\":[{\"id\":\"2026-000001\"");
	says(f, "incident-open", WHERE("drowning_risk", "113.4475", ",\"dry_run\":true"), 200,
		"\"possible_duplicates\":[]");
	says(f, "incident-open", WHERE("drowning_risk", "113.44", ",\"mode\":\"exercise\",\"dry_run\":true"),
		200, "\"possible_duplicates\":[]");
	f->now_ms += 7 * 3600000;
	says(f, "incident-open", WHERE("drowning_risk", "113.44", ",\"dry_run\":true"), 200,
		"\"possible_duplicates\":[]");
}

static void the_five_nearest_are_shown(void **state)
{
	static const char *const lon[] = {"113.443", "113.441", "113.444", "113.442", "113.4405", "113.4401"};
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof lon / sizeof lon[0]; i++) {
		char body[128];

		(void)snprintf(body, sizeof body, "{\"type\":\"other\",\"lon\":%s,\"lat\":34.78}", lon[i]);
		says(f, "incident-open", body, 200, "\"result\":\"ok\"");
	}
	struct reply reply =
		call_command(f, "incident-open", WHERE("other", "113.44", ",\"dry_run\":true"), 200);
	uint32_t list = json_find(&reply.doc, 0, TEXT("possible_duplicates"));
	const char *ids[] = {"2026-000006", "2026-000005", "2026-000002", "2026-000004", "2026-000001"};
	uint32_t count = 0;

	for (uint32_t one = json_first(&reply.doc, list); one != JSON_NONE;
		one = json_next(&reply.doc, list, one), count++) {
		struct text id = json_raw(&reply.doc, json_find(&reply.doc, one, TEXT("id")));

		assert_true(count < 5);
		assert_memory_equal(id.ptr, ids[count], id.len);
	}
	assert_int_equal(count, 5);
	reply_free(&reply);
}

/* --- who am I ----------------------------------------------------------------------------------------------- */

/* No command of the table is asked of nobody: each has its row in core/permit.c, and a place in the answer. */
static void every_command_asks_who_it_is(void **state)
{
	struct fixture *f = *state;
	struct reply may = call_json(f, "GET", "/v1/whoami?by=auditor-1", NULL, 200);
	uint32_t count, list = json_find(&may.doc, 0, TEXT("may_not"));
	const struct command *commands = command_table(&count);

	for (uint32_t i = 0; i < count; i++) {
		bool found = false;

		for (uint32_t one = json_first(&may.doc, list); one != JSON_NONE && !found;
			one = json_next(&may.doc, list, one))
			found = json_equals(&may.doc, one, commands[i].name);
		if (!found)
			fail_msg("an auditor may give %s", commands[i].name.ptr);
	}
	assert_int_equal(json_count(&may.doc, list),
		count + 5); /* release advise, wide silences, the two that read files, to have a machine lead */
	reply_free(&may);
}

static void a_person_is_told_what_he_may(void **state)
{
	struct fixture *f = *state;
	struct reply reply = call_json(f, "GET", "/v1/whoami?by=keeper-1", NULL, 200);

	assert_string_equal(member(&reply, "person"), "keeper-1");
	assert_string_equal(member(&reply, "name"), "唐霞");
	assert_string_equal(member(&reply, "roles"), "[\"keeper\"]");
	assert_non_null(strstr(member(&reply, "may"), "\"stock-count\""));
	assert_null(strstr(member(&reply, "may"), "\"incident-cancel\""));
	assert_non_null(strstr(reply.body, "\"release advise\""));
	reply_free(&reply);
	reply = call_json(f, "GET", "/v1/whoami?by=auditor-1", NULL, 200);
	assert_string_equal(member(&reply, "may"), "[]");
	reply_free(&reply);
	reply = call_json(f, "GET", "/v1/whoami", NULL, 200);
	assert_string_equal(member(&reply, "person"), "null");
	assert_string_equal(member(&reply, "may_not"), "[]");
	reply_free(&reply);
	reply = call_json(f, "GET", "/v1/whoami?by=%E9%83%AD%E7%8E%B2", NULL, 200); /* two bear it */
	assert_string_equal(member(&reply, "bearers"), "2");
	reply_free(&reply);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			a_part_of_a_name_will_do_where_it_is_the_only_one, setup, teardown),
		cmocka_unit_test_setup_teardown(the_place_found_is_named, setup, teardown),
		cmocka_unit_test_setup_teardown(several_are_shown, setup, teardown),
		cmocka_unit_test_setup_teardown(what_is_like_it_is_offered, setup, teardown),
		cmocka_unit_test_setup_teardown(a_unit_is_put_at_a_place, setup, teardown),
		cmocka_unit_test_setup_teardown(the_places_are_listed, setup, teardown),
		cmocka_unit_test_setup_teardown(words_are_kept_as_given, setup, teardown),
		cmocka_unit_test_setup_teardown(the_future_is_not_reported, setup, teardown),
		cmocka_unit_test_setup_teardown(what_may_be_the_same_is_shown, setup, teardown),
		cmocka_unit_test_setup_teardown(the_five_nearest_are_shown, setup, teardown),
		cmocka_unit_test_setup_teardown(every_command_asks_who_it_is, setup, teardown),
		cmocka_unit_test_setup_teardown(a_person_is_told_what_he_may, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
