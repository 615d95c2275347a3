/* test_core_desk: who is on duty, what asks for a person's eye, and that one has seen it; under the virtual clock. */
#include "desk_world.h"

/* --- shifts ----------------------------------------------------------------------------------------- */

static void who_signs_on_is_on_duty(void **state)
{
	struct world world;

	(void)state;
	begin(&world);
	assert_int_equal(shift(&world, SHIFT_ON, "officer", "", ""), OUTCOME_OK);
	assert_int_equal(person_of(&world, "officer")->on_duty_ms, world.now_ms);
	assert_int_equal(shift(&world, SHIFT_ON, "officer", "", ""), OUTCOME_UNCHANGED);
	assert_int_equal(shift(&world, SHIFT_ON, "officer", "leader", ""), OUTCOME_OK);
	assert_int_equal(desk_of(&world)->on_duty, 2);
	assert_int_equal(shift(&world, SHIFT_ON, "officer", "stranger", ""), OUTCOME_NOT_FOUND);
	assert_int_equal(shift(&world, SHIFT_ON, "", "", ""), OUTCOME_INVALID);
	assert_int_equal(shift(&world, SHIFT_OFF, "office", "", ""), OUTCOME_WRONG_STATE);
	assert_int_equal(shift(&world, SHIFT_OFF, "officer", "", ""), OUTCOME_OK);
	assert_int_equal(desk_of(&world)->on_duty, 1);
	assert_int_equal(person_of(&world, "officer")->on_duty_ms, 0);
	assert_int_equal(shift(&world, 0, "officer", "", ""), OUTCOME_INVALID);
	assert_int_equal(shift(&world, SHIFT_ACT_COUNT, "officer", "", ""), OUTCOME_INVALID);
	world_close(&world);
}

static void name_bears(struct world *world, const char *id, const char *name)
{
	world_put(world, (struct event){.kind = EVENT_PERSON,
				 .u.person = {.id = t(id), .name = t(name), .roles = WHO_DUTY_OFFICER}});
}

static void a_name_that_several_bear_names_nobody(void **state)
{
	struct world world;

	(void)state;
	begin(&world);
	name_bears(&world, "p-1", "王伟");
	assert_int_equal(shift(&world, SHIFT_ON, "officer", "王伟", ""), OUTCOME_OK);
	assert_true(person_of(&world, "p-1")->on_duty_ms != 0);
	name_bears(&world, "p-2", "王伟");
	assert_int_equal(shift(&world, SHIFT_OFF, "officer", "王伟", ""), OUTCOME_INVALID);
	assert_int_equal(shift(&world, SHIFT_OFF, "officer", "p-1", ""), OUTCOME_OK);
	world_close(&world);
}

static void the_last_one_says_why(void **state)
{
	struct world world;

	(void)state;
	begin(&world);
	shift(&world, SHIFT_ON, "officer", "", "");
	shift(&world, SHIFT_ON, "leader", "", "");
	world_raise(&world, "cam-1", smoke);
	assert_int_equal(shift(&world, SHIFT_OFF, "leader", "", ""), OUTCOME_OK);
	assert_int_equal(shift(&world, SHIFT_OFF, "officer", "", ""), OUTCOME_INVALID);
	assert_int_equal(desk_of(&world)->on_duty, 1);
	assert_int_equal(shift(&world, SHIFT_OFF, "officer", "", "the flood is in the office"), OUTCOME_OK);
	assert_int_equal(desk_of(&world)->on_duty, 0);
	world_close(&world);
}

static void a_hand_over_is_one_decision(void **state)
{
	struct world world;

	(void)state;
	begin(&world);
	assert_int_equal(hand_over(&world, "officer", "leader"), OUTCOME_WRONG_STATE);
	shift(&world, SHIFT_ON, "officer", "", "");
	world_raise(&world, "cam-1", smoke);
	assert_int_equal(hand_over(&world, "officer", ""), OUTCOME_INVALID);
	assert_int_equal(hand_over(&world, "officer", "officer"), OUTCOME_INVALID);
	assert_int_equal(hand_over(&world, "officer", "stranger"), OUTCOME_NOT_FOUND);
	uint64_t rows = world.seq;

	assert_int_equal(hand_over(&world, "officer", "leader"), OUTCOME_OK); /* although an alert waits */
	assert_int_equal(world.seq, rows + 1);
	assert_int_equal(desk_of(&world)->on_duty, 1);
	assert_true(person_of(&world, "leader")->on_duty_ms != 0);
	assert_int_equal(desk_of(&world)->waiting, 1);
	/* Who is there already merely stays. */
	shift(&world, SHIFT_ON, "officer", "", "");
	assert_int_equal(hand_over(&world, "officer", "leader"), OUTCOME_OK);
	assert_int_equal(desk_of(&world)->on_duty, 1);
	world_close(&world);
}

static void who_leaves_the_town_leaves_the_desk(void **state)
{
	struct world world;

	(void)state;
	begin(&world);
	shift(&world, SHIFT_ON, "officer", "", "");
	world_leave(&world, "officer");
	assert_int_equal(desk_of(&world)->on_duty, 0);
	assert_int_equal(
		world_seen_count(&world, EFFECT_SHIFT), 1); /* it stands in the row, for who reads that */
	assert_int_equal(world_seen(&world, EFFECT_SHIFT, 0)->u.shift.act, SHIFT_OFF);
	world_put(&world,
		(struct event){.kind = EVENT_RETIRE, .u.retire = {.id = t("keeper"), .what = EVENT_PERSON}});
	assert_int_equal(world_seen_count(&world, EFFECT_SHIFT), 0);
	assert_int_equal(shift(&world, SHIFT_ON, "leader", "officer", ""), OUTCOME_NOT_FOUND);
	world_close(&world);
}

static void who_is_on_shift_is_told(void **state)
{
	struct world world;
	struct playbook_def def = plan_for("smoke", smoke, "fire");

	(void)state;
	plan_notify(&def, WHO_DUTY_OFFICER | WHO_OFFICE);
	begin_with(&world, &def);
	world_person(&world, "officer-2", WHO_DUTY_OFFICER, "");
	world_raise(&world, "cam-1", smoke); /* nobody is on shift: all of the role */
	assert_int_equal(told(&world, "officer") + told(&world, "officer-2") + told(&world, "office"), 3);
	shift(&world, SHIFT_ON, "leader", "", ""); /* is there, but is no duty officer */
	world_raise(&world, "cam-far", smoke);
	assert_int_equal(told(&world, "officer") + told(&world, "officer-2"), 2);
	assert_int_equal(told(&world, "leader"), 0);
	shift(&world, SHIFT_ON, "officer-2", "", "");
	struct event third = alarm_event(&world, "cam-2", smoke, ALARM_RAISED);

	third.u.alarm.has_place = true;
	third.u.alarm.place = place_at(2000, 0);
	world_put(&world, third);
	assert_int_equal(told(&world, "officer"), 0);
	assert_int_equal(told(&world, "officer-2"), 1);
	assert_int_equal(told(&world, "office"), 1);
	world_close(&world);
}

/* --- alerts ------------------------------------------------------------------------------------------- */

static void an_alert_rings_until_a_person_has_seen_it(void **state)
{
	struct world world;

	(void)state;
	begin(&world);
	uint32_t number = world_raise(&world, "cam-1", "alarm.other");

	assert_true(stands(&world, number, ALERT_OPENED));
	assert_int_equal(incident_of(&world, number)->alert_ms, world.now_ms);
	assert_int_equal(desk_of(&world)->since_ms, world.now_ms);
	assert_int_equal(world_seen_count(&world, EFFECT_BELL), 1); /* at once */
	for (uint32_t ring = 2; ring < 5; ring++) {
		pass(&world, 59 * SECOND_MS);
		assert_int_equal(world_seen_count(&world, EFFECT_BELL), 0);
		pass(&world, SECOND_MS);
		assert_int_equal(world_seen_count(&world, EFFECT_BELL), 1);
		assert_int_equal(world_seen(&world, EFFECT_BELL, 0)->u.bell.ring, ring);
		assert_int_equal(world_seen(&world, EFFECT_BELL, 0)->u.bell.count, 1);
	}
	assert_int_equal(ack(&world, number, ""), OUTCOME_INVALID);
	assert_int_equal(ack(&world, number + 1, "officer"), OUTCOME_NOT_FOUND);
	assert_int_equal(ack(&world, number, "officer"), OUTCOME_OK);
	assert_int_equal(ack(&world, number, "officer"), OUTCOME_UNCHANGED);
	assert_int_equal(ack(&world, 0, "officer"), OUTCOME_UNCHANGED);
	assert_int_equal(incident_of(&world, number)->acked_ms, world.now_ms);
	assert_int_equal(incident_of(&world, number)->acked_by, query_text_find(world.core, t("officer")));
	assert_int_equal(desk_of(&world)->since_ms, 0);
	pass(&world, 10 * MINUTE_MS);
	assert_int_equal(world_seen_count(&world, EFFECT_BELL), 0);
	/* What comes anew rings anew, from one. */
	world_raise(&world, "cam-far", smoke);
	assert_int_equal(world_seen(&world, EFFECT_BELL, 0)->u.bell.ring, 1);
	world_close(&world);
}

static void two_that_wait_ring_as_one(void **state)
{
	struct world world;

	(void)state;
	begin(&world);
	uint32_t first = world_raise(&world, "cam-1", "alarm.other");

	pass(&world, 30 * SECOND_MS);
	uint32_t second = world_raise(&world, "cam-far", "alarm.other");

	assert_int_equal(world_seen_count(&world, EFFECT_BELL), 0); /* it rings already */
	pass(&world, 30 * SECOND_MS);
	assert_int_equal(world_seen(&world, EFFECT_BELL, 0)->u.bell.count, 2);
	assert_int_equal(ack(&world, first, "officer"), OUTCOME_OK);
	assert_int_equal(desk_of(&world)->since_ms, incident_of(&world, second)->alert_ms);
	pass(&world, MINUTE_MS);
	assert_int_equal(world_seen(&world, EFFECT_BELL, 0)->u.bell.count, 1);
	assert_int_equal(ack(&world, second, "officer"), OUTCOME_OK);
	pass(&world, 10 * MINUTE_MS);
	assert_int_equal(world_seen_count(&world, EFFECT_BELL), 0);
	world_raise(&world, "cam-1", "alarm.third");
	world_raise(&world, "cam-far", "alarm.third");
	assert_int_equal(desk_of(&world)->waiting, 2);
	assert_int_equal(ack(&world, 0, "officer"), OUTCOME_OK); /* all at once, in one row */
	assert_int_equal(desk_of(&world)->waiting, 0);
	assert_true(core_due_ms(world.core) > world.now_ms + MINUTE_MS);
	world_close(&world);
}

static uint32_t open_by_hand(struct world *world, const char *type)
{
	assert_int_equal(world_put(world, (struct event){.kind = EVENT_OPEN,
						  .by = t("officer"),
						  .u.open = {.type = t(type), .grid = t("G1")}}),
		OUTCOME_OK);
	return world->seen[0].u.result.number;
}

static void what_a_person_opens_is_known_until_it_goes_wrong(void **state)
{
	struct world world;

	(void)state;
	begin(&world);
	uint32_t first = open_by_hand(&world, "fire");

	assert_int_equal(incident_of(&world, first)->alert, 0);
	assert_int_equal(world_seen_count(&world, EFFECT_BELL), 0);
	world_say(&world, first, "fire-1", ANSWER_ACCEPT);
	uint32_t second = open_by_hand(&world, "fire"); /* the one crew is out */

	assert_int_equal(incident_of(&world, second)->alert, 1 << ALERT_SHORT);
	assert_int_equal(world_seen_count(&world, EFFECT_BELL), 1);
	/* A shortage that goes on is the same one. */
	assert_int_equal(ack(&world, second, "officer"), OUTCOME_OK);
	pass(&world, 10 * MINUTE_MS - SECOND_MS);
	assert_int_equal(incident_of(&world, second)->alert & 1 << ALERT_SHORT, 0);
	world_close(&world);
}

static bool was_the_last(const struct world *world, uint8_t cause)
{
	const struct effect *effect;

	for (uint32_t index = 0; (effect = world_seen(world, EFFECT_ALERT, index)) != NULL; index++)
		if (effect->u.alert.cause == cause && effect->u.alert.to == ALERT_ENDED)
			return effect->u.alert.last;
	fail_msg("no alert has ended");
	return false;
}

/* An alert that ends by itself says whether anything still waits: who sees all the rest has not seen that case. */
static void the_end_of_an_alert_says_whether_it_was_the_last(void **state)
{
	struct world world;

	(void)state;
	begin(&world);
	world_say(&world, world_raise(&world, "cam-1", smoke), "fire-1", ANSWER_ACCEPT);
	uint32_t opened = world_raise(&world, "cam-far", smoke);
	uint32_t by_hand = open_by_hand(&world, "fire");

	assert_int_equal(incident_of(&world, by_hand)->alert, 1 << ALERT_SHORT);
	world_unit(&world, "fire-2", "fire", 5100, 0);
	pass(&world, 90 * SECOND_MS);
	assert_false(stands(&world, opened, ALERT_SHORT));
	assert_false(was_the_last(&world, ALERT_SHORT));
	world_unit(&world, "fire-3", "fire", 5100, 0);
	pass(&world, 90 * SECOND_MS);
	assert_int_equal(incident_of(&world, by_hand)->alert, 0);
	assert_true(was_the_last(&world, ALERT_SHORT));
	world_close(&world);
}

static void a_shortage_that_is_filled_ends_its_alert(void **state)
{
	struct world world;

	(void)state;
	begin(&world);
	world_say(&world, world_raise(&world, "cam-1", smoke), "fire-1", ANSWER_ACCEPT);
	uint32_t second = world_raise(&world, "cam-far", smoke);

	assert_true(stands(&world, second, ALERT_SHORT));
	world_unit(&world, "fire-2", "fire", 5100, 0);
	pass(&world, 90 * SECOND_MS);
	assert_true(world_sent(&world, second, "fire-2"));
	assert_false(stands(&world, second, ALERT_SHORT));
	assert_true(stands(&world, second, ALERT_OPENED));
	world_close(&world);
}

static void what_is_held_rings_until_confirmed(void **state)
{
	struct world world;
	struct playbook_def def = plan_for("smoke", smoke, "fire");

	(void)state;
	plan_send(&def, "fire", 1);
	def.release = RELEASE_CONFIRM;
	def.confirm_ms = 90 * SECOND_MS;
	def.confirm_dispatch = true;
	begin_with(&world, &def);
	uint32_t first = world_raise(&world, "cam-1", smoke);

	assert_int_equal(incident_of(&world, first)->alert, 1 << ALERT_OPENED | 1 << ALERT_HELD);
	assert_int_equal(world_act(&world, first, ACT_CONFIRM), OUTCOME_OK);
	assert_int_equal(incident_of(&world, first)->alert, 0);
	assert_int_equal(incident_of(&world, first)->acked_ms, world.now_ms);
	/* By the clock: it is held no more, and still nobody has seen it. */
	uint32_t second = world_raise(&world, "cam-far", smoke);

	pass(&world, 90 * SECOND_MS);
	assert_true(stands(&world, second, ALERT_OPENED));
	assert_false(stands(&world, second, ALERT_HELD));
	world_close(&world);
}

static void a_missed_clock_rings(void **state)
{
	struct world world;

	(void)state;
	begin(&world);
	uint32_t number = world_raise(&world, "cam-1", smoke);

	world_say(&world, number, "fire-1", ANSWER_ACCEPT);
	ack(&world, number, "officer");
	pass(&world, 24 * HOUR_MS);
	assert_true(stands(&world, number, ALERT_LATE));
	world_close(&world);
}

static void a_second_alarm_rings(void **state)
{
	struct world world;
	struct playbook_def def = plan_for("smoke", smoke, "fire");

	(void)state;
	def.upgrade_sensors = 2;
	def.upgrade_ms = 10 * MINUTE_MS;
	def.upgrade_to = 2;
	begin_with(&world, &def);
	uint32_t number = world_raise(&world, "cam-1", smoke);

	ack(&world, number, "officer");
	assert_int_equal(world_raise(&world, "cam-2", smoke), number);
	assert_int_equal(incident_of(&world, number)->alert, 1 << ALERT_LEVEL);
	world_close(&world);
}

static void who_is_not_reached_rings(void **state)
{
	struct world world;
	struct playbook_def def = plan_for("smoke", smoke, "fire");

	(void)state;
	plan_notify(&def, WHO_COMMITTEE);
	begin_with(&world, &def);
	uint32_t number = world_raise(&world, "cam-1", smoke);

	ack(&world, number, "officer");
	pass(&world, 2 * HOUR_MS);
	assert_true(stands(&world, number, ALERT_UNREACHED));
	world_close(&world);
}

static void what_fails_rings(void **state)
{
	struct world world;
	struct playbook_def def = plan_for("smoke", smoke, "fire");

	(void)state;
	plan_send(&def, "fire", 1);
	plan_action(&def, "speaker", "say");
	begin_with(&world, &def);
	world_device(&world, "horn", "speaker", "say", 10, true);
	uint32_t number = world_raise(&world, "cam-1", smoke);

	ack(&world, number, "officer");
	pass(&world, 30 * SECOND_MS); /* the action had no effect */
	assert_int_equal(incident_of(&world, number)->alert, 1 << ALERT_FAILED);
	ack(&world, number, "officer");
	world_say(&world, number, "fire-1", ANSWER_ACCEPT);
	assert_int_equal(incident_of(&world, number)->alert, 0);
	world_say(&world, number, "fire-1", ANSWER_FAILED); /* a crew broke down */
	assert_true(stands(&world, number, ALERT_FAILED));
	world_close(&world);
}

static void the_end_of_an_incident_ends_its_alert(void **state)
{
	struct world world;

	(void)state;
	begin(&world);
	uint32_t number = world_raise(&world, "cam-1", smoke);

	assert_int_equal(world_act_by(&world, number, ACT_CANCEL, DISPOSITION_NONE, ""), OUTCOME_OK);
	assert_int_equal(incident_of(&world, number)->alert, 0);
	assert_int_equal(incident_of(&world, number)->acked_ms, 0); /* nobody has seen it */
	assert_int_equal(desk_of(&world)->waiting, 0);
	assert_int_equal(desk_of(&world)->bell_ms, 0);
	world_close(&world);
}

static void an_act_upon_an_incident_is_seeing_it(void **state)
{
	struct world world;

	(void)state;
	begin(&world);
	uint32_t first = world_raise(&world, "cam-1", smoke), second = world_raise(&world, "cam-far", smoke);

	assert_int_equal(world_act(&world, first, ACT_NOTE), OUTCOME_OK);
	assert_false(incident_of(&world, first)->waiting);
	assert_true(incident_of(&world, second)->waiting);
	assert_int_equal(world_act_by(&world, second, ACT_NOTE, 0, ""), OUTCOME_OK);
	assert_true(incident_of(&world, second)->waiting); /* nobody in particular */
	world_close(&world);
}

int main(void)
{
	const struct CMUnitTest nights[] = {
		cmocka_unit_test(who_signs_on_is_on_duty),
		cmocka_unit_test(a_name_that_several_bear_names_nobody),
		cmocka_unit_test(the_last_one_says_why),
		cmocka_unit_test(a_hand_over_is_one_decision),
		cmocka_unit_test(who_leaves_the_town_leaves_the_desk),
		cmocka_unit_test(who_is_on_shift_is_told),
		cmocka_unit_test(an_alert_rings_until_a_person_has_seen_it),
		cmocka_unit_test(two_that_wait_ring_as_one),
		cmocka_unit_test(what_a_person_opens_is_known_until_it_goes_wrong),
		cmocka_unit_test(the_end_of_an_alert_says_whether_it_was_the_last),
		cmocka_unit_test(a_shortage_that_is_filled_ends_its_alert),
		cmocka_unit_test(what_is_held_rings_until_confirmed),
		cmocka_unit_test(a_missed_clock_rings),
		cmocka_unit_test(a_second_alarm_rings),
		cmocka_unit_test(who_is_not_reached_rings),
		cmocka_unit_test(what_fails_rings),
		cmocka_unit_test(the_end_of_an_incident_ends_its_alert),
		cmocka_unit_test(an_act_upon_an_incident_is_seeing_it),
	};
	int failed = cmocka_run_group_tests_name("as it is", nights, NULL, NULL);

	with_restarts = true;
	return failed + cmocka_run_group_tests_name("with restarts", nights, NULL, NULL);
}
