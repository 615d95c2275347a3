/* test_core_crew: crews after the order: who may verify, who is called back, who is called when a line is lost. */
#include "core_world.h"

static const char *const smoke = "alarm.fire.smoke";

static struct playbook_def smoke_plan(void)
{
	struct playbook_def def = plan_for("smoke", smoke, "fire");

	plan_send(&def, "fire", 1);
	return def;
}

static void begin_with(struct world *world, struct playbook_def *def)
{
	world_begin(world);
	world_unit(world, "fire-1", "fire", 1000, 0);
	world_unit(world, "fire-2", "fire", 2000, 0);
	world_playbook(world, def);
}

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_member_of_the_crew_verifies),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
