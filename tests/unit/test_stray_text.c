/* test_stray_text: what is said of a row of another daemon: an officer can act on it without any other screen. */
#include "core_world.h"
#include "shell/stray_text.h"

static struct world world;
static struct effect item[EFFECTS_MAX];

/* Until the next call. */
static const char *said_of(struct event event, uint32_t count, uint32_t *orders)
{
	static char out[STRAY_TEXT_BYTES];
	struct effects effects = {.count = count, .item = item};
	struct text said;

	event.at_ms = world.now_ms;
	said = stray_text(world.core, &event, &effects, out, orders);
	assert_int_equal(said.len, strlen(out));
	return out;
}

static void has(const char *said, const char *part)
{
	if (strstr(said, part) == NULL)
		fail_msg("no '%s' in: %s", part, said);
}

static void orders_have_their_number_their_unit_and_their_case(void **state)
{
	uint32_t orders, unit;
	const char *said;

	(void)state;
	world_begin(&world);
	world_unit(&world, "TR-3", "rescue", 0, 0);
	unit = query_used(world.core, TABLE_UNIT);
	item[0] = (struct effect){.kind = EFFECT_INCIDENT, .u.incident = {.number = 2026000007}};
	for (uint32_t i = 1; i <= 10; i++)
		item[i] = (struct effect){.kind = EFFECT_ORDER,
			.u.order = {.number = 10000 + i,
				.incident = 2026000007,
				.target = TARGET_UNIT,
				.who = i == 2 ? 999 : unit}};
	said = said_of((struct event){.kind = EVENT_OPEN, .by = t("张三")}, 11, &orders);
	assert_int_equal(orders, 10);
	has(said, "(张三)");
	has(said, "立案 opened 2026-000007");
	has(said, "已发指令 orders sent: O10001→TR-3, O10002→?, O10003→TR-3");
	has(said, " …(10)");
	has(said, "事件 incident 2026-000007");
	assert_null(strstr(said, "O10009"));
	world_close(&world);
}

static void what_people_said_has_its_subject(void **state)
{
	static char reason[2000];
	const char *said;
	uint32_t orders;

	(void)state;
	world_begin(&world);
	said = said_of((struct event){.kind = EVENT_ANSWER,
			       .u.answer = {.order = 12,
				       .answer = ANSWER_DECLINE,
				       .who = t("TR-3"),
				       .reason = t("车坏了")}},
		0, &orders);
	assert_int_equal(orders, 0);
	has(said, "指令 order O12: 谢绝 decline (TR-3), “车坏了”");
	said = said_of((struct event){.kind = EVENT_ACT,
			       .u.act = {.incident = 2026000123,
				       .act = ACT_CLOSE,
				       .disposition = 1,
				       .reason = t("已扑灭")}},
		0, &orders);
	has(said, "事件 incident 2026-000123: 结案 close (");
	has(said, "“已扑灭”");
	said = said_of(
		(struct event){.kind = EVENT_TASK, .u.task = {.task = 5, .state = TASK_DONE}}, 0, &orders);
	has(said, "电话 call T5");
	said = said_of((struct event){.kind = EVENT_SUPPLY,
			       .u.supply = {.incident = 2026000123,
				       .item = t("pump"),
				       .depot = t("D-1"),
				       .quantity = 3}},
		0, &orders);
	has(said, "2026-000123; pump × 3, D-1");
	memset(reason, 'x', sizeof reason - 1);
	said = said_of((struct event){.kind = EVENT_ACT,
			       .u.act = {.incident = 2026000123, .act = ACT_NOTE, .reason = t(reason)}},
		0, &orders);
	has(said, "2026-000123");
	assert_null(strstr(said, "xxx")); /* whole or not at all */
	world_close(&world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(orders_have_their_number_their_unit_and_their_case),
		cmocka_unit_test(what_people_said_has_its_subject),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
