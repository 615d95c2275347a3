/* test_core_notice: call-and-answer: tries, answers and what they end, and how a name climbs; between all steps the core is saved and loaded. */
#include "core_world.h"

enum { IMAGE_MAX = 4 << 20 };

static struct world world;
static uint8_t image[IMAGE_MAX];

/* --- the world ---------------------------------------------------------------------------------- */

/* What is saved and loaded stands where it stood, and goes on from there. */
static void reload(void)
{
	struct core_section section[CORE_SECTIONS_MAX];
	struct core_limits limits = world_limits();
	uint32_t count = core_save(world.core, section);
	uint64_t used = 0, digest = core_digest(world.core);
	int64_t due_ms = core_due_ms(world.core);

	for (uint32_t index = 0; index < count; index++) {
		assert_true(used + section[index].bytes <= sizeof image);
		memcpy(image + used, section[index].ptr, section[index].bytes);
		section[index].ptr = image + used;
		used += (section[index].bytes + 63) / 64 * 64;
	}
	free(world.memory);
	world.core = world_core(&limits, &world.memory);
	assert_int_equal(core_load(world.core, section, count), DISP_OK);
	assert_int_equal(core_digest(world.core), digest);
	assert_true(core_due_ms(world.core) == due_ms);
}

static void wait_for(int64_t ms)
{
	world_wait(&world, ms);
	reload();
}

/* A person who holds a terminal: the leader of a unit of one. */
static void give_terminal(const char *unit, const char *person)
{
	world_put(&world, (struct event){.kind = EVENT_UNIT,
				  .u.unit = {.id = t(unit),
					  .name = t(unit),
					  .skills = t("grid_worker"),
					  .leader = t(person),
					  .home = place_at(9000, 0),
					  .speed_mm_s = 1000,
					  .members = 1,
					  .terminal = true}});
	world_link(&world, TARGET_UNIT, unit, true);
}

/* That nobody is at the desk is another matter, with notices of its own. */
static void desk_is_patient(struct core_rules *rules)
{
	rules->bell_rings = 0;
}

static void begin(uint32_t who, uint8_t answer)
{
	struct playbook_def def = plan_for("pb", "alarm.water.person_near", "drowning");

	world_rules = desk_is_patient;
	world_begin(&world);
	plan_notify(&def, who)->answer = answer;
	def.receive_ms = def.dispose_ms = 0;
	world_playbook(&world, &def);
}

static uint32_t raise_one(void)
{
	uint32_t incident = world_raise(&world, "cam-1", "alarm.water.person_near");

	reload();
	return incident;
}

static const struct notice *notice_of(uint32_t number)
{
	return query_at(world.core, TABLE_NOTICE, query_slot(world.core, TABLE_NOTICE, number));
}

static const struct task *task_of(uint32_t number)
{
	return query_at(world.core, TABLE_TASK, query_slot(world.core, TABLE_TASK, number));
}

/* The latest notice to a person; NULL: never told. */
static const struct notice *told(const char *person)
{
	uint32_t number = query_find(world.core, TABLE_PERSON, t(person));
	const struct notice *found = NULL;

	assert_true(number != 0);
	for (uint32_t slot = 1; slot <= query_used(world.core, TABLE_NOTICE); slot++) {
		const struct notice *notice = query_at(world.core, TABLE_NOTICE, slot);

		if (notice != NULL && notice->person == number &&
			(found == NULL || notice->r.number > found->r.number))
			found = notice;
	}
	return found;
}

static uint32_t state_of(const char *person)
{
	return told(person) == NULL ? NOTICE_NONE : told(person)->state;
}

/* Whether anything at all is still to be done about a person: an open call. */
static bool is_called(const char *person)
{
	const struct task *task = task_of(told(person)->call_task);

	return task != NULL && task->state < TASK_DONE;
}

static uint32_t answer(const char *person, const char *who, const char *by)
{
	uint32_t outcome = world_put(
		&world, (struct event){.kind = EVENT_NOTICE_ANSWER,
				.by = t(by),
				.u.notice_answer = {.notice = told(person)->r.number, .who = t(who)}});

	reload();
	return outcome;
}

static uint32_t finish_task(uint32_t task, const char *who, bool silent)
{
	uint32_t outcome = world_put(&world,
		(struct event){.kind = EVENT_TASK,
			.by = t("officer"),
			.u.task = {.task = task, .state = TASK_DONE, .who = t(who), .silent = silent}});

	reload();
	return outcome;
}

static const char *answerer_of(const char *person)
{
	static char name[64];
	struct text text = query_text(world.core, told(person)->by);

	memcpy(name, text.ptr, text.len);
	name[text.len] = '\0';
	return name;
}

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

/* --- the climb ----------------------------------------------------------------------------------- */

static void a_name_climbs_to_the_committee_and_stays(void **state)
{
	static const char *const rung[] = {"head-1", "head-v", "head-t", "office", "committee"};

	(void)state;
	begin(WHO_GRID_HEAD, ANSWER_BY_ROLE);
	raise_one();
	for (uint32_t index = 0; index < 5; index++) {
		assert_int_equal(state_of(rung[index]), NOTICE_PENDING);
		if (index > 0)
			assert_int_equal(told(rung[index])->climbed, told(rung[index - 1])->r.number);
		wait_for(300 * SECOND_MS);
		assert_int_equal(state_of(rung[index]), NOTICE_UNREACHED);
	}
	assert_int_equal(told("committee")->up, 0);
	wait_for(20 * MINUTE_MS);
	assert_int_equal(world_seen_count(&world, EFFECT_NOTICE), 0);
	assert_int_equal(world_seen_count(&world, EFFECT_NOTICE_TRY), 0);
	assert_int_equal(answer("office", "", "officer"), OUTCOME_OK);
	assert_int_equal(state_of("office"), NOTICE_ANSWERED);
	for (uint32_t index = 0; index < 5; index++) /* below: answered for; above: may rest */
		assert_int_equal(state_of(rung[index]), index == 3 ? NOTICE_ANSWERED : NOTICE_ENDED);
	world_close(&world);
}

static void a_duty_officer_climbs_to_the_leaders(void **state)
{
	(void)state;
	begin(WHO_DUTY_OFFICER, ANSWER_BY_ROLE);
	world_person(&world, "leader-2", WHO_LEADER, "");
	raise_one();
	wait_for(300 * SECOND_MS);
	assert_int_equal(state_of("leader"), NOTICE_PENDING);
	assert_int_equal(state_of("leader-2"), NOTICE_PENDING);
	assert_int_equal(answer("leader-2", "", "officer"), OUTCOME_OK);
	assert_int_equal(state_of("leader"), NOTICE_ENDED);
	assert_int_equal(state_of("officer"), NOTICE_ENDED);
	assert_string_equal(answerer_of("officer"), "leader-2");
	assert_false(is_called("officer"));
	world_close(&world);
}

static uint32_t notices_to(const char *person)
{
	uint32_t number = query_find(world.core, TABLE_PERSON, t(person)), count = 0;

	for (uint32_t slot = 1; slot <= query_used(world.core, TABLE_NOTICE); slot++) {
		const struct notice *notice = query_at(world.core, TABLE_NOTICE, slot);

		count += notice != NULL && notice->person == number;
	}
	return count;
}

static void begin_micro(void)
{
	begin(WHO_MICRO_HEADS, ANSWER_BY_ROLE);
	world_person(&world, "micro-1", WHO_GRID_MEMBER, "");
	world_person(&world, "micro-2", WHO_GRID_MEMBER, "");
	world_grid(&world, "M1", "G1", 4, "micro-1");
	world_grid(&world, "M2", "G1", 4, "micro-2");
	raise_one();
	wait_for(300 * SECOND_MS);
	assert_int_equal(state_of("micro-1"), NOTICE_UNREACHED);
	assert_int_equal(state_of("micro-2"), NOTICE_UNREACHED);
	assert_int_equal(notices_to("head-1"), 1);
}

static void two_names_climb_to_one_person_who_is_told_once(void **state)
{
	(void)state;
	begin_micro();
	assert_int_equal(answer("micro-1", "", "officer"), OUTCOME_OK);
	assert_int_equal(state_of("head-1"), NOTICE_PENDING); /* the other is still missing */
	assert_int_equal(answer("micro-2", "", "officer"), OUTCOME_OK);
	assert_int_equal(state_of("head-1"), NOTICE_ENDED);
	world_close(&world);
	begin_micro();
	assert_int_equal(answer("head-1", "", "officer"), OUTCOME_OK);
	assert_int_equal(state_of("micro-1"), NOTICE_ENDED);
	assert_int_equal(state_of("micro-2"), NOTICE_ENDED);
	wait_for(HOUR_MS);
	assert_int_equal(notices_to("head-1"), 1);
	assert_int_equal(notices_to("head-v"), 0);
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
		cmocka_unit_test(a_name_climbs_to_the_committee_and_stays),
		cmocka_unit_test(a_duty_officer_climbs_to_the_leaders),
		cmocka_unit_test(two_names_climb_to_one_person_who_is_told_once),
		cmocka_unit_test(the_end_of_an_incident_ends_its_notices),
		cmocka_unit_test(a_merged_incident_tells_nobody_any_more),
		cmocka_unit_test(a_reopened_incident_tells_anew),
		cmocka_unit_test(an_answer_ends_hundreds),
		cmocka_unit_test(a_call_is_taken_by_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
