/* test_core_merge_short: what a case lacks when it is merged is looked for on, and an undone merge keeps it. */
#include "merge_world.h"

static void stand_down(struct world *world, const char *unit)
{
	assert_int_equal(
		world_put(world, (struct event){.kind = EVENT_UNIT_SET,
					 .by = t("officer"),
					 .u.unit_set = {.unit = t(unit), .state = UNIT_OUT_OF_SERVICE}}),
		OUTCOME_OK);
}

static void stand_up(struct world *world, const char *unit)
{
	assert_int_equal(world_status(world, unit, UNIT_AVAILABLE), OUTCOME_OK);
}

static const struct need *need_of(const struct world *world, uint32_t number)
{
	return query_at(world->core, TABLE_NEED, incident_of(world, number)->first_need);
}

/* Two cases; the second has nobody, and is merged into the first. */
static void begin_short(struct world *world, uint32_t *first, uint32_t *second)
{
	merge_begin(world);
	stand_down(world, "fire-2");
	stand_down(world, "fire-3");
	*first = world_raise(world, "cam-1", SMOKE);
	*second = world_raise(world, "cam-far", FLOOD);
	assert_int_equal(need_of(world, *second)->missing, 1);
	assert_int_equal(merge(world, *second, *first), OUTCOME_OK);
}

static void what_is_missing_is_sent_when_it_comes(void **state)
{
	struct world world;
	uint32_t first, second;

	(void)state;
	begin_short(&world, &first, &second);
	assert_int_equal(query_town(world.core)->short_count, 1);
	stand_up(&world, "fire-2");
	assert_true(world_sent(&world, second, "fire-2"));
	assert_int_equal(need_of(&world, second)->missing, 0);
	assert_int_equal(query_town(world.core)->short_count, 0);
	assert_int_equal(world_say(&world, second, "fire-2", ANSWER_ARRIVED), OUTCOME_OK);
	assert_int_equal(unit_of(&world, "fire-2")->place.ecef_mm[0], 5000000); /* where it was wanted */
	assert_int_equal(state_of(&world, first), INCIDENT_WORKING);
	world_close(&world);
}

/* It needs no other event: those who kept silent are asked again by the clock. */
static void what_is_missing_is_looked_for_by_the_clock(void **state)
{
	struct world world;

	(void)state;
	merge_begin(&world);
	stand_down(&world, "fire-3");
	uint32_t first = world_raise(&world, "cam-1", SMOKE), second = world_raise(&world, "cam-far", FLOOD);

	assert_int_equal(world_say(&world, first, "fire-1", ANSWER_ARRIVED), OUTCOME_OK);
	assert_int_equal(merge(&world, second, first), OUTCOME_OK);
	world_wait(&world, 2 * MINUTE_MS); /* its order has expired */
	assert_false(world_sent(&world, second, "fire-2"));
	assert_int_equal(need_of(&world, second)->missing, 1);
	assert_true((incident_of(&world, first)->alert >> ALERT_SHORT & 1) != 0);
	for (uint32_t minute = 0; minute < 10 && world_seen_count(&world, EFFECT_ORDER) == 0; minute++)
		world_wait(&world, MINUTE_MS);
	assert_int_equal(world_seen_count(&world, EFFECT_ORDER), 1);
	assert_int_equal(world_seen(&world, EFFECT_ORDER, 0)->u.order.incident, second);
	assert_int_equal(
		incident_of(&world, first)->alert >> ALERT_SHORT & 1, 0); /* it ends with what it told */
	world_close(&world);
}

/* Those who were there say that nothing is left to do: what a merged case still wanted is not looked for any more. */
static void a_crew_that_is_wanted_does_not_keep_the_case_open(void **state)
{
	struct world world;
	uint32_t first, second;

	(void)state;
	begin_short(&world, &first, &second);
	assert_int_equal(world_say(&world, first, "fire-1", ANSWER_ARRIVED), OUTCOME_OK);
	assert_int_equal(world_say(&world, first, "fire-1", ANSWER_DONE), OUTCOME_OK);
	assert_int_equal(state_of(&world, first), INCIDENT_DONE_REPORTED);
	assert_int_equal(need_of(&world, second)->state, NEED_ENDED);
	assert_int_equal(query_town(world.core)->short_count, 0);
	stand_up(&world, "fire-2");
	assert_false(world_sent(&world, second, "fire-2"));
	world_close(&world);
}

static void a_split_keeps_what_was_found_and_what_is_missing(void **state)
{
	struct world world;
	uint32_t first, second;

	(void)state;
	begin_short(&world, &first, &second);
	assert_int_equal(world_act(&world, second, ACT_SPLIT), OUTCOME_OK);
	assert_int_equal(state_of(&world, second), INCIDENT_ACCEPTED);
	assert_int_equal(need_of(&world, second)->missing, 1);
	assert_int_equal(incident_of(&world, second)->short_of, 1);
	assert_int_equal(merge(&world, second, first), OUTCOME_OK);
	stand_up(&world, "fire-3");
	assert_true(world_sent(&world, second, "fire-3"));
	assert_int_equal(world_act(&world, second, ACT_SPLIT), OUTCOME_OK);
	assert_int_equal(state_of(&world, second), INCIDENT_DISPATCHED);
	stand_up(&world, "fire-2");
	assert_false(world_sent(&world, second, "fire-2")); /* it has all that it wanted */
	assert_true(world_sent(&world, second, "fire-3"));
	world_close(&world);
}

/* A chain is one case: what the last of it wants itself is not looked for twice. */
static void in_a_chain_everybody_is_looked_for(void **state)
{
	struct world world;
	uint32_t first, second;

	(void)state;
	begin_short(&world, &first, &second);
	world_device(&world, "cam-3", "camera", "", 10000, false);
	uint32_t third = world_raise(&world, "cam-3", SMOKE);

	assert_int_equal(merge(&world, first, third), OUTCOME_OK);
	stand_up(&world, "fire-2");
	stand_up(&world, "fire-3");
	assert_true(world_sent(&world, second, "fire-2") != world_sent(&world, third, "fire-2"));
	assert_true(world_sent(&world, second, "fire-3") != world_sent(&world, third, "fire-3"));
	world_unit(&world, "fire-4", "fire pump", 9000, 0);
	stand_down(&world, "fire-1");
	assert_false(world_sent(&world, first, "fire-4")); /* the third wants the same itself */
	assert_int_equal(need_of(&world, first)->state, NEED_COVERED);
	world_close(&world);
}

/* One fire, reported twice: nobody is sent for what the case that goes on wants itself, until the merge is undone. */
static void what_the_other_wants_itself_is_not_looked_for(void **state)
{
	struct world world;
	uint32_t first, second;

	(void)state;
	merge_begin(&world);
	stand_down(&world, "fire-2");
	stand_down(&world, "fire-3");
	first = world_raise(&world, "cam-1", SMOKE);
	second = world_raise(&world, "cam-far", SMOKE);
	assert_int_equal(need_of(&world, second)->missing, 1);
	assert_int_equal(merge(&world, second, first), OUTCOME_OK);
	assert_int_equal(need_of(&world, second)->state, NEED_COVERED);
	assert_int_equal(query_town(world.core)->short_count, 0);
	stand_up(&world, "fire-2");
	world_wait(&world, 10 * MINUTE_MS);
	assert_false(world_sent(&world, second, "fire-2"));
	assert_int_equal(world_act(&world, second, ACT_SPLIT), OUTCOME_OK);
	assert_true(world_sent(&world, second, "fire-2"));
	assert_int_equal(need_of(&world, second)->state, NEED_FILLED);
	world_close(&world);
}

/* A crew of the merged case that declines is not replaced where the other has its own; one sent by hand counts, too. */
static void a_crew_by_hand_covers_what_a_merged_case_lacks(void **state)
{
	struct world world;
	uint32_t first, second;

	(void)state;
	merge_begin(&world);
	first = world_raise(&world, "cam-1", SMOKE);
	second = world_raise(&world, "cam-far", FLOOD);
	assert_int_equal(merge(&world, second, first), OUTCOME_OK);
	assert_int_equal(world_send(&world, first, "fire-3", false), OUTCOME_OK);
	assert_int_equal(world_say(&world, second, "fire-2", ANSWER_DECLINE), OUTCOME_OK);
	assert_int_equal(need_of(&world, second)->state, NEED_COVERED);
	world_close(&world);
}

/* Others that ended after it are forgotten in its stead. */
static void a_merged_case_that_lacks_somebody_is_kept(void **state)
{
	struct core_limits limits = world_limits();
	struct playbook_def def = plan_for("smoke", SMOKE, "fire"), pump = plan_for("flood", FLOOD, "fire");
	struct world world;

	(void)state;
	limits.max[TABLE_INCIDENT] = 8;
	plan_send(&def, "fire", 1);
	plan_send(&pump, "pump", 1);
	world_open(&world, &limits);
	world_settle(&world);
	world_unit(&world, "fire-1", "fire", 1000, 0);
	world_playbook(&world, &def);
	world_playbook(&world, &pump);
	uint32_t first = world_raise(&world, "cam-1", SMOKE), second = world_raise(&world, "cam-far", FLOOD);

	assert_int_equal(merge(&world, second, first), OUTCOME_OK);
	for (int64_t index = 0; index < 20; index++) {
		struct event alarm = alarm_event(&world, "cam-2", "alarm.other", ALARM_RAISED);

		alarm.u.alarm.has_place = true;
		alarm.u.alarm.place = place_at(10000 + 1000 * index, 0);
		assert_int_equal(world_put(&world, alarm), ALARM_ACCEPTED);
		assert_int_equal(world_act(&world, world.seen[0].u.alarm.incident, ACT_REJECT), OUTCOME_OK);
	}
	world_unit(&world, "fire-2", "fire pump", 6000, 0);
	world_wait(&world, MINUTE_MS);
	assert_true(world_sent(&world, second, "fire-2"));
	world_close(&world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_missing_is_sent_when_it_comes),
		cmocka_unit_test(what_is_missing_is_looked_for_by_the_clock),
		cmocka_unit_test(a_crew_that_is_wanted_does_not_keep_the_case_open),
		cmocka_unit_test(a_split_keeps_what_was_found_and_what_is_missing),
		cmocka_unit_test(in_a_chain_everybody_is_looked_for),
		cmocka_unit_test(what_the_other_wants_itself_is_not_looked_for),
		cmocka_unit_test(a_crew_by_hand_covers_what_a_merged_case_lacks),
		cmocka_unit_test(a_merged_case_that_lacks_somebody_is_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
