/* test_core_merge: cases that become one and are parted again: crews, state, chains, who is told. */
#include "merge_world.h"

/* --- crews ----------------------------------------------------------------------------------------- */

static void nobody_is_called_back_and_what_crews_say_counts(void **state)
{
	struct world world;

	(void)state;
	merge_begin(&world);
	uint32_t first = world_raise(&world, "cam-1", SMOKE), second = world_raise(&world, "cam-far", SMOKE);

	assert_int_equal(world_say(&world, second, "fire-2", ANSWER_EN_ROUTE), OUTCOME_OK);
	assert_int_equal(merge(&world, second, first), OUTCOME_OK);
	assert_int_equal(world_seen_count(&world, EFFECT_ORDER_STATE), 0);
	assert_int_equal(world_seen_count(&world, EFFECT_TASK), 0);
	world_wait(&world, 40 * SECOND_MS);
	assert_true(world_sent(&world, second, "fire-2"));
	assert_int_equal(world_say(&world, second, "fire-2", ANSWER_ARRIVED), OUTCOME_OK);
	assert_int_equal(state_of(&world, first), INCIDENT_WORKING);
	assert_int_equal(unit_of(&world, "fire-2")->place.ecef_mm[0], 5000000); /* where it was sent */
	assert_int_equal(world_say(&world, first, "fire-1", ANSWER_DONE), OUTCOME_OK);
	assert_int_equal(state_of(&world, first), INCIDENT_WORKING); /* the other crew is still at it */
	assert_int_equal(world_say(&world, second, "fire-2", ANSWER_DONE), OUTCOME_OK);
	assert_int_equal(state_of(&world, first), INCIDENT_DONE_REPORTED);
	assert_int_equal(state_of(&world, second), INCIDENT_CLOSED);
	world_close(&world);
}

static void crews_are_released_with_the_case_that_goes_on(void **state)
{
	struct world world;

	(void)state;
	merge_begin(&world);
	uint32_t first = world_raise(&world, "cam-1", SMOKE), second = world_raise(&world, "cam-far", SMOKE);

	assert_int_equal(merge(&world, second, first), OUTCOME_OK);
	assert_int_equal(world_close_case(&world, first, DISPOSITION_FALSE), OUTCOME_OK);
	assert_false(world_sent(&world, second, "fire-2"));
	assert_int_equal(unit_of(&world, "fire-2")->state, UNIT_AVAILABLE);
	/* Taken out of it now it would have no crew: first the other case has to run again. */
	assert_int_equal(world_act(&world, second, ACT_SPLIT), OUTCOME_GONE_TOO_FAR);
	assert_int_equal(world_act(&world, first, ACT_REOPEN), OUTCOME_OK);
	assert_int_equal(world_act(&world, second, ACT_SPLIT), OUTCOME_OK);
	assert_int_equal(state_of(&world, second), INCIDENT_DISPATCHED);
	assert_true(world_sent(&world, second, "fire-2"));
	world_close(&world);
}

static void a_crew_that_declines_is_replaced_while_merged(void **state)
{
	struct world world;

	(void)state;
	merge_begin(&world);
	uint32_t first = world_raise(&world, "cam-1", SMOKE), second = world_raise(&world, "cam-far", FLOOD);

	assert_int_equal(merge(&world, second, first), OUTCOME_OK);
	assert_int_equal(world_say(&world, second, "fire-2", ANSWER_DECLINE), OUTCOME_OK);
	assert_true(world_sent(&world, second, "fire-3"));
	assert_int_equal(incident_of(&world, first)->alert >> ALERT_SHORT & 1, 0); /* nobody has to know */
	assert_int_equal(world_act(&world, second, ACT_SPLIT), OUTCOME_OK);
	assert_true(world_sent(&world, second, "fire-3"));
	world_close(&world);
}

static void the_split_gives_the_state_back(void **state)
{
	struct world world;

	(void)state;
	merge_begin(&world);
	uint32_t first = world_raise(&world, "cam-1", SMOKE), second = world_raise(&world, "cam-far", SMOKE);
	uint32_t orders = query_used(world.core, TABLE_ORDER);
	struct incident before = *incident_of(&world, second);

	assert_int_equal(merge(&world, second, first), OUTCOME_OK);
	assert_int_equal(world_act(&world, second, ACT_SPLIT), OUTCOME_OK);
	const struct incident *after = incident_of(&world, second);

	assert_int_equal(after->state, INCIDENT_DISPATCHED);
	assert_int_equal(after->disposition, DISPOSITION_NONE);
	assert_int_equal(after->ended_ms, 0);
	assert_int_equal(after->dispatched_ms, before.dispatched_ms);
	assert_memory_equal(after->deadline, before.deadline, sizeof before.deadline);
	assert_memory_equal(after->sensor, before.sensor, sizeof before.sensor);
	assert_memory_equal(after->mark, before.mark, sizeof before.mark);
	assert_int_equal(query_used(world.core, TABLE_ORDER), orders); /* nobody is sent twice */
	assert_true(world_sent(&world, second, "fire-2"));
	world_close(&world);
}

static void a_crew_that_arrived_meanwhile_has_arrived(void **state)
{
	struct world world;

	(void)state;
	merge_begin(&world);
	uint32_t first = world_raise(&world, "cam-1", SMOKE),
		 second = world_raise(&world, "cam-far", "alarm.fire.flame");

	assert_int_equal(merge(&world, second, first), OUTCOME_OK);
	assert_int_equal(world_say(&world, second, "fire-2", ANSWER_ARRIVED), OUTCOME_OK);
	assert_int_equal(world_act(&world, second, ACT_SPLIT), OUTCOME_OK);
	assert_int_equal(state_of(&world, second), INCIDENT_WORKING);
	assert_int_equal(clock_of(&world, second, DEADLINE_ARRIVE)->state, DEADLINE_MET);
	world_close(&world);
}

/* --- chains ---------------------------------------------------------------------------------------- */

static void a_chain_is_undone_from_its_end(void **state)
{
	struct world world;

	(void)state;
	merge_begin(&world);
	world_device(&world, "cam-3", "camera", "", 10000, false);
	uint32_t a = world_raise(&world, "cam-1", SMOKE), b = world_raise(&world, "cam-far", SMOKE),
		 c = world_raise(&world, "cam-3", SMOKE);

	assert_int_equal(merge(&world, a, b), OUTCOME_OK);
	assert_int_equal(merge(&world, c, a), OUTCOME_WRONG_STATE); /* that one stands merged */
	assert_int_equal(merge(&world, b, c), OUTCOME_OK);
	assert_int_equal(world_raise(&world, "cam-1", SMOKE), c);
	assert_int_equal(world_raise(&world, "cam-far", SMOKE), c);
	assert_int_equal(incident_of(&world, c)->alarms, 5);
	assert_int_equal(world_act(&world, a, ACT_SPLIT), OUTCOME_GONE_TOO_FAR);
	assert_int_equal(world_act(&world, a, ACT_REOPEN), OUTCOME_WRONG_STATE);
	assert_int_equal(world_act(&world, b, ACT_SPLIT), OUTCOME_OK);
	assert_int_equal(world_raise(&world, "cam-1", SMOKE), b);
	assert_int_equal(incident_of(&world, b)->sensor_count, 2);
	assert_int_equal(incident_of(&world, c)->sensor_count, 1);
	assert_int_equal(world_act(&world, a, ACT_SPLIT), OUTCOME_OK);
	assert_int_equal(world_raise(&world, "cam-1", SMOKE), a);
	assert_int_equal(incident_of(&world, b)->sensor_count, 1);
	assert_int_equal(world_act(&world, a, ACT_SPLIT), OUTCOME_WRONG_STATE);
	world_close(&world);
}

static void what_is_over_is_not_merged_into(void **state)
{
	struct world world;
	struct event drill;

	(void)state;
	merge_begin(&world);
	uint32_t first = world_raise(&world, "cam-1", SMOKE), second = world_raise(&world, "cam-far", SMOKE);

	drill = alarm_event(&world, "cam-far", SMOKE, ALARM_RAISED);
	drill.u.alarm.mode = MODE_EXERCISE;
	assert_int_equal(world_put(&world, drill), ALARM_ACCEPTED);
	assert_int_equal(merge(&world, second, world.seen[0].u.alarm.incident), OUTCOME_INVALID);
	assert_int_equal(world_act(&world, first, ACT_DONE), OUTCOME_OK);
	assert_int_equal(merge(&world, second, first), OUTCOME_WRONG_STATE);
	assert_int_equal(world_act(&world, first, ACT_REOPEN), OUTCOME_OK);
	assert_int_equal(
		merge(&world, second, first), OUTCOME_OK); /* a reopened one is a case like any other */
	assert_int_equal(world_act(&world, second, ACT_SPLIT), OUTCOME_OK);
	world_close(&world);
}

/* --- forgetting and being told ----------------------------------------------------------------------------- */

/* Its crews would wait for a confirmation, and go home when that is refused. */
static void what_is_under_way_is_not_merged_into_what_waits(void **state)
{
	struct world world;

	(void)state;
	merge_begin(&world);
	struct playbook_def held = plan_for("gas", "alarm.gas.leak", "gas");

	held.release = RELEASE_CONFIRM;
	held.confirm_ms = HOUR_MS;
	world_playbook(&world, &held);
	uint32_t fire = world_raise(&world, "cam-1", SMOKE),
		 gas = world_raise(&world, "cam-far", "alarm.gas.leak");

	assert_int_equal(state_of(&world, gas), INCIDENT_REPORTED);
	assert_int_equal(merge(&world, fire, gas), OUTCOME_WRONG_STATE);
	assert_true(world_sent(&world, fire, "fire-1"));
	assert_int_equal(merge(&world, gas, fire), OUTCOME_OK);
	world_close(&world);
}

/* A merged case whose crew is still out is kept; those that ended after it are forgotten in its stead. */
static void a_merged_case_does_not_fill_the_table(void **state)
{
	struct core_limits limits = world_limits();
	struct playbook_def def = plan_for("smoke", SMOKE, "fire");
	struct world world;

	(void)state;
	limits.max[TABLE_INCIDENT] = 8;
	plan_send(&def, "fire", 1);
	world_open(&world, &limits);
	world_settle(&world);
	world_unit(&world, "fire-1", "fire", 1000, 0);
	world_unit(&world, "fire-2", "fire", 6000, 0);
	world_playbook(&world, &def);
	uint32_t first = world_raise(&world, "cam-1", SMOKE), second = world_raise(&world, "cam-far", SMOKE);
	uint32_t between = world_raise(&world, "cam-2", "alarm.other");

	assert_int_equal(world_act(&world, between, ACT_CONFIRM), OUTCOME_OK);
	assert_int_equal(merge(&world, second, between), OUTCOME_OK);
	assert_int_equal(merge(&world, between, first), OUTCOME_OK);
	for (int64_t index = 0; index < 20; index++) {
		struct event alarm = alarm_event(&world, "cam-2", "alarm.other", ALARM_RAISED);

		alarm.u.alarm.has_place = true;
		alarm.u.alarm.place = place_at(10000 + 1000 * index, 0);
		assert_int_equal(world_put(&world, alarm), ALARM_ACCEPTED);
		assert_int_equal(world_act(&world, world.seen[0].u.alarm.incident, ACT_REJECT), OUTCOME_OK);
	}
	assert_true(world_sent(&world, second, "fire-2"));
	/* What stands between it and the case that goes on is kept as well: its crew is released with that. */
	assert_int_equal(world_act(&world, first, ACT_DONE), OUTCOME_OK);
	assert_false(world_sent(&world, second, "fire-2"));
	world_close(&world);
}

static uint32_t calls_to(const struct world *world, uint32_t incident, const char *person)
{
	uint32_t number = query_find(world->core, TABLE_PERSON, t(person)), count = 0;

	for (uint32_t slot = 1; slot <= query_used(world->core, TABLE_NOTICE); slot++) {
		const struct notice *notice = query_at(world->core, TABLE_NOTICE, slot);
		const struct task *call =
			notice == NULL ? NULL
				       : query_at(world->core, TABLE_TASK,
						 query_slot(world->core, TABLE_TASK, notice->call_task));

		count += notice != NULL && notice->incident == incident && notice->person == number &&
			 notice->state == NOTICE_PENDING && call != NULL && call->state < TASK_DONE;
	}
	return count;
}

/* Whom a merge has kept from being told is told when it is undone; who has answered is not told again. */
static void who_had_not_answered_is_told_after_the_split(void **state)
{
	struct world world;
	struct playbook_def def = plan_for("near", "alarm.water.person_near", "drowning");

	(void)state;
	merge_begin(&world);
	plan_notify(&def, WHO_VILLAGE_HEAD);
	plan_notify(&def, WHO_KEEPER)->answer = ANSWER_EACH;
	world_playbook(&world, &def);
	uint32_t first = world_raise(&world, "cam-1", SMOKE);
	uint32_t second = world_raise(&world, "cam-far", "alarm.water.person_near");

	assert_int_equal(calls_to(&world, second, "head-v"), 1);
	assert_int_equal(calls_to(&world, second, "keeper"), 1);
	uint32_t keeper = query_find(world.core, TABLE_PERSON, t("keeper"));

	for (uint32_t slot = 1; slot <= query_used(world.core, TABLE_NOTICE); slot++) {
		const struct notice *notice = query_at(world.core, TABLE_NOTICE, slot);

		if (notice->person == keeper)
			assert_int_equal(
				world_put(&world, (struct event){.kind = EVENT_NOTICE_ANSWER,
							  .by = t("officer"),
							  .u.notice_answer = {.notice = notice->r.number}}),
				OUTCOME_OK);
	}
	assert_int_equal(merge(&world, second, first), OUTCOME_OK);
	assert_int_equal(calls_to(&world, second, "head-v"), 0);
	assert_int_equal(world_act(&world, second, ACT_SPLIT), OUTCOME_OK);
	assert_int_equal(calls_to(&world, second, "head-v"), 1);
	assert_int_equal(calls_to(&world, second, "keeper"), 0);
	world_wait(&world, MINUTE_MS);
	assert_int_equal(calls_to(&world, second, "head-v"), 1);
	world_close(&world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nobody_is_called_back_and_what_crews_say_counts),
		cmocka_unit_test(crews_are_released_with_the_case_that_goes_on),
		cmocka_unit_test(a_crew_that_declines_is_replaced_while_merged),
		cmocka_unit_test(the_split_gives_the_state_back),
		cmocka_unit_test(a_crew_that_arrived_meanwhile_has_arrived),
		cmocka_unit_test(a_chain_is_undone_from_its_end),
		cmocka_unit_test(what_is_over_is_not_merged_into),
		cmocka_unit_test(what_is_under_way_is_not_merged_into_what_waits),
		cmocka_unit_test(a_merged_case_does_not_fill_the_table),
		cmocka_unit_test(who_had_not_answered_is_told_after_the_split),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
