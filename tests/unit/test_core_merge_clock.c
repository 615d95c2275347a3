/* test_core_merge_clock: sensors and clocks of cases that become one and are parted again. */
#include "merge_world.h"

/* --- sensors --------------------------------------------------------------------------------------- */

static void alarms_of_the_merged_place_join(void **state)
{
	struct world world;

	(void)state;
	merge_begin(&world);
	uint32_t first = world_raise(&world, "cam-1", SMOKE), second = world_raise(&world, "cam-far", SMOKE);

	assert_int_equal(merge(&world, second, first), OUTCOME_OK);
	assert_int_equal(incident_of(&world, first)->alarms, 2);
	assert_int_equal(incident_of(&world, first)->device_count, 2);
	world_wait(&world, HOUR_MS);
	assert_int_equal(world_raise(&world, "cam-far", SMOKE), first);
	assert_int_equal(incident_of(&world, first)->alarms, 3);
	/* All quiet only when both are. */
	world_alarm(&world, "cam-1", SMOKE, ALARM_CLEARED);
	assert_int_equal(incident_of(&world, first)->sensor[0].cleared, 1);
	assert_int_equal(world_alarm(&world, "cam-far", SMOKE, ALARM_CLEARED), first);
	assert_int_equal(incident_of(&world, first)->sensor[1].cleared, 1);
	assert_int_equal(world_act(&world, second, ACT_SPLIT), OUTCOME_OK);
	assert_int_equal(incident_of(&world, first)->sensor_count, 1);
	assert_int_equal(incident_of(&world, first)->device_count, 1);
	assert_int_equal(incident_of(&world, first)->alarms, 2);
	assert_int_equal(incident_of(&world, second)->sensor[0].occurrences, 2);
	assert_int_equal(incident_of(&world, second)->sensor[0].cleared, 1);
	assert_int_equal(world_raise(&world, "cam-far", SMOKE), second);
	assert_int_equal(world_raise(&world, "cam-1", SMOKE), first);
	world_close(&world);
}

static void a_sensor_becomes_a_case_of_its_own(void **state)
{
	struct world world;

	(void)state;
	merge_begin(&world);
	uint32_t first = world_raise(&world, "cam-1", SMOKE);

	assert_int_equal(world_raise(&world, "cam-2", SMOKE), first);
	assert_int_equal(split_device(&world, first, "nothing"), OUTCOME_NOT_FOUND);
	assert_int_equal(split_device(&world, first, "cam-far"), OUTCOME_WRONG_STATE); /* not of this case */
	assert_int_equal(split_device(&world, first, "cam-2"), OUTCOME_OK);
	uint32_t second = world.seen[0].u.result.number;
	const struct incident *own = incident_of(&world, second);

	assert_int_equal(second, first + 1);
	assert_int_equal(own->state, INCIDENT_DISPATCHED);
	assert_int_equal(own->place.ecef_mm[0], 50000);
	assert_int_equal(own->split_from, first);
	assert_int_equal(own->alarms, 1);
	assert_int_equal(own->sensor_count, 1);
	assert_int_equal(incident_of(&world, first)->alarms, 1);
	assert_int_equal(incident_of(&world, first)->sensor_count, 1);
	assert_true(world_sent(&world, second, "fire-2"));
	assert_int_equal(split_device(&world, first, "cam-1"), OUTCOME_WRONG_STATE); /* its only one */
	assert_int_equal(world_raise(&world, "cam-2", SMOKE), second);
	assert_int_equal(world_raise(&world, "cam-1", SMOKE), first);
	/* Merged back, all is as it was; and it came with a merge now, so it is parted by undoing that. */
	assert_int_equal(merge(&world, second, first), OUTCOME_OK);
	assert_int_equal(world_raise(&world, "cam-2", SMOKE), first);
	assert_int_equal(incident_of(&world, first)->alarms, 5);
	assert_int_equal(split_device(&world, first, "cam-2"), OUTCOME_WRONG_STATE);
	world_close(&world);
}

/* --- clocks ---------------------------------------------------------------------------------------- */

/* A case with a day to dispose of it, and one with two hours. */
static void begin_slow_and_quick(struct world *world, uint32_t *slow, uint32_t *quick)
{
	merge_begin(world);
	*slow = world_raise(world, "cam-1", SMOKE);
	*quick = world_raise(world, "cam-far", "alarm.fire.flame");
}

static void nobody_evades_a_clock_by_merging(void **state)
{
	struct world world;
	uint32_t slow, quick;

	(void)state;
	begin_slow_and_quick(&world, &slow, &quick);
	int64_t start_ms = world.now_ms;

	assert_int_equal(merge(&world, quick, slow), OUTCOME_OK);
	assert_true(clock_of(&world, slow, DEADLINE_DISPOSE)->due_ms == start_ms + 2 * HOUR_MS);
	assert_true(clock_of(&world, slow, DEADLINE_DISPOSE)->own_ms == start_ms + 24 * HOUR_MS);
	/* It had no limit to arrive; now it has the other's. */
	assert_true(clock_of(&world, slow, DEADLINE_ARRIVE)->due_ms == start_ms + HOUR_MS);
	assert_int_equal(clock_of(&world, slow, DEADLINE_ARRIVE)->own_ms, DEADLINE_NOT_OWN);
	assert_int_equal(clock_of(&world, quick, DEADLINE_DISPOSE)->held, 1);
	assert_int_equal(world_act(&world, quick, ACT_SPLIT), OUTCOME_OK);
	assert_true(clock_of(&world, slow, DEADLINE_DISPOSE)->due_ms == start_ms + 24 * HOUR_MS);
	assert_int_equal(clock_of(&world, slow, DEADLINE_DISPOSE)->own_ms, 0);
	assert_int_equal(clock_of(&world, slow, DEADLINE_ARRIVE)->state, DEADLINE_IDLE);
	assert_true(clock_of(&world, quick, DEADLINE_DISPOSE)->due_ms == start_ms + 2 * HOUR_MS);
	assert_int_equal(clock_of(&world, quick, DEADLINE_DISPOSE)->state, DEADLINE_RUNNING);
	world_close(&world);
}

static void late_stays_late_and_climbs_once(void **state)
{
	struct world world;
	uint32_t slow, quick;

	(void)state;
	begin_slow_and_quick(&world, &slow, &quick);
	world_say(&world, quick, "fire-2", ANSWER_ARRIVED);
	world_wait(&world, 2 * HOUR_MS);
	assert_int_equal(climbs(&world), 1);
	assert_int_equal(merge(&world, quick, slow), OUTCOME_OK);
	assert_int_equal(clock_of(&world, slow, DEADLINE_DISPOSE)->state, DEADLINE_LATE);
	assert_int_equal(incident_of(&world, slow)->rung, 1);
	assert_int_equal(climbs(&world), 0);
	world_wait(&world, 12 * HOUR_MS);
	assert_int_equal(climbs(&world), 0);
	assert_int_equal(world_act(&world, quick, ACT_SPLIT), OUTCOME_OK);
	assert_int_equal(clock_of(&world, quick, DEADLINE_DISPOSE)->state, DEADLINE_LATE);
	assert_int_equal(clock_of(&world, slow, DEADLINE_DISPOSE)->state, DEADLINE_RUNNING);
	world_wait(&world, 20 * HOUR_MS);
	assert_int_equal(climbs(&world), 1); /* its own */
	world_close(&world);
}

/* What ran out for both while they were one is late for both, and was told once. */
static void a_clock_missed_together_is_missed_once(void **state)
{
	struct world world;
	uint32_t slow, quick;

	(void)state;
	begin_slow_and_quick(&world, &slow, &quick);
	world_say(&world, quick, "fire-2", ANSWER_ARRIVED);
	world_say(&world, slow, "fire-1", ANSWER_ARRIVED);
	assert_int_equal(merge(&world, quick, slow), OUTCOME_OK);
	world_wait(&world, 2 * HOUR_MS);
	assert_int_equal(climbs(&world), 1);
	assert_int_equal(world_act(&world, quick, ACT_SPLIT), OUTCOME_OK);
	assert_int_equal(clock_of(&world, quick, DEADLINE_DISPOSE)->state, DEADLINE_LATE);
	assert_int_equal(incident_of(&world, quick)->rung, 1);
	world_wait(&world, 20 * HOUR_MS);
	assert_int_equal(clock_of(&world, slow, DEADLINE_DISPOSE)->state, DEADLINE_RUNNING);
	world_close(&world);
}

/* Two cases in one: the first that leaves takes only its own clock. */
static void of_two_merged_each_keeps_its_clock(void **state)
{
	struct world world;

	(void)state;
	merge_begin(&world);
	world_device(&world, "cam-3", "camera", "", 10000, false);
	int64_t start_ms = world.now_ms;
	uint32_t slow = world_raise(&world, "cam-1", SMOKE),
		 a = world_raise(&world, "cam-far", "alarm.fire.flame");

	world_wait(&world, 10 * MINUTE_MS);
	uint32_t b = world_raise(&world, "cam-3", "alarm.fire.flame");

	assert_int_equal(merge(&world, b, slow), OUTCOME_OK);
	assert_int_equal(merge(&world, a, slow), OUTCOME_OK);
	assert_true(clock_of(&world, slow, DEADLINE_DISPOSE)->due_ms == start_ms + 2 * HOUR_MS);
	assert_int_equal(world_act(&world, a, ACT_SPLIT), OUTCOME_OK);
	assert_true(
		clock_of(&world, slow, DEADLINE_DISPOSE)->due_ms == start_ms + 2 * HOUR_MS + 10 * MINUTE_MS);
	assert_int_equal(world_act(&world, b, ACT_SPLIT), OUTCOME_OK);
	assert_true(clock_of(&world, slow, DEADLINE_DISPOSE)->due_ms == start_ms + 24 * HOUR_MS);
	world_close(&world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(alarms_of_the_merged_place_join),
		cmocka_unit_test(a_sensor_becomes_a_case_of_its_own),
		cmocka_unit_test(nobody_evades_a_clock_by_merging),
		cmocka_unit_test(late_stays_late_and_climbs_once),
		cmocka_unit_test(a_clock_missed_together_is_missed_once),
		cmocka_unit_test(of_two_merged_each_keeps_its_clock),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
