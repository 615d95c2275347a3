/* test_core_late: a crew that says yes when its time to answer is over: it has the job while nobody else has said yes. */
#include "core_world.h"

static uint32_t begin(struct world *world, uint32_t crews, uint32_t units)
{
	static const char *const name[] = {"fire-1", "fire-2", "fire-3"};
	struct playbook_def def = plan_for("smoke", "alarm.fire.smoke", "fire");

	world_begin(world);
	for (uint32_t i = 0; i < units; i++)
		world_unit(world, name[i], "fire", 1000 + 1000 * (int64_t)i, 0);
	plan_send(&def, "fire", crews);
	world_playbook(world, &def);
	return world_raise(world, "cam-1", "alarm.fire.smoke");
}

static const struct need *need_of(const struct world *world, uint32_t number)
{
	return query_at(world->core, TABLE_NEED, incident_of(world, number)->first_need);
}

static void when_nobody_has_it_the_order_is_in_force_again(void **state)
{
	struct world world;
	uint32_t number = begin(&world, 1, 1), order;

	(void)state;
	order = world_order(&world, number, TARGET_UNIT, "fire-1")->r.number;
	world_wait(&world, MINUTE_MS);
	assert_int_equal(order_of(&world, order)->state, ORDER_EXPIRED);
	assert_int_equal(need_of(&world, number)->missing, 1);
	assert_int_equal(incident_of(&world, number)->short_of, 1);
	assert_int_equal(world_answer(&world, order, "fire-1", ANSWER_ACCEPT), OUTCOME_OK);
	assert_int_equal(order_of(&world, order)->state, ORDER_ACCEPTED);
	assert_int_equal(order_of(&world, order)->ended_ms, 0);
	assert_int_equal(need_of(&world, number)->missing, 0);
	assert_int_equal(need_of(&world, number)->state, NEED_FILLED);
	assert_int_equal(incident_of(&world, number)->short_of, 0);
	assert_int_equal(incident_of(&world, number)->live_orders, 1);
	assert_int_equal(unit_of(&world, "fire-1")->orders, 1);
	assert_int_equal(unit_of(&world, "fire-1")->state, UNIT_ACKNOWLEDGED);
	world_wait(&world, HOUR_MS); /* it is asked nothing more */
	assert_int_equal(unit_of(&world, "fire-1")->sent, 1);
	assert_int_equal(world_answer(&world, order, "fire-1", ANSWER_ARRIVED), OUTCOME_OK);
	assert_int_equal(world_answer(&world, order, "fire-1", ANSWER_DONE), OUTCOME_OK);
	assert_int_equal(incident_of(&world, number)->state, INCIDENT_DONE_REPORTED);
	assert_int_equal(unit_of(&world, "fire-1")->orders, 0);
	world_close(&world);
}

static void who_was_asked_instead_and_has_not_answered_is_recalled(void **state)
{
	struct world world;
	uint32_t number = begin(&world, 1, 2), late, instead;

	(void)state;
	late = world_order(&world, number, TARGET_UNIT, "fire-1")->r.number;
	world_wait(&world, MINUTE_MS);
	instead = world_order(&world, number, TARGET_UNIT, "fire-2")->r.number;
	assert_int_equal(world_answer(&world, late, "fire-1", ANSWER_EN_ROUTE), OUTCOME_OK);
	assert_int_equal(order_of(&world, late)->state, ORDER_EN_ROUTE);
	assert_int_equal(order_of(&world, instead)->state, ORDER_RECALLED);
	assert_int_equal(unit_of(&world, "fire-2")->orders, 0);
	assert_int_equal(unit_of(&world, "fire-2")->state, UNIT_AVAILABLE);
	assert_int_equal(incident_of(&world, number)->live_orders, 1);
	assert_int_equal(need_of(&world, number)->missing, 0);
	/* and now that one's yes comes too late in its turn: it was recalled, the job is taken */
	assert_int_equal(world_answer(&world, instead, "fire-2", ANSWER_ACCEPT), OUTCOME_WRONG_STATE);
	world_close(&world);
}

static void who_said_yes_first_keeps_it(void **state)
{
	struct world world;
	uint32_t number = begin(&world, 1, 2), late;

	(void)state;
	late = world_order(&world, number, TARGET_UNIT, "fire-1")->r.number;
	world_wait(&world, MINUTE_MS);
	assert_int_equal(world_say(&world, number, "fire-2", ANSWER_ACCEPT), OUTCOME_OK);
	assert_int_equal(world_answer(&world, late, "fire-1", ANSWER_ACCEPT), OUTCOME_WRONG_STATE);
	assert_int_equal(unit_of(&world, "fire-1")->orders, 0);
	assert_int_equal(order_of(&world, late)->state, ORDER_EXPIRED);
	world_close(&world);
}

static void an_order_that_was_refused_or_is_for_a_case_that_is_over_stays_over(void **state)
{
	struct world world;
	uint32_t number = begin(&world, 2, 2), declined, expired;

	(void)state;
	declined = world_order(&world, number, TARGET_UNIT, "fire-1")->r.number;
	expired = world_order(&world, number, TARGET_UNIT, "fire-2")->r.number;
	assert_int_equal(world_answer(&world, declined, "fire-1", ANSWER_DECLINE), OUTCOME_OK);
	world_wait(&world, MINUTE_MS);
	assert_int_equal(world_answer(&world, declined, "fire-1", ANSWER_ACCEPT), OUTCOME_WRONG_STATE);
	assert_int_equal(world_act(&world, number, ACT_CANCEL), OUTCOME_OK);
	assert_int_equal(world_answer(&world, expired, "fire-2", ANSWER_ACCEPT), OUTCOME_WRONG_STATE);
	world_close(&world);
}

static void one_of_two_is_filled(void **state)
{
	struct world world;
	uint32_t number = begin(&world, 2, 2), order;

	(void)state;
	order = world_order(&world, number, TARGET_UNIT, "fire-1")->r.number;
	world_wait(&world, MINUTE_MS);
	assert_int_equal(need_of(&world, number)->missing, 2);
	assert_int_equal(world_answer(&world, order, "fire-1", ANSWER_ACCEPT), OUTCOME_OK);
	assert_int_equal(need_of(&world, number)->missing, 1);
	assert_int_equal(need_of(&world, number)->state, NEED_OPEN);
	assert_int_equal(incident_of(&world, number)->short_of, 1);
	world_close(&world);
}

/* A crew that has been sent elsewhere meanwhile is not sent twice. */
static void a_crew_with_another_order_keeps_that(void **state)
{
	struct world world;
	uint32_t number = begin(&world, 1, 1), order, second;

	(void)state;
	order = world_order(&world, number, TARGET_UNIT, "fire-1")->r.number;
	world_wait(&world, MINUTE_MS);
	second = world_raise(&world, "cam-far", "alarm.fire.smoke");
	assert_int_equal(world_say(&world, second, "fire-1", ANSWER_ACCEPT), OUTCOME_OK);
	assert_int_equal(world_answer(&world, order, "fire-1", ANSWER_ACCEPT), OUTCOME_WRONG_STATE);
	assert_int_equal(unit_of(&world, "fire-1")->orders, 1);
	world_close(&world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(when_nobody_has_it_the_order_is_in_force_again),
		cmocka_unit_test(who_was_asked_instead_and_has_not_answered_is_recalled),
		cmocka_unit_test(who_said_yes_first_keeps_it),
		cmocka_unit_test(an_order_that_was_refused_or_is_for_a_case_that_is_over_stays_over),
		cmocka_unit_test(one_of_two_is_filled),
		cmocka_unit_test(a_crew_with_another_order_keeps_that),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
