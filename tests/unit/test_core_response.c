/* test_core_response: the town's response level and scarce material: who must agree, and what a level brings. */
#include "core_world.h"

static uint32_t set_level(struct world *world, uint8_t level, const char *by, const char *agreed)
{
	return world_put(
		world, (struct event){.kind = EVENT_RESPONSE,
			       .by = t(by),
			       .u.response = {.level = level, .reason = t("r"), .agreed = t(agreed)}});
}

static uint32_t set_release(struct world *world, uint8_t release)
{
	return world_put(world,
		(struct event){.kind = EVENT_RELEASE, .by = t("leader"), .u.release = {.release = release}});
}

static const struct town_state *town(const struct world *world)
{
	return query_town(world->core);
}

/* A core whose rules are ours. */
static void begin_with(struct world *world, const struct core_rules *rules)
{
	struct core_limits limits = world_limits();
	struct travel travel = {NULL, world_leg};

	world_open(world, &limits);
	memset(world->memory, 0, core_size(&limits));
	assert_int_equal(core_init(world->memory, &limits, rules, &travel, &world->core), DISP_OK);
	world_settle(world);
}

/* --- who must agree ---------------------------------------------------------------------------------- */

static void a_level_wants_its_own_agreement(void **state)
{
	/* by whom the level may be raised alone: IV anybody of the desk, III leader, II and I the committee */
	static const struct {
		uint8_t level;
		const char *by, *agreed;
		uint32_t outcome;
	} tries[] = {
		{4, "officer", "", OUTCOME_OK},
		{3, "officer", "", OUTCOME_NEEDS_AGREEMENT},
		{3, "office", "officer", OUTCOME_NEEDS_AGREEMENT},
		{3, "officer", "leader", OUTCOME_OK},
		{3, "officer", "committee", OUTCOME_OK},
		{3, "leader", "", OUTCOME_OK},
		{2, "officer", "leader", OUTCOME_NEEDS_AGREEMENT},
		{2, "leader", "", OUTCOME_NEEDS_AGREEMENT},
		{2, "officer", "nobody we know", OUTCOME_NEEDS_AGREEMENT},
		{2, "officer", "committee", OUTCOME_OK},
		{2, "committee", "", OUTCOME_OK},
		{1, "leader", "", OUTCOME_NEEDS_AGREEMENT},
		{1, "root", "", OUTCOME_NEEDS_AGREEMENT},
		{1, "root", "root", OUTCOME_NEEDS_AGREEMENT},
		{1, "root", "committee", OUTCOME_OK},
		{1, "keeper", "committee", OUTCOME_NOT_PERMITTED},
	};

	(void)state;
	for (size_t i = 0; i < sizeof tries / sizeof tries[0]; i++) {
		struct world world;

		world_begin(&world);
		uint64_t before = core_digest(world.core);
		uint32_t outcome = set_level(&world, tries[i].level, tries[i].by, tries[i].agreed);

		if (outcome != tries[i].outcome)
			fail_msg("level %u by %s, agreed %s: %u", tries[i].level, tries[i].by,
				tries[i].agreed, outcome);
		assert_int_equal(town(&world)->response_level, outcome == OUTCOME_OK ? tries[i].level : 0);
		assert_true(outcome == OUTCOME_OK || core_digest(world.core) == before);
		world_close(&world);
	}
}

/* To lower a level or to end it, those of that level have to agree; to raise it, those of the next. */
static void an_end_wants_what_the_level_wanted(void **state)
{
	struct world world;

	(void)state;
	world_begin(&world);
	assert_int_equal(set_level(&world, 4, "officer", ""), OUTCOME_OK);
	assert_int_equal(set_level(&world, 2, "officer", "leader"), OUTCOME_NEEDS_AGREEMENT);
	assert_int_equal(set_level(&world, 2, "officer", "committee"), OUTCOME_OK);
	assert_int_equal(set_level(&world, 2, "officer", "committee"), OUTCOME_UNCHANGED);
	assert_int_equal(set_level(&world, 4, "leader", ""), OUTCOME_NEEDS_AGREEMENT);
	assert_int_equal(set_level(&world, 0, "officer", ""), OUTCOME_NEEDS_AGREEMENT);
	assert_int_equal(set_level(&world, 3, "leader", "committee"), OUTCOME_OK);
	assert_int_equal(set_level(&world, 0, "officer", ""), OUTCOME_NEEDS_AGREEMENT);
	assert_int_equal(set_level(&world, 0, "officer", "leader"), OUTCOME_OK);
	assert_int_equal(set_level(&world, RESPONSE_COUNT, "committee", ""), OUTCOME_INVALID);
	world_close(&world);
}

/* The town says who agrees. */
static void the_rules_say_who_agrees(void **state)
{
	struct world world;
	struct core_rules rules;

	(void)state;
	core_rules_default(&rules);
	rules.response[4].agree = WHO_OFFICE;
	rules.response[1].agree = 0;
	begin_with(&world, &rules);
	assert_int_equal(set_level(&world, 4, "officer", ""), OUTCOME_NEEDS_AGREEMENT);
	assert_int_equal(set_level(&world, 4, "officer", "leader"), OUTCOME_NEEDS_AGREEMENT);
	assert_int_equal(set_level(&world, 4, "officer", "office"), OUTCOME_OK);
	assert_int_equal(set_level(&world, 1, "officer", ""), OUTCOME_OK);
	world_close(&world);
}

/* --- how orders leave under it ------------------------------------------------------------------------ */

static void a_level_brings_its_release_and_gives_it_back(void **state)
{
	struct world world;

	(void)state;
	world_begin(&world);
	assert_int_equal(set_release(&world, RELEASE_CONFIRM), OUTCOME_OK);
	assert_int_equal(set_level(&world, 4, "committee", ""), OUTCOME_OK); /* IV leaves it as it is */
	assert_int_equal(town(&world)->release, RELEASE_CONFIRM);
	assert_int_equal(set_level(&world, 2, "committee", ""), OUTCOME_OK);
	assert_int_equal(town(&world)->release, RELEASE_AUTO);
	assert_int_equal(set_level(&world, 1, "committee", ""), OUTCOME_OK);
	assert_int_equal(town(&world)->release, RELEASE_AUTO);
	assert_int_equal(set_level(&world, 3, "committee", ""), OUTCOME_OK); /* III brings none */
	assert_int_equal(town(&world)->release, RELEASE_CONFIRM);
	assert_int_equal(set_level(&world, 1, "committee", ""), OUTCOME_OK);
	assert_int_equal(set_level(&world, 0, "committee", ""), OUTCOME_OK);
	assert_int_equal(town(&world)->release, RELEASE_CONFIRM);
	assert_int_equal(town(&world)->release_kept, 0);
	world_close(&world);
}

static void who_sets_it_by_hand_has_the_last_word(void **state)
{
	struct world world;

	(void)state;
	world_begin(&world);
	assert_int_equal(set_release(&world, RELEASE_CONFIRM), OUTCOME_OK);
	assert_int_equal(set_level(&world, 1, "committee", ""), OUTCOME_OK);
	assert_int_equal(set_release(&world, RELEASE_ADVISE), OUTCOME_OK);
	assert_int_equal(set_level(&world, 0, "committee", ""), OUTCOME_OK);
	assert_int_equal(town(&world)->release, RELEASE_ADVISE);
	/* and so has who says by hand what the level had brought */
	assert_int_equal(set_level(&world, 1, "committee", ""), OUTCOME_OK);
	assert_int_equal(town(&world)->release, RELEASE_AUTO);
	assert_int_equal(set_release(&world, RELEASE_AUTO), OUTCOME_OK);
	assert_int_equal(set_release(&world, RELEASE_AUTO), OUTCOME_UNCHANGED);
	assert_int_equal(set_level(&world, 0, "committee", ""), OUTCOME_OK);
	assert_int_equal(town(&world)->release, RELEASE_AUTO);
	world_close(&world);
}

static void the_rules_say_which_release(void **state)
{
	struct world world;
	struct core_rules rules;

	(void)state;
	core_rules_default(&rules);
	rules.response[4].release = RELEASE_ADVISE;
	begin_with(&world, &rules);
	assert_int_equal(set_level(&world, 4, "officer", ""), OUTCOME_OK);
	assert_int_equal(town(&world)->release, RELEASE_ADVISE);
	assert_int_equal(set_level(&world, 0, "officer", ""), OUTCOME_OK);
	assert_int_equal(town(&world)->release, RELEASE_AUTO);
	world_close(&world);
}

/* --- who is told ---------------------------------------------------------------------------------------- */

static uint32_t pending(const struct world *world, const char *person)
{
	uint32_t number = query_find(world->core, TABLE_PERSON, t(person)), count = 0;

	for (uint32_t slot = 1; slot <= query_used(world->core, TABLE_NOTICE); slot++) {
		const struct notice *notice = query_at(world->core, TABLE_NOTICE, slot);

		count += notice != NULL && notice->person == number && notice->step == STEP_RESPONSE &&
			 notice->state == NOTICE_PENDING;
	}
	return count;
}

static uint32_t open_calls(const struct world *world)
{
	uint32_t count = 0;

	for (uint32_t slot = 1; slot <= query_used(world->core, TABLE_TASK); slot++) {
		const struct task *task = query_at(world->core, TABLE_TASK, slot);

		count += task != NULL && task->state == TASK_OPEN;
	}
	return count;
}

/* IV: office and leader; II: keepers and the committee besides; who acts or agreed knows already. */
static void those_of_the_level_are_told(void **state)
{
	struct world world;

	(void)state;
	world_begin(&world);
	assert_int_equal(set_level(&world, 4, "officer", ""), OUTCOME_OK);
	assert_int_equal(pending(&world, "office") + pending(&world, "leader"), 2);
	assert_int_equal(pending(&world, "keeper") + pending(&world, "committee"), 0);
	assert_int_equal(open_calls(&world), 2);
	assert_int_equal(set_level(&world, 2, "leader", "committee"), OUTCOME_OK);
	assert_int_equal(pending(&world, "office"), 1); /* of II alone: what was said of IV is over */
	assert_int_equal(pending(&world, "keeper"), 1);
	assert_int_equal(pending(&world, "leader") + pending(&world, "committee"), 0);
	assert_int_equal(open_calls(&world), 2);
	/* an answer ends it, and the call with it */
	uint32_t notice = world_seen(&world, EFFECT_NOTICE, 0)->u.notice.number;

	assert_int_equal(world_put(&world, (struct event){.kind = EVENT_NOTICE_ANSWER,
						   .by = t("office"),
						   .u.notice_answer = {.notice = notice}}),
		OUTCOME_OK);
	assert_int_equal(pending(&world, "office"), 0);
	assert_int_equal(open_calls(&world), 1);
	/* who has heard of it hears that it is over: the office, and the leader who had set it */
	assert_int_equal(set_level(&world, 0, "committee", ""), OUTCOME_OK);
	assert_int_equal(pending(&world, "keeper"), 0);
	assert_int_equal(pending(&world, "office") + pending(&world, "leader"), 2);
	assert_int_equal(open_calls(&world), 2);
	world_wait(&world, 24 * 3600 * INT64_C(1000));
	world_close(&world);
}

static void the_rules_say_who_is_told(void **state)
{
	struct world world;
	struct core_rules rules;

	(void)state;
	core_rules_default(&rules);
	rules.response[4].notify = WHO_KEEPER;
	begin_with(&world, &rules);
	assert_int_equal(set_level(&world, 4, "officer", ""), OUTCOME_OK);
	assert_int_equal(pending(&world, "keeper"), 1);
	assert_int_equal(pending(&world, "office"), 0);
	world_close(&world);
}

/* More than a row holds are told as far as it goes; nothing breaks. */
static void a_row_holds_so_many(void **state)
{
	struct world world;

	(void)state;
	world_begin(&world);
	for (int i = 0; i < 400; i++) {
		char id[16];

		(void)snprintf(id, sizeof id, "leader-%d", i);
		world_person(&world, id, WHO_LEADER, "");
	}
	assert_int_equal(set_level(&world, 4, "officer", ""), OUTCOME_OK);
	assert_true(world.row.count < EFFECTS_MAX && open_calls(&world) > 150);
	assert_int_equal(set_level(&world, 3, "committee", ""), OUTCOME_OK);
	assert_int_equal(set_level(&world, 0, "committee", ""), OUTCOME_OK);
	world_close(&world);
}

/* Many who have not answered yet do not keep those of the next level from being told. */
static void the_next_level_is_told_first(void **state)
{
	struct world world;

	(void)state;
	world_begin(&world);
	for (int i = 0; i < 180; i++) {
		char id[16];

		(void)snprintf(id, sizeof id, "leader-%d", i);
		world_person(&world, id, WHO_LEADER, "");
	}
	assert_int_equal(set_level(&world, 4, "officer", ""), OUTCOME_OK);
	assert_true(world_seen_count(&world, EFFECT_NOTICE) > 150);
	assert_int_equal(set_level(&world, 2, "officer", "committee"), OUTCOME_OK);
	assert_true(world_seen_count(&world, EFFECT_NOTICE) > 150);
	assert_int_equal(pending(&world, "keeper"), 1);
	world_close(&world);
}

/* --- the colour of a warning -------------------------------------------------------------------------------- */

static void set_colour(struct world *world, uint8_t colour)
{
	assert_int_equal(world_put(world, (struct event){.kind = EVENT_WARNING,
						  .by = t("officer"),
						  .u.warning = {.colour = colour,
							  .hazard = t("flood"),
							  .until_ms = world->now_ms + 3600 * INT64_C(1000)}}),
		OUTCOME_OK);
}

/* Each set of colours that a plan may ask for, under each colour: it answers when its colour is in force, and only then. */
static void a_plan_waits_for_its_colour(void **state)
{
	(void)state;
	for (uint8_t set = 1; set < 1 << (COLOUR_COUNT - 1); set++) {
		struct world world;
		struct playbook_def calm = plan_for("calm", "alarm.fire.smoke", "calm");
		struct playbook_def storm = plan_for("storm", "alarm.fire.smoke", "storm");

		world_begin(&world);
		storm.warning = (uint8_t)(set << COLOUR_BLUE);
		world_playbook(&world, &calm);
		world_playbook(&world, &storm);
		for (uint8_t colour = COLOUR_NONE; colour < COLOUR_COUNT; colour++) {
			bool asked = colour != COLOUR_NONE && (storm.warning >> colour & 1) != 0;

			if (colour != COLOUR_NONE)
				set_colour(&world, colour);
			uint32_t number = world_raise(&world, "cam-1", "alarm.fire.smoke");
			struct text type = query_text(world.core, incident_of(&world, number)->type);

			assert_int_equal(type.len, asked ? 5 : 4);
			assert_memory_equal(type.ptr, asked ? "storm" : "calm", type.len);
			world_act(&world, number, ACT_CANCEL);
			world_wait(&world, 600 * INT64_C(1000));
		}
		world_close(&world);
	}
}

/* --- scarce material ------------------------------------------------------------------------------------ */

static uint32_t supply(struct world *world, uint32_t incident, const char *depot, uint32_t quantity,
	const char *by, const char *agreed)
{
	return world_put(world, (struct event){.kind = EVENT_SUPPLY,
					.by = t(by),
					.u.supply = {.incident = incident,
						.item = t("ring"),
						.depot = t(depot),
						.quantity = quantity,
						.agreed = t(agreed)}});
}

static void set_minimum(struct world *world, const char *depot, int64_t quantity, int64_t minimum)
{
	world_put(world, (struct event){.kind = EVENT_STOCK,
				 .u.stock = {.depot = t(depot),
					 .item = t("ring"),
					 .name = t("ring"),
					 .unit = t("个"),
					 .quantity = quantity,
					 .minimum = minimum}});
}

static uint32_t begin_depots(struct world *world)
{
	struct event open = {.kind = EVENT_OPEN,
		.by = t("officer"),
		.u.open = {.type = t("flood"), .place = place_at(10, 10), .grid = t("G1")}};

	world_begin(world);
	world_depot(world, "near", 500, "ring", 10);
	world_depot(world, "far", 3000, "ring", 10);
	set_minimum(world, "near", 10, 6);
	set_minimum(world, "far", 10, 4);
	world_unit(world, "truck-1", "transport", 400, 0);
	assert_int_equal(world_put(world, open), OUTCOME_OK);
	return world_seen(world, EFFECT_INCIDENT, 0)->u.incident.number;
}

static void the_last_ones_are_the_committees(void **state)
{
	struct world world;
	uint32_t number;

	(void)state;
	number = begin_depots(&world);
	assert_int_equal(supply(&world, number, "near", 5, "officer", ""), OUTCOME_NEEDS_AGREEMENT);
	assert_int_equal(supply(&world, number, "near", 5, "leader", "leader"), OUTCOME_NEEDS_AGREEMENT);
	assert_int_equal(supply(&world, number, "near", 4, "officer", ""), OUTCOME_OK);
	assert_int_equal(supply(&world, number, "near", 1, "officer", ""), OUTCOME_NEEDS_AGREEMENT);
	assert_int_equal(supply(&world, number, "near", 1, "officer", "committee"), OUTCOME_OK);
	assert_int_equal(supply(&world, number, "near", 1, "committee", ""), OUTCOME_OK);
	/* wherever it comes from: six are to spare in the far one */
	assert_int_equal(supply(&world, number, "", 7, "officer", ""), OUTCOME_NEEDS_AGREEMENT);
	assert_int_equal(supply(&world, number, "", 1000, "officer", ""), OUTCOME_NEEDS_AGREEMENT);
	assert_int_equal(supply(&world, number, "", 6, "officer", ""), OUTCOME_OK);
	world_close(&world);
}

/* Nobody is asked for what a playbook sends. */
static void a_plan_is_never_held_up(void **state)
{
	struct world world;
	struct playbook_def def = plan_for("rings", "alarm.fire.smoke", "fire");

	(void)state;
	(void)begin_depots(&world);
	plan_supply(&def, "ring", 9);
	world_playbook(&world, &def);
	(void)world_raise(&world, "cam-1", "alarm.fire.smoke");
	assert_int_equal(stock_of(&world, "near", "ring")->reserved, 9);
	world_close(&world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_level_wants_its_own_agreement),
		cmocka_unit_test(an_end_wants_what_the_level_wanted),
		cmocka_unit_test(the_rules_say_who_agrees),
		cmocka_unit_test(a_level_brings_its_release_and_gives_it_back),
		cmocka_unit_test(who_sets_it_by_hand_has_the_last_word),
		cmocka_unit_test(the_rules_say_which_release),
		cmocka_unit_test(those_of_the_level_are_told),
		cmocka_unit_test(the_rules_say_who_is_told),
		cmocka_unit_test(a_row_holds_so_many),
		cmocka_unit_test(the_next_level_is_told_first),
		cmocka_unit_test(a_plan_waits_for_its_colour),
		cmocka_unit_test(the_last_ones_are_the_committees),
		cmocka_unit_test(a_plan_is_never_held_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
