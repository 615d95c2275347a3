/* test_core_town: the registry, units' own reports, stock, limits, forgetting and images. */
#include "core_world.h"

static void a_row_that_comes_again_keeps_number_and_state(void **state)
{
	struct world world;

	(void)state;
	world_begin(&world);
	world_unit(&world, "fire-1", "fire", 1000, 0);
	uint32_t number = unit_of(&world, "fire-1")->r.number;

	world_status(&world, "fire-1", UNIT_OUT_OF_SERVICE);
	world_unit(&world, "fire-1", "fire medic", 2000, 0);
	assert_int_equal(unit_of(&world, "fire-1")->r.number, number);
	assert_int_equal(unit_of(&world, "fire-1")->state, UNIT_OUT_OF_SERVICE);
	assert_int_equal(unit_of(&world, "fire-1")->home.ecef_mm[0], 2000000);
	assert_int_equal(unit_of(&world, "fire-1")->place.ecef_mm[0],
		2000000); /* never heard of: taken to be at home */
	assert_int_equal(unit_of(&world, "fire-1")->skills, query_skill_set(world.core, t("medic fire")));
	world_close(&world);
}

static void a_leader_who_leaves_is_no_longer_told_there(void **state)
{
	struct world world;
	struct event unit = {.kind = EVENT_UNIT,
		.u.unit = {
			.id = t("fire-1"), .skills = t("fire"), .leader = t("leader"), .speed_mm_s = 10000}};

	(void)state;
	world_begin(&world);
	world_put(&world, unit);
	unit.u.unit.leader = t("head-1");
	world_put(&world, unit);
	const struct person *former =
		query_at(world.core, TABLE_PERSON, query_find(world.core, TABLE_PERSON, t("leader")));
	const struct person *leader =
		query_at(world.core, TABLE_PERSON, query_find(world.core, TABLE_PERSON, t("head-1")));

	assert_int_equal(former->unit, 0);
	assert_int_equal(leader->unit, unit_of(&world, "fire-1")->r.number);
	world_close(&world);
}

static void a_full_roster_says_so(void **state)
{
	struct core_limits limits = world_limits();
	struct world world;
	struct event unit = {.kind = EVENT_UNIT, .u.unit = {.id = t("u1")}};

	(void)state;
	limits.max[TABLE_UNIT] = 1;
	world_open(&world, &limits);
	assert_int_equal(world_put(&world, unit), OUTCOME_OK);
	unit.u.unit.id = t("u2");
	assert_int_equal(world_put(&world, unit), OUTCOME_FULL);
	unit.u.unit.id = t("");
	assert_int_equal(world_put(&world, unit), OUTCOME_INVALID);
	world_close(&world);
}

static void what_is_retired_is_not_chosen_and_comes_back(void **state)
{
	struct world world;
	struct playbook_def def = plan_for("smoke", "alarm.fire.smoke", "fire");
	struct event retire = {.kind = EVENT_RETIRE, .u.retire = {.id = t("fire-1"), .what = EVENT_UNIT}};

	(void)state;
	world_begin(&world);
	world_unit(&world, "fire-1", "fire", 1000, 0);
	world_unit(&world, "fire-2", "fire", 2000, 0);
	plan_send(&def, "fire", 1);
	world_playbook(&world, &def);
	assert_int_equal(world_put(&world, retire), OUTCOME_OK);
	uint32_t number = world_raise(&world, "cam-1", "alarm.fire.smoke");

	assert_true(world_sent(&world, number, "fire-2"));
	retire.u.retire.id = t("fire-2");
	assert_int_equal(world_put(&world, retire), OUTCOME_BUSY);
	world_unit(&world, "fire-1", "fire", 1000, 0);
	uint32_t second = world_raise(&world, "cam-far", "alarm.fire.smoke");

	assert_true(world_sent(&world, second, "fire-1"));
	retire.u.retire = (struct event_retire){.id = t("cam-1"), .what = EVENT_DEVICE};
	assert_int_equal(world_put(&world, retire), OUTCOME_OK);
	assert_int_equal(world_put(&world, alarm_event(&world, "cam-1", "alarm.fire.smoke", ALARM_RAISED)),
		ALARM_REJECTED);
	retire.u.retire = (struct event_retire){.id = t("smoke"), .what = EVENT_PLAYBOOK};
	assert_int_equal(world_put(&world, retire), OUTCOME_OK);
	assert_int_equal(world_put(&world, retire), OUTCOME_NOT_FOUND); /* no version of it is in force */
	world_close(&world);
}

static void versions_of_plans_that_nobody_needs_give_their_place(void **state)
{
	struct core_limits limits = world_limits();
	struct world world;
	struct playbook_def def = plan_for("smoke", "alarm.fire.smoke", "fire");

	(void)state;
	limits.max[TABLE_PLAYBOOK] = 2;
	world_open(&world, &limits);
	world_settle(&world);
	world_playbook(&world, &def);
	assert_int_equal(world_put(&world, (struct event){.kind = EVENT_PLAYBOOK, .u.playbook = {&def}}),
		OUTCOME_UNCHANGED);
	uint32_t number = world_raise(&world, "cam-1", "alarm.fire.smoke");

	world_playbook(&world, &def); /* the first version is held by the case */
	def.hash[0]++;
	assert_int_equal(world_put(&world, (struct event){.kind = EVENT_PLAYBOOK, .u.playbook = {&def}}),
		OUTCOME_FULL);
	assert_int_equal(incident_of(&world, number)->playbook, 1);
	world_close(&world);
}

static void positions_do_not_go_back_in_time(void **state)
{
	struct world world;
	struct event position = {.kind = EVENT_POSITION,
		.u.position = {
			.unit = t("fire-1"), .place = place_at(10, 0), .time_ms = WORLD_START_MS - 1000}};

	(void)state;
	world_begin(&world);
	world_unit(&world, "fire-1", "fire", 1000, 0);
	assert_int_equal(world_put(&world, position), OUTCOME_OK);
	position.u.position.time_ms -= 1;
	position.u.position.place = place_at(20, 0);
	assert_int_equal(world_put(&world, position), OUTCOME_UNCHANGED);
	position.u.position.time_ms = WORLD_START_MS + HOUR_MS; /* ahead of us: now */
	assert_int_equal(world_put(&world, position), OUTCOME_OK);
	assert_int_equal(unit_of(&world, "fire-1")->position_ms, WORLD_START_MS);
	position.u.position.unit = t("nobody");
	assert_int_equal(world_put(&world, position), OUTCOME_NOT_FOUND);
	world_close(&world);
}

static void a_unit_says_what_it_may(void **state)
{
	struct world world;
	struct event set = {.kind = EVENT_UNIT_SET,
		.by = t("officer"),
		.u.unit_set = {.unit = t("fire-1"),
			.state = UNIT_RESERVED,
			.has_place = true,
			.place = place_at(5, 5)}};

	(void)state;
	world_begin(&world);
	world_unit(&world, "fire-1", "fire", 1000, 0);
	assert_int_equal(world_status(&world, "fire-1", UNIT_ORDERED), OUTCOME_INVALID);
	assert_int_equal(world_status(&world, "fire-1", UNIT_STATE_COUNT), OUTCOME_INVALID);
	assert_int_equal(world_status(&world, "fire-1", UNIT_AVAILABLE), OUTCOME_UNCHANGED);
	assert_int_equal(world_status(&world, "fire-1", UNIT_OFF_DUTY), OUTCOME_OK);
	assert_int_equal(world_put(&world, set), OUTCOME_OK);
	assert_int_equal(unit_of(&world, "fire-1")->state, UNIT_RESERVED);
	assert_int_equal(unit_of(&world, "fire-1")->place.ecef_mm[0], 5000);
	world_close(&world);
}

static void stock_is_received_issued_returned_and_counted(void **state)
{
	struct world world;
	static const struct {
		uint8_t act;
		int64_t quantity;
		uint32_t outcome;
		int64_t on_hand;
	} move[] = {
		{STOCK_RECEIVE, 5, OUTCOME_OK, 15},
		{STOCK_ISSUE, 16, OUTCOME_NO_STOCK, 15},
		{STOCK_ISSUE, 15, OUTCOME_OK, 0},
		{STOCK_RETURN, 3, OUTCOME_OK, 3},
		{STOCK_COUNTED, 7, OUTCOME_OK, 7},
		{STOCK_RECEIVE, -1, OUTCOME_INVALID, 7},
		{STOCK_RECEIVE, INT64_MAX, OUTCOME_INVALID, 7},
		{STOCK_ISSUE, INT64_MIN, OUTCOME_INVALID, 7},
		{STOCK_NONE, 1, OUTCOME_INVALID, 7},
		{STOCK_ACT_COUNT, 1, OUTCOME_INVALID, 7},
	};

	(void)state;
	world_begin(&world);
	world_depot(&world, "depot", 500, "sand", 10);
	for (uint32_t index = 0; index < sizeof move / sizeof move[0]; index++) {
		struct event event = {.kind = EVENT_STOCK_MOVE,
			.by = t("keeper"),
			.u.stock_move = {.depot = t("depot"),
				.item = t("sand"),
				.act = move[index].act,
				.quantity = move[index].quantity}};

		assert_int_equal(world_put(&world, event), move[index].outcome);
		assert_int_equal(stock_of(&world, "depot", "sand")->on_hand, move[index].on_hand);
	}
	world_depot(&world, "depot", 500, "sand", 10); /* the pack again: what was counted stays */
	assert_int_equal(stock_of(&world, "depot", "sand")->on_hand, 7);
	world_close(&world);
}

static void nearest_ranks_all_and_says_why_not(void **state)
{
	struct world world;
	struct place here = place_at(0, 0);
	struct nearest found[NEAREST_MAX];

	(void)state;
	world_begin(&world);
	world_unit(&world, "b", "fire", 1000, 0);
	world_unit(&world, "a", "fire", 1000, 0);
	world_unit(&world, "c", "fire", 500, 0);
	world_unit(&world, "d", "medic", 10, 0);
	world_status(&world, "c", UNIT_OFF_DUTY);
	uint64_t fire = query_skill_set(world.core, t("fire"));

	assert_int_equal(query_nearest(world.core, &here, fire, 2, world.now_ms, found), 2);
	assert_int_equal(found[0].unit, unit_of(&world, "c")->r.number);
	assert_int_equal(found[0].why, WHY_OFF_DUTY);
	assert_int_equal(
		found[1].unit, unit_of(&world, "a")->r.number); /* as quick as b, and before it by its id */
	assert_int_equal(found[1].age_ms, -1);
	assert_int_equal(query_nearest(world.core, &here, 0, NEAREST_MAX, world.now_ms, found), 4);
	world_close(&world);
}

/* More marks in one call than the list of marks holds: nothing may be lost on the way. */
static void a_case_with_thousands_of_calls_is_forgotten_whole(void **state)
{
	struct core_limits limits = world_limits();
	struct world world;
	struct playbook_def def = plan_for("all", "alarm.fire.smoke", "fire");
	char id[16];

	(void)state;
	limits.max[TABLE_PERSON] = 2200;
	limits.max[TABLE_NOTICE] = limits.max[TABLE_TASK] = 2600;
	world_open(&world, &limits);
	world_settle(&world);
	for (uint32_t index = 0; index < 2100; index++) {
		(void)snprintf(id, sizeof id, "member-%u", index);
		world_person(&world, id, WHO_GRID_MEMBER, "G1");
	}
	plan_notify(&def, WHO_GRID_MEMBER);
	world_playbook(&world, &def);
	uint32_t first = world_raise(&world, "cam-1", "alarm.fire.smoke");

	assert_int_equal(world_close_case(&world, first, DISPOSITION_FALSE), OUTCOME_OK);
	uint32_t second = world_raise(&world, "cam-far", "alarm.fire.smoke");

	assert_null(incident_of(&world, first));
	assert_int_equal(incident_of(&world, second)->mark[0].state, STEP_EFFECTIVE);
	assert_int_equal(((const struct playbook *)query_at(world.core, TABLE_PLAYBOOK, 1))->incidents, 1);
	world_close(&world);
}

/* When open cases fill a table, the planning of others waits; the core goes on. */
static void full_tables_stop_planning_and_nothing_else(void **state)
{
	struct core_limits limits = world_limits();
	struct world world;
	struct playbook_def def = plan_for("smoke", "alarm.fire.smoke", "fire");

	(void)state;
	limits.max[TABLE_NEED] = 420;
	world_open(&world, &limits);
	world_settle(&world);
	for (uint32_t step = 0; step < 20; step++)
		plan_send(&def, "dragon", 1);
	world_playbook(&world, &def);
	uint32_t first = world_raise(&world, "cam-1", "alarm.fire.smoke");
	struct event other = alarm_event(&world, "cam-far", "alarm.fire.smoke", ALARM_RAISED);

	assert_int_equal(world_put(&world, other), ALARM_ACCEPTED);
	other = alarm_event(&world, "cam-far", "alarm.crop.pest", ALARM_RAISED);
	assert_int_equal(world_put(&world, other), ALARM_REJECTED);
	assert_int_equal(world.seen[0].u.alarm.reject, REJECT_OVERLOADED);
	struct event add = {.kind = EVENT_ADD,
		.by = t("officer"),
		.u.add = {.incident = first, .skills = t("dragon"), .count = 1}};

	assert_int_equal(world_put(&world, add), OUTCOME_FULL);
	world_act(&world, first, ACT_DONE);
	world_act(&world, first, ACT_REOPEN);
	assert_int_equal(incident_of(&world, first)->short_of, 1);
	world_wait(&world, HOUR_MS);
	world_close(&world);
}

static void an_image_of_another_kind_is_refused(void **state)
{
	struct core_limits limits = world_limits();
	struct world world;
	struct core_section section[CORE_SECTIONS_MAX];
	void *memory;

	(void)state;
	world_begin(&world);
	uint32_t count = core_save(world.core, section);
	struct core *fresh = world_core(&limits, &memory);

	assert_int_equal(core_load(fresh, section, count), DISP_OK);
	assert_int_equal(core_digest(fresh), core_digest(world.core));
	free(memory);
	fresh = world_core(&limits, &memory);
	assert_int_equal(core_load(fresh, section, count - 1), DISP_E_DAMAGED); /* a section short */
	free(memory);
	limits.max[TABLE_PERSON] = 2; /* smaller than what was saved */
	fresh = world_core(&limits, &memory);
	assert_int_equal(core_load(fresh, section, count), DISP_E_DAMAGED);
	free(memory);
	world_close(&world);
}

static void rows_out_of_order_are_refused(void **state)
{
	struct world world;
	struct event event = {.kind = EVENT_TICK};
	struct effects none = {0, NULL};

	(void)state;
	world_begin(&world);
	event.seq = world.seq + 2;
	event.at_ms = world.now_ms;
	assert_int_equal(core_apply(world.core, &event, &none), DISP_E_DAMAGED);
	event.seq = world.seq + 1;
	event.at_ms = world.now_ms - 1;
	assert_int_equal(core_apply(world.core, &event, &none), DISP_E_DAMAGED);
	world_close(&world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_row_that_comes_again_keeps_number_and_state),
		cmocka_unit_test(a_leader_who_leaves_is_no_longer_told_there),
		cmocka_unit_test(a_full_roster_says_so),
		cmocka_unit_test(what_is_retired_is_not_chosen_and_comes_back),
		cmocka_unit_test(versions_of_plans_that_nobody_needs_give_their_place),
		cmocka_unit_test(positions_do_not_go_back_in_time),
		cmocka_unit_test(a_unit_says_what_it_may),
		cmocka_unit_test(stock_is_received_issued_returned_and_counted),
		cmocka_unit_test(nearest_ranks_all_and_says_why_not),
		cmocka_unit_test(a_case_with_thousands_of_calls_is_forgotten_whole),
		cmocka_unit_test(full_tables_stop_planning_and_nothing_else),
		cmocka_unit_test(an_image_of_another_kind_is_refused),
		cmocka_unit_test(rows_out_of_order_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
