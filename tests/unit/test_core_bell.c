/* test_core_bell: nobody answers: the bell that climbs, storms, and presence checks; under the virtual clock. */
#include "desk_world.h"

/* --- storms -------------------------------------------------------------------------------- */

static void a_storm_is_one_row_a_minute(void **state)
{
	enum { STORM = 5000 };
	struct world world;
	struct core_limits limits = world_limits();

	(void)state;
	limits.max[TABLE_INCIDENT] = STORM + 1000;
	limits.max[TABLE_IDENTITY] = 2 * STORM;
	world_open(&world, &limits);
	world_settle(&world);
	world.seen_count = 0;
	for (uint32_t index = 0; index < STORM; index++) {
		struct event alarm = alarm_event(&world, "cam-1", smoke, ALARM_RAISED);

		alarm.u.alarm.has_place = true;
		alarm.u.alarm.place = place_at((int64_t)index % 100 * 1000, (int64_t)index / 100 * 1000);
		world_run(&world, &alarm);
		world_note(&world);
		world_tick(&world);
		world.seen_count = index == 0 ? world.seen_count : 0;
		assert_int_equal(world_seen_count(&world, EFFECT_BELL), index == 0);
	}
	assert_int_equal(desk_of(&world)->waiting, STORM);
	world_wait(&world, 55 * SECOND_MS);
	uint64_t rows = world.seq;

	world_wait(&world, 10 * SECOND_MS);
	assert_int_equal(world.seq, rows + 1);
	assert_int_equal(world_seen(&world, EFFECT_BELL, 0)->u.bell.count, STORM);
	assert_int_equal(ack(&world, 0, "officer"), OUTCOME_OK);
	assert_int_equal(desk_of(&world)->waiting, 0);
	assert_int_equal(core_digest(world.core), core_digest_full(world.core));
	world_close(&world);
}

/* --- nobody answers ----------------------------------------------------------------------------------- */

static uint32_t climbs(const struct world *world)
{
	uint32_t rung = 0;

	for (uint32_t at = 0; at < world->seen_count; at++)
		if (world->seen[at].kind == EFFECT_BELL && world->seen[at].u.bell.climb != 0)
			rung = world->seen[at].u.bell.climb;
	return rung;
}

static void silence_climbs_rung_by_rung(void **state)
{
	static const char *const who[] = {"leader", "office", "committee"};
	struct world world;

	(void)state;
	begin(&world);
	uint32_t number = world_raise(&world, "cam-far", "alarm.other"); /* nothing is planned for it */

	pass(&world, 4 * MINUTE_MS); /* five rings */
	assert_int_equal(climbs(&world), 0);
	for (uint32_t rung = 0; rung < 3; rung++) {
		pass(&world, MINUTE_MS);
		assert_int_equal(climbs(&world), rung + 1);
		assert_int_equal(world_seen_count(&world, EFFECT_NOTICE), 1);
		assert_int_equal(told(&world, who[rung]), 1);
		assert_int_equal(world_seen(&world, EFFECT_NOTICE, 0)->u.notice.step, STEP_DESK);
		assert_int_equal(world_seen(&world, EFFECT_NOTICE, 0)->u.notice.incident, number);
		pass(&world, 4 * MINUTE_MS);
		assert_int_equal(world_seen_count(&world, EFFECT_NOTICE), 0);
	}
	pass(&world, 20 * MINUTE_MS);
	assert_int_equal(world_seen_count(&world, EFFECT_NOTICE), 0); /* each rung once a silence */
	assert_int_equal(world_seen_count(&world, EFFECT_BELL), 20);
	/* Somebody comes: the calls end; what waits rings on, and may climb again. */
	assert_int_equal(shift(&world, SHIFT_PRESENT, "officer", "", ""), OUTCOME_OK);
	assert_int_equal(world_seen_count(&world, EFFECT_NOTICE_STATE), 3);
	assert_int_equal(
		world_seen_count(&world, EFFECT_TASK_STATE) + 1, 3); /* the leader's went to the terminal */
	assert_true(incident_of(&world, number)->waiting);
	pass(&world, 5 * MINUTE_MS);
	assert_int_equal(climbs(&world), 0);
	pass(&world, MINUTE_MS);
	assert_int_equal(climbs(&world), 1);
	assert_int_equal(ack(&world, number, "officer"), OUTCOME_OK);
	pass(&world, 10 * MINUTE_MS);
	assert_int_equal(world_seen_count(&world, EFFECT_BELL), 0);
	world_close(&world);
}

/* A call to somebody lies on the very desk that is empty: the silence goes up to the first who has a terminal, at once. */
static void silence_goes_up_to_a_terminal(void **state)
{
	struct world world;

	(void)state;
	begin(&world);
	world_link(&world, TARGET_UNIT, "fire-1", false); /* the leader's */
	world_person(&world, "chief", WHO_COMMITTEE, "");
	world_put(&world, (struct event){.kind = EVENT_UNIT,
				  .u.unit = {.id = t("chief-car"),
					  .name = t("chief-car"),
					  .skills = t("command"),
					  .leader = t("chief"),
					  .home = place_at(100, 0),
					  .speed_mm_s = WORLD_SPEED_MM_S,
					  .members = 1,
					  .terminal = true}});
	world_link(&world, TARGET_UNIT, "chief-car", true);
	world_raise(&world, "cam-far", "alarm.other");
	pass(&world, 5 * MINUTE_MS);
	assert_int_equal(climbs(&world), 3);
	assert_int_equal(told(&world, "leader") + told(&world, "office") + told(&world, "committee"), 3);
	assert_int_equal(told(&world, "chief"), 1);
	assert_int_equal(world_seen_count(&world, EFFECT_TASK), 3);
	pass(&world, 20 * MINUTE_MS);
	assert_int_equal(world_seen_count(&world, EFFECT_NOTICE), 0);
	assert_int_equal(shift(&world, SHIFT_PRESENT, "officer", "", ""), OUTCOME_OK);
	assert_int_equal(world_seen_count(&world, EFFECT_NOTICE_STATE), 4);
	world_close(&world);
}

/* The case for which people were called is over; the others still wait, so the silence climbs for them. */
static void the_end_of_one_case_does_not_end_the_silence(void **state)
{
	struct world world;

	(void)state;
	begin(&world);
	uint32_t urgent = world_raise(&world, "cam-1", smoke);
	uint32_t other = world_raise(&world, "cam-far", "alarm.other");

	assert_int_equal(world_say(&world, urgent, "fire-1", ANSWER_ARRIVED), OUTCOME_OK);
	pass(&world, 16 * MINUTE_MS);
	assert_int_equal(desk_of(&world)->climbed, 3);
	assert_int_equal(world_say(&world, urgent, "fire-1", ANSWER_DONE), OUTCOME_OK);
	assert_int_equal(incident_of(&world, urgent)->state, INCIDENT_DONE_REPORTED);
	assert_true(world_seen_count(&world, EFFECT_NOTICE_STATE) >= 3);
	assert_true(incident_of(&world, other)->waiting);
	pass(&world, 7 * MINUTE_MS);
	assert_int_equal(climbs(&world), 1);
	assert_int_equal(told(&world, "leader"), 1);
	pass(&world, 10 * MINUTE_MS);
	assert_int_equal(told(&world, "committee"), 1);
	world_close(&world);
}

static void any_command_shows_that_somebody_is_there(void **state)
{
	struct world world;

	(void)state;
	begin(&world);
	world_raise(&world, "cam-far", "alarm.other");
	for (uint32_t times = 0; times < 5; times++) {
		pass(&world, 3 * MINUTE_MS);
		assert_int_equal(world_put(&world, (struct event){.kind = EVENT_UNIT_SET,
							   .by = t("officer"),
							   .u.unit_set = {.unit = t("fire-1"),
								   .state = times % 2 ? UNIT_AVAILABLE
										      : UNIT_RESERVED}}),
			OUTCOME_OK);
		assert_int_equal(desk_of(&world)->seen_ms, world.now_ms);
		assert_int_equal(desk_of(&world)->rings, 0);
	}
	assert_int_equal(desk_of(&world)->climbed, 0);
	/* A terminal's word is not the desk's. */
	int64_t seen_ms = desk_of(&world)->seen_ms;

	pass(&world, 4 * MINUTE_MS);
	world_status(&world, "fire-1", UNIT_RESERVED);
	assert_int_equal(desk_of(&world)->seen_ms, seen_ms);
	pass(&world, 3 * MINUTE_MS);
	assert_int_equal(desk_of(&world)->climbed, 1);
	world_close(&world);
}

static void a_rung_of_nobody_is_passed_over(void **state)
{
	struct world world;

	(void)state;
	begin(&world);
	world_leave(&world, "leader");
	world_raise(&world, "cam-far", "alarm.other");
	pass(&world, 5 * MINUTE_MS);
	assert_int_equal(climbs(&world), 2);
	assert_int_equal(told(&world, "office"), 1);
	world_close(&world);
}

static void a_bell_that_was_late_rings_once(void **state)
{
	struct world world;

	(void)state;
	begin(&world);
	world_raise(&world, "cam-far", "alarm.other");
	world.now_ms += HOUR_MS; /* the machine was off */
	world.seen_count = 0;
	world_tick(&world);
	assert_int_equal(world_seen_count(&world, EFFECT_BELL), 1);
	assert_int_equal(desk_of(&world)->bell_ms, world.now_ms + MINUTE_MS);
	/* The wall clock may jump; the bell does not. */
	world_put(&world, (struct event){.kind = EVENT_CLOCK,
				  .u.clock = {.wall_ms = world.now_ms - 5 * HOUR_MS, .rate_milli = 1000}});
	assert_int_equal(world_seen_count(&world, EFFECT_BELL), 0);
	pass(&world, MINUTE_MS);
	assert_int_equal(world_seen_count(&world, EFFECT_BELL), 1);
	world_close(&world);
}

static void rules_of_the_bell(struct core_rules *rules)
{
	rules->bell_ms = 10 * SECOND_MS;
	rules->bell_rings = 2;
}

static void the_town_says_how_often(void **state)
{
	struct world world;

	(void)state;
	world_rules = rules_of_the_bell;
	begin(&world);
	world_raise(&world, "cam-far", "alarm.other");
	pass(&world, 10 * SECOND_MS);
	assert_int_equal(world_seen_count(&world, EFFECT_BELL), 1);
	assert_int_equal(climbs(&world), 0);
	pass(&world, 10 * SECOND_MS);
	assert_int_equal(climbs(&world), 1);
	world_close(&world);
	world_rules = NULL;
}

/* --- presence ----------------------------------------------------------------------------------------- */

static void rules_of_presence(struct core_rules *rules)
{
	rules->presence_ms = 30 * MINUTE_MS;
	rules->presence_answer_ms = 2 * MINUTE_MS;
}

static bool presence_stands(const struct world *world)
{
	return desk_of(world)->own == 1u << ALERT_PRESENCE;
}

static void who_is_on_shift_is_asked(void **state)
{
	struct world world;

	(void)state;
	world_rules = rules_of_presence;
	begin(&world);
	pass(&world, 2 * HOUR_MS);
	assert_int_equal(desk_of(&world)->own, 0); /* nobody is on shift */
	shift(&world, SHIFT_ON, "officer", "", "");
	pass(&world, 20 * MINUTE_MS);
	assert_int_equal(
		world_send(&world, 1, "fire-1", false), OUTCOME_NOT_FOUND); /* refused: not recorded */
	assert_int_equal(world_put(&world, (struct event){.kind = EVENT_DEVICE_SET,
						   .by = t("officer"),
						   .u.device_set = {.device = t("cam-1")}}),
		OUTCOME_OK);
	pass(&world, 29 * MINUTE_MS);
	assert_false(presence_stands(&world));
	pass(&world, MINUTE_MS); /* 30 minutes after the last word */
	assert_true(presence_stands(&world));
	assert_int_equal(world_seen_count(&world, EFFECT_BELL), 1);
	assert_int_equal(desk_of(&world)->since_ms, world.now_ms);
	assert_int_equal(shift(&world, SHIFT_PRESENT, "officer", "", ""), OUTCOME_OK);
	assert_int_equal(desk_of(&world)->own, 0);
	assert_int_equal(desk_of(&world)->missed, 0);
	assert_int_equal(desk_of(&world)->presence_ms, world.now_ms + 30 * MINUTE_MS);
	pass(&world, 29 * MINUTE_MS);
	assert_int_equal(world_seen_count(&world, EFFECT_BELL), 0);
	/* Nobody is asked once the last has gone. */
	assert_int_equal(shift(&world, SHIFT_OFF, "officer", "", ""), OUTCOME_OK);
	assert_int_equal(desk_of(&world)->presence_ms, 0);
	pass(&world, 3 * HOUR_MS);
	assert_int_equal(desk_of(&world)->own, 0);
	world_close(&world);
	world_rules = NULL;
}

/* The officer on shift is asked whether anybody is there. */
static void begin_asked(struct world *world)
{
	world_rules = rules_of_presence;
	begin(world);
	shift(world, SHIFT_ON, "officer", "", "");
	pass(world, 30 * MINUTE_MS);
}

static void who_does_not_say_so_is_asked_for_above(void **state)
{
	struct world world;

	(void)state;
	begin_asked(&world);
	assert_true(presence_stands(&world));
	pass(&world, 2 * MINUTE_MS);
	assert_int_equal(climbs(&world), 1);
	assert_int_equal(told(&world, "leader"), 1);
	assert_int_equal(
		world_seen(&world, EFFECT_NOTICE, 0)->u.notice.incident, 0); /* only the desk itself */
	pass(&world, 2 * MINUTE_MS);
	assert_int_equal(told(&world, "office"), 1);
	const struct effect *call = world_seen(&world, EFFECT_TASK, 0);

	assert_non_null(call);
	uint32_t task = call->u.task.number, notice = call->u.task.notice;

	pass(&world, 2 * MINUTE_MS);
	assert_int_equal(told(&world, "committee"), 1);
	pass(&world, HOUR_MS);
	assert_int_equal(world_seen_count(&world, EFFECT_NOTICE), 0);
	assert_int_equal(world_seen_count(&world, EFFECT_BELL), 60);
	/* The call to the office is done: its notice is answered; and whoever wrote that down is there. */
	assert_int_equal(world_put(&world, (struct event){.kind = EVENT_TASK,
						   .by = t("officer"),
						   .u.task = {.task = task, .state = TASK_DONE}}),
		OUTCOME_OK);
	const struct notice *answered =
		query_at(world.core, TABLE_NOTICE, query_slot(world.core, TABLE_NOTICE, notice));

	assert_int_equal(answered->state, NOTICE_ANSWERED);
	assert_int_equal(desk_of(&world)->own, 0);
	assert_int_equal(desk_of(&world)->climbed, 0);
	assert_int_equal(core_due_ms(world.core), world.now_ms + 30 * MINUTE_MS);
	for (uint32_t slot = 1; slot <= query_used(world.core, TABLE_NOTICE); slot++) {
		const struct notice *other = query_at(world.core, TABLE_NOTICE, slot);

		assert_true(other == answered || other->state == NOTICE_ENDED); /* the silence is over */
	}
	for (uint32_t slot = 1; slot <= query_used(world.core, TABLE_TASK); slot++)
		assert_true(
			((const struct task *)query_at(world.core, TABLE_TASK, slot))->state >= TASK_DONE);
	world_close(&world);
	world_rules = NULL;
}

static void seeing_everything_answers_the_question_too(void **state)
{
	struct world world;

	(void)state;
	begin_asked(&world);
	uint32_t number = world_raise(&world, "cam-far", "alarm.other");

	assert_int_equal(ack(&world, 0, "officer"), OUTCOME_OK);
	assert_false(incident_of(&world, number)->waiting);
	assert_int_equal(desk_of(&world)->own, 0);
	assert_int_equal(desk_of(&world)->presence_ms, world.now_ms + 30 * MINUTE_MS);
	assert_int_equal(desk_of(&world)->bell_ms, 0);
	world_close(&world);
	world_rules = NULL;
}

int main(void)
{
	const struct CMUnitTest nights[] = {
		cmocka_unit_test(silence_climbs_rung_by_rung),
		cmocka_unit_test(silence_goes_up_to_a_terminal),
		cmocka_unit_test(the_end_of_one_case_does_not_end_the_silence),
		cmocka_unit_test(any_command_shows_that_somebody_is_there),
		cmocka_unit_test(a_rung_of_nobody_is_passed_over),
		cmocka_unit_test(a_bell_that_was_late_rings_once),
		cmocka_unit_test(the_town_says_how_often),
		cmocka_unit_test(who_is_on_shift_is_asked),
		cmocka_unit_test(who_does_not_say_so_is_asked_for_above),
		cmocka_unit_test(seeing_everything_answers_the_question_too),
	};
	const struct CMUnitTest storm[] = {cmocka_unit_test(a_storm_is_one_row_a_minute)};
	int failed = cmocka_run_group_tests_name("as it is", nights, NULL, NULL);

	with_restarts = true;
	failed += cmocka_run_group_tests_name("with restarts", nights, NULL, NULL);
	return failed + cmocka_run_group_tests_name("storm", storm, NULL, NULL);
}
