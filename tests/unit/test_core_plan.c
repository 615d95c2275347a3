/* test_core_plan: what a plan does by itself: actions and their effect, requirements, notices. Not materials. */
#include "core_world.h"

static const char *const near_water = "alarm.water.person_near";

/* The loudspeaker first; a crew and rings when nobody listens. */
static struct playbook_def talk_plan(void)
{
	struct playbook_def def = plan_for("talk", near_water, "drowning_risk");

	plan_action(&def, "loudspeaker", "say")->say = t("请立即离开");
	struct step_def *crew = plan_send(&def, "water_rescue", 1);

	crew->when = STEP_NO_EFFECT;
	struct step_def *rings = plan_supply(&def, "life_ring", 4);

	rings->when = STEP_NO_EFFECT;
	return def;
}

static void begin(struct world *world, bool speaker_live)
{
	struct playbook_def def = talk_plan();

	world_begin(world);
	world_device(world, "speaker", "loudspeaker", "say", 100, speaker_live);
	world_unit(world, "rescue-1", "water_rescue", 1000, 0);
	world_unit(world, "truck-1", "transport", 900, 0);
	world_depot(world, "depot-1", 500, "life_ring", 10);
	world_playbook(world, &def);
}

static void an_action_that_works_in_time_sends_nobody(void **state)
{
	struct world world;

	(void)state;
	begin(&world, true);
	uint32_t number = world_raise(&world, "cam-1", near_water);
	const struct order *order = world_order(&world, number, TARGET_DEVICE, "speaker");

	assert_non_null(order);
	assert_int_equal(world_seen_count(&world, EFFECT_ORDER), 1);
	world_wait(&world, 29 * SECOND_MS);
	assert_int_equal(world_alarm(&world, "cam-1", near_water, ALARM_CLEARED), number);
	const struct incident *incident = incident_of(&world, number);

	assert_int_equal(incident->state, INCIDENT_DONE_REPORTED);
	assert_int_equal(incident->mark[0].state, STEP_EFFECTIVE);
	assert_int_equal(order->state, ORDER_DONE);
	assert_int_equal(incident->deadline[DEADLINE_VERIFY].state, DEADLINE_RUNNING);
	world_wait(&world, HOUR_MS);
	assert_null(world_order(&world, number, TARGET_UNIT, "rescue-1"));
	/* It is back: the clock goes on, and the loudspeaker speaks again; then the crew and the rings. */
	assert_int_equal(world_raise(&world, "cam-1", near_water), number);
	assert_int_equal(incident->deadline[DEADLINE_DISPOSE].state, DEADLINE_RUNNING);
	assert_int_equal(incident->mark[0].state, STEP_ACTIVE);
	world_wait(&world, 30 * SECOND_MS);
	assert_true(world_sent(&world, number, "rescue-1"));
	assert_int_equal(stock_of(&world, "depot-1", "life_ring")->reserved, 4);
	world_close(&world);
}

static void an_action_without_effect_sends_the_crew_on_time(void **state)
{
	struct world world;

	(void)state;
	begin(&world, true);
	uint32_t number = world_raise(&world, "cam-1", near_water);

	world_wait(&world, 30 * SECOND_MS - 1);
	assert_false(world_sent(&world, number, "rescue-1"));
	world_wait(&world, 1);
	assert_true(world_sent(&world, number, "rescue-1"));
	assert_int_equal(incident_of(&world, number)->mark[0].state, STEP_FAILED);
	assert_int_equal(incident_of(&world, number)->mark[0].why, WHY_NO_EFFECT);
	/* Cleared now: the crew is on its way and stays so. */
	world_alarm(&world, "cam-1", near_water, ALARM_CLEARED);
	assert_true(world_sent(&world, number, "rescue-1"));
	world_close(&world);
}

static void two_sensors_must_both_be_quiet(void **state)
{
	struct world world;

	(void)state;
	begin(&world, true);
	uint32_t number = world_raise(&world, "cam-1", near_water);

	world_raise(&world, "cam-2", near_water);
	world_alarm(&world, "cam-1", near_water, ALARM_CLEARED);
	assert_int_equal(incident_of(&world, number)->state, INCIDENT_ACCEPTED);
	world_alarm(&world, "cam-2", near_water, ALARM_CLEARED);
	assert_int_equal(incident_of(&world, number)->state, INCIDENT_DONE_REPORTED);
	world_close(&world);
}

static void a_device_without_link_falls_back_at_once(void **state)
{
	struct world world;

	(void)state;
	begin(&world, false);
	uint32_t number = world_raise(&world, "cam-1", near_water);

	assert_int_equal(incident_of(&world, number)->mark[0].why, WHY_NO_LINK);
	assert_true(world_sent(&world, number, "rescue-1"));
	assert_null(world_order(&world, number, TARGET_DEVICE, "speaker"));
	world_close(&world);
}

static void a_device_that_cannot_falls_back_at_once(void **state)
{
	struct world world;

	(void)state;
	begin(&world, true);
	uint32_t number = world_raise(&world, "cam-1", near_water);

	assert_int_equal(world_answer(&world, world_order(&world, number, TARGET_DEVICE, "speaker")->r.number,
				 "speaker", ANSWER_FAILED),
		OUTCOME_OK);
	assert_true(world_sent(&world, number, "rescue-1"));
	world_close(&world);
}

static void a_pump_that_runs_needs_no_crew(void **state)
{
	struct world world;
	struct playbook_def def = plan_for("pump", "alarm.water.level", "flood");

	(void)state;
	begin(&world, true);
	world_device(&world, "gauge", "gauge", "start", 4000, true);
	plan_action(&def, "self", "start")->within_mm = 0;
	struct step_def *crew = plan_send(&def, "water_rescue", 1);

	crew->when = STEP_NO_EFFECT;
	world_playbook(&world, &def);
	uint32_t number = world_raise(&world, "gauge", "alarm.water.level");

	assert_non_null(world_order(&world, number, TARGET_DEVICE, "gauge"));
	world_alarm(&world, "gauge", "alarm.water.level", ALARM_CLEARED);
	assert_int_equal(incident_of(&world, number)->state, INCIDENT_DONE_REPORTED);
	world_wait(&world, HOUR_MS);
	assert_int_equal(unit_of(&world, "rescue-1")->sent, 0);
	world_close(&world);
}

/* --- requirements --------------------------------------------------------------------------------- */

/* One plan for smoke: `count` of these skills, or of those. */
static uint32_t smoke(
	struct world *world, uint32_t count, const char *skills, const char *substitute, int64_t within_ms)
{
	struct playbook_def def = plan_for("smoke", "alarm.fire.smoke", "fire");
	struct step_def *step = plan_send(&def, skills, count);

	step->substitute = t(substitute);
	step->arrive_within_ms = within_ms;
	world_playbook(world, &def);
	return world_raise(world, "cam-1", "alarm.fire.smoke");
}

static const struct need *first_need(const struct world *world, uint32_t number)
{
	return query_at(world->core, TABLE_NEED, incident_of(world, number)->first_need);
}

static void a_shortfall_is_named_and_filled_when_a_crew_comes_free(void **state)
{
	struct world world;

	(void)state;
	world_begin(&world);
	world_unit(&world, "fire-1", "fire", 1000, 0);
	world_unit(&world, "fire-2", "fire", 2000, 0);
	world_status(&world, "fire-2", UNIT_OUT_OF_SERVICE);
	uint32_t number = smoke(&world, 2, "fire", "", 0);

	assert_int_equal(first_need(&world, number)->missing, 1);
	assert_int_equal(first_need(&world, number)->why, WHY_OUT_OF_SERVICE);
	assert_int_equal(incident_of(&world, number)->short_of, 1);
	assert_int_equal(query_town(world.core)->short_count, 1);
	uint64_t rows = world.seq;

	world_wait(&world, 30 * SECOND_MS);
	assert_int_equal(world.seq, rows);
	world_wait(&world,
		30 * SECOND_MS); /* the retry, in vain, is one short row (and the crew that did not answer) */
	assert_int_equal(world_status(&world, "fire-2", UNIT_AVAILABLE), OUTCOME_OK);
	assert_true(world_sent(&world, number, "fire-2"));
	world_close(&world);
}

static void a_crew_that_ends_elsewhere_is_offered_at_once(void **state)
{
	struct world world;

	(void)state;
	world_begin(&world);
	world_unit(&world, "fire-1", "fire", 1000, 0);
	uint32_t first = smoke(&world, 1, "fire", "", 0);
	uint32_t second = world_raise(&world, "cam-far", "alarm.fire.smoke");

	assert_int_equal(first_need(&world, second)->why, WHY_BUSY);
	assert_int_equal(world_say(&world, first, "fire-1", ANSWER_DONE), OUTCOME_OK);
	assert_true(world_sent(&world, second, "fire-1"));
	assert_int_equal(query_town(world.core)->short_count, 0);
	world_close(&world);
}

static void a_shift_that_begins_fills_a_shortfall_by_the_retry(void **state)
{
	struct world world;
	struct event unit = {.kind = EVENT_UNIT,
		.u.unit = {.id = t("fire-1"),
			.skills = t("fire"),
			.speed_mm_s = 10000,
			.shift_from_min = 481,
			.shift_to_min = 600}};

	(void)state;
	world_begin(&world); /* 08:00; the shift begins at 08:01 */
	world_put(&world, unit);
	uint32_t number = smoke(&world, 1, "fire", "", 0);

	assert_int_equal(first_need(&world, number)->why, WHY_OFF_SHIFT);
	world_wait(&world, MINUTE_MS);
	assert_true(world_sent(&world, number, "fire-1"));
	world_close(&world);
}

static void what_cannot_be_filled_does_not_stand_in_the_way(void **state)
{
	struct world world;
	struct playbook_def def = plan_for("great", "alarm.fire.flame", "great_fire");

	(void)state;
	world_begin(&world);
	world_unit(&world, "medic-1", "medic", 1000, 0);
	plan_send(&def, "dragon", 64);
	plan_send(&def, "unicorn", 64);
	plan_send(&def, "medic", 1);
	world_playbook(&world, &def);
	uint32_t number = world_raise(&world, "cam-1", "alarm.fire.flame"); /* ends: no endless planning */

	assert_true(world_sent(&world, number, "medic-1"));
	assert_int_equal(first_need(&world, number)->why, WHY_LACKS_SKILL);
	world_wait(&world, 10 * MINUTE_MS);
	world_close(&world);
}

static void a_substitute_goes_when_nobody_holds_the_skills(void **state)
{
	struct world world;

	(void)state;
	world_begin(&world);
	world_unit(&world, "grid-1", "grid_worker", 1000, 0);
	uint32_t number = smoke(&world, 1, "fire", "grid_worker", 0);

	assert_true(world_order(&world, number, TARGET_UNIT, "grid-1")->substitute);
	world_close(&world);
}

static void a_late_crew_goes_and_is_said_to_be_late(void **state)
{
	struct world world;

	(void)state;
	world_begin(&world);
	world_unit(&world, "fire-1", "fire", 1000, 0);
	uint32_t number = smoke(&world, 1, "fire", "", 99 * SECOND_MS);

	assert_true(world_order(&world, number, TARGET_UNIT, "fire-1")->late);
	assert_int_equal(world_order(&world, number, TARGET_UNIT, "fire-1")->arrive_by_ms,
		world.now_ms + 99 * SECOND_MS);
	world_close(&world);
}

static void an_old_position_costs_is_flagged_and_then_dropped(void **state)
{
	struct world world;
	struct event position = {
		.kind = EVENT_POSITION, .u.position = {.unit = t("fire-1"), .place = place_at(1000, 0)}};

	(void)state;
	world_begin(&world);
	world_unit(&world, "fire-1", "fire", 9000, 0);
	world_put(&world, position);
	world_wait(&world, 1801 * SECOND_MS);
	uint32_t number = smoke(&world, 1, "fire", "", 0);
	const struct order *order = world_order(&world, number, TARGET_UNIT, "fire-1");

	assert_true(order->stale);
	assert_int_equal(order->position_age_ms, 1801 * SECOND_MS);
	assert_int_equal(order->travel_ms,
		100 * SECOND_MS + (1801 - 120) * 100); /* a tenth of the age above two minutes */
	world_say(&world, number, "fire-1", ANSWER_DECLINE);
	world_wait(&world, 12 * HOUR_MS);
	uint32_t later = world_raise(&world, "cam-far", "alarm.fire.smoke");

	assert_false(world_sent(&world, later, "fire-1"));
	assert_int_equal(first_need(&world, later)->why, WHY_STALE_POSITION);
	world_close(&world);
}

static void nobody_is_sent_where_there_is_no_way(void **state)
{
	struct world world;

	(void)state;
	world_begin(&world);
	world_unit(&world, "boat-1", "fire", 0, -200000);
	uint32_t number = smoke(&world, 1, "fire", "", 0);

	assert_false(world_sent(&world, number, "boat-1"));
	assert_int_equal(first_need(&world, number)->why, WHY_UNREACHABLE);
	world_close(&world);
}

/* --- who is told ------------------------------------------------------------------------------------ */

static void those_without_a_live_terminal_become_call_tasks(void **state)
{
	struct world world;
	struct playbook_def def = plan_for("tell", "alarm.fire.smoke", "fire");

	(void)state;
	world_begin(&world);
	world_unit(&world, "fire-1", "fire", 1000, 0); /* led by `leader`, live */
	world_depot(&world, "near", 500, "life_ring", 4);
	world_link(&world, TARGET_DEPOT, "near", false);
	plan_notify(&def, WHO_GRID_HEAD | WHO_DUTY_OFFICER);
	plan_notify(&def, WHO_LEADER);
	plan_supply(&def, "life_ring", 1);
	world_playbook(&world, &def);
	uint32_t number = world_raise(&world, "cam-1", "alarm.fire.smoke");

	assert_int_equal(world_seen_count(&world, EFFECT_NOTICE), 3);
	assert_int_equal(world_seen_count(&world, EFFECT_TASK), 3); /* two persons and the keeper */
	const struct effect_notice *live = &world_seen(&world, EFFECT_NOTICE, 2)->u.notice;

	assert_int_equal(live->unit, unit_of(&world, "fire-1")->r.number);
	struct event answer = {.kind = EVENT_NOTICE_ANSWER,
		.u.notice_answer = {.notice = live->number, .who = t("somebody")}};

	assert_int_equal(world_put(&world, answer), OUTCOME_NOT_PERMITTED);
	answer.u.notice_answer.who = t("fire-1");
	assert_int_equal(world_put(&world, answer), OUTCOME_OK);
	/* A call that was made answers the notice; the others are not reached in time. */
	struct event task = {
		.kind = EVENT_TASK, .by = t("officer"), .u.task = {.task = 2, .state = TASK_TAKEN}};

	assert_int_equal(world_put(&world, task), OUTCOME_OK);
	task.u.task.state = TASK_DONE;
	assert_int_equal(world_put(&world, task), OUTCOME_OK);
	assert_int_equal(world_put(&world, task), OUTCOME_WRONG_STATE);
	world_wait(&world, 300 * SECOND_MS);
	assert_int_equal(world_seen_count(&world, EFFECT_NOTICE_STATE), 1);
	assert_int_equal(world_seen(&world, EFFECT_NOTICE_STATE, 0)->u.notice_state.to, NOTICE_UNREACHED);
	world_close_case(&world, number, DISPOSITION_FALSE);
	for (uint32_t slot = 1; slot <= query_used(world.core, TABLE_TASK); slot++)
		assert_true(
			((const struct task *)query_at(world.core, TABLE_TASK, slot))->state >= TASK_DONE);
	world_close(&world);
}

static void six_hundred_are_told_in_slices(void **state)
{
	struct world world;
	struct playbook_def def = plan_for("all", "alarm.fire.smoke", "fire");
	char id[16], code[16];

	(void)state;
	world_begin(&world);
	for (uint32_t index = 0; index < 600; index++) {
		(void)snprintf(id, sizeof id, "micro-%u", index);
		(void)snprintf(code, sizeof code, "M%u", index);
		world_person(&world, id, WHO_GRID_MEMBER, "");
		world_grid(&world, code, index % 2 == 0 ? "G1" : "G2", 4, id);
	}
	plan_notify(&def, WHO_ALL_HEADS);
	world_playbook(&world, &def);
	uint32_t number = world_raise(&world, "cam-1", "alarm.fire.smoke");

	assert_int_equal(world_seen_count(&world, EFFECT_NOTICE), 601);
	assert_true(world.ticks >= 3);
	assert_int_equal(incident_of(&world, number)->mark[0].state, STEP_EFFECTIVE);
	assert_int_equal(world_close_case(&world, number, DISPOSITION_FALSE), OUTCOME_OK);
	assert_int_equal(world_seen_count(&world, EFFECT_NOTICE_STATE), 601);
	world_close(&world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_action_that_works_in_time_sends_nobody),
		cmocka_unit_test(an_action_without_effect_sends_the_crew_on_time),
		cmocka_unit_test(two_sensors_must_both_be_quiet),
		cmocka_unit_test(a_device_without_link_falls_back_at_once),
		cmocka_unit_test(a_device_that_cannot_falls_back_at_once),
		cmocka_unit_test(a_pump_that_runs_needs_no_crew),
		cmocka_unit_test(a_shortfall_is_named_and_filled_when_a_crew_comes_free),
		cmocka_unit_test(a_crew_that_ends_elsewhere_is_offered_at_once),
		cmocka_unit_test(a_shift_that_begins_fills_a_shortfall_by_the_retry),
		cmocka_unit_test(what_cannot_be_filled_does_not_stand_in_the_way),
		cmocka_unit_test(a_substitute_goes_when_nobody_holds_the_skills),
		cmocka_unit_test(a_late_crew_goes_and_is_said_to_be_late),
		cmocka_unit_test(an_old_position_costs_is_flagged_and_then_dropped),
		cmocka_unit_test(nobody_is_sent_where_there_is_no_way),
		cmocka_unit_test(those_without_a_live_terminal_become_call_tasks),
		cmocka_unit_test(six_hundred_are_told_in_slices),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
