/* test_api_dry: a command tried before it is given: decided and shown, and nothing done; and what it leaves uncovered. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "api_fixture.h"

#define OPEN "{\"type\":\"drowning_risk\",\"lon\":113.44,\"lat\":34.78,\"by\":\"duty-1\"}"

static void give(struct fixture *f, const char *name, const char *body)
{
	struct reply reply = call_command(f, name, body, 200);

	reply_free(&reply);
}

/* The reply of a dry run; nothing has changed, nothing was recorded, nothing reached the shell. */
static struct reply dry(struct fixture *f, const char *name, const char *body, int status)
{
	uint64_t digest = core_digest_full(f->core), seq = f->seq;
	uint32_t taken = f->taken;
	struct reply reply = call_command(f, name, body, status);

	assert_true(core_digest_full(f->core) == digest);
	assert_true(f->seq == seq);
	assert_int_equal(f->taken, taken);
	assert_string_equal(member(&reply, "dry_run"), "true");
	return reply;
}

static void shows(
	struct fixture *f, const char *name, const char *body, int status, const char *key, const char *part)
{
	struct reply reply = dry(f, name, body, status);
	struct text raw =
		json_raw(&reply.doc, json_find(&reply.doc, 0, (struct text){key, (uint32_t)strlen(key)}));

	if (raw.ptr == NULL || memmem(raw.ptr, raw.len, part, strlen(part)) == NULL)
		fail_msg("%s %s: no %s in %s: %.*s", name, body, part, key, (int)raw.len,
			raw.ptr == NULL ? "" : raw.ptr);
	reply_free(&reply);
}

static void an_opening_shows_who_would_go(void **state)
{
	struct fixture *f = *state;
#define DRY_OPEN "{\"type\":\"drowning_risk\",\"lon\":113.44,\"lat\":34.78,\"dry_run\":true}"

	shows(f, "incident-open", DRY_OPEN, 200, "incident", "2026-000001");
	shows(f, "incident-open", DRY_OPEN, 200, "effects", "order O1 to U2 救援一队");
	shows(f, "incident-open", DRY_OPEN, 200, "effects_zh", "派遣O1:U2 救援一队");
	shows(f, "incident-open", DRY_OPEN, 200, "possible_duplicates", "[]");
	give(f, "incident-open", OPEN);
	shows(f, "incident-open", DRY_OPEN, 200, "possible_duplicates", "2026-000001");
	shows(f, "incident-open", DRY_OPEN, 200, "incident", "2026-000002");
}

/* A dry run is refused as the command itself would be. */
static void a_refusal_is_the_real_one(void **state)
{
	struct fixture *f = *state;

	shows(f, "incident-cancel", "{\"incident\":\"2026-000009\",\"dry_run\":true}", 404, "error",
		"not_found");
	shows(f, "release", "{\"release\":\"advise\",\"by\":\"duty-1\",\"dry_run\":true}", 403, "error",
		"not_permitted");
	shows(f, "release", "{\"release\":\"auto\",\"dry_run\":true}", 409, "error", "unchanged");
	struct reply reply = call_command(f, "release", "{\"release\":\"advise\",\"dry_run\":5}", 400);

	reply_free(&reply);
	shows(f, "release", "{\"release\":\"advise\",\"dry_run\":true}", 200, "effects",
		"orders leave: advise");
	assert_int_equal(query_town(f->core)->release, RELEASE_AUTO);
	give(f, "release", "{\"release\":\"advise\",\"dry_run\":false}");
	assert_int_equal(query_town(f->core)->release, RELEASE_ADVISE);
}

/* U2 is at the water already: with U1 goes the last rescuer and the last medic. */
static void the_last_of_a_skill_is_said(void **state)
{
	struct fixture *f = *state;
#define SEND(rest) "{\"incident\":\"2026-000001\",\"unit\":\"U1\"" rest "}"

	give(f, "incident-open", OPEN);
	shows(f, "order-send", SEND(",\"dry_run\":true"), 200, "uncovered",
		"\"left\":0,\"text\":\"water_rescue (no unit left)\"");
	shows(f, "order-send", SEND(",\"dry_run\":true"), 200, "uncovered",
		"{\"skill\":\"medic\",\"left\":0,");
	shows(f, "order-send", SEND(",\"dry_run\":true"), 200, "detail",
		"LEAVES UNCOVERED: water_rescue (no unit left), medic (no unit left)");
	shows(f, "order-send", "{\"incident\":\"2026-000001\",\"unit\":\"U3\",\"dry_run\":true}", 200,
		"uncovered", "[]");
	shows(f, "incident-add", "{\"incident\":\"2026-000001\",\"skills\":[\"medic\"],\"dry_run\":true}",
		200, "uncovered", "\"water_rescue\"");
	shows(f, "incident-add", "{\"incident\":\"2026-000001\",\"skills\":[\"medic\"],\"dry_run\":true}",
		200, "effects_zh", "U1 救援一队");
	shows(f, "unit-set", "{\"unit\":\"U1\",\"status\":\"out_of_service\",\"dry_run\":true}", 200,
		"uncovered", "\"medic\"");
	/* swapped: U2 is free again for the next one */
	shows(f, "order-swap", "{\"order\":\"O1\",\"unit\":\"U1\",\"dry_run\":true}", 200, "uncovered", "[]");
	struct reply reply = call_command(f, "order-send", SEND(""), 200);

	assert_non_null(strstr(member(&reply, "uncovered"), "{\"skill\":\"medic\",\"left\":0,"));
	assert_string_equal(member(&reply, "dry_run"), "");
	reply_free(&reply);
}

/* The real answer says it as well, for what the plan sends after it. */
static void what_is_added_leaves_it_too(void **state)
{
	struct fixture *f = *state;

	give(f, "incident-open", OPEN);
	struct reply reply = call_command(
		f, "incident-add", "{\"incident\":\"2026-000001\",\"skills\":[\"medic\"],\"count\":1}", 200);

	assert_non_null(strstr(member(&reply, "uncovered"), "{\"skill\":\"medic\",\"left\":0,"));
	reply_free(&reply);
}

/* Another case waits for a medic since before; the unit that would serve it goes elsewhere. */
static void another_case_that_waits_is_said(void **state)
{
	struct fixture *f = *state;

	give(f, "unit-set", "{\"unit\":\"U1\",\"status\":\"reserved\"}");
	give(f, "incident-open", OPEN);
	give(f, "incident-add", "{\"incident\":\"2026-000001\",\"skills\":[\"medic\"],\"count\":1}");
	give(f, "incident-open", "{\"type\":\"other\",\"lon\":113.40,\"lat\":34.78}");
	shows(f, "order-send", "{\"incident\":\"2026-000002\",\"unit\":\"U1\",\"dry_run\":true}", 200,
		"uncovered", "{\"incident\":\"2026-000001\",\"need\":");
	shows(f, "order-send", "{\"incident\":\"2026-000001\",\"unit\":\"U1\",\"dry_run\":true}", 200,
		"uncovered", "[{\"skill\"");
}

static void material_below_its_minimum_is_said(void **state)
{
	struct fixture *f = *state;
#define RINGS(rest)                                                                                          \
	"{\"incident\":\"2026-000001\",\"item\":\"life_ring\",\"quantity\":2,\"agreed\":\"cm-1\"" rest "}"

	give(f, "incident-open", OPEN);
	shows(f, "supply-send", RINGS(",\"depot\":\"D1\",\"dry_run\":true"), 200, "uncovered",
		"{\"item\":\"life_ring\",\"depot\":\"D1\",\"left\":4,\"minimum\":20,");
	shows(f, "supply-send", RINGS(",\"dry_run\":true"), 200, "uncovered", "\"left\":4,\"minimum\":20");
	struct reply reply = call_command(f, "supply-send", RINGS(",\"depot\":\"D1\""), 200);

	assert_non_null(strstr(member(&reply, "uncovered"), "\"left\":4,\"minimum\":20"));
	reply_free(&reply);
	reply = call_command(f, "supply-send", RINGS(""), 200);
	assert_non_null(strstr(member(&reply, "uncovered"), "\"left\":2,\"minimum\":20"));
	reply_free(&reply);
}

static void the_orders_of_what_is_sent_are_numbered(void **state)
{
	struct fixture *f = *state;

	give(f, "incident-open", OPEN);
	shows(f, "supply-send", RINGS(",\"dry_run\":true"), 200, "orders", "[\"O");
	struct reply reply = call_command(f, "supply-send", RINGS(""), 200);
	const char *orders = member(&reply, "orders");
	char id[16] = "";

	assert_int_equal(sscanf(orders, "[\"%15[O0-9]\"", id), 1);
	assert_non_null(strstr(member(&reply, "detail"), id));
	reply_free(&reply);
	shell_pass(f, 10);
	char path[32];

	(void)snprintf(path, sizeof path, "/v1/orders/%s", id);
	reply = call_json(f, "GET", path, NULL, 200);
	reply_free(&reply);
}

/* --- what waits for a yes ---------------------------------------------------------------------------- */

static void a_held_case_shows_what_would_go(void **state)
{
	struct fixture *f = *state;
	struct reply reply;

	give(f, "release", "{\"release\":\"advise\"}");
	give(f, "incident-open", OPEN);
	uint64_t digest = core_digest_full(f->core);

	reply = call_json(f, "GET", "/v1/incidents/2026-000001", NULL, 200);
	assert_non_null(strstr(reply.body, "\"proposed\":{"));
	assert_non_null(strstr(reply.body, "\"orders\":[{"));
	assert_non_null(strstr(reply.body, "to U2 救援一队"));
	assert_true(core_digest_full(f->core) == digest);
	assert_null(query_at(f->core, TABLE_ORDER, 1));
	reply_free(&reply);
	shows(f, "incident-confirm", "{\"incident\":\"2026-000001\",\"dry_run\":true}", 200, "effects",
		"order O1 to U2");
	give(f, "incident-confirm", "{\"incident\":\"2026-000001\"}");
	assert_non_null(query_at(f->core, TABLE_ORDER, 1));
	reply = call_json(f, "GET", "/v1/incidents/2026-000001", NULL, 200);
	assert_non_null(strstr(reply.body, "\"proposed\":null"));
	reply_free(&reply);
}

/* Whoever merges a case that lacks somebody reads what is looked for on, and what the other wants itself. */
static void a_merge_says_what_is_looked_for_on(void **state)
{
	struct fixture *f = *state;

	give(f, "incident-open", OPEN);
	give(f, "incident-open", OPEN);
#define DRY_MERGE "{\"incident\":\"2026-000002\",\"into\":\"2026-000001\",\"dry_run\":true}"
	give(f, "incident-add", "{\"incident\":\"2026-000001\",\"skills\":[\"medic\"],\"count\":3}");
	give(f, "incident-add", "{\"incident\":\"2026-000002\",\"skills\":[\"medic\"],\"count\":3}");
	shows(f, "incident-merge", DRY_MERGE, 200, "detail_zh", ";保留的事件已有同样需求,不再另派:需求R");
	shows(f, "incident-merge", DRY_MERGE, 200, "goes_on", "\"missing\":1");
	shows(f, "incident-merge", DRY_MERGE, 200, "detail", "; still looked for: wanted R");
	shows(f, "incident-merge", DRY_MERGE, 200, "detail_zh", ";合并后继续调派:需求R");
	give(f, "incident-merge", "{\"incident\":\"2026-000002\",\"into\":\"2026-000001\"}");
	struct reply reply = call_json(f, "GET", "/v1/incidents/2026-000001", NULL, 200);
	struct text raw = json_raw(&reply.doc, json_find(&reply.doc, 0, TEXT("merged_needs")));

	assert_non_null(memmem(raw.ptr, raw.len, "\"missing\":1", 11));
	reply_free(&reply);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(an_opening_shows_who_would_go, setup, teardown),
		cmocka_unit_test_setup_teardown(a_refusal_is_the_real_one, setup, teardown),
		cmocka_unit_test_setup_teardown(the_last_of_a_skill_is_said, setup, teardown),
		cmocka_unit_test_setup_teardown(what_is_added_leaves_it_too, setup, teardown),
		cmocka_unit_test_setup_teardown(another_case_that_waits_is_said, setup, teardown),
		cmocka_unit_test_setup_teardown(material_below_its_minimum_is_said, setup, teardown),
		cmocka_unit_test_setup_teardown(the_orders_of_what_is_sent_are_numbered, setup, teardown),
		cmocka_unit_test_setup_teardown(a_held_case_shows_what_would_go, setup, teardown),
		cmocka_unit_test_setup_teardown(a_merge_says_what_is_looked_for_on, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
