/* test_core_incident_clock: the clocks of a case: late once, up the rungs, past whoever is not there, over closing and reopening. */
#include "smoke_world.h"

static void a_missed_deadline_is_late_once_and_climbs(void **state)
{
	struct world world;

	(void)state;
	uint32_t number = begin(&world);

	world_say(&world, number, "fire-1", ANSWER_ACCEPT);
	world_see(&world); /* or the desk's own call would climb long before */
	world_wait(&world, 24 * HOUR_MS);
	assert_int_equal(clock_of(&world, number, DEADLINE_DISPOSE)->state, DEADLINE_LATE);
	assert_int_equal(world_seen_count(&world, EFFECT_INCIDENT_CLIMB), 1);
	assert_int_equal(incident_of(&world, number)->rung, 1);
	const struct effect_notice *told = &world_seen(&world, EFFECT_NOTICE, 0)->u.notice;

	assert_int_equal(told->person, query_find(world.core, TABLE_PERSON, t("head-1")));
	world_wait(&world, 72 * HOUR_MS);
	assert_int_equal(world_seen_count(&world, EFFECT_INCIDENT_CLIMB), 0);
	/* By hand it climbs on, and those there are told as well. */
	assert_int_equal(world_act(&world, number, ACT_ESCALATE), OUTCOME_OK);
	assert_int_equal(incident_of(&world, number)->rung, 2);
	assert_int_equal(world_seen(&world, EFFECT_NOTICE, 0)->u.notice.person,
		query_find(world.core, TABLE_PERSON, t("head-v")));
	world_close(&world);
}

static void a_rung_without_anybody_is_passed_over(void **state)
{
	struct world world;
	struct playbook_def def = smoke_plan();

	(void)state;
	begin_with(&world, &def);
	struct event alarm = alarm_event(&world, "cam-1", smoke, ALARM_RAISED);

	alarm.u.alarm.grid = t("G2"); /* has no head */
	world_put(&world, alarm);
	uint32_t number = world.seen[0].u.alarm.incident;

	world_act(&world, number, ACT_ESCALATE);
	assert_int_equal(incident_of(&world, number)->rung, 2);
	assert_int_equal(world_seen(&world, EFFECT_NOTICE, 0)->u.notice.person,
		query_find(world.core, TABLE_PERSON, t("head-v")));
	for (uint32_t times = 0; times < 5; times++)
		world_act(&world, number, ACT_ESCALATE);
	assert_int_equal(incident_of(&world, number)->rung, 5);
	assert_int_equal(world_seen(&world, EFFECT_NOTICE, 0)->u.notice.person,
		query_find(world.core, TABLE_PERSON, t("committee")));
	world_close(&world);
}

/* Whoever is no longer in the town cannot take the case on: it goes to the rung above. */
static void a_rung_whose_head_has_left_is_passed_over(void **state)
{
	struct world world;

	(void)state;
	uint32_t number = begin(&world);

	world_leave(&world, "head-1");
	world_act(&world, number, ACT_ESCALATE);
	assert_int_equal(incident_of(&world, number)->rung, 2);
	assert_int_equal(world_seen(&world, EFFECT_NOTICE, 0)->u.notice.person,
		query_find(world.core, TABLE_PERSON, t("head-v")));
	world_close(&world);
}

static void done_ends_the_arrival_clock(void **state)
{
	struct world world;
	struct playbook_def def = smoke_plan();

	(void)state;
	def.arrive_ms = 600 * SECOND_MS;
	begin_with(&world, &def);
	uint32_t number = world_raise(&world, "cam-1", smoke);

	assert_int_equal(world_act(&world, number, ACT_DONE), OUTCOME_OK);
	world_wait(&world, HOUR_MS);
	assert_int_equal(clock_of(&world, number, DEADLINE_ARRIVE)->state, DEADLINE_STOPPED);
	assert_int_equal(world_seen_count(&world, EFFECT_INCIDENT_CLIMB), 0);
	world_close(&world);
}

static void the_disposal_clock_survives_closing_and_reopening(void **state)
{
	struct world world;

	(void)state;
	uint32_t number = begin(&world);
	int64_t due_ms = clock_of(&world, number, DEADLINE_DISPOSE)->due_ms;

	assert_int_equal(world_close_case(&world, number, DISPOSITION_FALSE), OUTCOME_OK);
	world_wait(&world, HOUR_MS);
	assert_int_equal(world_act(&world, number, ACT_REOPEN), OUTCOME_OK);
	assert_int_equal(clock_of(&world, number, DEADLINE_DISPOSE)->state, DEADLINE_RUNNING);
	assert_int_equal(clock_of(&world, number, DEADLINE_DISPOSE)->due_ms, due_ms);
	world_wait(&world, 23 * HOUR_MS);
	assert_int_equal(clock_of(&world, number, DEADLINE_DISPOSE)->state, DEADLINE_LATE);
	/* Done late, reopened: it stays late and does not climb a second time. */
	world_act(&world, number, ACT_DONE);
	assert_int_equal(clock_of(&world, number, DEADLINE_DISPOSE)->state, DEADLINE_LATE);
	world_act(&world, number, ACT_REOPEN);
	world_wait(&world, HOUR_MS);
	assert_int_equal(clock_of(&world, number, DEADLINE_DISPOSE)->state, DEADLINE_LATE);
	assert_int_equal(incident_of(&world, number)->rung, 1);
	world_close(&world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_missed_deadline_is_late_once_and_climbs),
		cmocka_unit_test(a_rung_without_anybody_is_passed_over),
		cmocka_unit_test(a_rung_whose_head_has_left_is_passed_over),
		cmocka_unit_test(done_ends_the_arrival_clock),
		cmocka_unit_test(the_disposal_clock_survives_closing_and_reopening),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
