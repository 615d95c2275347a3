/* test_core_paper: what people write down (facts, reports, cases run on paper), evidence, and slow clocks. */
#include "core_world.h"

static const char *const smoke = "alarm.fire.smoke";

static void begin_with(struct world *world, struct playbook_def *def)
{
	world_begin(world);
	world_unit(world, "fire-1", "fire", 1000, 0);
	plan_send(def, "fire", 1);
	plan_notify(def, WHO_GRID_HEAD);
	world_playbook(world, def);
}

static void begin(struct world *world)
{
	struct playbook_def def = plan_for("smoke", smoke, "fire");

	begin_with(world, &def);
}

static uint32_t act_on(
	struct world *world, uint32_t incident, uint8_t act, const char *note, const char *reference)
{
	return world_put(world, (struct event){.kind = EVENT_ACT,
					.by = t("office"),
					.u.act = {.incident = incident,
						.act = act,
						.reason = t(note),
						.evidence = t(reference)}});
}

/* --- evidence -------------------------------------------------------------------------------------- */

static void with_evidence(struct core_rules *rules)
{
	rules->evidence = true;
}

static void begin_strict(struct world *world)
{
	world_rules = with_evidence;
	begin(world);
	world_rules = NULL;
}

static void without_the_rule_it_is_taken_and_marked(void **state)
{
	struct world world;

	(void)state;
	begin(&world);
	uint32_t number = world_raise(&world, "cam-1", smoke);

	assert_int_equal(world_act(&world, number, ACT_DONE), OUTCOME_OK);
	assert_int_equal(act_on(&world, number, ACT_VERIFY, "", ""), OUTCOME_OK);
	assert_int_equal(world_seen(&world, EFFECT_INCIDENT_STATE, 0)->u.incident_state.evidence, 0);
	world_close(&world);
}

static void a_verification_rests_on_something(void **state)
{
	struct world world;

	(void)state;
	begin_strict(&world);
	uint32_t number = world_raise(&world, "cam-1", smoke);

	assert_int_equal(world_act(&world, number, ACT_DONE), OUTCOME_OK);
	assert_int_equal(act_on(&world, number, ACT_VERIFY, "", ""), OUTCOME_NO_EVIDENCE);
	assert_int_equal(act_on(&world, number, ACT_VERIFY, "", "photo-17"), OUTCOME_OK);
	assert_int_equal(
		world_seen(&world, EFFECT_INCIDENT_STATE, 0)->u.incident_state.evidence, EVIDENCE_REFERENCE);
	assert_int_equal(incident_of(&world, number)->verified_by, query_text_find(world.core, t("office")));
	world_close(&world);
}

static void quiet_sensors_are_evidence(void **state)
{
	struct world world;

	(void)state;
	begin_strict(&world);
	uint32_t number = world_raise(&world, "cam-1", smoke);

	world_raise(&world, "cam-2", smoke);
	assert_int_equal(world_act(&world, number, ACT_DONE), OUTCOME_OK);
	world_alarm(&world, "cam-1", smoke, ALARM_CLEARED);
	assert_int_equal(act_on(&world, number, ACT_VERIFY, "", ""), OUTCOME_NO_EVIDENCE);
	world_alarm(&world, "cam-2", smoke, ALARM_CLEARED);
	assert_int_equal(act_on(&world, number, ACT_VERIFY, "", ""), OUTCOME_OK);
	assert_int_equal(
		world_seen(&world, EFFECT_INCIDENT_STATE, 0)->u.incident_state.evidence, EVIDENCE_SENSORS);
	world_close(&world);
}

static void a_failed_one_runs_on(void **state)
{
	struct world world;

	(void)state;
	begin(&world);
	uint32_t number = world_raise(&world, "cam-1", smoke);
	int64_t due_ms = clock_of(&world, number, DEADLINE_DISPOSE)->due_ms;

	world_wait(&world, HOUR_MS);
	assert_int_equal(world_act(&world, number, ACT_DONE), OUTCOME_OK);
	assert_int_equal(act_on(&world, number, ACT_VERIFY_FAILED, "", ""), OUTCOME_OK);
	assert_int_equal(clock_of(&world, number, DEADLINE_DISPOSE)->state, DEADLINE_RUNNING);
	assert_true(clock_of(&world, number, DEADLINE_DISPOSE)->due_ms == due_ms);
	assert_int_equal(clock_of(&world, number, DEADLINE_VERIFY)->state, DEADLINE_STOPPED);
	world_close(&world);
}

/* --- facts and reports ----------------------------------------------------------------------------- */

static uint32_t fact(struct world *world, uint32_t incident, const char *text, uint32_t len)
{
	return world_put(world, (struct event){.kind = EVENT_FACT,
					.by = t("officer"),
					.u.fact = {incident, FACT_CAUSE, {text, len}}});
}

static void the_latest_fact_counts(void **state)
{
	struct world world;
	static char text[3003];

	(void)state;
	begin(&world);
	uint32_t number = world_raise(&world, "cam-1", smoke);

	for (uint32_t at = 0; at + 3 <= sizeof text; at += 3)
		memcpy(text + at, "火", 3);
	assert_int_equal(fact(&world, 7, "x", 1), OUTCOME_NOT_FOUND);
	assert_int_equal(fact(&world, number, "", 0), OUTCOME_INVALID);
	assert_int_equal(fact(&world, number, text, 3003), OUTCOME_INVALID);
	assert_int_equal(fact(&world, number, text, 3000), OUTCOME_OK); /* 1,000 characters */
	uint64_t first = incident_of(&world, number)->fact_seq[FACT_CAUSE];

	assert_true(first > 0);
	assert_int_equal(fact(&world, number, "lightning", 9), OUTCOME_OK);
	assert_true(incident_of(&world, number)->fact_seq[FACT_CAUSE] > first);
	assert_true(incident_of(&world, number)->fact_seq[FACT_LOSS] == 0);
	world_close(&world);
}

static uint32_t report(struct world *world, uint32_t incident, uint8_t kind, const char *to)
{
	return world_put(world, (struct event){.kind = EVENT_REPORT,
					.by = t("officer"),
					.u.report = {incident, kind, t(to), t("")}});
}

static void reports_go_in_their_order(void **state)
{
	struct world world;

	(void)state;
	begin(&world);
	uint32_t number = world_raise(&world, "cam-1", smoke);

	assert_int_equal(report(&world, number, REPORT_FOLLOWUP, "county"), OUTCOME_WRONG_STATE);
	assert_int_equal(report(&world, number, REPORT_FIRST, ""), OUTCOME_INVALID);
	assert_int_equal(report(&world, number, REPORT_FIRST, "county"), OUTCOME_OK);
	assert_int_equal(report(&world, number, REPORT_FIRST, "county"), OUTCOME_WRONG_STATE);
	assert_int_equal(report(&world, number, REPORT_FOLLOWUP, "county"), OUTCOME_OK);
	assert_int_equal(report(&world, number, REPORT_FOLLOWUP, "county"), OUTCOME_OK);
	assert_int_equal(incident_of(&world, number)->report_count[REPORT_FOLLOWUP], 2);
	assert_int_equal(report(&world, number, REPORT_FINAL, "county"), OUTCOME_WRONG_STATE);
	assert_int_equal(world_act(&world, number, ACT_DONE), OUTCOME_OK);
	assert_int_equal(act_on(&world, number, ACT_VERIFY, "seen", ""), OUTCOME_OK);
	assert_int_equal(
		report(&world, number, REPORT_FINAL, "county"), OUTCOME_WRONG_STATE); /* not closed yet */
	assert_int_equal(world_close_case(&world, number, DISPOSITION_RESOLVED), OUTCOME_OK);
	assert_int_equal(report(&world, number, REPORT_FINAL, "county"), OUTCOME_OK);
	assert_true(incident_of(&world, number)->report_ms[REPORT_FINAL] == world.now_ms);
	world_close(&world);
}

/* --- paper ----------------------------------------------------------------------------------------- */

static struct event paper_event(const struct world *world)
{
	int64_t start_ms = world->now_ms - 10 * HOUR_MS;

	return (struct event){.kind = EVENT_PAPER,
		.by = t("officer"),
		.u.paper = {.type = t("fire"),
			.place = place_at(0, 0),
			.grid = t("G1"),
			.units = t("fire-1"),
			.done_by = t("leader"),
			.reported_ms = start_ms,
			.dispatched_ms = start_ms + MINUTE_MS,
			.arrived_ms = start_ms + 9 * MINUTE_MS,
			.done_ms = start_ms + HOUR_MS}};
}

static uint32_t bring_in(struct world *world, struct event event)
{
	assert_int_equal(world_put(world, event), OUTCOME_OK);
	return world->seen[0].u.result.number;
}

static void a_paper_goes_on_where_its_times_say(void **state)
{
	struct world world;

	(void)state;
	begin(&world);
	struct event event = paper_event(&world);
	uint32_t number = bring_in(&world, event);
	const struct incident *incident = incident_of(&world, number);

	assert_int_equal(incident->state, INCIDENT_DONE_REPORTED);
	assert_int_equal(incident->paper, PAPER_BROUGHT_IN);
	assert_true(incident->reported_ms == event.u.paper.reported_ms);
	assert_true(incident->dispatched_ms == event.u.paper.dispatched_ms);
	assert_true(incident->arrived_ms == event.u.paper.arrived_ms);
	assert_true(incident->done_ms == event.u.paper.done_ms);
	assert_true(
		clock_of(&world, number, DEADLINE_VERIFY)->due_ms == event.u.paper.done_ms + 24 * HOUR_MS);
	assert_int_equal(clock_of(&world, number, DEADLINE_VERIFY)->state, DEADLINE_RUNNING);
	assert_int_equal(clock_of(&world, number, DEADLINE_DISPOSE)->state, DEADLINE_MET);
	assert_int_equal(world_seen_count(&world, EFFECT_ORDER) + world_seen_count(&world, EFFECT_TASK) +
				 world_seen_count(&world, EFFECT_NOTICE),
		0);
	/* The one who reported it done does not verify it; somebody else does, and the case ends as any other. */
	assert_int_equal(world_act_by(&world, number, ACT_VERIFY, 0, "leader"), OUTCOME_SAME_PERSON);
	world_wait(&world, 15 * HOUR_MS);
	assert_int_equal(clock_of(&world, number, DEADLINE_VERIFY)->state, DEADLINE_LATE);
	assert_int_equal(world_act(&world, number, ACT_VERIFY), OUTCOME_OK);
	assert_int_equal(world_close_case(&world, number, DISPOSITION_RESOLVED), OUTCOME_OK);
	world_close(&world);
}

static void a_paper_that_ended_stays_out_of_the_way(void **state)
{
	struct world world;

	(void)state;
	begin(&world);
	struct event event = paper_event(&world);

	event.u.paper.verified_ms = event.u.paper.done_ms + HOUR_MS;
	event.u.paper.verified_by = t("office");
	event.u.paper.ended_ms = event.u.paper.done_ms + 2 * HOUR_MS;
	event.u.paper.disposition = DISPOSITION_RESOLVED;
	uint32_t number = bring_in(&world, event);

	assert_int_equal(incident_of(&world, number)->state, INCIDENT_CLOSED);
	assert_true(incident_of(&world, number)->ended_ms == event.u.paper.ended_ms);
	assert_true(world_raise(&world, "cam-1", smoke) != number);
	/* Taken up again it is a case like any other: its plan starts. */
	assert_int_equal(world_act(&world, number, ACT_REOPEN), OUTCOME_OK);
	assert_int_equal(incident_of(&world, number)->paper, PAPER_TAKEN_UP);
	assert_true(world_seen_count(&world, EFFECT_NEED) > 0);
	world_close(&world);
}

static void a_late_paper_is_late_and_climbs_for_what_is_open_only(void **state)
{
	struct world world;

	(void)state;
	begin(&world);
	struct event done = paper_event(&world), open = paper_event(&world);

	done.u.paper.reported_ms -= 40 * HOUR_MS;
	done.u.paper.dispatched_ms = done.u.paper.arrived_ms = 0;
	uint32_t number = bring_in(&world, done);

	assert_int_equal(clock_of(&world, number, DEADLINE_DISPOSE)->state, DEADLINE_LATE);
	assert_int_equal(world_seen_count(&world, EFFECT_INCIDENT_CLIMB), 0);
	open.u.paper.reported_ms -= 40 * HOUR_MS;
	open.u.paper.done_ms = 0;
	number = bring_in(&world, open);
	assert_int_equal(incident_of(&world, number)->state, INCIDENT_WORKING);
	assert_int_equal(world_seen_count(&world, EFFECT_INCIDENT_CLIMB), 1);
	world_close(&world);
}

static void what_cannot_be_is_refused(void **state)
{
	struct world world;

	(void)state;
	begin(&world);
	const struct event good = paper_event(&world);
	struct event bad = good;

	bad.u.paper.done_ms = world.now_ms + 1;
	assert_int_equal(world_put(&world, bad), OUTCOME_IN_FUTURE);
	bad = good;
	bad.u.paper.arrived_ms = bad.u.paper.dispatched_ms - 1;
	assert_int_equal(world_put(&world, bad), OUTCOME_TIME_ORDER);
	bad = good;
	bad.u.paper.reported_ms = 0;
	assert_int_equal(world_put(&world, bad), OUTCOME_INVALID);
	bad = good;
	bad.u.paper.units = t("fire-1 fire-9");
	assert_int_equal(world_put(&world, bad), OUTCOME_NOT_FOUND);
	bad = good;
	bad.u.paper.ended_ms = bad.u.paper.done_ms;
	assert_int_equal(world_put(&world, bad), OUTCOME_INVALID); /* how did it end? */
	bad.u.paper.disposition = DISPOSITION_RESOLVED;
	assert_int_equal(world_put(&world, bad), OUTCOME_WRONG_STATE); /* nobody verified it */
	bad.u.paper.disposition = DISPOSITION_FALSE;
	assert_int_equal(world_put(&world, bad), OUTCOME_OK);
	bad = good;
	bad.u.paper.verified_ms = bad.u.paper.done_ms;
	assert_int_equal(world_put(&world, bad), OUTCOME_INVALID); /* by whom? */
	bad.u.paper.verified_by = t("leader");                     /* of the crew */
	assert_int_equal(world_put(&world, bad), OUTCOME_SAME_PERSON);
	world_close(&world);
}

static void material_is_booked_against_it(void **state)
{
	struct world world;

	(void)state;
	begin(&world);
	world_depot(&world, "depot-1", 100, "sandbag", 50);
	uint32_t number = bring_in(&world, paper_event(&world));
	struct event move = {.kind = EVENT_STOCK_MOVE,
		.by = t("keeper"),
		.u.stock_move = {.depot = t("depot-1"),
			.item = t("sandbag"),
			.act = STOCK_ISSUE,
			.quantity = 20,
			.incident = number}};

	assert_int_equal(world_put(&world, move), OUTCOME_OK);
	assert_int_equal(world_seen(&world, EFFECT_STOCK, 0)->u.stock.incident, number);
	move.u.stock_move.incident = 7;
	assert_int_equal(world_put(&world, move), OUTCOME_NOT_FOUND);
	world_close(&world);
}

/* --- slow clocks ----------------------------------------------------------------------------------- */

/* The world begins on Wednesday 1 July 2026, 08:00. */
static void working_hours_hold_a_slow_clock(void **state)
{
	struct world world;
	struct playbook_def def = plan_for("smoke", smoke, "fire");
	struct event calendar = {.kind = EVENT_CALENDAR,
		.u.calendar = {0x1f, 510, 720, 840, 1050, t("2026-07-02"), t("2026-07-04")}};

	(void)state;
	def.dispose_ms = 7 * HOUR_MS;
	def.working = 1 << DEADLINE_DISPOSE;
	begin_with(&world, &def);
	assert_int_equal(world_put(&world, calendar), OUTCOME_OK);
	uint64_t rows = world.seq;

	world_put(&world, calendar);
	assert_true(world.seq == rows); /* nothing new, no row */
	calendar.u.calendar.work = t("2026-07-02");
	assert_int_equal(world_put(&world, calendar), OUTCOME_INVALID);
	world_wait(&world, 8 * HOUR_MS + 30 * MINUTE_MS); /* 16:30: an hour is left */
	uint32_t number = world_raise(&world, "cam-1", smoke);

	/* An hour today, no work on Thursday, 6 hours on Friday: until 16:30. */
	assert_true(clock_of(&world, number, DEADLINE_DISPOSE)->due_ms == world.now_ms + 48 * HOUR_MS);
	assert_true(clock_of(&world, number, DEADLINE_RECEIVE)->due_ms == world.now_ms + HOUR_MS);
	world_close(&world);
}

static void a_late_case_climbs_until_the_committee(void **state)
{
	struct world world;
	struct playbook_def def = plan_for("smoke", smoke, "fire");

	(void)state;
	def.climb_every_ms = 2 * HOUR_MS;
	begin_with(&world, &def);
	uint32_t number = world_raise(&world, "cam-1", smoke);

	world_wait(&world, 24 * HOUR_MS);
	assert_int_equal(incident_of(&world, number)->rung, 1);
	world_wait(&world, 2 * HOUR_MS - 1);
	assert_int_equal(incident_of(&world, number)->rung, 1);
	world_wait(&world, 1);
	assert_int_equal(incident_of(&world, number)->rung, 2);
	assert_int_equal(world_act(&world, number, ACT_DONE), OUTCOME_OK);
	world_wait(&world, 5 * HOUR_MS);
	assert_int_equal(incident_of(&world, number)->rung, 2); /* it is done */
	assert_int_equal(act_on(&world, number, ACT_VERIFY_FAILED, "", ""), OUTCOME_OK);
	assert_int_equal(incident_of(&world, number)->rung, 3); /* it was not */
	world_wait(&world, 4 * HOUR_MS);
	assert_int_equal(incident_of(&world, number)->rung, 5);
	world_wait(&world, 12 * HOUR_MS);
	assert_int_equal(world_seen_count(&world, EFFECT_INCIDENT_CLIMB), 0); /* there is nobody above */
	world_close(&world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_verification_rests_on_something),
		cmocka_unit_test(without_the_rule_it_is_taken_and_marked),
		cmocka_unit_test(quiet_sensors_are_evidence),
		cmocka_unit_test(a_failed_one_runs_on),
		cmocka_unit_test(the_latest_fact_counts),
		cmocka_unit_test(reports_go_in_their_order),
		cmocka_unit_test(a_paper_goes_on_where_its_times_say),
		cmocka_unit_test(a_paper_that_ended_stays_out_of_the_way),
		cmocka_unit_test(a_late_paper_is_late_and_climbs_for_what_is_open_only),
		cmocka_unit_test(what_cannot_be_is_refused),
		cmocka_unit_test(material_is_booked_against_it),
		cmocka_unit_test(working_hours_hold_a_slow_clock),
		cmocka_unit_test(a_late_case_climbs_until_the_committee),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
