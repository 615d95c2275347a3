/* test_core_actor: what follows from a person working on a case: she knows of it, and a call she has taken gets its time. */
#include "core_world.h"

#include "core_world_plan.h"

static struct world world;

static void begin(void)
{
	struct playbook_def def = plan_for("pb", "alarm.fire.smoke", "fire");

	world_begin(&world);
	plan_notify(&def, WHO_DUTY_OFFICER);
	plan_send(&def, "rescue", 1);
	world_playbook(&world, &def);
	world_unit(&world, "R1", "rescue", 1000, 0);
	world_link(&world, TARGET_UNIT, "R1", false);
}

static uint32_t notices(uint8_t state)
{
	uint32_t count = 0;

	for (uint32_t slot = 1; slot <= query_used(world.core, TABLE_NOTICE); slot++) {
		const struct notice *notice = query_at(world.core, TABLE_NOTICE, slot);

		count += notice != NULL &&
			 notice->person == query_find(world.core, TABLE_PERSON, t("officer")) &&
			 notice->state == state;
	}
	return count;
}

static uint32_t open_by(const char *by)
{
	return world_put(
		&world, (struct event){.kind = EVENT_OPEN,
				.by = t(by),
				.channel = t("console"),
				.u.open = {.type = t("fire"), .place = place_at(0, 0), .grid = t("G1")}});
}

static void who_opens_the_case_is_not_told_of_it(void **state)
{
	(void)state;
	begin();
	assert_int_equal(open_by("officer"), OUTCOME_OK);
	assert_int_equal(notices(NOTICE_PENDING), 0);
	assert_int_equal(open_by("office"), OUTCOME_OK);
	assert_int_equal(notices(NOTICE_PENDING), 1);
	world_close(&world);
}

static void who_works_on_the_case_has_been_told(void **state)
{
	(void)state;
	begin();
	uint32_t incident = world_raise(&world, "cam-1", "alarm.fire.smoke");

	assert_int_equal(notices(NOTICE_PENDING), 1);
	assert_int_equal(world_act_by(&world, incident, ACT_UPGRADE, DISPOSITION_NONE, "office"), OUTCOME_OK);
	assert_int_equal(notices(NOTICE_PENDING), 1); /* somebody else's work */
	assert_int_equal(world_act_by(&world, incident, ACT_CONFIRM, DISPOSITION_NONE, "officer"),
		OUTCOME_WRONG_STATE);
	assert_int_equal(notices(NOTICE_PENDING), 1); /* refused: nothing happened */
	assert_int_equal(world_act(&world, incident, ACT_UPGRADE), OUTCOME_OK);
	assert_int_equal(notices(NOTICE_PENDING), 0);
	assert_int_equal(notices(NOTICE_ANSWERED), 1);
	world_close(&world);
}

/* A fact for a report says nothing of an alert that came up meanwhile. */
static void a_fact_shows_no_alert_as_seen(void **state)
{
	(void)state;
	begin();
	uint32_t incident = world_raise(&world, "cam-1", "alarm.fire.smoke");

	assert_int_equal(
		world_put(&world,
			(struct event){.kind = EVENT_FACT,
				.by = t("officer"),
				.u.fact = {.incident = incident, .fact = FACT_LOSS, .text = t("none")}}),
		OUTCOME_OK);
	assert_int_equal(query_town(world.core)->desk.waiting, 1);
	assert_int_equal(notices(NOTICE_PENDING), 0);
	world_close(&world);
}

static void a_call_that_is_taken_gets_its_time(void **state)
{
	(void)state;
	begin();
	uint32_t incident = world_raise(&world, "cam-1", "alarm.fire.smoke");
	const struct order *order = world_order(&world, incident, TARGET_UNIT, "R1");
	int64_t due_ms = order->respond_by_ms;

	assert_true(due_ms > world.now_ms);
	world_wait(&world, due_ms - world.now_ms - 5000);
	assert_int_equal(
		world_put(&world, (struct event){.kind = EVENT_TASK,
					  .by = t("officer"),
					  .u.task = {.task = order->call_task, .state = TASK_TAKEN}}),
		OUTCOME_OK);
	order = world_order(&world, incident, TARGET_UNIT, "R1");
	assert_true(order->respond_by_ms > due_ms);
	world_wait(&world, 10000);
	assert_true(world_sent(&world, incident, "R1")); /* the old limit has gone by */
	due_ms = order->respond_by_ms;
	world_wait(&world, due_ms - world.now_ms + 1000);
	assert_false(world_sent(&world, incident, "R1")); /* not for ever */
	world_close(&world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_opens_the_case_is_not_told_of_it),
		cmocka_unit_test(who_works_on_the_case_has_been_told),
		cmocka_unit_test(a_fact_shows_no_alert_as_seen),
		cmocka_unit_test(a_call_that_is_taken_gets_its_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
