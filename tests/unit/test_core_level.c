/* test_core_level: the telling of a response level, more of it than a row holds: each person once, also over a restart after each row. */
#include "notice_world.h"

enum { HEADS = 400 };

static uint32_t rows; /* that the last change took */

static void open_town(void)
{
	char id[16];

	world_rules = desk_is_patient;
	world_begin(&world);
	for (uint32_t index = 0; index < HEADS; index++) {
		snprintf(id, sizeof id, "v-%u", index);
		world_person(&world, id, WHO_VILLAGE_HEAD, "");
	}
}

static void one_row(struct event event)
{
	world_run(&world, &event);
	world_note(&world);
	reload();
	rows++;
}

/* The change's own row, and no more. */
static void begin_level(uint8_t level, const char *by)
{
	world.seen_count = rows = 0;
	one_row((struct event){.kind = EVENT_RESPONSE,
		.by = t(by),
		.u.response = {.level = level, .reason = t("r"), .agreed = t("committee")}});
	assert_int_equal(world.item[0].u.result.outcome, OUTCOME_OK);
}

/* All its rows; after each of them the core is saved and loaded. */
static void set_level(uint8_t level, const char *by)
{
	begin_level(level, by);
	while (core_due_ms(world.core) == 0) {
		assert_true(rows < 100);
		one_row((struct event){.kind = EVENT_TICK});
	}
	assert_int_equal(core_digest(world.core), core_digest_full(world.core));
}

/* Notices of this change to a person; over: 0, or the level that is said to be over. */
static uint32_t said_to(const char *person, uint8_t over)
{
	uint32_t number = query_find(world.core, TABLE_PERSON, t(person)), count = 0;

	for (uint32_t at = 0; at < world.seen_count; at++)
		count += world.seen[at].kind == EFFECT_NOTICE && world.seen[at].u.notice.person == number &&
			 world.seen[at].u.notice.over == over;
	return count;
}

static uint32_t said_to_heads(uint8_t over)
{
	uint32_t sum = 0;
	char id[16];

	for (uint32_t index = 0; index < HEADS; index++) {
		snprintf(id, sizeof id, "v-%u", index);
		uint32_t count = said_to(id, over);

		assert_true(count <= 1);
		sum += count;
	}
	return sum;
}

static uint32_t live(enum table table)
{
	uint32_t count = 0;

	for (uint32_t slot = 1; slot <= query_used(world.core, table); slot++) {
		const struct notice *notice =
			table == TABLE_NOTICE ? query_at(world.core, table, slot) : NULL;
		const struct task *task = table == TABLE_TASK ? query_at(world.core, table, slot) : NULL;

		count += notice != NULL && notice->state == NOTICE_PENDING;
		count += task != NULL && task->state < TASK_DONE;
	}
	return count;
}

/* --- more than a row holds ---------------------------------------------------------------------------- */

static void everybody_is_told_once(void **state)
{
	(void)state;
	open_town();
	set_level(3, "leader");
	assert_true(rows > 2);
	assert_int_equal(said_to_heads(0), HEADS);
	assert_int_equal(said_to("office", 0), 1);
	assert_int_equal(said_to("leader", 0) + said_to("committee", 0), 0); /* who set it, and who agreed */
	assert_int_equal(world_seen_count(&world, EFFECT_NOTICE), HEADS + 1);
	assert_int_equal(live(TABLE_NOTICE), HEADS + 1);
	assert_int_equal(live(TABLE_TASK), HEADS + 1);
	assert_int_equal(world_seen_count(&world, EFFECT_RESPONSE), 1);
	world_close(&world);
}

static void the_same_with_and_without_restarts(void **state)
{
	uint64_t digest;

	(void)state;
	open_town();
	set_level(2, "leader");
	digest = core_digest(world.core);
	world_close(&world);
	open_town();
	assert_int_equal(
		world_put(&world,
			(struct event){.kind = EVENT_RESPONSE,
				.by = t("leader"),
				.u.response = {.level = 2, .reason = t("r"), .agreed = t("committee")}}),
		OUTCOME_OK);
	assert_true(core_digest(world.core) == digest);
	world_close(&world);
}

/* Nobody who has not heard of it yet is called any more; and nobody is told that it is over. */
static void what_nobody_heard_just_ends(void **state)
{
	(void)state;
	open_town();
	set_level(3, "leader");
	set_level(0, "leader");
	assert_int_equal(world_seen_count(&world, EFFECT_NOTICE), 0);
	assert_int_equal(world_seen_count(&world, EFFECT_NOTICE_STATE), HEADS + 1);
	assert_int_equal(live(TABLE_NOTICE) + live(TABLE_TASK), 0);
	world_close(&world);
}

/* A level is changed before the last one was told to all: each person hears the new one once. */
static void a_change_overtakes_another(void **state)
{
	(void)state;
	open_town();
	set_level(3, "leader");
	begin_level(2, "leader");
	assert_true(core_due_ms(world.core) == 0);
	set_level(3, "leader");
	assert_int_equal(said_to_heads(0), HEADS);
	assert_int_equal(live(TABLE_NOTICE), HEADS + 1);
	assert_int_equal(live(TABLE_TASK), HEADS + 1);
	world_close(&world);
}

/* --- it is over --------------------------------------------------------------------------------------- */

static void answer_all(void)
{
	for (uint32_t slot = 1; slot <= query_used(world.core, TABLE_NOTICE); slot++) {
		const struct notice *notice = query_at(world.core, TABLE_NOTICE, slot);

		if (notice != NULL && notice->state == NOTICE_PENDING)
			assert_int_equal(
				world_put(&world, (struct event){.kind = EVENT_NOTICE_ANSWER,
							  .by = t("officer"),
							  .u.notice_answer = {.notice = notice->r.number}}),
				OUTCOME_OK);
	}
}

static void who_has_heard_hears_that_it_is_over(void **state)
{
	(void)state;
	open_town();
	set_level(3, "leader");
	answer_all();
	set_level(4, "committee"); /* IV: the office and the leaders */
	assert_true(rows > 2);
	assert_int_equal(said_to_heads(3), HEADS);
	assert_int_equal(said_to_heads(0), 0);
	assert_int_equal(said_to("office", 0) + said_to("leader", 0), 2);
	assert_int_equal(said_to("office", 3) + said_to("leader", 3), 0);
	/* who is yet to hear that III is over hears it, although IV ends as well; those of IV hear that IV is */
	answer("office", "", "officer");
	set_level(0, "committee");
	assert_int_equal(world_seen_count(&world, EFFECT_NOTICE), 1);
	assert_int_equal(said_to("office", 4), 1);
	assert_int_equal(state_of("leader"), NOTICE_ENDED);
	assert_int_equal(state_of("v-7"), NOTICE_PENDING);
	assert_true(is_called("v-7"));
	/* and is not called for it when he is told of a new one */
	set_level(3, "committee");
	assert_int_equal(said_to_heads(0), HEADS);
	assert_int_equal(live(TABLE_NOTICE), HEADS + 2);
	assert_int_equal(live(TABLE_TASK), HEADS + 2);
	world_close(&world);
}

/* The end of a level is overtaken while it is being said: each person hears of it once all the same. */
static void an_end_is_overtaken_by_a_level(void **state)
{
	(void)state;
	open_town();
	set_level(3, "leader");
	answer_all();
	begin_level(0, "committee");
	uint32_t before = said_to_heads(3);

	assert_true(before > 50 && before < HEADS && core_due_ms(world.core) == 0);
	set_level(4, "committee");
	assert_int_equal(before + said_to_heads(3), HEADS);
	assert_int_equal(said_to_heads(0), 0);
	assert_int_equal(live(TABLE_NOTICE), HEADS + 2); /* and the office and the leader, of IV */
	world_close(&world);
}

/* A terminal has shown it; somebody is on the telephone; nobody took the telephone. */
static void who_may_have_heard_hears_it_too(void **state)
{
	(void)state;
	open_town();
	give_terminal("v-unit", "v-3");
	set_level(3, "committee");
	assert_int_equal(
		world_put(&world, (struct event){.kind = EVENT_TASK,
					  .by = t("officer"),
					  .u.task = {.task = told("v-4")->call_task, .state = TASK_TAKEN}}),
		OUTCOME_OK);
	assert_int_equal(finish_task(told("v-5")->call_task, "", true), OUTCOME_OK);
	set_level(0, "committee");
	assert_int_equal(said_to_heads(3), 2);
	assert_int_equal(said_to("v-3", 3) + said_to("v-4", 3), 2);
	assert_true(told("v-3")->unit != 0);
	world_close(&world);
}

/* Somebody else ends it: who had set it, or had agreed, is told; a duty officer sees it. */
static void who_set_it_hears_that_others_ended_it(void **state)
{
	(void)state;
	open_town();
	set_level(4, "leader");
	set_level(0, "officer");
	assert_int_equal(said_to("leader", 4), 1);
	assert_int_equal(said_to("committee", 4), 0); /* agreed to this, too */
	set_level(4, "officer");
	set_level(0, "leader");
	assert_int_equal(said_to("officer", 4), 0);
	world_close(&world);
}

/* --- what is kept ------------------------------------------------------------------------------------- */

static void ended_ones_are_kept_until_their_room_is_needed(void **state)
{
	(void)state;
	open_town();
	set_level(3, "committee");
	uint32_t first = told("v-0")->r.number, call = told("v-0")->call_task;

	answer_all();
	assert_int_equal(notice_of(first)->state, NOTICE_ANSWERED);
	assert_string_equal(answerer_of("v-0"), "v-0");
	assert_int_equal(task_of(call)->state, TASK_DONE);
	for (uint32_t times = 0; times < 12; times++) {
		set_level(0, "committee");
		answer_all();
		set_level(3, "committee");
		answer_all();
	}
	assert_null(notice_of(first));
	assert_null(task_of(call));
	assert_non_null(told("v-0")); /* the latest are there */
	assert_true(query_used(world.core, TABLE_NOTICE) <= 4096 - 4096 / 8 + 200);
	set_level(0, "committee");
	assert_int_equal(said_to_heads(3), HEADS);
	world_close(&world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(everybody_is_told_once),
		cmocka_unit_test(the_same_with_and_without_restarts),
		cmocka_unit_test(what_nobody_heard_just_ends),
		cmocka_unit_test(a_change_overtakes_another),
		cmocka_unit_test(who_has_heard_hears_that_it_is_over),
		cmocka_unit_test(an_end_is_overtaken_by_a_level),
		cmocka_unit_test(who_may_have_heard_hears_it_too),
		cmocka_unit_test(who_set_it_hears_that_others_ended_it),
		cmocka_unit_test(ended_ones_are_kept_until_their_room_is_needed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
