/* test_core_desk: the desk watches itself: shifts, alerts, the bell that climbs, presence; under the virtual clock. */
#include "core_world.h"

static const char *const smoke = "alarm.fire.smoke";

/* Every night is played twice: as it is, and with a restart from an image after each of its steps. */
static bool with_restarts;

static void restart(struct world *world)
{
	struct core_section section[CORE_SECTIONS_MAX];
	struct core_limits limits = world_limits();
	uint32_t count = core_save(world->core, section);
	int64_t due_ms = core_due_ms(world->core);
	uint64_t digest = core_digest(world->core);
	void *memory = NULL;
	struct core *core = world_core(&limits, &memory);

	assert_int_equal(core_load(core, section, count), DISP_OK);
	assert_int_equal(core_digest(core), digest);
	assert_int_equal(core_due_ms(core), due_ms);
	free(world->memory);
	world->memory = memory;
	world->core = core;
}

static void pass(struct world *world, int64_t ms)
{
	world_wait(world, ms);
	if (with_restarts)
		restart(world);
}

static const struct desk *desk_of(const struct world *world)
{
	return &query_town(world->core)->desk;
}

static uint32_t shift(struct world *world, uint8_t act, const char *by, const char *person, const char *note)
{
	return world_put(
		world, (struct event){.kind = EVENT_SHIFT,
			       .by = t(by),
			       .u.shift = {.act = act, .person = t(person), .to = t(""), .note = t(note)}});
}

static uint32_t hand_over(struct world *world, const char *from, const char *to)
{
	return world_put(world,
		(struct event){
			.kind = EVENT_SHIFT, .by = t(from), .u.shift = {.act = SHIFT_HANDOVER, .to = t(to)}});
}

static uint32_t ack(struct world *world, uint32_t incident, const char *by)
{
	return world_put(
		world, (struct event){.kind = EVENT_ACK, .by = t(by), .u.ack = {.incident = incident}});
}

static const struct person *person_of(const struct world *world, const char *id)
{
	return query_at(world->core, TABLE_PERSON, query_find(world->core, TABLE_PERSON, t(id)));
}

static bool stands(const struct world *world, uint32_t incident, enum alert cause)
{
	return (incident_of(world, incident)->alert >> cause & 1) != 0;
}

/* A fire crew, so that smoke at cam-1 sends one; cam-far raises what nobody is needed for. */
static void begin_with(struct world *world, struct playbook_def *def)
{
	world_begin(world);
	world_unit(world, "fire-1", "fire", 100, 0);
	world_playbook(world, def);
}

static void begin(struct world *world)
{
	struct playbook_def def = plan_for("smoke", smoke, "fire");

	plan_send(&def, "fire", 1);
	begin_with(world, &def);
}

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
	world_put(&world,
		(struct event){.kind = EVENT_RETIRE, .u.retire = {.id = t("officer"), .what = EVENT_PERSON}});
	assert_int_equal(desk_of(&world)->on_duty, 0);
	assert_int_equal(shift(&world, SHIFT_ON, "leader", "officer", ""), OUTCOME_NOT_FOUND);
	world_close(&world);
}

static uint32_t told(struct world *world, const char *id)
{
	uint32_t count = 0, person = query_find(world->core, TABLE_PERSON, t(id));

	for (uint32_t at = 0; at < world->seen_count; at++)
		count += world->seen[at].kind == EFFECT_NOTICE && world->seen[at].u.notice.person == person;
	return count;
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
	world_put(&world,
		(struct event){.kind = EVENT_RETIRE, .u.retire = {.id = t("leader"), .what = EVENT_PERSON}});
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

static void who_does_not_say_so_is_asked_for_above(void **state)
{
	struct world world;

	(void)state;
	world_rules = rules_of_presence;
	begin(&world);
	shift(&world, SHIFT_ON, "officer", "", "");
	pass(&world, 30 * MINUTE_MS);
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
	assert_int_equal(query_slot(world.core, TABLE_NOTICE, notice), 0);
	assert_int_equal(query_slot(world.core, TABLE_TASK, task), 0);
	assert_int_equal(desk_of(&world)->own, 0);
	assert_int_equal(desk_of(&world)->climbed, 0);
	assert_int_equal(core_due_ms(world.core), world.now_ms + 30 * MINUTE_MS);
	for (uint32_t slot = 1; slot <= query_used(world.core, TABLE_NOTICE); slot++)
		assert_null(query_at(world.core, TABLE_NOTICE, slot)); /* nothing is left of the silence */
	for (uint32_t slot = 1; slot <= query_used(world.core, TABLE_TASK); slot++)
		assert_null(query_at(world.core, TABLE_TASK, slot));
	world_close(&world);
	world_rules = NULL;
}

static void seeing_everything_answers_the_question_too(void **state)
{
	struct world world;

	(void)state;
	world_rules = rules_of_presence;
	begin(&world);
	shift(&world, SHIFT_ON, "officer", "", "");
	pass(&world, 30 * MINUTE_MS);
	uint32_t number = world_raise(&world, "cam-far", "alarm.other");

	assert_int_equal(ack(&world, 0, "officer"), OUTCOME_OK);
	assert_false(incident_of(&world, number)->waiting);
	assert_int_equal(desk_of(&world)->own, 0);
	assert_int_equal(desk_of(&world)->presence_ms, world.now_ms + 30 * MINUTE_MS);
	assert_int_equal(desk_of(&world)->bell_ms, 0);
	world_close(&world);
	world_rules = NULL;
}

#define NIGHTS                                                                                               \
	cmocka_unit_test(who_signs_on_is_on_duty), cmocka_unit_test(a_name_that_several_bear_names_nobody),  \
		cmocka_unit_test(the_last_one_says_why), cmocka_unit_test(a_hand_over_is_one_decision),      \
		cmocka_unit_test(who_leaves_the_town_leaves_the_desk),                                       \
		cmocka_unit_test(who_is_on_shift_is_told),                                                   \
		cmocka_unit_test(an_alert_rings_until_a_person_has_seen_it),                                 \
		cmocka_unit_test(two_that_wait_ring_as_one),                                                 \
		cmocka_unit_test(what_a_person_opens_is_known_until_it_goes_wrong),                          \
		cmocka_unit_test(a_shortage_that_is_filled_ends_its_alert),                                  \
		cmocka_unit_test(what_is_held_rings_until_confirmed),                                        \
		cmocka_unit_test(a_missed_clock_rings), cmocka_unit_test(a_second_alarm_rings),              \
		cmocka_unit_test(who_is_not_reached_rings), cmocka_unit_test(what_fails_rings),              \
		cmocka_unit_test(the_end_of_an_incident_ends_its_alert),                                     \
		cmocka_unit_test(an_act_upon_an_incident_is_seeing_it),                                      \
		cmocka_unit_test(silence_climbs_rung_by_rung),                                               \
		cmocka_unit_test(any_command_shows_that_somebody_is_there),                                  \
		cmocka_unit_test(a_rung_of_nobody_is_passed_over),                                           \
		cmocka_unit_test(a_bell_that_was_late_rings_once),                                           \
		cmocka_unit_test(the_town_says_how_often), cmocka_unit_test(who_is_on_shift_is_asked),       \
		cmocka_unit_test(who_does_not_say_so_is_asked_for_above),                                    \
		cmocka_unit_test(seeing_everything_answers_the_question_too)

int main(void)
{
	const struct CMUnitTest nights[] = {NIGHTS};
	const struct CMUnitTest storm[] = {cmocka_unit_test(a_storm_is_one_row_a_minute)};
	int failed = cmocka_run_group_tests_name("as it is", nights, NULL, NULL);

	with_restarts = true;
	failed += cmocka_run_group_tests_name("with restarts", nights, NULL, NULL);
	return failed + cmocka_run_group_tests_name("storm", storm, NULL, NULL);
}
