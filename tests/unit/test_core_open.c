/* test_core_open: cases that a person opens: at a device, and under the town's release. */
#include "core_world.h"

static struct event open_event(const char *device)
{
	return (struct event){.kind = EVENT_OPEN,
		.by = t("officer"),
		.u.open = {
			.type = t("pump"), .source = t(device), .place = place_at(10, 10), .grid = t("G1")}};
}

static void set_release(struct world *world, uint8_t release)
{
	struct event event = {.kind = EVENT_RELEASE, .by = t("leader"), .u.release = {.release = release}};

	assert_int_equal(world_put(world, event), OUTCOME_OK);
}

static void begin(struct world *world)
{
	struct playbook_def def = plan_for("pump", "alarm.water.pump", "pump");

	def.release = RELEASE_ADVISE; /* holds back alarms, not people */
	plan_action(&def, "self", "start");
	plan_send(&def, "electric", 1);
	world_begin(world);
	world_device(world, "pump-1", "pump", "start", 0, true);
	world_device(world, "pump-2", "pump", "start", 9, true);
	world_unit(world, "crew-1", "electric", 500, 0);
	world_playbook(world, &def);
}

static void a_case_at_a_device_is_about_that_device(void **state)
{
	struct world world;

	(void)state;
	begin(&world);
	assert_int_equal(world_put(&world, open_event("pump-2")), OUTCOME_OK);
	uint32_t number = world.seen[0].u.result.number;
	const struct incident *incident = incident_of(&world, number);

	assert_int_equal(incident->device, query_find(world.core, TABLE_DEVICE, t("pump-2")));
	assert_int_equal(incident->opened_by_person, 1);
	assert_int_equal(incident->release, RELEASE_AUTO);
	assert_int_equal(incident->state, INCIDENT_DISPATCHED);
	assert_non_null(world_order(&world, number, TARGET_DEVICE, "pump-2"));
	assert_null(world_order(&world, number, TARGET_DEVICE, "pump-1"));
	assert_true(world_sent(&world, number, "crew-1"));
	world_close(&world);
}

static void what_a_person_opens_waits_only_where_the_town_is_to_be_advised(void **state)
{
	struct world world;

	(void)state;
	begin(&world);
	set_release(&world, RELEASE_CONFIRM);
	assert_int_equal(world_put(&world, open_event("")), OUTCOME_OK);
	assert_int_equal(incident_of(&world, world.seen[0].u.result.number)->state, INCIDENT_DISPATCHED);
	set_release(&world, RELEASE_ADVISE);
	assert_int_equal(world_put(&world, open_event("pump-1")), OUTCOME_OK);
	uint32_t number = world.seen[0].u.result.number;
	const struct incident *incident = incident_of(&world, number);

	assert_int_equal(incident->state, INCIDENT_REPORTED);
	assert_int_equal(incident->release, RELEASE_ADVISE);
	assert_int_equal(incident->opened_by_person, 1);
	assert_int_equal(incident->live_orders, 0);
	assert_int_equal(world_act(&world, number, ACT_CONFIRM), OUTCOME_OK);
	assert_non_null(world_order(&world, number, TARGET_DEVICE, "pump-1"));
	world_close(&world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_case_at_a_device_is_about_that_device),
		cmocka_unit_test(what_a_person_opens_waits_only_where_the_town_is_to_be_advised),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
