/* test_core_alarm: what becomes of an alarm: known, joined, silenced, cleared, opened, refused. */
#include "core_world.h"

static const char *const near_water = "alarm.water.person_near";

/* A plan with one crew of two kinds, and three rescue crews at 1, 2 and 3 km. */
static void begin(struct world *world)
{
	struct playbook_def def = plan_for("water", near_water, "drowning_risk");

	world_begin(world);
	world_unit(world, "rescue-1", "water_rescue", 1000, 0);
	world_unit(world, "rescue-2", "water_rescue", 2000, 0);
	world_unit(world, "rescue-3", "water_rescue", 3000, 100);
	def.confidence_ppm = 600000;
	def.upgrade_sensors = 2;
	def.upgrade_ms = 120 * SECOND_MS;
	def.upgrade_to = 2;
	plan_send(&def, "water_rescue", 1);
	plan_send(&def, "water_rescue", 1)->level = 2;
	world_playbook(world, &def);
}

static void an_alarm_opens_a_case_and_the_nearest_crew_goes(void **state)
{
	struct world world;

	(void)state;
	begin(&world);
	uint32_t number = world_raise(&world, "cam-1", near_water);
	const struct incident *incident = incident_of(&world, number);
	const struct order *order = world_order(&world, number, TARGET_UNIT, "rescue-1");

	assert_int_equal(number, 2026000001);
	assert_int_equal(incident->state, INCIDENT_DISPATCHED);
	assert_int_equal(incident->alarms, 1);
	assert_non_null(order);
	assert_int_equal(order->range_mm, 1000000);
	assert_int_equal(order->travel_ms, 100 * SECOND_MS);
	assert_int_equal(order->respond_by_ms, world.now_ms + 60 * SECOND_MS);
	assert_int_equal(world_seen_count(&world, EFFECT_ORDER), 1);
	assert_int_equal(unit_of(&world, "rescue-1")->state, UNIT_ORDERED);
	/* Who was passed over, and why. */
	const struct effect_choice *choice = &world_seen(&world, EFFECT_CHOICE, 0)->u.choice;

	assert_int_equal(choice->passed_count, 2);
	assert_int_equal(choice->passed[0].why, WHY_SLOWER);
	assert_int_equal(choice->passed[0].travel_ms, 200 * SECOND_MS);
	world_close(&world);
}

static void a_repeat_is_a_duplicate_whatever_it_says(void **state)
{
	struct world world;

	(void)state;
	begin(&world);
	struct event alarm = alarm_event(&world, "cam-1", near_water, ALARM_RAISED);

	assert_int_equal(world_put(&world, alarm), ALARM_ACCEPTED);
	uint32_t incident = world.seen[0].u.alarm.incident;
	uint64_t number = world.seen[0].u.alarm.number, rows = world.seq;

	alarm.u.alarm.type = t("alarm.fire.flame"); /* same source and id, other content */
	assert_int_equal(world_put(&world, alarm), ALARM_DUPLICATE);
	assert_int_equal(world.seen[0].u.alarm.incident, incident);
	assert_int_equal(world.seen[0].u.alarm.number, number);
	assert_int_equal(world.seq, rows);
	assert_int_equal(incident_of(&world, incident)->alarms, 1);
	/* Should somebody store the repeat all the same, it changes no more than a count. */
	alarm.seq = world.seq + 1;
	alarm.at_ms = world.now_ms;
	assert_int_equal(core_apply(world.core, &alarm, &world.row), DISP_OK);
	assert_int_equal(query_town(world.core)->alarms, number);
	world_close(&world);
}

static void an_unknown_device_is_refused_and_may_come_again(void **state)
{
	struct world world;

	(void)state;
	begin(&world);
	struct event alarm = alarm_event(&world, "cam-new", near_water, ALARM_RAISED);

	assert_int_equal(world_put(&world, alarm), ALARM_REJECTED);
	assert_int_equal(world.seen[0].u.alarm.reject, REJECT_UNKNOWN_SOURCE);
	alarm.seq = ++world.seq;
	alarm.at_ms = world.now_ms;
	assert_int_equal(core_apply(world.core, &alarm, &world.row), DISP_OK);
	world_device(&world, "cam-new", "camera", "", 0, false);
	assert_int_equal(world_put(&world, alarm), ALARM_ACCEPTED);
	world_close(&world);
}

static void an_occurrence_joins_its_episode(void **state)
{
	struct world world;

	(void)state;
	begin(&world);
	uint32_t number = world_raise(&world, "cam-1", near_water);

	world_wait(&world, HOUR_MS);
	assert_int_equal(world_raise(&world, "cam-1", near_water), number);
	assert_true(world.seen[0].u.alarm.occurrence);
	assert_false(world.seen[0].u.alarm.new_sensor);
	assert_int_equal(incident_of(&world, number)->alarms, 2);
	/* With too little confidence for a plan it is still the same episode, not a case of its own. */
	struct event faint = alarm_event(&world, "cam-1", near_water, ALARM_RAISED);

	faint.u.alarm.confidence_ppm = 100000;
	assert_int_equal(world_put(&world, faint), ALARM_ACCEPTED);
	assert_int_equal(world.seen[0].u.alarm.incident, number);
	world_close(&world);
}

static void a_hotline_speaks_for_many(void **state)
{
	struct world world;

	(void)state;
	begin(&world);
	world_device(&world, "line-1", "hotline", "", 0, false);
	uint32_t first = world_raise(&world, "line-1", near_water);

	assert_int_equal(
		world_raise(&world, "line-1", near_water), first); /* another caller, the same trouble */
	world_wait(&world, HOUR_MS);
	assert_int_not_equal(world_raise(&world, "line-1", near_water), first);
	world_close(&world);
}

static void alarms_join_near_in_space_and_time(void **state)
{
	struct world world;

	(void)state;
	begin(&world);
	uint32_t number = world_raise(&world, "cam-1", near_water);

	assert_int_not_equal(world_raise(&world, "cam-far", near_water), number);
	world_wait(&world, 301 * SECOND_MS);
	assert_int_not_equal(world_raise(&world, "cam-2", near_water), number);
	world_close(&world);
}

static void two_sensors_make_it_level_two(void **state)
{
	struct world world;

	(void)state;
	begin(&world);
	uint32_t number = world_raise(&world, "cam-1", near_water);

	world_wait(&world, 60 * SECOND_MS - 1);
	world_say(&world, number, "rescue-1", ANSWER_ACCEPT);
	assert_int_equal(
		world_raise(&world, "cam-1", near_water), number); /* the same one says nothing new */
	assert_int_equal(incident_of(&world, number)->level, 1);
	assert_int_equal(world_raise(&world, "cam-2", near_water), number);
	assert_true(world.seen[0].u.alarm.new_sensor);
	assert_int_equal(incident_of(&world, number)->level, 2);
	assert_int_equal(incident_of(&world, number)->device_count, 2);
	assert_true(world_sent(&world, number, "rescue-2"));
	world_close(&world);
}

static void a_second_type_of_one_device_is_no_second_sensor(void **state)
{
	struct world world;
	struct playbook_def def = plan_for("also-water", "alarm.water.level", "drowning_risk");

	(void)state;
	begin(&world);
	def.upgrade_sensors = 2;
	def.upgrade_ms = 120 * SECOND_MS;
	def.upgrade_to = 2;
	world_playbook(&world, &def);
	uint32_t number = world_raise(&world, "cam-1", near_water);

	assert_int_equal(world_raise(&world, "cam-1", "alarm.water.level"), number);
	assert_int_equal(incident_of(&world, number)->level, 1);
	world_close(&world);
}

static void no_plan_puts_it_before_the_officer(void **state)
{
	struct world world;

	(void)state;
	begin(&world);
	uint32_t number = world_raise(&world, "cam-1", "alarm.crop.pest");

	assert_int_equal(incident_of(&world, number)->state, INCIDENT_REPORTED);
	assert_int_equal(incident_of(&world, number)->held, WHY_HELD);
	assert_int_equal(world_seen_count(&world, EFFECT_ORDER), 0);
	assert_int_equal(incident_of(&world, number)->deadline[DEADLINE_RECEIVE].state, DEADLINE_RUNNING);
	assert_int_equal(world_raise(&world, "cam-2", "alarm.crop.pest"), number); /* 50 m off, at once */
	assert_int_equal(world_act(&world, number, ACT_CONFIRM), OUTCOME_OK);
	assert_int_equal(incident_of(&world, number)->state, INCIDENT_ACCEPTED);
	assert_int_equal(incident_of(&world, number)->deadline[DEADLINE_RECEIVE].state, DEADLINE_MET);
	world_close(&world);
}

static void a_disabled_device_is_counted_and_not_acted_on(void **state)
{
	struct world world;

	(void)state;
	begin(&world);
	struct event set = {.kind = EVENT_DEVICE_SET,
		.by = t("officer"),
		.u.device_set = {.device = t("cam-1"), .enabled = false}};

	assert_int_equal(world_put(&world, set), OUTCOME_OK);
	assert_int_equal(
		world_put(&world, alarm_event(&world, "cam-1", near_water, ALARM_RAISED)), ALARM_SUPPRESSED);
	assert_int_equal(query_town(world.core)->open_count, 0);
	assert_int_equal(query_town(world.core)->count_result[ALARM_SUPPRESSED], 1);
	set.u.device_set.enabled = true;
	assert_int_equal(world_put(&world, set), OUTCOME_OK);
	assert_int_not_equal(world_raise(&world, "cam-1", near_water), 0);
	world_close(&world);
}

static void a_silence_suppresses_and_counts(void **state)
{
	struct world world;

	(void)state;
	begin(&world);
	struct event silence = {.kind = EVENT_SILENCE,
		.by = t("officer"),
		.u.silence = {.source = t("cam-1"), .until_ms = world.now_ms + 600 * SECOND_MS}};

	assert_int_equal(world_put(&world, silence), OUTCOME_INVALID); /* no reason */
	silence.u.silence.reason = t("swimming lesson");
	assert_int_equal(world_put(&world, silence), OUTCOME_OK);
	struct event alarm = alarm_event(&world, "cam-1", near_water, ALARM_RAISED);

	assert_int_equal(world_put(&world, alarm), ALARM_SUPPRESSED);
	assert_int_equal(world_put(&world, alarm), ALARM_DUPLICATE);
	const struct silence *kept =
		query_at(world.core, TABLE_SILENCE, query_slot(world.core, TABLE_SILENCE, 1));

	assert_int_equal(kept->count, 1);
	assert_int_equal(query_town(world.core)->open_count, 0);
	world_raise(&world, "cam-2", near_water); /* others are heard */
	assert_int_equal(query_town(world.core)->open_count, 1);
	world_wait(&world, 601 * SECOND_MS); /* ends by itself */
	assert_int_equal(query_slot(world.core, TABLE_SILENCE, 1), 0);
	assert_int_equal(
		world_put(&world, alarm_event(&world, "cam-1", near_water, ALARM_RAISED)), ALARM_ACCEPTED);
	world_close(&world);
}

static void a_full_ring_of_identities_is_overloaded(void **state)
{
	struct core_limits limits = world_limits();
	struct world world;

	(void)state;
	limits.max[TABLE_IDENTITY] = 3;
	world_open(&world, &limits);
	world_settle(&world);
	for (uint32_t index = 0; index < 3; index++)
		world_alarm(&world, "cam-1", near_water, ALARM_ALIVE);
	struct event alarm = alarm_event(&world, "cam-1", near_water, ALARM_RAISED);

	assert_int_equal(world_put(&world, alarm), ALARM_REJECTED);
	assert_int_equal(world.seen[0].u.alarm.reject, REJECT_OVERLOADED);
	world_wait(&world, 24 * HOUR_MS);
	assert_int_equal(world_put(&world, alarm), ALARM_ACCEPTED);
	world_close(&world);
}

static void a_full_table_of_cases_is_overloaded_until_old_ones_are_forgotten(void **state)
{
	struct core_limits limits = world_limits();
	struct world world;
	uint32_t first = 0;

	(void)state;
	limits.max[TABLE_INCIDENT] = 8;
	world_open(&world, &limits);
	world_settle(&world);
	for (uint32_t index = 0; index < 8; index++) {
		struct event alarm = alarm_event(&world, "cam-1", near_water, ALARM_RAISED);

		alarm.u.alarm.has_place = true;
		alarm.u.alarm.place = place_at(1000 * index, 0);
		assert_int_equal(world_put(&world, alarm), ALARM_ACCEPTED);
		first = index == 0 ? world.seen[0].u.alarm.incident : first;
	}
	struct event alarm = alarm_event(&world, "cam-far", "alarm.fire.smoke", ALARM_RAISED);

	assert_int_equal(world_put(&world, alarm), ALARM_REJECTED);
	assert_int_equal(world.seen[0].u.alarm.reject, REJECT_OVERLOADED);
	assert_int_equal(world_put(&world, (struct event){.kind = EVENT_OPEN,
						   .by = t("officer"),
						   .u.open = {.type = t("fire")}}),
		OUTCOME_FULL);
	assert_int_equal(world_act(&world, first + 1, ACT_REJECT), OUTCOME_OK);
	assert_int_equal(world_act(&world, first, ACT_REJECT), OUTCOME_OK);
	assert_int_equal(world_put(&world, alarm), ALARM_ACCEPTED);
	assert_null(incident_of(&world, first + 1)); /* the one that ended first */
	world_close(&world);
}

static void numbers_begin_anew_with_the_local_year(void **state)
{
	struct world world;

	(void)state;
	begin(&world);
	world.now_ms = INT64_C(1798732799999); /* 2026-12-31 23:59:59.999 at +08:00 */
	assert_int_equal(world_raise(&world, "cam-1", near_water), 2026000001);
	world_wait(&world, 1);
	assert_int_equal(world_raise(&world, "cam-far", near_water), 2027000001);
	world_close(&world);
}

static void a_device_falls_silent_and_speaks_again(void **state)
{
	struct world world;
	struct event device = {.kind = EVENT_DEVICE,
		.u.device = {.id = t("cam-1"),
			.kind = t("camera"),
			.expect_every_ms = 60 * SECOND_MS,
			.place = place_at(0, 0)}};

	(void)state;
	begin(&world);
	world_put(&world, device);
	world_alarm(&world, "cam-1", near_water, ALARM_ALIVE);
	world_wait(&world, 179 * SECOND_MS);
	assert_int_equal(device_of(&world, "cam-1")->state, DEVICE_OK);
	world_wait(&world, SECOND_MS);
	assert_int_equal(device_of(&world, "cam-1")->state, DEVICE_SILENT);
	world_alarm(&world, "cam-1", near_water, ALARM_ALIVE);
	assert_int_equal(device_of(&world, "cam-1")->state, DEVICE_OK);
	world_close(&world);
}

static void a_weather_alarm_brings_its_warning(void **state)
{
	struct world world;
	struct playbook_def calm = plan_for("rain", "alarm.weather.rainstorm", "rain");
	struct playbook_def red = plan_for("red-rain", "alarm.weather.rainstorm", "red_rain");

	(void)state;
	begin(&world);
	red.warning = 1 << COLOUR_RED;
	world_playbook(&world, &calm);
	world_playbook(&world, &red);
	struct event alarm = alarm_event(&world, "cam-1", "alarm.weather.rainstorm", ALARM_RAISED);

	alarm.u.alarm.colour = COLOUR_RED;
	world_put(&world, alarm);
	const struct incident *incident = incident_of(&world, world.seen[0].u.alarm.incident);

	assert_true(query_text(world.core, incident->type).len ==
		    8); /* red_rain: its own colour counts already */
	assert_int_equal(query_town(world.core)->warning[0].colour, COLOUR_RED);
	world_wait(&world, 6 * HOUR_MS);
	assert_int_equal(query_town(world.core)->warning[0].colour, COLOUR_NONE);
	world_close(&world);
}

static void a_plan_of_a_response_level_needs_that_level(void **state)
{
	struct world world;
	struct playbook_def def = plan_for("water-response", near_water, "drowning_response");
	struct event set = {.kind = EVENT_RESPONSE, .by = t("committee"), .u.response = {.level = 2}};

	(void)state;
	begin(&world);
	def.modes = 1 << 1 | 1 << 2;
	world_playbook(&world, &def);
	uint32_t before = world_raise(&world, "cam-1", near_water);

	assert_int_equal(
		query_text(world.core, incident_of(&world, before)->type).len, 13); /* drowning_risk */
	assert_int_equal(world_put(&world, set), OUTCOME_OK);
	assert_int_equal(world_put(&world, set), OUTCOME_UNCHANGED);
	assert_int_equal(query_town(world.core)->response_level, 2);
	world_wait(&world, HOUR_MS);
	world_act(&world, before, ACT_CANCEL);
	uint32_t during = world_raise(&world, "cam-1", near_water);

	assert_int_equal(query_text(world.core, incident_of(&world, during)->type).len, 17);
	set.u.response.level = RESPONSE_COUNT;
	assert_int_equal(world_put(&world, set), OUTCOME_INVALID);
	set.u.response.level = RESPONSE_CLEAR;
	assert_int_equal(world_put(&world, set), OUTCOME_OK);
	assert_int_equal(query_town(world.core)->response_level, 0);
	world_close(&world);
}

static void warnings_are_set_cleared_and_expire(void **state)
{
	struct world world;
	struct event warning = {.kind = EVENT_WARNING,
		.by = t("officer"),
		.u.warning = {.colour = COLOUR_ORANGE, .hazard = t("flood")}};

	(void)state;
	begin(&world);
	assert_int_equal(world_put(&world, warning), OUTCOME_INVALID); /* no end */
	warning.u.warning.until_ms = world.now_ms + HOUR_MS;
	assert_int_equal(world_put(&world, warning), OUTCOME_OK);
	assert_int_equal(query_town(world.core)->warning[0].colour, COLOUR_ORANGE);
	world_wait(&world, HOUR_MS);
	assert_int_equal(query_town(world.core)->warning[0].colour, COLOUR_NONE);
	warning.u.warning.until_ms = world.now_ms + HOUR_MS;
	assert_int_equal(world_put(&world, warning), OUTCOME_OK);
	warning.u.warning.colour = COLOUR_NONE;
	assert_int_equal(world_put(&world, warning), OUTCOME_OK);
	assert_int_equal(world_put(&world, warning), OUTCOME_NOT_FOUND);
	world_close(&world);
}

static void a_full_text_pool_still_hears_alarms(void **state)
{
	struct core_limits limits = world_limits();
	struct world world;
	char id[16];

	(void)state;
	limits.texts = 4200; /* the reserve is 4,096 */
	world_open(&world, &limits);
	world_settle(&world);
	for (uint32_t index = 0; index < 200; index++) {
		(void)snprintf(id, sizeof id, "person-%u", index);
		world_person(&world, id, WHO_GRID_MEMBER, "");
	}
	assert_int_equal(world.seen[0].u.result.outcome, OUTCOME_FULL);
	assert_int_equal(
		world_put(&world, alarm_event(&world, "cam-1", near_water, ALARM_RAISED)), ALARM_ACCEPTED);
	world_close(&world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_alarm_opens_a_case_and_the_nearest_crew_goes),
		cmocka_unit_test(a_repeat_is_a_duplicate_whatever_it_says),
		cmocka_unit_test(an_unknown_device_is_refused_and_may_come_again),
		cmocka_unit_test(an_occurrence_joins_its_episode),
		cmocka_unit_test(a_hotline_speaks_for_many),
		cmocka_unit_test(alarms_join_near_in_space_and_time),
		cmocka_unit_test(two_sensors_make_it_level_two),
		cmocka_unit_test(a_second_type_of_one_device_is_no_second_sensor),
		cmocka_unit_test(no_plan_puts_it_before_the_officer),
		cmocka_unit_test(a_disabled_device_is_counted_and_not_acted_on),
		cmocka_unit_test(a_silence_suppresses_and_counts),
		cmocka_unit_test(a_full_ring_of_identities_is_overloaded),
		cmocka_unit_test(a_full_table_of_cases_is_overloaded_until_old_ones_are_forgotten),
		cmocka_unit_test(numbers_begin_anew_with_the_local_year),
		cmocka_unit_test(a_device_falls_silent_and_speaks_again),
		cmocka_unit_test(a_weather_alarm_brings_its_warning),
		cmocka_unit_test(a_plan_of_a_response_level_needs_that_level),
		cmocka_unit_test(warnings_are_set_cleared_and_expire),
		cmocka_unit_test(a_full_text_pool_still_hears_alarms),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
