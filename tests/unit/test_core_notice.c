/* test_core_notice: call-and-answer: tries, answers and what they end; between all steps the core is saved and loaded. */
#include "notice_world.h"

/* --- tries -------------------------------------------------------------------------------------- */

/* The terminal first; then the terminal and the telephone; after the last try the name is on the list. */
static void a_live_terminal_is_told_then_called(void **state)
{
	(void)state;
	begin(WHO_GRID_HEAD, ANSWER_BY_ROLE);
	give_terminal("head-unit", "head-1");
	raise_one();
	assert_int_equal(world_seen_count(&world, EFFECT_NOTICE), 1);
	assert_int_equal(world_seen_count(&world, EFFECT_TASK), 0);
	assert_true(told("head-1")->unit != 0);
	assert_int_equal(told("head-1")->tries, 2);
	uint64_t first_seq = told("head-1")->seq;

	wait_for(100 * SECOND_MS - 1);
	assert_int_equal(world_seen_count(&world, EFFECT_NOTICE_TRY), 0);
	wait_for(1);
	const struct effect_notice_try *again = &world_seen(&world, EFFECT_NOTICE_TRY, 0)->u.notice_try;

	assert_true(again->unit != 0);
	assert_int_equal(again->tries, 1);
	assert_int_equal(world_seen_count(&world, EFFECT_TASK), 1);
	assert_int_equal(told("head-1")->told, 2);
	assert_true(told("head-1")->seq > first_seq);
	uint32_t call = told("head-1")->call_task;

	assert_true(task_of(call)->due_ms == world.now_ms + 100 * SECOND_MS);
	wait_for(100 * SECOND_MS);
	assert_int_equal(told("head-1")->call_task, call); /* the same call, due again */
	assert_true(task_of(call)->due_ms == world.now_ms + 100 * SECOND_MS);
	assert_int_equal(state_of("head-1"), NOTICE_PENDING);
	wait_for(100 * SECOND_MS);
	assert_int_equal(state_of("head-1"), NOTICE_UNREACHED);
	assert_int_equal(told("head-1")->told, 3);
	assert_int_equal(state_of("head-v"), NOTICE_PENDING);
	assert_int_equal(told("head-v")->climbed, told("head-1")->r.number);
	assert_int_equal(told("head-1")->up, told("head-v")->r.number);
	world_close(&world);
}

static void without_a_terminal_it_is_a_call(void **state)
{
	(void)state;
	begin(WHO_GRID_HEAD, ANSWER_BY_ROLE);
	raise_one();
	uint32_t first = told("head-1")->call_task;

	assert_true(is_called("head-1"));
	assert_int_equal(finish_task(first, "", true), OUTCOME_OK); /* nobody took the telephone */
	assert_int_equal(state_of("head-1"), NOTICE_PENDING);
	assert_false(is_called("head-1"));
	wait_for(100 * SECOND_MS);
	assert_true(is_called("head-1"));
	assert_int_not_equal(told("head-1")->call_task, first);
	assert_int_equal(finish_task(told("head-1")->call_task, "", false), OUTCOME_OK);
	assert_int_equal(state_of("head-1"), NOTICE_ANSWERED);
	assert_string_equal(answerer_of("head-1"), "head-1");
	wait_for(HOUR_MS);
	assert_int_equal(world_seen_count(&world, EFFECT_NOTICE_TRY), 0);
	assert_int_equal(world_seen_count(&world, EFFECT_NOTICE), 0);
	world_close(&world);
}

static void who_is_only_told_is_not_waited_for(void **state)
{
	struct playbook_def def = plan_for("pb", "alarm.water.person_near", "drowning");

	(void)state;
	world_begin(&world);
	plan_notify(&def, WHO_GRID_HEAD)->answer_within_ms = 0;
	def.receive_ms = def.dispose_ms = 0;
	world_playbook(&world, &def);
	raise_one();
	assert_true(is_called("head-1"));
	wait_for(10 * HOUR_MS);
	assert_int_equal(world_seen_count(&world, EFFECT_NOTICE_TRY), 0);
	assert_int_equal(state_of("head-1"), NOTICE_PENDING);
	world_close(&world);
}

/* --- answers ------------------------------------------------------------------------------------- */

static void one_of_a_role_is_enough_each_of_the_others_is_not(void **state)
{
	(void)state;
	begin(WHO_DUTY_OFFICER | WHO_GRID_HEAD, ANSWER_BY_ROLE);
	world_person(&world, "officer-2", WHO_DUTY_OFFICER, "");
	give_terminal("desk", "officer-2");
	raise_one();
	assert_int_equal(world_seen_count(&world, EFFECT_NOTICE), 3);
	assert_true(is_called("officer"));
	assert_int_equal(answer("officer-2", "desk", ""), OUTCOME_OK);
	assert_int_equal(state_of("officer-2"), NOTICE_ANSWERED);
	assert_int_equal(state_of("officer"), NOTICE_ENDED);
	assert_string_equal(answerer_of("officer"), "officer-2");
	assert_false(is_called("officer"));
	assert_int_equal(state_of("head-1"), NOTICE_PENDING);
	assert_true(is_called("head-1"));
	assert_int_equal(world.ticks, 0); /* in that very decision */
	world_close(&world);
}

static void each_can_be_asked_of_a_role_and_any_of_heads(void **state)
{
	(void)state;
	begin(WHO_DUTY_OFFICER, ANSWER_EACH);
	world_person(&world, "officer-2", WHO_DUTY_OFFICER, "");
	raise_one();
	assert_int_equal(answer("officer-2", "", "officer"), OUTCOME_OK);
	assert_int_equal(state_of("officer"), NOTICE_PENDING);
	world_close(&world);
	begin(WHO_MICRO_HEADS, ANSWER_ANY);
	world_person(&world, "micro-1", WHO_GRID_MEMBER, "");
	world_person(&world, "micro-2", WHO_GRID_MEMBER, "");
	world_grid(&world, "M1", "G1", 4, "micro-1");
	world_grid(&world, "M2", "G1", 4, "micro-2");
	raise_one();
	assert_int_equal(answer("micro-1", "", "officer"), OUTCOME_OK);
	assert_int_equal(state_of("micro-2"), NOTICE_ENDED);
	world_close(&world);
}

/* One person, told by two steps and by a missed clock, answers once. */
static void an_answer_is_for_all_notices_of_the_person(void **state)
{
	struct playbook_def def = plan_for("pb", "alarm.water.person_near", "drowning");

	(void)state;
	world_begin(&world);
	plan_notify(&def, WHO_GRID_HEAD);
	plan_notify(&def, WHO_GRID_HEAD);
	def.climb_count = 1;
	world_playbook(&world, &def);
	uint32_t incident = raise_one();

	assert_int_equal(world_act(&world, incident, ACT_ESCALATE), OUTCOME_OK);
	reload();
	assert_int_equal(incident_of(&world, incident)->rung, 1);
	assert_int_equal(finish_task(told("head-1")->call_task, "", false), OUTCOME_OK);
	for (uint32_t slot = 1; slot <= query_used(world.core, TABLE_NOTICE); slot++) {
		const struct notice *notice = query_at(world.core, TABLE_NOTICE, slot);

		assert_int_equal(notice->state, NOTICE_ANSWERED);
		assert_int_equal(task_of(notice->call_task)->state, TASK_DONE);
	}
	assert_int_equal(query_used(world.core, TABLE_NOTICE), 3);
	world_close(&world);
}

static void the_desk_says_who_answered(void **state)
{
	(void)state;
	begin(WHO_GRID_HEAD | WHO_VILLAGE_HEAD | WHO_TOWN_HEAD, ANSWER_EACH);
	raise_one();
	assert_int_equal(answer("head-1", "head-1", ""), OUTCOME_OK);
	assert_int_equal(answer("head-v", "a neighbour", ""), OUTCOME_NOT_PERMITTED);
	assert_int_equal(answer("head-v", "a neighbour", "officer"), OUTCOME_OK);
	assert_string_equal(answerer_of("head-v"), "a neighbour");
	assert_int_equal(answer("head-t", "officer", "officer"), OUTCOME_OK);
	assert_string_equal(answerer_of("head-t"), "officer");
	assert_int_equal(answer("head-t", "officer", "officer"), OUTCOME_UNCHANGED);
	world_close(&world);
}

/* Who answered another's notice at the desk has been told, too. */
static void who_answers_for_another_knows(void **state)
{
	(void)state;
	begin(WHO_GRID_HEAD | WHO_VILLAGE_HEAD, ANSWER_EACH);
	raise_one();
	assert_int_equal(finish_task(told("head-1")->call_task, "head-v", false), OUTCOME_OK);
	assert_int_equal(state_of("head-1"), NOTICE_ANSWERED);
	assert_int_equal(state_of("head-v"), NOTICE_ANSWERED);
	assert_string_equal(answerer_of("head-1"), "head-v");
	assert_false(is_called("head-v"));
	world_close(&world);
}

/* A name that several have speaks for none of them but the one who was called. */
static void one_of_two_of_the_same_name_speaks_for_himself(void **state)
{
	static const char *const ids[] = {"k-1", "k-2"};

	(void)state;
	begin(WHO_KEEPER, ANSWER_EACH);
	for (uint32_t index = 0; index < 2; index++)
		world_put(&world, (struct event){.kind = EVENT_PERSON,
					  .u.person = {.id = t(ids[index]),
						  .name = t("王伟"),
						  .phone = t("13800000000"),
						  .roles = WHO_KEEPER}});
	raise_one();
	assert_int_equal(answer("keeper", "王伟", "officer"), OUTCOME_OK);
	assert_int_equal(state_of("keeper"), NOTICE_ANSWERED);
	assert_int_equal(state_of("k-1"), NOTICE_PENDING);
	assert_int_equal(state_of("k-2"), NOTICE_PENDING);
	assert_int_equal(finish_task(told("k-2")->call_task, "王伟", false), OUTCOME_OK);
	assert_int_equal(state_of("k-2"), NOTICE_ANSWERED);
	assert_string_equal(answerer_of("k-2"), "k-2");
	assert_int_equal(state_of("k-1"), NOTICE_PENDING);
	assert_true(is_called("k-1"));
	world_close(&world);
}

static void a_late_answer_clears_the_list(void **state)
{
	(void)state;
	begin(WHO_GRID_HEAD, ANSWER_BY_ROLE);
	raise_one();
	wait_for(300 * SECOND_MS);
	assert_int_equal(state_of("head-1"), NOTICE_UNREACHED);
	assert_true(is_called("head-v"));
	assert_int_equal(answer("head-1", "", "officer"), OUTCOME_OK);
	assert_int_equal(state_of("head-1"), NOTICE_ANSWERED);
	assert_true(told("head-1")->answered_ms == world.now_ms);
	assert_int_equal(state_of("head-v"), NOTICE_ENDED);
	assert_false(is_called("head-v"));
	wait_for(HOUR_MS);
	assert_int_equal(world_seen_count(&world, EFFECT_NOTICE), 0);
	world_close(&world);
}

/* --- the end -------------------------------------------------------------------------------------- */

static void the_end_of_an_incident_ends_its_notices(void **state)
{
	(void)state;
	begin(WHO_GRID_HEAD, ANSWER_BY_ROLE);
	uint32_t incident = raise_one();

	wait_for(300 * SECOND_MS);
	assert_int_equal(world_act(&world, incident, ACT_CANCEL), OUTCOME_OK);
	reload();
	assert_int_equal(state_of("head-1"), NOTICE_ENDED);
	assert_int_equal(state_of("head-v"), NOTICE_ENDED);
	assert_false(is_called("head-1"));
	assert_false(is_called("head-v"));
	assert_int_equal(answer("head-1", "", "officer"), OUTCOME_UNCHANGED);
	world_close(&world);
}

static void a_merged_incident_tells_nobody_any_more(void **state)
{
	(void)state;
	begin(WHO_GRID_HEAD, ANSWER_BY_ROLE);
	uint32_t first = raise_one(), second = world_raise(&world, "cam-far", "alarm.water.person_near");

	assert_int_not_equal(first, second);
	assert_int_equal(world_put(&world, (struct event){.kind = EVENT_ACT,
						   .by = t("officer"),
						   .u.act = {.incident = second,
							   .act = ACT_MERGE,
							   .other = first,
							   .reason = t("the same")}}),
		OUTCOME_OK);
	reload();
	assert_int_equal(told("head-1")->incident, second);
	assert_int_equal(state_of("head-1"), NOTICE_ENDED);
	assert_false(is_called("head-1"));
	assert_int_equal(notice_of(1)->state, NOTICE_PENDING);
	world_close(&world);
}

/* A second round after a failed verification is not answered by the answers of the first. */
static void a_reopened_incident_tells_anew(void **state)
{
	(void)state;
	begin(WHO_DUTY_OFFICER, ANSWER_BY_ROLE);
	world_person(&world, "officer-2", WHO_DUTY_OFFICER, "");
	uint32_t incident = raise_one();

	assert_int_equal(answer("officer", "", "officer"), OUTCOME_OK);
	wait_for(MINUTE_MS);
	assert_int_equal(world_act(&world, incident, ACT_DONE), OUTCOME_OK);
	assert_int_equal(world_act_by(&world, incident, ACT_VERIFY_FAILED, 0, "office"), OUTCOME_OK);
	reload();
	assert_int_equal(notices_to("officer"), 2);
	assert_int_equal(state_of("officer"), NOTICE_PENDING);
	assert_int_equal(state_of("officer-2"), NOTICE_PENDING);
	world_close(&world);
}

/* More than one decision holds: the rest is ended at the same time stamp. */
static void an_answer_ends_hundreds(void **state)
{
	enum { HEADS = 343 };
	char person[16], grid[16];

	(void)state;
	begin(WHO_MICRO_HEADS, ANSWER_ANY);
	for (uint32_t index = 0; index < HEADS; index++) {
		snprintf(person, sizeof person, "m-%u", index);
		snprintf(grid, sizeof grid, "MG-%u", index);
		world_person(&world, person, WHO_GRID_MEMBER, "");
		world_grid(&world, grid, "G1", 4, person);
	}
	uint32_t incident = raise_one();

	assert_int_equal(query_used(world.core, TABLE_NOTICE), HEADS);
	wait_for(10 * SECOND_MS);
	assert_int_equal(answer("m-7", "", "officer"), OUTCOME_OK);
	assert_true(world.ticks > 0);
	assert_false(incident_of(&world, incident)->agenda);
	for (uint32_t slot = 1; slot <= HEADS; slot++) {
		const struct notice *notice = query_at(world.core, TABLE_NOTICE, slot);

		assert_int_equal(notice->state, slot == told("m-7")->r.slot ? NOTICE_ANSWERED : NOTICE_ENDED);
		assert_true(task_of(notice->call_task)->state >= TASK_DONE);
	}
	wait_for(HOUR_MS);
	assert_int_equal(world_seen_count(&world, EFFECT_NOTICE_TRY), 0);
	world_close(&world);
}

/* --- call tasks ---------------------------------------------------------------------------------- */

static uint32_t take(uint32_t task, const char *by)
{
	return world_put(&world,
		(struct event){
			.kind = EVENT_TASK, .by = t(by), .u.task = {.task = task, .state = TASK_TAKEN}});
}

static void a_call_is_taken_by_one(void **state)
{
	(void)state;
	begin(WHO_GRID_HEAD, ANSWER_BY_ROLE);
	raise_one();
	uint32_t task = told("head-1")->call_task;

	assert_int_equal(take(task, "officer"), OUTCOME_OK);
	assert_int_equal(take(task, "officer"), OUTCOME_UNCHANGED);
	assert_int_equal(take(task, "office"), OUTCOME_WRONG_STATE);
	assert_int_equal(finish_task(task, "", false), OUTCOME_OK);
	assert_int_equal(take(task, "office"), OUTCOME_WRONG_STATE);
	world_close(&world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_live_terminal_is_told_then_called),
		cmocka_unit_test(without_a_terminal_it_is_a_call),
		cmocka_unit_test(who_is_only_told_is_not_waited_for),
		cmocka_unit_test(one_of_a_role_is_enough_each_of_the_others_is_not),
		cmocka_unit_test(each_can_be_asked_of_a_role_and_any_of_heads),
		cmocka_unit_test(an_answer_is_for_all_notices_of_the_person),
		cmocka_unit_test(the_desk_says_who_answered),
		cmocka_unit_test(who_answers_for_another_knows),
		cmocka_unit_test(one_of_two_of_the_same_name_speaks_for_himself),
		cmocka_unit_test(a_late_answer_clears_the_list),
		cmocka_unit_test(the_end_of_an_incident_ends_its_notices),
		cmocka_unit_test(a_merged_incident_tells_nobody_any_more),
		cmocka_unit_test(a_reopened_incident_tells_anew),
		cmocka_unit_test(an_answer_ends_hundreds),
		cmocka_unit_test(a_call_is_taken_by_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
