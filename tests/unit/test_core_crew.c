/* test_core_crew: crews after the order: who may verify, who is called back, who is called when a line is lost. */
#include "smoke_world.h"

static void no_member_of_the_crew_verifies(void **state)
{
	static const char *const theirs[] = {"second", "Lin", "clerk", "Ke", "fire-1", "leader"};
	struct world world;
	struct playbook_def def = smoke_plan();
	struct event unit = {.kind = EVENT_UNIT};

	(void)state;
	begin_with(&world, &def);
	world_put(&world,
		(struct event){.kind = EVENT_PERSON, .u.person = {.id = t("second"), .name = t("Lin")}});
	world_put(&world,
		(struct event){.kind = EVENT_PERSON, .u.person = {.id = t("clerk"), .name = t("Ke")}});
	unit.u.unit = (struct event_unit){.id = t("fire-1"),
		.skills = t("fire"),
		.leader = t("leader"),
		.crew = t("leader second"),
		.home = place_at(1000, 0),
		.speed_mm_s = WORLD_SPEED_MM_S};
	assert_int_equal(world_put(&world, unit), OUTCOME_OK);
	uint32_t number = world_raise(&world, "cam-1", smoke);
	struct event done = {.kind = EVENT_ANSWER,
		.by = t("Ke"),
		.u.answer = {.order = world_order(&world, number, TARGET_UNIT, "fire-1")->r.number,
			.answer = ANSWER_DONE}};

	assert_int_equal(world_send(&world, number, "fire-2", false), OUTCOME_OK);
	assert_int_equal(world_put(&world, done), OUTCOME_OK); /* of one crew, by telephone */
	world_say(&world, number, "fire-2", ANSWER_DONE);
	assert_int_equal(incident_of(&world, number)->state, INCIDENT_DONE_REPORTED);
	for (uint32_t index = 0; index < sizeof theirs / sizeof theirs[0]; index++)
		assert_int_equal(world_act_by(&world, number, ACT_VERIFY, DISPOSITION_NONE, theirs[index]),
			OUTCOME_SAME_PERSON);
	assert_int_equal(world_act_by(&world, number, ACT_VERIFY, DISPOSITION_NONE, "officer"), OUTCOME_OK);
	world_close(&world);
}

/* --- called back ------------------------------------------------------------------------------------ */

static uint32_t begin_by_phone(struct world *world)
{
	struct playbook_def def = smoke_plan();

	begin_with(world, &def);
	world_link(world, TARGET_UNIT, "fire-1", false);
	return world_raise(world, "cam-1", smoke);
}

static const struct task *task_of(const struct world *world, uint32_t number)
{
	return query_at(world->core, TABLE_TASK, query_slot(world->core, TABLE_TASK, number));
}

static const struct task *call_of(const struct world *world, uint32_t incident, const char *unit)
{
	return task_of(world, world_order(world, incident, TARGET_UNIT, unit)->call_task);
}

static void expect_called_back(const struct world *world, uint32_t number, uint32_t first)
{
	const struct task *call = call_of(world, number, "fire-1");

	assert_int_not_equal(call->r.number, first);
	assert_int_equal(call->previous, first);
	assert_int_equal(call->state, TASK_OPEN);
	assert_int_equal(call->person, query_find(world->core, TABLE_PERSON, t("leader")));
	assert_int_equal(call->due_ms, world->now_ms + 60 * SECOND_MS);
	assert_int_equal(world_seen_count(world, EFFECT_TASK), 1);
	assert_int_equal(unit_of(world, "fire-1")->state, UNIT_RETURNING);
}

static void a_crew_on_its_way_without_a_link_is_called_back(void **state)
{
	static const uint8_t ends[] = {ACT_NONE, ACT_CANCEL, ACT_CLOSE, ACT_REFER, ACT_DONE};

	(void)state;
	for (uint32_t index = 0; index < sizeof ends; index++) {
		struct world world;
		uint32_t number = begin_by_phone(&world);
		uint32_t first = call_of(&world, number, "fire-1")->r.number;

		world_say(&world, number, "fire-1", ANSWER_ACCEPT);
		world_say(&world, number, "fire-1", ANSWER_EN_ROUTE);
		world_wait(&world, 90 * SECOND_MS);
		if (ends[index] == ACT_NONE)
			world_say(&world, number, "fire-1", ANSWER_RECALL);
		else
			world_act_by(&world, number, ends[index], DISPOSITION_NO_ACTION, "officer");
		expect_called_back(&world, number, first);
		/* Nobody knows where it is: it has as long a way back as it had out. */
		assert_int_equal(unit_of(&world, "fire-1")->home_ms, world.now_ms + 90 * SECOND_MS);
		world_wait(&world, 90 * SECOND_MS);
		assert_int_equal(unit_of(&world, "fire-1")->state, UNIT_AVAILABLE);
		world_close(&world);
	}
}

static void a_crew_that_drives_on_is_not_home_before_it_can_be_called(void **state)
{
	struct world world;

	(void)state;
	uint32_t number = begin_by_phone(&world), first = call_of(&world, number, "fire-1")->r.number;

	world_say(&world, number, "fire-1", ANSWER_EN_ROUTE);
	world_say(&world, number, "fire-1", ANSWER_RECALL);
	expect_called_back(&world, number, first);
	assert_int_equal(unit_of(&world, "fire-1")->home_ms, world.now_ms + 60 * SECOND_MS);
	world_close(&world);
}

static void who_was_only_called_is_called_back_too(void **state)
{
	struct world world;
	struct event taken = {
		.kind = EVENT_TASK, .by = t("officer"), .u.task = {.state = TASK_TAKEN, .note = t("")}};

	(void)state;
	uint32_t number = begin_by_phone(&world);

	taken.u.task.task = call_of(&world, number, "fire-1")->r.number;
	assert_int_equal(world_put(&world, taken), OUTCOME_OK);
	world_wait(&world, 60 * SECOND_MS); /* no answer was entered: the next is sent, this one may drive */
	assert_true(world_sent(&world, number, "fire-2"));
	assert_int_equal(task_of(&world, taken.u.task.task)->state, TASK_CANCELLED);
	assert_int_equal(call_of(&world, number, "fire-1")->state, TASK_OPEN);
	assert_int_equal(call_of(&world, number, "fire-1")->previous, taken.u.task.task);
	world_close(&world);
}

static void who_was_never_told_or_knows_is_not_called_back(void **state)
{
	struct world world;

	(void)state;
	uint32_t number = begin_by_phone(&world), first = call_of(&world, number, "fire-1")->r.number;

	world_say(&world, number, "fire-1", ANSWER_RECALL); /* nobody had called yet */
	assert_int_equal(call_of(&world, number, "fire-1")->r.number, first);
	assert_int_equal(task_of(&world, first)->state, TASK_CANCELLED);
	assert_int_equal(world_send(&world, number, "fire-1", false), OUTCOME_OK);
	first = call_of(&world, number, "fire-1")->r.number;
	world_say(&world, number, "fire-1", ANSWER_ARRIVED);
	world_act(&world, number, ACT_DONE); /* it stands where the work is done */
	assert_int_equal(world_order(&world, number, TARGET_UNIT, "fire-1")->state, ORDER_RECALLED);
	assert_int_equal(call_of(&world, number, "fire-1")->r.number, first);
	/* A terminal that is live says it by itself. */
	uint32_t second = world_raise(&world, "cam-far", smoke);

	world_say(&world, second, "fire-2", ANSWER_EN_ROUTE);
	world_say(&world, second, "fire-2", ANSWER_RECALL);
	assert_int_equal(world_order(&world, second, TARGET_UNIT, "fire-2")->call_task, 0);
	world_close(&world);
}

/* --- a line is lost ----------------------------------------------------------------------------------- */

static void a_lost_terminal_with_an_order_is_called(void **state)
{
	struct world world;
	struct playbook_def def = smoke_plan();

	(void)state;
	begin_with(&world, &def);
	uint32_t number = world_raise(&world, "cam-1", smoke);

	world_say(&world, number, "fire-1", ANSWER_DELIVERED);
	world_wait(&world, 20 * SECOND_MS);
	world_link(&world, TARGET_UNIT, "fire-1", false);
	const struct task *call = call_of(&world, number, "fire-1");

	assert_non_null(call);
	assert_int_equal(call->person, query_find(world.core, TABLE_PERSON, t("leader")));
	assert_int_equal(call->due_ms, world.now_ms + 40 * SECOND_MS); /* when the answer is */
	assert_int_equal(world_seen_count(&world, EFFECT_TASK), 1);
	world_link(&world, TARGET_UNIT, "fire-1", true);
	assert_int_equal(call->state, TASK_CANCELLED);
	world_say(&world, number, "fire-1", ANSWER_ACCEPT);
	world_link(&world, TARGET_UNIT, "fire-1", false);
	assert_int_equal(call_of(&world, number, "fire-1")->due_ms, world.now_ms + 60 * SECOND_MS);
	assert_int_equal(call_of(&world, number, "fire-1")->previous, call->r.number);
	/* One that drives knows where to. */
	world_link(&world, TARGET_UNIT, "fire-1", true);
	world_say(&world, number, "fire-1", ANSWER_EN_ROUTE);
	world_link(&world, TARGET_UNIT, "fire-1", false);
	assert_int_equal(world_seen_count(&world, EFFECT_TASK), 0);
	world_close(&world);
}

static void a_lost_depot_is_called_too_and_nobody_twice(void **state)
{
	struct world world;
	struct playbook_def def = smoke_plan();

	(void)state;
	plan_supply(&def, "hose", 2);
	begin_with(&world, &def);
	world_depot(&world, "near", 500, "hose", 4);
	world_link(&world, TARGET_UNIT, "fire-1", false);
	uint32_t number = world_raise(&world, "cam-1", smoke);

	world_link(&world, TARGET_DEPOT, "near", false);
	uint32_t task = world_order(&world, number, TARGET_DEPOT, "near")->call_task;

	assert_int_equal(task_of(&world, task)->person, query_find(world.core, TABLE_PERSON, t("keeper")));
	assert_int_equal(world_seen_count(&world, EFFECT_TASK), 1);
	world_close(&world);
}

/* --- sent again ---------------------------------------------------------------------------------------- */

static const struct deadline *arrival_of(const struct world *world, uint32_t number)
{
	return &incident_of(world, number)->deadline[DEADLINE_ARRIVE];
}

static void who_is_sent_again_is_to_arrive_again(void **state)
{
	static const uint8_t acts[] = {ACT_VERIFY_FAILED, ACT_REOPEN};
	struct playbook_def def = smoke_plan();

	(void)state;
	def.arrive_ms = 600 * SECOND_MS;
	for (uint32_t index = 0; index < sizeof acts; index++) {
		struct world world;

		begin_with(&world, &def);
		uint32_t number = world_raise(&world, "cam-1", smoke);

		world_say(&world, number, "fire-1", ANSWER_ARRIVED);
		world_say(&world, number, "fire-1", ANSWER_DONE);
		assert_int_equal(arrival_of(&world, number)->state, DEADLINE_MET);
		world_wait(&world, HOUR_MS);
		assert_int_equal(world_act(&world, number, acts[index]), OUTCOME_OK);
		assert_int_equal(arrival_of(&world, number)->state, DEADLINE_RUNNING);
		assert_int_equal(arrival_of(&world, number)->due_ms, world.now_ms + 600 * SECOND_MS);
		world_say(&world, number, "fire-1", ANSWER_ACCEPT);
		world_wait(&world, 600 * SECOND_MS);
		assert_int_equal(arrival_of(&world, number)->state, DEADLINE_LATE);
		world_say(&world, number, "fire-1", ANSWER_DONE);
		assert_int_equal(world_act(&world, number, acts[index]), OUTCOME_OK);
		assert_int_equal(arrival_of(&world, number)->state, DEADLINE_LATE);
		world_close(&world);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_member_of_the_crew_verifies),
		cmocka_unit_test(a_crew_on_its_way_without_a_link_is_called_back),
		cmocka_unit_test(a_crew_that_drives_on_is_not_home_before_it_can_be_called),
		cmocka_unit_test(who_was_only_called_is_called_back_too),
		cmocka_unit_test(who_was_never_told_or_knows_is_not_called_back),
		cmocka_unit_test(a_lost_terminal_with_an_order_is_called),
		cmocka_unit_test(a_lost_depot_is_called_too_and_nobody_twice),
		cmocka_unit_test(who_is_sent_again_is_to_arrive_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
