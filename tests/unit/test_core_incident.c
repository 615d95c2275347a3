/* test_core_incident: the life of a case: held, confirmed, done, verified, closed, reopened, merged. */
#include "smoke_world.h"

/* --- release --------------------------------------------------------------------------------------- */

static uint32_t begin_held(struct world *world, int64_t confirm_ms, bool dispatch)
{
	struct playbook_def def = smoke_plan();

	def.release = RELEASE_CONFIRM;
	def.confirm_ms = confirm_ms;
	def.confirm_dispatch = dispatch;
	begin_with(world, &def);
	return world_raise(world, "cam-1", smoke);
}

static void a_held_case_waits_for_the_officer(void **state)
{
	struct world world;

	(void)state;
	uint32_t number = begin_held(&world, 60 * SECOND_MS, false);

	assert_int_equal(state_of(&world, number), INCIDENT_REPORTED);
	assert_null(world_order(&world, number, TARGET_UNIT, "fire-1"));
	assert_int_equal(world_act(&world, number, ACT_CONFIRM), OUTCOME_OK);
	assert_true(world_sent(&world, number, "fire-1"));
	assert_int_equal(clock_of(&world, number, DEADLINE_CONFIRM)->state, DEADLINE_STOPPED);
	assert_int_equal(world_act(&world, number, ACT_CONFIRM), OUTCOME_WRONG_STATE);
	world_close(&world);
}

static void nobody_confirms_then_dispatch(void **state)
{
	struct world world;

	(void)state;
	uint32_t number = begin_held(&world, 60 * SECOND_MS, true);

	world_wait(&world, 59 * SECOND_MS);
	assert_false(world_sent(&world, number, "fire-1"));
	world_wait(&world, SECOND_MS);
	assert_true(world_sent(&world, number, "fire-1"));
	/* Nobody has met it: time has let the orders go. */
	assert_int_equal(clock_of(&world, number, DEADLINE_CONFIRM)->state, DEADLINE_EXPIRED);
	world_close(&world);
}

static void nobody_confirms_then_hold(void **state)
{
	struct world world;

	(void)state;
	uint32_t number = begin_held(&world, 60 * SECOND_MS, false);

	world_wait(&world, 2 * HOUR_MS);
	assert_int_equal(state_of(&world, number), INCIDENT_REPORTED);
	assert_int_equal(clock_of(&world, number, DEADLINE_CONFIRM)->state, DEADLINE_LATE);
	assert_int_equal(clock_of(&world, number, DEADLINE_RECEIVE)->state, DEADLINE_LATE);
	world_act(&world, number, ACT_CONFIRM);
	assert_int_equal(
		clock_of(&world, number, DEADLINE_RECEIVE)->state, DEADLINE_LATE); /* received, but late */
	world_close(&world);
}

static void advise_sends_nothing(void **state)
{
	struct world world;
	struct playbook_def def = smoke_plan();
	struct event release = {
		.kind = EVENT_RELEASE, .by = t("leader"), .u.release = {.release = RELEASE_ADVISE}};

	(void)state;
	def.release = RELEASE_CONFIRM;
	def.confirm_ms = 60 * SECOND_MS;
	def.confirm_dispatch = true;
	begin_with(&world, &def);
	assert_int_equal(world_put(&world, release), OUTCOME_OK);
	assert_int_equal(world_put(&world, release), OUTCOME_UNCHANGED);
	uint32_t number = world_raise(&world, "cam-1", smoke);

	world_wait(&world, HOUR_MS);
	assert_int_equal(state_of(&world, number), INCIDENT_REPORTED);
	assert_int_equal(unit_of(&world, "fire-1")->sent, 0);
	world_close(&world);
}

static void sending_by_hand_takes_the_case_on(void **state)
{
	struct world world;

	(void)state;
	uint32_t number = begin_held(&world, 60 * SECOND_MS, false);

	assert_int_equal(world_send(&world, number, "fire-2", false), OUTCOME_OK);
	assert_int_equal(state_of(&world, number), INCIDENT_DISPATCHED);
	assert_int_equal(clock_of(&world, number, DEADLINE_RECEIVE)->state, DEADLINE_MET);
	world_close(&world);
}

/* --- done, verified, closed -------------------------------------------------------------------------- */

static void who_did_the_work_does_not_verify_it(void **state)
{
	struct world world;

	(void)state;
	uint32_t number = begin(&world);

	world_say(&world, number, "fire-1", ANSWER_ARRIVED);
	assert_int_equal(world_act_by(&world, number, ACT_DONE, DISPOSITION_NONE, "office"), OUTCOME_OK);
	assert_int_equal(
		world_order(&world, number, TARGET_UNIT, "fire-1")->state, ORDER_DONE); /* it was there */
	assert_int_equal(world_act_by(&world, number, ACT_VERIFY, DISPOSITION_NONE, ""), OUTCOME_INVALID);
	assert_int_equal(
		world_act_by(&world, number, ACT_VERIFY, DISPOSITION_NONE, "office"), OUTCOME_SAME_PERSON);
	assert_int_equal(
		world_act_by(&world, number, ACT_VERIFY, DISPOSITION_NONE, "leader"), OUTCOME_SAME_PERSON);
	assert_int_equal(world_act_by(&world, number, ACT_VERIFY_FAILED, DISPOSITION_NONE, "leader"),
		OUTCOME_SAME_PERSON);
	assert_int_equal(world_act_by(&world, number, ACT_VERIFY, DISPOSITION_NONE, "officer"), OUTCOME_OK);
	assert_int_equal(state_of(&world, number), INCIDENT_VERIFIED);
	assert_int_equal(clock_of(&world, number, DEADLINE_VERIFY)->state, DEADLINE_MET);
	world_close(&world);
}

static void a_failed_verification_sends_crews_again(void **state)
{
	struct world world;

	(void)state;
	uint32_t number = begin(&world);

	world_say(&world, number, "fire-1", ANSWER_DONE);
	assert_int_equal(world_act(&world, number, ACT_VERIFY_FAILED), OUTCOME_OK);
	assert_int_equal(state_of(&world, number), INCIDENT_DISPATCHED);
	assert_true(world_sent(&world, number, "fire-1"));
	assert_int_equal(unit_of(&world, "fire-1")->sent, 2);
	assert_int_equal(clock_of(&world, number, DEADLINE_DISPOSE)->state, DEADLINE_RUNNING);
	assert_int_equal(clock_of(&world, number, DEADLINE_VERIFY)->state, DEADLINE_STOPPED);
	world_close(&world);
}

static void a_case_is_closed_when_verified_or_when_there_was_nothing(void **state)
{
	struct world world;

	(void)state;
	uint32_t number = begin(&world);

	assert_int_equal(world_close_case(&world, number, DISPOSITION_NONE), OUTCOME_INVALID);
	assert_int_equal(world_close_case(&world, number, DISPOSITION_RESOLVED), OUTCOME_WRONG_STATE);
	assert_int_equal(world_close_case(&world, number, DISPOSITION_COUNT), OUTCOME_INVALID);
	world_say(&world, number, "fire-1", ANSWER_DONE);
	assert_int_equal(world_close_case(&world, number, DISPOSITION_RESOLVED), OUTCOME_WRONG_STATE);
	world_act(&world, number, ACT_VERIFY);
	assert_int_equal(world_close_case(&world, number, DISPOSITION_RESOLVED), OUTCOME_OK);
	assert_int_equal(state_of(&world, number), INCIDENT_CLOSED);
	assert_int_equal(incident_of(&world, number)->disposition, DISPOSITION_RESOLVED);
	assert_true(incident_of(&world, number)->ended_ms == world.now_ms);
	world_wait(&world, 72 * HOUR_MS);
	assert_int_equal(world.seen_count, 0); /* no clock runs on */
	/* The other ends, each from a new case. */
	static const uint8_t ends[] = {
		DISPOSITION_FALSE, DISPOSITION_NUISANCE, DISPOSITION_DUPLICATE, DISPOSITION_NO_ACTION};

	for (uint32_t index = 0; index < sizeof ends; index++) {
		uint32_t next = world_raise(&world, "cam-1", smoke);

		assert_int_equal(world_close_case(&world, next, ends[index]), OUTCOME_OK);
		assert_int_equal(unit_of(&world, "fire-1")->state, UNIT_AVAILABLE);
		assert_int_equal(incident_of(&world, next)->live_orders, 0);
	}
	world_close(&world);
}

static void cancel_reject_and_refer_recall_everybody(void **state)
{
	static const uint8_t acts[] = {ACT_CANCEL, ACT_REFER, ACT_REJECT};
	static const uint8_t states[] = {INCIDENT_CANCELLED, INCIDENT_REFERRED, INCIDENT_CLOSED};

	(void)state;
	for (uint32_t index = 0; index < 3; index++) {
		struct world world;
		uint32_t number = acts[index] == ACT_REJECT ? begin_held(&world, 0, false) : begin(&world);

		assert_int_equal(world_act(&world, number, acts[index]), OUTCOME_OK);
		assert_int_equal(state_of(&world, number), states[index]);
		assert_int_equal(incident_of(&world, number)->live_orders, 0);
		assert_int_equal(unit_of(&world, "fire-1")->orders, 0);
		world_close(&world);
	}
}

static void the_sensor_contradicts_the_crew(void **state)
{
	struct world world;

	(void)state;
	uint32_t number = begin(&world);

	world_say(&world, number, "fire-1", ANSWER_DONE);
	assert_int_equal(world_raise(&world, "cam-1", smoke), number);
	assert_int_equal(state_of(&world, number), INCIDENT_DISPATCHED);
	assert_true(world_sent(&world, number, "fire-1"));
	world_close(&world);
}

static void a_merged_case_keeps_its_crews_and_stays_closed(void **state)
{
	struct world world;

	(void)state;
	uint32_t first = begin(&world), second = world_raise(&world, "cam-far", smoke);

	assert_true(world_sent(&world, second, "fire-2"));
	assert_int_equal(world_merge(&world, second, second), OUTCOME_WRONG_STATE);
	assert_int_equal(world_merge(&world, second, 7), OUTCOME_NOT_FOUND);
	assert_int_equal(world_merge(&world, second, first), OUTCOME_OK);
	assert_int_equal(state_of(&world, second), INCIDENT_CLOSED);
	assert_int_equal(incident_of(&world, second)->merged_into, first);
	assert_int_equal(incident_of(&world, second)->disposition, DISPOSITION_DUPLICATE);
	assert_int_equal(incident_of(&world, first)->alarms, 2);
	assert_true(world_sent(&world, second, "fire-2"));
	assert_int_equal(world_act(&world, second, ACT_REOPEN), OUTCOME_WRONG_STATE);
	assert_int_equal(
		world_act(&world, second, ACT_SPLIT), OUTCOME_OK); /* it was another case after all */
	assert_int_equal(incident_of(&world, second)->merged_into, 0);
	assert_int_equal(incident_of(&world, first)->alarms, 1);
	assert_true(world_sent(&world, second, "fire-2"));
	world_close(&world);
}

/* --- levels, notes, more help -------------------------------------------------------------------------- */

static void upgrade_adds_the_next_level(void **state)
{
	struct world world;
	struct event upgrade = {.kind = EVENT_ACT, .by = t("officer"), .u.act = {.act = ACT_UPGRADE}};

	(void)state;
	upgrade.u.act.incident = begin(&world);
	assert_null(world_order(&world, upgrade.u.act.incident, TARGET_UNIT, "medic-1"));
	assert_int_equal(world_put(&world, upgrade), OUTCOME_OK);
	assert_true(world_sent(&world, upgrade.u.act.incident, "medic-1"));
	assert_int_equal(unit_of(&world, "fire-1")->sent, 1);
	upgrade.u.act.level = 2;
	assert_int_equal(world_put(&world, upgrade), OUTCOME_INVALID);
	upgrade.u.act.level = 6;
	assert_int_equal(world_put(&world, upgrade), OUTCOME_INVALID);
	world_close(&world);
}

static void more_help_is_one_more_requirement(void **state)
{
	struct world world;
	struct event add = {
		.kind = EVENT_ADD, .by = t("officer"), .u.add = {.skills = t("medic"), .count = 1}};

	(void)state;
	add.u.add.incident = begin(&world);
	assert_int_equal(world_put(&world, add), OUTCOME_OK);
	assert_true(world_sent(&world, add.u.add.incident, "medic-1"));
	add.u.add.skills = t("dragons");
	assert_int_equal(world_put(&world, add), OUTCOME_INVALID);
	add.u.add.skills = t("medic");
	add.u.add.count = 65;
	assert_int_equal(world_put(&world, add), OUTCOME_INVALID);
	world_close(&world);
}

static void a_note_is_a_row_and_changes_nothing_else(void **state)
{
	struct world world;

	(void)state;
	uint32_t number = begin(&world);
	uint64_t rows = world.seq;

	assert_int_equal(world_act(&world, number, ACT_NOTE), OUTCOME_OK);
	assert_int_equal(world.seq, rows + 1);
	assert_int_equal(world.ticks, 0);
	assert_int_equal(world_act(&world, number, ACT_SPLIT), OUTCOME_WRONG_STATE); /* nothing was merged */
	assert_int_equal(world_act(&world, 2026000099, ACT_NOTE), OUTCOME_NOT_FOUND);
	world_close(&world);
}

static void the_officer_opens_a_case_by_its_type(void **state)
{
	struct world world;
	struct playbook_def def = smoke_plan();
	struct event open = {.kind = EVENT_OPEN,
		.by = t("officer"),
		.u.open = {.type = t("fire"),
			.place = place_at(10, 10),
			.grid = t("G1"),
			.caller = t("王"),
			.reported_ms = WORLD_START_MS - MINUTE_MS}};

	(void)state;
	begin_with(&world, &def);
	assert_int_equal(world_put(&world, open), OUTCOME_OK);
	uint32_t number = world.seen[0].u.result.number;

	assert_int_equal(state_of(&world, number), INCIDENT_DISPATCHED);
	assert_true(world_sent(&world, number, "fire-1"));
	assert_int_equal(incident_of(&world, number)->opened_by_person, 1);
	assert_int_equal(incident_of(&world, number)->reported_ms, WORLD_START_MS - MINUTE_MS);
	/* A type without a plan, and a title never heard of. */
	open.u.open.type = t("ufo");
	open.u.open.title = t("lights");
	assert_int_equal(world_put(&world, open), OUTCOME_OK);
	const struct incident *strange = incident_of(&world, world.seen[0].u.result.number);

	assert_int_equal(query_text(world.core, strange->type).len, 3);
	assert_int_equal(query_text(world.core, strange->title).len, 6);
	open.u.open.title = t(""); /* without a title it is called by its type */
	open.u.open.type = t("lost dog");
	assert_int_equal(world_put(&world, open), OUTCOME_OK);
	strange = incident_of(&world, world.seen[0].u.result.number);
	assert_int_equal(query_text(world.core, strange->title).len, 8);
	open.u.open.type = t("fire"); /* what the officer calls it goes before the plan's title */
	open.u.open.title = t("barn");
	assert_int_equal(world_put(&world, open), OUTCOME_OK);
	strange = incident_of(&world, world.seen[0].u.result.number);
	assert_int_equal(query_text(world.core, strange->title).len, 4);
	open.u.open.type = t("");
	assert_int_equal(world_put(&world, open), OUTCOME_INVALID);
	world_close(&world);
}

static void a_case_keeps_the_plan_it_opened_with(void **state)
{
	struct world world;
	struct playbook_def def = smoke_plan(), newer = smoke_plan();

	(void)state;
	begin_with(&world, &def);
	uint32_t number = world_raise(&world, "cam-1", smoke), before = incident_of(&world, number)->playbook;

	newer.hash[1] = 7;
	newer.step_count = 0;
	world_playbook(&world, &newer);
	assert_int_equal(incident_of(&world, number)->playbook, before);
	world_act(&world, number, ACT_UPGRADE);
	assert_true(world_sent(&world, number, "medic-1"));
	uint32_t second = world_raise(&world, "cam-far", smoke);

	assert_int_not_equal(incident_of(&world, second)->playbook, before);
	assert_null(world_order(&world, second, TARGET_UNIT, "fire-2"));
	world_close(&world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_held_case_waits_for_the_officer),
		cmocka_unit_test(nobody_confirms_then_dispatch),
		cmocka_unit_test(nobody_confirms_then_hold),
		cmocka_unit_test(advise_sends_nothing),
		cmocka_unit_test(sending_by_hand_takes_the_case_on),
		cmocka_unit_test(who_did_the_work_does_not_verify_it),
		cmocka_unit_test(a_failed_verification_sends_crews_again),
		cmocka_unit_test(a_case_is_closed_when_verified_or_when_there_was_nothing),
		cmocka_unit_test(cancel_reject_and_refer_recall_everybody),
		cmocka_unit_test(the_sensor_contradicts_the_crew),
		cmocka_unit_test(a_merged_case_keeps_its_crews_and_stays_closed),
		cmocka_unit_test(upgrade_adds_the_next_level),
		cmocka_unit_test(more_help_is_one_more_requirement),
		cmocka_unit_test(a_note_is_a_row_and_changes_nothing_else),
		cmocka_unit_test(the_officer_opens_a_case_by_its_type),
		cmocka_unit_test(a_case_keeps_the_plan_it_opened_with),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
